//! What is acknowledged is on disk, and what nobody can read is kept.

use rollcall_core::Connection;
use rollcall_protocol::WallTime;
use rollcall_protocol::fk::log::short_record;

use super::{ENROL, GLOG, POLL, framed, punch, punch_json, request_to, wall};
use crate::support::{Rig, SN};

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
