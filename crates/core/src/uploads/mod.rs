//! Uploads that nothing reads yet: kept raw, so that what was acknowledged is never gone.
//!
//! A machine that is refused repeats itself for ever and blocks its punches (rule A4), so everything it sends is
//! acknowledged; what is not understood is kept here, bounded per machine, oldest dropped first. Nobody knows what is in
//! it, so it lies sealed (O3).

mod queries;
#[cfg(test)]
pub(crate) mod tests;

use rusqlite::Connection;

use crate::db::{self, Bounded, Tx};
use crate::machines::MachineId;
use crate::vault::{Sealed, Vault};

/// Bodies kept for one machine.
pub const MOST_PER_MACHINE: i64 = 2_000;
/// Bytes kept for one machine.
pub const MOST_BYTES_PER_MACHINE: i64 = 256 * 1024 * 1024;

const BOUNDED: Bounded =
    Bounded { table: "kept_uploads", most: MOST_PER_MACHINE, most_bytes: MOST_BYTES_PER_MACHINE };

/// Bytes of bodies that are sealed in one transaction after a start.
const SEALED_AT_ONCE: usize = 16 * 1024 * 1024;

/// Keeps a body of a table that nothing reads.
pub fn upload_keep(
    tx: &Tx<'_>,
    machine: MachineId,
    table: &str,
    query: &str,
    body: &[u8],
) -> Result<(), db::Error> {
    queries::insert(tx, machine, table, query, body.len(), &tx.vault().seal(Sealed::Upload, body)?)?;
    BOUNDED.after_insert(tx, machine, body.len())
}

/// A kept body by its number, with the name of its table.
pub fn upload_get(conn: &Connection, vault: &Vault, id: i64) -> Result<Option<(String, Vec<u8>)>, db::Error> {
    let Some((table, body)) = queries::kept(conn, id)? else { return Ok(None) };
    Ok(Some((table, vault.unseal(Sealed::Upload, &body)?)))
}

/// Seals what an earlier version kept in clear, and wipes the clear text off the file.
pub(crate) fn seal_clear(conn: &mut Connection, vault: &Vault) -> Result<(), db::Error> {
    if vault.trouble().is_some() || !queries::any_clear(conn)? {
        return Ok(());
    }
    let mut sealed = 0_usize;
    loop {
        let tx = conn.transaction()?;
        let mut bytes = 0;
        while bytes < SEALED_AT_ONCE {
            let Some((id, body)) = queries::first_clear(&tx)? else { break };
            queries::replace_clear(&tx, id, body.len(), &vault.seal(Sealed::Upload, &body)?)?;
            bytes += body.len().max(1);
            sealed += 1;
        }
        tx.commit()?;
        if bytes == 0 {
            break;
        }
    }
    // The table goes last: as long as it is there, a start that was cut off is made up for by the next one.
    db::wipe_free_pages(conn)?;
    queries::drop_clear(conn)?;
    db::empty_log(conn)?;
    if sealed > 0 {
        tracing::info!(sealed, "sealed the uploads that an earlier version kept in clear");
    }
    Ok(())
}
