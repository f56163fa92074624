//! Single days set by hand, many at once: looked at first, then set as a whole.

mod queries;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Days, NaiveDate, TimeDelta};
use rusqlite::Connection;
use serde::Serialize;

use super::error::ScheduleError;
use super::plan::{Book, Cell, DayPlan, Person, Plans, Special};
use super::problems::{self, problems};
use super::queries::{LeaveSpan, book_load, cells_load, leaves_load, people_load};
use super::shift::{DAY, ShiftId};
use super::shifts;
use crate::attendance::{self, Month, Touched};
use crate::audit::{self, Actor};
use crate::db::{self, Tx};
use crate::directory::EmployeeId;

/// Days that may be set at once.
pub const CELLS_MOST: usize = 20_000;

/// What a day is set to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum CellSet {
    /// Nothing any more: it is as the assignments say.
    Default,
    /// Rest.
    Rest,
    /// This shift.
    Shift(ShiftId),
}

/// A day of somebody, and what it is to be set to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CellChange {
    /// Whose.
    pub employee: String,
    /// Which.
    pub date: NaiveDate,
    /// To what.
    pub set: CellSet,
}

/// What is odd about one of the days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellProblem {
    /// Whose.
    pub employee: String,
    /// Which.
    pub date: NaiveDate,
    /// What, as a stable code: `schedule.locked`, or one of [`problems`].
    pub code: &'static str,
    /// The same in English.
    pub detail: String,
}

/// What setting days does, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellsReport {
    /// How many days are set to something else than they were.
    pub changed: u64,
    /// What is odd about the days, in the order of people and dates.
    pub problems: Vec<CellProblem>,
}

/// One person's part of it.
struct OfPerson {
    employee: String,
    /// By date: what was set by hand before, and what is after. Only what differs.
    changed: BTreeMap<NaiveDate, (Option<CellSet>, CellSet)>,
    problems: Vec<CellProblem>,
}

fn stored(cell: &Cell) -> CellSet {
    cell.shift.clone().map_or(CellSet::Rest, CellSet::Shift)
}

/// What every person's part of the days does; refuses days that cannot be.
fn prepare(conn: &Connection, cells: &[CellChange]) -> Result<Vec<OfPerson>, ScheduleError> {
    let mut wanted: BTreeMap<&str, BTreeMap<NaiveDate, (usize, &CellSet)>> = BTreeMap::new();
    for (index, cell) in cells.iter().enumerate() {
        let days = wanted.entry(&cell.employee).or_default();
        if days.insert(cell.date, (index, &cell.set)).is_some() {
            return Err(ScheduleError::CellTwice(index));
        }
    }
    check_shifts(conn, cells)?;
    let dates = || cells.iter().map(|cell| cell.date);
    let (Some(first), Some(last)) = (dates().min(), dates().max()) else { return Ok(Vec::new()) };
    let (from, to) = (first - TimeDelta::days(BESIDE), last + TimeDelta::days(BESIDE));
    let ids: Vec<&str> = wanted.keys().copied().collect();
    let people: HashMap<String, Person> =
        people_load(conn, &ids)?.into_iter().map(|person| (person.id.clone(), person)).collect();
    let mut set_before = cells_load(conn, &ids, from, to)?;
    let leaves = leaves_load(conn, &ids, from, to)?;
    let (book, locked) = (book_load(conn)?, attendance::months_locked(conn)?);
    let mut parts = Vec::with_capacity(wanted.len());
    for (id, days) in wanted {
        let Some(person) = people.get(id) else {
            let index = days.values().map(|(index, _)| *index).min().unwrap_or_default();
            return Err(ScheduleError::CellEmployeeUnknown(index));
        };
        let before = set_before.remove(id).unwrap_or_default();
        let leave = leaves.get(id).map_or(&[][..], Vec::as_slice);
        let days = days.into_iter().map(|(date, (_, set))| (date, set)).collect();
        parts.push(of_person(&book, &locked, person, before, leave, &days));
    }
    Ok(parts)
}

fn check_shifts(conn: &Connection, cells: &[CellChange]) -> Result<(), ScheduleError> {
    let mut known: HashSet<&ShiftId> = HashSet::new();
    for (index, cell) in cells.iter().enumerate() {
        if let CellSet::Shift(shift) = &cell.set
            && known.insert(shift)
            && !shifts::queries::exists(conn, shift)?
        {
            return Err(ScheduleError::CellShiftUnknown(index));
        }
    }
    Ok(())
}

/// What becomes of one person's days, and what is odd about them afterwards.
fn of_person(
    book: &Book,
    locked: &HashSet<Month>,
    person: &Person,
    before: Vec<Cell>,
    leave: &[LeaveSpan],
    days: &BTreeMap<NaiveDate, &CellSet>,
) -> OfPerson {
    let mut after: BTreeMap<NaiveDate, CellSet> =
        before.iter().map(|cell| (cell.date, stored(cell))).collect();
    let mut part = OfPerson { employee: person.id.clone(), changed: BTreeMap::new(), problems: Vec::new() };
    for (date, set) in days {
        let was = after.get(date).cloned();
        if was.as_ref().unwrap_or(&CellSet::Default) == *set {
            continue;
        }
        if locked.contains(&Month::of(*date)) {
            let detail = "The month is locked; the day stays as it is.".to_owned();
            part.say(*date, "schedule.locked", detail);
            continue;
        }
        match set {
            CellSet::Default => after.remove(date),
            set => after.insert(*date, (*set).clone()),
        };
        part.changed.insert(*date, (was, (*set).clone()));
    }
    let cells: Vec<Cell> = after
        .into_iter()
        .map(|(date, set)| match set {
            CellSet::Shift(shift) => Cell { date, shift: Some(shift) },
            CellSet::Rest | CellSet::Default => Cell { date, shift: None },
        })
        .collect();
    let plans = book.of(person, &cells);
    let dates: Vec<NaiveDate> = days.keys().copied().collect();
    for near in dates.chunk_by(|first, next| *next - *first <= TimeDelta::days(2 * BESIDE)) {
        for problem in look(book, &plans, leave, days, near) {
            part.say(problem.date, problem.what.code(), problem.what.detail());
        }
    }
    part.problems.sort_by_key(|problem| problem.date);
    part
}

impl OfPerson {
    fn say(&mut self, date: NaiveDate, code: &'static str, detail: String) {
        self.problems.push(CellProblem { employee: self.employee.clone(), date, code, detail });
    }
}

/// Days that are looked at on either side of those that are set: between a shift and the next may lie a day of rest.
const BESIDE: i64 = 2;

/// What may be wrong with days that are near each other.
fn look(
    book: &Book,
    plans: &Plans<'_>,
    leave: &[LeaveSpan],
    days: &BTreeMap<NaiveDate, &CellSet>,
    near: &[NaiveDate],
) -> Vec<problems::Problem> {
    let (Some(first), Some(last)) = (near.first(), near.last()) else { return Vec::new() };
    let beside = TimeDelta::days(BESIDE);
    let dates = (*first - beside).iter_days().take_while(|date| *date <= *last + beside);
    let planned: Vec<(NaiveDate, DayPlan)> = dates.map(|date| (date, plans.on(date))).collect();
    let looked: Vec<problems::Day<'_>> = planned
        .iter()
        .map(|(date, plan)| {
            let set = days.get(date);
            let to_shift = matches!(set, Some(CellSet::Shift(_)));
            let holiday = book.calendar(*date).filter(|day| to_shift && day.special == Special::Holiday);
            problems::Day {
                date: *date,
                plan,
                set: set.is_some(),
                works: to_shift || plan.shift().is_some(),
                holiday: holiday.map(|day| day.name.as_str()),
                leave: leave.iter().find(|leave| takes(leave, *date, plan)).map(|leave| leave.kind.as_str()),
            }
        })
        .collect();
    problems(&looked)
}

/// Whether leave takes something of the shift that is to be worked.
fn takes(leave: &LeaveSpan, date: NaiveDate, plan: &DayPlan) -> bool {
    let (Some((from, to)), Some(shift)) = (leave.minutes(date), plan.shift()) else { return false };
    // A whole day of leave covers what the shift has after midnight as well.
    let to = if to == DAY { i32::MAX } else { to };
    shift.rule.segments.iter().any(|segment| from < segment.end.0 && segment.start.0 < to)
}

fn report(parts: Vec<OfPerson>) -> CellsReport {
    let changed = parts.iter().map(|part| part.changed.len() as u64).sum();
    CellsReport { changed, problems: parts.into_iter().flat_map(|part| part.problems).collect() }
}

/// What setting days would do; nothing is changed.
pub fn schedule_check(conn: &Connection, cells: &[CellChange]) -> Result<CellsReport, ScheduleError> {
    Ok(report(prepare(conn, cells)?))
}

/// The days of a person by date, as the operation log shows them: what a shift is called, or null for rest.
#[derive(Serialize, PartialEq)]
#[serde(transparent)]
struct Logged(BTreeMap<NaiveDate, Option<String>>);

impl Logged {
    fn of<'a>(
        names: &HashMap<String, String>,
        days: impl Iterator<Item = (NaiveDate, Option<&'a CellSet>)>,
    ) -> Self {
        let shown = days.filter_map(|(date, set)| match set? {
            CellSet::Default => None,
            CellSet::Rest => Some((date, None)),
            CellSet::Shift(shift) => Some((date, Some(names.get(&shift.0).unwrap_or(&shift.0).clone()))),
        });
        Self(shown.collect())
    }
}

/// Sets days by hand, all of them but those of locked months.
pub fn schedule_cells_set(
    tx: &Tx<'_>,
    actor: &Actor,
    cells: &[CellChange],
) -> Result<CellsReport, ScheduleError> {
    let parts = prepare(tx, cells)?;
    let names = queries::names(tx)?;
    for part in parts.iter().filter(|part| !part.changed.is_empty()) {
        for (date, (_, set)) in &part.changed {
            match set {
                CellSet::Default => queries::clear(tx, &part.employee, *date)?,
                CellSet::Rest => queries::set(tx, &part.employee, *date, None)?,
                CellSet::Shift(shift) => queries::set(tx, &part.employee, *date, Some(shift))?,
            }
        }
        touch(tx, part)?;
        let changed = || part.changed.iter();
        let before = Logged::of(&names, changed().map(|(date, (before, _))| (*date, before.as_ref())));
        let after = Logged::of(&names, changed().map(|(date, (_, after))| (*date, Some(after))));
        let subject = format!("employee/{}/schedule", part.employee);
        audit::record_always(tx, actor, "schedule.set", &subject, &before, &after)?;
    }
    Ok(report(parts))
}

/// The days that were set are to be judged anew; days in a row are said at once.
fn touch(tx: &Tx<'_>, part: &OfPerson) -> Result<(), db::Error> {
    let employee = EmployeeId::stored(part.employee.clone());
    let mut dates = part.changed.keys().copied().peekable();
    while let Some(first) = dates.next() {
        let mut last = first;
        while let Some(next) = dates.next_if(|next| *next <= last + Days::new(1)) {
            last = next;
        }
        attendance::days_touched(tx, Touched::Employee(&employee), first, Some(last))?;
    }
    Ok(())
}
