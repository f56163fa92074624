//! What somebody is to do on a date (rule 6.4).

use std::sync::Arc;

use super::shift::Shift;

/// What somebody is to do on a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Planned {
    /// To work this shift.
    Works(Arc<Shift>),
    /// Nothing: an assignment covers the date and leaves its weekday out, a rotation rests, or the day was set to rest.
    Rest,
    /// Nothing: it is a holiday of this name.
    Holiday(String),
    /// Nobody has said: no assignment covers the date.
    Unscheduled,
    /// They were not hired yet, or have left.
    NotEmployed,
}

/// What a plan rests on, for the page that explains a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// The day was set by hand.
    Cell,
    /// This assignment was the narrowest, or the newest of the narrowest.
    Assignment(i64),
    /// Nothing covers the date, or the person is not employed.
    Nothing,
}

/// What somebody is to do on a date, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayPlan {
    /// What.
    pub planned: Planned,
    /// Why.
    pub because: Because,
    /// The name of the make-up workday it is, if it is one.
    pub make_up: Option<String>,
}
