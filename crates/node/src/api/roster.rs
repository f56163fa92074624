//! The people of one machine.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use rollcall_core::machines::{MachineError, machine_get};
use rollcall_core::numbers::{self, Explained};
use rollcall_core::page::Paged;
use rollcall_core::roster as site;
use rollcall_core::roster::{RosterFilter, roster_add, roster_change, roster_list, roster_remove};
use rollcall_core::{Connection, Sn};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::employees::id_in_path;
use super::extract::{Body, Object, Path, Query, given, nullable};
use super::machines::sn_in_path;
use super::page::{list, page};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::types::{Always, Answer, Done, List, Remark, WithBody, WithPath, WithQuery};

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
    entries: Vec<Object<NewRosterEntry>>,
}

/// Somebody to put on a machine's list.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewRosterEntry {
    /// Who.
    employee_id: String,
    /// Their number on the machine: 1 to 9 digits, value above 0; absent or blank leaves it open.
    #[schema(example = "1001")]
    pin: Option<String>,
    /// What they may do there; user when absent.
    role: Option<Role>,
    /// Whether they may identify there; true when absent.
    enabled: Option<bool>,
}

/// What became of the people to add.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RosterAdded {
    /// The ids of those on the list now.
    added: Vec<String>,
    /// Those that are not on it.
    rejected: Vec<RosterRejected>,
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
    pin: Option<Option<String>>,
    /// Another role.
    #[schema(value_type = Role, required = false)]
    #[serde(default, deserialize_with = "given")]
    role: Option<Role>,
    /// Whether they may identify there.
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "given")]
    enabled: Option<bool>,
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
    search: Option<String>,
    /// Only those this far.
    #[param(inline, nullable = false)]
    state: Option<EntryState>,
    /// Only those who may do this.
    #[param(inline, nullable = false)]
    role: Option<Role>,
    /// Only those who may identify there, or who may not.
    #[param(nullable = false)]
    enabled: Option<bool>,
    /// Only those of this department and the ones below it.
    #[param(nullable = false)]
    department_id: Option<String>,
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// The people of a machine, by name.
#[utoipa::path(get, path = "/api/machines/{sn}/roster", tag = "roster", operation_id = "listRoster",
    params(("sn" = String, Path, description = "The machine's serial number, in any case"), RosterQuery),
    responses((status = 200, body = List<RosterEntry>), WithPath, WithQuery, Always))]
pub(crate) async fn get_all(
    State(api): State<Api>,
    Path(sn): Path<String>,
    Query(query): Query<RosterQuery>,
) -> Answer<List<RosterEntry>> {
    let (sn, page) = (sn_in_path(&sn)?, page(query.limit, query.cursor)?);
    let filter = RosterFilter {
        search: query.search,
        state: query.state.map(site::EntryState::from),
        role: query.role.map(site::Role::from),
        enabled: query.enabled,
        department: query.department_id,
    };
    let paged = api
        .site
        .read(move |conn| {
            let paged = roster_list(conn, &sn, &filter, &page)?;
            let explained = explained(conn, &sn, &paged.items)?;
            let items = paged.items.into_iter().zip(explained).collect();
            Ok::<_, site::RosterError>(Paged { items, total: paged.total, next: paged.next })
        })
        .await?;
    Ok(Json(list(paged, RosterEntry::from)))
}

/// What is to be said of the numbers of these entries.
fn explained(
    conn: &Connection,
    sn: &Sn,
    entries: &[site::Entry],
) -> Result<Vec<Explained>, site::RosterError> {
    let machine = machine_get(conn, sn)?.ok_or_else(|| MachineError::Unknown(sn.clone()))?;
    Ok(numbers::explain(conn, &machine, entries)?)
}

/// Puts people on a machine's list. Nothing is sent to the machine by this.
#[utoipa::path(post, path = "/api/machines/{sn}/roster", tag = "roster", operation_id = "addToRoster",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    request_body = NewRosterEntries,
    responses((status = 200, body = RosterAdded), WithPath, WithBody, Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(new): Body<NewRosterEntries>,
) -> Answer<RosterAdded> {
    let sn = sn_in_path(&sn)?;
    at_once("/entries", new.entries.len(), ENTRIES_MOST, "entries")?;
    let entries = new
        .entries
        .into_iter()
        .map(|Object(entry)| site::NewEntry {
            employee_id: entry.employee_id,
            pin: entry.pin,
            role: entry.role.map_or(site::Role::User, site::Role::from),
            enabled: entry.enabled.unwrap_or(true),
            source: site::EntrySource::Manual,
        })
        .collect();
    let key = sn.clone();
    let outcome = api.site.write(move |tx| roster_add(tx, &actor, &key, entries)).await?;
    if !outcome.added.is_empty() {
        api.roster_changed(&sn);
    }
    Ok(Json(RosterAdded {
        added: outcome.added.iter().map(|id| id.as_str().to_owned()).collect(),
        rejected: outcome.rejected.into_iter().map(RosterRejected::from).collect(),
    }))
}

/// Entries that may be added at once: all of them are one transaction, and machines wait meanwhile.
pub(crate) const ENTRIES_MOST: usize = 10_000;

/// Refuses more of something than may be sent at once.
pub(crate) fn at_once(pointer: &str, count: usize, most: usize, what: &str) -> Result<(), Problem> {
    if count > most {
        let detail = format!("at most {most} {what} at once; send them in parts");
        return Err(Problem::invalid(pointer, "roster.too_many", detail));
    }
    Ok(())
}

/// Changes somebody's number, role or whether they may identify there.
#[utoipa::path(patch, path = "/api/machines/{sn}/roster/{employeeId}", tag = "roster", operation_id = "changeRosterEntry",
    params(("sn" = String, Path, description = "The machine's serial number, in any case"),
        ("employeeId" = String, Path, description = "The employee's id")),
    request_body = RosterChange,
    responses((status = 200, body = RosterEntry), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "Somebody else has the number on this machine."),
    WithPath, WithBody, Always))]
pub(crate) async fn change(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path((sn, employee)): Path<(String, String)>,
    Body(change): Body<RosterChange>,
) -> Answer<RosterEntry> {
    let (sn, employee) = (sn_in_path(&sn)?, id_in_path(&employee)?);
    let change = site::EntryChange {
        pin: change.pin,
        role: change.role.map(site::Role::from),
        enabled: change.enabled,
        ..site::EntryChange::default()
    };
    let key = sn.clone();
    let entry = api
        .site
        .write(move |tx| {
            let entry = roster_change(tx, &actor, &key, &employee, change)?;
            let explained = explained(tx, &key, std::slice::from_ref(&entry))?.pop().unwrap_or_default();
            Ok::<_, site::RosterError>((entry, explained))
        })
        .await?;
    api.roster_changed(&sn);
    Ok(Json(entry.into()))
}

/// Takes somebody off a machine's list. What the machine has of them is deleted there, without a sync.
#[utoipa::path(delete, path = "/api/machines/{sn}/roster/{employeeId}", tag = "roster",
    operation_id = "removeFromRoster",
    params(("sn" = String, Path, description = "The machine's serial number, in any case"),
        ("employeeId" = String, Path, description = "The employee's id")),
    responses((status = 204, description = "The machine never had them; they are off the list."),
    (status = 202, description = "The machine is told to delete them; the entry goes when it confirms."), WithPath, Always))]
pub(crate) async fn remove(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path((sn, employee)): Path<(String, String)>,
) -> Done {
    let (sn, employee) = (sn_in_path(&sn)?, id_in_path(&employee)?);
    let key = sn.clone();
    let removed = api.site.write(move |tx| roster_remove(tx, &actor, &key, &employee)).await?;
    api.roster_changed(&sn);
    Ok(match removed {
        site::Removed::Gone => StatusCode::NO_CONTENT,
        site::Removed::Removing => StatusCode::ACCEPTED,
    })
}
