//! A database that cannot be written: machines keep their punches, the console says so, and all goes on by itself.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use reqwest::Method;
use rollcall_machine::{Machine, MachineHandle};
use rollcall_protocol::WallTime;
use rollcall_tests::{Server, SmallDisk, check, database, eventually, patiently};
use rusqlite::Connection;
use serde_json::{Value, json};

const SN: &str = "STORAGE0001";

async fn added_machine(server: &Server) -> anyhow::Result<MachineHandle> {
    server.api.add_machine(SN, "Front door").await?;
    let machine = Machine::builder(SN)
        .server(server.addresses.machines)
        .time_scale(0.01)
        .error_delay(Duration::from_secs(10))
        .batch(100)
        .start();
    patiently("the machine connects", machine.wait_for(|state| state.handshakes > 0)).await?;
    Ok(machine)
}

/// So many different punches, all at once.
fn punch(machine: &MachineHandle, day: u32, count: u32) -> anyhow::Result<()> {
    let morning = WallTime::parse(format!("2026-07-{day:02} 08:00:00").as_bytes())?.seconds();
    let pins: Vec<String> = (1..=count).map(|pin| pin.to_string()).collect();
    machine.punch_all(pins.iter().map(|pin| (pin.as_str(), WallTime::from_seconds(morning))));
    Ok(())
}

/// What the console says about the storage: whether it can be written, and the code if not.
async fn storage(server: &Server) -> anyhow::Result<(String, bool, String)> {
    let reply = server.api.tokenless("/api/health").await?;
    ensure!(reply.status == 200, "health must always answer: {}", reply.status);
    let get = |pointer: &str| reply.body.pointer(pointer).cloned().unwrap_or_default();
    let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
    let writable = get("/storage/writable").as_bool().with_context(|| reply.body.to_string())?;
    Ok((text(get("/status")), writable, text(get("/storage/code"))))
}

async fn recovered(server: &Server) -> anyhow::Result<()> {
    eventually("the console says that all is well again", async || {
        let (status, writable, _) = storage(server).await?;
        Ok((writable && status == "ok").then_some(()))
    })
    .await
}

/// While the database cannot be written, the API refuses changes with a readable reason and goes on answering questions.
async fn the_console_says_so(server: &Server, code: &str) -> anyhow::Result<()> {
    let (status, said) = eventually("the console says that nothing can be stored", async || {
        let (status, writable, code) = storage(server).await?;
        Ok((!writable).then_some((status, code)))
    })
    .await?;
    ensure!((status.as_str(), said.as_str()) == ("degraded", code), "health says {status} {said}");
    let body = json!({ "sn": "ANOTHER0001", "name": "Another" });
    let reply = server.api.call(Method::POST, "/api/machines", Some(&body)).await?;
    ensure!(reply.status == 503 && reply.code() == code, "{} {}", reply.status, reply.body);
    ensure!(reply.content_type.starts_with("application/problem+json"), "{}", reply.content_type);
    server.api.get("/api/machines").await.context("questions are still answered")?;
    Ok(())
}

#[tokio::test]
async fn a2_a_locked_database_costs_nothing() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    let machine = added_machine(&server).await?;
    punch(&machine, 1, 50)?;
    patiently("punches before the lock", machine.wait_uploaded()).await?;

    let other = Connection::open(database(data.path())?)?;
    other.execute_batch("BEGIN IMMEDIATE")?;
    punch(&machine, 2, 250)?;
    patiently("503", machine.wait_for(|state| state.refused_status == Some(503))).await?;
    ensure!(machine.state().borrow().acknowledged == 50, "nothing is acknowledged meanwhile");
    the_console_says_so(&server, "database.locked").await?;

    other.execute_batch("ROLLBACK")?;
    patiently("punches after the lock", machine.wait_uploaded()).await?;
    check::complete_and_in_order(SN, &machine.memory(), &server.api.punches_of(SN).await?)?;
    recovered(&server).await
}

#[tokio::test]
async fn a2_a_full_disk_costs_nothing() -> anyhow::Result<()> {
    let disk = match SmallDisk::mount(16 * 1024) {
        Ok(disk) => disk,
        Err(reason) => {
            println!("SKIPPED: a full disk cannot be tried here, no small disk can be mounted: {reason:#}");
            return Ok(());
        }
    };
    let server = Server::start(disk.path()).await?;
    let machine = added_machine(&server).await?;
    punch(&machine, 1, 50)?;
    patiently("punches before", machine.wait_uploaded()).await?;

    let in_the_way = disk.fill()?;
    // More than fits into pages that are already there.
    punch(&machine, 2, 5000)?;
    punch(&machine, 3, 5000)?;
    patiently("503", machine.wait_for(|state| state.refused_status == Some(503))).await?;
    the_console_says_so(&server, "database.full").await?;
    let told = machine.memory().acknowledged().len();
    ensure!(told < 10_050, "not everything was acknowledged");
    check::exactly_once(SN, &machine.memory(), &server.api.punches_of(SN).await?)?;

    std::fs::remove_file(in_the_way)?;
    patiently("punches after", machine.wait_uploaded()).await?;
    check::complete_and_in_order(SN, &machine.memory(), &server.api.punches_of(SN).await?)?;
    recovered(&server).await?;

    server.kill().await?;
    let server = Server::start(disk.path()).await?;
    check::complete_and_in_order(SN, &machine.memory(), &server.api.punches_of(SN).await?)
}
