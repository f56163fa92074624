//! The rows of a file, read one by one.

use std::borrow::Cow;

use rollcall_protocol::WallTime;
use rollcall_protocol::attendance::attlog::{LineError, MAX_PIN};

use super::columns::{Column, Places};
use super::{Mapping, PunchFileError};
use crate::punches::{In, Kind};

/// Most rows of a file; no machine holds more.
pub const LINES_MOST: usize = 1_000_000;
/// Lines that are looked at to find out what their columns hold.
const SAMPLE: usize = 2_000;

/// A file of punches, its form told.
#[derive(Debug)]
pub struct PunchFile {
    name: String,
    rows: Rows,
}

#[derive(Debug)]
enum Rows {
    /// What a machine writes on a stick.
    Lines { text: String, order: Order },
    /// A table with headers: their places, and the rows below.
    Table { places: Places, rows: Vec<(u32, Vec<String>)> },
}

/// Where behind the time of a line is what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Order {
    status: usize,
    verify: usize,
    work_code: usize,
}

/// As machines upload them (attendance-push §7).
const AS_UPLOADED: Order = Order { status: 0, verify: 1, work_code: 2 };
/// As many write them on a stick: the machine's own number stands before the key.
const AFTER_MACHINE: Order = Order { status: 1, verify: 2, work_code: 3 };

/// A row.
pub(super) struct FileRow<'f> {
    /// Its number, from 1.
    pub number: u32,
    /// Where the next one begins.
    pub next: usize,
    /// As it is in the file.
    pub raw: Cow<'f, str>,
    pub punch: Result<FilePunch<'f>, &'static str>,
}

/// What a row says.
pub(super) struct FilePunch<'f> {
    pin: Cow<'f, str>,
    pub wall: WallTime,
    status: Option<i32>,
    verify: Cow<'f, str>,
    work_code: Cow<'f, str>,
}

impl FilePunch<'_> {
    pub(super) fn lent<'r>(&'r self, raw: &'r [u8]) -> In<'r> {
        In {
            pin: Cow::Borrowed(&self.pin),
            wall: self.wall,
            status: self.status,
            verify: Cow::Borrowed(&self.verify),
            work_code: Cow::Borrowed(&self.work_code),
            event: None,
            door: None,
            kind: Kind::Punch,
            raw,
        }
    }
}

impl PunchFile {
    /// Whether a text is lines of a machine, and no table: the first that says anything has a number and a time.
    pub fn looks_like_lines(text: &str) -> bool {
        let first = text.lines().map(str::trim).find(|line| !line.is_empty());
        first.is_some_and(|line| Line::of(line).is_some_and(|line| punch_time(&line.time).is_ok()))
    }

    /// A file as machines write it, decoded.
    pub fn lines(name: &str, text: String) -> Result<Self, PunchFileError> {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let count = lines.clone().take(LINES_MOST + 1).count();
        if count == 0 {
            return Err(PunchFileError::Empty);
        }
        if count > LINES_MOST {
            return Err(PunchFileError::TooManyLines);
        }
        let order = order_of(lines.by_ref().take(SAMPLE).filter_map(Line::of));
        Ok(Self { name: name.to_owned(), rows: Rows::Lines { text, order } })
    }

    /// A table: its first row has the headers.
    pub fn table(
        name: &str,
        rows: Vec<(u32, Vec<String>)>,
        mapping: &Mapping,
    ) -> Result<Self, PunchFileError> {
        let mut rows = rows;
        if rows.is_empty() {
            return Err(PunchFileError::Empty);
        }
        let (_, headers) = rows.remove(0);
        let places = Places::of(&headers, mapping)?;
        Ok(Self { name: name.to_owned(), rows: Rows::Table { places, rows } })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The columns of a table, and what each holds.
    pub(super) fn columns(&self) -> Vec<(String, Option<&'static str>)> {
        match &self.rows {
            Rows::Lines { .. } => Vec::new(),
            Rows::Table { places, .. } => places.shown(),
        }
    }

    /// The rows from one on: `at` is 0, or the `next` of the row before, whose number is `before`.
    pub(super) fn rows(&self, at: usize, before: u32) -> Box<dyn Iterator<Item = FileRow<'_>> + '_> {
        match &self.rows {
            Rows::Lines { text, order } => {
                let mut at = at;
                let lines = text.get(at..).unwrap_or_default().split_inclusive('\n');
                let rows = lines.zip(before.saturating_add(1)..).map(move |(whole, number)| {
                    at += whole.len();
                    let raw = whole.trim_end_matches(['\n', '\r']);
                    FileRow { number, next: at, raw: Cow::Borrowed(raw), punch: punch_of_line(raw, *order) }
                });
                Box::new(rows.filter(|row| !row.raw.trim().is_empty()))
            }
            Rows::Table { places, rows } => {
                let rows = rows.iter().enumerate().skip(at);
                Box::new(rows.map(|(at, (number, cells))| FileRow {
                    number: *number,
                    next: at + 1,
                    raw: Cow::Owned(cells.join("\t")),
                    punch: punch_of_cells(places, cells),
                }))
            }
        }
    }
}

/// The columns of a line: number, time, and what stands behind it.
struct Line<'l> {
    pin: &'l str,
    time: Cow<'l, str>,
    rest: Vec<&'l str>,
}

impl<'l> Line<'l> {
    fn of(line: &'l str) -> Option<Self> {
        let line = line.trim_end();
        // With TABs, an empty column is one.
        let cells: Vec<&str> = if line.contains('\t') {
            line.trim_start().split('\t').flat_map(date_and_clock).map(str::trim).collect()
        } else {
            line.split_whitespace().collect()
        };
        // A name may stand between number and time.
        let at = cells.iter().skip(1).position(|cell| begins_with_date(cell))? + 1;
        let (pin, date) = (cells.first()?, cells.get(at)?);
        let clock = cells.get(at + 1).filter(|_| !date.contains(':')).filter(|cell| cell.contains(':'));
        let (time, behind) = match clock {
            Some(clock) => (Cow::Owned(format!("{date} {clock}")), at + 2),
            None => (Cow::Borrowed(*date), at + 1),
        };
        Some(Self { pin, time, rest: cells.get(behind..).unwrap_or_default().to_vec() })
    }
}

/// A column of date and time, which blanks divide, as the two it is of.
fn date_and_clock(cell: &str) -> impl Iterator<Item = &str> {
    let trimmed = cell.trim();
    let split = trimmed.split_once(' ').filter(|(date, clock)| begins_with_date(date) && clock.contains(':'));
    let (first, second) = split.map_or((cell, None), |(date, clock)| (date, Some(clock)));
    std::iter::once(first).chain(second)
}

/// `2026-…` or `2026/…`.
fn begins_with_date(cell: &str) -> bool {
    let mut chars = cell.chars();
    let year = chars.by_ref().take(4).filter(char::is_ascii_digit).count() == 4;
    year && matches!(chars.next(), Some('-' | '/' | '.' | '年'))
}

/// What the columns behind the time hold: a number that is the same throughout, and neither a key nor “none”, is the machine's.
fn order_of<'l>(lines: impl Iterator<Item = Line<'l>>) -> Order {
    let mut machine: Option<&str> = None;
    for line in lines {
        let [first, second, _, _, ..] = line.rest.as_slice() else { return AS_UPLOADED };
        let is_machine = first.parse::<u32>().is_ok_and(|number| (1..255).contains(&number));
        let is_key = second.parse::<u32>().is_ok_and(|key| key <= 5 || key == 255);
        if !is_machine || !is_key || machine.is_some_and(|known| known != *first) {
            return AS_UPLOADED;
        }
        machine = Some(first);
    }
    if machine.is_some() { AFTER_MACHINE } else { AS_UPLOADED }
}

fn punch_of_line(raw: &str, order: Order) -> Result<FilePunch<'_>, &'static str> {
    let Some(line) = Line::of(raw) else {
        return Err(LineError::TimeMissing.code());
    };
    let pin = pin_of(line.pin)?;
    let wall = punch_time(&line.time).map_err(|error| LineError::from(error).code())?;
    let cell = |at: usize| line.rest.get(at).copied().unwrap_or_default();
    Ok(FilePunch {
        pin: Cow::Borrowed(pin),
        wall,
        status: cell(order.status).parse().ok(),
        verify: Cow::Borrowed(cell(order.verify)),
        work_code: Cow::Borrowed(cell(order.work_code)),
    })
}

fn punch_of_cells<'f>(places: &Places, cells: &'f [String]) -> Result<FilePunch<'f>, &'static str> {
    let cell = |column| places.cell(cells, column);
    let pin = pin_of(cell(Column::Pin))?;
    let (time, date, clock) = (cell(Column::Time), cell(Column::Date), cell(Column::Clock));
    // Where there is a column for the date, the one for the time may be the time of day.
    let of_day = if clock.is_empty() { time } else { clock };
    let whole = if !date.is_empty() && !begins_with_date(of_day) {
        Cow::Owned(format!("{} {of_day}", date.split(' ').next().unwrap_or_default()))
    } else {
        Cow::Borrowed(time)
    };
    let wall = punch_time(&whole).map_err(|error| LineError::from(error).code())?;
    Ok(FilePunch {
        pin: Cow::Borrowed(pin),
        wall,
        status: status_of(cell(Column::Status)),
        verify: Cow::Borrowed(cell(Column::Verify)),
        work_code: Cow::Borrowed(cell(Column::WorkCode)),
    })
}

fn pin_of(cell: &str) -> Result<&str, &'static str> {
    let pin = cell.trim();
    if pin.chars().all(|c| c == '0') {
        return Err(LineError::NoPin.code());
    }
    if pin.len() > MAX_PIN {
        return Err(LineError::PinTooLong.code());
    }
    Ok(pin)
}

/// A time as people and programs write it; without seconds it is the beginning of the minute.
fn punch_time(text: &str) -> Result<WallTime, rollcall_protocol::time::TimeError> {
    let mut text = text.trim().replace(['年', '月', '.'], "-").replace('日', " ");
    if text.matches(':').count() == 1 {
        text.push_str(":00");
    }
    WallTime::parse(text.as_bytes())
}

/// A key by its number or its name.
fn status_of(cell: &str) -> Option<i32> {
    const WORDS: [(&str, i32); 20] = [
        ("上班签到", 0),
        ("签到", 0),
        ("上班", 0),
        ("进", 0),
        ("入", 0),
        ("in", 0),
        ("c/in", 0),
        ("check in", 0),
        ("下班签退", 1),
        ("签退", 1),
        ("下班", 1),
        ("出", 1),
        ("out", 1),
        ("c/out", 1),
        ("check out", 1),
        ("外出", 2),
        ("外出返回", 3),
        ("加班签到", 4),
        ("加班签退", 5),
        ("未知", 255),
    ];
    let cell = cell.trim().to_lowercase();
    cell.parse().ok().or_else(|| WORDS.iter().find(|(word, _)| *word == cell).map(|(_, key)| *key))
}
