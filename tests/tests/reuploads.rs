//! Punches of past days come again, each exactly once, while people go on punching (rule 6.7).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use rollcall_core::Clock;
use rollcall_machine::{Faults, Habits, Machine, MachineBuilder, MachineHandle, Person, Phase, Profile};
use rollcall_protocol::WallTime;
use rollcall_tests::{Addresses, Api, Server, ended, eventually, patiently};
use serde_json::{Value, json};

const SN: &str = "AGAIN0000001";
const DAY: i64 = 86_400;

/// Punches of past days: so many people, every one of them at each of so many moments of each day.
struct Past {
    first: i64,
    days: i64,
    people: i64,
    moments: i64,
}

impl Past {
    /// The days before the one a clock shows.
    fn before(now: WallTime, days: i64, people: i64, moments: i64) -> Self {
        Self { first: (now.seconds().div_euclid(DAY) - days) * DAY, days, people, moments }
    }

    fn total(&self) -> i64 {
        self.days * self.people * self.moments
    }

    /// In the order in which they were made; no two of one person are in the same second.
    fn all(&self) -> Vec<(String, WallTime)> {
        let per_day = self.people * self.moments;
        let one = |number: i64| {
            let (day, of_day) = (number / per_day, number % per_day);
            let (moment, person) = (of_day / self.people, of_day % self.people);
            let wall = self.first + day * DAY + 8 * 3600 + moment * 600 + person % 600;
            ((person + 1).to_string(), WallTime::from_seconds(wall))
        };
        (0..self.total()).map(one).collect()
    }

    fn date(&self, day: i64) -> String {
        WallTime::from_seconds(self.first + day * DAY).to_string().chars().take(10).collect()
    }

    fn ask(&self) -> Value {
        json!({ "from": self.date(0), "to": self.date(self.days - 1) })
    }
}

/// What the clock of a machine in Shanghai shows now.
fn now() -> WallTime {
    let shanghai = 8 * 3600;
    WallTime::from_seconds(Clock::system().now().timestamp() + shanghai)
}

fn lent(punches: &[(String, WallTime)]) -> impl Iterator<Item = (&str, WallTime)> {
    punches.iter().map(|(pin, time)| (pin.as_str(), *time))
}

fn builder(addresses: Addresses, profile: Profile) -> MachineBuilder {
    Machine::builder(SN)
        .server(addresses.machines)
        .profile(profile)
        .time_scale(0.01)
        .error_delay(Duration::from_secs(1))
        .keep_alive(true)
}

async fn connected(machine: &MachineHandle) -> anyhow::Result<()> {
    patiently("the machine connects", machine.wait_for(|state| state.phase == Phase::Handshaken)).await
}

async fn start(api: &Api, body: Value) -> anyhow::Result<i64> {
    let job = api.post(&format!("/api/machines/{SN}/reuploads"), body).await?;
    job.get("jobId").and_then(Value::as_i64).context("a job")
}

fn number(value: &Value, name: &str) -> i64 {
    value.pointer(name).and_then(Value::as_i64).unwrap_or(-1)
}

fn counts(job: &Value) -> [i64; 5] {
    ["received", "new", "known", "others", "rejected"].map(|name| number(job, &format!("/result/{name}")))
}

fn codes(job: &Value) -> Vec<&str> {
    let log = job.get("log").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    log.iter().filter_map(|line| line.get("code").and_then(Value::as_str)).collect()
}

/// Somebody new punches again and again; how long each took to be seen through the API, from the punch to the answer that has
/// it, asked for when the event came.
async fn people_go_on(
    api: Api,
    machine: Arc<MachineHandle>,
    stop: Arc<AtomicBool>,
) -> anyhow::Result<Vec<Duration>> {
    let mut watch = api.watch().await?;
    let mut took = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let pin = (900_001 + took.len()).to_string();
        let made = Instant::now();
        machine.punch(&pin).context("a punch")?;
        loop {
            let (event, _) = patiently("an event", watch.next()).await??;
            let concerns = matches!(event.as_str(), "punch" | "reset");
            if concerns && api.total(&format!("/api/punches?sn={SN}&pin={pin}")).await? == 1 {
                break;
            }
        }
        took.push(made.elapsed());
    }
    Ok(took)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attendance_6_7_forty_thousand_lines_come_again_exactly_while_people_go_on_punching()
-> anyhow::Result<()> {
    let past = Past::before(now(), 40, 250, 4);
    let (all, tenth) = (past.all(), past.total() / 10);
    let (held, lost): (Vec<_>, Vec<_>) =
        all.iter().cloned().enumerate().partition(|(number, _)| number % 10 == 0);
    let held: Vec<_> = held.into_iter().map(|(_, punch)| punch).collect();
    let lost: Vec<_> = lost.into_iter().map(|(_, punch)| punch).collect();
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    server.api.add_machine(SN, "大门").await?;
    let machine =
        Arc::new(builder(server.addresses, Profile::MODERN).batch(150).remembers(lent(&lost)).start());
    connected(&machine).await?;
    machine.punch_all(lent(&held));
    patiently("what it has not uploaded", machine.wait_uploaded()).await?;
    ensure!(server.api.total(&format!("/api/punches?sn={SN}")).await? == tenth as u64);

    machine.set_faults(Faults { results_first: 0.5, punches_repeated: 0.1, seed: 7, ..Faults::default() });
    let stop = Arc::new(AtomicBool::new(false));
    let people = tokio::spawn(people_go_on(server.api.clone(), Arc::clone(&machine), Arc::clone(&stop)));
    let began = Instant::now();
    let job = start(&server.api, past.ask()).await?;
    let job = ended(&server.api, &machine, job).await?;
    let took = began.elapsed();
    stop.store(true, Ordering::Relaxed);
    let latencies = people.await??;

    ensure!(job.get("state") == Some(&json!("done")), "{job}");
    ensure!(counts(&job) == [40_000, 36_000, 4_000, 0, 0], "{:?}", job.get("result"));
    let state = machine.state().borrow().clone();
    let repeated = i64::try_from(state.repeated)?;
    ensure!(
        number(&job, "/result/repeated") == repeated && repeated > 0,
        "{repeated}: {:?}",
        job.get("result")
    );
    ensure!(number(&job, "/result/asked") == 40, "a command for each day");
    ensure!(number(&job, "/result/before") == 40_000 && number(&job, "/result/after") == 40_000, "{job}");
    ensure!(state.uploaded_again == 40_000, "nothing was asked for twice: {}", state.uploaded_again);
    let total = server.api.total(&format!("/api/punches?sn={SN}")).await?;
    ensure!(total == 40_000 + latencies.len() as u64, "{total} punches and {} live ones", latencies.len());
    ensure!(machine.journal().wrong().is_empty(), "{:?}", machine.journal().wrong());
    let slowest = latencies.iter().max().context("people punched meanwhile")?;
    println!(
        "40,000 lines in {took:.1?}; {} live punches, the slowest seen after {slowest:.0?}",
        latencies.len()
    );
    ensure!(latencies.len() > 3 && *slowest < Duration::from_secs(2), "{latencies:?}");

    // How each came is told.
    for (pin, source) in [("1", "live"), ("2", "reupload"), ("900001", "live")] {
        let found = server.api.get(&format!("/api/punches?sn={SN}&pin={pin}&limit=1000")).await?;
        let items = found.get("items").and_then(Value::as_array).context("items")?;
        ensure!(items.iter().any(|item| item.get("source") == Some(&json!(source))), "{pin}: {found}");
    }
    // Once more: all of it is known, and nothing is doubled.
    machine.set_faults(Faults::default());
    let again = start(&server.api, past.ask()).await?;
    let again = ended(&server.api, &machine, again).await?;
    ensure!(counts(&again) == [40_000, 0, 40_000, 0, 0], "{:?}", again.get("result"));
    ensure!(server.api.total(&format!("/api/punches?sn={SN}")).await? == total);
    Ok(())
}

/// The program is killed, answers are lost, and the cable is pulled: the counts are the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attendance_6_7_kills_and_lost_answers_change_no_count() -> anyhow::Result<()> {
    let past = Past::before(now(), 20, 100, 4);
    let all = past.all();
    let (held, lost) = all.split_at(all.len() / 8);
    let data = tempfile::tempdir()?;
    let lasting = Addresses::lasting()?;
    let environment = [("ROLLCALL_LEASE_SECONDS", "1")];
    let mut server = Server::start_with(data.path(), lasting, &environment).await?;
    server.api.add_machine(SN, "大门").await?;
    let machine = builder(server.addresses, Profile::MODERN).batch(50).remembers(lent(lost)).start();
    connected(&machine).await?;
    machine.punch_all(lent(held));
    patiently("what it has not uploaded", machine.wait_uploaded()).await?;
    let faults = Faults {
        answers_lost: 0.05,
        results_first: 0.3,
        results_twice: 0.2,
        punches_repeated: 0.1,
        ..Faults::default()
    };
    machine.set_faults(Faults { seed: 11, ..faults });
    let job = start(&server.api, past.ask()).await?;
    for part in 1..=3_u64 {
        let goal = part * past.total() as u64 / 5;
        patiently("some of it", machine.wait_for(|state| state.uploaded_again >= goal)).await?;
        server.kill().await?;
        server = Server::start_with(data.path(), lasting, &environment).await?;
    }
    machine.unplug();
    patiently("unplugged", machine.wait_for(|state| state.phase == Phase::Unplugged)).await?;
    machine.plug();
    let job = ended(&server.api, &machine, job).await?;
    ensure!(job.get("state") == Some(&json!("done")), "{job}");
    let (total, known) = (past.total(), past.total() / 8);
    ensure!(counts(&job) == [total, total - known, known, 0, 0], "{:?}", job.get("result"));
    ensure!(server.api.total(&format!("/api/punches?sn={SN}")).await? == total as u64);
    ensure!(machine.journal().wrong().is_empty(), "{:?}", machine.journal().wrong());
    Ok(())
}

/// The same small story for every dialect and its habits: some are held, some are lost, some of another person.
async fn small(profile: Profile, habits: Habits) -> anyhow::Result<Value> {
    let past = Past::before(now(), 4, 10, 3);
    let all = past.all();
    let (held, lost) = all.split_at(all.len() / 4);
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    let api = &server.api;
    api.add_machine(SN, "大门").await?;
    api.post("/api/employees", json!({ "id": "e1", "name": "王芳" })).await?;
    let entries = json!({ "entries": [{ "employeeId": "e1", "pin": "1" }] });
    api.post(&format!("/api/machines/{SN}/roster"), entries).await?;
    // Much older ones, which nobody asks for.
    let older: Vec<_> =
        (0..50).map(|day| ("7".to_owned(), WallTime::from_seconds(past.first - (60 + day) * DAY))).collect();
    let mut builder = builder(server.addresses, profile).habits(habits);
    for pin in 1..=10 {
        builder = builder.person(Person::new(pin.to_string(), format!("员工{pin}")));
    }
    let machine = builder.remembers(lent(&older)).remembers(lent(lost)).start();
    connected(&machine).await?;
    eventually("its dialect is known", async || {
        let machine = api.get(&format!("/api/machines/{SN}")).await?;
        Ok((machine.get("dialect") != Some(&Value::Null)).then_some(()))
    })
    .await?;
    for (pin, time) in held {
        machine.punch_with(pin, *time, if profile == Profile::ACCESS { 0 } else { 255 }, 15);
    }
    machine.punch("3");
    patiently("what it has not uploaded", machine.wait_uploaded()).await?;
    machine.set_faults(Faults { results_first: 0.5, punches_repeated: 0.3, seed: 3, ..Faults::default() });
    let body = json!({ "from": past.date(0), "to": past.date(past.days - 1), "employeeIds": ["e1"] });
    let job = start(api, body).await?;
    let job = ended(api, &machine, job).await?;
    let total = api.total(&format!("/api/punches?sn={SN}")).await?;
    let all_came = habits.range_ignored || codes(&job).contains(&"reupload.outside");
    let older = if all_came { 50 } else { 0 };
    ensure!(total == 121 + older, "{profile:?} {habits:?}: {total}: {job}");
    // Of 120 in four days 12 are theirs, of whom three were held.
    ensure!(counts(&job) == [120, 9, 3, 108, 0], "{profile:?} {habits:?}: {job}");
    ensure!(machine.journal().wrong().is_empty(), "{:?}", machine.journal().wrong());
    machine.stop().await;
    Ok(job)
}

#[tokio::test]
async fn attendance_6_7_every_dialect_sends_again_what_is_asked_for() -> anyhow::Result<()> {
    for profile in [
        Profile::MODERN,
        Profile::V2,
        Profile::ACCESS,
        Profile::ACCESS_OLD,
        Profile::FK_HS101,
        Profile::FK_HS102,
        Profile::FK_NEW,
    ] {
        let job = small(profile, Habits::default()).await?;
        ensure!(job.get("state") == Some(&json!("done")), "{profile:?}: {job}");
        ensure!(!codes(&job).contains(&"reupload.next_way"), "{profile:?}: {job}");
    }
    Ok(())
}

#[tokio::test]
async fn attendance_6_7_machines_with_habits_are_asked_in_the_way_they_understand() -> anyhow::Result<()> {
    let habits = Habits::default();
    for (profile, habits, expected) in [
        (Profile::MODERN, Habits { no_counts: true, ..habits }, "reupload.cannot_count"),
        (Profile::MODERN, Habits { times_with_t: true, ..habits }, "reupload.next_way"),
        (
            Profile::MODERN,
            Habits { range_ignored: true, no_counts: true, ..habits },
            "reupload.everything_came",
        ),
        (Profile::MODERN, Habits { range_ignored: true, ..habits }, "reupload.part_done"),
        (Profile::V2, Habits { only_check: true, ..habits }, "reupload.next_way"),
        (Profile::V2, Habits { queries_refused: true, ..habits }, "reupload.next_way"),
        (Profile::V1, habits, "reupload.outside"),
        (Profile::ACCESS, Habits { range_ignored: true, ..habits }, "reupload.outside"),
        (Profile::ACCESS, Habits { queries_refused: true, ..habits }, "reupload.next_way"),
        (Profile::FK_HS102, Habits { range_ignored: true, ..habits }, "reupload.outside"),
        (Profile::FK_HS102, Habits { queries_refused: true, ..habits }, "reupload.outside"),
    ] {
        let job = small(profile, habits).await?;
        ensure!(job.get("state") == Some(&json!("done")), "{profile:?} {habits:?}: {job}");
        ensure!(codes(&job).contains(&expected), "{profile:?} {habits:?}: {:?}", codes(&job));
    }
    Ok(())
}

/// The computer was off for a while, and the machine has lost its place meanwhile: what is missing is found and fetched without
/// anybody asking.
#[tokio::test]
async fn attendance_6_7_after_the_computer_was_off_what_is_missing_comes_by_itself() -> anyhow::Result<()> {
    let past = Past::before(now(), 3, 5, 4);
    let all = past.all();
    let data = tempfile::tempdir()?;
    let lasting = Addresses::lasting()?;
    let server = Server::start_at(data.path(), lasting).await?;
    server.api.add_machine(SN, "大门").await?;
    let (before, while_off) = all.split_at(20);
    let machine =
        builder(lasting, Profile::MODERN).remembers(lent(before)).remembers(lent(while_off)).start();
    connected(&machine).await?;
    eventually("it was heard", async || {
        let machine = server.api.get(&format!("/api/machines/{SN}")).await?;
        Ok((machine.get("lastSeenAt") != Some(&Value::Null)).then_some(()))
    })
    .await?;
    server.terminate().await?;
    let database = rusqlite::Connection::open(rollcall_tests::database(data.path())?)?;
    let away = 2 * DAY * 1000;
    let changed =
        database.execute("UPDATE attendance_state SET value = value - ?1 WHERE key = 'alive'", [away])?;
    ensure!(changed == 1, "there was a heartbeat");
    drop(database);

    let server = Server::start_at(data.path(), lasting).await?;
    let api = &server.api;
    let follow = eventually("a check, and a re-upload of what it missed", async || {
        machine.hurry();
        let jobs = api.list(&format!("/api/jobs?sn={SN}&kind=gapCheck")).await?;
        let job = jobs.first().and_then(|job| job.pointer("/result/reuploadJobId")).and_then(Value::as_i64);
        Ok(job)
    })
    .await?;
    let job = ended(api, &machine, follow).await?;
    ensure!(job.get("who") == Some(&json!("system")) && job.get("state") == Some(&json!("done")), "{job}");
    // Of three days two were missed, and the day before them is nobody's concern.
    ensure!(counts(&job) == [40, 40, 0, 0, 0], "{:?}", job.get("result"));
    let gaps = api.get(&format!("/api/machines/{SN}/gaps?from={}&to={}", past.date(0), past.date(2))).await?;
    let day = |at: usize| gaps.pointer(&format!("/items/{at}")).cloned().unwrap_or_default();
    ensure!(day(0).get("theirs") == Some(&Value::Null), "{gaps}");
    ensure!(number(&day(1), "/theirs") == 20 && number(&day(1), "/ours") == 20, "{gaps}");
    ensure!(
        day(2).get("missing") == Some(&json!(false)) && gaps.get("supported") == Some(&json!(true)),
        "{gaps}"
    );
    // Asked by hand, the first day lacks what nobody missed.
    let asked = json!({ "from": past.date(0), "to": past.date(0) });
    let check = api.post(&format!("/api/machines/{SN}/gaps/check"), asked).await?;
    let check = ended(api, &machine, number(&check, "/jobId")).await?;
    ensure!(check.pointer("/result/missing") == Some(&json!([past.date(0)])), "{check}");
    ensure!(check.pointer("/result/reuploadJobId") == Some(&Value::Null), "{check}");
    Ok(())
}

/// A long file from a stick is taken in while people go on punching, and nobody waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attendance_6_7_a_long_file_is_taken_in_while_people_go_on_punching() -> anyhow::Result<()> {
    const LINES: i64 = 60_000;
    let past = Past::before(now(), 60, 250, 4);
    let data = tempfile::tempdir()?;
    let server = Server::start(data.path()).await?;
    let api = &server.api;
    api.add_machine(SN, "大门").await?;
    let all = past.all();
    let machine = Arc::new(builder(server.addresses, Profile::MODERN).start());
    connected(&machine).await?;
    machine.punch_all(lent(&all[..1_000]));
    patiently("what the machine has", machine.wait_uploaded()).await?;
    let line = |(pin, time): &(String, WallTime)| format!("{pin:>9}\t{time}\t1\t0\t1\t0\r\n");
    let file: String = all.iter().map(line).chain(["broken\r\n".to_owned()]).collect();
    let form = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"1_attlog.dat\"\r\n\r\n{file}\r\n--edge--\r\n"
    );
    let path = format!("/api/machines/{SN}/punch-files");
    let send = async |query: &str| {
        let body = form.clone().into_bytes();
        let kind = "multipart/form-data; boundary=edge";
        let reply = api.raw(reqwest::Method::POST, &format!("{path}{query}"), kind, body).await?;
        ensure!(reply.status == 200, "{reply:?}");
        Ok(["lines", "new", "known", "rejectedCount"].map(|name| number(&reply.body, &format!("/{name}"))))
    };
    let expected = [LINES + 1, LINES - 1_000, 1_000, 1];
    ensure!(send("?dryRun=true").await? == expected);
    let stop = Arc::new(AtomicBool::new(false));
    let people = tokio::spawn(people_go_on(api.clone(), Arc::clone(&machine), Arc::clone(&stop)));
    let began = Instant::now();
    let taken = send("").await?;
    let took = began.elapsed();
    stop.store(true, Ordering::Relaxed);
    let latencies = people.await??;
    ensure!(taken == expected, "{taken:?}");
    let slowest = latencies.iter().max().context("people punched meanwhile")?;
    println!(
        "{LINES} lines in {took:.1?}; {} live punches, the slowest seen after {slowest:.0?}",
        latencies.len()
    );
    ensure!(latencies.len() > 3 && *slowest < Duration::from_secs(2), "{latencies:?}");
    ensure!(api.total(&format!("/api/punches?sn={SN}")).await? == LINES as u64 + latencies.len() as u64);
    ensure!(send("").await? == [LINES + 1, 0, LINES, 1], "once more, nothing is new");
    Ok(())
}
