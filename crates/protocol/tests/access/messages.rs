//! Every worked message of the chapter goes through the modules it concerns.

use rollcall_protocol::access::answer::{parse_count, write_count, write_no_decision};
use rollcall_protocol::access::configuration::{Configuration, parse_registered, write_registered};
use rollcall_protocol::access::event::{Form, lines};
use rollcall_protocol::access::request::Request;
use rollcall_protocol::access::state::DoorState;
use rollcall_protocol::access::time::{parse_clock, write_clock};
use rollcall_protocol::attendance::{options, results};
use rollcall_protocol::dialect::Facts;
use rollcall_protocol::http::{RequestLine, Target};
use rollcall_protocol::querydata::QueryData;
use rollcall_protocol::{Dialect, WallTime, detect};

use crate::listing::{message, shown};

const SN: &str = "VGU6000000001";
const CODE: &str = "Uy47fxftP3";
const SESSION: &str = "30BFB04B2C8AECC72C01C03BFD549D15";

const ALL: [&str; 22] = [
    "handshake",
    "registry",
    "answer-registry",
    "push",
    "answer-push",
    "answer-known",
    "rtlog",
    "users",
    "answer-users",
    "commands",
    "results",
    "querydata-transaction",
    "rtstate",
    "commands-all",
    "querydata-count",
    "querydata-options",
    "biophoto",
    "biodata",
    "errorlog",
    "time",
    "answer-time",
    "decision",
];

fn body(name: &str) -> Vec<u8> {
    message(&format!("access/{name}")).body
}

fn target(name: &str) -> String {
    String::from_utf8(message(&format!("access/{name}")).target().to_vec()).unwrap()
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    shown(&out)
}

#[test]
fn bodies_are_as_long_as_they_say() {
    for name in ALL {
        let message = message(&format!("access/{name}"));
        if let Some(length) = message.header("Content-Length") {
            assert_eq!(message.body.len().to_string(), length, "{name}");
        }
    }
}

#[test]
fn every_request_is_taken_for_what_it_is() {
    for name in ALL {
        let message = message(&format!("access/{name}"));
        if !message.is_request() {
            continue;
        }
        let line = RequestLine::parse(&message.first).unwrap();
        let target = Target::parse(line.target);
        let facts = Facts { fk_header: false, push_header: false, target };
        // Results, queries and decisions say nothing by themselves; the memory of the machine does.
        let silent = ["results", "decision", "querydata-transaction", "querydata-count", "querydata-options"];
        let detected = detect(&facts, Some(Dialect::Access));
        assert_eq!(
            (detected.dialect, detected.explicit),
            (Dialect::Access, !silent.contains(&name)),
            "{name}"
        );
    }
}

#[test]
fn targets_are_written_as_machines_write_them() {
    let requests = [
        ("registry", Request::Registry),
        ("push", Request::Push),
        ("rtlog", Request::Upload { table: "rtlog" }),
        ("rtstate", Request::Upload { table: "rtstate" }),
        ("users", Request::TableData { name: "user", count: 2 }),
        ("biodata", Request::TableData { name: "biodata", count: 1 }),
        ("time", Request::Time),
        ("decision", Request::Decision),
    ];
    for (name, request) in requests {
        assert_eq!(written(|out| request.write_target(SN, out)), target(name));
    }
    let handshake = Request::Handshake { push_version: "3.1.2", language: "83" };
    assert_eq!(written(|out| handshake.write_target(SN, out)), target("handshake"));
    for name in ["querydata-transaction", "querydata-count", "querydata-options"] {
        let target = target(name);
        let data = QueryData::from_query(&Target::parse(target.as_bytes()).query);
        assert_eq!(written(|out| data.write_target(SN, out)), target);
    }
}

/// The chapter leaves out `Delay`, which is harmless and read by some machines (§4).
fn without_delay(block: &str) -> String {
    block.lines().filter(|line| !line.starts_with("Delay=")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_block_of_a_known_machine() {
    let block = Configuration::new(Some(CODE), SESSION);
    let text = written(|out| block.write(out));
    assert_eq!(without_delay(&text), shown(&body("answer-known")));
    assert!(text.contains("\nRequestDelay=5␊\nDelay=5␊\n"), "{text}");
    let mut bytes = Vec::new();
    block.write(&mut bytes);
    assert_eq!(Configuration::parse(&bytes), Some(block));
}

#[test]
fn the_block_after_registering() {
    let block = Configuration::new(None, SESSION);
    let text = without_delay(&written(|out| block.write(out)));
    let sorted = |text: &str| {
        let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    // The chapter gives the same keys in both blocks in another order, and fewer templates than we take.
    let chapter = shown(&body("answer-push"));
    let ours = text.replace("=0:1:1:0:0:0:1:1:1:1", "=0:1:0:0:0:0:0:1:1:1");
    assert_eq!(sorted(&ours), sorted(&chapter));
    assert!(chapter.ends_with("␊\n") && text.ends_with("␊\n"));
    assert_eq!(Configuration::parse(&body("answer-push")).unwrap().session, SESSION);
}

#[test]
fn a_block_with_attendance_options_in_it_is_none() {
    for mixed in ["ATTLOGStamp=0", "TransFlag=111", "Encrypt=0"] {
        let block = format!("SessionID={SESSION}\n{mixed}\n");
        assert_eq!(Configuration::parse(block.as_bytes()), None, "{mixed}");
    }
    assert_eq!(Configuration::parse(b"GET OPTION FROM: X\nSessionID=1\n"), None);
    assert_eq!(Configuration::parse(b"OK"), None);
}

#[test]
fn a_machine_that_registers() {
    assert_eq!(written(|out| write_registered(CODE, out)), shown(&body("answer-registry")));
    assert_eq!(parse_registered(&body("answer-registry")), Some(CODE));
    for none in
        ["OK", "", "RegistryCode=", "RegistryCode=a b", "RegistryCode=123456789012345678901234567890123"]
    {
        assert_eq!(parse_registered(none.as_bytes()), None, "{none}");
    }
    let registration = body("registry");
    let pairs = options::parse(&registration);
    for (key, value) in [
        ("DeviceType", "acc"),
        ("DeviceName", "FaceGate 5"),
        ("FirmVer", "ZAM180-NF-Ver1.1.17"),
        ("PushVersion", "Ver 2.0.33S-20210101"),
        ("LockCount", "1"),
        ("MaxUserCount", "60"),
        ("MultiBioDataSupport", "0:0:0:0:0:0:0:0:0:1"),
        ("authKey", ""),
    ] {
        assert_eq!(options::get(&pairs, key), Some(value), "{key}");
    }
    assert_eq!(pairs.len(), 26);
}

#[test]
fn a6_what_is_answered_to_tables() {
    assert_eq!(written(|out| write_count("user", 2, out)), shown(&body("answer-users")));
    assert_eq!(parse_count(&body("answer-users")), Some(("user", 2)));
    assert_eq!(parse_count(&body("querydata-count")), Some(("user", 17)));
    assert_eq!(parse_count(b"OK"), None);
}

#[test]
fn events_and_door_states_are_written_again() {
    let state = body("rtstate");
    assert_eq!(written(|out| DoorState::parse(&state).unwrap().write(out)), shown(&state));
    let two =
        [state.as_slice(), b"time=2026-07-06 09:30:08\tsensor=02\trelay=01\talarm=1\tdoor=01\n"].concat();
    let last = DoorState::parse(&two).unwrap();
    assert_eq!((last.sensor.as_ref(), last.door.as_ref()), ("02", "01"));
    assert_eq!(DoorState::parse(b"\n\n"), None);

    // Word for word but for the order, which varies.
    let fields = |text: &str| {
        let mut fields: Vec<_> = text.trim_end().split('\t').map(str::to_owned).collect();
        fields.sort();
        fields
    };
    for (name, form) in [("rtlog", Form::RealTime), ("decision", Form::RealTime)] {
        let body = body(name);
        for line in lines(&body) {
            let mut again = Vec::new();
            line.event.unwrap().write(form, &mut again);
            let (again, raw) =
                (String::from_utf8(again).unwrap(), String::from_utf8(line.raw.to_vec()).unwrap());
            assert_eq!(fields(&again), fields(&raw));
        }
    }
}

#[test]
fn the_clock() {
    let gmt = WallTime::parse(b"2026-07-06 01:30:05").unwrap();
    assert_eq!(written(|out| write_clock(gmt, 480, out)), shown(&body("answer-time")));
    assert_eq!(parse_clock(&body("answer-time")), Some((gmt, 480)));
}

#[test]
fn no_decision_repeats_the_event() {
    let event = body("decision");
    let event = event.trim_ascii_end();
    let answer = written(|out| write_no_decision(event, out));
    assert_eq!(answer, format!("AUTH=TIMEOUT␍␊\n{}␍␊\n", shown(event)));
}

#[test]
fn results_of_commands() {
    let body = body("results");
    let results = results::parse_results(&body).results;
    let read: Vec<_> = results.iter().map(|result| (result.id, result.code, result.cmd.as_ref())).collect();
    assert_eq!(read, [(415, 0, "DATA UPDATE"), (416, 0, "DATA UPDATE")]);
    // `SN` optional, lower-case `return` occurs (§8).
    let odd = results::parse_results(b"SN=VGU6000000001&id=5&return=-5000&cmd=DATA DELETE\r\n").results;
    assert_eq!((odd[0].id, odd[0].code), (5, -5000));
}
