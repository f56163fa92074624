//! Who is to work when: shifts, rotations, whom they are assigned to, the calendar, leave, and single days set by hand.
//!
//! What somebody is to do on a date is never stored; [`plan`] works it out of these whenever it is asked (rule 6.4).

pub mod plan;
pub mod problems;
pub mod shift;
