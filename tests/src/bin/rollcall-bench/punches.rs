//! Punches that are safe on disk when they are answered, against SQLite alone.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use rusqlite::{Connection, params};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::child::{LISTENER, Served, database};
use crate::load::{Client, upload};
use crate::population::{self, MORNING, PEOPLE, lines, sn};
use crate::table::Table;

const BATCH_MACHINES: usize = 64;
const SINGLE_MACHINES: usize = 512;
const TURN: Duration = Duration::from_secs(8);

/// What a turn brought.
struct Turn {
    requests: u64,
    punches: u64,
    seconds: f64,
    commits: u64,
}

impl Turn {
    fn rate(&self) -> f64 {
        self.punches as f64 / self.seconds
    }

    fn per_commit(&self) -> f64 {
        self.punches as f64 / self.commits.max(1) as f64
    }
}

pub async fn measure(table: &mut Table) -> anyhow::Result<()> {
    // The better of two turns each, taken alternately: whatever else the computer does only ever takes away.
    let (mut best, mut alone) = (None::<Turn>, 0.0_f64);
    for _ in 0..2 {
        let batches = turn(BATCH_MACHINES, PEOPLE).await.context("batches")?;
        let (total, together) = (batches.requests, (batches.requests / batches.commits.max(1)).max(1));
        let (rows, seconds) = tokio::task::spawn_blocking(move || raw(total, together)).await??;
        ensure!(rows == batches.punches, "SQLite alone stored {rows} rows, not {}", batches.punches);
        alone = alone.max(rows as f64 / seconds);
        if best.as_ref().is_none_or(|best| best.rate() < batches.rate()) {
            best = Some(batches);
        }
    }
    let best = best.context("a turn")?;
    table.ratio(
        &format!(
            "punches stored, {PEOPLE}-line batches from {BATCH_MACHINES} machines, {:.0} rows per commit",
            best.per_commit()
        ),
        "/s",
        best.rate(),
        ("raw rusqlite, same rows, schema, pragmas and transaction size", alone),
        Some(0.5),
    );
    let singles = turn(SINGLE_MACHINES, 1).await.context("single punches")?;
    table.figure(
        &format!("punches per fsync, one line each from {SINGLE_MACHINES} machines"),
        "",
        singles.per_commit(),
        &format!(
            "{:.0} punches/s, {:.0} commits/s",
            singles.rate(),
            singles.commits as f64 / singles.seconds
        ),
        Some(20.0),
    );
    let fsync = tokio::task::spawn_blocking(fsync).await??;
    table.figure("fdatasync of 4 KiB on this disk", "ms", fsync, "", None);
    Ok(())
}

/// Uploads as fast as they are taken; every line is counted in the database afterwards.
async fn turn(machines: usize, people: usize) -> anyhow::Result<Turn> {
    let folder = tempfile::tempdir()?;
    population::settle(&database(folder.path()), machines).await?;
    let mut server = Served::start([LISTENER, folder.path().to_str().context("a readable path")?]).await?;
    let before = server.commits().await?;
    let (requests, seconds) = pour(server.address, machines, people).await?;
    let commits = server.commits().await? - before;
    server.stop().await?;
    let held: u64 =
        Connection::open(database(folder.path()))?
            .query_row("SELECT count(*) FROM punches", [], |row| row.get(0))?;
    let punches = requests * people as u64;
    ensure!(held == punches, "{punches} were acknowledged and {held} are held");
    Ok(Turn { requests, punches, seconds, commits })
}

async fn pour(address: SocketAddr, machines: usize, people: usize) -> anyhow::Result<(u64, f64)> {
    // Connected before the clock starts; time advances for all machines alike, as it does on a wall.
    let mut clients = Vec::new();
    for index in 0..machines {
        clients.push(Client::connect(address, index).await?);
    }
    let (requests, second) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicI64::new(0)));
    let started = Instant::now();
    let end = started + TURN;
    let mut tasks = JoinSet::new();
    for (index, mut client) in clients.into_iter().enumerate() {
        let (requests, second) = (requests.clone(), second.clone());
        tasks.spawn(async move {
            let sn = sn(index);
            let mut own = -1;
            while Instant::now() < end {
                // Never the same second twice on one machine.
                own = (own + 1).max(second.load(Ordering::Relaxed));
                second.fetch_max(own, Ordering::Relaxed);
                let answer = client.ask(&upload(&sn, &lines(own, people))).await?;
                ensure!(
                    answer.ends_with(format!("OK: {people}").as_bytes()),
                    "{}",
                    String::from_utf8_lossy(answer)
                );
                requests.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    Ok((requests.load(Ordering::Relaxed), started.elapsed().as_secs_f64()))
}

/// The same rows into the same schema with the same pragmas, by SQLite alone; how long it took.
fn raw(total: u64, together: u64) -> anyhow::Result<(u64, f64)> {
    let folder = tempfile::tempdir()?;
    let path = database(folder.path());
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(population::settle(&path, BATCH_MACHINES))?;
    let conn = open_as_the_site_does(&path)?;
    // Made once for all machines: the time of SQLite is wanted, not of formatting.
    let mut made = (-1, String::new());
    let started = std::time::Instant::now();
    let mut rows = 0_u64;
    let mut batch = 0_u64;
    while batch < total {
        conn.execute_batch("BEGIN IMMEDIATE")?;
        {
            let mut insert = conn.prepare_cached(
                "INSERT INTO punches (machine_id, pin, pin_number, wall, utc_offset, status, verify, work_code, raw, source,
                   flags, received_at, kind, event, address)
                 VALUES (?1, ?2, ?3, ?4, 28800, 255, '15', '0', ?5, 0, 0, 1783295521000, 0, -1, NULL)
                 ON CONFLICT (wall, machine_id, ifnull(pin_number, pin), status, verify, event) DO NOTHING",
            )?;
            for _ in 0..together.min(total - batch) {
                let (machine, second) =
                    (batch % BATCH_MACHINES as u64 + 1, i64::try_from(batch / BATCH_MACHINES as u64)?);
                if made.0 != second {
                    made = (second, lines(second, PEOPLE));
                }
                for (pin, line) in made.1.lines().enumerate() {
                    let pin = pin + 1;
                    rows += insert.execute(params![
                        machine,
                        pin.to_string(),
                        pin,
                        MORNING + second,
                        line.as_bytes()
                    ])? as u64;
                }
                batch += 1;
            }
        }
        conn.execute_batch("COMMIT")?;
    }
    Ok((rows, started.elapsed().as_secs_f64()))
}

/// The pragmas of the site's writing connection.
fn open_as_the_site_does(path: &Path) -> anyhow::Result<Connection> {
    let conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -16384;
         PRAGMA wal_autocheckpoint = 4000;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA secure_delete = ON;",
    )?;
    Ok(conn)
}

/// Median of many small synchronised writes, in milliseconds.
fn fsync() -> anyhow::Result<f64> {
    use std::io::Write as _;
    let mut file = tempfile::tempfile()?;
    let mut times = Vec::new();
    for _ in 0..301 {
        file.write_all(&[1; 4096])?;
        let started = std::time::Instant::now();
        file.sync_data()?;
        times.push(started.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    times.get(150).copied().context("a median")
}
