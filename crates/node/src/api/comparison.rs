//! What is on a machine against its list.

use axum::extract::State;
use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use rollcall_core::roster::compare as site;
use rollcall_core::roster::compare::{Resolve, comparison, comparison_resolve};
use rollcall_core::roster::read_back::read_back;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::employees::id_in_path;
use super::extract::{Body, Object, Path, Query};
use super::held::SeenTemplates;
use super::jobs::{JobStarted, Started, started};
use super::machines::sn_in_path;
use super::page::page;
use super::problem::Problem;
use super::roster::{Role, at_once};
use super::state::{Api, Caller};
use super::types::{Always, Answer, WithBody, WithPath, WithQuery};

/// How list and machine stand to each other under a number.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ComparedKind {
    /// They agree.
    Same,
    /// Both have somebody, not alike.
    Different,
    /// The machine should have somebody and says nothing of them.
    OnlyHere,
    /// The machine has somebody who is not on the list.
    OnlyThere,
}

/// Something in which they differ.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Difference {
    /// The name.
    Name,
    /// The role.
    Role,
    /// Whether they may identify there.
    Enabled,
}

/// Somebody as the list has them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedHere {
    /// Their name.
    name: String,
    /// What they may do there.
    role: Role,
    /// Whether they may identify there.
    enabled: bool,
}

/// Somebody as the machine has them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedThere {
    /// Their name there.
    name: String,
    /// What they may do there.
    role: Role,
    /// Whether they are shut out there.
    inactive: bool,
    /// What was read of them.
    templates: SeenTemplates,
    /// Whether they have a card there.
    card: bool,
    /// Whether they have a password there.
    password: bool,
}

/// One number of a machine.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ComparedRow {
    /// The number.
    pin: String,
    /// How they stand to each other.
    kind: ComparedKind,
    /// Whose entry it is; null when it is nobody's.
    #[schema(required)]
    employee_id: Option<String>,
    /// How the list has them.
    #[schema(required)]
    here: Option<ComparedHere>,
    /// How the machine has them.
    #[schema(required)]
    there: Option<ComparedThere>,
    /// In what they differ.
    differences: Vec<Difference>,
}

/// A page of a comparison.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Comparison {
    /// The rows, by number.
    items: Vec<ComparedRow>,
    /// How many there are on all pages.
    total: u64,
    /// Where the next page begins.
    #[schema(required)]
    next: Option<String>,
    /// When the machine was read last; null when it never was.
    #[schema(required)]
    read_at: Option<DateTime<Utc>>,
}

impl From<site::Compared> for ComparedRow {
    fn from(row: site::Compared) -> Self {
        Self {
            pin: row.pin,
            kind: match row.kind {
                site::Kind::Same => ComparedKind::Same,
                site::Kind::Different => ComparedKind::Different,
                site::Kind::OnlyHere => ComparedKind::OnlyHere,
                site::Kind::OnlyThere => ComparedKind::OnlyThere,
            },
            employee_id: row.here.as_ref().map(|entry| entry.employee_id.as_str().to_owned()),
            here: row.here.map(|entry| ComparedHere {
                name: entry.name,
                role: entry.role.into(),
                enabled: entry.enabled,
            }),
            there: row.there.map(|seen| ComparedThere {
                name: seen.name,
                role: rollcall_core::roster::Role::from(seen.privilege).into(),
                inactive: seen.inactive,
                templates: seen.templates.into(),
                card: seen.card.bytes().any(|byte| byte.is_ascii_digit() && byte != b'0'),
                password: seen.has_password,
            }),
            differences: row
                .differences
                .into_iter()
                .map(|what| match what {
                    site::Difference::Name => Difference::Name,
                    site::Difference::Role => Difference::Role,
                    site::Difference::Enabled => Difference::Enabled,
                })
                .collect(),
        }
    }
}

/// Which rows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ComparisonQuery {
    /// Only rows of this kind.
    #[param(inline, nullable = false)]
    kind: Option<ComparedKind>,
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// What is on a machine, as it said when it was last read, against its list, by number.
#[utoipa::path(get, path = "/api/machines/{sn}/comparison", tag = "roster", operation_id = "compareRoster",
    params(("sn" = String, Path, description = "The machine's serial number, in any case"), ComparisonQuery),
    responses((status = 200, body = Comparison), WithPath, WithQuery, Always))]
pub(crate) async fn get(
    State(api): State<Api>,
    Path(sn): Path<String>,
    Query(query): Query<ComparisonQuery>,
) -> Answer<Comparison> {
    let (sn, page) = (sn_in_path(&sn)?, page(query.limit, query.cursor)?);
    let kind = query.kind.map(|kind| match kind {
        ComparedKind::Same => site::Kind::Same,
        ComparedKind::Different => site::Kind::Different,
        ComparedKind::OnlyHere => site::Kind::OnlyHere,
        ComparedKind::OnlyThere => site::Kind::OnlyThere,
    });
    let found = api.site.read(move |conn| comparison(conn, &sn, kind, &page)).await?;
    Ok(Json(Comparison {
        items: found.rows.items.into_iter().map(ComparedRow::from).collect(),
        total: found.rows.total,
        next: found.rows.next,
        read_at: found.read_at,
    }))
}

/// Reads the machine's people and templates again.
#[utoipa::path(post, path = "/api/machines/{sn}/comparison/read", tag = "roster", operation_id = "readMachineBack",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    responses((status = 202, body = JobStarted), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "The machine is disabled, or cannot be read."),
    WithPath, Always))]
pub(crate) async fn read(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
) -> Started {
    let sn = sn_in_path(&sn)?;
    let key = sn.clone();
    let job = api.site.write(move |tx| read_back(tx, &actor, &key)).await?;
    api.fleet.orders_raised(&sn);
    started(&api, job)
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ResolveAction {
    /// The list takes the machine's role, and whether they may identify.
    Adopt,
    /// The machine is told what the list has.
    Push,
    /// They are deleted on the machine, and taken off the list.
    Delete,
    /// The number there is this employee's, or that of somebody new; old punches become theirs.
    Claim,
}

/// A row, and what becomes of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ResolveRow {
    /// The number.
    pin: String,
    /// What to do.
    action: ResolveAction,
    /// Whose number it is, for `claim`.
    employee_id: Option<String>,
    /// The name of somebody who is not in the directory yet, for `claim`.
    new_name: Option<String>,
}

/// Rows, and what becomes of them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResolveRows {
    /// The rows; one that is refused leaves the others alone.
    #[schema(value_type = Vec<ResolveRow>, max_items = 1_000)]
    rows: Vec<Object<ResolveRow>>,
}

/// A row nothing was done to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NotResolved {
    /// The number.
    pin: String,
    /// Why, as a stable code.
    code: &'static str,
    /// In English.
    detail: String,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Resolved {
    /// How many rows it was done to.
    done: usize,
    /// The others.
    rejected: Vec<NotResolved>,
}

/// Rows that may be decided at once: all of them are one transaction, and machines wait meanwhile.
const ROWS_MOST: usize = 1_000;

/// Does to rows of a comparison what somebody has decided.
#[utoipa::path(post, path = "/api/machines/{sn}/comparison/resolve", tag = "roster", operation_id = "resolveComparison",
    params(("sn" = String, Path, description = "The machine's serial number, in any case")),
    request_body = ResolveRows,
    responses((status = 200, body = Resolved), WithPath, WithBody, Always))]
pub(crate) async fn resolve(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(asked): Body<ResolveRows>,
) -> Answer<Resolved> {
    let sn = sn_in_path(&sn)?;
    at_once("/rows", asked.rows.len(), ROWS_MOST, "rows")?;
    let mut rows = Vec::with_capacity(asked.rows.len());
    for (at, Object(row)) in asked.rows.into_iter().enumerate() {
        let action = match (row.action, row.employee_id, row.new_name) {
            (ResolveAction::Adopt, ..) => Resolve::Adopt,
            (ResolveAction::Push, ..) => Resolve::Push,
            (ResolveAction::Delete, ..) => Resolve::Delete,
            (ResolveAction::Claim, Some(id), _) => Resolve::Claim(id_in_path(&id)?),
            (ResolveAction::Claim, None, Some(name)) => Resolve::ClaimNew(name),
            (ResolveAction::Claim, None, None) => {
                return Err(Problem::invalid(
                    &format!("/rows/{at}/employeeId"),
                    "comparison.claim_for_whom",
                    "a number is claimed for an employeeId, or for somebody new with newName".to_owned(),
                ));
            }
        };
        rows.push((row.pin, action));
    }
    let (count, key) = (rows.len(), sn.clone());
    let rejected = api.site.write(move |tx| comparison_resolve(tx, &actor, &key, rows)).await?;
    api.roster_changed(&sn);
    Ok(Json(Resolved {
        done: count - rejected.len(),
        rejected: rejected
            .into_iter()
            .map(|row| NotResolved { pin: row.employee_id, code: row.code, detail: row.detail })
            .collect(),
    }))
}
