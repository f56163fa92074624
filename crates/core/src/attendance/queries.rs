use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::day::{Mark, Status};
use super::stored::{LocalTime, StoredDay, bits_of};
use super::view::Kept;
use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::schedule::shift::ShiftId;

/// What [`stored`] reads, after employee and date.
macro_rules! columns {
    () => {
        "d.employee_id, d.date, d.shift_id, d.status, d.first_in, d.first_in_offset, d.last_out, d.last_out_offset, d.worked,
         d.required, d.overtime, d.leave, d.begins_at, d.ends_at, d.marks"
    };
}

/// The days of a stretch, in their order; walks through everybody's.
pub(super) const OF_RANGE: &str =
    concat!("SELECT ", columns!(), " FROM attendance_days d WHERE d.date BETWEEN ?1 AND ?2");

/// Those with a mark that is not lifted.
pub(super) const MARKED: &str =
    concat!("SELECT ", columns!(), " FROM attendance_days d WHERE d.date BETWEEN ?1 AND ?2 AND d.bits & 31");

/// The days of a stretch of one person.
pub(super) const OF_PERSON: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM attendance_days d WHERE d.employee_id = ?1 AND d.date BETWEEN ?2 AND ?3 ORDER BY d.date"
);

/// One day of one person.
pub(super) const ONE: &str =
    concat!("SELECT ", columns!(), " FROM attendance_days d WHERE d.date = ?1 AND d.employee_id = ?2");

pub(super) fn date(row: &Row<'_>, index: usize) -> rusqlite::Result<NaiveDate> {
    let text = row.get_ref(index)?.as_str()?;
    text.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, Box::new(error))
    })
}

fn local(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<LocalTime>> {
    let wall: Option<i64> = row.get(index)?;
    let utc_offset: Option<i32> = row.get(index + 1)?;
    Ok(wall.zip(utc_offset).map(|(wall, utc_offset)| LocalTime { wall, utc_offset }))
}

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredDay> {
    Ok(StoredDay {
        shift: row.get::<_, Option<String>>(2)?.map(ShiftId),
        status: Status::from_name(row.get_ref(3)?.as_str()?),
        first_in: local(row, 4)?,
        last_out: local(row, 6)?,
        worked: row.get(8)?,
        required: row.get(9)?,
        overtime: row.get(10)?,
        leave: row.get(11)?,
        begins_at: row.get(12)?,
        ends_at: row.get(13)?,
        marks: marks(row.get_ref(14)?.as_str()?),
    })
}

/// Most days have none.
fn marks(text: &str) -> Vec<Mark> {
    if text == "[]" { Vec::new() } else { serde_json::from_str(text).unwrap_or_default() }
}

/// Hands over the days of a stretch, by date; `wanted` says whose, before anything else of a row is read.
pub(super) fn each_of_range(
    conn: &Connection,
    dates: (NaiveDate, NaiveDate),
    wanted: impl FnMut(&str) -> Option<usize>,
    mut each: impl FnMut(usize, NaiveDate, StoredDay),
) -> Result<(), Error> {
    each_of(conn, OF_RANGE, dates, wanted, |place, date, row| {
        each(place, date, stored(row)?);
        Ok(())
    })
}

/// Hands over those with a mark that is not lifted.
pub(super) fn each_marked(
    conn: &Connection,
    dates: (NaiveDate, NaiveDate),
    wanted: impl FnMut(&str) -> Option<usize>,
    mut each: impl FnMut(usize, NaiveDate, StoredDay),
) -> Result<(), Error> {
    each_of(conn, MARKED, dates, wanted, |place, date, row| {
        each(place, date, stored(row)?);
        Ok(())
    })
}

/// Walks over rows that begin with employee and date.
fn each_of(
    conn: &Connection,
    sql: &str,
    (from, to): (NaiveDate, NaiveDate),
    mut wanted: impl FnMut(&str) -> Option<usize>,
    mut each: impl FnMut(usize, NaiveDate, &Row<'_>) -> rusqlite::Result<()>,
) -> Result<(), Error> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params![from.to_string(), to.to_string()])?;
    while let Some(row) = rows.next()? {
        if let Some(place) = wanted(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?) {
            each(place, date(row, 1)?, row)?;
        }
    }
    Ok(())
}

/// The days of a stretch of one person, in their order.
pub(super) fn of_person(
    conn: &Connection,
    employee: &str,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(NaiveDate, StoredDay)>, Error> {
    let mut statement = conn.prepare_cached(OF_PERSON)?;
    let rows = statement.query_map(params![employee, from.to_string(), to.to_string()], |row| {
        Ok((date(row, 1)?, stored(row)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One day.
pub(super) fn get(conn: &Connection, employee: &str, day: NaiveDate) -> Result<Option<StoredDay>, Error> {
    let mut statement = conn.prepare_cached(ONE)?;
    Ok(statement.query_row(params![day.to_string(), employee], stored).optional()?)
}

/// As much of a day as lists are filtered by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Light<'r> {
    pub kept: Kept<'r>,
    pub bits: i64,
    /// As they are stored: most lists never look at them.
    marks: &'r str,
}

impl Light<'_> {
    pub fn marks(&self) -> Vec<Mark> {
        marks(self.marks)
    }
}

pub(super) const LIGHT: &str =
    "SELECT d.employee_id, d.date, d.status, d.bits, d.begins_at, d.ends_at, d.shift_id, d.marks FROM attendance_days d
   WHERE d.date BETWEEN ?1 AND ?2";

/// Hands over so much of the days of a stretch, by date.
pub(super) fn each_light(
    conn: &Connection,
    dates: (NaiveDate, NaiveDate),
    wanted: impl FnMut(&str) -> Option<usize>,
    mut each: impl FnMut(usize, NaiveDate, &Light<'_>),
) -> Result<(), Error> {
    each_of(conn, LIGHT, dates, wanted, |place, date, row| {
        let kept = Kept {
            status: Status::from_name(row.get_ref(2)?.as_str()?),
            shift: row.get_ref(6)?.as_str_or_null()?,
            begins_at: row.get(4)?,
            ends_at: row.get(5)?,
        };
        each(place, date, &Light { kept, bits: row.get(3)?, marks: row.get_ref(7)?.as_str()? });
        Ok(())
    })
}

/// Writes a day. Somebody who was taken out of the directory since it was judged has none.
pub(super) fn put(
    tx: &Tx<'_>,
    employee: &EmployeeId,
    day: NaiveDate,
    stored: &StoredDay,
) -> Result<(), Error> {
    let marks = serde_json::to_string(&stored.marks).unwrap_or_else(|_| "[]".to_owned());
    tx.prepare_cached(
        "INSERT OR REPLACE INTO attendance_days (employee_id, date, shift_id, status, first_in, first_in_offset, last_out,
           last_out_offset, worked, required, overtime, leave, begins_at, ends_at, marks, bits, computed_at)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17
         WHERE EXISTS (SELECT 1 FROM employees WHERE id = ?1)",
    )?
    .execute(params![
        employee.as_str(),
        day.to_string(),
        stored.shift.as_ref().map(|shift| &shift.0),
        stored.status.name(),
        stored.first_in.map(|at| at.wall),
        stored.first_in.map(|at| at.utc_offset),
        stored.last_out.map(|at| at.wall),
        stored.last_out.map(|at| at.utc_offset),
        stored.worked,
        stored.required,
        stored.overtime,
        stored.leave,
        stored.begins_at,
        stored.ends_at,
        marks,
        bits_of(&stored.marks),
        tx.now().timestamp_millis(),
    ])?;
    Ok(())
}

/// Removes a day that is nobody's any more.
pub(super) fn remove(tx: &Tx<'_>, employee: &EmployeeId, day: NaiveDate) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM attendance_days WHERE date = ?1 AND employee_id = ?2")?
        .execute(params![day.to_string(), employee.as_str()])?;
    Ok(())
}
