use proptest::prelude::*;

use super::*;
use crate::schedule::times::TimeOfDay;

fn periods(text: &str) -> Vec<Period> {
    let time = |text: &str| TimeOfDay::parse(text).unwrap();
    text.split_whitespace()
        .map(|period| {
            let (start, end) = period.split_once('-').unwrap();
            Period { start: time(start), end: time(end) }
        })
        .collect()
}

/// A fixed shift of `09:00-12:00 13:00-18:00`, and breaks in the same way.
pub(in crate::schedule) fn draft(segments: &str, breaks: &str) -> RuleDraft {
    RuleDraft { breaks: periods(breaks), ..RuleDraft::fixed(periods(segments)) }
}

fn shown(stretches: &[Stretch]) -> String {
    let all = stretches.iter().map(|stretch| format!("{}-{}", stretch.start.0, stretch.end.0));
    all.collect::<Vec<_>>().join(" ")
}

#[test]
fn attendance_6_4_a_shift_may_have_parts_and_cross_midnight() {
    let table = [
        ("09:00-18:00", "12:00-13:00", "540-1080", "720-780"),
        ("08:00-12:00 13:00-17:00", "", "480-720 780-1020", ""),
        ("22:00-06:00", "02:00-02:30", "1320-1800", "1560-1590"),
        ("22:00-02:00 03:00-06:00", "04:00-04:15", "1320-1560 1620-1800", "1680-1695"),
        ("08:00-08:00", "20:00-21:00 12:00-13:00", "480-1920", "720-780 1200-1260"),
        ("00:00-00:00", "", "0-1440", ""),
        ("16:00-00:00", "", "960-1440", ""),
        ("09:00-18:00", "09:00-10:00 10:00-11:00", "540-1080", "540-600 600-660"),
    ];
    for (segments, breaks, placed, placed_breaks) in table {
        let rule = draft(segments, breaks).rule().unwrap();
        assert_eq!(
            (shown(&rule.segments), shown(&rule.breaks)),
            (placed.into(), placed_breaks.into()),
            "{segments}"
        );
    }
}

#[test]
fn attendance_6_4_what_cannot_be_a_shift_is_refused_for_a_reason() {
    use RuleError::*;
    let table = [
        ("", "", Segments),
        ("01:00-02:00 03:00-04:00 05:00-06:00 07:00-08:00 09:00-10:00 11:00-12:00 13:00-14:00", "", Segments),
        ("09:00-13:00 12:00-18:00", "", SegmentsOverlap(1)),
        ("09:00-12:00 12:00-18:00", "", SegmentsOverlap(1)),
        ("09:00-12:00 09:00-10:00", "", SegmentsOverlap(1)),
        ("09:00-12:00 13:00-10:00", "", TooLong),
        ("22:00-06:00 07:00-23:00", "", TooLong),
        ("09:00-18:00", "08:00-10:00", BreakOutside(0)),
        ("09:00-12:00 13:00-18:00", "12:00-13:00", BreakOutside(0)),
        ("09:00-12:00 13:00-18:00", "10:00-10:30 11:30-13:30", BreakOutside(1)),
        ("09:00-18:00", "12:00-13:00 12:30-14:00", BreaksOverlap(1)),
        ("09:00-18:00", "12:30-14:00 12:00-13:00", BreaksOverlap(0)),
        ("09:00-18:00", "09:00-18:00", NothingLeft),
    ];
    for (segments, breaks, error) in table {
        assert_eq!(draft(segments, breaks).rule(), Err(error), "{segments} {breaks}");
    }
    let day = || draft("09:00-18:00", "12:00-13:00");
    let flexible = |required| RuleDraft { kind: ShiftKind::Flexible, required_minutes: required, ..day() };
    let out = |which, least, most| Err(OutOfRange { which, least, most });
    let others = [
        (RuleDraft { required_minutes: Some(60), ..day() }, Err(RequiredOfFixed)),
        (flexible(None), Err(RequiredMissing)),
        (flexible(Some(0)), Err(Required(480))),
        (flexible(Some(481)), Err(Required(480))),
        (
            RuleDraft { segments: periods("08:00-10:00 11:00-12:00"), ..flexible(Some(60)) },
            Err(FlexibleSegments),
        ),
        (RuleDraft { grace_in: -1, ..day() }, out(Duration::GraceIn, 0, 720)),
        (RuleDraft { window_after: 721, ..day() }, out(Duration::WindowAfter, 0, 720)),
        (RuleDraft { half_day_after: Some(0), ..day() }, out(Duration::HalfDayAfter, 1, 1440)),
        (RuleDraft { rounding: Some(0), ..day() }, out(Duration::Rounding, 1, 480)),
        (RuleDraft { double_punch: 61, ..day() }, out(Duration::DoublePunch, 0, 60)),
        (RuleDraft { half_day_after: Some(120), absent_after: Some(60), ..day() }, Err(Thresholds)),
    ];
    for (draft, expected) in others {
        assert_eq!(draft.rule(), expected, "{draft:?}");
    }
    assert!(flexible(Some(480)).rule().is_ok());
}

prop_compose! {
    fn any_draft()(
        times in proptest::collection::vec((0_i32..288, 0_i32..288), 0..4),
        breaks in proptest::collection::vec((0_i32..288, 0_i32..288), 0..3),
        flexible in any::<bool>(),
        required in proptest::option::of(-5..1500),
    ) -> RuleDraft {
        let periods = |times: Vec<(i32, i32)>| -> Vec<Period> {
            let time = |at: i32| TimeOfDay::of(crate::schedule::shift::Minute(at * 5));
            times.into_iter().map(|(start, end)| Period { start: time(start), end: time(end) }).collect()
        };
        let kind = if flexible { ShiftKind::Flexible } else { ShiftKind::Fixed };
        RuleDraft { kind, segments: periods(times), breaks: periods(breaks), required_minutes: required, ..draft("", "") }
    }
}

proptest! {
    /// Whatever is accepted lies in order within a day, and comes back as it was written, but for the order of breaks.
    #[test]
    fn attendance_6_4_a_shift_is_over_within_a_day_and_comes_back_as_written(draft in any_draft()) {
        let Ok(rule) = draft.rule() else { return Ok(()) };
        let first = rule.segments[0].start.0;
        prop_assert!((0..DAY).contains(&first));
        prop_assert!(rule.segments.iter().all(|segment| segment.start < segment.end && segment.end.0 <= first + DAY));
        prop_assert!(rule.segments.windows(2).all(|pair| pair[0].end < pair[1].start));
        prop_assert!(rule.breaks.windows(2).all(|pair| pair[0].end <= pair[1].start));
        for pause in &rule.breaks {
            let within = |segment: &Stretch| segment.start <= pause.start && pause.end <= segment.end;
            prop_assert!(rule.segments.iter().any(within));
        }
        let mut back = RuleDraft::from(&rule);
        prop_assert_eq!(&back.rule().unwrap(), &rule);
        let order = |periods: &mut Vec<Period>| periods.sort_by_key(|period| (period.start, period.end));
        let mut draft = draft;
        order(&mut draft.breaks);
        order(&mut back.breaks);
        prop_assert_eq!(back, draft);
    }
}
