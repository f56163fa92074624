//! Times as the API writes and reads them.

use chrono::{DateTime, FixedOffset, NaiveDate};
use chrono_tz::Tz;
use rollcall_core::WallTime;
use rollcall_core::clock::{self, Timestamp};
use rollcall_core::punches::TimeBound;

use super::problem::Problem;

/// The date in a zone.
pub(crate) fn today(zone: Tz, now: Timestamp) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// A machine's wall clock with the offset its zone had then.
pub(crate) fn with_offset(wall: WallTime, utc_offset: i32) -> DateTime<FixedOffset> {
    let instant = clock::instant(wall, utc_offset);
    match FixedOffset::east_opt(utc_offset) {
        Some(offset) => instant.with_timezone(&offset),
        None => instant.fixed_offset(),
    }
}

/// One end of a stretch of time: a date of the machine's own calendar, or an instant with its offset.
pub(crate) fn bound(pointer: &str, text: &str) -> Result<TimeBound, Problem> {
    if let Ok(date) = text.parse::<NaiveDate>()
        && text.len() == "2026-07-06".len()
    {
        return Ok(TimeBound::Date(date));
    }
    // A `+` that nobody escaped arrives as a blank.
    match DateTime::parse_from_rfc3339(&text.replace(' ', "+")) {
        Ok(at) => Ok(TimeBound::Instant(at.to_utc())),
        Err(_) => Err(Problem::invalid(
            pointer,
            "time.unreadable",
            format!("{text:?} is neither a date like 2026-07-06 nor a time like 2026-07-06T09:00:00+08:00"),
        )),
    }
}

#[cfg(test)]
mod tests {
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
    }
}
