//! Punches fetched from the memory: the answer to `GET_LOG_DATA` (fk-http §9).

use std::borrow::Cow;

use super::frame::Frame;
use super::json::Json;
use super::modes::{self, Library};
use super::punch::pin;
use crate::attendance::attlog::LineError;
use crate::text;
use crate::time::WallTime;

/// The records of an answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Log<'a> {
    /// Records of a layout that is known, each with its bytes.
    Records(Vec<Record<'a>>),
    /// Records as JSON objects.
    Objects(usize),
    /// Records nobody can read: their size, and the bytes to keep.
    Unknown(i64, Cow<'a, [u8]>),
    /// There is nothing in it.
    Empty,
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its bytes.
    pub raw: Cow<'a, [u8]>,
    /// What it says.
    pub punch: Result<Stored, LineError>,
}

/// A punch as it is stored; the same values as [`Punch`](super::punch::Punch) has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The person's number.
    pub pin: String,
    /// The machine's wall clock.
    pub time: WallTime,
    /// As in [`Punch::status`](super::punch::Punch::status).
    pub status: Option<i32>,
    /// As in [`Punch::verify`](super::punch::Punch::verify).
    pub verify: String,
}

/// Takes the answer apart. Only sizes 12 and 48 are understood; 24, 40 and 52 exist, and nobody has said what is in them.
#[must_use]
pub fn read<'a>(frame: &Frame<'a>, json: &Json<'_>, library: Library) -> Log<'a> {
    let Some(array) = json.any(&["log_array", "log_data", "logs"]) else { return Log::Empty };
    if let Json::List(objects) = array {
        return Log::Objects(objects.len());
    }
    let Some(bytes) = frame.binary(array).filter(|bytes| !bytes.is_empty()) else { return Log::Empty };
    let size = json.get("one_log_size").and_then(Json::number).unwrap_or_default();
    let one: fn(&[u8], Library) -> Result<Stored, LineError> = match size {
        12 => short,
        48 => long,
        _ => return Log::Unknown(size, bytes),
    };
    let size = if size == 12 { 12 } else { 48 };
    let record = |raw: &[u8]| Record { raw: Cow::Owned(raw.to_vec()), punch: one(raw, library) };
    Log::Records(match bytes {
        Cow::Borrowed(bytes) => bytes
            .chunks_exact(size)
            .filter(|raw| raw.iter().any(|byte| *byte != 0))
            .map(|raw| Record { raw: Cow::Borrowed(raw), punch: one(raw, library) })
            .collect(),
        Cow::Owned(bytes) => {
            bytes.chunks_exact(size).filter(|raw| raw.iter().any(|byte| *byte != 0)).map(record).collect()
        }
    })
}

/// The records of [`Log::Objects`], to be read as punches.
#[must_use]
pub fn list<'j>(json: &'j Json<'j>) -> &'j [Json<'j>] {
    json.any(&["log_array", "log_data", "logs"]).map(Json::list).unwrap_or_default()
}

/// Twelve bytes: number, one byte each of version, direction, method and second, then the rest of the time in bits.
fn short(raw: &[u8], library: Library) -> Result<Stored, LineError> {
    let user = word(raw, 0);
    let (io_mode, verify, second) = (byte(raw, 5), byte(raw, 6), byte(raw, 7));
    Ok(Stored {
        pin: pin(&user.to_string())?.into_owned(),
        time: packed(word(raw, 8), second)?,
        status: modes::status(io_mode.into(), library),
        verify: modes::verify_of_byte(verify, library).to_string(),
    })
}

/// Forty-eight bytes: the number as text, the second at 35, the rest of the time at 36, direction at 40, method at 44.
fn long(raw: &[u8], library: Library) -> Result<Stored, LineError> {
    let user = raw.get(..32).unwrap_or_default();
    let user = text::field(user.split(|byte| *byte == 0).next().unwrap_or_default());
    Ok(Stored {
        pin: pin(&user)?.into_owned(),
        time: packed(word(raw, 36), byte(raw, 35))?,
        status: modes::status(word(raw, 40).into(), library),
        verify: word(raw, 44).to_string(),
    })
}

/// The bit field of a time, from the lowest bit: 2 valid, 10 year − 1900, 4 month, 5 day, 5 hour, 6 minute.
fn packed(bits: u32, second: u8) -> Result<WallTime, LineError> {
    let field = |from: u32, width: u32| bits >> from & ((1 << width) - 1);
    let year = i32::try_from(field(2, 10)).unwrap_or_default() + 1900;
    Ok(WallTime::from_civil(year, field(12, 4), field(16, 5), field(21, 5), field(26, 6), second.into())?)
}

/// The inverse of the reading above, for simulated machines.
#[must_use]
pub fn pack(time: WallTime) -> (u32, u8) {
    let civil = time.civil();
    let year = u32::try_from(civil.year - 1900).unwrap_or_default() & 0x3FF;
    let bits = 1 | year << 2 | civil.month << 12 | civil.day << 16 | civil.hour << 21 | civil.minute << 26;
    (bits, u8::try_from(civil.second).unwrap_or_default())
}

/// A record of twelve bytes.
#[must_use]
pub fn short_record(user: u32, io_mode: u8, verify: u8, time: WallTime) -> [u8; 12] {
    let (bits, second) = pack(time);
    let ([a, b, c, d], [e, f, g, h]) = (user.to_le_bytes(), bits.to_le_bytes());
    [a, b, c, d, 1, io_mode, verify, second, e, f, g, h]
}

/// A record of forty-eight bytes; a number longer than 31 bytes is cut.
#[must_use]
pub fn long_record(user: &str, io_mode: u32, verify: u32, time: WallTime) -> [u8; 48] {
    let (bits, second) = pack(time);
    let tail = [bits, io_mode, verify];
    let mut raw = [0; 48];
    for (to, from) in raw.iter_mut().zip(text::truncate_bytes(user, 31).bytes()) {
        *to = from;
    }
    for (to, from) in
        raw.iter_mut().skip(35).zip([second].into_iter().chain(tail.into_iter().flat_map(u32::to_le_bytes)))
    {
        *to = from;
    }
    raw
}

fn byte(raw: &[u8], at: usize) -> u8 {
    raw.get(at).copied().unwrap_or_default()
}

fn word(raw: &[u8], at: usize) -> u32 {
    raw.get(at..).and_then(|rest| rest.first_chunk::<4>()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn records_written_and_read_back(
            user in 1_u32..=999_999_999, io in 1_u8..=6, verify in 1_u8..=25,
            seconds in 0_i64..2_000_000_000,
        ) {
            let time = WallTime::from_seconds(seconds);
            let of_short = short(&short_record(user, io, verify, time), Library::Plain).unwrap();
            let of_long = long(&long_record(&user.to_string(), io.into(), verify.into(), time), Library::Plain).unwrap();
            prop_assert_eq!((&of_short.pin, of_short.time), (&user.to_string(), time));
            prop_assert_eq!(of_short, of_long);
        }

        #[test]
        fn any_record_is_read_without_panic(raw in prop::array::uniform32(any::<u8>())) {
            let _ = short(&raw, Library::TopByte);
            let _ = long(&raw, Library::TopByte);
        }
    }
}
