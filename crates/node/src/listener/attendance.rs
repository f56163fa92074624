//! The attendance dialect: what each request of attendance-push is answered.

use std::borrow::Cow;
use std::sync::Arc;

use rollcall_core::clock;
use rollcall_core::commands::Settled;
use rollcall_protocol::Dialect;
use rollcall_protocol::attendance::handshake::{Handshake, OptionsBlock};
use rollcall_protocol::attendance::info::Info;
use rollcall_protocol::attendance::{Table, answer, fields, options, results};
use rollcall_protocol::http::Endpoint;

use super::desk::{Caller, Case, Desk, Input, Outcome, Reply};
use super::job::{Acknowledgement, Job, Work};
use super::orders;
use super::wire::head::Method;
use super::wire::response::Status;
use crate::fleet::{self, Known};

/// Nobody of that number is known elsewhere (§11).
const NONE: &[u8] = b"NONE";
/// There is no last punch to show (§11).
const NO_LAST_PUNCH: &[u8] = b"status=1\n";

/// Whether the body tells about the machine itself; that much is read even of a stranger.
pub(super) fn says_of_itself(case: &Case<'_>) -> bool {
    case.endpoint == Endpoint::Cdata
        && (Handshake::from_query(&case.target.query).is_some() || table(case) == Some(Table::Options))
}

fn table(case: &Case<'_>) -> Option<Table> {
    case.target.query.get("table").map(|name| Table::parse(&name))
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
        Endpoint::DeviceCmd => command_results(desk, case, caller, &input, reply),
        Endpoint::Fdata => upload(desk, case, caller, Table::AttPhoto, input, reply),
        Endpoint::QueryData | Endpoint::Event => upload(desk, case, caller, Table::Other, input, reply),
        // The desk has answered these, or they are the other dialect's.
        Endpoint::Registry
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
    let table = table(case);
    let kind = query.get("type").unwrap_or_default();
    let is = |name: &[u8]| kind.eq_ignore_ascii_case(name);
    let asks = case.head.method == Method::Get && input.bytes().is_empty();
    match table {
        Some(Table::Options) => {
            capabilities(desk, case, caller, &input);
            // Nothing but the two letters: a count made one machine send its list for ever (A5).
            reply.accept(answer::OK)
        }
        Some(Table::RemoteAtt) => {
            heard(desk, case, caller);
            reply.accept(NONE)
        }
        Some(Table::SelfServiceData) if asks => {
            heard(desk, case, caller);
            reply.accept(answer::OK)
        }
        Some(table) => upload(desk, case, caller, table, input, reply),
        None if is(b"time") => {
            heard(desk, case, caller);
            clock_request(desk, case, caller, reply)
        }
        None if is(b"LastPunch") => {
            heard(desk, case, caller);
            reply.accept(NO_LAST_PUNCH)
        }
        None if asks && query.get("PIN").is_some() && query.get("AuthType").is_none() => {
            heard(desk, case, caller);
            reply.accept(NONE)
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

/// Results of commands (§13.2). A number that is not ours belongs to whoever sent commands before us: acknowledged, or
/// the machine would repeat it for ever (Q8).
fn command_results(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    input: &Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    let Some(known) = caller.trusted() else {
        heard(desk, case, caller);
        return reply.answer(Status::Unavailable, caller.refusal());
    };
    match input {
        Input::Here(_) | Input::Kept(_) => {
            let parsed = results::parse_results(input.bytes());
            let settled: Vec<_> = parsed.results.iter().map(settled).collect();
            if settled.is_empty() {
                return reply.accept(answer::OK);
            }
            let work = orders::settle(known, settled, |_, _| Ok(()));
            let acknowledgement = Acknowledgement::Plain;
            Outcome::Store(Box::new(Job { machine: Arc::clone(known), acknowledgement, work }))
        }
        Input::TooLarge | Input::Endless => reply.answer(Status::TooLarge, b"TOO LARGE"),
        Input::Discarded | Input::NoMemory => reply.answer(Status::Unavailable, answer::BUSY),
    }
}

fn settled(result: &results::CommandResult<'_>) -> Settled {
    let ok = result.code >= 0;
    Settled {
        id: i64::from(result.id),
        code: Some(result.code),
        ok,
        reason: (!ok).then(|| "machine.code".to_owned()),
        detail: None,
    }
}

/// Whether an upload too large to be taken may be lost (A7).
fn is_picture(table: Table) -> bool {
    matches!(table, Table::AttPhoto | Table::BioPhoto | Table::UserPic)
}

fn upload(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    table: Table,
    input: Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    let Some(known) = caller.trusted() else {
        heard(desk, case, caller);
        return reply.answer(Status::Unavailable, caller.refusal());
    };
    let body = match input {
        // Acknowledged without reading it: a picture may be lost, a machine that repeats it for ever blocks its punches.
        Input::TooLarge if is_picture(table) => return reply.accept(answer::OK),
        Input::TooLarge | Input::Endless => return reply.answer(Status::TooLarge, b"TOO LARGE"),
        // It was thrown away for a stranger who has been adopted meanwhile.
        Input::Discarded | Input::NoMemory => return reply.answer(Status::Unavailable, answer::BUSY),
        Input::Here([]) => return reply.accept(answer::OK),
        Input::Kept(bytes) if bytes.is_empty() => return reply.accept(answer::OK),
        Input::Here(bytes) => Cow::Borrowed(bytes),
        Input::Kept(bytes) => Cow::Owned(bytes),
    };
    let job = match table {
        Table::AttLog => Job {
            machine: Arc::clone(known),
            acknowledgement: Acknowledgement::Lines,
            work: Work::punches(body, case.now, known.time_zone()),
        },
        _ => keep(desk, case, known, table, body),
    };
    Outcome::Store(Box::new(job))
}

/// What nothing reads yet is kept as it came (A4).
fn keep(desk: &Desk, case: &Case<'_>, known: &Arc<Known>, table: Table, body: Cow<'_, [u8]>) -> Job {
    let query = &case.target.query;
    let name = match (table.name(), case.endpoint) {
        (Some(name), _) => name.to_owned(),
        (None, Endpoint::QueryData) => "querydata".to_owned(),
        (None, Endpoint::Event) => "event".to_owned(),
        (None, _) => fleet::value(&query.text("table").unwrap_or_default()),
    };
    desk.journal.not_understood(&known.sn, &name, body.len());
    let acknowledgement = match case.endpoint {
        Endpoint::QueryData => Acknowledgement::query_data(query),
        _ if table.is_counted() => Acknowledgement::Count(fields::lines(&body).count()),
        _ => Acknowledgement::Plain,
    };
    Job {
        machine: Arc::clone(known),
        acknowledgement,
        work: Work::Keep { table: name, query: query.raw().to_vec(), body: body.into_owned() },
    }
}
