//! Questions of machines that are answered with records (attendance-push §11).

use proptest::prelude::*;
use rollcall_protocol::attendance::command::Body;
use rollcall_protocol::attendance::questions::{LastPunch, NO_LAST_PUNCH, NONE, parse_person, write_person};
use rollcall_protocol::text::Encoding;
use rollcall_protocol::time::WallTime;

use crate::listing::{message, shown};

#[test]
fn the_worked_answer_about_a_person() {
    let records = [
        Body::new("DATA UPDATE USERINFO")
            .field("PIN", "1001")
            .field("Name", "Wang Wu")
            .field("Passwd", "")
            .field("Card", "")
            .field("Grp", "1")
            .field("TZ", "0000000100000000")
            .field("Pri", "0"),
        Body::new("DATA UPDATE FINGERTMP")
            .field("PIN", "1001")
            .field("FID", "6")
            .field("Size", "8")
            .field("Valid", "1")
            .field("TMP", "TVpTUw=="),
    ];
    let (mut answer, body) = (Vec::new(), message("answer-remoteatt").body);
    write_person(&records, Encoding::Utf8, &mut answer);
    assert_eq!(shown(&answer), shown(&body));
    let read: Vec<_> = parse_person(&body).collect();
    assert_eq!(read, records.map(|record| record.as_str().to_owned()));
    assert_eq!(parse_person(NONE).count(), 0);
}

#[test]
fn the_worked_last_punch() {
    let body = message("answer-lastpunch").body;
    let last = LastPunch::parse(&body).unwrap();
    assert_eq!((last.name.as_ref(), last.pin.as_ref(), last.state), ("Wang Wu", "1001", 0));
    assert_eq!(last.time.to_string(), "2026-07-06 08:58:11");
    let mut again = Vec::new();
    last.write(Encoding::Utf8, &mut again);
    assert_eq!(shown(&again), shown(&body));
    assert_eq!(LastPunch::parse(NO_LAST_PUNCH), None);
    // Whatever a machine takes for success must not be in the words that there is none.
    assert!(!NO_LAST_PUNCH.windows(2).any(|two| two == b"OK") && !NONE.windows(2).any(|two| two == b"OK"));
}

proptest! {
    #[test]
    fn last_punches_are_read_back(
        pin in "[0-9A-Z]{1,9}", name in "([^\\p{Cc} ][^\\p{Cc}]{0,9}[^\\p{Cc} ])?", state: i32, code in "[0-9]{0,4}", time: u32
    ) {
        let time = WallTime::from_seconds(time.into());
        let last = LastPunch { pin: pin.into(), name: name.into(), state, work_code: code.into(), time };
        for encoding in [Encoding::Utf8, Encoding::Gb18030] {
            let mut body = Vec::new();
            last.write(encoding, &mut body);
            let read = LastPunch::parse(&body);
            if encoding == Encoding::Utf8 {
                prop_assert_eq!(read.as_ref(), Some(&last));
            }
            prop_assert_eq!(read.map(|read| (read.pin, read.time)), Some((last.pin.clone(), time)));
        }
    }
}
