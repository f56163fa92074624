//! Tables that keep the newest of what a machine sends, so that no machine fills the disk.

use rusqlite::params;

use super::{Error, Tx};
use crate::machines::MachineId;

/// Rows up to which the bounds may be exceeded for a while.
pub(crate) const PRUNE_EVERY: i64 = 32;
/// A row from which on the bounds are seen to at once.
const PRUNE_AT_ONCE: usize = 64 * 1024;

/// A table with `id`, `machine_id` and `size`, and an index over just these.
pub(crate) struct Bounded {
    pub(crate) table: &'static str,
    /// Rows kept for one machine.
    pub(crate) most: i64,
    /// Bytes kept for one machine.
    pub(crate) most_bytes: i64,
}

impl Bounded {
    /// Drops the oldest of the machine's rows, now that one of so many bytes was inserted: the newest that fit both bounds
    /// stay, and the very newest always.
    pub(crate) fn after_insert(&self, tx: &Tx<'_>, machine: MachineId, size: usize) -> Result<(), Error> {
        // The walk is over all rows of the machine, so it is not made for every trifle.
        if size < PRUNE_AT_ONCE && tx.last_insert_rowid() % PRUNE_EVERY != 0 {
            return Ok(());
        }
        tx.prepare_cached(&self.sql())?.execute(params![machine.0, self.most, self.most_bytes])?;
        Ok(())
    }

    pub(crate) fn sql(&self) -> String {
        format!(
            "DELETE FROM {table} WHERE id IN (
               SELECT id FROM (
                 SELECT id, row_number() OVER newest AS nth, sum(size) OVER newest AS bytes
                 FROM {table} WHERE machine_id = ?1 WINDOW newest AS (ORDER BY id DESC)
               ) WHERE nth > 1 AND (nth > ?2 OR bytes > ?3))",
            table = self.table
        )
    }
}
