//! Many machines at once, each with its own punches.

use anyhow::ensure;
use rollcall_machine::{Fleet, FleetOptions};
use rollcall_tests::{Server, check, patiently};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_machines_deliver_everything_once() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    let options = FleetOptions {
        time_scale: 0.05,
        rate: 1000.0,
        people: 50,
        ..FleetOptions::new(server.addresses.machines, 200)
    };
    for index in 0..options.machines {
        server.api.add_machine(&options.sn(index), &format!("Machine {index}")).await?;
    }
    let mut fleet = Fleet::start(&options);
    for machine in fleet.machines() {
        patiently("the machine delivers", machine.wait_for(|state| state.acknowledged > 0)).await?;
    }
    fleet.stop_punching().await;
    patiently("everything is delivered", fleet.wait_uploaded()).await?;
    let counters = fleet.counters();
    ensure!(counters.acknowledged == counters.punched, "{counters:?}");
    ensure!(
        counters.refused == 0 && counters.failed == 0,
        "a server with nothing else to do refuses nobody: {counters:?}"
    );
    ensure!(server.api.total("/api/punches").await? == counters.punched, "{counters:?}");
    for machine in fleet.machines().iter().step_by(20) {
        check::complete_and_in_order(
            machine.sn(),
            &machine.memory(),
            &server.api.punches_of(machine.sn()).await?,
        )?;
    }
    Ok(())
}
