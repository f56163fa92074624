//! When the nightly run of a machine is due (rule 4.3): once for each date where the machine hangs, at a time of its wall
//! clock; what was missed while the program was off is due at once, but only once.

use chrono::{NaiveDate, NaiveTime, Timelike};
use chrono_tz::Tz;
use rollcall_protocol::WallTime;

use crate::clock::{self, Timestamp, date_in};

/// A time of day to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RunAt(NaiveTime);

impl Default for RunAt {
    /// In the small hours.
    fn default() -> Self {
        Self(NaiveTime::from_hms_opt(2, 0, 0).unwrap_or_default())
    }
}

impl std::fmt::Display for RunAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl RunAt {
    /// A time written as `HH:MM`; nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let shaped = text.len() == 5
            && text.bytes().enumerate().all(|(place, byte)| match place {
                2 => byte == b':',
                _ => byte.is_ascii_digit(),
            });
        shaped.then(|| NaiveTime::parse_from_str(text, "%H:%M").ok()).flatten().map(Self)
    }
}

/// The instant of a date's run. In a night whose clocks skip that time it is as long after midnight as on other nights; in one
/// that has it twice it is the first of them.
fn instant(zone: Tz, day: NaiveDate, run_at: RunAt) -> Timestamp {
    let wall = WallTime::from_seconds(day.and_time(run_at.0).and_utc().timestamp());
    clock::instant(wall, clock::offset_at(zone, wall))
}

/// The newest date whose run has come.
pub fn due(zone: Tz, run_at: RunAt, now: Timestamp) -> NaiveDate {
    let today = date_in(zone, now);
    if instant(zone, today, run_at) <= now { today } else { today.pred_opt().unwrap_or(today) }
}

/// The next run after now.
pub fn next(zone: Tz, run_at: RunAt, now: Timestamp) -> Timestamp {
    let last = due(zone, run_at, now);
    instant(zone, last.succ_opt().unwrap_or(last), run_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn dispatch_4_3_the_time_of_the_run_is_hours_and_minutes() {
        for text in ["00:00", "02:00", "23:59"] {
            assert_eq!(RunAt::parse(text).unwrap().to_string(), text);
        }
        for text in ["24:00", "2:00", "02:60", "02:00:00", "", "02-00", " 2:00", "+2:00", "０2:0"] {
            assert_eq!(RunAt::parse(text), None, "{text:?}");
        }
        assert_eq!(RunAt::default().to_string(), "02:00");
    }

    #[test]
    fn dispatch_4_3_a_run_is_due_by_the_clock_where_the_machine_hangs() {
        let table = [
            // 01:59 and 02:00 in Shanghai
            (Tz::Asia__Shanghai, "02:00", "2026-07-05T17:59:59Z", "2026-07-05", "2026-07-05T18:00:00Z"),
            (Tz::Asia__Shanghai, "02:00", "2026-07-05T18:00:00Z", "2026-07-06", "2026-07-06T18:00:00Z"),
            (Tz::America__New_York, "02:00", "2026-07-05T18:00:00Z", "2026-07-05", "2026-07-06T06:00:00Z"),
            (Tz::Asia__Kolkata, "00:00", "2026-07-05T18:30:00Z", "2026-07-06", "2026-07-06T18:30:00Z"),
            (Tz::UTC, "23:59", "2026-07-05T23:58:00Z", "2026-07-04", "2026-07-05T23:59:00Z"),
            // Berlin's clocks jump from 02:00 to 03:00 on the 29th: 02:30 is 03:30 by them.
            (Tz::Europe__Berlin, "02:30", "2026-03-29T01:29:59Z", "2026-03-28", "2026-03-29T01:30:00Z"),
            (Tz::Europe__Berlin, "02:30", "2026-03-29T01:30:00Z", "2026-03-29", "2026-03-30T00:30:00Z"),
            // and show 02:30 twice on 25 October: the first counts, the second does not.
            (Tz::Europe__Berlin, "02:30", "2026-10-25T00:30:00Z", "2026-10-25", "2026-10-26T01:30:00Z"),
            (Tz::Europe__Berlin, "02:30", "2026-10-25T01:30:00Z", "2026-10-25", "2026-10-26T01:30:00Z"),
        ];
        for (zone, run_at, now, expected, following) in table {
            let run_at = RunAt::parse(run_at).unwrap();
            assert_eq!(due(zone, run_at, at(now)), day(expected), "{zone} {now}");
            assert_eq!(next(zone, run_at, at(now)), at(following), "{zone} {now}");
        }
    }

    #[test]
    fn dispatch_4_3_a_year_of_nights_has_one_run_for_each_date_in_every_zone() {
        for zone in [Tz::Europe__Berlin, Tz::America__New_York, Tz::Australia__Lord_Howe, Tz::Asia__Shanghai]
        {
            for text in ["00:00", "01:30", "02:00", "02:30", "03:00", "23:59"] {
                let run_at = RunAt::parse(text).unwrap();
                let mut now = at("2026-01-01T12:00:00Z");
                let mut last = due(zone, run_at, now);
                for _ in 0..366 {
                    now = next(zone, run_at, now);
                    let date = due(zone, run_at, now);
                    assert_eq!(Some(date), last.succ_opt(), "{zone} {text} {now}");
                    last = date;
                }
            }
        }
    }
}
