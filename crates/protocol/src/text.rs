//! Text of unknown encoding (attendance-push §15.2, quirk P5) and text that goes to a machine (quirk Q7).

use std::borrow::Cow;

use encoding_rs::GB18030;

/// How text is written for one machine (§15.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Current firmware.
    #[default]
    Utf8,
    /// Older firmware whose language is Simplified Chinese; a superset of GB2312 and GBK.
    Gb18030,
}

/// Reads text as P5 has it: strict UTF-8, else GB18030, else with replacement characters.
///
/// Meant for one line or one field: a body may mix encodings. When neither encoding fits, the one that
/// loses fewer characters is taken, because what usually happened is a name cut in the middle of its last
/// character.
#[must_use]
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => return Cow::Borrowed(text),
        Err(error) if is_cut_utf8(bytes, error) => return String::from_utf8_lossy(bytes),
        Err(_) => {}
    }
    if let Some(text) = gb18030(bytes) {
        return text;
    }
    let as_utf8 = String::from_utf8_lossy(bytes);
    let (as_gb18030, _) = GB18030.decode_without_bom_handling(bytes);
    let lost = |text: &str| text.matches(char::REPLACEMENT_CHARACTER).count();
    if lost(&as_gb18030) < lost(&as_utf8) { as_gb18030 } else { as_utf8 }
}

/// The text that bytes are in GB18030; none when they are not.
pub(crate) fn gb18030(bytes: &[u8]) -> Option<Cow<'_, str>> {
    GB18030.decode_without_bom_handling_and_without_replacement(bytes)
}

/// Bytes of a name below which nobody cuts it: most machines hold 24.
const NEVER_CUT: usize = 18;

/// Whether UTF-8 fails only because its last character was cut, as happens to names at the end of their 24 bytes. Some such
/// bytes are good GB18030 too, and would be read as other names. Short ones are not cut, and the two characters of a name in
/// GB18030 look like UTF-8 with a piece behind it often enough.
fn is_cut_utf8(bytes: &[u8], error: std::str::Utf8Error) -> bool {
    let whole = bytes.get(..error.valid_up_to()).unwrap_or_default();
    error.error_len().is_none() && whole.len() >= NEVER_CUT && whole.iter().any(|byte| *byte >= 0xe0)
}

/// The encoding a machine must be using to send this; `None` for pure ASCII and for what is neither. Meant for one line or
/// field, like [`decode`].
#[must_use]
pub fn detect(bytes: &[u8]) -> Option<Encoding> {
    if bytes.is_ascii() {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Some(Encoding::Utf8),
        Err(error) if is_cut_utf8(bytes, error) => Some(Encoding::Utf8),
        Err(_) => gb18030(bytes).is_some().then_some(Encoding::Gb18030),
    }
}

/// Stands for what an encoding has no place for.
const NO_PLACE: &str = "?";

/// Writes text in a machine's encoding. All characters have a place in both but one of private use, U+E5E5, for which a
/// question mark is written.
#[must_use]
pub fn encode(text: &str, encoding: Encoding) -> Cow<'_, [u8]> {
    match encoding {
        Encoding::Utf8 => Cow::Borrowed(text.as_bytes()),
        Encoding::Gb18030 => {
            let (encoded, _, unmappable) = GB18030.encode(text);
            if !unmappable {
                return encoded;
            }
            // The encoder writes `&#58853;`, which a machine would show as a name.
            let mut out = Vec::with_capacity(encoded.len());
            let mut buffer = [0; 4];
            for c in text.chars() {
                let (one, _, unmappable) = GB18030.encode(c.encode_utf8(&mut buffer));
                out.extend_from_slice(if unmappable { NO_PLACE.as_bytes() } else { &one });
            }
            Cow::Owned(out)
        }
    }
}

/// The longest beginning of a text that fits into so many bytes of a machine's encoding without cutting a character (U5).
#[must_use]
pub fn truncate_encoded(text: &str, encoding: Encoding, max: usize) -> &str {
    if encoding == Encoding::Utf8 {
        return truncate_bytes(text, max);
    }
    let (mut used, mut buffer) = (0, [0; 4]);
    for (at, c) in text.char_indices() {
        used += encode(c.encode_utf8(&mut buffer), encoding).len();
        if used > max {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

/// A way of verifying as it is compared: a number without the zeros in front that one message has and the next has not, but
/// sixteen binary digits as they are, which are no number (access-push §14).
#[must_use]
pub fn way(verify: Cow<'_, str>) -> Cow<'_, str> {
    const BINARY: usize = 16;
    let binary = verify.len() == BINARY && verify.bytes().all(|digit| matches!(digit, b'0' | b'1'));
    if binary || verify.len() < 2 || !verify.bytes().all(|digit| digit.is_ascii_digit()) {
        return verify;
    }
    let zeros = verify.bytes().take_while(|digit| *digit == b'0').count().min(verify.len() - 1);
    match verify {
        Cow::Borrowed(verify) => Cow::Borrowed(verify.get(zeros..).unwrap_or_default()),
        Cow::Owned(mut verify) => {
            verify.drain(..zeros);
            Cow::Owned(verify)
        }
    }
}

/// Replaces every control character, TAB and line ends included, by a blank (P11, Q7).
///
/// A field cannot be escaped on this wire: a line end inside a name would begin a new command.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().any(char::is_control) {
        Cow::Owned(text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// The longest beginning of a text that fits into so many bytes of UTF-8 without cutting a character (U5).
#[must_use]
pub fn truncate_bytes(text: &str, max: usize) -> &str {
    let mut end = max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A field of a text line as it is stored: blanks and control bytes at both ends taken off, decoded, control
/// characters inside replaced.
pub(crate) fn field(bytes: &[u8]) -> Cow<'_, str> {
    let text = decode(trim(bytes));
    match clean(&text) {
        Cow::Borrowed(_) => text,
        // What was replaced may have stood at an end: the two-byte control characters U+0080 to U+009F.
        Cow::Owned(cleaned) => Cow::Owned(cleaned.trim_matches(' ').to_owned()),
    }
}

/// Takes blanks and control bytes off both ends.
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    trim_start(trim_end(bytes))
}

/// Takes blanks and control bytes off the beginning.
pub(crate) fn trim_start(bytes: &[u8]) -> &[u8] {
    let blanks = bytes.iter().take_while(|b| is_blank(**b)).count();
    bytes.get(blanks..).unwrap_or_default()
}

/// Takes blanks and control bytes off the end.
pub(crate) fn trim_end(bytes: &[u8]) -> &[u8] {
    let kept = bytes.len() - bytes.iter().rev().take_while(|b| is_blank(**b)).count();
    bytes.get(..kept).unwrap_or_default()
}

fn is_blank(byte: u8) -> bool {
    byte <= b' ' || byte == 0x7f
}

/// The bytes before and after the first `separator`.
pub(crate) fn split_once(bytes: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|b| *b == separator)?;
    Some((bytes.get(..at)?, bytes.get(at + 1..)?))
}
