//! New facts beside the punches: a punch that was not made at a machine, or a mark that is lifted. They are added and withdrawn,
//! never changed.

use chrono::NaiveDate;
use rollcall_protocol::WallTime;
use rusqlite::Connection;
use serde::Serialize;

use super::error::AppealError;
use super::judged::Judged;
use super::requests;
use super::{Appeal, AppealId, CorrectionId, queries, rule};
use crate::attendance::day::MarkKind;
use crate::attendance::window::wall;
use crate::attendance::{self, Month, Touched};
use crate::audit::{self, Actor, MASK};
use crate::clock::{Timestamp, offset_at, wall_at};
use crate::db::{self, Tx};
use crate::directory::{self, EmployeeId};
use crate::page::{Page, Paged};
use crate::schedule::TimeOfDay;
use crate::schedule::shift::Minute;
use crate::settings::settings_get;

/// What a correction says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// They were there at this time.
    Punch {
        /// The wall clock of the site.
        wall: WallTime,
        /// Seconds east of UTC the site's zone had then.
        utc_offset: i32,
    },
    /// The marks of this kind do not count.
    Lift(MarkKind),
}

/// A correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Its number.
    pub id: CorrectionId,
    /// Whose day.
    pub employee_id: EmployeeId,
    /// Their name.
    pub name: String,
    /// Which day.
    pub date: NaiveDate,
    /// What it says.
    pub what: What,
    /// The appeal it comes from; none: written down by hand.
    pub appeal_id: Option<AppealId>,
    /// Why.
    pub reason: String,
    /// Who made it.
    pub who: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was withdrawn; none: it is in force.
    pub withdrawn_at: Option<Timestamp>,
}

/// What is wanted by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A punch at this time of day.
    Punch(TimeOfDay),
    /// The marks of this kind lifted.
    Lift(MarkKind),
}

/// A correction to write down by hand.
#[derive(Debug, Clone)]
pub struct NewCorrection {
    /// Whose day.
    pub employee_id: String,
    /// Which day.
    pub date: NaiveDate,
    /// What it says.
    pub what: Wanted,
    /// Why.
    pub reason: String,
}

/// Which corrections; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct CorrectionFilter {
    /// Of this person.
    pub employee_id: Option<EmployeeId>,
    /// Of this day or a later one.
    pub from: Option<NaiveDate>,
    /// Of this day or an earlier one.
    pub to: Option<NaiveDate>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged<'a> {
    employee_id: &'a EmployeeId,
    date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    punch: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lift: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    appeal_id: Option<AppealId>,
    reason: &'static str,
    withdrawn: bool,
}

impl<'a> From<&'a Correction> for Logged<'a> {
    fn from(correction: &'a Correction) -> Self {
        let (punch, lift) = match correction.what {
            What::Punch { wall, .. } => (Some(wall.to_string()), None),
            What::Lift(mark) => (None, Some(mark.name())),
        };
        Self {
            employee_id: &correction.employee_id,
            date: correction.date.to_string(),
            punch,
            lift,
            appeal_id: correction.appeal_id,
            reason: MASK,
            withdrawn: correction.withdrawn_at.is_some(),
        }
    }
}

fn subject(id: CorrectionId) -> String {
    format!("correction/{}", id.0)
}

/// A punch at a minute of a day, by the site's clocks.
pub(super) fn punch(conn: &Connection, date: NaiveDate, minute: Minute) -> Result<What, db::Error> {
    let wall = wall(date, minute);
    Ok(What::Punch { wall, utc_offset: offset_at(settings_get(conn)?.time_zone, wall) })
}

/// What an approved appeal comes to.
pub(super) fn of_appeal(
    tx: &Tx<'_>,
    actor: &Actor,
    appeal: &Appeal,
    what: What,
) -> Result<Correction, AppealError> {
    let correction = Correction {
        id: CorrectionId(0),
        employee_id: appeal.employee_id.clone(),
        name: appeal.name.clone(),
        date: appeal.date,
        what,
        appeal_id: Some(appeal.id),
        reason: appeal.reason.clone(),
        who: actor.as_str().to_owned(),
        created_at: tx.now(),
        withdrawn_at: None,
    };
    add(tx, actor, correction)
}

fn add(tx: &Tx<'_>, actor: &Actor, mut correction: Correction) -> Result<Correction, AppealError> {
    correction.id = queries::insert_correction(tx, &correction)?;
    touched(tx, &correction)?;
    let logged = Logged::from(&correction);
    audit::record(tx, actor, "correction.add", &subject(correction.id), None, Some(&logged))?;
    Ok(correction)
}

fn touched(tx: &Tx<'_>, correction: &Correction) -> Result<(), db::Error> {
    let date = correction.date;
    attendance::days_touched(tx, Touched::Employee(&correction.employee_id), date, Some(date))
}

fn check_lock(conn: &Connection, date: NaiveDate) -> Result<(), AppealError> {
    let month = Month::of(date);
    if attendance::months_locked(conn)?.contains(&month) {
        return Err(AppealError::MonthLocked(month));
    }
    Ok(())
}

/// Writes down a correction by hand.
pub fn correction_add(tx: &Tx<'_>, actor: &Actor, new: NewCorrection) -> Result<Correction, AppealError> {
    let unknown = || AppealError::EmployeeUnknown(new.employee_id.clone());
    let id = EmployeeId::new(&new.employee_id).map_err(|_| unknown())?;
    let person = directory::employee_get(tx, &id)?.ok_or_else(unknown)?;
    let reason = requests::reason(&new.reason)?;
    let date = new.date;
    let now = wall_at(settings_get(tx)?.time_zone, tx.now());
    if rule::is_future(date, Minute(0), now) {
        return Err(AppealError::CorrectionFuture);
    }
    let too_early = person.hired_on.is_some_and(|hired| hired > date);
    let too_late = person.left_on.is_some_and(|left| left < date);
    if too_early || too_late {
        return Err(AppealError::NotEmployed { name: person.name, date });
    }
    check_lock(tx, date)?;
    let day = Judged::load(tx, &id, date)?;
    let what = match new.what {
        Wanted::Punch(time) => {
            let minute = rule::punch_at(day.window, time).ok_or(AppealError::CorrectionOutside(date))?;
            if rule::is_future(date, minute, now) {
                return Err(AppealError::CorrectionFuture);
            }
            punch(tx, date, minute)?
        }
        Wanted::Lift(mark) => {
            if !rule::has_mark(&day.marks, mark) {
                return Err(AppealError::CorrectionNoSuchMark(date));
            }
            What::Lift(mark)
        }
    };
    add(
        tx,
        actor,
        Correction {
            id: CorrectionId(0),
            employee_id: person.id,
            name: person.name,
            date,
            what,
            appeal_id: None,
            reason,
            who: actor.as_str().to_owned(),
            created_at: tx.now(),
            withdrawn_at: None,
        },
    )
}

/// Takes a correction out of force: the mark is back. That of an approved appeal takes its approval back.
pub fn correction_withdraw(tx: &Tx<'_>, actor: &Actor, id: CorrectionId) -> Result<Correction, AppealError> {
    let before = queries::correction(tx, id)?.ok_or(AppealError::CorrectionUnknown(id))?;
    if before.withdrawn_at.is_some() {
        return Err(AppealError::CorrectionWithdrawn);
    }
    check_lock(tx, before.date)?;
    let after = Correction { withdrawn_at: Some(tx.now()), ..before.clone() };
    queries::withdraw_correction(tx, actor, id)?;
    if let Some(appeal) = after.appeal_id {
        requests::undone(tx, actor, appeal)?;
    }
    touched(tx, &after)?;
    let (old, new) = (Logged::from(&before), Logged::from(&after));
    audit::record(tx, actor, "correction.withdraw", &subject(id), Some(&old), Some(&new))?;
    Ok(after)
}

/// The corrections a filter leaves, newest first, withdrawn ones too.
pub fn correction_list(
    conn: &Connection,
    filter: &CorrectionFilter,
    page: &Page,
) -> Result<Paged<Correction>, AppealError> {
    let (rows, total) = queries::corrections(conn, filter, page.after()?, page.probe())?;
    Ok(page.finish(rows, total, |correction| correction.id.0))
}
