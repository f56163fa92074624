//! The day report.

use axum::Json;
use axum::extract::State;
use rollcall_core::attendance as site;
use rollcall_core::attendance::{DAYS_MOST, DayFilter, day_list};
use serde::Deserialize;
use utoipa::IntoParams;

use super::types::{AttendanceDay, DayStatus, MarkKind};
use super::{dates, whom};
use crate::api::extract::Query;
use crate::api::page::{list, page};
use crate::api::state::Api;
use crate::api::types::{Always, Answer, List, WithQuery};

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct DayQuery {
    /// The first date.
    #[param(example = "2026-07-01")]
    from: String,
    /// The last date; at most 62 days are shown at a time.
    #[param(example = "2026-07-31")]
    to: String,
    /// Only this person's.
    #[param(nullable = false)]
    employee_id: Option<String>,
    /// Only of this department and the ones beneath it.
    #[param(nullable = false)]
    department_id: Option<String>,
    /// Only of this branch, of its departments, and of the branches beneath it.
    #[param(nullable = false)]
    branch_id: Option<String>,
    /// Only those that are this, in a word.
    #[param(inline, nullable = false)]
    status: Option<DayStatus>,
    /// Only those with such a mark that is not lifted.
    #[param(inline, nullable = false)]
    mark: Option<MarkKind>,
    /// As in the list of people.
    #[param(nullable = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    search: Option<String>,
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// The days of people that there is something to say about, by date, then name.
#[utoipa::path(get, path = "/api/attendance/days", tag = "attendance", operation_id = "listAttendanceDays",
    params(DayQuery), responses((status = 200, body = List<AttendanceDay>), WithQuery, Always))]
pub(crate) async fn get_all(
    State(api): State<Api>,
    Query(query): Query<DayQuery>,
) -> Answer<List<AttendanceDay>> {
    let page = page(query.limit, query.cursor)?;
    let dates = dates(&query.from, &query.to, DAYS_MOST)?;
    let Some(whom) = whom(query.employee_id.as_deref(), query.department_id, query.branch_id, query.search)?
    else {
        return Ok(Json(List::empty()));
    };
    let filter = DayFilter {
        whom,
        dates,
        status: query.status.map(site::DayStatus::from),
        mark: query.mark.map(Into::into),
    };
    let now = api.site.clock().now();
    let paged = api.site.read(move |conn| day_list(conn, &filter, &page, now)).await?;
    Ok(Json(list(paged, AttendanceDay::from)))
}
