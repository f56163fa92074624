//! Events: what happened at the doors, of which some are punches (access-push §6, §13).

use chrono_tz::Tz;
use rollcall_core::Sn;
use rollcall_core::clock::{self, Timestamp};
use rollcall_core::machine_log::{MachineEvent, machine_events_add};
use rollcall_core::machines::MachineId;
use rollcall_core::punches::{Batch, In, Kind, Source, punch_ingest};
use rollcall_protocol::access::class::{Class, is_alarm};
use rollcall_protocol::access::event::{self, Event};

use super::super::job::{Stored, Work, of_punches};
use super::super::trace;

/// An upload of events, read.
pub(super) struct Happened {
    /// What people did.
    pub(super) batch: Batch,
    /// What happened to doors, and alarms.
    log: Vec<MachineEvent>,
}

/// Lines stored in one write.
const LONGEST_WRITE: usize = 250;

/// Reads events of a machine in `zone`, in either of their forms.
pub(super) fn read(body: &[u8], received_at: Timestamp, zone: Tz) -> Happened {
    let mut happened = Happened { batch: Batch::new(received_at), log: Vec::new() };
    for line in event::lines(body) {
        match line.event {
            Ok(event) => happened.take(event, line.raw, zone),
            Err(error) => happened.batch.reject(line.raw, error.code()),
        }
    }
    happened.batch.rewrite_rejected(trace::set_aside);
    happened
}

impl Happened {
    fn take(&mut self, event: Event<'_>, raw: &[u8], zone: Tz) {
        let class = event.class();
        let alarm = event.code.is_some_and(is_alarm);
        if alarm || class == Class::Nobody {
            self.log.push(logged(&event, if alarm { "alarm" } else { "door" }, raw, zone));
        }
        let kind = match class {
            Class::Nobody => return,
            Class::Punch => Kind::Punch,
            Class::Refused => Kind::Refused,
            Class::Unclassified => Kind::Unclassified,
        };
        let punch = In {
            pin: event.pin,
            wall: event.time,
            status: event.status,
            verify: event.verify,
            work_code: "".into(),
            event: event.code,
            door: event.point.and_then(|point| point.try_into().ok()),
            kind,
            raw,
        };
        self.batch.punch(punch, zone);
    }

    /// All of it, in writes that let everybody else's in between. Nothing of it is stored twice, should the machine have to
    /// send it again.
    pub(super) fn work(self, machine: MachineId, sn: &Sn, source: Source) -> Work {
        let Self { batch, mut log } = self;
        let mut parts = batch.parts(LONGEST_WRITE).peekable();
        let mut works = Vec::new();
        while parts.peek().is_some() || !log.is_empty() {
            let later = log.split_off(log.len().min(LONGEST_WRITE));
            let (part, now, sn) = (parts.next(), std::mem::replace(&mut log, later), sn.clone());
            works.push(Work::Store(Box::new(move |tx| {
                machine_events_add(tx, machine, &now)?;
                let Some(batch) = part else { return Ok(Stored::default()) };
                let ingested = punch_ingest(tx, machine, source, &batch)?;
                Ok(Stored { lines: batch.lines(), events: of_punches(&sn, &ingested), ..Stored::default() })
            })));
        }
        Work::Series(works)
    }
}

/// An event for the machine's log. Doors are told by their number; whoever is named did it.
fn logged(event: &Event<'_>, kind: &'static str, raw: &[u8], zone: Tz) -> MachineEvent {
    let nobody = event.class() == Class::Nobody;
    MachineEvent {
        wall: Some(event.time),
        utc_offset: clock::offset_at(zone, event.time),
        code: event.code.unwrap_or(-1),
        operator: if nobody { String::new() } else { event.pin.clone().into_owned() },
        // The machine's own number tells apart what happens at one door in one second.
        objects: event
            .point
            .map(|point| point.to_string())
            .into_iter()
            .chain(event.index.map(|index| format!("#{index}")))
            .collect(),
        kind,
        raw: raw.to_vec(),
    }
}
