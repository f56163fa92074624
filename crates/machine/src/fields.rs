//! `Key=Value` between TABs, as both iclock dialects have it.

/// What follows a command word, which counts in any case.
pub(crate) fn verb<'a>(order: &'a str, word: &str) -> Option<&'a str> {
    let head = order.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| order.get(word.len()..).unwrap_or_default())
}

/// `Key=Value` between TABs. A blank beside a TAB belongs to key or value and spoils it, as on the machine.
pub(crate) fn pairs(fields: &str) -> impl Iterator<Item = (&str, &str)> {
    fields.strip_prefix(' ').unwrap_or(fields).split('\t').filter_map(|pair| pair.split_once('='))
}

pub(crate) fn field<'a>(fields: &'a str, key: &str) -> Option<&'a str> {
    pairs(fields).find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
}

/// A number in a field.
pub(crate) fn number<T: std::str::FromStr>(fields: &str, key: &str) -> Option<T> {
    field(fields, key).and_then(|value| value.parse().ok())
}
