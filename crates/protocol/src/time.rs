//! The machine's wall clock: local time without a zone (attendance-push §7, quirk C4).

use std::fmt;

/// A date and time as a machine's clock shows it, to the second, without a zone.
///
/// Which instant it was depends on the zone the machine was in, which this crate does not know. The range is
/// 0001-01-01 00:00:00 to 9999-12-31 23:59:59.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WallTime(i64);

/// A [`WallTime`] taken apart; months and days count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Civil {
    /// 1 to 9999.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59: machines do not have leap seconds.
    pub second: u32,
}

/// Why bytes are not a wall time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Nothing but blanks.
    #[error("there is no time")]
    Missing,
    /// Not of the form `YYYY-MM-DD HH:MM:SS`.
    #[error("the time is not of the form YYYY-MM-DD HH:MM:SS")]
    Unreadable,
    /// Of the right form, but no calendar and clock show it: `2026-02-31`, `24:00:00`.
    #[error("no calendar has this time")]
    Impossible,
}

const DAY: i64 = 86_400;
/// 0001-01-01 00:00:00 and 9999-12-31 23:59:59 in seconds since 1970-01-01 00:00:00.
const FIRST: i64 = -62_135_596_800;
const LAST: i64 = 253_402_300_799;

impl WallTime {
    /// The earliest time that can be told.
    pub const MIN: Self = Self(FIRST);
    /// The latest time that can be told.
    pub const MAX: Self = Self(LAST);

    /// Reads `YYYY-MM-DD HH:MM:SS`.
    ///
    /// `/` instead of `-` and `T` instead of the blank are accepted (§7), as are single-digit months, days
    /// and hours, more than one blank between date and time, and blanks around the whole. A zone is not.
    ///
    /// # Errors
    /// [`TimeError`], by whether there was nothing, something else, or a time that cannot be.
    pub fn parse(bytes: &[u8]) -> Result<Self, TimeError> {
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() {
            return Err(TimeError::Missing);
        }
        let mut reader = Reader(bytes);
        let fields = reader.all().ok_or(TimeError::Unreadable)?;
        let [year, month, day, hour, minute, second] = fields;
        // At most four digits each, so the conversion cannot fail.
        let year = i32::try_from(year).map_err(|_| TimeError::Unreadable)?;
        Self::from_civil(year, month, day, hour, minute, second)
    }

    /// The wall time of a calendar date and a time of day.
    ///
    /// # Errors
    /// [`TimeError::Impossible`] when no calendar or clock shows it.
    pub fn from_civil(
        year: i32,
        month: u32,
        day: u32,
        hour: u32,
        minute: u32,
        second: u32,
    ) -> Result<Self, TimeError> {
        let possible = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        if !possible {
            return Err(TimeError::Impossible);
        }
        let of_day = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
        Ok(Self(days_from_civil(i64::from(year), i64::from(month), i64::from(day)) * DAY + of_day))
    }

    /// The wall time so many seconds after 1970-01-01 00:00:00 *on the same wall clock*. What lies outside
    /// the range becomes [`WallTime::MIN`] or [`WallTime::MAX`].
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.clamp(FIRST, LAST))
    }

    /// Seconds since 1970-01-01 00:00:00 on the same wall clock.
    #[must_use]
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// Calendar date and time of day.
    #[must_use]
    pub fn civil(self) -> Civil {
        let (year, month, day) = civil_from_days(self.0.div_euclid(DAY));
        let of_day = self.0.rem_euclid(DAY);
        Civil {
            year: small(year),
            month: small(month),
            day: small(day),
            hour: small(of_day / 3600),
            minute: small(of_day / 60 % 60),
            second: small(of_day % 60),
        }
    }
}

/// Narrows a value that the range of [`WallTime`] keeps far below every limit.
fn small<T: TryFrom<i64> + Default>(value: i64) -> T {
    T::try_from(value).unwrap_or_default()
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar: years are counted from March, so that the leap
/// day is a year's last, in eras of 400 years, which all have 146 097 days.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn all(&mut self) -> Option<[u32; 6]> {
        let year = self.number(4, 4)?;
        let separator = self.take(|b| b == b'-' || b == b'/')?;
        let month = self.number(1, 2)?;
        self.take(|b| b == separator)?;
        let day = self.number(1, 2)?;
        self.take(|b| b == b' ' || b == b'T' || b == b't')?;
        self.0 = self.0.trim_ascii_start();
        let hour = self.number(1, 2)?;
        self.take(|b| b == b':')?;
        let minute = self.number(2, 2)?;
        self.take(|b| b == b':')?;
        let second = self.number(2, 2)?;
        self.0.is_empty().then_some([year, month, day, hour, minute, second])
    }

    fn take(&mut self, wanted: impl Fn(u8) -> bool) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        if !wanted(first) {
            return None;
        }
        self.0 = rest;
        Some(first)
    }

    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let mut value = 0;
        let mut digits = 0;
        while digits < most
            && let Some(digit) = self.take(|b| b.is_ascii_digit())
        {
            value = value * 10 + u32::from(digit - b'0');
            digits += 1;
        }
        (digits >= least).then_some(value)
    }
}

impl fmt::Display for WallTime {
    /// `YYYY-MM-DD HH:MM:SS`, which [`WallTime::parse`] reads back.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Civil { year, month, day, hour, minute, second } = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for WallTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for WallTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(text.as_bytes()).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<String, TimeError> {
        WallTime::parse(text.as_bytes()).map(|time| time.to_string())
    }

    #[test]
    fn all_spellings_read_alike() {
        for text in [
            "2026-07-06 08:58:11",
            "2026/07/06 08:58:11",
            "2026-07-06T08:58:11",
            "2026/7/6 8:58:11",
            "  2026-07-06  08:58:11 ",
        ] {
            assert_eq!(read(text).as_deref(), Ok("2026-07-06 08:58:11"), "{text:?}");
        }
    }

    #[test]
    fn c5_impossible_times_are_told_from_unreadable_ones() {
        use TimeError::*;
        for (text, error) in [
            ("", Missing),
            ("  ", Missing),
            ("2026-02-31 08:00:00", Impossible),
            ("2026-02-29 08:00:00", Impossible),
            ("2026-13-01 08:00:00", Impossible),
            ("0000-00-00 00:00:00", Impossible),
            ("2026-07-06 24:00:00", Impossible),
            ("2026-07-06 08:60:00", Impossible),
            ("2026-07-06 08:59:60", Impossible),
            ("2026-07-06", Unreadable),
            ("2026-07-06 08:58", Unreadable),
            ("2026-07/06 08:58:11", Unreadable),
            ("2026-07-06 08:58:11Z", Unreadable),
            ("2026-07-06 08:58:11+08:00", Unreadable),
            ("26-07-06 08:58:11", Unreadable),
            ("20260706085811", Unreadable),
            ("昨天", Unreadable),
        ] {
            assert_eq!(read(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn known_seconds() {
        for (text, seconds) in [
            ("1970-01-01 00:00:00", 0),
            ("1969-12-31 23:59:59", -1),
            ("2000-02-29 12:00:00", 951_825_600),
            ("2026-07-06 08:58:11", 1_783_328_291),
            ("0001-01-01 00:00:00", FIRST),
            ("9999-12-31 23:59:59", LAST),
        ] {
            assert_eq!(WallTime::parse(text.as_bytes()).unwrap().seconds(), seconds, "{text}");
            assert_eq!(WallTime::from_seconds(seconds).to_string(), text);
        }
        assert_eq!(WallTime::from_seconds(i64::MIN), WallTime::MIN);
        assert_eq!(WallTime::from_seconds(i64::MAX), WallTime::MAX);
    }

    proptest! {
        #[test]
        fn written_and_read_back(seconds in FIRST..=LAST) {
            let time = WallTime::from_seconds(seconds);
            prop_assert_eq!(WallTime::parse(time.to_string().as_bytes()), Ok(time));
            let c = time.civil();
            prop_assert_eq!(WallTime::from_civil(c.year, c.month, c.day, c.hour, c.minute, c.second), Ok(time));
        }
    }
}
