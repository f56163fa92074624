//! The people of machines: their lists, their numbers, the rules, and the jobs that do it.

use rollcall_core::dispatch::DispatchError;
use rollcall_core::jobs::JobError;
use rollcall_core::numbers::NumberError;
use rollcall_core::roster::RosterError;

use super::conflict;
use crate::api::problem::Problem;

impl From<RosterError> for Problem {
    fn from(error: RosterError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            RosterError::Database(error) => error.into(),
            RosterError::Machine(error) => error.into(),
            RosterError::Cursor(error) => error.into(),
            RosterError::EmployeeUnknown(_) | RosterError::Unknown(_) => Self::not_found(code, detail),
            RosterError::Directory(error) => error.into(),
            RosterError::NotThere(_) => Self::not_found(code, detail),
            RosterError::SamePerson => Self::invalid("/newEmployeeId", code, detail),
            RosterError::Disabled(_) | RosterError::Refused(_) | RosterError::NotClaimed { .. } => {
                conflict(code, detail)
            }
            RosterError::Exists(_) => conflict(code, detail).at("/employeeId"),
            RosterError::PinTaken { .. } => conflict(code, detail).at("/pin"),
            RosterError::Pin(_) => Self::invalid("/pin", code, detail),
        }
    }
}

impl From<NumberError> for Problem {
    fn from(error: NumberError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            NumberError::Database(error) => error.into(),
            NumberError::Roster(error) => error.into(),
            NumberError::FieldMissing | NumberError::FieldUnknown(_) | NumberError::FieldType(_) => {
                Self::invalid("/field", code, detail)
            }
            NumberError::NoProposal(_) | NumberError::Off => conflict(code, detail),
        }
    }
}

impl From<DispatchError> for Problem {
    fn from(error: DispatchError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            DispatchError::Database(error) => error.into(),
            DispatchError::Machine(error) => error.into(),
            DispatchError::Roster(error) => error.into(),
            DispatchError::EmployeeUnknown(_) => Self::not_found(code, detail),
            DispatchError::TargetUnknown { excluded, index, .. } => {
                let list = if excluded { "exclude" } else { "include" };
                Self::invalid(&format!("/{list}/{index}/id"), code, detail)
            }
            DispatchError::RunAtInvalid => Self::invalid("/runAt", code, detail),
            DispatchError::Off => conflict(code, detail),
        }
    }
}

impl From<JobError> for Problem {
    fn from(error: JobError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            JobError::Database(error) => error.into(),
            JobError::Cursor(error) => error.into(),
            JobError::Unknown(_) => Self::not_found(code, detail),
            JobError::NotOpen | JobError::NothingToConfirm => conflict(code, detail),
        }
    }
}
