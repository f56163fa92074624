//! What a rule would do to whom, and why.

use rollcall_core::dispatch as site;
use rollcall_core::dispatch::Reason;
use serde::Serialize;
use utoipa::ToSchema;

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
    pub(super) in_scope: bool,
    /// Why.
    pub(super) why: Why,
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

pub(super) fn why(reason: Reason, by: site::By) -> Why {
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
