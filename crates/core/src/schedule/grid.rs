//! Who is to work what on each of a stretch of days.

use chrono::NaiveDate;
use rusqlite::Connection;

use super::error::ScheduleError;
use super::plan::{DayPlan, Person, Special};
use super::queries::{book_load, cells_load, leaves_load, moves_load};
use crate::directory::{self, Employee, EmployeeFilter, EmployeeId, Status};
use crate::page::{Page, Paged};

/// Days that may be looked at in one piece.
pub const DAYS_MOST: i64 = 62;

/// Whose days to list.
#[derive(Debug, Clone, Default)]
pub struct ScheduleFilter {
    /// Only this person's.
    pub employee_id: Option<String>,
    /// Only of people of this department and the ones beneath.
    pub department_id: Option<String>,
    /// Only of people of this branch and everything beneath.
    pub branch_id: Option<String>,
    /// Part of a name, its pinyin, an id, an employee number or a mobile number.
    pub search: Option<String>,
}

/// A day of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleDay {
    /// Which.
    pub date: NaiveDate,
    /// What is to be done, and why.
    pub plan: DayPlan,
    /// What kind of leave they are on, if they are for a part of it or all.
    pub leave: Option<String>,
    /// The holiday it is, worked or not.
    pub holiday: Option<String>,
}

/// The days of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRow {
    /// Whose.
    pub employee: EmployeeId,
    /// What they are called.
    pub name: String,
    /// What their department is called.
    pub department_name: Option<String>,
    /// Every date of the stretch.
    pub days: Vec<ScheduleDay>,
}

/// Whoever is employed on at least one of the days, by name.
fn people(
    conn: &Connection,
    filter: &ScheduleFilter,
    from: NaiveDate,
    page: &Page,
) -> Result<Paged<Employee>, ScheduleError> {
    if let Some(id) = &filter.employee_id {
        let found = directory::employee_get(conn, &EmployeeId::stored(id.clone()))?;
        return Ok(Paged {
            total: u64::from(found.is_some()),
            items: found.into_iter().collect(),
            next: None,
        });
    }
    let filter = EmployeeFilter {
        search: filter.search.clone(),
        department_id: filter.department_id.clone(),
        branch_id: filter.branch_id.clone(),
        // As of the first day: whoever had left by then has nothing to show.
        status: Some(Status::Active),
        today: from,
    };
    Ok(directory::employee_list(conn, &filter, page)?)
}

/// What people are to do from a date to another, by name.
pub fn schedule_list(
    conn: &Connection,
    filter: &ScheduleFilter,
    from: NaiveDate,
    to: NaiveDate,
    page: &Page,
) -> Result<Paged<ScheduleRow>, ScheduleError> {
    if to < from || (to - from).num_days() >= DAYS_MOST {
        return Err(ScheduleError::Stretch);
    }
    let Paged { items, total, next } = people(conn, filter, from, page)?;
    let ids: Vec<&str> = items.iter().map(|employee| employee.id.as_str()).collect();
    let (mut cells, leaves) = (cells_load(conn, &ids, from, to)?, leaves_load(conn, &ids, from, to)?);
    let (book, mut moves) = (book_load(conn)?, moves_load(conn, &ids)?);
    let rows = items.into_iter().map(|employee| {
        let cells = cells.remove(employee.id.as_str()).unwrap_or_default();
        let leave = leaves.get(employee.id.as_str()).map_or(&[][..], Vec::as_slice);
        let person = Person {
            id: employee.id.as_str().to_owned(),
            department: employee.department_id,
            branch: employee.branch_id,
            hired_on: employee.hired_on,
            left_on: employee.left_on,
            moves: moves.remove(employee.id.as_str()).unwrap_or_default(),
        };
        let plans = book.of(&person, &cells);
        let days = from.iter_days().take_while(|date| *date <= to).map(|date| ScheduleDay {
            date,
            plan: plans.on(date),
            leave: leave.iter().find_map(|leave| leave.on(date)).map(|leave| leave.kind),
            holiday: book
                .calendar(date)
                .filter(|day| day.special == Special::Holiday)
                .map(|day| day.name.clone()),
        });
        ScheduleRow {
            name: employee.name,
            department_name: employee.department_name,
            days: days.collect(),
            employee: employee.id,
        }
    });
    Ok(Paged { items: rows.collect(), total, next })
}
