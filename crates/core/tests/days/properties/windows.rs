//! Which punches belong to which of the days in a row.

use super::*;

proptest! {
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
}
