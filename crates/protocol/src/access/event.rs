//! Events: `table=rtlog` as they happen, rows of the table `transaction` when they are asked for (access-push §6, §11).
//!
//! The two forms name the same things differently (`event`/`eventtype`, `verifytype`/`verified` …, the time as text or
//! packed). Both are read into the same [`Event`], so that one event sent in both is one record (D3).

use std::borrow::Cow;
use std::io::Write as _;

use super::class::{self, Class};
use super::time;
use crate::attendance::attlog::{LineError, MAX_PIN};
use crate::attendance::fields;
use crate::text;
use crate::time::WallTime;

/// A key and its value.
pub type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Something that happened at a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// The machine's wall clock.
    pub time: WallTime,
    /// The person's number as sent; empty or 0 = nobody.
    pub pin: Cow<'a, str>,
    /// What happened (§13).
    pub code: Option<i32>,
    /// 0 in, also when it is not said; 1 out, attendance states on combined firmware; nothing when it has no direction (sent
    /// as 2).
    pub status: Option<i32>,
    /// How somebody was identified: a decimal number without zeros in front, or 16 binary digits. **Text**: `0000000000000010` is not ten (§14).
    pub verify: Cow<'a, str>,
    /// The door or auxiliary point, counting from 1.
    pub point: Option<u32>,
    /// The record's number in the machine; begins anew when its log is cleared (D7).
    pub index: Option<u64>,
    /// The card, hexadecimal or decimal by firmware; empty or 0 = none.
    pub card: Cow<'a, str>,
    /// All other pairs, as sent.
    pub rest: Vec<Pair<'a>>,
}

/// One line of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The line as it was sent, without its line end.
    pub raw: &'a [u8],
    /// What it says.
    pub event: Result<Event<'a>, LineError>,
}

/// How an event is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A line of `table=rtlog`.
    RealTime,
    /// A row of `transaction`.
    Transaction,
}

/// `inoutstatus` of an event without direction.
const NO_DIRECTION: i32 = 2;

/// The lines of an upload that hold something, in order; a broken one does not disturb the others (P6).
pub fn lines(body: &[u8]) -> impl Iterator<Item = Line<'_>> {
    fields::lines(body).map(|raw| Line { raw, event: parse_line(raw) })
}

/// Reads one line in either form: keyed fields in any order, the word `transaction` in front or not.
///
/// # Errors
/// When there is no readable time, or a number too long to be somebody's.
pub fn parse_line(raw: &[u8]) -> Result<Event<'_>, LineError> {
    let mut event = Event {
        time: WallTime::MIN,
        pin: Cow::Borrowed(""),
        code: None,
        status: None,
        verify: Cow::Borrowed(""),
        point: None,
        index: None,
        card: Cow::Borrowed(""),
        rest: Vec::new(),
    };
    let (mut time, mut status) = (None, None);
    for (key, value) in fields::text_pairs(super::row::without_word(raw)) {
        match Key::of(&key) {
            Some(Key::Time) if time.is_none() => time = Some(value),
            Some(Key::Pin) if event.pin.is_empty() => event.pin = value,
            Some(Key::Code) if event.code.is_none() => event.code = value.parse().ok(),
            Some(Key::Status) if status.is_none() => status = value.parse().ok(),
            Some(Key::Verify) if event.verify.is_empty() => event.verify = text::way(value),
            Some(Key::Point) if event.point.is_none() => event.point = value.parse().ok(),
            Some(Key::Index) if event.index.is_none() => event.index = value.parse().ok(),
            Some(Key::Card) if event.card.is_empty() => event.card = value,
            _ => event.rest.push((key, value)),
        }
    }
    // The table has this column for every record, so a machine that leaves it out of the real-time form says 0 when it is
    // asked for the same event (D3).
    event.status = Some(status.unwrap_or(0)).filter(|status| *status != NO_DIRECTION);
    event.time = time::parse_any(time.unwrap_or_default().as_bytes())?;
    if event.pin.len() > MAX_PIN {
        return Err(LineError::PinTooLong);
    }
    Ok(event)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Time,
    Pin,
    Code,
    Status,
    Verify,
    Point,
    Index,
    Card,
}

/// The key, its name in the real-time form, and in the table.
const KEYS: [(Key, &str, &str); 8] = [
    (Key::Time, "time", "time_second"),
    (Key::Pin, "pin", "pin"),
    (Key::Card, "cardno", "cardno"),
    (Key::Point, "eventaddr", "doorid"),
    (Key::Code, "event", "eventtype"),
    (Key::Status, "inoutstatus", "inoutstate"),
    (Key::Verify, "verifytype", "verified"),
    (Key::Index, "index", "index"),
];

impl Key {
    fn of(name: &str) -> Option<Self> {
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        KEYS.iter().find(|(_, live, row)| is(live) || is(row)).map(|(key, ..)| *key)
    }
}

impl Event<'_> {
    /// What it says about a person.
    #[must_use]
    pub fn class(&self) -> Class {
        class::classify(&self.pin, self.code)
    }

    /// Appends it as a line ended with CR LF. What would end a field becomes a blank.
    pub fn write(&self, form: Form, out: &mut Vec<u8>) {
        if form == Form::Transaction {
            out.extend_from_slice(b"transaction ");
        }
        for (at, (key, live, row)) in KEYS.into_iter().enumerate() {
            if at > 0 {
                out.push(b'\t');
            }
            out.extend_from_slice(if form == Form::RealTime { live } else { row }.as_bytes());
            out.push(b'=');
            self.write_value(key, form, out);
        }
        for (key, value) in &self.rest {
            out.push(b'\t');
            fields::write_key(key, out);
            out.push(b'=');
            out.extend_from_slice(text::clean(value).as_bytes());
        }
        out.extend_from_slice(b"\r\n");
    }

    fn write_value(&self, key: Key, form: Form, out: &mut Vec<u8>) {
        // Writing to memory does not fail.
        let _ = match key {
            Key::Time if form == Form::RealTime => write!(out, "{}", self.time),
            Key::Time => write!(out, "{}", time::pack(self.time).unwrap_or(0)),
            Key::Pin => write!(out, "{}", text::clean(&self.pin)),
            Key::Card => write!(out, "{}", text::clean(&self.card)),
            Key::Verify => write!(out, "{}", text::clean(&self.verify)),
            Key::Status => write!(out, "{}", self.status.unwrap_or(NO_DIRECTION)),
            Key::Code => optional(self.code, out),
            Key::Point => optional(self.point, out),
            Key::Index => optional(self.index, out),
        };
    }
}

fn optional(number: Option<impl std::fmt::Display>, out: &mut Vec<u8>) -> std::io::Result<()> {
    number.map_or(Ok(()), |number| write!(out, "{number}"))
}
