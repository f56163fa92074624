//! Holidays, and the days that are worked instead of them.

use axum::http::Method;
use rollcall_sheets::{Format, Table, write};
use serde_json::{Value, json};

use crate::schedule::{assign, days, host, shift};
use crate::support::{Answer, Host};

const IMPORT: &str = "/api/calendar-days/import";
const NOTICE: &str = "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。";

/// Sends a form of one part as a browser does.
async fn send(host: &Host, query: &str, part: &str, content: &[u8]) -> Answer {
    let file = if part == "file" { "; filename=\"x\"" } else { "" };
    let mut body =
        format!("--edge\r\nContent-Disposition: form-data; name=\"{part}\"{file}\r\n\r\n").into_bytes();
    body.extend_from_slice(content);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let path = format!("{IMPORT}{query}");
    host.send_bytes(Method::POST, &path, "multipart/form-data; boundary=edge", body).await
}

fn counts(answer: &Answer) -> Value {
    let report = answer.ok(200);
    json!([report["added"], report["changed"], report["unchanged"], report["rejected"]])
}

async fn total(host: &Host) -> Value {
    host.get("/api/calendar-days").await.ok(200)["total"].clone()
}

#[tokio::test]
async fn attendance_6_4_the_yearly_notice_is_pasted_looked_at_and_taken() {
    let host = host().await;
    let dry = send(&host, "?dryRun=true&year=2026", "text", NOTICE.as_bytes()).await;
    insta::assert_json_snapshot!(dry.ok(200));
    assert_eq!(total(&host).await, 0);
    let done = send(&host, "?year=2026", "text", NOTICE.as_bytes()).await;
    assert_eq!(counts(&done), json!([4, 0, 0, []]));
    assert_eq!(counts(&send(&host, "?year=2026", "text", NOTICE.as_bytes()).await), json!([0, 0, 4, []]));
    let log = host.get("/api/audit?limit=1").await;
    assert_eq!(log.ok(200)["items"][0]["what"], "calendar.import");
    // The year it is of: said in the notice, or beside it.
    send(&host, "", "text", NOTICE.as_bytes()).await.problem(422, "calendar.year_missing");
    let titled = format!("关于2026年部分节假日安排的通知\n{NOTICE}");
    assert_eq!(counts(&send(&host, "", "text", titled.as_bytes()).await), json!([0, 0, 4, []]));
    // Of another year its weekdays are wrong, and nothing is taken.
    let wrong = send(&host, "?year=2025", "text", NOTICE.as_bytes()).await;
    wrong.problem(422, "calendar.rows_invalid");
    assert_eq!(wrong.json["rejected"][0]["code"], "calendar.weekday_wrong", "{}", wrong.body);
    assert_eq!(total(&host).await, 4);
}

#[tokio::test]
async fn attendance_6_4_calendars_come_as_tables_json_and_built_in() {
    let host = host().await;
    let csv = "日期,类型,名称\r\n2026/1/1,放假,元旦\r\n2026-01-04,上班,元旦调休\r\n";
    assert_eq!(counts(&send(&host, "", "file", csv.as_bytes()).await), json!([2, 0, 0, []]));
    let table = Table {
        name: "x".into(),
        headers: ["date", "kind", "name", "asWeekday"].map(String::from).to_vec(),
        rows: vec![["2026-01-04", "workday", "元旦调休", "5"].map(String::from).to_vec()],
    };
    let xlsx = write(Format::Xlsx, &table).unwrap();
    assert_eq!(counts(&send(&host, "", "file", &xlsx).await), json!([0, 1, 0, []]));
    assert_eq!(counts(&send(&host, "", "text", csv.as_bytes()).await), json!([0, 1, 1, []]));
    let list = json!({"days": [{"name": "元旦", "date": "2026-01-01", "isOffDay": true}]}).to_string();
    assert_eq!(counts(&send(&host, "", "text", list.as_bytes()).await), json!([0, 0, 1, []]));
    assert_eq!(counts(&send(&host, "", "builtIn", b"2026").await), json!([37, 0, 2, []]));
    let year = host.get("/api/calendar-days?year=2026&limit=1000").await;
    assert_eq!(year.ok(200)["total"], 39);
    assert_eq!(host.get("/api/calendar-days?year=2025").await.ok(200)["total"], 0);
    let page = host.get("/api/calendar-days?year=2026&limit=1").await;
    let next = page.ok(200)["next"].as_str().unwrap();
    let page = host.get(&format!("/api/calendar-days?year=2026&limit=1&cursor={next}")).await;
    assert_eq!(page.ok(200)["items"][0]["date"], "2026-01-02");
}

#[tokio::test]
async fn attendance_6_4_what_is_no_calendar_is_refused() {
    let host = host().await;
    for (part, content, code) in [
        ("text", "Good morning.", "calendar.unreadable"),
        ("text", "", "calendar.unreadable"),
        ("text", "{\"days\":7}", "calendar.unreadable"),
        ("file", "日期,类型\r\n2026-02-30,放假\r\n", "calendar.rows_invalid"),
        ("file", "PK\u{3}\u{4}", "sheet.unreadable"),
        ("builtIn", "1999", "calendar.not_built_in"),
        ("builtIn", "soon", "calendar.year"),
        ("other", "", "body.invalid"),
    ] {
        send(&host, "", part, content.as_bytes()).await.problem(422, code);
    }
    let nothing = b"--edge--\r\n".to_vec();
    let nothing = host.send_bytes(Method::POST, IMPORT, "multipart/form-data; boundary=edge", nothing).await;
    nothing.problem(422, "calendar.source");
    host.post(IMPORT, json!({})).await.problem(415, "body.not_multipart");
    assert_eq!(total(&host).await, 0);
}

#[tokio::test]
async fn attendance_6_4_holidays_rest_and_make_up_workdays_work() {
    let host = host().await;
    let (day, guard) =
        (shift(&host, "day", "09:00", "18:00").await, shift(&host, "guard", "08:00", "20:00").await);
    send(&host, "", "builtIn", b"2026").await.ok(200);
    assign(&host, json!({"target": {"kind": "employee", "id": "e1"}, "shiftId": day, "from": "2026-09-01"}))
        .await;
    let always = json!({"target": {"kind": "employee", "id": "e2"}, "shiftId": guard, "from": "2026-09-01", "weekdays": [1, 2, 3, 4, 5, 6, 7], "worksOnHolidays": true});
    assign(&host, always).await;
    // Sunday 20 September is worked; 25 to 27 September and 1 to 7 October are off; Saturday 10 October is worked.
    assert_eq!(days(&host, "e1", "2026-09-19", "2026-10-11").await, "-ddddd***ddd*******ddd-");
    assert_eq!(days(&host, "e2", "2026-09-19", "2026-10-11").await, "g".repeat(23));
    // A make-up day worked as a Saturday, on which nobody works.
    let as_saturday = json!({"date": "2026-10-10", "kind": "workday", "name": "调休", "asWeekday": 6});
    host.post("/api/calendar-days", as_saturday).await.ok(200);
    assert_eq!(days(&host, "e1", "2026-10-09", "2026-10-11").await, "d--");
    host.delete("/api/calendar-days/2026-10-10").await.ok(204);
    host.delete("/api/calendar-days/2026-10-10").await.problem(404, "calendar.unknown");
    host.delete("/api/calendar-days/soon").await.problem(404, "calendar.unknown");
    let holiday = json!({"date": "2026-10-09", "kind": "holiday", "name": "x", "asWeekday": 5});
    host.post("/api/calendar-days", holiday).await.problem(422, "calendar.weekday_of_holiday");
}
