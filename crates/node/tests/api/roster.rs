use serde_json::{Value, json};

use crate::support::Host;

const ROSTER: &str = "/api/machines/CQZ7000000001/roster";

async fn host() -> Host {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    for (id, name) in [("e1", "王芳"), ("e2", "李娜"), ("e3", "赵磊")] {
        host.add_employee(id, name).await;
    }
    host
}

#[tokio::test]
async fn people_are_put_on_a_list_and_what_is_refused_is_not() {
    let host = host().await;
    let entries = json!({"entries": [
        {"employeeId": "e1", "pin": "007", "role": "administrator"},
        {"employeeId": "e2", "pin": "7"},
        {"employeeId": "e3"},
        {"employeeId": "e1", "pin": "8"},
        {"employeeId": "nobody"},
        {"employeeId": ""},
    ]});
    let answer = host.post(ROSTER, entries).await;
    insta::assert_json_snapshot!(answer.ok(200));
    let list = host.get(ROSTER).await;
    insta::assert_json_snapshot!(list.ok(200));
    let machine = host.get("/api/machines/CQZ7000000001").await;
    assert_eq!(
        machine.ok(200)["roster"],
        json!({"total": 2, "synced": 0, "waiting": 1, "failed": 0, "noNumber": 1})
    );
    assert_eq!(machine.json["held"], json!({"people": 1, "punches": 0}));
}

#[tokio::test]
async fn an_entry_is_changed_and_removed() {
    let host = host().await;
    let entries = json!({"entries": [{"employeeId": "e1", "pin": "7"}, {"employeeId": "e2"}]});
    host.post(ROSTER, entries).await.ok(200);
    let path = |id: &str| format!("{ROSTER}/{id}");
    let changed =
        host.patch(&path("e2"), json!({"pin": "0042", "role": "registrar", "enabled": false})).await;
    let entry = changed.ok(200);
    assert_eq!(
        json!([
            entry["pin"],
            entry["role"],
            entry["enabled"],
            entry["disabledBy"],
            entry["state"],
            entry["pinSource"]
        ]),
        json!(["0042", "registrar", false, "hand", "waiting", "typed"])
    );
    let taken = host.patch(&path("e2"), json!({"pin": "07"})).await;
    insta::assert_json_snapshot!(taken.problem(409, "pin.taken"));
    for (pin, code) in [
        ("1.5", "pin.not_digits"),
        ("-3", "pin.not_digits"),
        ("１２", "pin.not_digits"),
        ("0000000012", "pin.too_long"),
        ("000", "pin.zero"),
    ] {
        let answer = host.patch(&path("e2"), json!({"pin": pin})).await;
        assert_eq!(answer.problem(422, code)["fields"][0]["pointer"], "/pin");
    }
    host.patch(&path("e2"), json!({"pin": 42})).await.problem(422, "body.invalid");
    let cleared = host.patch(&path("e2"), json!({"pin": null, "enabled": true})).await;
    assert_eq!((&cleared.ok(200)["pin"], &cleared.json["state"]), (&Value::Null, &json!("noNumber")));

    assert!(host.delete(&path("e2")).await.ok(204).is_null());
    host.delete(&path("e2")).await.problem(404, "roster.unknown");
    host.patch(&path("e2"), json!({})).await.problem(404, "roster.unknown");
    host.patch(&path("a%0Ab"), json!({})).await.problem(404, "employee.unknown");
    assert_eq!(host.get(ROSTER).await.ok(200)["total"], 1);
}

#[tokio::test]
async fn a_machine_nobody_added_has_no_list() {
    let host = host().await;
    let path = "/api/machines/NOBODY/roster";
    host.get(path).await.problem(404, "machine.unknown");
    host.post(path, json!({"entries": []})).await.problem(404, "machine.unknown");
    host.delete(&format!("{path}/e1")).await.problem(404, "machine.unknown");
    host.post(ROSTER, json!({})).await.problem(422, "body.invalid");
    let listed = host.post(ROSTER, json!({"entries": [["e1", "7", "user", true]]})).await;
    assert_eq!(listed.problem(422, "body.invalid")["fields"][0]["pointer"], "/entries/0");
    let many: Vec<Value> = (0..10_001).map(|n| json!({"employeeId": format!("x{n}")})).collect();
    host.post(ROSTER, json!({"entries": many})).await.problem(422, "roster.too_many");
}
