//! How long somebody worked: by instants, so that the night the clocks change has seven hours or nine.

use super::Fact;
use super::asked::Asked;
use super::ways::{Candidate, Taken};
use crate::schedule::shift::Rule;

/// Minutes by which more time went by than the wall clocks show, from the one punch to the other.
fn shift_of_clocks(coming: &Fact, going: &Fact) -> i32 {
    (coming.utc_offset - going.utc_offset) / 60
}

/// Minutes from the one punch to the other, seconds left out.
pub(super) fn between(coming: &Fact, going: &Fact) -> i32 {
    let minutes = going.wall.seconds().div_euclid(60) - coming.wall.seconds().div_euclid(60);
    (i32::try_from(minutes).unwrap_or(i32::MAX).saturating_add(shift_of_clocks(coming, going))).max(0)
}

/// Minutes worked within the segments that have both punches, breaks and leave taken off.
pub(super) fn minutes(facts: &[Fact], asked: &Asked, candidates: &[Candidate], way: &[Taken]) -> i32 {
    let of = |place: Option<usize>| {
        let candidate = candidates.get(place?)?;
        Some((candidate.minute, facts.get(candidate.fact)?))
    };
    let mut sum = 0;
    for (segment, taken) in asked.segments.iter().zip(way) {
        let Some(((coming, first), (going, last))) = of(taken.coming).zip(of(taken.going)) else { continue };
        let (from, to) = (coming.max(segment.start), going.min(segment.end));
        if from < to {
            sum += (to - from + shift_of_clocks(first, last) - asked.off.covers(from, to)).max(0);
        }
    }
    sum
}

/// Minutes after the end of the shift, for somebody who is known to have been there before it.
pub(super) fn overtime(asked: &Asked, rule: &Rule, candidates: &[Candidate], way: &[Taken]) -> i32 {
    let Some(least) = rule.overtime_after.filter(|_| !rule.is_flexible()) else { return 0 };
    let going =
        way.last().filter(|taken| taken.coming.is_some()).and_then(|taken| candidates.get(taken.going?));
    let Some(going) = going else { return 0 };
    let minutes = going.minute - asked.last_end;
    if minutes <= 0 || minutes < least {
        return 0;
    }
    match rule.rounding.filter(|rounding| *rounding > 0) {
        Some(rounding) => minutes - minutes % rounding,
        None => minutes,
    }
}

/// What a flexible shift takes: the first coming and the last going within its hours, or around them.
pub(super) fn flexible(asked: &Asked, rule: &Rule, candidates: &[Candidate]) -> Taken {
    let Some(hours) = asked.segments.first() else { return Taken::default() };
    let (start, end) = (hours.whole.start.0, hours.whole.end.0);
    let coming = candidates.iter().position(|candidate| candidate.minute < end);
    let going = candidates.iter().rposition(|candidate| start <= candidate.minute);
    let at = |place: Option<usize>| place.and_then(|place| candidates.get(place));
    match (at(coming), at(going)) {
        (Some(first), Some(last))
            if first.second < last.second && last.minute - first.minute >= rule.double_punch =>
        {
            Taken { coming, going }
        }
        (Some(first), Some(last)) if rather_going(first, last, start, end) => Taken { coming: None, going },
        (Some(_), _) => Taken { coming, going: None },
        (None, _) => Taken { coming: None, going },
    }
}

/// Whether a single punch is rather of somebody who goes: by its key, else by where in the hours it lies.
fn rather_going(first: &Candidate, last: &Candidate, start: i32, end: i32) -> bool {
    let keys = first.keys.and(last.keys);
    if keys.coming == keys.going { first.minute - start > end - last.minute } else { keys.going }
}
