//! The access dialect, as far as it goes today: the machine is answered so that its clock is right and it keeps calling,
//! and everything it would hand over is refused, so that it keeps that until somebody can take it.

use rollcall_protocol::attendance::handshake::Handshake;
use rollcall_protocol::attendance::{Table, answer, options};
use rollcall_protocol::http::Endpoint;

use super::desk::{Caller, Case, Desk, Input, Outcome, Reply};
use super::wire::response::Status;
use crate::fleet;

/// Whether the body tells about the machine itself (access-push §3).
pub(super) fn says_of_itself(case: &Case<'_>) -> bool {
    match case.endpoint {
        Endpoint::Registry => true,
        Endpoint::Cdata => shakes_hands(case) || is_options(case),
        _ => false,
    }
}

fn shakes_hands(case: &Case<'_>) -> bool {
    Handshake::from_query(&case.target.query).is_some()
}

fn is_options(case: &Case<'_>) -> bool {
    case.target.query.get("table").is_some_and(|name| Table::parse(&name) == Table::Options)
}

pub(super) fn answer(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    input: &Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    let pairs = if says_of_itself(case) { options::parse(input.bytes()) } else { Vec::new() };
    match &caller.known {
        Some(known) if !pairs.is_empty() => {
            known.said(fleet::of_options(&pairs));
            desk.fleet.nudge();
        }
        Some(_) => {}
        None => {
            let dialect = ("dialect".to_owned(), "access".to_owned());
            desk.knock(case, caller, fleet::kept(&pairs).chain([dialect]));
        }
    }
    match case.endpoint {
        Endpoint::GetRequest | Endpoint::Ping => reply.accept(answer::OK),
        // “Not registered yet”: the machine goes on to register, and to poll (access-push §2.1).
        Endpoint::Cdata if shakes_hands(case) || is_options(case) => reply.accept(answer::OK),
        _ => reply.answer(Status::Unavailable, answer::BUSY),
    }
}
