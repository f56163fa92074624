//! What one should know of a day before it is set by hand: none of it forbids anything.

use crate::schedule::plan::{DayPlan, Planned};
use crate::schedule::shift::{DAY, Shift, ShiftKind};

/// The least that is to lie between two days of work, in minutes: eleven hours.
pub const REST_LEAST: i32 = 660;

/// What is odd about a day of the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Oddity {
    /// Its month is locked: the day stays as it is.
    Locked,
    /// They are not employed on that day, and work nothing.
    NotEmployed,
    /// It is a holiday.
    Holiday,
    /// They are on leave then.
    OnLeave,
    /// The shift of the day before is not over when it begins, or it is not over when the next one does.
    Overlap,
    /// Less than eleven hours lie between it and the day before or after.
    ShortRest,
}

impl Oddity {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Locked => "schedule.locked",
            Self::NotEmployed => "schedule.not_employed",
            Self::Holiday => "schedule.holiday",
            Self::OnLeave => "schedule.on_leave",
            Self::Overlap => "schedule.overlap",
            Self::ShortRest => "schedule.short_rest",
        }
    }
}

/// A day and what surrounds it.
#[derive(Debug, Clone, Copy)]
pub struct Looked<'a> {
    /// Whether somebody set it to a shift.
    pub shift_set: bool,
    /// What is to be done the day before, if that is to be looked at.
    pub before: Option<&'a DayPlan>,
    /// What is to be done.
    pub plan: &'a DayPlan,
    /// What is to be done the day after, if that is to be looked at.
    pub after: Option<&'a DayPlan>,
    /// The holiday it is.
    pub holiday: Option<&'a str>,
    /// From and to which minute of it they are on leave.
    pub leave: &'a [(i32, i32)],
}

/// From its first start to its last end, in minutes.
fn hours(shift: &Shift) -> Option<(i32, i32)> {
    let segments = &shift.rule.segments;
    Some((segments.first()?.start.0, segments.last()?.end.0))
}

/// The minutes between two days in a row; less than none when they overlap. Of a shift that one may work when one likes nobody
/// knows it.
fn between(first: Option<&DayPlan>, second: Option<&DayPlan>) -> Option<i32> {
    let (first, second) = (first?.shift()?, second?.shift()?);
    if [first, second].into_iter().any(|shift| shift.rule.kind == ShiftKind::Flexible) {
        return None;
    }
    Some(hours(second)?.0 + DAY - hours(first)?.1)
}

fn of_rest(minutes: Option<i32>, which: &str) -> Option<(Oddity, String)> {
    match minutes? {
        minutes if minutes < 0 => {
            Some((Oddity::Overlap, format!("{} minutes in common with the shift of {which}", -minutes)))
        }
        minutes if minutes < REST_LEAST => {
            let (hours, minutes) = (minutes / 60, minutes % 60);
            Some((Oddity::ShortRest, format!("{hours} h {minutes} min between it and the shift of {which}")))
        }
        _ => None,
    }
}

/// What is odd about a day, and how.
pub fn oddities(day: &Looked<'_>) -> Vec<(Oddity, String)> {
    let mut found = Vec::new();
    if day.plan.planned == Planned::NotEmployed {
        if day.shift_set {
            found.push((Oddity::NotEmployed, "they are not employed on this day".to_owned()));
        }
        return found;
    }
    let Some(shift) = day.plan.shift() else { return found };
    if day.shift_set
        && let Some(name) = day.holiday
    {
        found.push((Oddity::Holiday, format!("it is a holiday: {name}")));
    }
    let on_leave = |(start, end): (i32, i32)| {
        let mut segments = shift.rule.segments.iter();
        // A whole day of leave covers what the shift has after midnight as well.
        let end = if end == DAY { i32::MAX } else { end };
        segments.any(|segment| start < segment.end.0 && segment.start.0 < end)
    };
    if day.leave.iter().copied().any(on_leave) {
        found.push((Oddity::OnLeave, "they are on leave".to_owned()));
    }
    found.extend(of_rest(between(day.before, Some(day.plan)), "the day before"));
    found.extend(of_rest(between(Some(day.plan), day.after), "the day after"));
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::schedule::draft::RuleDraft;
    use crate::schedule::plan::Because;
    use crate::schedule::shift::ShiftId;
    use crate::schedule::times::{Period, TimeOfDay};

    fn works(kind: ShiftKind, start: &str, end: &str) -> DayPlan {
        let time = |text| TimeOfDay::parse(text).unwrap();
        let rule = RuleDraft {
            kind,
            segments: vec![Period { start: time(start), end: time(end) }],
            grace_in: 0,
            grace_out: 0,
            window_before: 0,
            window_after: 0,
            breaks: Vec::new(),
            required_minutes: (kind == ShiftKind::Flexible).then_some(60),
            half_day_after: None,
            absent_after: None,
            overtime_after: None,
            rounding: None,
            double_punch: 1,
        };
        let shift = Shift { id: ShiftId("s".into()), name: "s".into(), rule: rule.rule().unwrap() };
        DayPlan { planned: Planned::Works(Arc::new(shift)), because: Because::Cell, make_up: None }
    }

    fn nothing(planned: Planned) -> DayPlan {
        DayPlan { planned, because: Because::Nothing, make_up: None }
    }

    type Case<'a> = (&'a str, [&'a DayPlan; 3], Option<&'a str>, Option<(i32, i32)>, Option<Oddity>);

    #[test]
    fn attendance_6_4_what_is_odd_about_a_day_is_said() {
        use Oddity::*;
        let fixed = |start, end| works(ShiftKind::Fixed, start, end);
        let (day, night, early) = (fixed("09:00", "18:00"), fixed("22:00", "06:00"), fixed("05:00", "13:00"));
        let (late, long, longer) =
            (fixed("14:00", "22:00"), fixed("08:00", "22:00"), fixed("08:00", "22:01"));
        let before_midnight = fixed("23:30", "07:00");
        let free = works(ShiftKind::Flexible, "06:00", "22:00");
        let (rest, gone) = (nothing(Planned::Rest), nothing(Planned::NotEmployed));
        let all_day = Some((0, DAY));
        let table: [Case<'_>; 14] = [
            ("as usual", [&day, &day, &day], None, None, None),
            ("after a night", [&night, &early, &rest], None, None, Some(Overlap)),
            ("before an early one", [&rest, &night, &early], None, None, Some(Overlap)),
            ("late, then early", [&late, &early, &rest], None, None, Some(ShortRest)),
            ("eleven hours and no less", [&long, &day, &rest], None, None, None),
            ("a minute less", [&longer, &day, &rest], None, None, Some(ShortRest)),
            ("as one likes", [&free, &free, &free], None, None, None),
            ("a holiday", [&rest, &day, &rest], Some("国庆节"), None, Some(Holiday)),
            ("leave all day", [&rest, &day, &rest], None, all_day, Some(OnLeave)),
            ("leave before", [&rest, &day, &rest], None, Some((0, 540)), None),
            ("leave within", [&rest, &day, &rest], None, Some((600, 660)), Some(OnLeave)),
            ("leave of a night", [&rest, &before_midnight, &rest], None, all_day, Some(OnLeave)),
            ("not there any more", [&rest, &gone, &gone], Some("x"), all_day, Some(NotEmployed)),
            ("rest", [&night, &rest, &early], Some("x"), all_day, None),
        ];
        for (name, [before, plan, after], holiday, leave, expected) in table {
            let leave: Vec<(i32, i32)> = leave.into_iter().collect();
            let looked = Looked {
                shift_set: true,
                before: Some(before),
                plan,
                after: Some(after),
                holiday,
                leave: &leave,
            };
            let found: Vec<Oddity> = oddities(&looked).into_iter().map(|(oddity, _)| oddity).collect();
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{name}");
        }
    }
}
