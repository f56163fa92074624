//! A day, judged by its facts alone; no database and no clock (rule 6.5).

mod asked;
mod marks;
mod ways;
mod worked;

use chrono::NaiveDate;
use rollcall_protocol::WallTime;
use serde::{Deserialize, Serialize};

use self::asked::Asked;
pub use self::marks::{Badness, status_of};
use self::ways::{Candidate, Keys};
use super::window::{self, Window};
use crate::punches::PunchId;
use crate::schedule::plan::{DayPlan, Planned};
use crate::schedule::shift::{Minute, Rule, ShiftId};

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

impl Key {
    /// What a state that a machine sent says, whatever its dialect; others than these are the site's own, and say nothing.
    pub fn of(status: i32) -> Option<Self> {
        match status {
            0 | 3 | 4 => Some(Self::In),
            1 | 2 | 5 => Some(Self::Out),
            _ => None,
        }
    }
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
    /// The machine refused them.
    Refused,
}

/// A stretch of leave on this day, in its minutes; a whole day is 0 to 1440 and covers whatever the shift has after midnight.
/// Hours of leave after midnight, in a night that began on this day, have minutes beyond 1440.
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
    /// How bad it was, corrections in and lifts out.
    pub badness: Badness,
    /// Which facts were taken, and for what.
    pub used: Vec<(FactId, Use)>,
    /// Which facts of the window were not, and why.
    pub unused: Vec<(FactId, Unused)>,
}

/// Judges a day.
///
/// Of all ways to take punches for coming and going the one counts whose marks are least bad ([`Badness`]); of equal ones the one
/// that agrees with the keys, then the one that comes earliest and goes latest. In words: `docs/day.md`.
pub fn judge(day: &DayFacts<'_>) -> DayResult {
    let window = Window::of(day.before, day.plan, day.after);
    let mut result = DayResult {
        status: Status::Normal,
        shift: None,
        window_from: window::wall(day.date, window.from),
        window_to: window::wall(day.date, window.to),
        first_in: None,
        last_out: None,
        worked: 0,
        required: 0,
        overtime: 0,
        leave: 0,
        marks: Vec::new(),
        badness: Badness::default(),
        used: Vec::new(),
        unused: Vec::new(),
    };
    let candidates = candidates(day, window, &mut result.unused);
    match &day.plan.planned {
        Planned::Works(shift) => {
            result.shift = Some(shift.id.clone());
            let asked = Asked::of(&shift.rule, day.leave);
            result.required = asked.required;
            result.leave = asked.leave_minutes;
            if asked.segments.is_empty() {
                result.status = if asked.leave_minutes > 0 { Status::Leave } else { Status::Normal };
                // It is shown that somebody came, and held neither for nor against them.
                unasked(day, &candidates, &mut result);
                result.worked = 0;
            } else {
                working(day, &asked, &shift.rule, &candidates, &mut result);
            }
        }
        Planned::Rest => {
            result.status = Status::Rest;
            unasked(day, &candidates, &mut result);
            result.overtime = result.worked;
        }
        Planned::Holiday(_) => {
            result.status = Status::Holiday;
            unasked(day, &candidates, &mut result);
            result.overtime = result.worked;
        }
        Planned::Unscheduled => {
            result.status = Status::Unscheduled;
            unasked(day, &candidates, &mut result);
        }
        Planned::NotEmployed => {
            result.status = Status::NotEmployed;
            let facts = candidates.iter().filter_map(|candidate| day.facts.get(candidate.fact));
            result.unused.extend(facts.map(|fact| (fact.id, Unused::NoShift)));
        }
    }
    result
}

/// The facts of the window that may be taken, in the order of time; the others are noted with their reasons.
fn candidates(day: &DayFacts<'_>, window: Window, unused: &mut Vec<(FactId, Unused)>) -> Vec<Candidate> {
    let midnight = window::midnight(day.date);
    let mut voids: Vec<(i64, FactId, Void)> = Vec::new();
    let mut candidates: Vec<Candidate> = Vec::with_capacity(day.facts.len());
    for (at, fact) in day.facts.iter().enumerate() {
        let second = fact.wall.seconds() - midnight;
        // Days away, and of no day that is being looked at.
        let Ok(minute) = i32::try_from(second.div_euclid(60)) else { continue };
        if !window.has(Minute(minute)) {
            continue;
        }
        match fact.void {
            Some(void) => voids.push((second, fact.id, void)),
            None => candidates.push(Candidate { minute, second, keys: Keys::of(fact.key), fact: at }),
        }
    }
    voids.sort_unstable_by_key(|(second, id, _)| (*second, *id));
    unused.extend(voids.into_iter().map(|(_, id, void)| (id, Unused::Void(void))));
    // A punch comes before a correction of the same second, so that taking corrections away leaves the punches as they were.
    let id = |candidate: &Candidate| day.facts.get(candidate.fact).map(|fact| fact.id);
    candidates.sort_unstable_by_key(|candidate| (candidate.second, id(candidate)));
    candidates.dedup_by(|later, earlier| {
        let same = later.second == earlier.second;
        if same && let Some(id) = id(later) {
            earlier.keys = earlier.keys.and(later.keys);
            unused.push((id, Unused::Double));
        }
        same
    });
    // Machines without keys say "coming" every time; it means something only where somebody has also pressed "going".
    if !candidates.iter().any(|candidate| candidate.keys.going) {
        for candidate in &mut candidates {
            candidate.keys = Keys::default();
        }
    }
    candidates
}

/// A day on which a shift was to be worked.
fn working(day: &DayFacts<'_>, asked: &Asked, rule: &Rule, candidates: &[Candidate], result: &mut DayResult) {
    let fact = |candidate: &Candidate| day.facts.get(candidate.fact);
    let is_correction =
        |candidate: &Candidate| fact(candidate).is_some_and(|fact| matches!(fact.id, FactId::Correction(_)));
    let judged = |candidates: &[Candidate]| {
        if rule.is_flexible() {
            let taken = worked::flexible(asked, rule, candidates);
            let worked = worked::minutes(day.facts, asked, candidates, &[taken]);
            (vec![taken], marks::of_flexible(asked, rule, taken, worked))
        } else {
            let way = ways::best(asked, rule, candidates);
            let marks = marks::of_way(asked, rule, candidates, &way);
            (way, marks)
        }
    };
    let (way, marks) = judged(candidates);
    result.badness = marks.badness;
    result.marks = if candidates.iter().any(is_correction) {
        let punches: Vec<Candidate> =
            candidates.iter().filter(|candidate| !is_correction(candidate)).copied().collect();
        marks::shown(judged(&punches).1.marks, Some(marks.marks), day.lifts)
    } else {
        marks::shown(marks.marks, None, day.lifts)
    };
    result.status = status_of(&result.marks);
    result.worked = worked::minutes(day.facts, asked, candidates, &way);
    result.overtime = worked::overtime(asked, rule, candidates, &way);

    let mut uses: Vec<Option<Use>> = vec![None; candidates.len()];
    for (segment, taken) in asked.segments.iter().zip(&way) {
        for (place, as_what) in
            [(taken.coming, Use::In(segment.number)), (taken.going, Use::Out(segment.number))]
        {
            if let Some(slot) = place.and_then(|place| uses.get_mut(place)) {
                *slot = Some(as_what);
            }
        }
    }
    let taken_as = |place: Option<usize>| place.and_then(|place| fact(candidates.get(place)?)).copied();
    result.first_in = way.iter().find_map(|taken| taken_as(taken.coming));
    result.last_out = way.iter().rev().find_map(|taken| taken_as(taken.going));
    note_uses(day, rule.double_punch, candidates, &uses, result);
}

/// A day on which nothing is asked: how long somebody was there anyway, from the first punch to the last.
fn unasked(day: &DayFacts<'_>, candidates: &[Candidate], result: &mut DayResult) {
    let mut uses: Vec<Option<Use>> = vec![None; candidates.len()];
    let fact = |candidate: &Candidate| day.facts.get(candidate.fact).copied();
    if let Some((slot, first)) = uses.first_mut().zip(candidates.first()) {
        *slot = Some(Use::In(0));
        result.first_in = fact(first);
        if let Some((slot, last)) = uses.last_mut().zip(candidates.last())
            && first.minute < last.minute
        {
            *slot = Some(Use::Out(0));
            result.last_out = fact(last);
        }
    }
    if let Some((first, last)) = result.first_in.zip(result.last_out) {
        result.worked = worked::between(&first, &last);
    }
    note_uses(day, 1, candidates, &uses, result);
}

/// Notes what each candidate was taken for, or why it was not.
fn note_uses(
    day: &DayFacts<'_>,
    double_punch: i32,
    candidates: &[Candidate],
    uses: &[Option<Use>],
    result: &mut DayResult,
) {
    let taken: Vec<i32> =
        candidates.iter().zip(uses).filter(|(_, taken)| taken.is_some()).map(|(one, _)| one.minute).collect();
    let inside = taken.first().zip(taken.last());
    for (candidate, as_what) in candidates.iter().zip(uses) {
        let Some(id) = day.facts.get(candidate.fact).map(|fact| fact.id) else { continue };
        let minute = candidate.minute;
        let reason = match as_what {
            Some(as_what) => {
                result.used.push((id, *as_what));
                continue;
            }
            None if taken.iter().any(|taken| (taken - minute).abs() < double_punch) => Unused::Double,
            None if inside.is_some_and(|(first, last)| *first < minute && minute < *last) => Unused::Between,
            None => Unused::Worse,
        };
        result.unused.push((id, reason));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attendance_6_5_keys_are_the_same_in_every_dialect() {
        let keys = [0, 1, 2, 3, 4, 5, 6, 255, i32::MIN].map(Key::of);
        let (comes, goes) = (Some(Key::In), Some(Key::Out));
        assert_eq!(keys, [comes, goes, goes, comes, comes, goes, None, None, None]);
    }
}
