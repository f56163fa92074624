//! A whole calendar at once: shown first, then taken as a whole or not at all.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::Serialize;

use super::read::{CalendarRead, RowWrong};
use super::{Logged, queries};
use crate::attendance::{self, Touched};
use crate::audit::{self, Actor};
use crate::db::{self, Tx};
use crate::schedule::error::ScheduleError;
use crate::schedule::plan::CalendarDay;

/// What becomes of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CalendarAction {
    /// Nothing was noted of it.
    Added,
    /// Something else was.
    Changed,
    /// It was noted like this.
    Unchanged,
}

/// What a calendar did, or would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarReport {
    /// Its days, by date, and what becomes of each.
    pub days: Vec<(CalendarDay, CalendarAction)>,
    /// What is wrong with it.
    pub wrong: Vec<RowWrong>,
}

impl CalendarReport {
    /// How many days have this become of them.
    pub fn count(&self, action: CalendarAction) -> u64 {
        self.days.iter().filter(|(_, found)| *found == action).count() as u64
    }
}

/// What a calendar would do; nothing is changed.
pub fn calendar_check(conn: &Connection, read: CalendarRead) -> Result<CalendarReport, db::Error> {
    let days = read.days.into_values().map(|day| {
        let action = match queries::get(conn, day.date)? {
            None => CalendarAction::Added,
            Some(known) if known == day => CalendarAction::Unchanged,
            Some(_) => CalendarAction::Changed,
        };
        Ok((day, action))
    });
    Ok(CalendarReport { days: days.collect::<Result<_, db::Error>>()?, wrong: read.wrong })
}

#[derive(Serialize)]
#[serde(transparent)]
struct LoggedDays<'a>(BTreeMap<NaiveDate, Logged<'a>>);

/// Takes in a calendar; none of it when anything in it is wrong.
pub fn calendar_import(
    tx: &Tx<'_>,
    actor: &Actor,
    read: CalendarRead,
) -> Result<CalendarReport, ScheduleError> {
    let report = calendar_check(tx, read)?;
    if !report.wrong.is_empty() {
        return Err(ScheduleError::CalendarRows(Box::new(report)));
    }
    let other =
        || report.days.iter().filter(|(_, action)| *action != CalendarAction::Unchanged).map(|(day, _)| day);
    let mut before = Vec::new();
    let mut run: Option<(NaiveDate, NaiveDate)> = None;
    for day in other() {
        before.extend(queries::get(tx, day.date)?);
        queries::set(tx, day)?;
        // Days in a row are said at once.
        run = match run {
            Some((from, to)) if to.succ_opt() == Some(day.date) => Some((from, day.date)),
            run => {
                touch(tx, run)?;
                Some((day.date, day.date))
            }
        };
    }
    touch(tx, run)?;
    let of_days = |days: &[&CalendarDay]| {
        serde_json::to_value(LoggedDays(days.iter().map(|day| (day.date, Logged::from(*day))).collect()))
            .unwrap_or_default()
    };
    let before = of_days(&before.iter().collect::<Vec<_>>());
    let after = of_days(&other().collect::<Vec<_>>());
    audit::record(tx, actor, "calendar.import", "calendar", Some(&before), Some(&after))?;
    Ok(report)
}

fn touch(tx: &Tx<'_>, run: Option<(NaiveDate, NaiveDate)>) -> Result<(), db::Error> {
    let Some((from, to)) = run else { return Ok(()) };
    attendance::days_touched(tx, Touched::Everybody, from, Some(to))
}
