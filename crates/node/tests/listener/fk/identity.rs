//! Whose machine it is, and what is known of it.

use rollcall_core::Sn;
use rollcall_core::machines::{Capability, MachineChange};
use rollcall_node::events::Event;
use rollcall_protocol::Dialect;
use rollcall_protocol::order::Order;

use super::{ENROL, GLOG, INFO, POLL, framed, punch, request_to};
use crate::support::{Rig, SN, patiently};

#[tokio::test]
async fn what_a_machine_says_of_itself_is_written_down_once() {
    let rig = Rig::fk_rig().await;
    let machine = rig.machine().await;
    assert_eq!(machine.firmware.as_deref(), Some("HS102_1.0"));
    assert_eq!(machine.dialect, Some(Dialect::Fk));
    assert_eq!(machine.options["fk_bin_data_lib"], "FKDataHS102");
    assert_eq!(machine.capabilities, [Capability::Fingerprint, Capability::Face, Capability::Card]);
    // The same again is no news: only that it was there is.
    let mut watcher = rig.events.subscribe();
    rig.fk_poll().await;
    rig.fleet.flush().await.unwrap();
    let marker = Event::Storage { writable: true };
    rig.events.tell(marker.clone());
    assert_eq!(patiently(watcher.next()).await, Some(marker));
}

#[tokio::test]
async fn i1_nothing_of_a_stranger_is_taken_or_kept_and_it_arrives_after_adopting() {
    const NEW: &str = "C26013500122";
    let rig = Rig::start().await;
    assert_eq!(rig.fk_of(NEW, POLL, &framed(INFO, &[])).await.code(), "ERROR_NO_CMD");
    let stranger = &rig.fleet.strangers()[0];
    assert_eq!((stranger.info["dialect"].as_str(), stranger.info["firmware"].as_str()), ("fk", "HS102_1.0"));
    let enrol = framed(r#"{"user_id":"7","user_photo":"BIN_1"}"#, &[&[1; 500]]);
    let block = |number| [("request_code", ENROL), ("trans_id", "RTEnrollDataAction"), ("blk_no", number)];
    rig.fk_of(NEW, &block("1"), &enrol[..100]).await.is_refused("ERROR");
    for code in ["realtime_glog", "send_cmd_result", "realtime_door_status", "realtime_slog", ENROL] {
        rig.fk_of(NEW, &[("request_code", code)], &punch("1001", "20260706085811")).await.is_refused("ERROR");
    }
    rig.add(NEW, chrono_tz::Asia::Shanghai).await;
    assert!(rig.punches().await.is_empty() && rig.kept().await.is_empty());
    rig.fk_of(NEW, &block("2"), &enrol[100..]).await.is_refused("ERROR_ADD_BLOCK_DATA");
    assert_eq!(rig.fk_of(NEW, GLOG, &punch("1001", "20260706085811")).await.code(), "OK");
    assert_eq!(rig.punches().await.len(), 1);
}

#[tokio::test]
async fn i1_a_disabled_machine_keeps_its_punches_and_gets_no_commands() {
    let rig = Rig::fk_rig().await;
    rig.order(Order::ReadInfo).await;
    rig.change(MachineChange { enabled: Some(false), ..MachineChange::default() }).await;
    assert_eq!(rig.fk_poll().await.code(), "ERROR_NO_CMD");
    rig.glog(&punch("1001", "20260706085811")).await.is_refused("ERROR");
    rig.result("1", "OK", b"").await.is_refused("ERROR");
    rig.change(MachineChange { enabled: Some(true), ..MachineChange::default() }).await;
    assert_eq!(rig.glog(&punch("1001", "20260706085811")).await.code(), "OK");
    assert_eq!(rig.punches().await.len(), 1);
}

#[tokio::test]
async fn i6_an_fk_machine_is_online_through_some_minutes_of_silence() {
    let rig = Rig::fk_rig().await;
    let online = || rig.fleet.live(&Sn::new(SN).unwrap()).unwrap().online;
    rig.clock.advance(chrono::TimeDelta::seconds(359));
    assert!(online(), "its menu may be open");
    rig.clock.advance(chrono::TimeDelta::seconds(2));
    assert!(!online());
}

#[tokio::test]
async fn what_was_known_of_a_machine_counts_after_a_restart() {
    let rig = Rig::fk_rig().await;
    for _ in 0..4 {
        rig.glog(&punch("1", "20260706085811")).await;
    }
    rig.machine().await;
    let fleet = rollcall_node::fleet::Fleet::load(&rig.site).await.unwrap();
    let listener = rollcall_node::listener::Listener::start(
        ([127, 0, 0, 1], 0).into(),
        rollcall_node::listener::Limits::default(),
        rig.site.clone(),
        fleet,
        rig.events.clone(),
    )
    .unwrap();
    let stream = tokio::net::TcpStream::connect(listener.local_addr()).await.unwrap();
    let mut line = crate::support::Line::over(stream);
    // Without the name of its library: small numbers, but the other layout.
    let bare = framed(r#"{"user_id":"2","verify_mode":0,"io_mode":0,"io_time":"20260706085812"}"#, &[]);
    line.send(request_to("/", SN, GLOG, &bare)).await;
    let answer = String::from_utf8(line.rest().await).unwrap();
    assert!(answer.ends_with("\r\n\r\nresult=OK"), "{answer}");
    assert!(rig.punches().await.iter().any(|punch| punch.pin == "2" && punch.status.is_none()));
}
