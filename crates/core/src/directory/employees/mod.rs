//! The people themselves.

mod brief;
mod queries;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::Serialize;

pub use brief::Brief;
pub(crate) use brief::{people_in_brief, person_in_brief};
#[cfg(test)]
pub(super) use queries::{NARROW_COUNT, NARROW_PAGE, SCOPE_SIZE, WIDE_COUNT, WIDE_PAGE};
pub(super) use queries::{active_by_branch, active_by_department, of_file};

use super::error::{DirectoryError, UnitKind};
use super::fields::Fields;
use super::id::EmployeeId;
use super::tree::Tree;
use super::units::{self, named};
use super::{branches, departments};
use crate::attendance::{self, Touched};
use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::db::{self, Tx};
use crate::page::{Page, Paged};
use crate::settings::site_date;
use crate::text;
use crate::{dispatch, numbers, roster};

/// Somebody of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employee {
    /// Who.
    pub id: EmployeeId,
    /// Their name.
    pub name: String,
    /// Their branch: of their department, or their own when they have none.
    pub branch_id: Option<String>,
    /// Its name.
    pub branch_name: Option<String>,
    /// Their department.
    pub department_id: Option<String>,
    /// Its name.
    pub department_name: Option<String>,
    /// Their first day.
    pub hired_on: Option<NaiveDate>,
    /// Their last day.
    pub left_on: Option<NaiveDate>,
    /// Their further fields, by key.
    pub fields: BTreeMap<String, String>,
    /// Their photo; another one has another id.
    pub photo_file_id: Option<String>,
    /// When they were added here.
    pub created_at: Timestamp,
    /// When they were last changed here.
    pub changed_at: Timestamp,
}

impl Employee {
    /// Somebody of whom nothing is known yet.
    pub(super) fn blank(id: EmployeeId, now: Timestamp) -> Self {
        Self {
            id,
            name: String::new(),
            branch_id: None,
            branch_name: None,
            department_id: None,
            department_name: None,
            hired_on: None,
            left_on: None,
            fields: BTreeMap::new(),
            photo_file_id: None,
            created_at: now,
            changed_at: now,
        }
    }
}

/// Somebody to add.
#[derive(Debug, Clone, Default)]
pub struct NewEmployee {
    /// An id; none gets one of ours.
    pub id: Option<String>,
    /// Their name.
    pub name: String,
    /// Their branch; for somebody with a department it follows from that, whatever is said here.
    pub branch_id: Option<String>,
    /// Their department.
    pub department_id: Option<String>,
    /// Their first day.
    pub hired_on: Option<NaiveDate>,
    /// Their last day.
    pub left_on: Option<NaiveDate>,
    /// Further fields, by key.
    pub fields: BTreeMap<String, String>,
}

/// What to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct EmployeeChange {
    /// A new name.
    pub name: Option<String>,
    /// Another branch, or none.
    pub branch_id: Option<Option<String>>,
    /// Another department, or none.
    pub department_id: Option<Option<String>>,
    /// Another first day, or none.
    pub hired_on: Option<Option<NaiveDate>>,
    /// Another last day, or none.
    pub left_on: Option<Option<NaiveDate>>,
    /// Fields to set, or (with `None`) to clear; others stay.
    pub fields: BTreeMap<String, Option<String>>,
}

/// Whether somebody is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// No last day, or not yet.
    Active,
    /// The last day is over.
    Left,
}

/// Whom to list.
#[derive(Debug, Clone, Default)]
pub struct EmployeeFilter {
    /// Part of a name, its pinyin, an id, an employee number or a mobile number.
    pub search: Option<String>,
    /// Only those of this department and the ones beneath.
    pub department_id: Option<String>,
    /// Only those of this branch, its departments, and the branches beneath.
    pub branch_id: Option<String>,
    /// Only those still there, or only those who left, as of [`EmployeeFilter::today`].
    pub status: Option<Status>,
    /// The site's date, for `status`.
    pub today: NaiveDate,
}

/// Characters a name may have.
pub const NAME_MOST: usize = 100;

/// What the operation log keeps of somebody: which fields there are, not what an identity card says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    branch_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    department_id: Option<&'a str>,
    hired_on: Option<NaiveDate>,
    left_on: Option<NaiveDate>,
    fields: BTreeMap<&'a str, &'a str>,
}

impl<'a> Logged<'a> {
    fn of(employee: &'a Employee, fields: &Fields) -> Self {
        Self {
            name: &employee.name,
            branch_id: employee.branch_id.as_deref(),
            department_id: employee.department_id.as_deref(),
            hired_on: employee.hired_on,
            left_on: employee.left_on,
            fields: fields.logged(&employee.fields),
        }
    }
}

pub(super) fn subject(id: &EmployeeId) -> String {
    format!("employee/{id}")
}

pub(super) fn check_days(employee: &Employee) -> Result<(), DirectoryError> {
    match (employee.hired_on, employee.left_on) {
        (Some(hired), Some(left)) if left < hired => Err(DirectoryError::LeftBeforeHired),
        _ => Ok(()),
    }
}

/// Puts somebody into a department, or into a branch without one.
pub(super) fn place(
    conn: &Connection,
    employee: &mut Employee,
    department: Option<String>,
    branch: Option<String>,
) -> Result<(), DirectoryError> {
    if let Some(id) = &branch
        && !units::exists(conn, UnitKind::Branch, id)?
    {
        return Err(DirectoryError::BranchUnknown(id.clone()));
    }
    if let Some(id) = &department
        && !units::exists(conn, UnitKind::Department, id)?
    {
        return Err(DirectoryError::DepartmentUnknown(id.clone()));
    }
    (employee.department_id, employee.branch_id) = (department, branch);
    Ok(queries::fill_places(conn, std::slice::from_mut(employee))?)
}

/// Adds somebody.
pub fn employee_add(tx: &Tx<'_>, actor: &Actor, new: NewEmployee) -> Result<Employee, DirectoryError> {
    let id = new.id.as_deref().map_or_else(EmployeeId::ours, EmployeeId::new)?;
    if let Some(there) = employee_get(tx, &id)? {
        return Err(DirectoryError::IdTaken { id, name: there.name });
    }
    let defined = Fields::load(tx)?;
    let mut fields = BTreeMap::new();
    for (key, value) in new.fields {
        if let Some(value) = defined.checked(&key, &value)? {
            fields.insert(key, value);
        }
    }
    let mut employee = Employee {
        name: text::required(&new.name, NAME_MOST)?,
        hired_on: new.hired_on,
        left_on: new.left_on,
        fields,
        ..Employee::blank(id, tx.now())
    };
    check_days(&employee)?;
    place(tx, &mut employee, named(new.department_id), named(new.branch_id))?;
    insert(tx, &employee)?;
    let logged = Logged::of(&employee, &defined);
    audit::record(tx, actor, "employee.add", &subject(&employee.id), None, Some(&logged))?;
    Ok(employee)
}

/// Writes somebody new, and lets the rules look at them; whoever calls has checked everything.
pub(super) fn insert(tx: &Tx<'_>, employee: &Employee) -> Result<(), db::Error> {
    queries::insert(tx, employee)?;
    dispatch::person_moved(tx, &employee.id)?;
    let from = employee.hired_on.unwrap_or(NaiveDate::MIN);
    attendance::days_touched(tx, Touched::Employee(&employee.id), from, None)
}

/// One of them.
pub fn employee_get(conn: &Connection, id: &EmployeeId) -> Result<Option<Employee>, db::Error> {
    queries::get(conn, id)
}

/// Changes somebody. Another first day changes which old punches are theirs (rule 3.7).
pub fn employee_change(
    tx: &Tx<'_>,
    actor: &Actor,
    id: &EmployeeId,
    change: EmployeeChange,
) -> Result<Employee, DirectoryError> {
    let before = employee_get(tx, id)?.ok_or_else(|| DirectoryError::Unknown(id.clone()))?;
    let defined = Fields::load(tx)?;
    let mut after = before.clone();
    if let Some(name) = change.name {
        after.name = text::required(&name, NAME_MOST)?;
    }
    after.hired_on = change.hired_on.unwrap_or(after.hired_on);
    after.left_on = change.left_on.unwrap_or(after.left_on);
    for (key, value) in change.fields {
        // What somebody has and keeps is not looked at again: their choice may be none any more.
        if defined.0.contains_key(&key) && value.is_some() && value.as_ref() == before.fields.get(&key) {
            continue;
        }
        match defined.checked(&key, value.as_deref().unwrap_or(""))? {
            Some(value) => after.fields.insert(key, value),
            None => after.fields.remove(&key),
        };
    }
    check_days(&after)?;
    if change.department_id.is_some() || change.branch_id.is_some() {
        let moved = change.department_id.is_some();
        let branch = change.branch_id.map(named);
        let department = change.department_id.map_or_else(|| before.department_id.clone(), named);
        let follows = !moved && department.is_some();
        let wanted = branch.unwrap_or_else(|| before.branch_id.clone());
        place(tx, &mut after, department, wanted.clone())?;
        if follows && wanted != after.branch_id {
            return Err(DirectoryError::BranchFollows);
        }
    }
    if after == before {
        return Ok(after);
    }
    after.changed_at = tx.now();
    update(tx, actor, &before, &after)?;
    let (old, new) = (Logged::of(&before, &defined), Logged::of(&after, &defined));
    // Of a masked field only the change is to be seen.
    audit::record_always(tx, actor, "employee.change", &subject(id), &old, &new)?;
    Ok(after)
}

/// Writes somebody who changed, and all that follows from it; whoever calls has checked everything.
pub(super) fn update(
    tx: &Tx<'_>,
    actor: &Actor,
    before: &Employee,
    after: &Employee,
) -> Result<(), db::Error> {
    let id = &after.id;
    queries::update(tx, after)?;
    if after.hired_on != before.hired_on {
        roster::spans_follow_hire_date(tx, id, after.hired_on)?;
    }
    if after.name != before.name {
        roster::person_renamed(tx, id)?;
    }
    if after.fields != before.fields {
        numbers::fields_changed(tx, actor, id)?;
    }
    let place = |employee: &Employee| (employee.department_id.clone(), employee.branch_id.clone());
    if after.left_on != before.left_on || place(after) != place(before) {
        dispatch::person_moved(tx, id)?;
    }
    let mut from = plan_changes_from(before, after);
    if place(after) != place(before) {
        let today = site_date(tx, tx.now())?;
        // What was judged before today stays with the place it was worked in; who has no day behind them was put right.
        let kept = queries::move_keep(tx, before, today)?;
        let moved = if kept { today } else { NaiveDate::MIN };
        from = Some(from.map_or(moved, |from| from.min(moved)));
    }
    if let Some(from) = from {
        attendance::days_touched(tx, Touched::Employee(id), from, None)?;
    }
    Ok(())
}

/// The first date somebody is employed on, or not, other than before; if there is one.
fn plan_changes_from(before: &Employee, after: &Employee) -> Option<NaiveDate> {
    let first = |employee: &Employee| employee.hired_on.unwrap_or(NaiveDate::MIN);
    let last = |employee: &Employee| employee.left_on.unwrap_or(NaiveDate::MAX);
    let hired = (before.hired_on != after.hired_on).then(|| first(before).min(first(after)));
    let left = (before.left_on != after.left_on).then(|| last(before).min(last(after)));
    hired.into_iter().chain(left).min()
}

/// The departments and branches whose people a filter leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scope {
    /// People of these departments.
    pub departments: Vec<String>,
    /// People of these branches who have no department.
    pub branches: Vec<String>,
}

/// Which departments and branches a filter means; none when it means all.
fn scope(conn: &Connection, filter: &EmployeeFilter) -> Result<Option<Scope>, db::Error> {
    let (department, branch) = (filter.department_id.as_deref(), filter.branch_id.as_deref());
    if department.is_none() && branch.is_none() {
        return Ok(None);
    }
    let departments = departments::tree(conn)?;
    let branches = branches::tree(conn)?;
    Ok(Some(scope_of(&departments, &branches, department, branch)))
}

fn scope_of(departments: &Tree, branches: &Tree, department: Option<&str>, branch: Option<&str>) -> Scope {
    let within = branch.map(|branch| branches.below(branch));
    let mut found = match department {
        Some(department) => departments.below(department).into_iter().collect::<Vec<_>>(),
        None => departments.units().map(|unit| unit.id.clone()).collect(),
    };
    if let Some(within) = &within {
        found.retain(|id| departments.branch_of(id).is_some_and(|branch| within.contains(branch)));
    }
    // Somebody of a department is no longer looked for by a branch of their own.
    let branches = if department.is_some() { None } else { within };
    Scope { departments: found, branches: branches.into_iter().flatten().collect() }
}

/// All people a filter leaves, by name.
pub(super) fn all(conn: &Connection, filter: &EmployeeFilter) -> Result<Vec<Employee>, db::Error> {
    let scope = scope(conn, filter)?;
    Ok(queries::list(conn, filter, scope.as_ref(), None, -1)?.0)
}

/// Removes somebody whom nothing refers to.
pub(super) fn remove(tx: &Tx<'_>, id: &EmployeeId) -> Result<(), db::Error> {
    queries::delete(tx, id)
}

/// The people a filter leaves, by name.
pub fn employee_list(
    conn: &Connection,
    filter: &EmployeeFilter,
    page: &Page,
) -> Result<Paged<Employee>, DirectoryError> {
    let after: Option<(String, String)> = page.after()?;
    let scope = scope(conn, filter)?;
    let (rows, total) = queries::list(conn, filter, scope.as_ref(), after.as_ref(), page.probe())?;
    Ok(page.finish(rows, total, |row| (row.name.clone(), row.id.as_str().to_owned())))
}
