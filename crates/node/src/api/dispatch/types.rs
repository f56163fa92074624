//! A rule as the API shows it, and what it takes.

use chrono::{DateTime, Utc};
use rollcall_core::dispatch as site;
use rollcall_core::dispatch::{DispatchError, RunAt};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::extract::Object;

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

/// How to run a rule.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RunNow {
    /// Whether the brake is not to hold it; false when absent.
    pub(super) confirm: Option<bool>,
}

/// Which machines get the rule.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CopyRule {
    /// Their serial numbers, in any case.
    #[schema(max_items = 10_000)]
    pub(super) to: Vec<String>,
}

/// Which machines have the rule now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RuleCopied {
    /// Their serial numbers.
    pub(super) copied: Vec<String>,
}

/// Whom to explain.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExplainQuery {
    /// Their id.
    pub(super) employee_id: String,
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
