//! `rollcall-machine fleet`.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use rollcall_machine::{Fleet, FleetOptions, Profile};
use tokio::time::{Instant, timeout};

use crate::Common;

#[derive(Debug, Args)]
pub struct Many {
    /// How many machines.
    #[arg(long, default_value_t = 100)]
    machines: u32,
    /// Punches per second over all machines.
    #[arg(long, default_value_t = 10.0)]
    rate: f64,
    /// How long people punch; afterwards up to 30 seconds more for what is still on the machines.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Serial numbers are this and seven digits.
    #[arg(long, default_value = "SIM")]
    prefix: String,
    /// Different people who punch.
    #[arg(long, default_value_t = 1000)]
    people: u32,
    /// Connect from so many loopback addresses in turn; for servers on this computer.
    #[arg(long, default_value_t = 0)]
    sources: u8,
    /// Multiplies every wait of the machines.
    #[arg(long, default_value_t = 1.0)]
    time_scale: f64,
    /// Machines of every dialect and firmware, in turn.
    #[arg(long)]
    mix: bool,
    /// Print one line of JSON at the end and nothing else.
    #[arg(long)]
    json: bool,
}

pub async fn run(common: &Common, many: &Many) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(many.machines > 0, "--machines must be at least 1");
    anyhow::ensure!(many.rate.is_finite() && many.rate >= 0.0, "--rate must not be negative");
    let options = FleetOptions {
        prefix: many.prefix.clone(),
        rate: many.rate,
        people: many.people,
        profiles: if many.mix { Profile::ALL.to_vec() } else { vec![common.profile()] },
        faults: common.faults.faults(),
        keep_alive: common.keep_alive,
        sources: many.sources,
        time_scale: many.time_scale,
        ..FleetOptions::new(common.server.clone(), many.machines)
    };
    let started = Instant::now();
    let mut fleet = Fleet::start(&options);
    let end = tokio::time::sleep(Duration::from_secs(many.seconds));
    let mut second = tokio::time::interval(Duration::from_secs(1));
    tokio::pin!(end);
    loop {
        tokio::select! {
            () = &mut end => break,
            pressed = tokio::signal::ctrl_c() => {
                pressed.context("cannot wait for Ctrl-C")?;
                break;
            }
            _ = second.tick() => if !many.json {
                print(&fleet, started)?;
            }
        }
    }
    fleet.stop_punching().await;
    // What remains is told by the counters.
    let _ = timeout(Duration::from_secs(30), fleet.wait_uploaded()).await;
    let seconds = started.elapsed().as_secs_f64();
    let counters = fleet.counters();
    if many.json {
        writeln!(
            std::io::stdout(),
            r#"{{"machines":{},"connected":{},"punched":{},"acknowledged":{},"refused":{},"failed":{},"seconds":{seconds:.3}}}"#,
            many.machines,
            counters.connected,
            counters.punched,
            counters.acknowledged,
            counters.refused,
            counters.failed,
        )?;
    } else {
        print(&fleet, started)?;
    }
    fleet.stop().await;
    let complete = counters.acknowledged == counters.punched;
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(fleet: &Fleet, started: Instant) -> std::io::Result<()> {
    let counters = fleet.counters();
    writeln!(
        std::io::stdout(),
        "{:>5.0} s  connected {}  punched {}  acknowledged {}  refused {}  failed {}",
        started.elapsed().as_secs_f64(),
        counters.connected,
        counters.punched,
        counters.acknowledged,
        counters.refused,
        counters.failed,
    )
}
