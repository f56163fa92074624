use std::collections::HashMap;

use chrono::NaiveDate;
use rusqlite::{Connection, params};

use crate::db::{Error, Tx};
use crate::schedule::shift::ShiftId;

/// What shifts are called, the removed ones too.
pub(super) fn names(conn: &Connection) -> Result<HashMap<String, String>, Error> {
    let mut statement = conn.prepare_cached("SELECT id, name FROM shifts")?;
    let names = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(names.collect::<Result<_, _>>()?)
}

pub(super) fn set(
    tx: &Tx<'_>,
    employee: &str,
    date: NaiveDate,
    shift: Option<&ShiftId>,
) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO schedule_days (employee_id, date, shift_id) VALUES (?1, ?2, ?3)",
    )?
    .execute(params![employee, date.to_string(), shift.map(|shift| &shift.0)])?;
    Ok(())
}

pub(super) fn clear(tx: &Tx<'_>, employee: &str, date: NaiveDate) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM schedule_days WHERE employee_id = ?1 AND date = ?2")?
        .execute(params![employee, date.to_string()])?;
    Ok(())
}
