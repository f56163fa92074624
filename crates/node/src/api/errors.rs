//! The core's refusals as problems: which status, and which part of the body.

use axum::http::StatusCode;
use rollcall_core::appeals::rule::Refusal as AppealRefusal;
use rollcall_core::appeals::{AppealError, TextOf};
use rollcall_core::attendance::AttendanceError;
use rollcall_core::audit::AuditError;
use rollcall_core::commands::CommandError;
use rollcall_core::db;
use rollcall_core::directory::{DirectoryError, ImportError};
use rollcall_core::dispatch::DispatchError;
use rollcall_core::jobs::JobError;
use rollcall_core::machines::MachineError;
use rollcall_core::numbers::NumberError;
use rollcall_core::page::{CursorError, ListError};
use rollcall_core::punch_files::PunchFileError;
use rollcall_core::punches::PunchError;
use rollcall_core::reuploads::{DaysError, ReuploadError};
use rollcall_core::roster::RosterError;
use rollcall_core::schedule::ScheduleError;
use rollcall_protocol::order::Refusal;

use super::calendar_import::CalendarImportReport;
use super::imports::ImportReport;
use super::problem::Problem;
use super::punch_files::PunchFileColumns;
use super::shifts;

/// Seconds after which a database that was in trouble is worth another try.
const STORAGE_PAUSE: u64 = 5;

fn conflict(code: &'static str, detail: String) -> Problem {
    Problem::new(StatusCode::CONFLICT, code, detail)
}

/// What is wrong with the storage and what to do, for a code of the core's.
fn storage_advice(code: &str) -> String {
    let what = match code {
        "database.locked" => "another program holds the database; close it",
        "database.full" => "the disk is full; make room",
        "database.read_only" => "the database may not be written; change the permissions of its folder",
        "database.io" => "the disk does not read or write as it should; check it",
        "database.damaged" => "the database is damaged; restore a backup",
        "database.overloaded" => "more is waiting to be written than the disk takes",
        "database.closed" => "the program is stopping",
        _ => "the database does not answer as it should",
    };
    format!("{what}; nothing was changed, and machines keep their punches meanwhile")
}

impl From<db::Error> for Problem {
    fn from(error: db::Error) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        if matches!(error, db::Error::Failed(_)) {
            // A statement of ours that SQLite refuses is our mistake; whoever looks into it needs all of it.
            tracing::error!(error = &error as &dyn std::error::Error, "a database statement failed");
            return Self::new(StatusCode::INTERNAL_SERVER_ERROR, code, detail);
        }
        if matches!(error, db::Error::Vault(_)) {
            // Reads as advice by itself, and does not pass within seconds.
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail);
        }
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, storage_advice(code)).retry_after(STORAGE_PAUSE)
    }
}

impl From<CursorError> for Problem {
    fn from(error: CursorError) -> Self {
        Self::invalid("/cursor", error.code(), error.to_string())
    }
}

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

impl From<ListError> for Problem {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Database(error) => error.into(),
            ListError::Cursor(error) => error.into(),
            ListError::Machine(error) => error.into(),
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

impl From<ScheduleError> for Problem {
    fn from(error: ScheduleError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            ScheduleError::Database(error) => error.into(),
            ScheduleError::Cursor(error) => error.into(),
            ScheduleError::ShiftUnknown(_)
            | ScheduleError::RotationUnknown(_)
            | ScheduleError::AssignmentUnknown(_)
            | ScheduleError::CalendarUnknown(_)
            | ScheduleError::LeaveUnknown(_) => Self::not_found(code, detail),
            ScheduleError::ShiftNameTaken(_) | ScheduleError::RotationNameTaken(_) => {
                conflict(code, detail).at("/name")
            }
            ScheduleError::ShiftInUse(_) | ScheduleError::RotationInUse => conflict(code, detail),
            ScheduleError::LeaveOverlaps { .. } => conflict(code, detail).at("/from"),
            ScheduleError::Rule(error) => Self::invalid(&shifts::pointer(error), code, detail),
            ScheduleError::RotationSteps | ScheduleError::RotationRest => {
                Self::invalid("/steps", code, detail)
            }
            ScheduleError::RotationStepUnknown(index) => {
                Self::invalid(&format!("/steps/{index}"), code, detail)
            }
            ScheduleError::AssignmentTargetUnknown(_) => Self::invalid("/target/id", code, detail),
            ScheduleError::AssignmentShiftUnknown(_) => Self::invalid("/shiftId", code, detail),
            ScheduleError::AssignmentRotationUnknown(_) => Self::invalid("/rotationId", code, detail),
            ScheduleError::AssignmentWeekdays => Self::invalid("/weekdays", code, detail),
            ScheduleError::AssignmentToBeforeFrom
            | ScheduleError::LeaveToBeforeFrom
            | ScheduleError::Stretch => Self::invalid("/to", code, detail),
            ScheduleError::CalendarUnreadable(_)
            | ScheduleError::CalendarNotBuiltIn(_)
            | ScheduleError::CalendarYear => Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail),
            ScheduleError::CalendarRows(report) => {
                let problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail);
                problem.with(&CalendarImportReport::from(*report))
            }
            ScheduleError::EmployeeUnknown(_) => Self::invalid("/employeeId", code, detail),
            ScheduleError::CellShiftUnknown(index) => {
                Self::invalid(&format!("/cells/{index}/shiftId"), code, detail)
            }
            ScheduleError::CellEmployeeUnknown(index) => {
                Self::invalid(&format!("/cells/{index}/employeeId"), code, detail)
            }
            ScheduleError::CellTwice(index) => Self::invalid(&format!("/cells/{index}"), code, detail),
            ScheduleError::Text(_) => Self::invalid("/name", code, detail),
            ScheduleError::NoRandom => Self::new(StatusCode::INTERNAL_SERVER_ERROR, code, detail),
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

impl From<PunchError> for Problem {
    fn from(error: PunchError) -> Self {
        match error {
            PunchError::Database(error) => error.into(),
            PunchError::Cursor(error) => error.into(),
        }
    }
}

impl From<AppealError> for Problem {
    fn from(error: AppealError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            AppealError::Database(error) => error.into(),
            AppealError::Cursor(error) => error.into(),
            AppealError::Unknown(_) | AppealError::EvidenceMissing(_) | AppealError::CorrectionUnknown(_) => {
                Self::not_found(code, detail)
            }
            AppealError::EmployeeUnknown(_) => Self::invalid("/employeeId", code, detail),
            AppealError::Refused { refusal, .. } => match refusal {
                AppealRefusal::Future => Self::invalid("/date", code, detail),
                AppealRefusal::ClaimedNeeded | AppealRefusal::ClaimedOutside => {
                    Self::invalid("/claimed", code, detail)
                }
                AppealRefusal::NoSuchMark | AppealRefusal::OpenAlready => conflict(code, detail).at("/mark"),
                AppealRefusal::QuotaUsed => conflict(code, detail).at("/claimed"),
                AppealRefusal::MonthLocked => conflict(code, detail),
            },
            AppealError::CorrectionFuture | AppealError::NotEmployed { .. } => {
                Self::invalid("/date", code, detail)
            }
            AppealError::CorrectionOutside(_) => Self::invalid("/time", code, detail),
            AppealError::CorrectionNoSuchMark(_) => conflict(code, detail).at("/mark"),
            AppealError::MonthLocked(_) | AppealError::NotOpen(_) | AppealError::CorrectionWithdrawn => {
                conflict(code, detail)
            }
            AppealError::NoteNeeded => Self::invalid("/note", code, detail),
            AppealError::Text { of, .. } => {
                let pointer = match of {
                    TextOf::Reason => "/reason",
                    TextOf::Note => "/note",
                    TextOf::Name => "/name",
                };
                Self::invalid(pointer, code, detail)
            }
            AppealError::EvidenceType => Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail),
            AppealError::EvidenceTooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, code, detail),
        }
    }
}

impl From<AttendanceError> for Problem {
    fn from(error: AttendanceError) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            AttendanceError::Database(error) => error.into(),
            AttendanceError::Cursor(error) => error.into(),
            AttendanceError::EmployeeUnknown(_) | AttendanceError::RecomputeUnknown(_) => {
                Self::not_found(code, detail)
            }
            AttendanceError::RangeTurned | AttendanceError::RangeTooLong(_) => {
                Self::invalid("/to", code, detail)
            }
            AttendanceError::MonthNotOver
            | AttendanceError::MonthUnsettled
            | AttendanceError::MonthLocked
            | AttendanceError::MonthNotLocked => conflict(code, detail),
            AttendanceError::MonthProvisional(days) => {
                conflict(code, detail).with(&serde_json::json!({ "days": days }))
            }
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

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Database(error) => error.into(),
            AuditError::Cursor(error) => error.into(),
        }
    }
}
