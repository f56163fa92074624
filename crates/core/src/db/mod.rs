//! SQLite: one writer that commits for everybody, readers that are never blocked, numbered migrations.
//!
//! What an acknowledgement to a machine rests on: [`writer`] answers a job only after the transaction that holds it was
//! committed with `synchronous=FULL`.

mod bounded;
mod check;
mod conditions;
mod error;
mod folding;
mod migrate;
mod readers;
mod wipe;
mod writer;

pub(crate) use bounded::Bounded;
#[cfg(test)]
pub(crate) use bounded::PRUNE_EVERY;
pub(crate) use check::{LookOver, look_over};
pub(crate) use conditions::Conditions;
pub(crate) use error::database_failure;
pub use error::{Error, Failure};
pub(crate) use migrate::MigrateError;
pub use migrate::SCHEMA_VERSION;
pub(crate) use readers::Readers;
pub(crate) use wipe::{empty_log, wipe_free_pages};
pub use writer::StorageState;
pub(crate) use writer::Writer;

use std::ops::Deref;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use crate::Timestamp;
use crate::private_file;
use crate::vault::Vault;

/// How long a statement waits for somebody else's lock before it gives up. Longer than any lock of ours, shorter than a
/// machine's time-out.
const BUSY_WAIT: Duration = Duration::from_secs(2);

/// Statements kept prepared per connection.
const STATEMENTS: usize = 128;

/// An open transaction that writes; everything done through it is committed together or not at all.
pub struct Tx<'a> {
    conn: &'a Connection,
    now: Timestamp,
    vault: &'a Vault,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(conn: &'a Connection, now: Timestamp, vault: &'a Vault) -> Self {
        Self { conn, now, vault }
    }

    /// What seals.
    pub fn vault(&self) -> &Vault {
        self.vault
    }

    /// The instant of this write; one for everything in it.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Does a part of the work that may be refused without taking the rest along: what is refused leaves no trace.
    pub fn attempt<T, E: From<Error>>(&self, part: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        let run = |sql: &str| self.conn.prepare_cached(sql)?.execute([]).map_err(Error::from);
        run("SAVEPOINT part")?;
        let result = part(self);
        if result.is_err() {
            run("ROLLBACK TO part")?;
        }
        run("RELEASE part")?;
        result
    }
}

impl Deref for Tx<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.conn
    }
}

/// The connection that writes. Creates the file when there is none, brings ours to the present schema, leaves others alone.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, MigrateError> {
    private_file::begin(path);
    let mut conn = Connection::open(path)?;
    conn.busy_timeout(BUSY_WAIT)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    migrate::identify(&conn)?;
    // Only now: somebody else's file stays as it is. What is not there yet is made like the database itself.
    private_file::restrict_database(path);
    // The mode is asked for by a statement that answers, so a refusal (a network drive, say) is seen.
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        tracing::warn!(%mode, "the database's folder does not allow write-ahead logging");
    }
    // What is deleted is wiped, not merely forgotten: it may be somebody's fingerprint.
    conn.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -16384;
         PRAGMA wal_autocheckpoint = 4000;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA secure_delete = ON;",
    )?;
    migrate::migrate(&mut conn)?;
    Ok(conn)
}

/// A connection that only reads.
pub(crate) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let conn = Connection::open(path)?;
    conn.busy_timeout(BUSY_WAIT)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -4096;")?;
    Ok(conn)
}
