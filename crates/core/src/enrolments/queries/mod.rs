//! The SQL: people, their templates, and what is done to both.

mod people;
mod templates;

use rusqlite::params;

use crate::clock::Timestamp;
use crate::db::{Error, Tx};
use crate::machines::MachineId;
use crate::roster::PinKey;

pub(super) use people::{
    count as people, count_on_machine, described_as, get as person, list as seen, put as put_person,
    seen_all, seen_one,
};
pub(super) use templates::{
    count as templates, count_all, count_of, gone as template_gone, of as templates_of,
    owned as templates_owned, put as put_template, there as template_there,
};
#[cfg(test)]
pub(super) use {
    people::{COUNT_ON_MACHINE, LIST},
    templates::{COUNT_ALL, COUNT_OF},
};

/// Whether there is a place left; no machine holds so much, so what has none is rubbish.
fn take(room: &mut usize, machine: MachineId, what: &str) -> bool {
    let free = *room > 0;
    if free {
        *room -= 1;
    } else {
        tracing::debug!(machine = machine.0, "a machine says it has more {what} than any machine holds");
    }
    free
}

pub(super) fn person_gone(tx: &Tx<'_>, machine: MachineId, pin: &str) -> Result<(), Error> {
    let key = PinKey::of(pin);
    for sql in [
        "UPDATE seen_people SET on_machine = 0 WHERE machine_id = ?1 AND pin_key = ?2",
        "UPDATE templates SET on_machine = 0 WHERE machine_id = ?1 AND pin_key = ?2 AND on_machine = 1",
    ] {
        tx.prepare_cached(sql)?.execute(params![machine.0, key])?;
    }
    Ok(())
}

/// Marks those not seen since, or everybody; how many they are.
pub(super) fn people_unseen_since(
    tx: &Tx<'_>,
    machine: MachineId,
    since: Option<Timestamp>,
) -> Result<usize, Error> {
    let since = since.map_or(i64::MAX, |at| at.timestamp_millis());
    // A template sent since belongs to somebody who is there, whether or not the list of people has arrived too.
    tx.prepare_cached(
        "UPDATE templates SET on_machine = 0 WHERE machine_id = ?1 AND on_machine = 1 AND seen_at < ?2
           AND NOT EXISTS (SELECT 1 FROM seen_people p WHERE p.machine_id = ?1
             AND p.pin_key = templates.pin_key
             AND p.on_machine = 1 AND p.seen_at >= ?2)",
    )?
    .execute(params![machine.0, since])?;
    let gone = tx
        .prepare_cached(
            "UPDATE seen_people SET on_machine = 0 WHERE machine_id = ?1 AND on_machine = 1 AND seen_at < ?2",
        )?
        .execute(params![machine.0, since])?;
    Ok(gone)
}

pub(super) fn delete(tx: &Tx<'_>, machine: MachineId, pin: &str) -> Result<usize, Error> {
    let key = PinKey::of(pin);
    tx.prepare_cached("DELETE FROM seen_people WHERE machine_id = ?1 AND pin_key = ?2 AND on_machine = 0")?
        .execute(params![machine.0, key])?;
    let deleted = tx
        .prepare_cached("DELETE FROM templates WHERE machine_id = ?1 AND pin_key = ?2")?
        .execute(params![machine.0, key])?;
    Ok(deleted)
}
