//! What is wrong, and how many days were what.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use rollcall_core::attendance as site;
use rollcall_core::attendance::{DAYS_MOST, SUMMARY_MOST, day_summary, exception_list};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::types::MarkKind;
use super::{dates, whom};
use crate::api::extract::Query;
use crate::api::page::{list, page};
use crate::api::state::Api;
use crate::api::types::{Always, Answer, WithQuery};

/// From when to when, and of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct ExceptionQuery {
    /// The first date.
    #[param(example = "2026-07-01")]
    from: String,
    /// The last date; at most 62 days are shown at a time.
    #[param(example = "2026-07-31")]
    to: String,
    /// Only of this department and the ones beneath it.
    #[param(nullable = false)]
    department_id: Option<String>,
    /// Only of this branch, of its departments, and of the branches beneath it.
    #[param(nullable = false)]
    branch_id: Option<String>,
    /// Only marks of this kind; all are counted.
    #[param(nullable = false, inline)]
    mark: Option<MarkKind>,
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// A mark that is not lifted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttendanceException {
    /// Whose.
    employee_id: String,
    /// Their name.
    name: String,
    /// The name of their department.
    #[schema(required)]
    department_name: Option<String>,
    /// Of which day.
    date: NaiveDate,
    /// What.
    mark: MarkKind,
    /// Late or early by, or absent for; 0 of a missing punch.
    minutes: i32,
    /// Whether the day may still change by itself.
    provisional: bool,
    /// Appeals about the day that nobody has decided.
    open_appeals: u32,
}

/// How many marks there are of each kind, on all pages.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExceptionCounts {
    /// Late.
    late: u64,
    /// Left early.
    early_leave: u64,
    /// No punch for coming.
    missing_in: u64,
    /// No punch for going.
    missing_out: u64,
    /// Absent.
    absent: u64,
}

/// What is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExceptionList {
    /// The marks of this page.
    items: Vec<AttendanceException>,
    /// How many there are on all pages.
    total: u64,
    /// Send it as `cursor` to get the next page; null on the last.
    #[schema(required)]
    next: Option<String>,
    /// How many there are of each kind.
    counts: ExceptionCounts,
}

/// From when to when, and of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct SummaryQuery {
    /// The first date.
    #[param(example = "2026-07-01")]
    from: String,
    /// The last date; at most 366 days.
    #[param(example = "2026-07-31")]
    to: String,
    /// Only of this department and the ones beneath it.
    #[param(nullable = false)]
    department_id: Option<String>,
    /// Only of this branch, of its departments, and of the branches beneath it.
    #[param(nullable = false)]
    branch_id: Option<String>,
}

/// A date in numbers of people; who had nothing to do because nobody said so is not counted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DateSummary {
    /// The date.
    date: NaiveDate,
    /// Nothing wrong.
    normal: u64,
    /// Late at the worst.
    late: u64,
    /// Left early at the worst.
    early_leave: u64,
    /// A punch is missing.
    missing: u64,
    /// Absent.
    absent: u64,
    /// On leave.
    leave: u64,
    /// Nothing was to be done: rest or holiday.
    rest: u64,
    /// Not known yet.
    pending: u64,
}

/// Dates in numbers of people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DaySummary {
    /// Each date of the stretch, in order.
    days: Vec<DateSummary>,
}

/// The marks that are not lifted, newest date first, then by name.
#[utoipa::path(get, path = "/api/attendance/exceptions", tag = "attendance", operation_id = "listAttendanceExceptions",
    params(ExceptionQuery), responses((status = 200, body = ExceptionList), WithQuery, Always))]
pub(crate) async fn exceptions(
    State(api): State<Api>,
    Query(query): Query<ExceptionQuery>,
) -> Answer<ExceptionList> {
    let page = page(query.limit, query.cursor)?;
    let dates = dates(&query.from, &query.to, DAYS_MOST)?;
    let whom = whom(None, query.department_id, query.branch_id, None)?.unwrap_or_default();
    let now = api.site.clock().now();
    let kind = query.mark.map(Into::into);
    let (paged, counts) =
        api.site.read(move |conn| exception_list(conn, &whom, dates, kind, &page, now)).await?;
    let items = list(paged, |exception| AttendanceException {
        employee_id: exception.person.id.as_str().to_owned(),
        name: exception.person.name,
        department_name: exception.person.department_name,
        date: exception.date,
        mark: exception.mark.kind.into(),
        minutes: exception.mark.minutes,
        provisional: exception.provisional,
        open_appeals: exception.open_appeals,
    });
    let counts = ExceptionCounts {
        late: counts.late,
        early_leave: counts.early_leave,
        missing_in: counts.missing_in,
        missing_out: counts.missing_out,
        absent: counts.absent,
    };
    Ok(Json(ExceptionList { items: items.items, total: items.total, next: items.next, counts }))
}

/// How many people's days were what, date by date.
#[utoipa::path(get, path = "/api/attendance/summary", tag = "attendance", operation_id = "getAttendanceSummary",
    params(SummaryQuery), responses((status = 200, body = DaySummary), WithQuery, Always))]
pub(crate) async fn summary(State(api): State<Api>, Query(query): Query<SummaryQuery>) -> Answer<DaySummary> {
    let dates = dates(&query.from, &query.to, SUMMARY_MOST)?;
    let whom = whom(None, query.department_id, query.branch_id, None)?.unwrap_or_default();
    let now = api.site.clock().now();
    let days = api.site.read(move |conn| day_summary(conn, &whom, dates, now)).await?;
    let day = |(date, count): (NaiveDate, site::DateSummary)| DateSummary {
        date,
        normal: count.normal,
        late: count.late,
        early_leave: count.early_leave,
        missing: count.missing,
        absent: count.absent,
        leave: count.leave,
        rest: count.rest,
        pending: count.pending,
    };
    Ok(Json(DaySummary { days: days.into_iter().map(day).collect() }))
}
