//! Who is to work when: shifts, rotations, whom they are assigned to, the calendar, leave, and single days set by hand.
//!
//! What somebody is to do on a date is never stored; [`plan`] works it out of these whenever it is asked (rule 6.4). Whatever
//! changes a plan or leave says in its own transaction which days are to be judged anew.

mod assignments;
mod calendar;
mod cells;
mod draft;
mod error;
mod grid;
mod leaves;
pub mod plan;
pub mod problems;
mod queries;
mod rotations;
pub mod shift;
mod shifts;
#[cfg(test)]
mod tests;
mod times;

pub(crate) use assignments::assigned_to;
pub use assignments::{
    AssignmentFilter, AssignmentShown, assignment_add, assignment_change, assignment_get, assignment_list,
    assignment_remove,
};
pub use calendar::{
    CalendarAction, CalendarForm, CalendarRead, CalendarReport, RowWrong, calendar_built_in, calendar_check,
    calendar_form, calendar_import, calendar_list, calendar_of_json, calendar_of_notice, calendar_of_rows,
    calendar_remove, calendar_set, calendar_years_built_in, weekday_of_number,
};
pub use cells::{
    CELLS_MOST, CellChange, CellProblem, CellSet, CellsReport, schedule_cells_set, schedule_check,
};
pub use draft::{
    BREAKS_MOST, DOUBLE_PUNCH_MOST, Duration, MARGIN_MOST, ROUNDING_MOST, RuleDraft, RuleError,
    SEGMENTS_MOST, THRESHOLD_MOST,
};
pub use error::ScheduleError;
pub use grid::{DAYS_MOST, ScheduleDay, ScheduleFilter, ScheduleRow, schedule_list};
pub use leaves::{
    Leave, LeaveChange, LeaveFilter, LeaveKind, LeaveShown, NOTE_MOST, leave_add, leave_change, leave_get,
    leave_list, leave_remove,
};
pub(crate) use queries::shifts_load;
pub use queries::{LeaveSpan, book_load, cells_load, leaves_load, people_load};
pub use rotations::{
    NewRotation, Rotation, RotationChange, STEPS_MOST, rotation_add, rotation_change, rotation_get,
    rotation_list, rotation_remove,
};
pub use shifts::{
    COLOR_MOST, NewShift, ShiftChange, ShiftShown, shift_add, shift_change, shift_get, shift_list,
    shift_remove,
};
pub use times::{Period, TimeOfDay};

/// Characters the name of a shift, a rotation or a holiday may have.
pub const NAME_MOST: usize = 100;
