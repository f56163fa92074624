//! Pictures taken at punches: sealed (O3), bounded per machine, oldest dropped first.
//!
//! Picture and punch arrive separately, in either order, or never both (attendance-push §9); machine, second and pin
//! tell which belong together.

mod queries;
#[cfg(test)]
mod tests;

use std::fmt;

use rollcall_protocol::WallTime;
use rusqlite::Connection;

use crate::db::{self, Bounded, Tx};
use crate::machines::MachineId;
use crate::vault::{Sealed, Vault};

/// Pictures kept for one machine.
pub const MOST_PER_MACHINE: i64 = 5_000;
/// Bytes kept for one machine.
pub const MOST_BYTES_PER_MACHINE: i64 = 256 * 1024 * 1024;

const BOUNDED: Bounded =
    Bounded { table: "pictures", most: MOST_PER_MACHINE, most_bytes: MOST_BYTES_PER_MACHINE };

/// A picture's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PictureId(pub i64);

/// A picture taken at a punch.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture<'a> {
    /// The machine's name for it; empty when it gave none.
    pub name: &'a str,
    /// Of whom; none for a failed attempt.
    pub pin: Option<String>,
    /// When, by the machine's clock.
    pub wall: Option<WallTime>,
    /// A JPEG.
    pub data: &'a [u8],
}

impl fmt::Debug for Picture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture")
            .field("pin", &self.pin)
            .field("wall", &self.wall)
            .field("bytes", &self.data.len())
            .finish_non_exhaustive()
    }
}

/// Keeps a picture; `None` when one of that name is there already: what a machine sends again changes nothing.
pub fn picture_keep(
    tx: &Tx<'_>,
    machine: MachineId,
    picture: &Picture<'_>,
) -> Result<Option<PictureId>, db::Error> {
    let sealed = tx.vault().seal(Sealed::Picture, picture.data)?;
    let kept = queries::insert(tx, machine, picture, &sealed)?;
    if kept.is_some() {
        BOUNDED.after_insert(tx, machine, picture.data.len())?;
    }
    Ok(kept)
}

/// The picture of a punch, if there is one.
pub fn picture_of(
    conn: &Connection,
    machine: MachineId,
    pin: &str,
    wall: WallTime,
) -> Result<Option<PictureId>, db::Error> {
    queries::of_punch(conn, machine, pin, wall)
}

/// A picture's bytes.
pub fn picture_get(conn: &Connection, vault: &Vault, id: PictureId) -> Result<Option<Vec<u8>>, db::Error> {
    let Some(sealed) = queries::get(conn, id)? else { return Ok(None) };
    Ok(Some(vault.unseal(Sealed::Picture, &sealed)?))
}

/// Deletes the pictures of somebody (O3). How many there were.
pub fn pictures_delete(tx: &Tx<'_>, machine: MachineId, pin: &str) -> Result<usize, db::Error> {
    queries::delete(tx, machine, pin)
}
