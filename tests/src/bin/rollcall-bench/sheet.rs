//! The month sheet of a thousand people over ten million punches, against the bare query that reads the punches of that month; and
//! how long judging that month from its facts takes.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use axum::body::{Body, to_bytes};
use axum::http::Request;
use chrono::{Datelike as _, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use rollcall_core::attendance::{
    Recompute, Recomputed, days_look, days_write, recompute_add, recompute_look, recompute_prepare,
    recompute_write,
};
use rollcall_core::clock::date_in;
use rollcall_core::schedule::{NewShift, Period, RuleDraft, ScheduleError, TimeOfDay, shift_add};
use rollcall_core::settings::settings_begin;
use rollcall_core::{Actor, Clock, Site, SiteOptions, db};
use rollcall_node::{Node, NodeOptions};
use rusqlite::{Connection, params};
use tower::ServiceExt as _;

use crate::population;
use crate::say;
use crate::table::Table;
use crate::times::{middle, millis};

/// Days of punches; in a debug build, which measures nothing, a few.
const DAYS: i64 = if cfg!(debug_assertions) { 70 } else { 2_500 };
const PEOPLE: i64 = 1_000;
/// Of each person and day: in, out for lunch, in, out.
const PUNCHES: i64 = DAYS * PEOPLE * 4;
const MACHINES: i64 = 10;
/// Times each side is measured, in turns.
const TURNS: usize = 15;

/// The dates of the month before the one that is: it is over, and everything of it is known.
struct Dates {
    first: NaiveDate,
    last: NaiveDate,
    today: NaiveDate,
}

pub async fn measure(table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    std::fs::create_dir(&data)?;
    let path = data.join("rollcall.db");
    let site = Site::open(SiteOptions { path: path.clone(), clock: Clock::system() })?;
    let dates = dates(&site)?;
    settle(&site).await?;
    site.close().await;
    say(&format!("storing {PUNCHES} punches of {PEOPLE} people"))?;
    let (fill_path, today) = (path.clone(), dates.today);
    tokio::task::spawn_blocking(move || population::fill(&fill_path, |conn| fill(conn, today))).await??;

    let site = Site::open(SiteOptions { path: path.clone(), clock: Clock::system() })?;
    judge(table, &site, &dates).await.context("judging")?;
    site.close().await;
    shown(table, &data, &path, &dates).await.context("the sheet")
}

fn dates(site: &Site) -> anyhow::Result<Dates> {
    let today = date_in(zone(), site.clock().now());
    let next = today.with_day(1).context("a first day")?;
    let last = next.pred_opt().context("a last day")?;
    Ok(Dates { first: last.with_day(1).context("a first day")?, last, today })
}

fn zone() -> Tz {
    Tz::Asia__Shanghai
}

/// Machines and a shift in two parts.
async fn settle(site: &Site) -> anyhow::Result<()> {
    site.write(|tx| settings_begin(tx, zone())).await?;
    population::machines(site, MACHINES, Some(zone())).await?;
    let period = |start, end| -> anyhow::Result<Period> {
        let time = |text| TimeOfDay::parse(text).context("a time of day");
        Ok(Period { start: time(start)?, end: time(end)? })
    };
    let segments = vec![period("09:00", "12:00")?, period("13:00", "18:00")?];
    let rule = RuleDraft { grace_in: 5, ..RuleDraft::fixed(segments) };
    let new = NewShift { name: "Day".to_owned(), color: None, rule };
    site.write(move |tx| {
        let shift = shift_add(tx, &Actor::system(), new)?.shift.id;
        tx.execute("INSERT INTO departments (id, name, created_at) VALUES ('d', 'Department', 0)", [])?;
        tx.execute(
            "INSERT INTO shift_assignments (kind, target_id, shift_id, from_on, weekdays, created_at)
             VALUES ('department', 'd', ?1, '2000-01-01', 31, 0)",
            [&shift.0],
        )?;
        Ok::<_, ScheduleError>(())
    })
    .await?;
    Ok(())
}

/// People and their punches. A few come late, leave early, or forget.
fn fill(conn: &Connection, today: NaiveDate) -> anyhow::Result<()> {
    conn.execute_batch(&format!(
        "WITH RECURSIVE p (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM p WHERE i + 1 < {PEOPLE})
         INSERT INTO employees (id, name, department_id, fields, created_at, changed_at)
           SELECT format('p%05d', i), format('Person %05d', i), 'd', '{{}}', 0, 0 FROM p;
         INSERT INTO spans (machine_id, pin_number, employee_id, from_at, to_at)
           SELECT 1 + rowid % {MACHINES}, 1 + rowid / {MACHINES}, id, -(1 << 62), 1 << 62
           FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS rowid FROM employees);"
    ))?;
    // In the order a site has them: day by day, time by time, person by person.
    let midnight = today.and_time(NaiveTime::MIN).and_utc().timestamp();
    conn.execute(
        &format!(
            "WITH RECURSIVE
               d (n) AS (SELECT {DAYS} UNION ALL SELECT n - 1 FROM d WHERE n > 1),
               t (k, base, spread) AS (VALUES (0, 31800, 780), (1, 43200, 300), (2, 46200, 540), (3, 64800, 900)),
               p (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM p WHERE i + 1 < {PEOPLE})
             INSERT INTO punches (machine_id, pin, pin_number, wall, utc_offset, status, verify, work_code, raw, source, flags,
               received_at)
             SELECT 1 + i % {MACHINES}, 1 + i / {MACHINES}, 1 + i / {MACHINES},
               ?1 - n * 86400 + base + (i * 7919 + n * 104729 + k * 31) % spread
                 + CASE WHEN (i * 31 + n * 17 + k) % 53 = 0 THEN CASE k WHEN 0 THEN 1500 WHEN 3 THEN -1500 ELSE 0 END ELSE 0 END,
               28800, CASE k WHEN 0 THEN 0 WHEN 1 THEN 2 WHEN 2 THEN 3 ELSE 1 END, '15', '0',
               CAST(format('%d\t%d\t15\t0\t0', i, n) AS BLOB), 0, 0, (?1 - n * 86400 + base - 28800) * 1000
             FROM d CROSS JOIN t CROSS JOIN p"
        ),
        [midnight],
    )
    .context("punches")?;
    // Everything was looked at, but for the month that is measured.
    conn.execute(
        "UPDATE attendance_state SET value = (SELECT max(id) FROM punches) WHERE key = 'punch'",
        [],
    )?;
    conn.execute(
        "INSERT OR REPLACE INTO attendance_state (key, value) VALUES ('through', unixepoch(?1) / 86400)",
        [today.to_string()],
    )?;
    conn.execute("DELETE FROM attendance_dirty", [])?;
    conn.execute(
        "UPDATE machines SET held_punches = ?1, newest_wall = ?2, last_seen_at = unixepoch() * 1000",
        params![PUNCHES / MACHINES, midnight],
    )?;
    Ok(())
}

/// Judges the month, part by part, as the worker does a recomputation.
async fn judge(table: &mut Table, site: &Site, dates: &Dates) -> anyhow::Result<()> {
    let wanted = Recompute {
        from: dates.first,
        to: dates.last,
        department_id: None,
        branch_id: None,
        employee_ids: None,
    };
    let job = site.write(move |tx| recompute_add(tx, &Actor::system(), &wanted)).await?;
    let now = site.clock().now();
    let prepared = site.read(move |conn| recompute_prepare(conn, &job, now)).await?;
    let mut run = prepared.context("the job can be read")?;
    let days = run.total();
    let (begun, mut reading, mut longest) = (Instant::now(), 0.0, 0.0_f64);
    while run.goes_on() {
        let (looked, asked) = (run.clone(), Instant::now());
        let part = site.read(move |conn| recompute_look(conn, &looked)).await?.context("a part")?;
        reading += millis(asked.elapsed());
        longest = longest.max(millis(asked.elapsed()));
        run = match site.write(move |tx| recompute_write(tx, &run, &part)).await? {
            Recomputed::Written { run, .. } => run,
            other => anyhow::bail!("{other:?}"),
        };
    }
    let all = millis(begun.elapsed());
    table.figure(
        &format!("judging {days} days of {PEOPLE} people from their facts"),
        "ms",
        reading,
        "",
        None,
    );
    table.figure("the same with writing results and differences", "ms", all, "", None);
    table.figure("longest a punch of just now waits behind it, on the reader", "ms", longest, "", None);
    // One person's one day, as after a punch.
    let id = format!("p{:05}", PEOPLE / 2);
    let mut times = Vec::new();
    for _ in 0..TURNS {
        let (id, day) = (id.clone(), dates.last.to_string());
        site.write(move |tx| {
            tx.execute(
                "INSERT OR REPLACE INTO attendance_dirty (employee_id, date) VALUES (?1, ?2)",
                [id, day],
            )?;
            Ok::<_, db::Error>(())
        })
        .await?;
        let asked = Instant::now();
        let work = site.read(days_look).await?.context("a day to judge")?;
        site.write(move |tx| days_write(tx, &work)).await?;
        times.push(millis(asked.elapsed()));
    }
    table.figure("judging and writing one day of one person", "ms", middle(times), "", None);
    Ok(())
}

/// The sheet over the API, in process, with its JSON, in turns with the bare query.
async fn shown(table: &mut Table, data: &Path, path: &Path, dates: &Dates) -> anyhow::Result<()> {
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    let node = Node::start(NodeOptions {
        data: data.to_owned(),
        machines: free,
        console: None,
        token: None,
        limits: Default::default(),
    })
    .await?;
    let month = dates.first.format("%Y-%m").to_string();
    let bare = Connection::open(path)?;
    bare.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -4096;")?;
    let (mut ours, mut theirs, mut bytes) = (Vec::new(), Vec::new(), 0);
    for _ in 0..TURNS {
        let asked = Instant::now();
        let request = Request::get(format!("/api/attendance/sheet?month={month}&limit=1000"));
        let answer = node.router().oneshot(request.body(Body::empty())?).await?;
        ensure!(answer.status().is_success(), "{}", answer.status());
        bytes = to_bytes(answer.into_body(), usize::MAX).await?.len();
        ours.push(millis(asked.elapsed()));
        let asked = Instant::now();
        let read = bare_month(&bare, dates)?;
        theirs.push(millis(asked.elapsed()));
        ensure!(read > PEOPLE * 28 * 4 - 1, "{read} punches of a month");
    }
    table.at_most(
        &format!("month sheet of {PEOPLE} people, {PUNCHES} punches held, {} KiB of JSON", bytes / 1024),
        "ms",
        middle(ours),
        ("bare query of the punches of that month", middle(theirs)),
        Some(1.5),
    );
    node.stop().await;
    Ok(())
}

const BARE: &str =
    "SELECT s.employee_id, p.id, p.wall, p.utc_offset, p.status FROM spans s CROSS JOIN punches p
   ON s.machine_id = p.machine_id AND s.pin_number = p.pin_number
   AND s.from_at <= p.wall - p.utc_offset AND p.wall - p.utc_offset < s.to_at
   WHERE p.wall >= ?1 AND p.wall < ?2 AND p.kind <> 1";

/// Reads the punches of everybody's month with one prepared statement; how many.
fn bare_month(conn: &Connection, dates: &Dates) -> anyhow::Result<i64> {
    let mut statement = conn.prepare_cached(BARE)?;
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc().timestamp();
    let mut rows = statement.query([midnight(dates.first), midnight(dates.last) + 86_400])?;
    let (mut count, mut sum) = (0, 0_i64);
    while let Some(row) = rows.next()? {
        let employee = row.get_ref(0)?.as_str()?.len();
        sum = sum.wrapping_add(row.get::<_, i64>(1)? + row.get::<_, i64>(2)? + row.get::<_, i64>(3)?);
        sum = sum.wrapping_add(row.get::<_, i64>(4)? + i64::try_from(employee)?);
        count += 1;
    }
    ensure!(sum != 0, "nothing was read");
    Ok(count)
}
