use chrono::{TimeDelta, TimeZone, Utc};
use rollcall_core::clock::ClockHandle;
use rollcall_core::commands::{CommandId, CommandState, command_add, command_get};
use rollcall_core::machines::{MachineChange, NewMachine, Report, machine_add, machine_change, machine_get};
use rollcall_core::{Actor, Clock, Connection, SiteOptions};
use rollcall_protocol::Dialect;
use rollcall_protocol::order::Order;

use super::*;

pub(crate) struct Scratch {
    pub(crate) site: Site,
    pub(crate) fleet: Arc<Fleet>,
    pub(crate) clock: ClockHandle,
    folder: tempfile::TempDir,
}

/// A site with one machine, in Berlin, on a Monday in July.
pub(crate) async fn scratch() -> Scratch {
    let folder = tempfile::tempdir().unwrap();
    let (clock, handle) = Clock::fixed(Utc.with_ymd_and_hms(2026, 7, 6, 1, 30, 0).unwrap());
    let site = Site::open(SiteOptions { path: folder.path().join("site.db"), clock }).unwrap();
    let fleet = Fleet::load(&site).await.unwrap();
    let new = NewMachine { sn: sn(), name: "Gate".into(), model: None, time_zone: Some(Tz::Europe__Berlin) };
    let machine = site.write(move |tx| machine_add(tx, &Actor::console(), new)).await.unwrap();
    fleet.refresh(&machine);
    Scratch { site, fleet, clock: handle, folder }
}

pub(crate) fn sn() -> Sn {
    Sn::new("CQZ7000000001").unwrap()
}

pub(crate) fn known(fleet: &Fleet) -> Arc<Known> {
    fleet.known(SnKey::from(&sn())).unwrap()
}

fn at(last: u8) -> IpAddr {
    IpAddr::from([192, 168, 1, last])
}

async fn stored(site: &Site) -> Machine {
    site.read(|conn| machine_get(conn, &sn())).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_failed_flush_forgets_nothing_and_what_was_said_since_counts_more() {
    let scratch = scratch().await;
    let (fleet, known) = (&scratch.fleet, known(&scratch.fleet));
    known.contact(fleet.now(), at(1));
    known.speaks(Dialect::Attendance, at(1), fleet.now());
    known.said(Report { firmware: Some("1".into()), language: Some("83".into()), ..Report::default() });
    fleet.knock(SnKey::from_bytes(b"OTHER").unwrap(), b"OTHER", at(2), std::iter::empty());
    let lock = Connection::open(scratch.folder.path().join("site.db")).unwrap();
    lock.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let (flushed, ()) = tokio::join!(fleet.flush(), async {
        tokio::task::yield_now().await;
        known.said(Report { firmware: Some("2".into()), ..Report::default() });
    });
    assert_eq!(flushed.unwrap_err().code(), "database.locked");
    assert!(fleet.take_news().is_empty());
    lock.execute_batch("ROLLBACK").unwrap();
    fleet.flush().await.unwrap();
    let machine = stored(&scratch.site).await;
    assert_eq!((machine.firmware.as_deref(), machine.language.as_deref()), (Some("2"), Some("83")));
    assert_eq!(machine.dialect, Some(Dialect::Attendance));
    assert_eq!(machine.last_seen_at, Some(fleet.now()));
    assert_eq!(machine.address.as_deref(), Some("192.168.1.1"));
    let news = fleet.take_news();
    assert_eq!(news.len(), 2);
    assert!(news.contains(&Event::Machine { sn: Sn::new("OTHER").unwrap(), stranger: true }));
}

#[tokio::test]
async fn being_seen_is_written_but_is_no_news() {
    let scratch = scratch().await;
    known(&scratch.fleet).contact(scratch.fleet.now(), at(1));
    scratch.fleet.flush().await.unwrap();
    assert!(scratch.fleet.take_news().is_empty());
    assert!(stored(&scratch.site).await.last_seen_at.is_some());
    let commits = scratch.site.commits();
    scratch.fleet.flush().await.unwrap();
    assert_eq!(scratch.site.commits(), commits, "nothing to write, nothing written");
}

#[tokio::test]
async fn a_restart_knows_machines_and_strangers() {
    let scratch = scratch().await;
    known(&scratch.fleet).contact(scratch.fleet.now(), at(1));
    let info = [("DeviceName".to_owned(), "X".to_owned())];
    scratch.fleet.knock(SnKey::from_bytes(b"OTHER").unwrap(), b"OTHER", at(2), info.into_iter());
    scratch.fleet.flush().await.unwrap();
    let again = Fleet::load(&scratch.site).await.unwrap();
    assert_eq!(again.strangers(), scratch.fleet.strangers());
    assert_eq!(again.live(&sn()).unwrap().address.as_deref(), Some("192.168.1.1"));
    assert!(again.live(&sn()).unwrap().online);
    again.forget(&sn());
    assert!(again.live(&sn()).is_none());
}

#[tokio::test]
async fn i3_two_machines_with_one_serial_number_are_told_from_one_that_moved() {
    let scratch = scratch().await;
    let (fleet, known) = (&scratch.fleet, known(&scratch.fleet));
    let twins = || {
        let twins = fleet.live(&sn()).unwrap().twins.is_some();
        assert_eq!(known.may_be_told(fleet.now()), !twins, "nobody knows whose door it would be");
        twins
    };
    // Another address from the router, once a day (I4).
    for day in 1..20 {
        known.contact(fleet.now(), at(day));
        scratch.clock.advance(TimeDelta::days(1));
    }
    assert!(!twins());
    for _ in 0..3 {
        for address in [1, 2] {
            scratch.clock.advance(TimeDelta::seconds(5));
            known.contact(fleet.now(), at(address));
        }
    }
    assert!(twins());
    // One of them is switched off.
    for _ in 0..200 {
        scratch.clock.advance(TimeDelta::seconds(5));
        known.contact(fleet.now(), at(1));
    }
    assert!(!twins());
}

#[tokio::test]
async fn i3_somebody_says_that_there_is_one_machine() {
    let scratch = scratch().await;
    let (fleet, known) = (&scratch.fleet, known(&scratch.fleet));
    for address in [1, 2, 1, 2, 1] {
        known.contact(fleet.now(), at(address));
    }
    assert!(!known.may_be_told(fleet.now()));
    fleet.resolve_twins(&sn());
    assert!(known.may_be_told(fleet.now()));
    for address in [2, 1, 2, 1, 2, 1] {
        known.contact(fleet.now(), at(address));
    }
    assert!(known.may_be_told(fleet.now()), "the same two are one machine");
}

#[tokio::test]
async fn i3_the_hardware_address_tells_twins_from_two_lines() {
    let scratch = scratch().await;
    let (fleet, known) = (&scratch.fleet, known(&scratch.fleet));
    let says =
        |mac: &str| known.said(Report { options: vec![("MAC".into(), mac.into())], ..Report::default() });
    for address in [1, 2, 1, 2, 1, 2] {
        known.contact(fleet.now(), at(address));
        says("00:17:61:00:00:01");
    }
    assert!(known.may_be_told(fleet.now()), "one machine behind two lines");
    for (address, mac) in [(1, "00:17:61:00:00:01"), (2, "00:17:61:00:00:02")] {
        known.contact(fleet.now(), at(address));
        says(mac);
    }
    assert!(!known.may_be_told(fleet.now()), "two machines");
}

#[tokio::test]
async fn q10_another_dialect_takes_the_queue_back_once() {
    let scratch = scratch().await;
    let (fleet, known) = (&scratch.fleet, known(&scratch.fleet));
    let add = || scratch.site.write(|tx| command_add(tx, &Actor::console(), &sn(), &Order::ReadInfo));
    let state = async |id: CommandId| {
        let command = scratch.site.read(move |conn| command_get(conn, &sn(), id)).await.unwrap();
        (command.state, command.reason)
    };
    // Its first words are no change.
    let first = add().await.unwrap();
    known.speaks(Dialect::Attendance, at(1), fleet.now());
    assert!(known.may_be_told(fleet.now()));
    fleet.flush().await.unwrap();
    assert_eq!(state(first.id).await, (CommandState::Queued, None));
    fleet.take_news();
    known.speaks(Dialect::Access, at(1), fleet.now());
    assert!(!known.may_be_told(fleet.now()), "what was meant for another machine");
    // The database fails, and nothing is forgotten.
    let lock = Connection::open(scratch.folder.path().join("site.db")).unwrap();
    lock.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert!(fleet.flush().await.is_err());
    assert!(!known.may_be_told(fleet.now()));
    lock.execute_batch("ROLLBACK").unwrap();
    fleet.flush().await.unwrap();
    assert!(known.may_be_told(fleet.now()));
    assert_eq!(state(first.id).await, (CommandState::Cancelled, Some("machine.dialect_changed".to_owned())));
    assert!(fleet.take_news().contains(&Event::Command { sn: sn(), id: first.id.0 }));
    // What is queued for the machine it is now stays.
    let second = add().await.unwrap();
    known.speaks(Dialect::Access, at(1), fleet.now());
    known.contact(fleet.now(), at(1));
    fleet.flush().await.unwrap();
    assert_eq!(state(second.id).await, (CommandState::Queued, None));
}

#[tokio::test]
async fn c7_only_what_comes_live_measures_the_clock() {
    let scratch = scratch().await;
    let (fleet, known) = (&scratch.fleet, known(&scratch.fleet));
    let live = || fleet.live(&sn()).unwrap();
    let ahead = |seconds| fleet.now() + TimeDelta::seconds(seconds);
    known.clock_sample(ahead(-7200), fleet.now(), false);
    assert_eq!(live().clock_skew, None, "an old punch says nothing");
    known.clock_sample(ahead(3600), fleet.now(), true);
    assert_eq!((live().clock_skew, live().clock_off), (Some((3600, fleet.now())), true));
    fleet.flush().await.unwrap();
    assert_eq!(stored(&scratch.site).await.clock_skew, Some((3600, fleet.now())));
    assert_eq!(fleet.take_news().len(), 1, "told once");
    known.clock_sample(ahead(3601), fleet.now(), true);
    fleet.flush().await.unwrap();
    assert!(fleet.take_news().is_empty(), "and not at every punch");
    let again = Fleet::load(&scratch.site).await.unwrap();
    assert!(again.live(&sn()).unwrap().clock_off, "a restart knows it");
    // With another zone, nothing is known any more.
    let change = MachineChange { time_zone: Some(Tz::Asia__Tokyo), ..MachineChange::default() };
    let changed =
        scratch.site.write(move |tx| machine_change(tx, &Actor::console(), &sn(), change)).await.unwrap();
    fleet.refresh(&changed);
    assert_eq!((live().clock_skew, live().clock_off), (None, false));
}

#[tokio::test]
async fn t11_https_is_laid_to_the_machine_that_fell_silent() {
    let scratch = scratch().await;
    let (fleet, known) = (&scratch.fleet, known(&scratch.fleet));
    let tries = || fleet.tries_tls(&fleet.live(&sn()).unwrap());
    fleet.tls_knock(at(1));
    assert_eq!(fleet.unknown_tls(), [at(1)]);
    known.contact(fleet.now(), at(1));
    assert!(fleet.unknown_tls().is_empty());
    scratch.clock.advance(TimeDelta::seconds(5));
    fleet.tls_knock(at(1));
    assert!(!tries(), "it may be another machine behind the same router");
    scratch.clock.advance(TimeDelta::seconds(40));
    assert!(tries());
    fleet.tls_knock(at(2));
    assert_eq!(fleet.unknown_tls(), [at(2)]);
    known.contact(fleet.now(), at(1));
    assert!(!tries());
}

#[tokio::test]
async fn c8_the_end_of_summer_time_sends_machines_back_to_their_handshake() {
    let scratch = scratch().await;
    let (fleet, known) = (&scratch.fleet, known(&scratch.fleet));
    assert_eq!(known.handshake(fleet.now(), 10), 7200);
    fleet.watch();
    assert!(!known.take_handshake_call());
    scratch.clock.set(Utc.with_ymd_and_hms(2026, 10, 25, 0, 59, 0).unwrap());
    fleet.watch();
    assert!(!known.take_handshake_call());
    scratch.clock.set(Utc.with_ymd_and_hms(2026, 10, 25, 1, 0, 0).unwrap());
    fleet.watch();
    assert!(known.take_handshake_call());
    assert_eq!(known.handshake(fleet.now(), 10), 3600);
    fleet.watch();
    assert!(!known.take_handshake_call());
}

#[tokio::test]
async fn i6_offline_after_three_intervals_of_the_machines_own() {
    let scratch = scratch().await;
    let (fleet, known) = (&scratch.fleet, known(&scratch.fleet));
    known.handshake(fleet.now(), 15);
    assert!(known.contact(fleet.now(), at(1)).came_online);
    let until = fleet.now() + TimeDelta::seconds(45);
    assert_eq!(fleet.watch(), (vec![], Some(until)));
    scratch.clock.advance(TimeDelta::seconds(44));
    assert_eq!(fleet.watch(), (vec![], Some(until)));
    assert!(!known.contact(fleet.now(), at(1)).came_online);
    scratch.clock.advance(TimeDelta::seconds(45));
    assert_eq!(fleet.watch(), (vec![sn()], None));
    assert_eq!(fleet.watch(), (vec![], None), "told once");
    assert!(known.contact(fleet.now(), at(1)).came_online);
}

/// A machine that was away calls before it sends what it has kept.
#[tokio::test]
async fn attendance_6_5_a_machine_has_brought_everything_when_it_calls_and_brings_nothing() {
    let scratch = scratch().await;
    let (fleet, known) = (&scratch.fleet, known(&scratch.fleet));
    let calls = |times: usize| {
        (0..times).fold(false, |_, _| {
            known.contact(fleet.now(), at(1));
            known.polled(fleet.now())
        })
    };
    let caught_up = || known.take_unwritten().and_then(|unwritten| unwritten.report.caught_up_at);
    assert!(!calls(2));
    assert_eq!(caught_up(), None);
    assert!(calls(1), "since now");
    assert_eq!(caught_up(), Some(fleet.now()));
    assert!(!calls(5), "and not again");

    let brings = |time: &str| {
        let line = format!("7\t2026-07-06 {time}\t0\t1\n");
        let mut batch =
            rollcall_core::punches::Batch::parse(line.as_bytes(), fleet.now(), Tz::Europe__Berlin);
        known.receives(&mut batch, fleet.now());
    };
    caught_up();
    brings("03:29:58");
    calls(1);
    assert_eq!(caught_up(), Some(fleet.now()), "what happens just now was not kept");
    brings("02:30:00");
    caught_up();
    assert!(!calls(2));
    assert_eq!(caught_up(), None, "there may be more");
    assert!(calls(1));

    scratch.clock.advance(TimeDelta::hours(5));
    caught_up();
    assert!(!calls(2));
    assert_eq!(caught_up(), None, "it was away and has kept something, perhaps");
    assert!(calls(1));
}
