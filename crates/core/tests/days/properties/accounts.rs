//! Every punch is accounted for, in whatever order they come, and what a day says of itself agrees.

use super::*;

proptest! {
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
}
