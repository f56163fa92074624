//! Base64 as machines write it: the standard alphabet, with or without padding, now and then broken into lines.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Decodes; blanks, line ends and what pads a buffer do not count. `None` when something else is in it, or when the last
/// byte was cut in two.
#[must_use]
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let text = crate::text::trim(text);
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut held, mut ended) = (0u32, 0u8, false);
    for &byte in text {
        if byte == b'=' {
            ended = true;
            continue;
        }
        if byte.is_ascii_whitespace() {
            continue;
        }
        // Nothing follows the padding.
        let digit = digit(byte).filter(|_| !ended)?;
        bits = bits << 6 | u32::from(digit);
        held += 1;
        if held == 4 {
            let [_, first, second, third] = bits.to_be_bytes();
            out.extend([first, second, third]);
            (bits, held) = (0, 0);
        }
    }
    match held {
        0 => {}
        2 => out.extend((bits << 12).to_be_bytes().get(1..2)?),
        3 => out.extend((bits << 6).to_be_bytes().get(1..3)?),
        _ => return None,
    }
    Some(out)
}

fn digit(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// Encodes, padded and in one line.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(length(bytes.len()));
    for three in bytes.chunks(3) {
        let mut group = [0; 4];
        for (to, from) in group.iter_mut().skip(1).zip(three) {
            *to = *from;
        }
        let bits = u32::from_be_bytes(group);
        for at in 0..4u32 {
            let six = (bits >> (18 - 6 * at) & 63) as usize;
            let filled = at as usize <= three.len();
            out.push(if filled { DIGITS.get(six).map_or('=', |digit| char::from(*digit)) } else { '=' });
        }
    }
    out
}

/// How long the text of so many bytes is.
#[must_use]
pub fn length(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_texts() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("MZSS", "TVpTUw=="),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(bytes.as_bytes()));
            assert_eq!(decode(text.trim_end_matches('=').as_bytes()).as_deref(), Some(bytes.as_bytes()));
            assert_eq!(length(bytes.len()), text.len());
        }
        assert_eq!(decode(b" Zm9v\r\nYg==\0\0 ").as_deref(), Some(b"foob".as_slice()));
        assert_eq!(decode(&[0xff, 0xd8]), None);
    }

    #[test]
    fn what_is_no_base64() {
        for text in ["Z", "Zm9vY", "Zm-v", "Zg==Zg==", "Zm 9v,"] {
            assert_eq!(decode(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let text = encode(&bytes);
            prop_assert_eq!(text.len(), length(bytes.len()));
            prop_assert_eq!(decode(text.as_bytes()), Some(bytes));
        }
    }
}
