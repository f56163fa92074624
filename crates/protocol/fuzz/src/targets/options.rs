//! Capabilities: keys and values are clean, and from the first writing on nothing changes any more.

use rollcall_protocol::attendance::options::{parse, write};

/// Judges one input.
pub fn check(body: &[u8]) {
    let pairs = parse(body);
    for (key, value) in &pairs {
        assert!(!key.is_empty());
        assert!(!key.chars().chain(value.chars()).any(char::is_control));
    }
    let mut once = Vec::new();
    write(&pairs, &mut once);
    assert!(!once.iter().any(u8::is_ascii_control));
    let again = parse(&once);
    assert_eq!(again.len(), pairs.len(), "a value became a pair");
    let mut twice = Vec::new();
    write(&again, &mut twice);
    assert_eq!(String::from_utf8_lossy(&twice), String::from_utf8_lossy(&once));
}
