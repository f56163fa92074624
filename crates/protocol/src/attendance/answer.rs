//! Answers to uploads, and how a machine takes them (attendance-push §6, §12; quirks A2, A3).

use std::io::Write as _;

use crate::time::WallTime;

/// Accepted, without a number: options, pictures, results, polls without work.
pub const OK: &[u8] = b"OK";
/// Drops a machine back to its handshake.
pub const UNKNOWN_DEVICE: &[u8] = b"UNKNOWN DEVICE";
/// The body of a 503: the letters O and K do not follow each other in it (A2).
pub const BUSY: &[u8] = b"BUSY";

/// Writes `OK: n`, the answer to an upload of `n` lines (A3).
pub fn write_count(lines: usize, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = write!(out, "OK: {lines}");
}

/// What a machine does after an answer with status 200 to an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// The records are taken for delivered.
    Accepted,
    /// Back to the handshake; the records are kept.
    Handshake,
    /// The records are sent again.
    NotAccepted,
}

impl Reaction {
    /// Reads an answer's body as machines do (§12): `UNKNOWN DEVICE` at its beginning, else `OK` anywhere.
    #[must_use]
    pub fn to(body: &[u8]) -> Self {
        if body.starts_with(UNKNOWN_DEVICE) {
            Self::Handshake
        } else if body.windows(2).any(|pair| pair == OK) {
            Self::Accepted
        } else {
            Self::NotAccepted
        }
    }
}

/// Writes the answer to a clock request: `Time=2026-07-06T09:30:05+08:00` (§6).
pub fn write_time(wall: WallTime, offset_minutes: i32, out: &mut Vec<u8>) {
    let c = wall.civil();
    let sign = if offset_minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (offset_minutes.unsigned_abs() / 60, offset_minutes.unsigned_abs() % 60);
    // Writing to memory does not fail.
    let _ = write!(
        out,
        "Time={:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{hours:02}:{minutes:02}",
        c.year, c.month, c.day, c.hour, c.minute, c.second
    );
}

/// Reads the answer to a clock request: the wall time and the offset in minutes.
#[must_use]
pub fn parse_time(body: &[u8]) -> Option<(WallTime, i32)> {
    let value = body.trim_ascii().strip_prefix(b"Time=")?;
    let (wall, zone) = value.split_at_checked(value.len().checked_sub(b"+00:00".len())?)?;
    Some((WallTime::parse(wall).ok()?, super::handshake::signed_clock(zone)?))
}
