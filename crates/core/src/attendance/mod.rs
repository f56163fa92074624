//! From punches to a fair day: what somebody's day was, why, and how sure that is (rule 6.5).
//!
//! [`day`] judges a day by its facts alone: plan, punches, leave, corrections. What cannot be known yet is added when a result is
//! looked at: a day is provisional until every machine that could hold a punch of that person has been heard from after it.

mod again;
pub mod day;
mod day_list;
mod error;
mod exceptions;
mod explain;
mod facts;
mod heard;
pub mod horizon;
mod locks;
mod opening;
mod picked;
mod queries;
mod recompute;
mod sheet;
mod stored;
mod summary;
#[cfg(test)]
mod tests;
mod touched;
mod view;
mod whom;
pub mod window;
mod work;

pub use again::{
    Part, Recomputed, Recomputing, recompute_done, recompute_look, recompute_prepare, recompute_write,
};
pub use day_list::{DayFilter, day_each, day_list};
pub use error::AttendanceError;
pub use exceptions::{Exception, ExceptionCounts, exception_list};
pub use explain::{Deed, Explained, FactShown, MachineShown, day_explain};
pub(crate) use locks::months_locked;
pub use locks::{LateDay, MonthLock, late_list, lock_add, lock_check, lock_list, lock_remove};
pub use opening::{Opening, next_midnight, open_next, opening};
pub(crate) use picked::{day_stored, days_picked};
pub use recompute::{Difference, Recompute, difference_list, differences_sweep, recompute_add};
pub use sheet::{DateKind, Sheet, SheetDate, SheetDay, SheetHead, SheetRow, Totals, sheet, sheet_in_parts};
pub use stored::{LocalTime, StoredDay};
pub use summary::{DateSummary, day_summary};
pub use touched::{Touched, stretches_note, stretches_wait};
pub(crate) use touched::{cells_touched, days_touched, punches_touched};
pub use view::{DayStatus, DayView};
pub use whom::{Dates, Month, Whom};
pub use work::{Work, Worked, days_look, days_write};
pub(crate) use work::{set_state, state};

/// Days that are shown at a time.
pub const DAYS_MOST: i64 = 62;
/// Days that are counted at a time.
pub const SUMMARY_MOST: i64 = 366;
