use super::calendar::CalendarReport;
use super::draft::RuleError;
use super::shift::ShiftId;
use crate::db::{self, database_failure};
use crate::directory::{DirectoryError, EmployeeId};
use crate::page::CursorError;
use crate::text::TextError;
use chrono::NaiveDate;

/// Why something about the schedule was refused.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// No such shift, or it was removed.
    #[error("there is no shift with the id {}", .0.0)]
    ShiftUnknown(ShiftId),
    /// Another shift is called so.
    #[error("another shift is called {0}")]
    ShiftNameTaken(String),
    /// Somebody is to work it.
    #[error("the shift cannot be removed: {0}")]
    ShiftInUse(&'static str),
    /// What it asks cannot be.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// No such rotation, or it was removed.
    #[error("there is no rotation with the id {0}")]
    RotationUnknown(String),
    /// Another rotation is called so.
    #[error("another rotation is called {0}")]
    RotationNameTaken(String),
    /// Somebody is to work it.
    #[error("the rotation cannot be removed: it is assigned")]
    RotationInUse,
    /// No step, or too many.
    #[error("a rotation has 1 to {} steps", super::rotations::STEPS_MOST)]
    RotationSteps,
    /// A step that is no shift.
    #[error("step {} is a shift that does not exist", .0 + 1)]
    RotationStepUnknown(usize),
    /// Nothing but rest.
    #[error("a rotation has at least one step with a shift")]
    RotationRest,
    /// No such assignment.
    #[error("there is no assignment with the number {0}")]
    AssignmentUnknown(i64),
    /// It names nobody.
    #[error("there is nobody and nothing with the id {0}")]
    AssignmentTargetUnknown(String),
    /// The shift of an assignment is none.
    #[error("there is no shift with the id {}", .0.0)]
    AssignmentShiftUnknown(ShiftId),
    /// The rotation of an assignment is none.
    #[error("there is no rotation with the id {0}")]
    AssignmentRotationUnknown(String),
    /// The last day is before the first.
    #[error("the last day is before the first")]
    AssignmentToBeforeFrom,
    /// No weekday at all.
    #[error("at least one weekday, each of 1 (Monday) to 7 (Sunday) at most once")]
    AssignmentWeekdays,
    /// Nothing is noted for that date.
    #[error("nothing is noted in the calendar for {0}")]
    CalendarUnknown(NaiveDate),
    /// A calendar in which nothing is understood.
    #[error("{0}")]
    CalendarUnreadable(&'static str),
    /// A year nobody has written down.
    #[error("the calendar of {} is not built in; those of {} are", .0, years())]
    CalendarNotBuiltIn(i32),
    /// A year that a text does not say.
    #[error("the text does not say of which year it is")]
    CalendarYear,
    /// Rows that are wrong.
    #[error("{} rows are wrong, so nothing was taken", .0.wrong.len())]
    CalendarRows(Box<CalendarReport>),
    /// No such leave.
    #[error("there is no leave with the number {0}")]
    LeaveUnknown(i64),
    /// Nobody of that id.
    #[error("there is nobody with the id {0}")]
    EmployeeUnknown(EmployeeId),
    /// It ends before it begins.
    #[error("the leave ends before it begins")]
    LeaveToBeforeFrom,
    /// There is leave already.
    #[error("they are on leave already from {from} to {to}")]
    LeaveOverlaps {
        /// Its first day.
        from: NaiveDate,
        /// Its last day.
        to: NaiveDate,
    },
    /// Days that are none, or too many.
    #[error(
        "the last day is not before the first, and at most {} days are looked at",
        super::grid::DAYS_MOST
    )]
    Stretch,
    /// A cell with a shift that does not exist.
    #[error("cell {} has a shift that does not exist", .0 + 1)]
    CellShiftUnknown(usize),
    /// A cell of nobody.
    #[error("cell {} is of nobody", .0 + 1)]
    CellEmployeeUnknown(usize),
    /// The same day of the same person twice.
    #[error("cell {} is of the same day as one before it", .0 + 1)]
    CellTwice(usize),
    /// A name or note that is none.
    #[error(transparent)]
    Text(#[from] TextError),
    /// No random number for an id.
    #[error("the system gives no random numbers")]
    NoRandom,
    /// The cursor is not ours.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

fn years() -> String {
    let years: Vec<String> = super::calendar::calendar_years_built_in().iter().map(i32::to_string).collect();
    years.join(", ")
}

database_failure!(ScheduleError);

impl From<DirectoryError> for ScheduleError {
    fn from(error: DirectoryError) -> Self {
        match error {
            DirectoryError::Database(error) => Self::Database(error),
            DirectoryError::Cursor(error) => Self::Cursor(error),
            DirectoryError::Unknown(id) => Self::EmployeeUnknown(id),
            // Only ids are made with the directory's help here.
            _ => Self::NoRandom,
        }
    }
}

impl ScheduleError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ShiftUnknown(_) => "shift.unknown",
            Self::ShiftNameTaken(_) => "shift.name_taken",
            Self::ShiftInUse(_) => "shift.in_use",
            Self::Rule(error) => error.code(),
            Self::RotationUnknown(_) => "rotation.unknown",
            Self::RotationNameTaken(_) => "rotation.name_taken",
            Self::RotationInUse => "rotation.in_use",
            Self::RotationSteps => "rotation.steps",
            Self::RotationStepUnknown(_) => "rotation.shift_unknown",
            Self::RotationRest => "rotation.only_rest",
            Self::AssignmentUnknown(_) => "assignment.unknown",
            Self::AssignmentTargetUnknown(_) => "assignment.target_unknown",
            Self::AssignmentShiftUnknown(_) => "assignment.shift_unknown",
            Self::AssignmentRotationUnknown(_) => "assignment.rotation_unknown",
            Self::AssignmentToBeforeFrom => "assignment.to_before_from",
            Self::AssignmentWeekdays => "assignment.weekdays",
            Self::CalendarUnknown(_) => "calendar.unknown",
            Self::CalendarUnreadable(_) => "calendar.unreadable",
            Self::CalendarNotBuiltIn(_) => "calendar.not_built_in",
            Self::CalendarYear => "calendar.year_missing",
            Self::CalendarRows(_) => "calendar.rows_invalid",
            Self::LeaveUnknown(_) => "leave.unknown",
            Self::EmployeeUnknown(_) => "employee.unknown",
            Self::LeaveToBeforeFrom => "leave.to_before_from",
            Self::LeaveOverlaps { .. } => "leave.overlaps",
            Self::Stretch => "schedule.stretch",
            Self::CellShiftUnknown(_) => "schedule.unknown_shift",
            Self::CellEmployeeUnknown(_) => "schedule.unknown_employee",
            Self::CellTwice(_) => "schedule.cell_twice",
            Self::Text(error) => error.code(),
            Self::NoRandom => "system.no_random",
            Self::Cursor(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }
}
