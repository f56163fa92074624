//! What is said about work, and which days are judged anew for it. Today is Monday, 6 July 2026.

mod history;
mod indexes;
mod touching;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::draft::tests::draft;
use super::plan::{Assignment, Weekdays, Work};
use super::shift::ShiftId;
use super::*;
use crate::Site;
use crate::attendance;
use crate::audit::Actor;
use crate::db::{self, Tx};
use crate::directory::{NewBranch, NewDepartment, NewEmployee, branch_add, department_add, employee_add};
use crate::dispatch::{Target, TargetKind};
use crate::page::Page;
use crate::site::tests::scratch;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn target(text: &str) -> Target {
    let kind = match text.chars().next() {
        Some('d') => TargetKind::Department,
        Some('b') => TargetKind::Branch,
        _ => TargetKind::Employee,
    };
    Target { kind, id: text.to_owned() }
}

/// Branch b1 holds d1, which holds d2; d3 is in no branch. e1 is in d1, e2 in d2, e3 in d3.
async fn a_site() -> (Site, tempfile::TempDir) {
    let (site, folder) = scratch();
    site.write(|tx| {
        let actor = Actor::console();
        branch_add(tx, &actor, NewBranch { id: Some("b1".into()), name: "b1".into(), parent_id: None })?;
        for (id, parent, branch) in [("d1", None, Some("b1")), ("d2", Some("d1"), None), ("d3", None, None)] {
            let new = NewDepartment {
                id: Some(id.into()),
                name: id.into(),
                parent_id: parent.map(str::to_owned),
                branch_id: branch.map(str::to_owned),
            };
            department_add(tx, &actor, new)?;
        }
        for (id, department) in [("e1", "d1"), ("e2", "d2"), ("e3", "d3")] {
            let department_id = Some(department.to_owned());
            let new =
                NewEmployee { id: Some(id.into()), name: id.into(), department_id, ..NewEmployee::default() };
            employee_add(tx, &actor, new)?;
        }
        Ok::<_, crate::directory::DirectoryError>(())
    })
    .await
    .unwrap();
    (site, folder)
}

fn shift(tx: &Tx<'_>, name: &str, hours: &str) -> Result<ShiftId, ScheduleError> {
    let new = NewShift { name: name.to_owned(), color: None, rule: draft(hours, "") };
    Ok(shift_add(tx, &Actor::console(), new)?.shift.id)
}

fn assign(tx: &Tx<'_>, whom: &str, work: Work, from: &str, to: Option<&str>) -> Result<i64, ScheduleError> {
    let new = Assignment {
        id: 0,
        target: target(whom),
        work,
        from: day(from),
        to: to.map(day),
        weekdays: Weekdays::ALL,
        holidays: false,
    };
    Ok(assignment_add(tx, &Actor::console(), new)?.assignment.id)
}

/// Judges whatever days are to be judged, as the service does.
fn judge(tx: &Tx<'_>) -> Result<(), db::Error> {
    while let Some(mut date) = attendance::opening(tx, tx.now())? {
        while let Some(next) = attendance::open_next(tx, &date)? {
            date = next;
        }
    }
    while let Some(work) = attendance::days_look(tx)? {
        attendance::days_write(tx, &work)?;
    }
    Ok(())
}

/// Whose days are to be judged anew, a stretch of each: `e1 07-05…07-07`; and forgets them.
fn touched(tx: &Tx<'_>) -> Result<Vec<String>, db::Error> {
    let rows = tx
        .prepare(
            "SELECT employee_id || ' ' || substr(min(date), 6) || '…' || substr(max(date), 6)
               || iif(count(*) = julianday(max(date)) - julianday(min(date)) + 1, '', ' with gaps')
             FROM attendance_dirty GROUP BY employee_id ORDER BY employee_id",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    tx.execute("DELETE FROM attendance_dirty", [])?;
    Ok(rows)
}
