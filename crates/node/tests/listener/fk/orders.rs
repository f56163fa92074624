//! Orders, one to a poll.

use rollcall_core::commands::CommandState;
use rollcall_protocol::order::Order;

use super::framed;
use crate::support::Rig;

#[tokio::test]
async fn q5_a_poll_takes_one_command_and_the_next_takes_the_next() {
    let rig = Rig::fk_rig().await;
    let first = rig.order(Order::ReadInfo).await;
    let second = rig.order(Order::SetClock).await;
    let told = rig.fk_poll().await;
    assert_eq!((told.code(), told.header("cmd_code")), ("OK", Some("GET_DEVICE_STATUS")));
    assert_eq!(told.header("trans_id"), Some(&*first.to_string()));
    assert!(told.body.is_empty());
    let status = framed(
        r#"{"user_count":"17","user_max":1000,"fp_count":18,"face_count":4,"total_log_count":1342}"#,
        &[],
    );
    assert_eq!(
        rig.result(&first.to_string(), "OK", &status).await.header("trans_id"),
        Some(&*first.to_string())
    );
    let told = rig.fk_poll().await;
    assert_eq!(
        (told.header("trans_id"), told.header("cmd_code")),
        (Some(&*second.to_string()), Some("SET_TIME"))
    );
    assert_eq!(rig.result(&second.to_string(), "ERROR_INVALID_PARAM", b"").await.code(), "OK");
    assert_eq!(rig.fk_poll().await.code(), "ERROR_NO_CMD");
    let commands = rig.commands().await;
    assert_eq!(rig.states().await, [CommandState::Failed, CommandState::Done]);
    assert_eq!(commands[0].reason.as_deref(), Some("machine.parameter"));
    assert_eq!(commands[0].detail.as_deref(), Some("ERROR_INVALID_PARAM"));
    let reported = rig.machine().await.reported;
    assert_eq!(
        (reported.people, reported.fingerprints, reported.faces, reported.punches),
        (Some(17), Some(18), Some(4), Some(1342))
    );
}

#[tokio::test]
async fn q4_a_restart_goes_out_once_and_is_done_when_the_machine_asks_again() {
    let rig = Rig::fk_rig().await;
    rig.order(Order::Restart).await;
    assert_eq!(rig.fk_poll().await.header("cmd_code"), Some("RESET_FK"));
    rig.clock.advance(chrono::TimeDelta::minutes(1));
    assert_eq!(rig.fk_poll().await.code(), "ERROR_NO_CMD");
    assert_eq!(rig.states().await, [CommandState::Done]);
}
