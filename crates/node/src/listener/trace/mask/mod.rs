//! What of a message may be kept for people who support a machine (O1): its shape, its numbers of people and their names,
//! but no secret, no fingerprint, face or picture, and of a card the last two digits only.
//!
//! It masks by the names of fields, and besides by shape: whatever follows a NUL is a blob, and so is any long run of
//! Base64, since the point of a trace is a machine nobody has seen before.

mod body;
mod class;
mod head;
mod line;
mod out;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use rollcall_protocol::text;

pub(super) use body::body;
use class::Class;
pub(crate) use head::query;
pub(super) use head::{headers, target};
use line::line;
use out::Out;

/// Bytes of one option that are shown.
const LONGEST_PAIR: usize = 600;
/// Where a secret was.
const SECRET: &str = "‹secret›";

/// A message that is kept in clear: as it came, unless there is a secret in it.
pub(crate) fn without_secrets(text: String) -> String {
    let masked = body(text.as_bytes(), false, usize::MAX);
    if masked.contains(SECRET) { masked } else { text }
}

/// The form in which a line that nobody can read is set aside: it may be of another table, with a password in it. Nothing when
/// it can be as it came.
pub(crate) fn set_aside(line: &[u8]) -> Option<Vec<u8>> {
    // Masking costs more than reading did, and a body may be nothing but such lines: a secret has a name and a sign.
    if !line.iter().any(|byte| matches!(byte, b'=' | b':')) {
        return None;
    }
    let masked = body(line, false, usize::MAX);
    masked.contains(SECRET).then(|| masked.into_bytes())
}

/// Whether what stands behind this name is a secret.
pub(crate) fn is_secret(key: &str) -> bool {
    Class::of(key) == Class::Secret
}

/// A name and its value, on one line.
pub(crate) fn pair(key: &str, value: &str) -> String {
    let mut out = Out::new(LONGEST_PAIR);
    line(key, &mut out);
    out.push("=");
    field(key, &printable(value.as_bytes()), &mut out);
    out.end()
}

/// The whole value of a query parameter or header.
fn field(key: &str, value: &str, out: &mut Out) {
    match Class::of(key) {
        Class::Plain => {
            line(value, out);
        }
        class => class.mask(key, value, out),
    }
}

/// Text of any encoding; control characters but the TAB become blanks.
fn printable(bytes: &[u8]) -> Cow<'_, str> {
    let text = text::decode(bytes);
    if text.chars().any(|c| c.is_control() && c != '\t') {
        let clean = text.chars().map(|c| if c.is_control() && c != '\t' { ' ' } else { c });
        return Cow::Owned(clean.collect());
    }
    text
}
