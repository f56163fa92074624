//! Everything a plan needs, as plain values.

use std::collections::HashMap;

use chrono::NaiveDate;
use rusqlite::{Connection, Row, params};

use super::assignments;
use super::calendar::queries::calendar_day;
use super::plan::{Book, Cell, Move, Person, Rotation, Said};
use super::rotations::queries::steps;
use super::shift::{DAY, Minute, Shift, ShiftId};
use super::shifts::queries::shift;
use crate::attendance::day::Leave;
use crate::db::Error;
use crate::dispatch;

fn rows<T>(
    conn: &Connection,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<Option<T>>,
) -> Result<Vec<T>, Error> {
    let mut statement = conn.prepare_cached(sql)?;
    let found: Vec<Option<T>> = statement.query_map([], read)?.collect::<Result<_, _>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// The shifts; removed ones as well, since days were worked by them.
pub(crate) fn shifts_load(conn: &Connection) -> Result<Vec<Shift>, Error> {
    rows(conn, "SELECT id, name, rule FROM shifts", |row| shift(row, 0))
}

/// Everything that was said about work; removed shifts and rotations as well, since days were worked by them.
pub fn book_load(conn: &Connection) -> Result<Book, Error> {
    let (branches, departments) = dispatch::units(conn)?;
    Ok(Book::new(Said {
        shifts: shifts_load(conn)?,
        rotations: rows(conn, "SELECT id, steps FROM rotations", |row| {
            Ok(Some(Rotation { id: row.get(0)?, steps: steps(row.get_ref(1)?.as_str()?) }))
        })?,
        assignments: rows(conn, assignments::queries::ALL, assignments::queries::assignment)?,
        calendar: rows(conn, "SELECT date, kind, name, as_weekday FROM calendar_days", calendar_day)?,
        branches,
        departments,
    }))
}

fn json<S: AsRef<str>>(ids: &[S]) -> String {
    let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
    serde_json::to_string(&ids).unwrap_or_else(|_| "[]".to_owned())
}

/// A date that may be none.
pub(super) fn day(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<NaiveDate>> {
    Ok(row.get_ref(index)?.as_str_or_null()?.and_then(|text| text.parse().ok()))
}

pub(super) const PEOPLE: &str = "SELECT e.id, e.department_id, e.branch_id, e.hired_on, e.left_on
   FROM json_each(?1) wanted CROSS JOIN employees e ON e.id = wanted.value";

/// These people, as far as their work depends on them, in the order asked; whoever does not exist is left out.
pub fn people_load<S: AsRef<str>>(conn: &Connection, ids: &[S]) -> Result<Vec<Person>, Error> {
    let mut moves = moves_load(conn, ids)?;
    let mut statement = conn.prepare_cached(PEOPLE)?;
    let found = statement.query_map([json(ids)], |row| {
        let id: String = row.get(0)?;
        Ok(Person {
            moves: moves.remove(&id).unwrap_or_default(),
            id,
            department: row.get(1)?,
            branch: row.get(2)?,
            hired_on: day(row, 3)?,
            left_on: day(row, 4)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

pub(super) const MOVES: &str = "SELECT m.employee_id, m.moved_on, m.department_id, m.branch_id
   FROM json_each(?1) wanted CROSS JOIN employee_moves m ON m.employee_id = wanted.value
   ORDER BY m.employee_id, m.moved_on";

/// Where these people were before, in the order of the dates.
pub(super) fn moves_load<S: AsRef<str>>(
    conn: &Connection,
    ids: &[S],
) -> Result<HashMap<String, Vec<Move>>, Error> {
    let mut statement = conn.prepare_cached(MOVES)?;
    let found = statement.query_map([json(ids)], |row| {
        let Some(on) = day(row, 1)? else { return Ok(None) };
        Ok(Some((row.get::<_, String>(0)?, Move { on, department: row.get(2)?, branch: row.get(3)? })))
    })?;
    let mut moves: HashMap<String, Vec<Move>> = HashMap::new();
    for row in found {
        if let Some((id, moved)) = row? {
            moves.entry(id).or_default().push(moved);
        }
    }
    Ok(moves)
}

pub(super) const CELLS: &str = "SELECT c.employee_id, c.date, c.shift_id
   FROM json_each(?1) wanted CROSS JOIN schedule_days c ON c.employee_id = wanted.value AND c.date BETWEEN ?2 AND ?3";

/// The days of these people that were set by hand, from a date to another.
pub fn cells_load<S: AsRef<str>>(
    conn: &Connection,
    ids: &[S],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<HashMap<String, Vec<Cell>>, Error> {
    let mut statement = conn.prepare_cached(CELLS)?;
    let found = statement.query_map(params![json(ids), from.to_string(), to.to_string()], |row| {
        let shift: Option<String> = row.get(2)?;
        let cell = day(row, 1)?.map(|date| Cell { date, shift: shift.map(ShiftId) });
        Ok((row.get::<_, String>(0)?, cell))
    })?;
    let mut cells: HashMap<String, Vec<Cell>> = HashMap::new();
    for row in found {
        if let (id, Some(cell)) = row? {
            cells.entry(id).or_default().push(cell);
        }
    }
    Ok(cells)
}

/// Leave of somebody, from a first day to a last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaveSpan {
    /// Its number.
    pub id: i64,
    /// What kind of leave: `annual`, `sick` and so on.
    pub kind: String,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// Of the first day: since when; none: from its beginning.
    pub start: Option<Minute>,
    /// Of the last day: until when; none: to its end.
    pub end: Option<Minute>,
}

impl LeaveSpan {
    /// What of a date is leave; none when nothing is.
    pub fn on(&self, date: NaiveDate) -> Option<Leave> {
        (self.from <= date && date <= self.to).then(|| Leave {
            from: self.start.filter(|_| date == self.from),
            to: self.end.filter(|_| date == self.to),
            kind: self.kind.clone(),
        })
    }

    /// The minute of a date at which it begins and the one at which it is over.
    pub fn minutes(&self, date: NaiveDate) -> Option<(i32, i32)> {
        let leave = self.on(date)?;
        Some((leave.from.map_or(0, |minute| minute.0), leave.to.map_or(DAY, |minute| minute.0)))
    }
}

pub(super) const LEAVES: &str =
    "SELECT l.employee_id, l.id, l.kind, l.from_on, l.to_on, l.from_minute, l.to_minute
   FROM json_each(?1) wanted CROSS JOIN leaves l ON l.employee_id = wanted.value AND l.from_on <= ?3 AND l.to_on >= ?2
   ORDER BY l.from_on, ifnull(l.from_minute, 0), l.id";

/// Leave of these people that has a day from a date to another, in its order.
pub fn leaves_load<S: AsRef<str>>(
    conn: &Connection,
    ids: &[S],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<HashMap<String, Vec<LeaveSpan>>, Error> {
    let mut statement = conn.prepare_cached(LEAVES)?;
    let found = statement.query_map(params![json(ids), from.to_string(), to.to_string()], |row| {
        let (Some(from), Some(to)) = (day(row, 3)?, day(row, 4)?) else { return Ok(None) };
        let minute =
            |index| -> rusqlite::Result<Option<Minute>> { Ok(row.get::<_, Option<i32>>(index)?.map(Minute)) };
        let (start, end) = (minute(5)?, minute(6)?);
        let span = LeaveSpan { id: row.get(1)?, kind: row.get(2)?, from, to, start, end };
        Ok(Some((row.get::<_, String>(0)?, span)))
    })?;
    let mut leaves: HashMap<String, Vec<LeaveSpan>> = HashMap::new();
    for row in found {
        if let Some((id, span)) = row? {
            leaves.entry(id).or_default().push(span);
        }
    }
    Ok(leaves)
}
