use rusqlite::{Connection, OptionalExtension, params};

use super::super::id::EmployeeId;
use super::PhotoType;
use crate::db::{Error, Tx};

pub(super) fn put(
    tx: &Tx<'_>,
    id: &EmployeeId,
    file_id: &str,
    kind: PhotoType,
    size: usize,
    sealed: &[u8],
) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO photos (employee_id, file_id, media_type, size, data, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        id.as_str(),
        file_id,
        kind.media_type(),
        size,
        sealed,
        tx.now().timestamp_millis()
    ])?;
    Ok(())
}

/// File id, media type and sealed bytes.
pub(super) fn get(conn: &Connection, id: &EmployeeId) -> Result<Option<(String, String, Vec<u8>)>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT file_id, media_type, data FROM photos WHERE employee_id = ?1")?;
    Ok(statement.query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?)
}

pub(super) fn delete(tx: &Tx<'_>, id: &EmployeeId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM photos WHERE employee_id = ?1")?.execute([id.as_str()])?;
    Ok(())
}
