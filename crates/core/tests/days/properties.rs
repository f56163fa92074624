//! What holds for every day, whatever the shift and whoever punches when.

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate};
use chrono_tz::Tz;
use proptest::prelude::*;
use rollcall_core::attendance::day::{
    Badness, DayFacts, DayResult, Fact, FactId, Key, Leave, Mark, MarkKind, Status, Unused, Use, Void, judge,
    status_of,
};
use rollcall_core::attendance::horizon::{Gap, Look, Machine, look};
use rollcall_core::attendance::window::{Window, wall};
use rollcall_core::clock::Timestamp;
use rollcall_core::punches::PunchId;
use rollcall_core::schedule::plan::{Because, DayPlan, Planned};
use rollcall_core::schedule::shift::{DAY, Minute, Rule, Shift, ShiftId, ShiftKind, Stretch};
use rollcall_core::{Sn, WallTime};

const DATE: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 6).unwrap();

/// A day and all it is judged by.
#[derive(Debug, Clone)]
struct Case {
    before: DayPlan,
    plan: DayPlan,
    after: DayPlan,
    facts: Vec<Fact>,
    leave: Vec<Leave>,
    lifts: Vec<MarkKind>,
}

impl Case {
    fn judge(&self) -> DayResult {
        judge(&DayFacts {
            date: DATE,
            before: &self.before,
            plan: &self.plan,
            after: &self.after,
            facts: &self.facts,
            leave: &self.leave,
            lifts: &self.lifts,
        })
    }

    fn window(&self) -> Window {
        Window::of(&self.before, &self.plan, &self.after)
    }

    fn in_window(&self) -> impl Iterator<Item = &Fact> {
        let window = self.window();
        self.facts.iter().filter(move |fact| window.has(Minute(minute(fact))))
    }
}

fn minute(fact: &Fact) -> i32 {
    let seconds = fact.wall.seconds() - wall(DATE, Minute(0)).seconds();
    i32::try_from(seconds.div_euclid(60)).unwrap()
}

fn works(rule: Rule) -> DayPlan {
    let shift = Shift { id: ShiftId("s".to_owned()), name: "S".to_owned(), rule };
    DayPlan { planned: Planned::Works(Arc::new(shift)), because: Because::Cell, make_up: None }
}

fn idle(planned: Planned) -> DayPlan {
    DayPlan { planned, because: Because::Nothing, make_up: None }
}

/// Times fall together often: on quarter hours, and a minute or two beside them.
fn some_minute(range: std::ops::Range<i32>) -> impl Strategy<Value = i32> {
    let quarters = range.start / 15..range.end / 15;
    prop_oneof![3 => quarters.clone().prop_map(|quarter| quarter * 15), 2 => quarters.prop_flat_map(|quarter| {
        (-3..=3).prop_map(move |beside| quarter * 15 + beside)
    })]
}

prop_compose! {
    fn fixed()(
        start in some_minute(0..DAY),
        // Of each segment: how long it is, how long the gap before it.
        parts in prop::collection::vec((some_minute(15..300), some_minute(15..120)), 1..4),
        pause in prop::option::of((some_minute(0..300), some_minute(15..60))),
        grace_in in 0..12,
        grace_out in 0..12,
        half_day_after in prop::option::of(0..120),
        absent_after in prop::option::of(60..300),
        overtime_after in prop::option::of(0..60),
        rounding in prop::option::of(1..60),
        double_punch in prop_oneof![Just(1), 0..20],
        window_before in 0..300,
        window_after in 0..300,
    ) -> Rule {
        let mut at = start;
        let mut segments = Vec::new();
        for (length, gap) in parts {
            segments.push(Stretch { start: Minute(at), end: Minute(at + length.max(1)) });
            at += length.max(1) + gap.max(1);
        }
        let breaks = pause.map(|(after, length)| {
            let from = (start + after).min(segments[0].end.0 - 1);
            let to = (from + length.max(1)).min(segments[0].end.0);
            Stretch { start: Minute(from), end: Minute(to) }
        });
        Rule {
            kind: ShiftKind::Fixed, segments, grace_in, grace_out, window_before, window_after,
            breaks: breaks.into_iter().collect(), required_minutes: None, half_day_after, absent_after,
            overtime_after, rounding, double_punch,
        }
    }
}

prop_compose! {
    fn flexible()(rule in fixed(), required in 1..600) -> Rule {
        let end = rule.segments.last().unwrap().end;
        let segments = vec![Stretch { start: rule.segments[0].start, end }];
        Rule { kind: ShiftKind::Flexible, segments, required_minutes: Some(required), ..rule }
    }
}

// On the heap: what they are made of is larger than a test's stack.
fn some_rule() -> BoxedStrategy<Rule> {
    prop_oneof![4 => fixed().boxed(), 1 => flexible().boxed()].boxed()
}

fn some_plan() -> BoxedStrategy<DayPlan> {
    prop_oneof![
        6 => some_rule().prop_map(works),
        1 => Just(idle(Planned::Rest)),
        1 => Just(idle(Planned::Holiday("Holiday".to_owned()))),
        1 => Just(idle(Planned::Unscheduled)),
        1 => Just(idle(Planned::NotEmployed)),
    ]
    .boxed()
}

prop_compose! {
    fn some_fact()(
        minute in prop_oneof![4 => some_minute(0..DAY + 480), 1 => some_minute(-DAY..2 * DAY)],
        second in prop_oneof![Just(0_i64), 0..60_i64],
        key in prop_oneof![3 => Just(None), 1 => Just(Some(Key::In)), 1 => Just(Some(Key::Out))],
        void in prop_oneof![12 => Just(None), 1 => Just(Some(Void::Clock)), 1 => Just(Some(Void::Refused))],
        correction in prop::bool::weighted(0.15),
    ) -> Fact {
        Fact {
            id: if correction { FactId::Correction(0) } else { FactId::Punch(PunchId(0)) },
            wall: WallTime::from_seconds(wall(DATE, Minute(minute)).seconds() + second),
            utc_offset: 8 * 3600,
            key,
            void: void.filter(|_| !correction),
        }
    }
}

fn numbered(facts: Vec<Fact>) -> Vec<Fact> {
    (1..).zip(facts).map(|(number, fact)| with_id(fact, number)).collect()
}

fn with_id(mut fact: Fact, number: i64) -> Fact {
    fact.id = match fact.id {
        FactId::Punch(_) => FactId::Punch(PunchId(number)),
        FactId::Correction(_) => FactId::Correction(number),
    };
    fact
}

prop_compose! {
    fn some_leave()(
        from in prop::option::of(some_minute(0..DAY + 300)),
        length in some_minute(0..400),
        open in prop::bool::weighted(0.3),
    ) -> Leave {
        let to = (!open).then(|| Minute(from.unwrap_or(300) + length));
        Leave { from: from.map(Minute), to, kind: "annual".to_owned() }
    }
}

fn some_lift() -> impl Strategy<Value = MarkKind> {
    prop_oneof![
        Just(MarkKind::Late),
        Just(MarkKind::EarlyLeave),
        Just(MarkKind::MissingIn),
        Just(MarkKind::MissingOut),
        Just(MarkKind::Absent),
    ]
}

prop_compose! {
    fn some_case()(
        before in some_plan(),
        plan in some_plan(),
        after in some_plan(),
        facts in prop::collection::vec(some_fact(), 0..8),
        leave in prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(some_leave(), 1..3)],
        lifts in prop_oneof![2 => Just(Vec::new()), 1 => prop::collection::vec(some_lift(), 1..3)],
    ) -> Case {
        Case { before, plan, after, facts: numbered(facts), leave, lifts }
    }
}

/// As the rule book counts: minutes of absence, punches that are missing, minutes late and early.
fn counted(marks: &[Mark]) -> (i32, usize, i32) {
    let left = || marks.iter().filter(|mark| !mark.lifted);
    let minutes =
        |kinds: &[MarkKind]| left().filter(|mark| kinds.contains(&mark.kind)).map(|mark| mark.minutes).sum();
    let missing =
        left().filter(|mark| matches!(mark.kind, MarkKind::MissingIn | MarkKind::MissingOut)).count();
    (minutes(&[MarkKind::Absent]), missing, minutes(&[MarkKind::Late, MarkKind::EarlyLeave]))
}

fn gravity(status: Status) -> u8 {
    match status {
        Status::Late => 1,
        Status::EarlyLeave => 2,
        Status::Missing => 3,
        Status::Absent => 4,
        _ => 0,
    }
}

/// The rule of the best way, as it is written in docs/day.md, by trying every way there is.
mod by_trying {
    use super::*;

    type Way = Vec<(Option<usize>, Option<usize>)>;

    struct Punch {
        minute: i32,
        second: i64,
        key: Option<Key>,
    }

    fn punches(case: &Case) -> Vec<Punch> {
        let mut punches: Vec<Punch> = case
            .in_window()
            .filter(|fact| fact.void.is_none())
            .map(|fact| Punch { minute: minute(fact), second: fact.wall.seconds(), key: fact.key })
            .collect();
        punches.sort_by_key(|punch| punch.second);
        punches
    }

    fn ways(slots: usize, punches: usize) -> Vec<Vec<Option<usize>>> {
        let mut ways = vec![Vec::new()];
        for _ in 0..slots {
            ways = ways
                .into_iter()
                .flat_map(|way: Vec<Option<usize>>| {
                    let next = way.iter().flatten().last().map_or(0, |last| last + 1);
                    std::iter::once(None).chain((next..punches).map(Some)).map(move |taken| {
                        let mut way = way.clone();
                        way.push(taken);
                        way
                    })
                })
                .collect();
        }
        ways
    }

    fn count(of: impl Iterator) -> i32 {
        i32::try_from(of.count()).unwrap()
    }

    fn is_on_leave(leave: &[Leave], minute: i32) -> bool {
        leave.iter().any(|leave| {
            let from = leave.from.filter(|from| from.0 > 0).map_or(i32::MIN, |from| from.0);
            let to = leave.to.filter(|to| to.0 != DAY).map_or(i32::MAX, |to| to.0);
            from <= minute && minute < to
        })
    }

    /// The least badness of all ways, minute by minute. Without thresholds.
    pub fn least(case: &Case, rule: &Rule) -> Badness {
        let on_break =
            |minute: i32| rule.breaks.iter().any(|pause| pause.start.0 <= minute && minute < pause.end.0);
        let on_leave = |minute: i32| is_on_leave(&case.leave, minute);
        let off = |minute: &i32| on_leave(*minute) || on_break(*minute);
        let to_work = |segment: &Stretch| count((segment.start.0..segment.end.0).filter(|at| !off(at)));
        let kept: Vec<usize> =
            (0..rule.segments.len()).filter(|at| to_work(&rule.segments[*at]) > 0).collect();
        // What is off at the edge of a segment is left out, if leave has a part in it; leave that goes on outside has.
        let trimmed = |segment: &Stretch| {
            let (start, end) = (segment.start.0, segment.end.0);
            let lead: Vec<i32> = (start..end).take_while(off).collect();
            let tail: Vec<i32> = (start..end).rev().take_while(off).collect();
            let leave_in = |run: &[i32], outside: i32| {
                !run.is_empty() && (on_leave(outside) || run.iter().any(|at| on_leave(*at)))
            };
            let from = if leave_in(&lead, start - 1) { start + count(lead.iter()) } else { start };
            let to = if leave_in(&tail, end) { end - count(tail.iter()) } else { end };
            (from, to)
        };
        let owed = |from: i32, to: i32| count((from..to).filter(|at| !on_leave(*at)));
        let mut punches = punches(case);
        if !punches.iter().any(|punch| punch.key == Some(Key::Out)) {
            punches.iter_mut().for_each(|punch| punch.key = None);
        }
        let mut least: Option<Badness> = None;
        'ways: for flat in ways(2 * kept.len(), punches.len()) {
            let taken: Vec<&Punch> = flat.iter().flatten().map(|at| &punches[*at]).collect();
            for pair in taken.windows(2) {
                let apart = pair[1].minute - pair[0].minute;
                if pair[0].second == pair[1].second || apart < rule.double_punch {
                    continue 'ways;
                }
            }
            let way: Way = flat.chunks(2).map(|pair| (pair[0], pair[1])).collect();
            let mut badness = Badness::default();
            for (at, (number, (coming, going))) in kept.iter().zip(&way).enumerate() {
                let segment = &rule.segments[*number];
                let (start, end) = trimmed(segment);
                if let Some(coming) = coming.map(|at| &punches[at]) {
                    let from =
                        at.checked_sub(1).map_or(i32::MIN, |before| rule.segments[kept[before]].start.0);
                    if coming.minute < from || segment.end.0 <= coming.minute {
                        continue 'ways;
                    }
                    let late = owed(start, coming.minute.min(end));
                    badness.minutes += if late > rule.grace_in { late } else { 0 };
                }
                if let Some(going) = going.map(|at| &punches[at]) {
                    let to = kept.get(at + 1).map_or(i32::MAX, |next| rule.segments[*next].end.0);
                    if going.minute < segment.start.0 || to <= going.minute {
                        continue 'ways;
                    }
                    let early = owed(going.minute.max(start), end);
                    badness.minutes += if early > rule.grace_out { early } else { 0 };
                }
                match (coming, going) {
                    (None, None) => badness.unseen += to_work(segment),
                    (Some(_), Some(_)) => {}
                    _ => badness.missing += 1,
                }
                // What lies between two segments that follow each other.
                let Some((next_number, (next_coming, _))) = kept.get(at + 1).zip(way.get(at + 1)) else {
                    continue;
                };
                if number + 1 != *next_number {
                    continue;
                }
                let next = &rule.segments[*next_number];
                let to_end = |punch: &Punch| (punch.minute - segment.end.0).abs();
                let to_start = |punch: &Punch| (punch.minute - next.start.0).abs();
                let (going, coming) = (going.map(|at| &punches[at]), next_coming.map(|at| &punches[at]));
                if let Some(coming) = coming {
                    let is_going = to_end(coming) < to_start(coming) && coming.key != Some(Key::In);
                    let gone_before =
                        going.is_some_and(|going| 2 * going.minute > segment.start.0 + segment.end.0);
                    if is_going && !gone_before {
                        continue 'ways;
                    }
                }
                if let Some(going) = going {
                    let is_coming = to_start(going) < to_end(going) && going.key != Some(Key::Out);
                    let comes_after =
                        coming.is_some_and(|coming| 2 * coming.minute < next.start.0 + next.end.0);
                    if is_coming && !comes_after {
                        continue 'ways;
                    }
                }
            }
            least = Some(least.map_or(badness, |known| known.min(badness)));
        }
        let mut least = least.unwrap();
        let required: i32 = rule.segments.iter().map(to_work).sum();
        if required > 0 && least.unseen >= required {
            least.minutes = 0;
        }
        least
    }
}

proptest! {
    /// The quick way and the slow one agree.
    #[test]
    fn attendance_6_5_no_way_is_better_than_the_one_that_is_taken(
        mut case in some_case().boxed(),
        rule in fixed().boxed(),
    ) {
        let rule = Rule { half_day_after: None, absent_after: None, ..rule };
        case.plan = works(rule.clone());
        case.facts.truncate(6);
        prop_assert_eq!(case.judge().badness, by_trying::least(&case, &rule));
    }

    #[test]
    fn attendance_6_5_a_punch_more_makes_no_day_worse(case in some_case().boxed(), fact in some_fact().boxed()) {
        let before = case.judge();
        let mut more = case.clone();
        more.facts.push(with_id(fact, 99));
        let after = more.judge();
        prop_assert!(after.badness <= before.badness, "{:?} became {:?}", before, after);
        // As the rule book counts it, wherever being late is not absence.
        let thresholds = case.plan.shift().is_some_and(|shift| {
            shift.rule.half_day_after.is_some() || shift.rule.absent_after.is_some()
        });
        if !thresholds && case.lifts.is_empty() {
            prop_assert!(counted(&after.marks) <= counted(&before.marks), "{:?} became {:?}", before, after);
        }
    }

    #[test]
    fn attendance_6_5_the_order_of_facts_does_not_matter(
        (case, shuffled) in some_case().boxed().prop_flat_map(|case| {
            let facts = Just(case.facts.clone()).prop_shuffle();
            (Just(case), facts)
        }),
    ) {
        let result = case.judge();
        prop_assert_eq!(Case { facts: shuffled, ..case }.judge(), result);
    }

    #[test]
    fn attendance_6_5_the_same_punch_twice_changes_nothing(mut case in some_case().boxed(), fact in some_fact().boxed()) {
        case.facts.push(with_id(fact, 50));
        let result = case.judge();
        let mut twice = case.clone();
        let copy = with_id(fact, 99);
        twice.facts.insert(0, copy);
        let mut again = twice.judge();
        again.unused.retain(|(id, _)| *id != copy.id);
        prop_assert_eq!(again, result);
    }

    #[test]
    fn attendance_6_6_lifting_makes_no_day_worse(case in some_case().boxed(), lift in some_lift()) {
        let before = case.judge();
        let mut lifted = case;
        lifted.lifts.push(lift);
        let after = lifted.judge();
        prop_assert!(counted(&after.marks) <= counted(&before.marks));
        prop_assert!(gravity(after.status) <= gravity(before.status));
        // Nothing that was wrong is hidden by it.
        let bare = |marks: &[Mark]| marks.iter().map(|mark| (mark.kind, mark.minutes, mark.segment)).collect::<Vec<_>>();
        prop_assert_eq!(bare(&after.marks), bare(&before.marks));
    }

    #[test]
    fn attendance_6_5_leave_makes_no_day_worse(case in some_case().boxed(), leave in some_leave()) {
        let before = case.judge();
        let mut away = case;
        away.leave.push(leave);
        let after = away.judge();
        prop_assert!(after.badness <= before.badness, "{:?} became {:?}", before, after);
        prop_assert!(after.required <= before.required);
        prop_assert_eq!(after.required + after.leave, before.required + before.leave);
    }

    /// Every fact of the window is accounted for once, and none from outside it.
    #[test]
    fn attendance_6_5_every_punch_of_the_window_is_used_or_not(case in some_case().boxed()) {
        let result = case.judge();
        let mut told: Vec<FactId> =
            result.used.iter().map(|(id, _)| *id).chain(result.unused.iter().map(|(id, _)| *id)).collect();
        told.sort();
        let mut there: Vec<FactId> = case.in_window().map(|fact| fact.id).collect();
        there.sort();
        prop_assert_eq!(told, there);
        let void = |id: &FactId| case.facts.iter().any(|fact| fact.id == *id && fact.void.is_some());
        prop_assert!(!result.used.iter().any(|(id, _)| void(id)));
        prop_assert!(result.unused.iter().all(|(id, reason)| void(id) == matches!(reason, Unused::Void(_))));
        // In the order of time, each once.
        let walls: Vec<WallTime> = result
            .used
            .iter()
            .map(|(id, _)| case.facts.iter().find(|fact| fact.id == *id).unwrap().wall)
            .collect();
        prop_assert!(walls.is_sorted());
        let place = |taken: &Use| match taken {
            Use::In(segment) => (*segment, 0),
            Use::Out(segment) => (*segment, 1),
        };
        prop_assert!(result.used.windows(2).all(|pair| place(&pair[0].1) < place(&pair[1].1)));
    }

    #[test]
    fn attendance_6_5_what_a_day_says_of_itself_agrees(case in some_case().boxed()) {
        let result = case.judge();
        prop_assert!(result.worked >= 0 && result.required >= 0 && result.overtime >= 0 && result.leave >= 0);
        prop_assert!(result.window_from <= result.window_to);
        let absent: i32 = result
            .marks
            .iter()
            .filter(|mark| mark.kind == MarkKind::Absent && !mark.lifted)
            .map(|mark| mark.minutes)
            .sum();
        prop_assert!(absent <= result.required);
        let is_missing = |mark: &Mark| matches!(mark.kind, MarkKind::MissingIn | MarkKind::MissingOut);
        prop_assert!(result.marks.iter().all(|mark| is_missing(mark) == (mark.minutes == 0)));
        match case.plan.planned {
            Planned::Works(_) if result.status != Status::Leave => {
                prop_assert_eq!(result.status, status_of(&result.marks));
            }
            _ => prop_assert!(result.marks.is_empty()),
        }
        let flexible = case.plan.shift().is_some_and(|shift| shift.rule.kind == ShiftKind::Flexible);
        if case.plan.shift().is_some() && !flexible {
            prop_assert!(result.worked <= result.required);
        }
        if case.lifts.is_empty() && !case.facts.iter().any(|fact| matches!(fact.id, FactId::Correction(_))) {
            prop_assert_eq!(result.badness == Badness::default(), result.marks.is_empty());
        }
    }

    /// Of three days in a row no punch belongs to two, and what a shift's window would take belongs to one of them.
    #[test]
    fn attendance_6_5_windows_neither_overlap_nor_leave_gaps(
        plans in prop::collection::vec(some_plan(), 4),
        at in 0..2 * DAY,
    ) {
        let reach = |plan: &DayPlan, day: i32| {
            let rule = &plan.shift()?.rule;
            let (start, end) = (rule.segments[0].start.0 + day, rule.segments.last()?.end.0 + day);
            Some((start - rule.window_before, start, end, end + rule.window_after))
        };
        // Shifts that overlap are warned of; and a shift of the day before yesterday is not looked at.
        let reaches: Vec<_> = (0..).zip(&plans).map(|(day, plan)| reach(plan, (day - 1) * DAY)).collect();
        for (at, one) in reaches.iter().enumerate() {
            for (beside, other) in reaches.iter().enumerate().skip(at + 1) {
                if let (Some(one), Some(other)) = (one, other)
                    && (other.1 < one.2 || (beside > at + 1 && other.0 < one.3))
                {
                    return Ok(());
                }
            }
        }
        let first = Window::of(&plans[0], &plans[1], &plans[2]);
        let second = Window::of(&plans[1], &plans[2], &plans[3]);
        let (in_first, in_second) = (first.has(Minute(at)), second.has(Minute(at - DAY)));
        prop_assert!(!(in_first && in_second), "{first:?} {second:?}");
        let takes = |reach: Option<(i32, i32, i32, i32)>| {
            reach.is_some_and(|(from, _, _, to)| (from..to).contains(&at))
        };
        // Beyond the other shift nobody would look for a punch of this one.
        let before_second = reaches[2].is_none_or(|(_, _, _, to)| at < to);
        let after_first = reaches[1].is_none_or(|(from, _, _, _)| from <= at);
        let outside = !takes(reaches[0]) && !takes(reaches[3]);
        if outside && (takes(reaches[1]) && before_second || takes(reaches[2]) && after_first) {
            prop_assert!(in_first || in_second, "{first:?} {second:?}");
        }
        // The shift itself is always in its window.
        if let Some((_, start, end, _)) = reaches[1] {
            prop_assert!(first.from.0 <= start && end <= first.to.0, "{first:?}");
        }
    }

    /// Of a machine that was heard less, never more absence is shown; and what is final is as it was judged.
    #[test]
    fn attendance_6_5_hearing_less_never_shows_more_absence(
        case in some_case().boxed(),
        now in 0..3 * DAY,
        later in 0..DAY,
        machines in prop::collection::vec((prop::option::of(0..3 * DAY), 0..DAY, any::<bool>(), 0_i64..3), 0..3),
    ) {
        let result = case.judge();
        let at = |minute: i32| -> Timestamp {
            DateTime::from_timestamp(wall(DATE, Minute(minute)).seconds(), 0).unwrap()
        };
        let seen = |now: i32, more: bool| {
            let machines: Vec<Machine> = machines
                .iter()
                .map(|(heard, longer, enabled, lacks)| {
                    let heard = heard.map(|heard| at((heard + if more { *longer } else { 0 }).min(now)));
                    Machine {
                        sn: Sn::new("gate").unwrap(),
                        name: "gate".to_owned(),
                        enabled: *enabled,
                        zone: Tz::UTC,
                        last_contact: heard,
                        newest_punch: heard.map(|heard| heard - Duration::minutes(5)),
                        gap: Some(Gap { theirs: if more { 0 } else { *lacks }, ours: 1 }),
                    }
                })
                .collect();
            look(&Look {
                date: DATE,
                status: result.status,
                marks: &result.marks,
                rule: case.plan.shift().map(|shift| &shift.rule),
                ends_at: DateTime::from_timestamp(result.window_to.seconds(), 0).unwrap(),
                zone: Tz::UTC,
                machines: &machines,
                now: at(now),
            })
        };
        let (less, more) = (seen(now, false), seen(now + later, true));
        prop_assert!(less.marks.iter().all(|mark| more.marks.contains(mark)), "{less:?} {more:?}");
        prop_assert!(less.provisional || !more.provisional);
        for shown in [&less, &more] {
            prop_assert!(shown.marks.iter().all(|mark| result.marks.contains(mark)));
            if !shown.provisional {
                prop_assert_eq!(&shown.marks, &result.marks);
                prop_assert_eq!(shown.status, Some(result.status));
            } else {
                prop_assert!(shown.marks.iter().all(|mark| mark.lifted
                    || matches!(mark.kind, MarkKind::Late | MarkKind::EarlyLeave)));
            }
            // What is well is never in doubt.
            prop_assert!(shown.status.is_some() || result.marks.iter().any(|mark| !mark.lifted));
        }
    }
}

/// Somebody who plays with a machine all day must not hold up everybody else's day.
#[test]
fn attendance_6_5_thousands_of_punches_are_judged_all_the_same() {
    let rule = crate::notation::rule("09:00-11:00, 11:30-13:00, 14:00-16:00, 16:30-18:00; grace 5");
    let facts: Vec<Fact> = (0..50_000)
        .map(|number| Fact {
            id: FactId::Punch(PunchId(number)),
            wall: WallTime::from_seconds(wall(DATE, Minute(8 * 60)).seconds() + number * 43_000 / 50_000),
            utc_offset: 0,
            key: None,
            void: None,
        })
        .collect();
    let rest = idle(Planned::Rest);
    let plan = works(rule);
    let case = DayFacts {
        date: DATE,
        before: &rest,
        plan: &plan,
        after: &rest,
        facts: &facts,
        leave: &[],
        lifts: &[],
    };
    let result = judge(&case);
    assert_eq!(result.status, Status::Normal);
    assert_eq!((result.used.len(), result.unused.len()), (8, 49_992));
}
