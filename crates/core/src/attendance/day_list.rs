//! The day report: days as they are shown, one below the other.

use chrono::NaiveDate;
use rusqlite::Connection;

use super::day::MarkKind;
use super::queries::{self, Light};
use super::stored::{bit, bits_of};
use super::view::{DayStatus, DayView, Glass};
use super::whom::{Dates, People, Whom};
use super::{AttendanceError, DAYS_MOST};
use crate::clock::Timestamp;
use crate::db::Error;
use crate::page::{Page, Paged};

/// Which days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayFilter {
    /// Whose.
    pub whom: Whom,
    /// From when to when.
    pub dates: Dates,
    /// Only those that are this, in a word.
    pub status: Option<DayStatus>,
    /// Only those with such a mark that is not lifted.
    pub mark: Option<MarkKind>,
}

impl DayFilter {
    /// Whether a day passes. What it is depends on what can be known by now.
    fn passes(&self, status: DayStatus, bits: i64) -> bool {
        self.status.is_none_or(|wanted| wanted == status)
            && self.mark.is_none_or(|kind| bits & bit(kind) != 0)
    }
}

/// What a day is in a word, and which marks it shows that are not lifted.
pub(super) fn shown(glass: &Glass, employee: &str, date: NaiveDate, light: &Light<'_>) -> (DayStatus, i64) {
    match glass.look(employee, date, &light.kept, || light.marks()) {
        None => (DayStatus::Is(light.kept.status), light.bits),
        Some(seen) => (seen.status.into(), bits_of(&seen.marks)),
    }
}

/// The days a filter leaves, by date, then name.
pub fn day_list(
    conn: &Connection,
    filter: &DayFilter,
    page: &Page,
    now: Timestamp,
) -> Result<Paged<DayView>, AttendanceError> {
    let after: Option<(NaiveDate, String, String)> = page.after()?;
    Dates::new(filter.dates.from, filter.dates.to, DAYS_MOST)?;
    let people = People::load(conn, &filter.whom, None)?;
    let glass = Glass::load(conn, &people.list, filter.dates.pair(), now)?;
    let found = found(conn, filter, &people, &glass)?;
    let total = found.len() as u64;
    let rank = |(date, place): &(NaiveDate, usize)| {
        let person = people.list.get(*place);
        (*date, person.map(|person| (person.name.as_str(), person.id.as_str())))
    };
    let from = after.map_or(0, |(date, name, id)| {
        found.partition_point(|key| rank(key) <= (date, Some((name.as_str(), id.as_str()))))
    });
    let wanted = found.get(from..).unwrap_or_default();
    let mut days = Vec::new();
    for (date, place) in wanted.iter().take(page.limit as usize + 1) {
        let Some(person) = people.list.get(*place) else { continue };
        if let Some(stored) = queries::get(conn, person.id.as_str(), *date)? {
            days.push(glass.view(person, *date, stored));
        }
    }
    Ok(page.finish(days, total, |day| (day.date, day.person.name.clone(), day.person.id.as_str().to_owned())))
}

/// Every day a filter leaves, in the order of the list, one after the other; for a file.
pub fn day_each(
    conn: &Connection,
    filter: &DayFilter,
    now: Timestamp,
    mut each: impl FnMut(DayView),
) -> Result<(), AttendanceError> {
    Dates::new(filter.dates.from, filter.dates.to, DAYS_MOST)?;
    let people = People::load(conn, &filter.whom, None)?;
    let glass = Glass::load(conn, &people.list, filter.dates.pair(), now)?;
    for (date, place) in found(conn, filter, &people, &glass)? {
        let Some(person) = people.list.get(place) else { continue };
        if let Some(stored) = queries::get(conn, person.id.as_str(), date)? {
            each(glass.view(person, date, stored));
        }
    }
    Ok(())
}

/// The days a filter leaves, in the order of the list: each as its date and whose it is.
fn found(
    conn: &Connection,
    filter: &DayFilter,
    people: &People,
    glass: &Glass,
) -> Result<Vec<(NaiveDate, usize)>, Error> {
    let mut found = Vec::new();
    if let (Some(_), [person]) = (&filter.whom.employee_id, people.list.as_slice()) {
        for (date, stored) in queries::of_person(conn, person.id.as_str(), filter.dates.pair())? {
            let day = glass.view(person, date, stored);
            if filter.passes(day.status, bits_of(&day.marks)) {
                found.push((date, 0));
            }
        }
        return Ok(found);
    }
    let all = filter.status.is_none() && filter.mark.is_none();
    queries::each_light(
        conn,
        filter.dates.pair(),
        |employee| people.place(employee),
        |place, date, light| {
            let passes = || {
                let (status, bits) = shown(glass, people.id(place), date, light);
                filter.passes(status, bits)
            };
            if all || passes() {
                found.push((date, place));
            }
        },
    )?;
    found.sort_unstable();
    Ok(found)
}
