//! T: how requests arrive.

use std::time::Duration;

use rollcall_node::listener::Limits;
use tokio::io::AsyncWriteExt;

use crate::support::{LINE, Rig, SN, accepted, patiently, post};

#[tokio::test]
async fn t1_http_1_0_and_1_1_with_and_without_host() {
    let rig = Rig::start().await;
    rig.talk(format!("GET /iclock/ping?SN={SN} HTTP/1.1\r\n\r\n")).await.is_ok("OK");
    rig.talk(format!("GET /iclock/ping?SN={SN} HTTP/1.1\r\nHost: x\r\n\r\n")).await.is_ok("OK");
    for head in ["\r\n", "Host: x\r\n\r\n"] {
        let mut line = rig.connect().await;
        line.send(format!("GET /iclock/ping?SN={SN} HTTP/1.0\r\n{head}")).await;
        let answer = String::from_utf8(line.rest().await).unwrap();
        assert_eq!(answer, accepted("OK", "close").replace("HTTP/1.1", "HTTP/1.0"));
    }
}

#[tokio::test]
async fn t2_keep_alive_is_kept_and_close_is_closed() {
    let rig = Rig::start().await;
    let mut line = rig.connect().await;
    for _ in 0..3 {
        line.send(format!("GET /iclock/getrequest?SN={SN} HTTP/1.1\r\nConnection: starting\r\n\r\n")).await;
        line.answer().await.is_ok("OK");
        line.send(post(&format!("/iclock/cdata?SN={SN}&table=ATTLOG"), LINE)).await;
        line.answer().await.is_ok("OK: 1");
    }
    line.send(format!("GET /iclock/getrequest?SN={SN} HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")).await;
    assert!(line.answer().await.head.contains("\r\nConnection: keep-alive\r\n"));
    line.send(format!("GET /iclock/getrequest?SN={SN} HTTP/1.1\r\nConnection: close\r\n\r\n")).await;
    assert_eq!(String::from_utf8(line.rest().await).unwrap(), accepted("OK", "close"));
}

#[tokio::test]
async fn t2_requests_sent_ahead_are_answered_in_order() {
    let rig = Rig::start().await;
    let mut line = rig.connect().await;
    let mut bytes = post(&format!("/iclock/cdata?SN={SN}&table=ATTLOG"), LINE);
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(format!("GET /iclock/ping?SN={SN} HTTP/1.1\r\n\r\n").as_bytes());
    bytes.extend_from_slice(format!("GET /iclock/nothing?SN={SN} HTTP/1.1\r\n\r\n").as_bytes());
    line.send(bytes).await;
    line.answer().await.is_ok("OK: 1");
    line.answer().await.is_ok("OK");
    line.answer().await.is_refused(404);
}

#[tokio::test]
async fn t3_no_content_type_makes_a_form_of_a_body() {
    let rig = Rig::start().await;
    let body = "BIODATA Pin=1003\tTmp=AAEC+wQF/Bg=&x%20y\n";
    for kind in [
        "",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        "Content-Type: text/plain\r\n",
        "Content-Type: application/push;charset=UTF-8\r\n",
        "Content-Type: application/octet-stream\r\n",
        "Content-Type: \r\n",
    ] {
        let head = format!("POST /iclock/cdata?SN={SN}&table=BIODATA HTTP/1.1\r\n{kind}");
        rig.talk(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())).await.is_ok("OK: 1");
    }
    let kept = rig.kept().await;
    assert_eq!(kept.len(), 6);
    assert!(kept.iter().all(|(table, kept)| table == "BIODATA" && kept == body.as_bytes()));
}

#[tokio::test]
async fn t4_posts_without_a_body_also_as_get() {
    let rig = Rig::start().await;
    for target in
        ["cdata?table=ATTLOG&", "cdata?table=OPERLOG&", "cdata?table=options&", "devicecmd?", "fdata?"]
    {
        for request in [
            format!("GET /iclock/{target}SN={SN} HTTP/1.1\r\n\r\n"),
            format!("POST /iclock/{target}SN={SN} HTTP/1.1\r\n\r\n"),
            format!("POST /iclock/{target}SN={SN} HTTP/1.1\r\nContent-Length: 0\r\n\r\n"),
        ] {
            rig.talk(request).await.is_ok("OK");
        }
    }
    assert!(rig.kept().await.is_empty());
}

#[tokio::test]
async fn t4_an_old_post_without_body_or_length_is_answered_while_it_waits() {
    let rig = Rig::with(Limits { silence: Duration::from_millis(100), ..Limits::default() }).await;
    let mut line = rig.connect().await;
    line.send(format!("POST /iclock/devicecmd?SN={SN} HTTP/1.0\r\n\r\n")).await;
    assert_eq!(line.answer().await.body, "OK");
}

#[tokio::test]
async fn t5_length_until_close_and_chunks() {
    let rig = Rig::start().await;
    let target = format!("/iclock/cdata?SN={SN}&table=ATTLOG");
    rig.post(&target, LINE).await.is_ok("OK: 1");

    let mut line = rig.connect().await;
    line.send(format!("POST {target} HTTP/1.0\r\n\r\n{LINE}")).await;
    line.send("1002\t2026-07-06 08:59:00\t0\t1\n").await;
    line.stream.shutdown().await.unwrap();
    assert_eq!(line.answer().await.body, "OK: 2");

    let (first, second) = LINE.split_at(17);
    let chunked = format!(
        "POST {target} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:X};x=y\r\n{second}\r\n0\r\n\r\n",
        first.len(),
        second.len()
    );
    rig.talk(chunked).await.is_ok("OK: 1");
    assert_eq!(rig.punches().await.len(), 2);
}

#[tokio::test]
async fn t5_equal_lengths_are_one_and_different_ones_are_refused() {
    let rig = Rig::start().await;
    let (target, length) = (format!("/iclock/cdata?SN={SN}&table=ATTLOG"), LINE.len());
    let repeated = format!("Content-Length: {length}\r\ncontent-length: {length}\r\n");
    rig.talk(format!("POST {target} HTTP/1.1\r\n{repeated}\r\n{LINE}")).await.is_ok("OK: 1");
    for broken in [
        format!("Content-Length: {length}\r\nContent-Length: {}\r\n", length - 1),
        "Content-Length: nine\r\n".to_owned(),
        "Content-Length: -1\r\n".to_owned(),
        // A body nobody announced: taken for none, it would be acknowledged and lost.
        String::new(),
        format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n"),
    ] {
        let mut line = rig.connect().await;
        line.send(format!("POST {target} HTTP/1.1\r\n{broken}\r\n1002\t2026-07-06 08:58:11\t0\t15\n")).await;
        let answer = line.answer().await;
        answer.is_refused(400);
        assert!(answer.head.contains("\r\nConnection: close\r\n"));
        line.stream.shutdown().await.unwrap();
        assert!(line.rest().await.is_empty());
    }
    assert_eq!(rig.punches().await.len(), 1);
}

#[tokio::test]
async fn t6_expect_100_continue_is_answered_before_the_body() {
    let rig = Rig::start().await;
    let mut line = rig.connect().await;
    line.send(format!(
        "POST /iclock/cdata?SN={SN}&table=ATTLOG HTTP/1.1\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        LINE.len()
    ))
    .await;
    assert_eq!(line.one_read().await, b"HTTP/1.1 100 Continue\r\n\r\n");
    line.send(LINE).await;
    line.answer().await.is_ok("OK: 1");
}

#[tokio::test]
async fn t7_short_body_is_not_acknowledged() {
    let rig = Rig::start().await;
    let target = format!("/iclock/cdata?SN={SN}&table=ATTLOG");
    for request in [
        // One byte of the last line is missing, and nobody could tell from the line.
        format!("POST {target} HTTP/1.1\r\nContent-Length: {}\r\n\r\n{}", LINE.len(), LINE.trim_end()),
        format!("POST {target} HTTP/1.1\r\nContent-Length: 20000000\r\n\r\n{LINE}"),
        format!("POST {target} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{LINE}\r\n", LINE.len()),
        format!("POST {target} HTTP/1.1\r\nContent-Length: {}\r\n\r\n", LINE.len()),
        format!("POST {target} HTTP/1.1\r\nContent-Le"),
    ] {
        let mut line = rig.connect().await;
        line.send(&request).await;
        line.stream.shutdown().await.unwrap();
        assert_eq!(line.rest().await, b"", "{request:?}");
    }
    assert!(rig.punches().await.is_empty());
    // All of it again, as the machine does.
    rig.punch(SN, LINE).await.is_ok("OK: 1");
}

#[tokio::test]
async fn t8_header_names_in_any_case_and_odd_values() {
    let rig = Rig::start().await;
    let head = format!(
        "POST /iclock/cdata?SN={SN}&table=ATTLOG HTTP/1.1\r\nhOST:\r\nUSER-AGENT: \u{79d1}\u{5bc6} /1.09\r\n"
    );
    let mut bytes = head.into_bytes();
    // A name in GBK, which is not UTF-8.
    bytes.extend_from_slice(b"X-Name: \xbf\xc6\xc3\xdc\r\n");
    bytes.extend_from_slice(format!("cONTENT-lENGTH:{}\r\n\r\n{LINE}", LINE.len()).as_bytes());
    rig.talk(bytes).await.is_ok("OK: 1");
}

#[tokio::test]
async fn t9_dribbled_requests_are_understood() {
    let rig = Rig::start().await;
    let mut line = rig.connect().await;
    line.stream.set_nodelay(true).unwrap();
    for byte in post(&format!("/iclock/cdata?SN={SN}&table=ATTLOG"), LINE) {
        line.send([byte]).await;
        tokio::task::yield_now().await;
    }
    line.answer().await.is_ok("OK: 1");
}

#[tokio::test]
async fn t9_a_request_that_takes_too_long_is_cut_off_and_not_processed() {
    let limits = Limits { request_time: Duration::from_millis(150), ..Limits::default() };
    let rig = Rig::with(limits).await;
    let mut line = rig.connect().await;
    let request = post(&format!("/iclock/cdata?SN={SN}&table=ATTLOG"), LINE);
    line.send(&request[..request.len() - 1]).await;
    assert_eq!(line.rest().await, b"");
    let mut silent = rig.connect().await;
    silent.send("GET /iclock/getreq").await;
    assert_eq!(silent.rest().await, b"");
    assert!(rig.punches().await.is_empty());
}

#[tokio::test]
async fn t9_an_idle_connection_is_closed_after_its_time() {
    let rig = Rig::with(Limits { idle_time: Duration::from_millis(150), ..Limits::default() }).await;
    let mut never = rig.connect().await;
    let mut once = rig.connect().await;
    once.send(format!("GET /iclock/ping?SN={SN} HTTP/1.1\r\n\r\n")).await;
    once.answer().await.is_ok("OK");
    assert_eq!(once.rest().await, b"");
    assert_eq!(never.rest().await, b"");
}

#[tokio::test]
async fn t9_the_longest_idle_connection_makes_room_for_a_new_one() {
    let rig = Rig::with(Limits { connections_per_address: 2, ..Limits::default() }).await;
    let ping = format!("GET /iclock/ping?SN={SN} HTTP/1.1\r\n\r\n");
    let (mut first, mut second) = (rig.connect().await, rig.connect().await);
    second.send(&ping).await;
    second.answer().await.is_ok("OK");
    first.send(&ping).await;
    first.answer().await.is_ok("OK");
    let mut third = rig.connect().await;
    third.send(&ping).await;
    third.answer().await.is_ok("OK");
    assert_eq!(second.rest().await, b"");
    first.send(&ping).await;
    first.answer().await.is_ok("OK");
}

#[tokio::test]
async fn t9_five_hundred_and_twelve_machines_behind_one_address() {
    assert!(Limits::default().connections_per_address >= 512);
    let rig = Rig::start().await;
    let mut lines = Vec::new();
    for _ in 0..512 {
        lines.push(rig.connect().await);
    }
    for line in &mut lines {
        line.send(format!("GET /iclock/ping?SN={SN} HTTP/1.1\r\n\r\n")).await;
    }
    for line in &mut lines {
        line.answer().await.is_ok("OK");
    }
    assert_eq!(rig.listener.connections(), 512);
}

#[tokio::test]
async fn t10_absolute_targets() {
    let rig = Rig::start().await;
    rig.get(&format!("http://192.168.1.10:8081/iclock/getrequest?SN={SN}")).await.is_ok("OK");
    rig.post(&format!("HTTP://server/iclock/cdata?SN={SN}&table=ATTLOG"), LINE).await.is_ok("OK: 1");
}

#[tokio::test]
async fn t11_a_tls_greeting_is_closed_without_an_answer() {
    let rig = Rig::start().await;
    let mut line = rig.connect().await;
    line.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").await;
    assert_eq!(line.rest().await, b"");
}

#[tokio::test]
async fn t12_options_all_is_a_handshake_whatever_the_method() {
    let rig = Rig::start().await;
    let target = format!("/iclock/cdata?SN={SN}&options=all&language=en&pushver=2.4.1");
    for body in ["", "~DeviceName=FaceClock 7,FWVersion=Ver1,UserCount=17", "UserCount=18\nFWVersion=Ver2\n"]
    {
        let answer = rig.post(&target, body).await;
        assert!(answer.body.starts_with(&format!("GET OPTION FROM: {SN}\n")), "{answer:?}");
        assert!(answer.body.ends_with('\n'));
    }
    let machine = rig.machine().await;
    assert_eq!(machine.firmware.as_deref(), Some("Ver2"));
    assert_eq!(machine.reported.people, Some(18));
    assert_eq!(machine.language.as_deref(), Some("en"));
    assert_eq!(machine.protocol_version.as_deref(), Some("2.4.1"));
    assert_eq!(machine.options["DeviceName"], "FaceClock 7");
}

#[tokio::test]
async fn broken_requests_are_refused_and_closed() {
    let rig = Rig::start().await;
    for (request, status) in [
        (&b"\x00\x01\x02\x03"[..], 400),
        (b"hello\r\n\r\n", 400),
        (b"GET /iclock/ping?SN=CQZ7000000001\r\n\r\n", 400),
        (b"GET /iclock/ping?SN=CQZ7000000001 HTTP/2.0\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"GET /iclock/ping HTTP/1.1\r\nnonsense\r\n\r\n", 400),
        (b"POST /iclock/cdata?SN=CQZ7000000001&table=ATTLOG HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
    ] {
        let mut line = rig.connect().await;
        line.send(request).await;
        let answer = line.answer().await;
        answer.is_refused(status);
        line.stream.shutdown().await.unwrap();
        assert_eq!(line.rest().await, b"");
    }
    let mut line = rig.connect().await;
    line.send(format!("GET /iclock/ping?SN={SN}&x={} HTTP/1.1\r\n\r\n", "y".repeat(20_000))).await;
    line.answer().await.is_refused(431);
}

#[tokio::test]
async fn a_listener_that_stops_finishes_what_is_under_way() {
    let rig = Rig::start().await;
    let idle = rig.connect().await;
    let mut busy = rig.connect().await;
    let target = format!("/iclock/cdata?SN={SN}&table=ATTLOG");
    let expect = format!("Expect: 100-continue\r\nContent-Length: {}", LINE.len());
    busy.send(format!("POST {target} HTTP/1.1\r\n{expect}\r\n\r\n")).await;
    busy.answer().await;
    while rig.listener.connections() < 2 {
        tokio::task::yield_now().await;
    }
    let Rig { listener, site, .. } = rig;
    let stopping = tokio::spawn(listener.stop());
    let mut idle = idle;
    assert_eq!(idle.rest().await, b"");
    busy.send(LINE).await;
    assert_eq!(String::from_utf8(busy.rest().await).unwrap(), accepted("OK: 1", "close"));
    patiently(stopping).await.unwrap();
    site.close().await;
}
