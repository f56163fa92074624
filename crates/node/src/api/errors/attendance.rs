//! Plans, days, and putting them right.

use axum::http::StatusCode;
use rollcall_core::appeals::rule::Refusal;
use rollcall_core::appeals::{AppealError, TextOf};
use rollcall_core::attendance::AttendanceError;
use rollcall_core::schedule::ScheduleError;

use super::conflict;
use crate::api::calendar_import::CalendarImportReport;
use crate::api::problem::Problem;
use crate::api::shifts;

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
                Refusal::Future => Self::invalid("/date", code, detail),
                Refusal::ClaimedNeeded | Refusal::ClaimedOutside => Self::invalid("/claimed", code, detail),
                Refusal::NoSuchMark | Refusal::OpenAlready => conflict(code, detail).at("/mark"),
                Refusal::QuotaUsed => conflict(code, detail).at("/claimed"),
                Refusal::MonthLocked => conflict(code, detail),
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
