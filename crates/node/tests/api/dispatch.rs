use axum::http::Method;
use rollcall_core::db;
use rollcall_node::events::Watcher;
use serde_json::{Value, json};

use crate::support::Host;

const SN: &str = "CQZ7000000001";
const GATE: &str = "CQZ7000000002";
const ROSTER: &str = "/api/machines/CQZ7000000001/roster";
const RULE: &str = "/api/machines/CQZ7000000001/dispatch-rule";

struct World {
    host: Host,
    watcher: Watcher,
    /// The newest job asked for so far.
    seen: i64,
}

/// 生产部 holds 保密组; 办公室 stands beside it. e1 and e2 are in 生产部, e3 in 保密组, e4 in 办公室.
async fn world() -> World {
    let host = Host::start().await;
    let watcher = host.node.events().subscribe();
    host.add_machine(SN, "大厅").await;
    host.add_machine(GATE, "大门").await;
    sql(
        &host,
        "INSERT INTO departments (id, name, parent_id, branch_id, created_at) VALUES
           ('made', '生产部', NULL, NULL, 0), ('secret', '保密组', 'made', NULL, 0), ('desk', '办公室', NULL, NULL, 0)",
    )
    .await;
    let people =
        [("e1", "王芳", "made"), ("e2", "李娜", "made"), ("e3", "赵磊", "secret"), ("e4", "周杰", "desk")];
    for (id, name, department) in people {
        host.add_employee(id, name).await;
        sql(&host, &format!("UPDATE employees SET department_id = '{department}' WHERE id = '{id}'")).await;
    }
    World { host, watcher, seen: 0 }
}

async fn sql(host: &Host, sql: &str) {
    let sql = sql.to_owned();
    host.node.site().write(move |tx| Ok::<_, db::Error>(tx.execute_batch(&sql)?)).await.unwrap();
}

impl World {
    async fn put(&self, body: Value) -> Value {
        self.host.send(Method::PUT, RULE, body).await.ok(200).clone()
    }

    /// Waits for a job that was not there when this was asked last to be over, or to wait for somebody.
    async fn job(&mut self) -> Value {
        loop {
            let list = self.host.get("/api/jobs?limit=1").await;
            match list.ok(200)["items"][0]["id"].as_i64() {
                Some(newest) if newest > self.seen => {
                    self.seen = newest;
                    return self.settled(&json!(newest)).await;
                }
                _ => drop(self.watcher.next().await.unwrap()),
            }
        }
    }

    /// Waits for a job to be over, or to wait for somebody.
    async fn settled(&mut self, id: &Value) -> Value {
        loop {
            let job = self.host.get(&format!("/api/jobs/{id}")).await;
            if !matches!(job.ok(200)["state"].as_str(), Some("waiting" | "running")) {
                return job.json;
            }
            self.watcher.next().await.unwrap();
        }
    }

    async fn on_list(&self) -> Vec<String> {
        let list = self.host.get(ROSTER).await;
        let items = list.ok(200)["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["employeeId"].as_str().unwrap().to_owned()).collect()
    }
}

fn department(id: &str) -> Value {
    json!({"kind": "department", "id": id})
}

#[tokio::test]
async fn dispatch_4_1_a_rule_is_off_until_it_is_set_and_says_whom_it_names() {
    let mut world = world().await;
    let off = json!({"enabled": false, "include": [], "exclude": [], "outOfScope": "keep", "runAt": "02:00",
        "syncToMachine": false, "lastRun": null, "nextRunAt": null});
    assert_eq!(*world.host.get(RULE).await.ok(200), off);
    let body = json!({"enabled": true, "include": [department("made"), {"kind": "employee", "id": "e4"}],
        "exclude": [department("secret")], "outOfScope": "delete", "runAt": "23:30", "syncToMachine": true});
    let saved = world.put(body).await;
    let named = |kind: &str, id: &str, name: &str| json!({"kind": kind, "id": id, "name": name});
    assert_eq!(
        saved["include"],
        json!([named("department", "made", "生产部"), named("employee", "e4", "周杰")])
    );
    assert_eq!(saved["exclude"], json!([named("department", "secret", "保密组")]));
    assert_eq!((&saved["runAt"], &saved["outOfScope"]), (&json!("23:30"), &json!("delete")));
    assert!(saved["nextRunAt"].is_string());
    let job = world.job().await;
    assert_eq!(world.host.get(RULE).await.ok(200)["lastRun"]["jobId"], job["id"]);
    let mut ids = world.on_list().await;
    ids.sort();
    assert_eq!(ids, ["e1", "e2", "e4"]);
}

#[tokio::test]
async fn dispatch_4_1_a_rule_that_cannot_be_is_refused_where_it_is_wrong() {
    let world = world().await;
    for (body, code, pointer) in [
        (
            json!({"enabled": true, "include": [department("gone")]}),
            "dispatch.target_unknown",
            "/include/0/id",
        ),
        (
            json!({"enabled": true, "include": [department("made")],
                "exclude": [department("made"), {"kind": "branch", "id": "hq"}]}),
            "dispatch.target_unknown",
            "/exclude/1/id",
        ),
        (json!({"enabled": true, "runAt": "24:00"}), "dispatch.run_at_invalid", "/runAt"),
        (json!({"enabled": true, "runAt": "2:00"}), "dispatch.run_at_invalid", "/runAt"),
        (json!({"enabled": true, "outOfScope": "both"}), "body.invalid", "/outOfScope"),
        (
            json!({"enabled": true, "include": [{"kind": "team", "id": "x"}]}),
            "body.invalid",
            "/include/0/kind",
        ),
        (json!({"include": []}), "body.invalid", "/enabled"),
    ] {
        let refused = world.host.send(Method::PUT, RULE, body.clone()).await;
        assert_eq!(refused.problem(422, code)["fields"][0]["pointer"], pointer, "{body}");
        let refused = world.host.post(&format!("{RULE}/preview"), body).await;
        refused.problem(422, code);
    }
    for path in ["", "/preview", "/explain?employeeId=e1"] {
        let path = format!("/api/machines/NOBODY/dispatch-rule{path}");
        world.host.get(&path).await.problem(404, "machine.unknown");
    }
    world.host.post(&format!("{RULE}/run"), json!({})).await.problem(409, "dispatch.off");
    world.host.get(&format!("{RULE}/explain?employeeId=nobody")).await.problem(404, "employee.unknown");
    world.host.get(&format!("{RULE}/explain")).await.problem(400, "query.unreadable");
    assert_eq!(world.host.get("/api/jobs").await.ok(200)["total"], 0);
}

#[tokio::test]
async fn dispatch_4_2_people_who_come_are_added_without_anybody_asking() {
    let mut world = world().await;
    world
        .put(json!({"enabled": true, "include": [department("made"), {"kind": "employee", "id": "e4"}]}))
        .await;
    world.job().await;
    world.host.delete(&format!("{ROSTER}/e4")).await;
    let explained = world.host.get(&format!("{RULE}/explain?employeeId=e4")).await;
    let why = json!({"inScope": true, "why": {"code": "inScope", "in": ["周杰"], "out": []}});
    assert_eq!(*explained.ok(200), why, "they would come back, and the page can say so");
    // Any change of the directory that has to do with them brings them back.
    world.host.patch("/api/employees/e4", json!({"leftOn": "2999-01-01"})).await.ok(200);
    let job = world.job().await;
    assert_eq!((&job["kind"], &job["result"]["trigger"]), (&json!("dispatchRun"), &json!("directory")));
    assert!(world.on_list().await.contains(&"e4".to_owned()));
}

#[tokio::test]
async fn dispatch_4_3_one_sees_beforehand_who_would_be_hit_and_by_what() {
    let world = world().await;
    let entries = json!({"entries": [{"employeeId": "e2", "enabled": false}, {"employeeId": "e3"}, {"employeeId": "e4"}]});
    world.host.post(ROSTER, entries).await.ok(200);
    let rule = json!({"enabled": true, "include": [department("made")], "exclude": [department("secret")],
        "outOfScope": "disable"});
    let preview = world.host.post(&format!("{RULE}/preview"), rule).await;
    insta::assert_json_snapshot!(preview.ok(200));
    assert_eq!(world.host.get(RULE).await.ok(200)["enabled"], false, "it was not saved");
    let saved = world.host.get(&format!("{RULE}/preview")).await;
    assert_eq!(saved.ok(200)["counts"], json!({"add": 0, "delete": 0, "disable": 0, "enable": 0, "skip": 3}));
}

#[tokio::test]
async fn dispatch_4_5_brake_a_run_stops_and_goes_on_with_a_yes() {
    let mut world = world().await;
    for number in 10..20 {
        world.host.add_employee(&format!("x{number}"), "员工").await;
    }
    let entries: Vec<_> = (10..20).map(|number| json!({"employeeId": format!("x{number}")})).collect();
    world.host.post(ROSTER, json!({"entries": entries})).await.ok(200);
    world.put(json!({"enabled": true, "include": [department("made")], "outOfScope": "delete"})).await;
    world.job().await;
    let preview = world.host.get(&format!("{RULE}/preview")).await;
    assert_eq!(preview.ok(200)["brake"], json!({"wouldStop": true, "hit": 10, "entries": 13}));
    let started = world.host.post(&format!("{RULE}/run"), json!({})).await;
    let id = started.ok(202)["jobId"].clone();
    let held = world.job().await;
    assert_eq!(
        (&held["id"], &held["state"], &held["result"]["hit"]),
        (&id, &json!("needsConfirmation"), &json!(10))
    );
    assert!(
        held["log"]
            .as_array()
            .unwrap()
            .iter()
            .any(|line| line["code"] == "dispatch.braked" && line["level"] == "warning")
    );
    assert_eq!(world.on_list().await.len(), 13);
    world.host.post(&format!("/api/jobs/{id}/confirm"), json!({})).await.ok(200);
    let done = world.settled(&id).await;
    assert_eq!((&done["state"], &done["result"]["deleted"]), (&json!("done"), &json!(10)));
    assert_eq!(world.on_list().await.len(), 3);
    world
        .host
        .post(&format!("/api/jobs/{id}/confirm"), json!({}))
        .await
        .problem(409, "job.nothing_to_confirm");
    // With a yes beforehand it does not stop.
    world.host.post(ROSTER, json!({"entries": entries})).await.ok(200);
    world.host.post(&format!("{RULE}/run"), json!({"confirm": true})).await.ok(202);
    assert_eq!(world.job().await["result"]["deleted"], 10);
}

#[tokio::test]
async fn dispatch_4_6_a_run_is_a_job_with_a_log_that_names_people() {
    let mut world = world().await;
    world
        .put(json!({"enabled": true, "include": [department("made")], "exclude": [department("secret")]}))
        .await;
    let mut job = world.job().await;
    for key in ["createdAt", "startedAt", "endedAt"] {
        assert!(job[key].is_string());
        job[key] = "(time)".into();
    }
    for line in job["log"].as_array_mut().unwrap() {
        line["time"] = "(time)".into();
    }
    insta::assert_json_snapshot!(job);
    let listed = world.host.get(&format!("/api/jobs?kind=dispatchRun&state=done&sn={SN}")).await;
    assert_eq!((&listed.ok(200)["total"], &listed.json["items"][0]["log"]), (&json!(1), &json!([])));
}

#[tokio::test]
async fn dispatch_4_1_a_rule_is_copied_to_other_machines() {
    let mut world = world().await;
    world.put(json!({"enabled": true, "include": [department("made")], "runAt": "03:15"})).await;
    world.job().await;
    let copy = format!("{RULE}/copy");
    world.host.post(&copy, json!({"to": [GATE, "NOBODY"]})).await.problem(404, "machine.unknown");
    let copied = world.host.post(&copy, json!({"to": ["cqz7000000002", SN]})).await;
    assert_eq!(*copied.ok(200), json!({"copied": [GATE]}));
    world.job().await;
    let rule = world.host.get(&format!("/api/machines/{GATE}/dispatch-rule")).await;
    assert_eq!((&rule.ok(200)["runAt"], &rule.json["include"][0]["id"]), (&json!("03:15"), &json!("made")));
    let roster = world.host.get(&format!("/api/machines/{GATE}/roster")).await;
    assert_eq!(roster.ok(200)["total"], 3);
}
