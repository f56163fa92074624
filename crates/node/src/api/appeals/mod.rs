//! Appeals against what is wrong with somebody's day, and what they come to.

pub(super) mod corrections;
pub(super) mod evidence;
pub(super) mod quota;
pub(super) mod types;

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chrono::NaiveDate;
use rollcall_core::appeals as site;
use rollcall_core::appeals::{
    AppealId, appeal_decide, appeal_get, appeal_list, appeal_raise, appeal_withdraw, appeals_decide,
};
use rollcall_core::directory::EmployeeId;

use self::types::{
    Appeal, AppealNotDecided, AppealQuery, AppealsDecided, Decision, DecisionNote, Decisions, NewAppeal,
};
use super::extract::{Body, Path, Query};
use super::page::{list, page};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::text;
use super::time::{date, day, time_of_day};
use super::types::{Always, Answer, Created, List, WithBody, WithPath, WithQuery};
use crate::events::Event;

/// More days than this at once, and whoever watches reads everything again.
const DAYS_TOLD: usize = 200;

/// Tells that days of people are judged differently or have other appeals.
pub(crate) fn tell(api: &Api, days: impl IntoIterator<Item = (EmployeeId, NaiveDate)>) {
    let days: BTreeSet<(EmployeeId, NaiveDate)> = days.into_iter().collect();
    if days.len() > DAYS_TOLD {
        return api.events.tell(Event::everyones_days());
    }
    for (employee, date) in days {
        let (employee_id, date) = (Some(employee.as_str().to_owned()), Some(date.to_string()));
        api.events.tell(Event::Attendance { employee_id, date });
    }
}

/// Tells of an appeal that somebody raised, changed or decided, and shows it as it is now.
fn told(api: &Api, appeal: site::Appeal) -> Appeal {
    tell(api, [(appeal.employee_id.clone(), appeal.date)]);
    appeal.into()
}

/// The appeals, newest first.
#[utoipa::path(get, path = "/api/appeals", tag = "appeals", operation_id = "listAppeals", params(AppealQuery),
    responses((status = 200, body = List<Appeal>), WithQuery, Always))]
pub(crate) async fn get_all(
    State(api): State<Api>,
    Query(query): Query<AppealQuery>,
) -> Answer<List<Appeal>> {
    let page = page(query.limit, query.cursor)?;
    let mut filter = site::AppealFilter {
        state: query.state.map(site::AppealState::from),
        employee_id: None,
        department_id: query.department_id,
        from: day("/from", query.from)?,
        to: day("/to", query.to)?,
    };
    match query.employee_id.as_deref().map(EmployeeId::new).transpose() {
        Ok(id) => filter.employee_id = id,
        // Nobody can have it.
        Err(_) => return Ok(Json(List::empty())),
    }
    let now = api.site.clock().now();
    let paged = api.site.read(move |conn| appeal_list(conn, &filter, &page, now)).await?;
    Ok(Json(list(paged, Appeal::from)))
}

/// Raises an appeal against a mark of a day.
#[utoipa::path(post, path = "/api/appeals", tag = "appeals", operation_id = "raiseAppeal", request_body = NewAppeal,
    responses((status = 201, body = Appeal), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "The day has no such mark, an appeal against it is open, its month is locked, or the month's quota is used."),
    WithBody, Always))]
pub(crate) async fn raise(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewAppeal>,
) -> Created<Appeal> {
    text::check("/employeeId", Some(&new.employee_id), EmployeeId::MOST)?;
    let new = site::NewAppeal {
        employee_id: new.employee_id,
        date: date("/date", &new.date)?,
        mark: new.mark.into(),
        claimed: new.claimed.as_deref().map(|text| time_of_day("/claimed", text)).transpose()?,
        reason: new.reason,
    };
    let appeal = api.site.write(move |tx| appeal_raise(tx, &actor, new)).await?;
    Ok((StatusCode::CREATED, Json(told(&api, appeal))))
}

/// One of them.
#[utoipa::path(get, path = "/api/appeals/{id}", tag = "appeals", operation_id = "getAppeal",
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, body = Appeal), WithPath, Always))]
pub(crate) async fn get(State(api): State<Api>, Path(id): Path<i64>) -> Answer<Appeal> {
    let now = api.site.clock().now();
    let appeal = api.site.read(move |conn| appeal_get(conn, AppealId(id), now)).await?;
    Ok(Json(appeal.into()))
}

async fn decide(api: Api, caller: Caller, id: i64, decision: Decision, note: DecisionNote) -> Answer<Appeal> {
    let Caller(actor) = caller;
    let appeal = api
        .site
        .write(move |tx| appeal_decide(tx, &actor, AppealId(id), decision.into(), note.note.as_deref()))
        .await?;
    Ok(Json(told(&api, appeal)))
}

/// Approves an open appeal: its mark is lifted, or the punch it claims counts. The correction that makes can be withdrawn.
#[utoipa::path(post, path = "/api/appeals/{id}/approve", tag = "appeals", operation_id = "approveAppeal",
    params(("id" = i64, Path, description = "Its number")), request_body = DecisionNote,
    responses((status = 200, body = Appeal), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "It is not open, the day has no such mark any more, its month is locked, or the month's quota is used."),
    WithPath, WithBody, Always))]
pub(crate) async fn approve(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<i64>,
    Body(note): Body<DecisionNote>,
) -> Answer<Appeal> {
    decide(api, caller, id, Decision::Approve, note).await
}

/// Rejects an open appeal; the note says why.
#[utoipa::path(post, path = "/api/appeals/{id}/reject", tag = "appeals", operation_id = "rejectAppeal",
    params(("id" = i64, Path, description = "Its number")), request_body = DecisionNote,
    responses((status = 200, body = Appeal), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "It is not open."), WithPath, WithBody, Always))]
pub(crate) async fn reject(
    State(api): State<Api>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<i64>,
    Body(note): Body<DecisionNote>,
) -> Answer<Appeal> {
    decide(api, caller, id, Decision::Reject, note).await
}

/// Takes back an open appeal.
#[utoipa::path(post, path = "/api/appeals/{id}/withdraw", tag = "appeals", operation_id = "withdrawAppeal",
    params(("id" = i64, Path, description = "Its number")), request_body = DecisionNote,
    responses((status = 200, body = Appeal), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "It is not open; an approval is taken back by withdrawing its correction."), WithPath, WithBody, Always))]
pub(crate) async fn withdraw(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<i64>,
    Body(note): Body<DecisionNote>,
) -> Answer<Appeal> {
    let appeal =
        api.site.write(move |tx| appeal_withdraw(tx, &actor, AppealId(id), note.note.as_deref())).await?;
    Ok(Json(told(&api, appeal)))
}

/// Appeals that may be named at once.
const IDS_MOST: usize = 1000;
/// Appeals decided in one transaction, so that machines need not wait for hundreds.
const PART: usize = 100;

/// Decides about many open appeals; one that cannot be decided leaves the others alone.
#[utoipa::path(post, path = "/api/appeals/decide", tag = "appeals", operation_id = "decideAppeals", request_body = Decisions,
    responses((status = 200, body = AppealsDecided), WithBody, Always))]
pub(crate) async fn decide_many(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(wanted): Body<Decisions>,
) -> Answer<AppealsDecided> {
    if wanted.ids.is_empty() || wanted.ids.len() > IDS_MOST {
        let detail = format!("1 to {IDS_MOST} appeals at once");
        return Err(Problem::invalid("/ids", "appeal.how_many", detail));
    }
    let (decision, mut days) = (site::Decision::from(wanted.decision), Vec::new());
    let mut done = AppealsDecided { decided: 0, rejected: Vec::new() };
    for part in wanted.ids.chunks(PART) {
        let (actor, note) = (actor.clone(), wanted.note.clone());
        let ids: Vec<AppealId> = part.iter().map(|id| AppealId(*id)).collect();
        let outcome =
            api.site.write(move |tx| appeals_decide(tx, &actor, &ids, decision, note.as_deref())).await?;
        done.decided += outcome.decided.len();
        days.extend(outcome.decided);
        done.rejected.extend(outcome.rejected.into_iter().map(|refused| AppealNotDecided {
            id: refused.id.0,
            code: refused.code,
            detail: refused.detail,
        }));
    }
    tell(&api, days);
    Ok(Json(done))
}
