use rusqlite::{Connection, OptionalExtension};

use crate::db::Error;

/// The text sealed under the key of this database.
pub(super) fn proof(conn: &Connection) -> Result<Option<Vec<u8>>, Error> {
    Ok(conn.query_row("SELECT proof FROM vault", [], |row| row.get(0)).optional()?)
}

pub(super) fn set_proof(conn: &Connection, proof: &[u8]) -> Result<(), Error> {
    conn.execute("INSERT OR REPLACE INTO vault (id, proof) VALUES (1, ?1)", [proof])?;
    Ok(())
}

/// Whether anything lies sealed that a lost key would take with it.
pub(super) fn holds_sealed(conn: &Connection) -> Result<bool, Error> {
    Ok(conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM templates) OR EXISTS (SELECT 1 FROM pictures)
           OR EXISTS (SELECT 1 FROM kept_uploads) OR EXISTS (SELECT 1 FROM photos)
           OR EXISTS (SELECT 1 FROM appeal_evidence)
           OR EXISTS (SELECT 1 FROM seen_people WHERE password IS NOT NULL)
           OR EXISTS (SELECT 1 FROM commands WHERE secret IS NOT NULL)",
        [],
        |row| row.get(0),
    )?)
}
