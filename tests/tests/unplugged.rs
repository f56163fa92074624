//! A server that is away for a while, and every kind of firmware that has to come back to it.

use std::time::Duration;

use anyhow::ensure;
use rollcall_machine::{HttpVersion, Machine, MachineBuilder, MachineHandle, Phase, Profile};
use rollcall_protocol::WallTime;
use rollcall_tests::{Addresses, Server, check, patiently};

fn builder(sn: &str, addresses: Addresses) -> MachineBuilder {
    Machine::builder(sn).server(addresses.machines).time_scale(0.01).error_delay(Duration::from_secs(5))
}

fn punch(machine: &MachineHandle, day: u32) -> anyhow::Result<()> {
    for (hour, pin) in [(8, "1001"), (8, "1002"), (12, "1001"), (17, "1002"), (18, "1001")] {
        let time = format!("2026-07-{day:02} {hour:02}:00:00");
        machine.punch_at(pin, WallTime::parse(time.as_bytes())?);
    }
    Ok(())
}

#[tokio::test]
async fn every_firmware_delivers_before_during_and_after_an_outage() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let lasting = Addresses::lasting()?;
    let server = Server::start_at(data.path(), lasting).await?;
    let at = server.addresses;
    for sn in
        ["MODERN0001", "MODERN0002", "MODERN0003", "MODERN0004", "TWO0001", "TWO0002", "ONE0001", "ONE0002"]
    {
        server.api.add_machine(sn, sn).await?;
    }
    let dribble = |builder: MachineBuilder| builder.dribble(11, Duration::from_micros(200));
    let machines = [
        builder("MODERN0001", at).start(),
        builder("MODERN0002", at).keep_alive(true).start(),
        builder("MODERN0003", at).http(HttpVersion::Http10).start(),
        dribble(builder("MODERN0004", at)).start(),
        builder("TWO0001", at).profile(Profile::V2).http(HttpVersion::Http10).start(),
        builder("TWO0002", at).profile(Profile::V2.with_aspx()).start(),
        builder("ONE0001", at).profile(Profile::V1).http(HttpVersion::Http10).start(),
        dribble(builder("ONE0002", at).profile(Profile::V1.with_aspx()).http(HttpVersion::Http10)).start(),
    ];
    for machine in &machines {
        patiently("the machine connects", machine.wait_for(|state| state.polls > 0)).await?;
        punch(machine, 1)?;
    }
    for machine in &machines {
        patiently("uploads before the outage", machine.wait_uploaded()).await?;
        let sets = machine.state().borrow().clock_sets;
        ensure!(sets == 1, "{}: its clock was set {sets} times", machine.sn());
    }

    server.kill().await?;
    for machine in &machines {
        punch(machine, 2)?;
        patiently("the machine notices", machine.wait_for(|state| state.phase == Phase::Offline)).await?;
        punch(machine, 3)?;
        ensure!(machine.memory().pending().len() == 10, "{}: kept while the server is away", machine.sn());
    }

    let server = Server::start_at(data.path(), lasting).await?;
    for machine in &machines {
        patiently("uploads after the outage", machine.wait_uploaded()).await?;
        check::complete_and_in_order(
            machine.sn(),
            &machine.memory(),
            &server.api.punches_of(machine.sn()).await?,
        )?;
    }
    ensure!(server.api.total("/api/punches").await? == 15 * 8);
    Ok(())
}

#[tokio::test]
async fn d1_a_machine_whose_memory_is_sent_again_adds_nothing() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    server.api.add_machine("TWICE0001", "Twice").await?;
    for _ in 0..3 {
        // The same memory in a machine that has forgotten how far it had come.
        let machine = builder("TWICE0001", server.addresses).unplugged().start();
        punch(&machine, 1)?;
        machine.plug();
        patiently("uploaded", machine.wait_uploaded()).await?;
        check::complete_and_in_order(
            "TWICE0001",
            &machine.memory(),
            &server.api.punches_of("TWICE0001").await?,
        )?;
        machine.stop().await;
    }
    Ok(())
}
