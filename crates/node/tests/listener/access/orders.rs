//! Orders in the words of this dialect, and their results.

use rollcall_core::commands::CommandState;
use rollcall_protocol::order::{Order, Person, Pin, Privilege};

use super::{POLL, REGISTRATION, RESULT, query, table};
use crate::support::{Rig, SN};

#[tokio::test]
async fn q_orders_go_out_in_this_dialects_words_and_their_results_end_them() {
    let rig = Rig::access().await;
    let restart = rig.order(Order::Restart).await;
    rig.get(POLL).await.is_ok(&format!("C:{restart}:CONTROL DEVICE 03000000\n"));
    // It registers again: it has restarted.
    rig.post(&format!("/iclock/registry?SN={SN}"), REGISTRATION).await;
    assert_eq!(rig.states().await, [CommandState::Done]);

    let unlock = rig.order(Order::UnlockDoor { door: 1, seconds: 5 }).await;
    let clock = rig.order(Order::SetClock).await;
    rig.get(POLL)
        .await
        .is_ok(&format!("C:{unlock}:CONTROL DEVICE 01010105\nC:{clock}:SET OPTIONS DateTime=852197400\n"));
    let results =
        format!("ID={unlock}&Return=0&CMD=CONTROL DEVICE\r\nID={clock}&return=-13&CMD=SET OPTIONS\r\n");
    rig.post(RESULT, results).await.is_ok("OK");
    let commands = rig.commands().await;
    assert_eq!(commands[1].state, CommandState::Done);
    assert_eq!((commands[0].state, commands[0].return_code), (CommandState::Failed, Some(-13)));
    assert_eq!(commands[0].reason.as_deref(), Some("machine.unknown_command"));
    // Q8: numbers that are not ours, and heads of nothing.
    rig.post(RESULT, "ID=99&Return=0&CMD=DATA\nnonsense\n").await.is_ok("OK");
}

#[tokio::test]
async fn q1_a_command_a_master_has_taken_over_is_not_over() {
    let rig = Rig::access().await;
    let ping = rig.order(Order::Ping).await;
    rig.get(POLL).await.is_ok(&format!("C:{ping}:DATA COUNT user\n"));
    rig.post(RESULT, format!("ID={ping}&Return=-5000&CMD=DATA COUNT\n")).await.is_ok("OK");
    assert_eq!(rig.states().await, [CommandState::Sent]);
    rig.post(&query("count", ping, "user", 1), "user=17").await.is_ok("user=17");
    rig.post(RESULT, format!("ID={ping}&Return=17&CMD=DATA COUNT\n")).await.is_ok("OK");
    assert_eq!(rig.states().await, [CommandState::Done]);
    assert_eq!(rig.machine().await.reported.people, Some(17));
}

#[tokio::test]
async fn q3_a_person_goes_before_their_leave_to_enter() {
    let rig = Rig::access().await;
    let pin = Pin::new("1001").unwrap();
    let person = Person {
        pin: pin.clone(),
        name: "张三".to_owned(),
        privilege: Privilege::User,
        card: String::new(),
        password: String::new(),
        group: 1,
        valid: None,
        inactive: false,
    };
    let last = rig.order(Order::PutPerson(person)).await;
    let mut sent = String::new();
    for id in [last - 1, last] {
        sent.push_str(&rig.get(POLL).await.body);
        rig.post(RESULT, format!("ID={id}&Return=0&CMD=DATA UPDATE\n")).await.is_ok("OK");
    }
    let user = "DATA UPDATE user CardNo=\tPin=1001\tPassword=\tGroup=1\tStartTime=0\tEndTime=0\tName=张三\tPrivilege=0";
    let leave = "DATA UPDATE userauthorize Pin=1001\tAuthorizeTimezoneId=1\tAuthorizeDoorId=1";
    assert_eq!(sent, format!("C:{}:{user}\nC:{last}:{leave}\n", last - 1));
    assert_eq!(rig.states().await, [CommandState::Done, CommandState::Done]);
}

#[tokio::test]
async fn reading_people_back_replaces_what_was_known() {
    let rig = Rig::access().await;
    rig.post(&table("user", 2), "user pin=1001\tname=A\nuser pin=1002\tname=B\n").await.is_ok("user=2");
    rig.clock.advance(chrono::TimeDelta::seconds(10));
    let read = rig.order(Order::ReadPeople).await;
    let asked = rig.get(POLL).await.body;
    assert_eq!(asked, format!("C:{read}:DATA QUERY tablename=user,fielddesc=*,filter=*\n"));
    rig.clock.advance(chrono::TimeDelta::seconds(10));
    let answer = rig.post(&query("tabledata", read, "user", 1), "user pin=1002\tname=B\n").await;
    assert_eq!(answer.body, "user=1");
    assert_eq!(rig.known_people().await.len(), 2);
    assert_eq!(rig.post(RESULT, format!("ID={read}&Return=1&CMD=DATA QUERY\n")).await.body, "OK");
    let seen = rig.known_people().await;
    assert_eq!((seen.len(), seen[0].pin.as_str()), (1, "1002"));
    // U1: the last of them is deleted at the machine.
    let delete = rig.order(Order::DeletePerson { pin: Pin::new("1002").unwrap() }).await;
    for _ in 0..5 {
        let body = rig.get(POLL).await.body;
        for line in body.lines().filter_map(|line| line.strip_prefix("C:")) {
            let id = line.split(':').next().unwrap();
            rig.post(RESULT, format!("ID={id}&Return=0&CMD=DATA DELETE\n")).await;
        }
    }
    let last = rig.commands().await.into_iter().find(|command| command.id.0 == delete).unwrap();
    assert_eq!(last.state, CommandState::Done);
    assert!(rig.known_people().await.is_empty());
}

#[tokio::test]
async fn an_error_of_the_machine_ends_the_command_it_is_about() {
    let rig = Rig::access().await;
    let ping = rig.order(Order::Ping).await;
    rig.get(POLL).await;
    let error = format!(
        "errorlog errcode=D01E0001\terrmsg=\tdataorigin=cmd\tcmdid={ping}\tadditional=UElOPTEwMDE=\r\n"
    );
    for _ in 0..2 {
        rig.post(&table("errorlog", 1), &error).await.is_ok("errorlog=1");
    }
    let commands = rig.commands().await;
    assert_eq!(
        (commands[0].state, commands[0].reason.as_deref()),
        (CommandState::Failed, Some("photo.no_face"))
    );
    assert_eq!(commands[0].detail.as_deref(), Some("D01E0001 PIN=1001"));
    let log = rig.door_log().await;
    assert_eq!((log.len(), log[0].kind.as_str(), log[0].objects[0].as_str()), (1, "error", "D01E0001"));
}
