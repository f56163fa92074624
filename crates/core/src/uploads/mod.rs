//! Uploads that nothing reads yet: kept raw, so that what was acknowledged is never gone.
//!
//! A machine that is refused repeats itself for ever and blocks its punches (rule A4), so everything it sends is
//! acknowledged; what is not understood is kept here, bounded per machine, oldest dropped first.

use rusqlite::params;

use crate::db::{Error, Tx};
use crate::machines::MachineId;

/// Bodies kept for one machine.
pub const MOST_PER_MACHINE: i64 = 2_000;
/// Bytes kept for one machine.
pub const MOST_BYTES_PER_MACHINE: i64 = 256 * 1024 * 1024;

/// Bodies up to which the bounds may be exceeded for a while.
const PRUNE_EVERY: i64 = 32;
/// A body from which on the bounds are seen to at once.
const PRUNE_AT_ONCE: usize = 64 * 1024;

/// Keeps a body of a table that nothing reads.
pub fn upload_keep(
    tx: &Tx<'_>,
    machine: MachineId,
    table: &str,
    query: &str,
    body: &[u8],
) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO kept_uploads (machine_id, table_name, query, body, received_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![machine.0, table, query, body, tx.now().timestamp_millis()])?;
    // The newest bodies that fit both bounds stay. The walk is over all rows of the machine, so it is not made for every
    // trifle.
    if body.len() < PRUNE_AT_ONCE && tx.last_insert_rowid() % PRUNE_EVERY != 0 {
        return Ok(());
    }
    tx.prepare_cached(
        "DELETE FROM kept_uploads WHERE id IN (
           SELECT id FROM (
             SELECT id, row_number() OVER newest AS nth, sum(length(body)) OVER newest AS bytes
             FROM kept_uploads WHERE machine_id = ?1 WINDOW newest AS (ORDER BY id DESC)
           ) WHERE nth > 1 AND (nth > ?2 OR bytes > ?3))",
    )?
    .execute(params![machine.0, MOST_PER_MACHINE, MOST_BYTES_PER_MACHINE])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machines::tests::a_machine;
    use crate::site::tests::scratch;

    #[tokio::test]
    async fn the_oldest_go_when_the_bound_is_reached() {
        let (site, _folder) = scratch();
        let machine = a_machine(&site, "KEEP1").await;
        let kept: i64 = site
            .write(move |tx| {
                for n in 0..MOST_PER_MACHINE + 3 * PRUNE_EVERY {
                    upload_keep(tx, machine.id, "BIODATA", "", n.to_string().as_bytes())?;
                }
                Ok::<_, Error>(tx.query_row("SELECT count(*) FROM kept_uploads", [], |row| row.get(0))?)
            })
            .await
            .unwrap();
        assert!((MOST_PER_MACHINE..MOST_PER_MACHINE + PRUNE_EVERY).contains(&kept), "{kept}");
    }
}
