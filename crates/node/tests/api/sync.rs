use serde_json::json;

use crate::support::Host;

const ROSTER: &str = "/api/machines/CQZ7000000001/roster";

async fn host() -> Host {
    let host = Host::start().await;
    host.add_machine("CQZ7000000001", "大厅").await;
    for (id, name) in [("e1", "王芳"), ("e2", "李娜"), ("e3", "赵磊")] {
        host.add_employee(id, name).await;
    }
    let entries = json!({"entries": [
        {"employeeId": "e1", "pin": "1", "role": "administrator"}, {"employeeId": "e2", "pin": "2"}, {"employeeId": "e3"}]});
    host.post(ROSTER, entries).await.ok(200);
    host
}

#[tokio::test]
async fn roster_3_5_a_sync_waits_while_the_machine_is_offline_and_can_be_cancelled() {
    let host = host().await;
    let path = format!("{ROSTER}/sync");
    let job = host.post(&path, json!({})).await.ok(202)["jobId"].clone();
    assert_eq!(host.post(&path, json!({"full": true})).await.ok(202)["jobId"], job, "one is under way");
    let path_of_job = format!("/api/jobs/{job}");
    let shown = host.get(&path_of_job).await;
    let shown = shown.ok(200);
    assert_eq!((&shown["kind"], &shown["state"]), (&json!("rosterSync"), &json!("waiting")));
    assert_eq!(shown["progress"], json!({"done": 0, "total": 2}), "an entry without a number is never sent");
    host.post(&format!("{path_of_job}/cancel"), json!({})).await.ok(200);
    let machine = host.get("/api/machines/CQZ7000000001").await;
    assert_eq!(
        machine.ok(200)["roster"],
        json!({"total": 3, "synced": 0, "waiting": 2, "failed": 0, "noNumber": 1})
    );
    host.patch("/api/machines/CQZ7000000001", json!({"enabled": false})).await.ok(200);
    host.post(&path, json!({})).await.problem(409, "machine.disabled");
    host.post("/api/machines/NOBODY/roster/sync", json!({})).await.problem(404, "machine.unknown");
}

#[tokio::test]
async fn many_entries_change_at_once_and_what_is_refused_leaves_the_others_alone() {
    let host = host().await;
    let path = format!("{ROSTER}/batch");
    let off = host.post(&path, json!({"employeeIds": ["e1", "nobody"], "action": "disable"})).await;
    let off = off.ok(200);
    assert_eq!(off["changed"], json!(["e1"]));
    assert_eq!(off["rejected"][0]["code"], "roster.unknown");
    let roles = json!({"employeeIds": ["e2", "e3"], "action": "role", "role": "registrar"});
    assert_eq!(host.post(&path, roles).await.ok(200)["changed"], json!(["e2", "e3"]));
    host.post(&path, json!({"employeeIds": ["e2"], "action": "role"}))
        .await
        .problem(422, "roster.role_missing");
    let total = async |query: &str| host.get(&format!("{ROSTER}?{query}")).await.ok(200)["total"].clone();
    assert_eq!(total("enabled=false").await, 1);
    assert_eq!(total("role=registrar").await, 2);
    assert_eq!(total("state=noNumber").await, 1);
    assert_eq!(total("search=wangfang").await, 1, "found by pinyin");
    assert_eq!(total("search=zl").await, 1, "and by initials");
    let gone = host.post(&path, json!({"employeeIds": ["e1", "e2", "e3"], "action": "remove"})).await;
    assert_eq!(gone.ok(200)["changed"], json!(["e1", "e2", "e3"]));
    assert_eq!(total("").await, 0);
}

#[tokio::test]
async fn roster_3_3_a_machine_without_an_administrator_is_pointed_out() {
    let host = host().await;
    let warned = async || {
        let machine = host.get("/api/machines/CQZ7000000001").await;
        let warnings = machine.ok(200)["warnings"].clone();
        warnings.as_array().unwrap().iter().any(|warning| warning["code"] == "machine.no_administrator")
    };
    assert!(!warned().await);
    host.patch("/api/employees/e1", json!({"leftOn": "2020-01-01"})).await.ok(200);
    assert!(warned().await, "its administrator has left");
    host.patch("/api/employees/e1", json!({"leftOn": null})).await.ok(200);
    host.patch(&format!("{ROSTER}/e1"), json!({"role": "user"})).await.ok(200);
    assert!(warned().await, "it has none");
}

#[tokio::test]
async fn rehire_7_1_the_new_account_takes_the_places_of_the_old_one() {
    let host = host().await;
    let path = "/api/employees/e1/rehire";
    host.post(path, json!({"carryTemplates": false})).await.problem(422, "rehire.who");
    host.post(path, json!({"newEmployeeId": "e1", "carryTemplates": false}))
        .await
        .problem(422, "rehire.same_person");
    host.post(path, json!({"newEmployeeId": "nobody", "carryTemplates": false}))
        .await
        .problem(404, "employee.unknown");
    let body =
        json!({"newEmployee": {"id": "e9", "name": "王芳"}, "carryTemplates": false, "leftOn": "2026-06-30"});
    let done = host.post(path, body).await;
    let done = done.ok(200);
    assert_eq!(done["employeeId"], "e9");
    assert_eq!(done["machines"][0]["code"], "rehire.added", "the machine never had the old one");
    let roster = host.get(&format!("{ROSTER}?search=e9")).await;
    let entry = roster.ok(200)["items"][0].clone();
    assert_eq!((&entry["pin"], &entry["role"]), (&json!("1"), &json!("administrator")));
    let places = host.get("/api/employees/e9/machines").await;
    assert_eq!(places.ok(200)["items"][0]["spans"][0]["pin"], "1");
    assert_eq!(host.get("/api/employees/e1").await.ok(200)["leftOn"], "2026-06-30");
}

#[tokio::test]
async fn roster_3_8_rows_of_a_comparison_are_decided_one_by_one() {
    let host = host().await;
    let path = "/api/machines/CQZ7000000001/comparison";
    let shown = host.get(&format!("{path}?kind=onlyHere")).await;
    let shown = shown.ok(200);
    assert_eq!((&shown["total"], &shown["readAt"]), (&json!(2), &json!(null)), "nothing was read yet");
    assert_eq!(host.get(&format!("{path}?kind=onlyThere")).await.ok(200)["total"], 0);
    let resolve = format!("{path}/resolve");
    let rows = json!({"rows": [{"pin": "1", "action": "push"}, {"pin": "77", "action": "delete"},
        {"pin": "2", "action": "claim", "employeeId": "e3"}]});
    let done = host.post(&resolve, rows).await;
    let done = done.ok(200);
    assert_eq!(done["done"], 1);
    assert_eq!(done["rejected"][0]["code"], "roster.not_there");
    host.post(&resolve, json!({"rows": [{"pin": "5", "action": "claim"}]}))
        .await
        .problem(422, "comparison.claim_for_whom");
}
