//! Uploads of people, templates and operations, read into what is to be stored. Nothing here knows the database: a long
//! body is read on a thread of its own.

use chrono_tz::Tz;
use rollcall_core::clock::{self, Timestamp};
use rollcall_core::commands::Settled;
use rollcall_core::enrolments::SeenPerson;
use rollcall_core::machine_log::MachineEvent;
use rollcall_protocol::attendance::operlog::{self, ErrorLine, Operation, OperationKind, Record};
use rollcall_protocol::attendance::user::{self, User};
use rollcall_protocol::attendance::{Table, codes};
use rollcall_protocol::order::Template;
use rollcall_protocol::text::{self, Encoding};

use crate::fleet;

/// Records stored in one write: others' punches must not wait for a machine that sends everybody it knows.
const LONGEST_WRITE: usize = 500;
/// Bytes of templates in one write; sealing them takes its time.
const LARGEST_WRITE: usize = 1024 * 1024;

/// What an upload says, in the order it says it.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) parts: Vec<Part>,
    /// Lines that hold something.
    pub(super) lines: usize,
    /// Lines that nothing reads, as they came (P6).
    pub(super) raw: Vec<u8>,
    /// How many of those nobody can read at all.
    pub(super) unreadable: usize,
    /// What the names in it are written in, the last one that tells.
    pub(super) encoding: Option<Encoding>,
}

/// What goes into one write. Within a part, people come before templates and both before what happened.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) people: Vec<SeenPerson>,
    pub(super) templates: Vec<Template>,
    pub(super) events: Vec<Happened>,
    /// Photos we sent and the machine refused.
    pub(super) refused: Vec<Settled>,
    bytes: usize,
}

/// An entry of the machine's log, and who was deleted by it.
#[derive(Debug)]
pub(super) struct Happened {
    pub(super) event: MachineEvent,
    pub(super) gone: Option<String>,
}

impl Part {
    fn is_empty(&self) -> bool {
        self.people.is_empty()
            && self.templates.is_empty()
            && self.events.is_empty()
            && self.refused.is_empty()
    }

    fn is_full(&self) -> bool {
        let records = self.people.len() + self.templates.len() + self.events.len() + self.refused.len();
        records >= LONGEST_WRITE || self.bytes >= LARGEST_WRITE
    }

    /// Whether somebody was deleted in it: what is said about them later belongs into another part.
    fn lost_somebody(&self) -> bool {
        self.events.iter().any(|happened| happened.gone.is_some())
    }
}

/// Reads a body of a machine in `zone`.
pub(super) fn read(body: &[u8], table: Table, zone: Tz, now: Timestamp) -> Reading {
    let mut reading = Reading::default();
    let mut part = Part::default();
    for line in operlog::lines(body, table) {
        reading.lines += 1;
        let more_of_them = matches!(&line.record, Ok(Record::User(_) | Record::Template(_)));
        if part.is_full() || (more_of_them && part.lost_somebody()) {
            reading.parts.push(std::mem::take(&mut part));
        }
        match line.record {
            Ok(Record::User(user)) => {
                reading.encoding = text::detect(line.raw).or(reading.encoding);
                part.people.push(person(&user, fleet::offset_at(zone, now)));
            }
            Ok(Record::Template(template)) => {
                part.bytes += template.data.len();
                part.templates.push(template);
            }
            Ok(Record::Operation(operation)) => part.events.push(happened(&operation, line.raw, zone)),
            Ok(Record::Error(error)) => {
                part.refused.extend(refused(&error));
                part.events.push(Happened { event: fault(&error, line.raw), gone: None });
            }
            // Nothing shows these yet.
            Ok(Record::WorkCode(_) | Record::IdCard(_)) => reading.keep(line.raw),
            Err(_) => {
                reading.unreadable += 1;
                reading.keep(line.raw);
            }
        }
    }
    if !part.is_empty() {
        reading.parts.push(part);
    }
    reading
}

impl Reading {
    fn keep(&mut self, line: &[u8]) {
        self.raw.extend_from_slice(line);
        self.raw.push(b'\n');
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
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        clock::from_millis(1_783_301_400_000)
    }

    fn read_all(body: &str) -> Reading {
        read(body.as_bytes(), Table::OperLog, chrono_tz::Asia::Shanghai, now())
    }

    #[test]
    fn p7_what_is_said_of_somebody_after_their_deletion_counts_and_what_was_said_before_does_not() {
        let gone = "OPLOG 9\t1\t2026-07-06 09:01:07\t7\n";
        let reading = read_all(&format!("USER PIN=7\tName=A\nUSER PIN=8\n{gone}USER PIN=7\tName=B\n"));
        let people: Vec<Vec<_>> = reading
            .parts
            .iter()
            .map(|part| part.people.iter().map(|person| person.pin.as_str()).collect())
            .collect();
        assert_eq!(people, [vec!["7", "8"], vec!["7"]]);
        assert_eq!(reading.parts[0].events[0].gone.as_deref(), Some("7"));
        assert_eq!(reading.lines, 4);
    }

    #[test]
    fn what_a_line_leaves_out_is_not_said() {
        let person = read_all("USER PIN=7\tCard=[15CD5B07]\tEndDatetime=1782835200\tStartDatetime=0\n")
            .parts
            .remove(0);
        let person = &person.people[0];
        assert_eq!((person.name.as_deref(), person.privilege, person.inactive), (None, None, None));
        assert_eq!(person.card.as_deref(), Some("123456789"));
        assert_eq!(person.valid_from.as_deref(), Some(""));
        assert_eq!(person.valid_to.as_deref(), Some("2026-07-01 00:00:00"));
        let person = read_all("USER PIN=7\tPri=3\tEndDatetime=never\n").parts.remove(0);
        let person = &person.people[0];
        assert_eq!(person.privilege, Some(rollcall_protocol::order::Privilege::Registrar));
        assert_eq!((person.inactive, person.raw_privilege.as_deref()), (Some(true), Some("3")));
        assert_eq!(person.valid_to.as_deref(), Some("never"));
    }

    #[test]
    fn p6_what_nothing_reads_stays_as_it_came() {
        let body = "NEW 1\nUSER PIN=7\nWORKCODE PIN=1\tCODE=2\tNAME=x\nFP PIN=7\tTMP=@\n";
        let reading = read_all(body);
        assert_eq!((reading.lines, reading.unreadable), (4, 2));
        assert_eq!(reading.raw, b"NEW 1\nWORKCODE PIN=1\tCODE=2\tNAME=x\nFP PIN=7\tTMP=@\n");
    }

    #[test]
    fn p5_the_last_name_that_tells_says_what_a_machine_writes_in() {
        assert_eq!(read_all("USER PIN=1\tName=Li\n").encoding, None);
        assert_eq!(read_all("USER PIN=1\tName=李\nUSER PIN=2\tName=Li\n").encoding, Some(Encoding::Utf8));
        let chinese = b"USER PIN=1\tName=\xc0\xee\n";
        let reading = read(chinese, Table::OperLog, chrono_tz::UTC, now());
        assert_eq!(reading.encoding, Some(Encoding::Gb18030));
    }

    #[test]
    fn s2_everybody_a_machine_knows_does_not_go_into_one_write() {
        let people: String = (1..=1200).map(|pin| format!("USER PIN={pin}\tName=A\n")).collect();
        let sizes: Vec<_> = read_all(&people).parts.iter().map(|part| part.people.len()).collect();
        assert_eq!(sizes, [500, 500, 200]);
        let face = "A".repeat(400_000);
        let faces: String = (1..=9).map(|pin| format!("BIODATA Pin={pin}\tType=9\tTmp={face}\n")).collect();
        let sizes: Vec<_> = read_all(&faces).parts.iter().map(|part| part.templates.len()).collect();
        assert_eq!(sizes, [4, 4, 1]);
    }

    #[test]
    fn a_refused_photo_is_told_to_whoever_sent_it() {
        let reading = read_all(
            "ERRORLOG ErrCode=D01E0001\tErrMsg=\tDataOrigin=cmd\tCmdId=4711\tAdditional=UElOPTEwMDM=\n",
        );
        let part = &reading.parts[0];
        assert_eq!((part.refused[0].id, part.refused[0].reason.as_deref()), (4711, Some("photo.no_face")));
        assert_eq!(part.events[0].event.kind, "error");
        let of_its_own = read_all("ERRORLOG ErrCode=D01E0001\tDataOrigin=dev\tCmdId=4711\n");
        assert!(of_its_own.parts[0].refused.is_empty() && of_its_own.parts[0].events.len() == 1);
    }
}
