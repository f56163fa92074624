//! What is stored of a machine, with what is known of it in memory and what somebody should look at.

use rollcall_core::commands::{CommandCounts, command_counts};
use rollcall_core::machines as site;
use rollcall_core::machines::look_alike;
use rollcall_core::{Connection, clock, db};

use super::types::{
    Algorithm, Capability, Capacity, Dialect, Encoding, Held, Horizon, Machine, QueueCounts, Reported,
    RosterCounts, SeenEncoding,
};
use crate::api::state::Api;
use crate::api::time::with_offset;
use crate::api::types::Remark;
use crate::fleet::Live;

/// A machine as the database has it.
pub(crate) struct Stored {
    pub(super) machine: site::Machine,
    queue: CommandCounts,
}

impl Stored {
    pub(crate) fn read(conn: &Connection, machine: site::Machine) -> Result<Self, db::Error> {
        let queue = command_counts(conn, machine.id)?;
        Ok(Self { machine, queue })
    }
}

/// Minutes within which a machine keeps no second punch of a person (O6).
fn ignores_repeats(machine: &site::Machine) -> Option<u32> {
    let found = machine.options.iter().find(|(key, _)| key.eq_ignore_ascii_case("AlarmReRec"));
    found.and_then(|(_, minutes)| minutes.trim().parse().ok()).filter(|minutes| *minutes > 0)
}

/// A machine as the core has it, with what is known in memory.
pub(super) fn show(api: &Api, stored: Stored, strangers: &[site::Stranger]) -> Machine {
    let Stored { machine, queue } = stored;
    let live = api.fleet.live(&machine.sn);
    let capacity = site::capacity(&machine.options);
    let tls = live.as_ref().is_some_and(|live| api.fleet.tries_tls(live));
    let skew = live.as_ref().map_or(machine.clock_skew, |live| live.clock_skew);
    let last_seen_at = live.as_ref().and_then(|live| live.last_seen_at).or(machine.last_seen_at);
    Machine {
        warnings: warnings(
            &machine,
            &capacity,
            live.as_ref(),
            tls,
            last_seen_at.is_some(),
            strangers,
            api.fleet.now(),
        ),
        encoding: Encoding::of(machine.encoding),
        seen_encoding: machine.seen_encoding.map(SeenEncoding::of),
        capacity: Capacity {
            people: capacity.people,
            fingerprints: capacity.fingerprints,
            faces: capacity.faces,
            punches: capacity.punches,
        },
        algorithms: site::algorithms(&machine.options)
            .into_iter()
            .map(|algorithm| Algorithm { kind: algorithm.kind.to_owned(), version: algorithm.version })
            .collect(),
        ignores_repeats_minutes: ignores_repeats(&machine),
        horizon: Horizon {
            newest_punch_at: machine
                .newest_punch
                .map(|wall| with_offset(wall, clock::offset_at(machine.time_zone, wall))),
            last_seen_at,
        },
        queue: QueueCounts {
            waiting: queue.waiting,
            sent: queue.sent,
            last_poll_at: live.as_ref().and_then(|live| live.last_poll_at),
        },
        sn: machine.sn.to_string(),
        name: machine.name,
        model: machine.model,
        dialect: machine.dialect.map(Dialect::from),
        enabled: machine.enabled,
        online: live.as_ref().is_some_and(|live| live.online),
        time_zone: machine.time_zone.name().to_owned(),
        added_at: machine.added_at,
        first_seen_at: machine.first_seen_at.or(last_seen_at),
        last_seen_at,
        address: live.and_then(|live| live.address).or(machine.address),
        firmware: machine.firmware,
        protocol_version: machine.protocol_version,
        capabilities: machine.capabilities.into_iter().map(Capability::from).collect(),
        reported: Reported {
            people: machine.reported.people,
            fingerprints: machine.reported.fingerprints,
            faces: machine.reported.faces,
            punches: machine.reported.punches,
        },
        held: Held { people: machine.held.people, punches: machine.held.punches },
        roster: RosterCounts {
            total: machine.roster.total,
            synced: machine.roster.synced,
            waiting: machine.roster.waiting,
            failed: machine.roster.failed,
            no_number: machine.roster.no_number,
        },
        clock_skew_seconds: skew.map(|(seconds, _)| seconds),
        clock_measured_at: skew.map(|(_, at)| at),
    }
}

/// What somebody should look at.
fn warnings(
    machine: &site::Machine,
    capacity: &site::Capacity,
    live: Option<&Live>,
    tls: bool,
    connected: bool,
    strangers: &[site::Stranger],
    now: rollcall_core::Timestamp,
) -> Vec<Remark> {
    let mut warnings = Vec::new();
    let mut warn = |code: &str, detail: String| warnings.push(Remark { code: code.to_owned(), detail });
    if live.is_some_and(|live| live.encrypted) {
        warn(
            "machine.encrypted",
            "the machine asks for encrypted communication, which only its maker can offer; switch it off there"
                .to_owned(),
        );
    }
    if tls {
        warn(
            "machine.tls",
            "the machine is silent, and something at its address tries HTTPS: switch HTTPS off in its server settings"
                .to_owned(),
        );
    }
    if let Some((one, other)) = live.and_then(|live| live.twins) {
        warn(
            "machine.twins",
            format!(
                "{} calls from {one} and {other} in turns: two machines seem to have this serial number. Until that is \
                 settled it gets no commands; punches of both are kept",
                machine.sn
            ),
        );
    }
    if !connected
        && let Some(stranger) = strangers.iter().find(|stranger| look_alike(&stranger.sn, &machine.sn))
    {
        warn(
            "machine.sn_look_alike",
            format!(
                "{} has never connected, but {} knocks from {}; was the serial number mistyped?",
                machine.sn, stranger.sn, stranger.address
            ),
        );
    }
    if let Some((seconds, _)) = live.filter(|live| live.clock_off).and_then(|live| live.clock_skew) {
        let (apart, way) = (seconds.unsigned_abs(), if seconds > 0 { "ahead" } else { "behind" });
        warn(
            "machine.clock_off",
            format!("the machine's clock is {apart} seconds {way}; set it with the command setClock"),
        );
    }
    for judgement in site::judge_counts(machine.dialect, &machine.reported, &machine.held, capacity) {
        warn(judgement.code, judgement.detail);
    }
    if let Some(judgement) = site::judge_administrators(machine, now) {
        warn(judgement.code, judgement.detail);
    }
    warnings
}
