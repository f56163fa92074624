use axum::http::Method;
use serde_json::{Value, json};

use crate::support::Host;

const SN: &str = "CQZ7000000001";
const ROSTER: &str = "/api/machines/CQZ7000000001/roster";
const MAPPING: &str = "/api/machines/CQZ7000000001/number-mapping";

async fn host() -> Host {
    let host = Host::start().await;
    host.add_machine(SN, "大厅").await;
    for (id, name, number) in [("e1", "王芳", "1001"), ("e2", "李娜", "1002"), ("e3", "赵磊", "A3")] {
        let body = json!({"id": id, "name": name, "fields": {"employeeNumber": number}});
        host.post("/api/employees", body).await.ok(201);
    }
    host
}

async fn put(host: &Host, body: Value) -> Value {
    host.send(Method::PUT, MAPPING, body).await.ok(200).clone()
}

async fn entry(host: &Host, id: &str) -> Value {
    let list = host.get(ROSTER).await;
    let items = list.ok(200)["items"].as_array().unwrap().clone();
    items.into_iter().find(|item| item["employeeId"] == id).unwrap()
}

#[tokio::test]
async fn numbers_5_1_a_machine_has_a_switch_and_a_source_field() {
    let host = host().await;
    let off = json!({"enabled": false, "field": null, "filled": 0, "withoutNumber": 0, "proposals": 0});
    assert_eq!(*host.get(MAPPING).await.ok(200), off);
    for (body, code) in [
        (json!({"enabled": true}), "mapping.field_missing"),
        (json!({"enabled": true, "field": "shoe"}), "mapping.field_unknown"),
    ] {
        let refused = host.send(Method::PUT, MAPPING, body).await;
        assert_eq!(refused.problem(422, code)["fields"][0]["pointer"], "/field");
    }
    let on = json!({"enabled": true, "field": "mobile"});
    assert_eq!(put(&host, on).await["field"], "mobile");
    assert_eq!(host.get(MAPPING).await.ok(200)["enabled"], true);
    host.get("/api/machines/NOBODY/number-mapping").await.problem(404, "machine.unknown");
    assert_eq!(host.get("/api/audit").await.ok(200)["items"][0]["what"], "mapping.change");
}

#[tokio::test]
async fn numbers_5_2_an_entry_without_a_number_says_why() {
    let host = host().await;
    let entries =
        json!({"entries": [{"employeeId": "e1", "pin": "1002"}, {"employeeId": "e2"}, {"employeeId": "e3"}]});
    host.post(ROSTER, entries).await.ok(200);
    assert_eq!(entry(&host, "e2").await["pinProblem"], Value::Null, "nothing is missing while it is off");
    let answer = put(&host, json!({"enabled": true, "field": "employeeNumber"})).await;
    let expected =
        json!({"enabled": true, "field": "employeeNumber", "filled": 0, "withoutNumber": 2, "proposals": 1});
    assert_eq!(answer, expected);
    assert_eq!(
        entry(&host, "e2").await["pinProblem"],
        json!({"code": "pin.taken", "detail": "王芳 has the number 1002 on this machine"})
    );
    assert_eq!(entry(&host, "e3").await["pinProblem"]["code"], "pin.not_digits");
    assert_eq!(entry(&host, "e1").await["pinProposal"], "1001");
}

#[tokio::test]
async fn numbers_5_3_empty_numbers_are_filled_and_others_proposed() {
    let host = host().await;
    host.post(ROSTER, json!({"entries": [{"employeeId": "e1"}, {"employeeId": "e3"}]})).await.ok(200);
    assert_eq!(put(&host, json!({"enabled": true, "field": "employeeNumber"})).await["filled"], 1);
    let first = entry(&host, "e1").await;
    assert_eq!(
        (&first["pin"], &first["pinSource"], &first["state"]),
        (&json!("1001"), &json!("mapped"), &json!("waiting"))
    );
    host.post(ROSTER, json!({"entries": [{"employeeId": "e2"}]})).await.ok(200);
    assert_eq!(entry(&host, "e2").await["pin"], "1002");
    host.patch("/api/employees/e3", json!({"fields": {"employeeNumber": "1003"}})).await.ok(200);
    assert_eq!(entry(&host, "e3").await["pin"], "1003");
    host.patch("/api/employees/e3", json!({"fields": {"employeeNumber": "2003"}})).await.ok(200);
    let changed = host.patch(&format!("{ROSTER}/e3"), json!({"role": "registrar"})).await;
    assert_eq!((&changed.ok(200)["pin"], &changed.json["pinProposal"]), (&json!("1003"), &json!("2003")));
    let accept = format!("{MAPPING}/accept");
    let taken = host.post(&accept, json!({"employeeIds": ["e3", "e1"]})).await;
    assert_eq!(taken.ok(200)["changed"], json!(["e3"]));
    assert_eq!(taken.json["rejected"][0]["code"], "mapping.no_proposal");
    let third = entry(&host, "e3").await;
    assert_eq!((&third["pin"], &third["pinProposal"]), (&json!("2003"), &Value::Null));
    put(&host, json!({"enabled": false, "field": "employeeNumber"})).await;
    host.post(&accept, json!({"employeeIds": ["e3"]})).await.problem(409, "mapping.off");
}

#[tokio::test]
async fn numbers_5_4_one_setting_is_seen_from_everywhere_and_watchers_hear_of_it() {
    let host = host().await;
    let mut watcher = host.node.events().subscribe();
    put(&host, json!({"enabled": true, "field": "employeeNumber"})).await;
    loop {
        let event = watcher.next().await.unwrap();
        if event.name() == "roster" {
            assert_eq!(event.data(), format!(r#"{{"sn":"{SN}"}}"#));
            break;
        }
    }
    // The list's header and the rule's page ask for the same thing, whatever the case of the serial number.
    let seen = host.get(&MAPPING.replace("CQZ", "cqz")).await;
    assert_eq!((&seen.ok(200)["enabled"], &seen.json["field"]), (&json!(true), &json!("employeeNumber")));
}
