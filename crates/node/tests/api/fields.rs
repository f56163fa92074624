use serde_json::{Value, json};

use crate::support::Host;

async fn host() -> Host {
    let host = Host::start().await;
    for field in [
        json!({"key": "shoeSize", "label": "鞋码", "type": "number", "group": "personal"}),
        json!({"key": "trial_ends", "label": "试用期至", "type": "date", "group": "basic"}),
        json!({"key": "shift", "label": "班次", "type": "choice", "group": "basic", "choices": ["白班", "夜班"]}),
    ] {
        host.post("/api/fields", field).await.ok(201);
    }
    host
}

#[tokio::test]
async fn directory_2_1_fields_of_the_system_come_first() {
    let host = host().await;
    insta::assert_json_snapshot!(host.get("/api/fields").await.ok(200));
    let first = host.get("/api/fields?limit=8").await;
    let next = first.ok(200)["next"].as_str().unwrap();
    let rest = host.get(&format!("/api/fields?limit=8&cursor={next}")).await;
    assert_eq!(rest.ok(200)["items"][0]["key"], "trial_ends");
}

#[tokio::test]
async fn directory_2_1_values_are_checked_and_kept_in_one_form() {
    let host = host().await;
    let fields =
        json!({"shoeSize": " 043.50", "trial_ends": "2026-09-01", "shift": "夜班", "mobile": "0138"});
    let added = host.post("/api/employees", json!({"id": "e1", "name": "王芳", "fields": fields})).await;
    assert_eq!(
        added.ok(201)["fields"],
        json!({"shoeSize": "43.5", "trial_ends": "2026-09-01", "shift": "夜班", "mobile": "0138"})
    );
    for (fields, code, pointer) in [
        (json!({"shoeSize": "big"}), "field.not_a_number", "/fields/shoeSize"),
        (json!({"trial_ends": "2026/09/01"}), "field.not_a_date", "/fields/trial_ends"),
        (json!({"shift": "早班"}), "field.not_a_choice", "/fields/shift"),
        (json!({"hat": "1"}), "field.unknown", "/fields/hat"),
        (json!({"shift": "x".repeat(501)}), "text.too_long", "/fields/shift"),
    ] {
        let answer = host.patch("/api/employees/e1", json!({"fields": fields})).await;
        assert_eq!(answer.problem(422, code)["fields"][0]["pointer"], pointer);
    }
    // Whoever has a choice that is gone keeps it, and nobody else gets it.
    host.patch("/api/fields/shift", json!({"choices": ["白班"], "label": "班"})).await.ok(200);
    let kept = host.patch("/api/employees/e1", json!({"name": "王方", "fields": {"shift": "夜班"}})).await;
    assert_eq!(kept.ok(200)["fields"]["shift"], "夜班");
    host.add_employee("e2", "李娜").await;
    let other = host.patch("/api/employees/e2", json!({"fields": {"shift": "夜班"}})).await;
    other.problem(422, "field.not_a_choice");
    // What is personal is masked in the log.
    let audit = host.get("/api/audit").await;
    let line = &audit.ok(200)["items"][1]["after"];
    assert_eq!(line["name"], "王方", "{line}");
    assert_eq!(
        (&line["fields"]["shoeSize"], &line["fields"]["trial_ends"]),
        (&json!("•••"), &json!("2026-09-01"))
    );
}

#[tokio::test]
async fn directory_2_1_a_field_goes_with_what_stands_in_it() {
    let host = host().await;
    let new = json!({"id": "e1", "name": "王芳", "fields": {"shoeSize": "43", "mobile": "1"}});
    host.post("/api/employees", new).await.ok(201);
    assert!(host.delete("/api/fields/shoeSize").await.ok(204).is_null());
    assert_eq!(host.get("/api/employees/e1").await.ok(200)["fields"], json!({"mobile": "1"}));
    host.delete("/api/fields/shoeSize").await.problem(404, "field.unknown");
    host.patch("/api/fields/shoeSize", json!({"label": "x"})).await.problem(404, "field.unknown");
    host.delete("/api/fields/mobile").await.problem(409, "field.of_system");
    host.patch("/api/fields/mobile", json!({"label": "x"})).await.problem(409, "field.of_system");
}

#[tokio::test]
async fn what_is_wrong_with_a_field_is_pointed_at() {
    let host = host().await;
    let new = |key: &str, label: &str| json!({"key": key, "label": label, "type": "text", "group": "basic"});
    let mut told = Vec::new();
    for case in [
        new("", "x"),
        new("1a", "x"),
        new("鞋", "x"),
        new("a b", "x"),
        new("Mobile", "x"),
        new("shoesize", "x"),
        new("leftOn", "x"),
        new("a", " "),
        new("a", "鞋码"),
        new("a", "工号"),
        new("a", "x\u{1}"),
        json!({"key": "a", "label": "x", "type": "text", "group": "basic", "choices": ["y"]}),
        json!({"key": "a", "label": "x", "type": "choice", "group": "basic", "choices": ["y", "y"]}),
        json!({"key": "a", "label": "x", "type": "colour", "group": "basic"}),
    ] {
        let answer = host.post("/api/fields", case).await;
        told.push(json!([answer.status, answer.json["code"], answer.json["fields"][0]["pointer"]]));
    }
    insta::assert_json_snapshot!(told);
    let changed = host.patch("/api/fields/shift", json!({"label": "鞋码"})).await;
    changed.problem(409, "field.label_taken");
    assert_eq!(host.get("/api/fields").await.ok(200)["total"], Value::from(10));
}
