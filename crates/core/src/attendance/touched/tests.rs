use rusqlite::params;

use super::queries::{BRANCH, CELLS, DEPARTMENT, EVERYBODY, ONE, PUNCHED};
use super::*;
use crate::audit::Actor;
use crate::directory::{
    DepartmentChange, EmployeeChange, NewBranch, NewDepartment, NewEmployee, branch_add, department_add,
    department_change, employee_add, employee_change,
};
use crate::site::tests::{plans, scratch};
use crate::{Site, db};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn id(text: &str) -> EmployeeId {
    EmployeeId::new(text).unwrap()
}

/// b1 ⊃ (d1 ⊃ d2 ∋ e2; d1 ∋ e1; e3), and e4 nowhere. Today is 6 July 2026.
async fn a_site() -> (Site, tempfile::TempDir) {
    let (site, folder) = scratch();
    site.write(|tx| {
        let actor = Actor::console();
        branch_add(tx, &actor, NewBranch { id: Some("b1".into()), name: "b1".into(), parent_id: None })?;
        for (id, parent, branch) in [("d1", None, Some("b1")), ("d2", Some("d1"), None)] {
            let new = NewDepartment {
                id: Some(id.into()),
                name: id.into(),
                parent_id: parent.map(str::to_owned),
                branch_id: branch.map(str::to_owned),
            };
            department_add(tx, &actor, new)?;
        }
        let people = [
            ("e1", Some("d1"), None),
            ("e2", Some("d2"), None),
            ("e3", None, Some("b1")),
            ("e4", None, None),
        ];
        for (id, department, branch) in people {
            let new = NewEmployee {
                id: Some(id.into()),
                name: id.into(),
                department_id: department.map(str::to_owned),
                branch_id: branch.map(str::to_owned),
                hired_on: (id == "e2").then(|| day("2026-07-04")),
                ..NewEmployee::default()
            };
            employee_add(tx, &actor, new)?;
        }
        Ok::<_, crate::directory::DirectoryError>(())
    })
    .await
    .unwrap();
    (site, folder)
}

async fn take(site: &Site) -> Vec<String> {
    site.write(|tx| {
        let rows = tx
            .prepare("SELECT employee_id || ' ' || substr(date, 6) FROM attendance_dirty ORDER BY employee_id, date")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<Vec<_>, _>>()?;
        tx.execute("DELETE FROM attendance_dirty", [])?;
        Ok::<_, db::Error>(rows)
    })
    .await
    .unwrap()
}

async fn planned_since(site: &Site, date: &'static str) {
    site.write(move |tx| {
        tx.execute_batch("INSERT OR IGNORE INTO shifts VALUES ('s', 's', '{}', NULL, 0, 0, NULL)")?;
        tx.execute("INSERT INTO schedule_days VALUES ('e4', ?1, 's')", [date])?;
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn attendance_6_4_whose_plan_changes_is_judged_anew_up_to_tomorrow() {
    let (site, _folder) = a_site().await;
    assert!(take(&site).await.is_empty(), "nobody has a plan yet: no day is anybody's");
    planned_since(&site, "2026-07-05").await;
    let touch = async |kind: TargetKind,
                       target: &'static str,
                       from: &'static str,
                       to: Option<&'static str>| {
        site.write(move |tx| days_touched(tx, Touched::Target { kind, id: target }, day(from), to.map(day)))
            .await
            .unwrap();
        take(&site).await
    };
    // With the days beside, no earlier than anybody's first plan and the day before it.
    let one = touch(TargetKind::Employee, "e1", "2026-07-02", None).await;
    assert_eq!(one, ["e1 07-04", "e1 07-05", "e1 07-06", "e1 07-07"]);
    let one = touch(TargetKind::Employee, "e1", "2026-06-02", Some("2026-06-02")).await;
    assert_eq!(one, ["e1 06-01", "e1 06-02", "e1 06-03"]);
    // Sub-departments, and nobody before they were hired.
    let many = touch(TargetKind::Department, "d1", "2026-07-01", Some("2026-07-05")).await;
    assert_eq!(many, ["e1 07-04", "e1 07-05", "e1 07-06", "e2 07-04", "e2 07-05", "e2 07-06"]);
    let many = touch(TargetKind::Branch, "b1", "2026-07-07", None).await;
    assert_eq!(many, ["e1 07-06", "e1 07-07", "e2 07-06", "e2 07-07", "e3 07-06", "e3 07-07"]);
    assert!(touch(TargetKind::Branch, "b1", "2026-07-09", None).await.is_empty(), "not yet");
    site.write(|tx| days_touched(tx, Touched::Everybody, day("2026-07-08"), None)).await.unwrap();
    assert_eq!(take(&site).await, ["e1 07-07", "e2 07-07", "e3 07-07", "e4 07-07"]);
}

#[tokio::test]
async fn attendance_6_4_a_day_that_is_touched_again_has_a_higher_number() {
    let (site, _folder) = a_site().await;
    let touch = || {
        site.write(|tx| {
            days_touched(tx, Touched::Employee(&id("e1")), day("2026-07-05"), Some(day("2026-07-05")))?;
            Ok::<(i64, i64), db::Error>(tx.query_row(
                "SELECT min(id), count(*) FROM attendance_dirty",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?)
        })
    };
    let (first, rows) = touch().await.unwrap();
    let (second, again) = touch().await.unwrap();
    assert!(second >= first + 3, "{first} {second}");
    assert_eq!((rows, again), (3, 3));
}

/// Whatever is too much for one transaction is noted as a whole, and then bit by bit, the newest days first.
#[tokio::test]
async fn attendance_6_4_a_change_of_many_days_keeps_nobody_waiting() {
    let (site, _folder) = a_site().await;
    planned_since(&site, "2020-01-01").await;
    let noted = async || {
        site.read(|conn| {
            Ok::<(i64, Option<String>, Option<String>), db::Error>(conn.query_row(
                "SELECT count(*), min(date), max(date) FROM attendance_dirty",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )?)
        })
        .await
        .unwrap()
    };
    site.write(|tx| {
        tx.execute_batch(
            "INSERT INTO attendance_state (key, value) VALUES ('since', 18262);
             WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 97)
             INSERT INTO employees (id, name, department_id, created_at, changed_at) SELECT 'p' || n, 'p', 'd2', 0, 0 FROM n",
        )?;
        days_touched(tx, Touched::Employee(&id("e1")), NaiveDate::MIN, None)?;
        days_touched(tx, Touched::Target { kind: TargetKind::Branch, id: "b1" }, NaiveDate::MIN, None)
    })
    .await
    .unwrap();
    assert_eq!(noted().await.0, 0, "both are stretches");
    let mut rounds = 0;
    while site.write(stretches_note).await.unwrap() {
        rounds += 1;
        let (count, _, newest) = noted().await;
        assert!(count <= rounds * (stretches::AT_ONCE + 100) && newest.as_deref() == Some("2026-07-07"));
    }
    // A hundred people since the day before the first plan, of whom one was hired on the fourth.
    let days = (day("2026-07-07") - day("2019-12-31")).num_days() + 1;
    assert_eq!(noted().await, (99 * days + 4, Some("2019-12-31".into()), Some("2026-07-07".into())));
    assert!(rounds > 10);
}

#[tokio::test]
async fn attendance_6_4_whoever_is_hired_moved_or_leaves_is_judged_anew() {
    let (site, _folder) = a_site().await;
    planned_since(&site, "2026-07-01").await;
    let change = async |who: &'static str, change: EmployeeChange| {
        site.write(move |tx| employee_change(tx, &Actor::console(), &id(who), change)).await.unwrap();
        take(&site).await
    };
    let left = EmployeeChange { left_on: Some(Some(day("2026-07-06"))), ..EmployeeChange::default() };
    assert_eq!(change("e1", left).await, ["e1 07-05", "e1 07-06", "e1 07-07"]);
    let hired = EmployeeChange { hired_on: Some(Some(day("2026-07-06"))), ..EmployeeChange::default() };
    assert_eq!(change("e2", hired).await.len(), 5, "from the day before the earlier of both");
    let moved = EmployeeChange { department_id: Some(Some("d2".into())), ..EmployeeChange::default() };
    assert_eq!(change("e3", moved).await.len(), 8, "all there is of them");
    let renamed = EmployeeChange { name: Some("x".into()), ..EmployeeChange::default() };
    assert!(change("e3", renamed).await.is_empty());
    let top = DepartmentChange { parent_id: Some(None), ..DepartmentChange::default() };
    site.write(move |tx| department_change(tx, &Actor::console(), "d2", top)).await.unwrap();
    let people = take(&site).await;
    assert!(people.iter().all(|day| day.starts_with("e2") || day.starts_with("e3")) && people.len() > 8);
}

#[tokio::test]
async fn attendance_6_5_punches_that_change_hands_touch_the_days_they_may_belong_to() {
    let (site, _folder) = a_site().await;
    site.write(|tx| {
        tx.execute_batch("INSERT INTO machines (id, sn, sn_key, name, time_zone, added_at) VALUES (1, 'M', 'm', 'm', 'UTC', 0)")?;
        for (n, wall) in ["2026-06-01 08:00:00", "2026-06-20 08:00:00", "2026-06-20 18:00:00", "2026-07-06 08:00:00"].into_iter().enumerate() {
            tx.execute(
                "INSERT INTO punches (machine_id, pin, pin_number, wall, utc_offset, status, verify, work_code, raw, source, flags, received_at)
                 VALUES (1, '7', 7, unixepoch(?1), 28800, 0, ?2, '', x'', 0, 0, 0)",
                params![wall, n.to_string()],
            )?;
        }
        let at = |text: &str| text.parse::<crate::Timestamp>().unwrap().timestamp();
        // Eight hours east: 08:00 there is midnight in UTC, and the first instant of the stretch.
        punches_touched(tx, MachineId(1), 7, &id("e1"), at("2026-06-20T00:00:00Z"), at("2026-07-06T00:00:00Z"))
    })
    .await
    .unwrap();
    assert_eq!(take(&site).await, ["e1 06-19", "e1 06-20", "e1 06-21"]);
}

#[tokio::test]
async fn finding_whom_a_change_touches_uses_the_indexes() {
    let (site, _folder) = scratch();
    insta::assert_snapshot!(plans(&site, [ONE, DEPARTMENT, BRANCH, EVERYBODY, CELLS, PUNCHED]).await);
}

/// Whoever plans from 1900 on means since ever, and not forty thousand days of everybody.
#[tokio::test]
async fn attendance_6_4_a_plan_without_a_beginning_reaches_no_further_back_than_anybody_looks() {
    let (site, _folder) = a_site().await;
    planned_since(&site, "1900-01-01").await;
    site.write(|tx| days_touched(tx, Touched::Everybody, NaiveDate::MIN, None)).await.unwrap();
    while site.write(stretches_note).await.unwrap() {}
    let oldest = || {
        site.read(|conn| {
            let sql = "SELECT min(date) FROM attendance_dirty";
            Ok::<String, db::Error>(conn.query_row(sql, [], |row| row.get(0))?)
        })
    };
    // The 800 days before tomorrow, and the day before them.
    assert_eq!(oldest().await.unwrap(), "2024-04-27");
    // A program that has been at it for longer has results of before, which must not grow stale.
    let since = "INSERT INTO attendance_state (key, value) VALUES ('since', 19000)";
    site.write(move |tx| Ok::<_, db::Error>(tx.execute(since, [])?)).await.unwrap();
    site.write(|tx| days_touched(tx, Touched::Everybody, NaiveDate::MIN, None)).await.unwrap();
    while site.write(stretches_note).await.unwrap() {}
    assert_eq!(oldest().await.unwrap(), "2022-01-07");
}
