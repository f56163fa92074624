//! Files that their owner alone reads: the database, and those with a secret in them beside it, which are made whole or not
//! at all.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Makes a file, on disk with its name when this returns. One that is there is not replaced.
pub fn make(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Written under another name first: whatever cuts this off, there is a whole file under the right name, or none.
    let mut begun = path.as_os_str().to_owned();
    begun.push(".new");
    let begun = Path::new(&begun);
    match std::fs::remove_file(begun) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(begun)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| publish(begun, path));
    if written.is_err() {
        let _ = std::fs::remove_file(begun);
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

/// Makes an empty file for a database, unless it is there; what is made beside it gets the same permissions. What keeps it
/// from being made is left for the database to say.
pub(crate) fn begin(path: &Path) {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(path);
}

/// Takes a database of ours and what lies beside it from everybody but its owner. Where we may not, the administrator is
/// told: it is no reason to leave machines without an answer.
#[cfg(unix)]
pub(crate) fn restrict_database(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    for beside in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(beside);
        let path = Path::new(&name);
        let Ok(there) = std::fs::metadata(path) else { continue };
        let mode = there.permissions().mode() & 0o777;
        if mode & 0o077 == 0 {
            continue;
        }
        match std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & 0o700)) {
            Ok(()) => tracing::warn!(path = %path.display(), mode = %format_args!("{mode:03o}"),
                "others could read a file of the database; they no longer can"),
            Err(error) => tracing::warn!(path = %path.display(), %error,
                "others can read a file of the database, and that cannot be changed from here"),
        }
    }
}

/// A folder of the user's own is closed to others by Windows itself.
#[cfg(not(unix))]
pub(crate) fn restrict_database(_: &Path) {}

/// Makes a folder and those above it, for their owner only. One that is there stays as it is.
pub fn folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Takes a file from everybody but its owner, whatever became of it meanwhile.
#[cfg(unix)]
pub fn restrict(file: &File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        tracing::warn!(path = %path.display(), "a file with a secret was readable by others; it no longer is");
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// A folder of the user's own is closed to others by Windows itself.
#[cfg(not(unix))]
pub fn restrict(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}
