//! JSON as FK machines write it (fk-http §4, §6, P10).
//!
//! A reader of its own instead of `serde_json`, which refuses what machines send: raw control characters inside
//! strings, half surrogates, numbers too large for any type, a comma too many, zeros behind the end. Numbers are kept as
//! their text, so that whether a machine writes `1001` or `"1001"` makes no difference (P10) and nothing is rounded.

use std::borrow::Cow;

use crate::text;

/// How deep values may be nested; machines go to three.
const DEEPEST: usize = 16;
/// Values a text may have: what a hostile text of ten megabytes could cost is bounded by this.
const MOST_VALUES: usize = 100_000;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(Cow<'a, str>),
    /// A text.
    Text(Cow<'a, str>),
    /// `[…]`.
    List(Vec<Json<'a>>),
    /// `{…}`, in the order sent.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// Why a text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// Not of its form, or it ends too early.
    #[error("this is not JSON")]
    Unreadable,
    /// Deeper or longer than any machine's.
    #[error("more values than a machine would send")]
    TooMuch,
}

impl<'a> Json<'a> {
    /// Reads the value at the beginning of a text, and what follows it.
    ///
    /// # Errors
    /// [`JsonError`] when there is no whole value, or one with too many values inside.
    pub fn parse_prefix(text: &'a str) -> Result<(Self, &'a str), JsonError> {
        let mut reader = Reader { rest: text.trim_start_matches('\u{feff}'), values: 0 };
        let value = reader.value(0)?;
        Ok((value, reader.rest))
    }

    /// The member of an object, its name without case. A member that is there twice counts the first time.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(found, _)| found.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The first of several names that is there and not null.
    #[must_use]
    pub fn any(&self, names: &[&str]) -> Option<&Self> {
        names.iter().find_map(|name| self.get(name).filter(|value| **value != Self::Null))
    }

    /// Text, number or truth value as text, without blanks around it; empty for everything else (P10).
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Number(text) | Self::Text(text) => text.trim_matches(|c: char| c <= ' '),
            Self::Bool(true) => "1",
            Self::Bool(false) => "0",
            Self::Null | Self::List(_) | Self::Object(_) => "",
        }
    }

    /// A whole number, however it is written: `33`, `"33"`, `" 33 "`, `33.0`, `-1`, `"0x21"` (P10).
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        let text = self.text();
        if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            return i64::from_str_radix(hex, 16).ok();
        }
        let whole = match text.split_once('.') {
            Some((whole, fraction)) if fraction.bytes().all(|b| b == b'0') => whole,
            Some(_) => return None,
            None => text,
        };
        whole.parse().ok()
    }

    /// The elements of a list; none of everything else.
    #[must_use]
    pub fn list(&self) -> &[Self] {
        match self {
            Self::List(values) => values,
            _ => &[],
        }
    }

    /// The members of an object; none of everything else.
    #[must_use]
    pub fn members(&self) -> &[(Cow<'a, str>, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// A text without control characters: what goes to a machine carries none, escaped or not (Q7).
    #[must_use]
    pub fn clean(value: &'a str) -> Self {
        Self::Text(text::clean(value))
    }

    /// A whole number.
    #[must_use]
    pub fn of_number(number: i64) -> Self {
        Self::Number(Cow::Owned(number.to_string()))
    }

    /// An object of such members, in this order.
    #[must_use]
    pub fn object(members: Vec<(&'a str, Self)>) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (Cow::Borrowed(name), value)).collect())
    }

    /// Appends the value without any blanks, other characters than ASCII as they are.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Self::Number(text) => out.push_str(text),
            Self::Text(text) => quote(text, out),
            Self::List(values) => {
                out.push('[');
                for (at, value) in values.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    value.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    quote(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                out.push_str("\\u00");
                for nibble in [u32::from(c) >> 4, u32::from(c) & 15] {
                    out.push(char::from_digit(nibble, 16).unwrap_or('0'));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

struct Reader<'a> {
    rest: &'a str,
    values: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Json<'a>, JsonError> {
        self.values += 1;
        if depth > DEEPEST || self.values > MOST_VALUES {
            return Err(JsonError::TooMuch);
        }
        self.blanks();
        match self.rest.bytes().next().ok_or(JsonError::Unreadable)? {
            b'{' => self.object(depth),
            b'[' => self.elements(depth),
            b'"' => Ok(Json::Text(self.string()?)),
            _ => self.word(),
        }
    }

    /// Blanks, and control characters other than NUL, which ends everything.
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start_matches(|c: char| c != '\0' && c <= ' ');
    }

    /// Takes the character if it comes next, blanks aside.
    fn take(&mut self, wanted: char) -> bool {
        self.blanks();
        let after = self.rest.strip_prefix(wanted);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn object(&mut self, depth: usize) -> Result<Json<'a>, JsonError> {
        let mut members = Vec::new();
        self.take('{');
        loop {
            if self.take('}') {
                return Ok(Json::Object(members));
            }
            if self.take(',') {
                continue;
            }
            let name = self.string()?;
            if !self.take(':') {
                return Err(JsonError::Unreadable);
            }
            members.push((name, self.value(depth + 1)?));
        }
    }

    fn elements(&mut self, depth: usize) -> Result<Json<'a>, JsonError> {
        let mut values = Vec::new();
        self.take('[');
        loop {
            if self.take(']') {
                return Ok(Json::List(values));
            }
            if self.take(',') {
                continue;
            }
            values.push(self.value(depth + 1)?);
        }
    }

    /// `null`, `true`, `false`, or a number.
    fn word(&mut self) -> Result<Json<'a>, JsonError> {
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).ok_or(JsonError::Unreadable)?;
        let is_number = word.bytes().any(|b| b.is_ascii_digit())
            && word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        let value = match word {
            _ if is_number => Json::Number(Cow::Borrowed(word)),
            _ if word.eq_ignore_ascii_case("null") => Json::Null,
            _ if word.eq_ignore_ascii_case("true") => Json::Bool(true),
            _ if word.eq_ignore_ascii_case("false") => Json::Bool(false),
            _ => return Err(JsonError::Unreadable),
        };
        self.rest = rest;
        Ok(value)
    }

    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.blanks();
        let text = self.rest.strip_prefix('"').ok_or(JsonError::Unreadable)?;
        let end = text.find(['"', '\\']).ok_or(JsonError::Unreadable)?;
        let (plain, rest) = text.split_at_checked(end).ok_or(JsonError::Unreadable)?;
        if let Some(rest) = rest.strip_prefix('"') {
            self.rest = rest;
            return Ok(Cow::Borrowed(plain));
        }
        self.rest = rest;
        self.escaped(plain.to_owned()).map(Cow::Owned)
    }

    /// The rest of a string with escapes in it.
    fn escaped(&mut self, mut text: String) -> Result<String, JsonError> {
        let mut high = None;
        loop {
            let at = self.rest.find(['"', '\\']).ok_or(JsonError::Unreadable)?;
            let (plain, rest) = self.rest.split_at_checked(at).ok_or(JsonError::Unreadable)?;
            if !plain.is_empty() {
                lost(&mut high, &mut text);
            }
            text.push_str(plain);
            if let Some(rest) = rest.strip_prefix('"') {
                lost(&mut high, &mut text);
                self.rest = rest;
                return Ok(text);
            }
            let mut chars = rest.chars();
            chars.next();
            let escape = chars.next().ok_or(JsonError::Unreadable)?;
            self.rest = chars.as_str();
            if escape == 'u' {
                self.unit(&mut high, &mut text)?;
                continue;
            }
            lost(&mut high, &mut text);
            text.push(match escape {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            });
        }
    }

    /// `\u` has been read: four digits, which may be half of a character.
    fn unit(&mut self, high: &mut Option<u32>, text: &mut String) -> Result<(), JsonError> {
        let (digits, rest) = self.rest.split_at_checked(4).ok_or(JsonError::Unreadable)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(JsonError::Unreadable);
        }
        let unit = u32::from_str_radix(digits, 16).map_err(|_| JsonError::Unreadable)?;
        self.rest = rest;
        match (high.take(), unit) {
            (Some(first), 0xDC00..=0xDFFF) => {
                let point = 0x1_0000 + ((first - 0xD800) << 10) + (unit - 0xDC00);
                text.push(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            (before, 0xD800..=0xDBFF) => {
                *high = before;
                lost(high, text);
                *high = Some(unit);
            }
            (before, unit) => {
                *high = before;
                lost(high, text);
                text.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        Ok(())
    }
}

/// The first half of a character whose second half did not come.
fn lost(high: &mut Option<u32>, text: &mut String) {
    if high.take().is_some() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Json<'_>, JsonError> {
        Json::parse_prefix(text).map(|(value, _)| value)
    }

    fn written(value: &Json<'_>) -> String {
        let mut out = String::new();
        value.write(&mut out);
        out
    }

    #[test]
    fn p10_numbers_and_texts_are_read_alike() {
        for text in ["33", "\"33\"", "\" 33 \"", "33.0", "\"0x21\"", "\"33\\u0000\""] {
            assert_eq!(read(text).unwrap().number(), Some(33), "{text}");
        }
        assert_eq!(read("-7").unwrap().number(), Some(-7));
        assert_eq!(read("99999999999999999999").unwrap().number(), None);
        assert_eq!(read("99999999999999999999").unwrap().text(), "99999999999999999999");
        assert_eq!(read("33.5").unwrap().number(), None);
        assert_eq!(read("null").unwrap().number(), None);
    }

    #[test]
    fn what_machines_write_beside_the_rules_is_read() {
        let value = read("\u{feff} {\"a\":1,,\"B\":[1,],\"c\":\"x\ty\u{1}\",}\0\0").unwrap();
        assert_eq!(value.get("A").unwrap().number(), Some(1));
        assert_eq!(value.get("b").unwrap().list().len(), 1);
        assert_eq!(value.get("c").unwrap().text(), "x\ty");
        assert_eq!(
            read("\"\\u5f20\\u4e09\\ud83d\\ude00\\ud83dx\\\"\\/\"").unwrap().text(),
            "张三😀\u{fffd}x\"/"
        );
        for text in
            ["", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "[1", "\"x", "nul", "\"\\u12", "{1:2}", "\0", "-"]
        {
            assert_eq!(read(text), Err(JsonError::Unreadable), "{text:?}");
        }
    }

    #[test]
    fn depth_and_number_of_values_are_bounded() {
        assert_eq!(read(&"[".repeat(100_000)), Err(JsonError::TooMuch));
        assert_eq!(read(&format!("[{}1]", "1,".repeat(MOST_VALUES))), Err(JsonError::TooMuch));
    }

    fn any_json() -> impl Strategy<Value = Json<'static>> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::Bool),
            any::<i64>().prop_map(Json::of_number),
            any::<String>().prop_map(|text| Json::Text(Cow::Owned(text))),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
                prop::collection::vec((any::<String>().prop_map(Cow::Owned), inner), 0..6)
                    .prop_map(Json::Object),
            ]
        })
    }

    proptest! {
        #[test]
        fn written_and_read_back(value in any_json()) {
            let text = written(&value);
            prop_assert_eq!(Json::parse_prefix(&text), Ok((value, "")));
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".{0,200}", noise in "[\\[{\"\\\\u:,}\\]0-9dD]{0,60}") {
            let _ = Json::parse_prefix(&text);
            let _ = Json::parse_prefix(&noise);
        }
    }
}
