//! Who is on the machine.

use rollcall_protocol::order::{Order, Pin, Privilege, TemplateKind};

use super::{ENROL, framed};
use crate::support::Rig;

#[tokio::test]
async fn d6_a_list_of_people_is_followed_by_questions_about_each_of_them_once() {
    let rig = Rig::fk_rig().await;
    let id = rig.order(Order::ReadPeople).await.to_string();
    assert_eq!(rig.fk_poll().await.header("cmd_code"), Some("GET_USER_ID_LIST"));
    let list = framed(
        r#"{"user_id_count":2,"one_user_id_size":8,"user_id_array":"BIN_1"}  "#,
        &[b"\xE9\x03\0\0\0\x01\0\0\xEA\x03\0\0\x01\x01\0\0"],
    );
    for _ in 0..2 {
        assert_eq!(rig.result(&id, "OK", &list).await.code(), "OK");
    }
    let pins: Vec<_> = rig.seen().await.into_iter().map(|person| person.pin).collect();
    assert_eq!(pins, ["1001", "1002"]);
    assert_eq!(rig.commands().await.len(), 3, "a result that comes twice is followed once");

    let told = rig.fk_poll().await;
    assert_eq!((told.header("cmd_code"), told.json()), (Some("GET_USER_INFO"), r#"{"user_id":"1001"}"#));
    let user = r#"{"user_id":"1001","user_name":"张三","user_privilege":"MANAGER","user_photo":"BIN_1","enroll_data_array":[{"backup_number":0,"enroll_data":"BIN_2"},{"backup_number":11,"enroll_data":"BIN_3"}]}"#;
    let first = told.header("trans_id").unwrap().to_owned();
    assert_eq!(
        rig.result(&first, "OK", &framed(user, &[b"jpeg", &[9; 1404], b"0012345678"])).await.code(),
        "OK"
    );
    let told = rig.fk_poll().await;
    assert_eq!(told.json(), r#"{"user_id":"1002"}"#);
    assert_eq!(rig.result(told.header("trans_id").unwrap(), "ERROR_NO_USER", b"").await.code(), "OK");
    assert_eq!(rig.fk_poll().await.code(), "ERROR_NO_CMD");

    let seen = rig.seen().await;
    assert_eq!(seen.len(), 1, "the machine did not know the other one after all");
    assert_eq!(
        (seen[0].name.as_str(), seen[0].privilege, seen[0].raw_privilege.as_str()),
        ("张三", Privilege::Administrator, "MANAGER")
    );
    assert_eq!(seen[0].card, "0012345678");
    let mut templates = rig.templates("1001").await;
    templates.sort();
    assert_eq!(
        templates,
        [
            (TemplateKind::Fingerprint, 0, Some((4, 0)), vec![9; 1404]),
            (TemplateKind::Picture, 0, None, b"jpeg".to_vec())
        ]
    );
}

#[tokio::test]
async fn u6_whoever_is_enrolled_at_the_machine_comes_in_blocks_and_is_written_down() {
    let rig = Rig::fk_rig().await;
    let user = r#"{"user_id":"1001","user_name":"李四","user_privilege":"REGISTER","enroll_data_array":[{"backup_number":3,"enroll_data":"BIN_1"},{"backup_number":10,"enroll_data":"BIN_2"}]}"#;
    let message = framed(user, &[&[5; 20_000], b"4321"]);
    let block = |number| [("request_code", ENROL), ("trans_id", "RTEnrollDataAction"), ("blk_no", number)];
    let blocks: Vec<&[u8]> = message.chunks(8192).collect();
    for (number, bytes) in ["1", "2", "0"].into_iter().zip(blocks) {
        let told = rig.fk(&block(number), bytes).await;
        assert_eq!((told.code(), told.header("trans_id")), ("OK", Some("RTEnrollDataAction")));
    }
    let seen = rig.seen().await;
    assert_eq!(
        (seen[0].name.as_str(), seen[0].privilege, seen[0].has_password),
        ("李四", Privilege::Registrar, true)
    );
    assert_eq!(rig.templates("1001").await, [(TemplateKind::Fingerprint, 3, Some((4, 0)), vec![5; 20_000])]);
    let log = rig.log().await;
    assert_eq!((log.len(), log[0].kind.as_str(), log[0].objects[0].as_str()), (1, "enrolment", "1001"));
    assert!(rig.commands().await.is_empty(), "nothing is sent back");
    // A block that is missing: begin again.
    rig.fk(&block("1"), &message[..100]).await;
    rig.fk(&block("3"), &message[100..]).await.is_refused("ERROR_ADD_BLOCK_DATA");
}

#[tokio::test]
async fn u1_deleting_and_clearing_is_written_down_when_it_is_done() {
    let rig = Rig::fk_rig().await;
    let list = framed(r#"{"user_id_list":["1","2","3"]}"#, &[]);
    assert_eq!(
        rig.result("4711", "OK", &list).await.code(),
        "OK",
        "somebody else's command is taken as well"
    );
    assert_eq!((rig.seen().await.len(), rig.commands().await.len()), (3, 0));
    for (order, code, left) in [
        (Order::DeletePerson { pin: Pin::new("2").unwrap() }, "DELETE_USER", 2),
        (Order::ClearPeople, "CLEAR_ENROLL_DATA", 0),
    ] {
        let id = rig.order(order).await.to_string();
        assert_eq!(rig.fk_poll().await.header("cmd_code"), Some(code));
        assert_eq!(rig.result(&id, "OK", b"").await.code(), "OK");
        assert_eq!(rig.seen().await.len(), left);
    }
}
