use serde_json::json;

use crate::support::Host;

const KNOCK: &str = "GET /iclock/cdata?SN=CQZ7000000001&options=all&pushver=2.4.1";

#[tokio::test]
async fn a_stranger_is_listed_adopted_and_then_a_machine() {
    let host = Host::start().await;
    host.machine(KNOCK, "").await;
    host.machine(KNOCK, "").await;
    let list = host.get("/api/strangers").await;
    let list = list.ok(200);
    assert_eq!((&list["total"], &list["next"]), (&json!(1), &json!(null)));
    let stranger = &list["items"][0];
    assert_eq!((&stranger["sn"], &stranger["address"]), (&json!("CQZ7000000001"), &json!("127.0.0.1")));
    assert_eq!(stranger["knocks"], 2);
    assert!(
        stranger["firstSeenAt"].is_string()
            && stranger["lastSeenAt"].is_string()
            && stranger["info"].is_object()
    );

    // Its upload is refused until somebody takes it in, and taken from then on.
    let line = "17\t2026-07-06 09:00:00\t0\t1\t0\t0\t0\n";
    let upload = "POST /iclock/cdata?SN=CQZ7000000001&table=ATTLOG&Stamp=1";
    let refused = host.machine(upload, line).await;
    assert_eq!(refused.status, 503);
    assert!(!refused.body.contains("OK"));

    let adopted = host.post("/api/strangers/cqz7000000001/adopt", json!({"name": "一楼大厅"})).await;
    let machine = adopted.ok(201);
    assert_eq!((&machine["sn"], &machine["name"]), (&json!("CQZ7000000001"), &json!("一楼大厅")));
    assert_eq!(machine["timeZone"], "Asia/Shanghai");
    assert!(machine["lastSeenAt"].is_string());
    assert_eq!(host.get("/api/strangers").await.ok(200)["total"], 0);
    host.upload("CQZ7000000001", line).await;
    assert_eq!(host.get("/api/punches").await.ok(200)["total"], 1);
    host.post("/api/strangers/CQZ7000000001/adopt", json!({"name": "x"}))
        .await
        .problem(409, "machine.sn_taken");
}

#[tokio::test]
async fn only_who_knocked_can_be_adopted() {
    let host = Host::start().await;
    for sn in ["CQZ7000000001", "a%20b", "%E4%B8%AD", "a.b"] {
        let answer = host.post(&format!("/api/strangers/{sn}/adopt"), json!({"name": "x"})).await;
        answer.problem(404, "stranger.unknown");
    }
    host.machine(KNOCK, "").await;
    let path = "/api/strangers/CQZ7000000001/adopt";
    host.post(path, json!({"name": " "})).await.problem(422, "machine.name_empty");
    host.post(path, json!({"name": "a\nb"})).await.problem(422, "text.control_character");
    host.post(path, json!({"name": "x", "timeZone": "x"})).await.problem(422, "time_zone.unknown");
    host.post(path, json!({"name": "x", "sn": "OTHER"})).await.problem(422, "body.invalid");
    assert_eq!(host.get("/api/strangers").await.ok(200)["total"], 1);
}

#[tokio::test]
async fn a_deleted_machine_that_calls_again_is_a_stranger() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    host.machine(KNOCK, "").await;
    assert_eq!(host.get("/api/strangers").await.ok(200)["total"], 0);
    host.delete("/api/machines/CQZ7000000001").await.ok(204);
    host.machine(KNOCK, "").await;
    assert_eq!(host.get("/api/strangers").await.ok(200)["items"][0]["sn"], "CQZ7000000001");
}

#[tokio::test]
async fn a_stranger_with_an_endless_name_can_be_adopted() {
    let host = Host::start().await;
    host.machine(KNOCK, "").await;
    let options = format!("~DeviceName={},~SerialNumber=CQZ7000000001", "机".repeat(150));
    host.machine("POST /iclock/cdata?SN=CQZ7000000001&table=options", &options).await;
    let list = host.get("/api/strangers").await;
    assert!(list.body.contains("机机"), "{}", list.body);
    let adopted = host.post("/api/strangers/CQZ7000000001/adopt", json!({"name": "大厅"})).await;
    assert_eq!(adopted.ok(201)["model"], "机".repeat(100));
}
