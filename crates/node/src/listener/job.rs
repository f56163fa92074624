//! What has to be on disk before a machine is answered (A1).

use std::sync::Arc;

use rollcall_core::punches::{Batch, Ingested, Source, punch_ingest};
use rollcall_core::uploads::upload_keep;
use rollcall_core::{Sn, db};
use rollcall_protocol::attendance::answer;

use super::desk::{Desk, Reply};
use super::trace;
use super::wire::response::{FkAnswer, Status};
use crate::events::Event;
use crate::fleet::{Known, Look};

/// Lines stored in one write: a machine that sends its whole memory takes long, and others' punches must not wait for it.
pub(crate) const LONGEST_WRITE: usize = 250;

/// Something of a machine to be stored.
pub(crate) struct Job {
    pub(crate) machine: Arc<Known>,
    pub(crate) acknowledgement: Acknowledgement,
    pub(crate) work: Work,
}

/// What is stored.
pub(crate) enum Work {
    /// Punches, read already.
    Punches(Batch),
    /// Something a dialect stores in a way of its own.
    Store(Box<StoreFn>),
    /// One after the other, with everybody else's in between; what fails ends it, and the machine sends all of it again.
    Series(Vec<Work>),
    /// The same in several writes, with everybody else's in between; each is made when the one before it is on disk. When
    /// one fails, the machine sends all of it again.
    Parts(Box<dyn Iterator<Item = Box<StoreFn>> + Send>),
    /// Something nothing reads yet.
    Keep { table: String, query: Vec<u8>, body: Vec<u8> },
}

/// Runs on the writing thread; what it answers takes effect after the commit.
pub(crate) type StoreFn = dyn FnOnce(&db::Tx<'_>) -> Result<Stored, db::Error> + Send;

/// What came of storing something.
#[derive(Default)]
pub(crate) struct Stored {
    /// Lines or records taken, where they are counted.
    pub(crate) lines: usize,
    /// What is to be told to whoever watches.
    pub(crate) events: Vec<Event>,
    /// What the machine is told instead of the acknowledgement.
    pub(crate) answer: Option<Answer>,
    /// A look into the machine's queue that found it empty.
    pub(crate) nothing_left: Option<Look>,
    /// Whether the machine's next handshake is to be answered with stamp 0, when that was looked up.
    pub(crate) resend: Option<bool>,
    /// The machine is told to restart.
    pub(crate) restarts: bool,
    /// Commands went out, which have deadlines.
    pub(crate) handed_out: bool,
}

/// An answer that is known only once something is stored.
pub(crate) enum Answer {
    Text(Vec<u8>),
    Fk(FkAnswer),
}

/// What the machine is told when it is on disk.
pub(crate) enum Acknowledgement {
    /// A text, whether or not anything could be stored: an answer that acknowledges nothing.
    Always(Vec<u8>),
    /// An FK answer; `ERROR` when it could not be stored.
    Fk(FkAnswer),
    /// An FK answer, whether or not anything could be stored.
    FkAlways(FkAnswer),
    /// `OK`.
    Plain,
    /// `OK: n`, with the lines of the batch (A3).
    Lines,
    /// `OK: n`.
    Count(usize),
    /// `table=n`, the access dialect's way (A6).
    Named(Vec<u8>),
}

impl Job {
    /// Stores it, then answers the machine: accepted only after the commit, else refused so that it sends it again (A2).
    pub(crate) async fn run(self, desk: &Desk, reply: &mut Reply<'_>) {
        let Self { machine, acknowledgement, work } = self;
        let stored = match store(desk, &machine, work).await {
            Ok(stored) => stored,
            Err(error) => {
                desk.journal.not_stored(&machine.sn, &error);
                match acknowledgement {
                    Acknowledgement::Always(text) => reply.accept(&text),
                    Acknowledgement::FkAlways(answer) => reply.fk(Status::Accepted, &answer),
                    Acknowledgement::Fk(_) => reply.fk(Status::Unavailable, &FkAnswer::code("ERROR")),
                    _ => reply.answer(Status::Unavailable, answer::BUSY),
                };
                return;
            }
        };
        if let Some(look) = stored.nothing_left {
            machine.orders.nothing_left(look);
        }
        if let Some(resend) = stored.resend {
            machine.resend.set(resend);
        }
        if stored.restarts {
            machine.orders.restarts();
        }
        if stored.handed_out {
            desk.fleet.handed_out();
        }
        for event in stored.events {
            desk.events.tell(event);
        }
        let mut body = Vec::with_capacity(16);
        match (stored.answer, acknowledgement) {
            (Some(Answer::Text(text)), _) => body = text,
            (Some(Answer::Fk(answer)), _)
            | (None, Acknowledgement::Fk(answer) | Acknowledgement::FkAlways(answer)) => {
                reply.fk(Status::Accepted, &answer);
                return;
            }
            (None, Acknowledgement::Plain) => body.extend_from_slice(answer::OK),
            (None, Acknowledgement::Lines) => answer::write_count(stored.lines, &mut body),
            (None, Acknowledgement::Count(count)) => answer::write_count(count, &mut body),
            (None, Acknowledgement::Named(text) | Acknowledgement::Always(text)) => body = text,
        }
        reply.accept(&body);
    }
}

async fn store(desk: &Desk, machine: &Known, work: Work) -> Result<Stored, db::Error> {
    let mut batch = match work {
        Work::Punches(batch) => batch,
        Work::Store(write) => return desk.site.write(write).await,
        Work::Series(parts) => {
            let mut all = Stored::default();
            for part in parts {
                let mut stored = Box::pin(store(desk, machine, part)).await?;
                let mut events = std::mem::take(&mut all.events);
                events.append(&mut stored.events);
                all = Stored { lines: all.lines + stored.lines, events, ..stored };
            }
            return Ok(all);
        }
        Work::Parts(parts) => return store_parts(desk, parts).await,
        Work::Keep { table, query, body } => {
            let id = machine.id;
            let query = trace::query(&query);
            return desk
                .site
                .write(move |tx| upload_keep(tx, id, &table, &query, &body))
                .await
                .map(|()| Stored::default());
        }
    };
    machine.receives(&mut batch, desk.fleet.now());
    let (id, lines) = (machine.id, batch.lines());
    // One after the other, with everybody else's in between. When one fails, the machine sends all of it again, and what
    // is stored already is stored once.
    for part in batch.parts(LONGEST_WRITE) {
        let stored = desk.site.write(move |tx| punch_ingest(tx, id, Source::Live, &part)).await?;
        for event in of_punches(&machine.sn, &stored) {
            desk.events.tell(event);
        }
    }
    Ok(Stored { lines, ..Stored::default() })
}

/// What is told of punches that were stored.
pub(crate) fn of_punches(sn: &Sn, stored: &Ingested) -> Vec<Event> {
    let news = !stored.new.is_empty() || stored.rejected > 0;
    let ids = stored.new.iter().map(|punch| punch.0).collect();
    let punches = news.then(|| Event::Punch { sn: sn.clone(), ids });
    let jobs = stored.jobs.iter().map(|job| Event::Job { id: job.0 });
    punches.into_iter().chain(jobs).collect()
}

async fn store_parts(
    desk: &Desk,
    parts: Box<dyn Iterator<Item = Box<StoreFn>> + Send>,
) -> Result<Stored, db::Error> {
    let mut all = Stored::default();
    for part in parts {
        let stored = desk.site.write(part).await?;
        all.lines += stored.lines;
        all.events.extend(
            stored.events.into_iter().filter(|event| !all.events.contains(event)).collect::<Vec<_>>(),
        );
    }
    Ok(all)
}
