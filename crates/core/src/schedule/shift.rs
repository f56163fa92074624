//! A shift: from when to when, and how far one may be off (rule 6.4).

use serde::{Deserialize, Serialize};

/// A time of day as whole minutes after the midnight its day begins with, on the clocks of the place: 540 is 09:00, 1560 is
/// 02:00 on the next day. Below zero is the evening before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Minute(pub i32);

/// Minutes of a day.
pub const DAY: i32 = 1440;

/// From a minute to a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stretch {
    /// Its first minute.
    pub start: Minute,
    /// The minute after its last.
    pub end: Minute,
}

impl Stretch {
    /// How long it is, in minutes.
    pub fn minutes(self) -> i32 {
        self.end.0 - self.start.0
    }
}

/// The id of a shift.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShiftId(pub String);

/// What one owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ShiftKind {
    /// To be there from the start to the end of each segment.
    Fixed,
    /// To be there for [`Rule::required_minutes`], whenever one likes within the segment.
    Flexible,
}

/// What a shift asks. All durations are whole minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// What one owes.
    pub kind: ShiftKind,
    /// In order, none touching the next: one punches in and out of each. A flexible shift has one: the hours it may be worked in.
    pub segments: Vec<Stretch>,
    /// Coming this much later is still in time.
    pub grace_in: i32,
    /// Leaving this much earlier is still in time.
    pub grace_out: i32,
    /// Punches count from this long before the first start.
    pub window_before: i32,
    /// Punches count until this long after the last end.
    pub window_after: i32,
    /// Not worked and not paid, and nobody punches for them: a lunch within a segment.
    pub breaks: Vec<Stretch>,
    /// What a flexible shift asks; of a fixed one it follows from segments and breaks.
    pub required_minutes: Option<i32>,
    /// Late or early by more than this is half a day's absence.
    pub half_day_after: Option<i32>,
    /// Late or early by more than this is a day's absence.
    pub absent_after: Option<i32>,
    /// Staying at least this long after the last end is overtime, from the end on; none: there is no overtime.
    pub overtime_after: Option<i32>,
    /// Overtime is cut to whole multiples of this.
    pub rounding: Option<i32>,
    /// Two punches closer than this are one: of a person who was not sure.
    pub double_punch: i32,
}

impl Rule {
    /// A fixed shift of these segments, of which nothing else is said: nobody may be late, there is no overtime, and punches
    /// count from two hours before to four hours after it.
    pub fn fixed(segments: Vec<Stretch>) -> Self {
        Self {
            kind: ShiftKind::Fixed,
            segments,
            grace_in: 0,
            grace_out: 0,
            window_before: 120,
            window_after: 240,
            breaks: Vec::new(),
            required_minutes: None,
            half_day_after: None,
            absent_after: None,
            overtime_after: None,
            rounding: None,
            double_punch: 1,
        }
    }

    /// Whether one comes and goes as one likes.
    pub fn is_flexible(&self) -> bool {
        self.kind == ShiftKind::Flexible
    }
}

/// A shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Its id.
    pub id: ShiftId,
    /// Its name.
    pub name: String,
    /// What it asks.
    pub rule: Rule,
}
