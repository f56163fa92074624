//! Asking a machine for the punches of past days once more, and finding out which days lack some (rule 6.7).
//!
//! Both are jobs that follow the machine's polls: a poll takes the next question along ([`feed`]), the machine's answer and its
//! uploads are noted in the transaction that stores them ([`answers`], [`Catch`]), and a stretch is through when everything the
//! machine said it holds is here, or when it has polled again without uploading anything ([`rule`]). So they survive whatever
//! happens to the program, and wait for a machine that is away. What a machine understands differs; [`rule`] knows the ways, and
//! a machine that refuses one is asked in the next.

mod absence;
mod answers;
mod catch;
mod end;
mod feed;
mod gaps;
mod queries;
mod rule;
mod start;
#[cfg(test)]
mod tests;

pub use absence::{ABSENCE, Absence, absence_look, absence_note};
pub(crate) use answers::command_ended;
pub use catch::Answers;
pub(crate) use catch::{Catch, Caught};
pub(crate) use end::cancelled;
pub use end::{reuploads_follow, reuploads_offline, reuploads_sweep};
pub(crate) use feed::{feed, is_resending};
pub use feed::{reuploads_resending, reuploads_told};
pub(crate) use gaps::filled;
pub use gaps::{GapDay, Gaps, gaps};
pub use rule::{DAYS_MOST, DaysError, Way};
pub use start::{Asked, gap_check, reupload};

use crate::commands::Command;
use crate::db::{self, database_failure};
use crate::machines::{MachineError, MachineId};
use rollcall_protocol::Sn;
use serde::Serialize;

/// What a job is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Reupload,
    GapCheck,
}

impl What {
    fn name(self) -> &'static str {
        match self {
            Self::Reupload => crate::jobs::REUPLOAD,
            Self::GapCheck => crate::jobs::GAP_CHECK,
        }
    }

    fn from_name(name: &str) -> Self {
        if name == Self::GapCheck.name() { Self::GapCheck } else { Self::Reupload }
    }
}

/// How far a stretch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PartState {
    /// Not asked for yet.
    Waiting,
    /// Asked for.
    Asked,
    /// The result has come; punches may still.
    Answered,
    /// All has come.
    Done,
    /// The machine could not.
    Failed,
}

impl PartState {
    const ALL: [Self; 5] = [Self::Waiting, Self::Asked, Self::Answered, Self::Done, Self::Failed];

    fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Asked => "asked",
            Self::Answered => "answered",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.name() == name).unwrap_or(Self::Failed)
    }

    fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed)
    }

    /// Asked for, and not through.
    fn is_out(self) -> bool {
        matches!(self, Self::Asked | Self::Answered)
    }
}

/// What has come of a re-upload: punches of the stretches that were asked for, each counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// All of them.
    pub received: u64,
    /// Of those who were asked for, those we did not have.
    pub new: u64,
    /// And those we had.
    pub known: u64,
    /// Those of other people, stored all the same.
    pub others: u64,
    /// Lines that came once more.
    pub repeated: u64,
    /// Lines nobody can read.
    pub rejected: u64,
    /// Punches of other times, which came all the same.
    #[serde(skip)]
    pub outside: u64,
}

/// Why punches cannot be asked for.
#[derive(Debug, thiserror::Error)]
pub enum ReuploadError {
    /// The machine is unknown.
    #[error(transparent)]
    Machine(MachineError),
    /// A disabled machine is told nothing.
    #[error("{0} is disabled; enable it before asking for its punches")]
    Disabled(Sn),
    /// The days make no sense.
    #[error(transparent)]
    Days(#[from] DaysError),
    /// The list of people is empty.
    #[error("ask for the punches of somebody, or leave the list out to ask for everybody's")]
    Nobody,
    /// None of the days is known to lack punches.
    #[error("none of these days is known to lack punches; ask the machine how many it holds first")]
    NothingMissing,
    /// No such employee.
    #[error("there is nobody with the id {0}")]
    EmployeeUnknown(String),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(ReuploadError);

impl From<MachineError> for ReuploadError {
    fn from(error: MachineError) -> Self {
        match error {
            MachineError::Database(error) => Self::Database(error),
            error => Self::Machine(error),
        }
    }
}

impl ReuploadError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Machine(error) => error.code(),
            Self::Disabled(_) => "machine.disabled",
            Self::Days(error) => error.code(),
            Self::Nobody => "reupload.nobody",
            Self::NothingMissing => "reupload.nothing_missing",
            Self::EmployeeUnknown(_) => "employee.unknown",
            Self::Database(error) => error.code(),
        }
    }
}

/// Whether the end of a command may be the end of such a job.
pub fn asks_for_punches(command: &Command) -> bool {
    matches!(command.kind.as_str(), "readPunches" | "countPunches" | "countAllPunches" | "checkAll")
}

/// Whether a machine has something to be asked, so that its polls are worth a look.
pub(crate) fn is_due(conn: &rusqlite::Connection, machine: MachineId) -> Result<bool, db::Error> {
    queries::is_open(conn, machine)
}

/// The machines that have something to be asked.
pub(crate) fn machines_due(conn: &rusqlite::Connection) -> Result<Vec<MachineId>, db::Error> {
    queries::open_machines(conn)
}
