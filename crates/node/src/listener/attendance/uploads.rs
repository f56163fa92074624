//! Uploads: punches, people, templates, pictures, and what nothing reads. All of it is on disk before it is acknowledged, a
//! line nobody can read disturbs no other (P6), and what nothing reads is kept as it came (A4).

use std::borrow::Cow;
use std::sync::Arc;

use rollcall_core::commands::commands_settle;
use rollcall_core::enrolments::{people_seen, person_gone, templates_keep};
use rollcall_core::machine_log::{MachineEvent, machine_events_add};
use rollcall_core::machines::{MachineId, Report};
use rollcall_core::pictures::{self, picture_keep};
use rollcall_core::punches::Batch;
use rollcall_core::reuploads::Answers;
use rollcall_core::uploads::upload_keep;
use rollcall_core::{Sn, db};
use rollcall_protocol::attendance::picture::Picture;
use rollcall_protocol::attendance::{Table, answer, fields};
use rollcall_protocol::http::Endpoint;

use super::super::desk::{Caller, Case, Desk, Input, Outcome, Reply};
use super::super::job::{Acknowledgement, Job, StoreFn, Stored, Work};
use super::super::trace;
use super::super::wire::response::Status;
use super::heard;
use super::reading::{Part, Reading};
use crate::events::Event;
use crate::fleet::{self, Known};

/// Whether an upload too large to be taken may be lost (A7).
fn is_picture(table: Table) -> bool {
    matches!(table, Table::AttPhoto | Table::BioPhoto | Table::UserPic)
}

/// Whether its lines are read by [`Reading`].
fn holds_records(table: Table) -> bool {
    matches!(
        table,
        Table::OperLog
            | Table::UserInfo
            | Table::FingerTmp
            | Table::Face
            | Table::FVein
            | Table::BioData
            | Table::BioPhoto
            | Table::UserPic
            | Table::ErrorLog
    )
}

pub(super) fn upload(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    table: Table,
    input: Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    let Some(known) = caller.trusted() else {
        heard(desk, case, caller);
        return reply.answer(Status::Unavailable, caller.refusal());
    };
    let body = match input {
        // Acknowledged without reading it: a picture may be lost, a machine that repeats it for ever blocks its punches.
        Input::TooLarge if is_picture(table) => return reply.accept(answer::OK),
        Input::TooLarge | Input::Endless => return reply.answer(Status::TooLarge, b"TOO LARGE"),
        // It was thrown away for a stranger who has been adopted meanwhile.
        Input::Discarded | Input::NoMemory => return reply.answer(Status::Unavailable, answer::BUSY),
        Input::Here([]) => return reply.accept(answer::OK),
        Input::Kept(bytes) if bytes.is_empty() => return reply.accept(answer::OK),
        Input::Here(bytes) => Cow::Borrowed(bytes),
        Input::Kept(bytes) => Cow::Owned(bytes),
    };
    let machine = Arc::clone(known);
    let job = match table {
        Table::AttLog => {
            let mut batch = Batch::parse(&body, case.now, known.time_zone());
            batch.rewrite_rejected(trace::set_aside);
            batch.answers(Answers::Perhaps);
            Job { machine, acknowledgement: Acknowledgement::Lines, work: Work::Punches(batch) }
        }
        Table::AttPhoto => match picture(known, &body) {
            Some(work) => Job { machine, acknowledgement: Acknowledgement::Plain, work },
            None => keep(desk, case, known, table, body),
        },
        table if holds_records(table) => records(desk, case, known, table, body),
        _ => keep(desk, case, known, table, body),
    };
    Outcome::Store(Box::new(job))
}

/// What a table is kept under.
fn name_of(case: &Case<'_>, table: Table) -> String {
    match (table.name(), case.endpoint) {
        (Some(name), _) => name.to_owned(),
        (None, Endpoint::Event) => "event".to_owned(),
        (None, _) => fleet::value(&case.target.query.text("table").unwrap_or_default()),
    }
}

/// What nothing reads is kept as it came (A4).
fn keep(desk: &Desk, case: &Case<'_>, known: &Arc<Known>, table: Table, body: Cow<'_, [u8]>) -> Job {
    let query = &case.target.query;
    let name = name_of(case, table);
    desk.journal.not_understood(&known.sn, &name, body.len());
    let acknowledgement = match case.endpoint {
        _ if table.is_counted() => Acknowledgement::Count(fields::lines(&body).count()),
        _ => Acknowledgement::Plain,
    };
    Job {
        machine: Arc::clone(known),
        acknowledgement,
        work: Work::Keep { table: name, query: query.raw().to_vec(), body: body.into_owned() },
    }
}

/// A picture of an identification; nothing for a body that is none.
fn picture(known: &Known, body: &[u8]) -> Option<Work> {
    let picture = Picture::parse(body)?;
    let (id, wall) = (known.id, picture.time());
    let (name, pin) = (fleet::value(&picture.name), picture.pin().map(fleet::value));
    let data = picture.data.into_owned();
    Some(Work::Store(Box::new(move |tx| {
        picture_keep(tx, id, &pictures::Picture { name: &name, pin, wall, data: &data })?;
        Ok(Stored::default())
    })))
}

/// People, templates, operations.
fn records(desk: &Desk, case: &Case<'_>, known: &Arc<Known>, table: Table, body: Cow<'_, [u8]>) -> Job {
    let from = Arc::new(Origin { name: name_of(case, table), query: trace::query(case.target.query.raw()) });
    let machine = Arc::clone(known);
    let parts = Reading::new(body.into_owned(), table, known.time_zone(), case.now).map(move |part| {
        if let Some(encoding) = part.encoding {
            // How it is written to from now on.
            machine.said(Report { seen_encoding: Some(encoding), ..Report::default() });
        }
        let (id, sn, from) = (machine.id, machine.sn.clone(), Arc::clone(&from));
        let store: Box<StoreFn> = Box::new(move |tx| store(tx, id, &sn, &from, &part));
        store
    });
    desk.fleet.nudge();
    Job {
        machine: Arc::clone(known),
        acknowledgement: Acknowledgement::Lines,
        work: Work::Parts(Box::new(parts)),
    }
}

/// Where lines come from that nothing reads.
struct Origin {
    name: String,
    query: String,
}

fn store(tx: &db::Tx<'_>, id: MachineId, sn: &Sn, from: &Origin, part: &Part) -> Result<Stored, db::Error> {
    people_seen(tx, id, &part.people)?;
    templates_keep(tx, id, &part.templates)?;
    let mut run: Vec<MachineEvent> = Vec::new();
    for happened in &part.events {
        run.push(happened.event.clone());
        let Some(pin) = &happened.gone else { continue };
        let Some(last) = run.pop() else { continue };
        machine_events_add(tx, id, &std::mem::take(&mut run))?;
        // What is known already was heeded when it came first: somebody registered again since then is there (D7).
        if machine_events_add(tx, id, &[last])? > 0 {
            person_gone(tx, id, pin)?;
        }
    }
    machine_events_add(tx, id, &run)?;
    if !part.raw.is_empty() {
        upload_keep(tx, id, &from.name, &from.query, &part.raw)?;
    }
    let settled = commands_settle(tx, id, &part.refused)?;
    let mut events: Vec<_> = settled.iter().map(|command| Event::command(sn, command)).collect();
    events.push(Event::Machine { sn: sn.clone(), stranger: false });
    Ok(Stored { lines: part.lines, events, ..Stored::default() })
}
