use rusqlite::{Connection, OptionalExtension};

use crate::db::{Error, Tx};

pub(super) fn get(conn: &Connection, key: &str) -> Result<Option<String>, Error> {
    let mut statement = conn.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

pub(super) fn set(tx: &Tx<'_>, key: &str, value: &str) -> Result<(), Error> {
    tx.prepare_cached("INSERT OR REPLACE INTO settings (key, value) VALUES (?1, ?2)")?
        .execute([key, value])?;
    Ok(())
}
