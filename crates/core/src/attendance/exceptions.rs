//! Everything that is wrong and that nobody has lifted, newest first.

use chrono::NaiveDate;
use rusqlite::Connection;

use super::day::{Mark, MarkKind};
use super::queries;
use super::view::{Glass, Kept};
use super::whom::{Dates, People, Whom};
use super::{AttendanceError, DAYS_MOST};
use crate::clock::Timestamp;
use crate::directory::Brief;
use crate::page::{Page, Paged};

/// A mark that is not lifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Whose.
    pub person: Brief,
    /// Of which day.
    pub date: NaiveDate,
    /// What.
    pub mark: Mark,
    /// Which of the marks of that day, from 0.
    place: usize,
    /// Whether the day may still change by itself.
    pub provisional: bool,
    /// Appeals about the day that nobody has decided.
    pub open_appeals: u32,
}

/// How many there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExceptionCounts {
    /// Late.
    pub late: u64,
    /// Left early.
    pub early_leave: u64,
    /// No punch for coming.
    pub missing_in: u64,
    /// No punch for going.
    pub missing_out: u64,
    /// Absent.
    pub absent: u64,
}

impl ExceptionCounts {
    fn add(&mut self, kind: MarkKind) {
        let count = match kind {
            MarkKind::Late => &mut self.late,
            MarkKind::EarlyLeave => &mut self.early_leave,
            MarkKind::MissingIn => &mut self.missing_in,
            MarkKind::MissingOut => &mut self.missing_out,
            MarkKind::Absent => &mut self.absent,
        };
        *count += 1;
    }
}

/// The marks of people that are not lifted, newest date first, then by name; those of one kind if it is given, though all
/// are counted.
pub fn exception_list(
    conn: &Connection,
    whom: &Whom,
    dates: Dates,
    kind: Option<MarkKind>,
    page: &Page,
    now: Timestamp,
) -> Result<(Paged<Exception>, ExceptionCounts), AttendanceError> {
    let after: Option<(NaiveDate, String, String, usize)> = page.after()?;
    Dates::new(dates.from, dates.to, DAYS_MOST)?;
    let people = People::load(conn, whom, None)?;
    let glass = Glass::load(conn, &people.list, dates.pair(), now)?;
    let mut counts = ExceptionCounts::default();
    let mut found: Vec<(NaiveDate, usize, usize, Mark, bool)> = Vec::new();
    let each = |place: usize, date: NaiveDate, stored: super::stored::StoredDay| {
        let seen = glass.look(people.id(place), date, &Kept::of(&stored), || stored.marks.clone());
        let provisional = seen.is_some();
        let marks = seen.map_or(stored.marks, |seen| seen.marks);
        for (nth, mark) in marks.into_iter().enumerate().filter(|(_, mark)| !mark.lifted) {
            counts.add(mark.kind);
            if kind.is_none_or(|kind| kind == mark.kind) {
                found.push((date, place, nth, mark, provisional));
            }
        }
    };
    queries::each_marked(conn, dates.pair(), |employee| people.place(employee), each)?;
    found.sort_by(|a, b| (b.0, a.1, a.2).cmp(&(a.0, b.1, b.2)));
    let total = found.len() as u64;
    let seen = |(date, place, nth, ..): &(NaiveDate, usize, usize, Mark, bool)| {
        after.as_ref().is_some_and(|(last, name, id, last_nth)| {
            let person = people.list.get(*place);
            let key = person.map(|person| (person.name.as_str(), person.id.as_str(), *nth));
            (*last, key) <= (*date, Some((name.as_str(), id.as_str(), *last_nth)))
        })
    };
    let begin = found.partition_point(seen);
    let items = found.into_iter().skip(begin).take(page.limit as usize + 1);
    let items = items.filter_map(|(date, place, nth, mark, provisional)| {
        let person = people.list.get(place)?.clone();
        let open_appeals = glass.open_appeals(person.id.as_str(), date);
        Some(Exception { person, date, mark, place: nth, provisional, open_appeals })
    });
    let paged = page.finish(items.collect(), total, |item: &Exception| {
        (item.date, item.person.name.clone(), item.person.id.as_str().to_owned(), item.place)
    });
    Ok((paged, counts))
}
