//! Asking a machine for the punches of past days again, and finding the days that lack some.

use axum::extract::State;
use axum::{Extension, Json};
use chrono::{DateTime, NaiveDate, Utc};
use rollcall_core::Sn;
use rollcall_core::directory::EmployeeId;
use rollcall_core::jobs::JobId;
use rollcall_core::reuploads as site;
use rollcall_core::reuploads::{Asked, gap_check, gaps, reupload};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::employees::id_in_path;
use super::extract::{Body, Path, Query};
use super::jobs::{JobStarted, Started, started};
use super::machines::sn_in_path;
use super::problem::Problem;
use super::roster::ENTRIES_MOST;
use super::state::{Api, Caller};
use super::time::date;
use super::types::{Always, Answer, WithBody, WithPath};

/// Which punches a machine is to send again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ReuploadAsked {
    /// The first day, by the machine's calendar.
    #[schema(value_type = String, format = Date)]
    from: String,
    /// The last day, included; today at the latest, and at most 366 days in all.
    #[schema(value_type = String, format = Date)]
    to: String,
    /// Only these people's; everybody's when absent. What comes of others is stored all the same.
    #[schema(max_items = 10_000, min_items = 1)]
    employee_ids: Option<Vec<String>>,
    /// Only of those of the days that are known to lack some, as the list of gaps shows them.
    only_missing: Option<bool>,
}

/// Some days.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GapCheckAsked {
    /// The first day, by the machine's calendar.
    #[schema(value_type = String, format = Date)]
    from: String,
    /// The last day, included; today at the latest, and at most 366 days in all.
    #[schema(value_type = String, format = Date)]
    to: String,
}

/// Which days to show.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GapQuery {
    /// The first day, by the machine's calendar.
    #[param(format = Date)]
    from: String,
    /// The last day, included; at most 366 days in all.
    #[param(format = Date)]
    to: String,
}

/// What is known of the days of a machine.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Gaps {
    /// Each day.
    items: Vec<GapDay>,
    /// Whether the machine can say how many punches it holds of a day. Where it cannot, only what it reports in all can be
    /// compared with what is held of it.
    supported: bool,
    /// When any of its days was asked about last.
    #[schema(required)]
    last_checked_at: Option<DateTime<Utc>>,
}

/// A day of a machine.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GapDay {
    /// By the machine's calendar.
    date: NaiveDate,
    /// How many punches it says it holds; null when it was not asked.
    #[schema(required)]
    theirs: Option<i64>,
    /// How many are held here.
    ours: i64,
    /// When it was asked.
    #[schema(required)]
    checked_at: Option<DateTime<Utc>>,
    /// It holds more than had come of the stretch it was asked about: ask it to send that day again.
    missing: bool,
}

impl From<site::GapDay> for GapDay {
    fn from(day: site::GapDay) -> Self {
        let site::GapDay { date, theirs, ours, checked_at, missing } = day;
        Self { date, theirs, ours, checked_at, missing }
    }
}

fn people(ids: &[String]) -> Result<Vec<EmployeeId>, Problem> {
    if ids.len() > ENTRIES_MOST {
        return Err(Problem::invalid(
            "/employeeIds",
            "reupload.too_many_people",
            format!("at most {ENTRIES_MOST} people; leave them out to ask for everybody's"),
        ));
    }
    ids.iter().map(|id| id_in_path(id)).collect()
}

/// The machine is asked with its next poll.
fn asked_of(api: &Api, sn: &Sn, job: JobId) -> Started {
    api.fleet.orders_changed(sn);
    started(api, job)
}

/// Asks a machine for the punches of some days again. The job waits while the machine is offline; its result counts
/// `{asked, received, new, known, others, repeated, rejected, before, after}`: the stretches the machine was asked for; punches of
/// them that came, each counted once; of the people asked for those that were new and those that were there; those of other
/// people; lines that came once more; lines nobody can read; and how many the machine says it holds of those days, before and
/// after, null where it cannot say. Punches that are made meanwhile are not counted.
#[utoipa::path(post, path = "/api/machines/{sn}/reuploads", tag = "reuploads", operation_id = "startReupload",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    request_body = ReuploadAsked,
    responses((status = 202, body = JobStarted), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "The machine is disabled."), WithPath, WithBody, Always))]
pub(crate) async fn start(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(asked): Body<ReuploadAsked>,
) -> Started {
    let sn = sn_in_path(&sn)?;
    let asked = Asked {
        from: date("/from", &asked.from)?,
        to: date("/to", &asked.to)?,
        people: asked.employee_ids.as_deref().map(people).transpose()?,
        only_missing: asked.only_missing.unwrap_or(false),
    };
    let key = sn.clone();
    let job = api.site.write(move |tx| reupload(tx, &actor, &key, &asked)).await?;
    asked_of(&api, &sn, job)
}

/// Day by day, how many punches a machine said it holds, and how many are held here.
#[utoipa::path(get, path = "/api/machines/{sn}/gaps", tag = "reuploads", operation_id = "listGaps",
    params(("sn" = String, Path, description = "The machine's serial number, in any case"), GapQuery),
    responses((status = 200, body = Gaps),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "Path or query cannot be read."),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "It is not there."),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "The days make no sense."),
    Always))]
pub(crate) async fn list(
    State(api): State<Api>,
    Path(sn): Path<String>,
    Query(query): Query<GapQuery>,
) -> Answer<Gaps> {
    let sn = sn_in_path(&sn)?;
    let (from, to) = (date("/from", &query.from)?, date("/to", &query.to)?);
    let now = api.site.clock().now();
    let found = api.site.read(move |conn| gaps(conn, &sn, from, to, now)).await?;
    Ok(Json(Gaps {
        items: found.days.into_iter().map(GapDay::from).collect(),
        supported: found.supported,
        last_checked_at: found.last_checked_at,
    }))
}

/// Asks a machine how many punches it holds of each of some days. The job's result is
/// `{days, missing, theirs, ours, supported, reuploadJobId}`: the days that were compared, the dates of those that lack punches,
/// sums, whether the machine can count at all, and the job that has the missing ones sent, where that follows by itself: after
/// this computer was off or asleep each machine is compared so.
#[utoipa::path(post, path = "/api/machines/{sn}/gaps/check", tag = "reuploads", operation_id = "checkGaps",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    request_body = GapCheckAsked,
    responses((status = 202, body = JobStarted), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "The machine is disabled."), WithPath, WithBody, Always))]
pub(crate) async fn check(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(asked): Body<GapCheckAsked>,
) -> Started {
    let sn = sn_in_path(&sn)?;
    let (from, to) = (date("/from", &asked.from)?, date("/to", &asked.to)?);
    let key = sn.clone();
    let job = api.site.write(move |tx| gap_check(tx, &actor, &key, from, to)).await?;
    asked_of(&api, &sn, job)
}
