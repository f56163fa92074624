//! Whatever changes a plan or leave says whose days it changes.

use super::*;
use crate::directory::EmployeeId;

type Change = Box<dyn Fn(&Tx<'_>, &Said) -> Result<(), ScheduleError> + Send>;

/// What was said before.
struct Said {
    shift: ShiftId,
    other: ShiftId,
    rotation: String,
    of_d1: i64,
    leave: i64,
}

fn said(tx: &Tx<'_>) -> Result<Said, ScheduleError> {
    let (shift, other) = (shift(tx, "day", "09:00-18:00")?, shift(tx, "night", "22:00-06:00")?);
    let steps = vec![Some(other.clone()), None];
    let rotation = rotation_add(tx, &Actor::console(), NewRotation { name: "turns".into(), steps })?.id;
    let of_d1 = assign(tx, "d1", Work::Shift(shift.clone()), "2026-07-01", None)?;
    let turns = Work::Rotation { id: rotation.clone(), anchor: Some(day("2026-07-01")) };
    assign(tx, "e3", turns, "2026-07-03", Some("2026-07-04"))?;
    let cell =
        CellChange { employee: "e2".into(), date: day("2026-07-05"), set: CellSet::Shift(other.clone()) };
    schedule_cells_set(tx, &Actor::console(), &[cell])?;
    let leave = Leave {
        employee: EmployeeId::new("e1").unwrap(),
        kind: LeaveKind::Annual,
        from: day("2026-07-02"),
        to: day("2026-07-03"),
        start: None,
        end: None,
        note: String::new(),
    };
    let leave = leave_add(tx, &Actor::console(), leave)?.id;
    Ok(Said { shift, other, rotation, of_d1, leave })
}

/// Each change on a site of its own, and whose days it touches: its own and one on either side, and none after tomorrow.
#[tokio::test]
async fn attendance_6_4_every_change_says_whose_days_it_changes() {
    let actor = Actor::console;
    let table: Vec<(&str, Change, &[&str])> = vec![
        (
            "a shift, by assignment",
            Box::new(move |tx, said| {
                let change = ShiftChange { grace_in: Some(5), ..ShiftChange::default() };
                shift_change(tx, &actor(), &said.shift, change).map(drop)
            }),
            &["e1 06-30…07-07", "e2 06-30…07-07"],
        ),
        (
            "a shift, by rotation and by hand",
            Box::new(move |tx, said| {
                let change = ShiftChange { grace_in: Some(5), ..ShiftChange::default() };
                shift_change(tx, &actor(), &said.other, change).map(drop)
            }),
            &["e2 07-04…07-06", "e3 07-02…07-05"],
        ),
        (
            "only the name of a shift",
            Box::new(move |tx, said| {
                let color = Some(Some("blue".to_owned()));
                let change = ShiftChange { name: Some("x".into()), color, ..ShiftChange::default() };
                shift_change(tx, &actor(), &said.shift, change).map(drop)
            }),
            &[],
        ),
        (
            "the steps of a rotation",
            Box::new(move |tx, said| {
                let steps = Some(vec![Some(said.shift.clone())]);
                rotation_change(tx, &actor(), &said.rotation, RotationChange { name: None, steps }).map(drop)
            }),
            &["e3 07-02…07-05"],
        ),
        (
            "an assignment that begins the day after tomorrow",
            Box::new(|tx, said| {
                assign(tx, "b1", Work::Shift(said.shift.clone()), "2026-07-08", None).map(drop)
            }),
            &["e1 07-07…07-07", "e2 07-07…07-07"],
        ),
        (
            "one that begins later",
            Box::new(|tx, said| {
                assign(tx, "b1", Work::Shift(said.shift.clone()), "2026-07-09", None).map(drop)
            }),
            &[],
        ),
        (
            "the end of one",
            Box::new(move |tx, said| {
                assignment_change(tx, &actor(), said.of_d1, Some(day("2026-07-04"))).map(drop)
            }),
            &["e1 07-03…07-07", "e2 07-03…07-07"],
        ),
        (
            "one taken back",
            Box::new(move |tx, said| assignment_remove(tx, &actor(), said.of_d1)),
            &["e1 06-30…07-07", "e2 06-30…07-07"],
        ),
        (
            "a holiday",
            Box::new(move |tx, _| {
                let day = plan::CalendarDay {
                    date: day("2026-07-03"),
                    special: plan::Special::Holiday,
                    name: "x".into(),
                };
                calendar_set(tx, &actor(), day).map(drop)
            }),
            &["e1 07-02…07-04", "e2 07-02…07-04", "e3 07-02…07-04"],
        ),
        (
            "a whole calendar",
            Box::new(move |tx, _| {
                let text = "x:7月3日至5日放假。7月1日上班。";
                calendar_import(tx, &actor(), calendar_of_notice(text, Some(2026))?).map(drop)
            }),
            &["e1 06-30…07-06", "e2 06-30…07-06", "e3 06-30…07-06"],
        ),
        (
            "leave moved",
            Box::new(move |tx, said| {
                let change = LeaveChange {
                    from: Some(day("2026-07-06")),
                    to: Some(day("2026-07-06")),
                    ..LeaveChange::default()
                };
                leave_change(tx, &actor(), said.leave, change).map(drop)
            }),
            &["e1 07-01…07-07"],
        ),
        (
            "leave taken back",
            Box::new(move |tx, said| leave_remove(tx, &actor(), said.leave).map(drop)),
            &["e1 07-01…07-04"],
        ),
        (
            "days set by hand",
            Box::new(move |tx, _| {
                let cell = |employee: &str, date| CellChange {
                    employee: employee.into(),
                    date: day(date),
                    set: CellSet::Rest,
                };
                let cells = [
                    cell("e1", "2026-07-02"),
                    cell("e2", "2026-07-01"),
                    cell("e1", "2026-07-06"),
                    cell("e3", "2026-08-01"),
                ];
                schedule_cells_set(tx, &actor(), &cells).map(drop)
            }),
            &["e1 07-01…07-07 with gaps", "e2 06-30…07-02"],
        ),
        (
            "a day set to what it is",
            Box::new(move |tx, said| {
                let set = CellSet::Shift(said.other.clone());
                let cell = CellChange { employee: "e2".into(), date: day("2026-07-05"), set };
                schedule_cells_set(tx, &actor(), &[cell]).map(drop)
            }),
            &[],
        ),
    ];
    for (name, change, expected) in table {
        let (site, _folder) = a_site().await;
        let found = site
            .write(move |tx| {
                let said = said(tx)?;
                touched(tx)?;
                change(tx, &said)?;
                Ok::<_, ScheduleError>(touched(tx)?)
            })
            .await
            .unwrap();
        assert_eq!(found, expected, "{name}");
    }
}

/// What anybody works from today on cannot be removed under them.
#[tokio::test]
async fn attendance_6_4_what_is_worked_is_not_removed() {
    let (site, _folder) = a_site().await;
    site.write(|tx| {
        let actor = Actor::console();
        let said = said(tx)?;
        let code = |result: Result<(), ScheduleError>| result.map_err(|error| error.code());
        let in_use = Err("shift.in_use");
        assert_eq!(code(shift_remove(tx, &actor, &said.shift)), in_use, "assigned");
        assert_eq!(code(shift_remove(tx, &actor, &said.other)), in_use, "a step of a rotation");
        // That assignment is over.
        assert_eq!(code(rotation_remove(tx, &actor, &said.rotation)), Ok(()));
        assert_eq!(code(rotation_remove(tx, &actor, &said.rotation)), Err("rotation.unknown"));
        assert_eq!(
            code(shift_remove(tx, &actor, &said.other)),
            Ok(()),
            "worked by hand yesterday, and no more"
        );
        let tomorrow = CellChange {
            employee: "e2".into(),
            date: day("2026-07-07"),
            set: CellSet::Shift(said.shift.clone()),
        };
        schedule_cells_set(tx, &actor, &[tomorrow])?;
        assignment_change(tx, &actor, said.of_d1, Some(day("2026-07-05")))?;
        assert_eq!(code(shift_remove(tx, &actor, &said.shift)), in_use, "on a day set by hand");
        assert_eq!(shift_list(tx, tx.now(), &Page::default())?.total, 1);
        // What was worked by it stays.
        let people = people_load(tx, &["e2"])?;
        let cells = cells_load(tx, &["e2"], day("2026-07-05"), day("2026-07-05"))?;
        let plan = book_load(tx)?.of(&people[0], &cells["e2"]).on(day("2026-07-05"));
        assert_eq!(plan.shift().map(|shift| shift.name.as_str()), Some("night"));
        // Its name is free again.
        shift(tx, "night", "23:00-07:00")?;
        Ok::<_, ScheduleError>(())
    })
    .await
    .unwrap();
}

/// A day of a locked month stays as it is, whatever else is set with it.
#[tokio::test]
async fn attendance_6_4_days_of_a_locked_month_are_not_set() {
    let (site, _folder) = a_site().await;
    site.write(|tx| {
        let said = said(tx)?;
        tx.execute("INSERT INTO attendance_locks (month, locked_at, who) VALUES ('2026-06', 0, 'x')", [])?;
        let cell = |date| CellChange {
            employee: "e1".into(),
            date: day(date),
            set: CellSet::Shift(said.shift.clone()),
        };
        let cells = [cell("2026-06-30"), cell("2026-07-01")];
        let looked = schedule_check(tx, &cells)?;
        let report = schedule_cells_set(tx, &Actor::console(), &cells)?;
        assert_eq!(report, looked);
        let problems: Vec<_> = report.problems.iter().map(|problem| (problem.date, problem.code)).collect();
        assert_eq!((report.changed, problems), (1, vec![(day("2026-06-30"), "schedule.locked")]));
        let cells = cells_load(tx, &["e1"], day("2026-06-01"), day("2026-07-31"))?;
        assert_eq!(cells["e1"].iter().map(|cell| cell.date).collect::<Vec<_>>(), [day("2026-07-01")]);
        Ok::<_, ScheduleError>(())
    })
    .await
    .unwrap();
}
