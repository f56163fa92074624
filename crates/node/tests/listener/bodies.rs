//! P, A, D, S: what is in a body, and what is said about it.

use crate::support::{LINE, Rig, SN};

#[tokio::test]
async fn p1_p5_text_is_decoded_line_by_line() {
    let rig = Rig::start().await;
    let mut body = LINE.as_bytes().to_vec();
    body.extend_from_slice(b"1002\t2026-07-06 08:59:00\t0\t1\t\xc0\xee\xcb\xc4\n");
    body.extend_from_slice("1003\t2026-07-06 08:59:30\t0\t1\t李四\n".as_bytes());
    rig.post(&format!("/iclock/cdata?SN={SN}&table=ATTLOG"), body).await.is_ok("OK: 3");
    let mut codes: Vec<_> =
        rig.punches().await.into_iter().map(|punch| (punch.pin, punch.work_code)).collect();
    codes.sort();
    assert_eq!(codes[1..], [("1002".to_owned(), "李四".to_owned()), ("1003".to_owned(), "李四".to_owned())]);
}

#[tokio::test]
async fn p2_p3_line_ends_and_columns_as_they_come() {
    let rig = Rig::start().await;
    let body = "\r\n1001\t2026-07-06 08:58:11\t0\t15\t0\t0\t0\t\t\r\n\n1002\t2026-07-06T08:58:12\n\
                1003\t2026/07/06 08:58:13\t255\t1\t0\t0\t0\t255\t0\t0\t+28800\tAA==\t1\t2\t3\t4";
    rig.punch(SN, body).await.is_ok("OK: 3");
    let mut punches = rig.punches().await;
    punches.sort_by(|a, b| a.pin.cmp(&b.pin));
    assert_eq!(punches.iter().map(|punch| punch.status).collect::<Vec<_>>(), [Some(0), None, Some(255)]);
}

#[tokio::test]
async fn p6_p9_bad_lines_are_kept_aside_and_acknowledged() {
    let rig = Rig::start().await;
    let body = format!(
        "{LINE}garbage\n0\t2026-07-06 08:00:00\t0\t1\n\t2026-07-06 08:00:00\t0\t1\n1002\tyesterday\n1003\t2026-07-06 09:00:00\n"
    );
    rig.punch(SN, &body).await.is_ok("OK: 6");
    assert_eq!(rig.punches().await.len(), 2);
    let rejected = rig.rejected().await;
    assert_eq!(rejected.len(), 4);
    assert!(rejected.iter().any(|line| line.line == "garbage"));
}

#[tokio::test]
async fn p8_unknown_people_are_stored() {
    let rig = Rig::start().await;
    rig.punch(SN, LINE).await.is_ok("OK: 1");
    let punches = rig.punches().await;
    assert_eq!((punches[0].pin.as_str(), punches[0].employee.is_none()), ("1001", true));
}

#[tokio::test]
async fn p11_control_bytes_do_not_stop_a_batch() {
    let rig = Rig::start().await;
    rig.punch(SN, "10\u{0}01\t2026-07-06 08:58:11\t0\t15\t\u{0}\u{1}\n1002\t2026-07-06 08:58:12\u{0}\t0\n")
        .await
        .is_ok("OK: 2");
    assert_eq!(rig.punches().await.len() + rig.rejected().await.len(), 2);
}

#[tokio::test]
async fn a3_d1_the_count_is_of_lines_and_a_repeated_punch_exists_once() {
    let rig = Rig::start().await;
    let body = format!("{LINE}{LINE}garbage\n\n");
    for _ in 0..3 {
        rig.punch(SN, &body).await.is_ok("OK: 3");
    }
    assert_eq!(rig.punches().await.len(), 1);
    assert_eq!(rig.rejected().await.len(), 1);
}

#[tokio::test]
async fn d2_another_status_or_way_in_the_same_second_is_another_punch() {
    let rig = Rig::start().await;
    let body = "1001\t2026-07-06 08:58:11\t0\t15\n1001\t2026-07-06 08:58:11\t1\t15\n1001\t2026-07-06 08:58:11\t0\t1\n\
                1001\t2026-07-06 08:58:11\t0\t15\t7\n";
    rig.punch(SN, body).await.is_ok("OK: 4");
    assert_eq!(rig.punches().await.len(), 3);
}

#[tokio::test]
async fn d5_the_same_person_at_two_machines_is_two_punches() {
    let rig = Rig::start().await;
    rig.add("SECOND1", chrono_tz::Asia::Shanghai).await;
    rig.punch(SN, LINE).await.is_ok("OK: 1");
    rig.punch("SECOND1", LINE).await.is_ok("OK: 1");
    assert_eq!(rig.punches().await.len(), 2);
}

#[tokio::test]
async fn d6_results_may_be_repeated() {
    let rig = Rig::start().await;
    for _ in 0..2 {
        let body = "ID=295&Return=0&CMD=DATA\nID=296&Return=-1002&CMD=DATA\n";
        rig.post(&format!("/iclock/devicecmd?SN={SN}"), body).await.is_ok("OK");
    }
}

#[tokio::test]
async fn d7_older_stamps_and_times_are_no_error() {
    let rig = Rig::start().await;
    for (stamp, line) in
        [("9999", LINE), ("0", "1001\t2020-01-01 00:00:01\t0\t1\n"), ("None", LINE), ("", LINE)]
    {
        rig.post(&format!("/iclock/cdata?SN={SN}&table=ATTLOG&Stamp={stamp}"), line).await.is_ok("OK: 1");
    }
    assert_eq!(rig.punches().await.len(), 2);
}

#[tokio::test]
async fn a4_what_nothing_reads_yet_is_acknowledged_and_kept_raw() {
    let rig = Rig::start().await;
    let target = |path: &str, query: &str| format!("/iclock/{path}?SN={SN}{query}");
    let card = "IDCARD PIN=1\tIDNum=11010119900101\tName=李四\n";
    let codes = "WORKCODE PIN=1\tCODE=2\tNAME=x\n";
    rig.post(&target("cdata", "&table=IDCARD"), card).await.is_ok("OK: 1");
    rig.post(&target("cdata", "&table=WORKCODE"), codes).await.is_ok("OK: 1");
    rig.post(&target("cdata", "&table=ATTPHOTO"), "no picture").await.is_ok("OK");
    rig.post(&target("event", ""), "door=1").await.is_ok("OK");
    // Among lines that are read, only what nothing reads.
    let mixed = format!("USER PIN=7\tName=A\n{card}NEWTHING x\nFP PIN=7\tTMP=@@\n");
    rig.post(&target("cdata", "&table=OPERLOG&OpStamp=9999"), mixed).await.is_ok("OK: 4");
    let kept = rig.kept().await;
    let expected = [
        ("IDCARD", card.to_owned()),
        ("WORKCODE", codes.to_owned()),
        ("ATTPHOTO", "no picture".to_owned()),
        ("event", "door=1".to_owned()),
        ("OPERLOG", format!("{card}NEWTHING x\nFP PIN=7\tTMP=@@\n")),
    ];
    let kept: Vec<_> =
        kept.iter().map(|(table, body)| (table.as_str(), String::from_utf8(body.clone()).unwrap())).collect();
    assert_eq!(kept, expected);
}

#[tokio::test]
async fn a5_options_are_answered_with_exactly_ok() {
    let rig = Rig::start().await;
    let target = format!("/iclock/cdata?SN={SN}&table=options");
    for body in ["~DeviceName=A,UserCount=1\n", "A=1\tB=2", "A=1\nB=2\n", "nonsense", ""] {
        rig.post(&target, body).await.is_ok("OK");
    }
}

#[tokio::test]
async fn a6_answers_to_queries_are_counted_by_name() {
    let rig = Rig::start().await;
    // Of a machine that speaks the attendance dialect, too: there is one way to write it.
    rig.punch(SN, LINE).await.is_ok("OK: 1");
    let query = "&type=tabledata&cmdid=4&tablename=user&count=2&packcnt=1&packidx=1";
    rig.post(&format!("/iclock/querydata?SN={SN}{query}"), "user pin=1\nuser pin=2\n").await.is_ok("user=2");
    rig.post(&format!("/iclock/querydata?SN={SN}&tablename=a%0d%0ab&count=1"), "x").await.is_ok("OK");
    assert_eq!(rig.kept().await.len(), 1, "the people are read, what nobody knows is kept");
    rig.punch(SN, "1002\t2026-07-06 08:59:11\t0\t15\t0\t0\t0\n").await.is_ok("OK: 1");
}

#[tokio::test]
async fn a8_uploads_are_never_answered_with_anything_else() {
    let rig = Rig::start().await;
    rig.change(rollcall_core::machines::MachineChange {
        time_zone: Some(chrono_tz::Asia::Tokyo),
        ..Default::default()
    })
    .await;
    // A change waits for the next poll; an upload in between is acknowledged as always.
    rig.punch(SN, LINE).await.is_ok("OK: 1");
    rig.get(&format!("/iclock/getrequest?SN={SN}")).await.is_ok("UNKNOWN DEVICE");
}

#[tokio::test]
async fn s1_s2_ten_megabytes_in_one_body() {
    let rig = Rig::start().await;
    let line = |n: usize| {
        format!(
            "{}\t2026-07-06 {:02}:{:02}:{:02}\t0\t1\t0\t0\t0\n",
            n % 5000 + 1,
            n / 3600 % 24,
            n / 60 % 60,
            n % 60
        )
    };
    let mut body = String::new();
    let mut lines = 0;
    while body.len() < 2 * 1024 * 1024 {
        body.push_str(&line(lines));
        lines += 1;
    }
    rig.punch(SN, &body).await.is_ok(&format!("OK: {lines}"));
    let picture = vec![b'x'; 10 * 1024 * 1024];
    rig.post(&format!("/iclock/cdata?SN={SN}&table=ATTPHOTO"), &picture).await.is_ok("OK");
    assert_eq!(rig.kept().await[0].1.len(), picture.len());
}

#[tokio::test]
async fn s3_polls_write_nothing() {
    let rig = Rig::start().await;
    let commits = rig.site.commits();
    let mut line = rig.connect().await;
    for _ in 0..200 {
        line.send(format!("GET /iclock/getrequest?SN={SN} HTTP/1.1\r\n\r\n")).await;
        line.answer().await.is_ok("OK");
    }
    assert_eq!(rig.site.commits(), commits);
    rig.machine().await;
    assert_eq!(rig.site.commits(), commits + 1);
}
