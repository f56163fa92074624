//! What became of a command, and what the machine sends along: people, counts, punches (fk-http §5, §9).

use std::sync::Arc;

use rollcall_core::commands::{Command, CommandState, Settled, command_follow};
use rollcall_core::db;
use rollcall_core::enrolments::{SeenPerson, people_seen, people_sweep, person_gone};
use rollcall_core::machines::{MachineId, Report, Reported};
use rollcall_core::punches::{Batch, In, Kind, Source, punch_ingest};
use rollcall_core::reuploads::Answers;
use rollcall_core::uploads::upload_keep;
use rollcall_protocol::fk::codes;
use rollcall_protocol::fk::frame::Frame;
use rollcall_protocol::fk::json::Json;
use rollcall_protocol::fk::log::{self, Log};
use rollcall_protocol::fk::people::{Listing, User, listing};
use rollcall_protocol::fk::poll::Status;
use rollcall_protocol::order::{Order, Pin};

use super::people::{self, Extent};
use crate::fleet::{self, Known};
use crate::listener::desk::{Case, Desk};
use crate::listener::job::{LONGEST_WRITE, Stored, Work, of_punches};
use crate::listener::orders;

/// The machine's own words for a failure, as far as they are kept.
const LONGEST_WORDS: usize = 200;

/// What a result brings.
enum Brought {
    Nothing,
    /// Who is on the machine, and whether that is everybody.
    People {
        pins: Vec<String>,
        all: bool,
    },
    /// Somebody, with everything.
    Person(Box<User>),
    /// Punches of its memory.
    Punches(Batch),
    /// What nobody can read: kept as it came.
    Unknown(Vec<u8>),
}

/// Takes a result. One with a number that is none of ours is taken as well (Q8).
pub(super) fn store(desk: &Desk, case: &Case<'_>, known: &Arc<Known>, message: &[u8]) -> Work {
    let text = |header: Option<&[u8]>| String::from_utf8_lossy(header.unwrap_or_default()).trim().to_owned();
    let code = text(case.head.fk.cmd_return_code);
    // Without a code, what was asked for is an answer as well.
    let ok = codes::is_success(&code) || (code.is_empty() && !message.is_empty());
    let settled = text(case.head.fk.trans_id).parse().ok().map(|id| Settled {
        id,
        // Its words for everything else have no numbers.
        code: ok.then_some(0),
        ok,
        reason: (!ok).then(|| codes::reason(&code).to_owned()),
        detail: (!ok && !code.is_empty())
            .then(|| code.chars().filter(|c| !c.is_control()).take(LONGEST_WORDS).collect()),
        ..Settled::default()
    });
    let brought = if ok { read(desk, case, known, message) } else { Brought::Nothing };
    let (mut works, brought) = match brought {
        Brought::Punches(mut batch) => {
            batch.answers(text(case.head.fk.trans_id).parse().map_or(Answers::No, Answers::Command));
            let works = batch.parts(LONGEST_WRITE).map(|part| ingest(known, part)).collect();
            (works, Brought::Nothing)
        }
        brought => (Vec::new(), brought),
    };
    let machine = Arc::clone(known);
    // Done is done only when everything that came along is stored.
    works.push(orders::settle(known, settled.into_iter().collect(), move |tx, changed| {
        keep(tx, machine.id, brought, changed.first())
    }));
    Work::Series(works)
}

/// Stores punches that were asked for.
fn ingest(known: &Arc<Known>, batch: Batch) -> Work {
    let machine = Arc::clone(known);
    Work::Store(Box::new(move |tx| {
        let stored = punch_ingest(tx, machine.id, Source::Reupload, &batch)?;
        let events = of_punches(&machine.sn, &stored);
        Ok(Stored { lines: batch.lines(), events, ..Stored::default() })
    }))
}

fn read(desk: &Desk, case: &Case<'_>, known: &Arc<Known>, message: &[u8]) -> Brought {
    if message.iter().all(|byte| *byte == 0) {
        return Brought::Nothing;
    }
    let unknown = || {
        desk.journal.not_understood(&known.sn, "send_cmd_result", message.len());
        Brought::Unknown(message.to_vec())
    };
    let Ok(frame) = Frame::parse(message) else { return unknown() };
    let Ok(json) = frame.json() else { return unknown() };
    let has = |names: &[&str]| json.any(names).is_some();
    if has(&["user_id_array", "user_id_list", "users", "user_id_count"]) {
        return match listing(&frame, &json) {
            Listing::People(people) => {
                let count = json.get("user_id_count").and_then(Json::number);
                let held = i64::try_from(people.len()).ok();
                let pins = people.into_iter().map(|one| one.pin).collect();
                Brought::People { pins, all: count.is_none() || count == held }
            }
            Listing::Unknown(..) => unknown(),
        };
    }
    if has(&["log_array", "log_data", "logs"]) {
        return punches(case, known, &frame, &json).map_or_else(unknown, Brought::Punches);
    }
    if let Some(user) = User::read(&frame, &json) {
        // With a binary missing, nobody could say what the machine really has.
        return if frame.intact { Brought::Person(Box::new(user)) } else { unknown() };
    }
    let status = Status::read(&json);
    if status == Status::default() {
        return if json == Json::Null { Brought::Nothing } else { unknown() };
    }
    known.said(report(&status));
    desk.fleet.nudge();
    Brought::Nothing
}

/// Counts and names of a status.
fn report(status: &Status) -> Report {
    let pairs: Vec<_> =
        status.said.iter().map(|(name, value)| (name.as_str().into(), value.as_str().into())).collect();
    Report {
        firmware: status.firmware.as_deref().map(fleet::value),
        reported: Reported {
            people: status.people,
            fingerprints: status.fingerprints,
            faces: status.faces,
            punches: status.punches,
        },
        options: fleet::kept(&pairs).collect(),
        ..Report::default()
    }
}

/// Records read of one answer. The largest machines hold 200,000; each costs twenty times its size while it is read.
const MOST_RECORDS: usize = 250_000;

/// The punches of the memory; none when nobody can read them.
fn punches(case: &Case<'_>, known: &Known, frame: &Frame<'_>, json: &Json<'_>) -> Option<Batch> {
    let library = known.fk.library();
    let (mut batch, zone) = (Batch::new(case.now), known.time_zone());
    known.marks(&mut batch, case.now);
    let size = json.get("one_log_size").and_then(Json::number).and_then(|size| usize::try_from(size).ok());
    let bytes = frame.text.len() + frame.blobs.iter().map(|blob| blob.len()).sum::<usize>();
    if bytes / size.unwrap_or(12).max(12) > MOST_RECORDS {
        return None;
    }
    match log::read(frame, json, library) {
        Log::Empty => {}
        Log::Unknown(..) => return None,
        Log::Records(records) => {
            for record in records {
                match record.punch {
                    Ok(punch) => batch.punch(
                        In {
                            pin: punch.pin.into(),
                            wall: punch.time,
                            status: punch.status,
                            verify: punch.verify.into(),
                            work_code: "".into(),
                            event: None,
                            door: None,
                            kind: Kind::Punch,
                            raw: &record.raw,
                        },
                        zone,
                    ),
                    Err(error) => batch.reject(&record.raw, error.code()),
                }
            }
        }
        Log::Objects(_) => {
            for object in log::list(json) {
                super::punches::add(&mut batch, known, frame, object, library);
            }
        }
    }
    Some(batch)
}

/// Keeps what a result brought; `ended` is the command it ended, if it was ours and had not ended before.
fn keep(
    tx: &db::Tx<'_>,
    machine: MachineId,
    brought: Brought,
    ended: Option<&Command>,
) -> Result<(), db::Error> {
    let done = ended.filter(|command| command.state == CommandState::Done);
    if let Some(Command { order: Order::ReadPerson { pin }, reason: Some(reason), .. }) = ended
        && reason == "machine.person_unknown"
    {
        person_gone(tx, machine, pin.as_str())?;
    }
    match brought {
        // Punches are stored already.
        Brought::Nothing | Brought::Punches(_) => Ok(()),
        Brought::People { pins, all } => {
            let person = |pin: &String| SeenPerson { pin: pin.clone(), ..SeenPerson::default() };
            people_seen(tx, machine, &pins.iter().map(person).collect::<Vec<_>>())?;
            if all {
                people_sweep(tx, machine, tx.now())?;
            }
            let Some(parent) = done else { return Ok(()) };
            // Each of them is asked about, one after the other: names, cards and templates come only so (fk-http §9).
            let pins = pins.iter().filter_map(|pin| Pin::new(pin).ok());
            let follow: Vec<_> = pins.map(|pin| Order::ReadPerson { pin }).collect();
            command_follow(tx, parent, &follow).map(drop)
        }
        Brought::Person(user) => people::keep(tx, machine, &user, Extent::All),
        Brought::Unknown(body) => upload_keep(tx, machine, "send_cmd_result", "", &body),
    }
}
