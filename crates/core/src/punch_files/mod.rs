//! Punches from files: what a machine writes on a USB stick (`attlog.dat`), and tables people have made of punches.
//!
//! A file is read row by row ([`lines`], [`columns`]) and stored in writes of a few hundred rows, so that machines need not wait
//! for half a million of them. Within one machine a punch is known by its number and its second, whatever a file says of keys and
//! ways: files leave those out, or write them in another order.

mod columns;
mod lines;
mod queries;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};

use chrono_tz::Tz;
use rollcall_protocol::{Sn, WallTime};
use rusqlite::Connection;
use serde::Serialize;

pub use lines::{LINES_MOST, PunchFile};

use crate::audit::{self, Actor};
use crate::clock::{self, Timestamp};
use crate::db::{self, Tx, database_failure};
use crate::machines::{self, MachineError, MachineId};
use crate::punches::{Batch, FileKey, Ingested, punches_look, punches_take};

/// Rows stored in one write.
const AT_ONCE: usize = 500;
/// Rows nobody can read that are told of one by one.
const TOLD_MOST: usize = 1_000;

/// Why a file cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum PunchFileError {
    /// The machine is unknown.
    #[error(transparent)]
    Machine(MachineError),
    /// There is nothing in it.
    #[error("there is nothing in the file")]
    Empty,
    /// Too much is in it.
    #[error("the file has more than {LINES_MOST} lines; take it apart")]
    TooManyLines,
    /// It has no column with people's numbers, or none with times. With it come the columns it has, so that one can be chosen.
    #[error("no column is understood as {0}; say which one it is")]
    NoColumn(&'static str, Vec<(String, Option<&'static str>)>),
    /// Two columns are the same.
    #[error("the columns {0:?} and {1:?} both are {2}")]
    ColumnTwice(String, String, &'static str),
    /// The mapping names a column the file does not have.
    #[error("the file has no column {0:?}")]
    MappingHeader(String),
    /// The mapping names something that is none.
    #[error("{0:?} is nothing a column can hold: pin, time, date, clock, status, verify, workCode, or empty")]
    MappingColumn(String),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(PunchFileError);

impl From<MachineError> for PunchFileError {
    fn from(error: MachineError) -> Self {
        match error {
            MachineError::Database(error) => Self::Database(error),
            error => Self::Machine(error),
        }
    }
}

impl PunchFileError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Machine(error) => error.code(),
            Self::Empty => "punch_file.empty",
            Self::TooManyLines => "punch_file.too_many_lines",
            Self::NoColumn(..) => "punch_file.no_column",
            Self::ColumnTwice(..) => "punch_file.column_twice",
            Self::MappingHeader(_) => "punch_file.mapping_header",
            Self::MappingColumn(_) => "punch_file.mapping_column",
            Self::Database(error) => error.code(),
        }
    }
}

/// A row nobody can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedRow {
    /// Its number, from 1.
    pub row: u32,
    /// Why, as a stable code.
    pub code: &'static str,
    /// What is in it.
    pub text: String,
}

/// What a file brought, or would.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PunchFileReport {
    /// Rows with something in them, without the headers.
    pub lines: u64,
    /// Punches that are new.
    pub new: u64,
    /// Punches that were there, or are twice in the file.
    pub known: u64,
    /// Of the new ones, those nobody's number covers.
    pub unmatched: u64,
    /// Rows nobody can read.
    pub rejected: u64,
    /// The first of them.
    pub rows: Vec<RejectedRow>,
    /// The earliest and the latest punch, with the offset of the machine's zone then.
    pub span: Option<((WallTime, i32), (WallTime, i32))>,
    /// The columns of a table, and what each holds.
    pub columns: Vec<(String, Option<&'static str>)>,
}

/// A file on its way in: part by part.
#[derive(Debug)]
pub struct Taking {
    machine: MachineId,
    sn: Sn,
    zone: Tz,
    file: PunchFile,
    /// How much of it is behind us, and the number of the last row.
    at: (usize, u32),
    seen: HashSet<FileKey>,
    report: PunchFileReport,
    id: Option<i64>,
}

impl Taking {
    /// Begins with a file for a machine; nothing is written yet.
    pub fn begin(conn: &Connection, sn: &Sn, file: PunchFile) -> Result<Self, PunchFileError> {
        let machine = machines::expect(conn, sn)?;
        let report = PunchFileReport { columns: file.columns(), ..PunchFileReport::default() };
        Ok(Self {
            machine: machine.id,
            sn: machine.sn,
            zone: machine.time_zone,
            file,
            at: (0, 0),
            seen: HashSet::new(),
            report,
            id: None,
        })
    }

    /// Which machine it is for.
    pub fn sn(&self) -> &Sn {
        &self.sn
    }

    /// What has come of it so far.
    pub fn report(&self) -> &PunchFileReport {
        &self.report
    }

    /// Reads the next rows; none when it is through.
    fn next(&mut self, received_at: Timestamp) -> Option<Batch> {
        let mut batch = Batch::new(received_at);
        let mut any = false;
        for row in self.file.rows(self.at.0, self.at.1).take(AT_ONCE) {
            any = true;
            self.at = (row.next, row.number);
            self.report.lines += 1;
            match row.punch {
                Ok(punch) => {
                    let of = (punch.wall, clock::offset_at(self.zone, punch.wall));
                    let span = self.report.span.get_or_insert((of, of));
                    span.0 = span.0.min(of);
                    span.1 = span.1.max(of);
                    batch.punch(punch.lent(row.raw.as_bytes()), self.zone);
                }
                Err(code) => {
                    self.report.rejected += 1;
                    if self.report.rows.len() < TOLD_MOST {
                        let text = row.raw.chars().filter(|c| !c.is_control() || *c == '\t').take(200);
                        self.report.rows.push(RejectedRow { row: row.number, code, text: text.collect() });
                    }
                    batch.reject(row.raw.as_bytes(), code);
                }
            }
        }
        any.then_some(batch)
    }

    /// Looks at the next rows without writing anything; false when there are none.
    pub fn look(&mut self, conn: &Connection, now: Timestamp) -> Result<bool, db::Error> {
        let Some(batch) = self.next(now) else { return Ok(false) };
        let found = punches_look(conn, self.machine, &batch, &mut self.seen)?;
        self.count(found.new, found.known, found.unmatched);
        Ok(true)
    }

    /// Stores the next rows; none when there are none.
    pub fn take(&mut self, tx: &Tx<'_>, actor: &Actor) -> Result<Option<Ingested>, db::Error> {
        let id = match self.id {
            Some(id) => id,
            // From now on: a machine that sends the same meanwhile sends what is known.
            None => queries::insert(tx, self.machine, self.file.name(), actor)?,
        };
        self.id = Some(id);
        let Some(batch) = self.next(tx.now()) else {
            queries::ended(tx, id, self.report.new)?;
            self.log(tx, actor)?;
            return Ok(None);
        };
        let (stored, unmatched) = punches_take(tx, self.machine, batch)?;
        self.count(stored.new.len() as u64, stored.known as u64, unmatched);
        Ok(Some(stored))
    }

    fn count(&mut self, new: u64, known: u64, unmatched: u64) {
        self.report.new += new;
        self.report.known += known;
        self.report.unmatched += unmatched;
    }

    fn log(&self, tx: &Tx<'_>, actor: &Actor) -> Result<(), db::Error> {
        let PunchFileReport { lines, new, known, rejected, .. } = self.report;
        let logged = Logged { name: self.file.name(), lines, new, known, rejected };
        let subject = format!("machine/{}", self.sn);
        audit::record(tx, actor, "punchFile.import", &subject, None, Some(&logged))
    }
}

/// What the operation log keeps of a file.
#[derive(Serialize)]
struct Logged<'a> {
    name: &'a str,
    lines: u64,
    new: u64,
    known: u64,
    rejected: u64,
}

/// What columns hold, by their headers; empty for one that is left out.
pub type Mapping = BTreeMap<String, String>;
