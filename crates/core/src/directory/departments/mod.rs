//! Departments: of a branch or of none, one beneath another to any depth.

mod queries;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::branches::{self, Logged, check_name, check_parent, new_id, unit_name, units_page};
use super::employees;
use super::error::{DirectoryError, UnitKind};
use super::tree::{Tree, Unit};
use crate::attendance::{self, Touched};
use crate::audit::{self, Actor};
use crate::db::{self, Tx};
use crate::dispatch::{self, TargetKind};
use crate::page::{Page, Paged};

/// A department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The department it is beneath.
    pub parent_id: Option<String>,
    /// The branch it is in: its own, or that of the topmost department above it.
    pub branch_id: Option<String>,
    /// How many people are in it and beneath, and have not left.
    pub employees: u64,
}

/// A department to add.
#[derive(Debug, Clone, Default)]
pub struct NewDepartment {
    /// An id; none gets one of ours.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// The department it is to be beneath.
    pub parent_id: Option<String>,
    /// Its branch; one beneath another is where that is, whatever is said here.
    pub branch_id: Option<String>,
}

/// What to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct DepartmentChange {
    /// A new name.
    pub name: Option<String>,
    /// Another parent, or none.
    pub parent_id: Option<Option<String>>,
    /// Another branch, or none.
    pub branch_id: Option<Option<String>>,
}

const KIND: UnitKind = UnitKind::Department;

fn subject(id: &str) -> String {
    format!("department/{id}")
}

/// Whether there is such a department.
pub(super) fn exists(conn: &Connection, id: &str) -> Result<bool, db::Error> {
    queries::exists(conn, id)
}

/// All departments.
pub(super) fn tree(conn: &Connection) -> Result<Tree, db::Error> {
    Ok(Tree::new(queries::all(conn)?))
}

fn show(tree: &Tree, unit: &Unit, employees: &BTreeMap<String, u64>) -> Department {
    Department {
        id: unit.id.clone(),
        name: unit.name.clone(),
        parent_id: unit.parent.clone(),
        branch_id: tree.branch_of(&unit.id).map(str::to_owned),
        employees: employees.get(&unit.id).copied().unwrap_or_default(),
    }
}

/// The departments by name; people are counted as of a date.
pub fn department_list(
    conn: &Connection,
    today: NaiveDate,
    page: &Page,
) -> Result<Paged<Department>, DirectoryError> {
    let tree = tree(conn)?;
    let employees = tree.sums(&employees::active_by_department(conn, today)?);
    units_page(&tree, page, |unit| show(&tree, unit, &employees))
}

/// One of them.
pub fn department_get(
    conn: &Connection,
    id: &str,
    today: NaiveDate,
) -> Result<Option<Department>, db::Error> {
    let tree = tree(conn)?;
    let Some(unit) = tree.get(id) else { return Ok(None) };
    let employees = tree.sums(&employees::active_by_department(conn, today)?);
    Ok(Some(show(&tree, unit, &employees)))
}

fn check(conn: &Connection, tree: &Tree, unit: &Unit) -> Result<(), DirectoryError> {
    check_parent(KIND, tree, unit)?;
    if let Some(branch) = &unit.branch
        && branches::tree(conn)?.get(branch).is_none()
    {
        return Err(DirectoryError::BranchUnknown(branch.clone()));
    }
    check_name(KIND, tree, unit)
}

fn named(id: Option<String>) -> Option<String> {
    id.filter(|id| !id.trim().is_empty())
}

/// Adds a department; its id.
pub fn department_add(tx: &Tx<'_>, actor: &Actor, new: NewDepartment) -> Result<String, DirectoryError> {
    let tree = tree(tx)?;
    let parent = named(new.parent_id);
    let unit = Unit {
        id: new_id(KIND, new.id.as_deref())?,
        name: unit_name(KIND, &new.name)?,
        branch: named(new.branch_id).filter(|_| parent.is_none()),
        parent,
    };
    if let Some(there) = tree.get(&unit.id) {
        return Err(DirectoryError::UnitIdTaken { kind: KIND, id: unit.id, name: there.name.clone() });
    }
    check(tx, &tree, &unit)?;
    queries::insert(tx, &unit)?;
    audit::record(tx, actor, "department.add", &subject(&unit.id), None, Some(&Logged::from(&unit)))?;
    Ok(unit.id)
}

/// Changes a department. Another place takes along everybody in it and beneath; one that is taken from beneath another stays in
/// its branch unless it is told another one.
pub fn department_change(
    tx: &Tx<'_>,
    actor: &Actor,
    id: &str,
    change: DepartmentChange,
) -> Result<(), DirectoryError> {
    let tree = tree(tx)?;
    let before = tree.get(id).ok_or_else(|| DirectoryError::UnitUnknown(KIND, id.to_owned()))?;
    let mut after = before.clone();
    if let Some(name) = change.name {
        after.name = unit_name(KIND, &name)?;
    }
    let moved = change.parent_id.is_some();
    if let Some(parent) = change.parent_id {
        after.parent = named(parent);
    }
    let was = tree.branch_of(id).map(str::to_owned);
    match (&after.parent, change.branch_id.map(named)) {
        (None, Some(branch)) => after.branch = branch,
        (None, None) => after.branch = was,
        (Some(_), Some(branch)) if !moved && branch != was => return Err(DirectoryError::ParentsBranch),
        (Some(_), _) => after.branch = None,
    }
    if after == *before {
        return Ok(());
    }
    check(tx, &tree, &after)?;
    queries::update(tx, &after)?;
    if (&after.parent, &after.branch) != (&before.parent, &before.branch) {
        dispatch::department_moved(tx, id)?;
        let people = Touched::Target { kind: TargetKind::Department, id };
        attendance::days_touched(tx, people, NaiveDate::MIN, None)?;
    }
    let (old, new) = (Logged::from(before), Logged::from(&after));
    audit::record(tx, actor, "department.change", &subject(id), Some(&old), Some(&new))?;
    Ok(())
}

/// Deletes a department with nothing in it.
pub fn department_delete(tx: &Tx<'_>, actor: &Actor, id: &str) -> Result<(), DirectoryError> {
    let tree = tree(tx)?;
    let unit = tree.get(id).ok_or_else(|| DirectoryError::UnitUnknown(KIND, id.to_owned()))?;
    if let Some(what) = occupied(tx, &tree, id)? {
        return Err(DirectoryError::NotEmpty(KIND, what));
    }
    remove(tx, id)?;
    audit::record(tx, actor, "department.delete", &subject(id), Some(&Logged::from(unit)), None)?;
    Ok(())
}

/// What keeps a department from being deleted.
pub(super) fn occupied(conn: &Connection, tree: &Tree, id: &str) -> Result<Option<&'static str>, db::Error> {
    if tree.below(id).len() > 1 {
        return Ok(Some("departments are beneath it"));
    }
    Ok(queries::has_people(conn, id)?.then_some("people are in it"))
}

/// Writes a new department; whoever calls has checked it.
pub(super) fn insert(tx: &Tx<'_>, unit: &Unit) -> Result<(), db::Error> {
    queries::insert(tx, unit)
}

/// Removes a department; whoever calls has made sure that nothing is in it.
pub(super) fn remove(tx: &Tx<'_>, id: &str) -> Result<(), db::Error> {
    queries::delete(tx, id)
}
