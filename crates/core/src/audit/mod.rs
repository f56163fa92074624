//! The operation log: who changed what, when, from what to what.
//!
//! A line is written in the transaction of the change itself, so there is neither a change without a line nor a line
//! without its change.

mod queries;

use serde::Serialize;
use serde_json::Value;

use crate::Timestamp;
use crate::db::{self, Tx, database_failure};
use crate::page::{CursorError, Page, Paged};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor(String);

impl Actor {
    /// Somebody with the console's token.
    pub fn console() -> Self {
        Self("console".into())
    }

    /// Whoever sits at the desktop window.
    pub fn desktop() -> Self {
        Self("desktop".into())
    }

    /// The program by itself.
    pub fn system() -> Self {
        Self("system".into())
    }

    /// Whoever wanted a job, when it is done later.
    pub(crate) fn of_job(who: &str) -> Self {
        Self(who.to_owned())
    }

    /// The name in the log.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditLine {
    /// Its number; later lines have higher ones.
    pub id: i64,
    /// When.
    pub time: Timestamp,
    /// Who.
    pub who: String,
    /// What was done, object first: `machine.add`, `roster.change`.
    pub what: String,
    /// To what: `machine/CQZ7000000001`, `employee/e17`.
    pub subject: String,
    /// How it was; nothing for something new.
    pub before: Option<Value>,
    /// How it is now; nothing for something removed.
    pub after: Option<Value>,
}

/// Why the log could not be read.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The cursor is not ours.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(AuditError);

impl AuditError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Cursor(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }
}

/// The log, newest first.
pub fn audit_list(conn: &rusqlite::Connection, page: &Page) -> Result<Paged<AuditLine>, AuditError> {
    let after: Option<i64> = page.after()?;
    let lines = queries::before(conn, after, page.probe())?;
    Ok(page.finish(lines, queries::count(conn)?, |line| line.id))
}

/// Writes a line, unless nothing changed in it. Whoever masks values asks [`record_always`] instead, and only when
/// something changed.
pub(crate) fn record<T: Serialize>(
    tx: &Tx<'_>,
    actor: &Actor,
    what: &str,
    subject: &str,
    before: Option<&T>,
    after: Option<&T>,
) -> Result<(), db::Error> {
    // A value of ours that will not become JSON is logged as null rather than failing the change.
    let json = |value: Option<&T>| value.map(|value| serde_json::to_value(value).unwrap_or_default());
    let (before, after) = (json(before), json(after));
    if before == after {
        return Ok(());
    }
    queries::insert(tx, actor, what, subject, before.as_ref(), after.as_ref())
}

/// Stands for a text that is not told.
pub(crate) const MASK: &str = "•••";

/// Writes a line even if what it shows is the same before and after.
pub(crate) fn record_always<T: Serialize>(
    tx: &Tx<'_>,
    actor: &Actor,
    what: &str,
    subject: &str,
    before: &T,
    after: &T,
) -> Result<(), db::Error> {
    let json = |value: &T| serde_json::to_value(value).unwrap_or_default();
    queries::insert(tx, actor, what, subject, Some(&json(before)), Some(&json(after)))
}
