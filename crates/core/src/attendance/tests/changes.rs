//! Whatever changes a fact or a plan changes the days it touches, and no others.

use super::*;
use crate::schedule::{LeaveKind, leave_add, leave_remove};
use crate::settings::{Settings, settings_change, settings_get};

/// Wednesday to today of both people, absent but for today.
const BEFORE: [&str; 12] = [
    "e1 07-01 absent",
    "e1 07-02 absent",
    "e1 07-03 absent",
    "e1 07-04 rest",
    "e1 07-05 rest",
    "e1 07-06 absent",
    "e2 07-01 absent",
    "e2 07-02 absent",
    "e2 07-03 absent",
    "e2 07-04 rest",
    "e2 07-05 rest",
    "e2 07-06 absent",
];

#[tokio::test]
async fn attendance_6_5_a_day_has_a_result_from_its_beginning_on_and_not_before() {
    let world = World::new().await;
    assert_eq!(world.rows().await, BEFORE);
    assert!(world.settle().await.is_empty(), "nothing has changed");
    world.advance(14);
    assert!(world.settle().await.is_empty(), "it is eleven in the evening");
    world.advance(1);
    assert_eq!(world.settle().await, ["e1 07-07", "e2 07-07"], "midnight");
    // The program was off for some days.
    world.advance(72);
    let opened = world.settle().await;
    assert_eq!(opened, ["e1 07-08", "e1 07-09", "e1 07-10", "e2 07-08", "e2 07-09", "e2 07-10"]);
}

#[tokio::test]
async fn attendance_6_5_a_punch_changes_its_own_day_alone() {
    let world = World::new().await;
    world.punch(&[("1", "07-03 09:10:30"), ("1", "07-03 18:00:00")]).await;
    assert_eq!(world.settle().await, ["e1 07-03"]);
    assert_eq!(world.shown("e1", "07-03").await, "late late10 provisional");
    // Between the two nothing changes, and no row is written.
    world.punch(&[("1", "07-03 12:00:00")]).await;
    assert!(world.settle().await.is_empty());
    // Of somebody nobody knows, and of a clock without a battery.
    world.punch(&[("99", "07-03 08:00:00"), ("2", "07-09 08:00:00")]).await;
    assert!(world.settle().await.is_empty());
    assert_eq!(world.rows().await.len(), BEFORE.len());
}

#[tokio::test]
async fn attendance_6_5_the_order_of_arrival_does_not_matter() {
    let punches = [
        ("1", "07-03 08:58:00"),
        ("1", "07-03 12:30:00"),
        ("1", "07-03 17:20:00"),
        ("1", "07-03 18:05:00"),
        ("2", "07-03 09:31:00"),
        ("2", "07-02 18:00:00"),
    ];
    let mut seen: Option<Vec<DayView>> = None;
    for turn in 0..punches.len() {
        let world = World::new().await;
        for place in 0..punches.len() {
            world.punch(&[punches[(place + turn) % punches.len()]]).await;
            if turn % 2 == 0 {
                world.settle().await;
            }
        }
        world.settle().await;
        let mut days = Vec::new();
        for (who, date) in [("e1", "07-03"), ("e2", "07-03"), ("e2", "07-02")] {
            let mut view = world.view(who, date).await.unwrap();
            // Another shift's id in each world.
            view.shift = None;
            days.push(view);
        }
        assert_eq!(*seen.get_or_insert_with(|| days.clone()), days, "{turn}");
    }
}

#[tokio::test]
async fn attendance_6_5_known_punches_sent_again_change_nothing() {
    let world = World::new().await;
    let punches = [("1", "07-03 08:58:00"), ("1", "07-03 18:05:00")];
    world.punch(&punches).await;
    assert_eq!(world.settle().await, ["e1 07-03"]);
    let again = world.punch(&punches).await;
    assert_eq!((again.new.len(), again.known), (0, 2));
    assert_eq!(world.site.read(days_look).await.unwrap().map(|_| ()), None, "nothing even to look at");
}

#[tokio::test]
async fn attendance_6_5_a_machine_that_is_silent_makes_nobody_absent() {
    let world = World::new().await;
    world.heard("A1").await;
    assert_eq!(world.shown("e1", "07-03").await, "absent absent540", "the machine has called since");
    assert_eq!(world.shown("e1", "07-06").await, "pending provisional", "the day is not over");
    world.punch(&[("1", "07-06 08:59:00")]).await;
    world.settle().await;
    assert_eq!(world.shown("e1", "07-06").await, "pending provisional");
    world.advance(24);
    world.settle().await;
    assert_eq!(world.shown("e2", "07-06").await, "pending provisional", "it has not called since yesterday");
    world.heard("A1").await;
    assert_eq!(world.shown("e2", "07-06").await, "absent absent540");
    assert_eq!(world.shown("e1", "07-06").await, "missing missingOut0");
}

#[tokio::test]
async fn attendance_6_5_approved_corrections_and_leave_change_their_day_alone() {
    let world = World::new().await;
    world.heard("A1").await;
    world.punch(&[("1", "07-02 09:12:00"), ("1", "07-02 18:00:00"), ("1", "07-03 09:00:00")]).await;
    assert_eq!(world.settle().await, ["e1 07-02", "e1 07-03"]);
    assert_eq!(world.shown("e1", "07-03").await, "missing missingOut0");
    world
        .site
        .write(|tx| {
            tx.execute_batch(
                "INSERT INTO corrections (employee_id, date, kind, mark, reason, who, created_at)
                   VALUES ('e1', '2026-07-02', 'lift', 'late', 'x', 'console', 0);
                 INSERT INTO corrections (employee_id, date, kind, wall, utc_offset, reason, who, created_at)
                   VALUES ('e1', '2026-07-03', 'punch', unixepoch('2026-07-03 18:00:00'), 28800, 'x', 'console', 0);",
            )?;
            for date in ["07-02", "07-03"] {
                days_touched(tx, Touched::Employee(&id("e1")), day(date), Some(day(date)))?;
            }
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
    assert_eq!(world.settle().await, ["e1 07-02", "e1 07-03"]);
    assert_eq!(world.shown("e1", "07-02").await, "normal late12(lifted)");
    assert_eq!(world.shown("e1", "07-03").await, "normal missingOut0(lifted)");

    let leave = crate::schedule::Leave {
        employee: id("e2"),
        kind: LeaveKind::Annual,
        from: day("07-02"),
        to: day("07-03"),
        start: TimeOfDay::parse("13:00"),
        end: None,
        note: String::new(),
    };
    let leave = world.site.write(move |tx| leave_add(tx, &Actor::console(), leave)).await.unwrap().id;
    assert_eq!(world.settle().await, ["e2 07-02", "e2 07-03"]);
    assert_eq!(world.shown("e2", "07-03").await, "leave");
    world.site.write(move |tx| leave_remove(tx, &Actor::console(), leave)).await.unwrap();
    assert_eq!(world.settle().await, ["e2 07-02", "e2 07-03"]);
    assert_eq!(world.shown("e2", "07-03").await, "absent absent540");
}

#[tokio::test]
async fn attendance_6_5_a_number_that_becomes_somebodys_brings_its_punches_along() {
    let world = World::new().await;
    world.hire("e3").await;
    world.settle().await;
    world.punch(&[("3", "07-01 08:00:00"), ("3", "07-03 08:00:00"), ("3", "07-03 18:00:00")]).await;
    assert!(world.settle().await.is_empty(), "nobody's");
    world.enlist("A1", "e3", "3").await;
    assert_eq!(world.settle().await, ["e3 07-01", "e3 07-03"]);
    let theirs: Vec<_> = world.rows().await.into_iter().filter(|row| row.starts_with("e3")).collect();
    assert_eq!(theirs, ["e3 07-01 unscheduled", "e3 07-03 unscheduled"]);
    world.assign(TargetKind::Employee, "e3", "07-03").await;
    let changed = world.settle().await;
    assert_eq!(changed, ["e3 07-03", "e3 07-04", "e3 07-05", "e3 07-06"], "its own dates");
}

#[tokio::test]
async fn attendance_6_5_another_zone_of_the_site_is_when_its_days_are_over() {
    let world = World::new().await;
    let ends = || async {
        let sql = "SELECT ends_at FROM attendance_days WHERE employee_id = 'e1' AND date = '2026-07-03'";
        world
            .site
            .read(move |conn| Ok::<i64, db::Error>(conn.query_row(sql, [], |row| row.get(0))?))
            .await
            .unwrap()
    };
    let before = ends().await;
    world
        .site
        .write(|tx| {
            let settings = Settings { time_zone: Tz::Europe__Berlin, ..settings_get(tx)? };
            settings_change(tx, &Actor::console(), &settings)
        })
        .await
        .unwrap();
    assert_eq!(world.settle().await.len(), BEFORE.len(), "all of them");
    assert_eq!(ends().await, before + 6 * 3600);
}

/// A machine has sent thousands of punches again, and somebody punches just then.
#[tokio::test]
async fn attendance_6_5_a_punch_of_today_does_not_wait_behind_thousands_of_old_ones() {
    let minute = |day: i32, at: i32| format!("07-{day:02} {:02}:{:02}:00", at / 60, at % 60);
    let mut times: Vec<(&str, String)> = Vec::new();
    for day in 1..=3 {
        times.extend((0..1440).map(|at| (if at % 2 == 0 { "1" } else { "2" }, minute(day, at))));
    }
    times.push(("1", minute(6, 8 * 60 + 59)));
    let punches: Vec<(&str, &str)> = times.iter().map(|(pin, time)| (*pin, time.as_str())).collect();
    let world = World::new().await;
    world.punch(&punches).await;
    for _ in 0..2 {
        let work = world.site.read(days_look).await.unwrap().unwrap();
        world.site.write(move |tx| days_write(tx, &work)).await.unwrap().unwrap();
    }
    assert!(world.rows().await.contains(&"e1 07-06 missing".to_owned()), "{:?}", world.rows().await);
    world.settle().await;
    // One after the other they come to the same.
    let slow = World::new().await;
    for some in punches.chunks(400) {
        slow.punch(some).await;
        slow.settle().await;
    }
    assert_eq!(world.rows().await, slow.rows().await);
    assert_eq!(world.rows().await[2], "e1 07-03 normal");
}

/// The program ends after the look and before the write.
#[tokio::test]
async fn attendance_6_5_nothing_is_lost_between_looking_and_writing() {
    let world = World::unjudged().await;
    world.punch(&[("1", "07-03 08:00:00")]).await;
    let dirty = world.dirty().await;
    assert!(dirty > 0);
    let work = world.site.read(days_look).await.unwrap().unwrap();
    drop(work);
    assert_eq!(world.dirty().await, dirty);
    world.settle().await;
    assert_eq!(world.dirty().await, 0);
    assert_eq!(world.rows().await[2], "e1 07-03 missing");
}

/// A second change between looking and writing is not taken for the first.
#[tokio::test]
async fn attendance_6_5_a_day_that_changes_again_is_judged_again() {
    let world = World::new().await;
    let touch = || async {
        world
            .site
            .write(|tx| days_touched(tx, Touched::Employee(&id("e1")), day("07-03"), Some(day("07-03"))))
            .await
            .unwrap();
    };
    touch().await;
    let work = world.site.read(days_look).await.unwrap().unwrap();
    world
        .site
        .write(|tx| {
            tx.execute_batch(
                "INSERT INTO corrections (employee_id, date, kind, wall, utc_offset, reason, who, created_at)
                   VALUES ('e1', '2026-07-03', 'punch', unixepoch('2026-07-03 09:00:00'), 28800, 'x', 'console', 0)",
            )?;
            days_touched(tx, Touched::Employee(&id("e1")), day("07-03"), Some(day("07-03")))
        })
        .await
        .unwrap();
    world.site.write(move |tx| days_write(tx, &work)).await.unwrap().unwrap();
    assert_eq!(world.dirty().await, 3, "all three are to be judged once more");
    assert_eq!(world.settle().await, ["e1 07-03"]);
}

/// Whoever is taken out of the directory between looking and writing leaves nothing behind.
#[tokio::test]
async fn somebody_who_is_gone_when_their_day_is_written_has_none() {
    let world = World::new().await;
    world.hire("e9").await;
    world.assign(TargetKind::Employee, "e9", "07-06").await;
    let work = world.site.read(days_look).await.unwrap().unwrap();
    world
        .site
        .write(|tx| {
            tx.execute("DELETE FROM dispatch_dirty", [])?;
            tx.execute("DELETE FROM employees WHERE id = 'e9'", [])?;
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
    world.site.write(move |tx| days_write(tx, &work)).await.unwrap();
    assert_eq!(world.rows().await, BEFORE);
}
