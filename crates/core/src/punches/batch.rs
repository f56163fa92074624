//! An upload, read and judged but not stored: everything that needs no database happens here, outside the writer.

use std::borrow::Cow;

use chrono::Duration;
use chrono_tz::Tz;
use rollcall_protocol::WallTime;
use rollcall_protocol::attendance::attlog;
use rollcall_protocol::text::truncate_bytes;

use crate::clock::{self, Timestamp};
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
pub struct Flags(pub(crate) i64);

impl Flags {
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
/// Offsets change on quarter hours at the finest; within one they need not be looked up again.
const OFFSET_STEP: i64 = 900;

/// Bytes of a line that are kept; the longest known have a position in them, a few hundred.
const LINE_MOST: usize = 4096;
/// Bytes of a column that are kept; machines send one to three digits.
const COLUMN_MOST: usize = 64;

/// What is kept of a line, so that nobody who knows a serial number can fill the disk with a few of them.
fn kept(line: &[u8]) -> Vec<u8> {
    line.get(..LINE_MOST).unwrap_or(line).to_vec()
}

/// What is kept of a column.
fn column(text: Cow<'_, str>) -> String {
    if text.len() <= COLUMN_MOST { text.into_owned() } else { truncate_bytes(&text, COLUMN_MOST).to_owned() }
}

/// The lines of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub(super) received_at: Timestamp,
    pub(super) punches: Vec<Ready>,
    pub(super) rejected: Vec<Unreadable>,
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
    /// Reads an ATTLOG body of a machine in `zone`.
    pub fn parse(body: &[u8], received_at: Timestamp, zone: Tz) -> Self {
        let mut batch = Self { received_at, punches: Vec::new(), rejected: Vec::new() };
        let latest = received_at + FUTURE;
        let mut step = None;
        for line in attlog::lines(body) {
            let punch = match line.punch {
                Ok(punch) => punch,
                Err(error) => {
                    batch.rejected.push(Unreadable { raw: kept(line.raw), reason: error.code() });
                    continue;
                }
            };
            let at_step = punch.time.seconds().div_euclid(OFFSET_STEP);
            let utc_offset = match step {
                Some((known, offset)) if known == at_step => offset,
                _ => clock::offset_at(zone, punch.time),
            };
            step = Some((at_step, utc_offset));
            let mut flags = Flags::default();
            if clock::instant(punch.time, utc_offset) > latest {
                flags.set(Flag::Future);
            }
            if punch.time.seconds() < YEAR_2000 {
                flags.set(Flag::Ancient);
            }
            batch.punches.push(Ready {
                pin_number: pin_number(&punch.pin),
                pin: punch.pin.into_owned(),
                wall: punch.time,
                utc_offset,
                status: punch.status,
                verify: column(punch.verify),
                work_code: column(punch.work_code),
                raw: kept(line.raw),
                flags,
            });
        }
        batch
    }

    /// How many lines the upload had, blank ones aside: what a machine is told.
    pub fn lines(&self) -> usize {
        self.punches.len() + self.rejected.len()
    }

    /// Cuts it into parts of no more than `most` lines, so that a long one does not keep the writer from everybody else.
    pub fn parts(self, most: usize) -> impl Iterator<Item = Self> {
        let most = most.max(1);
        let Self { received_at, punches, rejected } = self;
        let (mut punches, mut rejected) = (punches.into_iter(), rejected.into_iter());
        std::iter::from_fn(move || {
            let punches: Vec<_> = punches.by_ref().take(most).collect();
            let rejected = rejected.by_ref().take(most.saturating_sub(punches.len())).collect();
            Some(Self { received_at, punches, rejected }).filter(|part| !part.is_empty())
        })
    }

    /// Whether there was nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lines() == 0
    }
}
