//! Undoing the last file: whoever it changed is as before, whoever it added is gone; but not where something came after it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::super::employees::{self, Employee};
use super::super::error::{DirectoryError, UnitKind};
use super::super::fields::Fields;
use super::super::id::EmployeeId;
use super::super::tree::Unit;
use super::super::units;
use super::{ImportError, queries, subject};
use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::db::{self, Tx};

/// Somebody as a file found or left them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Kept {
    name: String,
    /// Their own, without a department.
    branch_id: Option<String>,
    department_id: Option<String>,
    hired_on: Option<NaiveDate>,
    left_on: Option<NaiveDate>,
    fields: BTreeMap<String, String>,
}

impl Kept {
    pub fn of(employee: &Employee) -> Self {
        Self {
            name: employee.name.clone(),
            branch_id: employee.branch_id.clone().filter(|_| employee.department_id.is_none()),
            department_id: employee.department_id.clone(),
            hired_on: employee.hired_on,
            left_on: employee.left_on,
            fields: employee.fields.clone(),
        }
    }
}

/// What was made for a file, parents first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Made {
    branches: Vec<String>,
    departments: Vec<String>,
}

impl Made {
    pub fn of(branches: &[Unit], departments: &[Unit]) -> Self {
        let ids = |units: &[Unit]| units.iter().map(|unit| unit.id.clone()).collect();
        Self { branches: ids(branches), departments: ids(departments) }
    }
}

/// The last file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportSummary {
    /// Its number.
    pub id: i64,
    /// When it was taken in.
    pub at: Timestamp,
    /// By whom.
    pub who: String,
    /// What it was called.
    pub file_name: String,
    /// How many it added.
    pub added: u64,
    /// How many it changed.
    pub changed: u64,
    /// Whether it was undone.
    pub undone: bool,
}

/// Somebody who stays as they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPerson {
    /// Who.
    pub employee_id: EmployeeId,
    /// Why: a stable code.
    pub code: &'static str,
    /// The same in English.
    pub detail: String,
}

/// What undoing did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undone {
    /// How many are as they were before, or gone.
    pub undone: u64,
    /// Whoever is not.
    pub kept: Vec<KeptPerson>,
}

/// The last file that was taken in.
pub fn import_last(conn: &Connection) -> Result<Option<ImportSummary>, db::Error> {
    Ok(queries::last(conn)?.map(|(summary, _)| summary))
}

#[derive(Serialize)]
struct Logged<'a> {
    #[serde(rename = "fileName")]
    file_name: &'a str,
    undone: u64,
    kept: usize,
}

/// Undoes the last file.
pub fn import_undo(tx: &Tx<'_>, actor: &Actor, import: i64) -> Result<Undone, ImportError> {
    let (summary, made) = queries::last(tx)?.ok_or(ImportError::None)?;
    if summary.id != import {
        return Err(ImportError::NotLast);
    }
    if summary.undone {
        return Err(ImportError::Undone);
    }
    let fields = Fields::load(tx)?;
    let mut outcome = Undone::default();
    for (id, before, after) in queries::changes(tx, import)? {
        match undo_one(tx, actor, &fields, &id, before, after)? {
            None => outcome.undone += 1,
            Some((code, detail)) => {
                outcome.kept.push(KeptPerson { employee_id: id, code, detail: detail.to_owned() });
            }
        }
    }
    remove_places(tx, &made)?;
    queries::set_undone(tx, import)?;
    let logged = Logged { file_name: &summary.file_name, undone: outcome.undone, kept: outcome.kept.len() };
    audit::record(tx, actor, "employees.import_undo", &subject(import), None, Some(&logged))?;
    Ok(outcome)
}

/// Puts one person back; or says why not.
fn undo_one(
    tx: &Tx<'_>,
    actor: &Actor,
    fields: &Fields,
    id: &EmployeeId,
    before: Option<Kept>,
    after: Option<Kept>,
) -> Result<Option<(&'static str, &'static str)>, DirectoryError> {
    // Nobody takes people out of the directory but this.
    let Some(present) = employees::employee_get(tx, id)? else { return Ok(None) };
    if after != Some(Kept::of(&present)) {
        return Ok(Some(("import.changed_since", "they were changed since")));
    }
    let Some(mut before) = before else {
        let held = queries::held_by(tx, id)?;
        if held.is_none() {
            employees::remove(tx, id)?;
        }
        return Ok(held);
    };
    before.fields.retain(|key, _| fields.0.contains_key(key));
    let mut person = present.clone();
    person.name = before.name;
    (person.hired_on, person.left_on) = (before.hired_on, before.left_on);
    person.fields = before.fields;
    match employees::place(tx, &mut person, before.department_id, before.branch_id) {
        Ok(()) => {}
        Err(DirectoryError::DepartmentUnknown(_) | DirectoryError::BranchUnknown(_)) => {
            return Ok(Some(("import.place_gone", "where they were before is gone")));
        }
        Err(error) => return Err(error),
    }
    person.changed_at = tx.now();
    employees::update(tx, actor, &present, &person)?;
    Ok(None)
}

/// Removes what was made for the file, is empty and is named nowhere, what is beneath first.
fn remove_places(tx: &Tx<'_>, made: &Made) -> Result<(), db::Error> {
    for (kind, made) in [(UnitKind::Department, &made.departments), (UnitKind::Branch, &made.branches)] {
        let mut tree = units::tree(tx, kind)?;
        for id in made.iter().rev() {
            if tree.get(id).is_none() || units::occupied(tx, kind, &tree, id)?.is_some() {
                continue;
            }
            let (rules, shifts) = units::users(tx, kind, id, tx.now())?;
            if rules.is_empty() && shifts.is_empty() {
                units::remove(tx, kind, id)?;
                tree.remove(id);
            }
        }
    }
    Ok(())
}
