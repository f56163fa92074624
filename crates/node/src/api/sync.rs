//! Bringing a machine in line with its list, and changing many entries of a list at once.

use axum::extract::State;
use axum::{Extension, Json};
use rollcall_core::db;
use rollcall_core::directory::EmployeeId;
use rollcall_core::roster as site;
use rollcall_core::roster::{EntryChange, RosterError, roster_change, roster_remove, roster_sync};
use rollcall_core::{Actor, Sn};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::employees::id_in_path;
use super::extract::{Body, Path};
use super::jobs::{JobStarted, Started, started};
use super::machines::sn_in_path;
use super::problem::Problem;
use super::roster::{ENTRIES_MOST, Role, RosterRejected, at_once};
use super::state::{Api, Caller};
use super::types::{Always, Answer, WithBody, WithPath};

/// What to send.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SyncAsked {
    /// Everything once more, whatever the machine has confirmed; false when absent.
    full: Option<bool>,
    /// Only these people; everybody when absent.
    #[schema(max_items = 10_000)]
    employee_ids: Option<Vec<String>>,
}

/// Sends what differs between the list and what the machine has. The job waits while the machine is offline, and is done when
/// nothing is outstanding. While a sync is under way, it takes the new work along and is answered again.
#[utoipa::path(post, path = "/api/machines/{sn}/roster/sync", tag = "roster", operation_id = "syncRoster",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    request_body = SyncAsked,
    responses((status = 202, body = JobStarted), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "The machine is disabled."), WithPath, WithBody, Always))]
pub(crate) async fn start(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(asked): Body<SyncAsked>,
) -> Started {
    let sn = sn_in_path(&sn)?;
    let people = asked.employee_ids.map(|ids| ids_of(&ids)).transpose()?;
    let sync = site::Sync { full: asked.full.unwrap_or(false), people };
    let key = sn.clone();
    let job = api.site.write(move |tx| roster_sync(tx, &actor, &key, &sync)).await?;
    api.roster_changed(&sn);
    started(&api, job)
}

fn ids_of(ids: &[String]) -> Result<Vec<EmployeeId>, Problem> {
    at_once("/employeeIds", ids.len(), ENTRIES_MOST, "people")?;
    ids.iter().map(|id| id_in_path(id)).collect()
}

/// What to do with many entries.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum BatchAction {
    /// They may identify there.
    Enable,
    /// They may not.
    Disable,
    /// Off the list, and off the machine.
    Remove,
    /// Another role.
    Role,
}

/// Many entries, and what to do with them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Batch {
    /// Whose entries.
    #[schema(max_items = 10_000)]
    employee_ids: Vec<String>,
    /// What to do.
    action: BatchAction,
    /// The role, for `role`.
    role: Option<Role>,
}

/// What became of many entries.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchDone {
    /// The ids of those it was done to.
    changed: Vec<String>,
    /// The others.
    rejected: Vec<RosterRejected>,
}

/// Enables, disables, removes or promotes many people of a machine's list; one that is refused leaves the others alone.
#[utoipa::path(post, path = "/api/machines/{sn}/roster/batch", tag = "roster", operation_id = "changeRosterEntries",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    request_body = Batch,
    responses((status = 200, body = BatchDone), WithPath, WithBody, Always))]
pub(crate) async fn batch(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(batch): Body<Batch>,
) -> Answer<BatchDone> {
    let sn = sn_in_path(&sn)?;
    let ids = ids_of(&batch.employee_ids)?;
    if matches!(batch.action, BatchAction::Role) && batch.role.is_none() {
        return Err(Problem::invalid(
            "/role",
            "roster.role_missing",
            "the action role wants a role".to_owned(),
        ));
    }
    let (action, role) = (batch.action, batch.role.map(site::Role::from));
    let mut done = BatchDone { changed: Vec::new(), rejected: Vec::new() };
    // In parts, so that machines need not wait for thousands.
    for part in ids.chunks(PART) {
        let (part, actor, key) = (part.to_vec(), actor.clone(), sn.clone());
        let results: Vec<(EmployeeId, Result<(), RosterError>)> = api
            .site
            .write(move |tx| {
                let mut results = Vec::with_capacity(part.len());
                for id in part {
                    match one(tx, &actor, &key, &id, action, role) {
                        Err(RosterError::Database(error)) => return Err(RosterError::Database(error)),
                        Err(error @ RosterError::Machine(_)) => return Err(error),
                        outcome => results.push((id, outcome)),
                    }
                }
                Ok(results)
            })
            .await?;
        for (id, outcome) in results {
            match outcome {
                Ok(()) => done.changed.push(id.as_str().to_owned()),
                Err(refused) => done.rejected.push(RosterRejected::from(site::Rejected {
                    employee_id: id.as_str().to_owned(),
                    code: refused.code(),
                    detail: refused.to_string(),
                })),
            }
        }
    }
    api.roster_changed(&sn);
    Ok(Json(done))
}

/// Entries changed in one write.
const PART: usize = 500;

fn one(
    tx: &db::Tx<'_>,
    actor: &Actor,
    sn: &Sn,
    id: &EmployeeId,
    action: BatchAction,
    role: Option<site::Role>,
) -> Result<(), RosterError> {
    let change = match action {
        BatchAction::Remove => return roster_remove(tx, actor, sn, id).map(drop),
        BatchAction::Enable => EntryChange { enabled: Some(true), ..EntryChange::default() },
        BatchAction::Disable => EntryChange { enabled: Some(false), ..EntryChange::default() },
        BatchAction::Role => EntryChange { role, ..EntryChange::default() },
    };
    roster_change(tx, actor, sn, id, change).map(drop)
}
