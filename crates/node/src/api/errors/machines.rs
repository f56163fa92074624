//! Machines, what they are told, and what they sent.

use rollcall_core::commands::CommandError;
use rollcall_core::machines::MachineError;
use rollcall_core::punch_files::PunchFileError;
use rollcall_core::punches::PunchError;
use rollcall_core::reuploads::{DaysError, ReuploadError};
use rollcall_protocol::order::Refusal;

use super::conflict;
use crate::api::problem::Problem;
use crate::api::punch_files::PunchFileColumns;

impl From<MachineError> for Problem {
    fn from(error: MachineError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            MachineError::Database(error) => error.into(),
            MachineError::SnTaken { .. } => conflict(code, detail).at("/sn"),
            MachineError::Unknown(_) | MachineError::StrangerUnknown(_) => Self::not_found(code, detail),
            MachineError::Sn(_) => Self::invalid("/sn", code, detail),
            MachineError::NameEmpty | MachineError::NameTooLong(_) | MachineError::ControlCharacter => {
                Self::invalid("/name", code, detail)
            }
        }
    }
}

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            CommandError::Database(error) => error.into(),
            CommandError::Cursor(error) => error.into(),
            CommandError::Machine(error) => error.into(),
            CommandError::Unknown(_) => Self::not_found(code, detail),
            CommandError::Disabled(_) | CommandError::NotWaiting => conflict(code, detail),
            CommandError::Refused(Refusal::NoDoor) => Self::invalid("/door", code, detail),
            CommandError::Refused(_) => Self::invalid("/kind", code, detail),
        }
    }
}

impl From<PunchError> for Problem {
    fn from(error: PunchError) -> Self {
        match error {
            PunchError::Database(error) => error.into(),
            PunchError::Cursor(error) => error.into(),
        }
    }
}

impl From<ReuploadError> for Problem {
    fn from(error: ReuploadError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            ReuploadError::Database(error) => error.into(),
            ReuploadError::Machine(error) => error.into(),
            ReuploadError::Disabled(_) => conflict(code, detail),
            ReuploadError::Days(DaysError::Backwards | DaysError::Future) => {
                Self::invalid("/to", code, detail)
            }
            ReuploadError::Days(DaysError::TooMany) => Self::invalid("/from", code, detail),
            ReuploadError::NothingMissing => Self::invalid("/onlyMissing", code, detail),
            ReuploadError::Nobody | ReuploadError::EmployeeUnknown(_) => {
                Self::invalid("/employeeIds", code, detail)
            }
        }
    }
}

impl From<PunchFileError> for Problem {
    fn from(error: PunchFileError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            PunchFileError::Database(error) => error.into(),
            PunchFileError::Machine(error) => error.into(),
            PunchFileError::Empty | PunchFileError::TooManyLines => Self::invalid("/file", code, detail),
            PunchFileError::NoColumn(_, columns) => {
                Self::invalid("/file", code, detail).with(&PunchFileColumns::of(&columns))
            }
            PunchFileError::ColumnTwice(..)
            | PunchFileError::MappingHeader(_)
            | PunchFileError::MappingColumn(_) => Self::invalid("/mapping", code, detail),
        }
    }
}
