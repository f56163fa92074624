//! Machines nobody has added, or that are switched off in the console, keep their punches until they are wanted.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use rollcall_machine::wire::{Answer, Method, Wire, WireOptions};
use rollcall_machine::{Machine, MachineHandle, Phase};
use rollcall_protocol::WallTime;
use rollcall_tests::{Server, check, eventually, patiently};
use serde_json::{Value, json};

/// A number that occurs nowhere by chance.
const TELLTALE: &str = "918273645";

fn machine(server: &Server, sn: &str) -> MachineHandle {
    Machine::builder(sn)
        .server(server.addresses.machines)
        .time_scale(0.01)
        .error_delay(Duration::from_secs(3))
        .unplugged()
        .start()
}

/// Punches on several days, one of them with the telltale number.
fn punch(machine: &MachineHandle) -> anyhow::Result<()> {
    for (pin, time) in
        [("1001", "2026-07-01 08:58:11"), (TELLTALE, "2026-07-02 17:30:00"), ("1002", "2026-07-03 08:59:59")]
    {
        machine.punch_at(pin, WallTime::parse(time.as_bytes())?);
    }
    Ok(())
}

/// What every kind of upload is answered, looked at byte by byte.
async fn uploads(server: &Server, sn: &str) -> anyhow::Result<Vec<(String, Answer)>> {
    let mut wire = Wire::new(server.addresses.machines.into(), WireOptions::default());
    let line = format!("{TELLTALE}\t2026-07-02 17:30:00\t255\t15\t0\t0\t0\n");
    let user = format!("USER PIN={TELLTALE}\tName=x\tPri=0\n");
    let mut answers = Vec::new();
    for (target, body) in [
        (format!("/iclock/cdata?SN={sn}&table=ATTLOG&Stamp=9999"), line.as_str()),
        (format!("/iclock/cdata.aspx?SN={sn}&table=attlog"), &line),
        (format!("/iclock/cdata?SN={sn}&table=OPERLOG&Stamp=9999"), &user),
        (format!("/iclock/cdata?SN={sn}&table=SOMETHING"), &line),
        (format!("/iclock/fdata?SN={sn}&table=ATTPHOTO"), &line),
    ] {
        let answer =
            wire.request(Method::Post, &target, body.as_bytes()).await.with_context(|| target.clone())?;
        answers.push((target, answer));
    }
    Ok(answers)
}

async fn must_be_refused(server: &Server, sn: &str) -> anyhow::Result<()> {
    for (target, answer) in uploads(server, sn).await? {
        ensure!(answer.status == 503, "{target} was answered {}", answer.status);
        let body = String::from_utf8_lossy(&answer.body).to_uppercase();
        ensure!(!body.contains("OK"), "{target} was answered {body:?}");
    }
    Ok(())
}

/// The telltale number is in no file below `folder`.
fn nowhere_on_disk(folder: &Path) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            nowhere_on_disk(&path)?;
            continue;
        }
        let bytes = std::fs::read(&path)?;
        let found = bytes.windows(TELLTALE.len()).any(|window| window == TELLTALE.as_bytes());
        ensure!(!found, "{} holds what was refused", path.display());
    }
    Ok(())
}

async fn stranger_knocks(server: &Server, sn: &str) -> anyhow::Result<Value> {
    eventually("the stranger is listed", async || {
        let strangers = server.api.list("/api/strangers").await?;
        Ok(strangers.into_iter().find(|stranger| stranger.get("sn").and_then(Value::as_str) == Some(sn)))
    })
    .await
}

#[tokio::test]
async fn i1_a_strangers_punches_are_kept_by_the_machine_and_arrive_after_adoption() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    let sn = "STRANGE0001";
    let machine = machine(&server, sn);
    punch(&machine)?;
    machine.plug();
    patiently("the upload is refused", machine.wait_for(|state| state.phase == Phase::Offline)).await?;
    let state = machine.state().borrow().clone();
    ensure!(state.handshakes >= 1, "its handshake is answered");
    ensure!(state.clock_sets == 1, "and its clock set");
    ensure!((state.problem, state.refused_status) == (Some("upload.refused"), Some(503)), "{state:?}");

    let knock = stranger_knocks(&server, sn).await?;
    ensure!(knock.get("knocks").and_then(Value::as_u64).is_some_and(|knocks| knocks > 0), "{knock}");
    must_be_refused(&server, sn).await?;
    ensure!(server.api.total("/api/punches").await? == 0, "nothing of it is stored");
    ensure!(server.api.total("/api/punches/rejected").await? == 0, "nothing of it is stored");
    nowhere_on_disk(data.path())?;

    server.api.post(&format!("/api/strangers/{sn}/adopt"), json!({ "name": "Back door" })).await?;
    patiently("everything is uploaded after adoption", machine.wait_uploaded()).await?;
    check::complete_and_in_order(sn, &machine.memory(), &server.api.punches_of(sn).await?)?;
    let left = server.api.list("/api/strangers").await?;
    ensure!(left.is_empty(), "adopted, hence no stranger any more: {left:?}");
    Ok(())
}

#[tokio::test]
async fn i1_a_disabled_machines_punches_arrive_after_enabling() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    let sn = "DISABLED0001";
    server.api.add_machine(sn, "Canteen").await?;
    server.api.patch(&format!("/api/machines/{sn}"), json!({ "enabled": false })).await?;
    let machine = machine(&server, sn);
    punch(&machine)?;
    machine.plug();
    patiently("the upload is refused", machine.wait_for(|state| state.phase == Phase::Offline)).await?;
    ensure!(machine.state().borrow().refused_status == Some(503));
    must_be_refused(&server, sn).await?;
    ensure!(server.api.total("/api/punches").await? == 0, "nothing of it is stored");
    nowhere_on_disk(data.path())?;

    server.api.patch(&format!("/api/machines/{sn}"), json!({ "enabled": true })).await?;
    patiently("everything is uploaded after enabling", machine.wait_uploaded()).await?;
    check::complete_and_in_order(sn, &machine.memory(), &server.api.punches_of(sn).await?)
}

#[tokio::test]
async fn a_mistyped_serial_number_is_noticed() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    server.api.add_machine("CQZ7000000001", "Front door").await?;
    let machine = machine(&server, "CQZ7000000007");
    machine.plug();
    stranger_knocks(&server, "CQZ7000000007").await?;
    eventually("the machine that never came warns of the one that did", async || {
        let machine = server.api.get("/api/machines/CQZ7000000001").await?;
        let warnings = machine.get("warnings").and_then(Value::as_array).context("no warnings")?.clone();
        let look_alike =
            |warning: &Value| warning.get("code").and_then(Value::as_str) == Some("machine.sn_look_alike");
        Ok(warnings.into_iter().find(look_alike))
    })
    .await?;
    Ok(())
}
