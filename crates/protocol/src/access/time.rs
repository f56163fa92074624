//! Times of the access dialect (access-push §12): packed seconds, the answer to a clock request, and the dates between
//! which a person is let in.

use std::io::Write as _;

use crate::time::{Civil, TimeError, WallTime};

const DAY: u64 = 86_400;
/// The first year that can be packed.
const FIRST_YEAR: i32 = 2000;
/// Packed seconds of a year: twelve months of 31 days.
const YEAR: u64 = 12 * 31 * DAY;

/// Packs a wall time: `(((y−2000)·12 + (m−1))·31 + (d−1))·86400` and the seconds of the day.
///
/// It is **not** Unix time. `None` before 2000, and where 32 bits are not enough (in 2133): machines keep no more.
#[must_use]
pub fn pack(time: WallTime) -> Option<u32> {
    let Civil { year, month, day, hour, minute, second } = time.civil();
    let years = u64::try_from(year - FIRST_YEAR).ok()?;
    let days = (years * 12 + u64::from(month - 1)) * 31 + u64::from(day - 1);
    let of_day = u64::from(hour) * 3600 + u64::from(minute) * 60 + u64::from(second);
    u32::try_from(days * DAY + of_day).ok()
}

/// Takes packed seconds apart.
///
/// # Errors
/// [`TimeError::Impossible`] for a day no month has: arithmetic on packed seconds yields 31 February.
pub fn unpack(packed: u32) -> Result<WallTime, TimeError> {
    let packed = u64::from(packed);
    let part = |value: u64| u32::try_from(value).map_err(|_| TimeError::Impossible);
    let year = i32::try_from(packed / YEAR).map_err(|_| TimeError::Impossible)? + FIRST_YEAR;
    WallTime::from_civil(
        year,
        part(packed / DAY / 31 % 12 + 1)?,
        part(packed / DAY % 31 + 1)?,
        part(packed / 3600 % 24)?,
        part(packed / 60 % 60)?,
        part(packed % 60)?,
    )
}

/// Reads packed seconds as digits.
///
/// # Errors
/// When there is nothing, it is no number of 32 bits, or no calendar has the day.
pub fn parse_packed(bytes: &[u8]) -> Result<WallTime, TimeError> {
    let bytes = crate::text::trim(bytes);
    if bytes.is_empty() {
        return Err(TimeError::Missing);
    }
    let digits = bytes.iter().all(u8::is_ascii_digit);
    let text = std::str::from_utf8(bytes).ok().filter(|_| digits);
    unpack(text.and_then(|text| text.parse().ok()).ok_or(TimeError::Unreadable)?)
}

/// Reads a time in either form: `YYYY-MM-DD HH:MM:SS`, or packed seconds.
///
/// # Errors
/// As [`WallTime::parse`] and [`parse_packed`].
pub fn parse_any(bytes: &[u8]) -> Result<WallTime, TimeError> {
    let trimmed = crate::text::trim(bytes);
    if trimmed.iter().all(u8::is_ascii_digit) { parse_packed(trimmed) } else { WallTime::parse(trimmed) }
}

/// The end of a person's validity as machines send and take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `YYYYMMDD`: the day, given as its first second.
    Day(WallTime),
    /// Packed seconds (`DateFmtFunOn=1`).
    Second(WallTime),
}

impl Limit {
    /// Reads `starttime` or `endtime` of a person; nothing for 0, empty and unreadable, which limit nothing.
    ///
    /// The two forms are told apart by themselves, since not every machine says which it uses: eight digits that name a
    /// day would be a time in August 2000 if they were packed.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let bytes = crate::text::trim(bytes);
        let number: u32 = std::str::from_utf8(bytes).ok()?.parse().ok().filter(|number| *number > 0)?;
        let day = || {
            let year = i32::try_from(number / 10_000).ok().filter(|year| (1900..2100).contains(year))?;
            WallTime::from_civil(year, number / 100 % 100, number % 100, 0, 0, 0).ok()
        };
        match day() {
            Some(day) if bytes.len() == 8 => Some(Self::Day(day)),
            _ => unpack(number).ok().map(Self::Second),
        }
    }

    /// Appends it as the machine wants it.
    pub fn write(self, out: &mut String) {
        use std::fmt::Write as _;
        // Writing to memory does not fail.
        let _ = match self {
            Self::Day(time) => {
                let Civil { year, month, day, .. } = time.civil();
                write!(out, "{year:04}{month:02}{day:02}")
            }
            Self::Second(time) => write!(out, "{}", pack(time).unwrap_or(0)),
        };
    }
}

impl std::fmt::Display for Limit {
    /// For people: the day, or the second.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(time) => f.pad(time.to_string().get(..10).unwrap_or_default()),
            Self::Second(time) => f.pad(&time.to_string()),
        }
    }
}

/// Writes the answer to `rtdata?type=time` (§10): the time in **GMT**, packed, and the machine's zone.
pub fn write_clock(gmt: WallTime, offset_minutes: i32, out: &mut Vec<u8>) {
    let sign = if offset_minutes < 0 { '-' } else { '+' };
    let minutes = offset_minutes.unsigned_abs();
    // Writing to memory does not fail.
    let _ = write!(
        out,
        "DateTime={},ServerTZ={sign}{:02}{:02}",
        pack(gmt).unwrap_or(0),
        minutes / 60,
        minutes % 60
    );
}

/// Reads that answer as a machine does: the GMT time, and the offset in minutes.
#[must_use]
pub fn parse_clock(body: &[u8]) -> Option<(WallTime, i32)> {
    let pairs = crate::attendance::options::parse(body);
    let gmt = parse_packed(crate::attendance::options::get(&pairs, "DateTime")?.as_bytes()).ok()?;
    let zone = crate::attendance::options::get(&pairs, "ServerTZ")?.as_bytes();
    let (sign, [h1, h2, m1, m2]) =
        zone.split_first().and_then(|(sign, rest)| Some((sign, rest.try_into().ok()?)))?;
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i32::from(byte - b'0'));
    let (hours, minutes) = (digit(h1)? * 10 + digit(h2)?, digit(m1)? * 10 + digit(m2)?);
    // No zone has 60 minutes or is further off than this; written again, it would be another text.
    if minutes >= 60 || hours > 15 {
        return None;
    }
    let minutes = hours * 60 + minutes;
    match sign {
        b'+' => Some((gmt, minutes)),
        b'-' => Some((gmt, -minutes)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wall(text: &str) -> WallTime {
        WallTime::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_chapters_times() {
        for (text, packed) in [
            ("2026-07-06 09:30:05", 852_197_405),
            ("2026-07-06 01:30:05", 852_168_605),
            ("2000-01-01 00:00:00", 0),
            ("2000-02-29 00:00:00", 59 * 86_400),
        ] {
            assert_eq!(pack(wall(text)), Some(packed), "{text}");
            assert_eq!(unpack(packed), Ok(wall(text)), "{text}");
        }
    }

    #[test]
    fn c5_days_that_no_month_has_are_impossible() {
        // 31 January 2026 and a day: 31 February comes 31 days later in this arithmetic.
        let january = pack(wall("2026-01-31 08:00:00")).unwrap();
        assert_eq!(unpack(january + 31 * 86_400), Err(TimeError::Impossible));
        assert_eq!(parse_packed(b"5184000"), Err(TimeError::Impossible), "30 February 2000");
        for (text, error) in [
            ("", TimeError::Missing),
            ("  ", TimeError::Missing),
            ("-1", TimeError::Unreadable),
            ("4294967296", TimeError::Unreadable),
            ("852197405.5", TimeError::Unreadable),
            ("+5", TimeError::Unreadable),
        ] {
            assert_eq!(parse_packed(text.as_bytes()), Err(error), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_packed() {
        assert_eq!(pack(wall("1999-12-31 23:59:59")), None);
        assert_eq!(pack(wall("2200-01-01 00:00:00")), None);
        assert_eq!(pack(WallTime::MIN), None);
        assert_eq!(pack(WallTime::MAX), None);
    }

    #[test]
    fn validity_in_both_forms() {
        let shown = |text: &str| Limit::parse(text.as_bytes()).map(|limit| limit.to_string());
        assert_eq!(shown("20260701").as_deref(), Some("2026-07-01"));
        assert_eq!(shown("852197405").as_deref(), Some("2026-07-06 09:30:05"));
        for unlimited in ["", "0", "00000000", "x", "-5", "5184000"] {
            assert_eq!(shown(unlimited), None, "{unlimited:?}");
        }
        for text in ["20260701", "852197405"] {
            let mut again = String::new();
            Limit::parse(text.as_bytes()).unwrap().write(&mut again);
            assert_eq!(again, text);
        }
    }

    #[test]
    fn the_clock_of_the_chapter() {
        let mut body = Vec::new();
        write_clock(wall("2026-07-06 01:30:05"), 480, &mut body);
        assert_eq!(body, b"DateTime=852168605,ServerTZ=+0800");
        assert_eq!(parse_clock(&body), Some((wall("2026-07-06 01:30:05"), 480)));
        assert_eq!(parse_clock(b"DateTime=0,ServerTZ=-0330").map(|(_, zone)| zone), Some(-210));
        for zone in ["8", "+9995", "+0860", "+1600"] {
            assert_eq!(parse_clock(format!("DateTime=0,ServerTZ={zone}").as_bytes()), None, "{zone}");
        }
    }

    proptest! {
        #[test]
        fn packed_and_unpacked(seconds in 946_684_800_i64..5_100_000_000) {
            let time = WallTime::from_seconds(seconds);
            let packed = pack(time).unwrap();
            prop_assert_eq!(unpack(packed), Ok(time));
            prop_assert_eq!(parse_any(packed.to_string().as_bytes()), Ok(time));
            prop_assert_eq!(parse_any(time.to_string().as_bytes()), Ok(time));
        }

        /// Whatever number comes, it is a time that packs to itself, or refused.
        #[test]
        fn any_number_is_a_time_or_impossible(packed: u32) {
            match unpack(packed) {
                Ok(time) => prop_assert_eq!(pack(time), Some(packed)),
                Err(error) => prop_assert_eq!(error, TimeError::Impossible),
            }
        }
    }
}
