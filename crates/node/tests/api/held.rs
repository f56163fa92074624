use rollcall_core::enrolments::{SeenPerson, people_seen, templates_keep};
use rollcall_core::machine_log::{MachineEvent, machine_events_add};
use rollcall_core::machines::{MachineId, machine_get};
use rollcall_core::{Sn, WallTime, db};
use rollcall_protocol::order::{Pin, Privilege, Template, TemplateKind};
use serde_json::{Value, json};

use crate::support::Host;

const SN: &str = "CQZ7000000001";

async fn id(host: &Host) -> MachineId {
    let sn = Sn::new(SN).unwrap();
    host.node.site().read(move |conn| machine_get(conn, &sn)).await.unwrap().unwrap().id
}

#[tokio::test]
async fn roster_3_8_what_was_read_back_is_shown_with_whose_it_is_and_without_secrets() {
    let host = Host::start().await;
    host.add_machine(SN, "大厅").await;
    host.get("/api/machines/NOBODY/seen-people").await.problem(404, "machine.unknown");
    let path = format!("/api/machines/{SN}/seen-people");
    assert_eq!(host.get(&path).await.ok(200), &json!({"items": [], "total": 0, "next": null}));
    host.add_employee("e1", "王芳").await;
    let entries = json!({"entries": [{"employeeId": "e1", "pin": "7"}]});
    host.post(&format!("/api/machines/{SN}/roster"), entries).await.ok(200);
    let machine = id(&host).await;
    host.node
        .site()
        .write(move |tx| {
            let seven = SeenPerson {
                pin: "7".into(),
                name: Some("WANG".into()),
                privilege: Some(Privilege::Administrator),
                card: Some("123456789".into()),
                password: Some("4321".into()),
                ..SeenPerson::default()
            };
            let eight = SeenPerson { pin: "8".into(), inactive: Some(true), ..SeenPerson::default() };
            people_seen(tx, machine, &[seven, eight])?;
            let finger = Template {
                pin: Pin::new("7").unwrap(),
                kind: TemplateKind::Fingerprint,
                no: 6,
                index: 0,
                valid: 1,
                duress: 0,
                version: None,
                format: 0,
                data: b"MZSS".to_vec(),
            };
            templates_keep(tx, machine, &[finger])
        })
        .await
        .unwrap();
    let answer = host.get(&path).await;
    let items = answer.ok(200)["items"].as_array().unwrap();
    let mut seven = items[0].clone();
    assert!(seven["seenAt"].is_string());
    seven["seenAt"] = json!("…");
    assert_eq!(
        seven,
        json!({
            "pin": "7", "name": "WANG", "role": "administrator", "enabled": true, "card": "123456789",
            "hasPassword": true, "validFrom": "", "validTo": "",
            "templates": {"fingerprints": 1, "faces": 0, "palms": 0, "veins": 0, "photos": 0},
            "employeeId": "e1", "employeeName": "王芳", "seenAt": "…"
        })
    );
    assert_eq!((&items[1]["enabled"], &items[1]["employeeId"]), (&json!(false), &Value::Null));
    assert!(!answer.body.contains("4321"), "{}", answer.body);
}

#[tokio::test]
async fn the_machines_own_log_is_shown_newest_first() {
    let host = Host::start().await;
    host.add_machine(SN, "大厅").await;
    host.get("/api/machines/NOBODY/log").await.problem(404, "machine.unknown");
    let machine = id(&host).await;
    host.node
        .site()
        .write(move |tx| {
            let event = |code: i32, wall: Option<&str>| MachineEvent {
                wall: wall.map(|wall| WallTime::parse(wall.as_bytes()).unwrap()),
                utc_offset: 8 * 3600,
                code,
                operator: "1".into(),
                objects: vec!["1003".into(), "6".into()],
                kind: "enrolment",
                raw: format!("OPLOG {code}").into_bytes(),
            };
            machine_events_add(tx, machine, &[event(6, Some("2026-07-06 09:02:30")), event(4, None)])?;
            Ok::<_, db::Error>(())
        })
        .await
        .unwrap();
    let answer = host.get(&format!("/api/machines/{SN}/log")).await;
    let items = answer.ok(200)["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["code"], &items[0]["time"]), (2, &json!(4), &Value::Null));
    assert_eq!(
        (&items[1]["time"], &items[1]["objects"], &items[1]["kind"]),
        (&json!("2026-07-06T09:02:30+08:00"), &json!(["1003", "6"]), &json!("enrolment"))
    );
}
