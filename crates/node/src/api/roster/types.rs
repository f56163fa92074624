//! An entry of a machine's list, as the API shows and takes it.

use rollcall_core::numbers::Explained;
use rollcall_core::roster as site;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::extract::{Object, given, nullable};
use crate::api::types::Remark;

/// One employee on one machine.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterEntry {
    /// Who.
    employee_id: String,
    /// Their name.
    name: String,
    /// Their department.
    #[schema(required)]
    department_id: Option<String>,
    /// Their number on the machine, as typed.
    #[schema(required)]
    pin: Option<String>,
    /// Where the number comes from.
    #[schema(required)]
    pin_source: Option<PinSource>,
    /// Why the number mapping gives no number, where there is none.
    #[schema(required)]
    pin_problem: Option<Remark>,
    /// Another number, which the field of the number mapping says now; it is taken by
    /// POST /api/machines/{sn}/number-mapping/accept, never by itself.
    #[schema(required)]
    pin_proposal: Option<String>,
    /// What they may do there.
    role: Role,
    /// Whether they may identify there.
    enabled: bool,
    /// Who disabled them.
    #[schema(required)]
    disabled_by: Option<DisabledBy>,
    /// Who put them on the list.
    source: EntrySource,
    /// How far the entry is.
    state: EntryState,
    /// Why the machine refused it.
    #[schema(required)]
    failure: Option<Remark>,
}

/// Where a number comes from.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PinSource {
    Typed,
    Mapped,
}

/// What somebody may do at a machine.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Role {
    /// Identify, nothing else.
    User,
    /// Enrol and delete people too.
    Registrar,
    /// Everything.
    Administrator,
}

/// Who disabled an entry.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum DisabledBy {
    Hand,
    Rule,
}

/// Who put an entry on the list.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum EntrySource {
    Manual,
    Rule,
}

/// How far an entry is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum EntryState {
    /// No number; it is never sent.
    NoNumber,
    /// To be sent.
    Waiting,
    /// On its way.
    Sent,
    /// The machine confirmed it.
    Synced,
    /// The machine refused it.
    Failed,
    /// To be deleted on the machine.
    Removing,
}

/// People to put on a machine's list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewRosterEntries {
    /// The people; one that is refused leaves the others alone.
    #[schema(value_type = Vec<NewRosterEntry>, max_items = 10_000)]
    pub(super) entries: Vec<Object<NewRosterEntry>>,
}

/// Somebody to put on a machine's list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewRosterEntry {
    /// Who.
    pub(super) employee_id: String,
    /// Their number on the machine: 1 to 9 digits, value above 0; absent or blank leaves it open.
    #[schema(example = "1001")]
    pub(super) pin: Option<String>,
    /// What they may do there; user when absent.
    pub(super) role: Option<Role>,
    /// Whether they may identify there; true when absent.
    pub(super) enabled: Option<bool>,
}

/// What became of the people to add.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RosterAdded {
    /// The ids of those on the list now.
    pub(super) added: Vec<String>,
    /// Those that are not on it.
    pub(super) rejected: Vec<RosterRejected>,
}

/// Somebody who was not added.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterRejected {
    /// Who.
    employee_id: String,
    /// `employee.unknown`, `roster.exists`, `pin.not_digits`, `pin.too_long`, `pin.zero`, `pin.taken` …
    code: &'static str,
    /// In English.
    detail: String,
}

/// What to change of an entry; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RosterChange {
    /// Another number; null or blank for none.
    #[schema(value_type = Option<String>, example = "1001")]
    #[serde(default, deserialize_with = "nullable")]
    pub(super) pin: Option<Option<String>>,
    /// Another role.
    #[schema(value_type = Role, required = false)]
    #[serde(default, deserialize_with = "given")]
    pub(super) role: Option<Role>,
    /// Whether they may identify there.
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "given")]
    pub(super) enabled: Option<bool>,
}

impl From<site::Rejected> for RosterRejected {
    fn from(rejected: site::Rejected) -> Self {
        Self { employee_id: rejected.employee_id, code: rejected.code, detail: rejected.detail }
    }
}

impl From<site::Role> for Role {
    fn from(role: site::Role) -> Self {
        match role {
            site::Role::User => Self::User,
            site::Role::Registrar => Self::Registrar,
            site::Role::Administrator => Self::Administrator,
        }
    }
}

impl From<Role> for site::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::User => Self::User,
            Role::Registrar => Self::Registrar,
            Role::Administrator => Self::Administrator,
        }
    }
}

impl From<site::EntryState> for EntryState {
    fn from(state: site::EntryState) -> Self {
        match state {
            site::EntryState::NoNumber => Self::NoNumber,
            site::EntryState::Waiting => Self::Waiting,
            site::EntryState::Sent => Self::Sent,
            site::EntryState::Synced => Self::Synced,
            site::EntryState::Failed => Self::Failed,
            site::EntryState::Removing => Self::Removing,
        }
    }
}

impl From<EntryState> for site::EntryState {
    fn from(state: EntryState) -> Self {
        match state {
            EntryState::NoNumber => Self::NoNumber,
            EntryState::Waiting => Self::Waiting,
            EntryState::Sent => Self::Sent,
            EntryState::Synced => Self::Synced,
            EntryState::Failed => Self::Failed,
            EntryState::Removing => Self::Removing,
        }
    }
}

impl From<(site::Entry, Explained)> for RosterEntry {
    fn from((entry, explained): (site::Entry, Explained)) -> Self {
        Self {
            employee_id: entry.employee_id.as_str().to_owned(),
            name: entry.name,
            department_id: entry.department_id,
            pin_source: entry.pin.as_ref().map(|_| match entry.pin_source {
                site::PinSource::Typed => PinSource::Typed,
                site::PinSource::Mapped => PinSource::Mapped,
            }),
            pin_problem: explained.problem.map(|(code, detail)| Remark { code: code.to_owned(), detail }),
            pin_proposal: explained.proposal,
            pin: entry.pin.map(|pin| pin.as_str().to_owned()),
            role: entry.role.into(),
            enabled: entry.enabled,
            disabled_by: entry.disabled_by.map(|by| match by {
                site::DisabledBy::Hand => DisabledBy::Hand,
                site::DisabledBy::Rule => DisabledBy::Rule,
            }),
            source: match entry.source {
                site::EntrySource::Manual => EntrySource::Manual,
                site::EntrySource::Rule => EntrySource::Rule,
            },
            state: entry.state.into(),
            failure: entry.failure.map(|(code, detail)| Remark { code, detail }),
        }
    }
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RosterQuery {
    /// Part of a name, in pinyin too, or of a number.
    #[param(nullable = false)]
    pub(super) search: Option<String>,
    /// Only those this far.
    #[param(inline, nullable = false)]
    pub(super) state: Option<EntryState>,
    /// Only those who may do this.
    #[param(inline, nullable = false)]
    pub(super) role: Option<Role>,
    /// Only those who may identify there, or who may not.
    #[param(nullable = false)]
    pub(super) enabled: Option<bool>,
    /// Only those of this department and the ones below it.
    #[param(nullable = false)]
    pub(super) department_id: Option<String>,
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    pub(super) limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    pub(super) cursor: Option<String>,
}
