//! What somebody is to do on a date (rule 6.4).
//!
//! A [`Book`] is compiled once of everything that was said about work; [`Book::of`] finds what concerns one person, so that
//! asking for one of their dates is a walk over the few assignments that name them. No database and no clock.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};

use super::shift::{Shift, ShiftId};
use crate::dispatch::{Target, TargetKind, Unit};

/// What somebody is to do on a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Planned {
    /// To work this shift.
    Works(Arc<Shift>),
    /// Nothing: an assignment covers the date and leaves its weekday out, a rotation rests, or the day was set to rest.
    Rest,
    /// Nothing: it is a holiday of this name.
    Holiday(String),
    /// Nobody has said: no assignment covers the date.
    Unscheduled,
    /// They were not hired yet, or have left.
    NotEmployed,
}

/// What a plan rests on, for the page that explains a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// The day was set by hand.
    Cell,
    /// This assignment was the narrowest, or the newest of the narrowest.
    Assignment(i64),
    /// Nothing covers the date, or the person is not employed.
    Nothing,
}

/// What somebody is to do on a date, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayPlan {
    /// What.
    pub planned: Planned,
    /// Why.
    pub because: Because,
    /// The name of the make-up workday it is, if it is one.
    pub make_up: Option<String>,
}

impl DayPlan {
    /// The shift that is to be worked, if one is.
    pub fn shift(&self) -> Option<&Arc<Shift>> {
        match &self.planned {
            Planned::Works(shift) => Some(shift),
            _ => None,
        }
    }
}

/// Days of the week: bit 0 is Monday, bit 6 Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Weekdays(pub u8);

impl Weekdays {
    /// All seven.
    pub const ALL: Self = Self(0b111_1111);
    /// Monday to Friday.
    pub const WORKING_WEEK: Self = Self(0b001_1111);

    /// Whether the day is one of them.
    pub fn has(self, day: Weekday) -> bool {
        self.0 & (1 << day.num_days_from_monday()) != 0
    }
}

/// A cycle of days that begins anew when it is through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// Its id.
    pub id: String,
    /// A shift for each day of the cycle; none: rest.
    pub steps: Vec<Option<ShiftId>>,
}

/// What an assignment gives somebody to work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// The same every day.
    Shift(ShiftId),
    /// By turns.
    Rotation {
        /// Which rotation.
        id: String,
        /// The date of its first step, before, in or after the span; none: the first day of the span.
        anchor: Option<NaiveDate>,
    },
}

/// Who is to work what, from when to when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Its number; the higher is the newer.
    pub id: i64,
    /// Whom it names.
    pub target: Target,
    /// What they are to work.
    pub work: Work,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; none: open.
    pub to: Option<NaiveDate>,
    /// On which days of the week.
    pub weekdays: Weekdays,
    /// Whether holidays are worked as well.
    pub holidays: bool,
}

/// What is special about a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Special {
    /// Not worked, but by assignments that work holidays.
    Holiday,
    /// Worked to make up for a holiday …
    Workday {
        /// … as this day of the week; none: by everybody who works at all from Monday to Friday.
        as_weekday: Option<Weekday>,
    },
}

/// A date of the calendar that is not like others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDay {
    /// Which.
    pub date: NaiveDate,
    /// What is special about it.
    pub special: Special,
    /// What it is called.
    pub name: String,
}

/// A single day that was set by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Which day.
    pub date: NaiveDate,
    /// What is to be worked; none: rest.
    pub shift: Option<ShiftId>,
}

/// Somebody, as far as their work depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Who.
    pub id: String,
    /// The department they are in.
    pub department: Option<String>,
    /// The branch they are said to be in; that of their department comes before it.
    pub branch: Option<String>,
    /// Their first day.
    pub hired_on: Option<NaiveDate>,
    /// Their last day, which is worked.
    pub left_on: Option<NaiveDate>,
    /// Where they were before, in the order of the dates.
    pub moves: Vec<Move>,
}

/// Where somebody was before they were moved: what they were to do then is not to change with the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Until the day before this one.
    pub on: NaiveDate,
    /// The department they were in.
    pub department: Option<String>,
    /// The branch they were said to be in.
    pub branch: Option<String>,
}

/// Everything that was said about work.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// Shifts, the removed ones too: a rotation may still have one.
    pub shifts: Vec<Shift>,
    /// Rotations, the removed ones too.
    pub rotations: Vec<Rotation>,
    /// Assignments, in any order.
    pub assignments: Vec<Assignment>,
    /// The dates that are not like others.
    pub calendar: Vec<CalendarDay>,
    /// The branches.
    pub branches: Vec<Unit>,
    /// The departments.
    pub departments: Vec<Unit>,
}

/// An assignment with its shifts looked up.
#[derive(Debug)]
struct Ready {
    id: i64,
    from: NaiveDate,
    to: NaiveDate,
    weekdays: Weekdays,
    holidays: bool,
    anchor: NaiveDate,
    steps: Vec<Step>,
}

/// What is to be done at a step of a rotation, or always.
#[derive(Debug, Clone)]
enum Step {
    Works(Arc<Shift>),
    Rest,
    /// It names a shift that is not there. Nobody is absent from that.
    Unknown,
}

impl Ready {
    fn covers(&self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.to
    }

    /// Whether its days of the week hold the date, given what the calendar says of it.
    fn works_on(&self, date: NaiveDate, special: Option<&Special>) -> bool {
        match special {
            Some(Special::Workday { as_weekday: Some(day) }) => self.weekdays.has(*day),
            Some(Special::Workday { as_weekday: None }) => {
                self.weekdays.0 & Weekdays::WORKING_WEEK.0 != 0 || self.weekdays.has(date.weekday())
            }
            Some(Special::Holiday) | None => self.weekdays.has(date.weekday()),
        }
    }

    fn step(&self, date: NaiveDate) -> &Step {
        let days = date.signed_duration_since(self.anchor).num_days();
        // Before the anchor as well: the day before it is the last step.
        let at = i64::try_from(self.steps.len()).ok().and_then(|length| days.checked_rem_euclid(length));
        at.and_then(|at| self.steps.get(usize::try_from(at).ok()?)).unwrap_or(&Step::Rest)
    }
}

/// Everything that was said about work, so arranged that it can be asked quickly.
#[derive(Debug, Default)]
pub struct Book {
    shifts: HashMap<ShiftId, Arc<Shift>>,
    /// By target, the newest first.
    assignments: HashMap<(TargetKind, String), Vec<Ready>>,
    calendar: HashMap<NaiveDate, CalendarDay>,
    branches: HashMap<String, Unit>,
    departments: HashMap<String, Unit>,
}

impl Book {
    /// Compiles what was said.
    pub fn new(said: Said) -> Self {
        let shifts: HashMap<ShiftId, Arc<Shift>> =
            said.shifts.into_iter().map(|shift| (shift.id.clone(), Arc::new(shift))).collect();
        let step = |id: &ShiftId| shifts.get(id).map_or(Step::Unknown, |shift| Step::Works(shift.clone()));
        let rotations: HashMap<String, Vec<Step>> = said
            .rotations
            .into_iter()
            .map(|rotation| {
                let steps = rotation.steps.iter().map(|id| id.as_ref().map_or(Step::Rest, step)).collect();
                (rotation.id, steps)
            })
            .collect();
        let mut assignments: HashMap<(TargetKind, String), Vec<Ready>> = HashMap::new();
        for assignment in said.assignments {
            let (anchor, steps) = match &assignment.work {
                Work::Shift(id) => (None, vec![step(id)]),
                Work::Rotation { id, anchor } => {
                    (*anchor, rotations.get(id).cloned().unwrap_or_else(|| vec![Step::Unknown]))
                }
            };
            let ready = Ready {
                id: assignment.id,
                from: assignment.from,
                to: assignment.to.unwrap_or(NaiveDate::MAX),
                weekdays: assignment.weekdays,
                holidays: assignment.holidays,
                anchor: anchor.unwrap_or(assignment.from),
                steps,
            };
            assignments.entry((assignment.target.kind, assignment.target.id)).or_default().push(ready);
        }
        for list in assignments.values_mut() {
            list.sort_by_key(|assignment| std::cmp::Reverse(assignment.id));
        }
        let by_id = |units: Vec<Unit>| units.into_iter().map(|unit| (unit.id.clone(), unit)).collect();
        Self {
            shifts,
            assignments,
            calendar: said.calendar.into_iter().map(|day| (day.date, day)).collect(),
            branches: by_id(said.branches),
            departments: by_id(said.departments),
        }
    }

    /// What is special about a date.
    pub fn calendar(&self, date: NaiveDate) -> Option<&CalendarDay> {
        self.calendar.get(&date)
    }

    /// What concerns one person. `cells` are theirs, in any order.
    pub fn of(&self, person: &Person, cells: &[Cell]) -> Plans<'_> {
        let at = |department: &Option<String>, branch: &Option<String>| {
            self.at(&person.id, department.as_deref(), branch.as_deref())
        };
        let assignments = at(&person.department, &person.branch);
        let before =
            person.moves.iter().map(|moved| (moved.on, at(&moved.department, &moved.branch))).collect();
        let mut cells: Vec<(NaiveDate, Step)> = cells
            .iter()
            .map(|cell| {
                let step = match &cell.shift {
                    None => Step::Rest,
                    Some(id) => self.shifts.get(id).map_or(Step::Unknown, |shift| Step::Works(shift.clone())),
                };
                (cell.date, step)
            })
            .collect();
        cells.sort_by_key(|(date, _)| *date);
        Plans { book: self, assignments, before, cells, hired_on: person.hired_on, left_on: person.left_on }
    }

    /// What holds somebody who is in a place: the narrowest first, then the newest.
    fn at(&self, person: &str, department: Option<&str>, branch: Option<&str>) -> Vec<&Ready> {
        let departments = upwards(&self.departments, department);
        let of_department = departments
            .iter()
            .find_map(|id| self.departments.get(*id).and_then(|unit| unit.branch.as_deref()));
        let mut branches = upwards(&self.branches, of_department);
        for id in upwards(&self.branches, branch) {
            if !branches.contains(&id) {
                branches.push(id);
            }
        }
        let chain = std::iter::once((TargetKind::Employee, person))
            .chain(departments.into_iter().map(|id| (TargetKind::Department, id)))
            .chain(branches.into_iter().map(|id| (TargetKind::Branch, id)));
        chain.filter_map(|(kind, id)| self.assignments.get(&(kind, id.to_owned()))).flatten().collect()
    }
}

/// The unit and what it is in, upwards, as far as they are there.
fn upwards<'b>(units: &'b HashMap<String, Unit>, from: Option<&str>) -> Vec<&'b str> {
    let mut way: Vec<&str> = Vec::new();
    let mut next = from.and_then(|id| units.get(id));
    // There are no circles; were there one, nobody would walk in it for ever.
    while let Some(unit) = next.filter(|unit| !way.contains(&unit.id.as_str())) {
        way.push(&unit.id);
        next = unit.parent.as_deref().and_then(|id| units.get(id));
    }
    way
}

/// What concerns one person.
#[derive(Debug)]
pub struct Plans<'b> {
    book: &'b Book,
    assignments: Vec<&'b Ready>,
    /// Until before which date others held them.
    before: Vec<(NaiveDate, Vec<&'b Ready>)>,
    cells: Vec<(NaiveDate, Step)>,
    hired_on: Option<NaiveDate>,
    left_on: Option<NaiveDate>,
}

impl Plans<'_> {
    /// What they are to do on a date.
    pub fn on(&self, date: NaiveDate) -> DayPlan {
        let day = self.book.calendar.get(&date);
        let special = day.map(|day| &day.special);
        let make_up = day.filter(|day| matches!(day.special, Special::Workday { .. }));
        let plan =
            |planned, because| DayPlan { planned, because, make_up: make_up.map(|day| day.name.clone()) };
        if self.hired_on.is_some_and(|hired_on| date < hired_on)
            || self.left_on.is_some_and(|left_on| left_on < date)
        {
            return plan(Planned::NotEmployed, Because::Nothing);
        }
        if let Ok(at) = self.cells.binary_search_by_key(&date, |(date, _)| *date)
            && let Some((_, step)) = self.cells.get(at)
        {
            return plan(planned(step), Because::Cell);
        }
        let moved = self.before.iter().find(|(moved_on, _)| date < *moved_on);
        let assignments = moved.map_or(&self.assignments, |(_, assignments)| assignments);
        let mut covering = assignments.iter().filter(|assignment| assignment.covers(date));
        let Some(narrowest) = covering.clone().next() else {
            return plan(Planned::Unscheduled, Because::Nothing);
        };
        let chosen = covering.find(|assignment| assignment.works_on(date, special));
        let because = Because::Assignment(chosen.unwrap_or(narrowest).id);
        match (day, chosen) {
            (Some(CalendarDay { special: Special::Holiday, name, .. }), chosen)
                if !chosen.is_some_and(|assignment| assignment.holidays) =>
            {
                plan(Planned::Holiday(name.clone()), because)
            }
            (_, Some(assignment)) => plan(planned(assignment.step(date)), because),
            (_, None) => plan(Planned::Rest, because),
        }
    }
}

fn planned(step: &Step) -> Planned {
    match step {
        Step::Works(shift) => Planned::Works(shift.clone()),
        Step::Rest => Planned::Rest,
        Step::Unknown => Planned::Unscheduled,
    }
}

#[cfg(test)]
mod tests;
