use serde_json::{Value, json};

use crate::support::{Host, TOKEN};

#[tokio::test]
async fn every_change_is_logged_with_who_and_what() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    host.patch("/api/machines/cqz7000000001", json!({"enabled": false})).await.ok(200);
    host.patch("/api/machines/cqz7000000001", json!({"enabled": false})).await.ok(200);
    let bearer = format!("Authorization: Bearer {TOKEN}");
    host.wire("POST /api/employees", &[&bearer], r#"{"id": "e1", "name": "Li"}"#).await.ok(201);
    host.delete("/api/machines/CQZ7000000001").await.ok(204);
    host.delete("/api/machines/CQZ7000000001").await.problem(404, "machine.unknown");

    let answer = host.get("/api/audit").await;
    let mut list = answer.ok(200).clone();
    for item in list["items"].as_array_mut().unwrap() {
        assert!(item["time"].is_string());
        item["time"] = json!("…");
        // Which zone this computer is in is not the test's business.
        if item["what"] == "settings.change" {
            item["before"] = Value::Null;
        }
    }
    insta::assert_json_snapshot!(list);
}
