use rusqlite::{Connection, OptionalExtension, params};

use super::super::tree::Unit;
use crate::db::{Error, Tx};

pub(super) fn all(conn: &Connection) -> Result<Vec<Unit>, Error> {
    let mut statement = conn.prepare_cached("SELECT id, name, parent_id FROM branches")?;
    let rows = statement.query_map([], |row| {
        Ok(Unit { id: row.get(0)?, name: row.get(1)?, parent: row.get(2)?, branch: None })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn exists(conn: &Connection, id: &str) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM branches WHERE id = ?1)")?;
    Ok(statement.query_row([id], |row| row.get(0))?)
}

pub(super) fn insert(tx: &Tx<'_>, unit: &Unit) -> Result<(), Error> {
    tx.prepare_cached("INSERT INTO branches (id, name, parent_id, created_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![unit.id, unit.name, unit.parent, tx.now().timestamp_millis()])?;
    Ok(())
}

pub(super) fn update(tx: &Tx<'_>, unit: &Unit) -> Result<(), Error> {
    tx.prepare_cached("UPDATE branches SET name = ?2, parent_id = ?3 WHERE id = ?1")?.execute(params![
        unit.id,
        unit.name,
        unit.parent
    ])?;
    Ok(())
}

pub(super) fn delete(tx: &Tx<'_>, id: &str) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM branches WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// What is in a branch: people who left count, since they would lose their place.
pub(super) fn occupied(conn: &Connection, id: &str) -> Result<Option<&'static str>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT CASE WHEN EXISTS (SELECT 1 FROM departments WHERE branch_id = ?1) THEN 1
                     WHEN EXISTS (SELECT 1 FROM employees WHERE branch_id = ?1) THEN 2 END",
    )?;
    let what: Option<i64> = statement.query_row([id], |row| row.get(0)).optional()?.flatten();
    Ok(what.map(|what| if what == 1 { "departments are in it" } else { "people are in it" }))
}
