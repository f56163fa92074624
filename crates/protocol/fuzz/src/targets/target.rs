//! Request line, target, query, dialect, handshake, poll: nothing panics, and what is written into a query
//! is read back from it.

use rollcall_protocol::attendance::handshake::{Handshake, OptionsBlock};
use rollcall_protocol::attendance::request::{Poll, Upload};
use rollcall_protocol::dialect::{Dialect, Facts};
use rollcall_protocol::http::{RequestLine, Target, write_value};
use rollcall_protocol::{Sn, WallTime, detect};

/// Judges one input.
pub fn check(data: &[u8]) {
    let target = match RequestLine::parse(data) {
        Some(line) => {
            assert!(line.minor < 10);
            line.target
        }
        None => data,
    };
    let target = Target::parse(target);
    let _ = (target.endpoint(), target.under_iclock());
    if let Some(sn) = target.sn()
        && let Ok(sn) = Sn::from_bytes(&sn)
    {
        assert!((1..=Sn::MAX_LEN).contains(&sn.as_str().len()));
        assert_eq!(Sn::new(&sn.key()).as_ref(), Ok(&sn));
    }
    for remembered in [None, Some(Dialect::Access), Some(Dialect::Attendance), Some(Dialect::Fk)] {
        let plain = detect(&Facts { fk_header: false, push_header: false, target }, remembered);
        assert!(
            !plain.explicit || plain == detect(&Facts { fk_header: false, push_header: false, target }, None)
        );
    }

    let mut written = b"/iclock/cdata?a=1&v=".to_vec();
    write_value(data, &mut written);
    assert!(written.iter().all(u8::is_ascii_graphic));
    assert_eq!(Target::parse(&written).query.get("V").as_deref(), Some(data));

    if let Some(handshake) = Handshake::from_query(&target.query) {
        let mut again = Vec::new();
        handshake.write_target("A1", &mut again);
        assert_eq!(Handshake::from_query(&Target::parse(&again).query).as_ref(), Some(&handshake));
    }
    let poll = Poll::from_query(&target.query);
    let mut again = Vec::new();
    poll.write_target("A1", &mut again);
    let mut twice = Vec::new();
    Poll::from_query(&Target::parse(&again).query).write_target("A1", &mut twice);
    assert_eq!(twice, again);
    if let Some(upload) = Upload::from_query(&target.query) {
        let mut again = Vec::new();
        upload.write_target("A1", &mut again);
        assert_eq!(Upload::from_query(&Target::parse(&again).query).as_ref(), Some(&upload));
    }

    if let Ok(time) = WallTime::parse(data) {
        assert_eq!(WallTime::parse(time.to_string().as_bytes()), Ok(time));
    }
    if let Ok(block) = OptionsBlock::parse(data) {
        let mut again = Vec::new();
        block.write(&mut again);
        assert_eq!(again.last(), Some(&b'\n'));
        assert!(!again.iter().any(|b| b.is_ascii_control() && !matches!(b, b'\n' | b'\t')));
        assert!(OptionsBlock::parse(&again).is_ok());
    }
}
