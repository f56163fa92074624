//! What its clock shows, and what it is told of the time.

use rollcall_core::machines::MachineChange;

use super::{CAME, EVENTS, HELLO, POLL, query};
use crate::support::{Rig, SN};

#[tokio::test]
async fn the_clock_is_told_in_gmt_with_the_machines_zone() {
    let rig = Rig::access().await;
    // 2026-07-06 01:30:00 GMT, packed, and Shanghai.
    rig.get(&format!("/iclock/rtdata?SN={SN}&type=time")).await.is_ok("DateTime=852168600,ServerTZ=+0800");
    // A stranger is told the site's zone, which here is that of Kolkata (I1).
    rig.get("/iclock/rtdata?SN=STRANGER1&type=time").await.is_ok("DateTime=852168600,ServerTZ=+0530");
}

#[tokio::test]
async fn c2_a_machine_that_is_not_to_be_steered_is_told_no_time() {
    let rig = Rig::access().await;
    rig.fleet.set_steer_clocks(false);
    let answer = rig.get(&format!("/iclock/rtdata?SN={SN}&type=time")).await;
    assert_eq!((answer.status(), answer.body.as_str()), (200, "OK"));
    assert!(!answer.head.contains("\r\nDate:"), "{answer:?}");
}

#[tokio::test]
async fn c7_door_states_and_single_events_tell_how_far_the_clock_is_off() {
    let rig = Rig::access().await;
    // It is 09:30:00 where the machine is.
    rig.post(&format!("/iclock/cdata?SN={SN}&table=rtstate"), "time=2026-07-06 09:40:00\tsensor=01\n")
        .await
        .is_ok("OK");
    assert_eq!(rig.machine().await.clock_skew.map(|(ahead, _)| ahead), Some(600));
    rig.post(&format!("/iclock/cdata?SN={SN}&table=rtstate"), "time=2026-07-06 09:30:02\tsensor=01\n")
        .await
        .is_ok("OK");
    assert_eq!(rig.machine().await.clock_skew.map(|(ahead, _)| ahead), Some(2));
    rig.post(EVENTS, CAME).await.is_ok("OK");
    assert_eq!(rig.machine().await.clock_skew.map(|(ahead, _)| ahead), Some(5));
    // What was asked for is old by nature.
    let old = "transaction pin=7\ttime_second=852190000\teventtype=0\n";
    rig.post(&query("tabledata", 1, "transaction", 1), old).await.is_ok("transaction=1");
    assert_eq!(rig.machine().await.clock_skew.map(|(ahead, _)| ahead), Some(5));
}

#[tokio::test]
async fn c8_a_machine_whose_zone_was_changed_is_told_the_time() {
    let rig = Rig::access().await;
    rig.get(HELLO).await;
    rig.get(POLL).await.is_ok("OK");
    rig.change(MachineChange { time_zone: Some(chrono_tz::Asia::Kolkata), ..MachineChange::default() }).await;
    rig.get(POLL).await.is_ok("OK");
    let id = rig.commands().await[0].id.0;
    // 07:00 in Kolkata.
    rig.get(POLL).await.is_ok(&format!("C:{id}:SET OPTIONS DateTime=852188400\n"));
    for _ in 0..3 {
        rig.get(POLL).await.is_ok("OK");
    }
    assert_eq!(rig.commands().await.len(), 1);
}
