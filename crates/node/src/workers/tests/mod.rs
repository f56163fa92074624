mod attendance;
mod jobs;

use std::net::IpAddr;

use chrono::TimeDelta;
use rollcall_core::machines::{Report, machine_get};

use super::*;
use crate::events::Event;
use crate::fleet::tests::{known, scratch, sn};

const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

/// The tests' time stands still but for timers: a machine going offline takes no time at all.
#[tokio::test(start_paused = true)]
async fn a_machine_that_goes_silent_is_told_about() {
    let scratch = scratch().await;
    let events = Events::new();
    let mut watcher = events.subscribe();
    let workers = Workers::start(&scratch.site, &scratch.fleet, &events);
    known(&scratch.fleet).contact(scratch.fleet.now(), ADDRESS);
    tokio::task::yield_now().await;
    scratch.clock.advance(TimeDelta::seconds(30));
    assert_eq!(watcher.next().await, Some(Event::Machine { sn: sn(), stranger: false }));
    assert!(!scratch.fleet.live(&sn()).unwrap().online);
    workers.stop().await;
}

#[tokio::test]
async fn what_somebody_may_be_waiting_for_is_written_at_once_and_then_told() {
    let scratch = scratch().await;
    let events = Events::new();
    let mut watcher = events.subscribe();
    let workers = Workers::start(&scratch.site, &scratch.fleet, &events);
    known(&scratch.fleet).said(Report { firmware: Some("Ver1".into()), ..Report::default() });
    scratch.fleet.nudge();
    assert_eq!(watcher.next().await, Some(Event::Machine { sn: sn(), stranger: false }));
    let machine = scratch.site.read(|conn| machine_get(conn, &sn())).await.unwrap().unwrap();
    assert_eq!(machine.firmware.as_deref(), Some("Ver1"));
    workers.stop().await;
}

#[tokio::test]
async fn stopping_writes_what_was_heard_last() {
    let scratch = scratch().await;
    let workers = Workers::start(&scratch.site, &scratch.fleet, &Events::new());
    tokio::task::yield_now().await;
    known(&scratch.fleet).contact(scratch.fleet.now(), ADDRESS);
    workers.stop().await;
    let machine = scratch.site.read(|conn| machine_get(conn, &sn())).await.unwrap().unwrap();
    assert_eq!(machine.last_seen_at, Some(scratch.fleet.now()));
}
