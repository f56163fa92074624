use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Rotation;
use crate::db::{Error, Tx};
use crate::schedule::assignments::{Stretched, stretched};
use crate::schedule::shift::ShiftId;

pub(in crate::schedule) fn steps(text: &str) -> Vec<Option<ShiftId>> {
    serde_json::from_str(text).unwrap_or_default()
}

fn rotation(row: &Row<'_>) -> rusqlite::Result<Rotation> {
    Ok(Rotation { id: row.get(0)?, name: row.get(1)?, steps: steps(row.get_ref(2)?.as_str()?) })
}

pub(in crate::schedule) fn get(conn: &Connection, id: &str) -> Result<Option<Rotation>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT id, name, steps FROM rotations WHERE id = ?1 AND removed_at IS NULL")?;
    Ok(statement.query_row([id], rotation).optional()?)
}

pub(super) fn list(
    conn: &Connection,
    after: Option<&(String, String)>,
    limit: i64,
) -> Result<(Vec<Rotation>, u64), Error> {
    let (name, id) = after.map_or(("", ""), |(name, id)| (name.as_str(), id.as_str()));
    let mut statement = conn.prepare_cached(
        "SELECT id, name, steps FROM rotations WHERE removed_at IS NULL AND (name, id) > (?1, ?2)
         ORDER BY name, id LIMIT ?3",
    )?;
    let rows = statement.query_map(params![name, id, limit], rotation)?.collect::<Result<_, _>>()?;
    let total = conn
        .prepare_cached("SELECT count(*) FROM rotations WHERE removed_at IS NULL")?
        .query_row([], |row| row.get(0))?;
    Ok((rows, total))
}

pub(super) fn name_taken(conn: &Connection, name: &str, id: &str) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM rotations WHERE name = ?1 AND removed_at IS NULL AND id <> ?2)",
    )?;
    Ok(statement.query_row([name, id], |row| row.get(0))?)
}

fn json(steps: &[Option<ShiftId>]) -> String {
    // Ids of ours are always JSON.
    serde_json::to_string(steps).unwrap_or_else(|_| "[]".to_owned())
}

pub(super) fn insert(tx: &Tx<'_>, rotation: &Rotation) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO rotations (id, name, steps, created_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?4)",
    )?
    .execute(params![rotation.id, rotation.name, json(&rotation.steps), tx.now().timestamp_millis()])?;
    Ok(())
}

pub(super) fn update(tx: &Tx<'_>, rotation: &Rotation) -> Result<(), Error> {
    tx.prepare_cached("UPDATE rotations SET name = ?2, steps = ?3, changed_at = ?4 WHERE id = ?1")?
        .execute(params![rotation.id, rotation.name, json(&rotation.steps), tx.now().timestamp_millis()])?;
    Ok(())
}

pub(super) fn remove(tx: &Tx<'_>, id: &str) -> Result<(), Error> {
    tx.prepare_cached("UPDATE rotations SET removed_at = ?2 WHERE id = ?1")?
        .execute(params![id, tx.now().timestamp_millis()])?;
    Ok(())
}

/// Whether somebody is to work it from today on.
pub(super) fn used(conn: &Connection, id: &str, today: NaiveDate) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM shift_assignments WHERE rotation_id = ?1 AND (to_on IS NULL OR to_on >= ?2))",
    )?;
    Ok(statement.query_row(params![id, today.to_string()], |row| row.get(0))?)
}

/// From when to when a target has it.
pub(super) fn assigned_to(conn: &Connection, id: &str) -> Result<Vec<Stretched>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT kind, target_id, from_on, to_on FROM shift_assignments WHERE rotation_id = ?1",
    )?;
    let rows = statement.query_map([id], stretched)?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}
