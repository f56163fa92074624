//! Punches of a file: within one machine a number and a second are one punch, whatever a file says of keys and ways.

use std::collections::HashSet;

use rusqlite::Connection;

use super::batch::{Batch, Ready};
use super::{Ingested, Source, punch_ingest, queries};
use crate::db::{self, Tx};
use crate::machines::MachineId;

/// A punch by its number and second.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileKey(i64, Pin);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Pin {
    Number(i64),
    Text(String),
}

fn key(punch: &Ready) -> FileKey {
    let pin = match punch.pin_number {
        Some(number) => Pin::Number(number),
        None => Pin::Text(punch.pin.clone()),
    };
    FileKey(punch.wall.seconds(), pin)
}

/// What a part of a file would bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileLook {
    /// Punches that are new.
    pub new: u64,
    /// Punches that are there, or came earlier in the file.
    pub known: u64,
    /// Of the new ones, those nobody's number covers.
    pub unmatched: u64,
}

/// Looks what a part of a file would bring; `seen` has what the parts before it had.
pub fn punches_look(
    conn: &Connection,
    machine: MachineId,
    batch: &Batch,
    seen: &mut HashSet<FileKey>,
) -> Result<FileLook, db::Error> {
    let mut look = FileLook::default();
    for punch in &batch.punches {
        if !seen.insert(key(punch)) || queries::same_second(conn, machine, punch)? {
            look.known += 1;
            continue;
        }
        look.new += 1;
        look.unmatched += u64::from(!queries::is_owned(conn, machine, punch)?);
    }
    Ok(look)
}

/// Stores a part of a file; what came of it, and how many of the new ones nobody's number covers.
pub fn punches_take(tx: &Tx<'_>, machine: MachineId, mut batch: Batch) -> Result<(Ingested, u64), db::Error> {
    let mut seen = HashSet::new();
    let mut new = Vec::with_capacity(batch.punches.len());
    let mut known = 0;
    for punch in std::mem::take(&mut batch.punches) {
        if !seen.insert(key(&punch)) || queries::same_second(tx, machine, &punch)? {
            known += 1;
        } else {
            new.push(punch);
        }
    }
    batch.punches = new;
    let mut stored = punch_ingest(tx, machine, Source::File, &batch)?;
    stored.known += known;
    let unmatched = match (stored.new.first(), stored.new.last()) {
        (Some(first), Some(last)) => queries::unmatched_between(tx, *first, *last)?,
        _ => 0,
    };
    Ok((stored, unmatched))
}
