//! Answers to uploads and clock requests (attendance-push §6, §12).

use proptest::prelude::*;
use rollcall_protocol::WallTime;
use rollcall_protocol::attendance::answer::{
    BUSY, OK, Reaction, UNKNOWN_DEVICE, parse_time, write_count, write_time,
};

use crate::listing::message;

fn count(lines: usize) -> Vec<u8> {
    let mut out = Vec::new();
    write_count(lines, &mut out);
    out
}

#[test]
fn a3_the_worked_answers() {
    assert_eq!(OK, message("answer-ok").body);
    assert_eq!(count(2), message("answer-count").body);
    assert_eq!(UNKNOWN_DEVICE, message("answer-unknown").body);
}

#[test]
fn a2_the_answer_of_a_full_disk_holds_no_ok() {
    assert_eq!(BUSY, message("answer-busy").body);
    assert_eq!(Reaction::to(BUSY), Reaction::NotAccepted);
}

#[test]
fn a2_ok_anywhere_counts_as_success() {
    for (body, reaction) in [
        ("OK", Reaction::Accepted),
        ("OK: 2", Reaction::Accepted),
        ("OK:2", Reaction::Accepted),
        ("not OK", Reaction::Accepted),
        ("UNKNOWN DEVICE", Reaction::Handshake),
        ("", Reaction::NotAccepted),
        ("ok", Reaction::NotAccepted),
        ("O K", Reaction::NotAccepted),
        ("<html>", Reaction::NotAccepted),
    ] {
        assert_eq!(Reaction::to(body.as_bytes()), reaction, "{body:?}");
    }
    assert_eq!(Reaction::to(&count(0)), Reaction::Accepted);
}

#[test]
fn the_clock_is_answered_with_its_offset() {
    let wall = WallTime::parse(b"2026-07-06 09:30:05").unwrap();
    let mut out = Vec::new();
    write_time(wall, 480, &mut out);
    assert_eq!(out, message("answer-time").body);

    for (offset, text) in [(-300, "-05:00"), (330, "+05:30"), (-570, "-09:30"), (0, "+00:00")] {
        let mut out = Vec::new();
        write_time(wall, offset, &mut out);
        assert!(String::from_utf8(out).unwrap().ends_with(text));
    }
    for body in ["", "Time=", "Time=2026-07-06T09:30:05", "Time=2026-07-06T09:30:05+8:00", "OK"] {
        assert_eq!(parse_time(body.as_bytes()), None, "{body:?}");
    }
}

proptest! {
    #[test]
    fn times_are_read_back(seconds in any::<i64>(), offset in -1439..=1439) {
        let wall = WallTime::from_seconds(seconds);
        let mut out = Vec::new();
        write_time(wall, offset, &mut out);
        prop_assert_eq!(parse_time(&out), Some((wall, offset)));
    }
}
