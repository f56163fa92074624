//! What is kept of a person beside their name and days: the system's fields, and the customer's own.

mod queries;
mod values;

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::Serialize;

pub use values::ValueError;
pub(super) use values::{checked, date};

use super::error::DirectoryError;
use crate::audit::{self, Actor};
use crate::db::{self, Tx};
use crate::text::{self, TextError};

/// Characters a field may have.
pub const FIELD_MOST: usize = 500;
/// Characters a label or a choice may have.
pub const LABEL_MOST: usize = 100;
/// Characters a key may have.
const KEY_MOST: usize = 64;
/// Choices a field may have.
pub const CHOICES_MOST: usize = 500;
/// The fields every directory has.
pub const SYSTEM_FIELDS: [&str; 7] =
    ["employeeNumber", "mobile", "email", "gender", "idNumber", "birthday", "position"];
/// What else is a column of a person, and so no key of a field.
const RESERVED: [&str; 12] = [
    "id",
    "name",
    "branch",
    "branchId",
    "branchName",
    "department",
    "departmentId",
    "departmentName",
    "hiredOn",
    "leftOn",
    "status",
    "photo",
];

/// What may stand in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// Any text.
    Text,
    /// A decimal number, kept as its shortest text.
    Number,
    /// A date, kept as `YYYY-MM-DD`.
    Date,
    /// One of the field's choices.
    Choice,
}

impl FieldType {
    const ALL: [Self; 4] = [Self::Text, Self::Number, Self::Date, Self::Choice];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Date => "date",
            Self::Choice => "choice",
        }
    }

    fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.name() == name).unwrap_or(Self::Text)
    }
}

/// Where a field is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldGroup {
    /// Basic information.
    Basic,
    /// Personal information; what is in it is masked in the operation log.
    Personal,
}

impl FieldGroup {
    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Personal => "personal",
        }
    }
}

/// A column of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name for programs.
    pub key: String,
    /// Its name for people; empty for the system's, which every language has a word for.
    pub label: String,
    /// What may stand in it.
    pub kind: FieldType,
    /// Where it is shown.
    pub group: FieldGroup,
    /// What may be chosen, in order; empty unless it is a choice.
    pub choices: Vec<String>,
    /// Whether every directory has it.
    pub system: bool,
}

impl Field {
    fn of_system(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            label: String::new(),
            kind: FieldType::Text,
            group: FieldGroup::Basic,
            choices: Vec::new(),
            system: true,
        }
    }

    /// Whether the operation log says only that it changed.
    fn masked(&self) -> bool {
        self.group == FieldGroup::Personal || matches!(self.key.as_str(), "idNumber" | "mobile" | "birthday")
    }
}

/// A field to add.
#[derive(Debug, Clone)]
pub struct NewField {
    /// Its name for programs.
    pub key: String,
    /// Its name for people.
    pub label: String,
    /// What may stand in it.
    pub kind: FieldType,
    /// Where it is shown.
    pub group: FieldGroup,
    /// What may be chosen.
    pub choices: Vec<String>,
}

/// What to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct FieldChange {
    /// Another label.
    pub label: Option<String>,
    /// Other choices; whoever has one that is gone keeps it until they are given another.
    pub choices: Option<Vec<String>>,
}

/// The fields by key, and which of them are masked in the operation log.
#[derive(Debug, Clone)]
pub(super) struct Fields(pub BTreeMap<String, Field>);

impl Fields {
    pub fn load(conn: &Connection) -> Result<Self, db::Error> {
        Ok(Self(field_list(conn)?.into_iter().map(|field| (field.key.clone(), field)).collect()))
    }

    /// A value as it is kept; none when it is blank.
    pub fn checked(&self, key: &str, value: &str) -> Result<Option<String>, DirectoryError> {
        let field = self.0.get(key).ok_or_else(|| DirectoryError::FieldUnknown(key.to_owned()))?;
        checked(field, value).map_err(|problem| DirectoryError::FieldValue { key: key.to_owned(), problem })
    }

    /// The values of somebody as the operation log shows them.
    pub fn logged<'a>(&self, values: &'a BTreeMap<String, String>) -> BTreeMap<&'a str, &'a str> {
        let masked = |key: &str| self.0.get(key).is_none_or(Field::masked);
        values
            .iter()
            .map(|(key, value)| (key.as_str(), if masked(key) { "•••" } else { value.as_str() }))
            .collect()
    }
}

#[derive(Serialize)]
struct Logged<'a> {
    label: &'a str,
    r#type: &'static str,
    group: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    choices: &'a [String],
}

impl<'a> From<&'a Field> for Logged<'a> {
    fn from(field: &'a Field) -> Self {
        Self {
            label: &field.label,
            r#type: field.kind.name(),
            group: field.group.name(),
            choices: &field.choices,
        }
    }
}

fn subject(key: &str) -> String {
    format!("field/{key}")
}

/// All fields: the system's, then the customer's in the order they were made.
pub fn field_list(conn: &Connection) -> Result<Vec<Field>, db::Error> {
    let mut fields: Vec<Field> = SYSTEM_FIELDS.into_iter().map(Field::of_system).collect();
    fields.extend(queries::all(conn)?);
    Ok(fields)
}

/// One of them.
pub fn field_get(conn: &Connection, key: &str) -> Result<Option<Field>, db::Error> {
    Ok(field_list(conn)?.into_iter().find(|field| field.key == key))
}

fn checked_key(key: &str) -> Result<String, DirectoryError> {
    let good = key.len() <= KEY_MOST
        && key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if good { Ok(key.to_owned()) } else { Err(DirectoryError::FieldKeyInvalid) }
}

fn checked_label(label: &str) -> Result<String, DirectoryError> {
    text::required(label, LABEL_MOST).map_err(|error| match error {
        TextError::Empty => DirectoryError::FieldLabelEmpty,
        error => error.into(),
    })
}

fn checked_choices(kind: FieldType, choices: Vec<String>) -> Result<Vec<String>, DirectoryError> {
    let mut kept: Vec<String> = Vec::with_capacity(choices.len().min(CHOICES_MOST));
    if choices.len() > CHOICES_MOST || (kind != FieldType::Choice && !choices.is_empty()) {
        return Err(DirectoryError::FieldChoicesInvalid);
    }
    for choice in choices {
        match text::required(&choice, LABEL_MOST) {
            Ok(choice) if !kept.contains(&choice) => kept.push(choice),
            _ => return Err(DirectoryError::FieldChoicesInvalid),
        }
    }
    Ok(kept)
}

/// Refuses a label that another field has, or that a column of a file of people is called.
fn check_label(fields: &[Field], key: &str, label: &str) -> Result<(), DirectoryError> {
    let taken = fields.iter().any(|field| field.key != key && field.label.eq_ignore_ascii_case(label))
        || super::import::is_fixed_header(label);
    if taken { Err(DirectoryError::FieldLabelTaken(label.to_owned())) } else { Ok(()) }
}

/// Adds a field.
pub fn field_add(tx: &Tx<'_>, actor: &Actor, new: NewField) -> Result<Field, DirectoryError> {
    let field = Field {
        key: checked_key(&new.key)?,
        label: checked_label(&new.label)?,
        kind: new.kind,
        group: new.group,
        choices: checked_choices(new.kind, new.choices)?,
        system: false,
    };
    let fields = field_list(tx)?;
    let same = |other: &str| other.eq_ignore_ascii_case(&field.key);
    if fields.iter().any(|other| same(&other.key)) || RESERVED.into_iter().any(same) {
        return Err(DirectoryError::FieldKeyTaken(field.key));
    }
    check_label(&fields, &field.key, &field.label)?;
    queries::insert(tx, &field)?;
    audit::record(tx, actor, "field.add", &subject(&field.key), None, Some(&Logged::from(&field)))?;
    Ok(field)
}

fn of_customer(conn: &Connection, key: &str) -> Result<Field, DirectoryError> {
    match field_get(conn, key)? {
        Some(field) if field.system => Err(DirectoryError::FieldOfSystem(field.key)),
        Some(field) => Ok(field),
        None => Err(DirectoryError::FieldUnknown(key.to_owned())),
    }
}

/// Changes a field of the customer's.
pub fn field_change(
    tx: &Tx<'_>,
    actor: &Actor,
    key: &str,
    change: FieldChange,
) -> Result<Field, DirectoryError> {
    let before = of_customer(tx, key)?;
    let mut after = before.clone();
    if let Some(label) = change.label {
        after.label = checked_label(&label)?;
        check_label(&field_list(tx)?, key, &after.label)?;
    }
    if let Some(choices) = change.choices {
        after.choices = checked_choices(after.kind, choices)?;
    }
    queries::update(tx, &after)?;
    let (old, new) = (Logged::from(&before), Logged::from(&after));
    audit::record(tx, actor, "field.change", &subject(key), Some(&old), Some(&new))?;
    Ok(after)
}

/// Deletes a field of the customer's, with what stands in it of everybody.
pub fn field_delete(tx: &Tx<'_>, actor: &Actor, key: &str) -> Result<(), DirectoryError> {
    let field = of_customer(tx, key)?;
    if let Some(machine) = queries::mapped_by(tx, key)? {
        return Err(DirectoryError::FieldInUse(machine));
    }
    queries::clear_values(tx, key)?;
    queries::delete(tx, key)?;
    audit::record(tx, actor, "field.delete", &subject(key), Some(&Logged::from(&field)), None)?;
    Ok(())
}
