//! The data folder: one program at a time, and a token that only its owner can read.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use rollcall_core::private_file;

use super::StartError;

/// Held while a program uses the folder; the system lets go of it however the program ends.
const LOCK: &str = "rollcall.lock";
/// The console's token.
const TOKEN: &str = "console.token";
/// A token shorter than this is guessed too easily; whoever sets one anyway is told.
const TOKEN_SHORT: usize = 12;

/// Nobody else may use the folder while this lives.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "the lock is let go of when the file is closed")] File);

/// Makes the folder, readable by its owner only, and takes it.
pub(super) fn take(folder: &Path) -> Result<Lock, StartError> {
    let refused = |source| StartError::Folder { folder: folder.to_owned(), source };
    private_file::folder(folder).map_err(refused)?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(folder.join(LOCK)).map_err(refused)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(source)) => Err(refused(source)),
    }
}

/// The token in the folder; the first start makes it.
pub(super) fn token(folder: &Path) -> Result<String, StartError> {
    let path = folder.join(TOKEN);
    let refused = |source| StartError::Token { path: path.clone(), source };
    match std::fs::read_to_string(&path) {
        Ok(text) if !text.trim().is_empty() => {
            File::open(&path).and_then(|file| private_file::restrict(&file, &path)).map_err(refused)?;
            return check(text.trim()).map(str::to_owned);
        }
        // Somebody emptied it.
        Ok(_) => std::fs::remove_file(&path).map_err(refused)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(refused(error)),
    }
    let token = random().map_err(|_| StartError::NoRandom)?;
    private_file::make(&path, format!("{token}\n").as_bytes()).map_err(refused)?;
    Ok(token)
}

/// Whether a token can be sent in a header.
pub(super) fn check(token: &str) -> Result<&str, StartError> {
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(StartError::TokenUnfit);
    }
    if token.len() < TOKEN_SHORT {
        tracing::warn!("the console's token is short and easily guessed; choose a longer one");
    }
    Ok(token)
}

fn random() -> Result<String, getrandom::Error> {
    use std::fmt::Write;
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().fold(String::with_capacity(64), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_used_by_one_at_a_time() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("a/b");
        let lock = take(&folder).unwrap();
        let error = take(&folder).unwrap_err();
        assert_eq!(error.code(), "site.in_use");
        assert!(error.to_string().contains("stop it"), "{error}");
        drop(lock);
        take(&folder).unwrap();
    }

    #[test]
    fn the_token_is_made_once_and_kept() {
        let scratch = tempfile::tempdir().unwrap();
        let made = token(scratch.path()).unwrap();
        assert_eq!(made.len(), 64);
        assert_eq!(token(scratch.path()).unwrap(), made);
        std::fs::write(scratch.path().join(TOKEN), "  \n").unwrap();
        assert_ne!(token(scratch.path()).unwrap(), made);
        std::fs::write(scratch.path().join(TOKEN), "a-token-of-mine\n").unwrap();
        assert_eq!(token(scratch.path()).unwrap(), "a-token-of-mine");
        std::fs::write(scratch.path().join(TOKEN), "口令口令口令\n").unwrap();
        assert_eq!(token(scratch.path()).unwrap_err().code(), "console.token_unfit");
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_and_its_lock_are_their_owners_only() {
        use std::os::unix::fs::PermissionsExt;
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("a/b");
        let _lock = take(&folder).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!([mode(&folder), mode(&folder.join(LOCK))], [0o700, 0o600]);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_reads_the_token() {
        use std::os::unix::fs::PermissionsExt;
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join(TOKEN);
        let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        token(scratch.path()).unwrap();
        assert_eq!(mode(), 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        token(scratch.path()).unwrap();
        assert_eq!(mode(), 0o600);
    }
}
