#[cfg(test)]
pub(crate) mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::sync::watch;

use crate::db::{self, Failure, LookOver, MigrateError, Readers, StorageState, Tx, Writer};
use crate::vault::Vault;
use crate::{Clock, directory, private_file, uploads};

/// What a site is opened with.
#[derive(Debug, Clone)]
pub struct SiteOptions {
    /// The database's file; made when there is none. The key of its vault is in a file beside it.
    pub path: PathBuf,
    /// Where timestamps come from.
    pub clock: Clock,
}

/// Why a site could not be opened. Each text reads as advice, since it is the first thing a user sees.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder of the database cannot be made.
    #[error("the folder {folder} cannot be made; choose another one or change its permissions")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
    /// The file is not ours.
    #[error("{path} is a database of another program; choose another folder")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file is from the future.
    #[error(
        "{path} was written by a newer Rollcall (schema {version}, this one reads up to {}); install that one again",
        db::SCHEMA_VERSION
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        version: i64,
    },
    /// The file is not what it was.
    #[error(
        "the database {path} is damaged ({source}); nothing in it was changed. Put a backup in its place, or move it away to begin anew"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: db::Error,
    },
    /// The file cannot be read or written.
    #[error("the database {path} cannot be opened: {source}; nothing in it was changed")]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: db::Error,
    },
    /// The writing thread could not be started.
    #[error("the system gave no thread to write with")]
    Thread(#[source] std::io::Error),
}

impl OpenError {
    fn of_database(path: &Path, source: db::Error) -> Self {
        let path = path.to_owned();
        match source {
            db::Error::Damaged(_) => Self::Damaged { path, source },
            _ => Self::Database { path, source },
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "site.folder",
            Self::Foreign { .. } => "site.foreign_database",
            Self::Newer { .. } => "site.newer_database",
            Self::Damaged { source, .. } | Self::Database { source, .. } => source.code(),
            Self::Thread(_) => "site.no_thread",
        }
    }
}

/// One site: a database file with everything in it. Cheap to clone; all clones are the same site.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

struct Inner {
    writer: Writer,
    readers: Readers,
    clock: Clock,
    vault: Vault,
    look_over: Mutex<Option<LookOver>>,
}

impl Site {
    /// Opens the database, making or migrating it as needed.
    pub fn open(options: SiteOptions) -> Result<Self, OpenError> {
        let SiteOptions { path, clock } = options;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            private_file::folder(folder)
                .map_err(|source| OpenError::Folder { folder: folder.to_owned(), source })?;
        }
        let mut conn = open(&path)?;
        let vault = Vault::open(&conn, &path).map_err(|source| OpenError::of_database(&path, source))?;
        if let Err(error) = uploads::seal_clear(&mut conn, &vault) {
            // The next start tries again; machines need not wait for it.
            tracing::error!(code = error.code(), %error, "uploads of an earlier version still lie in clear");
        }
        if let Err(error) = directory::fill_search(&mut conn) {
            // They are found by their names no sooner than after the next start; machines need not wait for that.
            tracing::error!(code = error.code(), %error, "people of an earlier version are not found by a search");
        }
        let writer = Writer::start(conn, &path, clock.clone(), vault.clone()).map_err(OpenError::Thread)?;
        let readers = Readers::new(path.clone());
        let site = Self(Arc::new(Inner { writer, readers, clock, vault, look_over: Mutex::new(None) }));
        let weak = Arc::downgrade(&site.0);
        let look = db::look_over(&path, move |fault| {
            tracing::error!(fault, "the database is damaged; nothing more is written to it");
            if let Some(inner) = weak.upgrade() {
                inner.writer.found_damaged(inner.clock.now());
            }
        })
        .map_err(|source| OpenError::of_database(&path, source))?;
        *site.0.look_over.lock() = Some(look);
        Ok(site)
    }

    /// The site's clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// What seals, and what keeps it from sealing.
    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }

    /// Reads; sees one consistent state.
    pub async fn read<T, E, F>(&self, read: F) -> Result<T, E>
    where
        F: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<db::Error> + Send + 'static,
    {
        let turn = self.0.readers.turn().await?;
        let inner = self.0.clone();
        let result = tokio::task::spawn_blocking(move || inner.readers.with(read)).await;
        drop(turn);
        result.unwrap_or_else(|_| Err(db::Error::Closed.into()))
    }

    /// Writes; answers only when it is committed to disk. What `write` refuses leaves no trace.
    pub async fn write<T, E, F>(&self, write: F) -> Result<T, E>
    where
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: Failure,
    {
        self.0.writer.write(write).await
    }

    /// Whether the database takes what it is given, now and as it changes.
    pub fn storage(&self) -> watch::Receiver<StorageState> {
        self.0.writer.state()
    }

    /// Transactions committed since the start; with the punches stored it tells how many share an fsync.
    pub fn commits(&self) -> u64 {
        self.0.writer.commits()
    }

    /// Writes what is queued, folds the log into the file and lets go of it.
    pub async fn close(&self) {
        let look = self.0.look_over.lock().take();
        if let Some(look) = look {
            // A thread that cannot be had ends with the process.
            let _ = tokio::task::spawn_blocking(|| look.end()).await;
        }
        self.0.readers.close();
        self.0.writer.close().await;
    }
}

fn open(path: &Path) -> Result<Connection, OpenError> {
    db::open_writer(path).map_err(|error| match error {
        MigrateError::Foreign => OpenError::Foreign { path: path.to_owned() },
        MigrateError::Newer(version) => OpenError::Newer { path: path.to_owned(), version },
        MigrateError::Database(source) => OpenError::of_database(path, source),
    })
}
