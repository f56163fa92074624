//! What the name of a field says of its value, and what of a value is kept.

use super::SECRET;
use super::out::Out;

/// What a field's name says of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Plain,
    Secret,
    Card,
    Blob,
}

impl Class {
    pub(super) fn of(key: &str) -> Self {
        let key = key.trim().to_ascii_lowercase();
        let is = |names: &[&str]| names.contains(&key.as_str());
        let has = |parts: &[&str]| parts.iter().any(|part| key.contains(part));
        if key.ends_with("_time") {
            // When it was enrolled.
            Self::Plain
        } else if key.ends_with("key")
            || has(&["passw", "pwd", "token", "secret", "authorization", "registrycode", "sessionid"])
            || is(&["factors"])
        {
            Self::Secret
        } else if is(&[
            "card",
            "cardno",
            "card_no",
            "cardid",
            "cardnum",
            "cardnumber",
            "card_number",
            "maincard",
            "vicecard",
            "idcard",
            "idnum",
            "idnumber",
            "id_number",
            "snnum",
            "dnnum",
        ]) {
            Self::Card
        } else if is(&["tmp", "content", "base64", "enroll_data", "picture", "feature"])
            || key.starts_with("template")
            || key.starts_with("fptemplate")
            || key.ends_with("photo")
            || key.ends_with("image")
        {
            Self::Blob
        } else {
            Self::Plain
        }
    }

    /// Writes a value as it may be kept.
    pub(super) fn mask(self, key: &str, value: &str, out: &mut Out) {
        match self {
            _ if value.is_empty() => {}
            Self::Plain => out.push(value),
            Self::Secret => out.push(SECRET),
            Self::Card => card(value, out),
            Self::Blob if is_harmless(key, value) => out.push(value),
            Self::Blob => out.blob(value.len()),
        }
    }
}

/// A blob's name with something else behind it: a switch (`BioPhoto=1`), or where the blob is (`BIN_1`, fk-http §4).
fn is_harmless(key: &str, value: &str) -> bool {
    let digits = |text: &str, most| text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    value.strip_prefix("BIN_").is_some_and(|number| !number.is_empty() && digits(number, 4))
        // A short password is enrolled as `enroll_data`.
        || (!key.eq_ignore_ascii_case("enroll_data") && digits(value, 3))
}

/// A card's number without all but its last two digits; nothing but zeros is no card.
fn card(value: &str, out: &mut Out) {
    if !value.bytes().any(|byte| byte.is_ascii_alphanumeric() && byte != b'0') {
        return out.push(value);
    }
    let digits = value.chars().filter(char::is_ascii_alphanumeric).count();
    let bare = if digits > 4 { 2 } else { 0 };
    let mut at = 0;
    for c in value.chars() {
        let hidden = c.is_ascii_alphanumeric() && at + bare < digits;
        at += usize::from(c.is_ascii_alphanumeric());
        out.text.push(if hidden || !c.is_ascii() { '•' } else { c });
    }
}
