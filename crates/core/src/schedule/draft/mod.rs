//! A shift as people write it down, and what it has to be to become one.

#[cfg(test)]
pub(super) mod tests;

use super::shift::{DAY, Rule, ShiftKind, Stretch};
use super::times::Period;

/// Parts a shift may have.
pub const SEGMENTS_MOST: usize = 6;
/// Breaks a shift may have.
pub const BREAKS_MOST: usize = 12;
/// The longest grace and the longest window, in minutes.
pub const MARGIN_MOST: i32 = 720;
/// The longest threshold, in minutes.
pub const THRESHOLD_MOST: i32 = DAY;
/// What overtime may be cut to at most, in minutes.
pub const ROUNDING_MOST: i32 = 480;
/// The most by which two punches are one, in minutes.
pub const DOUBLE_PUNCH_MOST: i32 = 60;

/// What a shift asks, in times of day. All durations are minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleDraft {
    /// What one owes.
    pub kind: ShiftKind,
    /// The parts one punches in and out of, in order.
    pub segments: Vec<Period>,
    /// Coming this much later is still in time.
    pub grace_in: i32,
    /// Leaving this much earlier is still in time.
    pub grace_out: i32,
    /// Punches count from this long before the first start.
    pub window_before: i32,
    /// Punches count until this long after the last end.
    pub window_after: i32,
    /// What is neither worked nor punched for.
    pub breaks: Vec<Period>,
    /// What a flexible shift asks.
    pub required_minutes: Option<i32>,
    /// Late or early by more than this is half a day's absence.
    pub half_day_after: Option<i32>,
    /// Late or early by more than this is a day's absence.
    pub absent_after: Option<i32>,
    /// Staying at least this long is overtime.
    pub overtime_after: Option<i32>,
    /// Overtime is cut to whole multiples of this.
    pub rounding: Option<i32>,
    /// Two punches closer than this are one.
    pub double_punch: i32,
}

/// A duration of a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Duration {
    /// [`RuleDraft::grace_in`].
    GraceIn,
    /// [`RuleDraft::grace_out`].
    GraceOut,
    /// [`RuleDraft::window_before`].
    WindowBefore,
    /// [`RuleDraft::window_after`].
    WindowAfter,
    /// [`RuleDraft::half_day_after`].
    HalfDayAfter,
    /// [`RuleDraft::absent_after`].
    AbsentAfter,
    /// [`RuleDraft::overtime_after`].
    OvertimeAfter,
    /// [`RuleDraft::rounding`].
    Rounding,
    /// [`RuleDraft::double_punch`].
    DoublePunch,
}

/// Why a draft is no shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// No segment, or too many.
    #[error("a shift has 1 to {SEGMENTS_MOST} segments")]
    Segments,
    /// A segment begins before the one before it has ended, or just then.
    #[error("segment {} does not begin after the one before it has ended", .0 + 1)]
    SegmentsOverlap(usize),
    /// It goes on for more than a day.
    #[error("a shift is over within 24 hours of its beginning")]
    TooLong,
    /// A flexible shift in parts.
    #[error("a flexible shift has one segment: the hours it may be worked in")]
    FlexibleSegments,
    /// Too many breaks.
    #[error("a shift has at most {BREAKS_MOST} breaks")]
    Breaks,
    /// A break that is not within one segment.
    #[error("break {} is not within a segment", .0 + 1)]
    BreakOutside(usize),
    /// Two breaks at once.
    #[error("break {} begins before another one has ended", .0 + 1)]
    BreaksOverlap(usize),
    /// Nothing but breaks.
    #[error("there is nothing left to work")]
    NothingLeft,
    /// A flexible shift that does not say how long one is to work.
    #[error("a flexible shift says how many minutes are to be worked")]
    RequiredMissing,
    /// A fixed shift that does.
    #[error("what a fixed shift asks follows from its segments and breaks")]
    RequiredOfFixed,
    /// More than there is time for.
    #[error("at most {0} minutes can be worked in these hours, and at least 1 is to be")]
    Required(i32),
    /// A duration that is none, or an endless one.
    #[error("{least} to {most} minutes")]
    OutOfRange {
        /// Which.
        which: Duration,
        /// The shortest it may be.
        least: i32,
        /// The longest it may be.
        most: i32,
    },
    /// Half a day's absence that a whole day's swallows.
    #[error("a whole day's absence begins no sooner than half a day's")]
    Thresholds,
}

impl RuleError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Segments => "shift.segments",
            Self::SegmentsOverlap(_) => "shift.segments_overlap",
            Self::TooLong => "shift.too_long",
            Self::FlexibleSegments => "shift.flexible_segments",
            Self::Breaks => "shift.breaks",
            Self::BreakOutside(_) => "shift.break_outside",
            Self::BreaksOverlap(_) => "shift.breaks_overlap",
            Self::NothingLeft => "shift.nothing_left",
            Self::RequiredMissing => "shift.required_missing",
            Self::RequiredOfFixed => "shift.required_of_fixed",
            Self::Required(_) => "shift.required_too_long",
            Self::OutOfRange { .. } => "shift.out_of_range",
            Self::Thresholds => "shift.thresholds",
        }
    }
}

impl From<&Rule> for RuleDraft {
    fn from(rule: &Rule) -> Self {
        let periods = |stretches: &[Stretch]| stretches.iter().copied().map(Period::of).collect();
        Self {
            kind: rule.kind,
            segments: periods(&rule.segments),
            grace_in: rule.grace_in,
            grace_out: rule.grace_out,
            window_before: rule.window_before,
            window_after: rule.window_after,
            breaks: periods(&rule.breaks),
            required_minutes: rule.required_minutes,
            half_day_after: rule.half_day_after,
            absent_after: rule.absent_after,
            overtime_after: rule.overtime_after,
            rounding: rule.rounding,
            double_punch: rule.double_punch,
        }
    }
}

impl RuleDraft {
    /// A fixed shift of these segments, of which nothing else is said, as [`Rule::fixed`].
    pub fn fixed(segments: Vec<Period>) -> Self {
        Self { segments, ..Self::from(&Rule::fixed(Vec::new())) }
    }

    /// The rule it is, or what keeps it from being one.
    pub fn rule(&self) -> Result<Rule, RuleError> {
        self.check_durations()?;
        let segments = self.placed_segments()?;
        let breaks = self.placed_breaks(&segments)?;
        let sum = |stretches: &[Stretch]| stretches.iter().map(|stretch| stretch.minutes()).sum::<i32>();
        let there_is = sum(&segments) - sum(&breaks);
        if there_is <= 0 {
            return Err(RuleError::NothingLeft);
        }
        match (self.kind, self.required_minutes) {
            (ShiftKind::Fixed, Some(_)) => return Err(RuleError::RequiredOfFixed),
            (ShiftKind::Flexible, None) => return Err(RuleError::RequiredMissing),
            (ShiftKind::Flexible, Some(asked)) if !(1..=there_is).contains(&asked) => {
                return Err(RuleError::Required(there_is));
            }
            _ => {}
        }
        Ok(Rule {
            kind: self.kind,
            segments,
            grace_in: self.grace_in,
            grace_out: self.grace_out,
            window_before: self.window_before,
            window_after: self.window_after,
            breaks,
            required_minutes: self.required_minutes,
            half_day_after: self.half_day_after,
            absent_after: self.absent_after,
            overtime_after: self.overtime_after,
            rounding: self.rounding,
            double_punch: self.double_punch,
        })
    }

    fn check_durations(&self) -> Result<(), RuleError> {
        for (which, value, least, most) in [
            (Duration::GraceIn, Some(self.grace_in), 0, MARGIN_MOST),
            (Duration::GraceOut, Some(self.grace_out), 0, MARGIN_MOST),
            (Duration::WindowBefore, Some(self.window_before), 0, MARGIN_MOST),
            (Duration::WindowAfter, Some(self.window_after), 0, MARGIN_MOST),
            (Duration::HalfDayAfter, self.half_day_after, 1, THRESHOLD_MOST),
            (Duration::AbsentAfter, self.absent_after, 1, THRESHOLD_MOST),
            (Duration::OvertimeAfter, self.overtime_after, 0, THRESHOLD_MOST),
            (Duration::Rounding, self.rounding, 1, ROUNDING_MOST),
            (Duration::DoublePunch, Some(self.double_punch), 0, DOUBLE_PUNCH_MOST),
        ] {
            if value.is_some_and(|value| !(least..=most).contains(&value)) {
                return Err(RuleError::OutOfRange { which, least, most });
            }
        }
        match (self.half_day_after, self.absent_after) {
            (Some(half), Some(whole)) if whole < half => Err(RuleError::Thresholds),
            _ => Ok(()),
        }
    }

    fn placed_segments(&self) -> Result<Vec<Stretch>, RuleError> {
        let first = match self.segments.as_slice() {
            [first, ..] if self.segments.len() <= SEGMENTS_MOST => first.start,
            _ => return Err(RuleError::Segments),
        };
        if self.kind == ShiftKind::Flexible && self.segments.len() > 1 {
            return Err(RuleError::FlexibleSegments);
        }
        let mut placed: Vec<Stretch> = Vec::with_capacity(self.segments.len());
        for (index, segment) in self.segments.iter().enumerate() {
            let stretch = segment.placed(first);
            if placed.last().is_some_and(|before| stretch.start <= before.end) {
                return Err(RuleError::SegmentsOverlap(index));
            }
            if stretch.end.0 > first.minutes() + DAY {
                return Err(RuleError::TooLong);
            }
            placed.push(stretch);
        }
        Ok(placed)
    }

    fn placed_breaks(&self, segments: &[Stretch]) -> Result<Vec<Stretch>, RuleError> {
        if self.breaks.len() > BREAKS_MOST {
            return Err(RuleError::Breaks);
        }
        let Some(first) = self.segments.first() else { return Err(RuleError::Segments) };
        let mut placed: Vec<(usize, Stretch)> = Vec::with_capacity(self.breaks.len());
        for (index, pause) in self.breaks.iter().enumerate() {
            let pause = pause.placed(first.start);
            let within = |segment: &Stretch| segment.start <= pause.start && pause.end <= segment.end;
            if !segments.iter().any(within) {
                return Err(RuleError::BreakOutside(index));
            }
            placed.push((index, pause));
        }
        placed.sort_by_key(|(_, pause)| pause.start);
        let overlapping = placed.iter().zip(placed.iter().skip(1)).find(|((_, a), (_, b))| b.start < a.end);
        match overlapping {
            Some((_, (index, _))) => Err(RuleError::BreaksOverlap(*index)),
            None => Ok(placed.into_iter().map(|(_, pause)| pause).collect()),
        }
    }
}
