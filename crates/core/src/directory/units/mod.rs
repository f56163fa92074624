//! What branches and departments have in common: units with a name, one beneath another to any depth. Every change checks that
//! no unit is within itself and that a path of names leads to one of them, and says whom it moved.

mod queries;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::Serialize;

use super::error::{DirectoryError, UnitKind};
use super::tree::{Tree, Unit};
use super::{employees, id};
use crate::attendance::{self, Touched};
use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::db::{self, Tx};
use crate::dispatch::{self, Target, TargetKind};
use crate::page::{Page, Paged};
use crate::schedule;
use crate::settings::site_date;
use crate::text::{self, TextError};

/// What the operation log keeps of a unit.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged<'a> {
    name: &'a str,
    parent_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    branch_id: Option<&'a str>,
}

impl<'a> From<&'a Unit> for Logged<'a> {
    fn from(unit: &'a Unit) -> Self {
        Self { name: &unit.name, parent_id: unit.parent.as_deref(), branch_id: unit.branch.as_deref() }
    }
}

fn subject(kind: UnitKind, id: &str) -> String {
    format!("{kind}/{id}")
}

/// A unit to add.
pub(super) struct NewUnit {
    pub id: Option<String>,
    pub name: String,
    pub parent: Option<String>,
    /// Of a department; one beneath another is where that is, whatever is said here.
    pub branch: Option<String>,
}

/// A blank id is none.
pub(super) fn named(id: Option<String>) -> Option<String> {
    id.filter(|id| !id.trim().is_empty())
}

/// The id of a new unit, one of ours when none is given.
fn new_id(kind: UnitKind, given: Option<&str>) -> Result<String, DirectoryError> {
    let letter = match kind {
        UnitKind::Branch => 'b',
        UnitKind::Department => 'd',
    };
    given.map_or_else(
        || id::ours(letter),
        |given| {
            id::given(given).map_err(|error| match error {
                TextError::ControlCharacter => DirectoryError::ControlCharacter,
                _ => DirectoryError::UnitIdInvalid(kind),
            })
        },
    )
}

fn unit_name(kind: UnitKind, name: &str) -> Result<String, DirectoryError> {
    text::required(name, employees::NAME_MOST).map_err(|error| match error {
        TextError::Empty => DirectoryError::UnitNameEmpty(kind),
        error => error.into(),
    })
}

/// Refuses a parent that is not there or is beneath the unit, a branch that is not there, and a name that another unit in the
/// same place has: a path of names is to lead to one of them.
fn check(conn: &Connection, kind: UnitKind, tree: &Tree, unit: &Unit) -> Result<(), DirectoryError> {
    if let Some(parent) = &unit.parent {
        if tree.get(parent).is_none() {
            return Err(DirectoryError::ParentUnknown(kind, parent.clone()));
        }
        if tree.would_cycle(&unit.id, parent) {
            return Err(DirectoryError::Cycle(kind));
        }
    }
    if let Some(branch) = &unit.branch
        && !exists(conn, UnitKind::Branch, branch)?
    {
        return Err(DirectoryError::BranchUnknown(branch.clone()));
    }
    let twin = tree.units().find(|other| {
        other.id != unit.id
            && other.name == unit.name
            && other.parent == unit.parent
            && other.branch == unit.branch
    });
    match twin {
        Some(twin) => Err(DirectoryError::UnitNameTaken(kind, twin.name.clone())),
        None => Ok(()),
    }
}

/// Whether there is such a unit.
pub(super) fn exists(conn: &Connection, kind: UnitKind, id: &str) -> Result<bool, db::Error> {
    queries::exists(conn, kind, id)
}

/// All of a kind.
pub(super) fn tree(conn: &Connection, kind: UnitKind) -> Result<Tree, db::Error> {
    Ok(Tree::new(queries::all(conn, kind)?))
}

/// One page of a tree's units, by name.
pub(super) fn page<T>(
    tree: &Tree,
    page: &Page,
    show: impl Fn(&Unit) -> T,
) -> Result<Paged<T>, DirectoryError> {
    let after: Option<(String, String)> = page.after()?;
    let key = |unit: &Unit| (unit.name.clone(), unit.id.clone());
    let mut units: Vec<&Unit> = tree.units().collect();
    let total = units.len() as u64;
    units.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    let rest = units.into_iter().filter(|unit| after.as_ref().is_none_or(|after| key(unit) > *after));
    let Paged { items, total, next } = page.finish(rest.collect(), total, |unit| key(unit));
    Ok(Paged { items: items.into_iter().map(show).collect(), total, next })
}

/// Adds a unit; its id.
pub(super) fn add(
    tx: &Tx<'_>,
    actor: &Actor,
    kind: UnitKind,
    new: NewUnit,
) -> Result<String, DirectoryError> {
    let tree = tree(tx, kind)?;
    let parent = named(new.parent);
    let unit = Unit {
        id: new_id(kind, new.id.as_deref())?,
        name: unit_name(kind, &new.name)?,
        branch: named(new.branch).filter(|_| parent.is_none()),
        parent,
    };
    if let Some(there) = tree.get(&unit.id) {
        return Err(DirectoryError::UnitIdTaken { kind, id: unit.id, name: there.name.clone() });
    }
    check(tx, kind, &tree, &unit)?;
    queries::insert(tx, kind, &unit)?;
    let what = kind.pick("branch.add", "department.add");
    audit::record(tx, actor, what, &subject(kind, &unit.id), None, Some(&Logged::from(&unit)))?;
    Ok(unit.id)
}

/// Changes a unit: its name, and what `place` makes of where it is. Another place takes along everybody in it and beneath.
pub(super) fn change(
    tx: &Tx<'_>,
    actor: &Actor,
    kind: UnitKind,
    id: &str,
    name: Option<&str>,
    place: impl FnOnce(&Tree, &mut Unit) -> Result<(), DirectoryError>,
) -> Result<(), DirectoryError> {
    let tree = tree(tx, kind)?;
    let before = tree.get(id).ok_or_else(|| DirectoryError::UnitUnknown(kind, id.to_owned()))?;
    let mut after = before.clone();
    if let Some(name) = name {
        after.name = unit_name(kind, name)?;
    }
    place(&tree, &mut after)?;
    if after == *before {
        return Ok(());
    }
    check(tx, kind, &tree, &after)?;
    queries::update(tx, kind, &after)?;
    if (&after.parent, &after.branch) != (&before.parent, &before.branch) {
        let people = match kind {
            UnitKind::Branch => {
                dispatch::branch_moved(tx, id)?;
                Touched::Target { kind: TargetKind::Branch, id }
            }
            UnitKind::Department => {
                dispatch::department_moved(tx, id)?;
                Touched::Target { kind: TargetKind::Department, id }
            }
        };
        attendance::days_touched(tx, people, NaiveDate::MIN, None)?;
    }
    let (old, new) = (Logged::from(before), Logged::from(&after));
    let what = kind.pick("branch.change", "department.change");
    audit::record(tx, actor, what, &subject(kind, id), Some(&old), Some(&new))?;
    Ok(())
}

/// What names a unit and would silently mean nobody without it: the machines whose dispatch rules do, and the shifts and rotations
/// that are assigned to it from now on.
pub(super) fn users(
    conn: &Connection,
    kind: UnitKind,
    id: &str,
    now: Timestamp,
) -> Result<(Vec<String>, Vec<String>), db::Error> {
    let kind = match kind {
        UnitKind::Branch => TargetKind::Branch,
        UnitKind::Department => TargetKind::Department,
    };
    let target = Target { kind, id: id.to_owned() };
    let today = site_date(conn, now)?;
    Ok((dispatch::machines_naming(conn, &target)?, schedule::assigned_to(conn, &target, today)?))
}

/// Deletes a unit with nothing in it that nothing names.
pub(super) fn delete(tx: &Tx<'_>, actor: &Actor, kind: UnitKind, id: &str) -> Result<(), DirectoryError> {
    let tree = tree(tx, kind)?;
    let unit = tree.get(id).ok_or_else(|| DirectoryError::UnitUnknown(kind, id.to_owned()))?;
    if let Some(what) = occupied(tx, kind, &tree, id)? {
        return Err(DirectoryError::NotEmpty(kind, what));
    }
    let (rules, shifts) = users(tx, kind, id, tx.now())?;
    if !rules.is_empty() || !shifts.is_empty() {
        return Err(DirectoryError::UnitInUse { kind, rules, shifts });
    }
    remove(tx, kind, id)?;
    let what = kind.pick("branch.delete", "department.delete");
    audit::record(tx, actor, what, &subject(kind, id), Some(&Logged::from(unit)), None)?;
    Ok(())
}

/// What is in a unit and keeps it from being deleted; people who left count, since they would lose their place.
pub(super) fn occupied(
    conn: &Connection,
    kind: UnitKind,
    tree: &Tree,
    id: &str,
) -> Result<Option<&'static str>, db::Error> {
    if tree.below(id).len() > 1 {
        return Ok(Some(kind.pick("branches are beneath it", "departments are beneath it")));
    }
    if kind == UnitKind::Branch && queries::has_departments(conn, id)? {
        return Ok(Some("departments are in it"));
    }
    Ok(queries::has_people(conn, kind, id)?.then_some("people are in it"))
}

/// Writes a new unit; whoever calls has checked it.
pub(super) fn insert(tx: &Tx<'_>, kind: UnitKind, unit: &Unit) -> Result<(), db::Error> {
    queries::insert(tx, kind, unit)
}

/// Removes a unit; whoever calls has made sure that nothing is in it.
pub(super) fn remove(tx: &Tx<'_>, kind: UnitKind, id: &str) -> Result<(), db::Error> {
    queries::delete(tx, kind, id)
}
