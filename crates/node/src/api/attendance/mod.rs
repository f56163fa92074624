//! What people's days were.

pub(super) mod days;
pub(super) mod explain;
pub(super) mod export;
pub(super) mod lists;
pub(super) mod locks;
pub(super) mod recompute;
pub(super) mod sheet;
pub(super) mod types;
mod words;

use rollcall_core::attendance::{AttendanceError, Dates, Month, Whom};
use rollcall_core::directory::EmployeeId;

use super::problem::Problem;
use super::{text, time};

/// The people a report is about; nothing when it asks for a person that cannot exist.
fn whom(
    employee_id: Option<&str>,
    department_id: Option<String>,
    branch_id: Option<String>,
    search: Option<String>,
) -> Result<Option<Whom>, Problem> {
    text::check_query("/search", search.as_deref())?;
    let Ok(employee_id) = employee_id.map(EmployeeId::new).transpose() else { return Ok(None) };
    Ok(Some(Whom { employee_id, department_id, branch_id, search }))
}

/// A stretch of dates of the query, as long as may be shown.
fn dates(from: &str, to: &str, most: i64) -> Result<Dates, Problem> {
    let (from, to) = (time::date("/from", from)?, time::date("/to", to)?);
    Dates::new(from, to, most).map_err(|error: AttendanceError| error.into())
}

/// A month of the query or the body.
pub(super) fn month(text: &str) -> Result<Month, Problem> {
    Month::parse(text).ok_or_else(|| {
        Problem::invalid("/month", "month.invalid", format!("{text:?} is no month like 2026-07"))
    })
}
