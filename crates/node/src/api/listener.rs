//! What to type on a machine: the addresses of this computer, each with a judgement, and what usually goes wrong.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::Json;
use axum::extract::State;
use rollcall_core::machines::machine_list;
use serde::Serialize;
use utoipa::ToSchema;

use super::state::Api;
use super::types::{Always, Answer, Remark};

/// Where machines are listened to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listener {
    /// What is bound; `0.0.0.0` or `::` is every address of this computer.
    #[schema(example = "0.0.0.0")]
    address: String,
    /// The port to type on the machine.
    #[schema(example = 8083)]
    port: u16,
    /// The addresses of this computer that reach the listener, the likeliest to type first.
    addresses: Vec<LocalAddress>,
    /// What usually goes wrong, found here.
    problems: Vec<ListenerProblem>,
    /// What to do at the machine, in this order: `guide.menu`, `guide.switches`, `guide.kind`, `guide.network`,
    /// `guide.restart`.
    guide: Vec<Remark>,
}

/// An address of this computer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub(crate) struct LocalAddress {
    /// What it is good for.
    kind: AddressKind,
    /// IPv4 or IPv6; most machines know only the former.
    family: AddressFamily,
    /// The network interface it belongs to.
    interface: String,
    /// The address.
    #[schema(example = "192.168.1.20")]
    address: String,
}

/// What an address is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum AddressKind {
    /// On a local network: type this one.
    Lan,
    /// On a network of virtual machines or containers inside this computer.
    Virtual,
    /// On a tunnel; machines reach it only if their router does.
    Vpn,
    /// Made up because no router gave one (169.254.…).
    LinkLocal,
    /// This computer only.
    Loopback,
}

/// The kind of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum AddressFamily {
    #[serde(rename = "ipv4")]
    V4,
    #[serde(rename = "ipv6")]
    V6,
}

/// What usually goes wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ListenerProblem {
    /// `listener.bound_to_loopback`, `listener.no_network`, `listener.no_lan_address`, `listener.only_vpn`,
    /// `listener.no_router`, `listener.firewall`, `listener.tls`.
    code: &'static str,
    /// How bad it is.
    level: ProblemLevel,
    /// In English: what it is and what to do.
    detail: String,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ProblemLevel {
    /// No machine can get through.
    Error,
    /// Some may not.
    Warning,
    /// Worth a look when nothing arrives.
    Hint,
}

/// Where machines are listened to, what to type on them, and what stands in the way.
#[utoipa::path(get, path = "/api/listener", tag = "listener", operation_id = "getListener",
    responses((status = 200, body = Listener), Always))]
pub(crate) async fn get(State(api): State<Api>) -> Answer<Listener> {
    let machines = api.site.read(machine_list).await?;
    let outside = |address: &str| {
        let ip = address.parse::<SocketAddr>().map(|addr| addr.ip()).or_else(|_| address.parse::<IpAddr>());
        !ip.is_ok_and(|ip| ip.is_loopback())
    };
    let heard = machines.iter().filter_map(|machine| machine.address.as_deref()).any(outside)
        || machines
            .iter()
            .filter_map(|machine| api.fleet.live(&machine.sn))
            .any(|live| live.address.as_deref().is_some_and(outside))
        || api.fleet.strangers().iter().any(|stranger| outside(&stranger.address));
    // Asking the system takes well under a millisecond; an interface it cannot name is no address to type.
    let all = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::warn!(%error, "the system did not tell its network addresses");
        Vec::new()
    });
    let all = all.into_iter().filter_map(|interface| judge(&interface.name, interface.ip())).collect();
    let mut found = describe(api.machines, all, heard);
    found.problems.extend(api.fleet.unknown_tls().into_iter().take(TLS_MOST).map(tls));
    Ok(Json(found))
}

/// Addresses that are named when something there tries HTTPS.
const TLS_MOST: usize = 3;

/// Something that is no machine of ours yet tries HTTPS (T11).
fn tls(address: IpAddr) -> ListenerProblem {
    ListenerProblem {
        code: "listener.tls",
        level: ProblemLevel::Warning,
        detail: format!(
            "something at {address} tries HTTPS, which machines are not offered here; if it is a machine, switch HTTPS off \
             in its server settings"
        ),
    }
}

/// Puts together what was found.
fn describe(bound: SocketAddr, mut all: Vec<LocalAddress>, heard: bool) -> Listener {
    let port = bound.port();
    if !bound.ip().is_unspecified() {
        all.retain(|address| address.address == bound.ip().to_string());
    } else if bound.is_ipv4() {
        all.retain(|address| address.family == AddressFamily::V4);
    }
    all.sort();
    all.dedup();
    let has = |kind: AddressKind| all.iter().any(|address| address.kind == kind);
    let mut problems = Vec::new();
    let mut found = |code, level, detail: String| problems.push(ListenerProblem { code, level, detail });
    if bound.ip().is_loopback() {
        found(
            "listener.bound_to_loopback",
            ProblemLevel::Error,
            format!(
                "the listener is bound to {bound}, which only this computer reaches; start it with --machines 0.0.0.0:{port}"
            ),
        );
    } else if has(AddressKind::Lan) {
        if !heard {
            found("listener.firewall", ProblemLevel::Hint, firewall_advice(port));
        }
    } else if has(AddressKind::Vpn) {
        found(
            "listener.only_vpn",
            ProblemLevel::Warning,
            "this computer has only an address on a VPN; connect it to the network the machines are on"
                .to_owned(),
        );
    } else if has(AddressKind::LinkLocal) {
        found(
            "listener.no_router",
            ProblemLevel::Warning,
            "no router gave this computer an address; check the cable or Wi-Fi, or set an address by hand"
                .to_owned(),
        );
    } else if has(AddressKind::Virtual) {
        found(
            "listener.no_lan_address",
            ProblemLevel::Warning,
            "this computer has only addresses of virtual networks; connect it to the network the machines are on"
                .to_owned(),
        );
    } else {
        found(
            "listener.no_network",
            ProblemLevel::Error,
            "this computer is connected to no network; connect it to the one the machines are on".to_owned(),
        );
    }
    // Nobody should type an address that only this computer or its containers reach.
    let lan = all.iter().find(|address| address.kind == AddressKind::Lan);
    let guide = guide(lan.map(|address| address.address.as_str()), port);
    Listener { address: bound.ip().to_string(), port, addresses: all, problems, guide }
}

/// What to do at the machine (N1, N2, N3, N5), and what lies between it and here.
fn guide(address: Option<&str>, port: u16) -> Vec<Remark> {
    let address = address.unwrap_or("the address of this computer");
    let steps = [
        (
            "guide.menu",
            format!(
                "on the machine: Menu, Comm. (通讯设置), Cloud server / ADMS (云服务器设置): server address {address}, port {port}"
            ),
        ),
        (
            "guide.switches",
            "there, switch off: domain name (域名), proxy server (代理服务器), HTTPS, communication encryption".to_owned(),
        ),
        (
            "guide.kind",
            "leave the kind of device (System, device type: T&A PUSH or A&C PUSH) as it is, both are understood here: \
             changing it erases the machine"
                .to_owned(),
        ),
        (
            "guide.network",
            format!(
                "let TCP port {port} in through this computer's firewall; a reverse proxy in between must pass on headers \
                 with underscores and the machine's address, and neither compress nor chunk the answers"
            ),
        ),
        (
            "guide.restart",
            "some machines take a new address only after a restart: switch it off and on if it does not call within two \
             minutes"
                .to_owned(),
        ),
    ];
    steps.into_iter().map(|(code, detail)| Remark { code: code.to_owned(), detail }).collect()
}

fn firewall_advice(port: u16) -> String {
    let how = if cfg!(windows) {
        format!(
            "netsh advfirewall firewall add rule name=Rollcall dir=in action=allow protocol=TCP localport={port}"
        )
    } else if cfg!(target_os = "macos") {
        "System Settings, Network, Firewall, Options: allow incoming connections for Rollcall".to_owned()
    } else {
        format!(
            "sudo ufw allow {port}/tcp, or sudo firewall-cmd --permanent --add-port={port}/tcp and --reload"
        )
    };
    format!(
        "nothing has called from another computer yet; if a machine is set up and silent, let TCP port {port} in through the firewall: {how}"
    )
}

/// What an address is good for; nothing for one that nobody could type on a machine.
fn judge(interface: &str, ip: IpAddr) -> Option<LocalAddress> {
    let family = match ip {
        IpAddr::V4(_) => AddressFamily::V4,
        // Needs the name of the interface on the other computer.
        IpAddr::V6(ip) if ip.is_unicast_link_local() => return None,
        IpAddr::V6(_) => AddressFamily::V6,
    };
    let kind = match ip {
        ip if ip.is_loopback() => AddressKind::Loopback,
        IpAddr::V4(ip) if ip.is_link_local() => AddressKind::LinkLocal,
        ip => by_name(interface).unwrap_or(if is_overlay(ip) { AddressKind::Vpn } else { AddressKind::Lan }),
    };
    Some(LocalAddress { kind, family, interface: interface.to_owned(), address: ip.to_string() })
}

/// Interfaces are told apart by the names that systems and programs give them; nothing better is portable.
fn by_name(interface: &str) -> Option<AddressKind> {
    const VPN: [&str; 13] = [
        "tun",
        "tap",
        "wg",
        "utun",
        "ppp",
        "ipsec",
        "zt",
        "tailscale",
        "nordlynx",
        "wireguard",
        "openvpn",
        "vpn",
        "gpd",
    ];
    const VIRTUAL: [&str; 18] = [
        "docker",
        "br-",
        "veth",
        "virbr",
        "vmnet",
        "vboxnet",
        "vethernet",
        "cni",
        "flannel",
        "cali",
        "lxc",
        "lxd",
        "podman",
        "virtualbox",
        "vmware",
        "hyper-v",
        "bridge1",
        "vnic",
    ];
    let name = interface.to_ascii_lowercase();
    let any = |list: &[&str]| list.iter().any(|start| name.starts_with(start));
    if any(&VPN) || name.contains("vpn") || name.contains("wintun") {
        Some(AddressKind::Vpn)
    } else if any(&VIRTUAL) {
        Some(AddressKind::Virtual)
    } else {
        None
    }
}

/// Addresses that mesh VPNs use and home networks do not.
fn is_overlay(ip: IpAddr) -> bool {
    const CARRIER: (Ipv4Addr, u32) = (Ipv4Addr::new(100, 64, 0, 0), 10);
    match ip {
        IpAddr::V4(ip) => ip.to_bits() >> (32 - CARRIER.1) == CARRIER.0.to_bits() >> (32 - CARRIER.1),
        // Tailscale's part of the unique local addresses.
        IpAddr::V6(ip) => {
            ip.to_bits() >> 80 == Ipv6Addr::new(0xfd7a, 0x115c, 0xa1e0, 0, 0, 0, 0, 0).to_bits() >> 80
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Interfaces<'a> = &'a [(&'a str, &'a str)];

    fn addresses(list: Interfaces<'_>) -> Vec<LocalAddress> {
        list.iter().filter_map(|(name, ip)| judge(name, ip.parse().unwrap())).collect()
    }

    #[test]
    fn addresses_are_judged_by_interface_and_range() {
        let table = [
            ("lo", "127.0.0.1", Some(AddressKind::Loopback)),
            ("Loopback Pseudo-Interface 1", "::1", Some(AddressKind::Loopback)),
            ("eth0", "192.168.1.20", Some(AddressKind::Lan)),
            ("以太网", "10.3.0.7", Some(AddressKind::Lan)),
            ("en0", "203.0.113.5", Some(AddressKind::Lan)),
            ("eth0", "169.254.3.4", Some(AddressKind::LinkLocal)),
            ("eth0", "fe80::1", None),
            ("eth0", "fd00::20", Some(AddressKind::Lan)),
            ("docker0", "172.17.0.1", Some(AddressKind::Virtual)),
            ("vEthernet (Default Switch)", "172.20.0.1", Some(AddressKind::Virtual)),
            ("wg0", "10.9.0.2", Some(AddressKind::Vpn)),
            ("utun3", "10.8.0.2", Some(AddressKind::Vpn)),
            ("en7", "100.101.2.3", Some(AddressKind::Vpn)),
            ("en7", "100.128.2.3", Some(AddressKind::Lan)),
        ];
        for (name, ip, kind) in table {
            assert_eq!(judge(name, ip.parse().unwrap()).map(|address| address.kind), kind, "{name} {ip}");
        }
    }

    #[test]
    fn what_usually_goes_wrong_is_named() {
        let every = "0.0.0.0:8083";
        let lo = ("lo", "127.0.0.1");
        let table: [(&str, Interfaces<'_>, bool, &[&str]); 8] = [
            (every, &[lo, ("eth0", "192.168.1.20")], true, &[]),
            (every, &[lo, ("eth0", "192.168.1.20")], false, &["listener.firewall"]),
            (every, &[lo], false, &["listener.no_network"]),
            (every, &[lo, ("wg0", "10.9.0.2"), ("docker0", "172.17.0.1")], false, &["listener.only_vpn"]),
            (every, &[lo, ("docker0", "172.17.0.1")], false, &["listener.no_lan_address"]),
            (every, &[lo, ("eth0", "169.254.3.4")], false, &["listener.no_router"]),
            ("127.0.0.1:8083", &[lo, ("eth0", "192.168.1.20")], false, &["listener.bound_to_loopback"]),
            ("192.168.1.20:8083", &[lo, ("eth0", "192.168.1.20")], true, &[]),
        ];
        for (bound, list, heard, expected) in table {
            let found = describe(bound.parse().unwrap(), addresses(list), heard);
            let codes: Vec<_> = found.problems.iter().map(|problem| problem.code).collect();
            assert_eq!(codes, expected, "{bound} {list:?}");
        }
    }

    #[test]
    fn n1_n2_n3_n5_the_guide_says_what_to_do_at_the_machine() {
        let list = [("docker0", "172.17.0.1"), ("eth0", "192.168.1.20")];
        let found = describe("0.0.0.0:8083".parse().unwrap(), addresses(&list), true);
        let says = |code: &str, words: &[&str]| {
            let step = found.guide.iter().find(|step| step.code == code).unwrap();
            for word in words {
                assert!(step.detail.contains(word), "{word} in {}", step.detail);
            }
        };
        says("guide.menu", &["192.168.1.20", "8083", "ADMS", "通讯设置"]);
        let alone = describe("127.0.0.1:8083".parse().unwrap(), addresses(&[("lo", "127.0.0.1")]), false);
        assert!(!alone.guide[0].detail.contains("127.0.0.1"), "{}", alone.guide[0].detail);
        says("guide.switches", &["domain name", "proxy", "HTTPS"]);
        says("guide.kind", &["T&A PUSH", "A&C PUSH", "erases the machine"]);
        says("guide.network", &["firewall", "8083", "underscores", "chunk"]);
        says("guide.restart", &["restart"]);
    }

    #[test]
    fn n3_a_firewall_is_named_with_the_port_to_open() {
        let found = describe("0.0.0.0:9000".parse().unwrap(), addresses(&[("eth0", "192.168.1.20")]), false);
        assert_eq!(found.problems[0].code, "listener.firewall");
        assert!(found.problems[0].detail.contains("9000"), "{}", found.problems[0].detail);
    }

    #[test]
    fn the_address_to_type_comes_first_and_only_bound_ones_are_shown() {
        let list =
            [("lo", "127.0.0.1"), ("docker0", "172.17.0.1"), ("eth0", "192.168.1.20"), ("eth0", "fd00::20")];
        let found = describe("0.0.0.0:8083".parse().unwrap(), addresses(&list), true);
        let shown: Vec<_> = found.addresses.iter().map(|address| address.address.as_str()).collect();
        assert_eq!(shown, ["192.168.1.20", "172.17.0.1", "127.0.0.1"]);
        let found = describe("192.168.1.20:8083".parse().unwrap(), addresses(&list), true);
        assert_eq!(found.addresses.len(), 1);
    }
}
