use axum::http::Method;
use serde_json::json;

use crate::support::Host;

#[tokio::test]
async fn the_site_has_a_zone_that_new_machines_take() {
    let host = Host::start().await;
    let path = "/api/settings";
    assert_eq!(
        host.get(path).await.ok(200),
        &json!({"timeZone": "Asia/Shanghai", "steerClocks": true, "missedPunchQuota": null})
    );
    let put = host.send(Method::PUT, path, json!({"timeZone": "Asia/Kolkata"})).await;
    assert_eq!(
        put.ok(200),
        &json!({"timeZone": "Asia/Kolkata", "steerClocks": true, "missedPunchQuota": null})
    );
    host.add_machine("CQZ7000000001", "大厅").await;
    assert_eq!(host.get("/api/machines/CQZ7000000001").await.ok(200)["timeZone"], "Asia/Kolkata");
    let wrong = host.send(Method::PUT, path, json!({"timeZone": "Peking"})).await;
    insta::assert_json_snapshot!(wrong.problem(422, "time_zone.unknown"));
    host.send(Method::PUT, path, json!({})).await.problem(422, "body.invalid");
    assert_eq!(host.get(path).await.ok(200)["timeZone"], "Asia/Kolkata");
}

#[tokio::test]
async fn c2_machines_are_told_the_time_unless_somebody_does_not_want_that() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    let dates = async || {
        let mut dates = Vec::new();
        for call in [
            "GET /iclock/cdata?SN=CQZ7000000001&options=all&pushver=2.4.1",
            "GET /iclock/getrequest?SN=CQZ7000000001",
            "GET /iclock/getrequest?SN=STRANGER1",
            "GET /nothing",
        ] {
            dates.push(host.machine(call, "").await.header("date").is_some());
        }
        dates
    };
    assert_eq!(dates().await, [true; 4]);
    let put =
        |steer: bool| json!({"timeZone": "Asia/Shanghai", "steerClocks": steer, "missedPunchQuota": null});
    assert_eq!(host.send(Method::PUT, "/api/settings", put(false)).await.ok(200), &put(false));
    assert_eq!(dates().await, [false; 4]);
    // Whoever does not know of it leaves it as it is.
    let same = host.send(Method::PUT, "/api/settings", json!({"timeZone": "Asia/Shanghai"})).await;
    assert_eq!(same.ok(200)["steerClocks"], false);
    let null = json!({"timeZone": "Asia/Shanghai", "steerClocks": null});
    host.send(Method::PUT, "/api/settings", null).await.problem(422, "body.invalid");
    assert_eq!(host.send(Method::PUT, "/api/settings", put(true)).await.ok(200), &put(true));
    assert_eq!(dates().await, [true; 4]);
}

#[tokio::test]
async fn attendance_6_6_a_quota_of_claimed_punches_is_set_kept_and_cleared() {
    let host = Host::start().await;
    let path = "/api/settings";
    let put = |quota| json!({"timeZone": "Asia/Shanghai", "missedPunchQuota": quota});
    assert_eq!(host.send(Method::PUT, path, put(json!(2))).await.ok(200)["missedPunchQuota"], 2);
    // Whoever does not know of it leaves it as it is.
    let same = host.send(Method::PUT, path, json!({"timeZone": "Asia/Shanghai"})).await;
    assert_eq!(same.ok(200)["missedPunchQuota"], 2);
    for wrong in [json!(-1), json!(1.5), json!("2")] {
        host.send(Method::PUT, path, put(wrong)).await.problem(422, "body.invalid");
    }
    host.send(Method::PUT, path, put(json!(101))).await.problem(422, "settings.quota_too_large");
    assert_eq!(host.get(path).await.ok(200)["missedPunchQuota"], 2);
    assert_eq!(host.send(Method::PUT, path, put(json!(0))).await.ok(200)["missedPunchQuota"], 0);
    assert_eq!(host.send(Method::PUT, path, put(json!(null))).await.ok(200)["missedPunchQuota"], json!(null));
}
