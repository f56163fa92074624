//! Facts beside the punches: what approved appeals came to, and what was written down by hand.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use rollcall_core::appeals as site;
use rollcall_core::appeals::{
    CorrectionId, Wanted, What, correction_add, correction_list, correction_withdraw,
};
use rollcall_core::directory::EmployeeId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::tell;
use crate::api::attendance::types::MarkKind;
use crate::api::extract::{Body, Path, Query};
use crate::api::page::{list, page};
use crate::api::problem::Problem;
use crate::api::state::{Api, Caller};
use crate::api::text;
use crate::api::time::{date, day, time_of_day, with_offset};
use crate::api::types::{Always, Answer, Created, Done, List, WithBody, WithPath, WithQuery};

/// A punch that was not made at a machine, or marks that do not count.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Correction {
    /// Its number.
    id: i64,
    /// Whose day.
    employee_id: String,
    /// Their name.
    name: String,
    /// Which day.
    date: NaiveDate,
    /// What it is.
    kind: CorrectionKind,
    /// Of a lift: the marks it lifts.
    #[schema(required)]
    mark: Option<MarkKind>,
    /// Of a punch: when it was, by the site's clocks.
    #[schema(required)]
    time: Option<DateTime<FixedOffset>>,
    /// The appeal it comes from; null when it was written down by hand.
    #[schema(required)]
    appeal_id: Option<i64>,
    /// Why.
    reason: String,
    /// Who made it.
    who: String,
    /// When.
    created_at: DateTime<Utc>,
    /// When it was withdrawn; null while it is in force.
    #[schema(required)]
    withdrawn_at: Option<DateTime<Utc>>,
}

/// What a correction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CorrectionKind {
    /// A punch.
    Punch,
    /// The marks of one kind do not count.
    Lift,
}

/// A correction to write down by hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewCorrection {
    /// Whose day.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 64)]
    employee_id: String,
    /// Which day; a shift through the night is of the day it begins on.
    #[schema(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    date: String,
    /// What it is.
    kind: CorrectionKind,
    /// Of a lift, and required there: the marks to lift.
    mark: Option<MarkKind>,
    /// Of a punch, and required there: its time of day by the site's clocks. Of a shift through the night it may be of the
    /// morning after.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "18:00")]
    time: Option<String>,
    /// Why.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 500,
        example = "考勤机停电"
    )]
    reason: String,
}

/// Which corrections.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct CorrectionQuery {
    /// Of this employee.
    #[param(nullable = false)]
    employee_id: Option<String>,
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

impl From<site::Correction> for Correction {
    fn from(correction: site::Correction) -> Self {
        let (kind, mark, time) = match correction.what {
            What::Punch { wall, utc_offset } => {
                (CorrectionKind::Punch, None, Some(with_offset(wall, utc_offset)))
            }
            What::Lift(mark) => (CorrectionKind::Lift, Some(mark.into()), None),
        };
        Self {
            id: correction.id.0,
            employee_id: correction.employee_id.as_str().to_owned(),
            name: correction.name,
            date: correction.date,
            kind,
            mark,
            time,
            appeal_id: correction.appeal_id.map(|id| id.0),
            reason: correction.reason,
            who: correction.who,
            created_at: correction.created_at,
            withdrawn_at: correction.withdrawn_at,
        }
    }
}

/// The corrections, newest first; withdrawn ones too.
#[utoipa::path(get, path = "/api/corrections", tag = "appeals", operation_id = "listCorrections", params(CorrectionQuery),
    responses((status = 200, body = List<Correction>), WithQuery, Always))]
pub(crate) async fn get_all(
    State(api): State<Api>,
    Query(query): Query<CorrectionQuery>,
) -> Answer<List<Correction>> {
    let page = page(query.limit, query.cursor)?;
    let from = day("/from", query.from)?;
    let to = day("/to", query.to)?;
    let Ok(employee_id) = query.employee_id.as_deref().map(EmployeeId::new).transpose() else {
        // Nobody can have it.
        return Ok(Json(List::empty()));
    };
    let filter = site::CorrectionFilter { employee_id, from, to };
    let paged = api.site.read(move |conn| correction_list(conn, &filter, &page)).await?;
    Ok(Json(list(paged, Correction::from)))
}

fn wanted(new: &NewCorrection) -> Result<Wanted, Problem> {
    let missing =
        |pointer| Problem::invalid(pointer, "correction.incomplete", "say which mark, or what time");
    let excess = |pointer| {
        Problem::invalid(
            pointer,
            "correction.excess",
            "a punch has a time and no mark, a lift a mark and no time",
        )
    };
    match (new.kind, new.mark, new.time.as_deref()) {
        (CorrectionKind::Punch, None, Some(time)) => Ok(Wanted::Punch(time_of_day("/time", time)?)),
        (CorrectionKind::Lift, Some(mark), None) => Ok(Wanted::Lift(mark.into())),
        (CorrectionKind::Punch, Some(_), _) => Err(excess("/mark")),
        (CorrectionKind::Lift, _, Some(_)) => Err(excess("/time")),
        (CorrectionKind::Punch, None, None) => Err(missing("/time")),
        (CorrectionKind::Lift, None, None) => Err(missing("/mark")),
    }
}

/// Writes down a correction by hand.
#[utoipa::path(post, path = "/api/corrections", tag = "appeals", operation_id = "addCorrection", request_body = NewCorrection,
    responses((status = 201, body = Correction), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "The month is locked, or the day has no such mark."), WithBody, Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewCorrection>,
) -> Created<Correction> {
    text::check("/employeeId", Some(&new.employee_id), EmployeeId::MOST)?;
    let what = wanted(&new)?;
    let date = date("/date", &new.date)?;
    let new = site::NewCorrection { employee_id: new.employee_id, date, what, reason: new.reason };
    let correction = api.site.write(move |tx| correction_add(tx, &actor, new)).await?;
    tell(&api, [(correction.employee_id.clone(), correction.date)]);
    Ok((StatusCode::CREATED, Json(correction.into())))
}

/// Withdraws a correction: the mark is back. That of an approved appeal takes its approval back.
#[utoipa::path(delete, path = "/api/corrections/{id}", tag = "appeals", operation_id = "withdrawCorrection",
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 204, description = "It is in force no longer; it stays in the list."), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "It was withdrawn before, or its month is locked."), WithPath,
    Always))]
pub(crate) async fn withdraw(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<i64>,
) -> Done {
    let correction = api.site.write(move |tx| correction_withdraw(tx, &actor, CorrectionId(id))).await?;
    tell(&api, [(correction.employee_id, correction.date)]);
    Ok(StatusCode::NO_CONTENT)
}
