//! The access dialect: what each request of access-push is answered.
//!
//! A machine that nobody has added, or that is disabled, is kept calling with `OK` to its handshake and its polls, and
//! refused at `registry` and whatever it would hand over, so that it keeps that until somebody can take it (I1).

mod events;
mod registration;
mod tables;

use std::borrow::Cow;
use std::sync::Arc;

use rollcall_core::Actor;
use rollcall_core::clock;
use rollcall_core::commands::{CommandError, Settled, command_add};
use rollcall_core::punches::Source;
use rollcall_protocol::Dialect;
use rollcall_protocol::access::state::DoorState;
use rollcall_protocol::access::{answer as words, codes, time};
use rollcall_protocol::attendance::{Table, answer, options, results};
use rollcall_protocol::http::Endpoint;
use rollcall_protocol::order::Order;

use super::desk::{Caller, Case, Desk, Input, Outcome, Reply};
use super::job::{Acknowledgement, Job, Stored, Work};
use super::orders;
use super::wire::head::Method;
use super::wire::response::Status;
use crate::events::Event;
use crate::fleet::{self, Known};
pub(crate) use registration::Registrar;

/// Whether the body tells about the machine itself (§3); that much is read even of a stranger.
pub(super) fn says_of_itself(case: &Case<'_>) -> bool {
    match case.endpoint {
        Endpoint::Registry => true,
        Endpoint::Cdata => case.tells_of_the_machine(),
        _ => false,
    }
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
        Endpoint::GetRequest => {
            heard(desk, case, caller);
            if let Some(outcome) = clock_is_due(desk, case, caller) {
                return outcome;
            }
            orders::poll(desk, case, caller, Dialect::Access).unwrap_or_else(|| reply.accept(answer::OK))
        }
        Endpoint::Ping => {
            heard(desk, case, caller);
            reply.accept(answer::OK)
        }
        Endpoint::Registry => registration::register(desk, case, caller, &input, reply),
        Endpoint::Push => registration::configure(desk, case, caller, reply),
        Endpoint::RtData => clock_request(desk, case, caller, reply),
        Endpoint::DeviceCmd => command_results(desk, case, caller, input, reply),
        Endpoint::QueryData => tables::query_data(desk, case, caller, input, reply),
        // The desk has answered these, or they are the other dialect's.
        Endpoint::Fdata | Endpoint::Event | Endpoint::Exchange | Endpoint::Test | Endpoint::Other => {
            reply.answer(Status::NotFound, b"NOT FOUND")
        }
    }
}

/// What a stranger of this dialect is known by from the start once it is added.
fn dialect() -> (String, String) {
    ("dialect".to_owned(), Dialect::Access.to_string())
}

/// A stranger that says nothing of itself.
fn heard(desk: &Desk, case: &Case<'_>, caller: &Caller<'_>) {
    if caller.known.is_none() {
        desk.knock(case, caller, std::iter::once(dialect()));
    }
}

/// Takes down what a machine says of itself (§3); of a stranger too, for whoever is to adopt it.
fn says(desk: &Desk, case: &Case<'_>, caller: &Caller<'_>, input: &Input<'_>) {
    let pairs = options::parse(input.bytes());
    match &caller.known {
        Some(known) if !pairs.is_empty() => {
            known.said(fleet::of_options(&pairs));
            desk.fleet.nudge();
        }
        Some(_) => {}
        None => desk.knock(case, caller, fleet::kept(&pairs).chain([dialect()])),
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
    let table = case.table();
    let particular =
        ["table", "tablename", "type", "AuthType", "PIN"].into_iter().any(|name| query.get(name).is_some());
    let begins = case.head.method == Method::Get && input.bytes().is_empty() && !particular;
    if case.shakes_hands() || begins {
        // Whoever asks for nothing in particular begins: a machine we know to speak this way needs no `options=all`.
        return registration::shake_hands(desk, case, caller, &input, reply);
    }
    if table == Some(Table::Options) {
        says(desk, case, caller, &input);
        return reply.accept(answer::OK);
    }
    let Some(known) = caller.trusted() else {
        heard(desk, case, caller);
        return reply.answer(Status::Unavailable, caller.refusal());
    };
    match table {
        Some(Table::RtState) => {
            if let Some(state) = DoorState::parse(input.bytes()) {
                doors(case, known, &state);
            }
            reply.accept(answer::OK)
        }
        Some(Table::IrState) => reply.accept(answer::OK),
        Some(Table::RtLog) => match taken(input) {
            Ok(body) => happened(case, known, &body, Acknowledgement::Plain),
            Err((status, text)) => reply.answer(status, text),
        },
        None if query.get("AuthType").is_some() => decision(case, known, input, reply),
        _ if query.text("table").is_some_and(|name| name.eq_ignore_ascii_case("testdata")) => {
            reply.accept(answer::OK)
        }
        _ => tables::upload(desk, case, known, input, reply),
    }
}

/// The body, or how its absence is answered: what is too large will be so again, what was not kept may come again.
fn taken(input: Input<'_>) -> Result<Cow<'_, [u8]>, (Status, &'static [u8])> {
    match input {
        Input::Here(bytes) => Ok(Cow::Borrowed(bytes)),
        Input::Kept(bytes) => Ok(Cow::Owned(bytes)),
        Input::TooLarge | Input::Endless => Err((Status::TooLarge, b"TOO LARGE")),
        Input::Discarded | Input::NoMemory => Err((Status::Unavailable, answer::BUSY)),
    }
}

/// How the doors stand: the last word counts, and nothing is stored (S4).
fn doors(case: &Case<'_>, known: &Known, state: &DoorState<'_>) {
    if let Some(wall) = state.time {
        let zone = known.time_zone();
        known.clock_sample(clock::instant(wall, clock::offset_at(zone, wall)), case.now, true);
    }
    known.doors.take(state);
}

/// Events as they happen.
fn happened(case: &Case<'_>, known: &Arc<Known>, body: &[u8], acknowledgement: Acknowledgement) -> Outcome {
    let mut happened = events::read(body, case.now, known.time_zone());
    known.receives(&mut happened.batch, case.now);
    let work = happened.work(known.id, &known.sn, Source::Live);
    Outcome::Store(Box::new(Job { machine: Arc::clone(known), acknowledgement, work }))
}

/// Shall this person be let in (§10)? Only where the machine is set to ask. We have no opinion: the machine decides as it
/// would without us. What it asks about has happened, so it is kept like any other event.
fn decision(case: &Case<'_>, known: &Arc<Known>, input: Input<'_>, reply: &mut Reply<'_>) -> Outcome {
    match taken(input) {
        Ok(body) => {
            let event = body.trim_ascii_end();
            let mut answer = Vec::with_capacity(event.len() + 32);
            words::write_no_decision(event, &mut answer);
            happened(case, known, &body, Acknowledgement::Named(answer))
        }
        Err((status, text)) => reply.answer(status, text),
    }
}

/// The zone the machine was told is no longer right, be it that somebody changed it or that summer time began. This dialect
/// has no word that sends a machine back to its handshake, and no zone in it (C8): the time itself is ordered, and goes
/// with the next poll.
fn clock_is_due(desk: &Desk, case: &Case<'_>, caller: &Caller<'_>) -> Option<Outcome> {
    caller.handshake_due()?;
    let known = caller.trusted().filter(|_| desk.fleet.steers_clocks())?;
    let (machine, now) = (Arc::clone(known), case.now);
    let work = Work::Store(Box::new(move |tx| {
        let command = match command_add(tx, &Actor::system(), &machine.sn, &Order::SetClock) {
            Ok(command) => command,
            Err(CommandError::Database(error)) => return Err(error),
            // Disabled or deleted a moment ago: it is told nothing.
            Err(_) => return Ok(Stored::default()),
        };
        machine.handshake(now, registration::poll_interval());
        machine.orders.raise();
        Ok(Stored { events: vec![Event::command(&machine.sn, &command)], ..Stored::default() })
    }));
    let acknowledgement = Acknowledgement::Always(answer::OK.to_vec());
    Some(Outcome::Store(Box::new(Job { machine: Arc::clone(known), acknowledgement, work })))
}

/// `rtdata?type=time` (§10), with the machine's own zone; for a stranger with the site's, or its clock would jump (I1).
fn clock_request(desk: &Desk, case: &Case<'_>, caller: &Caller<'_>, reply: &mut Reply<'_>) -> Outcome {
    heard(desk, case, caller);
    if !desk.fleet.steers_clocks() {
        // No time at all: the machine keeps its own (C2).
        return reply.accept(answer::OK);
    }
    let zone = caller.known.as_ref().map_or_else(|| desk.fleet.time_zone(), |known| known.time_zone());
    let mut body = Vec::with_capacity(48);
    time::write_clock(
        clock::wall_at(chrono_tz::UTC, case.now),
        fleet::offset_at(zone, case.now) / 60,
        &mut body,
    );
    reply.accept(&body)
}

/// Results of commands (§8). A number that is not ours belongs to whoever sent commands before us: acknowledged, or the
/// machine would repeat it for ever (Q8).
fn command_results(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    input: Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    let Some(known) = caller.trusted() else {
        heard(desk, case, caller);
        return reply.answer(Status::Unavailable, caller.refusal());
    };
    let body = match taken(input) {
        Ok(body) => body,
        Err((status, text)) => return reply.answer(status, text),
    };
    let parsed = results::parse_results(&body);
    // A master has taken the command over: its end is still to come (§8).
    let ended = parsed.results.iter().filter(|result| result.code != codes::PENDING);
    let settled: Vec<_> = ended.map(settled).collect();
    if settled.is_empty() {
        return reply.accept(answer::OK);
    }
    let work = orders::settle(known, settled, |_, _| Ok(()));
    let acknowledgement = Acknowledgement::Plain;
    Outcome::Store(Box::new(Job { machine: Arc::clone(known), acknowledgement, work }))
}

fn settled(result: &results::CommandResult<'_>) -> Settled {
    let ok = result.code >= 0;
    Settled {
        id: i64::from(result.id),
        code: Some(result.code),
        ok,
        reason: (!ok).then(|| codes::reason(result.code).to_owned()),
        ..Settled::default()
    }
}
