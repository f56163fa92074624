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
        power_cuts: 1,
    };
    let data = tempfile::tempdir()?;
    let say = |text: &str| {
        let _ = writeln!(std::io::stderr(), "{text}");
    };
    let report = run(&plan, data.path(), say).await?;
    flat(&report)?;
    Ok(report)
}

/// Memory may settle in the first minutes and not grow afterwards.
fn flat(report: &Report) -> anyhow::Result<()> {
    let moments = report.moments();
    if let [_, (_, five), (_, end)] = moments.as_slice() {
        ensure!(
            *end <= five * 1.2 + 16.0,
            "memory grew from {five:.1} MiB after five minutes to {end:.1} MiB\n\n{report}"
        );
    }
    Ok(())
}
