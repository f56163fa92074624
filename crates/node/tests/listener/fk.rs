//! The FK dialect over real sockets.

use rollcall_core::Connection;
use rollcall_core::Sn;
use rollcall_core::clock;
use rollcall_core::commands::CommandState;
use rollcall_core::enrolments::{SeenView, seen_list, templates_of};
use rollcall_core::machine_log::{MachineEventView, machine_events};
use rollcall_core::machines::{Capability, MachineChange};
use rollcall_core::page::Page;
use rollcall_core::pictures::{picture_get, picture_of};
use rollcall_node::events::Event;
use rollcall_protocol::fk::log::short_record;
use rollcall_protocol::order::{Order, Pin, Privilege, TemplateKind};
use rollcall_protocol::{Dialect, WallTime};

use crate::support::{Rig, SN, patiently};

const GLOG: &[(&str, &str)] =
    &[("request_code", "realtime_glog"), ("trans_id", "RTLogSendAction"), ("blk_no", "0")];
const POLL: &[(&str, &str)] =
    &[("request_code", "receive_cmd"), ("trans_id", "ReceiveCommandAction"), ("blk_no", "0")];
const ENROL: &str = "realtime_enroll_data";
const INFO: &str = r#"{"fk_name":"CQZ7000000001","fk_time":"20260706093000","fk_info":{"supported_enroll_data":["FP","PASSWORD","IDCARD","FACE"],"fk_bin_data_lib":"FKDataHS102","firmware":"HS102_1.0","fp_data_ver":4,"face_data_ver":1}}"#;

/// An answer in this dialect.
struct Told {
    head: String,
    body: Vec<u8>,
}

impl Told {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.split("\r\n").find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    fn code(&self) -> &str {
        self.header("response_code").unwrap()
    }

    /// Not taken, and so that no machine takes it for a success (A2).
    #[track_caller]
    fn is_refused(&self, code: &str) {
        assert_eq!(self.code(), code, "{}", self.head);
        assert!(!self.head.to_ascii_uppercase().replace("BLOCK", "").contains("OK"), "{}", self.head);
    }

    /// The JSON of a command.
    fn json(&self) -> &str {
        let end = self.body.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        std::str::from_utf8(self.body.get(4..end).unwrap_or_default()).unwrap()
    }
}

fn request_to(target: &str, sn: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("POST {target} HTTP/1.0\r\nContent-Type: application/octet-stream\r\ndev_id: {sn}\r\n")
            .into_bytes();
    for (name, value) in headers {
        bytes.extend(format!("{name}: {value}\r\n").bytes());
    }
    bytes.extend(format!("Content-Length: {}\r\n\r\n", body.len()).bytes());
    bytes.extend_from_slice(body);
    bytes
}

fn framed(json: &str, blobs: &[&[u8]]) -> Vec<u8> {
    let length = |bytes: usize| u32::try_from(bytes).unwrap().to_le_bytes();
    let mut body = length(json.len() + 1).to_vec();
    body.extend_from_slice(json.as_bytes());
    body.push(0);
    for blob in blobs {
        body.extend(length(blob.len()));
        body.extend_from_slice(blob);
    }
    body
}

fn punch_json(pin: &str, time: &str) -> String {
    format!(
        r#"{{"fk_bin_data_lib":"FKDataHS102","user_id":"{pin}","verify_mode":268435456,"io_mode":16777216,"io_time":"{time}","log_image":null}}"#
    )
}

fn punch(pin: &str, time: &str) -> Vec<u8> {
    framed(&punch_json(pin, time), &[])
}

impl Rig {
    async fn fk_of(&self, sn: &str, headers: &[(&str, &str)], body: &[u8]) -> Told {
        self.fk_raw(&request_to("/", sn, headers, body)).await
    }

    async fn fk_raw(&self, bytes: &[u8]) -> Told {
        let mut line = self.connect().await;
        line.send(bytes).await;
        let answer = line.rest().await;
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        Told { head, body: answer[end + 4..].to_vec() }
    }

    async fn fk(&self, headers: &[(&str, &str)], body: &[u8]) -> Told {
        self.fk_of(SN, headers, body).await
    }

    async fn glog(&self, body: &[u8]) -> Told {
        self.fk(GLOG, body).await
    }

    async fn fk_poll(&self) -> Told {
        self.fk(POLL, &framed(INFO, &[])).await
    }

    /// A machine that has polled before, so that it is known to speak this dialect.
    async fn fk_rig() -> Self {
        let rig = Self::start().await;
        assert_eq!(rig.fk_poll().await.code(), "ERROR_NO_CMD");
        rig.machine().await;
        rig
    }

    async fn result(&self, id: &str, code: &str, body: &[u8]) -> Told {
        let headers = [
            ("request_code", "send_cmd_result"),
            ("trans_id", id),
            ("cmd_return_code", code),
            ("blk_no", "0"),
        ];
        self.fk(&headers, body).await
    }

    async fn seen(&self) -> Vec<SeenView> {
        let sn = Sn::new(SN).unwrap();
        self.site
            .read(move |conn| seen_list(conn, &sn, &Page { limit: 1000, cursor: None }))
            .await
            .unwrap()
            .items
    }

    async fn log(&self) -> Vec<MachineEventView> {
        let sn = Sn::new(SN).unwrap();
        self.site
            .read(move |conn| machine_events(conn, &sn, &Page { limit: 1000, cursor: None }))
            .await
            .unwrap()
            .items
    }

    /// Kind, number and bytes of the templates kept of somebody.
    async fn templates(&self, pin: &'static str) -> Vec<(TemplateKind, u16, Option<(u32, u32)>, Vec<u8>)> {
        let id = self.machine().await.id;
        let site = self.site.clone();
        let found = self.site.read(move |conn| templates_of(conn, site.vault(), id, pin)).await.unwrap();
        found.into_iter().map(|t| (t.kind, t.no, t.version, t.data)).collect()
    }
}

fn wall(text: &str) -> WallTime {
    WallTime::parse(text.as_bytes()).unwrap()
}

#[tokio::test]
async fn r8_fk_headers_decide_whatever_the_path() {
    let rig = Rig::start().await;
    for (n, target) in ["/", "/hdata.aspx", "/anything/at/all", "/iclock/cdata?SN=CQZ7000000002&table=ATTLOG"]
        .iter()
        .enumerate()
    {
        let body = punch("1001", &format!("2026070608581{n}"));
        let told = rig.fk_raw(&request_to(target, SN, GLOG, &body)).await;
        assert_eq!((told.code(), told.header("trans_id")), ("OK", Some("RTLogSendAction")), "{target}");
    }
    // Another model names its requests in another header.
    let other = [("cmd_id", "RTLogSendAction")];
    assert_eq!(rig.fk(&other, &punch("1001", "20260706085819")).await.code(), "OK");
    assert_eq!(rig.fk(&[("cmd_id", "ReceiveCommandAction")], b"").await.code(), "ERROR_NO_CMD");
    assert_eq!(rig.punches().await.len(), 5);
    assert_eq!(rig.machine().await.dialect, Some(Dialect::Fk));
    assert!(rig.fleet.strangers().is_empty());
}

#[tokio::test]
async fn h2_exact_bytes_of_an_acknowledgement_and_of_a_command() {
    let rig = Rig::fk_rig().await;
    let mut line = rig.connect().await;
    line.send(request_to("/", SN, GLOG, &punch("1001", "20260706085811"))).await;
    assert_eq!(
        String::from_utf8(line.rest().await).unwrap(),
        "HTTP/1.0 200 OK\r\nContent-Type: application/octet-stream\r\nresponse_code: OK\r\ntrans_id: RTLogSendAction\r\n\
         Content-Length: 0\r\nConnection: close\r\n\r\n"
    );
    let id = rig.order(Order::SetClock).await;
    let mut line = rig.connect().await;
    line.send(request_to("/", SN, POLL, b"")).await;
    assert_eq!(
        String::from_utf8(line.rest().await).unwrap(),
        format!(
            "HTTP/1.0 200 OK\r\nContent-Type: application/octet-stream\r\nresponse_code: OK\r\ntrans_id: {id}\r\n\
             cmd_code: SET_TIME\r\nContent-Length: 30\r\nConnection: close\r\n\r\n\
             \u{1a}\0\0\0{{\"time\":\"20260706093000\"}}\0"
        )
    );
}

#[tokio::test]
async fn t1_t2_t3_old_and_new_requests_with_odd_headers() {
    let rig = Rig::start().await;
    let body = punch("1001", "20260706085811");
    for head in [
        format!("POST / HTTP/1.0\r\nContent-Length: {}", body.len()),
        format!("POST / HTTP/1.1\r\nHost: x\r\nConnection: keep-alive\r\nContent-Length: {}", body.len()),
        format!(
            "POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}",
            body.len()
        ),
        "POST / HTTP/1.0\r\nContent-Type: text/plain".to_owned(),
    ] {
        let mut bytes = format!("{head}\r\nrequest_code: realtime_glog\r\ndev_id: {SN}\r\n\r\n").into_bytes();
        bytes.extend_from_slice(&body);
        let mut line = rig.connect().await;
        line.send(bytes).await;
        if !head.contains("Content-Length") {
            tokio::io::AsyncWriteExt::shutdown(&mut line.stream).await.unwrap();
        }
        let answer = String::from_utf8(line.rest().await).unwrap();
        assert!(
            answer.contains("\r\nresponse_code: OK\r\n") && answer.contains("\r\nConnection: close\r\n"),
            "{answer}"
        );
    }
    assert_eq!(rig.punches().await.len(), 1, "and nothing took the body for a form");
}

#[tokio::test]
async fn t7_a_body_without_a_length_that_is_cut_is_not_taken() {
    let rig = Rig::start().await;
    let body = punch("1001", "20260706085811");
    let send = async |bytes: &[u8]| {
        let mut line = rig.connect().await;
        let head = format!(
            "POST / HTTP/1.0\r\nrequest_code: realtime_glog\r\ndev_id: {SN}\r\nblk_no: 0\r\nblk_len: {}\r\n\r\n",
            body.len()
        );
        line.send([head.as_bytes(), bytes].concat()).await;
        tokio::io::AsyncWriteExt::shutdown(&mut line.stream).await.unwrap();
        String::from_utf8(line.rest().await).unwrap()
    };
    let refused = send(&body[..body.len() - 3]).await;
    assert!(refused.contains("\r\nresponse_code: ERROR_ADD_BLOCK_DATA\r\n"), "{refused}");
    assert!(rig.punches().await.is_empty());
    assert!(send(&body).await.contains("\r\nresponse_code: OK\r\n"));
    assert_eq!(rig.punches().await.len(), 1);
}

#[tokio::test]
async fn a1_nothing_is_acknowledged_before_the_commit() {
    let rig = Rig::start().await;
    let other = Connection::open(rig.folder.path().join("site.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut line = rig.connect().await;
    line.send(request_to("/", SN, GLOG, &punch("1001", "20260706085811"))).await;
    for _ in 0..20 {
        assert_eq!(rig.fk(POLL, b"").await.code(), "ERROR_NO_CMD");
    }
    let mut byte = [0];
    assert!(line.stream.try_read(&mut byte).is_err(), "answered before the commit");
    other.execute_batch("ROLLBACK").unwrap();
    let answer = String::from_utf8(line.rest().await).unwrap();
    assert!(answer.contains("\r\nresponse_code: OK\r\n"), "{answer}");
    assert_eq!(rig.punches().await.len(), 1);
}

#[tokio::test]
async fn a2_a_storage_failure_is_an_error_and_nothing_is_lost() {
    let rig = Rig::start().await;
    let photo = punch_json("1001", "20260706085812").replace("null", "\"BIN_1\"");
    let enrol = framed(
        r#"{"user_id":"7","user_name":"x","enroll_data_array":[{"backup_number":0,"enroll_data":"BIN_1"}]}"#,
        &[&[7; 300]],
    );
    let (first, last) = enrol.split_at(200);
    let block = |number| [("request_code", ENROL), ("trans_id", "RTEnrollDataAction"), ("blk_no", number)];
    let other = Connection::open(rig.folder.path().join("site.db")).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    rig.glog(&punch("1001", "20260706085811")).await.is_refused("ERROR");
    rig.glog(&framed(&photo, &[b"jpeg"])).await.is_refused("ERROR");
    assert_eq!(rig.fk(&block("1"), first).await.code(), "OK");
    rig.fk(&block("0"), last).await.is_refused("ERROR");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(rig.glog(&punch("1001", "20260706085811")).await.code(), "OK");
    assert_eq!(rig.glog(&framed(&photo, &[b"jpeg"])).await.code(), "OK");
    // The last block alone is enough: what came before it is still here.
    assert_eq!(rig.fk(&block("0"), last).await.code(), "OK");
    assert_eq!(rig.punches().await.len(), 2);
    assert_eq!(rig.templates("7").await.len(), 1);
}

#[tokio::test]
async fn a4_what_nobody_can_read_is_kept_and_taken() {
    let rig = Rig::start().await;
    for (n, body) in [&b"\x05\0\0\0{\"us"[..], b"{\"user_id\":\"7\"", b"\x02\0\0\0[]"].iter().enumerate() {
        assert_eq!(rig.glog(body).await.code(), "OK", "{n}");
    }
    assert_eq!(rig.rejected().await.len(), 2);
    assert_eq!(
        rig.fk(&[("request_code", "realtime_slog")], b"x").await.code(),
        "ERROR_ADD_BLOCK_DATA",
        "perhaps a piece"
    );
    for _ in 0..3 {
        rig.fk(&[("request_code", "realtime_slog")], b"x").await;
    }
    assert_eq!(rig.fk(&[("request_code", "realtime_slog")], &framed("{\"a\":1}", &[])).await.code(), "OK");
    assert_eq!(rig.fk(&[("request_code", "realtime_slog")], b"").await.code(), "ERROR_INVLAID_REQUEST_CODE");
    let count = rig.kept().await.len();
    assert_eq!(count, 4);
    assert!(rig.punches().await.is_empty());
}

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
async fn q5_a_poll_takes_one_command_and_the_next_takes_the_next() {
    let rig = Rig::fk_rig().await;
    let first = rig.order(Order::ReadInfo).await;
    let second = rig.order(Order::SetClock).await;
    let told = rig.fk_poll().await;
    assert_eq!((told.code(), told.header("cmd_code")), ("OK", Some("GET_DEVICE_STATUS")));
    assert_eq!(told.header("trans_id"), Some(&*first.to_string()));
    assert!(told.body.is_empty());
    let status = framed(
        r#"{"user_count":"17","user_max":1000,"fp_count":18,"face_count":4,"total_log_count":1342}"#,
        &[],
    );
    assert_eq!(
        rig.result(&first.to_string(), "OK", &status).await.header("trans_id"),
        Some(&*first.to_string())
    );
    let told = rig.fk_poll().await;
    assert_eq!(
        (told.header("trans_id"), told.header("cmd_code")),
        (Some(&*second.to_string()), Some("SET_TIME"))
    );
    assert_eq!(rig.result(&second.to_string(), "ERROR_INVALID_PARAM", b"").await.code(), "OK");
    assert_eq!(rig.fk_poll().await.code(), "ERROR_NO_CMD");
    let commands = rig.commands().await;
    assert_eq!(rig.states().await, [CommandState::Failed, CommandState::Done]);
    assert_eq!(commands[0].reason.as_deref(), Some("machine.parameter"));
    assert_eq!(commands[0].detail.as_deref(), Some("ERROR_INVALID_PARAM"));
    let reported = rig.machine().await.reported;
    assert_eq!(
        (reported.people, reported.fingerprints, reported.faces, reported.punches),
        (Some(17), Some(18), Some(4), Some(1342))
    );
}

#[tokio::test]
async fn q4_a_restart_goes_out_once_and_is_done_when_the_machine_asks_again() {
    let rig = Rig::fk_rig().await;
    rig.order(Order::Restart).await;
    assert_eq!(rig.fk_poll().await.header("cmd_code"), Some("RESET_FK"));
    rig.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(rig.fk_poll().await.code(), "ERROR_NO_CMD");
    assert_eq!(rig.states().await, [CommandState::Done]);
}

#[tokio::test]
async fn d6_a_list_of_people_is_followed_by_questions_about_each_of_them_once() {
    let rig = Rig::fk_rig().await;
    let id = rig.order(Order::ReadPeople).await.to_string();
    assert_eq!(rig.fk_poll().await.header("cmd_code"), Some("GET_USER_ID_LIST"));
    let list = framed(
        r#"{"user_id_count":2,"one_user_id_size":8,"user_id_array":"BIN_1"}  "#,
        &[b"\xE9\x03\0\0\0\x01\0\0\xEA\x03\0\0\x01\x01\0\0"],
    );
    for _ in 0..2 {
        assert_eq!(rig.result(&id, "OK", &list).await.code(), "OK");
    }
    let pins: Vec<_> = rig.seen().await.into_iter().map(|person| person.pin).collect();
    assert_eq!(pins, ["1001", "1002"]);
    assert_eq!(rig.commands().await.len(), 3, "a result that comes twice is followed once");

    let told = rig.fk_poll().await;
    assert_eq!((told.header("cmd_code"), told.json()), (Some("GET_USER_INFO"), r#"{"user_id":"1001"}"#));
    let user = r#"{"user_id":"1001","user_name":"张三","user_privilege":"MANAGER","user_photo":"BIN_1","enroll_data_array":[{"backup_number":0,"enroll_data":"BIN_2"},{"backup_number":11,"enroll_data":"BIN_3"}]}"#;
    let first = told.header("trans_id").unwrap().to_owned();
    assert_eq!(
        rig.result(&first, "OK", &framed(user, &[b"jpeg", &[9; 1404], b"0012345678"])).await.code(),
        "OK"
    );
    let told = rig.fk_poll().await;
    assert_eq!(told.json(), r#"{"user_id":"1002"}"#);
    assert_eq!(rig.result(told.header("trans_id").unwrap(), "ERROR_NO_USER", b"").await.code(), "OK");
    assert_eq!(rig.fk_poll().await.code(), "ERROR_NO_CMD");

    let seen = rig.seen().await;
    assert_eq!(seen.len(), 1, "the machine did not know the other one after all");
    assert_eq!(
        (seen[0].name.as_str(), seen[0].privilege, seen[0].raw_privilege.as_str()),
        ("张三", Privilege::Administrator, "MANAGER")
    );
    assert_eq!(seen[0].card, "0012345678");
    let mut templates = rig.templates("1001").await;
    templates.sort();
    assert_eq!(
        templates,
        [
            (TemplateKind::Fingerprint, 0, Some((4, 0)), vec![9; 1404]),
            (TemplateKind::Picture, 0, None, b"jpeg".to_vec())
        ]
    );
}

#[tokio::test]
async fn u6_whoever_is_enrolled_at_the_machine_comes_in_blocks_and_is_written_down() {
    let rig = Rig::fk_rig().await;
    let user = r#"{"user_id":"1001","user_name":"李四","user_privilege":"REGISTER","enroll_data_array":[{"backup_number":3,"enroll_data":"BIN_1"},{"backup_number":10,"enroll_data":"BIN_2"}]}"#;
    let message = framed(user, &[&[5; 20_000], b"4321"]);
    let block = |number| [("request_code", ENROL), ("trans_id", "RTEnrollDataAction"), ("blk_no", number)];
    let blocks: Vec<&[u8]> = message.chunks(8192).collect();
    for (number, bytes) in ["1", "2", "0"].into_iter().zip(blocks) {
        let told = rig.fk(&block(number), bytes).await;
        assert_eq!((told.code(), told.header("trans_id")), ("OK", Some("RTEnrollDataAction")));
    }
    let seen = rig.seen().await;
    assert_eq!(
        (seen[0].name.as_str(), seen[0].privilege, seen[0].has_password),
        ("李四", Privilege::Registrar, true)
    );
    assert_eq!(rig.templates("1001").await, [(TemplateKind::Fingerprint, 3, Some((4, 0)), vec![5; 20_000])]);
    let log = rig.log().await;
    assert_eq!((log.len(), log[0].kind.as_str(), log[0].objects[0].as_str()), (1, "enrolment", "1001"));
    assert!(rig.commands().await.is_empty(), "nothing is sent back");
    // A block that is missing: begin again.
    rig.fk(&block("1"), &message[..100]).await;
    rig.fk(&block("3"), &message[100..]).await.is_refused("ERROR_ADD_BLOCK_DATA");
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
async fn c5_a_machine_that_lost_its_clock_is_told_the_time() {
    let rig = Rig::fk_rig().await;
    let lost = INFO.replace("20260706093000", "20150101000000");
    assert_eq!(rig.fk(POLL, &framed(&lost, &[])).await.code(), "ERROR_NO_CMD");
    let told = rig.fk(POLL, &framed(&lost, &[])).await;
    assert_eq!((told.header("cmd_code"), told.json()), (Some("SET_TIME"), r#"{"time":"20260706093000"}"#));
    assert_eq!(rig.commands().await[0].who, "system");
    rig.result(told.header("trans_id").unwrap(), "OK", b"").await;
    // It does not listen: it is not told again with every poll.
    for _ in 0..3 {
        assert_eq!(rig.fk(POLL, &framed(&lost, &[])).await.code(), "ERROR_NO_CMD");
    }
    assert_eq!(rig.commands().await.len(), 1);
}

#[tokio::test]
async fn c2_no_clock_is_set_where_somebody_has_said_so() {
    use rollcall_core::settings::{settings_change, settings_get};
    let rig = Rig::fk_rig().await;
    rig.site
        .write(|tx| {
            let mut settings = settings_get(tx)?;
            settings.steer_clocks = false;
            settings_change(tx, &rollcall_core::Actor::console(), &settings)?;
            Ok::<_, rollcall_core::db::Error>(())
        })
        .await
        .unwrap();
    let lost = INFO.replace("20260706093000", "20150101000000");
    for _ in 0..3 {
        assert_eq!(rig.fk(POLL, &framed(&lost, &[])).await.code(), "ERROR_NO_CMD");
    }
    assert!(rig.commands().await.is_empty());
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
async fn i5_odd_headers_do_no_harm() {
    let rig = Rig::start().await;
    let long = "x".repeat(3000);
    for headers in [
        &[("request_code", "realtime_glog"), ("blk_no", "x")][..],
        &[("request_code", "realtime_glog"), ("blk_no", "-1")],
    ] {
        rig.fk(headers, &punch("1", "20260706085811")).await.is_refused("ERROR_ADD_BLOCK_DATA");
    }
    for trans_id in [long.as_str(), "a b", "张三", ""] {
        let told = rig
            .fk(&[("request_code", "realtime_glog"), ("trans_id", trans_id)], &punch("1", "20260706085811"))
            .await;
        assert_eq!((told.code(), told.header("trans_id")), ("OK", None), "{trans_id:?}");
    }
    let nobody = rig.fk_of("../../etc", GLOG, &punch("1", "20260706085811")).await;
    assert_eq!(nobody.code(), "ERROR");
    assert_eq!(rig.punches().await.len(), 1);
    assert_eq!(clock::offset_at(chrono_tz::Asia::Shanghai, rig.punches().await[0].wall), 28800);
}

#[tokio::test]
async fn u1_deleting_and_clearing_is_written_down_when_it_is_done() {
    let rig = Rig::fk_rig().await;
    let list = framed(r#"{"user_id_list":["1","2","3"]}"#, &[]);
    assert_eq!(
        rig.result("4711", "OK", &list).await.code(),
        "OK",
        "somebody else's command is taken as well"
    );
    assert_eq!((rig.seen().await.len(), rig.commands().await.len()), (3, 0));
    for (order, code, left) in [
        (Order::DeletePerson { pin: Pin::new("2").unwrap() }, "DELETE_USER", 2),
        (Order::ClearPeople, "CLEAR_ENROLL_DATA", 0),
    ] {
        let id = rig.order(order).await.to_string();
        assert_eq!(rig.fk_poll().await.header("cmd_code"), Some(code));
        assert_eq!(rig.result(&id, "OK", b"").await.code(), "OK");
        assert_eq!(rig.seen().await.len(), left);
    }
}

#[tokio::test]
async fn c7_the_clock_is_measured_by_polls_and_not_by_punches_that_waited() {
    let rig = Rig::fk_rig().await;
    let live = || rig.fleet.live(&Sn::new(SN).unwrap()).unwrap();
    assert_eq!(live().clock_skew.map(|(seconds, _)| seconds), Some(0));
    // A queue being emptied: an hour old, one after the other.
    for second in 10..20 {
        assert_eq!(rig.glog(&punch("1", &format!("202607060830{second}"))).await.code(), "OK");
    }
    assert!(!live().clock_off);
    let fast = INFO.replace("20260706093000", "20260706093500");
    assert_eq!(rig.fk(POLL, &framed(&fast, &[])).await.code(), "ERROR_NO_CMD");
    assert!(live().clock_off);
    assert_eq!(live().clock_skew.map(|(seconds, _)| seconds), Some(300));
    assert_eq!(rig.glog(&punch("1", "20260706083100")).await.code(), "OK");
    assert!(rig.punches().await.iter().any(|p| p.flags.has(rollcall_core::punches::Flag::ClockOff)));
    assert!(rig.commands().await.is_empty(), "a clock that is wrong, but not lost, is left to people");
}

#[tokio::test]
async fn s2_a_whole_memory_in_one_answer_is_stored_in_parts_and_once() {
    let rig = Rig::fk_rig().await;
    let start = wall("2026-07-01 00:00:00").seconds();
    let records: Vec<u8> = (1..=6000_u32)
        .flat_map(|n| short_record(n, 1, 0x10, WallTime::from_seconds(start + i64::from(n))))
        .collect();
    let log = framed(r#"{"log_count":6000,"one_log_size":12,"log_array":"BIN_1"}"#, &[&records]);
    let block = |number| {
        [
            ("request_code", "send_cmd_result"),
            ("trans_id", "7"),
            ("cmd_return_code", "OK"),
            ("blk_no", number),
        ]
    };
    for _ in 0..2 {
        let (first, last) = log.split_at(50_000);
        assert_eq!(rig.fk(&block("1"), first).await.code(), "OK");
        assert_eq!(rig.fk(&block("0"), last).await.code(), "OK");
        let totals = rig.site.read(rollcall_core::punches::punch_totals).await.unwrap();
        assert_eq!((totals.punches, totals.rejected), (6000, 0));
    }
    // Somebody's live punch is among them.
    assert_eq!(rig.glog(&punch("7", "20260701000007")).await.code(), "OK");
    assert_eq!(rig.site.read(rollcall_core::punches::punch_totals).await.unwrap().punches, 6000);
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
