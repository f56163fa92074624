//! The story everybody lives through first: add a machine, add a person, see the punch with the name.

use anyhow::{Context as _, ensure};
use rollcall_machine::{Machine, Phase};
use rollcall_tests::{Server, check, eventually, patiently};
use serde_json::{Value, json};

fn text<'a>(item: &'a Value, name: &str) -> &'a str {
    item.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[tokio::test]
async fn a_punch_appears_with_the_name_of_the_person() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    let (api, sn) = (&server.api, "CQZ7000000001");

    let added = api.add_machine(sn, "前门").await?;
    ensure!(text(&added, "sn") == sn && added.get("online") == Some(&json!(false)), "{added}");
    let employee = api.post("/api/employees", json!({ "name": "王小五𠮷" })).await?;
    let id = text(&employee, "id").to_owned();
    ensure!(!id.is_empty(), "{employee}");
    let entries = json!({ "entries": [{ "employeeId": id, "pin": "01001" }] });
    let roster = api.post(&format!("/api/machines/{sn}/roster"), entries).await?;
    ensure!(roster.get("rejected").and_then(Value::as_array).is_some_and(Vec::is_empty), "{roster}");

    let machine = Machine::builder(sn).server(server.addresses.machines).time_scale(0.01).start();
    patiently("the machine connects", machine.wait_for(|state| state.phase == Phase::Handshaken)).await?;
    eventually("the console sees it and knows its dialect", async || {
        let machine = api.get(&format!("/api/machines/{sn}")).await?;
        let seen = machine.get("online") == Some(&json!(true)) && text(&machine, "dialect") == "attendance";
        Ok(seen.then_some(()))
    })
    .await?;

    // The machine drops the leading zero of the number; it is the same person all the same.
    let punch = machine.punch("1001").context("a punch")?;
    machine.punch("4711");
    patiently("uploaded", machine.wait_uploaded()).await?;
    check::complete_and_in_order(sn, &machine.memory(), &api.punches_of(sn).await?)?;

    let found = api.list(&format!("/api/punches?employeeId={id}")).await?;
    let [item] = found.as_slice() else { anyhow::bail!("one punch of this person, not {found:?}") };
    ensure!((text(item, "name"), text(item, "pin")) == ("王小五𠮷", "1001"), "{item}");
    ensure!(
        check::key(item)?.1 == punch.time.to_string() && text(item, "time").ends_with("+08:00"),
        "{item}"
    );
    ensure!(item.get("status") == Some(&json!(255)) && text(item, "verify") == "15", "{item}");
    for (query, count) in
        [("?pin=4711", 1), ("?matched=true", 1), ("?matched=false", 1), ("?pin=9", 0), ("", 2)]
    {
        let total = api.total(&format!("/api/punches{query}")).await?;
        ensure!(total == count, "{query} finds {total}");
    }

    // Whoever is given the number later gets the punches nobody owned.
    let late = api.post("/api/employees", json!({ "name": "Late Comer" })).await?;
    let late = text(&late, "id").to_owned();
    let entries = json!({ "entries": [{ "employeeId": late, "pin": "4711" }] });
    api.post(&format!("/api/machines/{sn}/roster"), entries).await?;
    ensure!(api.total("/api/punches?matched=false").await? == 0, "all punches have an owner now");
    ensure!(api.total(&format!("/api/punches?employeeId={late}")).await? == 1);

    let audit = api.list("/api/audit").await?;
    let lines: Vec<_> = audit.iter().map(|line| (text(line, "what"), text(line, "subject"))).collect();
    for (part, subject) in [("machine", sn), ("employee", id.as_str()), ("roster", sn)] {
        let known = lines.iter().any(|(what, about)| what.starts_with(part) && about.contains(subject));
        ensure!(known, "no line about {part} {subject} in {lines:?}");
    }
    ensure!(
        audit.iter().all(|line| !text(line, "who").is_empty() && !text(line, "time").is_empty()),
        "{audit:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_line_nobody_can_read_is_kept_aside_and_the_rest_is_stored() -> anyhow::Result<()> {
    use rollcall_machine::wire::{Method, Wire, WireOptions};
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    server.api.add_machine("CQZ7000000001", "Front door").await?;
    let mut wire = Wire::new(server.addresses.machines.into(), WireOptions::default());
    let body = "1001\t2026-07-06 08:58:11\t0\t1\n1002\t2026-02-31 08:58:11\t0\t1\nrubbish\n\n1003\t2026-07-06 08:59:11\n";
    let target = "/iclock/cdata?SN=CQZ7000000001&table=ATTLOG&Stamp=9999";
    for _ in 0..2 {
        let answer = wire.request(Method::Post, target, body.as_bytes()).await.context("answered")?;
        ensure!(answer.accepts_upload() && answer.body == b"OK: 4", "{answer:?}");
    }
    ensure!(server.api.total("/api/punches").await? == 2, "two good lines, sent twice, are two punches");
    let rejected = server.api.list("/api/punches/rejected").await?;
    ensure!(rejected.len() == 2, "{rejected:?}");
    ensure!(rejected.iter().any(|line| text(line, "line").contains("2026-02-31")), "{rejected:?}");
    Ok(())
}
