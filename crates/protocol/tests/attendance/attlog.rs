//! Punches (attendance-push §7).

use std::borrow::Cow;

use proptest::prelude::*;
use rollcall_protocol::WallTime;
use rollcall_protocol::attendance::attlog::{LineError, MAX_PIN, Punch, lines, parse_line, write_line};
use rollcall_protocol::text;

use crate::listing::{message, shown};

/// PIN, time, status, verify, work code, rest of one line, or the code of its error.
fn read(line: &[u8]) -> String {
    match parse_line(line) {
        Ok(p) => {
            let status = p.status.map_or("-".to_owned(), |s| s.to_string());
            format!("{}|{}|{status}|{}|{}|{}", p.pin, p.time, p.verify, p.work_code, shown(p.rest))
        }
        Err(error) => error.code().to_owned(),
    }
}

fn written(punch: &Punch<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    write_line(punch, &mut out);
    out
}

#[test]
fn the_worked_message() {
    let body = message("attlog").body;
    let read: Vec<_> = lines(&body).map(|line| read(line.raw)).collect();
    assert_eq!(read, ["1001|2026-07-06 08:58:11|0|15|0|0␉0␉0␉0␉0", "1002|2026-07-06 08:58:40|255|1|0|0␉0",]);
    let again: Vec<u8> = lines(&body).flat_map(|line| written(&line.punch.unwrap())).collect();
    assert_eq!(shown(&again), shown(&body));
}

#[test]
fn shapes_that_exist() {
    let plain = "1001|2026-07-06 08:58:11|0|1||";
    for (line, expected) in [
        // Times.
        ("1001\t2026-07-06T08:58:11\t0\t1", plain),
        ("1001\t2026/07/06 08:58:11\t0\t1", plain),
        ("1001\t 2026-07-06 08:58:11 \t 0 \t 1 ", plain),
        // PUSH 1.x, with blanks and with TABs, and the prefix alone.
        ("CHECK LOG: stamp=123 1001 2026-07-06 08:58:11 0 1", plain),
        ("CHECK LOG: stamp=123 1001\t2026-07-06 08:58:11\t0\t1", plain),
        ("check log:\tStamp=123\t1001\t2026-07-06 08:58:11\t0\t1", plain),
        ("CHECK LOG: 1001\t2026-07-06 08:58:11\t0\t1", plain),
        ("CHECK LOG: stamp=123", "punch.no_pin"),
        // Keys.
        ("PIN=1001\tDateTime=2026-07-06 08:58:11\tStatus=0\tVerified=1", plain),
        ("Verified=1\tpin=1001\tstatus=0\tWhat=ever\tDATETIME=2026-07-06T08:58:11\t", plain),
        ("PIN=1001 DateTime=2026-07-06 08:58:11 Status=0 Verified=1", plain),
        ("PIN=\tDateTime=2026-07-06 08:58:11", "punch.no_pin"),
        ("PIN=7", "punch.time_missing"),
        ("PIN=7\tDateTime=2026-07-06 08:58:11\tWorkCode=A=B", "7|2026-07-06 08:58:11|-||A=B|"),
        // Blanks for TABs.
        ("1001 2026-07-06 08:58:11 0 1", plain),
        ("  1001   2026-07-06   08:58:11   0   1  ", plain),
        ("1001 2026-07-06T08:58:11 0 1", plain),
        ("1001 2026-07-06 08:58:11 0 1 7 0 0", "1001|2026-07-06 08:58:11|0|1|7|0 0"),
        ("1001 2026-07-06", "punch.time_unreadable"),
        // A value with `=` in a positional line is not a key.
        ("A=B\t2026-07-06 08:58:11\t0\t1", "A=B|2026-07-06 08:58:11|0|1||"),
        ("1001\t2026-07-06 08:58:11\t0\t1\tPIN=3", "1001|2026-07-06 08:58:11|0|1|PIN=3|"),
        // Nothing a punch could be.
        ("hello", "punch.time_missing"),
        ("\t2026-07-06 08:58:11\t0", "punch.no_pin"),
        ("1001", "punch.time_missing"),
        ("1001\t\t0\t1", "punch.time_missing"),
        ("1001\tyesterday\t0\t1", "punch.time_unreadable"),
    ] {
        assert_eq!(read(line.as_bytes()), expected, "{line:?}");
    }
}

#[test]
fn p1_each_line_has_its_own_encoding() {
    let mut body = "张三\t2026-07-06 08:58:11\n".as_bytes().to_vec();
    // The same in GB18030, and U+20BB7, which takes four bytes there.
    body.extend_from_slice(b"\xd5\xc5\xc8\xfd\t2026-07-06 08:58:12\n\x95\x34\xb2\x35\t2026-07-06 08:58:13");
    let pins: Vec<_> = lines(&body).map(|line| line.punch.unwrap().pin).collect();
    assert_eq!(pins, ["张三", "张三", "𠮷"]);
}

#[test]
fn p2_last_line_without_lf_is_read() {
    assert_eq!(lines(b"1\t2026-07-06 08:58:11\n2\t2026-07-06 08:58:12").count(), 2);
}

#[test]
fn p2_cr_lf_and_blank_lines_are_ignored() {
    let body = b"\r\n1\t2026-07-06 08:58:11\t0\t1\r\n\n \t \r\n2\t2026-07-06 08:58:12\t0\t1\r\r\n\0\0\n";
    let read: Vec<_> = lines(body).map(|line| (line.raw, line.punch.unwrap().verify)).collect();
    assert_eq!(
        read,
        [
            (&b"1\t2026-07-06 08:58:11\t0\t1"[..], Cow::Borrowed("1")),
            (&b"2\t2026-07-06 08:58:12\t0\t1"[..], Cow::Borrowed("1")),
        ]
    );
    assert_eq!(lines(b"").count(), 0);
}

#[test]
fn p2_trailing_tabs_and_blanks_are_ignored_and_kept_in_the_raw_line() {
    let line = lines(b"1\t2026-07-06 08:58:11\t0\t1\t\t \t\n").next().unwrap();
    assert_eq!(line.raw, b"1\t2026-07-06 08:58:11\t0\t1\t\t \t");
    let punch = line.punch.unwrap();
    assert_eq!((punch.verify.as_ref(), punch.work_code.as_ref(), punch.rest), ("1", "", &b""[..]));
}

#[test]
fn p3_two_columns_are_enough_and_sixteen_are_kept() {
    let all = "1001\t2026-07-06 08:58:11\t0\t15\t7\t0\t0\t255\t36.5\t97.7\t+28800\teyJ4IjoxfQ==\ta\tb\tc\td";
    let columns: Vec<&str> = all.split('\t').collect();
    for count in 2..=columns.len() {
        let line = columns[..count].join("\t");
        let punch = parse_line(line.as_bytes()).unwrap();
        assert_eq!(punch.status, (count > 2).then_some(0));
        assert_eq!(punch.verify, if count > 3 { "15" } else { "" });
        assert_eq!(punch.work_code, if count > 4 { "7" } else { "" });
        assert_eq!(punch.rest, columns[count.min(5)..count].join("\t").as_bytes());
        assert_eq!(written(&punch), format!("{line}\n").as_bytes());
        // More TABs at the end change nothing.
        assert_eq!(parse_line(format!("{line}\t\t\t").as_bytes()), Ok(punch));
    }
}

#[test]
fn p6_a_bad_line_does_not_disturb_the_others() {
    let body = b"1\t2026-07-06 08:58:11\nrubbish \xff\xfe\n0\t2026-07-06 08:58:12\n2\t2026-02-31 08:58:12\n3\t2026-07-06 08:58:13\n";
    let codes: Vec<_> = lines(body).map(|line| line.punch.map_or_else(|e| e.code(), |_| "stored")).collect();
    assert_eq!(codes, ["stored", "punch.time_unreadable", "punch.no_pin", "punch.time_impossible", "stored"]);
}

#[test]
fn p9_pin_zero_or_empty_is_not_a_punch() {
    for pin in ["", " ", "0", "00", "000000000", "\0", " 0 "] {
        let line = format!("{pin}\t2026-07-06 08:58:11\t0\t1");
        assert_eq!(parse_line(line.as_bytes()), Err(LineError::NoPin), "{pin:?}");
    }
}

#[test]
fn p9_leading_zeros_and_letters_of_a_pin_are_kept() {
    for pin in ["0001001", "10", "A7", "0A", "-1"] {
        let line = format!("{pin}\t2026-07-06 08:58:11");
        assert_eq!(parse_line(line.as_bytes()).unwrap().pin, pin);
    }
}

#[test]
fn i5_an_endless_pin_is_refused() {
    let line = |len| [vec![b'7'; len], b"\t2026-07-06 08:58:11".to_vec()].concat();
    assert!(parse_line(&line(MAX_PIN)).is_ok());
    assert_eq!(parse_line(&line(MAX_PIN + 1)), Err(LineError::PinTooLong));
}

#[test]
fn p10_status_may_carry_blanks_be_negative_or_no_number() {
    for (status, expected) in [
        ("255", Some(255)),
        (" 4 ", Some(4)),
        ("-1", Some(-1)),
        ("", None),
        ("in", None),
        ("1.5", None),
        ("99999999999", None),
    ] {
        let line = format!("1\t2026-07-06 08:58:11\t{status}\t1");
        assert_eq!(parse_line(line.as_bytes()).unwrap().status, expected, "{status:?}");
    }
}

#[test]
fn p11_control_bytes_are_replaced_and_kept_in_the_raw_line() {
    let line = lines(b"1001\0\0\t2026-07-06\x0008:58:11\0\t0\0\t1\x07\tA\0B\t\0x\0").next().unwrap();
    assert_eq!(line.raw.iter().filter(|b| **b == 0).count(), 8);
    let punch = line.punch.unwrap();
    assert_eq!(punch.pin, "1001");
    assert_eq!(punch.time.to_string(), "2026-07-06 08:58:11");
    assert_eq!((punch.status, punch.verify.as_ref()), (Some(0), "1"));
    assert_eq!(punch.work_code, "A B");
    assert_eq!(parse_line(b"10\x0001\t2026-07-06 08:58:11").unwrap().pin, "10 01");
}

#[test]
fn d2_zeros_in_front_of_a_way_of_verifying_make_no_other_punch() {
    for (sent, read) in [
        ("01", "1"),
        ("1", "1"),
        (" 015 ", "15"),
        ("00", "0"),
        ("0x1", "0x1"),
        ("0000000000000010", "0000000000000010"),
    ] {
        let line = format!("7\t2026-07-06 08:58:11\t0\t{sent}");
        assert_eq!(parse_line(line.as_bytes()).unwrap().verify, read, "{sent}");
    }
}

#[test]
fn plain_columns_are_borrowed() {
    let body = message("attlog").body;
    for line in lines(&body) {
        let punch = line.punch.unwrap();
        for column in [punch.pin, punch.verify, punch.work_code] {
            assert!(matches!(column, Cow::Borrowed(_)), "{column}");
        }
    }
}

#[test]
fn a_writer_cannot_be_made_to_write_two_lines() {
    let punch = Punch {
        pin: "1\n2".into(),
        time: WallTime::MIN,
        status: None,
        verify: "1\t2".into(),
        work_code: "\r\n".into(),
        rest: b"a\nb\tc\r",
    };
    assert_eq!(shown(&written(&punch)), "1 2␉0001-01-01 00:00:00␉␉1 2␉  ␉a b␉c␊\n");
}

/// Text as a column can hold it: no control characters, no blanks at its ends.
fn column() -> impl Strategy<Value = String> {
    "[^\\p{Cc}]{0,12}".prop_map(|text| text.trim_matches(' ').to_owned())
}

prop_compose! {
    fn punch()(
        pin in "[A-Za-z0-9]{1,24}".prop_filter("a person", |pin| pin.bytes().any(|b| b != b'0')),
        seconds in any::<i64>(),
        status in any::<Option<i32>>(),
        verify in column().prop_map(|way| text::way(way.into()).into_owned()),
        work_code in column(),
        rest in "[^\\p{Cc}]{0,8}(\t[^\\p{Cc}]{0,8}){0,11}[!-~]|",
    ) -> (String, i64, Option<i32>, String, String, String) {
        (pin, seconds, status, verify, work_code, rest)
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(punches in prop::collection::vec(punch(), 0..8)) {
        let punches: Vec<Punch<'_>> = punches
            .iter()
            .map(|(pin, seconds, status, verify, work_code, rest)| Punch {
                pin: pin.into(),
                time: WallTime::from_seconds(*seconds),
                status: *status,
                verify: verify.into(),
                work_code: work_code.into(),
                rest: rest.as_bytes(),
            })
            .collect();
        let body: Vec<u8> = punches.iter().flat_map(written).collect();
        let read: Result<Vec<_>, _> = lines(&body).map(|line| line.punch).collect();
        prop_assert_eq!(read, Ok(punches));
    }

    #[test]
    fn any_bytes_make_as_many_lines_as_they_hold(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let expected = body
            .split(|b| *b == b'\n')
            .filter(|line| line.iter().any(|b| *b > b' ' && *b != 0x7f))
            .count();
        prop_assert_eq!(lines(&body).count(), expected);
    }
}
