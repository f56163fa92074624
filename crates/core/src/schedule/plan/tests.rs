//! A notation for what was said, so that a table can be read: `"#2 d1 day Mon-Fri 07-01..07-31 holidays"` is the second
//! assignment, of the day shift to the department d1, on working days in July, holidays too. 2026-07-06 is a Monday.

use chrono::{Datelike, Days};
use proptest::prelude::*;

use super::*;
use crate::schedule::shift::{Minute, Rule, Stretch};

fn date(text: &str) -> NaiveDate {
    format!("2026-{text}").parse().unwrap()
}

fn shift(id: &str) -> Shift {
    let rule = Rule::fixed(vec![Stretch { start: Minute(540), end: Minute(1080) }]);
    Shift { id: ShiftId(id.to_owned()), name: id.to_owned(), rule }
}

fn weekdays(text: &str) -> Weekdays {
    const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let at = |name: &str| NAMES.iter().position(|known| *known == name).unwrap_or_else(|| panic!("{name}"));
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Weekdays((at(first)..=at(last)).fold(0, |bits, day| bits | 1 << day))
}

fn target(id: &str) -> Target {
    let kind = match &id[..1] {
        "e" => TargetKind::Employee,
        "d" => TargetKind::Department,
        "b" => TargetKind::Branch,
        _ => panic!("{id}"),
    };
    Target { kind, id: id.to_owned() }
}

fn assignment(text: &str) -> Assignment {
    let mut words = text.split(' ');
    let id = words.next().unwrap().strip_prefix('#').unwrap().parse().unwrap();
    let target = target(words.next().unwrap());
    let work = words.next().unwrap();
    let (work, anchor) =
        work.split_once('@').map_or((work, None), |(work, anchor)| (work, Some(date(anchor))));
    let work = if work.starts_with("rotation") {
        Work::Rotation { id: work.to_owned(), anchor }
    } else {
        Work::Shift(ShiftId(work.to_owned()))
    };
    let (mut from, mut to) = (date("01-01"), None);
    let (mut days, mut holidays) = (Weekdays::ALL, false);
    for word in words {
        match word.split_once("..") {
            Some((first, last)) => (from, to) = (date(first), (!last.is_empty()).then(|| date(last))),
            None if word == "holidays" => holidays = true,
            None => days = weekdays(word),
        }
    }
    Assignment { id, target, work, from, to, weekdays: days, holidays }
}

fn unit(id: &str, parent: Option<&str>, branch: Option<&str>) -> Unit {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Unit { id: id.to_owned(), name: id.to_owned(), parent: owned(parent), branch: owned(branch) }
}

/// Branch b1 holds branch b2. b2 has the department d1, which holds d2. National Day is from 10-01 to 10-03; 09-27 and 10-10 make up
/// for it, the first as a Wednesday.
fn said(assignments: &[&str]) -> Said {
    let step = |id: &str| (id != "-").then(|| ShiftId(id.to_owned()));
    let rotation =
        |id: &str, steps: &str| Rotation { id: id.to_owned(), steps: steps.split(' ').map(step).collect() };
    let special =
        |text: &str, special: Special| CalendarDay { date: date(text), special, name: text.to_owned() };
    Said {
        shifts: ["day", "late", "night"].map(shift).into(),
        rotations: vec![
            rotation("rotation4", "day late night -"),
            rotation("rotation2", "- night"),
            Rotation { id: "rotation0".to_owned(), steps: Vec::new() },
        ],
        assignments: assignments.iter().map(|text| assignment(text)).collect(),
        calendar: vec![
            special("10-01", Special::Holiday),
            special("10-02", Special::Holiday),
            special("10-03", Special::Holiday),
            special("09-27", Special::Workday { as_weekday: Some(Weekday::Wed) }),
            special("10-10", Special::Workday { as_weekday: None }),
        ],
        branches: vec![unit("b2", Some("b1"), None), unit("b1", None, None), unit("b9", None, None)],
        departments: vec![unit("d2", Some("d1"), None), unit("d1", None, Some("b2"))],
    }
}

/// e1 is in d2.
fn somebody() -> Person {
    Person { id: "e1".to_owned(), department: Some("d2".to_owned()), ..Person::default() }
}

fn text(plan: &DayPlan) -> String {
    let planned = match &plan.planned {
        Planned::Works(shift) => shift.id.0.clone(),
        Planned::Rest => "rest".to_owned(),
        Planned::Holiday(_) => "holiday".to_owned(),
        Planned::Unscheduled => "unscheduled".to_owned(),
        Planned::NotEmployed => "not employed".to_owned(),
    };
    match plan.because {
        Because::Assignment(id) => format!("{planned} #{id}"),
        Because::Cell => format!("{planned} set"),
        Because::Nothing => planned,
    }
}

#[track_caller]
fn check(said: Said, person: &Person, cells: &[Cell], table: &[(&str, &str)]) {
    let book = Book::new(said);
    for (day, expected) in table {
        assert_eq!(text(&book.of(person, cells).on(date(day))), *expected, "{day}");
    }
}

#[test]
fn attendance_6_4_the_narrowest_wins_then_the_newest() {
    let table: &[(&[&str], &str)] = &[
        (&[], "unscheduled"),
        (&["#1 e9 day", "#2 d9 day", "#3 b9 day"], "unscheduled"),
        (&["#1 e1 day", "#2 d2 late", "#3 b1 night"], "day #1"),
        (&["#1 d2 day", "#2 d1 late", "#3 b2 night"], "day #1"),
        (&["#1 d1 day", "#2 b2 late", "#3 b1 night"], "day #1"),
        (&["#1 b2 day", "#2 b1 late"], "day #1"),
        (&["#1 b1 day"], "day #1"),
        (&["#2 d1 late", "#3 d1 night", "#1 d1 day"], "night #3"),
        // What does not cover the date, or not its weekday, is not there.
        (&["#1 d1 day", "#2 e1 late 07-07..", "#3 e1 night 01-01..07-05"], "day #1"),
        (&["#1 d1 day", "#2 e1 late Tue-Sun"], "day #1"),
        (&["#1 d1 day", "#2 d1 late Tue-Sun"], "day #1"),
        (&["#1 d1 day 07-06..07-06"], "day #1"),
        // Some cover the date and none its weekday: that is rest, by the narrowest of them.
        (&["#1 d1 day Tue-Sun", "#2 b1 late Sat"], "rest #1"),
        // A shift or a rotation that is not there: nobody is absent from it.
        (&["#1 e1 gone"], "unscheduled #1"),
        (&["#1 e1 rotation9"], "unscheduled #1"),
    ];
    for (assignments, expected) in table {
        let found = text(&Book::new(said(assignments)).of(&somebody(), &[]).on(date("07-06")));
        assert_eq!(found, *expected, "{assignments:?}");
    }
}

#[test]
fn attendance_6_4_a_person_is_where_their_department_is_and_where_they_are_said_to_be() {
    let book = Book::new(said(&["#1 b2 day", "#2 b9 late"]));
    let plan = |department: Option<&str>, branch: Option<&str>| {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let person = Person { department: owned(department), branch: owned(branch), ..somebody() };
        text(&book.of(&person, &[]).on(date("07-06")))
    };
    assert_eq!(plan(Some("d2"), None), "day #1");
    assert_eq!(plan(Some("d2"), Some("b9")), "day #1");
    assert_eq!(plan(None, Some("b9")), "late #2");
    assert_eq!(plan(None, Some("b2")), "day #1");
    assert_eq!(plan(Some("gone"), Some("gone")), "unscheduled");
}

#[test]
fn attendance_6_4_weekdays_holidays_and_make_up_workdays() {
    let week = ["#1 d1 day Mon-Fri"];
    check(
        said(&week),
        &somebody(),
        &[],
        &[
            ("09-25", "day #1"),
            ("09-26", "rest #1"),
            // A Sunday, worked as a Wednesday.
            ("09-27", "day #1"),
            ("09-30", "day #1"),
            ("10-01", "holiday #1"),
            ("10-02", "holiday #1"),
            // A Saturday, and a holiday all the same.
            ("10-03", "holiday #1"),
            ("10-04", "rest #1"),
            ("10-05", "day #1"),
            // A Saturday, worked by everybody who works from Monday to Friday.
            ("10-10", "day #1"),
            ("10-11", "rest #1"),
        ],
    );
    // Whoever works holidays works them; a holiday is nobody's who was given nothing to do.
    check(
        said(&["#1 d1 day Mon-Fri holidays"]),
        &somebody(),
        &[],
        &[("10-01", "day #1"), ("10-03", "holiday #1")],
    );
    check(said(&[]), &somebody(), &[], &[("10-01", "unscheduled"), ("10-10", "unscheduled")]);
    check(said(&["#1 d1 day 01-01..09-30"]), &somebody(), &[], &[("10-01", "unscheduled")]);
    // The narrower says whether: the others are not asked.
    let both = ["#1 d1 day holidays", "#2 e1 late"];
    check(said(&both), &somebody(), &[], &[("09-30", "late #2"), ("10-01", "holiday #2")]);
    // By weekday: the Wednesday's shift on the Sunday that is worked as one.
    let days = ["#1 d1 day Mon-Tue", "#2 d1 late Wed", "#3 d1 night Sun"];
    check(
        said(&days),
        &somebody(),
        &[],
        &[
            ("09-20", "night #3"),
            ("09-27", "late #2"),
            // Without a weekday the newest that works from Monday to Friday, or works on that day anyway.
            ("10-10", "late #2"),
        ],
    );
    check(said(&["#1 d1 day Sat-Sun"]), &somebody(), &[], &[("09-27", "rest #1"), ("10-10", "day #1")]);
    check(said(&["#1 d1 day Sun"]), &somebody(), &[], &[("10-10", "rest #1")]);
    let book = Book::new(said(&week));
    assert_eq!(book.of(&somebody(), &[]).on(date("09-27")).make_up.as_deref(), Some("09-27"));
    assert_eq!(book.of(&somebody(), &[]).on(date("10-01")).make_up, None);
}

#[test]
fn attendance_6_4_a_rotation_goes_on_before_its_anchor_and_after_its_end() {
    check(
        said(&["#1 e1 rotation4@07-06"]),
        &somebody(),
        &[],
        &[
            ("07-06", "day #1"),
            ("07-07", "late #1"),
            ("07-08", "night #1"),
            ("07-09", "rest #1"),
            ("07-10", "day #1"),
            // Before the anchor, in its span all the same.
            ("07-05", "rest #1"),
            ("07-04", "night #1"),
            ("07-03", "late #1"),
            ("07-02", "day #1"),
            // 186 days before: 46 cycles and two days.
            ("01-01", "night #1"),
            ("10-01", "holiday #1"),
        ],
    );
    // Without an anchor it begins with its span.
    check(
        said(&["#1 e1 rotation2 07-06.."]),
        &somebody(),
        &[],
        &[("07-06", "rest #1"), ("07-07", "night #1")],
    );
    check(said(&["#1 e1 rotation0"]), &somebody(), &[], &[("07-06", "rest #1")]);
    // Its rest is rest on a holiday that is worked, and goes on through a make-up workday.
    check(
        said(&["#1 e1 rotation2@10-01 holidays"]),
        &somebody(),
        &[],
        &[("10-01", "rest #1"), ("10-02", "night #1"), ("10-10", "night #1")],
    );
}

#[test]
fn attendance_6_4_a_day_that_was_set_wins_over_all() {
    let cell = |day: &str, shift: Option<&str>| Cell {
        date: date(day),
        shift: shift.map(|id| ShiftId(id.to_owned())),
    };
    let cells = [
        cell("10-01", Some("night")),
        cell("07-06", Some("late")),
        cell("07-07", None),
        cell("07-11", Some("day")),
        cell("07-12", Some("gone")),
    ];
    check(
        said(&["#1 e1 day Mon-Fri"]),
        &somebody(),
        &cells,
        &[
            ("07-05", "rest #1"),
            ("07-06", "late set"),
            ("07-07", "rest set"),
            ("07-08", "day #1"),
            ("07-11", "day set"),
            ("07-12", "unscheduled set"),
            ("10-01", "night set"),
        ],
    );
    check(said(&[]), &somebody(), &cells, &[("07-06", "late set"), ("07-08", "unscheduled")]);
}

#[test]
fn attendance_6_4_from_the_first_day_to_the_last() {
    let person = Person { hired_on: Some(date("07-06")), left_on: Some(date("07-08")), ..somebody() };
    let cells = [Cell { date: date("07-09"), shift: Some(ShiftId("day".to_owned())) }];
    check(
        said(&["#1 d1 day"]),
        &person,
        &cells,
        &[("07-05", "not employed"), ("07-06", "day #1"), ("07-08", "day #1"), ("07-09", "not employed")],
    );
}

#[test]
fn attendance_6_4_a_circle_in_the_organisation_ends() {
    let mut said = said(&["#1 d3 day"]);
    said.departments.push(unit("d3", Some("d4"), None));
    said.departments.push(unit("d4", Some("d3"), None));
    let person = Person { department: Some("d4".to_owned()), ..somebody() };
    assert_eq!(text(&Book::new(said).of(&person, &[]).on(date("07-06"))), "day #1");
}

fn some_assignment() -> impl Strategy<Value = Assignment> {
    let target_id =
        prop_oneof![Just("e1"), Just("e9"), Just("d2"), Just("d1"), Just("b2"), Just("b1"), Just("b9")];
    let work = prop_oneof![Just("day"), Just("late"), Just("rotation4"), Just("rotation2")];
    let span = (0_u64..40, prop::option::of(0_u64..40));
    (target_id, work, span, any::<u8>(), any::<bool>(), prop::option::of(0_u64..60)).prop_map(
        |(id, work, (from, length), weekdays, holidays, anchor)| {
            let from = date("09-10") + Days::new(from);
            let work = if work.starts_with("rotation") {
                Work::Rotation {
                    id: work.to_owned(),
                    anchor: anchor.map(|days| date("09-01") + Days::new(days)),
                }
            } else {
                Work::Shift(ShiftId(work.to_owned()))
            };
            let to = length.map(|length| from + Days::new(length));
            let weekdays = Weekdays(weekdays & Weekdays::ALL.0);
            Assignment { id: 0, target: target(id), work, from, to, weekdays, holidays }
        },
    )
}

/// The rule, word for word, without any preparation.
fn by_the_words(said: &Said, date: NaiveDate) -> (String, Option<i64>) {
    let narrowness = ["e1", "d2", "d1", "b2", "b1"];
    let rank = |assignment: &&Assignment| narrowness.iter().position(|id| *id == assignment.target.id);
    let mut covering: Vec<&Assignment> = said
        .assignments
        .iter()
        .filter(|assignment| rank(assignment).is_some())
        .filter(|assignment| assignment.from <= date && assignment.to.is_none_or(|to| date <= to))
        .collect();
    covering.sort_by_key(|assignment| (rank(assignment), -assignment.id));
    let Some(narrowest) = covering.first() else { return ("unscheduled".to_owned(), None) };
    let special = said.calendar.iter().find(|day| day.date == date).map(|day| &day.special);
    let chosen = covering.iter().find(|assignment| {
        let works = |number: u32| assignment.weekdays.0 & (1 << number) != 0;
        let own = date.weekday().num_days_from_monday();
        match special {
            Some(Special::Workday { as_weekday: Some(day) }) => works(day.num_days_from_monday()),
            Some(Special::Workday { as_weekday: None }) => (0..5).any(works) || works(own),
            _ => works(own),
        }
    });
    let id = Some(chosen.unwrap_or(narrowest).id);
    if special == Some(&Special::Holiday) && !chosen.is_some_and(|assignment| assignment.holidays) {
        return ("holiday".to_owned(), id);
    }
    let Some(chosen) = chosen else { return ("rest".to_owned(), id) };
    let step = match &chosen.work {
        Work::Shift(id) => Some(id.clone()),
        Work::Rotation { id, anchor } => {
            let rotation = said.rotations.iter().find(|rotation| rotation.id == *id).unwrap();
            let mut at = anchor.unwrap_or(chosen.from);
            let mut steps = rotation.steps.iter().cycle();
            // Back by whole cycles until the date lies ahead, then day by day.
            while at > date {
                at = at - Days::new(rotation.steps.len() as u64);
            }
            while at < date {
                at = at + Days::new(1);
                steps.next();
            }
            steps.next().unwrap().clone()
        }
    };
    (step.map_or("rest".to_owned(), |shift| shift.0), id)
}

proptest! {
    #[test]
    fn attendance_6_4_a_plan_is_what_the_rule_says(
        assignments in prop::collection::vec(some_assignment(), 0..10),
        cell in prop::option::of((0_u64..60, any::<bool>())),
        day in 0_u64..60,
    ) {
        let mut said = said(&[]);
        said.assignments = (1..).zip(assignments).map(|(id, assignment)| Assignment { id, ..assignment }).collect();
        let day = date("09-01") + Days::new(day);
        let cells: Vec<Cell> = cell
            .into_iter()
            .map(|(at, works)| Cell {
                date: date("09-01") + Days::new(at),
                shift: works.then(|| ShiftId("night".to_owned())),
            })
            .collect();
        let (planned, id) = by_the_words(&said, day);
        let plan = Book::new(said).of(&somebody(), &cells).on(day);
        match cells.iter().find(|cell| cell.date == day) {
            Some(cell) => {
                let expected = cell.shift.as_ref().map_or("rest set", |_| "night set");
                prop_assert_eq!(text(&plan), expected);
            }
            None => {
                let expected = id.map_or(planned.clone(), |id| format!("{planned} #{id}"));
                prop_assert_eq!(text(&plan), expected);
            }
        }
    }

    /// An assignment of somebody else changes nobody's plan.
    #[test]
    fn attendance_6_4_what_is_said_of_others_changes_nothing(
        assignments in prop::collection::vec(some_assignment(), 0..6),
        other in some_assignment(),
        day in 0_u64..60,
    ) {
        let mut few = said(&[]);
        few.assignments = (1..).zip(assignments).map(|(id, assignment)| Assignment { id, ..assignment }).collect();
        let mut many = few.clone();
        many.assignments.push(Assignment { id: 99, target: target("d9"), ..other });
        let day = date("09-01") + Days::new(day);
        prop_assert_eq!(
            Book::new(few).of(&somebody(), &[]).on(day),
            Book::new(many).of(&somebody(), &[]).on(day)
        );
    }
}
