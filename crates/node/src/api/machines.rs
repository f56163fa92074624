//! The machines of the site.

use axum::Extension;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use rollcall_core::Sn;
use rollcall_core::machines as site;
use rollcall_core::machines::{
    look_alike, machine_add, machine_change, machine_delete, machine_get, machine_list,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, Path, Query, given, nullable};
use super::page::{PageQuery, cut, list};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::text;
use super::types::{Always, Answer, Created, Done, List, Remark, WithBody, WithPath, WithQuery, zone};
use crate::events::Event;
use crate::fleet::Live;

/// A time-and-attendance or access-control terminal that pushes to us.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Machine {
    /// Its serial number; compared without case.
    sn: String,
    /// What people call it.
    name: String,
    /// What it is.
    #[schema(required)]
    model: Option<String>,
    /// How it talks; null until it has.
    #[schema(required)]
    dialect: Option<Dialect>,
    /// Whether its uploads are taken. A disabled machine keeps its punches and sends them once it is enabled.
    enabled: bool,
    /// Whether it was heard from within three of its poll intervals.
    online: bool,
    /// The zone its clock is in, an IANA name.
    time_zone: String,
    /// When it was added.
    added_at: DateTime<Utc>,
    /// Its first contact; null when it never connected.
    #[schema(required)]
    first_seen_at: Option<DateTime<Utc>>,
    /// Its last contact.
    #[schema(required)]
    last_seen_at: Option<DateTime<Utc>>,
    /// The address it calls from.
    #[schema(required)]
    address: Option<String>,
    /// Its firmware.
    #[schema(required)]
    firmware: Option<String>,
    /// The protocol level it speaks.
    #[schema(required)]
    protocol_version: Option<String>,
    /// What it can identify people by.
    capabilities: Vec<Capability>,
    /// The counts it reports.
    reported: Reported,
    /// The counts we hold; a difference is how lost data looks.
    held: Held,
    /// Its people in numbers.
    roster: RosterCounts,
    /// How far its clock is ahead of ours; null while unknown.
    #[schema(required)]
    clock_skew_seconds: Option<i64>,
    /// What somebody should look at.
    warnings: Vec<Remark>,
}

/// How a machine talks.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Dialect {
    Attendance,
    Access,
    Fk,
}

/// What a machine can identify people by.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Capability {
    Fingerprint,
    Face,
    VisibleLightFace,
    Palm,
    Card,
}

/// Counts a machine reports of itself; null where it never did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reported {
    /// People enrolled.
    #[schema(required)]
    people: Option<u32>,
    /// Fingerprints.
    #[schema(required)]
    fingerprints: Option<u32>,
    /// Faces.
    #[schema(required)]
    faces: Option<u32>,
    /// Punches stored.
    #[schema(required)]
    punches: Option<u32>,
}

/// What we hold of a machine.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Held {
    /// People with a number.
    people: u64,
    /// Punches.
    punches: u64,
}

/// A machine's people in numbers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterCounts {
    /// All entries.
    total: u64,
    /// Those the machine confirmed.
    synced: u64,
    /// Those that wait to be sent.
    waiting: u64,
    /// Those the machine refused.
    failed: u64,
    /// Those without a number.
    no_number: u64,
}

/// A machine to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewMachine {
    /// Its serial number: 1 to 32 letters, digits, `-` and `_`; blanks around it are taken off.
    #[schema(pattern = "^ *[A-Za-z0-9_-]{1,32} *$", example = "CQZ7000000001")]
    sn: String,
    /// What people will call it.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 100,
        example = "一楼大厅"
    )]
    name: String,
    /// What it is.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 100)]
    model: Option<String>,
    /// The zone its clock is in, an IANA name; the settings' when absent.
    #[schema(example = "Asia/Shanghai")]
    time_zone: Option<String>,
}

/// What to change of a machine; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct MachineChange {
    /// A new name.
    #[schema(value_type = String, required = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 100)]
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    /// A new model; null for none.
    #[schema(value_type = Option<String>, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 100)]
    #[serde(default, deserialize_with = "nullable")]
    model: Option<Option<String>>,
    /// Whether its uploads are taken.
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "given")]
    enabled: Option<bool>,
    /// The zone its clock is in, an IANA name; what is stored stays as it was sent.
    #[schema(value_type = String, required = false, example = "Asia/Shanghai")]
    #[serde(default, deserialize_with = "given")]
    time_zone: Option<String>,
}

/// A machine as the core has it, with what is known in memory.
pub(crate) fn show(api: &Api, machine: site::Machine, strangers: &[site::Stranger]) -> Machine {
    let live = api.fleet.live(&machine.sn);
    let last_seen_at = live.as_ref().and_then(|live| live.last_seen_at).or(machine.last_seen_at);
    Machine {
        warnings: warnings(&machine, live.as_ref(), last_seen_at.is_some(), strangers),
        sn: machine.sn.to_string(),
        name: machine.name,
        model: machine.model,
        dialect: machine.dialect.map(Dialect::from),
        enabled: machine.enabled,
        online: live.as_ref().is_some_and(|live| live.online),
        time_zone: machine.time_zone.name().to_owned(),
        added_at: machine.added_at,
        first_seen_at: machine.first_seen_at.or(last_seen_at),
        last_seen_at,
        address: live.and_then(|live| live.address).or(machine.address),
        firmware: machine.firmware,
        protocol_version: machine.protocol_version,
        capabilities: machine.capabilities.into_iter().map(Capability::from).collect(),
        reported: Reported {
            people: machine.reported.people,
            fingerprints: machine.reported.fingerprints,
            faces: machine.reported.faces,
            punches: machine.reported.punches,
        },
        held: Held { people: machine.held.people, punches: machine.held.punches },
        roster: RosterCounts {
            total: machine.roster.total,
            synced: machine.roster.synced,
            waiting: machine.roster.waiting,
            failed: machine.roster.failed,
            no_number: machine.roster.no_number,
        },
        clock_skew_seconds: None,
    }
}

impl From<rollcall_protocol::Dialect> for Dialect {
    fn from(dialect: rollcall_protocol::Dialect) -> Self {
        match dialect {
            rollcall_protocol::Dialect::Attendance => Self::Attendance,
            rollcall_protocol::Dialect::Access => Self::Access,
            rollcall_protocol::Dialect::Fk => Self::Fk,
        }
    }
}

impl From<site::Capability> for Capability {
    fn from(capability: site::Capability) -> Self {
        match capability {
            site::Capability::Fingerprint => Self::Fingerprint,
            site::Capability::Face => Self::Face,
            site::Capability::VisibleLightFace => Self::VisibleLightFace,
            site::Capability::Palm => Self::Palm,
            site::Capability::Card => Self::Card,
        }
    }
}

/// What somebody should look at.
fn warnings(
    machine: &site::Machine,
    live: Option<&Live>,
    connected: bool,
    strangers: &[site::Stranger],
) -> Vec<Remark> {
    let mut warnings = Vec::new();
    let mut warn = |code: &str, detail: String| warnings.push(Remark { code: code.to_owned(), detail });
    if live.is_some_and(|live| live.encrypted) {
        warn(
            "machine.encrypted",
            "the machine asks for encrypted communication, which only its maker can offer; switch it off there"
                .to_owned(),
        );
    }
    if live.is_some_and(|live| live.twins) {
        warn(
            "machine.twins",
            format!("{} calls from two places in turns; two machines have this serial number", machine.sn),
        );
    }
    if !connected
        && let Some(stranger) = strangers.iter().find(|stranger| look_alike(&stranger.sn, &machine.sn))
    {
        warn(
            "machine.sn_look_alike",
            format!(
                "{} has never connected, but {} knocks from {}; was the serial number mistyped?",
                machine.sn, stranger.sn, stranger.address
            ),
        );
    }
    let (reports, holds) = (machine.reported.punches.map(u64::from), machine.held.punches);
    if let Some(reports) = reports.filter(|reports| *reports > holds) {
        warn(
            "machine.count_mismatch",
            format!("the machine reports {reports} punches, {holds} of them are here"),
        );
    }
    warnings
}

/// The serial number in a path; one that cannot be one belongs to nobody.
pub(crate) fn sn_in_path(text: &str) -> Result<Sn, Problem> {
    Sn::new(text).map_err(|_| Problem::not_found("machine.unknown", format!("there is no machine {text:?}")))
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
    let machines = api.site.read(machine_list).await?;
    let strangers = api.fleet.strangers();
    let key = |machine: &site::Machine| (machine.name.clone(), machine.sn.key());
    Ok(Json(list(cut(machines, &page, key)?, |machine| show(&api, machine, &strangers))))
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
    let machine = api.site.write(move |tx| machine_add(tx, &actor, new)).await?;
    Ok((StatusCode::CREATED, Json(added(&api, machine))))
}

/// Tells the listener and whoever watches of a new machine.
pub(crate) fn added(api: &Api, machine: site::Machine) -> Machine {
    api.fleet.refresh(&machine);
    api.events.tell(Event::Machine { sn: machine.sn.clone(), stranger: false });
    show(api, machine, &api.fleet.strangers())
}

/// One machine.
#[utoipa::path(get, path = "/api/machines/{sn}", tag = "machines", operation_id = "getMachine",
    params(("sn" = String, Path, description = "Its serial number, in any case")),
    responses((status = 200, body = Machine), WithPath, Always))]
pub(crate) async fn get(State(api): State<Api>, Path(sn): Path<String>) -> Answer<Machine> {
    let sn = sn_in_path(&sn)?;
    let machine =
        api.site.read(move |conn| machine_get(conn, &sn)?.ok_or(site::MachineError::Unknown(sn))).await?;
    let strangers = api.fleet.strangers();
    Ok(Json(show(&api, machine, &strangers)))
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
        encoding: None,
    };
    let _order = api.changing.lock().await;
    let machine = api.site.write(move |tx| machine_change(tx, &actor, &sn, change)).await?;
    Ok(Json(added(&api, machine)))
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
