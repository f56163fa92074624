use rusqlite::params;

use crate::audit::Actor;
use crate::db::{Error, Tx};
use crate::machines::MachineId;

pub(super) fn insert(tx: &Tx<'_>, machine: MachineId, name: &str, actor: &Actor) -> Result<i64, Error> {
    tx.prepare_cached("INSERT INTO punch_files (machine_id, name, who, at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![machine.0, name, actor.as_str(), tx.now().timestamp_millis()])?;
    Ok(tx.last_insert_rowid())
}

pub(super) fn ended(tx: &Tx<'_>, id: i64, new: u64) -> Result<(), Error> {
    tx.prepare_cached("UPDATE punch_files SET new = ?2 WHERE id = ?1")?.execute(params![id, new])?;
    Ok(())
}
