//! The machines of the site.

use axum::Extension;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, FixedOffset, Utc};
use rollcall_core::clock;
use rollcall_core::commands::{CommandCounts, command_counts};
use rollcall_core::db;
use rollcall_core::machines as site;
use rollcall_core::machines::{
    look_alike, machine_add, machine_change, machine_delete, machine_get, machine_list,
};
use rollcall_core::{Connection, Sn};
use rollcall_protocol::text as text_of;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, Path, Query, given, nullable};
use super::page::{PageQuery, cut, list};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::text;
use super::time::with_offset;
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
    /// How many seconds its clock is ahead of ours, by what it sent at once; null while unknown.
    #[schema(required)]
    clock_skew_seconds: Option<i64>,
    /// As of when that is known.
    #[schema(required)]
    clock_measured_at: Option<DateTime<Utc>>,
    /// How text is written for it.
    encoding: Encoding,
    /// The encoding of what it last sent in which that could be told; what `auto` goes by.
    #[schema(required)]
    seen_encoding: Option<SeenEncoding>,
    /// How much it holds, estimated: machines give numbers in units they do not name.
    capacity: Capacity,
    /// The versions of its biometric algorithms; a template goes only to machines with the same one.
    algorithms: Vec<Algorithm>,
    /// It keeps no second punch of a person within so many minutes, by a setting of its own; null when it has not said. Such
    /// a punch is not lost on its way here: it never was.
    #[schema(required)]
    ignores_repeats_minutes: Option<u32>,
    /// How far what we know of it reaches.
    horizon: Horizon,
    /// What waits for it.
    queue: QueueCounts,
    /// What somebody should look at: `machine.twins`, `machine.encrypted`, `machine.tls`, `machine.sn_look_alike`,
    /// `machine.clock_off`, `machine.count_mismatch`, `machine.people_full`, `machine.fingerprints_full`,
    /// `machine.faces_full`, `machine.punches_full`.
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

/// How text is written for a machine.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Encoding {
    /// As it writes itself, or as its kind usually reads.
    Auto,
    /// UTF-8.
    Utf8,
    /// GB18030.
    Gb18030,
}

/// An encoding that could be told.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SeenEncoding {
    /// UTF-8.
    Utf8,
    /// GB18030.
    Gb18030,
}

/// How much a machine holds, estimated; null where it never said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Capacity {
    /// People.
    #[schema(required)]
    people: Option<u64>,
    /// Fingerprints.
    #[schema(required)]
    fingerprints: Option<u64>,
    /// Faces.
    #[schema(required)]
    faces: Option<u64>,
    /// Punches.
    #[schema(required)]
    punches: Option<u64>,
}

/// A biometric algorithm of a machine.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Algorithm {
    /// `fingerprint`, `face`, `fingerVein`, `palm` or `visibleLightFace`.
    kind: String,
    /// The version as the machine says it.
    version: String,
}

/// How far what we know of a machine reaches.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Horizon {
    /// Its newest punch here, by its clock; those from the future left aside.
    #[schema(required)]
    newest_punch_at: Option<DateTime<FixedOffset>>,
    /// Its last contact.
    #[schema(required)]
    last_seen_at: Option<DateTime<Utc>>,
}

/// What waits for a machine. A command reaches it only with its next poll.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QueueCounts {
    /// Commands that wait for it to ask.
    waiting: u64,
    /// Commands it has and has not answered.
    sent: u64,
    /// Its last poll since the program started.
    #[schema(required)]
    last_poll_at: Option<DateTime<Utc>>,
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
    /// How text is to be written for it.
    #[schema(value_type = Encoding, required = false)]
    #[serde(default, deserialize_with = "given")]
    encoding: Option<Encoding>,
}

impl Encoding {
    fn setting(self) -> site::EncodingSetting {
        match self {
            Self::Auto => site::EncodingSetting::Auto,
            Self::Utf8 => site::EncodingSetting::Utf8,
            Self::Gb18030 => site::EncodingSetting::Gb18030,
        }
    }

    fn of(setting: site::EncodingSetting) -> Self {
        match setting {
            site::EncodingSetting::Auto => Self::Auto,
            site::EncodingSetting::Utf8 => Self::Utf8,
            site::EncodingSetting::Gb18030 => Self::Gb18030,
        }
    }
}

impl SeenEncoding {
    fn of(encoding: text_of::Encoding) -> Self {
        match encoding {
            text_of::Encoding::Utf8 => Self::Utf8,
            text_of::Encoding::Gb18030 => Self::Gb18030,
        }
    }
}

/// A machine as the database has it.
pub(crate) struct Stored {
    machine: site::Machine,
    queue: CommandCounts,
}

impl Stored {
    pub(crate) fn read(conn: &Connection, machine: site::Machine) -> Result<Self, db::Error> {
        let queue = command_counts(conn, machine.id)?;
        Ok(Self { machine, queue })
    }
}

/// Minutes within which a machine keeps no second punch of a person (O6).
fn ignores_repeats(machine: &site::Machine) -> Option<u32> {
    let found = machine.options.iter().find(|(key, _)| key.eq_ignore_ascii_case("AlarmReRec"));
    found.and_then(|(_, minutes)| minutes.trim().parse().ok()).filter(|minutes| *minutes > 0)
}

/// A machine as the core has it, with what is known in memory.
pub(crate) fn show(api: &Api, stored: Stored, strangers: &[site::Stranger]) -> Machine {
    let Stored { machine, queue } = stored;
    let live = api.fleet.live(&machine.sn);
    let capacity = site::capacity(&machine.options);
    let tls = live.as_ref().is_some_and(|live| api.fleet.tries_tls(live));
    let skew = live.as_ref().map_or(machine.clock_skew, |live| live.clock_skew);
    let last_seen_at = live.as_ref().and_then(|live| live.last_seen_at).or(machine.last_seen_at);
    Machine {
        warnings: warnings(
            &machine,
            &capacity,
            live.as_ref(),
            tls,
            last_seen_at.is_some(),
            strangers,
            api.fleet.now(),
        ),
        encoding: Encoding::of(machine.encoding),
        seen_encoding: machine.seen_encoding.map(SeenEncoding::of),
        capacity: Capacity {
            people: capacity.people,
            fingerprints: capacity.fingerprints,
            faces: capacity.faces,
            punches: capacity.punches,
        },
        algorithms: site::algorithms(&machine.options)
            .into_iter()
            .map(|algorithm| Algorithm { kind: algorithm.kind.to_owned(), version: algorithm.version })
            .collect(),
        ignores_repeats_minutes: ignores_repeats(&machine),
        horizon: Horizon {
            newest_punch_at: machine
                .newest_punch
                .map(|wall| with_offset(wall, clock::offset_at(machine.time_zone, wall))),
            last_seen_at,
        },
        queue: QueueCounts {
            waiting: queue.waiting,
            sent: queue.sent,
            last_poll_at: live.as_ref().and_then(|live| live.last_poll_at),
        },
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
        clock_skew_seconds: skew.map(|(seconds, _)| seconds),
        clock_measured_at: skew.map(|(_, at)| at),
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
    capacity: &site::Capacity,
    live: Option<&Live>,
    tls: bool,
    connected: bool,
    strangers: &[site::Stranger],
    now: rollcall_core::Timestamp,
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
    if tls {
        warn(
            "machine.tls",
            "the machine is silent, and something at its address tries HTTPS: switch HTTPS off in its server settings"
                .to_owned(),
        );
    }
    if let Some((one, other)) = live.and_then(|live| live.twins) {
        warn(
            "machine.twins",
            format!(
                "{} calls from {one} and {other} in turns: two machines seem to have this serial number. Until that is \
                 settled it gets no commands; punches of both are kept",
                machine.sn
            ),
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
    if let Some((seconds, _)) = live.filter(|live| live.clock_off).and_then(|live| live.clock_skew) {
        let (apart, way) = (seconds.unsigned_abs(), if seconds > 0 { "ahead" } else { "behind" });
        warn(
            "machine.clock_off",
            format!("the machine's clock is {apart} seconds {way}; set it with the command setClock"),
        );
    }
    for judgement in site::judge_counts(machine.dialect, &machine.reported, &machine.held, capacity) {
        warn(judgement.code, judgement.detail);
    }
    if let Some(judgement) = site::judge_administrators(machine, now) {
        warn(judgement.code, judgement.detail);
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
    let machines = api
        .site
        .read(|conn| machine_list(conn)?.into_iter().map(|machine| Stored::read(conn, machine)).collect())
        .await
        .map_err(|error: db::Error| Problem::from(error))?;
    let strangers = api.fleet.strangers();
    let key = |stored: &Stored| (stored.machine.name.clone(), stored.machine.sn.key());
    Ok(Json(list(cut(machines, &page, key)?, |stored| show(&api, stored, &strangers))))
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
        let machine = machine_get(conn, &sn)?.ok_or(site::MachineError::Unknown(sn))?;
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
