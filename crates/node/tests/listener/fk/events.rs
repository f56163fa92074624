//! Punches and doors.

use rollcall_core::pictures::{picture_get, picture_of};
use rollcall_node::events::Event;
use rollcall_protocol::fk::log::short_record;

use super::{GLOG, POLL, framed, punch, punch_json, wall};
use crate::support::{Rig, patiently};

#[tokio::test]
async fn p6_p9_c5_odd_punches_are_kept_aside_or_flagged() {
    let rig = Rig::start().await;
    for (pin, time) in [
        ("0", "20260706085811"),
        ("", "20260706085811"),
        ("7", "20260231085811"),
        ("7", "x"),
        ("7", "20000101000000"),
        ("7", "19991231235959"),
        ("7", "20990101000000"),
    ] {
        assert_eq!(rig.glog(&punch(pin, time)).await.code(), "OK", "{pin} {time}");
    }
    let mut reasons: Vec<_> = rig.rejected().await.into_iter().map(|line| line.reason).collect();
    reasons.sort();
    assert_eq!(reasons, ["punch.no_pin", "punch.no_pin", "punch.time_impossible", "punch.time_unreadable"]);
    let punches = rig.punches().await;
    assert_eq!(punches.len(), 3);
    assert!(punches.iter().any(|p| p.flags.has(rollcall_core::punches::Flag::Future)));
    assert!(punches.iter().any(|p| p.flags.has(rollcall_core::punches::Flag::Ancient)));
}

#[tokio::test]
async fn d4_one_punch_is_one_record_however_often_and_in_whatever_form_it_comes() {
    let rig = Rig::fk_rig().await;
    let mut watcher = rig.events.subscribe();
    for body in [
        punch("1001", "20260706085811"),
        punch("00001001", "20260706085811"),
        framed(&punch_json("1001", "2026-07-06 08:58:11"), &[]),
        punch("1001", "20260706085811"),
    ] {
        assert_eq!(rig.glog(&body).await.code(), "OK");
    }
    let stored = rig.punches().await;
    assert_eq!(stored.len(), 1);
    assert_eq!(
        (stored[0].pin.as_str(), stored[0].status, stored[0].verify.as_str()),
        ("1001", Some(0), "268435456")
    );
    assert!(matches!(patiently(watcher.next()).await, Some(Event::Punch { ids, .. }) if ids.len() == 1));
    // Fetched from the memory, together with one that had not come.
    let time = wall("2026-07-06 08:58:11");
    let records = [short_record(1001, 1, 0x10, time), short_record(1002, 2, 0x40, time)].concat();
    let log = framed(r#"{"log_count":2,"one_log_size":12,"log_array":"BIN_1"}"#, &[&records]);
    assert_eq!(rig.result("99", "OK", &log).await.code(), "OK");
    let mut pins: Vec<_> = rig.punches().await.into_iter().map(|p| (p.pin, p.status, p.verify)).collect();
    pins.sort();
    assert_eq!(
        pins,
        [("1001".into(), Some(0), "268435456".into()), ("1002".into(), Some(1), "1073741824".into())]
    );
    // Another way of identification, or another direction, is another punch.
    for json in [
        punch_json("1001", "20260706085811").replace("268435456", "536870912"),
        punch_json("1001", "20260706085811").replace("16777216", "33554432"),
    ] {
        assert_eq!(rig.glog(&framed(&json, &[])).await.code(), "OK");
    }
    assert_eq!(rig.punches().await.len(), 4);
}

#[tokio::test]
async fn p10_a_new_models_punch_with_its_picture() {
    let rig = Rig::start().await;
    let body = b"{\"user_id\":\"00001001\",\"verify_mode\":\"33\",\"io_mode\":\"0\",\"io_time\":\"20260706085811\",\"log_image\":\"anBlZw==\"}\0";
    let headers = [GLOG, &[("dev_model", "M61")]].concat();
    for _ in 0..2 {
        assert_eq!(rig.fk(&headers, body).await.code(), "OK");
    }
    let punches = rig.punches().await;
    assert_eq!((punches.len(), punches[0].status, punches[0].verify.as_str()), (1, Some(1), "33"));
    let id = rig.machine().await.id;
    let site = rig.site.clone();
    let picture = rig
        .site
        .read(move |conn| {
            let picture = picture_of(conn, id, "00001001", wall("2026-07-06 08:58:11"))?.unwrap();
            picture_get(conn, site.vault(), picture)
        })
        .await
        .unwrap();
    assert_eq!(picture.as_deref(), Some(&b"jpeg"[..]));
}

#[tokio::test]
async fn d1_a_machine_that_does_not_hear_our_answers_gets_another_one_too() {
    let rig = Rig::start().await;
    let bodies: Vec<_> = [
        rig.glog(&punch("1", "20260706085811")).await,
        rig.glog(&punch("1", "20260706085811")).await,
        rig.glog(&punch("1", "20260706085811")).await,
        rig.glog(&punch("1", "20260706085811")).await,
        rig.glog(&punch("2", "20260706085812")).await,
    ]
    .iter()
    .map(|told| {
        assert_eq!(told.code(), "OK");
        String::from_utf8(told.body.clone()).unwrap()
    })
    .collect();
    assert_eq!(bodies, ["", "", "", "result=OK", "result=OK"]);
    assert_eq!(rig.fk(POLL, b"").await.body, b"OK");
    assert_eq!(rig.machine().await.options["rollcall_fk_answer"], "result=OK");
    // Other machines are answered as ever.
    rig.add("C26013500122", chrono_tz::Asia::Shanghai).await;
    assert_eq!(rig.fk_of("C26013500122", GLOG, &punch("1", "20260706085811")).await.body, b"");
}

#[tokio::test]
async fn doors_are_written_into_the_machines_log() {
    let rig = Rig::start().await;
    let headers = [("request_code", "realtime_door_status"), ("trans_id", "x")];
    assert_eq!(rig.fk(&headers, &framed(r#"{"door_status":"open"}"#, &[])).await.code(), "OK");
    let log = rig.log().await;
    assert_eq!(
        (log[0].kind.as_str(), log[0].objects.as_slice()),
        ("door", &["door_status=open".to_owned()][..])
    );
    assert_eq!(log[0].wall, Some(wall("2026-07-06 09:30:00")));
}
