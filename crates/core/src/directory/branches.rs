//! Branches: where departments are, one beneath another to any depth.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::error::{DirectoryError, UnitKind};
use super::tree::{Tree, Unit};
use super::units::{self, NewUnit, named};
use super::{departments, employees};
use crate::audit::Actor;
use crate::db::{self, Tx};
use crate::page::{Page, Paged};

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

const KIND: UnitKind = UnitKind::Branch;

/// All branches.
pub(super) fn tree(conn: &Connection) -> Result<Tree, db::Error> {
    units::tree(conn, KIND)
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
    units::page(&tree, page, |unit| show(unit, &employees))
}

/// One of them.
pub fn branch_get(conn: &Connection, id: &str, today: NaiveDate) -> Result<Option<Branch>, db::Error> {
    let tree = tree(conn)?;
    let Some(unit) = tree.get(id) else { return Ok(None) };
    Ok(Some(show(unit, &employees(conn, &tree, today)?)))
}

/// Adds a branch; its id.
pub fn branch_add(tx: &Tx<'_>, actor: &Actor, new: NewBranch) -> Result<String, DirectoryError> {
    units::add(tx, actor, KIND, NewUnit { id: new.id, name: new.name, parent: new.parent_id, branch: None })
}

/// Changes a branch. Another parent takes along everybody in it.
pub fn branch_change(
    tx: &Tx<'_>,
    actor: &Actor,
    id: &str,
    change: BranchChange,
) -> Result<(), DirectoryError> {
    units::change(tx, actor, KIND, id, change.name.as_deref(), |_, unit| {
        if let Some(parent) = change.parent_id {
            unit.parent = named(parent);
        }
        Ok(())
    })
}

/// Deletes a branch with nothing in it.
pub fn branch_delete(tx: &Tx<'_>, actor: &Actor, id: &str) -> Result<(), DirectoryError> {
    units::delete(tx, actor, KIND, id)
}
