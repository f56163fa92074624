//! Which field of an employee fills the numbers of a machine's people.

use axum::extract::State;
use axum::{Extension, Json};
use rollcall_core::Sn;
use rollcall_core::directory::EmployeeId;
use rollcall_core::numbers as site;
use rollcall_core::numbers::{
    NumberError, mapping_counts, mapping_get, mapping_set, numbers_fill, proposals_accept,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, Path};
use super::machines::sn_in_path;
use super::problem::Problem;
use super::roster::{ENTRIES_MOST, RosterRejected, at_once};
use super::state::{Api, Caller};
use super::types::{Always, Answer, WithBody, WithPath};
use crate::events::Event;

/// Which field fills the numbers, and whether it does.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NumberMapping {
    /// The switch.
    enabled: bool,
    /// The key of a text or number field, the system's or one of your own; needed when it is on.
    #[schema(example = "employeeNumber")]
    field: Option<String>,
}

/// Which field fills the numbers, and how that stands with the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NumberMappingState {
    /// The switch.
    enabled: bool,
    /// The key of the field.
    #[schema(required)]
    field: Option<String>,
    /// Numbers that this call has filled in; what was there is never overwritten.
    filled: u64,
    /// Entries that have no number.
    without_number: u64,
    /// Entries whose field says another number than they have.
    proposals: u64,
}

/// Whose proposed numbers to take.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ProposalsToTake {
    /// The people.
    #[schema(max_items = 10_000)]
    employee_ids: Vec<String>,
}

/// What became of the proposals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalsTaken {
    /// The ids of those whose number is the proposed one now.
    changed: Vec<String>,
    /// Those whose is not: `mapping.no_proposal`, `pin.taken`, `roster.unknown`, `employee.unknown`.
    rejected: Vec<RosterRejected>,
}

async fn show(api: &Api, sn: Sn, filled: u64) -> Answer<NumberMappingState> {
    let (mapping, counts) = api
        .site
        .read(move |conn| Ok::<_, NumberError>((mapping_get(conn, &sn)?, mapping_counts(conn, &sn)?)))
        .await?;
    Ok(Json(NumberMappingState {
        enabled: mapping.enabled,
        field: mapping.field,
        filled,
        without_number: counts.without_number,
        proposals: counts.proposals,
    }))
}

/// Which field fills the numbers of a machine's people.
#[utoipa::path(get, path = "/api/machines/{sn}/number-mapping", tag = "mapping", operation_id = "getNumberMapping",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    responses((status = 200, body = NumberMappingState), WithPath, Always))]
pub(crate) async fn get(State(api): State<Api>, Path(sn): Path<String>) -> Answer<NumberMappingState> {
    show(&api, sn_in_path(&sn)?, 0).await
}

/// Says which field fills the numbers of a machine's people. When it is on, empty numbers are filled at once.
#[utoipa::path(put, path = "/api/machines/{sn}/number-mapping", tag = "mapping", operation_id = "putNumberMapping",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    request_body = NumberMapping,
    responses((status = 200, body = NumberMappingState), WithPath, WithBody, Always))]
pub(crate) async fn put(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(new): Body<NumberMapping>,
) -> Answer<NumberMappingState> {
    let sn = sn_in_path(&sn)?;
    let mapping = site::Mapping { enabled: new.enabled, field: new.field };
    let (who, key) = (actor.clone(), sn.clone());
    api.site.write(move |tx| mapping_set(tx, &who, &key, &mapping)).await?;
    // In parts, so that punches of the meantime need not wait for the whole list.
    let (mut filled, mut after) = (0, None);
    loop {
        let (who, key, from): (_, _, Option<EmployeeId>) = (actor.clone(), sn.clone(), after.take());
        let part = api.site.write(move |tx| numbers_fill(tx, &who, &key, from.as_ref())).await?;
        filled += part.filled;
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    api.events.tell(Event::Roster { sn: sn.clone() });
    show(&api, sn, filled).await
}

/// Takes the numbers that the field proposes for these people, instead of those they have.
#[utoipa::path(post, path = "/api/machines/{sn}/number-mapping/accept", tag = "mapping",
    operation_id = "acceptProposals",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    request_body = ProposalsToTake,
    responses((status = 200, body = ProposalsTaken), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "The mapping is off."), WithPath, WithBody, Always))]
pub(crate) async fn accept(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(wanted): Body<ProposalsToTake>,
) -> Answer<ProposalsTaken> {
    let sn = sn_in_path(&sn)?;
    at_once("/employeeIds", wanted.employee_ids.len(), ENTRIES_MOST, "people")?;
    let key = sn.clone();
    let taken = api.site.write(move |tx| proposals_accept(tx, &actor, &key, &wanted.employee_ids)).await?;
    if !taken.changed.is_empty() {
        api.events.tell(Event::Roster { sn });
    }
    Ok(Json(ProposalsTaken {
        changed: taken.changed.iter().map(|id| id.as_str().to_owned()).collect(),
        rejected: taken.rejected.into_iter().map(RosterRejected::from).collect(),
    }))
}
