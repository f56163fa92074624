//! Work that runs later or in the background, with a log one can read.
//!
//! A job is a row, so it survives the program: what waits, waits on; what was being worked on when the program ended is
//! begun again, because the lease that said so ends with the next start ([`jobs_begin`]). Whoever works on a kind of job takes the
//! next one with [`jobs_take`], writes what it does and how far it is, and ends it; what fails for a reason that may pass is
//! put back ([`job_retry`]), each time for longer. A kind that is followed from elsewhere (a machine's confirmations) needs
//! no lease: it is only written by whoever follows it.

mod backoff;
mod queries;
#[cfg(test)]
mod tests;

use std::time::Duration;

use serde::Serialize;
use serde_json::Value;

pub use backoff::MOST_TRIES;
#[cfg(test)]
pub(crate) use queries::TAKE;

use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::db::{self, Tx, database_failure};
use crate::machines::MachineId;
use crate::page::{CursorError, Page, Paged};
use crate::{reuploads, roster};
use rollcall_protocol::Sn;

/// The number of a job; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct JobId(pub i64);

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// Nobody works on it yet, or not right now.
    Waiting,
    /// Somebody works on it, or something is under way.
    Running,
    /// It has stopped and goes on when somebody says yes.
    NeedsConfirmation,
    /// It did what it was for.
    Done,
    /// It could not.
    Failed,
    /// Somebody did not want it any more.
    Cancelled,
}

impl JobState {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Running, Self::NeedsConfirmation, Self::Done, Self::Failed, Self::Cancelled];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::NeedsConfirmation => "needsConfirmation",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a name; one that is none of ours is of a job that went wrong.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.name() == name).unwrap_or(Self::Failed)
    }

    /// Whether nothing more happens to it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// How much a line of a job's log matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// As it should be.
    Info,
    /// Somebody may want to look.
    Warning,
    /// It went wrong.
    Error,
}

impl Level {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Error];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|level| level.name() == name).unwrap_or(Self::Info)
    }
}

/// A job and what has become of it so far.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its number.
    pub id: JobId,
    /// What kind of work it is.
    pub kind: String,
    /// The machine it is about.
    pub machine: Option<MachineId>,
    /// That machine's serial number; of a deleted one, too.
    pub sn: Option<Sn>,
    /// What people call that machine.
    pub machine_name: Option<String>,
    /// What it is to do, in the terms of its kind.
    pub params: Value,
    /// How far it is.
    pub state: JobState,
    /// How much of [`Job::total`] is done, in the units of its kind.
    pub done: u64,
    /// How much there is; 0 while that is not known.
    pub total: u64,
    /// What came of it, in the terms of its kind.
    pub result: Option<Value>,
    /// Who wanted it.
    pub who: String,
    /// How often it was begun.
    pub tries: u32,
    /// When it was wanted.
    pub created_at: Timestamp,
    /// When it was first begun.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// When it is worth another look.
    pub next_at: Option<Timestamp>,
    /// Whether somebody said yes.
    pub confirmed: bool,
    /// Whether somebody wants it to stop, and whoever works on it has not noticed yet.
    pub cancel_wanted: bool,
    /// Whether somebody works on it under a lease.
    leased: bool,
}

/// One line of a job's log.
#[derive(Debug, Clone, PartialEq)]
pub struct JobLine {
    /// When.
    pub time: Timestamp,
    /// How much it matters.
    pub level: Level,
    /// What happened, as a stable code.
    pub code: String,
    /// The names and counts the code's text speaks of: a JSON object.
    pub detail: Value,
}

/// Which jobs to list.
#[derive(Debug, Clone, Default)]
pub struct JobFilter {
    /// Only those this far.
    pub state: Option<JobState>,
    /// Only those of this kind.
    pub kind: Option<String>,
    /// Only those of this machine.
    pub sn: Option<Sn>,
}

/// Why something about a job was refused.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// No such job.
    #[error("there is no job {0}")]
    Unknown(i64),
    /// It has ended.
    #[error("the job has ended; there is nothing to cancel")]
    NotOpen,
    /// It waits for no yes.
    #[error("the job does not wait for a confirmation")]
    NothingToConfirm,
    /// The cursor is not ours.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(JobError);

impl JobError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "job.unknown",
            Self::NotOpen => "job.not_open",
            Self::NothingToConfirm => "job.nothing_to_confirm",
            Self::Cursor(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }
}

/// The kind of a job that sends a roster to its machine.
pub const ROSTER_SYNC: &str = "rosterSync";
/// The kind of a job that looks at a machine's dispatch rule.
pub const DISPATCH_RUN: &str = "dispatchRun";
/// The kind of a job that reads a machine's people back.
pub const READ_BACK: &str = "readBack";
/// The kind of a job that has a machine send punches again.
pub const REUPLOAD: &str = "reupload";
/// The kind of a job that compares how many punches a machine holds with how many we do.
pub const GAP_CHECK: &str = "gapCheck";

/// The kind of a job that judges days anew.
pub const ATTENDANCE_RECOMPUTE: &str = "attendanceRecompute";

/// Lines of its log that are kept of a job.
pub const LINES_MOST: i64 = 5000;
/// Lines that are shown of a job.
pub const LINES_SHOWN: i64 = 1000;
/// Ended jobs that are kept of one kind and one machine: what happens every night does not push out what happens once a year.
pub const ENDED_MOST_PER_MACHINE: i64 = 100;
/// Ended jobs that are kept at all.
pub const ENDED_MOST: i64 = 20_000;

/// What the operation log keeps of a job.
#[derive(Serialize)]
struct Logged<'a> {
    kind: &'a str,
    state: &'static str,
}

impl<'a> From<&'a Job> for Logged<'a> {
    fn from(job: &'a Job) -> Self {
        Self { kind: &job.kind, state: job.state.name() }
    }
}

fn subject(id: JobId) -> String {
    format!("job/{}", id.0)
}

/// Adds a job that waits.
pub fn job_add(
    tx: &Tx<'_>,
    actor: &Actor,
    kind: &'static str,
    machine: Option<MachineId>,
    params: &impl Serialize,
) -> Result<Job, db::Error> {
    // Values of ours only; one that will not become JSON leaves the job without any rather than without itself.
    let params = serde_json::to_value(params).unwrap_or(Value::Null);
    queries::insert(tx, actor, kind, machine, &params)
}

/// One job.
pub fn job_get(conn: &rusqlite::Connection, id: JobId) -> Result<Option<Job>, db::Error> {
    queries::get(conn, id)
}

fn expect(conn: &rusqlite::Connection, id: JobId) -> Result<Job, JobError> {
    job_get(conn, id)?.ok_or(JobError::Unknown(id.0))
}

/// The jobs a filter leaves, newest first.
pub fn job_list(
    conn: &rusqlite::Connection,
    filter: &JobFilter,
    page: &Page,
) -> Result<Paged<Job>, JobError> {
    let after: Option<i64> = page.after()?;
    let (rows, total) = queries::list(conn, filter, after, page.probe())?;
    Ok(page.finish(rows, total, |job| job.id.0))
}

/// Writes a line of a job's log; the oldest go when there are too many.
pub fn job_log(tx: &Tx<'_>, id: JobId, level: Level, code: &str, detail: Value) -> Result<(), db::Error> {
    queries::log(tx, id, level, code, &detail)
}

/// A job's log, oldest first: its newest [`LINES_SHOWN`] lines.
pub fn job_log_list(conn: &rusqlite::Connection, id: JobId) -> Result<Vec<JobLine>, db::Error> {
    queries::log_list(conn, id)
}

/// Writes down how far a job is; whoever works on it under a lease has it for as long again.
pub fn job_progress(tx: &Tx<'_>, id: JobId, done: u64, total: u64) -> Result<(), db::Error> {
    queries::progress(tx, id, done, total)
}

/// Puts a job that has not ended into another state; a final one is for [`job_end`].
pub fn job_set_state(tx: &Tx<'_>, id: JobId, state: JobState) -> Result<(), db::Error> {
    queries::set_state(tx, id, state)
}

/// Says when a job is worth another look; none when nothing is to be waited for.
pub fn job_set_next(tx: &Tx<'_>, id: JobId, next_at: Option<Timestamp>) -> Result<(), db::Error> {
    queries::set_next(tx, id, next_at)
}

/// Writes down what a job has come to so far.
pub fn job_set_result(tx: &Tx<'_>, id: JobId, result: &Value) -> Result<(), db::Error> {
    queries::set_result(tx, id, result)
}

/// Ends a job; one that has ended stays as it is. Old ones go, so that there is room.
pub fn job_end(tx: &Tx<'_>, id: JobId, state: JobState, result: Option<Value>) -> Result<(), db::Error> {
    if queries::end(tx, id, state, result.as_ref())? {
        queries::prune(tx, id)?;
    }
    Ok(())
}

/// The jobs of a kind that have not ended, oldest first; of one machine, or of all.
pub fn jobs_open_of(
    conn: &rusqlite::Connection,
    kind: &str,
    machine: Option<MachineId>,
) -> Result<Vec<Job>, db::Error> {
    queries::open_of(conn, kind, machine)
}

/// The jobs of a kind and a machine that ended at or after an instant.
pub(crate) fn jobs_ended_since(
    conn: &rusqlite::Connection,
    kind: &str,
    machine: MachineId,
    since: Timestamp,
) -> Result<Vec<Job>, db::Error> {
    queries::ended_since(conn, kind, machine, since)
}

/// Ends a job that nobody wants any more: at once when nobody is at it, else as soon as whoever is notices.
pub fn job_cancel(tx: &Tx<'_>, actor: &Actor, id: JobId) -> Result<Job, JobError> {
    let before = expect(tx, id)?;
    if before.state.is_final() {
        return Err(JobError::NotOpen);
    }
    if before.leased {
        queries::want_cancelled(tx, id)?;
    } else {
        cancel_now(tx, &before)?;
    }
    let after = expect(tx, id)?;
    let (old, new) = (Logged::from(&before), Logged::from(&after));
    audit::record_always(tx, actor, "job.cancel", &subject(id), &old, &new)?;
    Ok(after)
}

fn cancel_now(tx: &Tx<'_>, job: &Job) -> Result<(), db::Error> {
    if job.kind == ROSTER_SYNC {
        roster::sync_cancelled(tx, job)?;
    }
    if matches!(job.kind.as_str(), REUPLOAD | GAP_CHECK) {
        reuploads::cancelled(tx, job)?;
    }
    job_end(tx, job.id, JobState::Cancelled, job.result.clone())
}

/// Cancels what has not ended of a machine that is being deleted.
pub(crate) fn jobs_cancel_of(tx: &Tx<'_>, machine: MachineId) -> Result<(), db::Error> {
    for job in queries::open_of_machine(tx, machine)? {
        match job.leased {
            true => queries::want_cancelled(tx, job.id)?,
            false => cancel_now(tx, &job)?,
        }
    }
    Ok(())
}

/// Says yes to a job that waits for it; it goes on.
pub fn job_confirm(tx: &Tx<'_>, actor: &Actor, id: JobId) -> Result<Job, JobError> {
    let before = expect(tx, id)?;
    if before.state != JobState::NeedsConfirmation {
        return Err(JobError::NothingToConfirm);
    }
    queries::confirm(tx, id)?;
    job_log(tx, id, Level::Info, "job.confirmed", serde_json::json!({ "who": actor.as_str() }))?;
    let after = expect(tx, id)?;
    let (old, new) = (Logged::from(&before), Logged::from(&after));
    audit::record(tx, actor, "job.confirm", &subject(id), Some(&old), Some(&new))?;
    Ok(after)
}

/// Takes back what a program that has ended was working on, of the kinds of whoever begins: nobody holds a lease at the start.
/// How many jobs that was.
pub fn jobs_begin(tx: &Tx<'_>, kinds: &[&str]) -> Result<u64, db::Error> {
    queries::end_leases(tx, kinds)
}

/// Takes the next job of one of these kinds whose time has come, for so long; progress prolongs it.
pub fn jobs_take(tx: &Tx<'_>, kinds: &[&str], lease: Duration) -> Result<Option<Job>, db::Error> {
    queries::take(tx, kinds, lease)
}

/// When the next job of one of these kinds is worth a look; none when none waits.
pub fn jobs_next(conn: &rusqlite::Connection, kinds: &[&str]) -> Result<Option<Timestamp>, db::Error> {
    queries::next(conn, kinds)
}

/// Stops a job until somebody says yes, with what there is to say yes to; a yes of before does not count any more.
pub fn job_ask(tx: &Tx<'_>, id: JobId, result: &Value) -> Result<(), db::Error> {
    queries::ask(tx, id, result)
}

/// Puts a job back that could not be done for a reason that may pass; each time for longer, and after [`MOST_TRIES`] for good.
pub fn job_retry(tx: &Tx<'_>, job: &Job, code: &str, detail: Value) -> Result<(), db::Error> {
    match backoff::after(job.tries) {
        Some(pause) => {
            job_log(tx, job.id, Level::Warning, code, detail)?;
            queries::put_back(tx, job.id, tx.now() + pause)
        }
        None => {
            job_log(tx, job.id, Level::Error, code, detail)?;
            job_end(tx, job.id, JobState::Failed, None)
        }
    }
}
