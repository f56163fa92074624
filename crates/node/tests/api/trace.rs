use serde_json::json;

use crate::support::Host;

const SN: &str = "CQZ7000000001";

#[tokio::test]
async fn o1_what_a_machine_said_is_shown_newest_first_and_masked() {
    let host = Host::start().await;
    host.get("/api/machines/NOBODY/trace").await.problem(404, "machine.unknown");
    host.get("/api/machines/NOBODY/trace/export").await.problem(404, "machine.unknown");
    host.add_machine(SN, "一楼大厅").await;
    assert_eq!(host.get(&format!("/api/machines/{SN}/trace")).await.ok(200), &json!({"items": []}));
    host.machine(&format!("GET /iclock/cdata?SN={SN}&options=all&pushver=2.4.1&pushcommkey=4a9594af"), "")
        .await;
    for _ in 0..3 {
        host.machine(&format!("GET /iclock/getrequest?SN={SN}"), "").await;
    }
    let body = "USER PIN=1003\tName=李四\tPasswd=4321\tCard=123456789\nFP PIN=1003\tTMP=TVpTUw==\n";
    host.machine(&format!("POST /iclock/cdata?SN={SN}&table=OPERLOG&OpStamp=9999"), body).await;
    let answer = host.get(&format!("/api/machines/{}/trace", SN.to_lowercase())).await;
    let items = answer.ok(200)["items"].as_array().unwrap();
    let told: Vec<_> =
        items.iter().map(|item| (&item["method"], &item["status"], &item["repeated"])).collect();
    assert_eq!(
        told,
        [
            (&json!("POST"), &json!(200), &json!(0)),
            (&json!("GET"), &json!(200), &json!(2)),
            (&json!("GET"), &json!(200), &json!(0))
        ]
    );
    assert_eq!(
        items[0]["requestBody"],
        "USER PIN=1003\tName=李四\tPasswd=‹secret›\tCard=•••••••89\nFP PIN=1003\tTMP=‹8 bytes›\n"
    );
    assert!(items[1]["lastAt"].as_str() >= items[1]["at"].as_str());
    assert_eq!(items[1]["address"], "127.0.0.1");
    assert!(items[2]["answer"].as_str().unwrap().contains("GET OPTION FROM: CQZ7000000001"));
    assert!(items[2]["target"].as_str().unwrap().ends_with("&pushcommkey=‹secret›"));
}

#[tokio::test]
async fn o1_an_export_helps_support_and_holds_no_secret() {
    let host = Host::start().await;
    host.add_machine(SN, "一楼大厅").await;
    let options = "~DeviceName=FaceClock 7,FWVersion=ZAM70-Ver3,ComPwd=778899,authKey=a1b2c3";
    host.machine(&format!("POST /iclock/cdata?SN={SN}&table=options"), options).await;
    let mut watcher = host.node.events().subscribe();
    while host.get(&format!("/api/machines/{SN}")).await.ok(200)["firmware"].is_null() {
        watcher.next().await;
    }
    let export = host.get(&format!("/api/machines/{SN}/trace/export")).await;
    export.ok(200);
    assert_eq!(export.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(
        export.header("content-disposition"),
        Some("attachment; filename=\"rollcall-trace-CQZ7000000001.txt\"")
    );
    let version = env!("CARGO_PKG_VERSION");
    for wanted in [
        &format!("Rollcall {version}\n"),
        "serial number: CQZ7000000001\n",
        "firmware: ZAM70-Ver3\n",
        "DeviceName=FaceClock 7\n",
        "POST /iclock/cdata?SN=CQZ7000000001&table=options\n",
        "ComPwd=‹secret›",
    ] {
        assert!(export.body.contains(wanted), "{wanted} in {}", export.body);
    }
    for bare in ["778899", "a1b2c3"] {
        assert!(!export.body.contains(bare), "{}", export.body);
    }
}

#[tokio::test]
async fn o1_a_strangers_trace_goes_with_it_when_it_is_adopted() {
    let host = Host::start().await;
    host.get("/api/strangers/STRANGE1/trace").await.problem(404, "stranger.unknown");
    host.machine("GET /iclock/cdata?SN=STRANGE1&options=all&pushver=2.4.1", "").await;
    let refused =
        host.machine("POST /iclock/cdata?SN=STRANGE1&table=ATTLOG", "1\t2026-07-06 09:00:00\n").await;
    assert_eq!(refused.status, 503);
    // A path nobody knows is what a trace is for.
    host.machine("POST /iclock/unheard?SN=strange1", "x").await;
    let trace = host.get("/api/strangers/strange1/trace").await;
    let of = |answer: &crate::support::Answer| {
        let items = answer.ok(200)["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["status"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(of(&trace), [404, 503, 200]);
    let export = host.get("/api/strangers/STRANGE1/trace/export").await;
    export.ok(200);
    assert!(export.body.contains("dialect=attendance\n"), "{}", export.body);
    host.post("/api/strangers/STRANGE1/adopt", json!({"name": "大厅"})).await.ok(201);
    host.get("/api/strangers/STRANGE1/trace").await.problem(404, "stranger.unknown");
    assert_eq!(of(&host.get("/api/machines/STRANGE1/trace").await), [404, 503, 200]);
}
