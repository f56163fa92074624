//! A site on a bad day: machines of every dialect and firmware with every fault at once, people who punch, an administrator who
//! gives every order there is, and a power cut. Afterwards nothing may be lost, doubled, repeated or stuck.

mod orders;
mod verdict;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use rollcall_machine::{Dialect, Faults, Fleet, FleetOptions, MachineHandle, Person, Profile};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior};

use crate::{Addresses, Server, resident};

pub use verdict::{CommandCount, Report};

/// What the day is like.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many machines.
    pub machines: u32,
    /// Firmware of the machines, in turn.
    pub profiles: Vec<Profile>,
    /// For how long people punch and orders are given.
    pub time: Duration,
    /// Punches per second over all machines.
    pub punches: f64,
    /// Orders per second over all machines.
    pub orders: f64,
    /// How long machines may take to answer a command, in whole seconds.
    pub lease: u32,
    /// Multiplies every wait of the machines.
    pub time_scale: f64,
    /// Where chance begins.
    pub seed: u64,
    /// When the power is cut, as parts of the day from 0 to 1.
    pub power_cuts: Vec<f64>,
}

/// All firmware there is, and a few more of what most sites have, some of them behind old paths.
#[must_use]
pub fn mix() -> Vec<Profile> {
    let more = [Profile::MODERN, Profile::V2.with_aspx(), Profile::MODERN, Profile::FK_HS102.with_aspx()];
    Profile::ALL.into_iter().chain(more).collect()
}

/// People who punch, with the numbers 1, 2, 3 …
const PEOPLE: u32 = 20;

/// Lives through the day and judges it; `say` is told how it goes.
///
/// # Errors
/// With everything that must not have happened.
pub async fn run(plan: &Plan, data: &Path, say: impl Fn(&str)) -> anyhow::Result<Report> {
    let lease = plan.lease.to_string();
    let environment = [("ROLLCALL_LEASE_SECONDS", lease.as_str())];
    let addresses = Addresses::lasting()?;
    let mut server = Server::start_with(data, addresses, &environment).await?;
    let options = options(plan, server.addresses);
    for index in 0..options.machines {
        // The name is what a dangerous order has to be confirmed with.
        server.api.add_machine(&options.sn(index), &options.sn(index)).await?;
    }
    let mut fleet = Fleet::start(&options);
    spoil_clocks(&fleet, plan.seed);
    let started = Instant::now();
    let (stop, stopped) = watch::channel(false);
    let events = tokio::spawn(orders::events(fleet.shared_machines(), plan.seed, stopped.clone()));
    let mut given = 0;
    let mut memory = Vec::new();
    // The day in pieces, a power cut between any two of them.
    for (piece, end) in plan.power_cuts.iter().copied().chain([1.0]).enumerate() {
        let end = started + plan.time.mul_f64(end);
        given += day(plan, &server, &fleet, (started, end), &mut memory, &say).await?;
        if piece < plan.power_cuts.len() {
            server.kill().await?;
            // What was measured of it says nothing of the next one.
            memory.clear();
            let people = orders::while_it_is_down(data, &fleet, plan.seed + piece as u64).await?;
            say(&format!("power cut; {people} orders about people found their way into the queue meanwhile"));
            given += people;
            server = Server::start_with(data, addresses, &environment).await?;
        }
    }
    // Evening: nothing new, and no faults, so that whatever can arrive does.
    stop.send_replace(true);
    events.await?;
    fleet.stop_punching().await;
    for machine in fleet.machines() {
        machine.set_faults(Faults::default());
        machine.hurry();
    }
    let patience = Duration::from_secs(60) + plan.time / 4;
    tokio::time::timeout(patience, fleet.wait_uploaded()).await.context("punches never arrived")?;
    verdict::settled(data, Duration::from_secs(u64::from(plan.lease) * 8 + 60)).await?;
    memory.push((started.elapsed(), resident(server.pid()?)? / 1024.0));
    let report = verdict::judge(&server, data, &fleet, given, memory).await?;
    fleet.stop().await;
    ensure!(server.terminate().await?.success(), "the server ends in order");
    Ok(report)
}

fn options(plan: &Plan, addresses: Addresses) -> FleetOptions {
    FleetOptions {
        prefix: "SOAK".to_owned(),
        rate: plan.punches,
        people: PEOPLE,
        profiles: plan.profiles.clone(),
        faults: Faults::all(plan.seed),
        pictures: true,
        sources: 16,
        time_scale: plan.time_scale,
        ramp: plan.time.min(Duration::from_secs(20)) / 4,
        ..FleetOptions::new(addresses.machines, plan.machines)
    }
}

/// Every tenth clock is hours off, every other tenth gains a second in ten.
fn spoil_clocks(fleet: &Fleet, seed: u64) {
    for (index, machine) in fleet.machines().iter().enumerate() {
        let faults = Faults::all(seed);
        match index % 10 {
            7 => machine.set_faults(Faults { clock_ahead: 7200, ..faults }),
            8 => machine.set_faults(Faults { clock_drift: 0.1, ..faults }),
            _ => {}
        }
    }
}

/// One piece of the day: orders are given; how many were taken.
async fn day(
    plan: &Plan,
    server: &Server,
    fleet: &Fleet,
    (started, end): (Instant, Instant),
    memory: &mut Vec<(Duration, f64)>,
    say: &impl Fn(&str),
) -> anyhow::Result<u64> {
    let mut random = orders::Random::new(plan.seed ^ started.elapsed().as_secs());
    let begun = Instant::now();
    let mut tick = tokio::time::interval(Duration::from_millis(50));
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let (mut asked, mut given, mut told) = (0_u64, 0, Instant::now());
    while Instant::now() < end {
        tick.tick().await;
        let due = plan.orders * begun.elapsed().as_secs_f64();
        while (asked as f64) < due && Instant::now() < end {
            asked += 1;
            given += u64::from(orders::give(&server.api, fleet, &mut random).await?);
        }
        if told.elapsed() >= Duration::from_secs(10) {
            told = Instant::now();
            let kibibytes = resident(server.pid()?)?;
            memory.push((started.elapsed(), kibibytes / 1024.0));
            let counters = fleet.counters();
            say(&format!(
                "{:>4.0} s  connected {}  punched {}  acknowledged {}  refused {}  failed {}  orders {given}  memory {:.1} MiB",
                started.elapsed().as_secs_f64(),
                counters.connected,
                counters.punched,
                counters.acknowledged,
                counters.refused,
                counters.failed,
                kibibytes / 1024.0,
            ));
        }
    }
    Ok(given)
}

/// Everybody who punches, as somebody enrols them at a machine.
fn enrol_everybody(machine: &MachineHandle) {
    for pin in 1..=PEOPLE {
        machine.enrol(Person::new(pin.to_string(), format!("工号 {pin}")));
    }
}

/// Whether nobody can punch here for lack of people.
fn is_empty(machine: &MachineHandle) -> bool {
    machine.dialect() == Dialect::Access && !machine.knows("1")
}

/// Machines as several tasks hold them.
type Machines = Arc<Vec<MachineHandle>>;
