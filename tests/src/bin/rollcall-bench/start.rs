//! How soon a full site answers.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context as _, ensure};
use rollcall_tests::{Addresses, Server, database};
use rusqlite::Connection;
use serde_json::json;
use tokio::time::Instant;

use crate::load::{Client, upload};
use crate::population::{self, MORNING, lines, sn};
use crate::say;
use crate::table::Table;
use crate::times::millis;

const PUNCHES: i64 = 10_000_000;
const MACHINES: i64 = 200;

pub async fn measure(table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let server = Server::start(folder.path()).await?;
    for index in 0..MACHINES {
        server.api.add_machine(&sn(usize::try_from(index)?), &format!("Machine {index}")).await?;
    }
    let status = server.terminate().await?;
    ensure!(status.success(), "{status}");
    let empty = first_answer(folder.path(), 1).await?;
    say(&format!("storing {PUNCHES} punches"))?;
    let path = database(folder.path())?;
    tokio::task::spawn_blocking(move || population::fill(&path, fill)).await??;
    let warm = first_answer(folder.path(), 2).await?;
    let title = "from start to the first stored punch, 10,000,000 punches held";
    table.ratio(title, "ms", warm.stored, ("empty site", empty.stored), None);
    if std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok() {
        let cold = first_answer(folder.path(), 3).await?;
        table.figure(&format!("{title}, file cache dropped before"), "ms", cold.stored, "", None);
    }
    table.ratio(
        "newest page of punches, first of its kind",
        "ms",
        warm.listed,
        ("empty site", empty.listed),
        None,
    );
    Ok(())
}

struct First {
    stored: f64,
    listed: f64,
}

/// Milliseconds from the start of the process.
async fn first_answer(data: &Path, second: i64) -> anyhow::Result<First> {
    // Built before the clock starts.
    rollcall_tests::rollcalld()?;
    let started = Instant::now();
    let server = Server::start_at(data, Addresses::free()).await?;
    let machines: SocketAddr = server.addresses.machines;
    let request = upload(&sn(0), &lines(second - 1_000_000, 1));
    let answer = Client::connect(machines, 0).await?.ask(&request).await?.to_vec();
    ensure!(answer.ends_with(b"OK: 1"), "{}", String::from_utf8_lossy(&answer));
    let stored = millis(started.elapsed());
    let asked = Instant::now();
    let page = server.api.get("/api/punches?limit=100").await?;
    let listed = millis(asked.elapsed());
    ensure!(page.get("items").is_some_and(|items| *items != json!([])), "{page}");
    ensure!(server.terminate().await?.success(), "it ends in order");
    Ok(First { stored, listed })
}

/// Ten million punches of a month.
fn fill(conn: &Connection) -> anyhow::Result<()> {
    conn.execute(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
         INSERT INTO punches (machine_id, pin, pin_number, wall, utc_offset, status, verify, work_code, raw, source, flags,
           received_at)
         SELECT 1 + i % ?2, 1 + i * 7 % 1000, 1 + i * 7 % 1000, ?3 + i / 4, 28800, 255, '15', '0',
           CAST((1 + i * 7 % 1000) || char(9) || datetime(?3 + i / 4, 'unixepoch') || char(9) || '255' || char(9) || '15' AS BLOB),
           0, 0, (?3 + i / 4 - 28800) * 1000 FROM n",
        rusqlite::params![PUNCHES, MACHINES, MORNING],
    )
    .context("punches")?;
    conn.execute("UPDATE machines SET held_punches = held_punches + ?1", [PUNCHES / MACHINES])?;
    Ok(())
}
