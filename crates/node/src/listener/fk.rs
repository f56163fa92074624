//! The FK dialect, as far as it goes today: polls are told that there is nothing to do, everything else is refused, so
//! that the machine keeps its punches and sends them again (fk-http §5, §6; I1).

use super::desk::{Caller, Case, Desk, Input, Outcome, Reply};
use super::orders;
use super::wire::response::{FkAnswer, Status};

/// A poll, by the two names it has (fk-http §2, §3).
const POLL: &[u8] = b"receive_cmd";

pub(super) fn answer(
    desk: &Desk,
    case: &Case<'_>,
    caller: Option<&Caller<'_>>,
    input: &Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    reply.envelope.keep_alive = false;
    let (status, code) = match caller {
        None => (Status::BadRequest, "ERROR"),
        Some(caller) => {
            if caller.known.is_none() {
                desk.knock(case, caller, std::iter::once(("dialect".to_owned(), "fk".to_owned())));
            }
            let polls = case.head.request_code.is_some_and(|code| code.eq_ignore_ascii_case(POLL));
            match input {
                Input::Endless => (Status::TooLarge, "ERROR"),
                _ if polls => {
                    if let Some(outcome) = orders::poll_fk(desk, case, caller) {
                        return outcome;
                    }
                    (Status::Accepted, orders::NO_COMMAND)
                }
                _ => (Status::Unavailable, "ERROR"),
            }
        }
    };
    reply.fk(status, &FkAnswer::code(code))
}
