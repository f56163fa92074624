//! Folding the write-ahead log into the file, beside the writer: copying sixteen megabytes of pages and waiting for the disk
//! twice takes tens of milliseconds, in which no punch would be acknowledged.

use std::path::Path;
use std::sync::mpsc::{Receiver, TrySendError, sync_channel};
use std::thread::JoinHandle;

use rusqlite::hooks::Wal;
use rusqlite::{Connection, ffi};

use super::{Error, open_reader};

/// Pages in the log from which on it is folded beside the writer: 16 MiB.
const FOLD_FROM: i32 = 4_000;
/// After so many more once more: each time costs two waits for the disk, and the log begins anew only when nothing is left of
/// it at the moment a transaction begins.
const FOLD_AGAIN: i32 = 1_000;
/// Pages from which on the writer does it itself: it writes faster than the folding goes, or always has something under way
/// when the log could begin anew. Most of it is folded by then, so that this is short.
const WRITER_FOLDS_FROM: i32 = 16_000;

/// A thread that folds when the writer asks for it. It ends when the connection it was made for is closed.
pub(super) struct Folding {
    thread: JoinHandle<()>,
}

impl Folding {
    /// Folds the log that `writer` writes into the file at `path`.
    pub(super) fn start(writer: &mut Connection, path: &Path) -> Result<Self, Error> {
        let conn = open_reader(path)?;
        let (asks, asked) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("folding".into())
            .spawn(move || fold(&conn, &asked))
            .map_err(|_| Error::Closed)?;
        let mut growth = Growth::default();
        writer.wal_hook(Some(move |wal: &mut Wal, pages| {
            let due = growth.grown(pages);
            let alone = due == Due::Folding && asks.try_send(()) == Err(TrySendError::Disconnected(()));
            if due == Due::Now || alone {
                // What is committed is committed, whether or not it can be folded now.
                let _ = wal.checkpoint();
            }
            Ok(())
        }))?;
        Ok(Self { thread })
    }

    /// Waits for its end, which closing `writer`'s connection or taking its hook away brings.
    pub(super) fn end(self, writer: &mut Connection) {
        let none = None::<fn(&mut Wal, std::ffi::c_int) -> rusqlite::Result<()>>;
        if writer.wal_hook(none).is_ok() {
            let _ = self.thread.join();
        }
    }
}

/// When what is to be done, as the log grows.
#[derive(Debug, Default)]
struct Growth {
    /// Pages in the log when something was done last.
    at: i32,
}

#[derive(Debug, PartialEq, Eq)]
enum Due {
    Nothing,
    Folding,
    /// By the writer itself.
    Now,
}

impl Growth {
    /// The writer has committed, and so many pages are in the log.
    fn grown(&mut self, pages: i32) -> Due {
        if pages < self.at {
            // It began anew.
            self.at = 0;
        }
        if pages < FOLD_FROM || (self.at > 0 && pages - self.at < FOLD_AGAIN) {
            return Due::Nothing;
        }
        self.at = pages;
        if pages < WRITER_FOLDS_FROM { Due::Folding } else { Due::Now }
    }
}

fn fold(conn: &Connection, asked: &Receiver<()>) {
    while asked.recv().is_ok() {
        let folded = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        match folded {
            Ok(()) => {}
            Err(rusqlite::Error::SqliteFailure(ffi::Error { code: ffi::ErrorCode::DatabaseBusy, .. }, _)) => {
            }
            // The writer will meet the same, and says so to those who wait for it.
            Err(error) => tracing::warn!(%error, "the write-ahead log was not folded into the file"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_folded_now_and_then_and_by_the_writer_only_when_that_does_not_help() {
        let mut growth = Growth::default();
        let due: Vec<_> =
            [10, 3_999, 4_000, 4_001, 4_999, 5_100, 6_099, 6_100, 15_000, 16_000, 16_001, 17_000, 2, 4_000]
                .map(|pages| growth.grown(pages))
                .into_iter()
                .collect();
        use Due::{Folding, Nothing, Now};
        let expected = [
            Nothing, Nothing, Folding, Nothing, Nothing, Folding, Nothing, Folding, Folding, Now, Nothing,
            Now, Nothing, Folding,
        ];
        assert_eq!(due, expected);
    }
}
