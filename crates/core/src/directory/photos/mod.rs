//! A photo of each person: sealed (O3), whole as it was given.

mod queries;

use std::fmt;

use rusqlite::Connection;
use serde::Serialize;

use super::employees;
use super::error::DirectoryError;
use super::id::{self, EmployeeId};
use crate::audit::{self, Actor};
use crate::db::{self, Tx};
use crate::vault::{Sealed, Vault};

/// The form of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoType {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl PhotoType {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    fn from_media_type(text: &str) -> Self {
        if text == Self::Png.media_type() { Self::Png } else { Self::Jpeg }
    }
}

/// Somebody's photo.
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    /// Its id; another photo of the same person has another one.
    pub file_id: String,
    /// Its form.
    pub kind: PhotoType,
    /// Its bytes.
    pub data: Vec<u8>,
}

impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Photo")
            .field("file_id", &self.file_id)
            .field("bytes", &self.data.len())
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged<'a> {
    photo_file_id: &'a str,
}

fn log(
    tx: &Tx<'_>,
    actor: &Actor,
    id: &EmployeeId,
    before: Option<&str>,
    after: Option<&str>,
) -> Result<(), db::Error> {
    let logged = |file_id| Logged { photo_file_id: file_id };
    let (before, after) = (before.map(logged), after.map(logged));
    audit::record(tx, actor, "employee.photo", &employees::subject(id), before.as_ref(), after.as_ref())
}

/// Gives somebody a photo, in the place of the one before; its id. Whoever calls has seen that it can be decoded.
pub fn photo_put(
    tx: &Tx<'_>,
    actor: &Actor,
    id: &EmployeeId,
    kind: PhotoType,
    data: &[u8],
) -> Result<String, DirectoryError> {
    let employee = employees::employee_get(tx, id)?.ok_or_else(|| DirectoryError::Unknown(id.clone()))?;
    let file_id = id::ours('p')?;
    let sealed = tx.vault().seal(Sealed::Photo, data).map_err(db::Error::from)?;
    queries::put(tx, id, &file_id, kind, data.len(), &sealed)?;
    log(tx, actor, id, employee.photo_file_id.as_deref(), Some(&file_id))?;
    Ok(file_id)
}

/// Somebody's photo.
pub fn photo_get(conn: &Connection, vault: &Vault, id: &EmployeeId) -> Result<Photo, DirectoryError> {
    let Some((file_id, media_type, sealed)) = queries::get(conn, id)? else {
        employees::employee_get(conn, id)?.ok_or_else(|| DirectoryError::Unknown(id.clone()))?;
        return Err(DirectoryError::PhotoMissing(id.clone()));
    };
    let data = vault.unseal(Sealed::Photo, &sealed).map_err(db::Error::from)?;
    Ok(Photo { file_id, kind: PhotoType::from_media_type(&media_type), data })
}

/// Takes somebody's photo away.
pub fn photo_delete(tx: &Tx<'_>, actor: &Actor, id: &EmployeeId) -> Result<(), DirectoryError> {
    let employee = employees::employee_get(tx, id)?.ok_or_else(|| DirectoryError::Unknown(id.clone()))?;
    let file_id = employee.photo_file_id.ok_or_else(|| DirectoryError::PhotoMissing(id.clone()))?;
    queries::delete(tx, id)?;
    Ok(log(tx, actor, id, Some(&file_id), None)?)
}
