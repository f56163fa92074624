//! An upload, read and judged but not stored: everything that needs no database happens here, outside the writer.

use std::borrow::Cow;

use chrono::Duration;
use chrono_tz::Tz;
use rollcall_protocol::WallTime;
use rollcall_protocol::attendance::attlog;
use rollcall_protocol::text::truncate_bytes;

use crate::clock::{self, Timestamp};
use crate::reuploads::Answers;
use crate::roster::pin_number;

/// What is odd about a punch. It is kept all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// From the future, by more than a minute.
    Future = 1,
    /// From before 2000: the machine's clock lost its battery.
    Ancient = 2,
    /// Sent live, but by a clock known to be off.
    ClockOff = 4,
    /// By somebody who is disabled on that machine.
    DisabledPerson = 8,
}

/// A set of [`Flag`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(pub(super) i64);

impl Flags {
    /// Those of the database's column.
    pub(crate) fn of(column: i64) -> Self {
        Self(column)
    }

    /// Adds one.
    pub fn set(&mut self, flag: Flag) {
        self.0 |= flag as i64;
    }

    /// Whether it is there.
    pub fn has(self, flag: Flag) -> bool {
        self.0 & flag as i64 != 0
    }
}

/// 2000-01-01 00:00:00 on a wall clock.
const YEAR_2000: i64 = 946_684_800;
/// How far ahead of ours a clock may be before its punches count as from the future.
const FUTURE: Duration = Duration::minutes(1);
/// A punch that is older than this was kept for a while.
const JUST_NOW: Duration = Duration::minutes(10);
/// Offsets change on quarter hours at the finest; within one they need not be looked up again.
const OFFSET_STEP: i64 = 900;

/// Bytes of a line that are kept; the longest known have a position in them, a few hundred.
const LINE_MOST: usize = 4096;
/// Bytes of a column that are kept; machines send one to three digits.
const COLUMN_MOST: usize = 64;

/// Lines set aside for one machine; a machine that sends nothing but rubbish must not fill the disk.
pub(super) const MOST_REJECTED: usize = 10_000;

/// What is kept of a line, so that nobody who knows a serial number can fill the disk with a few of them.
fn kept(line: &[u8]) -> Vec<u8> {
    line.get(..LINE_MOST).unwrap_or(line).to_vec()
}

/// What is kept of a column.
fn column(text: Cow<'_, str>) -> String {
    if text.len() <= COLUMN_MOST { text.into_owned() } else { truncate_bytes(&text, COLUMN_MOST).to_owned() }
}

/// What an identification came to (access-push §13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    /// Somebody identified: a punch.
    #[default]
    Punch,
    /// Somebody was there and was refused: kept, not a punch.
    Refused,
    /// The machine says something about somebody that nobody can place: kept, and shown to the administrator, for a real
    /// punch that is dropped by a wrong list cannot be had back.
    Unclassified,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Punch, Self::Refused, Self::Unclassified];

    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Punch => "punch",
            Self::Refused => "refused",
            Self::Unclassified => "unclassified",
        }
    }

    pub(super) fn number(self) -> i64 {
        match self {
            Self::Punch => 0,
            Self::Refused => 1,
            Self::Unclassified => 2,
        }
    }

    /// Of the number in the database's column.
    pub(crate) fn of(number: i64) -> Self {
        Self::ALL.into_iter().find(|kind| kind.number() == number).unwrap_or(Self::Unclassified)
    }
}

/// An identification as a machine tells it, whatever its dialect.
#[derive(Debug, Clone)]
pub struct In<'a> {
    /// Who, by the machine's number; never empty and never 0, which is nobody (P9).
    pub pin: Cow<'a, str>,
    /// When, by the machine's clock.
    pub wall: WallTime,
    /// The key pressed: 0 in, 1 out, 2 break out, 3 break in, 4 overtime in, 5 overtime out; others are the site's own.
    pub status: Option<i32>,
    /// How, in the machine's own number or text.
    pub verify: Cow<'a, str>,
    /// The work code.
    pub work_code: Cow<'a, str>,
    /// The machine's number for what happened, where its dialect has one.
    pub event: Option<i32>,
    /// Which door, where its dialect says so: the same person at two doors in one second are two records.
    pub door: Option<u8>,
    /// What it came to.
    pub kind: Kind,
    /// All of it as it was sent.
    pub raw: &'a [u8],
}

/// The lines of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub(super) received_at: Timestamp,
    pub(super) punches: Vec<Ready>,
    pub(super) rejected: Vec<Unreadable>,
    /// Lines that say what the one before them says, or are beyond what is set aside of one machine.
    dropped: usize,
    /// The machine's clock is known to be off.
    clock_off: bool,
    /// Where it came from, if that may matter: two machines share the serial number (I3).
    pub(super) address: Option<String>,
    /// Whether it came because it was asked for.
    pub(super) answers: Answers,
    /// The last quarter hour looked up, and the offset it had.
    step: Option<(i64, i32)>,
}

/// A punch that can be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ready {
    pub pin: String,
    pub pin_number: Option<i64>,
    pub wall: WallTime,
    pub utc_offset: i32,
    pub status: Option<i32>,
    pub verify: String,
    pub work_code: String,
    pub event: Option<i32>,
    pub door: Option<u8>,
    pub kind: Kind,
    pub raw: Vec<u8>,
    pub flags: Flags,
}

/// A line that cannot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub raw: Vec<u8>,
    pub reason: &'static str,
}

impl Batch {
    /// An upload with nothing in it yet.
    pub fn new(received_at: Timestamp) -> Self {
        Self {
            received_at,
            punches: Vec::new(),
            rejected: Vec::new(),
            dropped: 0,
            clock_off: false,
            address: None,
            answers: Answers::No,
            step: None,
        }
    }

    /// Reads an ATTLOG body of a machine in `zone`.
    pub fn parse(body: &[u8], received_at: Timestamp, zone: Tz) -> Self {
        let mut batch = Self::new(received_at);
        for line in attlog::lines(body) {
            match line.punch {
                Ok(punch) => batch.punch(
                    In {
                        pin: punch.pin,
                        wall: punch.time,
                        status: punch.status,
                        verify: punch.verify,
                        work_code: punch.work_code,
                        event: None,
                        door: None,
                        kind: Kind::Punch,
                        raw: line.raw,
                    },
                    zone,
                ),
                Err(error) => batch.reject(line.raw, error.code()),
            }
        }
        batch
    }

    /// Adds an identification at a machine in `zone`.
    pub fn punch(&mut self, punch: In<'_>, zone: Tz) {
        let at_step = punch.wall.seconds().div_euclid(OFFSET_STEP);
        let utc_offset = match self.step {
            Some((known, offset)) if known == at_step => offset,
            _ => clock::offset_at(zone, punch.wall),
        };
        self.step = Some((at_step, utc_offset));
        let mut flags = Flags::default();
        if clock::instant(punch.wall, utc_offset) > self.received_at + FUTURE {
            flags.set(Flag::Future);
        }
        if punch.wall.seconds() < YEAR_2000 {
            flags.set(Flag::Ancient);
        }
        self.punches.push(Ready {
            pin_number: pin_number(&punch.pin),
            pin: punch.pin.into_owned(),
            wall: punch.wall,
            utc_offset,
            status: punch.status,
            verify: column(punch.verify),
            work_code: column(punch.work_code),
            event: punch.event,
            door: punch.door,
            kind: punch.kind,
            raw: kept(punch.raw),
            flags,
        });
    }

    /// Whether everything in it happened just now, by the machine's clock: it keeps up, and sends nothing it had kept.
    pub fn is_of_just_now(&self) -> bool {
        let age = |punch: &Ready| self.received_at - clock::instant(punch.wall, punch.utc_offset);
        self.rejected.is_empty()
            && self.punches.iter().all(|punch| (-FUTURE..=JUST_NOW).contains(&age(punch)))
    }

    /// Sets a line aside that nobody can read, with a stable code for why.
    pub fn reject(&mut self, raw: &[u8], reason: &'static str) {
        let raw = raw.get(..LINE_MOST).unwrap_or(raw);
        // The same again is kept once. More than the bound would be forgotten again at once, after they had kept everybody
        // else from the disk: ten megabytes of rubbish are half a million lines.
        let again = self.rejected.last().is_some_and(|last| last.raw == raw);
        if again || self.rejected.len() >= MOST_REJECTED {
            self.dropped += 1;
        } else {
            self.rejected.push(Unreadable { raw: raw.to_vec(), reason });
        }
    }

    /// Has lines that were set aside kept in another form, for what must not lie in clear.
    pub fn rewrite_rejected(&mut self, kept: impl Fn(&[u8]) -> Option<Vec<u8>>) {
        for line in &mut self.rejected {
            if let Some(other) = kept(&line.raw) {
                line.raw = other;
            }
        }
    }

    /// The machine's clock is known to be off: its punches are flagged.
    pub fn clock_off(&mut self, off: bool) {
        self.clock_off = off;
    }

    /// When its only punch was, by the machine's clock. One by itself is sent as it happens; several were kept for a while,
    /// and are old by nature (C7).
    pub fn only_punch_at(&self) -> Option<Timestamp> {
        match self.punches.as_slice() {
            [punch] if self.rejected.is_empty() => Some(clock::instant(punch.wall, punch.utc_offset)),
            _ => None,
        }
    }

    /// It came because it was asked for, or may have.
    pub fn answers(&mut self, what: Answers) {
        self.answers = what;
    }

    /// Two machines may share this serial number: where the upload came from is kept with it.
    pub fn came_from(&mut self, address: String) {
        self.address = Some(address);
    }

    /// The instant of the newest identification in it, by the machine's clock.
    pub fn newest(&self) -> Option<Timestamp> {
        self.punches.iter().map(|punch| clock::instant(punch.wall, punch.utc_offset)).max()
    }

    pub(super) fn is_clock_off(&self) -> bool {
        self.clock_off
    }

    /// How many lines the upload had, blank ones aside: what a machine is told.
    pub fn lines(&self) -> usize {
        self.punches.len() + self.rejected.len() + self.dropped
    }

    /// Cuts it into parts of no more than `most` lines, so that a long one does not keep the writer from everybody else.
    pub fn parts(self, most: usize) -> impl Iterator<Item = Self> {
        let most = most.max(1);
        let Self { received_at, punches, rejected, dropped: _, clock_off, address, answers, step } = self;
        let (mut punches, mut rejected) = (punches.into_iter(), rejected.into_iter());
        std::iter::from_fn(move || {
            let punches: Vec<_> = punches.by_ref().take(most).collect();
            let rejected = rejected.by_ref().take(most.saturating_sub(punches.len())).collect();
            let address = address.clone();
            Some(Self { received_at, punches, rejected, dropped: 0, clock_off, address, answers, step })
                .filter(|part| !part.is_empty())
        })
    }

    /// Whether there was nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lines() == 0
    }
}
