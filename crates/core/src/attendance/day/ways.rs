//! Of all ways to take punches for coming and going, the one that is best for the person.
//!
//! The slots are in order: coming to and going from each segment. A way takes for each a later punch than for the one before, or
//! none. There are very many ways, but what a way costs is a sum over its slots, so the best of those that end with a certain punch
//! follows from the best of one slot less: the work grows with slots times punches, whatever somebody does at a machine all day.

use std::cmp::Ordering;
use std::ops::Add;

use super::Key;
use super::asked::{Asked, Segment};
use super::marks::{Off, early, late};
use crate::schedule::shift::Rule;

/// A punch that may be taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Its minute of the day; its seconds do not count …
    pub minute: i32,
    /// … but to tell which of two comes first: seconds of the day.
    pub second: i64,
    /// What keys were pressed, unless keys say nothing on this day.
    pub keys: Keys,
    /// Which of the day's facts it is.
    pub fact: usize,
}

/// What keys were pressed in one second: at two machines it may be two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Keys {
    pub coming: bool,
    pub going: bool,
}

impl Keys {
    pub fn of(key: Option<Key>) -> Self {
        Self { coming: key == Some(Key::In), going: key == Some(Key::Out) }
    }

    pub fn and(self, other: Self) -> Self {
        Self { coming: self.coming || other.coming, going: self.going || other.going }
    }
}

/// What was taken for a segment: places in the list of candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Taken {
    pub coming: Option<usize>,
    pub going: Option<usize>,
}

/// What a way costs, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Cost {
    unseen: i32,
    missing: i32,
    absent: i32,
    minutes: i32,
    /// Punches that are taken for the opposite of the key that was pressed.
    against: i32,
    /// Seconds from the start of the shift to the comings, and from the goings to its end: the least comes earliest and goes latest.
    within: i64,
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            unseen: self.unseen + other.unseen,
            missing: self.missing + other.missing,
            absent: self.absent + other.absent,
            minutes: self.minutes + other.minutes,
            against: self.against + other.against,
            within: self.within + other.within,
        }
    }
}

const MISSING: Cost = Cost { unseen: 0, missing: 1, absent: 0, minutes: 0, against: 0, within: 0 };

impl Cost {
    fn of(off: Off) -> Self {
        match off {
            Off::Not => Self::default(),
            Off::By(minutes) => Self { minutes, ..Self::default() },
            Off::Absent(absent) => Self { absent, ..Self::default() },
        }
    }
}

/// Where the best way to somewhere comes from.
#[derive(Debug, Clone, Copy)]
struct Step {
    cost: Cost,
    taken: Taken,
    /// The state after the segment before.
    from: State,
}

/// What one has to know of a way after a segment, to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// The way has not begun.
    Start,
    /// This candidate was taken for going.
    Gone(usize),
    /// Nothing was taken for going, and of all before it this candidate was the last that was taken; none: none was.
    Open(Option<usize>),
}

/// The best ways to all states after a segment.
struct Stage {
    gone: Vec<Option<Step>>,
    /// In the first place: nothing was taken so far.
    open: Vec<Option<Step>>,
}

/// A cost, and what it is the cost of.
type Best<T> = Option<(Cost, T)>;

fn take<T>(best: &mut Best<T>, cost: Cost, what: T) {
    if best.as_ref().is_none_or(|(least, _)| cost < *least) {
        *best = Some((cost, what));
    }
}

fn put(place: Option<&mut Option<Step>>, step: Step) {
    if let Some(place) = place
        && place.is_none_or(|known| step.cost < known.cost)
    {
        *place = Some(step);
    }
}

/// The best way to take candidates, which come in the order of time: what is taken for each segment.
pub(super) fn best(asked: &Asked, rule: &Rule, candidates: &[Candidate]) -> Vec<Taken> {
    let seconds = |minute: Option<i32>| i64::from(minute.unwrap_or_default()) * 60;
    let first_start = seconds(asked.segments.first().map(|segment| segment.whole.start.0));
    let last_end = seconds(asked.segments.last().map(|segment| segment.whole.end.0));
    let search = Search { asked, rule, candidates, first_start, last_end };
    let mut stages: Vec<Stage> = Vec::with_capacity(asked.segments.len());
    for (at, segment) in asked.segments.iter().enumerate() {
        let previous = at.checked_sub(1).and_then(|at| asked.segments.get(at));
        let next = asked.segments.get(at + 1);
        let before = stages.last();
        let skipped = search.skipped(before, previous, segment);
        let came = search.came(before, previous, segment);
        stages.push(search.stage(&skipped, &came, segment, next));
    }
    walk_back(&stages)
}

struct Search<'a> {
    asked: &'a Asked,
    rule: &'a Rule,
    candidates: &'a [Candidate],
    /// Seconds of the day.
    first_start: i64,
    last_end: i64,
}

impl Search<'_> {
    /// Ways that took nothing for coming to the segment: in the first place those that took nothing so far, then by the last
    /// that was taken.
    fn skipped(
        &self,
        before: Option<&Stage>,
        previous: Option<&Segment>,
        segment: &Segment,
    ) -> Vec<Best<State>> {
        let mut ways: Vec<Best<State>> = vec![None; self.candidates.len() + 1];
        let Some(stage) = before else {
            take_at(&mut ways, 0, Cost::default(), State::Start);
            return ways;
        };
        for (place, step) in stage.open.iter().enumerate() {
            if let Some(step) = step {
                take_at(&mut ways, place, step.cost, State::Open(place.checked_sub(1)));
            }
        }
        for (place, (step, candidate)) in stage.gone.iter().zip(self.candidates).enumerate() {
            if let Some(step) = step
                && !previous
                    .is_some_and(|previous| Rather::of(previous, segment, candidate) == Rather::Coming)
            {
                take_at(&mut ways, place + 1, step.cost, State::Gone(place));
            }
        }
        ways
    }

    /// Ways that took this candidate for coming to the segment.
    fn came(
        &self,
        before: Option<&Stage>,
        previous: Option<&Segment>,
        segment: &Segment,
    ) -> Vec<Best<State>> {
        let mut ways: Vec<Best<State>> = vec![None; self.candidates.len()];
        let rather = |candidate: &Candidate| {
            previous.map_or(Rather::Either, |previous| Rather::of(previous, segment, candidate))
        };
        // The best so far of those that took nothing for going before, and of those that took something: that may as well
        // have been coming, in the first half of the segment, or in its second half.
        let (mut open, mut coming, mut first, mut second): (
            Best<State>,
            Best<State>,
            Best<State>,
            Best<State>,
        ) = (None, None, None, None);
        match before {
            None => take(&mut open, Cost::default(), State::Start),
            Some(stage) => {
                if let Some(Some(step)) = stage.open.first() {
                    take(&mut open, step.cost, State::Open(None));
                }
            }
        }
        let mut far = 0;
        for (candidate, way) in self.candidates.iter().zip(&mut ways) {
            while self.is_far(far, candidate) {
                if let Some(Some(step)) = before.and_then(|stage| stage.gone.get(far))
                    && let (Some(gone), Some(previous)) = (self.candidates.get(far), previous)
                {
                    let best = if rather(gone) == Rather::Coming {
                        &mut coming
                    } else if half(previous, gone).is_gt() {
                        &mut second
                    } else {
                        &mut first
                    };
                    take(best, step.cost, State::Gone(far));
                }
                if let Some(Some(step)) = before.and_then(|stage| stage.open.get(far + 1)) {
                    take(&mut open, step.cost, State::Open(Some(far)));
                }
                far += 1;
            }
            let too_early = previous.is_some_and(|previous| candidate.minute < previous.whole.start.0);
            if too_early || segment.whole.end.0 <= candidate.minute {
                continue;
            }
            let cost = Cost {
                against: i32::from(candidate.keys.going && !candidate.keys.coming),
                within: candidate.second - self.first_start,
                ..Cost::of(late(self.asked, self.rule, segment, candidate.minute))
            };
            let is_rather_going = rather(candidate) == Rather::Going;
            let allowed = [
                open.filter(|_| !is_rather_going),
                first.filter(|_| !is_rather_going),
                second,
                coming.filter(|_| half(segment, candidate).is_lt()),
            ];
            for (before, state) in allowed.into_iter().flatten() {
                take(way, before + cost, state);
            }
        }
        ways
    }

    /// All ways after the segment.
    fn stage(
        &self,
        skipped: &[Best<State>],
        came: &[Best<State>],
        segment: &Segment,
        next: Option<&Segment>,
    ) -> Stage {
        let many = self.candidates.len();
        let mut stage = Stage { gone: vec![None; many], open: vec![None; many + 1] };
        let (mut with, mut without): (Best<(usize, State)>, Best<State>) = (None, None);
        if let Some(Some((cost, state))) = skipped.first() {
            take(&mut without, *cost, *state);
        }
        let mut far = 0;
        for (place, candidate) in self.candidates.iter().enumerate() {
            while self.is_far(far, candidate) {
                if let Some(Some((cost, state))) = came.get(far) {
                    take(&mut with, *cost, (far, *state));
                }
                if let Some(Some((cost, state))) = skipped.get(far + 1) {
                    take(&mut without, *cost, *state);
                }
                far += 1;
            }
            let too_late = next.is_some_and(|next| next.whole.end.0 <= candidate.minute);
            if too_late || candidate.minute < segment.whole.start.0 {
                continue;
            }
            let cost = Cost {
                against: i32::from(candidate.keys.coming && !candidate.keys.going),
                within: self.last_end - candidate.second,
                ..Cost::of(early(self.asked, self.rule, segment, candidate.minute))
            };
            let going = Some(place);
            if let Some((before, (coming, from))) = with {
                let taken = Taken { coming: Some(coming), going };
                put(stage.gone.get_mut(place), Step { cost: before + cost, taken, from });
            }
            if let Some((before, from)) = without {
                let taken = Taken { coming: None, going };
                put(stage.gone.get_mut(place), Step { cost: before + cost + MISSING, taken, from });
            }
        }
        let unseen = Cost { unseen: segment.minutes, ..Cost::default() };
        for (place, way) in skipped.iter().enumerate() {
            if let Some((cost, from)) = way {
                let step = Step { cost: *cost + unseen, taken: Taken::default(), from: *from };
                put(stage.open.get_mut(place), step);
            }
        }
        for (place, way) in came.iter().enumerate() {
            if let Some((cost, from)) = way {
                let taken = Taken { coming: Some(place), going: None };
                put(stage.open.get_mut(place + 1), Step { cost: *cost + MISSING, taken, from: *from });
            }
        }
        stage
    }

    /// Whether the candidate in this place comes so long before the other that they are two punches.
    fn is_far(&self, place: usize, other: &Candidate) -> bool {
        self.candidates.get(place).is_some_and(|one| {
            one.second < other.second && other.minute - one.minute >= self.rule.double_punch
        })
    }
}

fn take_at(list: &mut [Best<State>], place: usize, cost: Cost, state: State) {
    if let Some(best) = list.get_mut(place) {
        take(best, cost, state);
    }
}

/// What the best way took, from its end to its beginning.
fn walk_back(stages: &[Stage]) -> Vec<Taken> {
    let ends = stages.last().map(|stage| {
        let gone = stage.gone.iter().enumerate().map(|(place, step)| (State::Gone(place), step));
        let open =
            stage.open.iter().enumerate().map(|(place, step)| (State::Open(place.checked_sub(1)), step));
        gone.chain(open).filter_map(|(state, step)| Some((step.as_ref()?.cost, state)))
    });
    let mut state = State::Start;
    let mut best: Best<State> = None;
    for (cost, end) in ends.into_iter().flatten() {
        take(&mut best, cost, end);
    }
    if let Some((_, end)) = best {
        state = end;
    }
    let mut way: Vec<Taken> = stages
        .iter()
        .rev()
        .map(|stage| {
            let step = match state {
                State::Start => None,
                State::Gone(place) => stage.gone.get(place),
                State::Open(place) => stage.open.get(place.map_or(0, |place| place + 1)),
            };
            let Some(Some(step)) = step else { return Taken::default() };
            state = step.from;
            step.taken
        })
        .collect();
    way.reverse();
    way
}

/// What a punch between two segments rather is, by where it lies and by its key.
///
/// Who is last seen at noon was not there in the afternoon. So a punch that is rather going from the one segment is no coming to the
/// next, unless somebody has gone from the one before it, in its second half; and the reverse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rather {
    /// Going from the one.
    Going,
    /// Coming to the next.
    Coming,
    /// Whatever is better.
    Either,
}

impl Rather {
    fn of(one: &Segment, next: &Segment, candidate: &Candidate) -> Self {
        // What lies between them is all leave.
        if one.number + 1 != next.number {
            return Self::Either;
        }
        let to_end = (candidate.minute - one.whole.end.0).abs();
        let to_start = (candidate.minute - next.whole.start.0).abs();
        match to_end.cmp(&to_start) {
            Ordering::Less if !candidate.keys.coming => Self::Going,
            Ordering::Greater if !candidate.keys.going => Self::Coming,
            _ => Self::Either,
        }
    }
}

/// Less: in the first half of the segment, or before it.
fn half(segment: &Segment, candidate: &Candidate) -> Ordering {
    (2 * candidate.minute).cmp(&(segment.whole.start.0 + segment.whole.end.0))
}
