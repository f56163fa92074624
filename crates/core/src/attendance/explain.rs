//! One day opened: judged once more from its facts, with all that the judgement rests on.

use std::collections::HashMap;

use chrono::NaiveDate;
use rollcall_protocol::WallTime;
use rusqlite::{Connection, params};

use super::AttendanceError;
use super::day::{DayResult, FactId, Unused, Use};
use super::facts::{Court, Wanted};
use super::horizon::Machine;
use super::opening::through;
use super::queries;
use super::stored::{LocalTime, StoredDay};
use super::view::{DayView, Glass};
use super::whom::Month;
use crate::appeals::{Appeal, AppealFilter, Correction, CorrectionFilter, appeal_list, correction_list};
use crate::clock::{self, Timestamp, from_millis};
use crate::db::Error;
use crate::directory::{EmployeeId, person_in_brief};
use crate::page::Page;
use crate::punches::{PunchId, PunchView, punches_of_ids};
use crate::schedule::plan::{Because, DayPlan};
use crate::schedule::shift::Shift;
use crate::schedule::{LeaveFilter, LeaveShown, ShiftShown, leave_list, shift_get};
use crate::settings::settings_get;

/// What a fact of the day was taken for, or why it was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactShown {
    /// Where it comes from.
    pub id: FactId,
    /// When it was, where it was.
    pub time: LocalTime,
    /// What it was taken for, or why for nothing.
    pub use_of: Result<Use, Unused>,
    /// What the machine said; none of a correction.
    pub punch: Option<PunchView>,
}

/// A machine that could hold a punch of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MachineShown {
    /// The machine, with how its punches of the day were counted.
    pub machine: Machine,
    /// Whether everything it has of the day is here.
    pub covers: bool,
}

/// Something somebody did that the day depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// When.
    pub time: Timestamp,
    /// Who.
    pub who: String,
    /// What, as in the operation log.
    pub what: String,
    /// To what, as in the operation log.
    pub subject: String,
}

/// A day, opened.
#[derive(Debug, Clone)]
pub struct Explained {
    /// As it is shown.
    pub day: DayView,
    /// What was to be done, and why.
    pub plan: DayPlan,
    /// The shift that was to be worked.
    pub shift: Option<ShiftShown>,
    /// From when to when punches are taken for it, on the site's clock.
    pub window: (LocalTime, LocalTime),
    /// What is known of it, in order of time.
    pub facts: Vec<FactShown>,
    /// Leave on it.
    pub leaves: Vec<LeaveShown>,
    /// Appeals about it, newest first.
    pub appeals: Vec<Appeal>,
    /// Corrections of it, withdrawn ones too, newest first.
    pub corrections: Vec<Correction>,
    /// The machines that could hold a punch of it.
    pub horizon: Vec<MachineShown>,
    /// What was done that it depends on, oldest first.
    pub history: Vec<Deed>,
}

/// Lines of its history that are shown.
const HISTORY_MOST: usize = 100;

/// Opens a day.
pub fn day_explain(
    conn: &Connection,
    employee: &EmployeeId,
    date: NaiveDate,
    now: Timestamp,
) -> Result<Explained, AttendanceError> {
    let unknown = || AttendanceError::EmployeeUnknown(employee.clone());
    let person = person_in_brief(conn, employee)?.ok_or_else(unknown)?;
    let zone = settings_get(conn)?.time_zone;
    let court = Court::open(conn, zone, through(conn)?.unwrap_or(NaiveDate::MIN))?;
    let mut judged = None;
    let wanted = Wanted::from([(employee.as_str().to_owned(), [date].into())]);
    court.each(&wanted, |case| {
        let times = case.facts.iter().map(|fact| (fact.id, LocalTime::from(*fact))).collect();
        let result = case.judge();
        let fresh = court.kept(case, &result);
        judged = Some((case.plan.clone(), result, fresh, times));
        Ok(())
    })?;
    let (plan, result, fresh, times) = judged.ok_or_else(unknown)?;

    let glass = Glass::load(conn, std::slice::from_ref(&person), (date, date), now)?;
    let at = |wall: WallTime| LocalTime { wall: wall.seconds(), utc_offset: clock::offset_at(zone, wall) };
    let window = (at(result.window_from), at(result.window_to));
    let instant = |at: LocalTime| at.wall - i64::from(at.utc_offset);
    let (begins_at, ends_at) = (instant(window.0), instant(window.1));
    // What is locked is shown as it is kept, whatever its facts say now.
    let kept = if glass.locked(date) { queries::get(conn, employee.as_str(), date)? } else { fresh };
    let day = kept.unwrap_or_else(|| StoredDay::of(&result, begins_at, ends_at));
    let machines = glass.heard.machines_of(employee.as_str(), date, begins_at, ends_at);
    let horizon = machines.into_iter().map(|machine| {
        let covers = machine.covers(Timestamp::from_timestamp(ends_at, 0).unwrap_or_default(), zone);
        MachineShown { machine, covers }
    });
    let page = Page { limit: Page::MOST, cursor: None };
    let of_day = AppealFilter {
        employee_id: Some(employee.clone()),
        from: Some(date),
        to: Some(date),
        ..AppealFilter::default()
    };
    let appeals = appeal_list(conn, &of_day, &page, now).map_err(of_appeals)?.items;
    let of_day = CorrectionFilter { employee_id: Some(employee.clone()), from: Some(date), to: Some(date) };
    let corrections = correction_list(conn, &of_day, &page).map_err(of_appeals)?.items;
    let of_day = LeaveFilter {
        employee_id: Some(employee.as_str().to_owned()),
        from: Some(date),
        to: Some(date),
        ..LeaveFilter::default()
    };
    let leaves = leave_list(conn, &of_day, &page).map_err(of_schedule)?.items;
    let history = history(conn, employee, date, &plan, &leaves, &appeals, &corrections)?;
    Ok(Explained {
        facts: facts(conn, &result, &times)?,
        shift: plan.shift().map(|shift| shown(conn, shift, now)).transpose()?,
        day: glass.view(&person, date, day),
        plan,
        window,
        leaves,
        appeals,
        corrections,
        horizon: horizon.collect(),
        history,
    })
}

/// Their lists are asked for without a cursor: only the database is left to fail.
fn of_appeals(error: crate::appeals::AppealError) -> AttendanceError {
    match error {
        crate::appeals::AppealError::Database(error) => error.into(),
        _ => Error::Closed.into(),
    }
}

fn of_schedule(error: crate::schedule::ScheduleError) -> AttendanceError {
    match error {
        crate::schedule::ScheduleError::Database(error) => error.into(),
        _ => Error::Closed.into(),
    }
}

/// The facts of the window, with what the machines said.
fn facts(
    conn: &Connection,
    result: &DayResult,
    times: &HashMap<FactId, LocalTime>,
) -> Result<Vec<FactShown>, Error> {
    let used = result.used.iter().map(|(id, use_of)| (*id, Ok(*use_of)));
    let unused = result.unused.iter().map(|(id, why)| (*id, Err(*why)));
    let all: Vec<(FactId, Result<Use, Unused>)> = used.chain(unused).collect();
    let ids: Vec<PunchId> = all
        .iter()
        .filter_map(|(id, _)| match id {
            FactId::Punch(id) => Some(*id),
            FactId::Correction(_) => None,
        })
        .collect();
    let mut punches: HashMap<PunchId, PunchView> =
        punches_of_ids(conn, &ids)?.into_iter().map(|punch| (punch.id, punch)).collect();
    let mut facts: Vec<FactShown> = all
        .into_iter()
        .filter_map(|(id, use_of)| {
            let punch = match id {
                FactId::Punch(id) => punches.remove(&id),
                FactId::Correction(_) => None,
            };
            Some(FactShown { id, time: *times.get(&id)?, use_of, punch })
        })
        .collect();
    facts.sort_by_key(|fact| (fact.time.wall, fact.id));
    Ok(facts)
}

/// A shift as it is to be looked at; of one that was removed, what is left of it.
fn shown(conn: &Connection, shift: &Shift, now: Timestamp) -> Result<ShiftShown, AttendanceError> {
    match shift_get(conn, &shift.id, now) {
        Ok(shown) => Ok(shown),
        Err(crate::schedule::ScheduleError::Database(error)) => Err(error.into()),
        Err(_) => Ok(ShiftShown {
            shift: shift.clone(),
            color: None,
            assigned: 0,
            created_at: now,
            changed_at: now,
        }),
    }
}

pub(super) const DEEDS: &str =
    "SELECT a.id, a.at, a.who, a.what, a.subject FROM json_each(?1) s CROSS JOIN audit a
   ON a.subject = s.value WHERE json_type(a.before, ?2) IS NOT NULL OR json_type(a.after, ?2) IS NOT NULL";

/// What was done to whatever the day depends on.
fn history(
    conn: &Connection,
    employee: &EmployeeId,
    date: NaiveDate,
    plan: &DayPlan,
    leaves: &[LeaveShown],
    appeals: &[Appeal],
    corrections: &[Correction],
) -> Result<Vec<Deed>, Error> {
    let mut subjects = vec![format!("calendar/{date}"), format!("attendance/{}", Month::of(date))];
    if let Because::Assignment(id) = plan.because {
        subjects.push(format!("shift-assignment/{id}"));
    }
    subjects.extend(plan.shift().map(|shift| format!("shift/{}", shift.id.0)));
    subjects.extend(leaves.iter().map(|leave| format!("employee/{employee}/leave/{}", leave.id)));
    subjects.extend(appeals.iter().map(|appeal| format!("appeal/{}", appeal.id.0)));
    subjects.extend(corrections.iter().map(|correction| format!("correction/{}", correction.id.0)));
    let mut deeds = deeds(conn, &subjects, "$")?;
    // Of the days somebody set by hand only those that say something of this one.
    deeds.extend(self::deeds(conn, &[format!("employee/{employee}/schedule")], &format!("$.\"{date}\""))?);
    deeds.sort_by_key(|(id, _)| *id);
    let skip = deeds.len().saturating_sub(HISTORY_MOST);
    Ok(deeds.into_iter().skip(skip).map(|(_, deed)| deed).collect())
}

/// The lines of the operation log about these subjects with something at a path, before or after.
fn deeds(conn: &Connection, subjects: &[String], path: &str) -> Result<Vec<(i64, Deed)>, Error> {
    let subjects = serde_json::to_string(subjects).unwrap_or_else(|_| "[]".to_owned());
    let mut statement = conn.prepare_cached(DEEDS)?;
    let rows = statement.query_map(params![subjects, path], |row| {
        let time = from_millis(row.get(1)?);
        Ok((row.get(0)?, Deed { time, who: row.get(2)?, what: row.get(3)?, subject: row.get(4)? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
