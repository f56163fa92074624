use serde_json::{Value, json};

use crate::support::Host;

const SN: &str = "CQZ7000000001";
const PATH: &str = "/api/machines/CQZ7000000001/commands";
const POLL: &str = "GET /iclock/getrequest?SN=CQZ7000000001";

async fn host() -> Host {
    let host = Host::start().await;
    host.add_machine(SN, "一楼大厅").await;
    host
}

async fn result(host: &Host, id: &Value, code: i32) {
    let answer = host
        .machine(&format!("POST /iclock/devicecmd?SN={SN}"), &format!("ID={id}&Return={code}&CMD=INFO\n"))
        .await;
    assert_eq!(answer.body, "OK");
}

async fn of(host: &Host, id: &Value) -> Value {
    let list = host.get(PATH).await;
    let items = list.ok(200)["items"].as_array().unwrap().clone();
    items.into_iter().find(|item| item["id"] == *id).unwrap()
}

#[tokio::test]
async fn q11_a_command_waits_for_the_machines_next_poll_and_lives_visibly() {
    let host = host().await;
    let mut watcher = host.node.events().subscribe();
    let added = host.post(PATH, json!({"kind": "readInfo"})).await;
    let command = added.ok(201).clone();
    assert_eq!(
        (&command["kind"], &command["state"], &command["who"], &command["tries"], &command["sentAt"]),
        (&json!("readInfo"), &json!("queued"), &json!("desktop"), &json!(0), &Value::Null)
    );
    let machine = host.get(&format!("/api/machines/{SN}")).await;
    assert_eq!(machine.ok(200)["queue"], json!({"waiting": 1, "sent": 0, "lastPollAt": null}));
    loop {
        let event = watcher.next().await.unwrap();
        if event.name() == "command" {
            assert_eq!(event.data(), format!(r#"{{"sn":"{SN}","id":{}}}"#, command["id"]));
            break;
        }
    }
    assert_eq!(host.machine(POLL, "").await.body, format!("C:{}:INFO\n", command["id"]));
    assert_eq!(of(&host, &command["id"]).await["state"], "sent");
    let machine = host.get(&format!("/api/machines/{SN}")).await;
    assert_eq!(machine.ok(200)["queue"]["sent"], 1);
    assert!(machine.json["queue"]["lastPollAt"].is_string());
    result(&host, &command["id"], 0).await;
    let done = of(&host, &command["id"]).await;
    assert_eq!((&done["state"], &done["returnCode"]), (&json!("done"), &json!(0)));
    assert!(done["doneAt"].is_string() && done["sentAt"].is_string());
    assert_eq!(host.machine(POLL, "").await.body, "OK");
}

#[tokio::test]
async fn a_machines_refusal_comes_in_words() {
    let host = host().await;
    let id = host.post(PATH, json!({"kind": "readInfo"})).await.ok(201)["id"].clone();
    host.machine(POLL, "").await;
    result(&host, &id, -1002).await;
    let failed = of(&host, &id).await;
    assert_eq!((&failed["state"], &failed["returnCode"]), (&json!("failed"), &json!(-1002)));
    assert!(failed["reason"].as_str().unwrap().starts_with("machine."), "{failed}");
    assert!(failed["detail"].as_str().unwrap().starts_with("the machine "), "{failed}");
}

#[tokio::test]
async fn what_clears_wants_the_machines_name() {
    let host = host().await;
    for kind in ["clearPunches", "clearPeople", "clearAll"] {
        for confirm in [json!(null), json!(""), json!("一楼"), json!("一楼大厅x")] {
            let refused = host.post(PATH, json!({"kind": kind, "confirm": confirm})).await;
            let problem = refused.problem(422, "command.confirmation_required");
            assert_eq!(problem["fields"][0]["pointer"], "/confirm");
        }
        host.post(PATH, json!({"kind": kind, "confirm": " 一楼大厅 "})).await.ok(201);
    }
    assert_eq!(host.get(PATH).await.ok(200)["total"], 3);
    // Handed out once, and gone from the queue whether or not an answer comes (Q4).
    let handed = host.machine(POLL, "").await.body;
    assert!(handed.contains(":CLEAR LOG\n") && handed.contains(":CLEAR DATA\n"), "{handed}");
    assert_eq!(host.machine(POLL, "").await.body, "OK");
}

#[tokio::test]
async fn a_disabled_machine_and_nobody_get_no_commands() {
    let host = host().await;
    let restart = || json!({"kind": "restart"});
    host.patch(&format!("/api/machines/{SN}"), json!({"enabled": false})).await.ok(200);
    host.post(PATH, restart()).await.problem(409, "machine.disabled");
    for sn in ["NOBODY", "a%20b"] {
        host.post(&format!("/api/machines/{sn}/commands"), restart()).await.problem(404, "machine.unknown");
        host.get(&format!("/api/machines/{sn}/commands")).await.problem(404, "machine.unknown");
        host.get(&format!("/api/machines/{sn}/kinds")).await.problem(404, "machine.unknown");
        let cancel = host.post(&format!("/api/machines/{sn}/commands/1/cancel"), json!({})).await;
        cancel.problem(404, "machine.unknown");
        host.post(&format!("/api/machines/{sn}/twins/resolve"), json!({}))
            .await
            .problem(404, "machine.unknown");
    }
}

#[tokio::test]
async fn what_waits_can_be_taken_back() {
    let host = host().await;
    let id = host.post(PATH, json!({"kind": "restart"})).await.ok(201)["id"].clone();
    let cancel = format!("{PATH}/{id}/cancel");
    let cancelled = host.post(&cancel, json!({})).await;
    assert_eq!(
        (&cancelled.ok(200)["state"], &cancelled.json["reason"]),
        (&json!("cancelled"), &json!("command.cancelled"))
    );
    assert!(cancelled.json["expiresAt"].is_null() && cancelled.json["detail"].is_string());
    host.post(&cancel, json!({})).await.problem(409, "command.not_waiting");
    host.post(&format!("{PATH}/999/cancel"), json!({})).await.problem(404, "command.unknown");
    host.post(&format!("{PATH}/x/cancel"), json!({})).await.problem(400, "path.unreadable");
    assert_eq!(host.machine(POLL, "").await.body, "OK");
    let whole = host.get("/api/audit").await.body;
    assert!(whole.contains("command.add") && whole.contains("command.cancel"), "{whole}");
    assert_eq!(host.get("/api/audit").await.ok(200)["items"][0]["subject"], format!("machine/{SN}"));
}

#[tokio::test]
async fn q2_a_command_that_is_out_is_not_handed_out_again() {
    let host = host().await;
    let id = host.post(PATH, json!({"kind": "readInfo"})).await.ok(201)["id"].clone();
    assert_eq!(host.machine(POLL, "").await.body, format!("C:{id}:INFO\n"));
    assert_eq!(host.machine(POLL, "").await.body, "OK");
    // Another one goes meanwhile, alone.
    let other = host.post(PATH, json!({"kind": "readOptions"})).await.ok(201)["id"].clone();
    assert_eq!(host.machine(POLL, "").await.body, format!("C:{other}:CHECK\n"));
    assert_eq!(of(&host, &id).await["tries"], 1);
}

#[tokio::test]
async fn o2_only_the_kinds_there_are_can_be_ordered() {
    let host = host().await;
    // O2: what could be a shell, a file or firmware is no kind, and there is no field for free text.
    for kind in
        ["shell", "SHELL", "putFile", "getFile", "upgrade", "setOption", "putPerson", "clearTable", ""]
    {
        let refused = host.post(PATH, json!({"kind": kind})).await;
        assert_eq!(refused.problem(422, "body.invalid")["fields"][0]["pointer"], "/kind");
    }
    for kind in [json!(null), json!(7), json!(["ping"])] {
        let refused = host.post(PATH, json!({"kind": kind})).await;
        assert_eq!(refused.problem(422, "body.invalid")["fields"][0]["pointer"], "/kind");
    }
    for field in ["text", "command", "body", "what"] {
        host.post(PATH, json!({"kind": "ping", field: "SHELL ls"})).await.problem(422, "body.invalid");
    }
    for (body, pointer) in [
        (json!({"kind": "clearPeople", "pin": "7", "confirm": "一楼大厅"}), "/pin"),
        (json!({"kind": "unlockDoor", "door": 0}), "/door"),
        (json!({"kind": "unlockDoor", "door": 256}), "/door"),
        (json!({"kind": "unlockDoor", "seconds": 255}), "/seconds"),
        (json!({"kind": "readPerson", "pin": "7\nSHELL"}), "/pin"),
        (json!({"kind": "readPerson", "pin": ""}), "/pin"),
    ] {
        let refused = host.post(PATH, body.clone()).await;
        assert_eq!((refused.status, &refused.json["fields"][0]["pointer"]), (422, &json!(pointer)), "{body}");
    }
    assert_eq!(host.get(PATH).await.ok(200)["total"], 0);
}

#[tokio::test]
async fn what_a_machine_cannot_do_is_said_beforehand() {
    let host = host().await;
    let kinds = format!("/api/machines/{SN}/kinds");
    let judged = async || {
        let answer = host.get(&kinds).await;
        let items = answer.ok(200)["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|item| (item["kind"].as_str().unwrap().to_owned(), item["reason"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(judged().await.len(), 12);
    assert!(judged().await.iter().all(|(_, reason)| reason.is_null()), "nothing is known against any");
    host.machine(&format!("POST /iclock/cdata?SN={SN}&table=options"), "~LockFunOn=0,FWVersion=x").await;
    let mut watcher = host.node.events().subscribe();
    while host.get(&format!("/api/machines/{SN}")).await.ok(200)["firmware"].is_null() {
        watcher.next().await;
    }
    let unlock = judged().await.into_iter().find(|(kind, _)| kind == "unlockDoor").unwrap();
    assert_eq!(unlock.1, "command.no_door");
    let refused = host.post(PATH, json!({"kind": "unlockDoor"})).await;
    refused.problem(422, "command.no_door");
}

#[tokio::test]
async fn commands_come_in_pages() {
    let host = host().await;
    for _ in 0..3 {
        host.post(PATH, json!({"kind": "restart"})).await.ok(201);
    }
    let first = host.get(&format!("{PATH}?limit=2")).await;
    let (items, next) =
        (first.ok(200)["items"].as_array().unwrap().len(), first.json["next"].as_str().unwrap());
    assert_eq!((items, &first.json["total"]), (2, &json!(3)));
    let second = host.get(&format!("{PATH}?limit=2&cursor={next}")).await;
    assert_eq!(second.ok(200)["items"].as_array().unwrap().len(), 1);
    assert!(second.json["next"].is_null());
}
