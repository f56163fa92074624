use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::ShiftShown;
use crate::clock::from_millis;
use crate::db::{Error, Tx};
use crate::schedule::shift::{Rule, Shift, ShiftId};

/// What [`shown`] reads; `?1` is today. Assignments through a rotation count as well.
macro_rules! columns {
    () => {
        "s.id, s.name, s.rule, s.color, s.created_at, s.changed_at, (
           SELECT count(*) FROM shift_assignments a WHERE (a.to_on IS NULL OR a.to_on >= ?1)
             AND (a.shift_id = s.id OR a.rotation_id IN (
               SELECT r.id FROM rotations r, json_each(r.steps) step WHERE step.value = s.id)))"
    };
}

/// The rule as it is stored; one that cannot be read, which is never stored, asks nothing.
pub(in crate::schedule) fn shift(row: &Row<'_>, from: usize) -> rusqlite::Result<Option<Shift>> {
    let (id, name): (String, String) = (row.get(from)?, row.get(from + 1)?);
    let rule: Option<Rule> = serde_json::from_str(row.get_ref(from + 2)?.as_str()?).ok();
    Ok(rule.map(|rule| Shift { id: ShiftId(id), name, rule }))
}

fn shown(row: &Row<'_>) -> rusqlite::Result<Option<ShiftShown>> {
    let Some(shift) = shift(row, 0)? else { return Ok(None) };
    Ok(Some(ShiftShown {
        shift,
        color: row.get(3)?,
        created_at: from_millis(row.get(4)?),
        changed_at: from_millis(row.get(5)?),
        assigned: row.get(6)?,
    }))
}

pub(super) fn get(conn: &Connection, id: &ShiftId, today: NaiveDate) -> Result<Option<ShiftShown>, Error> {
    let mut statement = conn.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM shifts s WHERE s.id = ?2 AND s.removed_at IS NULL"
    ))?;
    Ok(statement.query_row(params![today.to_string(), id.0], shown).optional()?.flatten())
}

pub(super) fn list(
    conn: &Connection,
    today: NaiveDate,
    after: Option<&(String, String)>,
    limit: i64,
) -> Result<(Vec<ShiftShown>, u64), Error> {
    let (name, id) = after.map_or(("", ""), |(name, id)| (name.as_str(), id.as_str()));
    let mut statement = conn.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM shifts s WHERE s.removed_at IS NULL AND (s.name, s.id) > (?2, ?3) ORDER BY s.name, s.id LIMIT ?4"
    ))?;
    let rows = statement.query_map(params![today.to_string(), name, id, limit], shown)?;
    let rows: Vec<Option<ShiftShown>> = rows.collect::<Result<_, _>>()?;
    let total = conn
        .prepare_cached("SELECT count(*) FROM shifts WHERE removed_at IS NULL")?
        .query_row([], |row| row.get(0))?;
    Ok((rows.into_iter().flatten().collect(), total))
}

/// Whether there is such a shift and it was not removed.
pub(in crate::schedule) fn exists(conn: &Connection, id: &ShiftId) -> Result<bool, Error> {
    let mut statement =
        conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM shifts WHERE id = ?1 AND removed_at IS NULL)")?;
    Ok(statement.query_row([&id.0], |row| row.get(0))?)
}

/// Another shift of that name.
pub(super) fn name_taken(conn: &Connection, name: &str, id: &ShiftId) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM shifts WHERE name = ?1 AND removed_at IS NULL AND id <> ?2)",
    )?;
    Ok(statement.query_row([name, &id.0], |row| row.get(0))?)
}

fn json(rule: &Rule) -> String {
    // Numbers and names of ours are always JSON.
    serde_json::to_string(rule).unwrap_or_else(|_| "{}".to_owned())
}

pub(super) fn insert(tx: &Tx<'_>, shift: &ShiftShown) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO shifts (id, name, rule, color, created_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        shift.shift.id.0,
        shift.shift.name,
        json(&shift.shift.rule),
        shift.color,
        shift.created_at.timestamp_millis(),
        shift.changed_at.timestamp_millis()
    ])?;
    Ok(())
}

pub(super) fn update(tx: &Tx<'_>, shift: &ShiftShown) -> Result<(), Error> {
    tx.prepare_cached("UPDATE shifts SET name = ?2, rule = ?3, color = ?4, changed_at = ?5 WHERE id = ?1")?
        .execute(params![
        shift.shift.id.0,
        shift.shift.name,
        json(&shift.shift.rule),
        shift.color,
        shift.changed_at.timestamp_millis()
    ])?;
    Ok(())
}

pub(super) fn remove(tx: &Tx<'_>, id: &ShiftId) -> Result<(), Error> {
    tx.prepare_cached("UPDATE shifts SET removed_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, tx.now().timestamp_millis()])?;
    Ok(())
}

/// What keeps a shift from being removed: whoever is to work it from today on, and rotations it is a step of.
pub(super) fn used(conn: &Connection, id: &ShiftId, today: NaiveDate) -> Result<Option<&'static str>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM shift_assignments WHERE shift_id = ?1 AND (to_on IS NULL OR to_on >= ?2)),
           EXISTS (SELECT 1 FROM rotations r, json_each(r.steps) step WHERE r.removed_at IS NULL AND step.value = ?1),
           EXISTS (SELECT 1 FROM schedule_days WHERE shift_id = ?1 AND date >= ?2)",
    )?;
    let used: [bool; 3] = statement
        .query_row(params![id.0, today.to_string()], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?;
    let reasons = ["it is assigned", "a rotation has it", "somebody is to work it on a day of the schedule"];
    Ok(used.into_iter().zip(reasons).find_map(|(used, reason)| used.then_some(reason)))
}

/// From when to when a target has the shift: by assignments of it, and of rotations it is a step of.
pub(super) fn assigned_to(
    conn: &Connection,
    id: &ShiftId,
) -> Result<Vec<crate::schedule::assignments::Stretched>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT kind, target_id, from_on, to_on FROM shift_assignments WHERE shift_id = ?1 OR rotation_id IN (
           SELECT r.id FROM rotations r, json_each(r.steps) step WHERE step.value = ?1)",
    )?;
    let rows = statement.query_map([&id.0], crate::schedule::assignments::stretched)?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}
