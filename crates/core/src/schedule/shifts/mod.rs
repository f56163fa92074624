//! The shifts of the site.

pub(super) mod queries;

use rusqlite::Connection;
use serde::Serialize;

use super::draft::RuleDraft;
use super::error::ScheduleError;
use super::shift::{Rule, Shift, ShiftId, ShiftKind};
use super::times::Period;
use super::{NAME_MOST, assignments};
use crate::attendance;
use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::db::{self, Tx};
use crate::directory::id_of_ours;
use crate::page::{Page, Paged};
use crate::settings::site_date;
use crate::text;

/// A shift as it is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftShown {
    /// The shift.
    pub shift: Shift,
    /// A name of the console's palette.
    pub color: Option<String>,
    /// How many assignments have it from today on, through rotations too.
    pub assigned: u64,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// A shift to add.
#[derive(Debug, Clone)]
pub struct NewShift {
    /// Its name; no other shift has it.
    pub name: String,
    /// A name of the console's palette.
    pub color: Option<String>,
    /// What it asks.
    pub rule: RuleDraft,
}

/// What to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct ShiftChange {
    /// A new name.
    pub name: Option<String>,
    /// Another color, or none.
    pub color: Option<Option<String>>,
    /// See [`RuleDraft`].
    pub kind: Option<ShiftKind>,
    /// See [`RuleDraft`].
    pub segments: Option<Vec<Period>>,
    /// See [`RuleDraft`].
    pub grace_in: Option<i32>,
    /// See [`RuleDraft`].
    pub grace_out: Option<i32>,
    /// See [`RuleDraft`].
    pub window_before: Option<i32>,
    /// See [`RuleDraft`].
    pub window_after: Option<i32>,
    /// See [`RuleDraft`].
    pub breaks: Option<Vec<Period>>,
    /// See [`RuleDraft`].
    pub required_minutes: Option<Option<i32>>,
    /// See [`RuleDraft`].
    pub half_day_after: Option<Option<i32>>,
    /// See [`RuleDraft`].
    pub absent_after: Option<Option<i32>>,
    /// See [`RuleDraft`].
    pub overtime_after: Option<Option<i32>>,
    /// See [`RuleDraft`].
    pub rounding: Option<Option<i32>>,
    /// See [`RuleDraft`].
    pub double_punch: Option<i32>,
}

/// Characters the name of a color may have.
pub const COLOR_MOST: usize = 30;

#[derive(Serialize)]
struct Logged<'a> {
    name: &'a str,
    color: Option<&'a str>,
    #[serde(flatten)]
    rule: &'a Rule,
}

impl<'a> From<&'a ShiftShown> for Logged<'a> {
    fn from(shown: &'a ShiftShown) -> Self {
        Self { name: &shown.shift.name, color: shown.color.as_deref(), rule: &shown.shift.rule }
    }
}

fn subject(id: &ShiftId) -> String {
    format!("shift/{}", id.0)
}

/// The shifts by name, but those that were removed.
pub fn shift_list(
    conn: &Connection,
    now: Timestamp,
    page: &Page,
) -> Result<Paged<ShiftShown>, ScheduleError> {
    let after: Option<(String, String)> = page.after()?;
    let (rows, total) = queries::list(conn, site_date(conn, now)?, after.as_ref(), page.probe())?;
    Ok(page.finish(rows, total, |row| (row.shift.name.clone(), row.shift.id.0.clone())))
}

/// One of them.
pub fn shift_get(conn: &Connection, id: &ShiftId, now: Timestamp) -> Result<ShiftShown, ScheduleError> {
    let found = queries::get(conn, id, site_date(conn, now)?)?;
    found.ok_or_else(|| ScheduleError::ShiftUnknown(id.clone()))
}

fn check_name(conn: &Connection, name: &str, id: &ShiftId) -> Result<(), ScheduleError> {
    match queries::name_taken(conn, name, id)? {
        true => Err(ScheduleError::ShiftNameTaken(name.to_owned())),
        false => Ok(()),
    }
}

/// Adds a shift.
pub fn shift_add(tx: &Tx<'_>, actor: &Actor, new: NewShift) -> Result<ShiftShown, ScheduleError> {
    let rule = new.rule.rule()?;
    let id = ShiftId(id_of_ours('s')?);
    let shown = ShiftShown {
        shift: Shift { id, name: text::required(&new.name, NAME_MOST)?, rule },
        color: color(new.color.as_deref())?,
        assigned: 0,
        created_at: tx.now(),
        changed_at: tx.now(),
    };
    check_name(tx, &shown.shift.name, &shown.shift.id)?;
    queries::insert(tx, &shown)?;
    audit::record(tx, actor, "shift.add", &subject(&shown.shift.id), None, Some(&Logged::from(&shown)))?;
    Ok(shown)
}

fn color(name: Option<&str>) -> Result<Option<String>, ScheduleError> {
    Ok(name.map(|name| text::optional(name, COLOR_MOST)).transpose()?.flatten())
}

impl ShiftChange {
    fn apply(self, draft: &mut RuleDraft) {
        fn set<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        set(&mut draft.kind, self.kind);
        set(&mut draft.segments, self.segments);
        set(&mut draft.grace_in, self.grace_in);
        set(&mut draft.grace_out, self.grace_out);
        set(&mut draft.window_before, self.window_before);
        set(&mut draft.window_after, self.window_after);
        set(&mut draft.breaks, self.breaks);
        set(&mut draft.required_minutes, self.required_minutes);
        set(&mut draft.half_day_after, self.half_day_after);
        set(&mut draft.absent_after, self.absent_after);
        set(&mut draft.overtime_after, self.overtime_after);
        set(&mut draft.rounding, self.rounding);
        set(&mut draft.double_punch, self.double_punch);
    }
}

/// Changes a shift, also on the days it was worked already: those of months that are not locked are judged anew.
pub fn shift_change(
    tx: &Tx<'_>,
    actor: &Actor,
    id: &ShiftId,
    mut change: ShiftChange,
) -> Result<ShiftShown, ScheduleError> {
    let before = shift_get(tx, id, tx.now())?;
    let mut after = before.clone();
    if let Some(name) = change.name.take() {
        after.shift.name = text::required(&name, NAME_MOST)?;
        check_name(tx, &after.shift.name, id)?;
    }
    if let Some(name) = change.color.take() {
        after.color = color(name.as_deref())?;
    }
    let mut draft = RuleDraft::from(&before.shift.rule);
    change.apply(&mut draft);
    after.shift.rule = draft.rule()?;
    if after == before {
        return Ok(after);
    }
    after.changed_at = tx.now();
    queries::update(tx, &after)?;
    if after.shift.rule != before.shift.rule {
        touch(tx, id)?;
    }
    let (old, new) = (Logged::from(&before), Logged::from(&after));
    audit::record(tx, actor, "shift.change", &subject(id), Some(&old), Some(&new))?;
    Ok(after)
}

/// Everybody who has the shift is to be judged anew.
fn touch(tx: &Tx<'_>, id: &ShiftId) -> Result<(), db::Error> {
    for assigned in queries::assigned_to(tx, id)? {
        assignments::touch(tx, &assigned)?;
    }
    attendance::cells_touched(tx, id)
}

/// Removes a shift that nobody is to work from today on. Days on which it was worked keep it.
pub fn shift_remove(tx: &Tx<'_>, actor: &Actor, id: &ShiftId) -> Result<(), ScheduleError> {
    let shown = shift_get(tx, id, tx.now())?;
    if let Some(reason) = queries::used(tx, id, site_date(tx, tx.now())?)? {
        return Err(ScheduleError::ShiftInUse(reason));
    }
    queries::remove(tx, id)?;
    audit::record(tx, actor, "shift.remove", &subject(id), Some(&Logged::from(&shown)), None)?;
    Ok(())
}
