//! The key's file.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::VaultError;
use crate::private_file;

/// Bytes of a key.
pub(super) const LENGTH: usize = 32;

/// A key, wiped when it is dropped.
pub(super) type Key = Zeroizing<[u8; LENGTH]>;

/// The key in the file; `None` when there is no file.
pub(super) fn read(path: &Path) -> Result<Option<Key>, VaultError> {
    let unreadable = |source| VaultError::KeyUnreadable { path: path.to_owned(), source: Arc::new(source) };
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    private_file::restrict(&file, path).map_err(unreadable)?;
    let mut key = Key::default();
    match file.read_exact(&mut *key) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            return Err(VaultError::KeyInvalid(path.to_owned()));
        }
        Err(error) => return Err(unreadable(error)),
    }
    // One byte more, and it is something else.
    if file.read(&mut [0]).map_err(unreadable)? != 0 {
        return Err(VaultError::KeyInvalid(path.to_owned()));
    }
    Ok(Some(key))
}

/// Makes a key, on disk when this returns. An existing file is never replaced.
pub(super) fn make(path: &Path) -> Result<Key, VaultError> {
    let mut key = Key::default();
    getrandom::fill(&mut *key).map_err(|_| VaultError::NoRandom)?;
    private_file::make(path, &*key)
        .map_err(|source| VaultError::KeyNotMade { path: path.to_owned(), source: Arc::new(source) })?;
    tracing::info!(path = %path.display(), "made the key for templates and photos; without it a backup cannot be read");
    Ok(key)
}
