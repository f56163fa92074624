//! The month sheet: a row for each person, a cell for each day, and what it comes to.

use chrono::{Datelike, NaiveDate};
use rusqlite::Connection;

use super::AttendanceError;
use super::day::{Mark, MarkKind, Status};
use super::queries;
use super::stored::StoredDay;
use super::view::{DayStatus, Glass, Kept};
use super::whom::{Dates, Month, People, Whom};
use crate::clock::Timestamp;
use crate::db::Error;
use crate::directory::Brief;
use crate::page::{Page, Paged};
use crate::schedule::shift::ShiftId;
use crate::settings::site_date;

/// What a date is for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateKind {
    /// Nothing special.
    Ordinary,
    /// A holiday.
    Holiday,
    /// A make-up workday.
    Workday,
}

/// A column of the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetDate {
    /// The date.
    pub date: NaiveDate,
    /// 1 Monday … 7 Sunday.
    pub weekday: u8,
    /// What it is for everybody.
    pub kind: DateKind,
}

/// A cell of the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetDay {
    /// The date.
    pub date: NaiveDate,
    /// In a word.
    pub status: DayStatus,
    /// What is known to be wrong, lifted marks too.
    pub marks: Vec<Mark>,
    /// Whether it may still change by itself.
    pub provisional: bool,
    /// The shift it was judged by.
    pub shift: Option<ShiftId>,
}

/// What the days of somebody come to. Marks that are lifted, and those that are not known yet, count for nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Totals {
    /// Minutes worked.
    pub worked: i64,
    /// Minutes that were to be worked.
    pub required: i64,
    /// Minutes of overtime.
    pub overtime: i64,
    /// Minutes of leave.
    pub leave: i64,
    /// Days on which something was worked.
    pub worked_days: u32,
    /// How often late.
    pub late: u32,
    /// By how many minutes in all.
    pub late_minutes: i64,
    /// How often too early.
    pub early: u32,
    /// By how many minutes in all.
    pub early_minutes: i64,
    /// Punches that are missing.
    pub missing: u32,
    /// Minutes absent.
    pub absent_minutes: i64,
    /// The same in days: each as much of one as was missed of it.
    pub absent_days: f64,
    /// Leave in days.
    pub leave_days: f64,
    /// Marks that were lifted.
    pub lifted: u32,
}

impl Totals {
    /// Adds a day.
    fn add(&mut self, day: &StoredDay, marks: &[Mark]) {
        self.worked += i64::from(day.worked);
        self.required += i64::from(day.required);
        self.overtime += i64::from(day.overtime);
        self.leave += i64::from(day.leave);
        self.worked_days += u32::from(day.worked > 0);
        // What was to be worked of a day before leave was taken off it.
        let whole = f64::from(day.required + day.leave);
        let part = |minutes: i32| if whole > 0.0 { (f64::from(minutes) / whole).min(1.0) } else { 0.0 };
        self.leave_days += if day.status == Status::Leave { 1.0 } else { part(day.leave) };
        let mut absent = 0;
        for mark in marks {
            let minutes = i64::from(mark.minutes);
            match mark.kind {
                _ if mark.lifted => self.lifted += 1,
                MarkKind::Late => {
                    (self.late, self.late_minutes) = (self.late + 1, self.late_minutes + minutes);
                }
                MarkKind::EarlyLeave => {
                    (self.early, self.early_minutes) = (self.early + 1, self.early_minutes + minutes);
                }
                MarkKind::MissingIn | MarkKind::MissingOut => self.missing += 1,
                MarkKind::Absent => absent += mark.minutes,
            }
        }
        self.absent_minutes += i64::from(absent);
        self.absent_days += part(absent);
    }

    /// Two decimals are as much as anybody reads.
    fn rounded(mut self) -> Self {
        for days in [&mut self.absent_days, &mut self.leave_days] {
            *days = (*days * 100.0).round() / 100.0;
        }
        self
    }
}

/// A row of the sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetRow {
    /// Whose.
    pub person: Brief,
    /// Their days that there is something to say about, in order.
    pub days: Vec<SheetDay>,
    /// What they come to.
    pub totals: Totals,
}

/// What a sheet says above its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetHead {
    /// Which month.
    pub month: Month,
    /// Whether it is locked.
    pub locked: bool,
    /// Whether it is not over, or some day of its rows may still change by itself.
    pub provisional: bool,
    /// Its days.
    pub dates: Vec<SheetDate>,
}

/// A month of people.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// What stands above the rows.
    pub head: SheetHead,
    /// The people, by name.
    pub rows: Paged<SheetRow>,
}

/// The month sheet of the people of `whom`.
pub fn sheet(
    conn: &Connection,
    whom: &Whom,
    month: Month,
    page: &Page,
    now: Timestamp,
) -> Result<Sheet, AttendanceError> {
    let after: Option<(String, String)> = page.after()?;
    let dates = month.dates();
    let everybody = People::load(conn, whom, Some(dates))?.list;
    let total = everybody.len() as u64;
    let begin = after.map_or(0, |(name, id)| {
        everybody.partition_point(|person| (person.name.as_str(), person.id.as_str()) <= (&*name, &*id))
    });
    let shown = everybody.get(begin..).unwrap_or_default();
    let probe = shown.iter().take(page.limit as usize + 1).cloned().collect();
    let page_of =
        page.finish(probe, total, |person: &Brief| (person.name.clone(), person.id.as_str().to_owned()));
    let (next, people) = (page_of.next, People::of(page_of.items));

    let glass = Glass::load(conn, &people.list, dates.pair(), now)?;
    let rows = rows(conn, &people, everybody.len(), dates, &glass)?;
    let open = || Ok(rows.iter().any(|row| row.days.iter().any(|day| day.provisional)));
    let head = head(conn, month, &glass, now, open)?;
    Ok(Sheet { head, rows: Paged { items: rows, total, next } })
}

/// The month sheet of all the people of `whom`, so many of them at a time: for a file. Its head speaks of all of them.
pub fn sheet_in_parts<'c>(
    conn: &'c Connection,
    whom: &Whom,
    month: Month,
    people_at_once: usize,
    now: Timestamp,
) -> Result<(SheetHead, impl Iterator<Item = Result<Vec<SheetRow>, Error>> + 'c), AttendanceError> {
    let dates = month.dates();
    let people = People::load(conn, whom, Some(dates))?;
    let glass = Glass::load(conn, &people.list, dates.pair(), now)?;
    let head = head(conn, month, &glass, now, || Ok(glass.open(conn, &people, dates)? > 0))?;
    let (everybody, at_once) = (people.list, people_at_once.max(1));
    let parts = (0..everybody.len()).step_by(at_once).map(move |begin| {
        let part = everybody.iter().skip(begin).take(at_once).cloned();
        rows(conn, &People::of(part.collect()), everybody.len(), dates, &glass)
    });
    Ok((head, parts))
}

/// `open` says whether some day of the rows may still change; it is asked only when that matters.
fn head(
    conn: &Connection,
    month: Month,
    glass: &Glass,
    now: Timestamp,
    open: impl FnOnce() -> Result<bool, Error>,
) -> Result<SheetHead, Error> {
    let dates = month.dates();
    let locked = glass.locked(dates.from);
    let provisional = !locked && (site_date(conn, now)? <= dates.to || open()?);
    Ok(SheetHead { month, locked, provisional, dates: columns(conn, dates)? })
}

/// Of this part of everybody, or more, all days are read in their order rather than each person's.
const MANY: usize = 4;

fn rows(
    conn: &Connection,
    people: &People,
    everybody: usize,
    dates: Dates,
    glass: &Glass,
) -> Result<Vec<SheetRow>, Error> {
    let row = |person: &Brief| SheetRow {
        person: person.clone(),
        days: Vec::with_capacity(31),
        totals: Totals::default(),
    };
    let mut rows: Vec<SheetRow> = people.list.iter().map(row).collect();
    let mut add = |place: usize, date: NaiveDate, mut stored: StoredDay| {
        let Some(row) = rows.get_mut(place) else { return };
        let employee = row.person.id.as_str();
        let seen = glass.look(employee, date, &Kept::of(&stored), || stored.marks.clone());
        let provisional = seen.is_some();
        let (marks, status) = match seen {
            Some(seen) => (seen.marks, seen.status.into()),
            None => (std::mem::take(&mut stored.marks), DayStatus::Is(stored.status)),
        };
        row.totals.add(&stored, &marks);
        row.days.push(SheetDay { date, status, marks, provisional, shift: stored.shift });
    };
    if people.list.len().saturating_mul(MANY) >= everybody {
        queries::each_of_range(conn, dates.pair(), |employee| people.place(employee), add)?;
    } else {
        for (place, person) in people.list.iter().enumerate() {
            for (date, stored) in queries::of_person(conn, person.id.as_str(), dates.pair())? {
                add(place, date, stored);
            }
        }
    }
    for row in &mut rows {
        row.totals = row.totals.rounded();
    }
    Ok(rows)
}

fn columns(conn: &Connection, dates: Dates) -> Result<Vec<SheetDate>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT date, kind FROM calendar_days WHERE date BETWEEN ?1 AND ?2")?;
    let special = statement
        .query_map([dates.from.to_string(), dates.to.to_string()], |row| {
            Ok((row.get::<_, String>(0)?, row.get_ref(1)?.as_str()? == "holiday"))
        })?
        .collect::<Result<std::collections::HashMap<_, _>, _>>()?;
    let column = |date: NaiveDate| {
        let kind = match special.get(&date.to_string()) {
            Some(true) => DateKind::Holiday,
            Some(false) => DateKind::Workday,
            None => DateKind::Ordinary,
        };
        let weekday = u8::try_from(date.weekday().number_from_monday()).unwrap_or(1);
        SheetDate { date, weekday, kind }
    };
    Ok(dates.days().map(column).collect())
}
