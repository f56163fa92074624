//! What a machine is told.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rollcall_protocol::attendance::handshake::Generation;
use rollcall_protocol::fk::frame::Frame;
use rollcall_protocol::fk::orders::{self, Command, command, steps};
use rollcall_protocol::order::{
    Means, Order, Person, Pin, Privilege, Refusal, Table, Template, TemplateKind,
};
use rollcall_protocol::text::Encoding;
use rollcall_protocol::{Dialect, WallTime};

use crate::listing::message;

fn means(options: &[(&str, &str)]) -> Means<'static> {
    let options: BTreeMap<_, _> =
        options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Means {
        dialect: Dialect::Fk,
        generation: Generation::Modern,
        encoding: Encoding::Utf8,
        old_user_form: false,
        options: Cow::Owned(options),
        now: WallTime::parse(b"2026-07-06 09:30:05").unwrap(),
        utc_offset: 28800,
    }
}

fn wall(text: &str) -> WallTime {
    WallTime::parse(text.as_bytes()).unwrap()
}

fn pin() -> Pin {
    Pin::new("001001").unwrap()
}

fn person(name: &str) -> Person {
    Person {
        pin: pin(),
        name: name.to_owned(),
        privilege: Privilege::User,
        card: String::new(),
        password: "123456".to_owned(),
        group: 1,
        valid: None,
        inactive: false,
    }
}

fn shown(command: &Command) -> String {
    let frame = Frame::parse(&command.body).unwrap();
    let blobs: String =
        frame.blobs.iter().map(|blob| format!(" +{}", String::from_utf8_lossy(blob))).collect();
    format!("{} {}{blobs}", command.cmd_code, frame.text)
}

#[test]
fn every_order_has_its_command_or_is_refused() {
    let means = means(&[]);
    for (order, expected) in [
        (Order::Restart, Ok("RESET_FK ")),
        (Order::SetClock, Ok("SET_TIME {\"time\":\"20260706093005\"}")),
        (Order::ReadInfo, Ok("GET_DEVICE_STATUS ")),
        (Order::Ping, Ok("GET_DEVICE_STATUS ")),
        (Order::ReadOptions, Ok("GET_DEVICE_INFO ")),
        (Order::UnlockDoor { door: 1, seconds: 5 }, Ok("SET_DOOR_STATUS {\"door_status\":\"open\"}")),
        (Order::UnlockDoor { door: 2, seconds: 5 }, Err(Refusal::NoDoor)),
        (Order::ClearPunches, Ok("CLEAR_LOG_DATA ")),
        (Order::ClearPeople, Ok("CLEAR_ENROLL_DATA ")),
        (Order::ReadPeople, Ok("GET_USER_ID_LIST ")),
        (Order::ReadTemplates, Ok("GET_USER_ID_LIST ")),
        (Order::ReadPerson { pin: pin() }, Ok("GET_USER_INFO {\"user_id\":\"1001\"}")),
        (Order::DeletePerson { pin: pin() }, Ok("DELETE_USER {\"user_id\":\"1001\"}")),
        (
            Order::ReadPunches {
                from: wall("2026-07-01 00:00:00"),
                to: wall("2026-07-06 23:59:59"),
                second: false,
            },
            Ok("GET_LOG_DATA {\"begin_time\":\"20260701000000\",\"end_time\":\"20260706235959\"}"),
        ),
        (
            Order::ReadPunches {
                from: wall("2026-07-01 00:00:00"),
                to: wall("2026-07-06 23:59:59"),
                second: true,
            },
            Ok("GET_LOG_DATA "),
        ),
        (Order::CountAllPunches, Ok("GET_DEVICE_STATUS ")),
        (Order::CheckAll, Err(Refusal::NotInDialect)),
        (Order::Authorize { pin: pin() }, Err(Refusal::NotInDialect)),
        (Order::Revoke { pin: pin() }, Err(Refusal::NotInDialect)),
        (Order::ReadTable(Table::People), Err(Refusal::NotInDialect)),
        (Order::ClearTable(Table::People), Err(Refusal::NotInDialect)),
        (Order::DeleteTemplates { pin: pin(), of: TemplateKind::Fingerprint }, Err(Refusal::NotInDialect)),
    ] {
        let found = command(&order, &means).map(|command| shown(&command));
        assert_eq!(found.as_deref(), expected.as_ref().map(|text| *text), "{order:?}");
        assert_eq!(steps(&order, &means).is_ok(), found.is_ok());
    }
    assert_eq!(steps(&Order::ClearAll, &means), Ok(vec![Order::ClearPunches, Order::ClearPeople]));
}

#[test]
fn the_clock_is_set_in_the_bytes_of_the_chapter() {
    assert_eq!(command(&Order::SetClock, &means(&[])).unwrap().body, message("set-time").body);
    // New models want neither length nor anything behind the zero byte.
    let new = means(&[("dev_model", "M61")]);
    assert_eq!(command(&Order::SetClock, &new).unwrap().body, b"{\"time\":\"20260706093005\"}\0");
    assert!(command(&Order::ReadPeople, &new).unwrap().body.is_empty());
}

#[test]
fn u2_a_person_is_written_with_everything_at_once() {
    let template = |kind, no, data: &[u8]| Template {
        pin: pin(),
        kind,
        no,
        index: 0,
        valid: 1,
        duress: 0,
        version: None,
        format: 0,
        data: data.to_vec(),
    };
    let templates = [
        template(TemplateKind::Fingerprint, 3, b"finger"),
        template(TemplateKind::NearInfraredFace, 0, b"face"),
        template(TemplateKind::Picture, 0, b"jpeg"),
        template(TemplateKind::Bio(1), 0, b"of another family"),
    ];
    assert_eq!(
        shown(&orders::set_user(&person("张三"), &templates, &means(&[]))),
        "SET_USER_INFO {\"user_id\":\"1001\",\"user_name\":\"张三\",\"user_privilege\":\"USER\",\"user_photo\":\"BIN_1\",\
         \"enroll_data_array\":[{\"backup_number\":3,\"enroll_data\":\"BIN_2\"},{\"backup_number\":12,\"enroll_data\":\"BIN_3\"},\
         {\"backup_number\":10,\"enroll_data\":\"BIN_4\"}]} +jpeg +finger +face +123456"
    );
    // One template alone would take all others away.
    assert_eq!(command(&Order::PutTemplate(templates[0].clone()), &means(&[])), Err(Refusal::NotInDialect));
    assert_eq!(
        shown(&orders::rename(&pin(), "李四", &means(&[]))),
        "SET_USER_NAME {\"user_id\":\"1001\",\"user_name\":\"李四\"}"
    );
}

#[test]
fn q7_no_control_character_gets_into_a_command() {
    let nasty = "a\u{1}b\tc\r\nd\0e\u{85}f\"g\\h";
    for command in [
        orders::set_user(&person(nasty), &[], &means(&[])),
        orders::rename(&pin(), nasty, &means(&[])),
        orders::set_user(&Person { card: nasty.to_owned(), ..person("x") }, &[], &means(&[])),
    ] {
        let frame = Frame::parse(&command.body).unwrap();
        assert!(!frame.text.chars().any(char::is_control) && !frame.text.contains("\\u"), "{}", frame.text);
        assert!(frame.json().is_ok() && frame.intact);
        assert!(frame.blobs.iter().all(|blob| !String::from_utf8_lossy(blob).chars().any(char::is_control)));
    }
}

#[test]
fn names_go_out_in_the_machines_encoding() {
    let means = Means { encoding: Encoding::Gb18030, ..means(&[]) };
    let body = orders::rename(&pin(), "张三", &means).body;
    assert!(body.windows(4).any(|window| window == b"\xd5\xc5\xc8\xfd"));
    assert_eq!(shown(&Command { cmd_code: "", body }), " {\"user_id\":\"1001\",\"user_name\":\"张三\"}");
}

#[test]
fn punches_and_enrolments_are_asked_for() {
    let at = |text: &str| WallTime::parse(text.as_bytes()).unwrap();
    let span = (at("2026-07-01 00:00:00"), at("2026-07-06 23:59:59"));
    assert_eq!(
        shown(&orders::read_punches(Some(span), &means(&[]))),
        "GET_LOG_DATA {\"begin_time\":\"20260701000000\",\"end_time\":\"20260706235959\"}"
    );
    assert_eq!(shown(&orders::read_punches(None, &means(&[]))), "GET_LOG_DATA ");
    assert_eq!(
        shown(&orders::enrol(&pin(), 0, &means(&[]))),
        "SET_COMMAND {\"cmd\":\"enter_enroll\",\"param\":{\"user_id\":\"1001\",\"backup_number\":0}}"
    );
}

#[test]
fn o2_no_command_can_cut_a_machine_off() {
    let source = include_str!("../../src/fk/orders.rs");
    for forbidden in
        ["UPDATE_FIRMWARE", "SET_WEB_SERVER_INFO", "SET_FK_NAME", "CLEAR_MANAGER", "CLEAR_ALL_ADMIN"]
    {
        assert!(!source.contains(forbidden), "{forbidden}");
    }
}
