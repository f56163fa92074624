use axum::http::Method;
use serde_json::json;

use crate::support::Host;

#[tokio::test]
async fn the_site_has_a_zone_that_new_machines_take() {
    let host = Host::start().await;
    let path = "/api/settings";
    assert_eq!(host.get(path).await.ok(200), &json!({"timeZone": "Asia/Shanghai"}));
    let put = host.send(Method::PUT, path, json!({"timeZone": "Asia/Kolkata"})).await;
    assert_eq!(put.ok(200), &json!({"timeZone": "Asia/Kolkata"}));
    host.add_machine("CQZ7000000001", "大厅").await;
    assert_eq!(host.get("/api/machines/CQZ7000000001").await.ok(200)["timeZone"], "Asia/Kolkata");
    let wrong = host.send(Method::PUT, path, json!({"timeZone": "Peking"})).await;
    insta::assert_json_snapshot!(wrong.problem(422, "time_zone.unknown"));
    host.send(Method::PUT, path, json!({})).await.problem(422, "body.invalid");
    assert_eq!(host.get(path).await.ok(200)["timeZone"], "Asia/Kolkata");
}
