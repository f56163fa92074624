//! A locked month stays as it was.

use super::*;
use crate::directory::{ImportFile, ImportRow, import_employees, import_undo};
use crate::settings::{Settings, settings_change, settings_get};

fn july() -> Month {
    Month::parse("2026-07").unwrap()
}

impl World {
    async fn lock(&self) -> Result<MonthLock, AttendanceError> {
        self.site.write(|tx| lock_add(tx, &Actor::console(), july(), true)).await
    }

    async fn check(&self) -> &'static str {
        let now = self.site.clock().now();
        let checked = self.site.read(move |conn| lock_check(conn, july(), now)).await;
        checked.map_or_else(|error| error.code(), |()| "fine")
    }

    async fn late(&self) -> Vec<String> {
        let now = self.site.clock().now();
        let list = self.site.read(move |conn| late_list(conn, july(), &Page::default(), now)).await.unwrap();
        assert_eq!(list.total, list.items.len() as u64);
        list.items.iter().map(|day| became(&day.person, day.date, &day.before, &day.after)).collect()
    }
}

/// August has begun, and the machine has called.
async fn august() -> World {
    let world = World::new().await;
    world.advance(24 * 27);
    world.heard("A1").await;
    world.settle().await;
    world
}

#[tokio::test]
async fn attendance_6_5_a_month_is_locked_when_it_is_over_and_sure() {
    let world = World::new().await;
    assert_eq!(world.check().await, "attendance.month_not_over");
    assert_eq!(world.lock().await.unwrap_err().code(), "attendance.month_not_over");
    world.advance(24 * 27);
    world.settle().await;
    assert_eq!(world.check().await, "attendance.month_provisional", "the machine is silent");
    world.heard("A1").await;
    assert_eq!(world.check().await, "fine");
    // What nobody has looked at yet would be late at once.
    world.punch(&[("1", "07-31 08:00:00")]).await;
    assert_eq!(world.lock().await.unwrap_err().code(), "attendance.month_unsettled");
    world.settle().await;
    world.lock().await.unwrap();
    assert_eq!(world.lock().await.unwrap_err().code(), "attendance.month_locked");
    let locks = world.site.read(lock_list).await.unwrap();
    assert_eq!((locks.len(), locks[0].month, locks[0].late), (1, july(), 0));
}

#[tokio::test]
async fn attendance_6_5_what_comes_late_is_listed_and_the_day_is_unchanged() {
    let world = august().await;
    let rows = world.rows().await;
    world.lock().await.unwrap();
    world.punch(&[("1", "07-20 08:58:00"), ("1", "07-20 18:00:00"), ("2", "07-20 09:10:00")]).await;
    assert!(world.settle().await.is_empty());
    assert_eq!(world.rows().await, rows);
    assert_eq!(world.late().await, ["e1 07-20 absent → normal", "e2 07-20 absent → missing"]);
    assert_eq!(world.site.read(lock_list).await.unwrap()[0].late, 2);
    // The other punch of the second one comes as well.
    world.punch(&[("2", "07-20 18:00:00"), ("2", "08-01 08:00:00")]).await;
    assert_eq!(world.settle().await, ["e2 08-01"], "the next month is open");
    assert_eq!(world.late().await, ["e1 07-20 absent → normal", "e2 07-20 absent → late"]);
    assert_eq!(world.shown("e1", "07-20").await, "absent absent540", "locked days are not provisional");

    // Whatever else touches a locked day is listed; what turns out as it was is not.
    let touch = |who: &'static str, sql: &'static str| {
        let site = world.site.clone();
        async move {
            site.write(move |tx| {
                tx.execute_batch(sql)?;
                days_touched(tx, Touched::Employee(&id(who)), day("07-20"), Some(day("07-20")))
            })
            .await
            .unwrap();
        }
    };
    touch("e1", "INSERT INTO schedule_days VALUES ('e1', '2026-07-20', NULL)").await;
    assert!(world.settle().await.is_empty());
    assert_eq!(world.late().await[0], "e1 07-20 absent → rest");
    touch("e1", "DELETE FROM schedule_days; UPDATE spans SET to_at = from_at WHERE employee_id = 'e1'").await;
    world.settle().await;
    assert_eq!(world.late().await, ["e2 07-20 absent → late"], "it is as it was");

    world.site.write(|tx| lock_remove(tx, &Actor::console(), july())).await.unwrap();
    assert_eq!(world.settle().await, ["e2 07-20"]);
    assert_eq!(world.shown("e2", "07-20").await, "late late10");
    let gone = world.site.write(|tx| lock_remove(tx, &Actor::console(), july())).await.unwrap_err();
    assert_eq!(gone.code(), "attendance.month_not_locked");
}

/// Somebody locks between the look and the write: the day must not slip in.
#[tokio::test]
async fn attendance_6_5_a_lock_between_looking_and_writing_holds() {
    let world = august().await;
    world.advance(48);
    world.settle().await;
    world.punch(&[("1", "08-03 08:58:00")]).await;
    let work = world.site.read(days_look).await.unwrap().unwrap();
    world.lock().await.unwrap();
    assert_eq!(world.site.write(move |tx| days_write(tx, &work)).await.unwrap(), None, "once more");
    assert_eq!(world.settle().await, ["e1 08-03"]);
}

async fn lock_july(world: &World) {
    // Nine in the morning of the third of August.
    world.advance(28 * 24);
    world.settle().await;
    world.site.write(|tx| lock_add(tx, &Actor::console(), Month::of(day("07-01")), true)).await.unwrap();
}

async fn how_many_late(world: &World) -> u64 {
    world.site.read(lock_list).await.unwrap().iter().map(|lock| lock.late).sum()
}

/// What nobody sees of a day is nothing that came to light of it.
#[tokio::test]
async fn attendance_6_5_another_zone_is_no_news_of_a_locked_month() {
    let world = World::new().await;
    lock_july(&world).await;
    world
        .site
        .write(|tx| {
            let settings = Settings { time_zone: Tz::Europe__Berlin, ..settings_get(tx)? };
            settings_change(tx, &Actor::console(), &settings)
        })
        .await
        .unwrap();
    assert!(world.settle().await.iter().all(|day| !day.contains(" 07-")), "they stay");
    assert_eq!(how_many_late(&world).await, 0);
    world.punch(&[("1", "07-03 09:10:00")]).await;
    world.settle().await;
    assert_eq!(how_many_late(&world).await, 1);
}

/// A month is not locked before everything that a change touched in it was looked at.
#[tokio::test]
async fn attendance_6_5_a_month_of_which_something_waits_is_not_locked() {
    let world = World::new().await;
    world.advance(28 * 24);
    world.settle().await;
    let stretch = "INSERT INTO attendance_stretches (kind, target_id, from_on, to_on)
       VALUES ('employee', 'e1', '2026-06-01', '2026-07-02')";
    world.site.write(move |tx| Ok::<_, db::Error>(tx.execute(stretch, [])?)).await.unwrap();
    let lock = || world.site.write(|tx| lock_add(tx, &Actor::console(), Month::of(day("07-01")), true));
    assert!(matches!(lock().await, Err(AttendanceError::MonthUnsettled)));
    world.settle().await;
    lock().await.unwrap();
}

#[tokio::test]
async fn attendance_6_5_undoing_a_file_takes_nobody_out_of_a_locked_month() {
    let world = World::new().await;
    world
        .site
        .write(|tx| {
            let new =
                crate::directory::NewBranch { id: Some("b1".into()), name: "b1".into(), parent_id: None };
            crate::directory::branch_add(tx, &Actor::console(), new)
        })
        .await
        .unwrap();
    world.assign(TargetKind::Branch, "b1", "07-01").await;
    let row = |number, cells: [&str; 3]| ImportRow { number, cells: cells.map(str::to_owned).to_vec() };
    let rows = vec![row(1, ["id", "name", "branch"]), row(2, ["e9", "e9", "b1"])];
    let file = ImportFile { name: "people.csv".into(), rows, ..ImportFile::default() };
    let report =
        world.site.write(move |tx| import_employees(tx, &Actor::console(), &file, false)).await.unwrap();
    let import = report.import_id.unwrap();
    lock_july(&world).await;
    let days = || async { world.rows().await.iter().filter(|row| row.starts_with("e9 07-")).count() };
    let before = days().await;
    assert!(before > 20, "{before}");
    let undone = world.site.write(move |tx| import_undo(tx, &Actor::console(), import)).await.unwrap();
    assert_eq!(undone.kept.first().map(|kept| kept.code), Some("import.month_locked"));
    assert_eq!(days().await, before);
}
