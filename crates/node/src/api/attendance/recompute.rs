//! Judging days anew.

use axum::extract::State;
use axum::{Extension, Json};
use chrono::NaiveDate;
use rollcall_core::attendance as site;
use rollcall_core::attendance::{difference_list, recompute_add};
use rollcall_core::jobs::JobId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::types::AttendanceDay;
use crate::api::extract::{Body, Path, Query};
use crate::api::jobs::{JobStarted, Started, started};
use crate::api::page::{PageQuery, list};
use crate::api::problem::Problem;
use crate::api::state::{Api, Caller};
use crate::api::time::date;
use crate::api::types::{Always, Answer, List, WithBody, WithPath};

/// What is to be judged anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewRecompute {
    /// The first date.
    #[schema(format = Date)]
    from: String,
    /// The last date.
    #[schema(format = Date)]
    to: String,
    /// Only people of this department and the ones beneath it.
    department_id: Option<String>,
    /// Only people of this branch, of its departments, and of the branches beneath it.
    branch_id: Option<String>,
    /// Only these people.
    employee_ids: Option<Vec<String>>,
}

/// A day that became different.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DayDifference {
    /// Whose.
    employee_id: String,
    /// Their name.
    name: String,
    /// The date.
    date: NaiveDate,
    /// As it was; null: there was nothing of it.
    #[schema(required)]
    before: Option<AttendanceDay>,
    /// As it is; null: there is nothing of it any more.
    #[schema(required)]
    after: Option<AttendanceDay>,
}

/// Judges days anew, as a job of the kind `attendanceRecompute`; its result is `{days, changed}`. What changes by itself is judged
/// anew by itself: this is for whoever wants to be sure.
#[utoipa::path(post, path = "/api/attendance/recompute", tag = "attendance", operation_id = "recomputeAttendance",
    request_body = NewRecompute, responses((status = 202, body = JobStarted), WithBody, Always))]
pub(crate) async fn start(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewRecompute>,
) -> Started {
    let wanted = site::Recompute {
        from: date("/from", &new.from)?,
        to: date("/to", &new.to)?,
        department_id: new.department_id,
        branch_id: new.branch_id,
        employee_ids: new.employee_ids,
    };
    let job = api.site.write(move |tx| recompute_add(tx, &actor, &wanted)).await?;
    started(&api, job.id)
}

/// What a recomputation changed, by date.
#[utoipa::path(get, path = "/api/attendance/recomputes/{id}/differences", tag = "attendance",
    operation_id = "listDayDifferences", params(("id" = i64, Path, description = "The job's number"), PageQuery),
    responses((status = 200, body = List<DayDifference>), (status = 422, body = Problem,
    content_type = "application/problem+json", description = "A query parameter is wrong."), WithPath, Always))]
pub(crate) async fn differences(
    State(api): State<Api>,
    Path(id): Path<i64>,
    query: Query<PageQuery>,
) -> Answer<List<DayDifference>> {
    let (page, now) = (query.page()?, api.site.clock().now());
    let paged = api.site.read(move |conn| difference_list(conn, JobId(id), &page, now)).await?;
    Ok(Json(list(paged, |difference| DayDifference {
        employee_id: difference.person.id.as_str().to_owned(),
        name: difference.person.name,
        date: difference.date,
        before: difference.before.map(AttendanceDay::from),
        after: difference.after.map(AttendanceDay::from),
    })))
}
