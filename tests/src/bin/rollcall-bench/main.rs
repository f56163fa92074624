//! Load, measured: `cargo xtask bench` prints what this program prints, a table of ratios with both sides.
//!
//! Load and server share one computer, so absolute figures say little; each is set against the plainest thing that
//! could do the same work on the same computer in the same minute. Everything stays on the loopback interface.

mod attack;
mod bare;
mod child;
mod connections;
mod dispatch;
mod load;
mod people;
mod polls;
mod population;
mod punches;
mod sheet;
mod start;
mod table;
mod times;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use crate::table::Table;

/// What can be measured, in this order.
const PARTS: [&str; 8] =
    ["polls", "punches", "connections", "attack", "start", "people", "dispatch", "sheet"];

fn main() -> ExitCode {
    let result = tokio::runtime::Runtime::new().map_err(anyhow::Error::from).and_then(|runtime| {
        let result = runtime.block_on(run());
        runtime.shutdown_background();
        result
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "rollcall-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [child::LISTENER, folder] => child::listener(PathBuf::from(folder)).await,
        [attack::ATTACK, address] => attack::attack(address).await,
        [child::BARE, answer] => bare::serve(answer.as_bytes()).await,
        [] => bench(&PARTS).await,
        ["--help" | "-h"] => {
            let parts = PARTS.map(|part| format!(" [{part}]")).concat();
            Ok(writeln!(std::io::stdout(), "rollcall-bench{parts}; all of them when none is named")?)
        }
        parts => bench(parts).await,
    }
}

async fn bench(parts: &[&str]) -> anyhow::Result<()> {
    if cfg!(debug_assertions) {
        say("A debug build: these figures mean nothing.")?;
    }
    let mut table = Table::default();
    for part in parts {
        say(&format!("measuring: {part}"))?;
        match *part {
            "polls" => polls::measure(&mut table).await.context("polls")?,
            "punches" => punches::measure(&mut table).await.context("punches")?,
            "connections" => connections::measure(&mut table).await.context("connections")?,
            "attack" => attack::measure(&mut table).await.context("attack")?,
            "people" => people::measure(&mut table).await.context("people")?,
            "start" => start::measure(&mut table).await.context("start")?,
            "dispatch" => dispatch::measure(&mut table).await.context("dispatch")?,
            "sheet" => sheet::measure(&mut table).await.context("sheet")?,
            other => bail!("'{other}' is not one of {}", PARTS.join(", ")),
        }
    }
    write!(std::io::stdout(), "{}\n\n{table}", computer())?;
    Ok(())
}

/// What the figures were taken on, as far as the system tells.
fn computer() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, key: &str| {
        let line = text.lines().find(|line| line.starts_with(key));
        line.and_then(|line| line.split_once(':'))
            .map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().to_owned())
    };
    let processor = field(&read("/proc/cpuinfo"), "model name");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kibibytes: f64 =
        field(&read("/proc/meminfo"), "MemTotal").trim_end_matches(" kB").parse().unwrap_or(0.0);
    let (system, load) = (read("/proc/sys/kernel/osrelease"), read("/proc/loadavg"));
    format!(
        "Taken on: {processor}, {cores} cores, {:.0} GiB, {} {}; load at the end {}",
        kibibytes / 1024.0 / 1024.0,
        std::env::consts::OS,
        system.trim(),
        load.split(' ').next().unwrap_or("unknown"),
    )
}

/// Progress goes to standard error, so that standard output is the table.
fn say(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stderr(), "{text}")?)
}
