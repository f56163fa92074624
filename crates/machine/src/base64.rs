//! Base64 as firmware reads it: padded, nothing between the letters.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place > group.len() {
                text.push('=');
            } else {
                let letter = LETTERS.get((bits >> (18 - 6 * place) & 63) as usize).copied();
                text.push(char::from(letter.unwrap_or(b'=')));
            }
        }
    }
    text
}

/// Nothing when a letter is foreign, or the padding wrong.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    if !bytes.len().is_multiple_of(4) {
        return None;
    }
    let padding = bytes.iter().rev().take_while(|&&byte| byte == b'=').count();
    if padding > 2 {
        return None;
    }
    let mut decoded = Vec::with_capacity(bytes.len() / 4 * 3);
    for group in bytes.get(..bytes.len() - padding)?.chunks(4) {
        let mut bits = 0_u32;
        for &letter in group {
            bits = bits << 6 | u32::from(value(letter)?);
        }
        bits <<= 6 * (4 - group.len());
        let [_, first, second, third] = bits.to_be_bytes();
        decoded.extend([first, second, third].into_iter().take((group.len() * 6) / 8));
    }
    Some(decoded)
}

const fn value(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_documents() {
        assert_eq!(encode(b"MZSS"), "TVpTUw==");
        assert_eq!(decode("TVpTUw==").as_deref(), Some(&b"MZSS"[..]));
        assert_eq!(decode("UElOPTEwMDM=").as_deref(), Some(&b"PIN=1003"[..]));
        for wrong in ["TVpTUw", "TVpTUw=", "TV=TUw==", "TVp TUw=", "===="] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn there_and_back(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..50)) {
            proptest::prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
    }
}
