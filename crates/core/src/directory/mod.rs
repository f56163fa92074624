//! The people of the site.

mod queries;

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::db::{self, Tx, database_failure};
use crate::page::{CursorError, Page, Paged};
use crate::text::{self, TextError};
use crate::{dispatch, numbers, roster};

/// Who somebody is, in the terms of whoever keeps the directory: the OA's id, or ours.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct EmployeeId(String);

impl EmployeeId {
    /// Characters an id may have.
    pub const MOST: usize = 64;

    /// An id somebody gave.
    pub fn new(text: &str) -> Result<Self, DirectoryError> {
        match text::required(text, Self::MOST) {
            // It stands in addresses, where these two would be taken for something else.
            Ok(id) if id.contains('/') || id == "." || id == ".." => Err(DirectoryError::IdInvalid),
            Ok(id) => Ok(Self(id)),
            Err(TextError::ControlCharacter) => Err(DirectoryError::ControlCharacter),
            Err(_) => Err(DirectoryError::IdInvalid),
        }
    }

    /// An id of our own; random, so that two sites can be joined one day.
    fn ours() -> Result<Self, DirectoryError> {
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes).map_err(|_| DirectoryError::NoRandom)?;
        Ok(Self(format!("e{:016x}", u64::from_be_bytes(bytes))))
    }

    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmployeeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Somebody of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employee {
    /// Who.
    pub id: EmployeeId,
    /// Their name.
    pub name: String,
    /// Their branch.
    pub branch_id: Option<String>,
    /// Their department.
    pub department_id: Option<String>,
    /// Their first day.
    pub hired_on: Option<NaiveDate>,
    /// Their last day.
    pub left_on: Option<NaiveDate>,
    /// Their further fields, by key.
    pub fields: BTreeMap<String, String>,
    /// When they were added here.
    pub created_at: Timestamp,
    /// When they were last changed here.
    pub changed_at: Timestamp,
}

/// Somebody to add.
#[derive(Debug, Clone, Default)]
pub struct NewEmployee {
    /// An id; none gets one of ours.
    pub id: Option<String>,
    /// Their name.
    pub name: String,
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
    /// Part of a name, id or number.
    pub search: Option<String>,
    /// Only those still there, or only those who left, as of [`EmployeeFilter::today`].
    pub status: Option<Status>,
    /// The site's date, for `status`.
    pub today: NaiveDate,
}

/// Why something about an employee was refused.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The id is not one.
    #[error("an id is 1 to 64 characters without a slash")]
    IdInvalid,
    /// Somebody has it.
    #[error("{name} has the id {id} already")]
    IdTaken {
        /// The id.
        id: EmployeeId,
        /// Who has it.
        name: String,
    },
    /// Nobody with that id.
    #[error("there is nobody with the id {0}")]
    Unknown(EmployeeId),
    /// The name is empty.
    #[error("an employee needs a name")]
    NameEmpty,
    /// A text is too long.
    #[error("at most {0} characters")]
    TooLong(usize),
    /// A control character in a text.
    #[error("a control character in the text")]
    ControlCharacter,
    /// A field nobody defined.
    #[error("there is no field {0}")]
    FieldUnknown(String),
    /// The last day is before the first.
    #[error("the last day is before the first")]
    LeftBeforeHired,
    /// The cursor is not ours.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The system gave no random number.
    #[error("the system gave no random number for an id")]
    NoRandom,
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(DirectoryError);

impl DirectoryError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::IdInvalid => "employee.id_invalid",
            Self::IdTaken { .. } => "employee.id_taken",
            Self::Unknown(_) => "employee.unknown",
            Self::NameEmpty => "employee.name_empty",
            Self::TooLong(_) => "text.too_long",
            Self::ControlCharacter => "text.control_character",
            Self::FieldUnknown(_) => "field.unknown",
            Self::LeftBeforeHired => "employee.left_before_hired",
            Self::Cursor(error) => error.code(),
            Self::NoRandom => "system.no_random",
            Self::Database(error) => error.code(),
        }
    }
}

impl From<TextError> for DirectoryError {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Empty => Self::NameEmpty,
            TextError::TooLong(most) => Self::TooLong(most),
            TextError::ControlCharacter => Self::ControlCharacter,
        }
    }
}

/// Characters a name may have.
pub const NAME_MOST: usize = 100;
/// Characters a field may have.
pub const FIELD_MOST: usize = 500;
/// The fields every directory has.
pub const SYSTEM_FIELDS: [&str; 7] =
    ["employeeNumber", "mobile", "email", "gender", "idNumber", "birthday", "position"];

/// What the operation log keeps of somebody: which fields there are, not what an identity card says.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged<'a> {
    name: &'a str,
    hired_on: Option<NaiveDate>,
    left_on: Option<NaiveDate>,
    fields: BTreeMap<&'a str, &'a str>,
}

impl<'a> From<&'a Employee> for Logged<'a> {
    fn from(employee: &'a Employee) -> Self {
        let masked = |key: &str| matches!(key, "idNumber" | "mobile" | "birthday");
        let fields = employee
            .fields
            .iter()
            .map(|(key, value)| (key.as_str(), if masked(key) { "•••" } else { value.as_str() }))
            .collect();
        Self { name: &employee.name, hired_on: employee.hired_on, left_on: employee.left_on, fields }
    }
}

fn subject(id: &EmployeeId) -> String {
    format!("employee/{id}")
}

fn checked_field(key: &str, value: &str) -> Result<Option<String>, DirectoryError> {
    if !SYSTEM_FIELDS.contains(&key) {
        return Err(DirectoryError::FieldUnknown(key.to_owned()));
    }
    Ok(text::optional(value, FIELD_MOST)?)
}

fn check_days(employee: &Employee) -> Result<(), DirectoryError> {
    match (employee.hired_on, employee.left_on) {
        (Some(hired), Some(left)) if left < hired => Err(DirectoryError::LeftBeforeHired),
        _ => Ok(()),
    }
}

/// Adds somebody.
pub fn employee_add(tx: &Tx<'_>, actor: &Actor, new: NewEmployee) -> Result<Employee, DirectoryError> {
    let id = new.id.as_deref().map_or_else(EmployeeId::ours, EmployeeId::new)?;
    if let Some(there) = employee_get(tx, &id)? {
        return Err(DirectoryError::IdTaken { id, name: there.name });
    }
    let mut fields = BTreeMap::new();
    for (key, value) in new.fields {
        if let Some(value) = checked_field(&key, &value)? {
            fields.insert(key, value);
        }
    }
    let employee = Employee {
        id,
        name: text::required(&new.name, NAME_MOST)?,
        branch_id: None,
        department_id: None,
        hired_on: new.hired_on,
        left_on: new.left_on,
        fields,
        created_at: tx.now(),
        changed_at: tx.now(),
    };
    check_days(&employee)?;
    queries::insert(tx, &employee)?;
    dispatch::person_moved(tx, &employee.id)?;
    audit::record(tx, actor, "employee.add", &subject(&employee.id), None, Some(&Logged::from(&employee)))?;
    Ok(employee)
}

/// One of them.
pub fn employee_get(conn: &rusqlite::Connection, id: &EmployeeId) -> Result<Option<Employee>, db::Error> {
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
    let mut after = before.clone();
    if let Some(name) = change.name {
        after.name = text::required(&name, NAME_MOST)?;
    }
    after.hired_on = change.hired_on.unwrap_or(after.hired_on);
    after.left_on = change.left_on.unwrap_or(after.left_on);
    for (key, value) in change.fields {
        match checked_field(&key, value.as_deref().unwrap_or(""))? {
            Some(value) => after.fields.insert(key, value),
            None => after.fields.remove(&key),
        };
    }
    check_days(&after)?;
    if after == before {
        return Ok(after);
    }
    after.changed_at = tx.now();
    queries::update(tx, &after)?;
    if after.hired_on != before.hired_on {
        roster::spans_follow_hire_date(tx, id, after.hired_on)?;
    }
    if after.name != before.name {
        roster::person_renamed(tx, id)?;
    }
    if after.fields != before.fields {
        numbers::fields_changed(tx, actor, id)?;
    }
    if after.left_on != before.left_on {
        dispatch::person_moved(tx, id)?;
    }
    let (old, new) = (Logged::from(&before), Logged::from(&after));
    // Of a masked field only the change is to be seen.
    audit::record_always(tx, actor, "employee.change", &subject(id), &old, &new)?;
    Ok(after)
}

/// The people a filter leaves, by name.
pub fn employee_list(
    conn: &rusqlite::Connection,
    filter: &EmployeeFilter,
    page: &Page,
) -> Result<Paged<Employee>, DirectoryError> {
    let after: Option<(String, String)> = page.after()?;
    let (rows, total) = queries::list(conn, filter, after.as_ref(), page.probe())?;
    Ok(page.finish(rows, total, |row| (row.name.clone(), row.id.as_str().to_owned())))
}
