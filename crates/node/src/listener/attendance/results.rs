//! Results of commands (attendance-push §13.2).

use std::sync::Arc;

use rollcall_core::commands::Settled;
use rollcall_protocol::attendance::options::Pair;
use rollcall_protocol::attendance::results::{self, CommandResult};
use rollcall_protocol::attendance::{answer, codes};

use super::super::desk::{Caller, Case, Desk, Input, Outcome, Reply};
use super::super::job::{Acknowledgement, Job};
use super::super::orders;
use super::super::wire::response::Status;
use super::heard;
use crate::fleet;

/// Bytes of a body of results that are read: thousands of results, where a machine has a few hundred commands at most.
const READ: usize = 256 * 1024;

/// Takes results. A number that is not ours belongs to whoever sent commands before us: acknowledged, or the machine would
/// repeat it for ever (Q8).
pub(super) fn command_results(
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
    let body = match input {
        Input::Here(_) | Input::Kept(_) => input.bytes(),
        Input::TooLarge | Input::Endless => return reply.answer(Status::TooLarge, b"TOO LARGE"),
        Input::Discarded | Input::NoMemory => return reply.answer(Status::Unavailable, answer::BUSY),
    };
    let query = &case.target.query;
    // Firmware that makes a GET of a POST without body puts a single result into the query (T4).
    let in_query = body.is_empty() && query.get("ID").is_some() && query.get("Return").is_some();
    let body = if in_query { query.raw() } else { body };
    let parsed = results::parse_results(body.get(..READ).unwrap_or(body));
    if !parsed.other.is_empty() {
        tracing::debug!(sn = %known.sn, lines = parsed.other.len(), "lines that are no results");
    }
    for info in parsed.results.iter().filter(|result| result.is_info()) {
        known.said(fleet::of_options(&settings(info)));
        desk.fleet.nudge();
    }
    if parsed.results.is_empty() {
        return reply.accept(answer::OK);
    }
    let settled = parsed.results.iter().map(settled).collect();
    let work = orders::settle(known, settled, |_, _| Ok(()));
    Outcome::Store(Box::new(Job {
        machine: Arc::clone(known),
        acknowledgement: Acknowledgement::Plain,
        work,
    }))
}

fn settled(result: &CommandResult<'_>) -> Settled {
    let ok = codes::succeeded(result.code, false);
    Settled {
        id: result.id.into(),
        code: Some(result.code),
        ok,
        reason: (!ok).then(|| codes::reason(result.code, false).to_owned()),
        count: result.counted(),
        ..Settled::default()
    }
}

/// The configuration lines of an answer to `INFO`, as a list of capabilities has them: without the mark of those that
/// cannot be changed.
fn settings<'a>(info: &'a CommandResult<'_>) -> Vec<Pair<'a>> {
    info.rest.iter().map(|(key, value)| (key.trim_start_matches('~').into(), value.as_ref().into())).collect()
}
