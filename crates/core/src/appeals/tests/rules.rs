//! The rule by its tables.

use chrono::NaiveDate;

use super::super::rule::{
    CALENDAR_DAY, Case, Claim, Day, Quota, Refusal, Remedy, may_approve, may_raise, punch_at,
};
use crate::WallTime;
use crate::attendance::day::{Mark, MarkKind};
use crate::schedule::TimeOfDay;
use crate::schedule::shift::{Minute, Rule, ShiftKind, Stretch};

fn at(text: &str) -> Minute {
    let (hours, minutes) = text.split_once(':').unwrap();
    Minute(hours.parse::<i32>().unwrap() * 60 + minutes.parse::<i32>().unwrap())
}

fn time(text: &str) -> TimeOfDay {
    TimeOfDay::parse(text).unwrap()
}

/// `"09:00-12:00 13:00-18:00"`; what is after midnight has hours from 24.
fn stretches(text: &str) -> Vec<Stretch> {
    text.split(' ')
        .map(|part| part.split_once('-').unwrap())
        .map(|(start, end)| Stretch { start: at(start), end: at(end) })
        .collect()
}

fn shift(segments: &str, kind: ShiftKind) -> Rule {
    Rule { kind, ..Rule::fixed(stretches(segments)) }
}

/// Two hours before the first start, four after the last end.
fn window(shift: &Rule) -> Stretch {
    Stretch {
        start: Minute(shift.segments[0].start.0 - 120),
        end: Minute(shift.segments.last().unwrap().end.0 + 240),
    }
}

fn mark(kind: MarkKind, segment: Option<u8>) -> Mark {
    Mark { kind, minutes: 10, lifted: false, segment }
}

const DATE: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 6).unwrap();

fn wall(text: &str) -> WallTime {
    WallTime::parse(text.as_bytes()).unwrap()
}

/// An ordinary case: late by ten minutes on a day from nine to six, looked at a day later.
fn case<'a>(marks: &'a [Mark], shift: &'a Rule) -> Case<'a> {
    Case {
        day: Day { date: DATE, marks, shift: Some(shift), window: window(shift), is_locked: false },
        mark: MarkKind::Late,
        claim: None,
        has_open: false,
        quota: Quota { used: 0, most: None },
        now: wall("2026-07-07 12:00:00"),
    }
}

type Judged = Result<Option<Minute>, Refusal>;

#[test]
fn attendance_6_6_what_may_be_raised() {
    let nine_to_six = shift("9:00-18:00", ShiftKind::Fixed);
    let marks = [mark(MarkKind::Late, Some(0)), mark(MarkKind::MissingOut, Some(0))];
    let lifted = [Mark { lifted: true, ..marks[0].clone() }];
    let good = case(&marks, &nine_to_six);
    let claim = |text| Some(Claim::TimeOfDay(time(text)));
    let missing = Case { mark: MarkKind::MissingOut, claim: claim("18:00"), ..good };
    let quota = |used, most| Quota { used, most };
    let table: Vec<(&str, Case<'_>, Judged)> = vec![
        ("late, the mark to be lifted", good, Ok(None)),
        ("late, the punch was not taken", Case { claim: claim("08:50"), ..good }, Ok(Some(at("8:50")))),
        ("a punch forgotten", missing, Ok(Some(at("18:00")))),
        (
            "of a missing punch the time is wanted",
            Case { claim: None, ..missing },
            Err(Refusal::ClaimedNeeded),
        ),
        ("no such mark", Case { mark: MarkKind::EarlyLeave, ..good }, Err(Refusal::NoSuchMark)),
        (
            "it is lifted already",
            Case { day: Day { marks: &lifted, ..good.day }, ..good },
            Err(Refusal::NoSuchMark),
        ),
        (
            "nobody has judged the day",
            Case { day: Day { marks: &[], ..good.day }, ..good },
            Err(Refusal::NoSuchMark),
        ),
        ("another is open", Case { has_open: true, ..good }, Err(Refusal::OpenAlready)),
        (
            "the month is locked",
            Case { day: Day { is_locked: true, ..good.day }, ..good },
            Err(Refusal::MonthLocked),
        ),
        ("the day has not come", Case { now: wall("2026-07-05 23:59:59"), ..good }, Err(Refusal::Future)),
        ("the day has just come", Case { now: wall("2026-07-06 00:00:00"), ..good }, Ok(None)),
        (
            "the punch has not come",
            Case { now: wall("2026-07-06 17:59:59"), ..missing },
            Err(Refusal::Future),
        ),
        ("the punch is now", Case { now: wall("2026-07-06 18:00:00"), ..missing }, Ok(Some(at("18:00")))),
        ("outside the window", Case { claim: claim("22:00"), ..missing }, Err(Refusal::ClaimedOutside)),
        ("the window's last minute", Case { claim: claim("21:59"), ..missing }, Ok(Some(at("21:59")))),
        (
            "a going before the coming",
            Case { claim: claim("08:59"), ..missing },
            Err(Refusal::ClaimedOutside),
        ),
        ("the quota has room", Case { quota: quota(1, Some(2)), ..missing }, Ok(Some(at("18:00")))),
        ("the quota is used", Case { quota: quota(2, Some(2)), ..missing }, Err(Refusal::QuotaUsed)),
        ("no quota at all", Case { quota: quota(0, Some(0)), ..missing }, Err(Refusal::QuotaUsed)),
        ("a quota is no matter without a time", Case { quota: quota(2, Some(2)), ..good }, Ok(None)),
        ("the lowered quota", Case { quota: quota(3, Some(2)), ..missing }, Err(Refusal::QuotaUsed)),
        ("as many as they like", Case { quota: quota(99, None), ..missing }, Ok(Some(at("18:00")))),
    ];
    for (what, case, expected) in table {
        assert_eq!(may_raise(&case), expected, "{what}");
    }
}

#[test]
fn attendance_6_6_what_approving_does() {
    let nine_to_six = shift("9:00-18:00", ShiftKind::Fixed);
    let marks = [mark(MarkKind::Late, Some(0)), mark(MarkKind::MissingOut, Some(0))];
    let good = case(&marks, &nine_to_six);
    let claimed = |text| Some(Claim::At(at(text)));
    let missing = Case { mark: MarkKind::MissingOut, claim: claimed("18:00"), ..good };
    for (what, case, expected) in [
        ("a lift", good, Ok(Remedy::Lift(MarkKind::Late))),
        ("a punch", missing, Ok(Remedy::Punch(at("18:00")))),
        ("a punch for somebody late", Case { claim: claimed("8:55"), ..good }, Ok(Remedy::Punch(at("8:55")))),
        ("another shift by now", Case { claim: claimed("23:30"), ..missing }, Err(Refusal::ClaimedOutside)),
        ("the mark is gone", Case { mark: MarkKind::Absent, ..good }, Err(Refusal::NoSuchMark)),
        (
            "as many approved as there may be",
            Case { quota: Quota { used: 1, most: Some(1) }, ..missing },
            Err(Refusal::QuotaUsed),
        ),
        (
            "the month is locked by now",
            Case { day: Day { is_locked: true, ..good.day }, ..good },
            Err(Refusal::MonthLocked),
        ),
    ] {
        assert_eq!(may_approve(&case), expected, "{what}");
    }
}

/// The shift, the mark and its segment, the time claimed, and where it falls.
type Line = (&'static str, MarkKind, Option<u8>, &'static str, Option<&'static str>);

#[test]
fn attendance_6_6_where_a_claimed_punch_falls() {
    use MarkKind::{Absent, EarlyLeave, Late, MissingIn, MissingOut};
    let table: &[Line] = &[
        // A night shift: after midnight is still the day it began on, and the evening before it is not.
        ("22:00-30:00", MissingIn, Some(0), "22:00", Some("22:00")),
        ("22:00-30:00", MissingIn, Some(0), "20:00", Some("20:00")),
        ("22:00-30:00", MissingIn, Some(0), "19:59", None),
        ("22:00-30:00", MissingIn, Some(0), "02:30", Some("26:30")),
        ("22:00-30:00", MissingIn, Some(0), "06:00", None),
        ("22:00-30:00", MissingOut, Some(0), "06:00", Some("30:00")),
        ("22:00-30:00", MissingOut, Some(0), "09:59", Some("33:59")),
        ("22:00-30:00", MissingOut, Some(0), "10:00", None),
        ("22:00-30:00", EarlyLeave, Some(0), "23:00", Some("23:00")),
        ("22:00-30:00", Absent, None, "06:05", Some("30:05")),
        // One that begins just after midnight: the evening before is of this day.
        ("0:30-8:30", MissingIn, Some(0), "23:50", Some("-0:10")),
        ("0:30-8:30", Late, Some(0), "00:20", Some("0:20")),
        ("0:30-8:30", MissingOut, Some(0), "08:31", Some("8:31")),
        // Two segments: a punch for one is not one for the other.
        ("8:00-12:00 13:00-17:00", MissingOut, Some(0), "12:05", Some("12:05")),
        ("8:00-12:00 13:00-17:00", MissingOut, Some(0), "16:59", Some("16:59")),
        ("8:00-12:00 13:00-17:00", MissingOut, Some(0), "17:00", None),
        ("8:00-12:00 13:00-17:00", MissingIn, Some(1), "12:50", Some("12:50")),
        ("8:00-12:00 13:00-17:00", MissingIn, Some(1), "08:00", Some("8:00")),
        ("8:00-12:00 13:00-17:00", MissingIn, Some(1), "07:59", None),
        ("8:00-12:00 13:00-17:00", MissingIn, Some(0), "12:00", None),
        ("8:00-12:00 13:00-17:00", Absent, Some(1), "13:00", Some("13:00")),
        ("8:00-12:00 13:00-17:00", Absent, Some(1), "06:30", None),
        ("8:00-12:00 13:00-17:00", Absent, None, "06:30", Some("6:30")),
        // A whole day with room around it: a time of day may mean two things, and what is nearest to the mark is meant.
        ("0:00-24:00", MissingIn, Some(0), "23:00", Some("-1:00")),
        ("0:00-24:00", MissingOut, Some(0), "23:00", Some("23:00")),
        ("0:00-24:00", MissingOut, Some(0), "01:00", Some("25:00")),
        ("0:00-24:00", Late, Some(0), "00:05", Some("0:05")),
    ];
    for (segments, kind, segment, claimed, expected) in table {
        let shift = shift(segments, ShiftKind::Fixed);
        let marks = [mark(*kind, *segment)];
        let expected = match *expected {
            Some(text) => {
                Ok(Some(text.strip_prefix('-').map_or_else(|| at(text), |text| Minute(-at(text).0))))
            }
            None => Err(Refusal::ClaimedOutside),
        };
        let asked =
            Case { mark: *kind, claim: Some(Claim::TimeOfDay(time(claimed))), ..case(&marks, &shift) };
        let asked = Case { now: wall("2026-08-01 00:00:00"), ..asked };
        assert_eq!(may_raise(&asked), expected, "{segments} {kind:?} {segment:?} {claimed}");
    }
}

#[test]
fn attendance_6_6_of_a_flexible_shift_any_punch_may_fill_the_hours() {
    let flexible = shift("7:00-21:00", ShiftKind::Flexible);
    let marks = [mark(MarkKind::EarlyLeave, Some(0))];
    for (claimed, expected) in
        [("05:30", true), ("20:59", true), ("04:59", false), ("00:59", true), ("01:00", false)]
    {
        let claim = Some(Claim::TimeOfDay(time(claimed)));
        let asked = Case { mark: MarkKind::EarlyLeave, claim, ..case(&marks, &flexible) };
        assert_eq!(may_raise(&asked).is_ok(), expected, "{claimed}");
    }
}

#[test]
fn attendance_6_6_a_window_that_a_neighbour_cuts_takes_no_more() {
    let nine_to_six = shift("9:00-18:00", ShiftKind::Fixed);
    let marks = [mark(MarkKind::MissingOut, Some(0))];
    let whole = case(&marks, &nine_to_six);
    let cut = Day { window: Stretch { start: at("7:00"), end: at("20:00") }, ..whole.day };
    for (claimed, expected) in [("19:59", true), ("20:00", false)] {
        let claim = Some(Claim::TimeOfDay(time(claimed)));
        let asked = Case { day: cut, mark: MarkKind::MissingOut, claim, ..whole };
        assert_eq!(may_raise(&asked).is_ok(), expected, "{claimed}");
    }
}

#[test]
fn attendance_6_6_where_a_punch_by_hand_falls() {
    let night = Stretch { start: at("20:00"), end: at("34:00") };
    for (window, text, expected) in [
        (CALENDAR_DAY, "00:00", Some("0:00")),
        (CALENDAR_DAY, "23:59", Some("23:59")),
        (night, "22:00", Some("22:00")),
        (night, "06:00", Some("30:00")),
        (night, "12:00", None),
    ] {
        assert_eq!(punch_at(window, time(text)), expected.map(at), "{text}");
    }
    let early = Stretch { start: Minute(-90), end: at("12:30") };
    assert_eq!(punch_at(early, time("23:00")), Some(Minute(-60)));
}
