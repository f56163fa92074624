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

#[tokio::test]
async fn attendance_6_4_shifts_are_added_changed_and_removed() {
    let host = Host::start().await;
    let new = json!({
        "name": " 中班 ", "color": "amber", "segments": [{"start": "14:00", "end": "18:00"}, {"start": "19:00", "end": "00:00"}],
        "breaks": [{"start": "15:00", "end": "15:15"}], "graceInMinutes": 5, "halfDayAfterMinutes": 60, "overtimeAfterMinutes": 30,
        "roundingMinutes": 30,
    });
    let added = host.post("/api/shifts", new).await;
    let id = added.ok(201)["id"].as_str().unwrap().to_owned();
    let mut shown = added.json.clone();
    shown["id"] = json!("[id]");
    insta::assert_json_snapshot!(shown);
    let path = format!("/api/shifts/{id}");
    let change = json!({"breaks": [], "halfDayAfterMinutes": null, "graceInMinutes": 10});
    let changed = host.patch(&path, change).await;
    assert_eq!(
        json!([
            changed.ok(200)["breaks"],
            changed.json["halfDayAfterMinutes"],
            changed.json["graceInMinutes"],
            changed.json["segments"]
        ]),
        json!([[], null, 10, added.json["segments"]])
    );
    let flexible =
        json!({"kind": "flexible", "segments": [{"start": "07:00", "end": "21:00"}], "requiredMinutes": 480});
    assert_eq!(host.patch(&path, flexible).await.ok(200)["requiredMinutes"], 480);
    let fixed = json!({"kind": "fixed"});
    host.patch(&path, fixed).await.problem(422, "shift.required_of_fixed");
    host.patch(&path, json!({"kind": "fixed", "requiredMinutes": null})).await.ok(200);
    let list = host.get("/api/shifts").await;
    assert_eq!((&list.ok(200)["total"], &list.json["items"][0]["name"]), (&json!(1), &json!("中班")));
    host.delete(&path).await.ok(204);
    host.delete(&path).await.problem(404, "shift.unknown");
    host.patch(&path, json!({})).await.problem(404, "shift.unknown");
    let log = host.get("/api/audit?limit=10").await;
    let what: Vec<&str> =
        log.ok(200)["items"].as_array().unwrap().iter().map(|line| line["what"].as_str().unwrap()).collect();
    assert_eq!(what[..5], ["shift.remove", "shift.change", "shift.change", "shift.change", "shift.add"]);
}

#[tokio::test]
async fn attendance_6_4_shifts_by_turns_go_on_in_every_week() {
    let host = host().await;
    let (early, night) =
        (shift(&host, "early", "06:00", "14:00").await, shift(&host, "night", "22:00", "06:00").await);
    let turns = json!({"name": "两班", "steps": [early, early, null, night]});
    let turns = host.post("/api/rotations", turns).await.ok(201)["id"].as_str().unwrap().to_owned();
    let from =
        json!({"target": {"kind": "department", "id": "d1"}, "rotationId": turns, "from": "2026-07-06"});
    let assigned = host.post("/api/shift-assignments", from).await;
    assert_eq!(
        json!([
            assigned.ok(201)["anchor"],
            assigned.json["weekdays"],
            assigned.json["target"]["name"],
            assigned.json["shiftId"]
        ]),
        json!(["2026-07-06", [1, 2, 3, 4, 5, 6, 7], "生产部", null])
    );
    assert_eq!(days(&host, "e2", "2026-07-05", "2026-07-14").await, ".ee-nee-ne");
    let anchored = json!({"target": {"kind": "employee", "id": "e2"}, "rotationId": turns, "from": "2026-07-06", "anchor": "2026-07-08"});
    assign(&host, anchored).await;
    assert_eq!(days(&host, "e2", "2026-07-05", "2026-07-14").await, ".-nee-nee-");
    assert_eq!(host.get("/api/shifts").await.ok(200)["items"][0]["assigned"], 2);
    host.patch(&format!("/api/rotations/{turns}"), json!({"steps": [night]})).await.ok(200);
    assert_eq!(days(&host, "e2", "2026-07-05", "2026-07-08").await, ".nnn");
    for (query, total) in [
        ("", 2),
        ("?targetKind=employee", 1),
        ("?targetKind=department&targetId=d1", 1),
        ("?employeeId=e2", 2),
        ("?employeeId=e1", 1),
        ("?employeeId=e4", 0),
        (&format!("?shiftId={night}"), 2),
        (&format!("?shiftId={early}"), 0),
    ] {
        assert_eq!(
            host.get(&format!("/api/shift-assignments{query}")).await.ok(200)["total"],
            total,
            "{query}"
        );
    }
    let first = host.get("/api/shift-assignments?limit=1").await;
    let next = first.ok(200)["next"].as_str().unwrap();
    let second = host.get(&format!("/api/shift-assignments?limit=1&cursor={next}")).await;
    assert_eq!(
        (&second.ok(200)["items"][0]["target"]["id"], &second.json["next"]),
        (&json!("d1"), &Value::Null)
    );
    host.delete(&format!("/api/shifts/{night}")).await.problem(409, "shift.in_use");
    host.delete(&format!("/api/rotations/{turns}")).await.problem(409, "rotation.in_use");
}

#[tokio::test]
async fn attendance_6_5_leave_is_entered_changed_and_taken_back() {
    let host = host().await;
    let day = shift(&host, "day", "09:00", "18:00").await;
    assign(&host, json!({"target": {"kind": "branch", "id": "b1"}, "shiftId": day, "from": "2026-07-01"}))
        .await;
    let new = json!({"employeeId": "e2", "kind": "annual", "from": "2026-07-06", "to": "2026-07-08", "start": "13:00", "note": "家里有事"});
    let added = host.post("/api/leaves", new.clone()).await;
    let id = added.ok(201)["id"].as_i64().unwrap();
    assert_eq!(
        added.json,
        json!({"id": id, "employeeId": "e2", "name": "李娜", "kind": "annual", "from": "2026-07-06", "to": "2026-07-08",
            "start": "13:00", "end": null, "note": "家里有事"})
    );
    host.post("/api/leaves", new).await.problem(409, "leave.overlaps");
    let morning = json!({"employeeId": "e2", "kind": "sick", "from": "2026-07-06", "end": "13:00"});
    host.post("/api/leaves", morning).await.ok(201);
    host.post("/api/leaves", json!({"employeeId": "e1", "kind": "businessTrip", "from": "2026-08-01"}))
        .await
        .ok(201);
    for (query, total) in [
        ("", 3),
        ("?employeeId=e2", 2),
        ("?departmentId=d1", 3),
        ("?departmentId=d2", 2),
        ("?from=2026-07-07&to=2026-07-31", 1),
        ("?to=2026-07-06", 2),
        ("?from=2026-07-09&employeeId=e2", 0),
    ] {
        assert_eq!(host.get(&format!("/api/leaves{query}")).await.ok(200)["total"], total, "{query}");
    }
    let first = host.get("/api/leaves?limit=2").await;
    let next = first.ok(200)["next"].as_str().unwrap();
    let rest = host.get(&format!("/api/leaves?limit=2&cursor={next}")).await;
    assert_eq!(
        (rest.ok(200)["items"].as_array().unwrap().len(), &rest.json["items"][0]["id"]),
        (1, &json!(id))
    );
    let row = host.get("/api/schedule?from=2026-07-05&to=2026-07-09&search=lina").await;
    let leave: Vec<&Value> =
        row.ok(200)["items"][0]["days"].as_array().unwrap().iter().map(|day| &day["leave"]).collect();
    assert_eq!(json!(leave), json!([null, "sick", "annual", "annual", null]));
    let on_leave = json!({"cells": [{"employeeId": "e2", "date": "2026-07-07", "shiftId": day}]});
    let look = host.post("/api/schedule/preview", on_leave).await;
    assert_eq!(look.ok(200)["problems"][0]["code"], "schedule.on_leave");
    let path = format!("/api/leaves/{id}");
    let changed = host.patch(&path, json!({"start": null, "from": "2026-07-07", "kind": "other"})).await;
    assert_eq!(
        json!([changed.ok(200)["start"], changed.json["from"], changed.json["to"]]),
        json!([null, "2026-07-07", "2026-07-08"])
    );
    host.patch(&path, json!({"from": "2026-07-06"})).await.problem(409, "leave.overlaps");
    host.delete(&path).await.ok(204);
    host.delete(&path).await.problem(404, "leave.unknown");
}

/// Every refusal with its status, its code and the part of the call it is about.
#[tokio::test]
async fn attendance_6_4_what_cannot_be_is_refused_where_it_stands() {
    let host = host().await;
    let day = shift(&host, "day", "09:00", "18:00").await;
    let nine = json!([{"start": "09:00", "end": "18:00"}]);
    let shift = |more: Value| {
        let mut body = json!({"name": "x", "segments": nine});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let assignment = |more: Value| {
        let mut body =
            json!({"target": {"kind": "employee", "id": "e1"}, "shiftId": day, "from": "2026-07-01"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let leave = |more: Value| {
        let mut body = json!({"employeeId": "e1", "kind": "sick", "from": "2026-07-01"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let cell = |employee: &str, date: &str, shift: Value| json!({"employeeId": employee, "date": date, "shiftId": shift});
    let cells = |cells: Value| json!({ "cells": cells });
    let calls = vec![
        ("POST", "/api/shifts", shift(json!({"name": "day"}))),
        ("POST", "/api/shifts", shift(json!({"name": " "}))),
        ("POST", "/api/shifts", shift(json!({"segments": []}))),
        ("POST", "/api/shifts", shift(json!({"segments": [{"start": "9:00", "end": "18:00"}]}))),
        (
            "POST",
            "/api/shifts",
            shift(
                json!({"segments": [{"start": "09:00", "end": "13:00"}, {"start": "12:00", "end": "18:00"}]}),
            ),
        ),
        (
            "POST",
            "/api/shifts",
            shift(
                json!({"segments": [{"start": "22:00", "end": "06:00"}, {"start": "07:00", "end": "23:00"}]}),
            ),
        ),
        ("POST", "/api/shifts", shift(json!({"breaks": [{"start": "08:00", "end": "10:00"}]}))),
        ("POST", "/api/shifts", shift(json!({"kind": "flexible"}))),
        ("POST", "/api/shifts", shift(json!({"kind": "flexible", "requiredMinutes": 600}))),
        ("POST", "/api/shifts", shift(json!({"requiredMinutes": 60}))),
        ("POST", "/api/shifts", shift(json!({"windowBeforeMinutes": 721}))),
        ("POST", "/api/shifts", shift(json!({"halfDayAfterMinutes": 60, "absentAfterMinutes": 30}))),
        ("POST", "/api/shifts", shift(json!({"segments": [["09:00", "18:00"]]}))),
        ("PATCH", "/api/shifts/nothing", json!({})),
        ("POST", "/api/rotations", json!({"name": "x", "steps": []})),
        ("POST", "/api/rotations", json!({"name": "x", "steps": [null]})),
        ("POST", "/api/rotations", json!({"name": "x", "steps": [day, "nothing"]})),
        ("PATCH", "/api/rotations/nothing", json!({})),
        ("POST", "/api/shift-assignments", assignment(json!({"target": {"kind": "branch", "id": "e1"}}))),
        ("POST", "/api/shift-assignments", assignment(json!({"shiftId": "nothing"}))),
        ("POST", "/api/shift-assignments", assignment(json!({"shiftId": null, "rotationId": "nothing"}))),
        ("POST", "/api/shift-assignments", assignment(json!({"shiftId": null}))),
        ("POST", "/api/shift-assignments", assignment(json!({"rotationId": "x"}))),
        ("POST", "/api/shift-assignments", assignment(json!({"anchor": "2026-07-01"}))),
        ("POST", "/api/shift-assignments", assignment(json!({"to": "2026-06-30"}))),
        ("POST", "/api/shift-assignments", assignment(json!({"weekdays": [1, 1]}))),
        ("POST", "/api/shift-assignments", assignment(json!({"from": "2026-02-30"}))),
        ("PATCH", "/api/shift-assignments/77", json!({"to": null})),
        ("DELETE", "/api/shift-assignments/77", Value::Null),
        (
            "POST",
            "/api/calendar-days",
            json!({"date": "2026-07-01", "kind": "workday", "name": "x", "asWeekday": 8}),
        ),
        ("GET", "/api/calendar-days?year=1", Value::Null),
        ("POST", "/api/leaves", leave(json!({"employeeId": "nobody"}))),
        ("POST", "/api/leaves", leave(json!({"to": "2026-06-30"}))),
        ("POST", "/api/leaves", leave(json!({"start": "12:00", "end": "12:00"}))),
        ("POST", "/api/leaves", leave(json!({"start": "12"}))),
        ("POST", "/api/leaves", leave(json!({"kind": "holiday"}))),
        ("POST", "/api/leaves", leave(json!({"note": "a\nb"}))),
        ("GET", "/api/leaves?from=soon", Value::Null),
        ("GET", "/api/schedule?from=2026-07-01&to=2026-09-01", Value::Null),
        ("GET", "/api/schedule?from=2026-07-01&to=2026-06-30", Value::Null),
        ("GET", "/api/schedule?from=2026-07-01", Value::Null),
        (
            "PUT",
            "/api/schedule",
            cells(json!([cell("e1", "2026-07-01", json!(day)), cell("nobody", "2026-07-01", Value::Null)])),
        ),
        ("PUT", "/api/schedule", cells(json!([cell("e1", "2026-07-01", json!("nothing"))]))),
        (
            "PUT",
            "/api/schedule",
            cells(json!([cell("e1", "2026-07-01", Value::Null), cell("e1", "2026-07-01", json!(day))])),
        ),
        ("PUT", "/api/schedule", cells(json!([{"employeeId": "e1", "date": "2026-07-01"}]))),
        ("POST", "/api/schedule/preview", cells(json!([cell("e1", "soon", Value::Null)]))),
    ];
    let mut told = Vec::new();
    for (method, path, body) in calls {
        let answer = match method {
            "GET" => host.get(path).await,
            "DELETE" => host.delete(path).await,
            _ => host.send(method.parse().unwrap(), path, body).await,
        };
        let pointer = answer.json["fields"][0]["pointer"].as_str().unwrap_or("-");
        told.push(format!(
            "{} {} {pointer} {}",
            answer.status,
            answer.json["code"].as_str().unwrap_or("?"),
            answer.json["detail"].as_str().unwrap_or_default()
        ));
    }
    insta::assert_snapshot!(told.join("\n"));
    assert_eq!(host.get("/api/shifts").await.ok(200)["total"], 1);
    assert_eq!(host.get("/api/shift-assignments").await.ok(200)["total"], 0);
    assert_eq!(days(&host, "e1", "2026-07-01", "2026-07-03").await, "...");
}
