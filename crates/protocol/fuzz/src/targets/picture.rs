//! Punch pictures: head and picture are told apart, and what was written is read back.

use rollcall_protocol::attendance::picture::Picture;
use rollcall_protocol::base64;

/// Judges one input.
pub fn check(body: &[u8]) {
    let Some(picture) = Picture::parse(body) else { return };
    assert!(picture.data.len() <= body.len());
    for text in [&picture.name, &picture.sn, &picture.cmd] {
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
    let _ = picture.time();
    if let Some(pin) = picture.pin() {
        assert!(!pin.is_empty());
    }
    let mut written = Vec::new();
    picture.write(&mut written);
    // A picture that happens to be Base64 would be decoded once more.
    if base64::decode(&picture.data).is_none() {
        assert_eq!(Picture::parse(&written).as_ref(), Some(&picture));
    }

    let encoded = base64::encode(body);
    assert_eq!(encoded.len(), base64::length(body.len()));
    assert_eq!(base64::decode(encoded.as_bytes()).unwrap_or_default(), body);
}
