//! Every worked message of the chapter goes through the modules it concerns.

use rollcall_protocol::fk::frame::{Frame, Generation};
use rollcall_protocol::fk::modes::Library;
use rollcall_protocol::fk::people::{self, Listed, Listing};
use rollcall_protocol::fk::poll::Poll;
use rollcall_protocol::fk::punch::{Punch, Written};
use rollcall_protocol::fk::request::{Request, block_number, response};

use crate::listing::message;

const ALL: [&str; 9] = [
    "poll",
    "nothing-to-do",
    "set-time",
    "result",
    "punch",
    "user-list",
    "result-user-list",
    "punch-taken",
    "punch-new",
];

#[test]
fn bodies_are_as_long_as_they_say() {
    for name in ALL {
        let message = message(name);
        for header in ["Content-Length", "blk_len"] {
            if let Some(length) = message.header(header) {
                assert_eq!(message.body.len().to_string(), length, "{name} {header}");
            }
        }
    }
}

#[test]
fn requests_are_told_by_their_headers() {
    for (name, kind) in [
        ("poll", Request::Poll),
        ("result", Request::CommandResult),
        ("punch", Request::Punch),
        ("punch-new", Request::Punch),
        ("result-user-list", Request::CommandResult),
    ] {
        let message = message(name);
        assert_eq!(Request::of(message.header("request_code").map(str::as_bytes), None), kind, "{name}");
        assert_eq!(block_number(message.header("blk_no").map(str::as_bytes)), Some(0));
    }
    for (name, code) in [("nothing-to-do", response::NO_COMMAND), ("punch-taken", response::OK)] {
        assert_eq!(message(name).header("response_code"), Some(code));
    }
}

#[test]
fn a_poll_says_what_the_machine_is() {
    let body = message("poll").body;
    let frame = Frame::parse(&body).unwrap();
    let poll = Poll::read(&frame.json().unwrap());
    assert_eq!(poll.time.unwrap().to_string(), "2026-07-06 09:30:05");
    assert_eq!(poll.firmware.as_deref(), Some("HS102_1.0"));
    let said: Vec<_> = poll.said.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        said,
        [
            ("fk_name", "C26013500122"),
            ("supported_enroll_data", "FP,PASSWORD,IDCARD,FACE"),
            ("fk_bin_data_lib", "FKDataHS102"),
            ("firmware", "HS102_1.0"),
            ("fp_data_ver", "4"),
            ("face_data_ver", "1"),
        ]
    );
}

#[test]
fn c5_a_poll_with_an_impossible_clock_is_a_poll_all_the_same() {
    let body = crate::listing::framed(r#"{"fk_time":"20150231000000","fk_info":{"firmware":"x"}}"#, &[]);
    let frame = Frame::parse(&body).unwrap();
    let poll = Poll::read(&frame.json().unwrap());
    assert!(poll.time.is_none() && poll.bad_time);
    assert_eq!(poll.firmware.as_deref(), Some("x"));
}

#[test]
fn c7_a_clock_without_seconds_is_read_in_the_middle_of_the_minute() {
    let body = crate::listing::framed(r#"{"fk_time":"202607060930"}"#, &[]);
    let frame = Frame::parse(&body).unwrap();
    let poll = Poll::read(&frame.json().unwrap());
    assert_eq!(poll.time.unwrap().to_string(), "2026-07-06 09:30:30");
}

#[test]
fn a_punch_padded_with_zeros() {
    let body = message("punch").body;
    let frame = Frame::parse(&body).unwrap();
    assert!(frame.blobs.is_empty() && frame.intact && Frame::is_whole(&body));
    let json = frame.json().unwrap();
    let punch = Punch::read(&json, Library::Plain).unwrap();
    assert_eq!((&*punch.pin, punch.time.to_string().as_str()), ("1001", "2026-07-06 08:58:11"));
    assert_eq!((punch.status, &*punch.verify, punch.library), (Some(0), "268435456", Some("FKDataHS102")));
    let again = Written {
        pin: "1001",
        time: punch.time,
        io_mode: 16_777_216,
        verify_mode: 268_435_456,
        image: None,
        library: "FKDataHS102",
    };
    // All but the padding.
    assert_eq!(again.body(Generation::Classic), body[..body.len() - 5]);
}

#[test]
fn p10_a_punch_of_a_new_model_writes_numbers_as_texts() {
    let body = message("punch-new").body;
    let frame = Frame::parse(&body).unwrap();
    let json = frame.json().unwrap();
    let punch = Punch::read(&json, Library::Plain).unwrap();
    assert_eq!((&*punch.pin, punch.status, &*punch.verify), ("00001001", Some(1), "33"));
    let again =
        Written { pin: "00001001", time: punch.time, io_mode: 0, verify_mode: 33, image: None, library: "" };
    assert_eq!(again.body(Generation::New), body);
}

#[test]
fn a_list_of_two_people() {
    let body = message("result-user-list").body;
    let frame = Frame::parse(&body).unwrap();
    let Listing::People(people) = people::listing(&frame, &frame.json().unwrap()) else { panic!() };
    let one = |pin: &str| Listed { pin: pin.to_owned(), manager: None, active: None };
    assert_eq!(people, [one("1001"), one("1002")]);
}
