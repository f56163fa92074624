use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params};

use super::{Leave, LeaveFilter, LeaveKind, LeaveShown};
use crate::clock::from_millis;
use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::schedule::times::TimeOfDay;

fn day(row: &Row<'_>, index: usize) -> rusqlite::Result<NaiveDate> {
    Ok(row.get_ref(index)?.as_str()?.parse().unwrap_or_default())
}

fn time(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<TimeOfDay>> {
    let minute: Option<i32> = row.get(index)?;
    Ok(minute.map(|minute| TimeOfDay::of(crate::schedule::shift::Minute(minute))))
}

/// What [`leave`] reads.
macro_rules! columns {
    () => {
        "l.id, l.employee_id, l.kind, l.from_on, l.to_on, l.from_minute, l.to_minute, l.note, l.who, l.created_at, e.name"
    };
}

fn leave(row: &Row<'_>) -> rusqlite::Result<LeaveShown> {
    Ok(LeaveShown {
        id: row.get(0)?,
        leave: Leave {
            employee: EmployeeId::stored(row.get(1)?),
            kind: LeaveKind::from_name(row.get_ref(2)?.as_str()?).unwrap_or(LeaveKind::Other),
            from: day(row, 3)?,
            to: day(row, 4)?,
            start: time(row, 5)?,
            end: time(row, 6)?,
            note: row.get(7)?,
        },
        who: row.get(8)?,
        created_at: from_millis(row.get(9)?),
        name: row.get(10)?,
    })
}

pub(super) fn get(conn: &Connection, id: i64) -> Result<Option<LeaveShown>, Error> {
    let mut statement = conn.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM leaves l CROSS JOIN employees e ON e.id = l.employee_id WHERE l.id = ?1"
    ))?;
    Ok(statement.query_row([id], leave).optional()?)
}

/// Departments beneath one, with itself; of everybody when none is asked for.
macro_rules! below {
    () => {
        "WITH RECURSIVE below (id) AS (
           SELECT :department WHERE :department IS NOT NULL
           UNION SELECT d.id FROM departments d JOIN below ON d.parent_id = below.id)"
    };
}

/// Whether a filter lets leave pass.
macro_rules! passes {
    () => {
        "l.from_on <= :to AND l.to_on >= :from
         AND (:department IS NULL OR e.department_id IN (SELECT id FROM below))"
    };
}

macro_rules! page {
    ($whose:literal) => {
        concat!(
            below!(),
            " SELECT ",
            columns!(),
            " FROM leaves l CROSS JOIN employees e ON e.id = l.employee_id WHERE ",
            $whose,
            passes!(),
            " AND (l.from_on, l.id) < (:last, :id) ORDER BY l.from_on DESC, l.id DESC LIMIT :limit"
        )
    };
}

macro_rules! count {
    ($whose:literal) => {
        concat!(
            below!(),
            " SELECT count(*) FROM leaves l CROSS JOIN employees e ON e.id = l.employee_id WHERE ",
            $whose,
            passes!()
        )
    };
}

pub(in crate::schedule) const PAGE: &str = page!("");
pub(in crate::schedule) const COUNT: &str = count!("");
/// Of one person, from their own index.
pub(in crate::schedule) const PAGE_OF_ONE: &str = page!("l.employee_id = :employee AND ");
pub(in crate::schedule) const COUNT_OF_ONE: &str = count!("l.employee_id = :employee AND ");

pub(super) fn list(
    conn: &Connection,
    filter: &LeaveFilter,
    after: Option<&(String, i64)>,
    limit: i64,
) -> Result<(Vec<LeaveShown>, u64), Error> {
    // No date is later than a letter, and none before a blank.
    let (last, id) = after.map_or(("a", 0), |(last, id)| (last.as_str(), *id));
    let from = filter.from.map_or_else(String::new, |day| day.to_string());
    let to = filter.to.map_or_else(|| "a".to_owned(), |day| day.to_string());
    let mut of_page: Vec<(&str, &dyn ToSql)> =
        vec![(":department", &filter.department_id), (":from", &from), (":to", &to)];
    let (page, count) = match &filter.employee_id {
        Some(employee) => {
            of_page.push((":employee", employee));
            (PAGE_OF_ONE, COUNT_OF_ONE)
        }
        None => (PAGE, COUNT),
    };
    let total = conn.prepare_cached(count)?.query_row(of_page.as_slice(), |row| row.get(0))?;
    of_page.extend([(":last", &last as &dyn ToSql), (":id", &id), (":limit", &limit)]);
    let mut statement = conn.prepare_cached(page)?;
    let rows = statement.query_map(of_page.as_slice(), leave)?.collect::<Result<_, _>>()?;
    Ok((rows, total))
}

/// Leave of somebody that has a day in common with a stretch, but for one.
pub(super) fn beside(conn: &Connection, leave: &Leave, but: Option<i64>) -> Result<Vec<Leave>, Error> {
    let mut statement = conn.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM leaves l CROSS JOIN employees e ON e.id = l.employee_id
         WHERE l.employee_id = ?1 AND l.from_on <= ?3 AND l.to_on >= ?2 AND l.id IS NOT ?4"
    ))?;
    let rows = statement.query_map(
        params![leave.employee.as_str(), leave.from.to_string(), leave.to.to_string(), but],
        self::leave,
    )?;
    Ok(rows.map(|row| row.map(|row| row.leave)).collect::<Result<_, _>>()?)
}

pub(super) fn insert(tx: &Tx<'_>, leave: &Leave, who: &str) -> Result<i64, Error> {
    tx.prepare_cached(
        "INSERT INTO leaves (employee_id, kind, from_on, to_on, from_minute, to_minute, note, who, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        leave.employee.as_str(),
        leave.kind.name(),
        leave.from.to_string(),
        leave.to.to_string(),
        leave.start.map(TimeOfDay::minutes),
        leave.end.map(TimeOfDay::minutes),
        leave.note,
        who,
        tx.now().timestamp_millis()
    ])?;
    Ok(tx.last_insert_rowid())
}

pub(super) fn update(tx: &Tx<'_>, id: i64, leave: &Leave) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE leaves SET kind = ?2, from_on = ?3, to_on = ?4, from_minute = ?5, to_minute = ?6, note = ?7
         WHERE id = ?1",
    )?
    .execute(params![
        id,
        leave.kind.name(),
        leave.from.to_string(),
        leave.to.to_string(),
        leave.start.map(TimeOfDay::minutes),
        leave.end.map(TimeOfDay::minutes),
        leave.note
    ])?;
    Ok(())
}

pub(super) fn remove(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM leaves WHERE id = ?1")?.execute([id])?;
    Ok(())
}
