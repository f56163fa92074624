use std::collections::HashSet;

use chrono::NaiveDate;
use rollcall_protocol::{Sn, WallTime, text};
use rusqlite::{Connection, OptionalExtension, params};

use super::batch::{Batch, MOST_REJECTED, Ready};
use super::{Flags, PunchFilter, PunchId, PunchTotals, QUARTERS, RejectedLine, Source};
use crate::clock::{Timestamp, from_millis};
use crate::db::{Error, Tx};
use crate::machines::{MachineId, stored_sn};

/// Stands for "the machine sent none"; in a unique index NULLs would not collide.
pub(super) const NO_STATUS: i32 = i32::MIN;

/// Stands for "there is no such thing in this dialect".
const NO_EVENT: i32 = -1;

/// Event and door in one column of the key: the door above the sixteen bits of the event's number. The first door and none are
/// the same: a machine with one door need not say so each time, and does in the other form of the event (D3).
fn event_column(event: Option<i32>, door: Option<u8>) -> i32 {
    match event {
        Some(event) if (0..=EVENT_MOST).contains(&event) => {
            event | i32::from(door.unwrap_or(1).saturating_sub(1)) << 16
        }
        Some(event) => event,
        None => NO_EVENT,
    }
}

/// The event of the column.
pub(super) fn event_of(column: i32) -> Option<i32> {
    match column {
        NO_EVENT => None,
        column if column > EVENT_MOST => Some(column & EVENT_MOST),
        column => Some(column),
    }
}

const EVENT_MOST: i32 = 0xffff;

/// Whose a punch is: at most one span of a (machine, pin) covers an instant.
pub(crate) const OWNER: &str = "s.machine_id = p.machine_id AND s.pin_number = p.pin_number
  AND s.from_at <= p.wall - p.utc_offset AND p.wall - p.utc_offset < s.to_at";

/// The widest a wall clock can be from UTC, in seconds.
pub(super) const WIDEST_OFFSET: i64 = 15 * 3600;

/// Stores a punch; `None` when it is known already.
pub(super) fn insert(
    tx: &Tx<'_>,
    machine: MachineId,
    source: Source,
    batch: &Batch,
    punch: &Ready,
    flags: Flags,
) -> Result<Option<PunchId>, Error> {
    let stored = tx
        .prepare_cached(
            "INSERT INTO punches (machine_id, pin, pin_number, wall, utc_offset, status, verify, work_code, raw, source,
               flags, received_at, kind, event, address)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
             ON CONFLICT (wall, machine_id, ifnull(pin_number, pin), status, verify, event) DO NOTHING",
        )?
        .execute(params![
            machine.0,
            punch.pin,
            punch.pin_number,
            punch.wall.seconds(),
            punch.utc_offset,
            punch.status.unwrap_or(NO_STATUS),
            punch.verify,
            punch.work_code,
            punch.raw,
            source.number(),
            flags.0,
            batch.received_at.timestamp_millis(),
            punch.kind.number(),
            event_column(punch.event, punch.door),
            batch.address,
        ])?;
    Ok((stored == 1).then(|| PunchId(tx.last_insert_rowid())))
}

/// Whether files of a machine were taken in.
pub(super) fn has_files(tx: &Tx<'_>, machine: MachineId) -> Result<bool, Error> {
    let mut statement =
        tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM punch_files WHERE machine_id = ?1)")?;
    Ok(statement.query_row([machine.0], |row| row.get(0))?)
}

/// The same punch as a file had it.
pub(super) fn of_file(tx: &Tx<'_>, machine: MachineId, punch: &Ready) -> Result<Option<PunchId>, Error> {
    let mut statement = tx.prepare_cached(
        "SELECT id FROM punches WHERE wall = ?1 AND machine_id = ?2 AND ifnull(pin_number, pin) = ifnull(?3, ?4)
           AND source = 2 LIMIT 1",
    )?;
    let key = params![punch.wall.seconds(), machine.0, punch.pin_number, punch.pin];
    Ok(statement.query_row(key, |row| row.get(0).map(PunchId)).optional()?)
}

/// Whether the same person was seen there in the same second, whatever the key and the way.
pub(super) fn same_second(conn: &Connection, machine: MachineId, punch: &Ready) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM punches WHERE wall = ?1 AND machine_id = ?2
                          AND ifnull(pin_number, pin) = ifnull(?3, ?4))",
    )?;
    let key = params![punch.wall.seconds(), machine.0, punch.pin_number, punch.pin];
    Ok(statement.query_row(key, |row| row.get(0))?)
}

/// Whether anybody's span covers a punch that is not stored.
pub(super) fn is_owned(conn: &Connection, machine: MachineId, punch: &Ready) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM spans WHERE machine_id = ?1 AND pin_number = ?2 AND from_at <= ?3 AND ?3 < to_at)",
    )?;
    let at = punch.wall.seconds() - i64::from(punch.utc_offset);
    Ok(statement.query_row(params![machine.0, punch.pin_number, at], |row| row.get(0))?)
}

/// How many of the punches just stored nobody's span covers.
pub(super) fn unmatched_between(tx: &Tx<'_>, first: PunchId, last: PunchId) -> Result<u64, Error> {
    let mut statement =
        tx.prepare_cached("SELECT count(*) FROM unmatched WHERE punch_id BETWEEN ?1 AND ?2")?;
    Ok(statement.query_row([first.0, last.0], |row| row.get(0))?)
}

/// A punch that is stored already.
pub(super) fn id_of(tx: &Tx<'_>, machine: MachineId, punch: &Ready) -> Result<Option<PunchId>, Error> {
    let mut statement = tx.prepare_cached(
        "SELECT id FROM punches WHERE wall = ?1 AND machine_id = ?2 AND ifnull(pin_number, pin) = ifnull(?3, ?4)
           AND status = ?5 AND verify = ?6 AND event = ?7",
    )?;
    let key = params![
        punch.wall.seconds(),
        machine.0,
        punch.pin_number,
        punch.pin,
        punch.status.unwrap_or(NO_STATUS),
        punch.verify,
        event_column(punch.event, punch.door),
    ];
    Ok(statement.query_row(key, |row| row.get(0).map(PunchId)).optional()?)
}

/// Lists those of the punches just stored that nobody's span covers.
pub(super) fn list_unmatched(tx: &Tx<'_>, first: PunchId, last: PunchId) -> Result<(), Error> {
    tx.prepare_cached(&format!(
        "INSERT INTO unmatched (punch_id) SELECT p.id FROM punches p WHERE p.id BETWEEN ?1 AND ?2
           AND p.kind <> 1 AND NOT EXISTS (SELECT 1 FROM spans s WHERE {OWNER})"
    ))?
    .execute([first.0, last.0])?;
    Ok(())
}

/// Brings the list of unmatched punches in line after the spans of a (machine, pin) have changed.
pub(crate) fn rematch(tx: &Tx<'_>, machine: MachineId, pin: i64) -> Result<(), Error> {
    tx.prepare_cached(&format!(
        "DELETE FROM unmatched WHERE punch_id IN (
           SELECT p.id FROM punches p JOIN spans s ON {OWNER} WHERE p.machine_id = ?1 AND p.pin_number = ?2)"
    ))?
    .execute([machine.0, pin])?;
    tx.prepare_cached(&format!(
        "INSERT OR IGNORE INTO unmatched (punch_id)
           SELECT p.id FROM punches p WHERE p.machine_id = ?1 AND p.pin_number = ?2
             AND p.kind <> 1 AND NOT EXISTS (SELECT 1 FROM spans s WHERE {OWNER})"
    ))?
    .execute([machine.0, pin])?;
    Ok(())
}

pub(super) fn count_new(
    tx: &Tx<'_>,
    machine: MachineId,
    new: usize,
    newest: Option<WallTime>,
) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE machines SET held_punches = held_punches + ?2,
           newest_wall = max(coalesce(newest_wall, ?3), coalesce(?3, newest_wall)) WHERE id = ?1",
    )?
    .execute(params![machine.0, new, newest.map(WallTime::seconds)])?;
    Ok(())
}

pub(super) fn disabled_pins(tx: &Tx<'_>, machine: MachineId) -> Result<HashSet<i64>, Error> {
    let mut statement = tx.prepare_cached(
        "SELECT pin_number FROM roster WHERE machine_id = ?1 AND pin_number IS NOT NULL AND enabled = 0",
    )?;
    let pins = statement.query_map([machine.0], |row| row.get(0))?;
    Ok(pins.collect::<Result<_, _>>()?)
}

pub(super) fn reject(
    tx: &Tx<'_>,
    machine: MachineId,
    line: &[u8],
    reason: &str,
    received_at: Timestamp,
) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT OR IGNORE INTO rejected_lines (machine_id, line, reason, received_at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![machine.0, line, reason, received_at.timestamp_millis()])?;
    Ok(())
}

pub(super) fn rejected_id(
    tx: &Tx<'_>,
    machine: MachineId,
    line: &[u8],
    reason: &str,
) -> Result<Option<i64>, Error> {
    let mut statement = tx.prepare_cached(
        "SELECT id FROM rejected_lines WHERE machine_id = ?1 AND line = ?2 AND reason = ?3",
    )?;
    Ok(statement.query_row(params![machine.0, line, reason], |row| row.get(0)).optional()?)
}

pub(super) fn bound_rejected(tx: &Tx<'_>, machine: MachineId) -> Result<(), Error> {
    tx.prepare_cached(
        "DELETE FROM rejected_lines WHERE machine_id = ?1 AND id <= (
           SELECT id FROM rejected_lines WHERE machine_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
    )?
    .execute(params![machine.0, MOST_REJECTED])?;
    Ok(())
}

pub(super) fn rejected(
    conn: &Connection,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<RejectedLine>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT r.id, m.sn, r.line, r.reason, r.received_at FROM rejected_lines r CROSS JOIN machines m ON m.id = r.machine_id
         WHERE r.id < ?1 ORDER BY r.id DESC LIMIT ?2",
    )?;
    let rows = statement.query_map(params![before.unwrap_or(i64::MAX), limit], |row| {
        let line: Vec<u8> = row.get(2)?;
        Ok(RejectedLine {
            id: row.get(0)?,
            sn: stored_sn(row, 1)?,
            line: text::decode(&line).into_owned(),
            reason: row.get(3)?,
            received_at: from_millis(row.get(4)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The row of a machine, deleted ones too: their punches can still be looked up.
pub(super) fn machine_row(conn: &Connection, sn: &Sn) -> Result<Option<i64>, Error> {
    let mut statement = conn.prepare_cached("SELECT id FROM machines WHERE sn_key = ?1")?;
    Ok(statement.query_row([sn.key()], |row| row.get(0)).optional()?)
}

/// The total of a list where a counter knows it; counting ten million rows is too slow for a screen.
pub(super) fn counted(
    conn: &Connection,
    filter: &PunchFilter,
    machine: Option<i64>,
) -> Result<Option<u64>, Error> {
    let narrow =
        filter.employee_id.is_some() || filter.pin.is_some() || filter.from.is_some() || filter.to.is_some();
    match (narrow, machine, filter.matched) {
        (false, None, None) => Ok(Some(totals(conn)?.punches)),
        (false, None, Some(false)) => Ok(Some(totals(conn)?.unmatched)),
        (false, None, Some(true)) => {
            let totals = totals(conn)?;
            let refused: u64 = conn
                .prepare_cached("SELECT count(*) FROM punches WHERE kind = 1")?
                .query_row([], |row| row.get(0))?;
            Ok(Some(totals.punches.saturating_sub(totals.unmatched).saturating_sub(refused)))
        }
        (false, Some(machine), None) => Ok(Some(
            conn.prepare_cached("SELECT held_punches FROM machines WHERE id = ?1")?
                .query_row([machine], |row| row.get(0))?,
        )),
        _ => Ok(None),
    }
}

pub(super) fn totals(conn: &Connection) -> Result<PunchTotals, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT (SELECT coalesce(sum(held_punches), 0) FROM machines), (SELECT count(*) FROM unmatched),
                (SELECT count(*) FROM rejected_lines)",
    )?;
    Ok(statement.query_row([], |row| {
        Ok(PunchTotals { punches: row.get(0)?, unmatched: row.get(1)?, rejected: row.get(2)? })
    })?)
}

pub(super) fn by_quarter(conn: &Connection, day: NaiveDate) -> Result<[u32; QUARTERS], Error> {
    let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp();
    let mut statement = conn.prepare_cached(
        "SELECT (wall - ?1) / 900, count(*) FROM punches WHERE wall >= ?1 AND wall < ?1 + 86400 AND kind <> 1 GROUP BY 1",
    )?;
    let mut rows = statement.query([midnight])?;
    let mut quarters = [0; QUARTERS];
    while let Some(row) = rows.next()? {
        if let Some(slot) = quarters.get_mut(row.get::<_, usize>(0)?) {
            *slot = row.get(1)?;
        }
    }
    Ok(quarters)
}
