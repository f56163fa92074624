//! Looking the whole file over after the start, beside the work: a damaged one is found before it is written on for weeks.

use std::path::Path;

use rusqlite::{Connection, InterruptHandle};

use super::{Error, open_reader};

/// Looks the file over on a thread of its own; `found` hears of damage. The handle ends it early.
pub(crate) fn look_over(
    path: &Path,
    found: impl FnOnce(&str) + Send + 'static,
) -> Result<InterruptHandle, Error> {
    let conn = open_reader(path)?;
    let handle = conn.get_interrupt_handle();
    let looking = move || match quick_check(&conn) {
        Ok(None) => tracing::debug!("the database was looked over: nothing is wrong"),
        Ok(Some(fault)) => found(&fault),
        Err(Error::Damaged(error)) => found(&error.to_string()),
        // Ended early, or locked: the next start looks again.
        Err(error) => tracing::debug!(%error, "the database was not looked over to its end"),
    };
    match std::thread::Builder::new().name("look-over".into()).spawn(looking) {
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the database is not looked over"),
    }
    Ok(handle)
}

/// The first fault, if there is one.
fn quick_check(conn: &Connection) -> Result<Option<String>, Error> {
    let answer: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok((answer != "ok").then_some(answer))
}
