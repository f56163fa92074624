//! Rules against a real database: what the worker does, without its timers.

mod adding;
mod brake;
mod log;
mod nights;
mod targets;

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};

use super::scope::tests::targets as named;
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
    DisabledBy, Entry, EntryChange, EntrySource, NewEntry, Role, RosterFilter, roster_add, roster_change,
    roster_list, roster_remove,
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
        self.site
            .read(move |conn| roster_list(conn, &sn(machine), &RosterFilter::default(), &page))
            .await
            .unwrap()
            .items
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
    let (include, exclude) = (named(include), named(exclude));
    Rule { enabled: true, include, exclude, out_of_scope, ..Rule::default() }
}

fn on(include: &[&str]) -> Rule {
    rule(include, &[], OutOfScope::Keep)
}
