//! The month sheet.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use rollcall_core::attendance as site;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::types::{AttendanceMark, DayStatus};
use super::{month, whom};
use crate::api::extract::Query;
use crate::api::page::page;
use crate::api::state::Api;
use crate::api::types::{Always, Answer, WithQuery};

/// Which month, and whose.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct SheetQuery {
    /// The month.
    #[param(example = "2026-07")]
    month: String,
    /// Only people of this department and the ones beneath it.
    #[param(nullable = false)]
    department_id: Option<String>,
    /// Only people of this branch, of its departments, and of the branches beneath it.
    #[param(nullable = false)]
    branch_id: Option<String>,
    /// As in the list of people.
    #[param(nullable = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    search: Option<String>,
    /// At most so many people; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// What a date is for everybody.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum DateKind {
    /// Nothing special.
    Ordinary,
    /// A holiday.
    Holiday,
    /// A make-up workday.
    Workday,
}

/// A column of the sheet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SheetDate {
    /// The date.
    date: NaiveDate,
    /// 1 Monday … 7 Sunday.
    #[schema(minimum = 1, maximum = 7)]
    weekday: u8,
    /// What it is for everybody.
    kind: DateKind,
}

/// A cell of the sheet.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SheetDay {
    /// The date.
    date: NaiveDate,
    /// In a word.
    status: DayStatus,
    /// What is known to be wrong, lifted marks too.
    marks: Vec<AttendanceMark>,
    /// Whether it may still change by itself.
    provisional: bool,
    /// The shift it was judged by.
    #[schema(required)]
    shift_id: Option<String>,
}

/// What the days of somebody come to. Marks that are lifted, and what is not known yet, count for nothing.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SheetTotals {
    /// Minutes worked within the shifts.
    worked_minutes: i64,
    /// Minutes that were to be worked.
    required_minutes: i64,
    /// Minutes of overtime.
    overtime_minutes: i64,
    /// Minutes of leave.
    leave_minutes: i64,
    /// Days on which something was worked.
    worked_days: u32,
    /// How often late.
    late_count: u32,
    /// By how many minutes in all.
    late_minutes: i64,
    /// How often too early.
    early_count: u32,
    /// By how many minutes in all.
    early_minutes: i64,
    /// Punches that are missing.
    missing_count: u32,
    /// Minutes absent.
    absent_minutes: i64,
    /// The same in days: each as much of one as was missed of it.
    absent_days: f64,
    /// Leave in days.
    leave_days: f64,
    /// Marks that were lifted.
    lifted_count: u32,
}

/// A row of the sheet.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SheetRow {
    /// Whose.
    employee_id: String,
    /// Their name.
    name: String,
    /// The name of their department.
    #[schema(required)]
    department_name: Option<String>,
    /// Their days that there is something to say about, in order: none that has not begun, none nobody has a plan for.
    days: Vec<SheetDay>,
    /// What they come to.
    totals: SheetTotals,
}

/// A month of people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MonthSheet {
    /// Which month.
    #[schema(example = "2026-07")]
    month: String,
    /// Whether it is locked.
    locked: bool,
    /// Whether it is not over, or some day of these people may still change by itself.
    provisional: bool,
    /// Its days.
    dates: Vec<SheetDate>,
    /// The people, by name.
    items: Vec<SheetRow>,
    /// How many people there are on all pages.
    total: u64,
    /// Send it as `cursor` to get the next page; null on the last.
    #[schema(required)]
    next: Option<String>,
}

impl From<site::SheetDate> for SheetDate {
    fn from(date: site::SheetDate) -> Self {
        let kind = match date.kind {
            site::DateKind::Ordinary => DateKind::Ordinary,
            site::DateKind::Holiday => DateKind::Holiday,
            site::DateKind::Workday => DateKind::Workday,
        };
        Self { date: date.date, weekday: date.weekday, kind }
    }
}

impl From<site::Totals> for SheetTotals {
    fn from(totals: site::Totals) -> Self {
        Self {
            worked_minutes: totals.worked,
            required_minutes: totals.required,
            overtime_minutes: totals.overtime,
            leave_minutes: totals.leave,
            worked_days: totals.worked_days,
            late_count: totals.late,
            late_minutes: totals.late_minutes,
            early_count: totals.early,
            early_minutes: totals.early_minutes,
            missing_count: totals.missing,
            absent_minutes: totals.absent_minutes,
            absent_days: totals.absent_days,
            leave_days: totals.leave_days,
            lifted_count: totals.lifted,
        }
    }
}

impl From<site::SheetRow> for SheetRow {
    fn from(row: site::SheetRow) -> Self {
        let day = |day: site::SheetDay| SheetDay {
            date: day.date,
            status: day.status.into(),
            marks: day.marks.into_iter().map(AttendanceMark::from).collect(),
            provisional: day.provisional,
            shift_id: day.shift.map(|shift| shift.0),
        };
        Self {
            employee_id: row.person.id.as_str().to_owned(),
            name: row.person.name,
            department_name: row.person.department_name,
            days: row.days.into_iter().map(day).collect(),
            totals: row.totals.into(),
        }
    }
}

impl From<site::Sheet> for MonthSheet {
    fn from(sheet: site::Sheet) -> Self {
        Self {
            month: sheet.head.month.to_string(),
            locked: sheet.head.locked,
            provisional: sheet.head.provisional,
            dates: sheet.head.dates.into_iter().map(SheetDate::from).collect(),
            items: sheet.rows.items.into_iter().map(SheetRow::from).collect(),
            total: sheet.rows.total,
            next: sheet.rows.next,
        }
    }
}

/// The month sheet: a row for each person who was employed in it, by name.
#[utoipa::path(get, path = "/api/attendance/sheet", tag = "attendance", operation_id = "getAttendanceSheet",
    params(SheetQuery), responses((status = 200, body = MonthSheet), WithQuery, Always))]
pub(crate) async fn get(State(api): State<Api>, Query(query): Query<SheetQuery>) -> Answer<MonthSheet> {
    let page = page(query.limit, query.cursor)?;
    let month = month(&query.month)?;
    let whom = whom(None, query.department_id, query.branch_id, query.search)?.unwrap_or_default();
    let now = api.site.clock().now();
    let sheet = api.site.read(move |conn| site::sheet(conn, &whom, month, &page, now)).await?;
    Ok(Json(sheet.into()))
}
