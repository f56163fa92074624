//! Two thousand rules over ten thousand people, a million entries on lists: how long judging everybody by every rule takes,
//! and how much a move in the directory, or a night, changes how fast.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use rollcall_core::clock::{date_in, from_millis};
use rollcall_core::dispatch::{RuleOf, Scope, Snapshot, Standing, rules_enabled};
use rollcall_core::jobs::{DISPATCH_RUN, jobs_open_of};
use rollcall_core::roster::{EntrySource, NewEntry, Role, RosterError, roster_add};
use rollcall_core::{Actor, Clock, Site, SiteOptions, db};
use rollcall_node::events::{Events, Watcher};
use rollcall_node::fleet::Fleet;
use rollcall_node::workers::Workers;
use rollcall_protocol::Sn;
use rusqlite::Connection;

use crate::population;
use crate::say;
use crate::table::Table;
use crate::times::millis;

/// Rules, each of a machine of its own.
const MACHINES: i64 = 2000;
/// Machines without a rule, to compare with.
const WITHOUT: i64 = MACHINES / TOPS;
/// Noon of 6 July 2026 in Shanghai.
const NOON: i64 = 1_783_310_400_000;
/// Departments at the top, each of which some rules name.
const TOPS: i64 = 20;
/// Departments below each of them.
const BELOW: i64 = 10;
/// People in each department below.
const PEOPLE: i64 = 50;
/// Whom one machine has.
const LISTED: i64 = BELOW * PEOPLE;

pub async fn measure(table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("site.db");
    let (clock, hand) = Clock::fixed(from_millis(NOON));
    let site = Site::open(SiteOptions { path: path.clone(), clock: clock.clone() })?;
    let serials =
        population::machines(&site, MACHINES + WITHOUT, Some(chrono_tz::Tz::Asia__Shanghai)).await?;
    site.close().await;
    say(&format!("putting {} people onto lists", (MACHINES + WITHOUT) * LISTED))?;
    let fill_path = path.clone();
    tokio::task::spawn_blocking(move || population::fill(&fill_path, fill)).await??;
    let site = Site::open(SiteOptions { path, clock })?;
    judge(table, &site).await?;
    let by_hand =
        by_hand(&site, serials.into_iter().skip(usize::try_from(MACHINES)?)).await.context("by hand")?;

    let fleet = Fleet::load(&site).await?;
    let events = Events::new();
    let mut watcher = events.subscribe();
    let workers = Workers::start(&site, &fleet, &events);
    // A department goes from under the first top to under the last: its people are added by every rule that names that one.
    let before = entries(&site).await?;
    let moved = during(&site, async {
        site.write(|tx| {
            tx.execute_batch(&format!(
                "UPDATE departments SET parent_id = 't{last}' WHERE id = 't0-d0';
                 INSERT OR REPLACE INTO dispatch_dirty (employee_id) SELECT id FROM employees WHERE department_id = 't0-d0'",
                last = TOPS - 1
            ))
            .map_err(db::Error::from)
        })
        .await?;
        workers.bell().ring();
        idle(&site, &mut watcher, before + MACHINES / TOPS * PEOPLE).await
    })
    .await?;
    let changed = MACHINES / TOPS * PEOPLE;
    ensure!(entries(&site).await? == before + changed, "every rule that names it has them");
    let title =
        format!("entries added after one department of {PEOPLE} has moved into {} rules", MACHINES / TOPS);
    table.ratio(
        &title,
        "/s",
        per_second(changed, moved.took),
        ("added by hand, as many in a transaction", by_hand),
        None,
    );
    table.figure(
        "from the move to the last of them",
        "ms",
        millis(moved.took),
        &format!("{changed} entries"),
        None,
    );
    table.figure("longest wait of another write meanwhile", "ms", millis(moved.longest), "", None);

    // Two in the morning: every rule runs, and those that name the first top take its former people away.
    let night = during(&site, async {
        hand.set(from_millis(NOON + 14 * 3_600_000));
        workers.bell().ring();
        idle(&site, &mut watcher, before).await
    })
    .await?;
    ensure!(entries(&site).await? == before, "and those that named it before have them no more");
    table.figure(
        &format!("a night of {MACHINES} rules over {} people", TOPS * LISTED),
        "s",
        night.took.as_secs_f64(),
        &format!("{changed} entries removed"),
        None,
    );
    table.figure("longest wait of another write meanwhile", "ms", millis(night.longest), "", None);
    workers.stop().await;
    site.close().await;
    Ok(())
}

fn per_second(count: i64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// How many people are in the scope of a rule, said in SQL with everything that a rule may have.
const SCOPE: &str = "
  WITH RECURSIVE
    branch (id, excluded) AS (
      SELECT target_id, excluded FROM dispatch_targets WHERE machine_id = ?1 AND kind = 'branch'
      UNION SELECT b.id, x.excluded FROM branches b JOIN branch x ON b.parent_id = x.id),
    department (id, excluded) AS (
      SELECT target_id, excluded FROM dispatch_targets WHERE machine_id = ?1 AND kind = 'department'
      UNION SELECT d.id, x.excluded FROM departments d JOIN branch x ON d.branch_id = x.id
      UNION SELECT d.id, x.excluded FROM departments d JOIN department x ON d.parent_id = x.id),
    hit (id, excluded) AS (
      SELECT target_id, excluded FROM dispatch_targets WHERE machine_id = ?1 AND kind = 'employee'
      UNION SELECT e.id, x.excluded FROM employees e JOIN department x ON e.department_id = x.id
      UNION SELECT e.id, x.excluded FROM employees e JOIN branch x ON e.branch_id = x.id)
  SELECT count(*) FROM (SELECT id FROM hit GROUP BY id HAVING NOT max(excluded)) h JOIN employees e ON e.id = h.id
  WHERE e.left_on IS NULL OR e.left_on >= '2026-07-06'";

/// Judges everybody by every rule, the quick way, and the way one would do it in SQL.
async fn judge(table: &mut Table, site: &Site) -> anyhow::Result<()> {
    let now = site.clock().now();
    let started = Instant::now();
    let (snapshot, rules) = site
        .read(|conn| {
            let snapshot = Snapshot::read(conn)?;
            snapshot.people(conn)?;
            Ok::<_, db::Error>((snapshot, rules_enabled(conn)?))
        })
        .await?;
    let reading = started.elapsed();
    let (few, all, members, people) = site
        .read(move |conn| {
            let people = snapshot.people(conn)?;
            // The best of some: what else runs on this computer is not to be measured.
            let judge = |rules: &[RuleOf]| {
                let once = || {
                    let (started, mut members) = (Instant::now(), 0_i64);
                    for of in rules {
                        let scope = Scope::new(&snapshot.org, &of.rule.include, &of.rule.exclude);
                        let today = date_in(of.time_zone, now);
                        for person in people {
                            members += i64::from(scope.judge(person, today) == Standing::In);
                        }
                    }
                    (started.elapsed(), members)
                };
                (0..5).map(|_| once()).min().unwrap_or_default()
            };
            let (few, _) = judge(rules.get(..rules.len() / 4).unwrap_or_default());
            let (all, members) = judge(&rules);
            Ok::<_, db::Error>((few, all, members, people.len()))
        })
        .await?;
    ensure!(members == MACHINES * LISTED, "{members} people are in scope");
    let sql = site
        .read(|conn| {
            let mut members = conn.prepare(SCOPE)?;
            let mut machines = conn.prepare("SELECT machine_id FROM dispatch_rules")?;
            let mut best = (Duration::MAX, 0);
            for _ in 0..3 {
                let (started, mut counted) = (Instant::now(), 0);
                for machine in machines.query_map([], |row| row.get::<_, i64>(0))? {
                    counted += members.query_row([machine?], |row| row.get::<_, i64>(0))?;
                }
                best = best.min((started.elapsed(), counted));
            }
            Ok::<_, db::Error>(best)
        })
        .await?;
    ensure!(sql.1 == members, "SQL finds {}", sql.1);
    let title = format!("judging {people} people by {MACHINES} rules");
    table.at_most(&title, "ms", millis(all), ("one query for each rule", millis(sql.0)), None);
    table.at_most(
        "the same for each rule",
        "µs",
        millis(all) * 1e3 / MACHINES as f64,
        ("of a quarter of the rules", millis(few) * 1e3 / (MACHINES / 4) as f64),
        Some(1.5),
    );
    table.figure("reading people, organisation and rules for it", "ms", millis(reading), "", None);
    Ok(())
}

/// How many entries a second somebody adds who names [`PEOPLE`] of them for one machine after the other.
async fn by_hand(site: &Site, machines: impl Iterator<Item = Sn>) -> anyhow::Result<f64> {
    let started = Instant::now();
    for sn in machines {
        let entries = (0..PEOPLE)
            .map(|number| NewEntry {
                employee_id: format!("t1-d0-{number:02}"),
                pin: None,
                role: Role::User,
                enabled: true,
                source: EntrySource::Manual,
            })
            .collect();
        let added = site
            .write(move |tx| {
                Ok::<_, RosterError>(roster_add(tx, &Actor::system(), &sn, entries)?.rejected.len())
            })
            .await?;
        ensure!(added == 0, "{added} people were not taken");
    }
    Ok(per_second(WITHOUT * PEOPLE, started.elapsed()))
}

async fn entries(site: &Site) -> anyhow::Result<i64> {
    let count = "SELECT count(*) FROM roster r JOIN dispatch_rules d ON d.machine_id = r.machine_id";
    Ok(site.read(move |conn| Ok::<_, db::Error>(conn.query_row(count, [], |row| row.get(0))?)).await?)
}

/// Waits until no run is under way and so many people are on the lists of machines with a rule.
async fn idle(site: &Site, watcher: &mut Watcher, wanted: i64) -> anyhow::Result<()> {
    loop {
        let open = site.read(|conn| jobs_open_of(conn, DISPATCH_RUN, None)).await?.len();
        if open == 0 && entries(site).await? == wanted {
            return Ok(());
        }
        // Not after each event: counting a million rows is work as well.
        for _ in 0..=open {
            tokio::time::timeout(Duration::from_secs(60), watcher.next())
                .await
                .context("the worker stands still")?;
        }
    }
}

struct During {
    took: Duration,
    longest: Duration,
}

/// Does something, and writes all the while as a machine's punch would.
async fn during(site: &Site, work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<During> {
    let (started, mut longest) = (Instant::now(), Duration::ZERO);
    let writing = async {
        loop {
            let asked = Instant::now();
            site.write(|tx| {
                let sql = "INSERT OR REPLACE INTO settings (key, value) VALUES ('bench', 'x')";
                Ok::<_, db::Error>(tx.execute(sql, [])?)
            })
            .await?;
            longest = longest.max(asked.elapsed());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::select! {
        done = work => done?,
        failed = writing => return failed,
    }
    Ok(During { took: started.elapsed(), longest })
}

/// People, departments, rules and lists.
fn fill(conn: &Connection) -> anyhow::Result<()> {
    conn.execute_batch(&format!(
        "WITH RECURSIVE t (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM t WHERE i + 1 < {TOPS})
         INSERT INTO departments (id, name, created_at) SELECT 't' || i, 'Top ' || i, 0 FROM t;
         WITH RECURSIVE d (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM d WHERE i + 1 < {BELOW})
         INSERT INTO departments (id, name, parent_id, created_at)
           SELECT t.id || '-d' || i, 'Below ' || i, t.id, 0 FROM departments t, d WHERE t.parent_id IS NULL;
         WITH RECURSIVE p (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM p WHERE i + 1 < {PEOPLE})
         INSERT INTO employees (id, name, department_id, fields, created_at, changed_at)
           SELECT format('%s-%02d', d.id, i), format('Person %s %d', d.id, i), d.id, '{{}}', 0, 0
           FROM departments d, p WHERE d.parent_id IS NOT NULL;
         INSERT INTO dispatch_rules (machine_id, enabled, out_of_scope, run_at, sync, last_run_on)
           SELECT id, 1, 'delete', '02:00', 0, '2026-07-06' FROM machines ORDER BY id LIMIT {MACHINES};
         INSERT INTO dispatch_targets (machine_id, excluded, kind, target_id, position)
           SELECT machine_id, 0, 'department', 't' || (machine_id % {TOPS}), 0 FROM dispatch_rules;
         CREATE TEMP TABLE listed AS
           SELECT m.id AS machine_id, e.id AS employee_id, e.number AS pin_number FROM machines m
           JOIN (SELECT e.id, row_number() OVER (ORDER BY e.id) AS number, d.parent_id AS top
                 FROM employees e JOIN departments d ON d.id = e.department_id) e
             ON e.top = 't' || (iif(m.id <= {MACHINES}, m.id, 0) % {TOPS});
         INSERT INTO roster (machine_id, employee_id, pin, pin_number, pin_source, source, state, added_at, changed_at)
           SELECT machine_id, employee_id, pin_number, pin_number, 'mapped', 'rule', 'waiting', 0, 0 FROM listed
           ORDER BY machine_id, employee_id;
         INSERT INTO spans (machine_id, pin_number, employee_id, from_at, to_at)
           SELECT machine_id, pin_number, employee_id, -(1 << 62), 1 << 62 FROM listed;"
    ))?;
    Ok(())
}
