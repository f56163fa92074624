use chrono::TimeDelta;
use rollcall_core::directory::{EmployeeId, NewEmployee, employee_add};
use rollcall_core::dispatch::{OutOfScope, Rule, Target, TargetKind, rule_set};
use rollcall_core::jobs::{DISPATCH_RUN, Job, JobFilter, JobState, job_list, jobs_take};
use rollcall_core::page::Page;
use rollcall_core::roster::{
    EntrySource, NewEntry, Role, RosterError, RosterFilter, roster_add, roster_list, roster_remove,
};
use rollcall_core::{Actor, Site};

use super::*;
use crate::events::Watcher;
use crate::fleet::tests::Scratch;

/// A machine in Berlin at half past three on a Monday morning, with two people of whom its rule names the first.
async fn world(out_of_scope: OutOfScope) -> Scratch {
    let scratch = scratch().await;
    scratch
        .site
        .write(move |tx| {
            for id in ["in", "out"] {
                let new = NewEmployee { id: Some(id.into()), name: id.into(), ..NewEmployee::default() };
                employee_add(tx, &Actor::console(), new).unwrap();
            }
            let entry = |id: &str| NewEntry {
                employee_id: id.into(),
                pin: None,
                role: Role::User,
                enabled: true,
                source: EntrySource::Manual,
            };
            roster_add(tx, &Actor::console(), &sn(), vec![entry("out")])?;
            let include = vec![Target { kind: TargetKind::Employee, id: "in".into() }];
            let rule = Rule { enabled: true, include, out_of_scope, ..Rule::default() };
            rule_set(tx, &Actor::console(), &sn(), &rule).unwrap();
            Ok::<_, RosterError>(())
        })
        .await
        .unwrap();
    scratch
}

async fn list(site: &Site) -> Vec<String> {
    let list =
        site.read(|conn| roster_list(conn, &sn(), &RosterFilter::default(), &Page::default())).await.unwrap();
    list.items.iter().map(|entry| entry.employee_id.as_str().to_owned()).collect()
}

async fn jobs(site: &Site) -> Vec<Job> {
    site.read(|conn| job_list(conn, &JobFilter::default(), &Page::default())).await.unwrap().items
}

/// Waits until so many jobs are there and all of them are over.
async fn over(site: &Site, watcher: &mut Watcher, count: usize) {
    loop {
        let jobs = jobs(site).await;
        if jobs.len() == count && jobs.iter().all(|job| job.state.is_final()) {
            return;
        }
        while watcher.next().await.unwrap().name() != "job" {}
    }
}

/// The tests' time stands still but for timers; the night comes because the worker looks by itself.
#[tokio::test(start_paused = true)]
async fn dispatch_4_3_the_night_comes_by_itself_where_the_machine_hangs() {
    let scratch = world(OutOfScope::Delete).await;
    let events = Events::new();
    let mut watcher = events.subscribe();
    let workers = Workers::start(&scratch.site, &scratch.fleet, &events);
    over(&scratch.site, &mut watcher, 1).await;
    assert_eq!(list(&scratch.site).await, ["in", "out"], "what was saved is done, and it is not the night");
    // Two in the morning of Tuesday in Berlin.
    scratch.clock.advance(TimeDelta::minutes(22 * 60 + 30));
    over(&scratch.site, &mut watcher, 2).await;
    assert_eq!(list(&scratch.site).await, ["in"]);
    workers.stop().await;
}

#[tokio::test]
async fn dispatch_4_3_what_was_missed_while_the_program_was_off_is_done_at_the_start() {
    let scratch = world(OutOfScope::Disable).await;
    scratch.clock.advance(TimeDelta::days(3));
    let events = Events::new();
    let mut watcher = events.subscribe();
    let workers = Workers::start(&scratch.site, &scratch.fleet, &events);
    over(&scratch.site, &mut watcher, 2).await;
    let page = scratch
        .site
        .read(|conn| roster_list(conn, &sn(), &RosterFilter::default(), &Page::default()))
        .await
        .unwrap();
    let disabled: Vec<_> =
        page.items.iter().filter(|entry| !entry.enabled).map(|entry| entry.name.as_str()).collect();
    assert_eq!(disabled, ["out"]);
    workers.stop().await;
}

#[tokio::test]
async fn dispatch_4_2_a_ring_of_the_bell_is_enough_when_the_directory_changes() {
    let scratch = world(OutOfScope::Keep).await;
    let events = Events::new();
    let mut watcher = events.subscribe();
    let workers = Workers::start(&scratch.site, &scratch.fleet, &events);
    over(&scratch.site, &mut watcher, 1).await;
    scratch
        .site
        .write(|tx| {
            let include = vec![Target { kind: TargetKind::Employee, id: "in".into() }];
            rule_set(tx, &Actor::console(), &sn(), &Rule { enabled: true, include, ..Rule::default() })
                .unwrap();
            roster_remove(tx, &Actor::console(), &sn(), &EmployeeId::new("in").unwrap())
        })
        .await
        .unwrap();
    workers.bell().ring();
    over(&scratch.site, &mut watcher, 2).await;
    assert_eq!(list(&scratch.site).await, ["in", "out"]);
    workers.stop().await;
}

#[tokio::test]
async fn a_job_that_the_program_left_in_the_middle_is_done_after_the_start() {
    let scratch = world(OutOfScope::Keep).await;
    let lease = std::time::Duration::from_secs(3600);
    let taken = scratch.site.write(move |tx| jobs_take(tx, &[DISPATCH_RUN], lease)).await.unwrap().unwrap();
    assert_eq!(taken.state, JobState::Running);
    let events = Events::new();
    let mut watcher = events.subscribe();
    let workers = Workers::start(&scratch.site, &scratch.fleet, &events);
    // The other one is for the people who came to the directory.
    over(&scratch.site, &mut watcher, 2).await;
    let job = jobs(&scratch.site).await.pop().unwrap();
    assert_eq!((job.state, job.tries), (JobState::Done, 2));
    assert_eq!(list(&scratch.site).await, ["in", "out"]);
    workers.stop().await;
}
