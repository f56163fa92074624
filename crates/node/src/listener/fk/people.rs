//! Who is on a machine: told when it is asked, and when somebody is enrolled there (fk-http §8, §9). What the machine says
//! is written down, and never answered with a copy of our own (U6).

use std::sync::Arc;

use rollcall_core::clock;
use rollcall_core::db;
use rollcall_core::enrolments::{SeenPerson, people_seen, template_gone, templates_keep};
use rollcall_core::machine_log::{MachineEvent, machine_events_add};
use rollcall_core::machines::{MachineId, machine_by_id};
use rollcall_protocol::fk::frame::Frame;
use rollcall_protocol::fk::people::User;
use rollcall_protocol::fk::poll::Door;
use rollcall_protocol::order::TemplateKind;

use crate::fleet::{self, Known};
use crate::listener::desk::{Case, Desk};
use crate::listener::job::{Stored, Work};

/// Everything an FK machine can identify somebody by.
const KINDS: [TemplateKind; 6] = [
    TemplateKind::Fingerprint,
    TemplateKind::NearInfraredFace,
    TemplateKind::Bio(8),
    TemplateKind::FingerVein,
    TemplateKind::Photo,
    TemplateKind::Picture,
];

/// How much of a person a message tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Everything: what is not in it is not on the machine.
    All,
    /// What was done just now.
    Part,
}

/// Writes somebody down, and the templates that came along.
pub(super) fn keep(
    tx: &db::Tx<'_>,
    machine: MachineId,
    user: &User,
    extent: Extent,
) -> Result<(), db::Error> {
    let whole = extent == Extent::All;
    let told = |text: &String| (whole || !text.is_empty()).then(|| text.clone());
    let person = SeenPerson {
        pin: user.pin.clone(),
        name: told(&user.name),
        privilege: (whole || !user.raw_privilege.is_empty()).then_some(user.privilege),
        raw_privilege: told(&user.raw_privilege),
        inactive: (whole || user.inactive).then_some(user.inactive),
        card: told(&user.card),
        password: told(&user.password),
        ..SeenPerson::default()
    };
    people_seen(tx, machine, &[person])?;
    if whole {
        for kind in KINDS {
            template_gone(tx, machine, &user.pin, kind, None)?;
        }
    }
    if user.templates.is_empty() {
        return Ok(());
    }
    let options = machine_by_id(tx, machine)?.map(|machine| machine.options).unwrap_or_default();
    let version = |kind| {
        let name = match kind {
            TemplateKind::Fingerprint => "fp_data_ver",
            TemplateKind::NearInfraredFace => "face_data_ver",
            TemplateKind::Bio(_) => "pv_data_ver",
            _ => return None,
        };
        options.get(name).and_then(|text| text.parse().ok()).map(|major| (major, 0))
    };
    templates_keep(tx, machine, &user.templates(version))
}

/// Somebody was enrolled at the machine (`realtime_enroll_data`).
pub(super) fn enrolled(desk: &Desk, case: &Case<'_>, known: &Arc<Known>, message: &[u8]) -> Work {
    let frame = Frame::parse(message).ok().filter(|frame| frame.intact);
    let user = frame.and_then(|frame| User::read(&frame, &frame.json().ok()?));
    let Some(user) = user else {
        return super::keep(desk, known, "realtime_enroll_data", message.to_vec());
    };
    let mut objects = vec![user.pin.clone()];
    objects.extend(user.templates.iter().map(|(kind, no, _)| format!("{kind:?} {no}")));
    let mut event = event(case, known, "enrolment");
    event.objects = objects;
    event.operator.clone_from(&user.pin);
    let id = known.id;
    Work::Store(Box::new(move |tx| {
        keep(tx, id, &user, Extent::Part)?;
        machine_events_add(tx, id, &[event])?;
        Ok(Stored::default())
    }))
}

/// A door was opened or closed (`realtime_door_status`).
pub(super) fn door(desk: &Desk, case: &Case<'_>, known: &Arc<Known>, message: &[u8]) -> Work {
    let frame = Frame::parse(message).ok();
    let Some(json) =
        frame.as_ref().and_then(|frame| frame.json().ok()).filter(|json| !json.members().is_empty())
    else {
        return super::keep(desk, known, "realtime_door_status", message.to_vec());
    };
    let door = Door::read(&json);
    let mut event = event(case, known, "door");
    if let Some(time) = door.time {
        (event.wall, event.utc_offset) = (Some(time), clock::offset_at(known.time_zone(), time));
    }
    event.code = door.state.parse().unwrap_or_default();
    event.objects = door.said.iter().map(|(name, value)| format!("{name}={value}")).collect();
    event.raw = frame.as_ref().map(|frame| frame.without_binaries(&json).into_bytes()).unwrap_or_default();
    let id = known.id;
    Work::Store(Box::new(move |tx| {
        machine_events_add(tx, id, &[event])?;
        Ok(Stored::default())
    }))
}

/// Something that happens right now; machines of this kind do not say when.
fn event(case: &Case<'_>, known: &Known, kind: &'static str) -> MachineEvent {
    let zone = known.time_zone();
    MachineEvent {
        wall: Some(clock::wall_at(zone, case.now)),
        utc_offset: fleet::offset_at(zone, case.now),
        code: 0,
        operator: String::new(),
        objects: Vec::new(),
        kind,
        raw: Vec::new(),
    }
}
