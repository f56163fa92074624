//! Which days are to be judged anew: whatever changes a plan or a fact says so in its own transaction.
//!
//! A day that is touched twice gets a higher number, so that whoever judged it by what the first change left does not take the
//! second for done.

mod queries;
mod stretches;
#[cfg(test)]
mod tests;

use chrono::{Days, NaiveDate};
use rusqlite::named_params;

pub use stretches::{stretches_note, stretches_wait};

use super::opening::since;
use super::window::midnight;
use crate::db::{self, Tx};
use crate::directory::EmployeeId;
use crate::dispatch::TargetKind;
use crate::machines::MachineId;
use crate::schedule::shift::ShiftId;
use crate::settings::site_date;

/// Whose days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touched<'a> {
    /// One person's.
    Employee(&'a EmployeeId),
    /// Those of a person, of everybody in a department and the ones beneath, or of a branch and everything beneath.
    Target {
        /// What the target is.
        kind: TargetKind,
        /// Which one.
        id: &'a str,
    },
    /// Everybody's.
    Everybody,
}

/// Whose days, as the database is asked.
enum Whose<'a> {
    One(&'a str),
    Department(&'a str),
    Branch(&'a str),
    Everybody,
}

impl<'a> Whose<'a> {
    fn of(who: Touched<'a>) -> Self {
        match who {
            Touched::Employee(id) => Self::One(id.as_str()),
            Touched::Target { kind: TargetKind::Employee, id } => Self::One(id),
            Touched::Target { kind: TargetKind::Department, id } => Self::Department(id),
            Touched::Target { kind: TargetKind::Branch, id } => Self::Branch(id),
            Touched::Everybody => Self::Everybody,
        }
    }

    fn columns(&self) -> (&'static str, &'a str) {
        match self {
            Self::One(id) => (TargetKind::Employee.name(), id),
            Self::Department(id) => (TargetKind::Department.name(), id),
            Self::Branch(id) => (TargetKind::Branch.name(), id),
            Self::Everybody => ("everybody", ""),
        }
    }

    fn of_columns(kind: &str, id: &'a str) -> Self {
        match TargetKind::from_name(kind) {
            Some(TargetKind::Employee) => Self::One(id),
            Some(TargetKind::Department) => Self::Department(id),
            Some(TargetKind::Branch) => Self::Branch(id),
            None => Self::Everybody,
        }
    }
}

/// Days back from tomorrow that are judged of a plan without a beginning, unless this program has been at it for longer.
const PAST_MOST: u64 = 800;

/// Says that the plan or the facts of these days changed, from a date to the last one; none: to the newest there is.
///
/// The day before and the day after are noted as well: another shift moves the border between two days' punches. Nothing after
/// tomorrow is noted, since no day is judged before it begins; and of a stretch without an end, or of many people, nothing before
/// the first date anybody has a plan or a result for: those days are nobody's. Nor is anything of it that is longer ago than
/// [`PAST_MOST`] and than the first day that was opened: whoever plans from 1900 on means since ever.
pub(crate) fn days_touched(
    tx: &Tx<'_>,
    who: Touched<'_>,
    from: NaiveDate,
    to: Option<NaiveDate>,
) -> Result<(), db::Error> {
    let newest = newest(tx)?;
    let whose = Whose::of(who);
    let from = if matches!(whose, Whose::One(_)) && to.is_some() {
        from
    } else {
        let Some(first) = queries::first_date(tx)? else { return Ok(()) };
        let past = newest.checked_sub_days(Days::new(PAST_MOST)).unwrap_or(newest);
        from.max(first).max(since(tx)?.map_or(past, |since| past.min(since)))
    };
    let from = from.pred_opt().unwrap_or(from);
    let to = to.and_then(|to| to.succ_opt()).map_or(newest, |to| to.min(newest));
    if to < from {
        return Ok(());
    }
    stretches::note(tx, &whose, from, to)
}

/// The newest date that is noted: tomorrow, where the site is.
fn newest(tx: &Tx<'_>) -> Result<NaiveDate, db::Error> {
    let today = site_date(tx, tx.now())?;
    Ok(today.succ_opt().unwrap_or(today))
}

/// Says that a shift changed: for those who have it on a day that was set by hand.
pub(crate) fn cells_touched(tx: &Tx<'_>, shift: &ShiftId) -> Result<(), db::Error> {
    let newest = newest(tx)?.to_string();
    tx.prepare_cached(queries::CELLS)?.execute(named_params! { ":shift": shift.0, ":newest": newest })?;
    Ok(())
}

/// Says that punches of a machine's pin became somebody's, or ceased to be: those from an instant to before another, in seconds of
/// UTC. The days on both sides are noted as well, since a night's punches are the day's before.
pub(crate) fn punches_touched(
    tx: &Tx<'_>,
    machine: MachineId,
    pin: i64,
    employee: &EmployeeId,
    from: i64,
    to: i64,
) -> Result<(), db::Error> {
    let newest = midnight(newest(tx)?);
    tx.prepare_cached(queries::PUNCHED)?.execute(named_params! {
        ":machine": machine.0, ":pin": pin, ":employee": employee.as_str(), ":from": from, ":to": to, ":newest": newest
    })?;
    Ok(())
}
