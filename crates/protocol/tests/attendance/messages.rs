//! Every worked message of the chapter goes through the modules it concerns.

use rollcall_protocol::attendance::Table;
use rollcall_protocol::attendance::request::{self, Poll, Upload};
use rollcall_protocol::http::{Endpoint, RequestLine, Target};
use rollcall_protocol::{Dialect, detect, dialect::Facts};

use crate::listing::{all, message};

#[test]
fn bodies_are_as_long_as_they_say() {
    let messages = all();
    assert_eq!(messages.len(), 37);
    for message in messages {
        if let Some(length) = message.header("Content-Length") {
            assert_eq!(message.body.len().to_string(), length, "{}", message.name);
        }
    }
}

#[test]
fn every_request_is_routed() {
    let found: Vec<String> = all()
        .iter()
        .filter(|message| message.is_request())
        .map(|message| {
            let line = RequestLine::parse(&message.first).unwrap();
            let target = Target::parse(line.target);
            assert!(target.under_iclock());
            let detected = detect(&Facts { fk_header: false, push_header: false, target }, None);
            assert_eq!(detected.dialect, Dialect::Attendance, "{}", message.name);
            let table = target.query.get("table").map(|name| Table::parse(&name));
            format!(
                "{:<16} {} 1.{} {:?} {:?} {}",
                message.name,
                String::from_utf8_lossy(line.method),
                line.minor,
                target.endpoint(),
                table,
                target.sn().map(|sn| String::from_utf8_lossy(&sn).into_owned()).unwrap_or_default(),
            )
        })
        .collect();
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn targets_are_written_as_machines_write_them() {
    const SN: &str = "CQZ7000000001";
    let written = |write: &dyn Fn(&mut Vec<u8>)| {
        let mut target = Vec::new();
        write(&mut target);
        String::from_utf8(target).unwrap()
    };
    let target_of = |name: &str| String::from_utf8(message(name).target().to_vec()).unwrap();

    assert_eq!(written(&|out| Poll { info: None }.write_target(SN, out)), target_of("poll"));
    assert_eq!(written(&|out| request::write_ping_target(SN, out)), target_of("ping"));
    assert_eq!(written(&|out| request::write_time_target(SN, out)), target_of("time"));
    assert_eq!(written(&|out| request::write_results_target(SN, out)), target_of("results"));
    for name in ["poll-info", "attlog", "biodata", "errorlog", "capabilities", "attphoto"] {
        let message = message(name);
        let target = Target::parse(message.target());
        let again = written(&|out| match Upload::from_query(&target.query) {
            Some(upload) => upload.write_target(SN, out),
            None => Poll::from_query(&target.query).write_target(SN, out),
        });
        assert_eq!(again, target_of(name));
    }
}

#[test]
fn old_firmware_names_its_stamp_after_the_table() {
    for (name, table, stamp) in [
        ("attlog", Table::AttLog, "9999"),
        ("operlog", Table::OperLog, "9999"),
        ("fdata-aspx", Table::AttPhoto, "836730000"),
    ] {
        let message = message(name);
        let upload = Upload::from_query(&Target::parse(message.target()).query).unwrap();
        assert_eq!((upload.table, upload.stamp.as_deref()), (table, Some(stamp)), "{name}");
    }
    let poll = message("poll");
    assert_eq!(Upload::from_query(&Target::parse(poll.target()).query), None);
    assert_eq!(Target::parse(poll.target()).endpoint(), Endpoint::GetRequest);
}
