//! The vault: what is somebody's body, or opens a door in their name, lies on the disk sealed (rule O3).
//!
//! Templates, photos, machine passwords and the raw uploads that may hold them are sealed with XChaCha20-Poly1305 under
//! one key, in a file of its own beside the database: a copy of the database alone says nothing. The key is made on the
//! first start and never again while anything lies sealed under it. When it is gone, or is another one, the site goes on
//! without it: punches are taken as ever, and whatever would have to be sealed is refused ([`VaultError`]), so that the
//! machine keeps it.

mod key;
mod queries;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{KeyInit, Tag, XChaCha20Poly1305, XNonce};
use rusqlite::Connection;

use crate::db;

/// The key's file, beside the database.
pub const KEY_FILE: &str = "secret.key";

/// What is sealed. A thing sealed as one kind cannot be opened as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sealed {
    /// A template or a photo that a machine sent of somebody.
    Template,
    /// A photo of the directory.
    Photo,
    /// A picture taken at a punch.
    Picture,
    /// A password for a machine.
    Password,
    /// An order to a machine, with a template or password in it.
    Order,
    /// An upload that nothing reads yet.
    Upload,
    /// What lies beside an appeal.
    Evidence,
    /// The text by which a key is recognised.
    Proof,
}

impl Sealed {
    /// What is sealed with it; changing one makes everything sealed before unreadable.
    fn label(self) -> &'static [u8] {
        match self {
            Self::Template => b"rollcall template",
            Self::Photo => b"rollcall photo",
            Self::Picture => b"rollcall picture",
            Self::Password => b"rollcall password",
            Self::Order => b"rollcall order",
            Self::Upload => b"rollcall upload",
            Self::Evidence => b"rollcall evidence",
            Self::Proof => b"rollcall proof",
        }
    }
}

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, thiserror::Error)]
pub enum VaultError {
    /// The key's file is gone while things lie sealed under it.
    #[error(
        "the key {0} is gone; put it back from a backup and start again. Nothing sealed can be read without it, and no other one is made in its place"
    )]
    KeyMissing(PathBuf),
    /// The file is no key.
    #[error(
        "the file {0} is not a key, which has 32 bytes; put the right one back from a backup and start again"
    )]
    KeyInvalid(PathBuf),
    /// The file is a key, but not the one that everything is sealed under.
    #[error("the key {0} is not the one this database was sealed with; put that one back and start again")]
    KeyWrong(PathBuf),
    /// The file cannot be read.
    #[error("the key {path} cannot be read; change its permissions and start again")]
    KeyUnreadable {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: Arc<io::Error>,
    },
    /// The file cannot be made.
    #[error(
        "the key {path} cannot be made; make room, or change the permissions of its folder, and start again"
    )]
    KeyNotMade {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: Arc<io::Error>,
    },
    /// Randomness is what a key and every seal begin with.
    #[error("the system gave no random numbers")]
    NoRandom,
    /// Not what was sealed: cut, changed, or sealed as something else.
    #[error("what was sealed is not as it was")]
    Damaged,
}

impl VaultError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeyMissing(_) => "vault.key_missing",
            Self::KeyInvalid(_) => "vault.key_invalid",
            Self::KeyWrong(_) => "vault.key_wrong",
            Self::KeyUnreadable { .. } => "vault.key_unreadable",
            Self::KeyNotMade { .. } => "vault.key_not_made",
            Self::NoRandom => "system.no_random",
            Self::Damaged => "vault.damaged",
        }
    }
}

/// Seals and opens. Cheap to clone; all clones are the same vault.
#[derive(Clone)]
pub struct Vault(Arc<Door>);

enum Door {
    /// The cipher wipes its key when it is dropped.
    Open(XChaCha20Poly1305),
    Shut(VaultError),
}

/// How a sealed thing begins; another construction would get another number.
const FORMAT: u8 = 1;
const NONCE: usize = 24;
const HEAD: usize = 1 + NONCE;
const TAG: usize = 16;

impl Vault {
    /// The vault of a database: its key is taken from, or made in, the file [`KEY_FILE`] beside it.
    ///
    /// What is wrong with the key is no error here but the vault's [`trouble`](Self::trouble): the site must take
    /// punches all the same.
    pub(crate) fn open(conn: &Connection, database: &Path) -> Result<Self, db::Error> {
        let path = database.with_file_name(KEY_FILE);
        let door = match find(conn, &path) {
            Ok(cipher) => Door::Open(cipher),
            Err(db::Error::Vault(error)) => {
                tracing::error!(code = error.code(), %error, "templates, photos and passwords are not taken");
                Door::Shut(error)
            }
            Err(error) => return Err(error),
        };
        Ok(Self(Arc::new(door)))
    }

    /// What keeps it from sealing and opening, if anything does.
    pub fn trouble(&self) -> Option<&VaultError> {
        match &*self.0 {
            Door::Open(_) => None,
            Door::Shut(error) => Some(error),
        }
    }

    /// Seals; 41 bytes are added.
    pub fn seal(&self, what: Sealed, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        seal(self.cipher()?, what, plain)
    }

    /// Opens what was sealed as the same kind of thing.
    pub fn unseal(&self, what: Sealed, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        unseal(self.cipher()?, what, sealed)
    }

    fn cipher(&self) -> Result<&XChaCha20Poly1305, VaultError> {
        match &*self.0 {
            Door::Open(cipher) => Ok(cipher),
            Door::Shut(error) => Err(error.clone()),
        }
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.trouble().is_none() { "Vault(open)" } else { "Vault(shut)" })
    }
}

/// The key of this database; made when nothing lies sealed under another one.
fn find(conn: &Connection, path: &Path) -> Result<XChaCha20Poly1305, db::Error> {
    let proof = queries::proof(conn)?;
    let key = match key::read(path)? {
        Some(key) => key,
        None if proof.is_some() && queries::holds_sealed(conn)? => {
            return Err(VaultError::KeyMissing(path.to_owned()).into());
        }
        None => key::make(path)?,
    };
    let cipher = XChaCha20Poly1305::new((&*key).into());
    let proven = proof.as_ref().map(|proof| unseal(&cipher, Sealed::Proof, proof).is_ok());
    match proven {
        Some(true) => Ok(cipher),
        Some(false) if queries::holds_sealed(conn)? => Err(VaultError::KeyWrong(path.to_owned()).into()),
        // A new database, or one that nothing is sealed in; or a start that was cut off between the key and this.
        _ => {
            queries::set_proof(conn, &seal(&cipher, Sealed::Proof, &[])?)?;
            Ok(cipher)
        }
    }
}

fn seal(cipher: &XChaCha20Poly1305, what: Sealed, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    let mut nonce = [0_u8; NONCE];
    // 24 random bytes do not repeat, however much is sealed under one key.
    getrandom::fill(&mut nonce).map_err(|_| VaultError::NoRandom)?;
    let mut out = Vec::with_capacity(HEAD + plain.len() + TAG);
    out.push(FORMAT);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(plain);
    let body = out.get_mut(HEAD..).unwrap_or_default();
    // Fails only beyond 256 GiB.
    let tag = cipher
        .encrypt_inout_detached(&XNonce::from(nonce), what.label(), body.into())
        .map_err(|_| VaultError::Damaged)?;
    out.extend_from_slice(&tag);
    Ok(out)
}

fn unseal(cipher: &XChaCha20Poly1305, what: Sealed, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    let parts = sealed
        .split_first_chunk::<HEAD>()
        .and_then(|(head, rest)| Some((head, rest.split_last_chunk::<TAG>()?)))
        .and_then(|(head, (body, tag))| Some((head.split_first()?, body, tag)));
    let Some(((&FORMAT, nonce), body, tag)) = parts else { return Err(VaultError::Damaged) };
    let nonce = <[u8; NONCE]>::try_from(nonce).map_err(|_| VaultError::Damaged)?;
    let mut plain = body.to_vec();
    cipher
        .decrypt_inout_detached(
            &XNonce::from(nonce),
            what.label(),
            plain.as_mut_slice().into(),
            &Tag::from(*tag),
        )
        .map_err(|_| VaultError::Damaged)?;
    Ok(plain)
}
