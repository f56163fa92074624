//! What an idle connection costs.

use std::path::Path;

use anyhow::Context as _;

use crate::child::{BARE, LISTENER, Served, database};
use crate::load::{self, Client};
use crate::population::{self, sn};
use crate::table::Table;

const CONNECTIONS: usize = 10_000;
/// Machines behind them; more would only measure the list of machines.
const MACHINES: usize = 100;

pub async fn measure(table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    population::settle(&database(folder.path()), MACHINES).await?;
    let path = folder.path().to_str().context("a readable path")?;
    let answer = {
        let ours = Served::start([LISTENER, path]).await?;
        let answer = Client::connect(ours.address, 0).await?.ask(&load::poll(&sn(0), true)).await?.to_vec();
        ours.stop().await?;
        answer
    };
    let bare = each(Served::start([BARE, std::str::from_utf8(&answer)?]).await?).await?;
    let ours = each(Served::start([LISTENER, path]).await?).await?;
    let title = format!("memory of an idle connection, {CONNECTIONS} of them");
    table.ratio(&title, "KiB", ours, ("bare tokio listener", bare), None);
    let rollcalld = rollcalld(Path::new(path)).await?;
    table.figure("memory of `rollcalld` with nothing to do", "MiB", rollcalld / 1024.0, "", None);
    Ok(())
}

/// KiB per connection after one poll on each.
async fn each(server: Served) -> anyhow::Result<f64> {
    let mut clients = Vec::with_capacity(CONNECTIONS);
    // The first few pay for what is there once.
    for index in 0..100 {
        clients.push(polled(&server, index).await?);
    }
    let before = server.memory()?;
    for index in 100..CONNECTIONS + 100 {
        clients.push(polled(&server, index).await?);
    }
    let after = server.memory()?;
    // All of them are still served.
    for (index, client) in clients.iter_mut().enumerate() {
        client
            .ask(&load::poll(&sn(index % MACHINES), true))
            .await
            .with_context(|| format!("connection {index}"))?;
    }
    drop(clients);
    server.stop().await?;
    Ok((after - before) / CONNECTIONS as f64)
}

async fn polled(server: &Served, index: usize) -> anyhow::Result<Client> {
    let mut client = Client::connect(server.address, index).await?;
    client.ask(&load::poll(&sn(index % MACHINES), true)).await?;
    Ok(client)
}

async fn rollcalld(folder: &Path) -> anyhow::Result<f64> {
    let server = rollcall_tests::Server::start(&folder.join("idle")).await?;
    server.api.get("/api/machines").await?;
    let memory = rollcall_tests::resident(server.pid()?)?;
    server.terminate().await?;
    Ok(memory)
}
