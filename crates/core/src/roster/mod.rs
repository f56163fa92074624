//! The people of one machine: an entry is one employee on one machine, under a pin, with a role.
//!
//! The list is what the administrator wants. What the machine has confirmed is kept beside it ([`applied`]), and the difference
//! between the two is the work ([`plan`]): it is put into commands when a poll takes it ([`send`]), and the machine's answers make
//! of it what is known next ([`settle`]). Lost answers, restarts and machines that were wiped are all just another difference.

mod applied;
pub mod compare;
mod edit;
mod entry;
mod pin;
pub mod plan;
mod queries;
pub mod read_back;
pub mod rehire;
mod send;
mod settle;
mod spans;
mod sync;
#[cfg(test)]
mod tests;

pub use edit::{Removed, roster_add, roster_change, roster_remove};
pub(crate) use edit::{entry_change, entry_remove, person_renamed, roster_clear};
pub use entry::{
    Added, DisabledBy, Entry, EntryChange, EntrySource, EntryState, NewEntry, PinSource, Rejected, Role,
};
pub(crate) use pin::PinKey;
pub use pin::{Pin, PinError, pin_number};
#[cfg(test)]
pub(crate) use queries::HOLDER;
pub(crate) use queries::holder;
pub(crate) use send::{feed, is_due};
pub(crate) use settle::{
    command_ended, machine_forgot, machine_is_empty, machine_named_all, person_forgotten,
};
pub use spans::{Held as HeldNumber, span_start, spans_follow_hire_date};
pub(crate) use sync::sync_cancelled;
pub use sync::{Sync, follows_list, roster_sync, syncs_follow, syncs_offline};

use crate::commands::CommandError;
use crate::db::{self, Tx, database_failure};
use crate::directory::{self, EmployeeId};
use crate::machines::{self, Machine, MachineError, MachineId};
use crate::page::{CursorError, Page, Paged};
use rollcall_protocol::Sn;

/// Why something about a roster was refused.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The machine is unknown.
    #[error(transparent)]
    Machine(MachineError),
    /// No such employee.
    #[error("there is nobody with the id {0}")]
    EmployeeUnknown(String),
    /// On the list already.
    #[error("{0} is on this machine's list already")]
    Exists(String),
    /// Not on the list.
    #[error("{0} is not on this machine's list")]
    Unknown(EmployeeId),
    /// The pin is not one.
    #[error(transparent)]
    Pin(#[from] PinError),
    /// Nobody is there under that number, or not both here and there.
    #[error("there is nobody under the number {0} of whom that could be done")]
    NotThere(String),
    /// The machine cannot be told that.
    #[error(transparent)]
    Refused(rollcall_protocol::order::Refusal),
    /// Somebody could not be put onto the list.
    #[error("{detail}")]
    NotClaimed {
        /// Why, as a stable code.
        code: &'static str,
        /// Why, in English.
        detail: String,
    },
    /// The new account is the old one.
    #[error("the new account is the old one")]
    SamePerson,
    /// The person could not be added or changed.
    #[error(transparent)]
    Directory(directory::DirectoryError),
    /// A disabled machine is told nothing (rule 1.3).
    #[error("{0} is disabled; a disabled machine is told nothing")]
    Disabled(Sn),
    /// Somebody else has the pin.
    #[error("{name} has the number {pin} on this machine")]
    PinTaken {
        /// The pin as the other has it.
        pin: String,
        /// Who has it.
        name: String,
    },
    /// The cursor is not ours.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(RosterError);

impl From<MachineError> for RosterError {
    fn from(error: MachineError) -> Self {
        match error {
            MachineError::Database(error) => Self::Database(error),
            other => Self::Machine(other),
        }
    }
}

impl RosterError {
    /// What the directory refuses, refuses the list.
    pub(crate) fn of_directory(error: directory::DirectoryError) -> Self {
        match error {
            directory::DirectoryError::Database(error) => Self::Database(error),
            other => Self::Directory(other),
        }
    }

    /// What a machine cannot be told, refuses the list.
    fn of_command(error: CommandError) -> Self {
        match error {
            CommandError::Database(error) => Self::Database(error),
            CommandError::Machine(error) => Self::Machine(error),
            CommandError::Disabled(sn) => Self::Disabled(sn),
            CommandError::Refused(refusal) => Self::Refused(refusal),
            other => Self::NotThere(other.to_string()),
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Machine(error) => error.code(),
            Self::EmployeeUnknown(_) => "employee.unknown",
            Self::Exists(_) => "roster.exists",
            Self::Unknown(_) => "roster.unknown",
            Self::Pin(error) => error.code(),
            Self::NotThere(_) => "roster.not_there",
            Self::Refused(refusal) => refusal.code(),
            Self::NotClaimed { code, .. } => code,
            Self::SamePerson => "rehire.same_person",
            Self::Directory(error) => error.code(),
            Self::Disabled(_) => "machine.disabled",
            Self::PinTaken { .. } => "pin.taken",
            Self::Cursor(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }
}

/// Which entries of a list.
#[derive(Debug, Clone, Default)]
pub struct RosterFilter {
    /// Part of what somebody is found by, or of their pin.
    pub search: Option<String>,
    /// Only those this far.
    pub state: Option<EntryState>,
    /// Only those who may do this.
    pub role: Option<Role>,
    /// Only those who may identify, or who may not.
    pub enabled: Option<bool>,
    /// Only those of a department and the ones below it.
    pub department: Option<String>,
}

/// The roster of a machine, by name.
pub fn roster_list(
    conn: &rusqlite::Connection,
    sn: &Sn,
    filter: &RosterFilter,
    page: &Page,
) -> Result<Paged<Entry>, RosterError> {
    let machine = machines::expect(conn, sn)?;
    let after: Option<(String, String)> = page.after()?;
    let (rows, total) = queries::list(conn, machine.id, filter, after.as_ref(), page.probe())?;
    Ok(page.finish(rows, total, |row| (row.name.clone(), row.employee_id.as_str().to_owned())))
}

/// One entry.
pub fn roster_get(conn: &rusqlite::Connection, sn: &Sn, employee: &EmployeeId) -> Result<Entry, RosterError> {
    let machine = machines::expect(conn, sn)?;
    queries::get(conn, machine.id, employee)?.ok_or_else(|| RosterError::Unknown(employee.clone()))
}

/// The entry under a pin; numbers match by value.
pub fn roster_of_pin(conn: &rusqlite::Connection, sn: &Sn, pin: &str) -> Result<Option<Entry>, RosterError> {
    let machine = machines::expect(conn, sn)?;
    let Some(number) = pin_number(pin) else { return Ok(None) };
    Ok(queries::holder_of(conn, machine.id, number)?)
}

/// Whom a sync is for.
#[derive(Debug, Clone, Copy)]
pub enum Whom<'a> {
    /// Everybody on the list, and every number that is on the machine and on the list no more.
    Everybody,
    /// These people.
    People(&'a [EmployeeId]),
}

/// Lets the machine's next polls take along what differs between the list and what the machine has. How many entries that is.
pub fn roster_send(tx: &Tx<'_>, machine: &Machine, whom: Whom<'_>) -> Result<u64, db::Error> {
    send::mark(tx, machine, whom)
}

/// The machines for which something is to be sent.
pub fn rosters_due(conn: &rusqlite::Connection) -> Result<Vec<MachineId>, db::Error> {
    queries::machines_due(conn)
}
