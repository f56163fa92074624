//! Machines of all dialects with all faults at once, under every kind of order: the short form of `cargo xtask soak`.

use std::time::Duration;

use anyhow::ensure;
use rollcall_tests::soak::{Plan, mix, run};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mixed_fleet_loses_doubles_repeats_and_sticks_nothing() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let plan = Plan {
        machines: 60,
        profiles: mix(),
        time: Duration::from_secs(16),
        punches: 150.0,
        orders: 12.0,
        lease: 2,
        time_scale: 0.05,
        seed: 4,
        power_cuts: 1,
    };
    let report = run(&plan, data.path(), |text| println!("{text}")).await?;
    println!("{report}");
    ensure!(report.held > 1000 && report.orders > 100 && report.restarts > 10, "a day too quiet:\n{report}");
    Ok(())
}
