//! Punches, one in a request (fk-http §6).

use std::sync::Arc;

use rollcall_core::db;
use rollcall_core::machines::Report;
use rollcall_core::pictures::{Picture, picture_keep};
use rollcall_core::punches::{Batch, In, Kind, Source, punch_ingest};
use rollcall_core::uploads::upload_keep;
use rollcall_protocol::WallTime;
use rollcall_protocol::fk::frame::Frame;
use rollcall_protocol::fk::json::Json;
use rollcall_protocol::fk::modes::Library;
use rollcall_protocol::fk::punch::{Punch, image};
use rollcall_protocol::fk::time;

use super::seen::ANSWERED_BY;
use crate::fleet::Known;
use crate::listener::desk::Case;
use crate::listener::job::{Answer, Stored, Work, of_punches};
use crate::listener::trace;

/// What a machine is told in the body that does not hear the header.
const RESULT_OK: &str = "result=OK";
/// A message nobody can read, as the reason of a line that was set aside.
const UNREADABLE: &str = "punch.unreadable";
/// What is shown of it.
const SHOWN: usize = 256;

/// Stores the punches of a message.
pub(super) fn store(case: &Case<'_>, known: &Arc<Known>, message: &[u8]) -> Work {
    let mut batch = Batch::new(case.now);
    let mut kept = None;
    let library = known.fk.library();
    let frame = Frame::parse(message).ok();
    let json = frame.as_ref().and_then(|frame| frame.json().ok());
    match (&frame, &json) {
        (Some(frame), Some(Json::List(objects))) => {
            for object in objects {
                add(&mut batch, known, frame, object, library);
            }
        }
        (Some(frame), Some(object @ Json::Object(_))) => add(&mut batch, known, frame, object, library),
        _ if message.is_empty() => {}
        _ => {
            let text = frame.as_ref().map_or(message, |frame| frame.text.as_bytes());
            batch.reject(text.get(..SHOWN).unwrap_or(text), UNREADABLE);
            batch.rewrite_rejected(trace::set_aside);
            kept = Some(message.to_vec());
        }
    }
    known.marks(&mut batch, case.now);
    let picture = json.as_ref().zip(frame.as_ref()).and_then(|(json, frame)| Image::of(frame, json, library));
    let answer = super::taken(case);
    let (machine, punch) = (Arc::clone(known), message.to_vec());
    Work::Store(Box::new(move |tx| {
        let stored = punch_ingest(tx, machine.id, Source::Live, &batch)?;
        if let Some(body) = &kept {
            upload_keep(tx, machine.id, "realtime_glog", "", body)?;
        }
        if let Some(picture) = &picture {
            match picture_keep(tx, machine.id, &picture.lent()) {
                // A punch is worth more than its picture, which must not lie about in clear.
                Ok(_) | Err(db::Error::Vault(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let known_before = stored.new.is_empty() && stored.known > 0;
        let mut answer = answer;
        if machine.fk.heard(&punch, known_before) {
            let options = vec![(ANSWERED_BY.to_owned(), RESULT_OK.to_owned())];
            machine.said(Report { options, ..Report::default() });
        }
        if machine.fk.is_deaf() {
            answer.body = RESULT_OK.into();
        }
        let events = of_punches(&machine.sn, &stored);
        Ok(Stored { lines: batch.lines(), events, answer: Some(Answer::Fk(answer)), ..Stored::default() })
    }))
}

/// The picture that came with a punch.
struct Image {
    name: String,
    pin: String,
    wall: WallTime,
    data: Vec<u8>,
}

impl Image {
    fn of(frame: &Frame<'_>, json: &Json<'_>, library: Library) -> Option<Self> {
        let data = image(frame, json)?.into_owned();
        let punch = Punch::read(json, library).ok()?;
        // Machines of this kind give it no name; sent again, it must get the same.
        let name = format!("{}-{}.jpg", time::write(punch.time), punch.pin);
        Some(Self { name, pin: punch.pin.into_owned(), wall: punch.time, data })
    }

    fn lent(&self) -> Picture<'_> {
        Picture { name: &self.name, pin: Some(self.pin.clone()), wall: Some(self.wall), data: &self.data }
    }
}

/// Adds one object of a message.
pub(super) fn add(batch: &mut Batch, known: &Known, frame: &Frame<'_>, object: &Json<'_>, library: Library) {
    let raw = trace::without_secrets(frame.without_binaries(object));
    match Punch::read(object, library) {
        Ok(punch) => batch.punch(
            In {
                pin: punch.pin,
                wall: punch.time,
                status: punch.status,
                verify: punch.verify,
                work_code: punch.work_code,
                event: None,
                door: None,
                kind: Kind::Punch,
                raw: raw.as_bytes(),
            },
            known.time_zone(),
        ),
        Err(error) => batch.reject(raw.as_bytes(), error.code()),
    }
}
