//! Locked months.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chrono::{DateTime, NaiveDate, Utc};
use rollcall_core::attendance as site;
use rollcall_core::attendance::{late_list, lock_add, lock_check, lock_list, lock_remove};
use rollcall_core::page::Paged;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::month;
use super::types::AttendanceDay;
use crate::api::extract::{Body, Path, Query};
use crate::api::page::{PageQuery, list};
use crate::api::problem::Problem;
use crate::api::state::{Api, Caller};
use crate::api::types::{Always, Answer, Created, Done, List, WithBody, WithPath, WithQuery};
use crate::events::Event;

/// A month that is locked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MonthLock {
    /// Which.
    #[schema(example = "2026-07")]
    month: String,
    /// Since when.
    locked_at: DateTime<Utc>,
    /// By whom: `console`, `desktop`.
    who: String,
    /// Days of which something came to light since.
    late: u64,
}

/// A month to lock.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMonthLock {
    /// Which.
    #[schema(example = "2026-07")]
    month: String,
    /// Lock it although punches of it may be on their way.
    #[serde(default)]
    confirm: bool,
}

/// A day of a locked month of which something came to light since.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LateDay {
    /// Whose.
    employee_id: String,
    /// Their name.
    name: String,
    /// The date.
    date: NaiveDate,
    /// As it stays; null: there was nothing of it.
    #[schema(required)]
    before: Option<AttendanceDay>,
    /// As it would be; null: there would be nothing of it.
    #[schema(required)]
    after: Option<AttendanceDay>,
    /// When that was noticed last.
    noticed_at: DateTime<Utc>,
}

impl From<site::MonthLock> for MonthLock {
    fn from(lock: site::MonthLock) -> Self {
        Self { month: lock.month.to_string(), locked_at: lock.locked_at, who: lock.who, late: lock.late }
    }
}

/// The locked months, newest first.
#[utoipa::path(get, path = "/api/attendance/locks", tag = "attendance", operation_id = "listMonthLocks",
    responses((status = 200, body = List<MonthLock>), Always))]
pub(crate) async fn get_all(State(api): State<Api>) -> Answer<List<MonthLock>> {
    let locks = api.site.read(lock_list).await?;
    let total = locks.len() as u64;
    Ok(Json(list(Paged { items: locks, total, next: None }, MonthLock::from)))
}

/// Locks a month: its days stay as they are, and what comes to light of them later is listed beside them.
#[utoipa::path(post, path = "/api/attendance/locks", tag = "attendance", operation_id = "lockMonth",
    request_body = NewMonthLock, responses((status = 201, body = MonthLock),
    (status = 409, body = Problem, content_type = "application/problem+json", description = "`attendance.month_not_over`; \
    `attendance.month_provisional`, unless it is confirmed; `attendance.month_locked`; `attendance.month_unsettled`: \
    something of it changed just now, try again."), WithBody, Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewMonthLock>,
) -> Created<MonthLock> {
    let (month, confirm) = (month(&new.month)?, new.confirm);
    if !confirm {
        let now = api.site.clock().now();
        api.site.read(move |conn| lock_check(conn, month, now)).await?;
    }
    let lock = api.site.write(move |tx| lock_add(tx, &actor, month, confirm)).await?;
    api.events.tell(Event::everyones_days());
    Ok((StatusCode::CREATED, Json(lock.into())))
}

/// Unlocks a month: what came to light since becomes part of it.
#[utoipa::path(delete, path = "/api/attendance/locks/{month}", tag = "attendance", operation_id = "unlockMonth",
    params(("month" = String, Path, description = "The month: `2026-07`")),
    responses((status = 204), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "It is not locked."), (status = 422, body = Problem, content_type = "application/problem+json",
    description = "It is no month."), WithPath, Always))]
pub(crate) async fn remove(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(text): Path<String>,
) -> Done {
    let month = month(&text)?;
    api.site.write(move |tx| lock_remove(tx, &actor, month)).await?;
    api.events.tell(Event::everyones_days());
    Ok(StatusCode::NO_CONTENT)
}

/// What came to light of a locked month since, by date.
#[utoipa::path(get, path = "/api/attendance/locks/{month}/late", tag = "attendance", operation_id = "listLateDays",
    params(("month" = String, Path, description = "The month: `2026-07`"), PageQuery),
    responses((status = 200, body = List<LateDay>), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "It is not locked."), WithQuery, Always))]
pub(crate) async fn late(
    State(api): State<Api>,
    Path(text): Path<String>,
    query: Query<PageQuery>,
) -> Answer<List<LateDay>> {
    let (month, page, now) = (month(&text)?, query.page()?, api.site.clock().now());
    let paged = api.site.read(move |conn| late_list(conn, month, &page, now)).await?;
    Ok(Json(list(paged, |day| LateDay {
        employee_id: day.person.id.as_str().to_owned(),
        name: day.person.name,
        date: day.date,
        before: day.before.map(AttendanceDay::from),
        after: day.after.map(AttendanceDay::from),
        noticed_at: day.noticed_at,
    })))
}
