use axum::http::Method;
use rollcall_core::clock::wall_at;
use serde_json::json;

use crate::support::Host;

#[tokio::test]
async fn the_first_screen_counts_machines_and_todays_punches() {
    let host = Host::start().await;
    // A zone where it is not about to be midnight, so that today stays today while the test runs.
    let now = host.node.site().clock().now();
    let zones = [chrono_tz::Tz::UTC, chrono_tz::Tz::Asia__Tokyo];
    let zone = zones.into_iter().find(|zone| wall_at(*zone, now).seconds() % 86_400 < 85_000).unwrap();
    host.send(Method::PUT, "/api/settings", json!({"timeZone": zone.name()})).await.ok(200);
    for sn in ["CQZ7000000001", "CQZ7000000002", "CQZ7000000003"] {
        host.add_machine(sn, sn).await;
    }
    host.patch("/api/machines/CQZ7000000003", json!({"enabled": false})).await.ok(200);
    host.machine("GET /iclock/cdata?SN=STRANGE1&options=all", "").await;
    host.machine("GET /iclock/cdata?SN=CQZ7000000001&options=all", "").await;
    let today = wall_at(zone, now).to_string()[..10].to_owned();
    host.upload(
        "CQZ7000000001",
        &format!("7\t{today} 00:14:59\n7\t{today} 00:15:00\n8\t{today} 00:29:59\n7\t2026-07-06 09:00:00\n7\t2026-02-31 09:00:00\n"),
    )
    .await;

    let answer = host.get("/api/overview").await;
    let overview = answer.ok(200);
    assert_eq!(
        overview["machines"],
        json!({"total": 3, "online": 1, "offline": 1, "disabled": 1, "neverConnected": 1, "strangers": 1})
    );
    let punches = &overview["punches"];
    assert_eq!((&punches["date"], &punches["timeZone"]), (&json!(today), &json!(zone.name())));
    assert_eq!((&punches["today"], &punches["total"]), (&json!(3), &json!(4)));
    assert_eq!((&punches["unmatched"], &punches["rejected"]), (&json!(4), &json!(1)));
    let quarters = punches["quarterHours"].as_array().unwrap();
    assert_eq!(
        (quarters.len(), &quarters[0], &quarters[1], &quarters[2]),
        (96, &json!(1), &json!(2), &json!(0))
    );
    assert_eq!(overview["storage"]["writable"], true);
}
