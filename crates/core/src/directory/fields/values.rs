//! What may stand in a field, and how it is kept.

use chrono::{Datelike, NaiveDate};

use super::{FIELD_MOST, Field, FieldType};
use crate::text::{self, TextError};

/// Why a value does not fit its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// No decimal number.
    #[error("not a number like 42, -3 or 1.5")]
    NotANumber,
    /// No date.
    #[error("not a date like 2026-07-06 of the years 1900 to 9999")]
    NotADate,
    /// None of the choices.
    #[error("none of the field's choices")]
    NotAChoice,
    /// Not a text that may be kept.
    #[error(transparent)]
    Text(#[from] TextError),
}

impl ValueError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotANumber => "field.not_a_number",
            Self::NotADate => "field.not_a_date",
            Self::NotAChoice => "field.not_a_choice",
            Self::Text(error) => error.code(),
        }
    }
}

/// A value as it is kept; none when it is blank.
pub(in super::super) fn checked(field: &Field, value: &str) -> Result<Option<String>, ValueError> {
    let Some(text) = text::optional(value, FIELD_MOST)? else { return Ok(None) };
    match field.kind {
        FieldType::Text => Ok(Some(text)),
        FieldType::Number => number(&text).map(Some).ok_or(ValueError::NotANumber),
        FieldType::Date => date(&text).map(|date| Some(date.to_string())).ok_or(ValueError::NotADate),
        FieldType::Choice if field.choices.contains(&text) => Ok(Some(text)),
        FieldType::Choice => Err(ValueError::NotAChoice),
    }
}

/// A decimal number in its shortest form, so that the same number is always the same text. Never through a binary
/// fraction: it is what somebody typed, however many digits it has.
fn number(text: &str) -> Option<String> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let digits_only = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits_only(whole) || !digits_only(fraction) {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let fraction = fraction.trim_end_matches('0');
    let sign = if negative && (whole != "0" || !fraction.is_empty()) { "-" } else { "" };
    let dot = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{dot}{fraction}"))
}

/// The first year of a date; whoever writes an earlier one has mistyped it.
const YEAR_LEAST: i32 = 1900;

/// `YYYY-MM-DD` and nothing else: the calendar's own reading also takes signs, blanks and single digits.
pub(in super::super) fn date(text: &str) -> Option<NaiveDate> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    text.parse::<NaiveDate>().ok().filter(|date| shape && date.year() >= YEAR_LEAST)
}

#[cfg(test)]
mod tests {
    use super::super::FieldGroup;
    use super::*;

    fn field(kind: FieldType) -> Field {
        Field {
            key: "x".into(),
            label: "X".into(),
            kind,
            group: FieldGroup::Basic,
            choices: if kind == FieldType::Choice { vec!["甲".into(), "乙".into()] } else { Vec::new() },
            system: false,
        }
    }

    #[test]
    fn directory_2_1_values_are_kept_as_their_field_says() {
        use FieldType::{Choice, Date, Number, Text};
        let good = [
            (Text, " 007 ", "007"),
            (Number, "007", "7"),
            (Number, " 1001.0 ", "1001"),
            (Number, "+1.50", "1.5"),
            (Number, "-0.0", "0"),
            (Number, "-00.10", "-0.1"),
            (Number, "123456789012345678901234567890", "123456789012345678901234567890"),
            (Date, "2024-02-29", "2024-02-29"),
            (Choice, "乙", "乙"),
        ];
        for (kind, value, kept) in good {
            assert_eq!(checked(&field(kind), value), Ok(Some(kept.to_owned())), "{kind:?} {value}");
            assert_eq!(checked(&field(kind), kept), Ok(Some(kept.to_owned())), "{kind:?} {kept} again");
        }
        for kind in [Text, Number, Date, Choice] {
            assert_eq!(checked(&field(kind), "  "), Ok(None), "{kind:?}");
        }
        let bad = [
            (Number, "1e5", ValueError::NotANumber),
            (Number, "1,000", ValueError::NotANumber),
            (Number, "1.", ValueError::NotANumber),
            (Number, ".5", ValueError::NotANumber),
            (Number, "--1", ValueError::NotANumber),
            (Number, "１２", ValueError::NotANumber),
            (Date, "2026-02-29", ValueError::NotADate),
            (Date, "2026/2/1", ValueError::NotADate),
            (Choice, "丙", ValueError::NotAChoice),
            (Text, "a\tb", ValueError::Text(TextError::ControlCharacter)),
        ];
        for (kind, value, error) in bad {
            assert_eq!(checked(&field(kind), value), Err(error), "{kind:?} {value}");
        }
    }
}
