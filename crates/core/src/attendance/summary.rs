//! How many people's days were what, date by date.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::day::Status;
use super::day_list::shown;
use super::queries;
use super::view::{DayStatus, Glass};
use super::whom::{Dates, People, Whom};
use super::{AttendanceError, SUMMARY_MOST};
use crate::clock::Timestamp;

/// A date in numbers of people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DateSummary {
    /// Nothing wrong.
    pub normal: u64,
    /// Late at the worst.
    pub late: u64,
    /// Left early at the worst.
    pub early_leave: u64,
    /// A punch is missing.
    pub missing: u64,
    /// Absent.
    pub absent: u64,
    /// On leave.
    pub leave: u64,
    /// Nothing was to be done: rest or holiday.
    pub rest: u64,
    /// Not known yet.
    pub pending: u64,
}

/// The dates of a stretch in numbers of people. Who had nothing to do because nobody said so is not counted.
pub fn day_summary(
    conn: &Connection,
    whom: &Whom,
    dates: Dates,
    now: Timestamp,
) -> Result<Vec<(NaiveDate, DateSummary)>, AttendanceError> {
    Dates::new(dates.from, dates.to, SUMMARY_MOST)?;
    let people = People::load(conn, whom, None)?;
    let glass = Glass::load(conn, &people.list, dates.pair(), now)?;
    let mut days: BTreeMap<_, _> = dates.days().map(|date| (date, DateSummary::default())).collect();
    queries::each_light(
        conn,
        dates.pair(),
        |employee| people.place(employee),
        |place, date, light| {
            let Some(day) = days.get_mut(&date) else { return };
            let count = match shown(&glass, people.id(place), date, light).0 {
                DayStatus::Pending => &mut day.pending,
                DayStatus::Is(Status::Normal) => &mut day.normal,
                DayStatus::Is(Status::Late) => &mut day.late,
                DayStatus::Is(Status::EarlyLeave) => &mut day.early_leave,
                DayStatus::Is(Status::Missing) => &mut day.missing,
                DayStatus::Is(Status::Absent) => &mut day.absent,
                DayStatus::Is(Status::Leave) => &mut day.leave,
                DayStatus::Is(Status::Rest | Status::Holiday) => &mut day.rest,
                DayStatus::Is(Status::Unscheduled | Status::NotEmployed) => return,
            };
            *count += 1;
        },
    )?;
    Ok(days.into_iter().collect())
}
