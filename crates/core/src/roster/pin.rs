//! The number under which a machine knows somebody (rule 3.2).

use std::fmt;

use rusqlite::ToSql;
use rusqlite::types::ToSqlOutput;
use serde::{Deserialize, Serialize};

use crate::text::as_said;

/// A pin as typed: ASCII digits only, 1 to 9 of them, value above 0.
///
/// Kept as typed, compared as a number, for machines drop leading zeros.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    text: String,
    number: u32,
}

/// Why a text is no pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// Nothing there.
    #[error("the number is empty")]
    Empty,
    /// Something else than the digits 0 to 9.
    #[error("the number has something else than the digits 0 to 9 in it")]
    NotDigits,
    /// More than nine digits, leading zeros included.
    #[error("the number has more than 9 digits")]
    TooLong,
    /// The value is 0, which no machine takes for a person.
    #[error("the number is 0")]
    Zero,
}

impl PinError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "pin.empty",
            Self::NotDigits => "pin.not_digits",
            Self::TooLong => "pin.too_long",
            Self::Zero => "pin.zero",
        }
    }
}

impl Pin {
    /// Most digits.
    pub const MOST: usize = 9;

    /// Checks a text; blanks around it do not count.
    pub fn new(text: &str) -> Result<Self, PinError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(PinError::Empty);
        }
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(PinError::NotDigits);
        }
        if text.len() > Self::MOST {
            return Err(PinError::TooLong);
        }
        match text.parse() {
            Ok(0) | Err(_) => Err(PinError::Zero),
            Ok(number) => Ok(Self { text: text.to_owned(), number }),
        }
    }

    /// As typed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// As a machine compares it.
    pub fn number(&self) -> i64 {
        i64::from(self.number)
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The value of a pin a machine sent, if it is one that an entry can have.
pub fn pin_number(sent: &str) -> Option<i64> {
    let digits = sent.trim();
    // A machine may pad to any width; what counts is the value.
    if digits.is_empty() || digits.len() > 32 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u128>().ok().and_then(|value| i64::try_from(value).ok()).filter(|value| *value > 0)
}

/// What the pin of a machine is compared by, and lists are ordered by: numbers by value, before everything else. In SQL
/// the same is `ifnull(pin_number, pin)`, or a column `pin_key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum PinKey {
    /// A number; leading zeros do not count.
    Number(i64),
    /// Anything else.
    Text(String),
}

impl PinKey {
    /// The key of a pin as sent.
    pub(crate) fn of(sent: &str) -> Self {
        pin_number(sent).map_or_else(|| Self::Text(as_said(sent.trim())), Self::Number)
    }
}

impl ToSql for PinKey {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Number(number) => number.to_sql(),
            Self::Text(text) => text.to_sql(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roster_3_2_a_pin_is_one_to_nine_digits_above_zero() {
        let table = [
            ("1", Ok(1)),
            ("0001", Ok(1)),
            (" 42 ", Ok(42)),
            ("999999999", Ok(999_999_999)),
            ("", Err(PinError::Empty)),
            ("   ", Err(PinError::Empty)),
            ("0", Err(PinError::Zero)),
            ("000000000", Err(PinError::Zero)),
            ("1234567890", Err(PinError::TooLong)),
            ("0000000001", Err(PinError::TooLong)),
            ("12a", Err(PinError::NotDigits)),
            ("-1", Err(PinError::NotDigits)),
            ("1.5", Err(PinError::NotDigits)),
            ("+1", Err(PinError::NotDigits)),
            ("１２", Err(PinError::NotDigits)), // full-width digits are not ASCII
            ("12345678901a", Err(PinError::NotDigits)),
        ];
        for (text, expected) in table {
            assert_eq!(Pin::new(text).map(|pin| pin.number()), expected, "{text:?}");
        }
    }

    #[test]
    fn roster_3_2_a_pin_is_kept_as_typed() {
        assert_eq!(Pin::new("0042").unwrap().as_str(), "0042");
    }

    #[test]
    fn roster_3_2_a_punch_matches_by_value() {
        assert_eq!(pin_number("00001001"), Some(1001));
        assert_eq!(pin_number("1001"), Some(1001));
        assert_eq!(pin_number("A1"), None);
        assert_eq!(pin_number("0"), None);
        assert_eq!(pin_number("99999999999999999999999"), None);
    }
}
