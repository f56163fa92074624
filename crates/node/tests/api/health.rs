use axum::http::Method;
use rollcall_core::Connection;
use rollcall_node::events::Event;
use serde_json::json;

use crate::support::Host;

#[tokio::test]
async fn health_needs_no_token_and_says_where_it_listens() {
    let host = Host::start().await;
    let answer = host.wire("GET /api/health", &[], "").await;
    let health = answer.ok(200);
    assert_eq!(health["status"], "ok");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(health["machines"], host.node.machines_addr().to_string());
    assert_eq!(health["console"], host.node.console_addr().unwrap().to_string());
    assert_eq!(health["storage"], json!({"writable": true, "code": null, "since": null}));
    assert!(health["vault"].is_null());
}

#[tokio::test]
async fn o3_a_key_that_is_none_is_said_and_nothing_else_is_the_matter() {
    let host = Host::start_in(|data| std::fs::write(data.join("secret.key"), b"no key").unwrap()).await;
    let health = host.get("/api/health").await;
    assert_eq!(health.ok(200)["status"], "degraded");
    assert_eq!(health.json["vault"], "vault.key_invalid");
    assert_eq!(health.json["storage"]["writable"], true);
    let machine = json!({"sn": "CQZ7000000001", "name": "大厅"});
    host.send(Method::POST, "/api/machines", machine).await.ok(201);
}

#[tokio::test]
async fn a_locked_database_is_503_is_said_and_heals_without_a_restart() {
    let host = Host::start().await;
    let mut watcher = host.node.events().subscribe();
    let other = Connection::open(host.folder.path().join("data/rollcall.db")).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();

    let machine = json!({"sn": "CQZ7000000001", "name": "大厅"});
    let refused = host.send(Method::POST, "/api/machines", machine.clone()).await;
    insta::assert_json_snapshot!(refused.problem(503, "database.locked"));
    assert_eq!(refused.header("retry-after"), Some("5"));
    assert_eq!(watcher.next().await, Some(Event::Storage { writable: false }));
    let health = host.get("/api/health").await;
    assert_eq!(health.ok(200)["status"], "degraded");
    assert_eq!(health.json["storage"]["code"], "database.locked");
    assert!(health.json["storage"]["since"].is_string());
    // Reading goes on.
    host.get("/api/machines").await.ok(200);

    other.execute_batch("ROLLBACK").unwrap();
    host.send(Method::POST, "/api/machines", machine).await.ok(201);
    assert_eq!(host.get("/api/health").await.ok(200)["storage"]["writable"], true);
    loop {
        if watcher.next().await == Some(Event::Storage { writable: true }) {
            break;
        }
    }
}
