//! The FK dialect: polls, results, punches and enrolments of machines that speak in headers of their own (fk-http).
//!
//! The answer counts as acknowledged by its header `response_code`, so everything that is not taken is told `ERROR`, and
//! never `OK` (A2). A message may come in blocks; those of machines that nobody has added are not kept.

mod blocks;
mod people;
mod poll;
mod punches;
mod results;
mod seen;

use std::borrow::Cow;
use std::sync::Arc;

use rollcall_core::uploads::upload_keep;
use rollcall_protocol::fk::request::{Request, response};

use super::desk::{Caller, Case, Desk, Input, Outcome, Reply};
use super::job::{Acknowledgement, Job, Stored, Work};
use super::wire::response::{FkAnswer, Status};
use crate::fleet::Known;

pub(crate) use blocks::Blocks;
pub(crate) use seen::Seen;

/// The longest `trans_id` that is sent back.
const LONGEST_TRANS_ID: usize = 64;

/// Whether the request tells about the machine itself; that much is read even of a stranger.
pub(super) fn says_of_itself(case: &Case<'_>) -> bool {
    kind(case) == Request::Poll
}

fn kind(case: &Case<'_>) -> Request {
    let kind = Request::of(case.head.request_code, case.head.fk.cmd_id);
    // Only results have this header.
    if kind == Request::Other && case.head.fk.cmd_return_code.is_some() {
        Request::CommandResult
    } else {
        kind
    }
}

pub(super) fn answer(
    desk: &Desk,
    case: &Case<'_>,
    caller: Option<&Caller<'_>>,
    input: Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    let Some(caller) = caller else { return reply.fk(Status::BadRequest, &FkAnswer::code(response::ERROR)) };
    let kind = kind(case);
    if matches!(input, Input::Endless) {
        return reply.fk(Status::TooLarge, &FkAnswer::code(response::ERROR));
    }
    if kind == Request::Poll {
        return poll::answer(desk, case, caller, &input, reply);
    }
    let Some(known) = caller.trusted() else {
        if caller.known.is_none() {
            desk.knock(case, caller, std::iter::once(("dialect".to_owned(), "fk".to_owned())));
        }
        return reply.fk(Status::Unavailable, &FkAnswer::code(response::ERROR));
    };
    let body = match input {
        Input::Here(bytes) => Cow::Borrowed(bytes),
        Input::Kept(bytes) => Cow::Owned(bytes),
        Input::TooLarge | Input::Endless => {
            return reply.fk(Status::TooLarge, &FkAnswer::code(response::ERROR));
        }
        // It was thrown away for a stranger who has been adopted meanwhile.
        Input::Discarded | Input::NoMemory => {
            return reply.fk(Status::Unavailable, &FkAnswer::code(response::ERROR));
        }
    };
    let message = match blocks::join(desk, case, known, &body) {
        Ok(message) => message,
        Err(answer) => {
            let status =
                if answer.response_code == response::OK { Status::Accepted } else { Status::Unavailable };
            return reply.fk(status, &answer);
        }
    };
    let work = match kind {
        Request::Punch => punches::store(case, known, &message),
        Request::CommandResult => results::store(desk, case, known, &message),
        Request::Other if message.is_empty() => {
            return reply.fk(Status::Accepted, &FkAnswer::code(response::UNKNOWN_REQUEST));
        }
        Request::Enrolment => people::enrolled(desk, case, known, &message),
        Request::Door => people::door(desk, case, known, &message),
        Request::Poll | Request::Other => keep(desk, known, &name(case), message.into_owned()),
    };
    let acknowledgement = Acknowledgement::Fk(taken(case));
    Outcome::Store(Box::new(Job { machine: Arc::clone(known), acknowledgement, work }))
}

/// `OK`, for what has this `trans_id`.
fn taken(case: &Case<'_>) -> FkAnswer {
    let trans_id = case.head.fk.trans_id.filter(|text| (1..=LONGEST_TRANS_ID).contains(&text.len()));
    let trans_id = trans_id.map(|text| String::from_utf8_lossy(text).into_owned());
    FkAnswer { trans_id, ..FkAnswer::code(response::OK) }
}

/// What the request calls itself, for the records.
fn name(case: &Case<'_>) -> String {
    let name = case.head.request_code.or(case.head.fk.cmd_id).unwrap_or(b"fk");
    crate::fleet::value(&String::from_utf8_lossy(name.get(..LONGEST_TRANS_ID).unwrap_or(name)))
}

/// What nothing reads is kept as it came (A4).
fn keep(desk: &Desk, known: &Arc<Known>, what: &str, body: Vec<u8>) -> Work {
    desk.journal.not_understood(&known.sn, what, body.len());
    let (id, what) = (known.id, what.to_owned());
    Work::Store(Box::new(move |tx| {
        upload_keep(tx, id, &what, "", &body)?;
        Ok(Stored::default())
    }))
}
