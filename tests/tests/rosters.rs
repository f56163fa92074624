//! The right people on every machine, over real sockets: everybody exactly once, whatever is lost on the way.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use rollcall_core::audit::Actor;
use rollcall_core::directory::{NewEmployee, employee_add};
use rollcall_core::machines::{NewMachine, machine_add};
use rollcall_core::roster::{EntrySource, NewEntry, Role, roster_add};
use rollcall_core::{Clock, Site, SiteOptions, Sn, db};
use rollcall_machine::{Faults, Machine, MachineHandle, Person, Phase, Profile};
use rollcall_tests::{Addresses, Server, ended, eventually, patiently};
use serde_json::{Value, json};

const SN: &str = "ROSTER000001";
/// Commands that an answer carries.
const ANSWER: u64 = 50;

fn name_of(number: usize) -> String {
    // Some are longer than the 24 bytes a machine holds, some have a character of four bytes.
    match number % 10 {
        0 => format!("欧阳修{number}𠮷之第{number}位继承人"),
        1 => format!("嘢{number}"),
        _ => format!("员工{number}"),
    }
}

fn role_of(number: usize) -> Role {
    match number % 1000 {
        1 => Role::Administrator,
        2 => Role::Registrar,
        _ => Role::User,
    }
}

/// A site with one machine and so many people on its list; number and name are made of how many there were before.
async fn seed(folder: &Path, people: usize) -> anyhow::Result<()> {
    let options = SiteOptions { path: folder.join("rollcall.db"), clock: Clock::system() };
    let site = Site::open(options)?;
    let actor = Actor::console();
    site.write(move |tx| {
        let sn = Sn::new(SN).map_err(|_| db::Error::Closed)?;
        let new = NewMachine { sn: sn.clone(), name: "大门".to_owned(), model: None, time_zone: None };
        machine_add(tx, &actor, new).map_err(|_| db::Error::Closed)?;
        let mut entries = Vec::with_capacity(people);
        for number in 1..=people {
            let id = format!("e{number}");
            let new = NewEmployee { id: Some(id.clone()), name: name_of(number), ..NewEmployee::default() };
            employee_add(tx, &actor, new).map_err(|_| db::Error::Closed)?;
            entries.push(NewEntry {
                employee_id: id,
                pin: Some(format!("{number:05}")),
                role: role_of(number),
                enabled: true,
                source: EntrySource::Manual,
            });
        }
        let added = roster_add(tx, &actor, &sn, entries).map_err(|_| db::Error::Closed)?;
        if added.rejected.is_empty() { Ok(()) } else { Err(db::Error::Closed) }
    })
    .await?;
    site.close().await;
    Ok(())
}

fn machine(addresses: Addresses, room: usize) -> MachineHandle {
    Machine::builder(SN)
        .server(addresses.machines)
        .profile(Profile::MODERN)
        .time_scale(0.01)
        .error_delay(Duration::from_secs(1))
        .keep_alive(true)
        .room_for(room)
        .start()
}

async fn sync(server: &Server, full: bool) -> anyhow::Result<i64> {
    let job = server.api.post(&format!("/api/machines/{SN}/roster/sync"), json!({ "full": full })).await?;
    job.get("jobId").and_then(Value::as_i64).context("a job")
}

/// Waits for the job; its result.
async fn done(server: &Server, machine: &MachineHandle, job: i64) -> anyhow::Result<Value> {
    let job = ended(&server.api, machine, job).await?;
    ensure!(job.get("state") == Some(&json!("done")), "{job}");
    job.get("result").cloned().context("a result")
}

/// Everybody exactly once, with the right name and role, and nobody else.
fn everybody_is_there(machine: &MachineHandle, people: usize) -> anyhow::Result<()> {
    let memory = machine.memory();
    ensure!(memory.people().len() == people, "{} people, not {people}", memory.people().len());
    for number in 1..=people {
        let pin = number.to_string();
        let person = memory.person(&pin).with_context(|| format!("nobody under {pin}"))?;
        let privilege = match role_of(number) {
            Role::User => 0,
            Role::Registrar => 2,
            Role::Administrator => 14,
        };
        ensure!(
            name_of(number).starts_with(&person.name) && person.name.len() <= 24 && !person.name.is_empty(),
            "{pin} is called {}",
            person.name
        );
        ensure!(person.privilege == privilege, "{pin} may {}", person.privilege);
    }
    let wrong = machine.journal().wrong();
    ensure!(wrong.is_empty(), "{wrong:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roster_3_5_ten_thousand_people_are_sent_once_in_full_answers() -> anyhow::Result<()> {
    const PEOPLE: usize = 10_000;
    let data = tempfile::tempdir()?;
    seed(data.path(), PEOPLE).await?;
    let server = Server::start(data.path()).await?;
    let machine = machine(server.addresses, PEOPLE + 10);
    patiently("the machine connects", machine.wait_for(|state| state.phase == Phase::Handshaken)).await?;
    let before = machine.state().borrow().told;
    let job = sync(&server, false).await?;
    let result = done(&server, &machine, job).await?;
    ensure!(result == json!({ "synced": PEOPLE, "failed": 0 }), "{result}");
    everybody_is_there(&machine, PEOPLE)?;
    let told = machine.state().borrow().told - before;
    let least = (PEOPLE as u64).div_ceil(ANSWER);
    ensure!(told >= least && told * 100 <= least * 102, "{told} answers with commands for {least}");
    let times: Vec<_> = machine.journal().executions().values().map(|execution| execution.times).collect();
    ensure!(times.iter().all(|times| *times == 1), "nothing is sent twice when nothing is lost");
    let roster = server.api.get(&format!("/api/machines/{SN}")).await?;
    ensure!(roster.pointer("/roster/synced") == Some(&json!(PEOPLE)), "{roster}");
    Ok(())
}

/// A server that is killed, answers that are lost, and a machine that is wiped, all in one sync.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn roster_3_5_kills_lost_answers_and_a_wiped_machine_end_the_same() -> anyhow::Result<()> {
    const PEOPLE: usize = 10_000;
    let data = tempfile::tempdir()?;
    seed(data.path(), PEOPLE).await?;
    let lasting = Addresses::lasting()?;
    let environment = [("ROLLCALL_LEASE_SECONDS", "1")];
    let mut server = Server::start_with(data.path(), lasting, &environment).await?;
    let machine = machine(server.addresses, PEOPLE + 10);
    patiently("the machine connects", machine.wait_for(|state| state.phase == Phase::Handshaken)).await?;
    machine.set_faults(Faults { answers_lost: 0.1, results_twice: 0.1, seed: 7, ..Faults::default() });
    let job = sync(&server, false).await?;
    for quarter in 1..=2_u64 {
        let goal = quarter * PEOPLE as u64 / 4;
        patiently("a quarter", machine.wait_for(|state| state.executed >= goal)).await?;
        server.kill().await?;
        server = Server::start_with(data.path(), lasting, &environment).await?;
    }
    let half = machine.state().borrow().executed + 200;
    patiently("some more", machine.wait_for(|state| state.executed >= half)).await?;
    machine.wipe();
    // Somebody has set it up again: it begins anew, and says that it holds nobody.
    machine.unplug();
    patiently("unplugged", machine.wait_for(|state| state.phase == Phase::Unplugged)).await?;
    machine.plug();
    let result = done(&server, &machine, job).await?;
    machine.set_faults(Faults::default());
    ensure!(result.get("failed") == Some(&json!(0)), "{result}");
    // That it was wiped may be known only after the last entry was confirmed: then the rest follows by itself.
    patiently("everybody", async {
        while machine.memory().people().len() < PEOPLE {
            machine.hurry();
            let mut state = machine.state();
            let _ = tokio::time::timeout(Duration::from_millis(200), state.changed()).await;
        }
    })
    .await?;
    eventually("all are confirmed", async || {
        let machine = server.api.get(&format!("/api/machines/{SN}")).await?;
        Ok((machine.pointer("/roster/synced") == Some(&json!(PEOPLE))).then_some(()))
    })
    .await?;
    everybody_is_there(&machine, PEOPLE)?;
    // Nothing is left to be sent.
    let again = sync(&server, false).await?;
    let result = done(&server, &machine, again).await?;
    ensure!(result == json!({ "synced": 0, "failed": 0 }), "{result}");
    Ok(())
}

#[tokio::test]
async fn roster_3_4_and_3_8_somebody_enrolled_at_a_machine_is_claimed_disabled_and_brought_back()
-> anyhow::Result<()> {
    for profile in [Profile::MODERN, Profile::ACCESS, Profile::FK_HS102] {
        let data = tempfile::tempdir()?;
        let server = Server::start(data.path()).await?;
        server.api.add_machine(SN, "大门").await?;
        let handle =
            Machine::builder(SN).server(server.addresses.machines).profile(profile).time_scale(0.01).start();
        patiently("connects", handle.wait_for(|state| state.phase == Phase::Handshaken)).await?;
        let mut person = Person::new("77", "赵六");
        let (slot, version) = ((rollcall_machine::Kind::Finger, 6, 0), (10, 0));
        person.templates.keep(slot, rollcall_machine::Template::new(b"TMS-finger-of-77".to_vec(), version));
        handle.enrol(person);
        handle.punch("77");
        patiently("the punch", handle.wait_uploaded()).await?;

        // 3.8: whoever is on the machine and not on the list is claimed, with their old punches.
        let read = server.api.post(&format!("/api/machines/{SN}/comparison/read"), json!({})).await?;
        let job = read.get("jobId").and_then(Value::as_i64).context("a job")?;
        done(&server, &handle, job).await?;
        let rows = server.api.list(&format!("/api/machines/{SN}/comparison?kind=onlyThere")).await?;
        ensure!(rows.iter().any(|row| row.get("pin") == Some(&json!("77"))), "{profile:?}: {rows:?}");
        let claim = json!({ "rows": [{ "pin": "77", "action": "claim", "newName": "赵六" }] });
        let claimed = server.api.post(&format!("/api/machines/{SN}/comparison/resolve"), claim).await?;
        ensure!(claimed == json!({ "done": 1, "rejected": [] }), "{claimed}");
        ensure!(server.api.total("/api/punches?matched=true").await? == 1, "{profile:?}");
        let roster = server.api.list(&format!("/api/machines/{SN}/roster")).await?;
        let entry = roster.first().context("an entry")?;
        ensure!(entry.get("state") == Some(&json!("synced")), "{profile:?}: {entry}");
        let id = entry.get("employeeId").and_then(Value::as_str).context("an id")?.to_owned();

        // 3.4: disabled, they cannot identify there, and nothing of theirs is lost.
        let path = format!("/api/machines/{SN}/roster/{id}");
        server.api.patch(&path, json!({ "enabled": false })).await?;
        let job = sync(&server, false).await?;
        let result = done(&server, &handle, job).await?;
        ensure!(result == json!({ "synced": 1, "failed": 0 }), "{profile:?}: {result}");
        let memory = handle.memory();
        match profile {
            Profile::ACCESS => ensure!(!memory.authorized("77") && memory.person("77").is_some()),
            _ => ensure!(memory.person("77").is_none(), "{profile:?}: {:?}", memory.person("77")),
        }
        server.api.patch(&path, json!({ "enabled": true })).await?;
        let job = sync(&server, false).await?;
        let result = done(&server, &handle, job).await?;
        ensure!(result == json!({ "synced": 1, "failed": 0 }), "{profile:?}: {result}");
        let memory = handle.memory();
        let back = memory.person("77").with_context(|| format!("{profile:?}: nobody came back"))?;
        ensure!(back.templates.fingers() == 1 && back.name == "赵六", "{profile:?}: {back:?}");
        ensure!(profile != Profile::ACCESS || memory.authorized("77"));
        handle.stop().await;
    }
    Ok(())
}

/// A to B and back, left, and back under a new account with the same number: every punch stays whose it was.
#[tokio::test]
async fn rehire_7_1_all_punches_of_the_past_belong_to_the_right_account() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    let api = &server.api;
    let (a, b) = ("STORY0000A", "STORY0000B");
    let mut machines = Vec::new();
    for sn in [a, b] {
        api.add_machine(sn, sn).await?;
        let handle = Machine::builder(sn).server(server.addresses.machines).time_scale(0.01).start();
        patiently("connects", handle.wait_for(|state| state.phase == Phase::Handshaken)).await?;
        machines.push(handle);
    }
    api.post("/api/employees", json!({ "id": "old", "name": "王五", "hiredOn": "2020-01-01" })).await?;
    let mut expected = Vec::new();
    let place = async |which: usize, sn: &str, id: &str| -> anyhow::Result<()> {
        let entries = json!({ "entries": [{ "employeeId": id, "pin": "31" }] });
        let added = api.post(&format!("/api/machines/{sn}/roster"), entries).await?;
        ensure!(added.get("rejected") == Some(&json!([])), "{added}");
        settle(&server, &machines[which], sn).await
    };
    let leave = async |which: usize, sn: &str, id: &str| -> anyhow::Result<()> {
        let path = format!("/api/machines/{sn}/roster/{id}");
        let reply = api.call(reqwest::Method::DELETE, &path, None).await?;
        ensure!(reply.status == 202, "{reply:?}");
        gone(&server, &machines[which], sn, id).await
    };
    let mut punch = async |which: usize, owner: &str| -> anyhow::Result<()> {
        let handle = &machines[which];
        let made = handle.punch("31").context("a punch")?;
        patiently("uploaded", handle.wait_uploaded()).await?;
        expected.push((handle.sn().to_owned(), made.time.to_string(), owner.to_owned()));
        // The next thing happens in another second: numbers change hands by the second.
        let now = handle.clock();
        eventually("the next second", async || Ok((handle.clock() > now).then_some(()))).await?;
        Ok(())
    };
    place(0, a, "old").await?;
    punch(0, "old").await?;
    leave(0, a, "old").await?;
    place(1, b, "old").await?;
    punch(1, "old").await?;
    leave(1, b, "old").await?;
    place(0, a, "old").await?;
    punch(0, "old").await?;
    // Left, and back under a new account, with the same number.
    let body = json!({ "newEmployee": { "id": "new", "name": "王五" }, "carryTemplates": false, "leftOn": "2026-06-30" });
    let rehired = api.post("/api/employees/old/rehire", body).await?;
    ensure!(rehired.pointer("/machines/0/code") == Some(&json!("rehire.follows")), "{rehired}");
    gone(&server, &machines[0], a, "old").await?;
    settle(&server, &machines[0], a).await?;
    punch(0, "new").await?;
    // And once more, with fingers and face going over.
    let body = json!({ "newEmployee": { "id": "third", "name": "王五" }, "carryTemplates": true });
    let rehired = api.post("/api/employees/new/rehire", body).await?;
    ensure!(rehired.pointer("/machines/0/code") == Some(&json!("rehire.carried")), "{rehired}");
    settle(&server, &machines[0], a).await?;
    punch(0, "third").await?;
    for (sn, time, owner) in expected {
        let theirs = api.list(&format!("/api/punches?employeeId={owner}&sn={sn}")).await?;
        let found = theirs.iter().any(|punch| {
            punch
                .get("time")
                .and_then(Value::as_str)
                .is_some_and(|at| at.replace('T', " ").starts_with(&time))
        });
        ensure!(found, "{owner} has no punch at {time} on {sn}: {theirs:?}");
    }
    ensure!(api.total("/api/punches?employeeId=old").await? == 3);
    ensure!(api.total("/api/punches?employeeId=new").await? == 1);
    ensure!(api.total("/api/punches?employeeId=third").await? == 1);
    ensure!(api.total("/api/punches?matched=false").await? == 0);
    Ok(())
}

/// Sends what differs, and waits until nothing does.
async fn settle(server: &Server, machine: &MachineHandle, sn: &str) -> anyhow::Result<()> {
    let started = server.api.post(&format!("/api/machines/{sn}/roster/sync"), json!({})).await?;
    let job = started.get("jobId").and_then(Value::as_i64).context("a job")?;
    let result = done(server, machine, job).await?;
    ensure!(result.get("failed") == Some(&json!(0)), "{result}");
    Ok(())
}

/// Waits until somebody is off a list, because the machine has confirmed it.
async fn gone(server: &Server, machine: &MachineHandle, sn: &str, id: &str) -> anyhow::Result<()> {
    eventually("the machine confirms", async || {
        machine.hurry();
        let roster = server.api.list(&format!("/api/machines/{sn}/roster")).await?;
        let there = roster.iter().any(|entry| entry.get("employeeId") == Some(&json!(id)));
        Ok((!there).then_some(()))
    })
    .await
}
