//! Invented machines and people to measure with.

use std::path::Path;

use anyhow::{Context as _, ensure};
use chrono_tz::Tz;
use rollcall_core::directory::{DirectoryError, NewEmployee, employee_add};
use rollcall_core::machines::{MachineError, NewMachine, machine_add};
use rollcall_core::roster::{NewEntry, Role, RosterError, roster_add};
use rollcall_core::{Actor, Clock, Site, SiteOptions};
use rollcall_protocol::Sn;
use rusqlite::Connection;

/// People on every machine, with the numbers 1, 2, 3 …
pub const PEOPLE: usize = 100;
/// 2026-07-06 08:00:00 of the machines' clocks.
pub const MORNING: i64 = 1_783_324_800;

/// Serial number of the machine with this index.
pub fn sn(index: usize) -> String {
    format!("BENCH{index:05}")
}

/// A site with so many machines and [`PEOPLE`] on each.
pub async fn settle(database: &Path, machines: usize) -> anyhow::Result<()> {
    let site = Site::open(SiteOptions { path: database.to_owned(), clock: Clock::system() })?;
    let people: Vec<String> = site
        .write(|tx| {
            (1..=PEOPLE)
                .map(|number| {
                    let new = NewEmployee { name: format!("Person {number}"), ..NewEmployee::default() };
                    Ok(employee_add(tx, &Actor::system(), new)?.id.as_str().to_owned())
                })
                .collect::<Result<_, DirectoryError>>()
        })
        .await?;
    let serials = self::machines(&site, i64::try_from(machines)?, None).await?;
    for sn in serials {
        let entries: Vec<_> = people
            .iter()
            .enumerate()
            .map(|(index, id)| NewEntry {
                employee_id: id.clone(),
                pin: Some((index + 1).to_string()),
                role: Role::User,
                enabled: true,
                source: rollcall_core::roster::EntrySource::Manual,
            })
            .collect();
        let added = site
            .write(move |tx| {
                let added = roster_add(tx, &Actor::system(), &sn, entries)?;
                Ok::<_, RosterError>(added.rejected.len())
            })
            .await
            .context("rosters")?;
        ensure!(added == 0, "{added} people were not taken");
    }
    site.close().await;
    Ok(())
}

/// So many machines, in a zone or in the site's; their serial numbers.
pub async fn machines(site: &Site, count: i64, time_zone: Option<Tz>) -> anyhow::Result<Vec<Sn>> {
    let serials = (0..count)
        .map(|index| Sn::new(&sn(usize::try_from(index)?)).map_err(anyhow::Error::from))
        .collect::<Result<Vec<_>, _>>()?;
    let all = serials.clone();
    site.write(move |tx| {
        all.into_iter().try_for_each(|sn| {
            let name = format!("Machine {sn}");
            let new = NewMachine { sn, name, model: None, time_zone };
            machine_add(tx, &Actor::system(), new).map(drop)
        })?;
        Ok::<_, MachineError>(())
    })
    .await?;
    Ok(serials)
}

/// Fills a database the quick way: no journal while it lasts, and the indexes of punches made at the end.
pub fn fill(database: &Path, rows: impl FnOnce(&Connection) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let conn = Connection::open(database)?;
    conn.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;")?;
    let indexes = conn
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'punches' AND sql IS NOT NULL")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(String, String)>, _>>()?;
    ensure!(!indexes.is_empty(), "punches without an index");
    conn.execute_batch("BEGIN")?;
    for (name, _) in &indexes {
        conn.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    rows(&conn)?;
    for (_, sql) in &indexes {
        conn.execute_batch(sql).context("an index")?;
    }
    conn.execute_batch("COMMIT; PRAGMA journal_mode = WAL;")?;
    Ok(())
}

/// Lines of one batch: as many people as asked for, all in the same second.
pub fn lines(second: i64, people: usize) -> String {
    let time = rollcall_protocol::WallTime::from_seconds(MORNING + second);
    (1..=people).map(|pin| format!("{pin}\t{time}\t255\t15\t0\t0\t0\t0\t0\t0\n")).collect()
}
