//! Branches: where departments are, one beneath another to any depth.

mod queries;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::Serialize;

use super::departments;
use super::employees;
use super::error::{DirectoryError, UnitKind};
use super::id;
use super::tree::{Tree, Unit};
use crate::attendance::{self, Touched};
use crate::audit::{self, Actor};
use crate::db::{self, Tx};
use crate::dispatch::{self, TargetKind};
use crate::page::{Page, Paged};
use crate::text::{self, TextError};

/// A branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The branch it is beneath.
    pub parent_id: Option<String>,
    /// How many people are in it, in its departments and in the branches beneath, and have not left.
    pub employees: u64,
}

/// A branch to add.
#[derive(Debug, Clone, Default)]
pub struct NewBranch {
    /// An id; none gets one of ours.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// The branch it is to be beneath.
    pub parent_id: Option<String>,
}

/// What to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct BranchChange {
    /// A new name.
    pub name: Option<String>,
    /// Another parent, or none.
    pub parent_id: Option<Option<String>>,
}

/// What the operation log keeps of a branch or department.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Logged<'a> {
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

const KIND: UnitKind = UnitKind::Branch;

/// The id of a new unit, one of ours when none is given.
pub(super) fn new_id(kind: UnitKind, given: Option<&str>) -> Result<String, DirectoryError> {
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

pub(super) fn unit_name(kind: UnitKind, name: &str) -> Result<String, DirectoryError> {
    text::required(name, employees::NAME_MOST).map_err(|error| match error {
        TextError::Empty => DirectoryError::UnitNameEmpty(kind),
        error => error.into(),
    })
}

/// Refuses a name that another unit in the same place has: a path of names is to lead to one of them.
pub(super) fn check_name(kind: UnitKind, tree: &Tree, unit: &Unit) -> Result<(), DirectoryError> {
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

/// The parent a unit is to have, if it can be.
pub(super) fn check_parent(kind: UnitKind, tree: &Tree, unit: &Unit) -> Result<(), DirectoryError> {
    let Some(parent) = &unit.parent else { return Ok(()) };
    if tree.get(parent).is_none() {
        return Err(DirectoryError::ParentUnknown(kind, parent.clone()));
    }
    if tree.would_cycle(&unit.id, parent) {
        return Err(DirectoryError::Cycle(kind));
    }
    Ok(())
}

fn subject(id: &str) -> String {
    format!("branch/{id}")
}

/// Whether there is such a branch.
pub(super) fn exists(conn: &Connection, id: &str) -> Result<bool, db::Error> {
    queries::exists(conn, id)
}

/// All branches.
pub(super) fn tree(conn: &Connection) -> Result<Tree, db::Error> {
    Ok(Tree::new(queries::all(conn)?))
}

fn show(unit: &Unit, employees: &BTreeMap<String, u64>) -> Branch {
    Branch {
        id: unit.id.clone(),
        name: unit.name.clone(),
        parent_id: unit.parent.clone(),
        employees: employees.get(&unit.id).copied().unwrap_or_default(),
    }
}

/// How many are in each branch, its departments and the branches beneath.
fn employees(conn: &Connection, tree: &Tree, today: NaiveDate) -> Result<BTreeMap<String, u64>, db::Error> {
    let mut own = employees::active_by_branch(conn, today)?;
    let departments = departments::tree(conn)?;
    for (department, count) in employees::active_by_department(conn, today)? {
        if let Some(branch) = departments.branch_of(&department) {
            *own.entry(branch.to_owned()).or_default() += count;
        }
    }
    Ok(tree.sums(&own))
}

/// The branches by name; people are counted as of a date.
pub fn branch_list(
    conn: &Connection,
    today: NaiveDate,
    page: &Page,
) -> Result<Paged<Branch>, DirectoryError> {
    let tree = tree(conn)?;
    let employees = employees(conn, &tree, today)?;
    units_page(&tree, page, |unit| show(unit, &employees))
}

/// One page of a tree's units, by name.
pub(super) fn units_page<T>(
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

/// One of them.
pub fn branch_get(conn: &Connection, id: &str, today: NaiveDate) -> Result<Option<Branch>, db::Error> {
    let tree = tree(conn)?;
    let Some(unit) = tree.get(id) else { return Ok(None) };
    Ok(Some(show(unit, &employees(conn, &tree, today)?)))
}

/// Adds a branch; its id.
pub fn branch_add(tx: &Tx<'_>, actor: &Actor, new: NewBranch) -> Result<String, DirectoryError> {
    let tree = tree(tx)?;
    let unit = Unit {
        id: new_id(KIND, new.id.as_deref())?,
        name: unit_name(KIND, &new.name)?,
        parent: new.parent_id.filter(|id| !id.trim().is_empty()),
        branch: None,
    };
    if let Some(there) = tree.get(&unit.id) {
        return Err(DirectoryError::UnitIdTaken { kind: KIND, id: unit.id, name: there.name.clone() });
    }
    check_parent(KIND, &tree, &unit)?;
    check_name(KIND, &tree, &unit)?;
    queries::insert(tx, &unit)?;
    audit::record(tx, actor, "branch.add", &subject(&unit.id), None, Some(&Logged::from(&unit)))?;
    Ok(unit.id)
}

/// Changes a branch. Another parent takes along everybody in it.
pub fn branch_change(
    tx: &Tx<'_>,
    actor: &Actor,
    id: &str,
    change: BranchChange,
) -> Result<(), DirectoryError> {
    let tree = tree(tx)?;
    let before = tree.get(id).ok_or_else(|| DirectoryError::UnitUnknown(KIND, id.to_owned()))?;
    let mut after = before.clone();
    if let Some(name) = change.name {
        after.name = unit_name(KIND, &name)?;
    }
    if let Some(parent) = change.parent_id {
        after.parent = parent.filter(|id| !id.trim().is_empty());
    }
    if after == *before {
        return Ok(());
    }
    check_parent(KIND, &tree, &after)?;
    check_name(KIND, &tree, &after)?;
    queries::update(tx, &after)?;
    if after.parent != before.parent {
        dispatch::branch_moved(tx, id)?;
        let people = Touched::Target { kind: TargetKind::Branch, id };
        attendance::days_touched(tx, people, NaiveDate::MIN, None)?;
    }
    let (old, new) = (Logged::from(before), Logged::from(&after));
    audit::record(tx, actor, "branch.change", &subject(id), Some(&old), Some(&new))?;
    Ok(())
}

/// Deletes a branch with nothing in it.
pub fn branch_delete(tx: &Tx<'_>, actor: &Actor, id: &str) -> Result<(), DirectoryError> {
    let tree = tree(tx)?;
    let unit = tree.get(id).ok_or_else(|| DirectoryError::UnitUnknown(KIND, id.to_owned()))?;
    if let Some(what) = occupied(tx, &tree, id)? {
        return Err(DirectoryError::NotEmpty(KIND, what));
    }
    remove(tx, id)?;
    audit::record(tx, actor, "branch.delete", &subject(id), Some(&Logged::from(unit)), None)?;
    Ok(())
}

/// What keeps a branch from being deleted.
pub(super) fn occupied(conn: &Connection, tree: &Tree, id: &str) -> Result<Option<&'static str>, db::Error> {
    if tree.below(id).len() > 1 {
        return Ok(Some("branches are beneath it"));
    }
    queries::occupied(conn, id)
}

/// Writes a new branch; whoever calls has checked it.
pub(super) fn insert(tx: &Tx<'_>, unit: &Unit) -> Result<(), db::Error> {
    queries::insert(tx, unit)
}

/// Removes a branch; whoever calls has made sure that nothing is in it.
pub(super) fn remove(tx: &Tx<'_>, id: &str) -> Result<(), db::Error> {
    queries::delete(tx, id)
}
