//! A punch more, leave more or a lifted mark make no day worse.

use super::*;

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

proptest! {
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
    fn attendance_6_5_leave_makes_no_day_worse(case in some_case().boxed(), leave in some_leave()) {
        let before = case.judge();
        let mut away = case;
        away.leave.push(leave);
        let after = away.judge();
        prop_assert!(after.badness <= before.badness, "{:?} became {:?}", before, after);
        prop_assert!(after.required <= before.required);
        prop_assert_eq!(after.required + after.leave, before.required + before.leave);
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
}
