//! `table=ATTLOG`: punches (attendance-push §7).
//!
//! A line is TAB-separated, and only the first two of its 2 to 16 columns are required. Also read: lines
//! whose columns are separated by blanks, `Key=Value` lines, and the `CHECK LOG: stamp=…` prefix of PUSH 1.x.

use std::borrow::Cow;
use std::io::Write as _;

use super::fields;
use crate::text;
use crate::time::{TimeError, WallTime};

/// One line of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The line as it was sent, without its line end.
    pub raw: &'a [u8],
    /// What it says.
    pub punch: Result<Punch<'a>, LineError>,
}

/// What a machine says about one identification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Punch<'a> {
    /// The person's number on the machine, as text: leading zeros and letters are kept. Never empty.
    pub pin: Cow<'a, str>,
    /// The machine's wall clock.
    pub time: WallTime,
    /// 0 in, 1 out … 255 none chosen; `None` when absent or not a number.
    pub status: Option<i32>,
    /// How the person was identified, as sent: its meaning depends on the firmware.
    pub verify: Cow<'a, str>,
    /// The work code, often `0`.
    pub work_code: Cow<'a, str>,
    /// The columns after the work code, as sent: their meaning depends on the product.
    pub rest: &'a [u8],
}

/// Why a line is not a punch. It is kept aside and acknowledged all the same (P6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// The number is empty or 0 (P9).
    #[error("there is no person's number")]
    NoPin,
    /// The number is longer than [`MAX_PIN`] bytes (I5).
    #[error("the person's number is longer than {MAX_PIN} bytes")]
    PinTooLong,
    /// There is no second column.
    #[error("there is no time")]
    TimeMissing,
    /// The time has another form.
    #[error("the time is unreadable")]
    TimeUnreadable,
    /// The time has the right form and cannot be: `2026-02-31` (C5).
    #[error("the time is impossible")]
    TimeImpossible,
}

/// The longest number of a person that is taken for one, in bytes; machines know 24 digits.
pub const MAX_PIN: usize = 64;

impl LineError {
    /// The stable code of this error.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoPin => "punch.no_pin",
            Self::PinTooLong => "punch.pin_too_long",
            Self::TimeMissing => "punch.time_missing",
            Self::TimeUnreadable => "punch.time_unreadable",
            Self::TimeImpossible => "punch.time_impossible",
        }
    }
}

impl From<TimeError> for LineError {
    fn from(error: TimeError) -> Self {
        match error {
            TimeError::Missing => Self::TimeMissing,
            TimeError::Unreadable => Self::TimeUnreadable,
            TimeError::Impossible => Self::TimeImpossible,
        }
    }
}

/// The lines of an upload that hold something, in order. A broken line does not disturb the others (P6).
pub fn lines(body: &[u8]) -> impl Iterator<Item = Line<'_>> {
    fields::lines(body).map(|raw| Line { raw, punch: parse_line(raw) })
}

/// Reads one line, in whichever of the shapes it is.
///
/// # Errors
/// [`LineError`] when it names no person or no readable time.
pub fn parse_line(raw: &[u8]) -> Result<Punch<'_>, LineError> {
    // NULs and other control bytes at the end pad a fixed buffer; in front of the first column a TAB counts.
    let line = without_prefix(text::trim_end(raw));
    if is_keyed(line) {
        keyed(line)
    } else if line.contains(&b'\t') {
        positional(&mut Tabs(Some(line)))
    } else {
        positional(&mut Blanks(line))
    }
}

/// Takes off `CHECK LOG: stamp=123 ` (PUSH 1.x).
fn without_prefix(line: &[u8]) -> &[u8] {
    const PREFIX: &[u8] = b"CHECK LOG:";
    let Some((prefix, rest)) = line.split_at_checked(PREFIX.len()) else { return line };
    if !prefix.eq_ignore_ascii_case(PREFIX) {
        return line;
    }
    let rest = rest.trim_ascii_start();
    let word = rest.iter().take_while(|b| !b.is_ascii_whitespace()).count();
    let Some((stamp, after)) = rest.split_at_checked(word) else { return rest };
    let is_stamp = text::split_once(stamp, b'=').is_some_and(|(key, _)| key.eq_ignore_ascii_case(b"stamp"));
    if is_stamp { after.trim_ascii_start() } else { rest }
}

/// Where the columns of a positional line come from.
trait Columns<'a> {
    fn next(&mut self) -> Option<&'a [u8]>;
    /// Date and time, which are two words where blanks separate the columns.
    fn time(&mut self) -> Option<&'a [u8]>;
    fn rest(&mut self) -> &'a [u8];
}

struct Tabs<'a>(Option<&'a [u8]>);

impl<'a> Columns<'a> for Tabs<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        let line = self.0?;
        let (column, rest) = match text::split_once(line, b'\t') {
            Some((column, rest)) => (column, Some(rest)),
            None => (line, None),
        };
        self.0 = rest;
        Some(column)
    }

    fn time(&mut self) -> Option<&'a [u8]> {
        self.next()
    }

    fn rest(&mut self) -> &'a [u8] {
        self.0.take().unwrap_or_default()
    }
}

struct Blanks<'a>(&'a [u8]);

impl<'a> Columns<'a> for Blanks<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        let line = self.0.trim_ascii_start();
        let end = line.iter().position(|b| *b == b' ').unwrap_or(line.len());
        let (word, rest) = line.split_at_checked(end)?;
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }

    fn time(&mut self) -> Option<&'a [u8]> {
        let line = self.0.trim_ascii_start();
        let date = self.next()?;
        if date.iter().any(|b| matches!(b, b'T' | b't' | b':')) {
            return Some(date);
        }
        self.next();
        line.get(..line.len() - self.0.len())
    }

    fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0).trim_ascii_start()
    }
}

fn positional<'a>(columns: &mut impl Columns<'a>) -> Result<Punch<'a>, LineError> {
    let pin = pin(columns.next().unwrap_or_default())?;
    let time = time(columns.time().unwrap_or_default())?;
    let status = status(columns.next().unwrap_or_default());
    let verify = text::way(text::field(columns.next().unwrap_or_default()));
    let work_code = text::field(columns.next().unwrap_or_default());
    Ok(Punch { pin, time, status, verify, work_code, rest: columns.rest() })
}

/// The keys a `Key=Value` line can begin with.
const PIN_KEYS: [&str; 2] = ["PIN", "UserID"];
const TIME_KEYS: [&str; 2] = ["DateTime", "Time"];
const STATUS_KEYS: [&str; 2] = ["Status", "State"];
const VERIFY_KEYS: [&str; 2] = ["Verified", "Verify"];
const WORK_CODE_KEYS: [&str; 1] = ["WorkCode"];

fn is_keyed(line: &[u8]) -> bool {
    let Some((key, _)) = text::split_once(line, b'=') else { return false };
    let known = [&PIN_KEYS[..], &TIME_KEYS, &STATUS_KEYS, &VERIFY_KEYS, &WORK_CODE_KEYS];
    known.iter().any(|keys| is_one_of(key, keys))
}

fn is_one_of(key: &[u8], keys: &[&str]) -> bool {
    let key = text::trim(key);
    keys.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(key))
}

fn keyed(line: &[u8]) -> Result<Punch<'_>, LineError> {
    let tabs = line.contains(&b'\t');
    let value = |keys: &[&str]| {
        let wanted = |(key, value)| is_one_of(key, keys).then_some(value);
        let value = if tabs {
            fields::pairs(line).find_map(wanted)
        } else {
            // Copied lines have blanks for TABs. A time holds one too, so only those before a key count.
            fields::split_before_keys(line, b' ').flat_map(fields::pairs).find_map(wanted)
        };
        value.unwrap_or_default()
    };
    Ok(Punch {
        pin: pin(value(&PIN_KEYS))?,
        time: time(value(&TIME_KEYS))?,
        status: status(value(&STATUS_KEYS)),
        verify: text::way(text::field(value(&VERIFY_KEYS))),
        work_code: text::field(value(&WORK_CODE_KEYS)),
        rest: b"",
    })
}

/// A person's number as it is kept (P9).
pub(super) fn pin(column: &[u8]) -> Result<Cow<'_, str>, LineError> {
    let column = text::trim(column);
    // `0` in any length is not a person (P9).
    if column.iter().all(|b| *b == b'0') {
        return Err(LineError::NoPin);
    }
    if column.len() > MAX_PIN {
        return Err(LineError::PinTooLong);
    }
    let pin = text::field(column);
    // Once more without what is not shown: it may have stood beside nothing but zeros.
    if pin.trim().bytes().all(|byte| byte == b'0') { Err(LineError::NoPin) } else { Ok(pin) }
}

fn time(column: &[u8]) -> Result<WallTime, LineError> {
    let column = text::trim(column);
    if column.iter().any(u8::is_ascii_control) {
        let blanked: Vec<u8> = column.iter().map(|b| if b.is_ascii_control() { b' ' } else { *b }).collect();
        return Ok(WallTime::parse(&blanked)?);
    }
    Ok(WallTime::parse(column)?)
}

fn status(column: &[u8]) -> Option<i32> {
    std::str::from_utf8(text::trim(column)).ok()?.parse().ok()
}

/// Writes a punch as a machine does, TAB-separated and with its LF. Columns at the end that are empty are left
/// out, and control characters inside a column become blanks.
pub fn write_line(punch: &Punch<'_>, out: &mut Vec<u8>) {
    fields::write_clean(&punch.pin, out);
    // Writing to memory does not fail.
    let _ = write!(out, "\t{}", punch.time);
    let end = out.len();
    out.push(b'\t');
    if let Some(status) = punch.status {
        let _ = write!(out, "{status}");
    }
    for column in [&punch.verify, &punch.work_code] {
        out.push(b'\t');
        fields::write_clean(column, out);
    }
    out.push(b'\t');
    out.extend(punch.rest.iter().map(|b| if matches!(b, b'\n' | b'\r') { b' ' } else { *b }));
    while out.len() > end && out.last().is_some_and(|b| matches!(b, b'\t' | b' ')) {
        out.pop();
    }
    out.push(b'\n');
}
