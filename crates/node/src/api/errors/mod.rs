//! The core's refusals as problems: which status, and which part of the body. Here are those of every call, beside it a file for
//! each area.

mod attendance;
mod directory;
mod machines;
mod roster;

use axum::http::StatusCode;
use rollcall_core::audit::AuditError;
use rollcall_core::db;
use rollcall_core::page::{CursorError, ListError};

use super::problem::Problem;

/// Seconds after which a database that was in trouble is worth another try.
const STORAGE_PAUSE: u64 = 5;

fn conflict(code: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, detail)
}

/// What is wrong with the storage and what to do, for a code of the core's.
fn storage_advice(code: &str) -> String {
    let what = match code {
        "database.locked" => "another program holds the database; close it",
        "database.full" => "the disk is full; make room",
        "database.read_only" => "the database may not be written; change the permissions of its folder",
        "database.io" => "the disk does not read or write as it should; check it",
        "database.damaged" => "the database is damaged; restore a backup",
        "database.overloaded" => "more is waiting to be written than the disk takes",
        "database.closed" => "the program is stopping",
        _ => "the database does not answer as it should",
    };
    format!("{what}; nothing was changed, and machines keep their punches meanwhile")
}

impl From<db::Error> for Problem {
    fn from(error: db::Error) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        if matches!(error, db::Error::Failed(_)) {
            // A statement of ours that SQLite refuses is our mistake; whoever looks into it needs all of it.
            tracing::error!(error = &error as &dyn std::error::Error, "a database statement failed");
            return Self::new(StatusCode::INTERNAL_SERVER_ERROR, code, detail);
        }
        if matches!(error, db::Error::Vault(_)) {
            // Reads as advice by itself, and does not pass within seconds.
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail);
        }
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, storage_advice(code)).retry_after(STORAGE_PAUSE)
    }
}

impl From<CursorError> for Problem {
    fn from(error: CursorError) -> Self {
        Self::invalid("/cursor", error.code(), error.to_string())
    }
}

impl From<ListError> for Problem {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Database(error) => error.into(),
            ListError::Cursor(error) => error.into(),
            ListError::Machine(error) => error.into(),
        }
    }
}

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Database(error) => error.into(),
            AuditError::Cursor(error) => error.into(),
        }
    }
}
