//! Registering, whose machine it is, and what it speaks.

use std::net::SocketAddr;
use std::sync::Arc;

use rollcall_core::machines::MachineChange;
use rollcall_node::fleet::Fleet;
use rollcall_node::listener::{Limits, Listener};
use rollcall_protocol::Dialect;
use rollcall_protocol::access::configuration::{Configuration, parse_registered};

use super::{CAME, EVENTS, HELLO, POLL, REGISTRATION, RESULT, query};
use crate::support::{LINE, Line, Rig, SN};

#[tokio::test]
async fn a_known_machine_is_given_everything_at_once() {
    let rig = Rig::start().await;
    let answer = rig.get(HELLO).await;
    answer.is_ok(&answer.body);
    let block = Configuration::parse(answer.body.as_bytes()).unwrap();
    assert!(answer.body.starts_with("registry=ok\nRegistryCode="), "{answer:?}");
    assert!(block.registry_code.is_some() && block.session.len() == 32);
    assert!(
        answer.body.contains("\nRequestDelay=5\nDelay=5\n") && answer.body.ends_with("TimeoutSec=10\n"),
        "{answer:?}"
    );
    // H5: what goes around it included.
    assert!(answer.raw.len() < 2048);
    assert_eq!(rig.dialect().await, Some(Dialect::Access));
    assert_eq!(rig.machine().await.protocol_version.as_deref(), Some("3.1.2"));
}

#[tokio::test]
async fn registering_gives_the_code_and_then_the_configuration() {
    let rig = Rig::start().await;
    let registered = rig.post(&format!("/iclock/registry?SN={SN}"), REGISTRATION).await;
    registered.is_ok(&registered.body);
    let code = parse_registered(registered.body.as_bytes()).unwrap().to_owned();
    // By either method (§2.1).
    let push = format!("/iclock/push?SN={SN}");
    let (posted, got) = (rig.post(&push, "").await, rig.get(&push).await);
    assert_eq!(posted.body, got.body);
    let block = Configuration::parse(posted.body.as_bytes()).unwrap();
    assert_eq!(block.registry_code, None);
    assert!(posted.body.contains("\nBioDataFun=1\n"), "{posted:?}");
    let known = rig.get(HELLO).await.body;
    let known = Configuration::parse(known.as_bytes()).unwrap();
    assert_eq!((known.registry_code.as_deref(), known.session.clone()), (Some(code.as_str()), block.session));
    let machine = rig.machine().await;
    assert_eq!(machine.firmware.as_deref(), Some("ZAM180"));
    assert_eq!((machine.options["LockCount"].as_str(), machine.reported.people), ("1", Some(3)));
}

#[tokio::test]
async fn i7_codes_outlive_a_restart_and_no_token_is_asked_for() {
    let rig = Rig::start().await;
    let first = rig.get(HELLO).await.body;
    let fleet = Fleet::load(&rig.site).await.unwrap();
    let again = Listener::start(
        SocketAddr::from(([127, 0, 0, 1], 0)),
        Limits::default(),
        rig.site.clone(),
        Arc::clone(&fleet),
        rig.events.clone(),
    )
    .unwrap();
    let mut line = Line::over(tokio::net::TcpStream::connect(again.local_addr()).await.unwrap());
    line.send(format!("GET {HELLO} HTTP/1.1\r\nCookie: token=nonsense; timestamp=1\r\n\r\n")).await;
    assert_eq!(line.answer().await.body, first);
    again.stop().await;
    // Another machine has other codes.
    rig.add("VGU6000000002", chrono_tz::UTC).await;
    let other = rig.get("/iclock/cdata?SN=VGU6000000002&options=all&DeviceType=acc").await.body;
    let code =
        |body: &str| Configuration::parse(body.as_bytes()).unwrap().registry_code.unwrap().into_owned();
    assert_ne!(code(&other), code(&first));
    // With a wrong token, and with none.
    for cookie in ["", "Cookie: token=\r\n", "Cookie: token=2a280b85ddf5344017da093f6cea7f23\r\n"] {
        let request =
            format!("POST {EVENTS} HTTP/1.1\r\n{cookie}Content-Length: {}\r\n\r\n{CAME}", CAME.len());
        rig.talk(request).await.is_ok("OK");
    }
    assert_eq!(rig.punches().await.len(), 1);
}

#[tokio::test]
async fn i1_strangers_of_the_access_dialect_are_kept_calling_and_keep_what_they_have() {
    let rig = Rig::start().await;
    refused_politely(&rig, "VGU6000000001").await;
    let strangers = rig.fleet.strangers();
    assert_eq!(strangers[0].info["DeviceName"], "FaceGate 5");
    assert_eq!(strangers[0].info["dialect"], "access");
    assert_eq!(strangers[0].info["pushver"], "3.1.2");
    // Once it is added it is given everything.
    rig.add("VGU6000000001", chrono_tz::Asia::Shanghai).await;
    let registered = rig.post("/iclock/registry?SN=VGU6000000001", REGISTRATION).await;
    assert!(parse_registered(registered.body.as_bytes()).is_some(), "{registered:?}");
}

#[tokio::test]
async fn i1_a_disabled_access_machine_is_treated_alike() {
    let rig = Rig::start().await;
    rig.change(MachineChange { enabled: Some(false), ..MachineChange::default() }).await;
    refused_politely(&rig, SN).await;
    let machine = rig.machine().await;
    assert_eq!((machine.dialect, machine.firmware.as_deref()), (Some(Dialect::Access), Some("ZAM181")));
    assert!(rig.fleet.strangers().is_empty());
    rig.change(MachineChange { enabled: Some(true), ..MachineChange::default() }).await;
    rig.post(EVENTS, CAME).await.is_ok("OK");
    assert_eq!(rig.punches().await.len(), 1);
}

/// The handshake, polls and the clock are answered, whatever would be handed over is not.
async fn refused_politely(rig: &Rig, sn: &str) {
    rig.get(&format!("/iclock/cdata?SN={sn}&pushver=3.1.2&options=all&DeviceType=acc")).await.is_ok("OK");
    rig.post(&format!("/iclock/registry?SN={sn}"), REGISTRATION).await.is_refused(503);
    rig.get(&format!("/iclock/push?SN={sn}")).await.is_refused(503);
    for target in [
        format!("/iclock/push?SN={sn}"),
        format!("/iclock/cdata?SN={sn}&table=rtlog"),
        format!("/iclock/cdata?SN={sn}&table=rtstate"),
        format!("/iclock/cdata?SN={sn}&table=tabledata&tablename=transaction&count=1"),
        format!("/iclock/cdata?SN={sn}&table=tabledata&tablename=user&count=1"),
    ] {
        rig.post(&target, format!("{CAME}\n")).await.is_refused(503);
    }
    if sn == SN {
        // What says nothing by itself is refused by a machine that is remembered.
        for target in
            ["querydata?type=tabledata&tablename=user&count=1", "devicecmd?x=1", "cdata?AuthType=device"]
        {
            rig.post(&format!("/iclock/{target}&SN={sn}"), "ID=1&Return=0&CMD=DATA\n").await.is_refused(503);
        }
    }
    rig.get(&format!("/iclock/getrequest?SN={sn}")).await.is_ok("OK");
    rig.get(&format!("/iclock/ping?SN={sn}")).await.is_ok("OK");
    let time = rig.get(&format!("/iclock/rtdata?SN={sn}&type=time")).await;
    assert!(time.body.starts_with("DateTime=852168600,ServerTZ=+0"), "{time:?}");
    rig.post(&format!("/iclock/cdata?SN={sn}&table=options"), "FirmVer=ZAM181").await.is_ok("OK");
    assert!(rig.punches().await.is_empty() && rig.kept().await.is_empty() && rig.rejected().await.is_empty());
}

#[tokio::test]
async fn what_a_machine_speaks_is_revised_on_evidence_both_ways() {
    let rig = Rig::access().await;
    assert_eq!(rig.dialect().await, Some(Dialect::Access));
    // Without evidence it stays what it is, and is not refused.
    for target in
        [format!("/iclock/cdata?SN={SN}"), POLL.to_owned(), format!("/iclock/cdata?SN={SN}&pushver=3.1.2")]
    {
        assert_eq!(rig.get(&target).await.status(), 200, "{target}");
        assert_eq!(rig.dialect().await, Some(Dialect::Access), "{target}");
    }
    assert!(rig.get(&format!("/iclock/cdata?SN={SN}")).await.body.starts_with("registry=ok\n"));
    // Results and queries prove nothing.
    rig.post(RESULT, "ID=1&Return=0&CMD=DATA\n").await.is_ok("OK");
    rig.post(&query("tabledata", 1, "user", 1), "pin=1\n").await.is_ok("user=1");
    assert_eq!(rig.dialect().await, Some(Dialect::Access));
    // Its type was changed in its menu, and back.
    rig.punch(SN, LINE).await.is_ok("OK: 1");
    assert_eq!(rig.dialect().await, Some(Dialect::Attendance));
    rig.post(&query("tabledata", 1, "user", 1), "pin=1\n").await;
    assert_eq!(rig.dialect().await, Some(Dialect::Attendance));
    rig.post(EVENTS, CAME).await.is_ok("OK");
    assert_eq!(rig.dialect().await, Some(Dialect::Access));
    assert_eq!(rig.punches().await.len(), 2);
}
