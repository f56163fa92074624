use serde_json::{Value, json};

use crate::support::Host;

#[tokio::test]
async fn somebody_is_added_found_and_changed() {
    let host = Host::start().await;
    let new = json!({"id": "e17", "name": "𠮷田 嘢", "hiredOn": "2026-01-05",
        "fields": {"employeeNumber": "0042", "mobile": null}});
    let added = host.post("/api/employees", new).await;
    let mut employee = added.ok(201).clone();
    for key in ["createdAt", "changedAt"] {
        assert!(employee[key].is_string());
        employee[key] = json!("…");
    }
    insta::assert_json_snapshot!(employee);
    assert_eq!(host.get("/api/employees/e17").await.ok(200)["name"], "𠮷田 嘢");

    let change = json!({"name": "吉田", "hiredOn": null, "leftOn": "2020-01-01",
        "fields": {"employeeNumber": null, "email": "y@example.org"}});
    let changed = host.patch("/api/employees/e17", change).await;
    let changed = changed.ok(200);
    assert_eq!((&changed["hiredOn"], &changed["leftOn"]), (&Value::Null, &json!("2020-01-01")));
    assert_eq!(
        (&changed["status"], &changed["fields"]),
        (&json!("left"), &json!({"email": "y@example.org"}))
    );
    host.get("/api/employees/nobody").await.problem(404, "employee.unknown");
    host.patch("/api/employees/nobody", json!({})).await.problem(404, "employee.unknown");
}

#[tokio::test]
async fn an_id_of_ours_is_made_when_none_is_given() {
    let host = Host::start().await;
    let first = host.post("/api/employees", json!({"name": "李娜"})).await;
    let second = host.post("/api/employees", json!({"name": "李娜", "id": null, "fields": null})).await;
    let (first, second) = (first.ok(201)["id"].as_str().unwrap(), second.ok(201)["id"].as_str().unwrap());
    assert!(first != second && !first.is_empty());
}

#[tokio::test]
async fn what_is_wrong_with_somebody_is_pointed_at() {
    let host = Host::start().await;
    host.add_employee("e1", "王芳").await;
    let cases = [
        json!({"name": ""}),
        json!({"name": "a\tb"}),
        json!({"name": "x".repeat(101)}),
        json!({"name": "x", "id": "a/b"}),
        json!({"name": "x", "id": ""}),
        json!({"name": "x", "id": "a\u{1}"}),
        json!({"name": "x", "id": ".."}),
        json!({"name": "x", "id": "e1"}),
        json!({"name": "x", "hiredOn": "2026-02-31"}),
        json!({"name": "x", "hiredOn": "2026-02-02", "leftOn": "2026-02-01"}),
        json!({"name": "x", "branchId": "b1"}),
        json!({"name": "x", "departmentId": "d1"}),
        json!({"name": "x", "fields": {"shoeSize": "43"}}),
        json!({"name": "x", "fields": {"mobile": "1\n2"}}),
        json!({"name": "x", "fields": {"mobile": 13}}),
    ];
    let mut told = Vec::new();
    for case in cases {
        let answer = host.post("/api/employees", case).await;
        told.push(json!([answer.status, answer.json["code"], answer.json["fields"]]));
    }
    insta::assert_json_snapshot!(told);
    assert_eq!(host.get("/api/employees").await.ok(200)["total"], 1);
}

#[tokio::test]
async fn people_are_searched_filtered_and_paged() {
    let host = Host::start().await;
    for (id, name, number, left) in [
        ("e1", "王芳", "1001", Value::Null),
        ("e2", "李娜", "1002", json!("2020-01-01")),
        ("e3", "王伟", "2001", Value::Null),
        ("e4", "100%", "3001", Value::Null),
    ] {
        let new = json!({"id": id, "name": name, "leftOn": left, "fields": {"employeeNumber": number}});
        host.post("/api/employees", new).await.ok(201);
    }
    let found = async |query: &str| {
        let answer = host.get(&format!("/api/employees{query}")).await;
        let page = answer.ok(200);
        let mut ids: Vec<String> = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        assert_eq!(page["total"], ids.len());
        ids.join(" ")
    };
    assert_eq!(found("").await, "e1 e2 e3 e4");
    assert_eq!(found("?search=%E7%8E%8B").await, "e1 e3");
    assert_eq!(found("?search=100").await, "e1 e2 e4");
    assert_eq!(found("?search=%25").await, "e4");
    assert_eq!(found("?status=left").await, "e2");
    assert_eq!(found("?status=active").await, "e1 e3 e4");
    for control in ["nobody%00", "%00", "%09x", "%C2%85"] {
        let answer = host.get(&format!("/api/employees?search={control}")).await;
        assert_eq!(answer.problem(422, "text.control_character")["fields"][0]["pointer"], "/search");
    }
    assert_eq!(found("?departmentId=d1").await, "");
    host.get("/api/employees?status=gone").await.problem(400, "query.unreadable");
    let first = host.get("/api/employees?limit=3").await;
    let next = first.ok(200)["next"].as_str().unwrap();
    let rest = host.get(&format!("/api/employees?limit=3&cursor={next}")).await;
    assert_eq!(rest.ok(200)["items"].as_array().unwrap().len(), 1);
    assert_eq!(rest.json["next"], Value::Null);
}

#[tokio::test]
async fn days_are_written_in_one_way_only() {
    let host = Host::start().await;
    host.add_employee("e1", "王芳").await;
    for day in [
        "+262142-12-31",
        "-0001-01-01",
        "2026-1-1",
        " 2026-01-01",
        "1899-12-31",
        "10000-01-01",
        "2026-02-31",
        "",
    ] {
        for key in ["hiredOn", "leftOn"] {
            let pointer = json!(format!("/{key}"));
            let added = host.post("/api/employees", json!({"name": "x", key: day})).await;
            assert_eq!(added.problem(422, "date.invalid")["fields"][0]["pointer"], pointer, "{day}");
            let changed = host.patch("/api/employees/e1", json!({key: day})).await;
            assert_eq!(changed.problem(422, "date.invalid")["fields"][0]["pointer"], pointer, "{day}");
        }
    }
    let change = json!({"hiredOn": "1900-01-01", "leftOn": "9999-12-31"});
    assert_eq!(host.patch("/api/employees/e1", change).await.ok(200)["leftOn"], "9999-12-31");
}
