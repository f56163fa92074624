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
        power_cuts: vec![0.5],
    };
    let report = run(&plan, data.path(), |text| println!("{text}")).await?;
    println!("{report}");
    ensure!(report.held > 1000 && report.orders > 100 && report.restarts > 10, "a day too quiet:\n{report}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_in_the_middle_of_orders_repeats_nothing_that_was_confirmed() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let plan = Plan {
        machines: 24,
        profiles: mix(),
        time: Duration::from_secs(12),
        punches: 20.0,
        orders: 30.0,
        lease: 2,
        time_scale: 0.05,
        seed: 9,
        power_cuts: (1..=5).map(|cut| f64::from(cut) / 6.0).collect(),
    };
    let report = run(&plan, data.path(), |text| println!("{text}")).await?;
    println!("{report}");
    ensure!(report.executed > 200, "hardly an order was carried out:\n{report}");
    Ok(())
}
