//! Who belongs on a machine's list by itself.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use rollcall_core::dispatch as site;
use rollcall_core::dispatch::{
    DispatchError, Reason, RunAt, rule_copy, rule_explain, rule_get, rule_preview, rule_run, rule_set,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::employees::id_in_path;
use super::extract::{Body, Object, Path, Query};
use super::jobs::JobStarted;
use super::machines::sn_in_path;
use super::problem::Problem;
use super::state::{Api, Caller};
use super::types::{Always, Answer, WithBody, WithPath, WithQuery};
use crate::events::Event;

/// Whom a rule names.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum TargetKind {
    /// One person.
    Employee,
    /// A department, with those below it.
    Department,
    /// A branch, with its departments and the branches below it.
    Branch,
}

/// What becomes of entries out of scope, every night.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum OutOfScope {
    /// They stay as they are; there is no nightly run.
    #[default]
    Keep,
    /// They are removed, from the machine too; those added by hand as well.
    Delete,
    /// They stay on the list and may not identify; those added by hand as well.
    Disable,
}

/// Whom a rule names.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DispatchTarget {
    /// What it is.
    kind: TargetKind,
    /// Which one.
    id: String,
}

/// Who belongs on a machine's list, and what becomes of the others.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DispatchRule {
    /// The switch.
    enabled: bool,
    /// Whom it means; nobody when absent.
    #[schema(value_type = Option<Vec<DispatchTarget>>)]
    include: Option<Vec<Object<DispatchTarget>>>,
    /// Whom it does not mean although they are included; nobody when absent.
    #[schema(value_type = Option<Vec<DispatchTarget>>)]
    exclude: Option<Vec<Object<DispatchTarget>>>,
    /// What becomes of entries out of scope; `keep` when absent.
    out_of_scope: Option<OutOfScope>,
    /// When the nightly run is, in the machine's time zone; 02:00 when absent.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "02:00")]
    run_at: Option<String>,
    /// Whether what it does is sent to the machine without anybody pressing Sync; false when absent. Removals always are.
    sync_to_machine: Option<bool>,
}

/// Whom a saved rule names.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NamedTarget {
    /// What it is.
    kind: TargetKind,
    /// Which one.
    id: String,
    /// What people call it; null when there is nothing with that id any more, and then it names nobody.
    #[schema(required)]
    name: Option<String>,
}

/// A saved rule.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DispatchRuleState {
    /// The switch.
    enabled: bool,
    /// Whom it means.
    include: Vec<NamedTarget>,
    /// Whom it does not mean although they are included.
    exclude: Vec<NamedTarget>,
    /// What becomes of entries out of scope.
    out_of_scope: OutOfScope,
    /// When the nightly run is, in the machine's time zone.
    #[schema(example = "02:00")]
    run_at: String,
    /// Whether what it does is sent to the machine without anybody pressing Sync.
    sync_to_machine: bool,
    /// The newest run that was begun.
    #[schema(required)]
    last_run: Option<LastRun>,
    /// The next nightly run; null when the rule is off or keeps what is out of scope.
    #[schema(required)]
    next_run_at: Option<DateTime<Utc>>,
}

/// A run of a rule.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LastRun {
    /// Its job, with the log.
    job_id: i64,
    /// When it began.
    at: DateTime<Utc>,
}

/// Why, for programs.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Why {
    /// Which reason.
    code: WhyCode,
    /// What the include targets that hold them are called.
    r#in: Vec<String>,
    /// What the exclude targets that hold them are called.
    out: Vec<String>,
}

/// Why a rule does something to somebody, or nothing.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum WhyCode {
    /// Included and not excluded.
    InScope,
    /// Excluded.
    Excluded,
    /// Named by no target.
    OutOfScope,
    /// Their last day is over.
    Left,
    /// In scope again after the rule had disabled them.
    BackInScope,
    /// In scope, but disabled by hand, and so they stay.
    DisabledByHand,
    /// Out of scope, and the rule keeps such entries.
    KeptOutOfScope,
}

/// What a rule would do to somebody.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PreviewRow {
    /// Whom.
    employee_id: String,
    /// Their name.
    name: String,
    /// Why, in English.
    reason: String,
    /// Why, for programs.
    why: Why,
}

/// How many people a rule would do what to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PreviewCounts {
    /// Put on the list.
    add: u64,
    /// Taken off the list and the machine.
    delete: u64,
    /// Disabled.
    disable: u64,
    /// Enabled again.
    enable: u64,
    /// Left alone, though one might expect otherwise.
    skip: u64,
}

/// Whether a run would stop and wait for a yes.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BrakePreview {
    /// Whether it would: more than 30 % of all entries, and more than five people.
    would_stop: bool,
    /// Entries that would be deleted or disabled.
    hit: u64,
    /// Entries there are.
    entries: u64,
}

/// What a rule would do if it ran now, whether or not it is on. Each list has the first thousand, by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DispatchPreview {
    /// Put on the list.
    add: Vec<PreviewRow>,
    /// Taken off the list and the machine.
    delete: Vec<PreviewRow>,
    /// Disabled.
    disable: Vec<PreviewRow>,
    /// Enabled again.
    enable: Vec<PreviewRow>,
    /// Left alone, though one might expect otherwise.
    skip: Vec<PreviewRow>,
    /// How long the whole lists are.
    counts: PreviewCounts,
    /// Whether it would stop and wait for a yes.
    brake: BrakePreview,
}

/// Why somebody is in the scope of a rule, or not.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScopeExplained {
    /// Whether they belong on the list: somebody who does and is removed by hand comes back.
    in_scope: bool,
    /// Why.
    why: Why,
}

/// How to run a rule.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RunNow {
    /// Whether the brake is not to hold it; false when absent.
    confirm: Option<bool>,
}

/// Which machines get the rule.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CopyRule {
    /// Their serial numbers, in any case.
    #[schema(max_items = 10_000)]
    to: Vec<String>,
}

/// Which machines have the rule now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleCopied {
    /// Their serial numbers.
    copied: Vec<String>,
}

/// Whom to explain.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExplainQuery {
    /// Their id.
    employee_id: String,
}

impl From<TargetKind> for site::TargetKind {
    fn from(kind: TargetKind) -> Self {
        match kind {
            TargetKind::Employee => Self::Employee,
            TargetKind::Department => Self::Department,
            TargetKind::Branch => Self::Branch,
        }
    }
}

impl From<site::TargetKind> for TargetKind {
    fn from(kind: site::TargetKind) -> Self {
        match kind {
            site::TargetKind::Employee => Self::Employee,
            site::TargetKind::Department => Self::Department,
            site::TargetKind::Branch => Self::Branch,
        }
    }
}

impl From<DispatchTarget> for site::Target {
    fn from(target: DispatchTarget) -> Self {
        Self { kind: target.kind.into(), id: target.id }
    }
}

impl NamedTarget {
    /// A target and what people call it.
    pub(crate) fn of(target: site::Target, name: Option<String>) -> Self {
        Self { kind: target.kind.into(), id: target.id, name }
    }
}

impl From<OutOfScope> for site::OutOfScope {
    fn from(option: OutOfScope) -> Self {
        match option {
            OutOfScope::Keep => Self::Keep,
            OutOfScope::Delete => Self::Delete,
            OutOfScope::Disable => Self::Disable,
        }
    }
}

impl From<site::OutOfScope> for OutOfScope {
    fn from(option: site::OutOfScope) -> Self {
        match option {
            site::OutOfScope::Keep => Self::Keep,
            site::OutOfScope::Delete => Self::Delete,
            site::OutOfScope::Disable => Self::Disable,
        }
    }
}

impl From<Reason> for WhyCode {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::InScope => Self::InScope,
            Reason::Excluded => Self::Excluded,
            Reason::OutOfScope => Self::OutOfScope,
            Reason::Left => Self::Left,
            Reason::BackInScope => Self::BackInScope,
            Reason::DisabledByHand => Self::DisabledByHand,
            Reason::KeptOutOfScope => Self::KeptOutOfScope,
        }
    }
}

impl TryFrom<DispatchRule> for site::Rule {
    type Error = DispatchError;

    fn try_from(rule: DispatchRule) -> Result<Self, DispatchError> {
        let targets = |targets: Option<Vec<Object<DispatchTarget>>>| {
            let targets = targets.unwrap_or_default().into_iter();
            targets.map(|Object(target)| target.into()).collect()
        };
        Ok(Self {
            enabled: rule.enabled,
            include: targets(rule.include),
            exclude: targets(rule.exclude),
            out_of_scope: rule.out_of_scope.unwrap_or_default().into(),
            run_at: match rule.run_at {
                Some(text) => RunAt::parse(&text).ok_or(DispatchError::RunAtInvalid)?,
                None => RunAt::default(),
            },
            sync: rule.sync_to_machine.unwrap_or(false),
        })
    }
}

impl From<site::RuleShown> for DispatchRuleState {
    fn from(shown: site::RuleShown) -> Self {
        let named = |targets: Vec<site::Target>, names: Vec<Option<String>>| {
            let targets = targets.into_iter().zip(names);
            targets.map(|(target, name)| NamedTarget::of(target, name)).collect()
        };
        Self {
            enabled: shown.rule.enabled,
            include: named(shown.rule.include, shown.include_names),
            exclude: named(shown.rule.exclude, shown.exclude_names),
            out_of_scope: shown.rule.out_of_scope.into(),
            run_at: shown.rule.run_at.to_string(),
            sync_to_machine: shown.rule.sync,
            last_run: shown.last_run.map(|(id, at)| LastRun { job_id: id.0, at }),
            next_run_at: shown.next_run_at,
        }
    }
}

/// A reason in English.
fn words(reason: Reason, by: &site::By) -> String {
    let (included, excluded) = (by.included.join(", "), by.excluded.join(", "));
    match reason {
        Reason::InScope => format!("in by {included}"),
        Reason::Excluded if included.is_empty() => format!("out by {excluded}"),
        Reason::Excluded => format!("in by {included}, out by {excluded}"),
        Reason::OutOfScope => "named by no target".to_owned(),
        Reason::Left => "the last day is over".to_owned(),
        Reason::BackInScope => format!("in again by {included}"),
        Reason::DisabledByHand => format!("in by {included}, but disabled by hand"),
        Reason::KeptOutOfScope if excluded.is_empty() => "out of scope, and kept".to_owned(),
        Reason::KeptOutOfScope => format!("out by {excluded}, and kept"),
    }
}

fn why(reason: Reason, by: site::By) -> Why {
    Why { code: reason.into(), r#in: by.included, out: by.excluded }
}

impl From<site::PreviewRow> for PreviewRow {
    fn from(row: site::PreviewRow) -> Self {
        Self {
            employee_id: row.employee_id.as_str().to_owned(),
            name: row.name,
            reason: words(row.reason, &row.by),
            why: why(row.reason, row.by),
        }
    }
}

impl From<site::Preview> for DispatchPreview {
    fn from(preview: site::Preview) -> Self {
        let brake =
            BrakePreview { would_stop: preview.would_stop(), hit: preview.hit, entries: preview.entries };
        let rows = |rows: Vec<site::PreviewRow>| rows.into_iter().map(PreviewRow::from).collect();
        let [add, enable, delete, disable, skip] = preview.counts;
        Self {
            add: rows(preview.add),
            delete: rows(preview.delete),
            disable: rows(preview.disable),
            enable: rows(preview.enable),
            skip: rows(preview.skip),
            counts: PreviewCounts { add, delete, disable, enable, skip },
            brake,
        }
    }
}

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
) -> Result<(StatusCode, Json<JobStarted>), Problem> {
    let (sn, confirm) = (sn_in_path(&sn)?, wanted.confirm.unwrap_or(false));
    let id = api.site.write(move |tx| rule_run(tx, &actor, &sn, confirm)).await?;
    api.events.tell(Event::Job { id: id.0 });
    Ok((StatusCode::ACCEPTED, Json(JobStarted { job_id: id.0 })))
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
