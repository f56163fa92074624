use rusqlite::{Connection, params};

use super::super::tree::Unit;
use crate::db::{Error, Tx};

pub(super) fn all(conn: &Connection) -> Result<Vec<Unit>, Error> {
    let mut statement = conn.prepare_cached("SELECT id, name, parent_id, branch_id FROM departments")?;
    let rows = statement.query_map([], |row| {
        Ok(Unit { id: row.get(0)?, name: row.get(1)?, parent: row.get(2)?, branch: row.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn exists(conn: &Connection, id: &str) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM departments WHERE id = ?1)")?;
    Ok(statement.query_row([id], |row| row.get(0))?)
}

pub(super) fn insert(tx: &Tx<'_>, unit: &Unit) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO departments (id, name, parent_id, branch_id, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![unit.id, unit.name, unit.parent, unit.branch, tx.now().timestamp_millis()])?;
    Ok(())
}

pub(super) fn update(tx: &Tx<'_>, unit: &Unit) -> Result<(), Error> {
    tx.prepare_cached("UPDATE departments SET name = ?2, parent_id = ?3, branch_id = ?4 WHERE id = ?1")?
        .execute(params![unit.id, unit.name, unit.parent, unit.branch])?;
    Ok(())
}

pub(super) fn delete(tx: &Tx<'_>, id: &str) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM departments WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Whether anybody is in it; people who left count, since they would lose their place.
pub(super) fn has_people(conn: &Connection, id: &str) -> Result<bool, Error> {
    let mut statement =
        conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM employees WHERE department_id = ?1)")?;
    Ok(statement.query_row([id], |row| row.get(0))?)
}
