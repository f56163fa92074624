//! A list and a machine: what is sent, and what the machine's answers make of the list.

use std::collections::BTreeMap;

use rollcall_protocol::Dialect;
use rollcall_protocol::order::{Pin as WirePin, Template, TemplateKind};

use super::*;
use crate::Site;
use crate::audit::Actor;
use crate::clock::ClockHandle;
use crate::commands::{Leases, Settled, commands_hand_out, commands_settle};
use crate::directory::{EmployeeChange, NewEmployee, employee_add, employee_change};
use crate::enrolments::{SeenPerson, people_seen, templates_keep};
use crate::jobs::{JobState, job_get};
use crate::machines::tests::a_machine;
use crate::machines::{Report, Reported, machine_report};
use crate::site::tests::scratch_with_clock;

const SN: &str = "M1";

fn sn() -> Sn {
    Sn::new(SN).unwrap()
}

fn id(text: &str) -> EmployeeId {
    EmployeeId::new(text).unwrap()
}

/// A site with one machine that has said it holds nobody.
struct Stage {
    site: Site,
    clock: ClockHandle,
    machine: Machine,
    /// What the machine holds: by number, the whole line it was told.
    there: BTreeMap<String, String>,
    /// How many polls took something.
    polls: usize,
    _folder: tempfile::TempDir,
}

impl Stage {
    async fn new(options: &[(&str, &str)]) -> Self {
        let (site, clock, folder) = scratch_with_clock();
        let machine = a_machine(&site, SN).await;
        let said = Report {
            dialect: Some(Dialect::Attendance),
            protocol_version: Some("2.4.1".to_owned()),
            options: options.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            reported: Reported { people: Some(0), ..Reported::default() },
            ..Report::default()
        };
        let row = machine.id;
        site.write(move |tx| machine_report(tx, row, &said)).await.unwrap();
        Self { site, clock, machine, there: BTreeMap::new(), polls: 0, _folder: folder }
    }

    async fn hire(&self, who: &str, name: &str) {
        let new = NewEmployee { id: Some(who.to_owned()), name: name.to_owned(), ..NewEmployee::default() };
        self.site.write(move |tx| employee_add(tx, &Actor::console(), new)).await.unwrap();
    }

    async fn add(&self, who: &str, pin: &str) {
        let entry = NewEntry {
            employee_id: who.to_owned(),
            pin: Some(pin.to_owned()),
            role: Role::User,
            enabled: true,
            source: EntrySource::Manual,
        };
        let added =
            self.site.write(move |tx| roster_add(tx, &Actor::console(), &sn(), vec![entry])).await.unwrap();
        assert_eq!(added.rejected, []);
    }

    async fn change(&self, who: &str, change: EntryChange) {
        let who = id(who);
        self.site.write(move |tx| roster_change(tx, &Actor::console(), &sn(), &who, change)).await.unwrap();
    }

    async fn enable(&self, who: &str, enabled: bool) {
        self.change(who, EntryChange { enabled: Some(enabled), ..EntryChange::default() }).await;
    }

    async fn remove(&self, who: &str) -> Removed {
        let who = id(who);
        self.site.write(move |tx| roster_remove(tx, &Actor::console(), &sn(), &who)).await.unwrap()
    }

    async fn sync(&self, full: bool) -> crate::jobs::JobId {
        let sync = Sync { full, people: None };
        self.site.write(move |tx| roster_sync(tx, &Actor::console(), &sn(), &sync)).await.unwrap()
    }

    /// One poll; the commands with their numbers.
    async fn poll(&mut self) -> Vec<(i64, String)> {
        let machine = self.machine.id;
        let handed = self
            .site
            .write(move |tx| commands_hand_out(tx, machine, Dialect::Attendance, Leases::default()))
            .await
            .unwrap();
        let text = String::from_utf8(handed.lines).unwrap();
        let commands: Vec<_> = text
            .lines()
            .map(|line| {
                let mut parts = line.splitn(3, ':').skip(1);
                (parts.next().unwrap().parse().unwrap(), parts.next().unwrap().to_owned())
            })
            .collect();
        self.polls += usize::from(!commands.is_empty());
        commands
    }

    async fn answer(&self, number: i64, code: i64, reason: Option<&str>) {
        let machine = self.machine.id;
        let settled = Settled {
            id: number,
            code: Some(code),
            ok: code >= 0,
            reason: reason.map(str::to_owned),
            ..Settled::default()
        };
        self.site
            .write(move |tx| {
                commands_settle(tx, machine, &[settled])?;
                syncs_follow(tx, machine)
            })
            .await
            .unwrap();
    }

    /// Does what it is told, as a machine does.
    fn carry_out(&mut self, command: &str) -> i64 {
        let pin = command.split("PIN=").nth(1).and_then(|rest| rest.split('\t').next()).unwrap_or_default();
        if command.starts_with("DATA UPDATE USERINFO") {
            self.there.insert(pin.to_owned(), command.to_owned());
        } else if command.starts_with("DATA DELETE USERINFO") {
            self.there.remove(pin);
        } else if command.starts_with("DATA UPDATE FINGERTMP") {
            let Some(person) = self.there.get_mut(pin) else { return -10 };
            person.push_str("\tfinger");
        }
        0
    }

    /// Polls and does everything until there is nothing more.
    async fn run(&mut self) {
        loop {
            let commands = self.poll().await;
            if commands.is_empty() {
                return;
            }
            for (number, command) in commands {
                let code = self.carry_out(&command);
                self.answer(number, code, None).await;
            }
        }
    }

    async fn states(&self) -> Vec<String> {
        let page = Page { limit: 1000, cursor: None };
        let list = self
            .site
            .read(move |conn| roster_list(conn, &sn(), &RosterFilter::default(), &page))
            .await
            .unwrap();
        let mut states: Vec<_> = list
            .items
            .iter()
            .map(|entry| {
                let failure = entry.failure.as_ref().map(|(code, _)| format!(" {code}")).unwrap_or_default();
                format!("{} {}{failure}", entry.employee_id, entry.state.name())
            })
            .collect();
        states.sort();
        states
    }
}

#[tokio::test]
async fn roster_3_5_people_are_sent_confirmed_and_only_once() {
    let mut stage = Stage::new(&[]).await;
    for n in 1..=120 {
        stage.hire(&format!("e{n:03}"), &format!("员工{n}")).await;
        stage.add(&format!("e{n:03}"), &n.to_string()).await;
    }
    assert!(stage.poll().await.is_empty(), "nothing goes before somebody says so");
    let job = stage.sync(false).await;
    let first = stage.poll().await;
    assert_eq!(first.len(), 50, "as much as an answer carries");
    assert!(stage.states().await.iter().filter(|state| state.ends_with("sent")).count() == 50);
    for (number, command) in first {
        let code = stage.carry_out(&command);
        stage.answer(number, code, None).await;
    }
    stage.run().await;
    assert_eq!(stage.polls, 3);
    assert_eq!(stage.there.len(), 120);
    assert!(stage.states().await.iter().all(|state| state.ends_with("synced")));
    let done = stage.site.read(move |conn| job_get(conn, job)).await.unwrap().unwrap();
    assert_eq!((done.state, done.done, done.total), (JobState::Done, 120, 120));
    assert_eq!(done.result, Some(serde_json::json!({ "synced": 120, "failed": 0 })));
    stage.sync(false).await;
    assert!(stage.poll().await.is_empty(), "what is there as wanted is not sent again");
}

#[tokio::test]
async fn roster_3_5_a_change_is_sent_at_the_next_sync_and_a_full_one_sends_everything() {
    let mut stage = Stage::new(&[]).await;
    stage.hire("e1", "张三").await;
    stage.hire("e2", "李四").await;
    stage.add("e1", "1").await;
    stage.add("e2", "2").await;
    stage.sync(false).await;
    stage.run().await;
    stage.change("e1", EntryChange { role: Some(Role::Administrator), ..EntryChange::default() }).await;
    let named = EmployeeChange { name: Some("李四光".to_owned()), ..EmployeeChange::default() };
    stage.site.write(move |tx| employee_change(tx, &Actor::console(), &id("e2"), named)).await.unwrap();
    assert_eq!(stage.states().await, ["e1 waiting", "e2 waiting"]);
    assert!(stage.poll().await.is_empty());
    stage.sync(false).await;
    stage.run().await;
    assert!(stage.there["1"].contains("Pri=14") && stage.there["2"].contains("Name=李四光"));
    stage.there.clear();
    stage.sync(true).await;
    stage.run().await;
    assert_eq!(stage.there.len(), 2, "a machine that was wiped has everybody again");
    assert_eq!(stage.states().await, ["e1 synced", "e2 synced"]);
}

#[tokio::test]
async fn roster_3_6_an_entry_goes_when_the_machine_confirms_and_at_once_if_it_never_had_them() {
    let mut stage = Stage::new(&[]).await;
    stage.hire("e1", "张三").await;
    stage.hire("e2", "李四").await;
    stage.add("e1", "1").await;
    assert_eq!(stage.remove("e1").await, Removed::Gone);
    stage.add("e1", "1").await;
    stage.sync(false).await;
    stage.run().await;
    assert_eq!(stage.remove("e1").await, Removed::Removing);
    assert_eq!(stage.states().await, ["e1 removing"]);
    // 3.7: the number may be given to another, whose commands follow the removal.
    stage.add("e2", "01").await;
    stage.sync(false).await;
    let commands = stage.poll().await;
    assert_eq!(commands.len(), 1, "{commands:?}");
    assert!(commands[0].1.starts_with("DATA DELETE USERINFO PIN=1"));
    let owner = |stage: &Stage| {
        let machine = stage.machine.id;
        let site = stage.site.clone();
        async move { site.read(move |conn| spans::open_owner(conn, machine, 1)).await.unwrap() }
    };
    assert_eq!(owner(&stage).await, Some(id("e1")), "the machine still has them");
    let (number, command) = commands[0].clone();
    stage.carry_out(&command);
    stage.answer(number, 0, None).await;
    assert_eq!(owner(&stage).await, Some(id("e2")));
    stage.run().await;
    assert!(stage.there["1"].contains("Name=李四"));
    assert_eq!(stage.states().await, ["e2 synced"]);
}

#[tokio::test]
async fn roster_3_2_another_number_takes_the_old_one_off_the_machine() {
    let mut stage = Stage::new(&[]).await;
    stage.hire("e1", "张三").await;
    stage.add("e1", "1").await;
    stage.sync(false).await;
    stage.run().await;
    stage.change("e1", EntryChange { pin: Some(Some("7".to_owned())), ..EntryChange::default() }).await;
    stage.sync(false).await;
    stage.run().await;
    assert_eq!(stage.there.keys().collect::<Vec<_>>(), ["7"]);
    assert_eq!(stage.states().await, ["e1 synced"]);
}

fn finger(pin: &str) -> Template {
    Template {
        pin: WirePin::new(pin).unwrap(),
        kind: TemplateKind::Fingerprint,
        no: 6,
        index: 0,
        valid: 1,
        duress: 0,
        version: None,
        format: 0,
        data: b"finger".to_vec(),
    }
}

#[tokio::test]
async fn roster_3_4_somebody_disabled_is_kept_taken_off_and_brought_back() {
    let mut stage = Stage::new(&[]).await;
    stage.hire("e1", "张三").await;
    stage.add("e1", "1").await;
    stage.sync(false).await;
    stage.run().await;
    stage.enable("e1", false).await;
    stage.sync(false).await;
    let commands = stage.poll().await;
    let words: Vec<_> = commands.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(words, ["DATA QUERY USERINFO PIN=1"], "a step at a time");
    stage.clock.advance(chrono::TimeDelta::seconds(1));
    stage.answer(commands[0].0, 1, None).await;
    let commands = stage.poll().await;
    assert_eq!(commands[0].1, "DATA QUERY FINGERTMP PIN=1");
    stage.answer(commands[0].0, 1, None).await;
    assert!(
        stage.poll().await.is_empty(),
        "what the machine counted has not arrived yet: nothing is deleted"
    );
    let machine = stage.machine.id;
    let described = SeenPerson { pin: "1".into(), card: Some("1234".into()), ..SeenPerson::default() };
    stage
        .site
        .write(move |tx| {
            people_seen(tx, machine, &[described])?;
            templates_keep(tx, machine, &[finger("1")])
        })
        .await
        .unwrap();
    stage.run().await;
    assert!(stage.there.is_empty());
    assert_eq!(stage.states().await, ["e1 synced"]);
    stage.clock.advance(chrono::TimeDelta::days(20));
    stage.enable("e1", true).await;
    stage.sync(false).await;
    stage.run().await;
    let back = &stage.there["1"];
    assert!(back.contains("Card=1234") && back.ends_with("finger"), "{back}");
}

#[tokio::test]
async fn roster_3_4_a_machine_with_validity_dates_bars_by_them() {
    let mut stage = Stage::new(&[("UserValidTimeFun", "1")]).await;
    stage.hire("e1", "张三").await;
    stage.add("e1", "1").await;
    stage.sync(false).await;
    stage.run().await;
    stage.enable("e1", false).await;
    stage.sync(false).await;
    stage.run().await;
    assert!(stage.there["1"].contains("EndDatetime=2000-01-01T00:00:01"), "{:?}", stage.there);
    assert_eq!(stage.states().await, ["e1 synced"]);
    stage.enable("e1", true).await;
    stage.sync(false).await;
    stage.run().await;
    assert!(stage.there["1"].contains("EndDatetime=2037"));
}

#[tokio::test]
async fn roster_3_4_what_cannot_be_kept_is_not_deleted() {
    let mut stage = Stage::new(&[]).await;
    let said = Report { protocol_version: Some("1.0".to_owned()), ..Report::default() };
    let machine = stage.machine.id;
    stage.site.write(move |tx| machine_report(tx, machine, &said)).await.unwrap();
    stage.hire("e1", "张三").await;
    stage.add("e1", "1").await;
    stage.sync(false).await;
    for (number, command) in stage.poll().await {
        assert!(command.starts_with("DATA USER PIN=1"));
        stage.answer(number, 0, None).await;
    }
    stage.enable("e1", false).await;
    stage.sync(false).await;
    assert!(stage.poll().await.is_empty());
    assert_eq!(stage.states().await, ["e1 failed roster.cannot_disable"]);
}

#[tokio::test]
async fn roster_3_5_a_refusal_says_why_and_is_tried_again_when_asked() {
    let mut stage = Stage::new(&[]).await;
    stage.hire("e1", "张三").await;
    stage.add("e1", "1").await;
    let job = stage.sync(false).await;
    let commands = stage.poll().await;
    stage.answer(commands[0].0, -1001, Some("machine.no_space")).await;
    assert_eq!(stage.states().await, ["e1 failed machine.no_space"]);
    let done = stage.site.read(move |conn| job_get(conn, job)).await.unwrap().unwrap();
    assert_eq!(done.result, Some(serde_json::json!({ "synced": 0, "failed": 1 })));
    let log = stage.site.read(move |conn| crate::jobs::job_log_list(conn, job)).await.unwrap();
    let refused = log.iter().find(|line| line.code == "machine.no_space").unwrap();
    assert_eq!((&refused.detail["employeeId"], &refused.detail["name"]), (&"e1".into(), &"张三".into()));
    assert!(stage.poll().await.is_empty(), "not by itself");
    stage.sync(false).await;
    stage.run().await;
    assert_eq!(stage.states().await, ["e1 synced"]);
}

#[tokio::test]
async fn roster_3_5_a_machine_that_never_answers_is_given_up_and_the_truth_may_come_late() {
    let mut stage = Stage::new(&[]).await;
    stage.hire("e1", "张三").await;
    stage.add("e1", "1").await;
    stage.sync(false).await;
    let mut number = 0;
    for _ in 0..crate::commands::MOST_TRIES {
        number = stage.poll().await[0].0;
        stage.clock.advance(chrono::TimeDelta::seconds(91));
    }
    assert!(stage.poll().await.is_empty());
    assert_eq!(stage.states().await, ["e1 failed command.no_answer"]);
    stage.answer(number, 0, None).await;
    assert_eq!(stage.states().await, ["e1 synced"]);
    // Whoever may be there is deleted there.
    assert_eq!(stage.remove("e1").await, Removed::Removing);
}

#[tokio::test]
async fn roster_3_5_a_machine_wiped_in_the_middle_gets_everybody_all_the_same() {
    let mut stage = Stage::new(&[]).await;
    for n in 1..=120 {
        stage.hire(&format!("e{n:03}"), &format!("员工{n}")).await;
        stage.add(&format!("e{n:03}"), &n.to_string()).await;
    }
    let job = stage.sync(false).await;
    for (number, command) in stage.poll().await {
        let code = stage.carry_out(&command);
        stage.answer(number, code, None).await;
    }
    stage.there.clear();
    stage.clock.advance(chrono::TimeDelta::seconds(5));
    let machine = stage.machine.id;
    let now = stage.site.clock().now();
    stage.site.write(move |tx| machine_is_empty(tx, machine, now)).await.unwrap();
    stage.run().await;
    assert_eq!(stage.there.len(), 120);
    assert!(stage.states().await.iter().all(|state| state.ends_with("synced")));
    let done = stage.site.read(move |conn| job_get(conn, job)).await.unwrap().unwrap();
    assert_eq!(done.state, JobState::Done);
    // Later, when nobody is sending: the machine is let alone until somebody says so (U6).
    stage.there.clear();
    stage.clock.advance(chrono::TimeDelta::minutes(5));
    let now = stage.site.clock().now();
    stage.site.write(move |tx| machine_is_empty(tx, machine, now)).await.unwrap();
    assert!(stage.states().await.iter().all(|state| state.ends_with("synced")), "it says so all the time");
    stage.clock.advance(chrono::TimeDelta::minutes(5));
    let now = stage.site.clock().now();
    stage.site.write(move |tx| machine_is_empty(tx, machine, now)).await.unwrap();
    assert!(stage.poll().await.is_empty());
    assert!(stage.states().await.iter().all(|state| state.ends_with("waiting")));
}

#[tokio::test]
async fn roster_3_8_what_a_machine_holds_is_read_before_it_is_written_over() {
    let mut stage = Stage::new(&[]).await;
    let said = Report { reported: Reported { people: Some(3), ..Reported::default() }, ..Report::default() };
    let machine = stage.machine.id;
    stage.site.write(move |tx| machine_report(tx, machine, &said)).await.unwrap();
    stage.hire("e1", "张三").await;
    stage.add("e1", "1").await;
    stage.sync(false).await;
    let commands = stage.poll().await;
    assert_eq!(commands[0].1, "DATA QUERY USERINFO");
    let described = SeenPerson { pin: "1".into(), card: Some("77".into()), ..SeenPerson::default() };
    stage.site.write(move |tx| people_seen(tx, machine, &[described])).await.unwrap();
    stage.answer(commands[0].0, 3, None).await;
    stage.run().await;
    assert!(stage.there["1"].contains("Card=77"), "a card enrolled there stays: {}", stage.there["1"]);
}

#[tokio::test]
async fn roster_3_3_administrators_come_first_and_whoever_goes_before_them() {
    let mut stage = Stage::new(&[]).await;
    for who in ["e1", "e2", "e3"] {
        stage.hire(who, who).await;
    }
    stage.add("e3", "3").await;
    stage.sync(false).await;
    stage.run().await;
    stage.add("e1", "1").await;
    stage.add("e2", "2").await;
    stage.change("e2", EntryChange { role: Some(Role::Administrator), ..EntryChange::default() }).await;
    assert_eq!(stage.remove("e3").await, Removed::Removing);
    stage.sync(false).await;
    let commands = stage.poll().await;
    let begun: Vec<_> = commands.iter().filter_map(|(_, words)| words.split('\t').next()).collect();
    assert_eq!(
        begun,
        ["DATA DELETE USERINFO PIN=3", "DATA UPDATE USERINFO PIN=2", "DATA UPDATE USERINFO PIN=1"]
    );
}

#[tokio::test]
async fn roster_3_8_a_second_reading_begins_anew() {
    let mut stage = Stage::new(&[]).await;
    let machine = stage.machine.id;
    let progress = async |stage: &Stage, job| {
        stage.site.write(move |tx| read_back::readings_follow(tx, machine)).await.unwrap();
        let job = stage.site.read(move |conn| job_get(conn, job)).await.unwrap().unwrap();
        (job.state, job.done, job.total)
    };
    for _ in 0..2 {
        let job = stage.site.write(|tx| read_back::read_back(tx, &Actor::console(), &sn())).await.unwrap();
        let (state, done, total) = progress(&stage, job).await;
        assert_eq!((state, done), (JobState::Waiting, 0), "nothing of before counts");
        stage.run().await;
        assert_eq!(progress(&stage, job).await, (JobState::Done, total, total));
    }
}
