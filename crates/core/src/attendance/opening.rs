//! Opening a date: from its beginning on everybody with a schedule has a result for it, punch or no punch.

use chrono::NaiveDate;
use chrono_tz::Tz;
use rollcall_protocol::WallTime;
use rusqlite::{Connection, OptionalExtension, params};

use super::facts::{date_of, day_after};
use super::window::wall;
use super::work::{set_state, state};
use crate::clock::{self, Timestamp, date_in};
use crate::db::{Error, Tx};
use crate::schedule::shift::Minute;
use crate::settings::site_date;

/// People of whom a date is opened in one transaction.
const OPENED_AT_ONCE: i64 = 2000;

/// The newest date that was opened for everybody.
pub(super) fn through(conn: &Connection) -> Result<Option<NaiveDate>, Error> {
    opened(conn, "through")
}

/// The first date that was opened for everybody.
pub(super) fn since(conn: &Connection) -> Result<Option<NaiveDate>, Error> {
    opened(conn, "since")
}

fn opened(conn: &Connection, which: &str) -> Result<Option<NaiveDate>, Error> {
    let days = state(conn, which)?;
    Ok(days.and_then(|days| date_of(WallTime::from_seconds(days.saturating_mul(86_400)))))
}

/// How far opening a date is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    date: NaiveDate,
    /// The last of the people it is opened for.
    after: String,
}

/// The date that is to be opened next; none when today is open.
pub fn opening(conn: &Connection, now: Timestamp) -> Result<Option<Opening>, Error> {
    let today = site_date(conn, now)?;
    // Before the first start there was nobody to open a date for.
    let date = through(conn)?.map_or(today, day_after);
    Ok((date <= today).then(|| Opening { date, after: String::new() }))
}

pub(super) const PLANNED: &str =
    "SELECT EXISTS (SELECT 1 FROM shift_assignments) OR EXISTS (SELECT 1 FROM schedule_days WHERE date = ?1)";

pub(super) const OPEN: &str = "INSERT OR IGNORE INTO attendance_dirty (employee_id, date)
   SELECT id, ?1 FROM employees WHERE id > ?2 AND id <= ?3
     AND (hired_on IS NULL OR hired_on <= ?1) AND (left_on IS NULL OR left_on >= ?1)";

/// Opens a date for the next of the people: their days of it are to be judged. None when it is open for all of them.
pub fn open_next(tx: &Tx<'_>, opening: &Opening) -> Result<Option<Opening>, Error> {
    let date = opening.date.to_string();
    let planned: bool = tx.prepare_cached(PLANNED)?.query_row([&date], |row| row.get(0))?;
    let last: Option<String> = tx
        .prepare_cached("SELECT max(id) FROM (SELECT id FROM employees WHERE id > ?1 ORDER BY id LIMIT ?2)")?
        .query_row(params![opening.after, OPENED_AT_ONCE], |row| row.get(0))
        .optional()?
        .flatten();
    let Some(last) = last.filter(|_| planned) else {
        let days = (opening.date - NaiveDate::default()).num_days();
        set_state(tx, "through", days)?;
        if state(tx, "since")?.is_none() {
            set_state(tx, "since", days)?;
        }
        return Ok(None);
    };
    tx.prepare_cached(OPEN)?.execute(params![date, opening.after, last])?;
    Ok(Some(Opening { date: opening.date, after: last }))
}

/// When the next date begins where the site is.
pub fn next_midnight(zone: Tz, now: Timestamp) -> Timestamp {
    let wall = wall(day_after(date_in(zone, now)), Minute(0));
    clock::instant(wall, clock::offset_at(zone, wall))
}
