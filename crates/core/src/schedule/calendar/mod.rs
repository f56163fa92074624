//! Holidays and the days that are worked instead of them, site-wide.

mod import;
mod notice;
pub(super) mod queries;
mod read;

use chrono::{NaiveDate, Weekday};
use rusqlite::Connection;
use serde::Serialize;

pub use import::{CalendarAction, CalendarReport, calendar_check, calendar_import};
pub use read::{
    CalendarForm, CalendarRead, RowWrong, calendar_built_in, calendar_form, calendar_of_json,
    calendar_of_notice, calendar_of_rows, calendar_years_built_in,
};

use super::NAME_MOST;
use super::error::ScheduleError;
use super::plan::CalendarDay;
use crate::attendance::{self, Touched};
use crate::audit::{self, Actor};
use crate::db::Tx;
use crate::page::{Page, Paged};
use crate::text;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged<'a> {
    kind: &'static str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_weekday: Option<u32>,
}

impl<'a> From<&'a CalendarDay> for Logged<'a> {
    fn from(day: &'a CalendarDay) -> Self {
        let (kind, weekday) = queries::columns(&day.special);
        Self { kind, name: &day.name, as_weekday: weekday }
    }
}

/// The day of the week of a number of 1 (Monday) to 7 (Sunday).
pub fn weekday_of_number(number: u8) -> Option<Weekday> {
    number.checked_sub(1).and_then(|number| Weekday::try_from(number).ok())
}

fn subject(date: NaiveDate) -> String {
    format!("calendar/{date}")
}

/// The days that are noted, of one year or of all, by date.
pub fn calendar_list(
    conn: &Connection,
    year: Option<i32>,
    page: &Page,
) -> Result<Paged<CalendarDay>, ScheduleError> {
    let after: Option<String> = page.after()?;
    let (rows, total) = queries::list(conn, year, after.as_deref(), page.probe())?;
    Ok(page.finish(rows, total, |day| day.date.to_string()))
}

/// Notes what a day is, instead of what was noted of it.
pub fn calendar_set(tx: &Tx<'_>, actor: &Actor, day: CalendarDay) -> Result<CalendarDay, ScheduleError> {
    let day = CalendarDay { name: text::required(&day.name, NAME_MOST)?, ..day };
    set(tx, actor, &day)?;
    Ok(day)
}

/// Writes a day whose name was checked, if it is another than it was.
fn set(tx: &Tx<'_>, actor: &Actor, day: &CalendarDay) -> Result<(), ScheduleError> {
    let before = queries::get(tx, day.date)?;
    if before.as_ref() == Some(day) {
        return Ok(());
    }
    queries::set(tx, day)?;
    attendance::days_touched(tx, Touched::Everybody, day.date, Some(day.date))?;
    let (old, new) = (before.as_ref().map(Logged::from), Logged::from(day));
    audit::record(tx, actor, "calendar.set", &subject(day.date), old.as_ref(), Some(&new))?;
    Ok(())
}

/// Forgets what is noted of a day: it is as its weekday says again.
pub fn calendar_remove(tx: &Tx<'_>, actor: &Actor, date: NaiveDate) -> Result<(), ScheduleError> {
    let before = queries::get(tx, date)?.ok_or(ScheduleError::CalendarUnknown(date))?;
    queries::remove(tx, date)?;
    attendance::days_touched(tx, Touched::Everybody, date, Some(date))?;
    audit::record(tx, actor, "calendar.remove", &subject(date), Some(&Logged::from(&before)), None)?;
    Ok(())
}
