//! The handshake: what a machine asks for, and the options it is given (attendance-push §3, §4).

use std::borrow::Cow;

use crate::http::{Query, write_value};

pub use super::option_block::{BlockError, OptionsBlock, TransFlag};

/// Which of the three spellings of the option block a machine reads (§21).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generation {
    /// PUSH 1.x, which sends no `pushver`: short stamp names, no `ServerVer`.
    V1,
    /// 2.0 to 2.2.13: long stamp names.
    V2_0,
    /// From 2.2.14: `PushProtVer`, options upload, ping.
    Modern,
}

/// A handshake request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handshake<'a> {
    /// `pushver`, the protocol level of the firmware.
    pub push_version: Option<Cow<'a, str>>,
    /// `language`: the code of a letter, or text (T12).
    pub language: Option<Cow<'a, str>>,
    /// `DeviceType`: `att`, `pid`, `ins`, `acc`; absent means attendance.
    pub device_type: Option<Cow<'a, str>>,
    /// `PushOptionsFlag=1`: can upload its capabilities when asked to.
    pub push_options: bool,
}

impl<'a> Handshake<'a> {
    /// Reads a handshake's query; `None` when it is not one: `options=all` marks it, whatever the method
    /// (T12).
    #[must_use]
    pub fn from_query(query: &Query<'a>) -> Option<Self> {
        if !query.text("options")?.eq_ignore_ascii_case("all") {
            return None;
        }
        let text = |name| query.text(name).filter(|value| !value.is_empty());
        Some(Self {
            push_version: text("pushver"),
            language: text("language"),
            device_type: text("DeviceType"),
            push_options: text("PushOptionsFlag").is_some_and(|flag| flag == "1"),
        })
    }

    /// What this machine understands.
    #[must_use]
    pub fn generation(&self) -> Generation {
        match self.push_version.as_deref() {
            None => Generation::V1,
            Some(version) => Generation::of_version(version),
        }
    }

    /// Writes the request target.
    pub fn write_target(&self, sn: &str, out: &mut Vec<u8>) {
        super::request::begin("cdata", sn, out);
        out.extend_from_slice(b"&options=all");
        for (name, value) in
            [("language", &self.language), ("pushver", &self.push_version), ("DeviceType", &self.device_type)]
        {
            if let Some(value) = value {
                out.push(b'&');
                out.extend_from_slice(name.as_bytes());
                out.push(b'=');
                write_value(value.as_bytes(), out);
            }
        }
        if self.push_options {
            out.extend_from_slice(b"&PushOptionsFlag=1");
        }
    }
}

impl Generation {
    /// The generation of a `pushver` such as `2.4.1`. What names no version is taken for the oldest that has
    /// a `pushver` at all.
    #[must_use]
    pub fn of_version(version: &str) -> Self {
        let digits = version.trim_start_matches(|c: char| !c.is_ascii_digit());
        let mut numbers = digits
            .split('.')
            .map(|part| part.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default())
            .map(|part| part.parse::<u32>().unwrap_or(0));
        let mut next = || numbers.next().unwrap_or(0);
        let level = (next(), next(), next());
        if digits.is_empty() {
            Self::V2_0
        } else if level < (2, 0, 0) {
            Self::V1
        } else if level < (2, 2, 14) {
            Self::V2_0
        } else {
            Self::Modern
        }
    }
}

/// `TimeZone` as the option block has it: whole hours, else minutes (C3).
///
/// Machines take a value below 25 for hours, so an offset of a few minutes cannot be told and becomes 0.
#[must_use]
pub fn time_zone_value(offset_minutes: i32) -> i32 {
    if offset_minutes % 60 == 0 {
        offset_minutes / 60
    } else if offset_minutes.abs() < 25 {
        0
    } else {
        offset_minutes
    }
}

/// The offset in minutes that a machine takes from `TimeZone`: below 25 hours, else minutes, or `-05:00`.
#[must_use]
pub fn time_zone_minutes(value: &str) -> Option<i32> {
    let value = value.trim();
    match value.parse::<i32>() {
        Ok(hours) if hours.abs() < 25 => Some(hours * 60),
        Ok(minutes) => Some(minutes),
        Err(_) => signed_clock(value.as_bytes()),
    }
}

/// `+08:00` in minutes.
pub(super) fn signed_clock(text: &[u8]) -> Option<i32> {
    let (sign, clock) = text.split_first()?;
    let [h1 @ b'0'..=b'9', h2 @ b'0'..=b'9', b':', m1 @ b'0'..=b'5', m2 @ b'0'..=b'9'] = clock else {
        return None;
    };
    let number = |tens: &u8, ones: &u8| i32::from(tens - b'0') * 10 + i32::from(ones - b'0');
    let minutes = number(h1, h2) * 60 + number(m1, m2);
    match sign {
        b'+' => Some(minutes),
        b'-' => Some(-minutes),
        _ => None,
    }
}
