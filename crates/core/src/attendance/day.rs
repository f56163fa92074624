//! A day, judged by its facts alone; no database and no clock (rule 6.5).

use chrono::NaiveDate;
use rollcall_protocol::WallTime;
use serde::{Deserialize, Serialize};

use crate::punches::PunchId;
use crate::schedule::plan::DayPlan;
use crate::schedule::shift::{Minute, ShiftId};

/// Where a fact comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FactId {
    /// A machine.
    Punch(PunchId),
    /// An approved request: the number of the correction.
    Correction(i64),
}

/// What key was pressed, where one was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Key {
    /// Coming: the states 0, 3 and 4.
    In,
    /// Going: the states 1, 2 and 5.
    Out,
}

/// Somebody was somewhere at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// Where it comes from.
    pub id: FactId,
    /// The wall clock there.
    pub wall: WallTime,
    /// Seconds east of UTC it had.
    pub utc_offset: i32,
    /// What key was pressed; only a hint, since people press the wrong one.
    pub key: Option<Key>,
    /// Why it cannot count, whatever the shift: the clock was wrong, or nobody knows that it was a punch.
    pub void: Option<Void>,
}

/// Why a fact never counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Void {
    /// The machine's clock showed a time that had not come yet, or one before 2000.
    Clock,
    /// An event of which nobody knows whether it lets somebody in.
    Unclassified,
}

/// A stretch of leave on this day, in its minutes; a whole day is 0 to 1440 and covers whatever the shift has after midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leave {
    /// From this minute; none: from the beginning.
    pub from: Option<Minute>,
    /// To this minute; none: to the end.
    pub to: Option<Minute>,
    /// What kind of leave.
    pub kind: String,
}

/// What can be wrong with a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MarkKind {
    /// Came after the start and its grace.
    Late,
    /// Left before the end and its grace.
    EarlyLeave,
    /// No punch for coming.
    MissingIn,
    /// No punch for going.
    MissingOut,
    /// Was not there, for the minutes the mark gives.
    Absent,
}

/// Something wrong with a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    /// What.
    pub kind: MarkKind,
    /// Late or early by, or absent for; 0 of a missing punch.
    pub minutes: i32,
    /// Whether an appeal has lifted it: it is shown, and counts no more.
    pub lifted: bool,
    /// Which segment of the shift, from 0; none: the whole day.
    pub segment: Option<u8>,
}

/// What a day was, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// As it should be, or everything wrong with it is lifted.
    Normal,
    /// The worst that is left is lateness.
    Late,
    /// The worst that is left is leaving early.
    EarlyLeave,
    /// A punch is missing.
    Missing,
    /// Absent, for all of it or a part.
    Absent,
    /// Nothing was to be done.
    Rest,
    /// A holiday.
    Holiday,
    /// On leave all day.
    Leave,
    /// Nobody has said what was to be done.
    Unscheduled,
    /// Not hired yet, or left.
    NotEmployed,
}

/// What a fact was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Use {
    /// Coming to this segment, from 0.
    In(u8),
    /// Going from this segment, from 0.
    Out(u8),
}

/// Why a fact of the window was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Unused {
    /// Another, closer than a minute or so, was.
    Double,
    /// It lies between coming and going.
    Between,
    /// It would have made the day worse.
    Worse,
    /// It cannot count.
    Void(Void),
    /// Nothing was to be done.
    NoShift,
}

/// Everything a day is judged by.
#[derive(Debug, Clone)]
pub struct DayFacts<'a> {
    /// The day.
    pub date: NaiveDate,
    /// What was to be done the day before: where two windows would overlap, each takes half of what lies between.
    pub before: &'a DayPlan,
    /// What was to be done.
    pub plan: &'a DayPlan,
    /// What was to be done the day after.
    pub after: &'a DayPlan,
    /// Facts from the day before to the day after, in any order; those outside the window are not this day's.
    pub facts: &'a [Fact],
    /// Leave on this day.
    pub leave: &'a [Leave],
    /// Marks that approved appeals lift.
    pub lifts: &'a [MarkKind],
}

/// What a day was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayResult {
    /// In a word.
    pub status: Status,
    /// The shift it was judged by.
    pub shift: Option<ShiftId>,
    /// Punches of this day are taken from here (wall clock) …
    pub window_from: WallTime,
    /// … to before here.
    pub window_to: WallTime,
    /// The first coming that was taken.
    pub first_in: Option<Fact>,
    /// The last going that was taken.
    pub last_out: Option<Fact>,
    /// Minutes worked within the shift, breaks and leave taken off.
    pub worked: i32,
    /// Minutes that were to be worked.
    pub required: i32,
    /// Minutes of overtime.
    pub overtime: i32,
    /// Minutes of the shift that were leave.
    pub leave: i32,
    /// What was wrong, lifted marks too.
    pub marks: Vec<Mark>,
    /// Which facts were taken, and for what.
    pub used: Vec<(FactId, Use)>,
    /// Which facts of the window were not, and why.
    pub unused: Vec<(FactId, Unused)>,
}
