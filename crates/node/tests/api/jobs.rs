use rollcall_core::jobs::{DISPATCH_RUN, JobState, Level, READ_BACK, job_add, job_end, job_log};
use rollcall_core::machines::machine_get;
use rollcall_core::{Actor, Sn, db};
use serde_json::{Value, json};

use crate::support::Host;

const SN: &str = "CQZ7000000001";

/// Three jobs: one of a kind that no worker here takes, one that is done, and one of no machine.
async fn host() -> (Host, [i64; 3]) {
    let host = Host::start().await;
    host.add_machine(SN, "大厅").await;
    let ids = host
        .node
        .site()
        .write(|tx| {
            let machine = machine_get(tx, &Sn::new(SN).unwrap())?.unwrap().id;
            let first = job_add(tx, &Actor::console(), READ_BACK, Some(machine), &json!({}))?.id;
            let second = job_add(tx, &Actor::system(), DISPATCH_RUN, Some(machine), &json!({}))?.id;
            job_log(tx, second, Level::Error, "dispatch.refused", json!({"name": "王芳"}))?;
            job_end(tx, second, JobState::Failed, None)?;
            let third = job_add(tx, &Actor::console(), READ_BACK, None, &json!({}))?.id;
            Ok::<_, db::Error>([first.0, second.0, third.0])
        })
        .await
        .unwrap();
    (host, ids)
}

async fn ids(host: &Host, path: &str) -> Value {
    let list = host.get(path).await;
    list.ok(200)["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect()
}

#[tokio::test]
async fn jobs_are_listed_newest_first_and_found_by_state_kind_and_machine() {
    let (host, [first, second, third]) = host().await;
    assert_eq!(ids(&host, "/api/jobs").await, json!([third, second, first]));
    assert_eq!(ids(&host, "/api/jobs?state=failed").await, json!([second]));
    assert_eq!(ids(&host, "/api/jobs?kind=readBack").await, json!([third, first]));
    assert_eq!(ids(&host, &format!("/api/jobs?sn={SN}")).await, json!([second, first]));
    assert_eq!(ids(&host, "/api/jobs?state=needsConfirmation").await, json!([]));
    let page = host.get("/api/jobs?limit=2").await;
    assert_eq!(page.ok(200)["total"], 3);
    let next = page.json["next"].as_str().unwrap();
    assert_eq!(ids(&host, &format!("/api/jobs?limit=2&cursor={next}")).await, json!([first]));
    host.get("/api/jobs?state=odd").await.problem(400, "query.unreadable");
    assert_eq!(host.get("/api/jobs?sn=%20").await.ok(200)["total"], 0, "no machine is called that");
}

#[tokio::test]
async fn a_job_is_shown_with_its_log() {
    let (host, [first, second, _]) = host().await;
    let job = host.get(&format!("/api/jobs/{second}")).await;
    let log = &job.ok(200)["log"];
    assert_eq!(
        (&log[0]["level"], &log[0]["code"], &log[0]["detail"]),
        (&json!("error"), &json!("dispatch.refused"), &json!({"name": "王芳"}))
    );
    assert_eq!(
        (&job.json["sn"], &job.json["machineName"], &job.json["who"], &job.json["progress"]),
        (&json!(SN), &json!("大厅"), &json!("system"), &json!({"done": 0, "total": 0}))
    );
    let waiting = host.get(&format!("/api/jobs/{first}")).await;
    assert_eq!((&waiting.ok(200)["state"], &waiting.json["endedAt"]), (&json!("waiting"), &Value::Null));
    host.get("/api/jobs/999").await.problem(404, "job.unknown");
    host.get("/api/jobs/x").await.problem(400, "path.unreadable");
}

#[tokio::test]
async fn a_job_is_cancelled_once_and_watchers_hear_of_it() {
    let (host, [first, second, _]) = host().await;
    let mut watcher = host.node.events().subscribe();
    let cancelled = host.post(&format!("/api/jobs/{first}/cancel"), json!({})).await;
    assert_eq!(cancelled.ok(200)["state"], "cancelled");
    loop {
        let event = watcher.next().await.unwrap();
        if event.name() == "job" {
            assert_eq!(event.data(), format!(r#"{{"id":{first}}}"#));
            break;
        }
    }
    for (id, status, code) in
        [(first, 409, "job.not_open"), (second, 409, "job.not_open"), (999, 404, "job.unknown")]
    {
        host.post(&format!("/api/jobs/{id}/cancel"), json!({})).await.problem(status, code);
    }
    host.post(&format!("/api/jobs/{second}/confirm"), json!({})).await.problem(409, "job.nothing_to_confirm");
    assert_eq!(host.get("/api/audit").await.ok(200)["items"][0]["what"], "job.cancel");
}
