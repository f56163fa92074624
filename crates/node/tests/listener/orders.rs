//! Orders over real sockets: handed out by a poll, answered by a result, in the words of each dialect (group Q).

use chrono::TimeDelta;
use rollcall_core::commands::{Command, CommandState, command_add, command_list};
use rollcall_core::page::Page;
use rollcall_core::{Actor, Sn};
use rollcall_node::listener::Limits;
use rollcall_protocol::order::Order;

use crate::support::{Rig, SN, post};

const POLL: &str = "/iclock/getrequest?SN=CQZ7000000001";
const RESULT: &str = "/iclock/devicecmd?SN=CQZ7000000001";
const UNLOCK: Order = Order::UnlockDoor { door: 1, seconds: 5 };

impl Rig {
    /// Orders something of [`SN`], as the console does.
    pub async fn order(&self, order: Order) -> i64 {
        let sn = Sn::new(SN).unwrap();
        let added = {
            let sn = sn.clone();
            self.site.write(move |tx| command_add(tx, &Actor::console(), &sn, &order)).await.unwrap()
        };
        self.fleet.orders_changed(&sn);
        added.id.0
    }

    /// The commands of [`SN`], newest first.
    pub async fn commands(&self) -> Vec<Command> {
        let sn = Sn::new(SN).unwrap();
        self.site.read(move |conn| command_list(conn, &sn, &Page::default())).await.unwrap().items
    }

    pub async fn states(&self) -> Vec<CommandState> {
        self.commands().await.into_iter().map(|command| command.state).collect()
    }
}

#[tokio::test]
async fn q1_a_poll_takes_what_waits_and_the_result_ends_it() {
    let rig = Rig::start().await;
    rig.get(POLL).await.is_ok("OK");
    let id = rig.order(Order::ReadInfo).await;
    rig.get(POLL).await.is_ok(&format!("C:{id}:INFO\n"));
    // Q2: it is with the machine now.
    rig.get(POLL).await.is_ok("OK");
    assert_eq!(rig.states().await, [CommandState::Sent]);
    rig.post(RESULT, format!("ID={id}&Return=0&CMD=INFO\nFWVersion=Ver 9\n")).await.is_ok("OK");
    assert_eq!(rig.states().await, [CommandState::Done]);
}

#[tokio::test]
async fn q4_a_restart_is_done_when_the_machine_shakes_hands_again() {
    let rig = Rig::start().await;
    let id = rig.order(Order::Restart).await;
    rig.get(POLL).await.is_ok(&format!("C:{id}:REBOOT\n"));
    let block = rig.get("/iclock/cdata?SN=CQZ7000000001&options=all&pushver=2.4.1&language=83").await;
    assert!(block.body.starts_with("GET OPTION FROM: CQZ7000000001\n"), "{block:?}");
    assert_eq!(rig.states().await, [CommandState::Done]);
    for _ in 0..3 {
        rig.clock.advance(TimeDelta::minutes(10));
        assert_eq!(rig.get(POLL).await.body, "OK");
    }
}

#[tokio::test]
async fn q4_a_door_opens_once_even_when_its_answer_was_lost() {
    let rig = Rig::start().await;
    let id = rig.order(UNLOCK).await;
    // The machine goes away before it reads the answer.
    let mut line = rig.connect().await;
    line.send(format!("GET {POLL} HTTP/1.1\r\n\r\n")).await;
    assert!(line.answer().await.body.contains(&format!("C:{id}:AC_UNLOCK")));
    drop(line);
    for _ in 0..5 {
        rig.clock.advance(TimeDelta::minutes(6));
        rig.fleet.orders_changed(&Sn::new(SN).unwrap());
        assert_eq!(rig.get(POLL).await.body, "OK");
    }
    assert_eq!(rig.states().await, [CommandState::Failed]);
}

#[tokio::test]
async fn q1_what_was_not_answered_is_handed_out_again() {
    let rig = Rig::start().await;
    let id = rig.order(Order::ReadInfo).await;
    rig.get(POLL).await.is_ok(&format!("C:{id}:INFO\n"));
    rig.clock.advance(TimeDelta::seconds(91));
    // Time is looked after by a worker; here by the next order.
    rig.fleet.orders_changed(&Sn::new(SN).unwrap());
    assert_eq!(rig.get(POLL).await.body, format!("C:{id}:INFO\n"));
}

#[tokio::test]
async fn q8_results_of_somebody_elses_commands_are_accepted() {
    let rig = Rig::start().await;
    rig.post(RESULT, "ID=4711&Return=0&CMD=DATA\n").await.is_ok("OK");
    rig.post(RESULT, "ID=ABC&Return=0&CMD=DATA\n").await.is_ok("OK");
}

#[tokio::test]
async fn q5_polls_take_no_more_than_they_may() {
    let rig = Rig::start().await;
    for n in 1..=120 {
        rig.order(Order::ReadPerson { pin: rollcall_protocol::order::Pin::new(&n.to_string()).unwrap() })
            .await;
    }
    let mut counts = Vec::new();
    loop {
        let body = rig.get(POLL).await.body;
        if body == "OK" {
            break;
        }
        assert!(body.len() <= 32 * 1024);
        counts.push(body.lines().count());
    }
    assert_eq!(counts, [50, 50, 20]);
}

#[tokio::test]
async fn a2_a_poll_is_answered_though_the_orders_cannot_be_written_and_nothing_is_lost() {
    let rig = Rig::start().await;
    let id = rig.order(UNLOCK).await;
    let path = rig.folder.path().join("site.db");
    let lock = locked(&path);
    rig.get(POLL).await.is_ok("OK");
    drop(lock);
    loop {
        let body = rig.get(POLL).await.body;
        if body != "OK" {
            assert_eq!(body, format!("C:{id}:AC_UNLOCK\n"));
            break;
        }
    }
}

/// Another program that holds the database.
fn locked(path: &std::path::Path) -> rollcall_core::Connection {
    let conn = rollcall_core::Connection::open(path).unwrap();
    conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    conn
}

#[tokio::test]
async fn i1_a_stranger_gets_no_commands_and_its_results_are_refused() {
    let rig = Rig::empty(Limits::default()).await;
    rig.get(POLL).await.is_ok("OK");
    rig.talk(post(RESULT, "ID=1&Return=0&CMD=DATA\n")).await.is_refused(503);
}

#[tokio::test]
async fn the_oldest_firmware_is_told_in_its_own_words() {
    let rig = Rig::start().await;
    rig.get("/iclock/cdata?SN=CQZ7000000001&options=all").await;
    assert_eq!(rig.machine().await.protocol_version.as_deref(), Some("1.x"));
    let id = rig.order(Order::Ping).await;
    // It does not know `LOG` (attendance-push §14.6).
    rig.get(POLL).await.is_ok(&format!("C:{id}:CHECK\n"));
}

#[tokio::test]
async fn q10_a_stray_request_turns_no_machine_round_and_takes_no_order_with_it() {
    let rig = Rig::start().await;
    rig.get("/iclock/cdata?SN=CQZ7000000001&options=all&pushver=2.4.1&DeviceType=att").await;
    rig.get(POLL).await.is_ok("OK");
    let id = rig.order(Order::Restart).await;
    let stray = |bytes: Vec<u8>| rig.talk_from([127, 0, 0, 9], bytes);
    stray(post("/iclock/registry?SN=CQZ7000000001", "DeviceType=acc")).await;
    let fk =
        "POST / HTTP/1.0\r\nrequest_code: receive_cmd\r\ndev_id: CQZ7000000001\r\nContent-Length: 0\r\n\r\n";
    let answer = stray(fk.as_bytes().to_vec()).await;
    assert!(!answer.head.contains("cmd_code"), "{answer:?}");
    rig.fleet.flush().await.unwrap();
    rig.get(POLL).await.is_ok(&format!("C:{id}:REBOOT\n"));
}

#[tokio::test]
async fn d3_queried_events_are_read_whatever_is_remembered_of_the_machine() {
    let rig = Rig::start().await;
    rig.get("/iclock/cdata?SN=CQZ7000000001&options=all&pushver=2.4.1").await;
    let query = "type=tabledata&cmdid=417&tablename=transaction&count=1&packcnt=1&packidx=1";
    let line = "transaction cardno=0\tpin=5555\tverified=15\tdoorid=1\teventtype=0\tinoutstate=0\ttime_second=852197405\tindex=77\n";
    rig.post(&format!("/iclock/querydata?SN=CQZ7000000001&{query}"), line).await.is_ok("transaction=1");
    assert_eq!(rig.punches().await.iter().map(|punch| punch.pin.as_str()).collect::<Vec<_>>(), ["5555"]);
}
