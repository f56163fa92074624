use serde_json::{Value, json};

use crate::support::Host;

#[tokio::test]
async fn a_machine_is_added_found_changed_and_deleted() {
    let host = Host::start().await;
    let added = host
        .post(
            "/api/machines",
            json!({"sn": "  cqz7000000001 ", "name": " 一楼大厅 ", "model": "X-9", "timeZone": "Asia/Tokyo"}),
        )
        .await;
    let mut machine = added.ok(201).clone();
    assert!(machine["addedAt"].as_str().is_some_and(|time| time.ends_with('Z')));
    machine["addedAt"] = json!("…");
    insta::assert_json_snapshot!(machine);

    let found = host.get("/api/machines/CQZ7000000001").await;
    assert_eq!(found.ok(200)["sn"], "cqz7000000001");
    let changed = host
        .patch(
            "/api/machines/CQZ7000000001",
            json!({"name": "二楼", "model": null, "enabled": false, "timeZone": "Asia/Shanghai"}),
        )
        .await;
    let changed = changed.ok(200);
    assert_eq!(
        (&changed["name"], &changed["model"], &changed["enabled"], &changed["timeZone"]),
        (&json!("二楼"), &Value::Null, &json!(false), &json!("Asia/Shanghai"))
    );
    let same = host.patch("/api/machines/CQZ7000000001", json!({})).await;
    assert_eq!(same.ok(200), changed);
    assert!(host.delete("/api/machines/cqz7000000001").await.ok(204).is_null());
    host.get("/api/machines/cqz7000000001").await.problem(404, "machine.unknown");
    host.delete("/api/machines/cqz7000000001").await.problem(404, "machine.unknown");
}

#[tokio::test]
async fn a_machine_without_a_zone_takes_the_sites() {
    let host = Host::start().await;
    let added =
        host.post("/api/machines", json!({"sn": "CQZ7000000001", "name": "大厅", "timeZone": null})).await;
    assert_eq!(added.ok(201)["timeZone"], "Asia/Shanghai");
}

#[tokio::test]
async fn a_serial_number_is_taken_without_regard_to_case() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "一楼大厅").await;
    let again = host.post("/api/machines", json!({"sn": "cqz7000000001", "name": "二楼"})).await;
    insta::assert_json_snapshot!(again.problem(409, "machine.sn_taken"));
}

#[tokio::test]
async fn what_is_wrong_with_a_machine_is_pointed_at() {
    let host = Host::start().await;
    let long = "n".repeat(101);
    let cases = [
        json!({"sn": " ", "name": "x"}),
        json!({"sn": "A".repeat(33), "name": "x"}),
        json!({"sn": "A/1", "name": "x"}),
        json!({"sn": "考勤机", "name": "x"}),
        json!({"sn": "A1", "name": ""}),
        json!({"sn": "A1", "name": "  "}),
        json!({"sn": "A1", "name": "a\tb"}),
        json!({"sn": "A1", "name": "a\u{0}"}),
        json!({"sn": "A1", "name": long}),
        json!({"sn": "A1", "name": "x", "model": "a\nb"}),
        json!({"sn": "A1", "name": "x", "timeZone": "Mars/Olympus"}),
        json!({"sn": "A1", "name": "x", "timeZone": ""}),
    ];
    let mut told = Vec::new();
    for case in cases {
        let answer = host.post("/api/machines", case).await;
        assert_eq!(answer.status, 422, "{}", answer.body);
        told.push(answer.json["fields"].clone());
    }
    insta::assert_json_snapshot!(told);
    assert_eq!(host.get("/api/machines").await.ok(200)["total"], 0);
}

#[tokio::test]
async fn a_change_cannot_clear_what_must_be_there() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    for (field, value) in
        [("name", Value::Null), ("enabled", Value::Null), ("timeZone", Value::Null), ("sn", json!("X1"))]
    {
        let answer = host.patch("/api/machines/CQZ7000000001", json!({field: value})).await;
        let problem = answer.problem(422, "body.invalid");
        assert_eq!(problem["fields"][0]["pointer"], format!("/{field}"));
    }
    host.patch("/api/machines/CQZ7000000001", json!({"name": "a\u{7f}"}))
        .await
        .problem(422, "text.control_character");
    for path in ["/api/machines/NOBODY", "/api/machines/a%20b", "/api/machines/%E4%B8%AD"] {
        host.patch(path, json!({"name": "x"})).await.problem(404, "machine.unknown");
    }
}

#[tokio::test]
async fn the_list_comes_in_pages_by_name() {
    let host = Host::start().await;
    for (sn, name) in [("S3", "c"), ("S1", "a"), ("S2", "b"), ("s4", "b")] {
        host.add_machine(sn, name).await;
    }
    let (mut seen, mut path) = (Vec::new(), "/api/machines?limit=3".to_owned());
    loop {
        let answer = host.get(&path).await;
        let page = answer.ok(200);
        assert_eq!(page["total"], 4);
        seen.extend(
            page["items"].as_array().unwrap().iter().map(|item| item["sn"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            // The place stays where it was when the last machine seen is gone.
            Some(next) => path = format!("/api/machines?limit=3&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["S1", "S2", "s4", "S3"]);
}

#[tokio::test]
async fn a_mistyped_number_is_noticed_when_a_stranger_is_near() {
    let host = Host::start().await;
    host.add_machine("CQZ70000000O1", "一楼大厅").await;
    let before = host.get("/api/machines/CQZ70000000O1").await;
    assert_eq!(before.ok(200)["warnings"], json!([]));
    host.machine("GET /iclock/cdata?SN=CQZ7000000001&options=all&pushver=2.4.1", "").await;
    let after = host.get("/api/machines/CQZ70000000O1").await;
    insta::assert_json_snapshot!(after.ok(200)["warnings"]);
    // Once it has connected itself, the neighbour is just a neighbour.
    host.machine("GET /iclock/cdata?SN=CQZ70000000O1&options=all&pushver=2.4.1", "").await;
    let connected = host.get("/api/machines/CQZ70000000O1").await;
    assert_eq!(connected.ok(200)["warnings"], json!([]));
}

#[tokio::test]
async fn a_machine_that_calls_is_online() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "一楼大厅").await;
    host.machine("GET /iclock/cdata?SN=CQZ7000000001&options=all&pushver=2.4.1", "").await;
    let answer = host.get("/api/machines/CQZ7000000001").await;
    let machine = answer.ok(200);
    assert_eq!(machine["online"], true);
    assert!(machine["lastSeenAt"].is_string() && machine["firstSeenAt"].is_string());
    assert_eq!(machine["address"], "127.0.0.1");
}

#[tokio::test]
async fn a_change_reaches_the_listener_although_the_caller_hung_up() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    let mut watcher = host.node.events().subscribe();
    let mut call = Box::pin(host.patch("/api/machines/CQZ7000000001", json!({"enabled": false})));
    // Looked at once, then let go of.
    std::future::poll_fn(|context| {
        assert!(call.as_mut().poll(context).is_pending());
        std::task::Poll::Ready(())
    })
    .await;
    drop(call);
    watcher.next().await.unwrap();
    let upload = "POST /iclock/cdata?SN=CQZ7000000001&table=ATTLOG&Stamp=1";
    let refused = host.machine(upload, "7\t2026-07-06 09:00:00\t0\t1\n").await;
    assert_eq!(refused.status, 503);
    assert!(!refused.body.contains("OK"));
    assert_eq!(host.get("/api/machines/CQZ7000000001").await.ok(200)["enabled"], false);
}

#[tokio::test]
async fn a_machine_that_reports_more_than_is_here_is_pointed_out() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "一楼大厅").await;
    host.machine("GET /iclock/cdata?SN=CQZ7000000001&options=all&pushver=2.4.1", "").await;
    let mut watcher = host.node.events().subscribe();
    host.machine("GET /iclock/getrequest?SN=CQZ7000000001&INFO=Ver8.0,12,3,7,10.0.0.9,10,0,0,0,111", "")
        .await;
    loop {
        let answer = host.get("/api/machines/CQZ7000000001").await;
        if !answer.ok(200)["reported"]["punches"].is_null() {
            assert_eq!(
                answer.json["reported"],
                json!({"people": 12, "fingerprints": 3, "faces": 0, "punches": 7})
            );
            assert_eq!(answer.json["warnings"][0]["code"], "machine.count_mismatch");
            return;
        }
        watcher.next().await;
    }
}

#[tokio::test]
async fn i2_i7_only_machines_that_are_added_and_enabled_deliver() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    let line = "7\t2026-07-06 09:00:00\t0\t1\n";
    let upload = |sn: &str| format!("POST /iclock/cdata?SN={sn}&table=ATTLOG&Stamp=1&ComKey=whatever");
    host.patch("/api/machines/CQZ7000000001", json!({"enabled": false})).await.ok(200);
    for sn in ["CQZ7000000001", "NOBODY1"] {
        let refused = host.machine(&upload(sn), line).await;
        assert_eq!(refused.status, 503, "{sn}");
        assert!(!refused.body.contains("OK"), "{refused:?}");
    }
    assert_eq!(host.get("/api/punches").await.ok(200)["total"], 0);
    host.patch("/api/machines/CQZ7000000001", json!({"enabled": true})).await.ok(200);
    // It kept its punch, and no key is asked for.
    assert_eq!(host.machine(&upload("CQZ7000000001"), line).await.body, "OK: 1");
}

#[tokio::test]
async fn o4_o6_what_matters_of_a_machine_is_in_one_place() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "一楼大厅").await;
    let mut watcher = host.node.events().subscribe();
    host.machine("GET /iclock/cdata?SN=CQZ7000000001&options=all&pushver=2.4.1&DeviceType=att", "").await;
    let options = "~DeviceName=FaceClock 7,FWVersion=Ver9,FingerFunOn=1,UserCount=2990,~MaxUserCount=30,\
                   TransactionCount=1,~MaxAttLogCount=15,MultiBioVersion=0:13.0:0:0:0:0:0:0:0:40.1,AlarmReRec=3";
    host.machine("POST /iclock/cdata?SN=CQZ7000000001&table=options", options).await;
    host.upload("CQZ7000000001", "7\t2026-07-06 09:00:00\t0\t1\n").await;
    let seen = async || host.get("/api/machines/CQZ7000000001").await;
    while seen().await.ok(200)["capacity"]["people"].is_null() {
        watcher.next().await;
    }
    let answer = seen().await;
    let machine = answer.ok(200);
    assert_eq!((&machine["dialect"], &machine["protocolVersion"]), (&json!("attendance"), &json!("2.4.1")));
    assert_eq!((&machine["firmware"], &machine["capabilities"]), (&json!("Ver9"), &json!(["fingerprint"])));
    assert_eq!(
        machine["capacity"],
        json!({"people": 3000, "fingerprints": null, "faces": null, "punches": 150_000})
    );
    assert_eq!(
        machine["algorithms"],
        json!([{"kind": "fingerprint", "version": "13.0"}, {"kind": "visibleLightFace", "version": "40.1"}])
    );
    assert_eq!(machine["horizon"]["newestPunchAt"], "2026-07-06T09:00:00+08:00");
    assert!(machine["horizon"]["lastSeenAt"].is_string() && machine["lastSeenAt"].is_string());
    assert_eq!((&machine["reported"]["punches"], &machine["held"]["punches"]), (&json!(1), &json!(1)));
    assert_eq!((&machine["queue"]["waiting"], &machine["queue"]["sent"]), (&json!(0), &json!(0)));
    assert!(machine["clockSkewSeconds"].is_i64(), "a punch by itself measured the clock");
    assert!(machine["clockMeasuredAt"].is_string());
    // Its own pause between punches of one person is a setting, and no loss.
    assert_eq!(machine["ignoresRepeatsMinutes"], 3);
    let warnings: Vec<_> = machine["warnings"].as_array().unwrap().iter().map(|w| &w["code"]).collect();
    assert!(warnings.contains(&&json!("machine.people_full")), "{warnings:?}");
    assert!(!warnings.contains(&&json!("machine.count_mismatch")), "{warnings:?}");
}

#[tokio::test]
async fn p5_how_text_is_written_for_a_machine_can_be_said() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    let path = "/api/machines/CQZ7000000001";
    assert_eq!(host.get(path).await.ok(200)["encoding"], "auto");
    assert_eq!(host.patch(path, json!({"encoding": "gb18030"})).await.ok(200)["encoding"], "gb18030");
    assert_eq!(host.patch(path, json!({"name": "二楼"})).await.ok(200)["encoding"], "gb18030");
    for wrong in [json!("latin1"), json!(null), json!(7)] {
        let refused = host.patch(path, json!({"encoding": wrong})).await;
        assert_eq!(refused.problem(422, "body.invalid")["fields"][0]["pointer"], "/encoding");
    }
}

#[tokio::test]
async fn i3_twins_get_nothing_until_somebody_says_that_they_are_one() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    let poll = "GET /iclock/getrequest?SN=CQZ7000000001";
    let added = host.post("/api/machines/CQZ7000000001/commands", json!({"kind": "readInfo"})).await;
    let id = added.ok(201)["id"].clone();
    for _ in 0..3 {
        // Each says that it is another machine.
        for (from, hardware) in [([127, 0, 0, 1], "01"), ([127, 0, 0, 2], "02")] {
            let call = "POST /iclock/cdata?SN=CQZ7000000001&table=options";
            host.machine_from(from, call, &format!("MAC=00:17:61:00:00:{hardware}")).await;
        }
    }
    assert_eq!(host.machine_from([127, 0, 0, 1], poll, "").await.body, "OK");
    let machine = host.get("/api/machines/CQZ7000000001").await;
    let warning = &machine.ok(200)["warnings"][0];
    assert_eq!(warning["code"], "machine.twins");
    assert!(warning["detail"].as_str().unwrap().contains("127.0.0.2"), "{warning}");
    // Punches of both are kept.
    host.upload("CQZ7000000001", "7\t2026-07-06 09:00:00\t0\t1\n").await;
    let resolved = host.post("/api/machines/CQZ7000000001/twins/resolve", json!({})).await;
    assert_eq!(resolved.ok(200)["warnings"], json!([]));
    assert_eq!(host.machine_from([127, 0, 0, 2], poll, "").await.body, format!("C:{id}:INFO\n"));
}

#[tokio::test]
async fn o6_what_a_machine_suppresses_by_itself_is_no_loss() {
    let host = Host::start().await;
    let sn = "CQZ7000000001";
    host.add_machine(sn, "一楼大厅").await;
    host.machine(&format!("GET /iclock/cdata?SN={sn}&options=all&pushver=2.4.1"), "").await;
    // Within five minutes the same person makes no second record there.
    host.machine(&format!("POST /iclock/cdata?SN={sn}&table=options"), "~AlarmReRec=5,TransactionCount=2")
        .await;
    host.upload(sn, "7\t2026-07-06 08:00:00\t0\t1\n7\t2026-07-06 08:05:00\t0\t1\n").await;
    let mut watcher = host.node.events().subscribe();
    host.machine(&format!("GET /iclock/getrequest?SN={sn}&INFO=Ver8.0,1,1,2,10.0.0.9,10,0,0,0,111"), "")
        .await;
    loop {
        let answer = host.get(&format!("/api/machines/{sn}")).await;
        if answer.ok(200)["reported"]["punches"] == 2 {
            // What never was there is not missed, and nothing is asked for again.
            assert_eq!(answer.json["warnings"], json!([]));
            break;
        }
        watcher.next().await;
    }
    let commands = host.get(&format!("/api/machines/{sn}/commands")).await;
    assert_eq!(commands.ok(200)["items"], json!([]));
    // The pause is the machine's alone: what it does send is kept, however close together (D5).
    host.upload(sn, "7\t2026-07-06 08:05:01\t0\t1\n7\t2026-07-06 08:05:02\t0\t1\n").await;
    let punches = host.get(&format!("/api/punches?sn={sn}")).await;
    assert_eq!(punches.ok(200)["items"].as_array().map(Vec::len), Some(4));
}
