//! What a machine's results make of the stretches it was asked for.

use rollcall_protocol::Dialect;
use rollcall_protocol::order::Order;
use serde_json::json;

use super::feed::COUNT_QUIET;
use super::queries::{Counting, Counts, Open, Part};
use super::rule::{self, Refusal, Refused};
use super::{PartState, Way, asks_for_punches, end, gaps, queries};
use crate::commands::{Command, CommandState, NO_ANSWER};
use crate::db::{self, Tx};
use crate::jobs::{Level, job_log};
use crate::machines::{self, Machine};

/// A command has ended; `again` says that the machine speaks another way now, so that it is to be asked anew.
pub(crate) fn command_ended(
    tx: &Tx<'_>,
    command: &Command,
    reason: Option<&str>,
    again: bool,
) -> Result<(), db::Error> {
    if !asks_for_punches(command) {
        return Ok(());
    }
    let Some(mut open) = queries::open(tx, command.machine)? else { return Ok(()) };
    let Some(machine) = machines::machine_by_id(tx, command.machine)? else { return Ok(()) };
    if again {
        open = Open { way: None, worked: false, second: false, told: false, last: None, ..open };
        queries::save(tx, &open)?;
        return queries::forget_parts(tx, open.job);
    }
    let reason = reason.unwrap_or("command.step_failed");
    if open.last == Some(command.id) {
        match command.order {
            Order::CountPunches { .. } if command.state == CommandState::Done => {
                open.after = command.return_code;
            }
            // However it went, there is nothing more to wait for.
            _ => open.last_polls = COUNT_QUIET,
        }
    }
    for mut part in queries::parts(tx, open.job)? {
        if part.count_id == Some(command.id) && part.counting == Counting::Asked {
            counted(tx, &machine, &mut open, &mut part, command, reason)?;
        }
        if part.command == Some(command.id) && !part.state.is_final() {
            answered(tx, &machine, &mut open, &mut part, command, reason)?;
        }
    }
    queries::save(tx, &open)
}

/// It has said how many it holds of a stretch, or that it cannot.
fn counted(
    tx: &Tx<'_>,
    machine: &Machine,
    open: &mut Open,
    part: &mut Part,
    command: &Command,
    reason: &str,
) -> Result<(), db::Error> {
    part.counting = Counting::Over;
    part.quiet = 0;
    if command.state == CommandState::Done {
        part.before = command.return_code;
        if open.counts != Counts::Yes {
            open.counts = Counts::Yes;
            queries::learn_counts(tx, machine.id, true)?;
        }
        if let Some(theirs) = part.before {
            gaps::note(tx, machine.id, part.from, part.until(), theirs)?;
        }
    } else if open.counts == Counts::Unknown {
        if rule::is_vague(reason) && !open.second {
            // Perhaps it only wants to be asked in other words.
            open.second = true;
            part.counting = Counting::NotAsked;
        } else {
            end::cannot_count(tx, open, reason, command.return_code)?;
        }
    }
    queries::save_part(tx, open.job, part)
}

/// It has said what became of the question for a stretch.
fn answered(
    tx: &Tx<'_>,
    machine: &Machine,
    open: &mut Open,
    part: &mut Part,
    command: &Command,
    reason: &str,
) -> Result<(), db::Error> {
    part.quiet = 0;
    let way = open.way.unwrap_or(Way::Query);
    let (from, to) = (end::wall(part.from), end::wall(part.until()));
    let detail = |reason: &str| json!({ "from": from, "to": to, "reason": reason, "code": command.return_code, "way": way.name() });
    if command.state == CommandState::Done {
        open.worked = true;
        part.state = PartState::Answered;
        part.answer = command.return_code;
        job_log(tx, open.job, Level::Info, "reupload.answered", detail("machine.done"))?;
        return queries::save_part(tx, open.job, part);
    }
    if command.state == CommandState::Expired {
        // The machine has not asked for it in a week: it is asked when it calls again.
        part.state = PartState::Waiting;
        return queries::save_part(tx, open.job, part);
    }
    if reason == NO_ANSWER && part.received > 0 {
        part.state = PartState::Done;
        queries::save_part(tx, open.job, part)?;
        return job_log(tx, open.job, Level::Warning, "reupload.no_result", detail(reason));
    }
    let means = machines::means_of(machine, machine.dialect.unwrap_or(Dialect::Attendance), tx.now());
    let ways = rule::ways(means.dialect, means.generation);
    let what = Refused { reason, way, ways, worked: open.worked, before: part.before, tries: part.tries };
    match rule::refused(what) {
        Refusal::NothingThere => {
            part.state = PartState::Done;
            part.answer = command.return_code;
            job_log(tx, open.job, Level::Info, "reupload.nothing_there", detail(reason))?;
        }
        Refusal::Again => {
            part.state = PartState::Waiting;
            job_log(tx, open.job, Level::Info, "reupload.busy", detail(reason))?;
        }
        Refusal::NextWay(next) => {
            job_log(tx, open.job, Level::Warning, "reupload.next_way", {
                let mut detail = detail(reason);
                if let Some(detail) = detail.as_object_mut() {
                    detail.insert("next".to_owned(), next.name().into());
                }
                detail
            })?;
            open.way = Some(next);
            part.state = PartState::Waiting;
        }
        Refusal::Failed => {
            part.state = PartState::Failed;
            job_log(tx, open.job, Level::Error, "reupload.refused", detail(reason))?;
        }
    }
    queries::save_part(tx, open.job, part)
}
