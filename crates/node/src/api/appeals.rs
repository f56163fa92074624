//! Appeals against what is wrong with somebody's day.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use rollcall_core::appeals as site;
use rollcall_core::appeals::{
    AppealId, appeal_decide, appeal_get, appeal_list, appeal_raise, appeal_withdraw, appeals_decide,
    quota_get,
};
use rollcall_core::directory::EmployeeId;
use rollcall_core::schedule::TimeOfDay;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::attendance::month;
use super::attendance::types::{AttendanceMark, DayStatus, MarkKind, local};
use super::extract::{Body, Path, Query};
use super::page::{list, page};
use super::problem::Problem;
use super::shifts::time_of_day;
use super::state::{Api, Caller};
use super::text;
use super::time::date;
use super::types::{Always, Answer, Created, List, WithBody, WithPath, WithQuery};
use crate::events::Event;

/// Somebody asks for a mark to be lifted, and what became of that.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Appeal {
    /// Its number.
    id: i64,
    /// Whose day.
    employee_id: String,
    /// Their name.
    name: String,
    /// Which day; a shift through the night is of the day it begins on.
    date: NaiveDate,
    /// Against which mark.
    mark: MarkKind,
    /// The time of day of a punch that is missing, by the site's clocks.
    #[schema(required, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:00")]
    claimed: Option<String>,
    /// Why.
    reason: String,
    /// What became of it.
    state: AppealState,
    /// Who raised it.
    raised_by: String,
    /// When.
    raised_at: DateTime<Utc>,
    /// Who decided, or took it back.
    #[schema(required)]
    decided_by: Option<String>,
    /// When.
    #[schema(required)]
    decided_at: Option<DateTime<Utc>>,
    /// What they said.
    #[schema(required)]
    note: Option<String>,
    /// What lies with it.
    #[schema(required)]
    evidence: Option<EvidenceInfo>,
    /// The day as it is shown now; null when nobody has judged it.
    #[schema(required)]
    day: Option<AppealedDay>,
}

/// What became of an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum AppealState {
    /// Nobody has decided.
    Open,
    /// Somebody said yes: a correction is in force.
    Approved,
    /// Somebody said no.
    Rejected,
    /// Taken back while it was open, or its correction was.
    Withdrawn,
}

/// What is told of a piece of evidence; its bytes are at `…/evidence`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EvidenceInfo {
    /// What it is called.
    name: String,
    /// `image/jpeg`, `image/png` or `application/pdf`.
    media_type: &'static str,
    /// How many bytes it has.
    size: u64,
}

/// The day an appeal is about, as it is shown now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppealedDay {
    /// In a word.
    status: DayStatus,
    /// What is wrong with it, lifted marks too.
    marks: Vec<AttendanceMark>,
    /// The shift it was judged by.
    #[schema(required)]
    shift_id: Option<String>,
    /// The first coming.
    #[schema(required)]
    first_in: Option<DateTime<FixedOffset>>,
    /// The last going.
    #[schema(required)]
    last_out: Option<DateTime<FixedOffset>>,
}

/// An appeal to raise.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewAppeal {
    /// Whose day.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 64)]
    employee_id: String,
    /// Which day; a shift through the night is of the day it begins on.
    #[schema(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    date: String,
    /// Against which mark.
    mark: MarkKind,
    /// Why.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 500,
        example = "忘记打卡"
    )]
    reason: String,
    /// The time of day of a punch that is missing, by the site's clocks; required of `missingIn` and `missingOut`. Of a shift
    /// through the night it may be of the morning after.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:00")]
    claimed: Option<String>,
}

/// A word to a decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionNote {
    /// What to say; required of a rejection.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 500)]
    note: Option<String>,
}

/// Many appeals to decide about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decisions {
    /// Which.
    #[schema(min_items = 1, max_items = 1000)]
    ids: Vec<i64>,
    /// What is decided about all of them.
    decision: Decision,
    /// What to say; required of a rejection.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 500)]
    note: Option<String>,
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Decision {
    /// The mark is lifted, or the claimed punch counts.
    Approve,
    /// It stays as it is.
    Reject,
}

/// What came of deciding about many.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppealsDecided {
    /// How many are decided.
    decided: usize,
    /// The others, as they were.
    rejected: Vec<AppealNotDecided>,
}

/// An appeal of many that could not be decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppealNotDecided {
    /// Which.
    id: i64,
    /// Why: stable, dotted, lower case.
    code: &'static str,
    /// The same in English.
    detail: String,
}

/// Which appeals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct AppealQuery {
    /// Of this state.
    #[param(nullable = false, inline)]
    state: Option<AppealState>,
    /// Of this employee.
    #[param(nullable = false)]
    employee_id: Option<String>,
    /// Of the people of this department and the ones beneath it.
    #[param(nullable = false)]
    department_id: Option<String>,
    /// Of this day or a later one.
    #[param(nullable = false, format = Date)]
    from: Option<String>,
    /// Of this day or an earlier one.
    #[param(nullable = false, format = Date)]
    to: Option<String>,
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// Whose month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct QuotaQuery {
    /// Whose.
    employee_id: String,
    /// Which month, `YYYY-MM`.
    #[param(pattern = "^(19|[2-9][0-9])[0-9]{2}-(0[1-9]|1[0-2])$", example = "2026-07")]
    month: String,
}

/// How many punches somebody has claimed of a month.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MissedPunchQuota {
    /// The month.
    #[schema(example = "2026-07")]
    month: String,
    /// Open and approved requests with a time.
    used: u32,
    /// How many there may be; null for as many as they like.
    #[schema(required)]
    quota: Option<u32>,
}

impl From<AppealState> for site::AppealState {
    fn from(state: AppealState) -> Self {
        match state {
            AppealState::Open => Self::Open,
            AppealState::Approved => Self::Approved,
            AppealState::Rejected => Self::Rejected,
            AppealState::Withdrawn => Self::Withdrawn,
        }
    }
}

impl From<site::AppealState> for AppealState {
    fn from(state: site::AppealState) -> Self {
        match state {
            site::AppealState::Open => Self::Open,
            site::AppealState::Approved => Self::Approved,
            site::AppealState::Rejected => Self::Rejected,
            site::AppealState::Withdrawn => Self::Withdrawn,
        }
    }
}

impl From<Decision> for site::Decision {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Approve => Self::Approve,
            Decision::Reject => Self::Reject,
        }
    }
}

impl From<site::Appeal> for Appeal {
    fn from(appeal: site::Appeal) -> Self {
        Self {
            id: appeal.id.0,
            employee_id: appeal.employee_id.as_str().to_owned(),
            name: appeal.name,
            date: appeal.date,
            mark: appeal.mark.into(),
            claimed: appeal.claimed.map(|minute| TimeOfDay::of(minute).to_string()),
            reason: appeal.reason,
            state: appeal.state.into(),
            raised_by: appeal.raised_by,
            raised_at: appeal.raised_at,
            decided_by: appeal.decided_by,
            decided_at: appeal.decided_at,
            note: appeal.note,
            evidence: appeal.evidence.map(|evidence| EvidenceInfo {
                name: evidence.name,
                media_type: evidence.kind.media_type(),
                size: evidence.size,
            }),
            day: appeal.day.map(|day| AppealedDay {
                status: day.status.into(),
                marks: day.marks.into_iter().map(AttendanceMark::from).collect(),
                shift_id: day.shift.map(|(id, _)| id.0),
                first_in: day.first_in.map(local),
                last_out: day.last_out.map(local),
            }),
        }
    }
}

/// More days than this at once, and whoever watches reads everything again.
const DAYS_TOLD: usize = 200;

/// Tells that days of people are judged differently or have other appeals.
pub(crate) fn tell(api: &Api, days: impl IntoIterator<Item = (EmployeeId, NaiveDate)>) {
    let days: BTreeSet<(EmployeeId, NaiveDate)> = days.into_iter().collect();
    if days.len() > DAYS_TOLD {
        return api.events.tell(Event::Attendance { employee_id: None, date: None });
    }
    for (employee, date) in days {
        let (employee_id, date) = (Some(employee.as_str().to_owned()), Some(date.to_string()));
        api.events.tell(Event::Attendance { employee_id, date });
    }
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
        from: query.from.as_deref().map(|text| date("/from", text)).transpose()?,
        to: query.to.as_deref().map(|text| date("/to", text)).transpose()?,
    };
    match query.employee_id.as_deref().map(EmployeeId::new).transpose() {
        Ok(id) => filter.employee_id = id,
        // Nobody can have it.
        Err(_) => return Ok(Json(List { items: Vec::new(), total: 0, next: None })),
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
    tell(&api, [(appeal.employee_id.clone(), appeal.date)]);
    Ok((StatusCode::CREATED, Json(appeal.into())))
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
    tell(&api, [(appeal.employee_id.clone(), appeal.date)]);
    Ok(Json(appeal.into()))
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
    tell(&api, [(appeal.employee_id.clone(), appeal.date)]);
    Ok(Json(appeal.into()))
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

/// How many punches somebody has claimed of a month, and how many they may.
#[utoipa::path(get, path = "/api/attendance/quota", tag = "appeals", operation_id = "getMissedPunchQuota", params(QuotaQuery),
    responses((status = 200, body = MissedPunchQuota), WithQuery, Always))]
pub(crate) async fn quota(
    State(api): State<Api>,
    Query(query): Query<QuotaQuery>,
) -> Answer<MissedPunchQuota> {
    let of = month(&query.month)?;
    let view = api.site.read(move |conn| quota_get(conn, &query.employee_id, of)).await?;
    Ok(Json(MissedPunchQuota { month: view.month.to_string(), used: view.used, quota: view.quota }))
}
