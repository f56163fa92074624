//! Polls: what the machine says of itself is taken down, and one command goes out with the answer (fk-http §5, Q5).

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{Datelike, TimeDelta};
use rollcall_core::commands::{CommandError, command_add};
use rollcall_core::settings::settings_get;
use rollcall_core::{Actor, clock};
use rollcall_protocol::attendance::options::Pair;
use rollcall_protocol::fk::frame::Frame;
use rollcall_protocol::fk::json::Json;
use rollcall_protocol::fk::modes::Library;
use rollcall_protocol::fk::poll::Poll;
use rollcall_protocol::order::Order;

use super::seen::LIBRARY;
use crate::events::Event;
use crate::fleet::{self, Known};
use crate::listener::desk::{Caller, Case, Desk, Input, Outcome, Reply};
use crate::listener::job::{Acknowledgement, Job, Stored, Work};
use crate::listener::orders;
use crate::listener::wire::response::{FkAnswer, Status};

/// A clock that is further off than this was not set wrongly: it was lost, as after a power cut (C5).
const LOST: TimeDelta = TimeDelta::days(366);
/// No machine of this family was made before.
const FIRST_YEAR: i32 = 2018;

pub(super) fn answer(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    input: &Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    let poll = read(input.bytes());
    let model = case.head.fk.dev_model.map(|model| fleet::value(&String::from_utf8_lossy(model)));
    let mut pairs: Vec<Pair<'_>> =
        poll.said.iter().map(|(name, value)| (Cow::Borrowed(&**name), Cow::Borrowed(&**value))).collect();
    if let Some(model) = &model {
        pairs.push((Cow::Borrowed("dev_model"), Cow::Borrowed(model)));
    }
    let Some(known) = &caller.known else {
        let dialect = ("dialect".to_owned(), "fk".to_owned());
        desk.knock(case, caller, fleet::kept(&pairs).chain([dialect]));
        return reply.fk(Status::Accepted, &FkAnswer::code(orders::NO_COMMAND));
    };
    if let Some((_, name)) = poll.said.iter().find(|(name, _)| name == LIBRARY) {
        known.fk.set_library(Library::from_name(name));
    }
    if !pairs.is_empty() && known.fk.is_news(&pairs) {
        let mut report = fleet::of_options(&pairs);
        report.firmware = poll.firmware.as_deref().map(fleet::value).or(report.firmware);
        known.said(report);
        desk.fleet.nudge();
    }
    if let Some(shown) = poll.time {
        // The only thing such a machine says at once: punches it sends one by one, kept ones as well (C7).
        let offset = clock::offset_at(known.time_zone(), shown);
        known.clock_sample(clock::instant(shown, offset), case.now, true);
    }
    if let Some(known) = caller.trusted()
        && reply.envelope.date.is_some()
        && lost_its_clock(case, known, &poll)
        && known.fk.tell_time(case.now)
    {
        return set_clock(known);
    }
    orders::poll_fk(desk, case, caller).unwrap_or_else(|| {
        let body = if known.fk.is_deaf() { b"OK".to_vec() } else { Vec::new() };
        reply.fk(Status::Accepted, &FkAnswer { body, ..FkAnswer::code(orders::NO_COMMAND) })
    })
}

fn read(body: &[u8]) -> Poll {
    let Ok(frame) = Frame::parse(body) else { return Poll::default() };
    frame.json().map(|json: Json<'_>| Poll::read(&json)).unwrap_or_default()
}

/// After a power cut machines begin in 2015 or so, and everything that happens from then on has the wrong time.
fn lost_its_clock(case: &Case<'_>, known: &Known, poll: &Poll) -> bool {
    let Some(shown) = poll.time else { return poll.bad_time };
    let now = clock::wall_at(known.time_zone(), case.now);
    shown.civil().year < FIRST_YEAR.min(case.now.year())
        || (shown.seconds() - now.seconds()).abs() > LOST.num_seconds()
}

/// Queues the time, which the next poll takes; not when somebody has said that clocks are not to be steered (C2).
fn set_clock(known: &Arc<Known>) -> Outcome {
    let (sn, machine) = (known.sn.clone(), Arc::clone(known));
    let work = Work::Store(Box::new(move |tx| {
        if !settings_get(tx)?.steer_clocks {
            return Ok(Stored::default());
        }
        match command_add(tx, &Actor::system(), &sn, &Order::SetClock) {
            Ok(command) => {
                machine.orders.raise();
                Ok(Stored { events: vec![Event::command(&sn, &command)], ..Stored::default() })
            }
            Err(CommandError::Database(error)) => Err(error),
            // Disabled or deleted meanwhile.
            Err(_) => Ok(Stored::default()),
        }
    }));
    let acknowledgement = Acknowledgement::FkAlways(FkAnswer::code(orders::NO_COMMAND));
    Outcome::Store(Box::new(Job { machine: Arc::clone(known), acknowledgement, work }))
}
