use std::path::PathBuf;

use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{Error, open_reader};

/// Readers at work at the same time; more would only fight for the same cores.
const AT_ONCE: usize = 4;

/// Connections for reading. Each read sees one consistent state and blocks nobody.
pub(crate) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    turns: Semaphore,
}

impl Readers {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, idle: Mutex::default(), turns: Semaphore::new(AT_ONCE) }
    }

    /// A turn to read; held while reading, so that a burst of requests queues instead of opening files.
    pub(crate) async fn turn(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Error> {
        self.turns.acquire().await.map_err(|_| Error::Closed)
    }

    /// Runs `read` inside one read transaction.
    pub(crate) fn with<T, E: From<Error>>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = self.idle.lock().pop();
        let conn = match idle {
            Some(conn) => conn,
            None => open_reader(&self.path).map_err(Error::from)?,
        };
        let result = {
            let tx = conn.unchecked_transaction().map_err(Error::from)?;
            read(&tx)
        };
        self.idle.lock().push(conn);
        result
    }

    /// Lets go of every connection, so that the last checkpoint can fold the log into the file.
    pub(crate) fn close(&self) {
        self.turns.close();
        self.idle.lock().clear();
    }
}
