//! Punches: taken from an upload, kept once, and looked up with the person they belong to.
//!
//! An upload is read outside the writer ([`Batch::parse`]), stored in one transaction ([`punch_ingest`]) and acknowledged
//! only after its commit. The same punch sent twice exists once; a line nobody can read is kept aside with its reason, and
//! does not hold up the others.

mod batch;
mod from_file;
mod list;
mod queries;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use batch::{Batch, Flag, Flags, In, Kind};
pub use from_file::{FileKey, FileLook, punches_look, punches_take};
pub(crate) use list::punches_of_ids;
pub use list::{Order, PunchFilter, PunchView, TimeBound, punch_list};
pub(crate) use queries::{OWNER, rematch};

use chrono::NaiveDate;
use rollcall_protocol::{Sn, WallTime};

use crate::clock::Timestamp;
use crate::db::{self, Tx, database_failure};
use crate::jobs::JobId;
use crate::machines::MachineId;
use crate::page::{CursorError, Page, Paged};
use crate::reuploads::{self, Catch, Caught};

/// A punch's number; later arrivals have higher ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PunchId(pub i64);

/// How a punch came here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The machine sent it by itself.
    Live,
    /// It was asked for again.
    Reupload,
    /// From a file.
    File,
}

impl Source {
    fn number(self) -> i64 {
        match self {
            Self::Live => 0,
            Self::Reupload => 1,
            Self::File => 2,
        }
    }

    fn from_number(number: i64) -> Self {
        match number {
            1 => Self::Reupload,
            2 => Self::File,
            _ => Self::Live,
        }
    }
}

/// What became of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ingested {
    /// The punches that were new.
    pub new: Vec<PunchId>,
    /// How many we had already.
    pub known: usize,
    /// How many lines were kept aside.
    pub rejected: usize,
    /// The re-upload some of it belongs to, and what followed from its end.
    pub jobs: Vec<JobId>,
}

/// Why punches could not be listed.
#[derive(Debug, thiserror::Error)]
pub enum PunchError {
    /// The cursor is not ours.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(PunchError);

impl PunchError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Cursor(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }
}

/// A line that was kept aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedLine {
    /// Its number.
    pub id: i64,
    /// The machine it came from.
    pub sn: Sn,
    /// The line, as text for eyes; the bytes are in the database.
    pub line: String,
    /// Why, as a stable code.
    pub reason: String,
    /// When it came first.
    pub received_at: Timestamp,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PunchTotals {
    /// Punches held.
    pub punches: u64,
    /// Punches nobody's span covers.
    pub unmatched: u64,
    /// Lines kept aside.
    pub rejected: u64,
}

/// Stores an upload. A replay is a success: what is known already changes nothing.
pub fn punch_ingest(
    tx: &Tx<'_>,
    machine: MachineId,
    source: Source,
    batch: &Batch,
) -> Result<Ingested, db::Error> {
    let disabled = queries::disabled_pins(tx, machine)?;
    let mut catch = Catch::of(tx, machine, batch.answers)?;
    let mut outcome = Ingested::default();
    let mut newest: Option<WallTime> = None;
    let mut new = Vec::new();
    let of_files = source != Source::File && queries::has_files(tx, machine)?;
    for punch in &batch.punches {
        let source = catch.as_ref().and_then(|catch| catch.source(punch.wall)).unwrap_or(source);
        let mut flags = punch.flags;
        if punch.pin_number.is_some_and(|pin| disabled.contains(&pin)) {
            flags.set(Flag::DisabledPerson);
        }
        // What is asked for again may be of a time when the clock was right.
        if batch.is_clock_off() && source == Source::Live {
            flags.set(Flag::ClockOff);
        }
        // What a file brought is this one, though the file may have said less of it.
        let of_file = if of_files { queries::of_file(tx, machine, punch)? } else { None };
        let stored = match of_file {
            Some(_) => None,
            None => queries::insert(tx, machine, source, batch, punch, flags)?,
        };
        match stored {
            Some(id) => {
                outcome.new.push(id);
                new.push(punch.wall);
                // A clock that ran ahead must not hide that later punches are missing.
                if !flags.has(Flag::Future) {
                    newest = newest.max(Some(punch.wall));
                }
            }
            None => outcome.known += 1,
        }
        // Who was refused at a door was there, and made no punch.
        if let Some(catch) = catch.as_mut().filter(|_| punch.kind != Kind::Refused)
            && let Some(id) =
                stored.or(of_file).map_or_else(|| queries::id_of(tx, machine, punch), |id| Ok(Some(id)))?
        {
            let (wall, offset, pin) = (punch.wall, punch.utc_offset, punch.pin_number);
            catch.punch(tx, Caught { id: id.0, wall, offset, pin, is_new: stored.is_some() })?;
        }
    }
    if let (Some(first), Some(last)) = (outcome.new.first(), outcome.new.last()) {
        queries::list_unmatched(tx, *first, *last)?;
        queries::count_new(tx, machine, outcome.new.len(), newest)?;
        reuploads::filled(tx, machine, new.into_iter())?;
    }
    for line in &batch.rejected {
        queries::reject(tx, machine, &line.raw, line.reason, batch.received_at)?;
        if let Some(catch) = &mut catch
            && let Some(id) = queries::rejected_id(tx, machine, &line.raw, line.reason)?
        {
            catch.rejected(tx, id, batch.punches.is_empty())?;
        }
    }
    if !batch.rejected.is_empty() {
        queries::bound_rejected(tx, machine)?;
    }
    outcome.rejected = batch.rejected.len();
    if let Some(catch) = catch
        && catch.finish(tx)?.is_some()
    {
        outcome.jobs = reuploads::reuploads_follow(tx, machine)?;
    }
    Ok(outcome)
}

/// The lines kept aside, newest first.
pub fn rejected_list(conn: &rusqlite::Connection, page: &Page) -> Result<Paged<RejectedLine>, PunchError> {
    let after: Option<i64> = page.after()?;
    let rows = queries::rejected(conn, after, page.probe())?;
    Ok(page.finish(rows, queries::totals(conn)?.rejected, |row| row.id))
}

/// How many there are of everything.
pub fn punch_totals(conn: &rusqlite::Connection) -> Result<PunchTotals, db::Error> {
    queries::totals(conn)
}

/// Quarter hours of a day.
pub const QUARTERS: usize = 96;

/// Punches of a day by quarter hour, by the machines' own clocks.
pub fn punches_by_quarter(conn: &rusqlite::Connection, day: NaiveDate) -> Result<[u32; QUARTERS], db::Error> {
    queries::by_quarter(conn, day)
}
