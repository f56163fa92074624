//! What became of commands: by the machine's word, by what it does afterwards, or because nobody wants them any more.

use chrono::TimeDelta;
use rollcall_protocol::order::{self, Order};

use super::{Command, CommandId, CommandState, DIALECT_CHANGED, NO_ANSWER, queries};
use crate::db::{self, Tx};
use crate::machines::{self, MachineId};
use crate::{enrolments, reuploads, roster};

/// What a machine says became of a command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settled {
    /// Its number, as the machine repeats it.
    pub id: i64,
    /// The machine's code.
    pub code: Option<i64>,
    /// Whether that is a success (Q9).
    pub ok: bool,
    /// How many it counted, where it was asked to and says so beside its code.
    pub count: Option<i64>,
    /// Why not, as a stable code.
    pub reason: Option<String>,
    /// The machine's own words.
    pub detail: Option<String>,
}

/// Takes results. Matched by number only (Q8); the first final one counts (D6), but the truth, coming late, replaces
/// "no answer". Answers what changed.
pub fn commands_settle(
    tx: &Tx<'_>,
    machine: MachineId,
    results: &[Settled],
) -> Result<Vec<Command>, db::Error> {
    let mut changed = Vec::new();
    for result in results {
        let Some(command) = queries::get(tx, machine, CommandId(result.id))? else { continue };
        let unanswered = command.state == CommandState::Failed
            && matches!(command.reason.as_deref(), Some(NO_ANSWER | "command.overtaken"));
        let expected = match command.state {
            CommandState::Sent => true,
            // Overdue, and waiting to be sent again.
            CommandState::Queued => command.tries > 0,
            // A photo counts as stored before the machine looks for a face on it (attendance-push §18).
            CommandState::Done => is_photo(&command.order) && is_about_photo(result),
            _ => unanswered,
        };
        if !expected {
            continue;
        }
        let counted = counted(&command.order, result);
        let result = counted.as_ref().unwrap_or(result);
        // What was given up has lost what was secret in it, and is not sent again.
        let old_words = !result.ok
            && !unanswered
            && matches!(result.reason.as_deref(), Some("machine.not_supported" | "machine.unknown_command"))
            && matches!(command.order, Order::PutPerson(_) | Order::DeletePerson { .. });
        if old_words && machines::machine_takes_old_form(tx, machine)? {
            // Once more, in the words of PUSH 1.x (attendance-push §14.6).
            queries::again(tx, command.id)?;
            changed.extend(queries::get(tx, machine, command.id)?);
            continue;
        }
        let state = if result.ok { CommandState::Done } else { CommandState::Failed };
        changed.extend(end(
            tx,
            &command,
            state,
            result.code,
            result.reason.as_deref(),
            result.detail.as_deref(),
        )?);
    }
    Ok(changed)
}

/// The result of a count, whose number is its code from here on; one without a number is none.
fn counted(order: &Order, result: &Settled) -> Option<Settled> {
    let counts = matches!(order, Order::CountPunches { .. }) && result.ok;
    counts.then(|| match result.count {
        Some(count) => Settled { code: Some(count), ..result.clone() },
        None => Settled { ok: false, reason: Some("machine.data_invalid".to_owned()), ..result.clone() },
    })
}

fn is_photo(order: &Order) -> bool {
    matches!(order, Order::PutTemplate(template) if template.kind == order::TemplateKind::Photo)
}

fn is_about_photo(result: &Settled) -> bool {
    !result.ok && result.reason.as_deref().is_some_and(|reason| reason.starts_with("photo."))
}

/// Ends a command; what should have followed a step that was not done ends with it. Answers what changed, the command
/// first.
pub(super) fn end(
    tx: &Tx<'_>,
    command: &Command,
    state: CommandState,
    code: Option<i64>,
    reason: Option<&str>,
    detail: Option<&str>,
) -> Result<Vec<Command>, db::Error> {
    queries::end(tx, command.id, state, code, reason, detail)?;
    let mut changed: Vec<_> = queries::get(tx, command.machine, command.id)?.into_iter().collect();
    if state == CommandState::Done {
        done(tx, command, code)?;
        for command in &changed {
            roster::command_ended(tx, command, None, false)?;
            reuploads::command_ended(tx, command, None, false)?;
        }
        return Ok(changed);
    }
    let follows = if state == CommandState::Cancelled { state } else { CommandState::Failed };
    let mut ended = vec![command.id];
    while let Some(id) = ended.pop() {
        for next in queries::steps_after(tx, command.machine, id)? {
            queries::end(tx, next, follows, None, Some("command.step_failed"), None)?;
            changed.extend(queries::get(tx, command.machine, next)?);
            ended.push(next);
        }
    }
    for command in &changed {
        roster::command_ended(tx, command, reason, false)?;
        reuploads::command_ended(tx, command, reason, false)?;
    }
    Ok(changed)
}

/// What is known of a machine after it has done something.
fn done(tx: &Tx<'_>, command: &Command, code: Option<i64>) -> Result<(), db::Error> {
    match &command.order {
        Order::ClearPeople | Order::ClearAll | Order::ClearTable(order::Table::People) => {
            enrolments::people_gone(tx, command.machine)?;
            roster::machine_forgot(tx, command.machine, None)
        }
        Order::DeletePerson { pin } => enrolments::person_gone(tx, command.machine, pin.as_str()),
        Order::DeleteTemplates { pin, of } => {
            enrolments::template_gone(tx, command.machine, pin.as_str(), *of, None)
        }
        Order::ReadPeople => {
            // The answer may overtake the people it counts: only when all of them are here is it known who is not.
            let (Some(count), Some(since)) = (code.filter(|count| *count > 0), command.sent_at) else {
                return Ok(());
            };
            if queries::described_since(tx, command.machine, since)? >= count {
                enrolments::people_sweep(tx, command.machine, since)?;
                roster::machine_named_all(tx, command.machine)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The machine began anew, as after a restart it was told to make: at its handshake, or its registration.
pub fn commands_restarted(tx: &Tx<'_>, machine: MachineId) -> Result<Vec<Command>, db::Error> {
    restarted(tx, machine, TimeDelta::zero(), "command.seen_restarted")
}

pub(super) fn restarted(
    tx: &Tx<'_>,
    machine: MachineId,
    at_least: TimeDelta,
    reason: &'static str,
) -> Result<Vec<Command>, db::Error> {
    let mut changed = Vec::new();
    for command in queries::restarts_out(tx, machine)? {
        let long_enough = command.sent_at.is_some_and(|sent| sent + at_least <= tx.now());
        if long_enough {
            changed.extend(end(tx, &command, CommandState::Done, None, Some(reason), None)?);
        }
    }
    Ok(changed)
}

/// Takes back whatever is open: the machine is another one now, or speaks another way (Q10).
pub fn commands_cancel_all(
    tx: &Tx<'_>,
    machine: MachineId,
    reason: &'static str,
) -> Result<Vec<Command>, db::Error> {
    let mut changed = Vec::new();
    // What the machine was to have under its numbers it is told once more, in its new words.
    let again = reason == DIALECT_CHANGED;
    for command in queries::open(tx, machine, i64::MAX)? {
        // What is out cannot be taken back: whatever the machine says of it in the end counts.
        let (state, reason) = match command.state {
            CommandState::Sent => (CommandState::Failed, NO_ANSWER),
            _ => (CommandState::Cancelled, reason),
        };
        queries::end(tx, command.id, state, None, Some(reason), None)?;
        if let Some(command) = queries::get(tx, machine, command.id)? {
            roster::command_ended(tx, &command, Some(reason), again)?;
            reuploads::command_ended(tx, &command, Some(reason), again)?;
            changed.push(command);
        }
    }
    Ok(changed)
}

/// Nothing more is expected of a command, and nobody is told: whoever gave it has gone on without an answer.
pub(crate) fn command_give_up(tx: &Tx<'_>, machine: MachineId, id: CommandId) -> Result<(), db::Error> {
    match queries::get(tx, machine, id)? {
        Some(command) if !command.state.is_final() => {
            queries::end(tx, id, CommandState::Failed, None, Some(NO_ANSWER), None)
        }
        _ => Ok(()),
    }
}

/// Whoever gave a command does not want it any more: one that is out is not offered again.
pub(crate) fn command_take_back(tx: &Tx<'_>, machine: MachineId, id: CommandId) -> Result<(), db::Error> {
    match queries::get(tx, machine, id)? {
        Some(command) if command.state == CommandState::Queued && command.tries == 0 => {
            queries::end(tx, id, CommandState::Cancelled, None, Some("command.cancelled"), None)
        }
        _ => command_give_up(tx, machine, id),
    }
}
