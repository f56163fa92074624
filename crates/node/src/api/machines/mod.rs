//! The machines of the site.

mod show;
mod types;

use axum::Extension;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use rollcall_core::Sn;
use rollcall_core::machines as site;
use rollcall_core::machines::{machine_add, machine_change, machine_delete, machine_list};
use rollcall_core::page::{ListError, Paged};

pub(crate) use self::show::Stored;
use self::show::show;
pub(crate) use self::types::{Dialect, Machine};
use self::types::{Encoding, MachineChange, NewMachine};
use super::extract::{Body, Path, Query};
use super::page::{PageQuery, cut, list};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::text;
use super::types::{Always, Answer, Created, Done, List, WithBody, WithPath, WithQuery, zone};
use crate::events::Event;

/// The serial number in a path; one that cannot be one belongs to nobody.
pub(crate) fn sn_in_path(text: &str) -> Result<Sn, Problem> {
    Sn::new(text).map_err(|_| Problem::not_found("machine.unknown", format!("there is no machine {text:?}")))
}

/// A machine as it is stored.
pub(crate) async fn machine(api: &Api, sn: &Sn) -> Result<site::Machine, Problem> {
    let sn = sn.clone();
    Ok(api.site.read(move |conn| site::expect(conn, &sn)).await?)
}

/// Checks the texts of a machine, so that the refusal can point at the one to blame.
pub(crate) fn check_texts(name: Option<&str>, model: Option<&str>) -> Result<(), Problem> {
    text::check("/name", name, site::NAME_MOST)?;
    text::check("/model", model, site::NAME_MOST)
}

/// All machines, by name.
#[utoipa::path(get, path = "/api/machines", tag = "machines", operation_id = "listMachines", params(PageQuery),
    responses((status = 200, body = List<Machine>), WithQuery, Always))]
pub(crate) async fn get_all(State(api): State<Api>, query: Query<PageQuery>) -> Answer<List<Machine>> {
    let page = query.page()?;
    let paged = api.site.read(move |conn| {
        let key = |machine: &site::Machine| (machine.name.clone(), machine.sn.key());
        let Paged { items, total, next } = cut(machine_list(conn)?, &page, key)?;
        let items = items.into_iter().map(|machine| Stored::read(conn, machine)).collect::<Result<_, _>>()?;
        Ok::<_, ListError>(Paged { items, total, next })
    });
    let (paged, strangers) = (paged.await?, api.fleet.strangers());
    Ok(Json(list(paged, |stored| show(&api, stored, &strangers))))
}

/// Adds a machine.
#[utoipa::path(post, path = "/api/machines", tag = "machines", operation_id = "addMachine", request_body = NewMachine,
    responses((status = 201, body = Machine), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "The serial number is taken."), WithBody, Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(new): Body<NewMachine>,
) -> Created<Machine> {
    let sn = Sn::new(&new.sn).map_err(|error| Problem::invalid("/sn", error.code(), error.to_string()))?;
    check_texts(Some(&new.name), new.model.as_deref())?;
    let time_zone = new.time_zone.as_deref().map(|name| zone("/timeZone", name)).transpose()?;
    let new = site::NewMachine { sn, name: new.name, model: new.model, time_zone };
    let _order = api.changing.lock().await;
    let stored = api
        .site
        .write(move |tx| {
            let machine = machine_add(tx, &actor, new)?;
            Ok::<_, site::MachineError>(Stored::read(tx, machine)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(added(&api, stored))))
}

/// Tells the listener and whoever watches of a new machine.
pub(crate) fn added(api: &Api, stored: Stored) -> Machine {
    api.fleet.refresh(&stored.machine);
    api.events.tell(Event::Machine { sn: stored.machine.sn.clone(), stranger: false });
    show(api, stored, &api.fleet.strangers())
}

/// One machine.
#[utoipa::path(get, path = "/api/machines/{sn}", tag = "machines", operation_id = "getMachine",
    params(("sn" = String, Path, description = "Its serial number, in any case")),
    responses((status = 200, body = Machine), WithPath, Always))]
pub(crate) async fn get(State(api): State<Api>, Path(sn): Path<String>) -> Answer<Machine> {
    let stored = read(&api, &sn_in_path(&sn)?).await?;
    let strangers = api.fleet.strangers();
    Ok(Json(show(&api, stored, &strangers)))
}

async fn read(api: &Api, sn: &Sn) -> Result<Stored, Problem> {
    let sn = sn.clone();
    let stored = api.site.read(move |conn| {
        let machine = site::expect(conn, &sn)?;
        Ok::<_, site::MachineError>(Stored::read(conn, machine)?)
    });
    Ok(stored.await?)
}

/// Changes a machine.
#[utoipa::path(patch, path = "/api/machines/{sn}", tag = "machines", operation_id = "changeMachine",
    params(("sn" = String, Path, description = "Its serial number, in any case")), request_body = MachineChange,
    responses((status = 200, body = Machine), WithPath, WithBody, Always))]
pub(crate) async fn change(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(change): Body<MachineChange>,
) -> Answer<Machine> {
    let sn = sn_in_path(&sn)?;
    check_texts(change.name.as_deref(), change.model.as_ref().and_then(Option::as_deref))?;
    let time_zone = change.time_zone.as_deref().map(|name| zone("/timeZone", name)).transpose()?;
    let change = site::MachineChange {
        name: change.name,
        model: change.model,
        enabled: change.enabled,
        time_zone,
        encoding: change.encoding.map(Encoding::setting),
    };
    let _order = api.changing.lock().await;
    let stored = api
        .site
        .write(move |tx| {
            let machine = machine_change(tx, &actor, &sn, change)?;
            Ok::<_, site::MachineError>(Stored::read(tx, machine)?)
        })
        .await?;
    Ok(Json(added(&api, stored)))
}

/// Somebody has looked: there is only one machine of this serial number, whatever addresses it calls from. It gets
/// commands again; the same two addresses are not warned of any more until the program starts again.
#[utoipa::path(post, path = "/api/machines/{sn}/twins/resolve", tag = "machines", operation_id = "resolveTwins",
    params(("sn" = String, Path, description = "Its serial number, in any case")),
    responses((status = 200, body = Machine), WithPath, Always))]
pub(crate) async fn resolve_twins(State(api): State<Api>, Path(sn): Path<String>) -> Answer<Machine> {
    let stored = read(&api, &sn_in_path(&sn)?).await?;
    api.fleet.resolve_twins(&stored.machine.sn);
    Ok(Json(added(&api, stored)))
}

/// Deletes a machine and its people's entries; its punches stay.
#[utoipa::path(delete, path = "/api/machines/{sn}", tag = "machines", operation_id = "deleteMachine",
    params(("sn" = String, Path, description = "Its serial number, in any case")),
    responses((status = 204, description = "It is gone."), WithPath, Always))]
pub(crate) async fn delete(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
) -> Done {
    let sn = sn_in_path(&sn)?;
    let gone = sn.clone();
    let _order = api.changing.lock().await;
    api.site.write(move |tx| machine_delete(tx, &actor, &gone)).await?;
    api.fleet.forget(&sn);
    api.events.tell(Event::Machine { sn, stranger: false });
    Ok(StatusCode::NO_CONTENT)
}
