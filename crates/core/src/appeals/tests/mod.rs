mod corrections;
mod evidence;
mod model;
mod requests;
mod rules;

use chrono::NaiveDate;
use rusqlite::params;

use super::*;
use crate::attendance::day::Mark;
use crate::audit::Actor;
use crate::clock::ClockHandle;
use crate::db::{self, Tx};
use crate::directory::{NewEmployee, employee_add};
use crate::page::Page;
use crate::schedule::shift::{Rule, Stretch};
use crate::settings::{Settings, settings_change};
use crate::site::tests::scratch_with_clock;
use crate::{Site, Timestamp, WallTime};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn console() -> Actor {
    Actor::console()
}

fn o_clock(hours: i32, minutes: i32) -> TimeOfDay {
    TimeOfDay::of(minute(hours, minutes))
}

fn minute(hours: i32, minutes: i32) -> Minute {
    Minute(hours * 60 + minutes)
}

/// A site in Shanghai with a shift from nine to six (`day`) and one through the night (`night`); it is Monday, 6 July 2026,
/// 09:00 there.
async fn a_site() -> (Site, ClockHandle, tempfile::TempDir) {
    let (site, clock, folder) = scratch_with_clock();
    site.write(|tx| {
        settings_change(tx, &console(), &settings(None))?;
        for (id, name) in [("e1", "王芳"), ("e2", "李娜")] {
            let hired_on = (id == "e2").then(|| day("2026-06-15"));
            let new =
                NewEmployee { id: Some(id.into()), name: name.into(), hired_on, ..NewEmployee::default() };
            employee_add(tx, &console(), new).unwrap();
        }
        for (id, start, end) in [("day", 540, 1080), ("night", 1320, 1800)] {
            let rule = Rule::fixed(vec![Stretch { start: Minute(start), end: Minute(end) }]);
            tx.execute(
                "INSERT INTO shifts (id, name, rule, created_at, changed_at) VALUES (?1, ?1, ?2, 0, 0)",
                params![id, serde_json::to_string(&rule).unwrap()],
            )?;
        }
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
    (site, clock, folder)
}

fn settings(missed_punch_quota: Option<u32>) -> Settings {
    Settings { time_zone: chrono_tz::Tz::Asia__Shanghai, steer_clocks: true, missed_punch_quota }
}

async fn set_quota(site: &Site, most: Option<u32>) {
    site.write(move |tx| settings_change(tx, &console(), &settings(most))).await.unwrap();
}

/// Judges a day to be so.
fn judge(tx: &Tx<'_>, employee: &str, date: &str, shift: &str, marks: &[Mark]) -> Result<(), db::Error> {
    let midnight = day(date).and_time(chrono::NaiveTime::MIN).and_utc().timestamp() - 8 * 3600;
    let (begins, ends) = if shift == "night" { (20, 34) } else { (7, 22) };
    tx.execute(
        "INSERT OR REPLACE INTO attendance_days (employee_id, date, shift_id, status, worked, required, overtime, leave,
           begins_at, ends_at, marks, bits, computed_at)
         VALUES (?1, ?2, ?3, 'missing', 0, 540, 0, 0, ?4, ?5, ?6, 0, 0)",
        params![
            employee,
            date,
            shift,
            midnight + begins * 3600,
            midnight + ends * 3600,
            serde_json::to_string(marks).unwrap()
        ],
    )?;
    Ok(())
}

fn mark(kind: MarkKind) -> Mark {
    Mark { kind, minutes: 10, lifted: false, segment: Some(0) }
}

async fn judged(
    site: &Site,
    employee: &'static str,
    date: &'static str,
    shift: &'static str,
    kinds: &[MarkKind],
) {
    let marks: Vec<Mark> = kinds.iter().copied().map(mark).collect();
    site.write(move |tx| judge(tx, employee, date, shift, &marks)).await.unwrap();
}

fn new(employee: &str, date: &str, mark: MarkKind, claimed: Option<TimeOfDay>) -> NewAppeal {
    NewAppeal { employee_id: employee.into(), date: day(date), mark, claimed, reason: "地铁故障".into() }
}

async fn raise(site: &Site, new: NewAppeal) -> Result<Appeal, AppealError> {
    site.write(move |tx| appeal_raise(tx, &console(), new)).await
}

async fn decide(site: &Site, id: AppealId, decision: Decision) -> Result<Appeal, AppealError> {
    site.write(move |tx| appeal_decide(tx, &console(), id, decision, Some("已核实"))).await
}

async fn corrections_of(site: &Site) -> Vec<Correction> {
    site.read(|conn| correction_list(conn, &CorrectionFilter::default(), &Page::default()))
        .await
        .unwrap()
        .items
}

async fn lock(site: &Site, month: &'static str) {
    site.write(move |tx| {
        tx.execute(
            "INSERT INTO attendance_locks (month, locked_at, who) VALUES (?1, 0, 'console')",
            [month],
        )?;
        Ok::<_, db::Error>(())
    })
    .await
    .unwrap();
}

/// The days that are to be judged anew since this was asked last.
async fn dirty(site: &Site) -> Vec<String> {
    site.write(|tx| {
        let rows = tx
            .prepare("SELECT employee_id || ' ' || date FROM attendance_dirty ORDER BY 1")?
            .query_map([], |row| row.get(0))?
            .collect::<Result<Vec<_>, _>>()?;
        tx.execute("DELETE FROM attendance_dirty", [])?;
        Ok::<_, db::Error>(rows)
    })
    .await
    .unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, AppealError>) -> &'static str {
    result.unwrap_err().code()
}

/// What the operation log says of appeals and corrections, oldest first.
async fn audit_lines(site: &Site) -> Vec<serde_json::Value> {
    let lines = site.read(|conn| crate::audit::audit_list(conn, &Page::default())).await.unwrap().items;
    lines
        .into_iter()
        .rev()
        .filter(|line| line.what.starts_with("appeal") || line.what.starts_with("correction"))
        .map(|line| serde_json::json!([line.who, line.what, line.subject, line.before, line.after]))
        .collect()
}

fn later(clock: &ClockHandle, days: i64) {
    clock.advance(chrono::Duration::days(days));
}

fn now(site: &Site) -> Timestamp {
    site.clock().now()
}
