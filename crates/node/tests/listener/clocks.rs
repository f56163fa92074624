//! C: clocks and zones.

use chrono::{TimeDelta, TimeZone, Utc};
use rollcall_core::machines::MachineChange;

use crate::support::{Answer, LINE, Rig, SN};

fn zone(answer: &Answer) -> &str {
    answer.body.split("\nTimeZone=").nth(1).unwrap().lines().next().unwrap()
}

async fn handshake(rig: &Rig, sn: &str) -> Answer {
    rig.get(&format!("/iclock/cdata?SN={sn}&options=all&pushver=2.4.1")).await
}

#[tokio::test]
async fn c1_the_date_is_the_servers_and_on_every_answer() {
    let rig = Rig::start().await;
    rig.clock.advance(TimeDelta::seconds(61));
    for answer in [
        handshake(&rig, SN).await,
        rig.get(&format!("/iclock/getrequest?SN={SN}")).await,
        rig.punch(SN, LINE).await,
        rig.punch("STRANGER1", LINE).await,
    ] {
        assert!(answer.head.contains("\r\nDate: Mon, 06 Jul 2026 01:31:01 GMT\r\n"), "{answer:?}");
    }
}

#[tokio::test]
async fn c2_a_clock_known_to_be_wrong_is_not_passed_on() {
    let rig = Rig::start().await;
    rig.clock.set(Utc.with_ymd_and_hms(2015, 1, 1, 0, 0, 0).unwrap());
    let answer = rig.get(&format!("/iclock/getrequest?SN={SN}")).await;
    assert_eq!(answer.body, "OK");
    assert!(!answer.head.contains("Date:"), "{answer:?}");
}

#[tokio::test]
async fn c3_whole_hours_else_minutes() {
    let rig = Rig::empty(rollcall_node::listener::Limits::default()).await;
    for (sn, zone_of_machine, told) in [
        ("A1", chrono_tz::Asia::Shanghai, "8"),
        ("A2", chrono_tz::Asia::Kolkata, "330"),
        ("A3", chrono_tz::America::New_York, "-4"),
        ("A4", chrono_tz::America::St_Johns, "-150"),
        ("A5", chrono_tz::UTC, "0"),
    ] {
        rig.add(sn, zone_of_machine).await;
        assert_eq!(zone(&handshake(&rig, sn).await), told, "{zone_of_machine}");
    }
}

#[tokio::test]
async fn c3_summer_time_is_told_as_of_now() {
    let rig = Rig::empty(rollcall_node::listener::Limits::default()).await;
    rig.add(SN, chrono_tz::Europe::Berlin).await;
    assert_eq!(zone(&handshake(&rig, SN).await), "2");
    rig.clock.set(Utc.with_ymd_and_hms(2026, 12, 1, 0, 0, 0).unwrap());
    assert_eq!(zone(&handshake(&rig, SN).await), "1");
}

#[tokio::test]
async fn c4_the_machines_zone_goes_into_the_punch_and_stays() {
    let rig = Rig::start().await;
    rig.punch(SN, LINE).await.is_ok("OK: 1");
    rig.change(MachineChange { time_zone: Some(chrono_tz::Asia::Tokyo), ..MachineChange::default() }).await;
    rig.punch(SN, "1002\t2026-07-06 08:58:11\t0\t15\n").await.is_ok("OK: 1");
    let mut offsets: Vec<_> =
        rig.punches().await.iter().map(|punch| (punch.pin.clone(), punch.utc_offset)).collect();
    offsets.sort();
    assert_eq!(offsets, [("1001".to_owned(), 8 * 3600), ("1002".to_owned(), 9 * 3600)]);
}

#[tokio::test]
async fn c5_impossible_and_absurd_times_fail_no_batch() {
    let rig = Rig::start().await;
    let lines = "1\t2026-02-31 08:00:00\t0\t1\n2\t2000-01-01 00:00:07\t0\t1\n3\t2031-01-01 08:00:00\t0\t1\n4\t2015-01-01 00:00:00\n";
    rig.punch(SN, lines).await.is_ok("OK: 4");
    assert_eq!(rig.punches().await.len(), 3);
    let rejected = rig.rejected().await;
    assert_eq!((rejected.len(), rejected[0].reason.as_str()), (1, "punch.time_impossible"));
}

#[tokio::test]
async fn c8_a_changed_zone_sends_the_machine_back_to_its_handshake() {
    let rig = Rig::start().await;
    let poll = format!("/iclock/getrequest?SN={SN}");
    assert_eq!(zone(&handshake(&rig, SN).await), "8");
    rig.get(&poll).await.is_ok("OK");
    rig.change(MachineChange { name: Some("Front".into()), ..MachineChange::default() }).await;
    rig.get(&poll).await.is_ok("OK");
    rig.change(MachineChange { time_zone: Some(chrono_tz::Asia::Tokyo), ..MachineChange::default() }).await;
    rig.get(&poll).await.is_ok("UNKNOWN DEVICE");
    assert_eq!(zone(&handshake(&rig, SN).await), "9");
    rig.get(&poll).await.is_ok("OK");
    // A machine that does not understand is not asked for ever.
    rig.change(MachineChange { time_zone: Some(chrono_tz::Asia::Shanghai), ..MachineChange::default() })
        .await;
    for _ in 0..3 {
        rig.get(&poll).await.is_ok("UNKNOWN DEVICE");
    }
    rig.get(&poll).await.is_ok("OK");
}

#[tokio::test]
async fn c8_an_adopted_stranger_in_another_zone_reads_its_options_again() {
    let rig = Rig::empty(rollcall_node::listener::Limits::default()).await;
    assert_eq!(zone(&handshake(&rig, SN).await), "330");
    rig.add(SN, chrono_tz::Asia::Shanghai).await;
    rig.get(&format!("/iclock/getrequest?SN={SN}")).await.is_ok("UNKNOWN DEVICE");
    assert_eq!(zone(&handshake(&rig, SN).await), "8");
    handshake(&rig, "OTHER").await;
    rig.add("OTHER", chrono_tz::Asia::Kolkata).await;
    rig.get("/iclock/getrequest?SN=OTHER").await.is_ok("OK");
}

#[tokio::test]
async fn clock_requests_are_answered_in_the_machines_zone() {
    let rig = Rig::start().await;
    rig.get(&format!("/iclock/cdata?SN={SN}&type=time")).await.is_ok("Time=2026-07-06T09:30:00+08:00");
    rig.get("/iclock/cdata?SN=STRANGER1&type=time").await.is_ok("Time=2026-07-06T07:00:00+05:30");
}
