//! The long form of the mixed fleet: `cargo xtask soak`.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use rollcall_tests::soak::{Plan, Report, mix, run};

fn main() -> ExitCode {
    let result = tokio::runtime::Runtime::new().map_err(anyhow::Error::from).and_then(|runtime| {
        let result = runtime.block_on(soak());
        runtime.shutdown_background();
        result
    });
    match result {
        Ok(report) => {
            let _ = write!(std::io::stdout(), "{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "rollcall-soak: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn soak() -> anyhow::Result<Report> {
    let (mut minutes, mut machines, mut seed) = (10.0, 1000, 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{name} wants a value"))?;
        match name.as_str() {
            "--minutes" => minutes = value.parse().context("--minutes")?,
            "--machines" => machines = value.parse().context("--machines")?,
            "--seed" => seed = value.parse().context("--seed")?,
            _ => bail!("rollcall-soak [--minutes 10] [--machines 1000] [--seed 1]"),
        }
    }
    ensure!(minutes > 0.0 && machines > 0, "some minutes and some machines");
    let plan = Plan {
        machines,
        profiles: mix(),
        time: Duration::from_secs_f64(minutes * 60.0),
        punches: f64::from(machines) / 5.0,
        orders: f64::from(machines) / 50.0,
        lease: 10,
        time_scale: 0.2,
        seed,
        // Early, so that the process after it has time to fill whatever it fills.
        power_cuts: vec![0.2],
    };
    let data = tempfile::tempdir()?;
    let say = |text: &str| {
        let _ = writeln!(std::io::stderr(), "{text}");
    };
    let report = run(&plan, data.path(), say).await?;
    flat(&report, plan.time)?;
    Ok(report)
}

/// What keeps something in memory has bounds and reaches them in the first minutes: traces of 32 KiB a machine, the pages
/// of the database. Afterwards memory stays what it is: from the seventh minute to the tenth it may grow by this much.
const GROWTH: f64 = 0.03;

fn flat(report: &Report, time: Duration) -> anyhow::Result<()> {
    if time < Duration::from_secs(600) {
        return Ok(());
    }
    let mean = |from: f64, to: f64| {
        let within = |at: &Duration| (time.mul_f64(from)..time.mul_f64(to)).contains(at);
        let of: Vec<f64> =
            report.memory.iter().filter(|(at, _)| within(at)).map(|(_, mebibytes)| *mebibytes).collect();
        (!of.is_empty()).then(|| of.iter().sum::<f64>() / of.len() as f64).context("memory was not measured")
    };
    let (before, after) = (mean(0.6, 0.7)?, mean(0.9, 1.0)?);
    ensure!(
        after <= before * (1.0 + GROWTH),
        "memory grew from {before:.1} MiB in the seventh tenth of the time to {after:.1} MiB in the last\n\n{report}"
    );
    Ok(())
}
