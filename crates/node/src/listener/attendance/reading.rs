//! Uploads of people, templates and operations, read into what is to be stored. Nothing here knows the database.

use chrono_tz::Tz;
use rollcall_core::clock::{self, Timestamp};
use rollcall_core::commands::Settled;
use rollcall_core::enrolments::SeenPerson;
use rollcall_core::machine_log::MachineEvent;
use rollcall_protocol::attendance::operlog::{self, ErrorLine, Line, Operation, OperationKind, Record};
use rollcall_protocol::attendance::user::{self, User};
use rollcall_protocol::attendance::{Table, codes};
use rollcall_protocol::order::Template;
use rollcall_protocol::text::{self, Encoding};

use crate::fleet;

/// Records stored in one write: others' punches must not wait for a machine that sends everybody it knows.
const LONGEST_WRITE: usize = 250;
/// Bytes of templates and of what nothing reads in one write; sealing and writing them takes its time.
const LARGEST_WRITE: usize = 256 * 1024;

/// An upload, read part by part while it is being stored: what is in it may take many times the memory of its bytes.
pub(super) struct Reading {
    body: Vec<u8>,
    /// So much of it is read.
    at: usize,
    table: Table,
    zone: Tz,
    now: Timestamp,
    /// The first line of the next part.
    ahead: Option<Said>,
}

/// What goes into one write. Within a part, people come before templates and both before what happened.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) people: Vec<SeenPerson>,
    pub(super) templates: Vec<Template>,
    pub(super) events: Vec<Happened>,
    /// Photos we sent and the machine refused.
    pub(super) refused: Vec<Settled>,
    /// Lines that nothing reads, as they came (P6).
    pub(super) raw: Vec<u8>,
    /// What the names in it are written in, the last one that tells.
    pub(super) encoding: Option<Encoding>,
    /// How many lines of the upload it is made of.
    pub(super) lines: usize,
    records: usize,
    bytes: usize,
}

/// An entry of the machine's log, and who was deleted by it.
#[derive(Debug)]
pub(super) struct Happened {
    pub(super) event: MachineEvent,
    pub(super) gone: Option<String>,
}

/// What one line says.
enum Said {
    Person(Box<SeenPerson>, Option<Encoding>),
    Template(Template),
    Happened(Happened, Option<Settled>),
    /// Nothing that is read.
    Raw(Vec<u8>),
}

impl Reading {
    /// A body of a machine in `zone`.
    pub(super) fn new(body: Vec<u8>, table: Table, zone: Tz, now: Timestamp) -> Self {
        Self { body, at: 0, table, zone, now, ahead: None }
    }

    fn line(&mut self) -> Option<Said> {
        loop {
            let rest = self.body.get(self.at..).filter(|rest| !rest.is_empty())?;
            let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            self.at += end + 1;
            let line = rest.get(..end).unwrap_or_default();
            // None of a line of blanks.
            if let Some(line) = operlog::lines(line, self.table).next() {
                return Some(said(line, self.zone, self.now));
            }
        }
    }
}

impl Iterator for Reading {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        let mut part = Part::default();
        while let Some(said) = self.ahead.take().or_else(|| self.line()) {
            if part.ends_before(&said) {
                self.ahead = Some(said);
                break;
            }
            part.take(said);
        }
        (part.lines > 0).then_some(part)
    }
}

impl Part {
    fn ends_before(&self, said: &Said) -> bool {
        let full = self.records >= LONGEST_WRITE || self.bytes >= LARGEST_WRITE;
        // What is said about somebody after they were deleted belongs into another part.
        let about_somebody = matches!(said, Said::Person(..) | Said::Template(_));
        full || (about_somebody && self.events.iter().any(|happened| happened.gone.is_some()))
    }

    fn take(&mut self, said: Said) {
        self.lines += 1;
        // What nothing reads is one row in all.
        self.records += usize::from(!matches!(said, Said::Raw(_)));
        match said {
            Said::Person(person, encoding) => {
                self.people.push(*person);
                self.encoding = encoding.or(self.encoding);
            }
            Said::Template(template) => {
                self.bytes += template.data.len();
                self.templates.push(template);
            }
            Said::Happened(happened, refused) => {
                self.events.push(happened);
                self.refused.extend(refused);
            }
            Said::Raw(line) => {
                self.bytes += line.len();
                self.raw.extend_from_slice(&line);
                self.raw.push(b'\n');
            }
        }
    }
}

fn said(line: Line<'_>, zone: Tz, now: Timestamp) -> Said {
    match line.record {
        Ok(Record::User(user)) => {
            Said::Person(Box::new(person(&user, fleet::offset_at(zone, now))), text::detect(line.raw))
        }
        Ok(Record::Template(template)) => Said::Template(template),
        Ok(Record::Operation(operation)) => Said::Happened(happened(&operation, line.raw, zone), None),
        Ok(Record::Error(error)) => {
            Said::Happened(Happened { event: fault(&error, line.raw), gone: None }, refused(&error))
        }
        // Nothing shows these yet, or nobody can read them.
        Ok(Record::WorkCode(_) | Record::IdCard(_)) | Err(_) => Said::Raw(line.raw.to_vec()),
    }
}

fn person(user: &User<'_>, utc_offset: i32) -> SeenPerson {
    let text = |value: &Option<std::borrow::Cow<'_, str>>| value.as_deref().map(str::to_owned);
    let moment = |value: &Option<std::borrow::Cow<'_, str>>| {
        let said = value.as_deref()?;
        let unlimited = said.trim_matches(['0', ' ']).is_empty();
        let wall = user::moment(said, utc_offset).map(|wall| wall.to_string());
        Some(wall.unwrap_or_else(|| if unlimited { String::new() } else { said.to_owned() }))
    };
    let privilege = user.privilege_code.as_ref();
    SeenPerson {
        pin: user.pin.to_string(),
        name: text(&user.name),
        privilege: privilege.map(|_| user.privilege()),
        raw_privilege: text(&user.privilege_code),
        inactive: privilege.map(|_| user.inactive()),
        card: user.card.as_ref().map(|_| user.card_number().into_owned()),
        password: text(&user.password),
        group: text(&user.group),
        verify: text(&user.verify),
        valid_from: moment(&user.start),
        valid_to: moment(&user.end),
        uid: None,
    }
}

fn happened(operation: &Operation<'_>, raw: &[u8], zone: Tz) -> Happened {
    let kind = match operation.kind() {
        OperationKind::Operation => "operation",
        OperationKind::Enrolment => "enrolment",
        OperationKind::Door => "door",
        OperationKind::Alarm => "alarm",
    };
    let event = MachineEvent {
        wall: operation.time,
        utc_offset: operation.time.map_or(0, |wall| clock::offset_at(zone, wall)),
        code: operation.code,
        operator: operation.operator.to_string(),
        objects: operation.objects.iter().map(ToString::to_string).collect(),
        kind,
        raw: raw.to_vec(),
    };
    Happened { event, gone: operation.person_gone().map(str::to_owned) }
}

/// An error the machine reports; its code is not a number, so it stands with the objects.
fn fault(error: &ErrorLine<'_>, raw: &[u8]) -> MachineEvent {
    let command = error.of_command().map(|id| id.to_string()).unwrap_or_default();
    MachineEvent {
        wall: None,
        utc_offset: 0,
        code: 0,
        operator: String::new(),
        objects: vec![error.code.to_string(), error.message.to_string(), command],
        kind: "error",
        raw: raw.to_vec(),
    }
}

/// Why a photo we sent was refused.
fn refused(error: &ErrorLine<'_>) -> Option<Settled> {
    let words = [error.code.as_ref(), error.message.as_ref()].join(" ");
    Some(Settled {
        id: error.of_command()?.into(),
        code: None,
        ok: false,
        reason: Some(codes::photo(&error.code).to_owned()),
        detail: Some(words.trim().to_owned()).filter(|words| !words.is_empty()),
        ..Settled::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        clock::from_millis(1_783_301_400_000)
    }

    fn read(body: impl Into<Vec<u8>>) -> Vec<Part> {
        Reading::new(body.into(), Table::OperLog, chrono_tz::Asia::Shanghai, now()).collect()
    }

    fn read_one(body: impl Into<Vec<u8>>) -> Part {
        let mut parts = read(body);
        assert_eq!(parts.len(), 1);
        parts.remove(0)
    }

    #[test]
    fn p7_what_is_said_of_somebody_after_their_deletion_counts_and_what_was_said_before_does_not() {
        let gone = "OPLOG 9\t1\t2026-07-06 09:01:07\t7\n";
        let parts = read(format!("USER PIN=7\tName=A\nUSER PIN=8\n\n{gone}USER PIN=7\tName=B"));
        let people: Vec<Vec<_>> =
            parts.iter().map(|part| part.people.iter().map(|person| person.pin.as_str()).collect()).collect();
        assert_eq!(people, [vec!["7", "8"], vec!["7"]]);
        assert_eq!(parts[0].events[0].gone.as_deref(), Some("7"));
        assert_eq!(parts.iter().map(|part| part.lines).sum::<usize>(), 4);
    }

    #[test]
    fn what_a_line_leaves_out_is_not_said() {
        let person = read_one("USER PIN=7\tCard=[15CD5B07]\tEndDatetime=1782835200\tStartDatetime=0\n");
        let person = &person.people[0];
        assert_eq!((person.name.as_deref(), person.privilege, person.inactive), (None, None, None));
        assert_eq!(person.card.as_deref(), Some("123456789"));
        assert_eq!(person.valid_from.as_deref(), Some(""));
        assert_eq!(person.valid_to.as_deref(), Some("2026-07-01 00:00:00"));
        let person = read_one("USER PIN=7\tPri=3\tEndDatetime=never\n");
        let person = &person.people[0];
        assert_eq!(person.privilege, Some(rollcall_protocol::order::Privilege::Registrar));
        assert_eq!((person.inactive, person.raw_privilege.as_deref()), (Some(true), Some("3")));
        assert_eq!(person.valid_to.as_deref(), Some("never"));
    }

    #[test]
    fn p6_what_nothing_reads_stays_as_it_came() {
        let body = "NEW 1\nUSER PIN=7\nWORKCODE PIN=1\tCODE=2\tNAME=x\nFP PIN=7\tTMP=@\n";
        assert_eq!(read_one(body).raw, b"NEW 1\nWORKCODE PIN=1\tCODE=2\tNAME=x\nFP PIN=7\tTMP=@\n");
    }

    #[test]
    fn p5_the_last_name_that_tells_says_what_a_machine_writes_in() {
        assert_eq!(read_one("USER PIN=1\tName=Li\n").encoding, None);
        assert_eq!(read_one("USER PIN=1\tName=李\nUSER PIN=2\tName=Li\n").encoding, Some(Encoding::Utf8));
        let chinese = b"USER PIN=1\tName=\xe6\x9d\x8e\nUSER PIN=1\tName=\xc0\xee\n";
        assert_eq!(read_one(chinese).encoding, Some(Encoding::Gb18030));
    }

    #[test]
    fn s2_everybody_a_machine_knows_does_not_go_into_one_write() {
        let people: String = (1..=1200).map(|pin| format!("USER PIN={pin}\tName=A\n")).collect();
        let sizes: Vec<_> = read(people).iter().map(|part| part.people.len()).collect();
        assert_eq!(sizes, [250, 250, 250, 250, 200]);
        let face = "A".repeat(100_000);
        let faces: String = (1..=9).map(|pin| format!("BIODATA Pin={pin}\tType=9\tTmp={face}\n")).collect();
        let sizes: Vec<_> = read(faces).iter().map(|part| part.templates.len()).collect();
        assert_eq!(sizes, [4, 4, 1]);
        let rubbish = "?".repeat(150_000) + "\n";
        assert_eq!(
            read(rubbish.repeat(3)).iter().map(|part| part.raw.len()).collect::<Vec<_>>(),
            [300_002, 150_001]
        );
        assert_eq!(read("?\n".repeat(10_000)).len(), 1, "a row, however many lines");
    }

    #[test]
    fn a_refused_photo_is_told_to_whoever_sent_it() {
        let part = read_one(
            "ERRORLOG ErrCode=D01E0001\tErrMsg=\tDataOrigin=cmd\tCmdId=4711\tAdditional=UElOPTEwMDM=\n",
        );
        assert_eq!((part.refused[0].id, part.refused[0].reason.as_deref()), (4711, Some("photo.no_face")));
        assert_eq!(part.events[0].event.kind, "error");
        let of_its_own = read_one("ERRORLOG ErrCode=D01E0001\tDataOrigin=dev\tCmdId=4711\n");
        assert!(of_its_own.refused.is_empty() && of_its_own.events.len() == 1);
    }
}
