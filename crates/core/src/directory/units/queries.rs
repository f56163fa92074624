use rusqlite::{Connection, params};

use super::super::error::UnitKind;
use super::super::tree::Unit;
use crate::db::{Error, Tx};

fn has(conn: &Connection, sql: &str, id: &str) -> Result<bool, Error> {
    Ok(conn.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
}

pub(super) fn all(conn: &Connection, kind: UnitKind) -> Result<Vec<Unit>, Error> {
    let mut statement = conn.prepare_cached(kind.pick(
        "SELECT id, name, parent_id, NULL FROM branches",
        "SELECT id, name, parent_id, branch_id FROM departments",
    ))?;
    let rows = statement.query_map([], |row| {
        Ok(Unit { id: row.get(0)?, name: row.get(1)?, parent: row.get(2)?, branch: row.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn exists(conn: &Connection, kind: UnitKind, id: &str) -> Result<bool, Error> {
    let sql = kind.pick(
        "SELECT EXISTS (SELECT 1 FROM branches WHERE id = ?1)",
        "SELECT EXISTS (SELECT 1 FROM departments WHERE id = ?1)",
    );
    has(conn, sql, id)
}

pub(super) fn insert(tx: &Tx<'_>, kind: UnitKind, unit: &Unit) -> Result<(), Error> {
    let now = tx.now().timestamp_millis();
    match kind {
        UnitKind::Branch => tx
            .prepare_cached("INSERT INTO branches (id, name, parent_id, created_at) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![unit.id, unit.name, unit.parent, now])?,
        UnitKind::Department => tx
            .prepare_cached(
                "INSERT INTO departments (id, name, parent_id, branch_id, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![unit.id, unit.name, unit.parent, unit.branch, now])?,
    };
    Ok(())
}

pub(super) fn update(tx: &Tx<'_>, kind: UnitKind, unit: &Unit) -> Result<(), Error> {
    match kind {
        UnitKind::Branch => tx
            .prepare_cached("UPDATE branches SET name = ?2, parent_id = ?3 WHERE id = ?1")?
            .execute(params![unit.id, unit.name, unit.parent])?,
        UnitKind::Department => tx
            .prepare_cached("UPDATE departments SET name = ?2, parent_id = ?3, branch_id = ?4 WHERE id = ?1")?
            .execute(params![unit.id, unit.name, unit.parent, unit.branch])?,
    };
    Ok(())
}

pub(super) fn delete(tx: &Tx<'_>, kind: UnitKind, id: &str) -> Result<(), Error> {
    tx.prepare_cached(
        kind.pick("DELETE FROM branches WHERE id = ?1", "DELETE FROM departments WHERE id = ?1"),
    )?
    .execute([id])?;
    Ok(())
}

pub(super) fn has_departments(conn: &Connection, branch: &str) -> Result<bool, Error> {
    has(conn, "SELECT EXISTS (SELECT 1 FROM departments WHERE branch_id = ?1)", branch)
}

pub(super) fn has_people(conn: &Connection, kind: UnitKind, id: &str) -> Result<bool, Error> {
    let sql = kind.pick(
        "SELECT EXISTS (SELECT 1 FROM employees WHERE branch_id = ?1)",
        "SELECT EXISTS (SELECT 1 FROM employees WHERE department_id = ?1)",
    );
    has(conn, sql, id)
}
