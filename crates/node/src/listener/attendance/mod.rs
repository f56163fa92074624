//! The attendance dialect: what each request of attendance-push is answered.

mod questions;
mod reading;
mod results;
mod uploads;

use rollcall_core::clock;
use rollcall_protocol::Dialect;
use rollcall_protocol::attendance::handshake::{Handshake, OptionsBlock};
use rollcall_protocol::attendance::info::Info;
use rollcall_protocol::attendance::{Table, answer, options};
use rollcall_protocol::http::Endpoint;

use super::desk::{Caller, Case, Desk, Input, Outcome, Reply};
use super::orders;
use super::wire::head::Method;
use super::wire::response::Status;
use crate::fleet;
use uploads::upload;

/// Whether the body tells about the machine itself; that much is read even of a stranger.
pub(super) fn says_of_itself(case: &Case<'_>) -> bool {
    case.endpoint == Endpoint::Cdata && case.tells_of_the_machine()
}

pub(super) fn answer(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    input: Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    match case.endpoint {
        Endpoint::Cdata => cdata(desk, case, caller, input, reply),
        Endpoint::GetRequest => poll(desk, case, caller, reply),
        Endpoint::Ping => {
            heard(desk, case, caller);
            reply.accept(answer::OK)
        }
        Endpoint::DeviceCmd => results::command_results(desk, case, caller, &input, reply),
        Endpoint::Fdata => upload(desk, case, caller, Table::AttPhoto, input, reply),
        Endpoint::Event => upload(desk, case, caller, Table::Other, input, reply),
        // The desk has answered these, or they are the other dialect's.
        Endpoint::Registry
        | Endpoint::QueryData
        | Endpoint::Push
        | Endpoint::RtData
        | Endpoint::Exchange
        | Endpoint::Test
        | Endpoint::Other => reply.answer(Status::NotFound, b"NOT FOUND"),
    }
}

/// A stranger that says nothing of itself.
fn heard(desk: &Desk, case: &Case<'_>, caller: &Caller<'_>) {
    if caller.known.is_none() {
        desk.knock(case, caller, std::iter::empty());
    }
}

fn cdata(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    input: Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    let query = &case.target.query;
    if let Some(handshake) = Handshake::from_query(query) {
        // With POST, what the machine can do comes along (T12).
        return shake_hands(desk, case, caller, &handshake, input.bytes(), reply);
    }
    let table = case.table();
    let kind = query.get("type").unwrap_or_default();
    let is = |name: &[u8]| kind.eq_ignore_ascii_case(name);
    let asks = case.head.method == Method::Get && input.bytes().is_empty();
    match table {
        Some(Table::Options) => {
            capabilities(desk, case, caller, &input);
            // Nothing but the two letters: a count made one machine send its list for ever (A5).
            reply.accept(answer::OK)
        }
        Some(Table::RemoteAtt) => questions::who_is(desk, case, caller, reply),
        Some(Table::SelfServiceData) if asks => {
            heard(desk, case, caller);
            reply.accept(answer::OK)
        }
        Some(table) => upload(desk, case, caller, table, input, reply),
        None if is(b"time") => {
            heard(desk, case, caller);
            clock_request(desk, case, caller, reply)
        }
        None if is(b"LastPunch") => questions::last_punch(desk, case, caller, reply),
        None if asks && query.get("PIN").is_some() && query.get("AuthType").is_none() => {
            questions::who_is(desk, case, caller, reply)
        }
        // Background verification: without a verdict the machine decides alone (§11). Nothing of it is a record.
        None if is(b"PostVerifyData") || query.get("AuthType").is_some() => {
            heard(desk, case, caller);
            match caller.trusted() {
                Some(_) => reply.accept(answer::OK),
                None => reply.answer(Status::Unavailable, caller.refusal()),
            }
        }
        None if asks => {
            let handshake = Handshake { push_version: query.text("pushver"), ..Handshake::default() };
            shake_hands(desk, case, caller, &handshake, &[], reply)
        }
        None => upload(desk, case, caller, Table::Other, input, reply),
    }
}

/// The option block (§3.2): with the machine's own zone, for a stranger with the site's, or its clock would jump (I1).
fn shake_hands(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    handshake: &Handshake<'_>,
    body: &[u8],
    reply: &mut Reply<'_>,
) -> Outcome {
    let generation = handshake.generation();
    let sn = String::from_utf8_lossy(case.target.sn().unwrap_or_default().trim_ascii()).into_owned();
    let mut block = OptionsBlock::new(&sn, generation, 0);
    let pairs = options::parse(body);
    let offset = match &caller.known {
        Some(known) => {
            // Only a whole one tells the firmware's level: without `pushver` it is of the oldest.
            if Handshake::from_query(&case.target.query).is_some() {
                known.said(fleet::of_handshake(handshake));
            }
            known.said(fleet::of_options(&pairs));
            desk.fleet.nudge();
            known.handshake(case.now, block.delay)
        }
        None => {
            let said = [("pushver", &handshake.push_version), ("language", &handshake.language)];
            let said = said.into_iter().filter_map(|(name, value)| {
                value.as_deref().map(|value| (name.to_owned(), fleet::value(value)))
            });
            // Known from the start once it is added.
            let dialect = ("dialect".to_owned(), Dialect::Attendance.to_string());
            desk.knock(case, caller, said.chain(fleet::kept(&pairs)).chain([dialect]));
            fleet::offset_at(desk.fleet.time_zone(), case.now)
        }
    };
    block.time_zone = offset / 60;
    if caller.trusted().is_some_and(|known| known.resend.answer()) {
        block.attlog_stamp = OptionsBlock::EVERYTHING.to_owned();
    }
    let mut body = Vec::with_capacity(1024);
    block.write(&mut body);
    let restarted = caller.trusted().and_then(|known| orders::began_anew(known, &body));
    restarted.unwrap_or_else(|| reply.accept(&body))
}

/// Takes down what a machine can do and holds (§5); of a stranger too, for whoever is to adopt it (I1).
fn capabilities(desk: &Desk, case: &Case<'_>, caller: &Caller<'_>, input: &Input<'_>) {
    let pairs = options::parse(input.bytes());
    match &caller.known {
        Some(known) => {
            known.said(fleet::of_options(&pairs));
            desk.fleet.nudge();
        }
        None => desk.knock(case, caller, fleet::kept(&pairs)),
    }
}

fn poll(desk: &Desk, case: &Case<'_>, caller: &Caller<'_>, reply: &mut Reply<'_>) -> Outcome {
    let info = case.target.query.get("INFO").filter(|info| !info.trim_ascii().is_empty());
    let Some(known) = &caller.known else {
        let firmware = info.as_deref().and_then(|info| Info::parse(info).firmware);
        desk.knock(
            case,
            caller,
            firmware.iter().map(|firmware| ("FWVersion".to_owned(), fleet::value(firmware))),
        );
        return reply.accept(answer::OK);
    };
    if let Some(info) = info {
        known.said(fleet::of_info(&Info::parse(&info)));
        desk.fleet.nudge();
    }
    if caller.handshake_due().is_some_and(|known| known.take_handshake_call()) {
        return reply.accept(answer::UNKNOWN_DEVICE);
    }
    orders::poll(desk, case, caller, Dialect::Attendance).unwrap_or_else(|| reply.accept(answer::OK))
}

/// `type=time` (§6).
fn clock_request(desk: &Desk, case: &Case<'_>, caller: &Caller<'_>, reply: &mut Reply<'_>) -> Outcome {
    let zone = caller.known.as_ref().map_or_else(|| desk.fleet.time_zone(), |known| known.time_zone());
    let mut body = Vec::with_capacity(32);
    answer::write_time(clock::wall_at(zone, case.now), fleet::offset_at(zone, case.now) / 60, &mut body);
    reply.accept(&body)
}
