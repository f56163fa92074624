//! Looking the whole file over after the start, beside the work: a damaged one is found before it is written on for weeks.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use rusqlite::{Connection, InterruptHandle};

use super::{Error, open_reader};

/// A look that may still go on.
pub(crate) struct LookOver {
    handle: InterruptHandle,
    /// Closed when the look is over and its connection with it.
    over: Receiver<()>,
}

impl LookOver {
    /// Ends it early, and waits until it has let go of the file: the log is folded in by whoever closes last.
    pub(crate) fn end(self) {
        // An interruption that comes before the statement began is lost, so it is repeated.
        self.handle.interrupt();
        while self.over.recv_timeout(AGAIN) == Err(RecvTimeoutError::Timeout) {
            self.handle.interrupt();
        }
    }
}

/// How long an interruption may take to be noticed.
const AGAIN: Duration = Duration::from_millis(2);

/// Looks the file over on a thread of its own; `found` hears of damage.
pub(crate) fn look_over(path: &Path, found: impl FnOnce(&str) + Send + 'static) -> Result<LookOver, Error> {
    let conn = open_reader(path)?;
    let handle = conn.get_interrupt_handle();
    let (ends, over) = channel();
    let looking = move || {
        match quick_check(&conn) {
            Ok(None) => tracing::debug!("the database was looked over: nothing is wrong"),
            Ok(Some(fault)) => found(&fault),
            Err(Error::Damaged(error)) => found(&error.to_string()),
            // Ended early, or locked: the next start looks again.
            Err(error) => tracing::debug!(%error, "the database was not looked over to its end"),
        }
        drop(conn);
        drop::<std::sync::mpsc::Sender<()>>(ends);
    };
    match std::thread::Builder::new().name("look-over".into()).spawn(looking) {
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the database is not looked over"),
    }
    Ok(LookOver { handle, over })
}

/// The first fault, if there is one.
fn quick_check(conn: &Connection) -> Result<Option<String>, Error> {
    let answer: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok((answer != "ok").then_some(answer))
}
