use axum::http::Method;
use serde_json::{Value, json};

use crate::support::Host;

/// 上海 holds 研发部, which holds 前端组; 北京 holds nothing; 行政部 is in no branch.
async fn host() -> Host {
    let host = Host::start().await;
    for branch in [json!({"id": "b1", "name": "上海"}), json!({"id": "b2", "name": "北京"})] {
        host.post("/api/branches", branch).await.ok(201);
    }
    for department in [
        json!({"id": "d1", "name": "研发部", "branchId": "b1"}),
        json!({"id": "d2", "name": "前端组", "parentId": "d1"}),
        json!({"id": "d3", "name": "行政部"}),
    ] {
        host.post("/api/departments", department).await.ok(201);
    }
    for person in [
        json!({"id": "e1", "name": "王芳", "departmentId": "d2"}),
        json!({"id": "e2", "name": "李娜", "departmentId": "d1", "branchId": "b1"}),
        json!({"id": "e3", "name": "赵磊", "branchId": "b2"}),
        json!({"id": "e4", "name": "单伟", "departmentId": "d2", "leftOn": "2020-01-01"}),
        json!({"id": "e5", "name": "陈静"}),
    ] {
        host.post("/api/employees", person).await.ok(201);
    }
    host
}

async fn found(host: &Host, query: &str) -> String {
    let answer = host.get(&format!("/api/employees{query}")).await;
    let page = answer.ok(200);
    let items = page["items"].as_array().unwrap();
    assert_eq!(page["total"], items.len());
    let mut ids: Vec<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.join(" ")
}

#[tokio::test]
async fn directory_2_1_the_organisation_is_shown_with_its_people() {
    let host = host().await;
    let branches = host.get("/api/branches").await;
    let departments = host.get("/api/departments").await;
    insta::assert_json_snapshot!(json!([branches.ok(200), departments.ok(200)]));
    let person = host.get("/api/employees/e1").await;
    assert_eq!(
        json!([
            person.ok(200)["departmentId"],
            person.json["departmentName"],
            person.json["branchId"],
            person.json["branchName"],
            person.json["photoFileId"]
        ]),
        json!(["d2", "前端组", "b1", "上海", null])
    );
    let first = host.get("/api/departments?limit=2").await;
    let next = first.ok(200)["next"].as_str().unwrap();
    let rest = host.get(&format!("/api/departments?limit=2&cursor={next}")).await;
    assert_eq!((rest.ok(200)["items"].as_array().unwrap().len(), &rest.json["next"]), (1, &Value::Null));
}

#[tokio::test]
async fn directory_2_1_people_are_listed_by_where_they_are() {
    let host = host().await;
    for (query, ids) in [
        ("?departmentId=d1", "e1 e2 e4"),
        ("?departmentId=d2", "e1 e4"),
        ("?departmentId=d1&status=active", "e1 e2"),
        ("?departmentId=d1&status=left", "e4"),
        ("?departmentId=d1&search=wang", "e1"),
        ("?departmentId=nothing", ""),
        ("?branchId=b1", "e1 e2 e4"),
        ("?branchId=b2", "e3"),
        ("?branchId=b1&departmentId=d2", "e1 e4"),
        ("?branchId=b2&departmentId=d2", ""),
        ("?search=shanwei", "e4"),
        ("?search=LN", "e2"),
    ] {
        assert_eq!(found(&host, query).await, ids, "{query}");
    }
    // A branch beneath another counts to it.
    host.patch("/api/branches/b2", json!({"parentId": "b1"})).await.ok(200);
    assert_eq!(found(&host, "?branchId=b1").await, "e1 e2 e3 e4");
    let branches = host.get("/api/branches").await;
    assert_eq!(branches.ok(200)["items"][0]["employees"], 3, "{}", branches.body);
}

#[tokio::test]
async fn directory_2_1_whoever_moves_takes_along_what_is_beneath() {
    let host = host().await;
    let moved = host.patch("/api/departments/d1", json!({"branchId": "b2"})).await;
    assert_eq!(moved.ok(200)["branchId"], "b2");
    assert_eq!(host.get("/api/employees/e1").await.ok(200)["branchId"], "b2");
    assert_eq!(found(&host, "?branchId=b2").await, "e1 e2 e3 e4");
    // Out from beneath another, it stays in the branch it was in.
    let out = host.patch("/api/departments/d2", json!({"parentId": null})).await;
    assert_eq!(json!([out.ok(200)["parentId"], out.json["branchId"]]), json!([null, "b2"]));
    let away = host.patch("/api/departments/d2", json!({"branchId": null, "name": "前端"})).await;
    assert_eq!(json!([away.ok(200)["name"], away.json["branchId"]]), json!(["前端", null]));
    // The branch of a person follows from their department.
    let person = host.patch("/api/employees/e2", json!({"departmentId": "d3", "branchId": "b1"})).await;
    assert_eq!(person.ok(200)["branchId"], Value::Null);
    let person = host.patch("/api/employees/e2", json!({"departmentId": null, "branchId": "b1"})).await;
    assert_eq!(json!([person.ok(200)["departmentId"], person.json["branchName"]]), json!([null, "上海"]));
}

#[tokio::test]
async fn directory_2_1_what_cannot_be_is_refused() {
    let host = host().await;
    let mut told = Vec::new();
    for (method, path, body) in [
        ("POST", "/api/branches", json!({"name": " "})),
        ("POST", "/api/branches", json!({"name": "x", "id": "a/b"})),
        ("POST", "/api/branches", json!({"name": "x", "id": "b1"})),
        ("POST", "/api/branches", json!({"name": "上海"})),
        ("POST", "/api/branches", json!({"name": "x", "parentId": "nothing"})),
        ("PATCH", "/api/branches/b1", json!({"parentId": "b1"})),
        ("PATCH", "/api/branches/nothing", json!({})),
        ("DELETE", "/api/branches/b1", Value::Null),
        ("DELETE", "/api/branches/b2", Value::Null),
        ("POST", "/api/departments", json!({"name": ""})),
        ("POST", "/api/departments", json!({"name": "x", "id": "d1"})),
        ("POST", "/api/departments", json!({"name": "前端组", "parentId": "d1"})),
        ("POST", "/api/departments", json!({"name": "x", "parentId": "nothing"})),
        ("POST", "/api/departments", json!({"name": "x", "branchId": "nothing"})),
        ("PATCH", "/api/departments/d1", json!({"parentId": "d2"})),
        ("PATCH", "/api/departments/d1", json!({"parentId": "d1"})),
        ("PATCH", "/api/departments/d2", json!({"branchId": "b2"})),
        ("PATCH", "/api/departments/nothing", json!({"name": "x"})),
        ("DELETE", "/api/departments/d1", Value::Null),
        ("DELETE", "/api/departments/d2", Value::Null),
        ("DELETE", "/api/departments/nothing", Value::Null),
        ("PATCH", "/api/employees/e1", json!({"departmentId": "nothing"})),
        ("PATCH", "/api/employees/e1", json!({"branchId": "nothing"})),
        ("PATCH", "/api/employees/e1", json!({"branchId": "b2"})),
    ] {
        let answer = match method {
            "POST" => host.post(path, body.clone()).await,
            "PATCH" => host.patch(path, body.clone()).await,
            _ => host.delete(path).await,
        };
        told.push(json!([
            method,
            path,
            body,
            answer.status,
            answer.json["code"],
            answer.json["fields"][0]["pointer"]
        ]));
    }
    insta::assert_json_snapshot!(told);
    // The same name elsewhere is another department.
    host.post("/api/departments", json!({"name": "前端组", "parentId": "d3"})).await.ok(201);
    host.post("/api/departments", json!({"name": "研发部", "branchId": "b2"})).await.ok(201);
}

#[tokio::test]
async fn what_is_empty_is_deleted_and_every_change_is_logged() {
    let host = Host::start().await;
    host.post("/api/branches", json!({"id": "b1", "name": "上海"})).await.ok(201);
    host.post("/api/departments", json!({"id": "d1", "name": "研发部", "branchId": "b1"})).await.ok(201);
    host.patch("/api/departments/d1", json!({"name": "研发"})).await.ok(200);
    host.patch("/api/departments/d1", json!({"name": "研发"})).await.ok(200);
    assert!(host.delete("/api/departments/d1").await.ok(204).is_null());
    assert!(host.delete("/api/branches/b1").await.ok(204).is_null());
    assert_eq!(host.get("/api/branches").await.ok(200)["total"], 0);
    let audit = host.get("/api/audit").await;
    let lines: Vec<Value> = audit.ok(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| !line["what"].as_str().unwrap().starts_with("settings"))
        .map(|line| json!([line["what"], line["subject"], line["before"], line["after"]]))
        .collect();
    insta::assert_json_snapshot!(lines);
}

/// What a rule or a shift assignment names is not deleted from under it: it would mean nobody, and nobody would be told.
#[tokio::test]
async fn dispatch_4_1_a_unit_that_a_rule_or_a_shift_names_is_not_deleted() {
    let host = Host::start().await;
    host.post("/api/branches", json!({"id": "b1", "name": "上海"})).await.ok(201);
    host.post("/api/departments", json!({"id": "d1", "name": "研发部"})).await.ok(201);
    for (sn, name) in [("CQZ7000000001", "大厅"), ("CQZ7000000002", "北门")] {
        host.add_machine(sn, name).await;
    }
    let rule = |include: Value, exclude: Value| {
        json!({"enabled": false, "include": include, "exclude": exclude,
        "outOfScope": "keep", "runAt": "02:00", "syncToMachine": false})
    };
    let put = async |sn: &str, rule: Value| {
        host.send(Method::PUT, &format!("/api/machines/{sn}/dispatch-rule"), rule).await.ok(200);
    };
    let (department, branch) =
        (json!([{"kind": "department", "id": "d1"}]), json!([{"kind": "branch", "id": "b1"}]));
    put("CQZ7000000001", rule(department.clone(), branch.clone())).await;
    put("CQZ7000000002", rule(department.clone(), json!([]))).await;
    let refused = host.delete("/api/departments/d1").await;
    assert_eq!(
        json!([
            refused.problem(409, "department.in_use")["detail"],
            refused.json["rules"],
            refused.json["shifts"]
        ]),
        json!([
            "the department is used by the dispatch rules of 北门, 大厅; take it out there first",
            ["北门", "大厅"],
            []
        ])
    );
    assert_eq!(host.delete("/api/branches/b1").await.problem(409, "branch.in_use")["rules"], json!(["大厅"]));
    // A machine that is gone has no rule.
    host.delete("/api/machines/CQZ7000000002").await.ok(204);
    put("CQZ7000000001", rule(json!([]), json!([]))).await;
    let shift = host
        .post("/api/shifts", json!({"name": "白班", "segments": [{"start": "09:00", "end": "18:00"}]}))
        .await;
    let assign = |to: Value| {
        json!({"target": {"kind": "department", "id": "d1"}, "shiftId": shift.ok(201)["id"],
        "from": "2026-01-01", "to": to, "weekdays": [1, 2, 3, 4, 5]})
    };
    host.post("/api/shift-assignments", assign(json!("2026-01-31"))).await.ok(201);
    let open = host.post("/api/shift-assignments", assign(Value::Null)).await.ok(201)["id"].clone();
    assert_eq!(
        host.delete("/api/departments/d1").await.problem(409, "department.in_use")["shifts"],
        json!(["白班"])
    );
    host.delete(&format!("/api/shift-assignments/{open}")).await.ok(204);
    // What is over holds nobody any more.
    host.delete("/api/departments/d1").await.ok(204);
    host.delete("/api/branches/b1").await.ok(204);
}
