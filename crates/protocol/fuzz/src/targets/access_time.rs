//! Packed times, limits of validity and the answer to a clock request.

use rollcall_protocol::WallTime;
use rollcall_protocol::access::time::{
    Limit, pack, parse_any, parse_clock, parse_packed, unpack, write_clock,
};

use super::bytes::Bytes;

/// Judges one input: as a text, and its first bytes as numbers.
pub fn check(data: &[u8]) {
    if let Ok(time) = parse_packed(data) {
        let packed = pack(time).expect("what was unpacked can be packed");
        assert_eq!(parse_any(data), Ok(time));
        assert_eq!(unpack(packed), Ok(time));
    }
    if let Ok(time) = parse_any(data) {
        assert_eq!(parse_any(time.to_string().as_bytes()), Ok(time));
    }
    if let Some(limit) = Limit::parse(data) {
        let mut written = String::new();
        limit.write(&mut written);
        assert!(written.bytes().all(|byte| byte.is_ascii_digit()), "{written:?}");
        let _ = limit.to_string();
    }
    if let Some((gmt, offset)) = parse_clock(data) {
        let mut written = Vec::new();
        write_clock(gmt, offset, &mut written);
        let again = parse_clock(&written);
        assert_eq!(again.map(|(gmt, _)| gmt), Some(gmt));
    }

    let mut bytes = Bytes(data);
    let packed = bytes.number();
    if let Ok(time) = unpack(packed) {
        assert_eq!(pack(time), Some(packed));
        let offset = i32::from(i16::from_le_bytes([bytes.byte(), bytes.byte()])) % (16 * 60);
        let mut written = Vec::new();
        write_clock(time, offset, &mut written);
        assert_eq!(parse_clock(&written), Some((time, offset)));
    }
    let seconds = i64::from(bytes.number()) << (bytes.byte() % 16);
    let time = WallTime::from_seconds(if bytes.flag() { -seconds } else { seconds });
    if let Some(packed) = pack(time) {
        assert_eq!(unpack(packed), Ok(time));
    }
}
