//! Work that runs later or in the background.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use rollcall_core::Sn;
use rollcall_core::jobs as site;
use rollcall_core::jobs::{
    JobError, JobFilter, JobId, job_cancel, job_confirm, job_get, job_list, job_log_list,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::extract::{Path, Query};
use super::page::{list, page};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::types::{Always, Answer, List, WithPath, WithQuery};
use crate::events::Event;

/// A job and what has become of it so far.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Job {
    /// Its number.
    id: i64,
    /// What kind of work it is: `rosterSync`, `dispatchRun`, `readBack`, `reupload`, `gapCheck`.
    kind: String,
    /// The machine it is about.
    #[schema(required)]
    sn: Option<String>,
    /// What people call that machine.
    #[schema(required)]
    machine_name: Option<String>,
    /// How far it is.
    state: JobState,
    /// The same in numbers.
    progress: Progress,
    /// What came of it, or, of one that waits for a yes, what there is to say yes to; an object, as its kind has it.
    #[schema(required, value_type = Option<Object>)]
    result: Option<Value>,
    /// Who wanted it: `console`, `desktop` or `system`.
    who: String,
    /// When it was wanted.
    created_at: DateTime<Utc>,
    /// When it was first begun.
    #[schema(required)]
    started_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[schema(required)]
    ended_at: Option<DateTime<Utc>>,
    /// When it is looked at again; null when it waits for something else than time.
    #[schema(required)]
    next_at: Option<DateTime<Utc>>,
    /// What happened, oldest first: the newest 1,000 lines. Empty in lists; ask for the job itself.
    log: Vec<JobLine>,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum JobState {
    /// Nobody works on it yet, or not right now.
    Waiting,
    /// Somebody works on it, or something is under way.
    Running,
    /// It has stopped and goes on when somebody says yes.
    NeedsConfirmation,
    /// It did what it was for.
    Done,
    /// It could not.
    Failed,
    /// Somebody did not want it any more.
    Cancelled,
}

/// How much of a job is done, in the units of its kind.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Progress {
    /// So much.
    done: u64,
    /// Of so much; 0 while that is not known.
    total: u64,
}

/// One line of a job's log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobLine {
    /// When.
    time: DateTime<Utc>,
    /// How much it matters.
    level: JobLevel,
    /// What happened, as a stable code.
    code: String,
    /// The names and counts the code's text speaks of.
    #[schema(value_type = Object)]
    detail: Value,
}

/// How much a line of a job's log matters.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum JobLevel {
    /// As it should be.
    Info,
    /// Somebody may want to look.
    Warning,
    /// It went wrong.
    Error,
}

/// What a call that takes long answers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct JobStarted {
    /// The job to follow.
    job_id: i64,
}

/// 202 with the job to follow, or a problem.
pub(crate) type Started = Result<(StatusCode, Json<JobStarted>), Problem>;

/// Tells whoever watches of a job that somebody has asked for, and answers which it is.
pub(crate) fn started(api: &Api, job: JobId) -> Started {
    api.events.tell(Event::Job { id: job.0 });
    Ok((StatusCode::ACCEPTED, Json(JobStarted { job_id: job.0 })))
}

impl From<site::JobState> for JobState {
    fn from(state: site::JobState) -> Self {
        match state {
            site::JobState::Waiting => Self::Waiting,
            site::JobState::Running => Self::Running,
            site::JobState::NeedsConfirmation => Self::NeedsConfirmation,
            site::JobState::Done => Self::Done,
            site::JobState::Failed => Self::Failed,
            site::JobState::Cancelled => Self::Cancelled,
        }
    }
}

impl From<JobState> for site::JobState {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Waiting => Self::Waiting,
            JobState::Running => Self::Running,
            JobState::NeedsConfirmation => Self::NeedsConfirmation,
            JobState::Done => Self::Done,
            JobState::Failed => Self::Failed,
            JobState::Cancelled => Self::Cancelled,
        }
    }
}

impl From<site::Job> for Job {
    fn from(job: site::Job) -> Self {
        Self {
            id: job.id.0,
            kind: job.kind,
            sn: job.sn.map(|sn| sn.as_str().to_owned()),
            machine_name: job.machine_name,
            state: job.state.into(),
            progress: Progress { done: job.done, total: job.total },
            result: job.result,
            who: job.who,
            created_at: job.created_at,
            started_at: job.started_at,
            ended_at: job.ended_at,
            next_at: job.next_at,
            log: Vec::new(),
        }
    }
}

impl From<site::JobLine> for JobLine {
    fn from(line: site::JobLine) -> Self {
        Self {
            time: line.time,
            level: match line.level {
                site::Level::Info => JobLevel::Info,
                site::Level::Warning => JobLevel::Warning,
                site::Level::Error => JobLevel::Error,
            },
            code: line.code,
            detail: line.detail,
        }
    }
}

/// Which jobs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct JobQuery {
    /// Only those this far.
    #[param(inline, nullable = false)]
    state: Option<JobState>,
    /// Only those of this kind.
    #[param(nullable = false)]
    kind: Option<String>,
    /// Only those of this machine.
    #[param(nullable = false)]
    sn: Option<String>,
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// The jobs, newest first. Of those that have ended the newest hundred of each kind and machine are kept.
#[utoipa::path(get, path = "/api/jobs", tag = "jobs", operation_id = "listJobs", params(JobQuery),
    responses((status = 200, body = List<Job>), WithQuery, Always))]
pub(crate) async fn get_all(State(api): State<Api>, Query(query): Query<JobQuery>) -> Answer<List<Job>> {
    let page = page(query.limit, query.cursor)?;
    // A machine that cannot exist has no jobs.
    let Ok(sn) = query.sn.as_deref().map(Sn::new).transpose() else {
        return Ok(Json(List::empty()));
    };
    let filter = JobFilter { state: query.state.map(site::JobState::from), kind: query.kind, sn };
    let paged = api.site.read(move |conn| job_list(conn, &filter, &page)).await?;
    Ok(Json(list(paged, Job::from)))
}

/// One job with its log.
#[utoipa::path(get, path = "/api/jobs/{id}", tag = "jobs", operation_id = "getJob",
    params(("id" = i64, Path, description = "The job's number")),
    responses((status = 200, body = Job), WithPath, Always))]
pub(crate) async fn get(State(api): State<Api>, Path(id): Path<i64>) -> Answer<Job> {
    show(&api, JobId(id)).await
}

async fn show(api: &Api, id: JobId) -> Answer<Job> {
    let (job, log) = api
        .site
        .read(move |conn| {
            let job = job_get(conn, id)?.ok_or(JobError::Unknown(id.0))?;
            Ok::<_, JobError>((job, job_log_list(conn, id)?))
        })
        .await?;
    Ok(Json(Job { log: log.into_iter().map(JobLine::from).collect(), ..Job::from(job) }))
}

/// Ends a job that nobody wants any more. One that is being worked on goes on until its worker has noticed.
#[utoipa::path(post, path = "/api/jobs/{id}/cancel", tag = "jobs", operation_id = "cancelJob",
    params(("id" = i64, Path, description = "The job's number")),
    responses((status = 200, body = Job), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "It has ended already."), WithPath, Always))]
pub(crate) async fn cancel(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<i64>,
) -> Answer<Job> {
    let job = api.site.write(move |tx| job_cancel(tx, &actor, JobId(id))).await?;
    if let Some(sn) = &job.sn {
        // What it would have been told it is told no more.
        api.fleet.orders_changed(sn);
    }
    api.events.tell(Event::Job { id });
    show(&api, JobId(id)).await
}

/// Says yes to a job that has stopped because it would do much; it goes on.
#[utoipa::path(post, path = "/api/jobs/{id}/confirm", tag = "jobs", operation_id = "confirmJob",
    params(("id" = i64, Path, description = "The job's number")),
    responses((status = 200, body = Job), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "It waits for no yes."), WithPath, Always))]
pub(crate) async fn confirm(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<i64>,
) -> Answer<Job> {
    api.site.write(move |tx| job_confirm(tx, &actor, JobId(id))).await?;
    api.events.tell(Event::Job { id });
    show(&api, JobId(id)).await
}
