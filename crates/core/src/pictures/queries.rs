use rollcall_protocol::WallTime;
use rusqlite::{Connection, OptionalExtension, params};

use super::{Picture, PictureId};
use crate::db::{Error, Tx};
use crate::machines::MachineId;
use crate::roster::PinKey;
use crate::text::as_said;

/// Stores a picture; `None` when its name is known already.
pub(super) fn insert(
    tx: &Tx<'_>,
    machine: MachineId,
    picture: &Picture<'_>,
    sealed: &[u8],
) -> Result<Option<PictureId>, Error> {
    let pin = picture.pin.as_deref();
    let stored = tx
        .prepare_cached(
            "INSERT INTO pictures (machine_id, name, pin, pin_key, wall, received_at, size, data)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (machine_id, name) DO NOTHING",
        )?
        .execute(params![
            machine.0,
            Some(as_said(picture.name)).filter(|name| !name.is_empty()),
            pin.map(|pin| as_said(pin.trim())),
            pin.map(PinKey::of),
            picture.wall.map(WallTime::seconds),
            tx.now().timestamp_millis(),
            picture.data.len(),
            sealed,
        ])?;
    Ok((stored == 1).then(|| PictureId(tx.last_insert_rowid())))
}

pub(super) const OF_PUNCH: &str = "SELECT id FROM pictures
   WHERE machine_id = ?1 AND wall = ?2 AND pin_key = ?3 ORDER BY id LIMIT 1";

pub(super) fn of_punch(
    conn: &Connection,
    machine: MachineId,
    pin: &str,
    wall: WallTime,
) -> Result<Option<PictureId>, Error> {
    let mut statement = conn.prepare_cached(OF_PUNCH)?;
    let found = statement
        .query_row(params![machine.0, wall.seconds(), PinKey::of(pin)], |row| row.get(0).map(PictureId))
        .optional()?;
    Ok(found)
}

pub(super) fn get(conn: &Connection, id: PictureId) -> Result<Option<Vec<u8>>, Error> {
    let mut statement = conn.prepare_cached("SELECT data FROM pictures WHERE id = ?1")?;
    Ok(statement.query_row([id.0], |row| row.get(0)).optional()?)
}

pub(super) fn delete(tx: &Tx<'_>, machine: MachineId, pin: &str) -> Result<usize, Error> {
    let deleted = tx
        .prepare_cached("DELETE FROM pictures WHERE machine_id = ?1 AND pin_key = ?2")?
        .execute(params![machine.0, PinKey::of(pin)])?;
    Ok(deleted)
}
