//! Lines and `Key=Value` pairs, which all text bodies consist of (attendance-push §1, quirks P1, P2, P4).

use std::borrow::Cow;

use crate::text;

/// The lines of a body that hold something, with LF or CR LF taken off; the last needs neither (P2).
///
/// Lines of nothing but blanks and control bytes are left out. What is left of a line is what was sent,
/// trailing TABs included.
pub fn lines(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    body.split(|b| *b == b'\n').map(without_cr).filter(|line| !text::trim(line).is_empty())
}

fn without_cr(mut line: &[u8]) -> &[u8] {
    while let Some(shorter) = line.strip_suffix(b"\r") {
        line = shorter;
    }
    line
}

/// The `Key=Value` pairs of a TAB-separated line, split at the first `=` (P4): values may hold `=`, `,`, `&`
/// and blanks. A piece without `=` is passed over.
pub fn pairs(line: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    line.split(|b| *b == b'\t').filter_map(|piece| text::split_once(piece, b'='))
}

/// The same with both sides as text: trimmed, decoded, control characters replaced (P5, P11).
pub fn text_pairs(line: &[u8]) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    pairs(line).map(|(key, value)| (text::field(key), text::field(value)))
}

/// The `Key=Value` pairs of one line, to be asked by name: keys in any case and without what is not shown, the first of several
/// counts.
#[derive(Clone, Default)]
pub(crate) struct Row<'a>(Vec<(Cow<'a, str>, &'a [u8])>);

impl<'a> Row<'a> {
    pub(crate) fn parse(line: &'a [u8]) -> Self {
        Self(pairs(line).map(|(key, value)| (text::field(key), value)).collect())
    }

    /// The value as it was sent.
    pub(crate) fn bytes(&self, name: &str) -> Option<&'a [u8]> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }

    /// The value as text (P5, P11).
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.bytes(name).map(text::field)
    }

    /// The value as a number; `None` for one that is absent or no number.
    pub(crate) fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        std::str::from_utf8(text::trim(self.bytes(name)?)).ok()?.parse().ok()
    }

    /// All pairs but those of these names, as text.
    pub(crate) fn without(&self, names: &[&str]) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
        let known = |key: &str| names.iter().any(|name| name.eq_ignore_ascii_case(key));
        let rest = self.0.iter().filter(|(key, _)| !key.is_empty() && !known(key));
        rest.map(|(key, value)| (key.clone(), text::field(value))).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Appends a line of pairs: the word, a blank, and the pairs with TABs between them.
pub(crate) fn write_row<K: AsRef<str>, V: AsRef<str>>(
    word: &str,
    pairs: impl IntoIterator<Item = (K, V)>,
    out: &mut Vec<u8>,
) {
    out.extend_from_slice(word.as_bytes());
    for (at, (key, value)) in pairs.into_iter().enumerate() {
        out.push(if at == 0 { b' ' } else { b'\t' });
        write_key(key.as_ref(), out);
        out.push(b'=');
        write_clean(value.as_ref(), out);
    }
    out.push(b'\n');
}

/// Whether bytes begin with `~?identifier=`, and how long that is without the `=`.
pub(crate) fn key_len(bytes: &[u8]) -> Option<usize> {
    let tilde = usize::from(bytes.first() == Some(&b'~'));
    let name = bytes.get(tilde..)?;
    let first = name.first()?;
    if !first.is_ascii_alphabetic() && *first != b'_' {
        return None;
    }
    let len = name.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    (name.get(len) == Some(&b'=')).then_some(tilde + len)
}

/// Splits at every `separator` after which a key begins, so that values may hold it too.
pub(crate) fn split_before_keys(bytes: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let here = rest?;
        let mut from = 0;
        while let Some(at) = here.get(from..).and_then(|tail| tail.iter().position(|b| *b == separator)) {
            let (end, next) = (from + at, from + at + 1);
            let tail = here.get(next..).unwrap_or_default();
            if key_len(tail).is_some() {
                rest = Some(tail);
                return here.get(..end);
            }
            from = next;
        }
        rest = None;
        Some(here)
    })
}

/// Appends text that cannot leave its field: control characters become blanks (Q7).
pub(crate) fn write_clean(value: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(text::clean(value).as_bytes());
}

/// The same where pairs are separated by `separator`: one that would begin another pair becomes a blank.
pub(crate) fn write_breaking(value: &str, separator: u8, out: &mut Vec<u8>) {
    for (at, piece) in split_before_keys(text::clean(value).as_bytes(), separator).enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(piece);
    }
}

/// Appends a key; what cannot be part of one becomes `_`, and so does a key that is empty.
pub(crate) fn write_key(key: &str, out: &mut Vec<u8>) {
    let name = key.strip_prefix('~').unwrap_or(key);
    if name.len() < key.len() {
        out.push(b'~');
    }
    if name.bytes().next().is_none_or(|b| b.is_ascii_digit()) {
        out.push(b'_');
    }
    out.extend(name.bytes().map(|b| if b.is_ascii_alphanumeric() { b } else { b'_' }));
}
