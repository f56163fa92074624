//! Which dialect a request belongs to (protocol README, “Decision at the first bytes”).

use rollcall_protocol::Dialect::{self, Access, Attendance, Fk};
use rollcall_protocol::detect;
use rollcall_protocol::dialect::Facts;
use rollcall_protocol::http::Target;

fn found(target: &str, fk_header: bool, remembered: Option<Dialect>) -> (Dialect, bool) {
    with_headers(target, fk_header, false, remembered)
}

fn with_headers(
    target: &str,
    fk_header: bool,
    push_header: bool,
    remembered: Option<Dialect>,
) -> (Dialect, bool) {
    let target = Target::parse(target.as_bytes());
    let detected = detect(&Facts { fk_header, push_header, target }, remembered);
    (detected.dialect, detected.explicit)
}

#[test]
fn r8_fk_headers_come_before_any_other_rule() {
    for target in ["/", "/hdata.aspx", "/iclock/registry?SN=1", "/iclock/cdata?DeviceType=acc"] {
        assert_eq!(found(target, true, Some(Attendance)), (Fk, true), "{target}");
    }
}

#[test]
fn evidence_wins_over_memory() {
    for target in [
        "/iclock/registry?SN=1",
        "/iclock/push?SN=1",
        "/iclock/rtdata?SN=1&type=time",
        "/iclock/cdata?SN=1&options=all&DeviceType=acc",
        "/iclock/cdata?SN=1&options=all&devicetype=ACC",
        "/iclock/cdata?SN=1&table=rtlog",
        "/iclock/cdata?SN=1&table=RTSTATE",
        "/iclock/cdata?SN=1&table=tabledata&tablename=user",
    ] {
        assert_eq!(found(target, false, Some(Attendance)), (Access, true), "{target}");
    }
    for target in [
        "/iclock/cdata?SN=1&options=all&DeviceType=att",
        "/iclock/cdata?SN=1&options=all&DeviceType=pid",
        "/iclock/cdata?SN=1&options=all&DeviceType=ins",
        "/iclock/cdata?SN=1&table=ATTLOG&Stamp=9999",
        "/iclock/cdata?SN=1&table= operlog",
        "/iclock/fdata.aspx?SN=1&table=ATTPHOTO",
    ] {
        assert_eq!(found(target, false, Some(Access)), (Attendance, true), "{target}");
    }
}

#[test]
fn without_evidence_the_memory_counts_and_without_memory_attendance() {
    for target in [
        "/iclock/getrequest?SN=1",
        "/iclock/ping?SN=1",
        "/iclock/cdata?SN=1&table=options",
        "/iclock/cdata?SN=1&table=NEWTABLE",
    ] {
        assert_eq!(found(target, false, None), (Attendance, false), "{target}");
        assert_eq!(found(target, false, Some(Attendance)), (Attendance, false), "{target}");
        assert_eq!(found(target, false, Some(Access)), (Access, false), "{target}");
        // FK machines have other heads: this is not one any more.
        assert_eq!(found(target, false, Some(Fk)), (Attendance, false), "{target}");
    }
}

#[test]
fn a_handshake_decides_whatever_was_remembered() {
    for target in [
        "/iclock/cdata?SN=1&options=all",
        "/iclock/cdata?SN=1&options=all&DeviceType=",
        "/iclock/cdata?SN=1&options=all&DeviceType=xyz",
        "/iclock/cdata?SN=1&options=all&pushver=2.0.1&language=83",
        "/iclock/cdata?SN=1&options=all&pushver=3.1.2",
    ] {
        for remembered in [None, Some(Attendance), Some(Access), Some(Fk)] {
            assert_eq!(found(target, false, remembered), (Attendance, true), "{target}");
        }
    }
}

#[test]
fn a_handshake_with_access_headers_and_no_type_is_left_to_the_memory() {
    let target = "/iclock/cdata?SN=1&options=all&pushver=3.1.2";
    for (remembered, dialect) in
        [(None, Access), (Some(Access), Access), (Some(Attendance), Attendance), (Some(Fk), Access)]
    {
        assert_eq!(with_headers(target, false, true, remembered), (dialect, false), "{remembered:?}");
    }
    let typed = "/iclock/cdata?SN=1&options=all&DeviceType=att";
    assert_eq!(with_headers(typed, false, true, Some(Access)), (Attendance, true));
}

#[test]
fn what_the_access_dialect_has_not_is_answered_as_attendance_without_flipping_a_machine() {
    for target in ["/iclock/event?SN=1", "/iclock/fdata.aspx?SN=1", "/iclock/cdata?SN=1&type=time"] {
        assert_eq!(found(target, false, Some(Access)), (Attendance, false), "{target}");
    }
}

#[test]
fn querydata_is_a_hint_that_does_not_flip_a_machine() {
    let target = "/iclock/querydata?SN=1&type=tabledata&cmdid=1";
    assert_eq!(found(target, false, None), (Access, false));
    assert_eq!(found(target, false, Some(Attendance)), (Access, false), "read in the one way it has");
}

#[test]
fn dialects_have_names() {
    for dialect in [Attendance, Access, Fk] {
        assert_eq!(Dialect::from_name(dialect.as_str()), Some(dialect));
        assert_eq!(dialect.to_string(), dialect.as_str());
    }
    assert_eq!(Dialect::from_name("iclock"), None);
}
