//! Rules against a real database: what the worker does, without its timers.

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};

use super::scope::tests::targets;
use super::*;
use crate::clock::ClockHandle;
use crate::directory::{EmployeeChange, NewEmployee, employee_add, employee_change};
use crate::jobs::{
    Job, JobState, job_cancel, job_confirm, job_get, job_log_list, jobs_begin, jobs_open_of, jobs_take,
};
use crate::machines::{NewMachine, machine_add, machine_delete};
use crate::numbers::{Mapping, mapping_set};
use crate::page::Page;
use crate::roster::{
    DisabledBy, Entry, EntryChange, EntrySource, NewEntry, Role, roster_add, roster_change, roster_list,
    roster_remove,
};
use crate::site::tests::scratch_with_clock;
use crate::{Site, SiteOptions};

const LEASE: std::time::Duration = std::time::Duration::from_secs(300);
const HALL: &str = "CQZ7000000001";
const GATE: &str = "CQZ7000000002";

fn sn(text: &str) -> Sn {
    Sn::new(text).unwrap()
}

fn id(text: &str) -> EmployeeId {
    EmployeeId::new(text).unwrap()
}

fn console() -> Actor {
    Actor::console()
}

struct World {
    site: Site,
    clock: ClockHandle,
    folder: tempfile::TempDir,
}

/// Two machines in Shanghai. 生产部 holds 一车间, 办公室 stands beside it, in the branch 总部; 9:00 on 6 July.
async fn world() -> World {
    let (site, clock, folder) = scratch_with_clock();
    site.write(|tx| {
        for (serial, name) in [(HALL, "大厅"), (GATE, "大门")] {
            let time_zone = Some(Tz::Asia__Shanghai);
            machine_add(
                tx,
                &console(),
                NewMachine { sn: sn(serial), name: name.into(), model: None, time_zone },
            )?;
        }
        tx.execute_batch(
            "INSERT INTO branches (id, name, parent_id, created_at) VALUES ('hq', '总部', NULL, 0);
             INSERT INTO departments (id, name, parent_id, branch_id, created_at) VALUES
               ('made', '生产部', NULL, 'hq', 0), ('shop', '一车间', 'made', NULL, 0),
               ('desk', '办公室', NULL, NULL, 0), ('secret', '保密组', 'made', NULL, 0);",
        )?;
        Ok::<_, MachineError>(())
    })
    .await
    .unwrap();
    World { site, clock, folder }
}

impl World {
    async fn person(&self, employee: &str, department: Option<&str>) {
        let (employee, department) = (employee.to_owned(), department.map(str::to_owned));
        self.site
            .write(move |tx| {
                let fields = [("employeeNumber".to_owned(), employee.trim_start_matches('p').to_owned())];
                let new = NewEmployee {
                    id: Some(employee.clone()),
                    name: format!("<{employee}>"),
                    fields: fields.into(),
                    ..NewEmployee::default()
                };
                employee_add(tx, &console(), new)?;
                tx.execute(
                    "UPDATE employees SET department_id = ?2 WHERE id = ?1",
                    (&employee, &department),
                )?;
                Ok::<_, crate::directory::DirectoryError>(())
            })
            .await
            .unwrap();
    }

    async fn people(&self, count: usize, department: &str) {
        for number in 1..=count {
            self.person(&format!("p{number:02}"), Some(department)).await;
        }
    }

    async fn move_to(&self, employee: &'static str, department: Option<&'static str>) {
        self.site
            .write(move |tx| {
                tx.execute("UPDATE employees SET department_id = ?2 WHERE id = ?1", (employee, department))?;
                person_moved(tx, &id(employee))
            })
            .await
            .unwrap();
    }

    async fn by_hand(&self, machine: &'static str, ids: &[&str]) {
        let entries = ids
            .iter()
            .map(|id| NewEntry {
                employee_id: (*id).to_owned(),
                pin: None,
                role: Role::User,
                enabled: true,
                source: EntrySource::Manual,
            })
            .collect();
        let added =
            self.site.write(move |tx| roster_add(tx, &console(), &sn(machine), entries)).await.unwrap();
        assert_eq!(added.rejected, []);
    }

    async fn enable(&self, employee: &'static str, enabled: bool) {
        let change = EntryChange { enabled: Some(enabled), ..EntryChange::default() };
        self.site
            .write(move |tx| roster_change(tx, &console(), &sn(HALL), &id(employee), change))
            .await
            .unwrap();
    }

    async fn save(&self, machine: &'static str, rule: Rule) -> Option<JobId> {
        self.site.write(move |tx| rule_set(tx, &console(), &sn(machine), &rule)).await.unwrap()
    }

    /// What the worker does when it is woken. The jobs it did, in their order.
    async fn work(&self) -> Vec<Job> {
        let now = self.site.clock().now();
        let due = self.site.read(move |conn| nights_due(conn, now)).await.unwrap();
        self.site.write(move |tx| nights_begin(tx, &due.machines)).await.unwrap();
        let (mut done, mut kept) = (Vec::new(), None);
        loop {
            while let Some(moved) = self.site.read(move |conn| moves_look(conn, now)).await.unwrap() {
                self.site.write(move |tx| moves_note(tx, &moved)).await.unwrap();
            }
            let job = self.site.write(|tx| jobs_take(tx, &["dispatchRun"], LEASE)).await.unwrap();
            let Some(job) = job else { return done };
            let wanted = job.clone();
            let (parts, back) = self
                .site
                .read(move |conn| {
                    let parts = run_prepare(conn, &wanted, now, &mut kept)?;
                    Ok::<_, db::Error>((parts, kept))
                })
                .await
                .unwrap();
            kept = back;
            for part in parts {
                if !self.site.write(move |tx| run_do(tx, job.id, &part)).await.unwrap().goes_on {
                    break;
                }
            }
            done.push(self.job(job.id).await);
        }
    }

    async fn job(&self, id: JobId) -> Job {
        self.site.read(move |conn| job_get(conn, id)).await.unwrap().unwrap()
    }

    async fn list(&self, machine: &'static str) -> Vec<Entry> {
        let page = Page { limit: 1000, cursor: None };
        self.site.read(move |conn| roster_list(conn, &sn(machine), &page)).await.unwrap().items
    }

    /// Who is on the list of the hall: `p1`, `-p2` disabled by hand, `~p3` disabled by the rule.
    async fn hall(&self) -> String {
        let shown = |entry: &Entry| {
            let mark = match entry.disabled_by {
                None => "",
                Some(DisabledBy::Hand) => "-",
                Some(DisabledBy::Rule) => "~",
            };
            format!("{mark}{}", entry.employee_id)
        };
        self.list(HALL).await.iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    async fn log(&self, id: JobId) -> Vec<(String, Value)> {
        let lines = self.site.read(move |conn| job_log_list(conn, id)).await.unwrap();
        lines.into_iter().map(|line| (line.code, line.detail)).collect()
    }

    /// Two in the morning of a day of July, where the machines hang.
    fn night(&self, day: u32) {
        let midnight = NaiveDate::from_ymd_opt(2026, 7, day).unwrap().and_hms_opt(2, 0, 0).unwrap();
        self.clock.set(midnight.and_utc() - TimeDelta::hours(8));
    }

    async fn preview(&self, rule: Option<Rule>) -> Preview {
        let now = self.site.clock().now();
        self.site.read(move |conn| rule_preview(conn, &sn(HALL), rule, now)).await.unwrap()
    }
}

fn rule(include: &[&str], exclude: &[&str], out_of_scope: OutOfScope) -> Rule {
    let (include, exclude) = (targets(include), targets(exclude));
    Rule { enabled: true, include, exclude, out_of_scope, ..Rule::default() }
}

fn on(include: &[&str]) -> Rule {
    rule(include, &[], OutOfScope::Keep)
}

#[tokio::test]
async fn dispatch_4_1_a_rule_is_off_by_default_and_does_nothing() {
    let world = world().await;
    world.person("p1", Some("made")).await;
    let now = world.site.clock().now();
    let shown = world.site.read(move |conn| rule_get(conn, &sn(HALL), now)).await.unwrap();
    assert_eq!(shown.rule, Rule::default());
    assert!(!shown.rule.enabled && shown.rule.out_of_scope == OutOfScope::Keep);
    assert_eq!(shown.rule.run_at.to_string(), "02:00");
    assert_eq!((shown.last_run, shown.next_run_at), (None, None));
    let off = Rule { enabled: false, ..rule(&["department:made"], &[], OutOfScope::Delete) };
    assert_eq!(world.save(HALL, off).await, None);
    world.night(7);
    assert_eq!(world.work().await, []);
    assert_eq!(world.hall().await, "");
    let refused = world.site.write(|tx| rule_run(tx, &console(), &sn(HALL), true)).await.unwrap_err();
    assert_eq!(refused.code(), "dispatch.off");
}

#[tokio::test]
async fn dispatch_4_1_targets_must_be_there_when_they_are_named_and_name_nobody_when_they_are_gone() {
    let world = world().await;
    world.person("p1", Some("desk")).await;
    for (include, exclude, place) in [
        (&["department:made", "branch:gone"][..], &[][..], (false, 1)),
        (&[][..], &["employee:nobody"][..], (true, 0)),
    ] {
        let rule = rule(include, exclude, OutOfScope::Keep);
        let refused =
            world.site.write(move |tx| rule_set(tx, &console(), &sn(HALL), &rule)).await.unwrap_err();
        assert_eq!(refused.code(), "dispatch.target_unknown");
        let DispatchError::TargetUnknown { excluded, index, .. } = refused else { panic!("{refused}") };
        assert_eq!((excluded, index), place);
    }
    world.save(HALL, on(&["department:desk", "employee:p1"])).await;
    world
        .site
        .write(|tx| {
            tx.execute("UPDATE employees SET department_id = NULL", [])?;
            Ok::<_, db::Error>(tx.execute("DELETE FROM departments WHERE id = 'desk'", [])?)
        })
        .await
        .unwrap();
    let now = world.site.clock().now();
    let shown = world.site.read(move |conn| rule_get(conn, &sn(HALL), now)).await.unwrap();
    assert_eq!(shown.include_names, [None, Some("<p1>".to_owned())]);
    // What is gone may stay when something else is changed.
    world.save(HALL, on(&["department:desk", "employee:p1", "branch:hq"])).await;
    world.work().await;
    assert_eq!(world.hall().await, "p1");
}

#[tokio::test]
async fn dispatch_4_2_people_in_scope_are_added_at_once_when_the_rule_is_saved() {
    let world = world().await;
    for (person, department) in [("p1", "made"), ("p2", "shop"), ("p3", "desk"), ("p4", "secret")] {
        world.person(person, Some(department)).await;
    }
    let job = world.save(HALL, rule(&["department:made"], &["department:secret"], OutOfScope::Keep)).await;
    let done = world.work().await;
    assert_eq!(done.iter().map(|job| job.id).collect::<Vec<_>>(), [job.unwrap()]);
    assert_eq!((done[0].state, done[0].done, done[0].total), (JobState::Done, 2, 2));
    assert_eq!(world.hall().await, "p1 p2");
    assert!(
        world.list(HALL).await.iter().all(|entry| entry.source == EntrySource::Rule && entry.pin.is_none())
    );
    assert_eq!(world.list(GATE).await, [], "each machine has its own rule");
}

#[tokio::test]
async fn dispatch_4_2_people_in_scope_are_added_at_once_when_the_directory_changes() {
    let world = world().await;
    world.person("p1", Some("desk")).await;
    world.save(HALL, on(&["department:made"])).await;
    world.save(GATE, on(&["department:desk"])).await;
    world.work().await;
    assert_eq!(world.hall().await, "");
    world.person("p2", Some("shop")).await;
    world.move_to("p1", Some("made")).await;
    let done = world.work().await;
    assert_eq!(done.len(), 1, "only the rule concerned ran");
    assert_eq!(done[0].result.as_ref().unwrap()["trigger"], "directory");
    assert_eq!(world.hall().await, "p1 p2");
    assert_eq!(world.list(GATE).await.len(), 1, "nobody is removed before the night, nor here at all");
    // A department that moves takes its people along.
    world.person("p3", Some("desk")).await;
    world.work().await;
    world
        .site
        .write(|tx| {
            tx.execute("UPDATE departments SET parent_id = 'made', branch_id = NULL WHERE id = 'desk'", [])?;
            department_moved(tx, "desk")
        })
        .await
        .unwrap();
    world.work().await;
    assert_eq!(world.hall().await, "p1 p2 p3");
    assert_eq!(world.work().await, []);
}

#[tokio::test]
async fn dispatch_4_2_a_branch_that_moves_takes_its_departments_along() {
    let world = world().await;
    world.person("p1", Some("shop")).await;
    world
        .site
        .write(|tx| {
            let sql =
                "INSERT INTO branches (id, name, parent_id, created_at) VALUES ('all', '集团', NULL, 0)";
            Ok::<_, db::Error>(tx.execute(sql, [])?)
        })
        .await
        .unwrap();
    world.save(HALL, on(&["branch:all"])).await;
    world.work().await;
    assert_eq!(world.hall().await, "");
    world
        .site
        .write(|tx| {
            tx.execute("UPDATE branches SET parent_id = 'all' WHERE id = 'hq'", [])?;
            branch_moved(tx, "hq")
        })
        .await
        .unwrap();
    world.work().await;
    assert_eq!(world.hall().await, "p1");
}

#[tokio::test]
async fn dispatch_4_2_whoever_moves_while_the_rules_are_looked_at_is_looked_at_again() {
    let world = world().await;
    world.person("p1", Some("desk")).await;
    world.save(HALL, on(&["department:made"])).await;
    world.work().await;
    world.move_to("p1", Some("desk")).await;
    let now = world.site.clock().now();
    let moved = world.site.read(move |conn| moves_look(conn, now)).await.unwrap().unwrap();
    assert_eq!((moved.people, moved.touched.len()), (1, 0));
    world.move_to("p1", Some("made")).await;
    world.site.write(move |tx| moves_note(tx, &moved)).await.unwrap();
    world.work().await;
    assert_eq!(world.hall().await, "p1");
}

#[tokio::test]
async fn dispatch_4_2_somebody_removed_by_hand_who_is_in_scope_comes_back_unless_excluded() {
    let world = world().await;
    world.person("p1", Some("made")).await;
    world.save(HALL, on(&["department:made"])).await;
    world.work().await;
    let remove = || world.site.write(|tx| roster_remove(tx, &console(), &sn(HALL), &id("p1")));
    remove().await.unwrap();
    let now = world.site.clock().now();
    let explain =
        async || world.site.read(move |conn| rule_explain(conn, &sn(HALL), &id("p1"), now)).await.unwrap();
    let before = explain().await;
    assert_eq!((before.standing, before.by.included), (Standing::In, vec!["生产部".to_owned()]));
    world.save(HALL, on(&["department:made"])).await;
    world.work().await;
    assert_eq!(world.hall().await, "p1");
    remove().await.unwrap();
    world.save(HALL, rule(&["department:made"], &["employee:p1"], OutOfScope::Keep)).await;
    world.work().await;
    assert_eq!(world.hall().await, "");
    let after = explain().await;
    assert_eq!((after.standing, after.by.excluded), (Standing::Excluded, vec!["<p1>".to_owned()]));
}

#[tokio::test]
async fn dispatch_4_3_every_night_those_out_of_scope_are_deleted_hand_added_ones_too() {
    let world = world().await;
    for (person, department) in [("p1", "made"), ("p2", "made"), ("p3", "desk")] {
        world.person(person, Some(department)).await;
    }
    world.by_hand(HALL, &["p3"]).await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Delete)).await;
    world.work().await;
    assert_eq!(world.hall().await, "p1 p2 p3", "nothing is taken away by saving");
    let now = world.site.clock().now();
    let shown = world.site.read(move |conn| rule_get(conn, &sn(HALL), now)).await.unwrap();
    assert_eq!(shown.next_run_at.unwrap().to_rfc3339(), "2026-07-06T18:00:00+00:00");
    assert!(shown.last_run.is_some());
    world.move_to("p2", Some("desk")).await;
    assert_eq!(world.work().await, []);
    world.night(7);
    world.clock.advance(TimeDelta::seconds(-1));
    assert_eq!(world.work().await, [], "a second too early");
    world.clock.advance(TimeDelta::seconds(1));
    let done = world.work().await;
    assert_eq!(done[0].result.as_ref().unwrap()["deleted"], 2);
    assert_eq!((done[0].who.as_str(), world.hall().await.as_str()), ("system", "p1"));
    assert_eq!(world.work().await, [], "once a night");
}

#[tokio::test]
async fn dispatch_4_3_every_night_those_out_of_scope_are_disabled_and_come_back() {
    let world = world().await;
    for (person, department) in [("p1", "made"), ("p2", "made"), ("p3", "desk"), ("p4", "made")] {
        world.person(person, Some(department)).await;
    }
    world.by_hand(HALL, &["p3"]).await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Disable)).await;
    world.work().await;
    world.enable("p4", false).await;
    world.move_to("p2", Some("desk")).await;
    world.night(7);
    world.work().await;
    assert_eq!(world.hall().await, "p1 ~p2 ~p3 -p4", "disabled, not deleted");
    world.move_to("p2", Some("made")).await;
    world.work().await;
    assert_eq!(world.hall().await, "p1 p2 ~p3 -p4", "the rule's come back at once, the hand's stay");
    // Somebody disabled by hand who was out of scope in between is still disabled by hand.
    world.move_to("p4", Some("desk")).await;
    world.night(8);
    world.work().await;
    world.move_to("p4", Some("made")).await;
    world.night(9);
    world.work().await;
    assert_eq!(world.hall().await, "p1 p2 ~p3 -p4");
}

#[tokio::test]
async fn dispatch_4_3_whoever_has_left_is_out_of_scope_on_the_day_after() {
    let world = world().await;
    world.person("p1", Some("made")).await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Delete)).await;
    world.work().await;
    let leave =
        EmployeeChange { left_on: Some(NaiveDate::from_ymd_opt(2026, 7, 7)), ..EmployeeChange::default() };
    world.site.write(move |tx| employee_change(tx, &console(), &id("p1"), leave)).await.unwrap();
    world.night(7);
    world.work().await;
    assert_eq!(world.hall().await, "p1");
    world.night(8);
    let done = world.work().await;
    assert_eq!(world.hall().await, "");
    let log = world.log(done[0].id).await;
    let line = log.iter().find(|(code, _)| code == "dispatch.deleted").unwrap();
    assert_eq!(line.1["why"]["code"], "left");
}

#[tokio::test]
async fn dispatch_4_3_a_night_missed_while_the_program_was_off_is_done_at_the_start() {
    let world = world().await;
    world.person("p1", Some("made")).await;
    world.person("p2", Some("desk")).await;
    world.by_hand(HALL, &["p2"]).await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Delete)).await;
    world.work().await;
    world.site.close().await;
    // Three nights later, at one in the morning.
    world.night(9);
    let later = world.site.clock().now() - TimeDelta::hours(1);
    let (clock, handle) = crate::Clock::fixed(later);
    let site = Site::open(SiteOptions { path: world.folder.path().join("rollcall.db"), clock }).unwrap();
    let world = World { site, clock: handle, folder: world.folder };
    assert_eq!(world.work().await.len(), 1, "one run for all the nights");
    assert_eq!(world.hall().await, "p1");
    assert_eq!(world.work().await, []);
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(world.work().await.len(), 1, "and tonight's");
}

#[tokio::test]
async fn dispatch_4_3_the_time_can_be_moved_and_a_rule_that_keeps_has_no_nights() {
    let world = world().await;
    world.person("p1", Some("desk")).await;
    world.by_hand(HALL, &["p1"]).await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Keep)).await;
    world.work().await;
    world.night(7);
    assert_eq!(world.work().await, []);
    assert_eq!(world.hall().await, "p1");
    let at = |text| Rule {
        run_at: RunAt::parse(text).unwrap(),
        ..rule(&["department:made"], &[], OutOfScope::Delete)
    };
    // It is two now: one o'clock has passed, three comes today.
    world.save(HALL, at("01:00")).await;
    world.work().await;
    assert_eq!(world.hall().await, "p1");
    world.save(HALL, at("03:00")).await;
    world.work().await;
    assert_eq!(world.hall().await, "p1");
    world.clock.advance(TimeDelta::hours(1));
    world.work().await;
    assert_eq!(world.hall().await, "");
}

#[tokio::test]
async fn dispatch_4_3_the_page_shows_beforehand_who_would_be_hit_and_why() {
    let world = world().await;
    let people = [("p1", "made"), ("p2", "secret"), ("p3", "desk"), ("p4", "made"), ("p5", "shop")];
    for (person, department) in people {
        world.person(person, Some(department)).await;
    }
    world.by_hand(HALL, &["p2", "p3", "p4"]).await;
    world.enable("p4", false).await;
    let unsaved = rule(&["department:made"], &["department:secret"], OutOfScope::Delete);
    let preview = world.preview(Some(unsaved.clone())).await;
    let names = |rows: &[PreviewRow]| {
        let shown = |row: &PreviewRow| {
            format!(
                "{} {} +{} -{}",
                row.employee_id,
                row.reason.name(),
                row.by.included.join("/"),
                row.by.excluded.join("/")
            )
        };
        rows.iter().map(shown).collect::<Vec<_>>()
    };
    assert_eq!(names(&preview.add), ["p1 inScope +生产部 -", "p5 inScope +生产部 -"]);
    assert_eq!(names(&preview.delete), ["p2 excluded +生产部 -保密组", "p3 outOfScope + -"]);
    assert_eq!(names(&preview.skip), ["p4 disabledByHand +生产部 -"]);
    assert_eq!((preview.counts, preview.hit, preview.entries), ([2, 0, 2, 0, 1], 2, 3));
    assert!(!preview.would_stop(), "two people");
    assert_eq!(world.hall().await, "p2 p3 -p4", "nothing is changed by looking");
    let disabling = world.preview(Some(Rule { out_of_scope: OutOfScope::Disable, ..unsaved.clone() })).await;
    assert_eq!((disabling.delete.len(), disabling.disable.len()), (0, 2));
    let keeping = world.preview(Some(Rule { out_of_scope: OutOfScope::Keep, ..unsaved })).await;
    assert_eq!(names(&keeping.skip).len(), 3);
    assert_eq!(world.preview(None).await.counts, [0, 0, 0, 0, 3], "the saved one names nobody and keeps all");
}

#[tokio::test]
async fn dispatch_4_4_what_it_adds_is_sent_by_itself_if_it_has_a_number() {
    let world = world().await;
    world
        .site
        .write(|tx| {
            let mapping = Mapping { enabled: true, field: Some("employeeNumber".into()) };
            mapping_set(tx, &console(), &sn(HALL), &mapping)
        })
        .await
        .unwrap();
    world.person("p1", Some("made")).await;
    world.person("px", Some("made")).await;
    let job = world.save(HALL, Rule { sync: true, ..on(&["department:made"]) }).await.unwrap();
    world.work().await;
    let log = world.log(job).await;
    let added: Vec<_> =
        log.iter().filter(|(code, _)| code == "dispatch.added").map(|(_, detail)| &detail["pin"]).collect();
    assert_eq!(added, [&json!("1"), &Value::Null], "the mapping has filled in what it could");
    assert_eq!(log.iter().filter(|(code, _)| code == "dispatch.sent").count(), 1);
    // Nobody with a number: nothing is sent.
    world.person("py", Some("made")).await;
    let done = world.work().await;
    assert!(world.log(done[0].id).await.iter().all(|(code, _)| code != "dispatch.sent"));
    // Without the option nothing is, either.
    let job = world.save(GATE, on(&["employee:p1"])).await.unwrap();
    world.work().await;
    assert!(world.log(job).await.iter().all(|(code, _)| code != "dispatch.sent"));
}

#[tokio::test]
async fn dispatch_4_5_brake_a_run_that_takes_too_much_stops_and_waits_for_a_yes() {
    let world = world().await;
    world.people(20, "made").await;
    world.person("new", Some("desk")).await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Delete)).await;
    world.work().await;
    // Seven of twenty, and one more to add.
    let narrow = rule(&["department:desk", "department:shop"], &[], OutOfScope::Delete);
    world
        .site
        .write(|tx| {
            let sql = "UPDATE employees SET department_id = 'shop' WHERE id BETWEEN 'p08' AND 'p20'";
            Ok::<_, db::Error>(tx.execute(sql, [])?)
        })
        .await
        .unwrap();
    assert!(world.preview(Some(narrow.clone())).await.would_stop());
    world.save(HALL, narrow).await;
    world.night(7);
    let done = world.work().await;
    let stopped = done.last().unwrap();
    assert_eq!(
        (done.len(), stopped.state),
        (2, JobState::NeedsConfirmation),
        "one for saving, one for the night"
    );
    let list = world.list(HALL).await;
    assert_eq!(list.len(), 21, "nothing is deleted, additions happen");
    assert_eq!(stopped.result.as_ref().unwrap()["hit"], 7);
    let log = world.log(stopped.id).await;
    assert_eq!(log.iter().filter(|(code, _)| code == "dispatch.held").count(), 7, "it says who");
    let braked = &log.iter().find(|(code, _)| code == "dispatch.braked").unwrap().1;
    assert_eq!(*braked, json!({"hit": 7, "entries": 21, "percent": 30, "people": 5}));
    assert_eq!(world.work().await, [], "it waits");
    let stopped = stopped.id;
    world.site.write(move |tx| job_confirm(tx, &console(), stopped)).await.unwrap();
    let done = world.work().await;
    assert_eq!((done[0].id, done[0].state), (stopped, JobState::Done));
    assert_eq!(done[0].result.as_ref().unwrap()["deleted"], 7);
    assert_eq!(world.list(HALL).await.len(), 14);
}

#[tokio::test]
async fn dispatch_4_5_brake_holds_a_run_by_hand_unless_it_is_confirmed() {
    let world = world().await;
    world.people(10, "made").await;
    world.save(HALL, on(&["department:made"])).await;
    world.work().await;
    world.save(HALL, rule(&["department:desk"], &[], OutOfScope::Disable)).await;
    world.work().await;
    let run = async |confirm| {
        world.site.write(move |tx| rule_run(tx, &console(), &sn(HALL), confirm)).await.unwrap()
    };
    let held = run(false).await;
    assert_eq!(world.work().await[0].state, JobState::NeedsConfirmation);
    assert!(world.list(HALL).await.iter().all(|entry| entry.enabled));
    let confirmed = run(true).await;
    assert_eq!(world.work().await[0].id, confirmed);
    assert!(world.list(HALL).await.iter().all(|entry| entry.disabled_by == Some(DisabledBy::Rule)));
    assert_eq!(world.job(held).await.state, JobState::Cancelled, "what was asked is answered");
    let codes: Vec<_> = world.log(held).await.into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes.last().map(String::as_str), Some("dispatch.superseded"));
}

#[tokio::test]
async fn dispatch_4_5_brake_a_yes_is_for_as_many_as_it_was_asked_for() {
    let world = world().await;
    world.people(20, "made").await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Delete)).await;
    world.work().await;
    let move_away = async |upto: &'static str| {
        let sql = "UPDATE employees SET department_id = 'desk' WHERE id <= ?1";
        world.site.write(move |tx| Ok::<_, db::Error>(tx.execute(sql, [upto])?)).await.unwrap();
    };
    move_away("p07").await;
    world.night(7);
    let held = world.work().await[0].id;
    move_away("p15").await;
    let confirm = async || world.site.write(move |tx| job_confirm(tx, &console(), held)).await;
    confirm().await.unwrap();
    assert_eq!(world.work().await[0].state, JobState::NeedsConfirmation, "fifteen are not seven");
    assert_eq!(world.list(HALL).await.len(), 20);
    assert_eq!(world.job(held).await.result.unwrap()["hit"], 15);
    // Fewer than asked for are fine.
    world.move_to("p15", Some("made")).await;
    confirm().await.unwrap();
    world.work().await;
    assert_eq!(world.list(HALL).await.len(), 6);
    // Another rule asks for itself.
    world.save(HALL, rule(&["department:desk"], &[], OutOfScope::Delete)).await;
    world.work().await;
    world
        .site
        .write(|tx| Ok::<_, db::Error>(tx.execute("UPDATE employees SET department_id = 'shop'", [])?))
        .await
        .unwrap();
    world.night(8);
    let held = world.work().await[0].id;
    assert_eq!(world.job(held).await.state, JobState::NeedsConfirmation);
    world.save(HALL, rule(&["department:secret"], &[], OutOfScope::Delete)).await;
    let gone = world.site.write(move |tx| job_confirm(tx, &console(), held)).await.unwrap_err();
    assert_eq!(gone.code(), "job.nothing_to_confirm");
}

#[tokio::test]
async fn dispatch_4_5_brake_lets_five_people_go_however_short_the_list_is() {
    let world = world().await;
    world.people(5, "made").await;
    world.save(HALL, rule(&["department:made"], &[], OutOfScope::Delete)).await;
    world.work().await;
    world
        .site
        .write(|tx| Ok::<_, db::Error>(tx.execute("UPDATE employees SET department_id = NULL", [])?))
        .await
        .unwrap();
    world.night(7);
    assert_eq!(world.work().await[0].state, JobState::Done);
    assert_eq!(world.hall().await, "");
}

#[tokio::test]
async fn dispatch_4_6_every_run_says_who_was_added_removed_disabled_enabled_skipped_and_why() {
    let world = world().await;
    for (person, department) in [("p1", "made"), ("p2", "secret"), ("p3", "made"), ("p4", "made")] {
        world.person(person, Some(department)).await;
    }
    world.by_hand(HALL, &["p2", "p3", "p4"]).await;
    world.enable("p3", false).await;
    let disable = EntryChange { enabled: Some(false), by: Some(DisabledBy::Rule), ..EntryChange::default() };
    world.site.write(move |tx| roster_change(tx, &console(), &sn(HALL), &id("p4"), disable)).await.unwrap();
    let run = async |option| {
        world.save(HALL, rule(&["department:made"], &["department:secret"], option)).await;
        world.site.write(|tx| rule_run(tx, &console(), &sn(HALL), false)).await.unwrap()
    };
    let job = run(OutOfScope::Disable).await;
    world.work().await;
    // Saving has added p1 and enabled p4 already; the run by hand disables.
    let lines = world.log(job).await;
    let why = |code: &str, included: &[&str], excluded: &[&str]| json!({"code": code, "in": included, "out": excluded});
    let expected = [
        ("dispatch.started", json!({"trigger": "hand", "people": 1})),
        (
            "dispatch.skipped",
            json!({"employeeId": "p3", "name": "<p3>", "why": why("disabledByHand", &["生产部"], &[])}),
        ),
        (
            "dispatch.disabled",
            json!({"employeeId": "p2", "name": "<p2>", "why": why("excluded", &["生产部"], &["保密组"])}),
        ),
        (
            "dispatch.finished",
            json!({"trigger": "hand", "added": 0, "enabled": 0, "deleted": 0, "disabled": 1, "skipped": 1, "refused": 0}),
        ),
    ];
    assert_eq!(lines, expected.map(|(code, detail)| (code.to_owned(), detail)));
    let saved = world.log(JobId(job.0 - 1)).await;
    let codes: Vec<_> = saved.iter().map(|(code, _)| code.as_str()).collect();
    let expected =
        ["dispatch.started", "dispatch.skipped", "dispatch.enabled", "dispatch.added", "dispatch.finished"];
    assert_eq!(codes, expected);
    assert_eq!(
        saved[3].1,
        json!({"employeeId": "p1", "name": "<p1>", "pin": null, "why": why("inScope", &["生产部"], &[])})
    );
    let job = run(OutOfScope::Delete).await;
    let done = world.work().await;
    assert_eq!(
        done.last().unwrap().result,
        Some(json!(
            {"trigger": "hand", "added": 0, "enabled": 0, "deleted": 1, "disabled": 0, "skipped": 1, "refused": 0}
        ))
    );
    assert!(
        world
            .log(job)
            .await
            .iter()
            .any(|(code, detail)| code == "dispatch.deleted" && detail["employeeId"] == "p2")
    );
    let audit = world.site.read(|conn| audit::audit_list(conn, &Page::default())).await.unwrap();
    for what in ["dispatch.change", "dispatch.run", "roster.add", "roster.remove"] {
        assert!(audit.items.iter().any(|line| line.what == what), "{what}");
    }
}

#[tokio::test]
async fn dispatch_4_6_a_long_run_goes_in_parts_can_be_cancelled_and_is_taken_up_again() {
    let world = world().await;
    world
        .site
        .write(|tx| {
            tx.execute_batch(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
                 INSERT INTO employees (id, name, department_id, created_at, changed_at)
                   SELECT format('e%05d', i), format('n%05d', i), 'made', 0, 0 FROM n",
            )?;
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
    let job = world.save(HALL, on(&["department:made"])).await.unwrap();
    let taken = world.site.write(|tx| jobs_take(tx, &["dispatchRun"], LEASE)).await.unwrap().unwrap();
    let now = world.site.clock().now();
    let parts = world.site.read(move |conn| run_prepare(conn, &taken, now, &mut None)).await.unwrap();
    assert_eq!(parts.iter().map(Part::people).collect::<Vec<_>>(), [500, 500, 200]);
    let first = parts[0].clone();
    let did = world.site.write(move |tx| run_do(tx, job, &first)).await.unwrap();
    assert_eq!(did, Did { changed: Some(sn(HALL)), goes_on: true });
    let half = world.job(job).await;
    assert_eq!((half.state, half.done, half.total), (JobState::Running, 500, 1200));
    // The program ends here, and begins again.
    world.site.write(jobs_begin).await.unwrap();
    let done = world.work().await;
    assert_eq!((done[0].id, done[0].state), (job, JobState::Done));
    assert_eq!(done[0].result.as_ref().unwrap()["added"], 1200, "what was done before counts");
    assert_eq!(
        world
            .site
            .read(|conn| Ok::<_, db::Error>(
                conn.query_row("SELECT count(*) FROM roster", [], |row| row.get::<_, i64>(0))?
            ))
            .await
            .unwrap(),
        1200
    );

    let job = world.save(GATE, on(&["department:made"])).await.unwrap();
    let taken = world.site.write(|tx| jobs_take(tx, &["dispatchRun"], LEASE)).await.unwrap().unwrap();
    let parts = world.site.read(move |conn| run_prepare(conn, &taken, now, &mut None)).await.unwrap();
    let mut parts = parts.into_iter();
    let first = parts.next().unwrap();
    world.site.write(move |tx| run_do(tx, job, &first)).await.unwrap();
    world.site.write(move |tx| job_cancel(tx, &console(), job)).await.unwrap();
    let second = parts.next().unwrap();
    let did = world.site.write(move |tx| run_do(tx, job, &second)).await.unwrap();
    assert_eq!(did, Did::default());
    let cancelled = world.job(job).await;
    assert_eq!(
        (cancelled.state, cancelled.result.unwrap()["added"].clone()),
        (JobState::Cancelled, json!(500))
    );
}

#[tokio::test]
async fn dispatch_4_6_who_is_judged_otherwise_by_then_is_left_alone() {
    let world = world().await;
    for person in ["p1", "p2"] {
        world.person(person, Some("made")).await;
    }
    let job = world.save(HALL, on(&["department:made"])).await.unwrap();
    let taken = world.site.write(|tx| jobs_take(tx, &["dispatchRun"], LEASE)).await.unwrap().unwrap();
    let now = world.site.clock().now();
    let parts = world.site.read(move |conn| run_prepare(conn, &taken, now, &mut None)).await.unwrap();
    world.move_to("p1", Some("desk")).await;
    world.by_hand(HALL, &["p2"]).await;
    for part in parts {
        world.site.write(move |tx| run_do(tx, job, &part)).await.unwrap();
    }
    assert_eq!(world.hall().await, "p2");
    assert_eq!(world.job(job).await.result.unwrap()["added"], 0);
}

#[tokio::test]
async fn dispatch_4_1_a_rule_is_copied_to_other_machines_and_gone_with_its_machine() {
    let world = world().await;
    world.person("p1", Some("made")).await;
    world.save(HALL, rule(&["department:made"], &["department:secret"], OutOfScope::Disable)).await;
    let copied = world
        .site
        .write(|tx| rule_copy(tx, &console(), &sn(HALL), &[sn(GATE), sn(HALL), sn("cqz7000000002")]))
        .await
        .unwrap();
    assert_eq!(copied, [sn(GATE)]);
    world.work().await;
    assert_eq!(world.list(GATE).await.len(), 1);
    let unknown = world.site.write(|tx| rule_copy(tx, &console(), &sn(HALL), &[sn("X")])).await.unwrap_err();
    assert_eq!(unknown.code(), "machine.unknown");
    let now = world.site.clock().now();
    world
        .site
        .write(|tx| {
            machine_delete(tx, &console(), &sn(GATE))?;
            machine_add(
                tx,
                &console(),
                NewMachine { sn: sn(GATE), name: "大门".into(), model: None, time_zone: None },
            )
        })
        .await
        .unwrap();
    let shown = world.site.read(move |conn| rule_get(conn, &sn(GATE), now)).await.unwrap();
    assert_eq!(shown.rule, Rule::default());
    let open = world.site.read(|conn| jobs_open_of(conn, "dispatchRun", None)).await.unwrap();
    assert_eq!(open, []);
}

#[tokio::test]
async fn dispatch_4_2_looking_at_moves_and_nights_goes_by_indexes() {
    let world = world().await;
    let plans = world
        .site
        .read(|conn| {
            let mut plans = Vec::new();
            for sql in [
                "SELECT r.machine_id, r.enabled, r.disabled_by FROM roster r WHERE r.employee_id = ?1 AND r.state <> 'removing'",
                "SELECT r.employee_id, e.name FROM roster r JOIN employees e ON e.id = r.employee_id WHERE r.machine_id = ?1 AND r.pin_number = ?2 AND r.state <> 'removing'",
                "SELECT id FROM jobs WHERE state IN ('waiting', 'running') AND kind IN (SELECT value FROM json_each(?1)) ORDER BY next_at, id LIMIT 1",
            ] {
                plans.push(crate::site::tests::plan(conn, sql)?);
            }
            Ok::<_, db::Error>(plans)
        })
        .await
        .unwrap();
    for (plan, index) in plans.iter().zip(["roster_employee", "roster_pin", "jobs_open"]) {
        assert!(plan.contains(index) && !plan.contains("SCAN r"), "{plan}");
    }
}
