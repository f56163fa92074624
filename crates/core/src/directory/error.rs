use super::fields::ValueError;
use super::id::EmployeeId;
use crate::db::{self, database_failure};
use crate::page::CursorError;
use crate::text::TextError;

/// A part of the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitKind {
    /// A branch.
    Branch,
    /// A department.
    Department,
}

impl UnitKind {
    pub(super) fn pick(self, branch: &'static str, department: &'static str) -> &'static str {
        match self {
            Self::Branch => branch,
            Self::Department => department,
        }
    }
}

impl std::fmt::Display for UnitKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.pick("branch", "department"))
    }
}

/// Why something about the directory was refused.
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
    /// The last day is before the first.
    #[error("the last day is before the first")]
    LeftBeforeHired,
    /// The department says which branch it is.
    #[error(
        "the department says which branch somebody is in; move them to another department, or the department to another branch"
    )]
    BranchFollows,
    /// No such department, for somebody to be in.
    #[error("there is no department {0:?}")]
    DepartmentUnknown(String),
    /// No such branch, for somebody or a department to be in.
    #[error("there is no branch {0:?}")]
    BranchUnknown(String),
    /// No photo.
    #[error("there is no photo of {0}")]
    PhotoMissing(EmployeeId),

    /// No such branch or department.
    #[error("there is no {0} {1:?}")]
    UnitUnknown(UnitKind, String),
    /// No such branch or department, to be the parent of another.
    #[error("there is no {0} {1:?}")]
    ParentUnknown(UnitKind, String),
    /// The id of a branch or department is not one.
    #[error("the id of a {0} is 1 to 64 characters without a slash")]
    UnitIdInvalid(UnitKind),
    /// Another one has the id.
    #[error("the {kind} {name} has the id {id} already")]
    UnitIdTaken {
        /// Of what.
        kind: UnitKind,
        /// The id.
        id: String,
        /// What has it.
        name: String,
    },
    /// A branch or department needs a name.
    #[error("a {0} needs a name")]
    UnitNameEmpty(UnitKind),
    /// Another one beneath the same parent has the name.
    #[error("there is a {0} {1:?} in the same place already")]
    UnitNameTaken(UnitKind, String),
    /// It would be within itself.
    #[error("a {0} cannot be beneath itself")]
    Cycle(UnitKind),
    /// Something is in it.
    #[error("the {0} is not empty: {1}")]
    NotEmpty(UnitKind, &'static str),
    /// Rules or assignments name it: without it they would mean nobody, and nobody would be told.
    #[error("the {kind} is used by {}; take it out there first", users(.rules, .shifts))]
    UnitInUse {
        /// Of what.
        kind: UnitKind,
        /// The machines whose dispatch rules name it.
        rules: Vec<String>,
        /// The shifts and rotations that are assigned to it.
        shifts: Vec<String>,
    },
    /// The parent says which branch it is.
    #[error("the parent says which branch a department is in")]
    ParentsBranch,

    /// A field nobody defined.
    #[error("there is no field {0}")]
    FieldUnknown(String),
    /// The key is not one.
    #[error("the key of a field is 1 to 64 ASCII letters, digits and _, and begins with a letter")]
    FieldKeyInvalid,
    /// The key is taken.
    #[error("the key {0} is taken")]
    FieldKeyTaken(String),
    /// A field needs a label.
    #[error("a field needs a label")]
    FieldLabelEmpty,
    /// Another field has the label.
    #[error("another field is labelled {0:?}")]
    FieldLabelTaken(String),
    /// A list of choices is not one.
    #[error("choices are at most {} different texts, for a field that is a choice", super::CHOICES_MOST)]
    FieldChoicesInvalid,
    /// A field of the system stays as it is.
    #[error("{0} is a field of the system")]
    FieldOfSystem(String),
    /// A number mapping fills numbers from it.
    #[error("the number mapping of {0} uses the field; choose another one there first")]
    FieldInUse(String),
    /// A value does not fit its field.
    #[error("{key}: {problem}")]
    FieldValue {
        /// The field.
        key: String,
        /// Why not.
        problem: ValueError,
    },

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

/// Names that are told of many.
const NAMES_TOLD: usize = 5;

fn users(rules: &[String], shifts: &[String]) -> String {
    let told = |what: &str, names: &[String]| {
        let more = if names.len() > NAMES_TOLD { " and others" } else { "" };
        let some: Vec<&str> = names.iter().take(NAMES_TOLD).map(String::as_str).collect();
        (!names.is_empty()).then(|| format!("the {what} {}{more}", some.join(", ")))
    };
    let parts = [told("dispatch rules of", rules), told("shift assignments of", shifts)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

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
            Self::LeftBeforeHired => "employee.left_before_hired",
            Self::BranchFollows => "employee.branch_follows_department",
            Self::DepartmentUnknown(_) => "department.unknown",
            Self::BranchUnknown(_) => "branch.unknown",
            Self::PhotoMissing(_) => "photo.missing",
            Self::UnitUnknown(kind, _) | Self::ParentUnknown(kind, _) => {
                kind.pick("branch.unknown", "department.unknown")
            }
            Self::UnitIdInvalid(kind) => kind.pick("branch.id_invalid", "department.id_invalid"),
            Self::UnitIdTaken { kind, .. } => kind.pick("branch.id_taken", "department.id_taken"),
            Self::UnitNameEmpty(kind) => kind.pick("branch.name_empty", "department.name_empty"),
            Self::UnitNameTaken(kind, _) => kind.pick("branch.name_taken", "department.name_taken"),
            Self::Cycle(kind) => kind.pick("branch.cycle", "department.cycle"),
            Self::NotEmpty(kind, _) => kind.pick("branch.not_empty", "department.not_empty"),
            Self::UnitInUse { kind, .. } => kind.pick("branch.in_use", "department.in_use"),
            Self::ParentsBranch => "department.branch_follows_parent",
            Self::FieldUnknown(_) => "field.unknown",
            Self::FieldKeyInvalid => "field.key_invalid",
            Self::FieldKeyTaken(_) => "field.key_taken",
            Self::FieldLabelEmpty => "field.label_empty",
            Self::FieldLabelTaken(_) => "field.label_taken",
            Self::FieldChoicesInvalid => "field.choices_invalid",
            Self::FieldOfSystem(_) => "field.of_system",
            Self::FieldInUse(_) => "field.in_use",
            Self::FieldValue { problem, .. } => problem.code(),
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
