//! The way of an appeal from open to its end.

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::Serialize;

use super::error::{AppealError, TextOf};
use super::judged::Judged;
use super::rule::{self, Case, Claim, Remedy};
use super::{
    Appeal, AppealFilter, AppealId, AppealState, NewAppeal, REASON_MOST, corrections, queries, quota,
};
use crate::attendance::{self, window::wall};
use crate::audit::{self, Actor, MASK};
use crate::clock::{Timestamp, wall_at};
use crate::db::{self, Tx};
use crate::directory::{self, EmployeeId};
use crate::page::{Page, Paged};
use crate::settings::settings_get;
use crate::text;

/// What is decided about an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes: the mark is lifted, or the claimed punch counts.
    Approve,
    /// No; a note says why.
    Reject,
}

/// An appeal of several that could not be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotDecided {
    /// Which.
    pub id: AppealId,
    /// Why: a stable code.
    pub code: &'static str,
    /// The same in English.
    pub detail: String,
}

/// What came of deciding about several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decided {
    /// Those that are decided now: whose days they are about.
    pub decided: Vec<(EmployeeId, NaiveDate)>,
    /// The others.
    pub rejected: Vec<NotDecided>,
}

/// What the operation log keeps of an appeal. Why somebody was late is nobody else's business: reasons and notes are not told.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged<'a> {
    employee_id: &'a EmployeeId,
    date: String,
    mark: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    claimed: Option<String>,
    reason: &'static str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

impl<'a> From<&'a Appeal> for Logged<'a> {
    fn from(appeal: &'a Appeal) -> Self {
        Self {
            employee_id: &appeal.employee_id,
            date: appeal.date.to_string(),
            mark: appeal.mark.name(),
            claimed: appeal.claimed.map(|minute| wall(appeal.date, minute).to_string()),
            reason: MASK,
            state: appeal.state.name(),
            note: appeal.note.as_ref().map(|_| MASK),
        }
    }
}

pub(super) fn subject(id: AppealId) -> String {
    format!("appeal/{}", id.0)
}

/// A reason.
pub(super) fn reason(text: &str) -> Result<String, AppealError> {
    text::required(text, REASON_MOST).map_err(|problem| AppealError::Text { of: TextOf::Reason, problem })
}

fn note(text: Option<&str>) -> Result<Option<String>, AppealError> {
    let note = text::optional(text.unwrap_or_default(), REASON_MOST);
    note.map_err(|problem| AppealError::Text { of: TextOf::Note, problem })
}

/// One of them, without its day.
pub(super) fn find(conn: &Connection, id: AppealId) -> Result<Appeal, AppealError> {
    queries::get(conn, id)?.ok_or(AppealError::Unknown(id))
}

/// Puts beside appeals the days they are about, as those are shown at an instant.
fn with_days(conn: &Connection, mut appeals: Vec<Appeal>, now: Timestamp) -> Result<Vec<Appeal>, db::Error> {
    let wanted: Vec<_> = appeals.iter().map(|appeal| (&appeal.employee_id, appeal.date)).collect();
    let days = attendance::days_picked(conn, &wanted, now)?;
    for (appeal, day) in appeals.iter_mut().zip(days) {
        appeal.day = day;
    }
    Ok(appeals)
}

/// Puts beside one appeal the day it is about.
pub(super) fn with_day(conn: &Connection, mut appeal: Appeal, now: Timestamp) -> Result<Appeal, AppealError> {
    let days = attendance::days_picked(conn, &[(&appeal.employee_id, appeal.date)], now)?;
    appeal.day = days.into_iter().next().flatten();
    Ok(appeal)
}

/// One of them, its day as it is shown at an instant.
pub fn appeal_get(conn: &Connection, id: AppealId, now: Timestamp) -> Result<Appeal, AppealError> {
    with_day(conn, find(conn, id)?, now)
}

/// The appeals a filter leaves, newest first.
pub fn appeal_list(
    conn: &Connection,
    filter: &AppealFilter,
    page: &Page,
    now: Timestamp,
) -> Result<Paged<Appeal>, AppealError> {
    let (rows, total) = queries::list(conn, filter, page.after()?, page.probe())?;
    let paged = page.finish(rows, total, |appeal| appeal.id.0);
    Ok(Paged { items: with_days(conn, paged.items, now)?, ..paged })
}

/// Of an appeal that is not written down yet: rows are numbered from 1.
pub(super) const NEW: AppealId = AppealId(0);

/// Raises an appeal.
pub fn appeal_raise(tx: &Tx<'_>, actor: &Actor, new: NewAppeal) -> Result<Appeal, AppealError> {
    let unknown = || AppealError::EmployeeUnknown(new.employee_id.clone());
    let employee = EmployeeId::new(&new.employee_id).map_err(|_| unknown())?;
    let person = directory::employee_get(tx, &employee)?.ok_or_else(unknown)?;
    let mut appeal = Appeal {
        id: NEW,
        employee_id: person.id,
        name: person.name,
        date: new.date,
        mark: new.mark,
        claimed: None,
        reason: reason(&new.reason)?,
        state: AppealState::Open,
        raised_by: actor.as_str().to_owned(),
        raised_at: tx.now(),
        decided_by: None,
        decided_at: None,
        note: None,
        evidence: None,
        day: None,
    };
    appeal.claimed = judged(tx, &appeal, new.claimed.map(Claim::TimeOfDay), rule::may_raise)?;
    appeal.id = queries::insert(tx, &appeal)?;
    audit::record(tx, actor, "appeal.raise", &subject(appeal.id), None, Some(&Logged::from(&appeal)))?;
    with_day(tx, appeal, tx.now())
}

/// What the rule says of an appeal as things are.
fn judged<T>(
    tx: &Tx<'_>,
    appeal: &Appeal,
    claim: Option<Claim>,
    rule: impl Fn(&Case<'_>) -> Result<T, rule::Refusal>,
) -> Result<T, AppealError> {
    let settings = settings_get(tx)?;
    let (date, mark) = (appeal.date, appeal.mark);
    let day = Judged::load(tx, &appeal.employee_id, date)?;
    let case = Case {
        day: day.day(),
        mark,
        claim,
        has_open: queries::has_open(tx, &appeal.employee_id, date, mark, appeal.id)?,
        quota: quota::without(tx, &settings, appeal)?,
        now: wall_at(settings.time_zone, tx.now()),
    };
    rule(&case).map_err(|refusal| AppealError::Refused { refusal, mark, date })
}

/// One that nobody has decided.
pub(super) fn open(conn: &Connection, id: AppealId) -> Result<Appeal, AppealError> {
    let appeal = find(conn, id)?;
    match appeal.state {
        AppealState::Open => Ok(appeal),
        state => Err(AppealError::NotOpen(state.name())),
    }
}

/// Approves or rejects an open appeal. The correction an approval makes is the appeal's until it is withdrawn.
pub fn appeal_decide(
    tx: &Tx<'_>,
    actor: &Actor,
    id: AppealId,
    decision: Decision,
    text: Option<&str>,
) -> Result<Appeal, AppealError> {
    with_day(tx, decide(tx, actor, id, decision, text)?, tx.now())
}

fn decide(
    tx: &Tx<'_>,
    actor: &Actor,
    id: AppealId,
    decision: Decision,
    text: Option<&str>,
) -> Result<Appeal, AppealError> {
    let appeal = open(tx, id)?;
    let note = note(text)?;
    match decision {
        Decision::Reject if note.is_none() => Err(AppealError::NoteNeeded),
        Decision::Reject => end(tx, actor, "appeal.reject", appeal, AppealState::Rejected, note),
        Decision::Approve => {
            let remedy = judged(tx, &appeal, appeal.claimed.map(Claim::At), rule::may_approve)?;
            let approved = end(tx, actor, "appeal.approve", appeal, AppealState::Approved, note)?;
            let what = match remedy {
                Remedy::Punch(minute) => corrections::punch(tx, approved.date, minute)?,
                Remedy::Lift(mark) => corrections::What::Lift(mark),
            };
            corrections::of_appeal(tx, actor, &approved, what)?;
            Ok(approved)
        }
    }
}

/// Takes back an open appeal.
pub fn appeal_withdraw(
    tx: &Tx<'_>,
    actor: &Actor,
    id: AppealId,
    text: Option<&str>,
) -> Result<Appeal, AppealError> {
    let appeal = open(tx, id)?;
    let appeal = end(tx, actor, "appeal.withdraw", appeal, AppealState::Withdrawn, note(text)?)?;
    with_day(tx, appeal, tx.now())
}

/// The correction of an approved appeal was withdrawn, and so is the appeal.
pub(super) fn undone(tx: &Tx<'_>, actor: &Actor, id: AppealId) -> Result<(), AppealError> {
    let appeal = find(tx, id)?;
    let note = appeal.note.clone();
    end(tx, actor, "appeal.withdraw", appeal, AppealState::Withdrawn, note)?;
    Ok(())
}

fn end(
    tx: &Tx<'_>,
    actor: &Actor,
    what: &str,
    before: Appeal,
    state: AppealState,
    note: Option<String>,
) -> Result<Appeal, AppealError> {
    let after = Appeal {
        state,
        decided_by: Some(actor.as_str().to_owned()),
        decided_at: Some(tx.now()),
        note,
        ..before.clone()
    };
    queries::update(tx, &after)?;
    let (old, new) = (Logged::from(&before), Logged::from(&after));
    audit::record(tx, actor, what, &subject(after.id), Some(&old), Some(&new))?;
    Ok(after)
}

/// Decides about several; one that cannot be decided leaves the others alone.
pub fn appeals_decide(
    tx: &Tx<'_>,
    actor: &Actor,
    ids: &[AppealId],
    decision: Decision,
    text: Option<&str>,
) -> Result<Decided, AppealError> {
    // What is wrong with the note is wrong for all of them.
    if note(text)?.is_none() && decision == Decision::Reject {
        return Err(AppealError::NoteNeeded);
    }
    let mut outcome = Decided::default();
    for &id in ids {
        match tx.attempt(|tx| decide(tx, actor, id, decision, text)) {
            Ok(appeal) => outcome.decided.push((appeal.employee_id, appeal.date)),
            Err(AppealError::Database(error)) => return Err(error.into()),
            Err(refused) => {
                outcome.rejected.push(NotDecided { id, code: refused.code(), detail: refused.to_string() });
            }
        }
    }
    Ok(outcome)
}
