//! Which days lack punches: how many of a day a machine says it holds, beside how many we hold.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rollcall_protocol::{Dialect, Sn, WallTime};
use rusqlite::{Connection, OptionalExtension, params};

use super::{ReuploadError, queries, rule};
use crate::clock::{Timestamp, date_in, from_millis};
use crate::db::{self, Tx};
use crate::machines::{self, MachineId};

/// A day of one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapDay {
    /// By the machine's clock.
    pub date: NaiveDate,
    /// How many it says it holds; none: it was not asked.
    pub theirs: Option<i64>,
    /// How many we hold.
    pub ours: i64,
    /// When it was asked.
    pub checked_at: Option<Timestamp>,
    /// It says it holds more than we did, of the same stretch.
    pub missing: bool,
}

/// Days of one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gaps {
    /// The days, in order.
    pub days: Vec<GapDay>,
    /// Whether it can say how many it holds of a day, as far as is known.
    pub supported: bool,
    /// When any of its days was asked about last.
    pub last_checked_at: Option<Timestamp>,
}

/// What is known of the days of a machine.
pub fn gaps(
    conn: &Connection,
    sn: &Sn,
    from: NaiveDate,
    to: NaiveDate,
    now: Timestamp,
) -> Result<Gaps, ReuploadError> {
    let machine = machines::expect(conn, sn)?;
    let today = date_in(machine.time_zone, now);
    // Days to come are no mistake here: there is nothing in them.
    let days = rule::days(from, to, today.max(to))?;
    let (first, last) = (rule::midnight(from), rule::midnight(to) + rule::DAY - 1);
    let held = held_by_day(conn, machine.id, first, last)?;
    let asked: BTreeMap<_, _> =
        stored(conn, machine.id, from, to)?.into_iter().map(|day| (day.date, day)).collect();
    let days = days
        .into_iter()
        .map(|date| {
            let asked = asked.get(&date);
            GapDay {
                date,
                theirs: asked.map(|day| day.theirs),
                ours: held.get(&date).copied().unwrap_or_default(),
                checked_at: asked.map(|day| day.checked_at),
                missing: asked.is_some_and(Stored::is_missing),
            }
        })
        .collect();
    let means = machines::means_of(&machine, machine.dialect.unwrap_or(Dialect::Attendance), now);
    let (_, counts) = queries::known_ways(conn, machine.id)?;
    let may_count = match (machine.dialect, &machine.protocol_version) {
        (Some(dialect), Some(_)) => rule::may_count(dialect, means.generation),
        // Of a machine that has never shaken hands nobody knows yet.
        (dialect, _) => dialect.is_none_or(|dialect| dialect == Dialect::Attendance),
    };
    let supported = may_count && counts != Some(false);
    Ok(Gaps { days, supported, last_checked_at: last_checked(conn, machine.id)? })
}

fn last_checked(conn: &Connection, machine: MachineId) -> Result<Option<Timestamp>, db::Error> {
    let mut statement = conn.prepare_cached("SELECT max(checked_at) FROM gap_days WHERE machine_id = ?1")?;
    Ok(statement.query_row([machine.0], |row| row.get::<_, Option<i64>>(0))?.map(from_millis))
}

/// Number by number, so that it is a walk over what this machine holds of those days and nothing else: the index of all
/// punches begins with the time, of all machines.
pub(super) const OF_MACHINE: &str = "
  WITH RECURSIVE pins (pin) AS (
    SELECT min(pin_number) FROM punches WHERE machine_id = ?1 AND pin_number IS NOT NULL
    UNION ALL
    SELECT (SELECT min(p.pin_number) FROM punches p WHERE p.machine_id = ?1 AND p.pin_number > pins.pin) FROM pins
    WHERE pins.pin IS NOT NULL),
  walls (wall) AS (
    SELECT p.wall FROM pins CROSS JOIN punches p ON p.machine_id = ?1 AND p.pin_number = pins.pin
      AND p.wall BETWEEN ?2 AND ?3 WHERE pins.pin IS NOT NULL
    UNION ALL
    SELECT p.wall FROM punches p WHERE p.machine_id = ?1 AND p.pin_number IS NULL AND p.wall BETWEEN ?2 AND ?3)";

/// How many punches of a stretch we hold.
pub(super) fn held(conn: &Connection, machine: MachineId, from: i64, to: i64) -> Result<i64, db::Error> {
    let mut statement = conn.prepare_cached(&format!("{OF_MACHINE} SELECT count(*) FROM walls"))?;
    Ok(statement.query_row([machine.0, from, to], |row| row.get(0))?)
}

fn held_by_day(
    conn: &Connection,
    machine: MachineId,
    from: i64,
    to: i64,
) -> Result<BTreeMap<NaiveDate, i64>, db::Error> {
    let mut statement =
        conn.prepare_cached(&format!("{OF_MACHINE} SELECT wall / 86400, count(*) FROM walls GROUP BY 1"))?;
    let rows = statement.query_map([machine.0, from, to], |row| {
        Ok((rule::date_of(row.get::<_, i64>(0)?.saturating_mul(rule::DAY)), row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A day a machine was asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) date: NaiveDate,
    pub(super) theirs: i64,
    /// As of then, and of what has come since of the same stretch.
    pub(super) ours: i64,
    checked_at: Timestamp,
}

impl Stored {
    pub(super) fn is_missing(&self) -> bool {
        self.theirs > self.ours
    }
}

fn stored(
    conn: &Connection,
    machine: MachineId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Stored>, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT date, theirs, ours, checked_at FROM gap_days WHERE machine_id = ?1 AND date BETWEEN ?2 AND ?3 ORDER BY date",
    )?;
    let rows = statement.query_map(params![machine.0, from.to_string(), to.to_string()], |row| {
        let date: String = row.get(0)?;
        Ok(Stored {
            date: date.parse().unwrap_or_default(),
            theirs: row.get(1)?,
            ours: row.get(2)?,
            checked_at: from_millis(row.get(3)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The days of a list that were asked about.
pub(super) fn of_days(
    conn: &Connection,
    machine: MachineId,
    days: &[NaiveDate],
) -> Result<Vec<Stored>, db::Error> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(Vec::new()) };
    let mut stored = stored(conn, machine, *first, *last)?;
    stored.retain(|day| days.binary_search(&day.date).is_ok());
    Ok(stored)
}

/// Writes down how many punches of a day a machine says it holds.
pub(super) fn note(
    tx: &Tx<'_>,
    machine: MachineId,
    from: i64,
    until: i64,
    theirs: i64,
) -> Result<(), db::Error> {
    let ours = held(tx, machine, from, until)?;
    tx.prepare_cached(
        "INSERT INTO gap_days (machine_id, date, theirs, ours, to_wall, checked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (machine_id, date) DO UPDATE SET theirs = ?3, ours = ?4, to_wall = ?5, checked_at = ?6",
    )?
    .execute(params![
        machine.0,
        rule::date_of(from).to_string(),
        theirs,
        ours,
        until,
        tx.now().timestamp_millis()
    ])?;
    Ok(())
}

/// Punches have come: those of a day that lacked some fill it.
pub(crate) fn filled(
    tx: &Tx<'_>,
    machine: MachineId,
    walls: impl Iterator<Item = WallTime>,
) -> Result<(), db::Error> {
    let mut open =
        tx.prepare_cached("SELECT 1 FROM gap_days WHERE machine_id = ?1 AND theirs > ours LIMIT 1")?;
    if open.query_row([machine.0], |_| Ok(())).optional()?.is_none() {
        return Ok(());
    }
    let mut fill = tx.prepare_cached(
        "UPDATE gap_days SET ours = ours + 1 WHERE machine_id = ?1 AND date = ?2 AND theirs > ours AND to_wall >= ?3",
    )?;
    for wall in walls {
        fill.execute(params![machine.0, rule::date_of(wall.seconds()).to_string(), wall.seconds()])?;
    }
    Ok(())
}
