use rollcall_protocol::WallTime;
use rusqlite::{Connection, params};

use super::{MOST_PER_MACHINE, MachineEvent, MachineEventView};
use crate::clock::from_millis;
use crate::db::{Error, Tx};
use crate::machines::MachineId;
use crate::text::as_said;

/// Stands for "the machine sent none"; in a unique index NULLs would not collide.
const NO_WALL: i64 = i64::MIN;
/// Bytes kept of a line.
const RAW_MOST: usize = 1024;
/// Texts kept of a line; the longest known has four.
const OBJECTS_MOST: usize = 16;

/// Stores a line; whether it is new.
pub(super) fn insert(tx: &Tx<'_>, machine: MachineId, event: &MachineEvent) -> Result<bool, Error> {
    let objects: Vec<_> = event.objects.iter().take(OBJECTS_MOST).map(|object| as_said(object)).collect();
    let stored = tx
        .prepare_cached(
            "INSERT INTO machine_events (machine_id, wall, utc_offset, code, operator, objects, kind, raw, received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (machine_id, wall, code, operator, objects, kind) DO NOTHING",
        )?
        .execute(params![
            machine.0,
            event.wall.map_or(NO_WALL, WallTime::seconds),
            event.utc_offset,
            event.code,
            as_said(&event.operator),
            serde_json::to_string(&objects).unwrap_or_default(),
            event.kind,
            event.raw.get(..RAW_MOST).unwrap_or(&event.raw),
            tx.now().timestamp_millis(),
        ])?;
    Ok(stored == 1)
}

pub(super) fn bound(tx: &Tx<'_>, machine: MachineId) -> Result<(), Error> {
    tx.prepare_cached(
        "DELETE FROM machine_events WHERE machine_id = ?1 AND id <= (
           SELECT id FROM machine_events WHERE machine_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
    )?
    .execute(params![machine.0, MOST_PER_MACHINE])?;
    Ok(())
}

pub(super) const BEFORE: &str = "
  SELECT id, wall, utc_offset, code, operator, objects, kind, received_at FROM machine_events
  WHERE machine_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";

pub(super) fn before(
    conn: &Connection,
    machine: MachineId,
    id: Option<i64>,
    limit: i64,
) -> Result<Vec<MachineEventView>, Error> {
    let mut statement = conn.prepare_cached(BEFORE)?;
    let rows = statement.query_map(params![machine.0, id.unwrap_or(i64::MAX), limit], |row| {
        Ok(MachineEventView {
            id: row.get(0)?,
            wall: Some(row.get(1)?).filter(|wall| *wall != NO_WALL).map(WallTime::from_seconds),
            utc_offset: row.get(2)?,
            code: row.get(3)?,
            operator: row.get(4)?,
            objects: serde_json::from_str(&row.get::<_, String>(5)?).unwrap_or_default(),
            kind: row.get(6)?,
            received_at: from_millis(row.get(7)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn count(conn: &Connection, machine: MachineId) -> Result<u64, Error> {
    let mut statement = conn.prepare_cached("SELECT count(*) FROM machine_events WHERE machine_id = ?1")?;
    Ok(statement.query_row([machine.0], |row| row.get(0))?)
}
