//! Requests and answers as they are on the wire.

use rollcall_core::clock;
use rollcall_protocol::Dialect;
use rollcall_protocol::order::Order;

use super::{GLOG, POLL, punch, request_to};
use crate::support::{Rig, SN};

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
