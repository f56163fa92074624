//! What is shown while more may come.

use super::*;

proptest! {
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
