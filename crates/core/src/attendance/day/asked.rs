//! What a shift asks on a day, once leave is taken off.

use super::Leave;
use crate::schedule::shift::{DAY, Rule, Stretch};

/// Stretches in order that neither overlap nor touch.
#[derive(Debug, Default)]
pub(super) struct Apart(Vec<Stretch>);

impl Apart {
    pub fn of(stretches: impl Iterator<Item = Stretch>) -> Self {
        let mut sorted: Vec<Stretch> = stretches.filter(|stretch| stretch.start < stretch.end).collect();
        sorted.sort_by_key(|stretch| stretch.start);
        let mut apart: Vec<Stretch> = Vec::with_capacity(sorted.len());
        for stretch in sorted {
            match apart.last_mut() {
                Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
                _ => apart.push(stretch),
            }
        }
        Self(apart)
    }

    /// How many minutes from the one to the other it covers.
    pub fn covers(&self, from: i32, to: i32) -> i32 {
        self.0.iter().map(|stretch| (stretch.end.0.min(to) - stretch.start.0.max(from)).max(0)).sum()
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A part of the shift that is left to be worked.
#[derive(Debug)]
pub(super) struct Segment {
    /// Which one of the shift's.
    pub number: u8,
    /// As the shift has it: it says which punches may be taken.
    pub whole: Stretch,
    /// When one is to come; later than the shift says when leave comes first.
    pub start: i32,
    /// When one may go.
    pub end: i32,
    /// What is to be worked of it, in minutes.
    pub minutes: i32,
}

/// What is asked on a day.
#[derive(Debug)]
pub(super) struct Asked {
    /// What is left to be worked, in order.
    pub segments: Vec<Segment>,
    /// Minutes that are to be worked.
    pub required: i32,
    /// Minutes of the shift that are leave.
    pub leave_minutes: i32,
    /// The end of the shift, leave or not: what comes after it may be overtime.
    pub last_end: i32,
    /// Leave.
    pub leave: Apart,
    /// Breaks and leave: what counts neither as worked nor as to be worked.
    pub off: Apart,
}

impl Asked {
    pub fn of(rule: &Rule, leave: &[Leave]) -> Self {
        let breaks = Apart::of(rule.breaks.iter().copied());
        let leave = Apart::of(leave.iter().map(stretch));
        let off = Apart::of(rule.breaks.iter().copied().chain(leave.0.iter().copied()));
        let (mut full, mut left) = (0, 0);
        let mut segments = Vec::with_capacity(rule.segments.len());
        for (number, whole) in (0_u8..).zip(&rule.segments) {
            let (from, to) = (whole.start.0, whole.end.0);
            full += whole.minutes() - breaks.covers(from, to);
            let minutes = whole.minutes() - off.covers(from, to);
            left += minutes;
            if minutes > 0 {
                let (start, end) = trim(from, to, &leave, &off);
                segments.push(Segment { number, whole: *whole, start, end, minutes });
            }
        }
        // What a flexible shift asks is its own, and leave within its hours is taken off that.
        let asked =
            rule.required_minutes.filter(|_| rule.is_flexible()).unwrap_or(full).clamp(0, full.max(0));
        let required = (asked - (full - left)).max(0);
        if required == 0 {
            segments.clear();
        }
        if rule.is_flexible()
            && let Some(hours) = segments.first_mut()
        {
            hours.minutes = required;
        }
        let last_end = rule.segments.iter().map(|segment| segment.end.0).max().unwrap_or_default();
        Self { segments, required, leave_minutes: asked - required, last_end, leave, off }
    }

    /// Minutes from the one to the other that were somebody's to be there: leave is not held against anybody.
    pub fn owed(&self, from: i32, to: i32) -> i32 {
        (to - from).max(0) - self.leave.covers(from, to)
    }
}

/// A stretch of leave in minutes; an open end reaches beyond whatever the shift has.
fn stretch(leave: &Leave) -> Stretch {
    use crate::schedule::shift::Minute;
    // Far enough, and no sum of it overflows.
    let far = 100 * DAY;
    let start = leave.from.filter(|from| from.0 > 0).unwrap_or(Minute(-far));
    let end = leave.to.filter(|to| to.0 != DAY).unwrap_or(Minute(far));
    Stretch { start, end: end.max(start) }
}

/// Cuts leave off both ends of a segment, with the breaks that touch it: whoever is on leave until lunch comes after lunch.
fn trim(from: i32, to: i32, leave: &Apart, off: &Apart) -> (i32, i32) {
    if leave.is_empty() {
        return (from, to);
    }
    let (mut start, mut end) = (from, to);
    for stretch in off.0.iter().filter(|stretch| leave.covers(stretch.start.0, stretch.end.0) > 0) {
        if stretch.start.0 <= from && from < stretch.end.0 {
            start = stretch.end.0;
        }
        if stretch.start.0 < to && to <= stretch.end.0 {
            end = stretch.start.0;
        }
    }
    (start, end)
}
