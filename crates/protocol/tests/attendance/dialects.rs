//! Which dialect a request belongs to (protocol README, “Decision at the first bytes”).

use rollcall_protocol::Dialect::{self, Access, Attendance, Fk};
use rollcall_protocol::detect;
use rollcall_protocol::dialect::Facts;
use rollcall_protocol::http::Target;

fn found(target: &str, fk_header: bool, remembered: Option<Dialect>) -> (Dialect, bool) {
    let detected = detect(&Facts { fk_header, target: Target::parse(target.as_bytes()) }, remembered);
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
        "/iclock/cdata?SN=1&options=all",
        "/iclock/cdata?SN=1&options=all&pushver=3.1.2",
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
fn querydata_is_a_hint_that_does_not_flip_a_machine() {
    let target = "/iclock/querydata?SN=1&type=tabledata&cmdid=1";
    assert_eq!(found(target, false, None), (Access, false));
    assert_eq!(found(target, false, Some(Attendance)), (Attendance, false));
}

#[test]
fn dialects_have_names() {
    for dialect in [Attendance, Access, Fk] {
        assert_eq!(Dialect::from_name(dialect.as_str()), Some(dialect));
        assert_eq!(dialect.to_string(), dialect.as_str());
    }
    assert_eq!(Dialect::from_name("iclock"), None);
}
