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
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    if let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        return text;
    }
    let as_utf8 = String::from_utf8_lossy(bytes);
    let (as_gb18030, _) = GB18030.decode_without_bom_handling(bytes);
    let lost = |text: &str| text.matches(char::REPLACEMENT_CHARACTER).count();
    if lost(&as_gb18030) < lost(&as_utf8) { as_gb18030 } else { as_utf8 }
}

/// Writes text in a machine's encoding. Every character has a place in both.
#[must_use]
pub fn encode(text: &str, encoding: Encoding) -> Cow<'_, [u8]> {
    match encoding {
        Encoding::Utf8 => Cow::Borrowed(text.as_bytes()),
        Encoding::Gb18030 => GB18030.encode(text).0,
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
