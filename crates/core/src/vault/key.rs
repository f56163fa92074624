//! The key's file: made whole or not at all, readable by its owner only.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::VaultError;

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
    restrict(&file, path).map_err(unreadable)?;
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
    write(path, &*key)
        .map_err(|source| VaultError::KeyNotMade { path: path.to_owned(), source: Arc::new(source) })?;
    tracing::info!(path = %path.display(), "made the key for templates and photos; without it a backup cannot be read");
    Ok(key)
}

fn write(path: &Path, key: &[u8]) -> io::Result<()> {
    // Written under another name first: whatever cuts this off, there is a whole key under the right name, or none.
    let begun = path.with_extension("key.new");
    match std::fs::remove_file(&begun) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&begun)?;
    let written = file.write_all(key).and_then(|()| file.sync_all()).and_then(|()| publish(&begun, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&begun);
    }
    written
}

/// Gives the file its name, unless there is one of that name.
fn publish(begun: &Path, path: &Path) -> io::Result<()> {
    match std::fs::hard_link(begun, path) {
        Ok(()) => std::fs::remove_file(begun)?,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
        // A file system without links; the data folder is ours alone, so nobody makes one between the two calls.
        Err(_) if !path.try_exists()? => std::fs::rename(begun, path)?,
        Err(error) => return Err(error),
    }
    sync_folder(path)
}

/// Puts the name on disk too.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Windows keeps names with the file system's own log, and opens no folders.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Takes the file from everybody but its owner, whatever became of it meanwhile.
#[cfg(unix)]
fn restrict(file: &File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        tracing::warn!(path = %path.display(), "the key was readable by others; it no longer is");
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// A folder of the user's own is closed to others by Windows itself.
#[cfg(not(unix))]
fn restrict(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}
