//! Who belongs on a machine's list by itself.

mod preview;
mod types;

use axum::extract::State;
use axum::{Extension, Json};
use rollcall_core::dispatch as site;
use rollcall_core::dispatch::{
    DispatchError, rule_copy, rule_explain, rule_get, rule_preview, rule_run, rule_set,
};

use self::preview::{DispatchPreview, ScopeExplained, why};
use self::types::{CopyRule, DispatchRule, DispatchRuleState, ExplainQuery, RuleCopied, RunNow};
pub(crate) use self::types::{DispatchTarget, NamedTarget, TargetKind};
use super::employees::id_in_path;
use super::extract::{Body, Path, Query};
use super::jobs::{JobStarted, Started, started};
use super::machines::sn_in_path;
use super::problem::Problem;
use super::state::{Api, Caller};
use super::types::{Always, Answer, WithBody, WithPath, WithQuery};
use crate::events::Event;

/// Who belongs on a machine's list; a rule that nobody has set is off.
#[utoipa::path(get, path = "/api/machines/{sn}/dispatch-rule", tag = "dispatch", operation_id = "getDispatchRule",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    responses((status = 200, body = DispatchRuleState), WithPath, Always))]
pub(crate) async fn get(State(api): State<Api>, Path(sn): Path<String>) -> Answer<DispatchRuleState> {
    let (sn, now) = (sn_in_path(&sn)?, api.site.clock().now());
    let shown = api.site.read(move |conn| rule_get(conn, &sn, now)).await?;
    Ok(Json(shown.into()))
}

/// Says who belongs on a machine's list. When it is on, a job adds whoever is in scope and not on it, at once; nothing is taken
/// from anybody before the next nightly run.
#[utoipa::path(put, path = "/api/machines/{sn}/dispatch-rule", tag = "dispatch", operation_id = "putDispatchRule",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    request_body = DispatchRule,
    responses((status = 200, body = DispatchRuleState), WithPath, WithBody, Always))]
pub(crate) async fn put(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(rule): Body<DispatchRule>,
) -> Answer<DispatchRuleState> {
    let (sn, rule) = (sn_in_path(&sn)?, site::Rule::try_from(rule)?);
    let (shown, job) = api
        .site
        .write(move |tx| {
            let job = rule_set(tx, &actor, &sn, &rule)?;
            Ok::<_, DispatchError>((rule_get(tx, &sn, tx.now())?, job))
        })
        .await?;
    if let Some(job) = job {
        api.events.tell(Event::Job { id: job.0 });
    }
    Ok(Json(shown.into()))
}

/// What the saved rule would do if it ran now.
#[utoipa::path(get, path = "/api/machines/{sn}/dispatch-rule/preview", tag = "dispatch",
    operation_id = "previewSavedDispatchRule",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    responses((status = 200, body = DispatchPreview), WithPath, Always))]
pub(crate) async fn preview_saved(State(api): State<Api>, Path(sn): Path<String>) -> Answer<DispatchPreview> {
    preview(&api, &sn, None).await
}

/// What the rule in the body would do if it were saved and ran now. Nothing is changed by this.
#[utoipa::path(post, path = "/api/machines/{sn}/dispatch-rule/preview", tag = "dispatch",
    operation_id = "previewDispatchRule",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    request_body = DispatchRule,
    responses((status = 200, body = DispatchPreview), WithPath, WithBody, Always))]
pub(crate) async fn preview_unsaved(
    State(api): State<Api>,
    Path(sn): Path<String>,
    Body(rule): Body<DispatchRule>,
) -> Answer<DispatchPreview> {
    preview(&api, &sn, Some(rule.try_into()?)).await
}

async fn preview(api: &Api, sn: &str, rule: Option<site::Rule>) -> Answer<DispatchPreview> {
    let (sn, now) = (sn_in_path(sn)?, api.site.clock().now());
    let preview = api.site.read(move |conn| rule_preview(conn, &sn, rule, now)).await?;
    Ok(Json(preview.into()))
}

/// Runs the rule now, as at night. The brake holds it here too, unless `confirm` is true.
#[utoipa::path(post, path = "/api/machines/{sn}/dispatch-rule/run", tag = "dispatch", operation_id = "runDispatchRule",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    request_body = RunNow,
    responses((status = 202, body = JobStarted), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "The rule is off."), WithPath, WithBody, Always))]
pub(crate) async fn run(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(wanted): Body<RunNow>,
) -> Started {
    let (sn, confirm) = (sn_in_path(&sn)?, wanted.confirm.unwrap_or(false));
    let job = api.site.write(move |tx| rule_run(tx, &actor, &sn, confirm)).await?;
    started(&api, job)
}

/// Machines that get a rule in one transaction.
const COPIES_AT_ONCE: usize = 200;
/// Machines that may be named at once.
const COPIES_MOST: usize = 10_000;

/// Gives other machines the rule of this one, instead of their own.
#[utoipa::path(post, path = "/api/machines/{sn}/dispatch-rule/copy", tag = "dispatch", operation_id = "copyDispatchRule",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    request_body = CopyRule,
    responses((status = 200, body = RuleCopied), WithPath, WithBody, Always))]
pub(crate) async fn copy(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(wanted): Body<CopyRule>,
) -> Answer<RuleCopied> {
    let sn = sn_in_path(&sn)?;
    if wanted.to.len() > COPIES_MOST {
        let detail = format!("at most {COPIES_MOST} machines at once; name them in parts");
        return Err(Problem::invalid("/to", "dispatch.too_many", detail));
    }
    let to = wanted.to.iter().map(|sn| sn_in_path(sn)).collect::<Result<Vec<_>, _>>()?;
    let mut copied = Vec::new();
    for some in to.chunks(COPIES_AT_ONCE) {
        let (actor, from, some) = (actor.clone(), sn.clone(), some.to_vec());
        let done = api.site.write(move |tx| rule_copy(tx, &actor, &from, &some)).await?;
        copied.extend(done.iter().map(|sn| sn.as_str().to_owned()));
    }
    Ok(Json(RuleCopied { copied }))
}

/// Why somebody is in the scope of a machine's rule, or not; whether or not it is on.
#[utoipa::path(get, path = "/api/machines/{sn}/dispatch-rule/explain", tag = "dispatch",
    operation_id = "explainDispatchRule",
    params(("sn" = String, Path, description = "The machine's serial number, in any case"), ExplainQuery),
    responses((status = 200, body = ScopeExplained), WithPath, WithQuery, Always))]
pub(crate) async fn explain(
    State(api): State<Api>,
    Path(sn): Path<String>,
    Query(query): Query<ExplainQuery>,
) -> Answer<ScopeExplained> {
    let (sn, employee) = (sn_in_path(&sn)?, id_in_path(&query.employee_id)?);
    let now = api.site.clock().now();
    let explained = api.site.read(move |conn| rule_explain(conn, &sn, &employee, now)).await?;
    let in_scope = explained.standing == site::Standing::In;
    Ok(Json(ScopeExplained { in_scope, why: why(explained.standing.into(), explained.by) }))
}
