//! Events in both their forms (access-push §6, §9, §13).

use proptest::prelude::*;
use rollcall_protocol::WallTime;
use rollcall_protocol::access::class::Class;
use rollcall_protocol::access::event::{Event, Form, lines, parse_line};

use crate::listing::{message, shown};

fn written(event: &Event<'_>, form: Form) -> Vec<u8> {
    let mut out = Vec::new();
    event.write(form, &mut out);
    out
}

/// PIN, time, event, status, verify, door, index, and what the event is; or the code of the error.
fn read(line: &str) -> String {
    match parse_line(line.as_bytes()) {
        Ok(e) => format!(
            "{}|{}|{:?}|{:?}|{}|{:?}|{:?}|{:?}",
            e.pin,
            e.time,
            e.code,
            e.status,
            e.verify,
            e.point,
            e.index,
            e.class()
        ),
        Err(error) => error.code().to_owned(),
    }
}

#[test]
fn the_worked_message() {
    let body = message("access/rtlog").body;
    let events: Vec<_> = lines(&body).map(|line| line.event.unwrap()).collect();
    assert_eq!(events.len(), 2);
    assert_eq!((events[0].pin.as_ref(), events[0].code, events[0].index), ("1001", Some(0), Some(21)));
    assert_eq!(
        (events[0].status, events[0].verify.as_ref(), events[0].class()),
        (Some(0), "15", Class::Punch)
    );
    assert_eq!((events[1].status, events[1].class()), (None, Class::Nobody));
    let rest: Vec<_> = events[0].rest.iter().map(|(key, _)| key.as_ref()).collect();
    assert_eq!(rest, ["sitecode", "linkid", "maskflag", "temperature", "convtemperature"]);
}

#[test]
fn fields_are_keyed_and_lines_end_in_any_way() {
    let expected = "1001|2026-07-06 09:30:05|Some(0)|Some(0)|15|Some(1)|Some(21)|Punch";
    for line in [
        "time=2026-07-06 09:30:05\tpin=1001\tcardno=0\teventaddr=1\tevent=0\tinoutstatus=0\tverifytype=15\tindex=21",
        "index=21\tverifytype=15\tinoutstatus=0\tEVENT=0\teventaddr=1\tPin=1001\tTime=2026-07-06 09:30:05\t",
        " event=0\t pin = 1001 \tinoutstatus=0\teventaddr=1\tverifytype=15\tindex=21\ttime=2026-07-06T09:30:05\0\0",
        "transaction time_second=852197405\tpin=1001\tverified=15\tdoorid=1\teventtype=0\tinoutstate=0\tindex=21",
        "transaction\ttime_second=852197405\tpin=1001\tverified=15\tdoorid=1\teventtype=0\tinoutstate=0\tindex=21",
        "TRANSACTION doorid=1\teventtype=0\tpin=1001\tverified=15\tinoutstate=0\tindex=21\ttime_second=852197405\tnew=1",
    ] {
        assert_eq!(read(line), expected, "{line:?}");
        for end in ["\n", "\r\n", "", "\r\n\r\n\n"] {
            let body = format!("{line}{end}");
            assert_eq!(lines(body.as_bytes()).count(), 1, "{body:?}");
        }
    }
}

#[test]
fn what_is_missing_or_odd() {
    for (line, expected) in [
        ("time=2026-07-06 09:30:05\tpin=7", "7|2026-07-06 09:30:05|None|Some(0)||None|None|Unclassified"),
        (
            "time=2026-07-06 09:30:05\tpin=7\tevent=x\tindex=-1",
            "7|2026-07-06 09:30:05|None|Some(0)||None|None|Unclassified",
        ),
        ("time=2026-07-06 09:30:05\tevent=0", "|2026-07-06 09:30:05|Some(0)|Some(0)||None|None|Nobody"),
        (
            "time=2026-07-06 09:30:05\tpin=0\tevent=27",
            "0|2026-07-06 09:30:05|Some(27)|Some(0)||None|None|Nobody",
        ),
        (
            "time=2026-07-06 09:30:05\tpin=7\tevent=23\tinoutstatus=1",
            "7|2026-07-06 09:30:05|Some(23)|Some(1)||None|None|Refused",
        ),
        ("pin=7\tevent=0", "punch.time_missing"),
        ("time=\tpin=7\tevent=0", "punch.time_missing"),
        ("time=yesterday\tpin=7\tevent=0", "punch.time_unreadable"),
        ("time=2026-02-31 08:00:00\tpin=7\tevent=0", "punch.time_impossible"),
        ("transaction time_second=5184000\tpin=7\teventtype=0", "punch.time_impossible"),
        ("garbage", "punch.time_missing"),
    ] {
        assert_eq!(read(line), expected, "{line:?}");
    }
    assert_eq!(read(&format!("time=2026-07-06 09:30:05\tpin={}", "1".repeat(65))), "punch.pin_too_long");
}

#[test]
fn section_14_sixteen_binary_digits_are_no_number() {
    let event = parse_line(b"time=2026-07-06 09:30:05\tpin=7\tevent=0\tverifytype=0000000000000010").unwrap();
    assert_eq!(event.verify, "0000000000000010");
    let row = parse_line(b"transaction pin=7\tverified=0000000000000010\ttime_second=852197405\teventtype=0")
        .unwrap();
    assert_eq!(row.verify, event.verify);
    assert_ne!(
        parse_line(b"time=2026-07-06 09:30:05\tpin=7\tevent=0\tverifytype=10").unwrap().verify,
        event.verify
    );
}

#[test]
fn p6_one_broken_line_does_not_disturb_the_others() {
    let body = b"time=2026-07-06 09:30:05\tpin=1\tevent=0\n\xff\xff\0\ntime=x\tpin=2\ntime=2026-07-06 09:30:06\tpin=3\tevent=0\n";
    let read: Vec<_> = lines(body).map(|line| line.event.is_ok()).collect();
    assert_eq!(read, [true, false, false, true]);
}

#[test]
fn p5_a_name_in_gb18030_does_not_hide_the_rest() {
    let line = b"time=2026-07-06 09:30:05\tname=\xd5\xc5\xc8\xfd\tpin=7\tevent=0";
    let event = parse_line(line).unwrap();
    assert_eq!(event.pin, "7");
    assert_eq!(event.rest[0].1, "张三");
}

#[test]
fn d3_the_worked_messages_of_both_forms_are_one_event() {
    let (live, row) = (message("access/rtlog").body, message("access/querydata-transaction").body);
    let live = lines(&live).next().unwrap().event.unwrap();
    let row = lines(&row).next().unwrap().event.unwrap();
    assert_eq!(key(&live), key(&row));
    assert_eq!((live.index, live.point), (row.index, row.point));
}

#[test]
fn d3_a_status_that_is_left_out_and_zeros_in_front_make_no_other_event() {
    let row = |status: &str, verify: &str| {
        format!(
            "transaction pin=7\tverified={verify}\tdoorid=1\teventtype=0\tinoutstate={status}\ttime_second=852197405\tindex=23"
        )
    };
    let live = |status: &str, verify: &str| {
        format!("time=2026-07-06 09:30:05\tpin=7\tevent=0{status}\tverifytype={verify}\tindex=23")
    };
    let (of_row, of_live) = (row("0", "15"), live("", "015"));
    let asked = parse_line(of_row.as_bytes()).unwrap();
    assert_eq!(key(&asked), key(&parse_line(of_live.as_bytes()).unwrap()));
    for status in ["\tinoutstatus=", "\tinoutstatus=x", "\tinoutstatus=00", "\tinoutstatus=0"] {
        assert_eq!(key(&asked), key(&parse_line(live(status, "15").as_bytes()).unwrap()), "{status}");
    }
    for (status, read) in [("2", None), ("1", Some(1)), ("255", Some(255))] {
        assert_eq!(parse_line(row(status, "15").as_bytes()).unwrap().status, read);
    }
    for (sent, read) in [
        ("15", "15"),
        ("0015", "15"),
        ("000", "0"),
        ("0", "0"),
        ("", ""),
        ("0000000000000010", "0000000000000010"),
        ("0000000000000000", "0000000000000000"),
        ("0000000000000012", "12"),
        ("0x1f", "0x1f"),
    ] {
        assert_eq!(parse_line(row("0", sent).as_bytes()).unwrap().verify, read, "{sent}");
    }
}

/// What tells one record from another.
fn key<'a>(event: &'a Event<'_>) -> (&'a str, WallTime, Option<i32>, Option<i32>, &'a str) {
    (&event.pin, event.time, event.code, event.status, &event.verify)
}

prop_compose! {
    fn any_event()(
        seconds in 946_684_800_i64..5_000_000_000, pin in "[0-9A-Z]{0,9}", code in prop::option::of(0..7000),
        status in prop::option::of((0..256).prop_filter("none is written so", |status| *status != 2)),
        verify in "(0|[1-9][0-9]{0,2}|[01]{16})", point in prop::option::of(0..9_u32), index: Option<u64>,
        card in "[0-9A-F]{0,10}", rest in prop::collection::vec(("x[a-z]{0,7}", "[^\\p{Cc}]{0,7}"), 0..4)
    ) -> Event<'static> {
        let rest = rest.into_iter().map(|(key, value)| (key.into(), value.trim_matches(' ').to_owned().into()));
        Event {
            time: WallTime::from_seconds(seconds),
            pin: pin.into(), code, status, verify: verify.into(), point, index, card: card.into(),
            rest: rest.collect(),
        }
    }
}

proptest! {
    #[test]
    fn written_and_read_back(event in any_event()) {
        for form in [Form::RealTime, Form::Transaction] {
            let line = written(&event, form);
            let read: Vec<_> = lines(&line).collect();
            prop_assert_eq!(read.len(), 1);
            prop_assert_eq!(read[0].event.as_ref(), Ok(&event), "{}", shown(&line));
        }
    }

    #[test]
    fn d3_both_forms_of_any_event_have_the_same_key(event in any_event()) {
        let (live, row) = (written(&event, Form::RealTime), written(&event, Form::Transaction));
        let (live, row) = (parse_line(&live).unwrap(), parse_line(&row).unwrap());
        prop_assert_eq!(key(&live), key(&row));
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(body in prop::collection::vec(any::<u8>(), 0..300)) {
        for line in lines(&body) {
            if let Ok(event) = line.event {
                let _ = event.class();
                let _ = written(&event, Form::Transaction);
            }
        }
    }
}
