//! FK machines against a server as strict as their chapter.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use rollcall_machine::{Kind, MachineHandle, Person, Phase, Profile, Template};
use rollcall_protocol::WallTime;

use crate::support::{Script, Seen};

const ALL: [Profile; 3] = [Profile::FK_HS101, Profile::FK_HS102, Profile::FK_NEW];

fn answer(response: &str, more: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nresponse_code: {response}\r\n{more}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// JSON as this firmware wants it.
fn framed(profile: Profile, json: &str) -> Vec<u8> {
    let mut body = Vec::new();
    if profile != Profile::FK_NEW {
        body.extend_from_slice(&u32::try_from(json.len() + 1).expect("short").to_le_bytes());
    }
    body.extend_from_slice(json.as_bytes());
    body.push(0);
    body
}

/// The JSON of a message, with the length before it checked.
fn json(profile: Profile, bytes: &[u8]) -> String {
    let text = if profile == Profile::FK_NEW {
        bytes.strip_suffix(b"\0").expect("a zero at the end")
    } else {
        let length = u32::from_le_bytes(bytes[..4].try_into().expect("four bytes")) as usize;
        bytes[4..4 + length].strip_suffix(b"\0").expect("a zero at the end")
    };
    String::from_utf8(text.to_vec()).expect("text")
}

/// Command name and body of each order, numbered from 1.
type Orders = Vec<(&'static str, Vec<u8>)>;

async fn serve(orders: Orders, mut spoil: impl FnMut(&Seen) -> Option<Vec<u8>> + Send + 'static) -> Script {
    let orders: Arc<Mutex<VecDeque<_>>> = Arc::new(Mutex::new(orders.into_iter().enumerate().collect()));
    Script::start(move |request| {
        for name in ["request_code", "dev_id", "trans_id", "blk_no", "blk_len"] {
            assert!(request.header(name).is_some(), "no {name} in {}", request.head);
        }
        assert_eq!(
            request.header("blk_len").and_then(|length| length.parse().ok()),
            Some(request.bytes.len())
        );
        if let Some(spoiled) = spoil(request) {
            return spoiled;
        }
        if request.header("request_code") == Some("receive_cmd") {
            return match orders.lock().expect("nobody panics").pop_front() {
                Some((index, (command, body))) => {
                    answer("OK", &format!("trans_id: {}\r\ncmd_code: {command}\r\n", index + 1), &body)
                }
                None => answer("ERROR_NO_CMD", "", b""),
            };
        }
        answer("OK", "", b"")
    })
    .await
}

fn machine(script: &Script, profile: Profile) -> MachineHandle {
    script.machine().profile(profile).start()
}

fn is(code: &'static str) -> impl Fn(&Seen) -> bool {
    move |seen| seen.header("request_code") == Some(code)
}

#[tokio::test]
async fn c5_a_clock_begins_in_2015_and_follows_one_order() {
    for profile in ALL {
        let mut script =
            serve(vec![("SET_TIME", framed(profile, r#"{"time":"20260706093005"}"#))], |_| None).await;
        let machine = machine(&script, profile);
        let poll = script.next_where(is("receive_cmd")).await;
        let told = json(profile, &poll.bytes);
        let digits = if profile == Profile::FK_HS101 { "\"201501010000\"" } else { "\"20150101000000\"" };
        assert!(told.contains(digits) && told.contains("\"fk_bin_data_lib\":\"FKDataHS10"), "{told}");
        assert_eq!(poll.header("dev_model").is_some(), profile == Profile::FK_NEW);
        let result = script.next_where(is("send_cmd_result")).await;
        assert_eq!(
            (result.header("trans_id"), result.header("cmd_return_code"), result.header("blk_no")),
            (Some("1"), Some("OK"), Some("0"))
        );
        let expected = WallTime::parse(b"2026-07-06 09:30:05").expect("a time").seconds();
        assert!((0..10).contains(&(machine.clock().seconds() - expected)), "{}", machine.clock());
        machine.wait_for(|state| state.polls >= 2).await;
        assert!(machine.journal().executions().get("1").is_some_and(|execution| execution.confirmed));
    }
}

#[tokio::test]
async fn d1_punches_come_one_by_one_until_each_is_taken() {
    for profile in ALL {
        let mut left = 3;
        let mut script = serve(Vec::new(), move |request| {
            let refuse = request.header("request_code") == Some("realtime_glog") && left > 0;
            left -= u32::from(refuse);
            refuse.then(|| answer("ERROR", "", b""))
        })
        .await;
        let machine = script.machine().profile(profile).unplugged().start();
        let noon = WallTime::parse(b"2026-07-06 12:00:00").expect("a time");
        for pin in ["3", "1", "2"] {
            machine.punch_at(pin, noon);
        }
        machine.plug();
        machine.wait_uploaded().await;
        let mut users = Vec::new();
        for _ in 0..6 {
            let seen = script.next_where(is("realtime_glog")).await;
            let told = json(profile, &seen.bytes);
            let (_, rest) = told.split_once("\"user_id\":\"").expect("a user");
            users.push(rest.split('"').next().unwrap_or_default().trim_start_matches('0').to_owned());
            assert!(told.contains("\"io_time\":\"20260706120000\""), "{told}");
        }
        assert_eq!(users, ["3", "3", "3", "3", "1", "2"]);
    }
}

#[tokio::test]
async fn h2_header_names_count_in_one_spelling_only() {
    for (from, to, problem) in [
        ("response_code", "Response_code", "answer.unknown_header"),
        ("Connection: close", "Date: Mon, 06 Jul 2026 01:30:00 GMT", "answer.unknown_header"),
        ("Content-Length: 0", "Connection: close", "answer.no_length"),
    ] {
        let script = serve(Vec::new(), move |_| {
            let text = String::from_utf8(answer("ERROR_NO_CMD", "", b"")).expect("text");
            Some(text.replace(from, to).into_bytes())
        })
        .await;
        let machine = machine(&script, Profile::FK_HS102);
        machine.wait_for(|state| state.phase == Phase::Offline).await;
        assert_eq!(machine.state().borrow().problem, Some(problem), "{to}");
        assert_eq!(machine.state().borrow().polls, 0);
    }
}

#[tokio::test]
async fn large_messages_come_in_blocks_and_begin_anew_after_an_error() {
    for profile in ALL {
        let mut refused = false;
        let mut script =
            serve(vec![("GET_USER_INFO", framed(profile, r#"{"user_id":"1001"}"#))], move |request| {
                let second = request.header("request_code") == Some("send_cmd_result")
                    && request.header("blk_no") == Some("2");
                let refuse = second && !refused;
                refused |= second;
                refuse.then(|| answer("ERROR_ADD_BLOCK_DATA", "", b""))
            })
            .await;
        let mut person = Person::new("1001", "张三");
        person
            .templates
            .keep((Kind::Picture, 0, 0), Template::new((0..=255).cycle().take(20_000).collect(), (0, 0)));
        let machine = script.machine().profile(profile).person(person).start();
        let mut whole = Vec::new();
        let mut numbers = Vec::new();
        loop {
            let block = script.next_where(is("send_cmd_result")).await;
            let number: u32 =
                block.header("blk_no").and_then(|number| number.parse().ok()).expect("a number");
            if number == 1 {
                whole.clear();
            }
            numbers.push(number);
            whole.extend_from_slice(&block.bytes);
            if number == 0 {
                break;
            }
        }
        assert_eq!(numbers.iter().filter(|&&number| number == 1).count(), 2, "{numbers:?}");
        let told = json(profile, &whole);
        assert!(told.contains("\"user_name\":\"张三\""), "{told}");
        if profile != Profile::FK_NEW {
            assert!(whole.len() > 20_000 && told.contains("\"user_photo\":\"BIN_1\""));
        }
        machine.wait_for(|state| state.executed == 1).await;
    }
}

#[tokio::test]
async fn what_old_machines_do_not_know_they_never_speak_of() {
    let orders = |profile| {
        vec![("FLY", Vec::new()), ("GET_DEVICE_STATUS", Vec::new()), ("SET_TIME", framed(profile, "{}"))]
    };
    let mut script = serve(orders(Profile::FK_HS102), |_| None).await;
    let _machine = machine(&script, Profile::FK_HS102);
    let status = script.next_where(is("send_cmd_result")).await;
    assert_eq!(status.header("trans_id"), Some("2"), "nothing about the first");
    assert!(json(Profile::FK_HS102, &status.bytes).contains("\"user_count\":0"));
    let wrong = script.next_where(is("send_cmd_result")).await;
    assert_eq!(wrong.header("cmd_return_code"), Some("ERROR_INVALID_PARAM"));
    let mut script = serve(orders(Profile::FK_NEW), |_| None).await;
    let _machine = machine(&script, Profile::FK_NEW);
    let result = script.next_where(is("send_cmd_result")).await;
    assert_eq!(
        (result.header("trans_id"), result.header("cmd_return_code")),
        (Some("1"), Some("ERROR_NOT_SUPPORTED"))
    );
}

#[tokio::test]
async fn a_reset_is_never_answered_and_the_machine_comes_back() {
    let mut script = serve(vec![("RESET_FK", Vec::new()), ("CLEAR_LOG_DATA", Vec::new())], |_| None).await;
    let machine = machine(&script, Profile::FK_HS101);
    let result = script.next_where(is("send_cmd_result")).await;
    assert_eq!(result.header("trans_id"), Some("2"));
    machine.wait_for(|state| state.restarts == 1 && state.handshakes == 2).await;
    assert!(
        machine.journal().executions().values().all(|execution| execution.once_only && execution.times == 1)
    );
}

#[tokio::test]
async fn somebody_enrolled_at_the_machine_is_told() {
    for profile in ALL {
        let mut script = serve(Vec::new(), |_| None).await;
        let machine = machine(&script, profile);
        machine.wait_for(|state| state.polls > 0).await;
        machine.enrol(Person { privilege: 14, ..Person::new("1003", "李四") });
        let told = script.next_where(is("realtime_enroll_data")).await;
        let told = json(profile, &told.bytes);
        assert!(told.contains("\"user_privilege\":\"MANAGER\"") && told.contains("李四"), "{told}");
    }
}
