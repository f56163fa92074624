//! People and where they are, and whole files of them.

use axum::http::StatusCode;
use rollcall_core::directory::{DirectoryError, ImportError};

use super::conflict;
use crate::api::imports::ImportReport;
use crate::api::problem::Problem;

impl From<DirectoryError> for Problem {
    fn from(error: DirectoryError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            DirectoryError::Database(error) => error.into(),
            DirectoryError::Cursor(error) => error.into(),
            DirectoryError::Unknown(_)
            | DirectoryError::UnitUnknown(..)
            | DirectoryError::PhotoMissing(_) => Self::not_found(code, detail),
            DirectoryError::IdTaken { .. } | DirectoryError::UnitIdTaken { .. } => {
                conflict(code, detail).at("/id")
            }
            DirectoryError::UnitNameTaken(..) => conflict(code, detail).at("/name"),
            DirectoryError::FieldKeyTaken(_) => conflict(code, detail).at("/key"),
            DirectoryError::FieldLabelTaken(_) => conflict(code, detail).at("/label"),
            DirectoryError::UnitInUse { rules, shifts, .. } => {
                conflict(code, detail).with(&serde_json::json!({ "rules": rules, "shifts": shifts }))
            }
            DirectoryError::NotEmpty(..)
            | DirectoryError::FieldInUse(_)
            | DirectoryError::FieldOfSystem(_) => conflict(code, detail),
            DirectoryError::IdInvalid | DirectoryError::UnitIdInvalid(_) => {
                Self::invalid("/id", code, detail)
            }
            DirectoryError::LeftBeforeHired => Self::invalid("/leftOn", code, detail),
            DirectoryError::BranchFollows
            | DirectoryError::ParentsBranch
            | DirectoryError::BranchUnknown(_) => Self::invalid("/branchId", code, detail),
            DirectoryError::DepartmentUnknown(_) => Self::invalid("/departmentId", code, detail),
            DirectoryError::ParentUnknown(..) | DirectoryError::Cycle(_) => {
                Self::invalid("/parentId", code, detail)
            }
            DirectoryError::FieldKeyInvalid => Self::invalid("/key", code, detail),
            DirectoryError::FieldLabelEmpty => Self::invalid("/label", code, detail),
            DirectoryError::FieldChoicesInvalid => Self::invalid("/choices", code, detail),
            DirectoryError::FieldUnknown(key) | DirectoryError::FieldValue { key, .. } => {
                let pointer = format!("/fields/{}", key.replace('~', "~0").replace('/', "~1"));
                Self::invalid(&pointer, code, detail)
            }
            DirectoryError::NameEmpty
            | DirectoryError::UnitNameEmpty(_)
            | DirectoryError::TooLong(_)
            | DirectoryError::ControlCharacter => Self::invalid("/name", code, detail),
            DirectoryError::NoRandom => Self::new(StatusCode::INTERNAL_SERVER_ERROR, code, detail),
        }
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            ImportError::Database(error) => error.into(),
            ImportError::Directory(error) => error.into(),
            ImportError::RowsInvalid(report) => {
                let problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
                problem.with(&ImportReport::from(*report))
            }
            ImportError::None => Self::not_found(code, detail),
            ImportError::NotLast | ImportError::Undone => conflict(code, detail),
            ImportError::Empty | ImportError::NoPeople | ImportError::ColumnTwice { .. } => {
                Self::invalid("/file", code, detail)
            }
            ImportError::MappingHeader(_) | ImportError::MappingField(_) => {
                Self::invalid("/mapping", code, detail)
            }
        }
    }
}
