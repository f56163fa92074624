use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::weekday_of_number;
use crate::db::{Error, Tx};
use crate::schedule::plan::{CalendarDay, Special};

/// The kind, and the number of the weekday a make-up workday is worked as.
pub(super) fn columns(special: &Special) -> (&'static str, Option<u32>) {
    match special {
        Special::Holiday => ("holiday", None),
        Special::Workday { as_weekday } => ("workday", as_weekday.map(|day| day.number_from_monday())),
    }
}

/// A day of the calendar; none when the row makes no sense, which none of ours does.
pub(in crate::schedule) fn calendar_day(row: &Row<'_>) -> rusqlite::Result<Option<CalendarDay>> {
    let Some(date) = row.get_ref(0)?.as_str()?.parse().ok() else { return Ok(None) };
    let weekday: Option<u8> = row.get(3)?;
    let special = match row.get_ref(1)?.as_str()? {
        "workday" => Special::Workday { as_weekday: weekday.and_then(weekday_of_number) },
        _ => Special::Holiday,
    };
    Ok(Some(CalendarDay { date, special, name: row.get(2)? }))
}

pub(super) fn get(conn: &Connection, date: NaiveDate) -> Result<Option<CalendarDay>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT date, kind, name, as_weekday FROM calendar_days WHERE date = ?1")?;
    Ok(statement.query_row([date.to_string()], calendar_day).optional()?.flatten())
}

/// The days of a year, or of all years, after one of them.
pub(super) fn list(
    conn: &Connection,
    year: Option<i32>,
    after: Option<&str>,
    limit: i64,
) -> Result<(Vec<CalendarDay>, u64), Error> {
    let (from, to) = match year {
        Some(year) => (format!("{year:04}-01-01"), format!("{year:04}-12-31")),
        None => (String::new(), "9999-12-31".to_owned()),
    };
    let mut statement = conn.prepare_cached(
        "SELECT date, kind, name, as_weekday FROM calendar_days
         WHERE date >= ?1 AND date <= ?2 AND date > ?3 ORDER BY date LIMIT ?4",
    )?;
    let rows = statement.query_map(params![from, to, after.unwrap_or_default(), limit], calendar_day)?;
    let rows: Vec<Option<CalendarDay>> = rows.collect::<Result<_, _>>()?;
    let total = conn
        .prepare_cached("SELECT count(*) FROM calendar_days WHERE date >= ?1 AND date <= ?2")?
        .query_row([from, to], |row| row.get(0))?;
    Ok((rows.into_iter().flatten().collect(), total))
}

pub(super) fn set(tx: &Tx<'_>, day: &CalendarDay) -> Result<(), Error> {
    let (kind, weekday) = columns(&day.special);
    tx.prepare_cached(
        "INSERT OR REPLACE INTO calendar_days (date, kind, name, as_weekday) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![day.date.to_string(), kind, day.name, weekday])?;
    Ok(())
}

pub(super) fn remove(tx: &Tx<'_>, date: NaiveDate) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM calendar_days WHERE date = ?1")?.execute([date.to_string()])?;
    Ok(())
}
