//! Who works what on which day.

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::Host;

/// Branch b1 holds d1, which holds d2. e1 is in d1, e2 in d2, e3 in the branch alone, e4 nowhere.
pub async fn host() -> Host {
    let host = Host::start().await;
    host.post("/api/branches", json!({"id": "b1", "name": "上海"})).await.ok(201);
    for department in [
        json!({"id": "d1", "name": "生产部", "branchId": "b1"}),
        json!({"id": "d2", "name": "一车间", "parentId": "d1"}),
    ] {
        host.post("/api/departments", department).await.ok(201);
    }
    for person in [
        json!({"id": "e1", "name": "王芳", "departmentId": "d1"}),
        json!({"id": "e2", "name": "李娜", "departmentId": "d2"}),
        json!({"id": "e3", "name": "赵磊", "branchId": "b1"}),
        json!({"id": "e4", "name": "陈静"}),
    ] {
        host.post("/api/employees", person).await.ok(201);
    }
    host
}

pub async fn shift(host: &Host, name: &str, start: &str, end: &str) -> String {
    let new = json!({"name": name, "segments": [{"start": start, "end": end}]});
    host.post("/api/shifts", new).await.ok(201)["id"].as_str().unwrap().to_owned()
}

/// What somebody is to do from a day on, in a letter each: the first of the shift's name, `-` rest, `*` holiday, `.` unscheduled,
/// `x` not employed; in capitals when it was set by hand.
pub async fn days(host: &Host, employee: &str, from: &str, to: &str) -> String {
    let shifts = host.get("/api/shifts").await;
    let name = |id: &Value| {
        let items = shifts.ok(200)["items"].as_array().unwrap();
        let found = items.iter().find(|shift| shift["id"] == *id);
        found.map_or("?", |shift| shift["name"].as_str().unwrap()).chars().next().unwrap().to_string()
    };
    let row = host.get(&format!("/api/schedule?from={from}&to={to}&employeeId={employee}")).await;
    let days = row.ok(200)["items"][0]["days"].as_array().unwrap().clone();
    days.iter()
        .map(|day| {
            let letter = match day["planned"].as_str().unwrap() {
                "works" => name(&day["shiftId"]),
                "rest" => "-".to_owned(),
                "holiday" => "*".to_owned(),
                "unscheduled" => ".".to_owned(),
                _ => "x".to_owned(),
            };
            if day["cell"] == true { letter.to_uppercase().replace('-', "=") } else { letter }
        })
        .collect()
}

pub async fn assign(host: &Host, body: Value) -> i64 {
    host.post("/api/shift-assignments", body).await.ok(201)["id"].as_i64().unwrap()
}

#[tokio::test]
async fn attendance_6_4_a_shift_is_assigned_by_person_department_or_branch_with_a_span() {
    let host = host().await;
    let (day, late) =
        (shift(&host, "day", "09:00", "18:00").await, shift(&host, "late", "14:00", "22:00").await);
    let night = shift(&host, "night", "22:00", "06:00").await;
    // Monday 6 July 2026 to Sunday 12 July.
    let week = async |employee: &str| days(&host, employee, "2026-07-06", "2026-07-12").await;
    assert_eq!(week("e1").await, ".......");
    assign(&host, json!({"target": {"kind": "branch", "id": "b1"}, "shiftId": day, "from": "2026-07-01"}))
        .await;
    assert_eq!([week("e1").await, week("e3").await], ["ddddd--", "ddddd--"]);
    assert_eq!(week("e4").await, ".......", "of no branch");
    let narrow = json!({"target": {"kind": "department", "id": "d2"}, "shiftId": late, "from": "2026-07-08", "to": "2026-07-09"});
    assign(&host, narrow).await;
    assert_eq!([week("e1").await, week("e2").await], ["ddddd--", "ddlld--"]);
    let own = json!({"target": {"kind": "employee", "id": "e2"}, "shiftId": night, "from": "2026-07-09", "weekdays": [4, 6]});
    let own = assign(&host, own).await;
    assert_eq!(week("e2").await, "ddlndn-");
    host.patch(&format!("/api/shift-assignments/{own}"), json!({"to": "2026-07-10"})).await.ok(200);
    assert_eq!(week("e2").await, "ddlnd--");
    host.delete(&format!("/api/shift-assignments/{own}")).await.ok(204);
    assert_eq!(week("e2").await, "ddlld--");
}

#[tokio::test]
async fn attendance_6_4_days_are_set_by_hand_after_a_look_at_what_is_odd() {
    let host = host().await;
    let (day, night) =
        (shift(&host, "day", "09:00", "18:00").await, shift(&host, "night", "22:00", "06:00").await);
    assign(&host, json!({"target": {"kind": "employee", "id": "e1"}, "shiftId": day, "from": "2026-07-01"}))
        .await;
    let cells = json!({"cells": [
        {"employeeId": "e1", "date": "2026-07-07", "shiftId": night},
        {"employeeId": "e1", "date": "2026-07-09", "shiftId": null},
    ]});
    let preview = host.post("/api/schedule/preview", cells.clone()).await;
    assert_eq!(preview.ok(200)["changed"], 2, "{}", preview.body);
    assert_eq!(preview.json["problems"][0]["code"], "schedule.short_rest", "{}", preview.body);
    assert_eq!(days(&host, "e1", "2026-07-06", "2026-07-10").await, "ddddd");
    let set = host.send(Method::PUT, "/api/schedule", cells).await;
    assert_eq!(set.ok(200), &preview.json);
    assert_eq!(days(&host, "e1", "2026-07-06", "2026-07-10").await, "dNd=d");
    let back = json!({"cells": [{"employeeId": "e1", "date": "2026-07-07", "shiftId": "default"}]});
    assert_eq!(host.send(Method::PUT, "/api/schedule", back).await.ok(200)["changed"], 1);
    assert_eq!(days(&host, "e1", "2026-07-06", "2026-07-10").await, "ddd=d");
}
