//! Invented machines and people to measure with.

use std::path::Path;

use anyhow::{Context as _, ensure};
use rollcall_core::directory::{DirectoryError, NewEmployee, employee_add};
use rollcall_core::machines::{MachineError, NewMachine, machine_add};
use rollcall_core::roster::{NewEntry, Role, RosterError, roster_add};
use rollcall_core::{Actor, Clock, Site, SiteOptions};
use rollcall_protocol::Sn;

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
    let serials = (0..machines).map(|index| Sn::new(&sn(index))).collect::<Result<Vec<_>, _>>()?;
    let all = serials.clone();
    site.write(move |tx| {
        all.into_iter().try_for_each(|sn| {
            let name = format!("Machine {sn}");
            let new = NewMachine { sn, name, model: None, time_zone: None };
            machine_add(tx, &Actor::system(), new).map(drop)
        })?;
        Ok::<_, MachineError>(())
    })
    .await?;
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

/// Lines of one batch: as many people as asked for, all in the same second.
pub fn lines(second: i64, people: usize) -> String {
    let time = rollcall_protocol::WallTime::from_seconds(MORNING + second);
    (1..=people).map(|pin| format!("{pin}\t{time}\t255\t15\t0\t0\t0\t0\t0\t0\n")).collect()
}
