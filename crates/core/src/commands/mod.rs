//! What machines are told, and what became of it: the queue of quirks group Q.
//!
//! A machine cannot be called; it asks. An order waits here until the machine's next poll takes it (`queued` → `sent`), and
//! until the machine says what came of it (`done`, `failed`). That an order went out is on disk before the answer leaves,
//! so a crash can neither repeat what must not be repeated nor forget that it was sent. An order that can be repeated is
//! handed out again when no result comes in time; one that cannot (restart, door, clearing) is handed out once, and not
//! long after it was wanted.

mod adding;
mod hand_out;
mod leases;
mod queries;
mod queue;
mod results;
#[cfg(test)]
mod tests;

use rollcall_protocol::Sn;
use rollcall_protocol::order::{self, Order, Refusal};
use serde::Serialize;

pub(crate) use adding::chain;
pub use adding::{command_add, command_follow};
pub use hand_out::{HandedOut, commands_hand_out};
pub use leases::{Leases, Swept, commands_sweep};
pub use queue::{Budget, MOST_TRIES};
pub use results::{Settled, commands_cancel_all, commands_restarted, commands_settle};
pub(crate) use results::{command_give_up, command_take_back};

use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::db::{self, Tx, database_failure};
use crate::machines::{self, MachineError, MachineId};
use crate::page::{CursorError, Page, Paged};
use crate::{reuploads, roster};

/// The number of a command, on the wire too; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct CommandId(pub i64);

/// How far a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandState {
    /// Waits for the machine to ask.
    Queued,
    /// The machine has it; no word yet.
    Sent,
    /// The machine says it did it.
    Done,
    /// The machine refused, or never answered.
    Failed,
    /// Never handed out, and too old to be.
    Expired,
    /// Taken back.
    Cancelled,
}

impl CommandState {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Sent, Self::Done, Self::Failed, Self::Expired, Self::Cancelled];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.name() == name).unwrap_or(Self::Failed)
    }

    /// Whether nothing more happens to it by itself.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Sent)
    }
}

/// A command and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Its number.
    pub id: CommandId,
    /// The machine it is for.
    pub machine: MachineId,
    /// The kind of order it was given as; a step of it may be another one.
    pub kind: String,
    /// What the machine is told.
    pub order: Order,
    /// How far it is.
    pub state: CommandState,
    /// How often it was handed out.
    pub tries: u32,
    /// The step that must be done before.
    pub after: Option<CommandId>,
    /// Who ordered it.
    pub who: String,
    /// When.
    pub queued_at: Timestamp,
    /// When it was handed out last.
    pub sent_at: Option<Timestamp>,
    /// Until when the machine has time to answer.
    pub lease_until: Option<Timestamp>,
    /// When it is too old to be handed out.
    pub expires_at: Option<Timestamp>,
    /// When it ended.
    pub done_at: Option<Timestamp>,
    /// The machine's code: 0 done, positive a count, negative an error.
    pub return_code: Option<i64>,
    /// Why it ended so, as a stable code.
    pub reason: Option<String>,
    /// More about it: the machine's own words.
    pub detail: Option<String>,
    /// Bytes of the order that lie sealed apart from it, since they are secret; 0 when nothing is.
    sealed: usize,
}

/// Why a command was not queued or not taken back.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// No such machine.
    #[error(transparent)]
    Machine(MachineError),
    /// A disabled machine gets no commands (rule 1.3).
    #[error("{0} is disabled; a disabled machine is told nothing")]
    Disabled(Sn),
    /// The machine cannot do it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No such command of this machine.
    #[error("there is no command {0} of this machine")]
    Unknown(i64),
    /// Too late to take it back.
    #[error("the machine has the command already, or it has ended")]
    NotWaiting,
    /// The cursor is not ours.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(CommandError);

impl From<MachineError> for CommandError {
    fn from(error: MachineError) -> Self {
        match error {
            MachineError::Database(error) => Self::Database(error),
            error => Self::Machine(error),
        }
    }
}

impl CommandError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Machine(error) => error.code(),
            Self::Disabled(_) => "machine.disabled",
            Self::Refused(refusal) => refusal.code(),
            Self::Unknown(_) => "command.unknown",
            Self::NotWaiting => "command.not_waiting",
            Self::Cursor(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }
}

/// The reason of a command the machine never said anything about.
pub const NO_ANSWER: &str = "command.no_answer";
/// The reason of commands in words the machine does not speak any more.
pub const DIALECT_CHANGED: &str = "machine.dialect_changed";

/// What the operation log keeps of a command: never names, passwords or templates.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged<'a> {
    id: i64,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pin: Option<&'a str>,
}

/// The commands of a machine, newest first.
pub fn command_list(
    conn: &rusqlite::Connection,
    sn: &Sn,
    page: &Page,
) -> Result<Paged<Command>, CommandError> {
    let machine = machines::expect(conn, sn)?;
    let after: Option<i64> = page.after()?;
    let rows = queries::before(conn, machine.id, after, page.probe())?;
    Ok(page.finish(rows, queries::count(conn, machine.id)?, |command| command.id.0))
}

/// One command of a machine.
pub fn command_get(conn: &rusqlite::Connection, sn: &Sn, id: CommandId) -> Result<Command, CommandError> {
    let machine = machines::expect(conn, sn)?;
    queries::get(conn, machine.id, id)?.ok_or(CommandError::Unknown(id.0))
}

/// Commands that wait, and that are out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CommandCounts {
    /// Waiting for the machine to ask.
    pub waiting: u64,
    /// With the machine.
    pub sent: u64,
}

/// How many are open.
pub fn command_counts(conn: &rusqlite::Connection, machine: MachineId) -> Result<CommandCounts, db::Error> {
    queries::counts(conn, machine)
}

/// Takes a command back that the machine does not have yet, and the steps after it.
pub fn command_cancel(tx: &Tx<'_>, actor: &Actor, sn: &Sn, id: CommandId) -> Result<Command, CommandError> {
    let command = command_get(tx, sn, id)?;
    if command.state != CommandState::Queued {
        return Err(CommandError::NotWaiting);
    }
    results::end(tx, &command, CommandState::Cancelled, None, Some("command.cancelled"), None)?;
    let logged =
        Logged { id: id.0, kind: &command.kind, pin: command.order.person().map(order::Pin::as_str) };
    audit::record(tx, actor, "command.cancel", &format!("machine/{sn}"), Some(&logged), None)?;
    command_get(tx, sn, id)
}

/// The newest order of a kind that a machine was given.
pub(crate) fn last_of(
    conn: &rusqlite::Connection,
    machine: MachineId,
    kind: &str,
) -> Result<Option<Command>, db::Error> {
    queries::last_of(conn, machine, kind)
}

/// A reason in English: ours, or one of the machine's.
pub fn words(reason: &str) -> &'static str {
    match reason {
        "command.calls_again" => "machines of this kind never confirm a restart; it has called again since",
        "command.cancelled" => "taken back before the machine had it",
        DIALECT_CHANGED => "the machine speaks another protocol now, so nothing of before is sent to it",
        "command.expired" => "the machine did not ask in time, and this must not happen late",
        "command.no_answer" => "the machine has it, and never said what became of it",
        "command.overtaken" => {
            "the machine never said what became of it, and has done a later command about the same person"
        }
        "command.replaced" => "the same was ordered again before the machine had it",
        "command.seen_restarted" => "the machine has begun anew",
        "command.step_failed" => "a step before it was not done",
        "machine.deleted" => "the machine was deleted",
        other => rollcall_protocol::codes::words(other),
    }
}

/// How far a reading of a machine's people and templates is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reading {
    /// Commands that have no end yet, of an earlier reading as well.
    pub open: u64,
    /// Those, and the commands of this one that are kept.
    pub total: u64,
    /// Those that ended otherwise than done: their numbers, and why.
    pub failed: Vec<(i64, String)>,
}

/// See [`Reading`]; `since` is its first command.
pub(crate) fn commands_reading(
    conn: &rusqlite::Connection,
    machine: MachineId,
    since: CommandId,
) -> Result<Reading, db::Error> {
    queries::reading(conn, machine, since)
}

/// The machines for which something waits, or is to be made up.
pub fn commands_waiting(conn: &rusqlite::Connection) -> Result<Vec<MachineId>, db::Error> {
    let mut machines = queries::machines_with_open(conn)?;
    machines.extend(roster::rosters_due(conn)?);
    machines.extend(reuploads::machines_due(conn)?);
    Ok(machines)
}
