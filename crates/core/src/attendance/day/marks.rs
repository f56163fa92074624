//! What is wrong with a day, and what became of it.

use serde::{Deserialize, Serialize};

use super::asked::{Asked, Segment};
use super::ways::{Candidate, Taken};
use super::{Mark, MarkKind, Status};
use crate::schedule::shift::Rule;

/// How bad a day is, the gravest first; of two days the one with the smaller badness is the better.
///
/// Of whoever was not seen nobody knows anything, and little of whoever was seen once; that is graver than having come so late that
/// it counts as absence. So a punch more never makes a day worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Badness {
    /// Minutes of segments nobody punched for.
    pub unseen: i32,
    /// Punches that are missing.
    pub missing: i32,
    /// Minutes of absence by the thresholds for coming late and leaving early.
    pub absent: i32,
    /// Minutes late and early.
    pub minutes: i32,
}

/// How far off a punch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Off {
    /// In time, or within grace.
    Not,
    /// By so many minutes.
    By(i32),
    /// So far that it is absence, of so many minutes.
    Absent(i32),
}

/// How late somebody comes to a segment at this minute.
pub(super) fn late(asked: &Asked, rule: &Rule, segment: &Segment, minute: i32) -> Off {
    let minutes = asked.owed(segment.start, minute.min(segment.end));
    off(asked, rule, minutes, rule.grace_in)
}

/// How early somebody goes from a segment at this minute.
pub(super) fn early(asked: &Asked, rule: &Rule, segment: &Segment, minute: i32) -> Off {
    let minutes = asked.owed(minute.max(segment.start), segment.end);
    off(asked, rule, minutes, rule.grace_out)
}

/// What being so many minutes off comes to.
pub(super) fn off(asked: &Asked, rule: &Rule, minutes: i32, grace: i32) -> Off {
    if minutes <= grace.max(0) {
        Off::Not
    } else if rule.absent_after.is_some_and(|most| minutes > most) {
        Off::Absent(asked.required)
    } else if rule.half_day_after.is_some_and(|most| minutes > most) {
        Off::Absent((asked.required / 2).max(1))
    } else {
        Off::By(minutes)
    }
}

/// The marks of a day, and how bad it is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Marks {
    pub marks: Vec<Mark>,
    pub badness: Badness,
}

impl Marks {
    fn add(&mut self, kind: MarkKind, minutes: i32, segment: Option<u8>) {
        self.marks.push(Mark { kind, minutes, lifted: false, segment });
    }

    fn missing(&mut self, kind: MarkKind, segment: &Segment) {
        self.badness.missing += 1;
        self.add(kind, 0, Some(segment.number));
    }

    fn unseen(&mut self, segment: &Segment) {
        self.badness.unseen += segment.minutes;
        self.add(MarkKind::Absent, segment.minutes, Some(segment.number));
    }

    fn off(&mut self, off: Off, kind: MarkKind, segment: &Segment) {
        match off {
            Off::Not => {}
            Off::By(minutes) => {
                self.badness.minutes += minutes;
                self.add(kind, minutes, Some(segment.number));
            }
            Off::Absent(minutes) => {
                self.badness.absent += minutes;
                self.add(MarkKind::Absent, minutes, Some(segment.number));
            }
        }
    }

    /// Nobody is absent for longer than the day: then it is the whole day, and nobody is late to a day they are absent from.
    fn whole_day(mut self, asked: &Asked) -> Self {
        let absent = self.badness.unseen + self.badness.absent;
        if absent > 0 && absent >= asked.required {
            self.badness.absent = asked.required - self.badness.unseen;
            self.badness.minutes = 0;
            self.marks.retain(|mark| matches!(mark.kind, MarkKind::MissingIn | MarkKind::MissingOut));
            let absent =
                Mark { kind: MarkKind::Absent, minutes: asked.required, lifted: false, segment: None };
            self.marks.insert(0, absent);
        }
        self
    }
}

/// The marks of a way to take punches.
pub(super) fn of_way(asked: &Asked, rule: &Rule, candidates: &[Candidate], way: &[Taken]) -> Marks {
    let minute = |place: Option<usize>| Some(candidates.get(place?)?.minute);
    let mut marks = Marks::default();
    for (segment, taken) in asked.segments.iter().zip(way) {
        let (coming, going) = (minute(taken.coming), minute(taken.going));
        if coming.is_none() && going.is_none() {
            marks.unseen(segment);
            continue;
        }
        match coming {
            Some(minute) => marks.off(late(asked, rule, segment, minute), MarkKind::Late, segment),
            None => marks.missing(MarkKind::MissingIn, segment),
        }
        match going {
            Some(minute) => marks.off(early(asked, rule, segment, minute), MarkKind::EarlyLeave, segment),
            None => marks.missing(MarkKind::MissingOut, segment),
        }
    }
    marks.whole_day(asked)
}

/// The marks of a flexible day on which somebody worked so many minutes.
pub(super) fn of_flexible(asked: &Asked, rule: &Rule, taken: Taken, worked: i32) -> Marks {
    let mut marks = Marks::default();
    let Some(segment) = asked.segments.first() else { return marks };
    match (taken.coming, taken.going) {
        (None, None) => marks.unseen(segment),
        (None, Some(_)) => marks.missing(MarkKind::MissingIn, segment),
        (Some(_), None) => marks.missing(MarkKind::MissingOut, segment),
        (Some(_), Some(_)) => {
            let shortage = off(asked, rule, asked.required - worked, rule.grace_out);
            marks.off(shortage, MarkKind::EarlyLeave, segment);
        }
    }
    marks.whole_day(asked)
}

/// What is shown when corrections were made: what they healed stays, as lifted, and so does what an appeal has lifted.
pub(super) fn shown(before: Vec<Mark>, after: Option<Vec<Mark>>, lifts: &[MarkKind]) -> Vec<Mark> {
    let mut marks = before;
    if let Some(after) = after {
        for mark in &mut marks {
            mark.lifted = !after.contains(mark);
        }
        let new: Vec<Mark> = after.into_iter().filter(|mark| !marks.contains(mark)).collect();
        marks.extend(new);
    }
    for mark in &mut marks {
        mark.lifted |= lifts.contains(&mark.kind);
    }
    marks
}

/// The worst that is left, in a word.
pub fn status_of(marks: &[Mark]) -> Status {
    let left = marks.iter().filter(|mark| !mark.lifted).map(|mark| match mark.kind {
        MarkKind::Absent => (4, Status::Absent),
        MarkKind::MissingIn | MarkKind::MissingOut => (3, Status::Missing),
        MarkKind::EarlyLeave => (2, Status::EarlyLeave),
        MarkKind::Late => (1, Status::Late),
    });
    left.max_by_key(|(gravity, _)| *gravity).map_or(Status::Normal, |(_, status)| status)
}
