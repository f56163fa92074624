use rusqlite::ErrorCode;

use crate::vault::VaultError;

/// What went wrong underneath, in the terms somebody can act on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another program holds the database.
    #[error("another program holds the database")]
    Locked(#[source] rusqlite::Error),
    /// No space left for the database.
    #[error("the disk is full")]
    Full(#[source] rusqlite::Error),
    /// The file or its folder may not be written.
    #[error("the database may not be written")]
    ReadOnly(#[source] rusqlite::Error),
    /// The disk did not do what it was asked.
    #[error("the disk does not read or write as it should")]
    Io(#[source] rusqlite::Error),
    /// The file is not what it was.
    #[error("the database is damaged")]
    Damaged(#[source] rusqlite::Error),
    /// Something could not be sealed or opened.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// More is waiting to be written than is sensible to queue.
    #[error("too much is waiting to be written")]
    Overloaded,
    /// The program is stopping.
    #[error("the database is closed")]
    Closed,
    /// The transaction this was part of could not be committed.
    #[error("the transaction was not committed: {0}")]
    NotCommitted(&'static str),
    /// Anything else; a mistake of ours.
    #[error("the database refused a statement")]
    Failed(#[source] rusqlite::Error),
}

impl Error {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Locked(_) => "database.locked",
            Self::Full(_) => "database.full",
            Self::ReadOnly(_) => "database.read_only",
            Self::Io(_) => "database.io",
            Self::Damaged(_) => super::writer::DAMAGED,
            Self::Vault(error) => error.code(),
            Self::Overloaded => "database.overloaded",
            Self::Closed => "database.closed",
            Self::NotCommitted(code) => code,
            Self::Failed(_) => "database.failed",
        }
    }

    /// Whether the storage, and not the statement, is the trouble: worth telling the administrator, and worth trying again.
    pub fn is_storage(&self) -> bool {
        !matches!(self, Self::Failed(_) | Self::Vault(_) | Self::Closed | Self::Overloaded)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked(error),
            Some(ErrorCode::DiskFull) => Self::Full(error),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly(error),
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::NoLargeFileSupport) => {
                Self::Io(error)
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error),
            _ => Self::Failed(error),
        }
    }
}

/// An operation's error that may carry a failure of the database, so that the writer can tell a refusal ("this pin is
/// taken") from a disk that is full.
pub trait Failure: From<Error> + Send + 'static {
    /// The database's part in it, if it has one.
    fn database(&self) -> Option<&Error>;
}

impl Failure for Error {
    fn database(&self) -> Option<&Error> {
        Some(self)
    }
}

/// The two conversions every folder's error needs: from a statement's error and from the writer's.
macro_rules! database_failure {
    ($error:ty) => {
        impl From<$crate::db::Error> for $error {
            fn from(error: $crate::db::Error) -> Self {
                Self::Database(error)
            }
        }
        impl From<rusqlite::Error> for $error {
            fn from(error: rusqlite::Error) -> Self {
                Self::Database(error.into())
            }
        }
        impl $crate::db::Failure for $error {
            fn database(&self) -> Option<&$crate::db::Error> {
                match self {
                    Self::Database(error) => Some(error),
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use database_failure;
