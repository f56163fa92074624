use rusqlite::{Connection, OptionalExtension, params};

use crate::db::{Error, Tx};
use crate::machines::MachineId;

pub(super) fn insert(
    tx: &Tx<'_>,
    machine: MachineId,
    table: &str,
    query: &str,
    size: usize,
    sealed: &[u8],
) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO kept_uploads (machine_id, table_name, query, received_at, size, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![machine.0, table, query, tx.now().timestamp_millis(), size, sealed])?;
    Ok(())
}

/// Whether bodies of before the vault are left.
pub(super) fn any_clear(conn: &Connection) -> Result<bool, Error> {
    Ok(conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'clear_uploads')",
        [],
        |row| row.get(0),
    )?)
}

/// The oldest body in clear, and its number.
pub(super) fn first_clear(conn: &Connection) -> Result<Option<(i64, Vec<u8>)>, Error> {
    let mut statement = conn.prepare_cached("SELECT id, body FROM clear_uploads ORDER BY id LIMIT 1")?;
    Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Puts the sealed body in the place of the clear one.
pub(super) fn replace_clear(conn: &Connection, id: i64, size: usize, sealed: &[u8]) -> Result<(), Error> {
    conn.prepare_cached(
        "INSERT INTO kept_uploads (id, machine_id, table_name, query, received_at, size, body)
           SELECT id, machine_id, table_name, query, received_at, ?2, ?3 FROM clear_uploads WHERE id = ?1",
    )?
    .execute(params![id, size, sealed])?;
    conn.prepare_cached("DELETE FROM clear_uploads WHERE id = ?1")?.execute([id])?;
    Ok(())
}

pub(super) fn drop_clear(conn: &Connection) -> Result<(), Error> {
    conn.execute_batch("DROP TABLE clear_uploads")?;
    Ok(())
}

pub(super) fn kept(conn: &Connection, id: i64) -> Result<Option<(String, Vec<u8>)>, Error> {
    let mut statement = conn.prepare_cached("SELECT table_name, body FROM kept_uploads WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}
