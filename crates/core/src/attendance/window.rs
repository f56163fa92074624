//! From when to when punches are taken for a day (rule 6.5).
//!
//! Of two days that follow each other no punch belongs to both, and what either would take belongs to one of them: each side
//! of a border is worked out of the same two plans.

use chrono::NaiveDate;
use rollcall_protocol::WallTime;

use crate::schedule::plan::DayPlan;
use crate::schedule::shift::{DAY, Minute, Rule};

/// From when to when punches are taken for a day: minutes of its date, without the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first minute.
    pub from: Minute,
    /// The minute after the last.
    pub to: Minute,
}

impl Window {
    /// The window of a day between its neighbours.
    pub fn of(before: &DayPlan, plan: &DayPlan, after: &DayPlan) -> Self {
        let (before, own, after) = (Reach::of(before), Reach::of(plan), Reach::of(after));
        match own {
            Some(own) => {
                let from = before.map_or(own.from, |before| {
                    let before = before.moved(-DAY);
                    if before.to > own.from { border(before, own) } else { own.from }
                });
                let to = after.map_or(own.to, |after| {
                    let after = after.moved(DAY);
                    if own.to > after.from { border(own, after) } else { own.to }
                });
                Self { from: Minute(from), to: Minute(to.max(from)) }
            }
            // What a shift takes of the days around it is not cut short by a day without one.
            None => {
                let from = before.map_or(0, |before| before.moved(-DAY).to.clamp(0, DAY));
                let to = after.map_or(DAY, |after| after.moved(DAY).from.clamp(0, DAY));
                Self { from: Minute(from), to: Minute(to.max(from)) }
            }
        }
    }

    /// Whether the minute is in it.
    pub fn has(self, minute: Minute) -> bool {
        self.from <= minute && minute < self.to
    }
}

/// Seconds on a wall clock at the midnight a date begins with.
pub(super) fn midnight(date: NaiveDate) -> i64 {
    date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()
}

/// What a wall clock shows at a minute of a date.
pub fn wall(date: NaiveDate, minute: Minute) -> WallTime {
    WallTime::from_seconds(midnight(date) + i64::from(minute.0) * 60)
}

/// How far a shift reaches by itself.
#[derive(Debug, Clone, Copy)]
struct Reach {
    from: i32,
    first_start: i32,
    last_end: i32,
    to: i32,
}

impl Reach {
    fn of(plan: &DayPlan) -> Option<Self> {
        let rule: &Rule = &plan.shift()?.rule;
        let first_start = rule.segments.iter().map(|segment| segment.start.0).min()?;
        let last_end = rule.segments.iter().map(|segment| segment.end.0).max()?;
        // Facts are looked up from the day before to the day after.
        let from = first_start.saturating_sub(rule.window_before.max(0)).clamp(-DAY, 2 * DAY);
        let to = last_end.saturating_add(rule.window_after.max(0)).clamp(-DAY, 2 * DAY);
        Some(Self { from, first_start, last_end, to })
    }

    fn moved(self, by: i32) -> Self {
        Self {
            from: self.from + by,
            first_start: self.first_start.saturating_add(by),
            last_end: self.last_end.saturating_add(by),
            to: self.to + by,
        }
    }
}

/// Where the one ends and the other begins: half way between leaving the one and coming to the other, but nowhere that only
/// one of them would take.
fn border(one: Reach, other: Reach) -> i32 {
    let middle = (i64::from(one.last_end) + i64::from(other.first_start)).div_euclid(2);
    let middle = i32::try_from(middle).unwrap_or(one.to);
    middle.clamp(other.from, one.to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_of_the_wall_clock() {
        let date = NaiveDate::from_ymd_opt(2026, 7, 6).unwrap();
        let last = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
        for (date, minute, shown) in [
            (date, 9 * 60 + 5, "2026-07-06 09:05:00"),
            (date, 30 * 60, "2026-07-07 06:00:00"),
            (date, -10, "2026-07-05 23:50:00"),
            (last, DAY, "2027-01-01 00:00:00"),
        ] {
            assert_eq!(wall(date, Minute(minute)), WallTime::parse(shown.as_bytes()).unwrap(), "{shown}");
        }
    }
}
