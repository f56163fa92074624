//! What an administrator should know before a schedule is saved (rule 6.4). Warnings: nothing here forbids anything.

use chrono::NaiveDate;

use super::plan::DayPlan;
use super::shift::{DAY, Rule};

/// How long somebody should be off between two shifts, in minutes.
pub const SHORT_REST: i32 = 11 * 60;

/// One date of somebody's schedule as it would be.
#[derive(Debug, Clone, Copy)]
pub struct Day<'a> {
    /// Which.
    pub date: NaiveDate,
    /// What they would do.
    pub plan: &'a DayPlan,
    /// Whether the change sets this date. Only such dates have problems; the others are looked at because they lie beside them.
    pub set: bool,
    /// Whether the change wants them to work, employed or not.
    pub works: bool,
    /// The holiday it is.
    pub holiday: Option<&'a str>,
    /// The leave they have on that date, all day or a part of it.
    pub leave: Option<&'a str>,
}

/// What may be wrong with a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The shift begins before that of the other date ends, or ends after it begins.
    Overlap {
        /// The other date.
        with: NaiveDate,
    },
    /// Less than [`SHORT_REST`] lies between this shift and that of the other date.
    ShortRest {
        /// The other date.
        with: NaiveDate,
        /// How much does.
        minutes: i32,
    },
    /// They are on leave.
    OnLeave {
        /// What kind of leave.
        kind: String,
    },
    /// They are not hired yet, or have left.
    NotEmployed,
    /// It is a holiday.
    Holiday {
        /// Its name.
        name: String,
    },
}

impl What {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Overlap { .. } => "schedule.overlap",
            Self::ShortRest { .. } => "schedule.short_rest",
            Self::OnLeave { .. } => "schedule.on_leave",
            Self::NotEmployed => "schedule.not_employed",
            Self::Holiday { .. } => "schedule.holiday",
        }
    }

    /// In words, for whoever reads the API.
    pub fn detail(&self) -> String {
        match self {
            Self::Overlap { with } => format!("The shift overlaps that of {with}."),
            Self::ShortRest { with, minutes } => {
                format!(
                    "Only {}:{:02} hours lie between this shift and that of {with}.",
                    minutes / 60,
                    minutes % 60
                )
            }
            Self::OnLeave { kind } => format!("They are on leave: {kind}."),
            Self::NotEmployed => "They are not employed on that date.".to_owned(),
            Self::Holiday { name } => format!("It is a holiday: {name}."),
        }
    }
}

/// Something that may be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// On which date.
    pub date: NaiveDate,
    /// What.
    pub what: What,
}

/// What may be wrong with one person's schedule, given the dates in order from a day or two before the first change to as long after
/// the last.
pub fn problems(days: &[Day<'_>]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut last: Option<(&Day<'_>, &Rule)> = None;
    for day in days {
        if day.set && day.works {
            problems.extend(alone(day).map(|what| Problem { date: day.date, what }));
        }
        let Some(rule) = day.plan.shift().map(|shift| &shift.rule) else { continue };
        if let Some((earlier, earlier_rule)) = last
            && (earlier.set || day.set)
        {
            // Told of the date that is changed; of both, where it begins to be wrong.
            let (date, with) = if day.set { (day.date, earlier.date) } else { (earlier.date, day.date) };
            let what = between((earlier.date, earlier_rule), (day.date, rule), with);
            problems.extend(what.map(|what| Problem { date, what }));
        }
        last = Some((day, rule));
    }
    problems.sort_by_key(|problem| problem.date);
    problems
}

fn alone(day: &Day<'_>) -> impl Iterator<Item = What> {
    let not_employed = (day.plan.planned == super::plan::Planned::NotEmployed).then_some(What::NotEmployed);
    let leave = day.leave.map(|kind| What::OnLeave { kind: kind.to_owned() });
    let holiday = day.holiday.map(|name| What::Holiday { name: name.to_owned() });
    not_employed.into_iter().chain(leave).chain(holiday)
}

fn between(
    (earlier, earlier_rule): (NaiveDate, &Rule),
    (later, later_rule): (NaiveDate, &Rule),
    with: NaiveDate,
) -> Option<What> {
    let end = earlier_rule.segments.iter().map(|segment| segment.end.0).max()?;
    let start = later_rule.segments.iter().map(|segment| segment.start.0).min()?;
    let days = i32::try_from(later.signed_duration_since(earlier).num_days()).ok()?;
    let rest = days.checked_mul(DAY)?.checked_add(start)?.checked_sub(end)?;
    // Whoever may choose their hours sees to their own rest.
    let chosen = earlier_rule.is_flexible() || later_rule.is_flexible();
    match rest {
        ..0 => Some(What::Overlap { with }),
        0..SHORT_REST if !chosen => Some(What::ShortRest { with, minutes: rest }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::schedule::plan::{Because, Planned};
    use crate::schedule::shift::{Minute, Shift, ShiftId, ShiftKind, Stretch};

    const FLEXIBLE: (i32, i32) = (6, 22);

    fn plan(hours: Option<(i32, i32)>) -> DayPlan {
        let planned = hours.map_or(Planned::Rest, |(start, end)| {
            let kind = if (start, end) == FLEXIBLE { ShiftKind::Flexible } else { ShiftKind::Fixed };
            let hours = Stretch { start: Minute(start * 60), end: Minute(end * 60) };
            let rule = Rule { kind, ..Rule::fixed(vec![hours]) };
            Planned::Works(Arc::new(Shift { id: ShiftId("s".to_owned()), name: "S".to_owned(), rule }))
        });
        DayPlan { planned, because: Because::Cell, make_up: None }
    }

    fn date(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 7, day).unwrap()
    }

    #[test]
    fn attendance_6_4_problems_lie_between_shifts_that_follow_each_other() {
        type Hours = Option<(i32, i32)>;
        let (early, day, late, night) = ((6, 14), (9, 18), (14, 22), (22, 30));
        // The hours of three days, which of them the change sets, and what is told of which.
        type Row<'a> = ([Hours; 3], [bool; 3], &'a [(u32, &'a str)]);
        let table: &[Row<'_>] = &[
            ([Some(day), Some(day), Some(day)], [true, true, true], &[]),
            // Late, then early: eight hours.
            ([Some(late), Some(early), None], [false, true, false], &[(2, "schedule.short_rest 480 1")]),
            ([Some(late), Some(early), None], [true, false, false], &[(1, "schedule.short_rest 480 2")]),
            // Nothing of this was changed.
            ([Some(late), Some(early), Some(day)], [false, false, true], &[]),
            // Eleven hours to the minute are enough.
            ([Some(late), Some(day), None], [true, true, true], &[]),
            ([Some((15, 23)), Some(day), None], [true, true, true], &[(2, "schedule.short_rest 600 1")]),
            // The night ends at six; the same day's early shift begins then, and the day before's night is still going on.
            ([Some(night), Some(early), None], [true, true, true], &[(2, "schedule.short_rest 0 1")]),
            ([Some(night), Some((5, 13)), None], [true, true, true], &[(2, "schedule.overlap 1")]),
            // A day of rest between, and still less than eleven hours.
            ([Some((23, 47)), None, Some((4, 12))], [true, true, true], &[(3, "schedule.short_rest 300 1")]),
            // Both neighbours of the date that is set.
            (
                [Some(late), Some(early), Some((0, 6))],
                [false, true, false],
                &[(2, "schedule.short_rest 480 1"), (2, "schedule.short_rest 600 3")],
            ),
            // One's own choice.
            ([Some(FLEXIBLE), Some(FLEXIBLE), None], [true, true, true], &[]),
            ([Some(night), Some(FLEXIBLE), None], [true, true, true], &[]),
            ([Some((22, 31)), Some(FLEXIBLE), None], [true, true, true], &[(2, "schedule.overlap 1")]),
        ];
        for (hours, set, expected) in table {
            let plans = hours.map(plan);
            let days: Vec<Day<'_>> = (1..)
                .zip(&plans)
                .zip(set)
                .map(|((number, plan), set)| Day {
                    date: date(number),
                    plan,
                    set: *set,
                    works: plan.shift().is_some(),
                    holiday: None,
                    leave: None,
                })
                .collect();
            let found: Vec<(u32, String)> = problems(&days)
                .into_iter()
                .map(|problem| {
                    use chrono::Datelike;
                    let more = match &problem.what {
                        What::Overlap { with } => format!(" {}", with.day()),
                        What::ShortRest { with, minutes } => format!(" {minutes} {}", with.day()),
                        _ => String::new(),
                    };
                    (problem.date.day(), format!("{}{more}", problem.what.code()))
                })
                .collect();
            let found: Vec<(u32, &str)> = found.iter().map(|(day, text)| (*day, text.as_str())).collect();
            assert_eq!(found, *expected, "{hours:?} {set:?}");
        }
    }

    #[test]
    fn attendance_6_4_problems_of_a_date_by_itself() {
        let works = plan(Some((9, 18)));
        let gone = DayPlan { planned: Planned::NotEmployed, because: Because::Nothing, make_up: None };
        let look = |plan, set, works, holiday, leave| {
            let day = Day { date: date(1), plan, set, works, holiday, leave };
            problems(&[day]).iter().map(|problem| problem.what.code()).collect::<Vec<_>>()
        };
        assert_eq!(look(&works, true, true, None, None), [""; 0]);
        assert_eq!(look(&works, true, true, Some("National Day"), None), ["schedule.holiday"]);
        assert_eq!(look(&works, true, true, None, Some("annual")), ["schedule.on_leave"]);
        assert_eq!(look(&gone, true, true, None, None), ["schedule.not_employed"]);
        // Rest is no problem on any date, and what is not changed is not told.
        assert_eq!(look(&gone, true, false, Some("National Day"), Some("annual")), [""; 0]);
        assert_eq!(look(&works, false, true, Some("National Day"), Some("annual")), [""; 0]);
    }

    #[test]
    fn attendance_6_4_problems_are_told_in_words() {
        let rest = What::ShortRest { with: date(2), minutes: 485 };
        assert_eq!(rest.detail(), "Only 8:05 hours lie between this shift and that of 2026-07-02.");
    }
}
