//! Times as the API writes and reads them.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use rollcall_core::WallTime;
use rollcall_core::clock;
use rollcall_core::punches::TimeBound;
use rollcall_core::schedule::TimeOfDay;

use super::problem::Problem;

/// A machine's wall clock with the offset its zone had then.
pub(crate) fn with_offset(wall: WallTime, utc_offset: i32) -> DateTime<FixedOffset> {
    let instant = clock::instant(wall, utc_offset);
    match FixedOffset::east_opt(utc_offset) {
        Some(offset) => instant.with_timezone(&offset),
        None => instant.fixed_offset(),
    }
}

/// The first year of a date; whoever writes an earlier one has mistyped it.
const YEAR_LEAST: i32 = 1900;

/// `YYYY-MM-DD` and nothing else: the calendar's own reading also takes signs, blanks and single digits, which other
/// programs and our own database order and read differently.
fn parse_date(text: &str) -> Option<NaiveDate> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    text.parse::<NaiveDate>().ok().filter(|date| shape && date.year() >= YEAR_LEAST)
}

/// A date of the body.
pub(crate) fn date(pointer: &str, text: &str) -> Result<NaiveDate, Problem> {
    parse_date(text).ok_or_else(|| {
        Problem::invalid(
            pointer,
            "date.invalid",
            format!("{text:?} is no date like 2026-07-06 of the years {YEAR_LEAST} to 9999"),
        )
    })
}

/// A date that may be left out.
pub(crate) fn day(pointer: &str, text: Option<String>) -> Result<Option<NaiveDate>, Problem> {
    text.map(|text| date(pointer, &text)).transpose()
}

/// A time of day of the body.
pub(crate) fn time_of_day(pointer: &str, text: &str) -> Result<TimeOfDay, Problem> {
    TimeOfDay::parse(text).ok_or_else(|| {
        Problem::invalid(pointer, "time.invalid", format!("{text:?} is no time of day like 09:00"))
    })
}

/// One end of a stretch of time: a date of the machine's own calendar, or an instant with its offset.
pub(crate) fn bound(pointer: &str, text: &str) -> Result<TimeBound, Problem> {
    if let Some(date) = parse_date(text) {
        return Ok(TimeBound::Date(date));
    }
    // A `+` that nobody escaped arrives as a blank.
    match DateTime::parse_from_rfc3339(&text.replace(' ', "+")) {
        Ok(at) if at.year() >= YEAR_LEAST => Ok(TimeBound::Instant(at.to_utc())),
        _ => Err(Problem::invalid(
            pointer,
            "time.unreadable",
            format!("{text:?} is neither a date like 2026-07-06 nor a time like 2026-07-06T09:00:00+08:00"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use rollcall_core::clock::Timestamp;

    use super::*;

    #[test]
    fn bounds_are_dates_or_instants() {
        let day = NaiveDate::from_ymd_opt(2026, 7, 6).unwrap();
        assert_eq!(bound("/from", "2026-07-06").unwrap(), TimeBound::Date(day));
        let at: Timestamp = "2026-07-06T01:00:00Z".parse().unwrap();
        for text in ["2026-07-06T09:00:00+08:00", "2026-07-06T09:00:00 08:00", "2026-07-06T01:00:00Z"] {
            assert_eq!(bound("/from", text).unwrap(), TimeBound::Instant(at), "{text}");
        }
        for text in ["", "x", "2026-02-31", "2026-7-6", "2026-07-06T09:00:00", "+262143-12-31"] {
            assert_eq!(bound("/from", text).unwrap_err().code(), "time.unreadable", "{text}");
        }
        for text in ["-001-01-01", "+2026-1-01", " 2026-7-06", "1899-12-31", "1899-12-31T23:59:59Z"] {
            assert_eq!(bound("/from", text).unwrap_err().code(), "time.unreadable", "{text}");
        }
    }

    #[test]
    fn dates_are_four_two_and_two_digits() {
        for good in ["1900-01-01", "2024-02-29", "9999-12-31"] {
            assert_eq!(date("/hiredOn", good).unwrap().to_string(), good);
        }
        for bad in [
            "",
            "+262142-12-31",
            "-0001-1-1",
            "-0001-01-01",
            "2026-1-1",
            " 2026-01-01",
            "2026-01-01 ",
            "2026-02-29",
            "1899-12-31",
            "10000-01-01",
            "2026/01/01",
            "20260101",
            "2026-01-0１",
            "２026-01-01",
            "2026-01-01T00:00:00Z",
        ] {
            assert_eq!(date("/hiredOn", bad).unwrap_err().code(), "date.invalid", "{bad}");
        }
    }
}
