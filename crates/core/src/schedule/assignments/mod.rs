//! Who works which shift or rotation, and from when to when. Where several hold somebody, the narrowest target wins, then the newest.

pub(super) mod queries;

use chrono::NaiveDate;
use rusqlite::{Connection, Row};
use serde::Serialize;

use super::error::ScheduleError;
use super::plan::{Assignment, Weekdays, Work};
use super::queries::day;
use super::{rotations, shifts};
use crate::attendance::{self, Touched};
use crate::audit::{self, Actor};
use crate::db::{self, Tx};
use crate::dispatch::{self, Target, TargetKind};
use crate::page::{Page, Paged};

impl Weekdays {
    /// Of numbers of 1 (Monday) to 7 (Sunday), each at most once and one at least.
    pub fn of_numbers(numbers: &[u8]) -> Option<Self> {
        let mut bits = 0;
        for number in numbers {
            let bit = match number {
                1..=7 => 1_u8 << (number - 1),
                _ => return None,
            };
            if bits & bit != 0 {
                return None;
            }
            bits |= bit;
        }
        (bits != 0).then_some(Self(bits))
    }

    /// As numbers of 1 (Monday) to 7 (Sunday).
    pub fn numbers(self) -> Vec<u8> {
        (1..=7).filter(|number| self.0 & (1 << (number - 1)) != 0).collect()
    }
}

/// An assignment as it is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentShown {
    /// The assignment.
    pub assignment: Assignment,
    /// What its target is called; none when there is nothing with that id any more, and then it means nobody.
    pub target_name: Option<String>,
}

/// Which assignments to list.
#[derive(Debug, Clone, Default)]
pub struct AssignmentFilter {
    /// Only those of this kind of target.
    pub target_kind: Option<TargetKind>,
    /// Only those of this target.
    pub target_id: Option<String>,
    /// Only those that hold this person, by whatever target.
    pub employee_id: Option<String>,
    /// Only those of this shift, or of a rotation with it.
    pub shift_id: Option<String>,
}

/// The dates on which a target is meant.
pub(super) struct Stretched {
    target: Target,
    from: NaiveDate,
    to: Option<NaiveDate>,
}

/// Reads kind, id, first and last date.
pub(super) fn stretched(row: &Row<'_>) -> rusqlite::Result<Option<Stretched>> {
    let kind = TargetKind::from_name(row.get_ref(0)?.as_str()?);
    let (Some(kind), Some(from)) = (kind, day(row, 2)?) else { return Ok(None) };
    Ok(Some(Stretched { target: Target { kind, id: row.get(1)? }, from, to: day(row, 3)? }))
}

/// Everybody a target means is to be judged anew on its dates.
pub(super) fn touch(tx: &Tx<'_>, stretched: &Stretched) -> Result<(), db::Error> {
    let Stretched { target, from, to } = stretched;
    attendance::days_touched(tx, Touched::Target { kind: target.kind, id: &target.id }, *from, *to)
}

fn touch_from(tx: &Tx<'_>, assignment: &Assignment, from: NaiveDate) -> Result<(), db::Error> {
    touch(tx, &Stretched { target: assignment.target.clone(), from, to: assignment.to })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged<'a> {
    target: &'a Target,
    #[serde(skip_serializing_if = "Option::is_none")]
    shift_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    anchor: Option<NaiveDate>,
    from: NaiveDate,
    to: Option<NaiveDate>,
    weekdays: Vec<u8>,
    works_on_holidays: bool,
}

impl<'a> From<&'a Assignment> for Logged<'a> {
    fn from(assignment: &'a Assignment) -> Self {
        let (shift_id, rotation_id, anchor) = match &assignment.work {
            Work::Shift(shift) => (Some(shift.0.as_str()), None, None),
            Work::Rotation { id, anchor } => (None, Some(id.as_str()), *anchor),
        };
        Self {
            target: &assignment.target,
            shift_id,
            rotation_id,
            anchor,
            from: assignment.from,
            to: assignment.to,
            weekdays: assignment.weekdays.numbers(),
            works_on_holidays: assignment.holidays,
        }
    }
}

fn subject(id: i64) -> String {
    format!("shift-assignment/{id}")
}

fn show(conn: &Connection, assignment: Assignment) -> Result<AssignmentShown, db::Error> {
    let target_name = dispatch::target_name(conn, &assignment.target)?;
    Ok(AssignmentShown { assignment, target_name })
}

/// The assignments a filter leaves, newest first.
pub fn assignment_list(
    conn: &Connection,
    filter: &AssignmentFilter,
    page: &Page,
) -> Result<Paged<AssignmentShown>, ScheduleError> {
    let before: Option<i64> = page.after()?;
    let all = queries::list(conn, filter)?;
    let total = all.len() as u64;
    let rest = all.into_iter().filter(|found| before.is_none_or(|before| found.id < before)).collect();
    let Paged { items, total, next } = page.finish(rest, total, |found| found.id);
    let items = items.into_iter().map(|found| show(conn, found)).collect::<Result<_, _>>()?;
    Ok(Paged { items, total, next })
}

/// One of them.
pub fn assignment_get(conn: &Connection, id: i64) -> Result<AssignmentShown, ScheduleError> {
    let found = queries::get(conn, id)?.ok_or(ScheduleError::AssignmentUnknown(id))?;
    Ok(show(conn, found)?)
}

fn check_dates(from: NaiveDate, to: Option<NaiveDate>) -> Result<(), ScheduleError> {
    match to {
        Some(to) if to < from => Err(ScheduleError::AssignmentToBeforeFrom),
        _ => Ok(()),
    }
}

/// Assigns a shift or a rotation; the number of the new assignment is answered, whatever the given one says.
pub fn assignment_add(
    tx: &Tx<'_>,
    actor: &Actor,
    mut new: Assignment,
) -> Result<AssignmentShown, ScheduleError> {
    check_dates(new.from, new.to)?;
    if new.weekdays.0 == 0 {
        return Err(ScheduleError::AssignmentWeekdays);
    }
    match &new.work {
        Work::Shift(shift) if !shifts::queries::exists(tx, shift)? => {
            return Err(ScheduleError::AssignmentShiftUnknown(shift.clone()));
        }
        Work::Rotation { id, .. } if rotations::queries::get(tx, id)?.is_none() => {
            return Err(ScheduleError::AssignmentRotationUnknown(id.clone()));
        }
        _ => {}
    }
    if dispatch::target_name(tx, &new.target)?.is_none() {
        return Err(ScheduleError::AssignmentTargetUnknown(new.target.id));
    }
    new.id = queries::insert(tx, &new)?;
    touch_from(tx, &new, new.from)?;
    audit::record(tx, actor, "shift_assignment.add", &subject(new.id), None, Some(&Logged::from(&new)))?;
    Ok(show(tx, new)?)
}

/// Gives an assignment another last day, or none. What was worked by it before that day stays as it was.
pub fn assignment_change(
    tx: &Tx<'_>,
    actor: &Actor,
    id: i64,
    to: Option<NaiveDate>,
) -> Result<AssignmentShown, ScheduleError> {
    let before = queries::get(tx, id)?.ok_or(ScheduleError::AssignmentUnknown(id))?;
    check_dates(before.from, to)?;
    let mut after = before.clone();
    after.to = to;
    if after != before {
        queries::set_end(tx, id, to)?;
        // From the earlier of both ends to the later.
        let first = before.to.into_iter().chain(to).min().unwrap_or(before.from);
        let last = before.to.zip(to).map(|(before, after)| before.max(after));
        touch(tx, &Stretched { target: before.target.clone(), from: first, to: last })?;
        let (old, new) = (Logged::from(&before), Logged::from(&after));
        audit::record(tx, actor, "shift_assignment.change", &subject(id), Some(&old), Some(&new))?;
    }
    Ok(show(tx, after)?)
}

/// Takes an assignment back, as if it had never been made: the days that were worked by it are judged anew.
pub fn assignment_remove(tx: &Tx<'_>, actor: &Actor, id: i64) -> Result<(), ScheduleError> {
    let before = queries::get(tx, id)?.ok_or(ScheduleError::AssignmentUnknown(id))?;
    // Before it goes: it may be the only one, and say alone which dates matter.
    touch_from(tx, &before, before.from)?;
    queries::remove(tx, id)?;
    audit::record(tx, actor, "shift_assignment.remove", &subject(id), Some(&Logged::from(&before)), None)?;
    Ok(())
}

/// What people call the shifts and rotations that are assigned to a target on some day from a date on.
pub(crate) fn assigned_to(
    conn: &Connection,
    target: &Target,
    from: NaiveDate,
) -> Result<Vec<String>, db::Error> {
    queries::assigned_to(conn, target, from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attendance_6_4_weekdays_are_numbers_from_monday_on() {
        assert_eq!(Weekdays::of_numbers(&[1, 2, 3, 4, 5]), Some(Weekdays::WORKING_WEEK));
        assert_eq!(Weekdays::of_numbers(&[7, 1]).map(Weekdays::numbers), Some(vec![1, 7]));
        for wrong in [&[][..], &[0], &[8], &[1, 1]] {
            assert_eq!(Weekdays::of_numbers(wrong), None, "{wrong:?}");
        }
        assert_eq!(Weekdays::ALL.numbers(), [1, 2, 3, 4, 5, 6, 7]);
    }
}
