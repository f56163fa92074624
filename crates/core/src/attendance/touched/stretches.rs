//! Stretches of so many days that noting each of them at once would keep machines waiting: the stretch is noted as a whole, and
//! its days bit by bit, by whoever judges them.

use chrono::{Days, NaiveDate};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Whose, queries};
use crate::db::{Error, Tx};

/// Days that are noted in one transaction.
pub(super) const AT_ONCE: i64 = 20_000;
/// Days of one person that are noted at once: many people may be moved in one transaction.
pub(super) const OF_ONE_AT_ONCE: i64 = 31;

/// Notes a stretch, each of its days if they are few.
pub(super) fn note(tx: &Tx<'_>, whose: &Whose<'_>, from: NaiveDate, to: NaiveDate) -> Result<(), Error> {
    let days = (to - from).num_days() + 1;
    let most = if matches!(whose, Whose::One(_)) { OF_ONE_AT_ONCE } else { AT_ONCE };
    if days.saturating_mul(queries::people(tx, whose)?) <= most {
        return queries::note(tx, whose, from, to);
    }
    let (kind, id) = whose.columns();
    tx.prepare_cached(
        "INSERT INTO attendance_stretches (kind, target_id, from_on, to_on) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![kind, id, from.to_string(), to.to_string()])?;
    Ok(())
}

struct Stretch {
    id: i64,
    kind: String,
    target: String,
    from: NaiveDate,
    to: NaiveDate,
}

fn stretch(row: &Row<'_>) -> rusqlite::Result<Stretch> {
    let day = |index| -> rusqlite::Result<NaiveDate> {
        Ok(row.get_ref(index)?.as_str()?.parse().unwrap_or_default())
    };
    Ok(Stretch { id: row.get(0)?, kind: row.get(1)?, target: row.get(2)?, from: day(3)?, to: day(4)? })
}

/// Whether a stretch waits and is to have days of it noted: not while many that are noted have not been judged, so that the list
/// of them stays short.
pub fn stretches_wait(conn: &Connection) -> Result<bool, Error> {
    let waits = conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM attendance_stretches)
               AND (SELECT count(*) FROM (SELECT 1 FROM attendance_dirty LIMIT ?1)) < ?1",
        )?
        .query_row([AT_ONCE], |row| row.get(0))?;
    Ok(waits)
}

/// Notes days of the stretches that wait, the newest of each first, as many as a transaction may take; whether there was anything
/// to do. Whoever judges days asks [`stretches_wait`] first.
pub fn stretches_note(tx: &Tx<'_>) -> Result<bool, Error> {
    let mut left = AT_ONCE;
    while left > 0 {
        let next = tx
            .prepare_cached(
                "SELECT id, kind, target_id, from_on, to_on FROM attendance_stretches ORDER BY id LIMIT 1",
            )?
            .query_row([], stretch)
            .optional()?;
        let Some(next) = next else { break };
        let whose = Whose::of_columns(&next.kind, &next.target);
        let people = queries::people(tx, &whose)?.max(1);
        let days = u64::try_from(left / people).unwrap_or_default().max(1);
        let from = next.to.checked_sub_days(Days::new(days - 1)).unwrap_or(next.from).max(next.from);
        queries::note(tx, &whose, from, next.to)?;
        left -= people.saturating_mul((next.to - from).num_days() + 1);
        match from.pred_opt().filter(|rest| *rest >= next.from) {
            Some(rest) => tx
                .prepare_cached("UPDATE attendance_stretches SET to_on = ?2 WHERE id = ?1")?
                .execute(params![next.id, rest.to_string()])?,
            None => {
                tx.prepare_cached("DELETE FROM attendance_stretches WHERE id = ?1")?.execute([next.id])?
            }
        };
    }
    Ok(left < AT_ONCE)
}
