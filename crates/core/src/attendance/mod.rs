//! From punches to a fair day: what somebody's day was, why, and how sure that is (rule 6.5).
//!
//! [`day`] judges a day by its facts alone: plan, punches, leave, corrections. What cannot be known yet is added when a result is
//! looked at: a day is provisional until every machine that could hold a punch of that person has been heard from after it.

pub mod day;
pub mod horizon;
mod touched;
pub mod window;

pub use touched::Touched;
pub(crate) use touched::{cells_touched, days_touched, punches_touched};
