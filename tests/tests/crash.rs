//! A punch that was acknowledged is on disk, whatever happens to the server afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use rollcall_machine::{Machine, MachineHandle};
use rollcall_protocol::WallTime;
use rollcall_tests::{Addresses, Server, check, patiently};
use tokio::task::JoinSet;

const MACHINES: usize = 8;
const ROUNDS: u64 = 30;
/// 2026-07-06 08:00:00 of the machine's clock.
const MORNING: i64 = 1_783_324_800;

fn sn(index: usize) -> String {
    format!("CRASH{index:04}")
}

/// Small batches, so that at any moment something is under way.
fn machine(index: usize, addresses: Addresses) -> MachineHandle {
    Machine::builder(sn(index))
        .server(addresses.machines)
        .batch(7)
        .time_scale(0.01)
        .error_delay(Duration::from_secs(1))
        .keep_alive(index % 2 == 1)
        .start()
}

/// Keeps the machine busy until told otherwise; no two punches are equal.
async fn punch_without_end(machine: Arc<MachineHandle>, stop: Arc<AtomicBool>) {
    let mut made = 0_i64;
    while !stop.load(Ordering::Relaxed) {
        // 300 people in every second.
        let batch: Vec<_> = (made..made + 21)
            .map(|number| ((1 + number % 300).to_string(), WallTime::from_seconds(MORNING + number / 300)))
            .collect();
        machine.punch_all(batch.iter().map(|(pin, time)| (pin.as_str(), *time)));
        made += 21;
        // The next ones when these are nearly gone.
        machine.wait_for(|state| state.pending < 7 || stop.load(Ordering::Relaxed)).await;
    }
}

struct Load {
    machines: Vec<Arc<MachineHandle>>,
    stop: Arc<AtomicBool>,
    punchers: JoinSet<()>,
}

impl Load {
    fn start(addresses: Addresses) -> Self {
        let machines: Vec<_> = (0..MACHINES).map(|index| Arc::new(machine(index, addresses))).collect();
        let stop = Arc::new(AtomicBool::new(false));
        let mut punchers = JoinSet::new();
        for machine in &machines {
            punchers.spawn(punch_without_end(machine.clone(), stop.clone()));
        }
        Self { machines, stop, punchers }
    }

    fn acknowledged(&self) -> u64 {
        self.machines.iter().map(|machine| machine.state().borrow().acknowledged).sum()
    }

    /// Waits until so many more punches have been acknowledged.
    async fn progress(&self, more: u64) -> anyhow::Result<()> {
        let goal = self.acknowledged() + more;
        let first = self.machines.first().context("there are machines")?;
        let mut changes = first.state();
        patiently("acknowledged punches", async {
            // Any machine's change will do; the first one changes often enough. Not inside `wait_for`: it holds the state's
            // lock while it asks, and asking for the sum takes that lock again, which a waiting writer turns into a deadlock.
            while self.acknowledged() < goal {
                changes.changed().await?;
            }
            Ok(())
        })
        .await?
    }

    /// Everything made is delivered, then compared with what the site holds.
    async fn settle(mut self, server: &Server) -> anyhow::Result<u64> {
        self.stop.store(true, Ordering::Relaxed);
        for machine in &self.machines {
            patiently("the rest is uploaded", machine.wait_uploaded()).await?;
        }
        while self.punchers.join_next().await.is_some() {}
        for machine in &self.machines {
            patiently("the rest is uploaded", machine.wait_uploaded()).await?;
            let held = server.api.punches_of(machine.sn()).await?;
            check::complete_and_in_order(machine.sn(), &machine.memory(), &held)?;
        }
        Ok(self.acknowledged())
    }
}

async fn add_machines(server: &Server) -> anyhow::Result<()> {
    for index in 0..MACHINES {
        server.api.add_machine(&sn(index), &format!("Gate {index}")).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_under_load_loses_nothing_and_doubles_nothing() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let lasting = Addresses::lasting()?;
    let mut server = Server::start_at(data.path(), lasting).await?;
    add_machines(&server).await?;
    let load = Load::start(server.addresses);
    for round in 0..ROUNDS {
        // A different moment each time: sometimes in the first commits, sometimes in full flow.
        load.progress(40 + round * 97 % 400).await?;
        server.kill().await?;
        let told: Vec<_> =
            load.machines.iter().map(|machine| machine.memory().acknowledged().len() as u64).collect();
        server = Server::start_at(data.path(), lasting).await.with_context(|| format!("start {round}"))?;
        for (index, told) in told.into_iter().enumerate() {
            let held = server.api.total(&format!("/api/punches?sn={}", sn(index))).await?;
            ensure!(held >= told, "round {round}: {} was told {told} are safe, {held} are held", sn(index));
        }
    }
    let delivered = load.settle(&server).await?;
    ensure!(delivered >= ROUNDS * 40, "only {delivered} punches in {ROUNDS} rounds");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_under_load_ends_cleanly_within_five_seconds() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let lasting = Addresses::lasting()?;
    let server = Server::start_at(data.path(), lasting).await?;
    add_machines(&server).await?;
    let load = Load::start(server.addresses);
    load.progress(500).await?;
    let (started, status) = (tokio::time::Instant::now(), server.terminate().await?);
    ensure!(status.code() == Some(0), "it ended with {status}");
    ensure!(started.elapsed() < Duration::from_secs(5), "it took {:?}", started.elapsed());
    let server = Server::start_at(data.path(), lasting).await?;
    load.settle(&server).await?;
    Ok(())
}
