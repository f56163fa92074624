//! R: where requests go.

use crate::support::{LINE, Rig, SN};

#[tokio::test]
async fn r1_the_last_segment_counts_in_any_dress() {
    let rig = Rig::start().await;
    for path in [
        "/iclock/getrequest",
        "/iclock/getrequest.aspx",
        "/ICLOCK/GetRequest.ASPX",
        "//iclock//getrequest/",
        "/adms/proxy/iclock/getrequest",
        "/iclock/ping.aspx",
        "/iclock/test",
    ] {
        rig.get(&format!("{path}?SN={SN}")).await.is_ok("OK");
    }
    let target = format!("/iclock/cdata.aspx?SN={SN}&table=ATTLOG&Stamp=836730000");
    rig.post(&target, LINE).await.is_ok("OK: 1");
}

#[tokio::test]
async fn r2_query_names_without_case_first_value_wins_bare_percent_and_plus_stay() {
    let rig = Rig::start().await;
    for query in [
        format!("sn={SN}"),
        format!("Sn={SN}&SN=OTHER"),
        format!("x=100%&SN={SN}"),
        "&&=&SN=%43QZ7000000001&SN=".to_owned(),
        format!("SN={}", SN.to_lowercase()),
    ] {
        rig.post(&format!("/iclock/cdata?{query}&TABLE=ATTLOG"), LINE).await.is_ok("OK: 1");
    }
    rig.get(&format!("/iclock/getrequest?SN={SN}&INFO=Ver+1%2,17,%zz,1342,192.168.1.201")).await.is_ok("OK");
    assert_eq!(rig.machine().await.firmware.as_deref(), Some("Ver+1%2"));
    assert_eq!(rig.punches().await.len(), 1);
}

#[tokio::test]
async fn r3_table_names_in_any_case_with_a_leading_blank() {
    let rig = Rig::start().await;
    for table in ["attlog", " ATTLOG", "%20AttLog", "ATTLOG "] {
        rig.post(&format!("/iclock/cdata?SN={SN}&table={table}&Stamp=1"), LINE).await.is_ok("OK: 1");
    }
    assert_eq!(rig.punches().await.len(), 1);
    assert!(rig.kept().await.is_empty());
}

#[tokio::test]
async fn r4_unknown_paths_are_not_found() {
    let rig = Rig::start().await;
    for path in ["/iclock/whatever", "/iclock/", "/iclock", "/iclock/cdata2", "/iclock/cdata/x"] {
        rig.get(&format!("{path}?SN={SN}")).await.is_refused(404);
        rig.post(&format!("{path}?SN={SN}"), "1001\tPasswd=secret\n").await.is_refused(404);
    }
    for path in ["/", "/index.html", "/cdata", "/api/health", "*"] {
        rig.get(path).await.is_refused(404);
        rig.post(&format!("{path}?SN={SN}&table=ATTLOG"), LINE).await.is_refused(404);
    }
    assert!(rig.kept().await.is_empty() && rig.punches().await.is_empty());
}

#[tokio::test]
async fn r5_unknown_tables_are_acknowledged_and_kept() {
    let rig = Rig::start().await;
    rig.post(&format!("/iclock/cdata?SN={SN}&table=NEWTHING&Stamp=1"), "a\tb\nc\n").await.is_ok("OK");
    rig.post(&format!("/iclock/cdata?SN={SN}"), "whatever\n").await.is_ok("OK");
    assert_eq!(
        rig.kept().await,
        [("NEWTHING".to_owned(), b"a\tb\nc\n".to_vec()), (String::new(), b"whatever\n".to_vec())]
    );
}

#[tokio::test]
async fn r6_no_file_is_served_that_no_command_announced() {
    let rig = Rig::start().await;
    for request in [
        "GET /iclock/photo/1003.jpg? HTTP/1.1\r\n\r\n".to_owned(),
        format!("GET /iclock/file?SN={SN}&url=/etc/passwd HTTP/1.1\r\n\r\n"),
        "GET /iclock/../../etc/passwd HTTP/1.1\r\nRange: bytes=0-99\r\n\r\n".to_owned(),
    ] {
        rig.talk(request).await.is_refused(404);
    }
}

#[tokio::test]
async fn r7_a_serial_number_in_the_path() {
    let rig = Rig::start().await;
    rig.post(&format!("/iclock/{SN}/cdata?table=ATTLOG"), LINE).await.is_ok("OK: 1");
    rig.get("/iclock/STRANGER1/getrequest").await.is_ok("OK");
    assert_eq!(rig.fleet.strangers()[0].sn.as_str(), "STRANGER1");
}

#[tokio::test]
async fn r8_fk_headers_come_before_any_path() {
    let rig = Rig::start().await;
    for (path, header) in [
        ("/", "request_code: realtime_glog\r\ndev_id: CQZ7000000001"),
        ("/hdata.aspx", "Request_Code: realtime_glog\r\nDev_Id: CQZ7000000001"),
        ("/iclock/cdata?SN=CQZ7000000001&table=ATTLOG", "dev_id: CQZ7000000001\r\ncmd_id: RTLogSendAction"),
    ] {
        let request =
            format!("POST {path} HTTP/1.1\r\n{header}\r\nContent-Length: {}\r\n\r\n{LINE}", LINE.len());
        let answer = rig.talk(request).await;
        // A line of the attendance dialect is no message of theirs, but may be a piece of one.
        assert_eq!(
            answer.head,
            "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/octet-stream\r\n\
             response_code: ERROR_ADD_BLOCK_DATA\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    }
    assert!(rig.punches().await.is_empty() && rig.kept().await.is_empty());
    assert_eq!(rig.machine().await.dialect, Some(rollcall_protocol::Dialect::Fk));
}

#[tokio::test]
async fn r9_without_a_serial_number_nothing_is_done() {
    let rig = Rig::start().await;
    for query in [
        "",
        "?SN=",
        "?SN=%20",
        "?table=ATTLOG&Stamp=1",
        "?SN=a/b",
        "?SN=..",
        "?SN=123456789012345678901234567890123",
    ] {
        let answer = rig.post(&format!("/iclock/cdata{query}"), LINE).await;
        answer.is_refused(400);
        assert!(answer.body.len() < 32);
        rig.get(&format!("/iclock/getrequest{query}")).await.is_refused(400);
    }
    assert!(rig.fleet.strangers().is_empty());
}

#[tokio::test]
async fn other_methods_are_refused() {
    let rig = Rig::start().await;
    for method in ["PUT", "DELETE", "OPTIONS", "PROPFIND"] {
        rig.talk(format!("{method} /iclock/cdata?SN={SN} HTTP/1.1\r\n\r\n")).await.is_refused(405);
    }
}

#[tokio::test]
async fn key_exchange_is_not_found_and_noted() {
    let rig = Rig::start().await;
    let target = format!("/iclock/exchange?SN={SN}&type=publickey");
    rig.post(&target, "PublicKey=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A").await.is_refused(404);
    let sn = rollcall_core::Sn::new(SN).unwrap();
    assert!(rig.fleet.live(&sn).unwrap().encrypted);
}

#[tokio::test]
async fn questions_of_machines_get_the_shortest_true_answer() {
    let rig = Rig::start().await;
    for (query, answer) in [
        ("table=RemoteAtt&PIN=1001", "NONE"),
        ("PIN=1001", "NONE"),
        ("type=LastPunch&PIN=1001", "status=1\n"),
        ("table=SELFSERVICEDATA&PIN=1001&ServiceNum=1", "OK"),
        ("AuthType=PWD", "OK"),
    ] {
        rig.get(&format!("/iclock/cdata?SN={SN}&{query}")).await.is_ok(answer);
    }
    rig.post(&format!("/iclock/cdata?SN={SN}&type=PostVerifyData"), "PIN=1\tPasswd=1").await.is_ok("OK");
    rig.post(&format!("/iclock/devicecmd?SN={SN}"), "ID=295&Return=0&CMD=DATA\n").await.is_ok("OK");
    assert!(rig.kept().await.is_empty());
}

#[tokio::test]
async fn n4_nobody_is_ever_sent_elsewhere() {
    let rig = Rig::start().await;
    for target in [
        "/".to_owned(),
        "/iclock".to_owned(),
        "/iclock/".to_owned(),
        "//iclock//cdata".to_owned(),
        format!("/ICLOCK/getrequest.aspx/?SN={SN}"),
        format!("http://192.168.1.10/iclock/getrequest?SN={SN}"),
        format!("https://elsewhere.example/iclock/cdata?SN={SN}&options=all"),
        format!("/iclock/cdata/?SN={SN}&table=ATTLOG"),
        format!("/iclock/nowhere/?SN={SN}"),
        "/hdata.aspx".to_owned(),
    ] {
        for answer in [rig.get(&target).await, rig.post(&target, LINE).await] {
            // Machines follow none, or only half of them.
            assert!(!(300..400).contains(&answer.status()), "{target}: {answer:?}");
            let head = answer.head.to_ascii_lowercase();
            assert!(
                !head.contains("\r\nlocation:") && !head.contains("\r\nrefresh:"),
                "{target}: {answer:?}"
            );
        }
    }
}
