use rusqlite::Connection;

use super::Error;

/// "RCal": tells our file from any other SQLite file.
const APPLICATION_ID: i64 = 0x5243_616c;

/// Append-only: a released file is never edited, a change is a new file.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_first_punch.sql"),
    include_str!("../../migrations/0002_every_machine.sql"),
    include_str!("../../migrations/0003_what_machines_hold.sql"),
];

/// The schema this program reads and writes.
pub const SCHEMA_VERSION: usize = MIGRATIONS.len();

#[derive(Debug, thiserror::Error)]
pub(crate) enum MigrateError {
    #[error("the file is a database of another program")]
    Foreign,
    #[error("the database was written by a newer Rollcall (schema {0})")]
    Newer(i64),
    #[error(transparent)]
    Database(#[from] Error),
}

impl From<rusqlite::Error> for MigrateError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

/// The schema of the file, if it is one of ours. Only reads, so that somebody else's file stays as it is.
pub(crate) fn identify(conn: &Connection) -> Result<usize, MigrateError> {
    let id: i64 = conn.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let version: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if id != APPLICATION_ID && (id != 0 || tables != 0 || version != 0) {
        return Err(MigrateError::Foreign);
    }
    let done = usize::try_from(version).map_err(|_| MigrateError::Newer(version))?;
    if done > SCHEMA_VERSION {
        return Err(MigrateError::Newer(version));
    }
    Ok(done)
}

/// Brings the file to the present schema, one transaction for each step.
pub(crate) fn migrate(conn: &mut Connection) -> Result<(), MigrateError> {
    let done = identify(conn)?;
    for (index, sql) in MIGRATIONS.iter().enumerate().skip(done) {
        let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", index + 1)?;
        tx.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_becomes_ours_and_stays_as_it_is() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn).unwrap();
        migrate(&mut conn).unwrap();
        let version: usize = conn.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        assert_eq!(version, SCHEMA_VERSION);
    }

    #[test]
    fn somebody_elses_database_is_left_alone() {
        let mut conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE theirs (id INTEGER)").unwrap();
        assert!(matches!(migrate(&mut conn), Err(MigrateError::Foreign)));
    }

    #[test]
    fn a_newer_schema_is_left_alone() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn).unwrap();
        conn.pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
        assert!(matches!(migrate(&mut conn), Err(MigrateError::Newer(_))));
    }
}
