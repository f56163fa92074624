//! Lines of `table=OPERLOG` and of the tables that carry the same under their own name: operations, people, templates,
//! photos, work codes, ID cards and errors, mixed in any way (attendance-push §8 to §10, quirk P7).

use std::borrow::Cow;
use std::fmt;
use std::io::Write as _;

use super::fields::{self, Row};
use super::options::Pair;
use super::user::User;
use super::{Table, attlog, template};
use crate::order::{Template, TemplateKind};
use crate::text;
use crate::time::WallTime;

/// One line of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The line as it was sent, without its line end.
    pub raw: &'a [u8],
    /// What it says.
    pub record: Result<Record<'a>, LineError>,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record<'a> {
    /// `OPLOG`: something was done at the machine, or happened to it.
    Operation(Operation<'a>),
    /// `USER`.
    User(User<'a>),
    /// `FP`, `FACE`, `FVEIN`, `BIODATA`, `BIOPHOTO`, `USERPIC`.
    Template(Template),
    /// `WORKCODE`.
    WorkCode(WorkCode<'a>),
    /// `IDCARD`.
    IdCard(IdCard<'a>),
    /// `ERRORLOG`.
    Error(ErrorLine<'a>),
}

/// An entry of the machine's own log (§8.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Operation<'a> {
    /// What was done.
    pub code: i32,
    /// Who did it: a pin, or `0`.
    pub operator: Cow<'a, str>,
    /// When, by the machine's clock.
    pub time: Option<WallTime>,
    /// To what; which means what depends on the code.
    pub objects: Vec<Cow<'a, str>>,
}

/// What kind of operation it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// Settings, menus, deletions, anything else.
    Operation,
    /// People, fingers, faces, cards, passwords were registered.
    Enrolment,
    /// Doors, locks, bells.
    Door,
    /// Alarms, duress.
    Alarm,
}

impl Operation<'_> {
    /// What kind it was, for those who look only for some.
    #[must_use]
    pub fn kind(&self) -> OperationKind {
        match self.code {
            3 | 32 | 55 => OperationKind::Alarm,
            29 | 33 | 34 | 53 | 54 => OperationKind::Door,
            6..=8 | 30 | 68 | 100 | 101 => OperationKind::Enrolment,
            _ => OperationKind::Operation,
        }
    }

    /// The pin of the person this says was deleted.
    #[must_use]
    pub fn person_gone(&self) -> Option<&str> {
        let pin = self.objects.first()?;
        (self.code == 9 && !pin.bytes().all(|byte| byte == b'0')).then_some(pin)
    }
}

/// A work code of the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkCode<'a> {
    /// Whose, where it says so.
    pub pin: Cow<'a, str>,
    /// The code.
    pub code: Cow<'a, str>,
    /// What it is called.
    pub name: Cow<'a, str>,
}

/// What a `pid` machine read off an identity card, in the order sent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct IdCard<'a>(pub Vec<Pair<'a>>);

impl fmt::Debug for IdCard<'_> {
    /// How much there is, not what: it is all about one person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdCard({})", self.0.len())
    }
}

/// Why something went wrong at the machine (§10, §18).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorLine<'a> {
    /// `ErrCode`: `D01E0001` …
    pub code: Cow<'a, str>,
    /// `ErrMsg`, usually empty.
    pub message: Cow<'a, str>,
    /// `DataOrigin`: `dev` or `cmd`.
    pub origin: Cow<'a, str>,
    /// `CmdId`, as sent.
    pub command: Option<u32>,
    /// `Additional`: Base64 of `PIN=…`, or anything else.
    pub additional: Cow<'a, str>,
}

impl ErrorLine<'_> {
    /// The command this is the result of, when it is one's.
    #[must_use]
    pub fn of_command(&self) -> Option<u32> {
        self.command.filter(|_| self.origin.eq_ignore_ascii_case("cmd"))
    }
}

/// Why a line could not be read. It is kept as it came, and acknowledged all the same (P6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// The number is missing, 0, or none.
    #[error("there is no person's number")]
    NoPin,
    /// The number is longer than [`attlog::MAX_PIN`] bytes.
    #[error("the person's number is too long")]
    PinTooLong,
    /// An operation without a code.
    #[error("there is no operation code")]
    NoCode,
    /// Content that is empty, or not Base64.
    #[error("the content is unreadable")]
    Content,
    /// Its first word is none of these.
    #[error("nobody knows such a line")]
    Unknown,
}

impl From<attlog::LineError> for LineError {
    fn from(error: attlog::LineError) -> Self {
        match error {
            attlog::LineError::PinTooLong => Self::PinTooLong,
            _ => Self::NoPin,
        }
    }
}

/// What the first word of a line says is in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Operation,
    User,
    Template(TemplateKind),
    WorkCode,
    IdCard,
    Error,
}

const WORDS: [(&str, Word); 13] = [
    ("OPLOG", Word::Operation),
    ("USER", Word::User),
    ("USERINFO", Word::User),
    ("FP", Word::Template(TemplateKind::Fingerprint)),
    ("FINGERTMP", Word::Template(TemplateKind::Fingerprint)),
    ("FACE", Word::Template(TemplateKind::NearInfraredFace)),
    ("FVEIN", Word::Template(TemplateKind::FingerVein)),
    ("BIODATA", Word::Template(TemplateKind::Bio(0))),
    ("BIOPHOTO", Word::Template(TemplateKind::Photo)),
    ("USERPIC", Word::Template(TemplateKind::Picture)),
    ("WORKCODE", Word::WorkCode),
    ("IDCARD", Word::IdCard),
    ("ERRORLOG", Word::Error),
];

/// The lines of an upload that hold something, in order. A broken line does not disturb the others (P6).
///
/// `table` says what lines without a first word are; in an OPERLOG such a line can only be an operation.
pub fn lines(body: &[u8], table: Table) -> impl Iterator<Item = Line<'_>> {
    fields::lines(body).map(move |raw| Line { raw, record: parse_line(raw, table) })
}

/// Reads one line.
///
/// # Errors
/// [`LineError`] when nothing can be made of it.
pub fn parse_line(raw: &[u8], table: Table) -> Result<Record<'_>, LineError> {
    let (word, rest) = begin(text::trim(raw), table).ok_or(LineError::Unknown)?;
    if word == Word::Operation {
        return operation(rest).map(Record::Operation);
    }
    let row = Row::parse(rest);
    if row.is_empty() {
        return Err(LineError::Unknown);
    }
    let text = |name| row.text(name).unwrap_or_default();
    Ok(match word {
        Word::Operation => return Err(LineError::Unknown),
        Word::User => Record::User(User::of_row(&row)?),
        Word::Template(kind) => Record::Template(template::of_row(kind, &row)?),
        Word::WorkCode => {
            Record::WorkCode(WorkCode { pin: text("PIN"), code: text("CODE"), name: text("NAME") })
        }
        Word::IdCard => Record::IdCard(IdCard(row.without(&[]))),
        Word::Error => Record::Error(ErrorLine {
            code: text("ErrCode"),
            message: text("ErrMsg"),
            origin: text("DataOrigin"),
            command: row.number("CmdId"),
            additional: text("Additional"),
        }),
    })
}

/// What a line is, and what follows its first word: after blanks or TABs, or from the beginning when the word is missing
/// (P7).
fn begin(line: &[u8], table: Table) -> Option<(Word, &[u8])> {
    let end = line.iter().position(|byte| matches!(byte, b' ' | b'\t')).unwrap_or(line.len());
    let (first, rest) = line.split_at_checked(end)?;
    let known = WORDS.iter().find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(first));
    if let Some((_, word)) = known {
        return Some((*word, text::trim_start(rest)));
    }
    let word = match table {
        // Positional, so it begins with a number.
        Table::OperLog if first.iter().all(u8::is_ascii_digit) => Word::Operation,
        Table::UserInfo => Word::User,
        Table::FingerTmp => Word::Template(TemplateKind::Fingerprint),
        Table::Face => Word::Template(TemplateKind::NearInfraredFace),
        Table::FVein => Word::Template(TemplateKind::FingerVein),
        Table::BioData => Word::Template(TemplateKind::Bio(0)),
        Table::BioPhoto => Word::Template(TemplateKind::Photo),
        Table::UserPic => Word::Template(TemplateKind::Picture),
        Table::WorkCode => Word::WorkCode,
        Table::IdCard => Word::IdCard,
        Table::ErrorLog => Word::Error,
        _ => return None,
    };
    // Without the word it must begin with a pair: another word is one nobody knows.
    (word == Word::Operation || first.contains(&b'=')).then_some((word, line))
}

fn operation(rest: &[u8]) -> Result<Operation<'_>, LineError> {
    let mut columns = rest.split(|byte| *byte == b'\t');
    let mut next = || text::field(columns.next().unwrap_or_default());
    let code = next().parse().map_err(|_| LineError::NoCode)?;
    let (operator, time) = (next(), WallTime::parse(next().as_bytes()).ok());
    let mut objects: Vec<_> = columns.map(text::field).collect();
    // Empty ones at the end are none, whether the line ends with its TABs or with bytes that are not shown.
    while objects.pop_if(|last| last.is_empty()).is_some() {}
    Ok(Operation { code, operator, time, objects })
}

/// Appends a line as a machine writes it; control characters inside a value become blanks.
pub fn write_line(record: &Record<'_>, out: &mut Vec<u8>) {
    match record {
        Record::Operation(operation) => {
            // Writing to memory does not fail.
            let _ = write!(out, "OPLOG {}\t", operation.code);
            fields::write_clean(&operation.operator, out);
            out.push(b'\t');
            if let Some(time) = operation.time {
                let _ = write!(out, "{time}");
            }
            for object in &operation.objects {
                out.push(b'\t');
                fields::write_clean(object, out);
            }
            out.push(b'\n');
        }
        Record::User(user) => user.write(out),
        Record::Template(template) => template::write_line(template, out),
        Record::WorkCode(WorkCode { pin, code, name }) => {
            fields::write_row("WORKCODE", [("PIN", pin), ("CODE", code), ("NAME", name)], out);
        }
        Record::IdCard(IdCard(pairs)) => {
            fields::write_row("IDCARD", pairs.iter().map(|(key, value)| (key, value)), out);
        }
        Record::Error(ErrorLine { code, message, origin, command, additional }) => {
            let command = command.map(|id| id.to_string()).unwrap_or_default();
            let pairs = [
                ("ErrCode", code.as_ref()),
                ("ErrMsg", message),
                ("DataOrigin", origin),
                ("CmdId", &command),
                ("Additional", additional),
            ];
            fields::write_row("ERRORLOG", pairs, out);
        }
    }
}
