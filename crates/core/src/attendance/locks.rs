//! Locked months: their days stay as they were, and what comes to light of them later is listed beside them.

use std::collections::HashSet;

use chrono::NaiveDate;
use rusqlite::{Connection, params};
use serde::Serialize;

use super::stored::StoredDay;
use super::view::{DayView, Glass};
use super::whom::{Dates, Month, People, Whom};
use super::window::midnight;
use super::{AttendanceError, queries};
use crate::audit::{self, Actor};
use crate::clock::{Timestamp, from_millis};
use crate::db::{Error, Tx};
use crate::directory::{Brief, EmployeeId, person_in_brief};
use crate::page::{Page, Paged};
use crate::settings::site_date;

/// A month that is locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthLock {
    /// Which.
    pub month: Month,
    /// Since when.
    pub locked_at: Timestamp,
    /// By whom.
    pub who: String,
    /// Days of which something came to light since.
    pub late: u64,
}

/// A day of a locked month of which something came to light since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateDay {
    /// Whose.
    pub person: Brief,
    /// The date.
    pub date: NaiveDate,
    /// As it stays; none: there was nothing of it.
    pub before: Option<DayView>,
    /// As it would be; none: there would be nothing of it.
    pub after: Option<DayView>,
    /// When that was noticed last.
    pub noticed_at: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged {
    locked: bool,
    confirmed: bool,
}

fn subject(month: Month) -> String {
    format!("attendance/{month}")
}

/// The months that are locked.
pub(crate) fn months_locked(conn: &Connection) -> Result<HashSet<Month>, Error> {
    Ok(lock_rows(conn)?.into_iter().map(|lock| lock.month).collect())
}

fn lock_rows(conn: &Connection) -> Result<Vec<MonthLock>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT month, locked_at, who FROM attendance_locks ORDER BY month DESC")?;
    let rows = statement.query_map([], |row| {
        let month = Month::parse(row.get_ref(0)?.as_str()?);
        Ok(month.map(|month| (month, row.get(1), row.get(2))))
    })?;
    let mut locks = Vec::new();
    for row in rows {
        if let Some((month, at, who)) = row? {
            locks.push(MonthLock { month, locked_at: from_millis(at?), who: who?, late: 0 });
        }
    }
    Ok(locks)
}

/// The months that are locked, newest first.
pub fn lock_list(conn: &Connection) -> Result<Vec<MonthLock>, Error> {
    let mut locks = lock_rows(conn)?;
    let mut statement =
        conn.prepare_cached("SELECT count(*) FROM attendance_after_lock WHERE date BETWEEN ?1 AND ?2")?;
    for lock in &mut locks {
        let Dates { from, to } = lock.month.dates();
        lock.late = statement.query_row([from.to_string(), to.to_string()], |row| row.get(0))?;
    }
    Ok(locks)
}

/// Refuses a month that is not over, and one of which days may still change by themselves. Looks at every day of it, and so
/// belongs on a reader.
pub fn lock_check(conn: &Connection, month: Month, now: Timestamp) -> Result<(), AttendanceError> {
    let dates = month.dates();
    over(conn, dates, now)?;
    let people = People::load(conn, &Whom::default(), None)?;
    let glass = Glass::load(conn, &people.list, dates.pair(), now)?;
    match glass.open(conn, &people, dates)? {
        0 => Ok(()),
        open => Err(AttendanceError::MonthProvisional(open)),
    }
}

fn over(conn: &Connection, dates: Dates, now: Timestamp) -> Result<(), AttendanceError> {
    let today = site_date(conn, now)?;
    if today <= dates.to { Err(AttendanceError::MonthNotOver) } else { Ok(()) }
}

/// Locks a month that is over. What may still change of it is for [`lock_check`]; `confirmed` is only written down.
pub fn lock_add(
    tx: &Tx<'_>,
    actor: &Actor,
    month: Month,
    confirmed: bool,
) -> Result<MonthLock, AttendanceError> {
    let dates = month.dates();
    over(tx, dates, tx.now())?;
    if months_locked(tx)?.contains(&month) {
        return Err(AttendanceError::MonthLocked);
    }
    if unsettled(tx, dates)? {
        return Err(AttendanceError::MonthUnsettled);
    }
    tx.prepare_cached("INSERT INTO attendance_locks (month, locked_at, who) VALUES (?1, ?2, ?3)")?
        .execute(params![month.to_string(), tx.now().timestamp_millis(), actor.as_str()])?;
    let logged = Logged { locked: true, confirmed };
    audit::record(tx, actor, "attendance.lock", &subject(month), None, Some(&logged))?;
    Ok(MonthLock { month, locked_at: tx.now(), who: actor.as_str().to_owned(), late: 0 })
}

/// Whether something is here of these dates that nobody has looked at.
fn unsettled(tx: &Tx<'_>, dates: Dates) -> Result<bool, Error> {
    Ok(tx
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM attendance_dirty WHERE date BETWEEN ?1 AND ?2)
               OR EXISTS (SELECT 1 FROM attendance_stretches WHERE from_on <= ?2 AND to_on >= ?1)
               OR EXISTS (SELECT 1 FROM punches WHERE id > (SELECT value FROM attendance_state WHERE key = 'punch')
                            AND wall BETWEEN ?3 AND ?4)",
        )?
        .query_row(
            params![
                dates.from.to_string(),
                dates.to.to_string(),
                midnight(dates.from) - 86_400,
                midnight(dates.to) + 2 * 86_400 - 1
            ],
            |row| row.get(0),
        )?)
}

/// Unlocks a month: what came to light since becomes part of it.
pub fn lock_remove(tx: &Tx<'_>, actor: &Actor, month: Month) -> Result<(), AttendanceError> {
    let removed = tx.execute("DELETE FROM attendance_locks WHERE month = ?1", [month.to_string()])?;
    if removed == 0 {
        return Err(AttendanceError::MonthNotLocked);
    }
    let Dates { from, to } = month.dates();
    let dates = [from.to_string(), to.to_string()];
    tx.execute(
        "INSERT OR REPLACE INTO attendance_dirty (employee_id, date)
         SELECT employee_id, date FROM attendance_after_lock WHERE date BETWEEN ?1 AND ?2",
        dates.clone(),
    )?;
    tx.execute("DELETE FROM attendance_after_lock WHERE date BETWEEN ?1 AND ?2", dates)?;
    let logged = Logged { locked: true, confirmed: false };
    audit::record(tx, actor, "attendance.unlock", &subject(month), Some(&logged), None)?;
    Ok(())
}

/// Notes how a day of a locked month would be; one that would be as it is needs no note.
pub(super) fn note(
    tx: &Tx<'_>,
    employee: &EmployeeId,
    date: NaiveDate,
    after: Option<&StoredDay>,
) -> Result<(), Error> {
    let json = serde_json::to_string(&after).unwrap_or_else(|_| "null".to_owned());
    tx.prepare_cached(
        "INSERT INTO attendance_after_lock (employee_id, date, after, noticed_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (date, employee_id) DO UPDATE SET after = ?3, noticed_at = ?4 WHERE after <> ?3",
    )?
    .execute(params![employee.as_str(), date.to_string(), json, tx.now().timestamp_millis()])?;
    Ok(())
}

/// A day of a locked month is as it was again.
pub(super) fn unnote(tx: &Tx<'_>, employee: &EmployeeId, date: NaiveDate) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM attendance_after_lock WHERE date = ?1 AND employee_id = ?2")?
        .execute(params![date.to_string(), employee.as_str()])?;
    Ok(())
}

/// The days of a locked month of which something came to light since, by date.
pub fn late_list(
    conn: &Connection,
    month: Month,
    page: &Page,
    now: Timestamp,
) -> Result<Paged<LateDay>, AttendanceError> {
    let after: Option<(String, String)> = page.after()?;
    let dates = month.dates();
    if !months_locked(conn)?.contains(&month) {
        return Err(AttendanceError::MonthNotLocked);
    }
    let (from, to) = (dates.from.to_string(), dates.to.to_string());
    let total = conn
        .prepare_cached("SELECT count(*) FROM attendance_after_lock WHERE date BETWEEN ?1 AND ?2")?
        .query_row([&from, &to], |row| row.get(0))?;
    let (date, employee) = after.unwrap_or_else(|| (from, String::new()));
    let mut statement = conn.prepare_cached(
        "SELECT d.employee_id, d.date, d.after, d.noticed_at FROM attendance_after_lock d
         CROSS JOIN employees e ON e.id = d.employee_id
         WHERE (d.date, d.employee_id) > (?1, ?2) AND d.date <= ?3 ORDER BY d.date, d.employee_id LIMIT ?4",
    )?;
    let rows = statement.query_map(params![date, employee, to, page.probe()], |row| {
        Ok((EmployeeId::stored(row.get(0)?), queries::date(row, 1)?, row.get::<_, String>(2)?, row.get(3)?))
    })?;
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    let glass = Glass::of_dates(conn, rows.iter().map(|(_, date, ..)| *date), now)?;
    let mut days = Vec::with_capacity(rows.len());
    for (id, date, after, noticed_at) in rows {
        let Some(person) = person_in_brief(conn, &id)? else { continue };
        let before = queries::get(conn, id.as_str(), date)?;
        let after: Option<StoredDay> = serde_json::from_str(&after).unwrap_or_default();
        days.push(LateDay {
            before: before.map(|day| glass.plain(&person, date, day)),
            after: after.map(|day| glass.plain(&person, date, day)),
            person,
            date,
            noticed_at: from_millis(noticed_at),
        });
    }
    Ok(page.finish(days, total, |day| (day.date.to_string(), day.person.id.as_str().to_owned())))
}
