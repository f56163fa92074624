//! What holds for every day, whatever the shift and whoever punches when. Here is what days are made of at random; the files
//! say what holds for them.

mod accounts;
mod best_way;
mod horizon;
mod no_worse;
mod windows;

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
