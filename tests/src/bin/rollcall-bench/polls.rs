//! Polls per second, against a listener that does nothing but answer.

use std::time::Duration;

use anyhow::Context as _;

use crate::child::{BARE, LISTENER, Served, database};
use crate::load::{self, Client};
use crate::population::{self, sn};
use crate::table::Table;

const CONNECTIONS: usize = 64;
const TURN: Duration = Duration::from_secs(3);
const TURNS: usize = 3;

/// Best of several turns of each side, taken alternately: whatever else the computer does only ever takes away.
#[derive(Default)]
struct Best {
    rate: f64,
    processor: f64,
}

impl Best {
    async fn take(&mut self, server: &Served, keep: bool) -> anyhow::Result<()> {
        let before = server.processor()?;
        let (done, rate) = load::polls(server.address, CONNECTIONS, keep, TURN, sn).await?;
        let used = (server.processor()? - before).as_secs_f64() * 1e6 / done as f64;
        if rate > self.rate {
            *self = Self { rate, processor: used };
        }
        Ok(())
    }
}

pub async fn measure(table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    population::settle(&database(folder.path()), CONNECTIONS).await?;
    let path = folder.path().to_str().context("a readable path")?;
    let ours = Served::start([LISTENER, path]).await?;
    let answer = Client::connect(ours.address, 0).await?.ask(&load::poll(&sn(0), true)).await?.to_vec();
    let bare = Served::start([BARE, std::str::from_utf8(&answer)?]).await?;
    for (keep, what) in [(true, "connection kept"), (false, "connection for each poll")] {
        let (mut best, mut other) = (Best::default(), Best::default());
        for _ in 0..TURNS {
            best.take(&ours, keep).await?;
            other.take(&bare, keep).await?;
        }
        let aim = keep.then_some(0.7);
        let title = format!("polls from {CONNECTIONS} machines, {what}");
        table.ratio(&title, "/s", best.rate, ("bare tokio listener, same bytes", other.rate), aim);
        let title = format!("processor time of a poll, {what}");
        table.ratio(&title, "µs", best.processor, ("bare tokio listener", other.processor), None);
    }
    ours.stop().await?;
    bare.stop().await
}
