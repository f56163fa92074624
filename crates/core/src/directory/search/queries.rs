use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::super::id::EmployeeId;
use crate::db::Error;

/// People that nothing is written down for: id, name and fields.
#[expect(clippy::type_complexity, reason = "three columns of a row, read in one place")]
pub(super) fn unfilled(
    conn: &Connection,
    limit: i64,
) -> Result<Vec<(EmployeeId, String, BTreeMap<String, String>)>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT id, name, fields FROM employees WHERE search = '' LIMIT ?1")?;
    let rows = statement.query_map([limit], |row| {
        let fields: String = row.get(2)?;
        Ok((EmployeeId::stored(row.get(0)?), row.get(1)?, serde_json::from_str(&fields).unwrap_or_default()))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn set(conn: &Connection, id: &EmployeeId, key: &str) -> Result<(), Error> {
    conn.prepare_cached("UPDATE employees SET search = ?2 WHERE id = ?1")?
        .execute(params![id.as_str(), key])?;
    Ok(())
}
