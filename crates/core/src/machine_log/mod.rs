//! What was done at a machine, and what happened to it: its own log, kept once however often it is sent.
//!
//! Codes are kept as sent, unknown ones too (attendance-push §8.1): a machine whose line is refused repeats it for ever.

mod queries;
#[cfg(test)]
mod tests;

use rollcall_protocol::{Sn, WallTime};
use rusqlite::Connection;

use crate::clock::Timestamp;
use crate::db::{self, Tx};
use crate::machines::{self, MachineId};
use crate::page::{ListError, Page, Paged};

/// Lines kept for one machine; the oldest arrivals go first.
pub const MOST_PER_MACHINE: i64 = 20_000;

/// Something that happened at a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineEvent {
    /// When, by its clock, if it says.
    pub wall: Option<WallTime>,
    /// Seconds east of UTC that its zone had then.
    pub utc_offset: i32,
    /// What, as a number of its dialect.
    pub code: i32,
    /// Who did it: a pin of that machine, or nobody.
    pub operator: String,
    /// To what; the meaning follows from the code.
    pub objects: Vec<String>,
    /// `operation`, `door`, `alarm`, `error` or `enrolment`.
    pub kind: &'static str,
    /// The line as sent. It lies in clear, so never one with a template or a password in it.
    pub raw: Vec<u8>,
}

/// A line of a machine's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineEventView {
    /// Its number; later arrivals have higher ones.
    pub id: i64,
    /// When, by the machine's clock, if it said.
    pub wall: Option<WallTime>,
    /// Seconds east of UTC that the machine's zone had then.
    pub utc_offset: i32,
    /// What, as a number of the dialect.
    pub code: i32,
    /// Who did it.
    pub operator: String,
    /// To what.
    pub objects: Vec<String>,
    /// `operation`, `door`, `alarm`, `error` or `enrolment`.
    pub kind: String,
    /// When it came here.
    pub received_at: Timestamp,
}

/// Writes down what is new. How many were.
pub fn machine_events_add(
    tx: &Tx<'_>,
    machine: MachineId,
    events: &[MachineEvent],
) -> Result<usize, db::Error> {
    let mut new = 0;
    for event in events {
        new += usize::from(queries::insert(tx, machine, event)?);
    }
    if new > 0 {
        queries::bound(tx, machine)?;
    }
    Ok(new)
}

/// A machine's log, the newest arrival first, which no wrong clock disturbs.
pub fn machine_events(conn: &Connection, sn: &Sn, page: &Page) -> Result<Paged<MachineEventView>, ListError> {
    let machine = machines::expect(conn, sn)?.id;
    let before: Option<i64> = page.after()?;
    let rows = queries::before(conn, machine, before, page.probe())?;
    Ok(page.finish(rows, queries::count(conn, machine)?, |row| row.id))
}
