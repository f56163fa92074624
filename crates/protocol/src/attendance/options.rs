//! `table=options`: what a machine says it can do (attendance-push §5).

use std::borrow::Cow;

use super::fields;
use crate::text;

/// A key and its value, as they are kept.
pub type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Reads the capabilities: pairs separated by commas, TABs or line ends, in the order sent.
///
/// Values may hold commas (`~OEMVendor=EXAMPLE CO., LTD.`), so a comma only separates when a key follows. The
/// `~` of read-only keys is taken off, values may be empty, and a piece without `=` is passed over.
#[must_use]
pub fn parse(body: &[u8]) -> Vec<Pair<'_>> {
    fields::lines(body)
        .flat_map(|line| line.split(|b| *b == b'\t'))
        .flat_map(|piece| fields::split_before_keys(piece, b','))
        .filter_map(|pair| text::split_once(pair, b'='))
        .map(|(key, value)| (key_text(key), text::field(value)))
        .filter(|(key, _)| !key.is_empty())
        .collect()
}

/// A key without the `~` that marks it as read-only.
fn key_text(key: &[u8]) -> Cow<'_, str> {
    const MARKS: [char; 2] = ['~', ' '];
    match text::field(key) {
        Cow::Borrowed(key) => Cow::Borrowed(key.trim_start_matches(MARKS)),
        Cow::Owned(key) => Cow::Owned(key.trim_start_matches(MARKS).to_owned()),
    }
}

/// The value under a key, in any case of its letters.
#[must_use]
pub fn get<'a>(pairs: &'a [Pair<'_>], key: &str) -> Option<&'a str> {
    pairs.iter().find(|(found, _)| found.eq_ignore_ascii_case(key)).map(|(_, value)| value.as_ref())
}

/// Writes the capabilities as a machine does: comma-separated, no line end.
///
/// Keys are written as given, `~` included, with `_` for what cannot be part of a key. In values, control
/// characters become blanks, and so does a comma that would begin another pair.
pub fn write<K: AsRef<str>, V: AsRef<str>>(pairs: &[(K, V)], out: &mut Vec<u8>) {
    for (at, (key, value)) in pairs.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        fields::write_key(key.as_ref(), out);
        out.push(b'=');
        fields::write_breaking(value.as_ref(), b',', out);
    }
}
