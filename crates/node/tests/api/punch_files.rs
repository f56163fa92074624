use axum::http::Method;
use encoding_rs::GB18030;
use rollcall_sheets::{Format, Table, write};
use serde_json::json;

use crate::support::{Answer, Host};

const FILES: &str = "/api/machines/CQZ7000000001/punch-files";

async fn send(host: &Host, query: &str, file: &[u8], texts: &[(&str, &str)]) -> Answer {
    let mut body =
        b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"1_attlog.dat\"\r\n\r\n"
            .to_vec();
    body.extend_from_slice(file);
    for (name, text) in texts {
        let part = format!("\r\n--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(b"\r\n--edge--\r\n");
    host.send_bytes(Method::POST, &format!("{FILES}{query}"), "multipart/form-data; boundary=edge", body)
        .await
}

async fn host() -> Host {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    host
}

async fn total(host: &Host) -> serde_json::Value {
    host.get("/api/punches").await.ok(200)["total"].clone()
}

#[tokio::test]
async fn attendance_6_7_a_stick_is_looked_at_then_taken_and_never_doubled() {
    let host = host().await;
    host.upload("CQZ7000000001", "1\t2026-07-01 08:00:00\t255\t15\n").await;
    let file = b"\xef\xbb\xbf        1\t2026-07-01 08:00:00\t1\t0\t1\t0\r\n        2\t2026-07-01 08:00:09\t1\t1\t1\t0\r\nx\r\n";
    let report = json!({
        "lines": 3, "new": 1, "known": 1, "unmatched": 1, "rejectedCount": 1,
        "rejected": [{"row": 3, "code": "punch.time_missing", "detail": "x"}],
        "from": "2026-07-01T08:00:00+08:00", "to": "2026-07-01T08:00:09+08:00", "columns": [],
    });
    assert_eq!(send(&host, "?dryRun=true", file, &[]).await.ok(200), &report);
    assert_eq!(total(&host).await, 1, "a dry run writes nothing");
    let mut events = host.node.events().subscribe();
    assert_eq!(send(&host, "", file, &[]).await.ok(200), &report);
    assert_eq!(events.next().await.unwrap().name(), "punch");
    let again = send(&host, "", file, &[("format", "attlog")]).await;
    assert_eq!(json!([again.ok(200)["new"], again.json["known"]]), json!([0, 2]));
    let found = host.get("/api/punches?pin=2").await;
    let punch = &found.ok(200)["items"][0];
    assert_eq!(json!([punch["source"], punch["status"], punch["verify"]]), json!(["file", 1, "1"]));
    assert_eq!(host.get("/api/punches/rejected").await.ok(200)["items"][0]["line"], "x");
    let audit = host.get("/api/audit").await;
    assert_eq!(audit.ok(200)["items"][0]["what"], "punchFile.import");
}

#[tokio::test]
async fn attendance_6_7_tables_in_every_form_are_understood() {
    let host = host().await;
    let gbk = GB18030.encode("考勤号码,姓名,日期时间,状态\n7,王芳,2026-07-01 08:00,签到\n").0.into_owned();
    let table = Table {
        name: "x".to_owned(),
        headers: vec!["人".to_owned(), "打卡时间".to_owned()],
        rows: vec![vec!["8".to_owned(), "2026-07-01 08:00:00".to_owned()]],
    };
    let xlsx = write(Format::Xlsx, &table).unwrap();
    let taken = send(&host, "", &gbk, &[]).await;
    assert_eq!(json!([taken.ok(200)["new"], taken.json["rejectedCount"]]), json!([1, 0]));
    assert_eq!(taken.json["columns"][0], json!({"header": "考勤号码", "field": "pin"}));
    let refused = send(&host, "", &xlsx, &[]).await;
    refused.problem(422, "punch_file.no_column");
    let columns = json!([{"header": "人", "field": null}, {"header": "打卡时间", "field": "time"}]);
    assert_eq!(refused.json["columns"], columns, "so that one can be chosen");
    let mapped = send(&host, "", &xlsx, &[("mapping", r#"{"人": "pin"}"#)]).await;
    assert_eq!(mapped.ok(200)["new"], 1);
    assert_eq!(total(&host).await, 2);
    for (file, texts, code) in [
        (&b""[..], &[][..], "punch_file.empty"),
        (b"a,b\n1,2\n", &[], "punch_file.no_column"),
        (b"\xd0\xcf\x11\xe0", &[], "sheet.old_excel"),
        (b"a\0b", &[], "sheet.encoding"),
        (&xlsx, &[("mapping", r#"{"x": "pin"}"#)], "punch_file.mapping_header"),
        (&xlsx, &[("mapping", r#"{"人": "shoe"}"#)], "punch_file.mapping_column"),
        (&xlsx, &[("mapping", "[")], "import.mapping_unreadable"),
        (&xlsx, &[("format", "pdf")], "punch_file.format"),
        (&xlsx, &[("colour", "red")], "body.invalid"),
    ] {
        send(&host, "", file, texts).await.problem(422, code);
    }
    let nobody = host
        .send_bytes(
            Method::POST,
            "/api/machines/NOBODY/punch-files",
            "multipart/form-data; boundary=edge",
            b"--edge\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n1 2026-07-01 08:00:00\r\n--edge--\r\n".to_vec(),
        )
        .await;
    nobody.problem(404, "machine.unknown");
}
