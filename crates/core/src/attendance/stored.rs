//! A day as it is kept: what facts alone make of it. What cannot be known yet is added when it is looked at.

use rollcall_protocol::WallTime;
use serde::{Deserialize, Serialize};

use super::day::{DayResult, Fact, Mark, MarkKind, Status};
use crate::schedule::shift::ShiftId;

/// A time on the clocks of the place where it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LocalTime {
    /// The wall clock, in seconds since 1970-01-01 00:00:00 of it.
    pub wall: i64,
    /// Seconds east of UTC it had.
    pub utc_offset: i32,
}

impl LocalTime {
    /// The wall clock.
    pub fn wall(self) -> WallTime {
        WallTime::from_seconds(self.wall)
    }
}

impl From<Fact> for LocalTime {
    fn from(fact: Fact) -> Self {
        Self { wall: fact.wall.seconds(), utc_offset: fact.utc_offset }
    }
}

/// A result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredDay {
    /// The shift it was judged by.
    pub shift: Option<ShiftId>,
    /// In a word.
    pub status: Status,
    /// The first coming.
    pub first_in: Option<LocalTime>,
    /// The last going.
    pub last_out: Option<LocalTime>,
    /// Minutes worked.
    pub worked: i32,
    /// Minutes that were to be worked.
    pub required: i32,
    /// Minutes of overtime.
    pub overtime: i32,
    /// Minutes of leave.
    pub leave: i32,
    /// Punches of the day are taken from this instant, in seconds of UTC …
    pub begins_at: i64,
    /// … to before this one.
    pub ends_at: i64,
    /// What was wrong, lifted marks too.
    pub marks: Vec<Mark>,
}

impl StoredDay {
    /// A judgement with the instants of its window.
    pub(super) fn of(result: &DayResult, begins_at: i64, ends_at: i64) -> Self {
        Self {
            shift: result.shift.clone(),
            status: result.status,
            first_in: result.first_in.map(LocalTime::from),
            last_out: result.last_out.map(LocalTime::from),
            worked: result.worked,
            required: result.required,
            overtime: result.overtime,
            leave: result.leave,
            begins_at,
            ends_at,
            marks: result.marks.clone(),
        }
    }

    /// Whether it is the same to whoever looks at it: from when to when punches were taken does not matter.
    pub(super) fn shows_as(&self, other: &Self) -> bool {
        *self == Self { begins_at: self.begins_at, ends_at: self.ends_at, ..other.clone() }
    }
}

/// What lists are filtered by: which marks are not lifted.
pub(super) fn bits_of(marks: &[Mark]) -> i64 {
    marks.iter().filter(|mark| !mark.lifted).fold(0, |bits, mark| bits | bit(mark.kind))
}

/// The bit of a mark that is not lifted.
pub(super) fn bit(kind: MarkKind) -> i64 {
    match kind {
        MarkKind::Late => 1,
        MarkKind::EarlyLeave => 2,
        MarkKind::MissingIn => 4,
        MarkKind::MissingOut => 8,
        MarkKind::Absent => 16,
    }
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Normal,
        Self::Late,
        Self::EarlyLeave,
        Self::Missing,
        Self::Absent,
        Self::Rest,
        Self::Holiday,
        Self::Leave,
        Self::Unscheduled,
        Self::NotEmployed,
    ];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Late => "late",
            Self::EarlyLeave => "earlyLeave",
            Self::Missing => "missing",
            Self::Absent => "absent",
            Self::Rest => "rest",
            Self::Holiday => "holiday",
            Self::Leave => "leave",
            Self::Unscheduled => "unscheduled",
            Self::NotEmployed => "notEmployed",
        }
    }

    /// The status of a name; one that is none of ours says nothing of the day.
    pub(super) fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|status| status.name() == name).unwrap_or(Self::Unscheduled)
    }
}

impl MarkKind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Late, Self::EarlyLeave, Self::MissingIn, Self::MissingOut, Self::Absent];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::EarlyLeave => "earlyLeave",
            Self::MissingIn => "missingIn",
            Self::MissingOut => "missingOut",
            Self::Absent => "absent",
        }
    }

    /// The mark of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_and_bits_differ() {
        for status in Status::ALL {
            assert_eq!(Status::from_name(status.name()), status);
            assert_eq!(serde_json::to_value(status).unwrap(), status.name());
        }
        for kind in MarkKind::ALL {
            assert_eq!(MarkKind::from_name(kind.name()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        assert_eq!(MarkKind::ALL.into_iter().fold(0, |bits, kind| bits | bit(kind)), 31, "each its own");
    }
}
