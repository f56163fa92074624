use serde_json::{Value, json};

use crate::support::Host;

const SN: &str = "CQZ7000000001";
const REUPLOADS: &str = "/api/machines/CQZ7000000001/reuploads";
const GAPS: &str = "/api/machines/CQZ7000000001/gaps";

async fn host() -> Host {
    let host = Host::start().await;
    host.add_machine(SN, "大厅").await;
    host.add_employee("e1", "王芳").await;
    let hello = "GET /iclock/cdata?SN=CQZ7000000001&options=all&pushver=2.4.1&DeviceType=att";
    assert!(host.machine(hello, "").await.body.contains("ATTLOGStamp=None\n"));
    host
}

/// What the machine is told by one poll: number and words.
async fn poll(host: &Host) -> Vec<(i64, String)> {
    let answer = host.machine("GET /iclock/getrequest?SN=CQZ7000000001", "").await;
    let command = |line: &str| {
        let (id, words) = line.strip_prefix("C:")?.split_once(':')?;
        Some((id.parse().unwrap(), words.to_owned()))
    };
    answer.body.lines().filter_map(command).collect()
}

async fn one(host: &Host, words: &str) -> i64 {
    let told = poll(host).await;
    assert!(told.len() == 1 && told[0].1.starts_with(words), "{told:?} instead of {words}");
    told[0].0
}

async fn result(host: &Host, line: String) {
    assert_eq!(host.machine("POST /iclock/devicecmd?SN=CQZ7000000001", &line).await.body, "OK");
}

async fn counted(host: &Host, count: i64) {
    let id = one(host, "VERIFY SUM ATTLOG StartTime=").await;
    result(host, format!("ID={id}&Return=0&CMD=VERIFY SUM&StartTime=x&EndTime=y&AttlogSum={count}\n")).await;
}

#[tokio::test]
async fn attendance_6_7_a_re_upload_is_a_job_with_exact_counts_and_a_log() {
    let host = host().await;
    host.upload(SN, "1\t2026-07-01 08:00:00\t0\t1\n").await;
    let mut events = host.node.events().subscribe();
    let started = host.post(REUPLOADS, json!({"from": "2026-07-01", "to": "2026-07-01"})).await;
    let job = format!("/api/jobs/{}", started.ok(202)["jobId"]);
    let shown = host.get(&job).await;
    let shown = shown.ok(200);
    assert_eq!(
        json!([shown["kind"], shown["state"], shown["sn"], shown["who"]]),
        json!(["reupload", "waiting", SN, "desktop"])
    );
    assert_eq!(events.next().await.unwrap().name(), "job");
    counted(&host, 2).await;
    let query =
        one(&host, "DATA QUERY ATTLOG StartTime=2026-07-01 00:00:00\tEndTime=2026-07-01 23:59:59").await;
    host.upload(SN, "1\t2026-07-01 08:00:00\t0\t1\n2\t2026-07-01 08:00:00\t0\t1\n").await;
    result(&host, format!("ID={query}&Return=2&CMD=DATA\n")).await;
    counted(&host, 2).await;
    let shown = host.get(&job).await;
    let shown = shown.ok(200);
    assert_eq!(shown["state"], "done");
    assert_eq!(
        shown["result"],
        json!({"asked": 1, "received": 2, "new": 1, "known": 1, "others": 0, "repeated": 0, "rejected": 0, "before": 2, "after": 2})
    );
    assert_eq!(shown["progress"], json!({"done": 1, "total": 1}));
    let codes: Vec<_> = shown["log"].as_array().unwrap().iter().map(|line| line["code"].clone()).collect();
    assert_eq!(codes.first(), Some(&json!("reupload.asked")));
    assert!(
        codes.contains(&json!("reupload.answered")) && codes.last() == Some(&json!("reupload.done")),
        "{codes:?}"
    );
    let found = host.get(&format!("/api/punches?sn={SN}&pin=2")).await;
    assert_eq!(found.ok(200)["items"][0]["source"], "reupload");
    let audit = host.get("/api/audit").await;
    assert_eq!(audit.ok(200)["items"][0]["what"], "reupload.start");
}

#[tokio::test]
async fn attendance_6_7_what_makes_no_sense_is_refused_with_a_reason() {
    let host = host().await;
    let post = async |body: Value| host.post(REUPLOADS, body).await;
    post(json!({"from": "2026-07-02", "to": "2026-07-01"})).await.problem(422, "reupload.backwards");
    post(json!({"from": "2026-07-01", "to": "2999-07-01"})).await.problem(422, "reupload.future");
    post(json!({"from": "2020-01-01", "to": "2026-07-01"})).await.problem(422, "reupload.too_many_days");
    let problem = post(json!({"from": "2026-7-1", "to": "2026-07-01"})).await;
    assert_eq!(problem.problem(422, "date.invalid")["fields"][0]["pointer"], "/from");
    let people = |ids: &[&str]| json!({"from": "2026-07-01", "to": "2026-07-01", "employeeIds": ids});
    post(people(&[])).await.problem(422, "reupload.nobody");
    post(people(&["e1", "nobody"])).await.problem(422, "employee.unknown");
    let many: Vec<_> = vec!["e1"; 10_001];
    post(people(&many)).await.problem(422, "reupload.too_many_people");
    post(json!({"from": "2026-07-01"})).await.problem(422, "body.invalid");
    post(people(&["e1"])).await.ok(202);
    let whole = json!({"from": "2026-07-01", "to": "2026-07-01"});
    host.post("/api/machines/NOBODY/reuploads", whole.clone()).await.problem(404, "machine.unknown");
    host.get(&format!("{GAPS}?from=2026-07-02&to=2026-07-01")).await.problem(422, "reupload.backwards");
    host.get(&format!("{GAPS}?from=2026-07-02")).await.problem(400, "query.unreadable");
    host.post(&format!("{GAPS}/check"), json!({"from": "2026-07-01", "to": "2999-01-01"}))
        .await
        .problem(422, "reupload.future");
    host.patch("/api/machines/CQZ7000000001", json!({"enabled": false})).await.ok(200);
    post(whole.clone()).await.problem(409, "machine.disabled");
    host.post(&format!("{GAPS}/check"), whole).await.problem(409, "machine.disabled");
}

#[tokio::test]
async fn attendance_6_7_days_that_lack_punches_are_found_and_cancelling_asks_nothing_more() {
    let host = host().await;
    host.upload(SN, "1\t2026-07-01 08:00:00\t0\t1\n").await;
    let before = host.get(&format!("{GAPS}?from=2026-07-01&to=2026-07-02")).await;
    assert_eq!(
        before.ok(200),
        &json!({"items": [
            {"date": "2026-07-01", "theirs": null, "ours": 1, "checkedAt": null, "missing": false},
            {"date": "2026-07-02", "theirs": null, "ours": 0, "checkedAt": null, "missing": false},
        ], "supported": true, "lastCheckedAt": null})
    );
    let check = host.post(&format!("{GAPS}/check"), json!({"from": "2026-07-01", "to": "2026-07-01"})).await;
    let job = check.ok(202)["jobId"].clone();
    counted(&host, 5).await;
    let shown = host.get(&format!("/api/jobs/{job}")).await;
    assert_eq!(
        shown.ok(200)["result"],
        json!({"days": 1, "missing": ["2026-07-01"], "theirs": 5, "ours": 1, "supported": true, "reuploadJobId": null})
    );
    let after = host.get(&format!("{GAPS}?from=2026-07-01&to=2026-07-01")).await;
    let day = &after.ok(200)["items"][0];
    assert_eq!(json!([day["theirs"], day["ours"], day["missing"]]), json!([5, 1, true]));
    assert!(day["checkedAt"] == after.json["lastCheckedAt"] && day["checkedAt"].is_string());

    let missing = |from: &str| json!({"from": from, "to": "2026-07-04", "onlyMissing": true});
    host.post(REUPLOADS, missing("2026-07-02")).await.problem(422, "reupload.nothing_missing");
    let started = host.post(REUPLOADS, missing("2026-06-01")).await;
    let job = started.ok(202)["jobId"].clone();
    let shown = host.get(&format!("/api/jobs/{job}")).await;
    assert_eq!(shown.ok(200)["log"][0]["detail"]["days"], 1, "only the day that lacks some");
    one(&host, "VERIFY SUM").await;
    let cancelled = host.post(&format!("/api/jobs/{job}/cancel"), json!({})).await;
    assert_eq!(cancelled.ok(200)["state"], "cancelled");
    assert!(poll(&host).await.is_empty());
    host.post(&format!("/api/jobs/{job}/cancel"), json!({})).await.problem(409, "job.not_open");
}
