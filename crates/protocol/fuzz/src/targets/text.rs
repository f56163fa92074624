//! Text in unknown encodings and on its way to a machine: nothing is cut inside a character, and nothing that controls
//! gets through.

use rollcall_protocol::text::{Encoding, clean, decode, detect, encode, truncate_bytes, truncate_encoded};

/// Judges one input: how many bytes may be kept, then the text.
pub fn check(data: &[u8]) {
    let Some((most, bytes)) = data.split_first() else { return };
    let most = usize::from(*most);
    let text = decode(bytes);
    // Each byte becomes one replacement character at the most.
    assert!(text.len() <= bytes.len() * 3);
    match detect(bytes) {
        Some(Encoding::Utf8) => assert!(text.starts_with(std::str::from_utf8(bytes).unwrap_or_default())),
        Some(Encoding::Gb18030) => assert!(std::str::from_utf8(bytes).is_err()),
        None => assert!(!bytes.is_ascii() || text.as_bytes() == bytes),
    }
    let cleaned = clean(&text);
    assert_eq!(cleaned.chars().count(), text.chars().count());
    for encoding in [Encoding::Utf8, Encoding::Gb18030] {
        let written = encode(&cleaned, encoding);
        assert!(!written.iter().any(u8::is_ascii_control), "{cleaned:?}");
        let kept = truncate_encoded(&cleaned, encoding, most);
        assert!(cleaned.starts_with(kept));
        assert!(encode(kept, encoding).len() <= most);
        if let Some(next) = cleaned[kept.len()..].chars().next() {
            let longer = &cleaned[..kept.len() + next.len_utf8()];
            assert!(encode(longer, encoding).len() > most, "{longer:?} would have fitted");
        }
    }
    assert_eq!(truncate_bytes(&text, most), truncate_encoded(&text, Encoding::Utf8, most));
    // What went out in a machine's encoding comes back, unless it looks like the other one by chance.
    assert_eq!(decode(&encode(&text, Encoding::Utf8)), text);
    let written = encode(&text, Encoding::Gb18030);
    if std::str::from_utf8(&written).is_err() && detect(&written) == Some(Encoding::Gb18030) {
        assert_eq!(decode(&written).chars().count(), text.chars().count());
    }
}
