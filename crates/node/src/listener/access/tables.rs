//! Tables: what a machine sends of itself (`tabledata`), and what it was asked for (`querydata`) (access-push §7, §9).

use std::borrow::Cow;
use std::sync::Arc;

use rollcall_core::commands::{Settled, commands_settle};
use rollcall_core::enrolments::{SeenPerson, people_seen, templates_keep};
use rollcall_core::machine_log::{MachineEvent, machine_events_add};
use rollcall_core::machines::{MachineId, Report, Reported};
use rollcall_core::pictures::{self, picture_keep};
use rollcall_core::punches::Source;
use rollcall_core::reuploads::Answers;
use rollcall_core::uploads::upload_keep;
use rollcall_core::{Sn, db};
use rollcall_protocol::access::answer::write_count;
use rollcall_protocol::access::errors::MachineError;
use rollcall_protocol::access::people::User;
use rollcall_protocol::access::row::{Row, Table, rows};
use rollcall_protocol::access::{answer as words, templates};
use rollcall_protocol::attendance::codes::photo;
use rollcall_protocol::attendance::{answer, fields, options};
use rollcall_protocol::http::Query;
use rollcall_protocol::order::Template;
use rollcall_protocol::querydata::QueryData;
use rollcall_protocol::text;

use super::super::desk::{Caller, Case, Desk, Input, Outcome, Reply};
use super::super::job::{Acknowledgement, Job, Stored, Work};
use super::super::trace;
use super::super::wire::response::Status;
use super::{events, taken};
use crate::events::Event;
use crate::fleet::{self, Known};

/// Rows, and about how many bytes of them, that are stored in one write.
const MOST_ROWS: usize = 500;
const MOST_BYTES: usize = 512 * 1024;
/// Longest table name that is repeated to a machine.
const LONGEST_TABLE: usize = 32;

/// How a table came here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// By itself.
    Sent,
    /// As the answer to a query.
    Asked,
}

/// `POST cdata` with a table, or with anything nobody knows.
pub(super) fn upload(
    desk: &Desk,
    case: &Case<'_>,
    known: &Arc<Known>,
    input: Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    let query = &case.target.query;
    let name = query.text("tablename").unwrap_or_default();
    if matches!(input, Input::TooLarge) && Table::parse(&name).is_some_and(is_picture) {
        // A picture may be lost; a machine that repeats it for ever blocks its events (A7).
        return reply.accept(&named(query, &name, 1).unwrap_or_else(|| answer::OK.to_vec()));
    }
    match taken(input) {
        Ok(body) if body.is_empty() && name.is_empty() => reply.accept(answer::OK),
        Ok(body) => take(desk, case, known, &name, body, Origin::Sent),
        Err((status, text)) => reply.answer(status, text),
    }
}

fn is_picture(table: Table) -> bool {
    matches!(table, Table::AttPhoto | Table::BioPhoto | Table::UserPic)
}

/// `POST querydata`: a part of the answer to a query. Parts are repeated when an answer to them was lost; storing a row
/// twice changes nothing, so they need not be counted.
pub(super) fn query_data(
    desk: &Desk,
    case: &Case<'_>,
    caller: &Caller<'_>,
    input: Input<'_>,
    reply: &mut Reply<'_>,
) -> Outcome {
    let Some(known) = caller.trusted() else {
        super::heard(desk, case, caller);
        return reply.answer(Status::Unavailable, caller.refusal());
    };
    let body = match taken(input) {
        Ok(body) => body,
        Err((status, text)) => return reply.answer(status, text),
    };
    let data = QueryData::from_query(&case.target.query);
    let is = |kind: &str| data.kind.eq_ignore_ascii_case(kind);
    if is("options") {
        known.said(fleet::of_options(&options::parse(&body)));
        desk.fleet.nudge();
        return reply.accept(answer::OK);
    }
    if is("count") {
        if let Some((table, count)) = words::parse_count(&body) {
            counted(desk, known, table, count);
            if let Some(answer) = named(&Query::default(), table, count) {
                return reply.accept(&answer);
            }
        }
        return reply
            .accept(&named(&case.target.query, &data.table, 1).unwrap_or_else(|| answer::OK.to_vec()));
    }
    take(desk, case, known, &data.table, body, Origin::Asked)
}

/// `user=17`: what a machine holds by its own count.
fn counted(desk: &Desk, known: &Known, table: &str, count: usize) {
    let count = u32::try_from(count).ok();
    let reported = match Table::parse(table) {
        Some(Table::User) => Reported { people: count, ..Reported::default() },
        Some(Table::TemplateV10) => Reported { fingerprints: count, ..Reported::default() },
        Some(Table::Transaction) => Reported { punches: count, ..Reported::default() },
        _ => return,
    };
    known.said(Report { reported, ..Report::default() });
    desk.fleet.nudge();
}

/// `table=count` (A6): the table as the request spells it, the number it gives or else the lines it had. Nothing when there
/// is no table that could be repeated.
fn named(query: &Query<'_>, table: &str, lines: usize) -> Option<Vec<u8>> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let fits = (1..=LONGEST_TABLE).contains(&table.len()) && table.bytes().all(plain);
    let count = query.text("count").and_then(|count| count.parse().ok()).unwrap_or(lines);
    fits.then(|| {
        let mut answer = Vec::with_capacity(table.len() + 8);
        write_count(table, count, &mut answer);
        answer
    })
}

/// Reads a table and has it stored.
fn take(
    desk: &Desk,
    case: &Case<'_>,
    known: &Arc<Known>,
    name: &str,
    body: Cow<'_, [u8]>,
    origin: Origin,
) -> Outcome {
    let query = &case.target.query;
    let acknowledgement = match named(query, name, fields::lines(&body).count()) {
        Some(answer) => Acknowledgement::Named(answer),
        None => Acknowledgement::Plain,
    };
    let work = match Table::parse(name) {
        Some(Table::Transaction) => {
            let mut happened = events::read(&body, case.now, known.time_zone());
            known.marks(&mut happened.batch, case.now);
            let command = QueryData::from_query(query).command;
            let (source, answers) = match (origin, command) {
                (Origin::Asked, Some(id)) => (Source::Reupload, Answers::Command(id.into())),
                (Origin::Asked, None) => (Source::Reupload, Answers::Perhaps),
                // Some send what they were asked for as if they did so by themselves.
                (Origin::Sent, _) => (Source::Live, Answers::Perhaps),
            };
            happened.batch.answers(answers);
            happened.work(known.id, &known.sn, source)
        }
        Some(table) if is_read(table) => {
            let parts = Rows::read(table, &body);
            if let Some(encoding) = parts.iter().find_map(|rows| rows.encoding) {
                known.said(Report { seen_encoding: Some(encoding), ..Report::default() });
            }
            let query = trace::query(query.raw());
            let store = |rows: Rows| {
                let (id, sn, name, query) = (known.id, known.sn.clone(), name.to_owned(), query.clone());
                Work::Store(Box::new(move |tx| rows.store(tx, id, &sn, &name, &query)))
            };
            Work::Series(parts.into_iter().map(store).collect())
        }
        _ => {
            let table = kept_as(query, name);
            desk.journal.not_understood(&known.sn, &table, body.len());
            Work::Keep { table, query: query.raw().to_vec(), body: body.into_owned() }
        }
    };
    Outcome::Store(Box::new(Job { machine: Arc::clone(known), acknowledgement, work }))
}

/// The name a body is kept under that nothing reads.
fn kept_as(query: &Query<'_>, name: &str) -> String {
    let table = query.text("table").unwrap_or_default();
    fleet::value(if name.is_empty() { &table } else { name })
}

/// Whether the rows of a table have a place of their own. The others are kept as they came: extra names and cards of
/// people, ID cards that were read, and who may open which door, which is ours to say.
fn is_read(table: Table) -> bool {
    !matches!(table, Table::ExtUser | Table::MulCardUser | Table::IdentityCard | Table::UserAuthorize)
}

/// What the rows of an upload say.
#[derive(Default)]
struct Rows {
    people: Vec<SeenPerson>,
    templates: Vec<Template>,
    pictures: Vec<Picture>,
    log: Vec<MachineEvent>,
    settled: Vec<Settled>,
    /// Rows that say nothing readable, kept as they came.
    left: Vec<u8>,
    encoding: Option<text::Encoding>,
}

struct Picture {
    name: String,
    pin: Option<String>,
    wall: Option<rollcall_protocol::WallTime>,
    data: Vec<u8>,
}

impl Rows {
    /// Reads a body, in parts that do not keep others' punches from the disk for long.
    fn read(table: Table, body: &[u8]) -> Vec<Self> {
        let mut parts: Vec<Self> = Vec::new();
        let (mut count, mut bytes) = (0, 0);
        for row in rows(body) {
            if count % MOST_ROWS == 0 || bytes > MOST_BYTES {
                parts.push(Self::default());
                (count, bytes) = (0, 0);
            }
            let Some(part) = parts.last_mut() else { break };
            count += 1;
            bytes += row.raw.len();
            if !part.take(table, &row) {
                part.left.extend_from_slice(row.raw);
                part.left.push(b'\n');
            }
        }
        parts
    }

    /// Whether there was anything readable in the row.
    fn take(&mut self, table: Table, row: &Row<'_>) -> bool {
        match table {
            Table::User => {
                let Some(person) = person(row) else { return false };
                self.encoding = text::detect(row.raw).or(self.encoding);
                self.people.push(person);
            }
            Table::ErrorLog => {
                let Some(error) = MachineError::of(row) else { return false };
                self.error(&error, row.raw);
            }
            Table::AttPhoto => {
                let Some(picture) = templates::picture(row) else { return false };
                self.pictures.push(Picture {
                    name: picture.name.clone().into_owned(),
                    pin: picture.pin().map(str::to_owned),
                    wall: picture.time(),
                    data: picture.data.into_owned(),
                });
            }
            _ => {
                let Ok(template) = templates::template(table, row) else { return false };
                self.templates.push(template);
            }
        }
        true
    }

    fn error(&mut self, error: &MachineError<'_>, raw: &[u8]) {
        let about = [error.about.as_str(), &error.words].join(" ").trim().to_owned();
        let command = error.command.map(|id| id.to_string()).unwrap_or_default();
        self.log.push(MachineEvent {
            wall: None,
            utc_offset: 0,
            code: 0,
            operator: String::new(),
            objects: vec![error.code.clone().into_owned(), about.clone(), command],
            kind: "error",
            raw: raw.to_vec(),
        });
        if let Some(id) = error.command {
            self.settled.push(Settled {
                id: i64::from(id),
                code: None,
                ok: false,
                reason: Some(photo(&error.code).to_owned()),
                detail: Some(format!("{} {about}", error.code).trim_end().to_owned()),
                ..Settled::default()
            });
        }
    }

    fn store(
        &self,
        tx: &db::Tx<'_>,
        machine: MachineId,
        sn: &Sn,
        table: &str,
        query: &str,
    ) -> Result<Stored, db::Error> {
        people_seen(tx, machine, &self.people)?;
        templates_keep(tx, machine, &self.templates)?;
        for Picture { name, pin, wall, data } in &self.pictures {
            picture_keep(tx, machine, &pictures::Picture { name, pin: pin.clone(), wall: *wall, data })?;
        }
        machine_events_add(tx, machine, &self.log)?;
        let changed = commands_settle(tx, machine, &self.settled)?;
        if !self.left.is_empty() {
            upload_keep(tx, machine, table, query, &self.left)?;
        }
        let events = changed.iter().map(|command| Event::command(sn, command)).collect();
        Ok(Stored { events, ..Stored::default() })
    }
}

/// A person as the row says; what it leaves out stays as it was.
fn person(row: &Row<'_>) -> Option<SeenPerson> {
    let user = User::of(row.clone())?;
    let said = |name: &str| row.get(name).map(str::to_owned);
    let has = |name: &str| row.get(name).is_some();
    Some(SeenPerson {
        pin: user.pin.clone().into_owned(),
        name: said("name"),
        privilege: has("privilege").then(|| user.privilege()),
        raw_privilege: said("privilege"),
        inactive: (has("privilege") || has("disable")).then(|| user.inactive()),
        card: said("cardno").map(|card| if card == "0" { String::new() } else { card }),
        password: said("password"),
        group: said("group"),
        verify: said("verify"),
        valid_from: said("starttime"),
        valid_to: said("endtime"),
        uid: said("uid"),
    })
}
