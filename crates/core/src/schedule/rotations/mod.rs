//! Cycles of days, each with a shift or none, that begin anew when they are through.

pub(super) mod queries;

use rusqlite::Connection;
use serde::Serialize;

use super::error::ScheduleError;
use super::shift::ShiftId;
use super::{NAME_MOST, assignments, shifts};
use crate::audit::{self, Actor};
use crate::db::Tx;
use crate::directory::id_of_ours;
use crate::page::{Page, Paged};
use crate::settings::site_date;
use crate::text;

/// Days a rotation may have.
pub const STEPS_MOST: usize = 366;

/// A cycle of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What is worked on each of its days; none: rest.
    pub steps: Vec<Option<ShiftId>>,
}

/// A rotation to add.
#[derive(Debug, Clone)]
pub struct NewRotation {
    /// Its name; no other rotation has it.
    pub name: String,
    /// What is worked on each of its days.
    pub steps: Vec<Option<ShiftId>>,
}

/// What to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct RotationChange {
    /// A new name.
    pub name: Option<String>,
    /// Other steps.
    pub steps: Option<Vec<Option<ShiftId>>>,
}

#[derive(Serialize)]
struct Logged<'a> {
    name: &'a str,
    steps: &'a [Option<ShiftId>],
}

impl<'a> From<&'a Rotation> for Logged<'a> {
    fn from(rotation: &'a Rotation) -> Self {
        Self { name: &rotation.name, steps: &rotation.steps }
    }
}

fn subject(id: &str) -> String {
    format!("rotation/{id}")
}

/// The rotations by name, but those that were removed.
pub fn rotation_list(conn: &Connection, page: &Page) -> Result<Paged<Rotation>, ScheduleError> {
    let after: Option<(String, String)> = page.after()?;
    let (rows, total) = queries::list(conn, after.as_ref(), page.probe())?;
    Ok(page.finish(rows, total, |row| (row.name.clone(), row.id.clone())))
}

/// One of them.
pub fn rotation_get(conn: &Connection, id: &str) -> Result<Rotation, ScheduleError> {
    queries::get(conn, id)?.ok_or_else(|| ScheduleError::RotationUnknown(id.to_owned()))
}

fn check(conn: &Connection, rotation: &Rotation) -> Result<(), ScheduleError> {
    if queries::name_taken(conn, &rotation.name, &rotation.id)? {
        return Err(ScheduleError::RotationNameTaken(rotation.name.clone()));
    }
    if !(1..=STEPS_MOST).contains(&rotation.steps.len()) {
        return Err(ScheduleError::RotationSteps);
    }
    if rotation.steps.iter().all(Option::is_none) {
        return Err(ScheduleError::RotationRest);
    }
    for (index, step) in rotation.steps.iter().enumerate() {
        if let Some(shift) = step
            && !shifts::queries::exists(conn, shift)?
        {
            return Err(ScheduleError::RotationStepUnknown(index));
        }
    }
    Ok(())
}

/// Adds a rotation.
pub fn rotation_add(tx: &Tx<'_>, actor: &Actor, new: NewRotation) -> Result<Rotation, ScheduleError> {
    let name = text::required(&new.name, NAME_MOST)?;
    let rotation = Rotation { id: id_of_ours('r')?, name, steps: new.steps };
    check(tx, &rotation)?;
    queries::insert(tx, &rotation)?;
    let logged = Logged::from(&rotation);
    audit::record(tx, actor, "rotation.add", &subject(&rotation.id), None, Some(&logged))?;
    Ok(rotation)
}

/// Changes a rotation, also on the days it was worked already.
pub fn rotation_change(
    tx: &Tx<'_>,
    actor: &Actor,
    id: &str,
    change: RotationChange,
) -> Result<Rotation, ScheduleError> {
    let before = rotation_get(tx, id)?;
    let mut after = before.clone();
    if let Some(name) = change.name {
        after.name = text::required(&name, NAME_MOST)?;
    }
    after.steps = change.steps.unwrap_or(after.steps);
    if after == before {
        return Ok(after);
    }
    check(tx, &after)?;
    queries::update(tx, &after)?;
    if after.steps != before.steps {
        for assigned in queries::assigned_to(tx, id)? {
            assignments::touch(tx, &assigned)?;
        }
    }
    let (old, new) = (Logged::from(&before), Logged::from(&after));
    audit::record(tx, actor, "rotation.change", &subject(id), Some(&old), Some(&new))?;
    Ok(after)
}

/// Removes a rotation that nobody is to work from today on.
pub fn rotation_remove(tx: &Tx<'_>, actor: &Actor, id: &str) -> Result<(), ScheduleError> {
    let rotation = rotation_get(tx, id)?;
    if queries::used(tx, id, site_date(tx, tx.now())?)? {
        return Err(ScheduleError::RotationInUse);
    }
    queries::remove(tx, id)?;
    audit::record(tx, actor, "rotation.remove", &subject(id), Some(&Logged::from(&rotation)), None)?;
    Ok(())
}
