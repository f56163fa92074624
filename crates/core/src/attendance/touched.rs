//! Which days are to be judged anew: whatever changes a plan or a fact says so in its own transaction.
//!
//! A day that is touched twice gets a higher number, so that whoever judged it by what the first change left does not take the
//! second for done.

use chrono::{NaiveDate, NaiveTime};
use rusqlite::{Connection, named_params};

use crate::db::{self, Tx};
use crate::directory::EmployeeId;
use crate::dispatch::{self, TargetKind};
use crate::machines::MachineId;
use crate::schedule::shift::ShiftId;
use crate::settings::settings_get;

/// Whose days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Touched<'a> {
    /// One person's.
    Employee(&'a EmployeeId),
    /// Those of a person, of everybody in a department and the ones beneath, or of a branch and everything beneath.
    Target {
        /// What the target is.
        kind: TargetKind,
        /// Which one.
        id: &'a str,
    },
    /// Everybody's.
    Everybody,
}

/// The dates of the stretch, newest first: those somebody looks at are judged before those of last year.
macro_rules! dates {
    () => {
        "WITH RECURSIVE dates (date) AS (
           SELECT :to WHERE :to >= :from UNION ALL SELECT date(date, '-1 day') FROM dates WHERE date > :from)"
    };
}

/// Every date of everybody of `whom`, but those on which they were not employed: nothing changes what they did then.
macro_rules! employed {
    () => {
        " INSERT OR REPLACE INTO attendance_dirty (employee_id, date)
          SELECT whom.id, dates.date FROM dates CROSS JOIN whom
          WHERE (whom.hired_on IS NULL OR whom.hired_on <= dates.date)
            AND (whom.left_on IS NULL OR whom.left_on >= dates.date)"
    };
}

/// One person's are taken as they are: they may just have been hired later, or have left earlier.
pub(super) const ONE: &str = concat!(
    dates!(),
    " INSERT OR REPLACE INTO attendance_dirty (employee_id, date)
      SELECT e.id, dates.date FROM employees e CROSS JOIN dates WHERE e.id = :id"
);

pub(super) const DEPARTMENT: &str = concat!(
    dates!(),
    ", below (id) AS (
       VALUES (:id) UNION SELECT d.id FROM departments d JOIN below ON d.parent_id = below.id),
     whom (id, hired_on, left_on) AS MATERIALIZED (
       SELECT e.id, e.hired_on, e.left_on FROM below CROSS JOIN employees e ON e.department_id = below.id)",
    employed!()
);

pub(super) const BRANCH: &str = concat!(
    dates!(),
    ", branches_below (id) AS (
       VALUES (:id) UNION SELECT b.id FROM branches b JOIN branches_below x ON b.parent_id = x.id),
     departments_below (id) AS (
       SELECT d.id FROM departments d JOIN branches_below x ON d.branch_id = x.id
       UNION SELECT d.id FROM departments d JOIN departments_below x ON d.parent_id = x.id),
     whom (id, hired_on, left_on) AS MATERIALIZED (
       SELECT e.id, e.hired_on, e.left_on FROM branches_below x CROSS JOIN employees e ON e.branch_id = x.id
       UNION ALL SELECT e.id, e.hired_on, e.left_on FROM departments_below x CROSS JOIN employees e ON e.department_id = x.id)",
    employed!()
);

pub(super) const EVERYBODY: &str = concat!(
    dates!(),
    ", whom (id, hired_on, left_on) AS MATERIALIZED (SELECT id, hired_on, left_on FROM employees)",
    employed!()
);

/// Says that the plan or the facts of these days changed, from a date to the last one; none: to the newest there is.
///
/// The day before and the day after are noted as well: another shift moves the border between two days' punches. Nothing after
/// tomorrow is noted, since no day is judged before it begins; and of a stretch without an end, or of many people, nothing before
/// the first date anybody has a plan or a result for: those days are nobody's.
pub(crate) fn days_touched(
    tx: &Tx<'_>,
    who: Touched<'_>,
    from: NaiveDate,
    to: Option<NaiveDate>,
) -> Result<(), db::Error> {
    let newest = newest(tx)?;
    let single = matches!(who, Touched::Employee(_) | Touched::Target { kind: TargetKind::Employee, .. });
    let from = if single && to.is_some() {
        from
    } else {
        let Some(first) = first_date(tx)? else { return Ok(()) };
        from.max(first)
    };
    let from = from.pred_opt().unwrap_or(from);
    let to = to.and_then(|to| to.succ_opt()).map_or(newest, |to| to.min(newest));
    if to < from {
        return Ok(());
    }
    let (sql, id) = match who {
        Touched::Employee(id) => (ONE, Some(id.as_str())),
        Touched::Target { kind: TargetKind::Employee, id } => (ONE, Some(id)),
        Touched::Target { kind: TargetKind::Department, id } => (DEPARTMENT, Some(id)),
        Touched::Target { kind: TargetKind::Branch, id } => (BRANCH, Some(id)),
        Touched::Everybody => (EVERYBODY, None),
    };
    let (from, to) = (from.to_string(), to.to_string());
    let mut statement = tx.prepare_cached(sql)?;
    match id {
        Some(id) => statement.execute(named_params! { ":id": id, ":from": from, ":to": to })?,
        None => statement.execute(named_params! { ":from": from, ":to": to })?,
    };
    Ok(())
}

/// The newest date that is noted: tomorrow, where the site is.
fn newest(tx: &Tx<'_>) -> Result<NaiveDate, db::Error> {
    let today = dispatch::today(settings_get(tx)?.time_zone, tx.now());
    Ok(today.succ_opt().unwrap_or(today))
}

/// The first date anybody has a plan or a result for.
fn first_date(conn: &Connection) -> Result<Option<NaiveDate>, db::Error> {
    let first: Option<String> = conn
        .prepare_cached(
            "SELECT min(date) FROM (
               SELECT min(from_on) AS date FROM shift_assignments
               UNION ALL SELECT min(date) FROM schedule_days
               UNION ALL SELECT min(date) FROM attendance_days)",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(first.and_then(|first| first.parse().ok()))
}

pub(super) const CELLS: &str = "INSERT OR REPLACE INTO attendance_dirty (employee_id, date)
   SELECT c.employee_id, date(c.date, beside.days) FROM schedule_days c
   CROSS JOIN (SELECT '-1 day' AS days UNION ALL SELECT '+0 day' UNION ALL SELECT '+1 day') beside
   WHERE c.shift_id = :shift AND date(c.date, beside.days) <= :newest";

/// Says that a shift changed: for those who have it on a day that was set by hand.
pub(crate) fn cells_touched(tx: &Tx<'_>, shift: &ShiftId) -> Result<(), db::Error> {
    let newest = newest(tx)?.to_string();
    tx.prepare_cached(CELLS)?.execute(named_params! { ":shift": shift.0, ":newest": newest })?;
    Ok(())
}

pub(super) const PUNCHED: &str = "WITH wall (day) AS (
     SELECT DISTINCT p.wall / 86400 FROM punches p
     WHERE p.machine_id = :machine AND p.pin_number = :pin AND p.wall BETWEEN :from - 54000 AND :to + 54000
       AND p.wall - p.utc_offset >= :from AND p.wall - p.utc_offset < :to)
   INSERT OR REPLACE INTO attendance_dirty (employee_id, date)
   SELECT :employee, date(day * 86400, 'unixepoch') FROM (
     SELECT day FROM wall UNION SELECT day - 1 FROM wall UNION SELECT day + 1 FROM wall)
   WHERE day * 86400 <= :newest ORDER BY day DESC";

/// Says that punches of a machine's pin became somebody's, or ceased to be: those from an instant to before another, in seconds of
/// UTC. The days on both sides are noted as well, since a night's punches are the day's before.
pub(crate) fn punches_touched(
    tx: &Tx<'_>,
    machine: MachineId,
    pin: i64,
    employee: &EmployeeId,
    from: i64,
    to: i64,
) -> Result<(), db::Error> {
    let newest = newest(tx)?.and_time(NaiveTime::MIN).and_utc().timestamp();
    tx.prepare_cached(PUNCHED)?.execute(named_params! {
        ":machine": machine.0, ":pin": pin, ":employee": employee.as_str(), ":from": from, ":to": to, ":newest": newest
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::params;

    use super::*;
    use crate::audit::Actor;
    use crate::directory::{
        DepartmentChange, EmployeeChange, NewBranch, NewDepartment, NewEmployee, branch_add, department_add,
        department_change, employee_add, employee_change,
    };
    use crate::site::tests::{plan, scratch};
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
        let touch =
            async |kind: TargetKind, target: &'static str, from: &'static str, to: Option<&'static str>| {
                site.write(move |tx| {
                    days_touched(tx, Touched::Target { kind, id: target }, day(from), to.map(day))
                })
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
        let plans = site
            .read(|conn| {
                [ONE, DEPARTMENT, BRANCH, EVERYBODY, CELLS, PUNCHED]
                    .into_iter()
                    .map(|sql| plan(conn, sql))
                    .collect::<Result<Vec<_>, _>>()
            })
            .await
            .unwrap();
        insta::assert_snapshot!(plans.join("\n--\n"));
    }
}
