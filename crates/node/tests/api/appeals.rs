use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use rollcall_node::events::{Event, Watcher};
use serde_json::{Value, json};

use crate::support::{Answer, Host, TOKEN};

/// A Monday that is over, on which 王芳 (e1) and 李娜 (e2) were to work from nine to six; nobody punched.
const DATE: &str = "2026-07-06";
const SN: &str = "CQZ7000000001";

async fn host() -> Host {
    let host = Host::start().await;
    host.add_machine(SN, "大厅").await;
    for (id, name) in [("e1", "王芳"), ("e2", "李娜")] {
        host.add_employee(id, name).await;
    }
    let entries = json!({"entries": [{"employeeId": "e1", "pin": "1"}, {"employeeId": "e2", "pin": "2"}]});
    host.post(&format!("/api/machines/{SN}/roster"), entries).await.ok(200);
    // It has been heard since, and brought nothing: that there is no punch says something.
    for _ in 0..3 {
        host.poll(SN).await;
    }
    let shift = json!({"name": "白班", "segments": [{"start": "09:00", "end": "18:00"}]});
    let shift = host.post("/api/shifts", shift).await;
    let shift = shift.ok(201)["id"].clone();
    let cells = ["e1", "e2"].map(|who| json!({"employeeId": who, "date": DATE, "shiftId": shift}));
    let mut events = host.node.events().subscribe();
    host.send(Method::PUT, "/api/schedule", json!({"cells": cells})).await.ok(200);
    for who in ["e1", "e2"] {
        until(&host, &mut events, who, "absent 540").await;
    }
    host
}

/// The marks of somebody's day in words, those that are lifted in brackets.
async fn marks(host: &Host, who: &str, date: &str) -> String {
    let day = host.get(&format!("/api/attendance/days?from={date}&to={date}&employeeId={who}")).await;
    let marks = day.ok(200)["items"][0]["marks"].as_array().cloned().unwrap_or_default();
    let said = |mark: &Value| {
        let minutes = mark["minutes"].as_i64().filter(|minutes| *minutes != 0);
        let minutes = minutes.map(|minutes| format!(" {minutes}")).unwrap_or_default();
        let said = format!("{}{minutes}", mark["kind"].as_str().unwrap());
        if mark["lifted"] == true { format!("[{said}]") } else { said }
    };
    marks.iter().map(said).collect::<Vec<_>>().join(", ")
}

/// Waits until the day is judged so and the machine has nothing more to say about it.
async fn until(host: &Host, events: &mut Watcher, who: &str, wanted: &str) {
    let judged = async {
        while marks(host, who, DATE).await != wanted {
            // What it brought is known at once, and that it brings no more by its calls.
            host.poll(SN).await;
            let _ = tokio::time::timeout(Duration::from_millis(100), events.next()).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), judged).await.expect("the day is judged so");
}

fn absent(who: &str) -> Value {
    json!({"employeeId": who, "date": DATE, "mark": "absent", "reason": "在客户现场"})
}

async fn raise(host: &Host, body: Value) -> i64 {
    host.post("/api/appeals", body).await.ok(201)["id"].as_i64().unwrap()
}

fn with_claim(who: &str, claimed: &str) -> Value {
    let mut body = absent(who);
    body["claimed"] = json!(claimed);
    body
}

/// What is of the moment is not the test's business.
fn timeless(value: &Value) -> Value {
    let mut value = value.clone();
    for key in ["raisedAt", "decidedAt", "createdAt", "withdrawnAt"] {
        if value[key].is_string() {
            value[key] = json!("…");
        }
    }
    if value["day"]["shiftId"].is_string() {
        value["day"]["shiftId"] = json!("…");
    }
    value
}

#[tokio::test]
async fn attendance_6_6_an_appeal_is_raised_approved_and_undone_over_the_api() {
    let host = host().await;
    let mut events = host.node.events().subscribe();
    let raised = host.post("/api/appeals", with_claim("e1", "09:05")).await;
    let id = raised.ok(201)["id"].as_i64().unwrap();
    let got = host.get(&format!("/api/appeals/{id}")).await;
    assert_eq!(got.ok(200), raised.ok(201));
    let approved = host.post(&format!("/api/appeals/{id}/approve"), json!({"note": "保安已证实"})).await;
    approved.ok(200);
    let event = Event::Attendance { employee_id: Some("e1".into()), date: Some(DATE.into()) };
    for _ in ["raised", "approved"] {
        while events.next().await.as_ref() != Some(&event) {}
    }
    until(&host, &mut events, "e1", "[absent 540], late 5, missingOut").await;
    // What is left of the day is appealed against as well; who has told when they went is as good as there.
    let out = raise(
        &host,
        json!({"employeeId": "e1", "date": DATE, "mark": "missingOut", "reason": "x", "claimed": "18:00"}),
    );
    host.post(&format!("/api/appeals/{}/approve", out.await), json!({})).await.ok(200);
    until(&host, &mut events, "e1", "[absent 540], late 5").await;
    let late = raise(&host, json!({"employeeId": "e1", "date": DATE, "mark": "late", "reason": "x"})).await;
    host.post(&format!("/api/appeals/{late}/approve"), json!({})).await.ok(200);
    until(&host, &mut events, "e1", "[absent 540], [late 5]").await;
    let corrections = host.get("/api/corrections?employeeId=e1").await;
    let fact = corrections.ok(200)["items"][2].clone();
    let undone = host.delete(&format!("/api/corrections/{}", fact["id"])).await;
    assert!(undone.ok(204).is_null());
    // The mark is back; what was left is judged without that punch.
    until(&host, &mut events, "e1", "[absent 540], missingIn").await;
    let after = host.get(&format!("/api/appeals/{id}")).await;
    insta::assert_json_snapshot!([
        timeless(raised.ok(201)),
        timeless(&fact),
        json!([approved.json["state"], approved.json["decidedBy"], approved.json["note"]]),
        json!([after.ok(200)["state"], after.json["note"]]),
    ]);
    let again = host.delete(&format!("/api/corrections/{}", fact["id"])).await;
    again.problem(409, "correction.withdrawn");
    host.post(&format!("/api/appeals/{id}/approve"), json!({})).await.problem(409, "appeal.not_open");
    let listed = host.get("/api/corrections").await;
    assert!(listed.ok(200)["items"][2]["withdrawnAt"].is_string());
}

#[tokio::test]
async fn attendance_6_6_every_refusal_has_its_status_its_code_and_its_place() {
    let host = host().await;
    let first = raise(&host, absent("e1")).await;
    let decided = raise(&host, absent("e2")).await;
    host.post(&format!("/api/appeals/{decided}/reject"), json!({"note": "证据不足"})).await.ok(200);
    let but = |key: &str, value: Value| {
        let mut body = absent("e2");
        body[key] = value;
        body
    };
    let missing = |claimed: Value| {
        let mut body = but("mark", json!("missingIn"));
        body["claimed"] = claimed;
        body
    };
    let hand = |more: Value| {
        let mut body = json!({"employeeId": "e1", "date": DATE, "kind": "punch", "reason": "停电"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let mut told = Vec::new();
    for (path, body) in [
        ("/api/appeals", absent("e1")),
        ("/api/appeals", but("employeeId", json!("nobody"))),
        ("/api/appeals", but("employeeId", json!("a/b"))),
        ("/api/appeals", but("date", json!("2026-7-6"))),
        ("/api/appeals", but("date", json!("9999-12-31"))),
        ("/api/appeals", but("date", json!("2026-07-05"))),
        ("/api/appeals", but("mark", json!("late"))),
        ("/api/appeals", but("mark", json!("sleepy"))),
        ("/api/appeals", but("reason", json!(" "))),
        ("/api/appeals", but("reason", json!("a\u{7}"))),
        ("/api/appeals", but("claimed", json!("9:00"))),
        ("/api/appeals", but("claimed", json!("24:00"))),
        ("/api/appeals", but("claimed", json!("03:00"))),
        ("/api/appeals", missing(Value::Null)),
        ("/api/appeals", missing(json!("09:00"))),
        ("/api/appeals", but("what", json!(1))),
        ("/api/appeals/99/approve", json!({})),
        ("/api/appeals/x/approve", json!({})),
        (&format!("/api/appeals/{first}/reject"), json!({})),
        (&format!("/api/appeals/{first}/reject"), json!({"note": "\u{1}"})),
        (&format!("/api/appeals/{decided}/withdraw"), json!({})),
        ("/api/appeals/decide", json!({"ids": [], "decision": "approve"})),
        ("/api/appeals/decide", json!({"ids": vec![1; 1001], "decision": "approve"})),
        ("/api/appeals/decide", json!({"ids": [1], "decision": "reject"})),
        ("/api/corrections", hand(json!({}))),
        ("/api/corrections", hand(json!({"time": "09:00", "mark": "late"}))),
        ("/api/corrections", hand(json!({"kind": "lift"}))),
        ("/api/corrections", hand(json!({"kind": "lift", "mark": "late", "time": "09:00"}))),
        ("/api/corrections", hand(json!({"kind": "lift", "mark": "late"}))),
        ("/api/corrections", hand(json!({"time": "03:00"}))),
        ("/api/corrections", hand(json!({"time": "09:00", "date": "9999-12-31"}))),
        ("/api/corrections", hand(json!({"time": "09:00", "employeeId": "nobody"}))),
    ] {
        let answer = host.post(path, body.clone()).await;
        let fields = &answer.json["fields"][0];
        told.push(json!([
            path,
            body.to_string().chars().take(120).collect::<String>(),
            answer.status,
            answer.json["code"],
            fields["pointer"]
        ]));
    }
    insta::assert_json_snapshot!(told);
    host.get("/api/appeals/99").await.problem(404, "appeal.unknown");
    host.delete("/api/corrections/99").await.problem(404, "correction.unknown");
    for query in ["?from=x", "?to=2026-02-30", "?limit=0"] {
        assert_eq!(host.get(&format!("/api/appeals{query}")).await.status, 422, "{query}");
        assert_eq!(host.get(&format!("/api/corrections{query}")).await.status, 422, "{query}");
    }
    for query in ["?state=sleepy", "?what=1"] {
        host.get(&format!("/api/appeals{query}")).await.problem(400, "query.unreadable");
    }
    host.get("/api/appeals?cursor=zz").await.problem(422, "page.cursor_invalid");
    for path in ["/api/appeals?employeeId=a/b", "/api/corrections?employeeId=a/b"] {
        assert_eq!(host.get(path).await.ok(200)["total"], 0);
    }
}

#[tokio::test]
async fn attendance_6_6_a_locked_month_refuses_and_an_unlocked_one_takes_them_again() {
    let host = host().await;
    let open = raise(&host, absent("e1")).await;
    let lock = json!({"month": "2026-07", "confirm": true});
    host.post("/api/attendance/locks", lock).await.ok(201);
    let by_hand = json!({"employeeId": "e1", "date": DATE, "kind": "lift", "mark": "absent", "reason": "x"});
    host.post("/api/appeals", absent("e2")).await.problem(409, "appeal.month_locked");
    host.post(&format!("/api/appeals/{open}/approve"), json!({})).await.problem(409, "appeal.month_locked");
    host.post("/api/corrections", by_hand.clone()).await.problem(409, "appeal.month_locked");
    host.delete("/api/attendance/locks/2026-07").await.ok(204);
    host.post("/api/appeals", absent("e2")).await.ok(201);
    host.post(&format!("/api/appeals/{open}/approve"), json!({})).await.ok(200);
}

#[tokio::test]
async fn attendance_6_6_the_inbox_is_filtered_and_decided_at_once() {
    let host = host().await;
    host.post("/api/departments", json!({"id": "d1", "name": "生产部"})).await.ok(201);
    host.patch("/api/employees/e2", json!({"departmentId": "d1"})).await.ok(200);
    let ids = [raise(&host, absent("e1")).await, raise(&host, absent("e2")).await];
    for (query, expected) in [
        ("", vec![ids[1], ids[0]]),
        ("?state=open&employeeId=e1", vec![ids[0]]),
        ("?state=approved", vec![]),
        ("?departmentId=d1", vec![ids[1]]),
        ("?from=2026-07-07", vec![]),
        ("?to=2026-07-06&limit=1", vec![ids[1]]),
    ] {
        let found = host.get(&format!("/api/appeals{query}")).await;
        let items = found.ok(200)["items"].as_array().unwrap().clone();
        let found: Vec<i64> = items.iter().map(|item| item["id"].as_i64().unwrap()).collect();
        assert_eq!(found, expected, "{query}");
    }
    let wanted = json!({"ids": [ids[0], ids[1], ids[1], 99], "decision": "approve", "note": "统一处理"});
    let done = host.post("/api/appeals/decide", wanted).await;
    let rejected = |done: &Answer| -> Vec<Value> {
        let rejected = done.json["rejected"].as_array().unwrap();
        rejected.iter().map(|item| json!([item["id"], item["code"]])).collect()
    };
    assert_eq!(done.ok(200)["decided"], 2);
    assert_eq!(rejected(&done), [json!([ids[1], "appeal.not_open"]), json!([99, "appeal.unknown"])]);
    assert_eq!(host.get("/api/corrections").await.ok(200)["total"], 2);
}

#[tokio::test]
async fn attendance_6_6_the_quota_is_shown_and_holds() {
    let host = host().await;
    host.send(Method::PUT, "/api/settings", json!({"timeZone": "Asia/Shanghai", "missedPunchQuota": 1}))
        .await
        .ok(200);
    let quota = "/api/attendance/quota?employeeId=e1&month=2026-07";
    assert_eq!(host.get(quota).await.ok(200), &json!({"month": "2026-07", "used": 0, "quota": 1}));
    raise(&host, with_claim("e1", "09:00")).await;
    assert_eq!(host.get(quota).await.ok(200)["used"], 1);
    // One for each, and no more.
    raise(&host, with_claim("e2", "09:00")).await;
    let mut events = host.node.events().subscribe();
    host.upload(SN, "1\t2026-07-06 12:00:00\t0\t1\n").await;
    until(&host, &mut events, "e1", "late 180, missingOut").await;
    let second =
        json!({"employeeId": "e1", "date": DATE, "mark": "missingOut", "reason": "x", "claimed": "18:00"});
    let refused = host.post("/api/appeals", second).await;
    assert_eq!(refused.problem(409, "appeal.quota_used")["fields"][0]["pointer"], "/claimed");
    for (query, status, code) in [
        ("?employeeId=nobody&month=2026-07", 422, "employee.unknown"),
        ("?employeeId=e1&month=2026-7", 422, "month.invalid"),
        ("?employeeId=e1", 400, "query.unreadable"),
    ] {
        host.get(&format!("/api/attendance/quota{query}")).await.problem(status, code);
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n a pass, photographed";
const PDF: &[u8] = b"%PDF-1.7\n a note of a doctor";

#[tokio::test]
async fn attendance_6_6_evidence_is_taken_by_its_bytes_and_given_back_safely() {
    let host = host().await;
    let id = raise(&host, absent("e1")).await;
    let path = format!("/api/appeals/{id}/evidence");
    host.get(&path).await.problem(404, "evidence.missing");
    let named = format!("{path}?name=%E9%97%A8%E5%8D%A1%22%3B.png");
    let put = host.send_bytes(Method::PUT, &named, "application/pdf", PNG.to_vec()).await;
    assert_eq!(
        put.ok(200)["evidence"],
        json!({"name": "门卡\";.png", "mediaType": "image/png", "size": PNG.len()})
    );
    let shown = host.get(&path).await;
    assert_eq!((shown.status, shown.bytes.as_slice()), (200, PNG));
    assert_eq!(shown.header("content-type"), Some("image/png"));
    assert_eq!(shown.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(
        shown.header("content-disposition"),
        Some("inline; filename=\"evidence.png\"; filename*=UTF-8''%E9%97%A8%E5%8D%A1%22%3B.png")
    );
    // A document is never opened within the console. The same over the network, behind its door.
    host.send_bytes(Method::PUT, &path, "image/png", PDF.to_vec()).await.ok(200);
    let bearer = format!("Authorization: Bearer {TOKEN}");
    let saved = host.wire(&format!("GET {path}"), &[&bearer], "").await;
    assert_eq!((saved.status, saved.bytes.as_slice()), (200, PDF));
    assert_eq!(saved.header("content-type"), Some("application/pdf"));
    assert_eq!(
        saved.header("content-disposition"),
        Some("attachment; filename=\"evidence.pdf\"; filename*=UTF-8''evidence.pdf")
    );
    assert_eq!(saved.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(host.wire(&format!("GET {path}"), &[], "").await.status, 401);
    for wrong in [&b"<svg onload=alert(1)>"[..], b"GIF89a", b""] {
        let answer = host.send_bytes(Method::PUT, &path, "image/png", wrong.to_vec()).await;
        answer.problem(422, "evidence.type");
    }
    let large = [PDF, vec![0; 5 * 1024 * 1024].as_slice()].concat();
    host.send_bytes(Method::PUT, &path, "application/pdf", large).await.problem(413, "body.too_large");
    let long = format!("{path}?name={}", "x".repeat(201));
    host.send_bytes(Method::PUT, &long, "image/png", PNG.to_vec()).await.problem(422, "text.too_long");
    assert!(host.delete(&path).await.ok(204).is_null());
    host.delete(&path).await.problem(404, "evidence.missing");
    host.send_bytes(Method::PUT, &path, "image/png", PNG.to_vec()).await.ok(200);
    host.post(&format!("/api/appeals/{id}/approve"), json!({})).await.ok(200);
    host.delete(&path).await.problem(409, "appeal.not_open");
    let request = Request::get(format!("/api/appeals/{}/evidence", id + 1)).body(Body::empty()).unwrap();
    host.call(request).await.problem(404, "appeal.unknown");
}

#[tokio::test]
async fn attendance_6_6_the_operation_log_tells_what_was_done_and_no_reasons() {
    let host = host().await;
    let id = raise(&host, with_claim("e1", "09:05")).await;
    host.post(&format!("/api/appeals/{id}/approve"), json!({"note": "住院"})).await.ok(200);
    host.delete("/api/corrections/1").await.ok(204);
    let audit = host.get("/api/audit").await;
    assert!(!audit.body.contains("住院") && !audit.body.contains("客户现场"), "{}", audit.body);
    let lines: Vec<Value> = audit.ok(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| {
            let what = line["what"].as_str().unwrap();
            what.starts_with("appeal") || what.starts_with("correction")
        })
        .map(|line| json!([line["who"], line["what"], line["subject"], line["before"], line["after"]]))
        .collect();
    insta::assert_json_snapshot!(lines);
}
