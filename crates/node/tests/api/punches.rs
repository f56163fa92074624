use serde_json::{Value, json};

use crate::support::Host;

async fn host() -> Host {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    host.add_machine("CQZ7000000002", "车间").await;
    host.add_employee("e1", "王芳").await;
    host.post("/api/machines/CQZ7000000001/roster", json!({"entries": [{"employeeId": "e1", "pin": "007"}]}))
        .await
        .ok(200);
    host.upload(
        "CQZ7000000001",
        "7\t2026-07-06 08:59:30\t0\t15\t0\t0\t0\n\
         8\t2026-07-06 09:00:00\t1\t1\t3\t0\t0\n\
         7\t2026-02-31 09:00:00\t0\t1\t0\t0\t0\n\
         7\t1999-12-31 23:59:59\n",
    )
    .await;
    host.upload("CQZ7000000002", "7\t2026-07-06 18:00:01\t1\t1\t0\t0\t0\n").await;
    host
}

fn brief(list: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| format!("{} {}", text(&item["time"]), text(&item["name"])))
        .collect()
}

#[tokio::test]
async fn punches_come_with_names_newest_first() {
    let host = host().await;
    let answer = host.get("/api/punches").await;
    let mut list = answer.ok(200).clone();
    for item in list["items"].as_array_mut().unwrap() {
        assert!(item["receivedAt"].as_str().is_some_and(|time| time.ends_with('Z')));
        item["receivedAt"] = json!("…");
    }
    insta::assert_json_snapshot!(list);
}

#[tokio::test]
async fn punches_are_filtered() {
    let host = host().await;
    let found = async |query: &str| brief(host.get(&format!("/api/punches?{query}")).await.ok(200)).len();
    for (query, count) in [
        ("sn=cqz7000000001", 3),
        ("sn=NOBODY", 0),
        ("sn=%E4%B8%AD", 0),
        ("employeeId=e1", 2),
        ("employeeId=nobody", 0),
        ("employeeId=a/b", 0),
        ("pin=007", 3),
        ("pin=x", 0),
        ("matched=true", 2),
        ("matched=false", 2),
        ("from=2026-07-06", 3),
        ("from=2026-07-06&to=2026-07-06", 3),
        ("to=2026-07-05", 1),
        ("from=2026-07-06T00:59:31Z", 2),
        ("from=2026-07-06T09:00:00%2B08:00&to=2026-07-06T09:00:00%2B08:00", 1),
        ("from=2026-07-06T09:00:00+08:00&to=2026-07-06T09:00:00+08:00", 1),
        ("order=arrival", 4),
        ("order=arrival&limit=1", 1),
        ("sn=CQZ7000000001&employeeId=e1&pin=7&matched=true&from=2026-07-06&to=2026-07-06", 1),
    ] {
        assert_eq!(found(query).await, count, "{query}");
    }
    for pin in ["7%00", "%0A"] {
        let answer = host.get(&format!("/api/punches?pin={pin}")).await;
        assert_eq!(answer.problem(422, "text.control_character")["fields"][0]["pointer"], "/pin");
    }
    for query in [
        "from=yesterday",
        "to=2026-02-31",
        "from=2026-07-06T09:00:00",
        "to=",
        "from=-001-01-01",
        "from=%2B2026-1-01",
        "to=%202026-7-06",
        "to=1899-12-31",
    ] {
        host.get(&format!("/api/punches?{query}")).await.problem(422, "time.unreadable");
    }
    for query in ["matched=perhaps", "order=random", "employee=e1"] {
        host.get(&format!("/api/punches?{query}")).await.problem(400, "query.unreadable");
    }
}

#[tokio::test]
async fn pages_of_punches_join_without_a_gap() {
    let host = host().await;
    for order in ["time", "arrival"] {
        let all = brief(host.get(&format!("/api/punches?order={order}")).await.ok(200));
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let answer = host.get(&format!("/api/punches?order={order}&limit=1{cursor}")).await;
            let page = answer.ok(200);
            assert_eq!(page["total"], all.len());
            seen.extend(brief(page));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, all, "{order}");
    }
}

#[tokio::test]
async fn an_unmatched_punch_finds_its_owner_when_the_number_is_given() {
    let host = host().await;
    assert_eq!(host.get("/api/punches?matched=false").await.ok(200)["total"], 2);
    host.add_employee("e2", "李娜").await;
    let entry = json!({"entries": [{"employeeId": "e2", "pin": "8"}]});
    host.post("/api/machines/CQZ7000000001/roster", entry).await.ok(200);
    let owned = host.get("/api/punches?pin=8").await;
    assert_eq!(owned.ok(200)["items"][0]["name"], "李娜");
    assert_eq!(host.get("/api/punches?matched=false").await.ok(200)["total"], 1);
}

#[tokio::test]
async fn a_day_is_counted_by_quarter_hours_of_the_machines_clocks() {
    let host = host().await;
    let answer = host.get("/api/punches/quarters?date=2026-07-06").await;
    let day = answer.ok(200);
    assert_eq!((&day["date"], &day["total"]), (&json!("2026-07-06"), &json!(3)));
    let quarters = day["quarterHours"].as_array().unwrap();
    assert_eq!(quarters.len(), 96);
    assert_eq!((&quarters[35], &quarters[36], &quarters[72]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(host.get("/api/punches/quarters?date=2026-07-07").await.ok(200)["total"], 0);
    assert_eq!(host.get("/api/punches/quarters?date=2026-02-30").await.status, 400);
    assert_eq!(host.get("/api/punches/quarters").await.status, 400);
}

#[tokio::test]
async fn broken_lines_are_shown_with_their_reason() {
    let host = host().await;
    let answer = host.get("/api/punches/rejected").await;
    let mut list = answer.ok(200).clone();
    list["items"][0]["receivedAt"] = json!("…");
    insta::assert_json_snapshot!(list);
}

#[tokio::test]
async fn c6_arrival_keeps_its_order_whatever_the_clocks_say() {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    // Set back by an hour in between.
    for line in
        ["1\t2026-07-06 09:00:00\t0\t1\n", "2\t2026-07-06 08:00:00\t0\t1\n", "3\t2026-07-06 08:30:00\t0\t1\n"]
    {
        host.upload("CQZ7000000001", line).await;
    }
    let pins = async |order: &str| {
        let answer = host.get(&format!("/api/punches?order={order}")).await;
        let items = answer.ok(200)["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["pin"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(pins("arrival").await, ["3", "2", "1"]);
    assert_eq!(pins("time").await, ["1", "3", "2"]);
}

#[tokio::test]
async fn d3_an_access_machines_events_say_what_they_are() {
    let host = Host::start().await;
    host.add_machine("VGU6000000001", "门").await;
    let log = "POST /iclock/cdata?SN=VGU6000000001&table=rtlog";
    let event = |pin: &str, event: &str, index: u8| {
        format!(
            "time=2026-07-06 09:30:05\tpin={pin}\tcardno=0\teventaddr=1\tevent={event}\tinoutstatus=0\tverifytype=15\tindex={index}\r\n"
        )
    };
    host.machine(log, &event("1001", "0", 21)).await;
    host.machine(log, &event("1001", "23", 22)).await;
    let answer = host.get("/api/punches?order=arrival").await;
    let told: Vec<_> = answer.ok(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["event"].clone(), item["kind"].clone(), item["dialect"].clone()))
        .collect();
    assert_eq!(told.len(), 2, "{}", answer.body);
    assert_eq!(told[1], (json!(0), json!("punch"), json!("access")));
    assert_eq!((&told[0].0, &told[0].2), (&json!(23), &json!("access")));
    assert_ne!(told[0].1, "punch");
}
