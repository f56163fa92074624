//! What a machine holds, as it said when it was last read, and its own log.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset, Utc};
use rollcall_core::enrolments::{SeenView, TemplateCounts, seen_list};
use rollcall_core::machine_log::{MachineEventView, machine_events};
use rollcall_protocol::order::Privilege;
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::{Path, Query};
use super::machines::sn_in_path;
use super::page::{PageQuery, list};
use super::roster::Role;
use super::state::Api;
use super::time::with_offset;
use super::types::{Always, Answer, List, WithPath, WithQuery};

/// Somebody a machine holds, as it said last.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SeenPerson {
    /// Their number there.
    pin: String,
    /// Their name there; empty when the machine did not say.
    name: String,
    /// What they may do there.
    role: Role,
    /// Whether they can identify there.
    enabled: bool,
    /// Their card; empty for none.
    card: String,
    /// Whether they have a password there. What it is, is told to nobody.
    has_password: bool,
    /// From when they may identify, as the machine sent it; empty for always.
    valid_from: String,
    /// Until when, likewise.
    valid_to: String,
    /// What was read of them.
    templates: SeenTemplates,
    /// Whose number it was then; null when nobody's.
    #[schema(required)]
    employee_id: Option<String>,
    /// Their name.
    #[schema(required)]
    employee_name: Option<String>,
    /// When the machine said so.
    seen_at: DateTime<Utc>,
}

/// Templates in numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeenTemplates {
    /// Fingers.
    fingerprints: u64,
    /// Faces.
    faces: u64,
    /// Palms.
    palms: u64,
    /// Fingers by their veins.
    veins: u64,
    /// Comparison photos.
    photos: u64,
}

impl From<TemplateCounts> for SeenTemplates {
    fn from(counts: TemplateCounts) -> Self {
        let TemplateCounts { fingerprints, faces, palms, veins, photos } = counts;
        Self { fingerprints, faces, palms, veins, photos }
    }
}

impl From<SeenView> for SeenPerson {
    fn from(seen: SeenView) -> Self {
        let (employee_id, employee_name) = match seen.employee {
            Some((id, name)) => (Some(id.as_str().to_owned()), Some(name)),
            None => (None, None),
        };
        Self {
            pin: seen.pin,
            name: seen.name,
            role: match seen.privilege {
                Privilege::User => Role::User,
                Privilege::Registrar => Role::Registrar,
                Privilege::Administrator => Role::Administrator,
            },
            enabled: !seen.inactive,
            card: seen.card,
            has_password: seen.has_password,
            valid_from: seen.valid_from,
            valid_to: seen.valid_to,
            templates: seen.templates.into(),
            employee_id,
            employee_name,
            seen_at: seen.seen_at,
        }
    }
}

/// The people a machine holds, as it said when it was last read, by number. It is asked with the command `readPeople`.
#[utoipa::path(get, path = "/api/machines/{sn}/seen-people", tag = "machines", operation_id = "listSeenPeople",
    params(("sn" = String, Path, description = "Its serial number, in any case"), PageQuery),
    responses((status = 200, body = List<SeenPerson>), WithPath, WithQuery, Always))]
pub(crate) async fn people(
    State(api): State<Api>,
    Path(sn): Path<String>,
    query: Query<PageQuery>,
) -> Answer<List<SeenPerson>> {
    let sn = sn_in_path(&sn)?;
    let page = query.page()?;
    let paged = api.site.read(move |conn| seen_list(conn, &sn, &page)).await?;
    Ok(Json(list(paged, SeenPerson::from)))
}

/// Something that was done at a machine, or happened to it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MachineLogLine {
    /// Its number; later arrivals have higher ones.
    id: i64,
    /// When, by the machine's clock; null when it did not say.
    #[schema(required)]
    time: Option<DateTime<FixedOffset>>,
    /// What, as a number of the machine's dialect.
    code: i32,
    /// The number of whoever did it; empty or 0 for nobody.
    operator: String,
    /// To what; what they mean follows from the code.
    objects: Vec<String>,
    /// `operation`, `door`, `alarm`, `error` or `enrolment`.
    kind: String,
    /// When it came here.
    received_at: DateTime<Utc>,
}

impl From<MachineEventView> for MachineLogLine {
    fn from(event: MachineEventView) -> Self {
        Self {
            id: event.id,
            time: event.wall.map(|wall| with_offset(wall, event.utc_offset)),
            code: event.code,
            operator: event.operator,
            objects: event.objects,
            kind: event.kind,
            received_at: event.received_at,
        }
    }
}

/// The machine's own log: what was done at it and happened to it, the newest arrival first.
#[utoipa::path(get, path = "/api/machines/{sn}/log", tag = "machines", operation_id = "listMachineLog",
    params(("sn" = String, Path, description = "Its serial number, in any case"), PageQuery),
    responses((status = 200, body = List<MachineLogLine>), WithPath, WithQuery, Always))]
pub(crate) async fn log(
    State(api): State<Api>,
    Path(sn): Path<String>,
    query: Query<PageQuery>,
) -> Answer<List<MachineLogLine>> {
    let sn = sn_in_path(&sn)?;
    let page = query.page()?;
    let paged = api.site.read(move |conn| machine_events(conn, &sn, &page)).await?;
    Ok(Json(list(paged, MachineLogLine::from)))
}
