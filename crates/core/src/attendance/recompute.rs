//! Judging a stretch of days anew on request, with a list of what became different.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::stored::StoredDay;
use super::view::{DayView, Glass};
use super::whom::Dates;
use super::{AttendanceError, queries};
use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::db::{Error, Tx};
use crate::directory::{Brief, EmployeeId, person_in_brief};
use crate::jobs::{ATTENDANCE_RECOMPUTE, Job, JobId, job_add};
use crate::page::{Page, Paged};

/// What is to be judged anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recompute {
    /// The first date.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
    /// Only people of this department and the ones beneath.
    pub department_id: Option<String>,
    /// Only people of this branch, its departments, and the branches beneath.
    pub branch_id: Option<String>,
    /// Only these people.
    pub employee_ids: Option<Vec<String>>,
}

/// A day that became different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Whose.
    pub person: Brief,
    /// The date.
    pub date: NaiveDate,
    /// As it was; none: there was nothing of it.
    pub before: Option<DayView>,
    /// As it is; none: there is nothing of it any more.
    pub after: Option<DayView>,
}

/// Days that are judged anew at most: whoever writes a year of the last century has mistyped it, and would wait for days.
const RECOMPUTED_MOST: i64 = 3_660;
/// Recomputations of which it is kept what they changed.
const DIFFERENCES_KEPT: i64 = 20;
/// Rows forgotten in one write: some ten milliseconds.
const SWEPT_AT_ONCE: i64 = 2_000;

/// Makes the job.
pub fn recompute_add(tx: &Tx<'_>, actor: &Actor, wanted: &Recompute) -> Result<Job, AttendanceError> {
    Dates::new(wanted.from, wanted.to, RECOMPUTED_MOST)?;
    let job = job_add(tx, actor, ATTENDANCE_RECOMPUTE, None, wanted)?;
    audit::record(tx, actor, "attendance.recompute", &format!("job/{}", job.id.0), None, Some(wanted))?;
    Ok(job)
}

/// Writes down that a day became different.
pub(super) fn difference(
    tx: &Tx<'_>,
    job: JobId,
    (employee, date): (&EmployeeId, NaiveDate),
    before: Option<&StoredDay>,
    after: Option<&StoredDay>,
) -> Result<(), Error> {
    let json = |day: Option<&StoredDay>| day.and_then(|day| serde_json::to_string(day).ok());
    tx.prepare_cached(
        "INSERT INTO attendance_differences (job_id, employee_id, date, before, after) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (job_id, date, employee_id) DO UPDATE SET after = ?5",
    )?
    .execute(params![job.0, employee.as_str(), date.to_string(), json(before), json(after)])?;
    Ok(())
}

/// Forgets some of what recomputations of long ago changed; whether there is more to forget. They would go with their jobs,
/// but millions of rows at once would keep everybody waiting.
pub fn differences_sweep(tx: &Tx<'_>) -> Result<bool, Error> {
    let gone = tx
        .prepare_cached(
            "DELETE FROM attendance_differences WHERE (job_id, date, employee_id) IN (
               SELECT job_id, date, employee_id FROM attendance_differences
               WHERE job_id <= (SELECT id FROM jobs WHERE kind = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2) LIMIT ?3)",
        )?
        .execute(params![ATTENDANCE_RECOMPUTE, DIFFERENCES_KEPT, SWEPT_AT_ONCE])?;
    Ok(gone > 0)
}

/// What a recomputation changed, by date.
pub fn difference_list(
    conn: &Connection,
    job: JobId,
    page: &Page,
    now: Timestamp,
) -> Result<Paged<Difference>, AttendanceError> {
    let after: Option<(String, String)> = page.after()?;
    let known = conn
        .prepare_cached("SELECT 1 FROM jobs WHERE id = ?1 AND kind = ?2")?
        .query_row(params![job.0, ATTENDANCE_RECOMPUTE], |_| Ok(()))
        .optional()?;
    known.ok_or(AttendanceError::RecomputeUnknown(job.0))?;
    let total = conn
        .prepare_cached("SELECT count(*) FROM attendance_differences WHERE job_id = ?1")?
        .query_row([job.0], |row| row.get(0))?;
    let (date, employee) = after.unwrap_or_default();
    let mut statement = conn.prepare_cached(
        "SELECT d.employee_id, d.date, d.before, d.after FROM attendance_differences d
         CROSS JOIN employees e ON e.id = d.employee_id
         WHERE d.job_id = ?1 AND (d.date, d.employee_id) > (?2, ?3) ORDER BY d.date, d.employee_id LIMIT ?4",
    )?;
    let rows = statement.query_map(params![job.0, date, employee, page.probe()], |row| {
        let json = |text: Option<String>| text.and_then(|text| serde_json::from_str::<StoredDay>(&text).ok());
        let employee = EmployeeId::stored(row.get(0)?);
        Ok((employee, queries::date(row, 1)?, json(row.get(2)?), json(row.get(3)?)))
    })?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    let glass = Glass::of_dates(conn, rows.iter().map(|(_, date, ..)| *date), now)?;
    let mut items = Vec::with_capacity(rows.len());
    for (employee, date, before, after) in rows {
        let Some(person) = person_in_brief(conn, &employee)? else { continue };
        items.push(Difference {
            before: before.map(|day| glass.plain(&person, date, day)),
            after: after.map(|day| glass.plain(&person, date, day)),
            person,
            date,
        });
    }
    Ok(page.finish(items, total, |item| (item.date.to_string(), item.person.id.as_str().to_owned())))
}
