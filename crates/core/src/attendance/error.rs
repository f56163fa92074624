use crate::db::{self, database_failure};
use crate::directory::EmployeeId;
use crate::page::CursorError;

/// Why something about attendance was refused.
#[derive(Debug, thiserror::Error)]
pub enum AttendanceError {
    /// The last date lies before the first.
    #[error("the last date is before the first")]
    RangeTurned,
    /// More dates than are looked at at a time.
    #[error("at most {0} days at a time")]
    RangeTooLong(i64),
    /// There is no such person.
    #[error("there is nobody with the id {0}")]
    EmployeeUnknown(EmployeeId),
    /// The month is not over where the site is.
    #[error("the month is not over; it is locked when its last day is")]
    MonthNotOver,
    /// Days of the month may still change by themselves.
    #[error("{0} days of the month may still change, because punches of them may be on their way")]
    MonthProvisional(u64),
    /// Something of the month changed just now and is being worked out.
    #[error("days of the month are being worked out right now; try again in a moment")]
    MonthUnsettled,
    /// It is locked already.
    #[error("the month is locked already")]
    MonthLocked,
    /// It is not locked.
    #[error("the month is not locked")]
    MonthNotLocked,
    /// There is no such recomputation.
    #[error("there is no recomputation {0}")]
    RecomputeUnknown(i64),
    /// The cursor is not ours.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(AttendanceError);

impl AttendanceError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RangeTurned => "attendance.range_turned",
            Self::RangeTooLong(_) => "attendance.range_too_long",
            Self::EmployeeUnknown(_) => "employee.unknown",
            Self::MonthNotOver => "attendance.month_not_over",
            Self::MonthProvisional(_) => "attendance.month_provisional",
            Self::MonthUnsettled => "attendance.month_unsettled",
            Self::MonthLocked => "attendance.month_locked",
            Self::MonthNotLocked => "attendance.month_not_locked",
            Self::RecomputeUnknown(_) => "attendance.recompute_unknown",
            Self::Cursor(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }
}
