//! I: who is calling.

use rollcall_core::Sn;
use rollcall_core::machines::{Capability, MachineChange};
use rollcall_node::events::Event;
use rollcall_node::listener::Limits;

use crate::support::{LINE, Rig, SN, patiently};

fn sn(text: &str) -> Sn {
    Sn::new(text).unwrap()
}

/// All the ways to hand something over.
fn uploads(sn: &str) -> Vec<(String, &'static str)> {
    [
        ("cdata", "&table=ATTLOG&Stamp=1", LINE),
        ("cdata", "&table=OPERLOG&OpStamp=1", "USER PIN=1\tName=A\n"),
        ("cdata", "&table=ATTPHOTO", "PIN=1.jpg\nSN=1\nsize=1\nCMD=uploadphoto\0x"),
        ("cdata", "&table=BIODATA", "BIODATA Pin=1\tTmp=AA==\n"),
        ("cdata", "&table=WHATEVER", "x"),
        ("cdata", "", "x"),
        ("fdata", "&table=ATTPHOTO", "PIN=1.jpg\0x"),
        ("devicecmd", "", "ID=1&Return=0&CMD=DATA\n"),
        ("querydata", "&type=tabledata&cmdid=1&tablename=user&count=1", "user pin=1\n"),
        ("event", "", "x"),
        ("cdata", "&table=rtlog", "time=2026-07-06 08:58:11\tpin=1\n"),
        ("cdata", "&table=tabledata&tablename=user&count=1", "user pin=1\n"),
        ("registry", "", "DeviceType=acc,FirmVer=Ver7"),
        ("cdata", "&type=PostVerifyData", "PIN=1"),
    ]
    .into_iter()
    .map(|(path, query, body)| (format!("/iclock/{path}?SN={sn}{query}"), body))
    .collect()
}

#[tokio::test]
async fn i1_a_strangers_uploads_are_refused_and_stored_nowhere() {
    let rig = Rig::start().await;
    for (target, body) in uploads("STRANGER1") {
        let answer = rig.post(&target, body).await;
        answer.is_refused(503);
        // And in pieces, where nothing of it is even kept in memory.
        let mut line = rig.connect().await;
        line.send(format!("POST {target} HTTP/1.1\r\nContent-Length: {}\r\n\r\n", body.len())).await;
        tokio::task::yield_now().await;
        line.send(body).await;
        line.answer().await.is_refused(503);
    }
    assert!(rig.punches().await.is_empty() && rig.rejected().await.is_empty() && rig.kept().await.is_empty());
}

#[tokio::test]
async fn i1_a_stranger_is_kept_calling_with_the_sites_zone_and_without_commands() {
    let rig = Rig::start().await;
    let answer = rig.get("/iclock/cdata?SN=STRANGER1&options=all&pushver=2.4.1&language=83").await;
    assert!(answer.body.starts_with("GET OPTION FROM: STRANGER1\n"), "{answer:?}");
    assert!(answer.body.contains("\nTimeZone=330\n"), "{answer:?}");
    rig.get("/iclock/getrequest?SN=STRANGER1&INFO=Ver9,1,2,3,192.168.1.5").await.is_ok("OK");
    rig.get("/iclock/ping?SN=STRANGER1").await.is_ok("OK");
    rig.post("/iclock/cdata?SN=STRANGER1&table=options", "~DeviceName=FaceClock 7,UserCount=17,ComPwd=1")
        .await
        .is_ok("OK");
    let strangers = rig.fleet.strangers();
    let info = &strangers[0].info;
    assert_eq!(strangers.len(), 1);
    assert_eq!(strangers[0].address, "127.0.0.1");
    assert_eq!(strangers[0].knocks, 4);
    assert_eq!(
        info.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect::<Vec<_>>(),
        [
            ("DeviceName", "FaceClock 7"),
            ("FWVersion", "Ver9"),
            ("UserCount", "17"),
            ("dialect", "attendance"),
            ("language", "83"),
            ("pushver", "2.4.1")
        ]
    );
}

#[tokio::test]
async fn i1_what_a_stranger_kept_arrives_after_adopting() {
    let rig = Rig::start().await;
    rig.punch("STRANGER1", LINE).await.is_refused(503);
    rig.add("stranger1", chrono_tz::Asia::Kolkata).await;
    assert!(rig.fleet.strangers().is_empty());
    rig.punch("STRANGER1", LINE).await.is_ok("OK: 1");
    assert_eq!(rig.punches().await.len(), 1);
}

#[tokio::test]
async fn i1_a_disabled_machine_is_treated_alike() {
    let rig = Rig::start().await;
    rig.change(MachineChange { enabled: Some(false), ..MachineChange::default() }).await;
    for (target, body) in uploads(SN) {
        rig.post(&target, body).await.is_refused(503);
    }
    let answer = rig.get(&format!("/iclock/cdata?SN={SN}&options=all&pushver=2.4.1&DeviceType=att")).await;
    assert!(answer.body.contains("\nTimeZone=8\n"), "{answer:?}");
    rig.get(&format!("/iclock/getrequest?SN={SN}")).await.is_ok("OK");
    rig.post(&format!("/iclock/cdata?SN={SN}&table=options"), "UserCount=17").await.is_ok("OK");
    assert!(rig.fleet.strangers().is_empty() && rig.kept().await.is_empty());
    rig.change(MachineChange { enabled: Some(true), ..MachineChange::default() }).await;
    rig.punch(SN, LINE).await.is_ok("OK: 1");
    assert_eq!(rig.punches().await.len(), 1);
}

#[tokio::test]
async fn i1_a_stranger_adopted_in_mid_upload_sends_it_again() {
    let rig = Rig::start().await;
    let mut line = rig.connect().await;
    let head = format!(
        "POST /iclock/cdata?SN=NEW1&table=ATTLOG HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        LINE.len()
    );
    line.send(head).await;
    // Now it is certain that the request was taken for a stranger's.
    line.one_read().await;
    rig.add("NEW1", chrono_tz::UTC).await;
    line.send(LINE).await;
    line.answer().await.is_refused(503);
    rig.punch("NEW1", LINE).await.is_ok("OK: 1");
}

#[tokio::test]
async fn i1_fk_strangers_get_error_and_nothing_to_do() {
    let rig = Rig::start().await;
    let request = |code: &str| {
        format!(
            "POST / HTTP/1.1\r\nrequest_code: {code}\r\ndev_id: C26013500122\r\nContent-Length: 2\r\n\r\n{{}}"
        )
    };
    let poll = rig.talk(request("receive_cmd")).await;
    assert!(poll.head.contains("\r\nresponse_code: ERROR_NO_CMD\r\n"), "{poll:?}");
    for code in ["realtime_glog", "realtime_enroll_data", "send_cmd_result", "unheard_of"] {
        let answer = rig.talk(request(code)).await;
        answer.is_refused(503);
        assert!(answer.head.contains("\r\nresponse_code: ERROR\r\n"), "{answer:?}");
    }
    assert_eq!(rig.fleet.strangers()[0].info["dialect"], "fk");
    let nobody = rig.talk("POST / HTTP/1.1\r\nrequest_code: realtime_glog\r\ndev_id: ../..\r\n\r\n").await;
    nobody.is_refused(400);
    assert_eq!(rig.fleet.strangers().len(), 1);
}

#[tokio::test]
async fn t12_one_stray_access_request_does_not_keep_a_machine_from_its_options() {
    let rig = Rig::start().await;
    let handshake = format!("/iclock/cdata?SN={SN}&options=all&pushver=2.0.1&language=83");
    let remembered = || async { rig.machine().await.dialect.map(rollcall_protocol::Dialect::as_str) };
    assert_eq!(rig.post(&format!("/iclock/registry?SN={SN}"), "DeviceType=acc").await.status(), 200);
    assert_eq!(remembered().await, Some("access"));
    // Before the next handshake, what only attendance machines send is taken already.
    rig.post(&format!("/iclock/event?SN={SN}"), "door\n").await.is_ok("OK");
    assert!(rig.get(&format!("/iclock/cdata?SN={SN}&type=time")).await.body.starts_with("Time="));
    assert_eq!(rig.kept().await, [("event".to_owned(), b"door\n".to_vec())]);
    assert_eq!(remembered().await, Some("access"));
    let answer = rig.get(&handshake).await;
    assert!(answer.body.starts_with(&format!("GET OPTION FROM: {SN}\n")), "{answer:?}");
    assert_eq!(remembered().await, Some("attendance"));
    // An access machine says so in its handshake, or in its headers.
    let typed = rig.get(&format!("{handshake}&DeviceType=acc")).await;
    assert!(typed.body.starts_with("registry=ok\n"), "{typed:?}");
    let headers = "Cookie: token=\r\nConnection: starting\r\nAccept: application/push\r\n";
    let untyped = rig.talk(format!("GET {handshake} HTTP/1.1\r\n{headers}\r\n")).await;
    assert!(untyped.body.starts_with("registry=ok\n"), "{untyped:?}");
    assert_eq!(remembered().await, Some("access"));
}

#[tokio::test]
async fn i1_a_handshake_says_what_a_stranger_speaks() {
    let rig = Rig::empty(Limits::default()).await;
    rig.post("/iclock/registry?SN=STRANGER1", "DeviceType=acc").await.is_refused(503);
    assert_eq!(rig.fleet.strangers()[0].info["dialect"], "access");
    rig.get("/iclock/cdata?SN=STRANGER1&options=all&pushver=2.4.1").await;
    assert_eq!(rig.fleet.strangers()[0].info["dialect"], "attendance");
}

#[tokio::test]
async fn i1_a_handshake_says_what_a_machine_speaks() {
    for device_type in ["", "&DeviceType=att"] {
        let rig = Rig::start().await;
        assert_eq!(rig.machine().await.dialect, None);
        rig.get(&format!("/iclock/cdata?SN={SN}&options=all&pushver=2.4.1{device_type}")).await;
        rig.get(&format!("/iclock/getrequest?SN={SN}")).await.is_ok("OK");
        assert_eq!(rig.machine().await.dialect, Some(rollcall_protocol::Dialect::Attendance));
    }
}

#[tokio::test]
async fn i1_five_thousand_invented_serial_numbers_do_not_push_a_real_machine_off_the_list() {
    let rig = Rig::empty(Limits::default()).await;
    for _ in 0..2 {
        rig.get("/iclock/getrequest?SN=REAL01").await.is_ok("OK");
    }
    let mut line = rig.connect().await;
    for n in 0..5000 {
        line.send(format!("GET /iclock/getrequest?SN=X{n} HTTP/1.1\r\n\r\n")).await;
        line.answer().await.is_ok("OK");
    }
    let strangers = rig.fleet.strangers();
    assert_eq!(strangers.len(), 500);
    assert!(strangers.iter().any(|stranger| stranger.sn == sn("REAL01")));
    rig.fleet.flush().await.unwrap();
    let stored = rig.site.read(rollcall_core::machines::stranger_list).await.unwrap();
    assert_eq!(stored.len(), 500);
}

#[tokio::test]
async fn i4_i6_any_request_makes_a_machine_online_and_tells_it_once() {
    let rig = Rig::start().await;
    let mut watcher = rig.events.subscribe();
    assert!(!rig.fleet.live(&sn(SN)).unwrap().online);
    for _ in 0..3 {
        rig.get(&format!("/iclock/getrequest?SN={SN}")).await.is_ok("OK");
    }
    let live = rig.fleet.live(&sn(SN)).unwrap();
    assert!(live.online && live.twins.is_none());
    assert_eq!(live.address.as_deref(), Some("127.0.0.1"));
    assert_eq!(patiently(watcher.next()).await, Some(Event::Machine { sn: sn(SN), stranger: false }));
    rig.punch(SN, LINE).await.is_ok("OK: 1");
    let Some(Event::Punch { sn: from, ids }) = patiently(watcher.next()).await else {
        panic!("a punch comes next")
    };
    assert_eq!((from, ids.len()), (sn(SN), 1));
    rig.clock.advance(chrono::TimeDelta::seconds(29));
    assert!(rig.fleet.live(&sn(SN)).unwrap().online);
    rig.clock.advance(chrono::TimeDelta::seconds(2));
    assert!(!rig.fleet.live(&sn(SN)).unwrap().online);
}

#[tokio::test]
async fn i5_serial_numbers_are_compared_without_case_and_never_trusted() {
    let rig = Rig::start().await;
    rig.punch("cqz7000000001", LINE).await.is_ok("OK: 1");
    assert!(rig.fleet.strangers().is_empty());
    for bad in ["a%00b", "%3Cscript%3E", "..%2F..", "%E7%A7%91", "a b"] {
        rig.punch(bad, LINE).await.is_refused(400);
    }
}

#[tokio::test]
async fn what_a_machine_says_of_itself_is_written_down() {
    let rig = Rig::start().await;
    rig.get(&format!("/iclock/cdata?SN={SN}&options=all&language=83&pushver=2.4.1&DeviceType=att")).await;
    let options = "~DeviceName=FaceClock 7,MAC=00:17:61:00:00:01,TransactionCount=1342,UserCount=17,FingerFunOn=1,FPCount=18,\
                   FaceCount=4,~OEMVendor=EXAMPLE CO., LTD.,FWVersion=ZAM70-NF24HA-Ver3.3.12,VisilightFun=1";
    rig.post(&format!("/iclock/cdata?SN={SN}&table=options"), options).await.is_ok("OK");
    let machine = rig.machine().await;
    assert_eq!(machine.firmware.as_deref(), Some("ZAM70-NF24HA-Ver3.3.12"));
    assert_eq!(machine.protocol_version.as_deref(), Some("2.4.1"));
    assert_eq!(machine.capabilities, [Capability::Fingerprint, Capability::VisibleLightFace]);
    assert_eq!(machine.options["OEMVendor"], "EXAMPLE CO., LTD.");
    assert_eq!(
        (
            machine.reported.people,
            machine.reported.fingerprints,
            machine.reported.faces,
            machine.reported.punches
        ),
        (Some(17), Some(18), Some(4), Some(1342))
    );
    let info = "ZAM70-NF24HA-Ver3.3.13,19,20,1350,192.168.1.201,10,7,12,5,11101,3,0,55";
    rig.get(&format!("/iclock/getrequest?SN={SN}&INFO={info}")).await.is_ok("OK");
    let machine = rig.machine().await;
    assert_eq!(machine.firmware.as_deref(), Some("ZAM70-NF24HA-Ver3.3.13"));
    assert_eq!((machine.reported.people, machine.reported.punches), (Some(19), Some(1350)));
    assert_eq!(machine.address.as_deref(), Some("127.0.0.1"));
    assert_eq!(machine.dialect, Some(rollcall_protocol::Dialect::Attendance));
}
