//! Departments: of a branch or of none, one beneath another to any depth.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::employees;
use super::error::{DirectoryError, UnitKind};
use super::tree::{Tree, Unit};
use super::units::{self, NewUnit, named};
use crate::audit::Actor;
use crate::db::{self, Tx};
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

/// All departments.
pub(super) fn tree(conn: &Connection) -> Result<Tree, db::Error> {
    units::tree(conn, KIND)
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
    units::page(&tree, page, |unit| show(&tree, unit, &employees))
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

/// Adds a department; its id.
pub fn department_add(tx: &Tx<'_>, actor: &Actor, new: NewDepartment) -> Result<String, DirectoryError> {
    let new = NewUnit { id: new.id, name: new.name, parent: new.parent_id, branch: new.branch_id };
    units::add(tx, actor, KIND, new)
}

/// Changes a department. Another place takes along everybody in it and beneath; one that is taken from beneath another stays in
/// its branch unless it is told another one.
pub fn department_change(
    tx: &Tx<'_>,
    actor: &Actor,
    id: &str,
    change: DepartmentChange,
) -> Result<(), DirectoryError> {
    units::change(tx, actor, KIND, id, change.name.as_deref(), |tree, unit| {
        let moved = change.parent_id.is_some();
        if let Some(parent) = change.parent_id {
            unit.parent = named(parent);
        }
        let was = tree.branch_of(id).map(str::to_owned);
        unit.branch = match (&unit.parent, change.branch_id.map(named)) {
            (None, Some(branch)) => branch,
            (None, None) => was,
            (Some(_), Some(branch)) if !moved && branch != was => return Err(DirectoryError::ParentsBranch),
            (Some(_), _) => None,
        };
        Ok(())
    })
}

/// Deletes a department with nothing in it.
pub fn department_delete(tx: &Tx<'_>, actor: &Actor, id: &str) -> Result<(), DirectoryError> {
    units::delete(tx, actor, KIND, id)
}
