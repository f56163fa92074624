//! The people of one machine.

mod types;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use rollcall_core::machines;
use rollcall_core::numbers::{self, Explained};
use rollcall_core::page::Paged;
use rollcall_core::roster as site;
use rollcall_core::roster::{RosterFilter, roster_add, roster_change, roster_list, roster_remove};
use rollcall_core::{Connection, Sn};

use self::types::{NewRosterEntries, RosterAdded, RosterChange, RosterQuery};
pub(crate) use self::types::{Role, RosterEntry, RosterRejected};
use super::employees::id_in_path;
use super::extract::{Body, Object, Path, Query};
use super::machines::sn_in_path;
use super::page::{list, page};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::types::{Always, Answer, Done, List, WithBody, WithPath, WithQuery};

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
    let machine = machines::expect(conn, sn)?;
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
