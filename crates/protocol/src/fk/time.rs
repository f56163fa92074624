//! Times of the FK dialect: 14 digits, 12 without seconds, or as text with dashes (fk-http §5, §6).

use crate::time::{TimeError, WallTime};

/// Reads `YYYYMMDDhhmmss`, `YYYYMMDDhhmm` or `YYYY-MM-DD HH:MM:SS` (also without seconds).
///
/// # Errors
/// [`TimeError`], by whether there was nothing, something else, or a time that cannot be.
pub fn parse(text: &str) -> Result<WallTime, TimeError> {
    let text = text.trim_matches(|c: char| c <= ' ');
    if text.is_empty() {
        return Err(TimeError::Missing);
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return WallTime::parse(text.as_bytes()).or_else(|error| match error {
            TimeError::Unreadable => WallTime::parse(format!("{text}:00").as_bytes()),
            other => Err(other),
        });
    }
    if !matches!(text.len(), 12 | 14) {
        return Err(TimeError::Unreadable);
    }
    let number = |from: usize, to: usize| {
        text.get(from..to).and_then(|digits| digits.parse::<u32>().ok()).ok_or(TimeError::Unreadable)
    };
    let year = i32::try_from(number(0, 4)?).map_err(|_| TimeError::Unreadable)?;
    let second = if text.len() == 14 { number(12, 14)? } else { 0 };
    WallTime::from_civil(year, number(4, 6)?, number(6, 8)?, number(8, 10)?, number(10, 12)?, second)
}

/// Writes 14 digits.
#[must_use]
pub fn write(time: WallTime) -> String {
    time.to_string().bytes().filter(u8::is_ascii_digit).map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn all_forms_read_alike() {
        for text in
            ["20260706085800", "202607060858", "2026-07-06 08:58:00", "2026/07/06 08:58", " 20260706085800\0"]
        {
            assert_eq!(
                parse(text).map(|time| time.to_string()).as_deref(),
                Ok("2026-07-06 08:58:00"),
                "{text:?}"
            );
        }
        for (text, error) in [
            ("", TimeError::Missing),
            ("2026070608", TimeError::Unreadable),
            ("0", TimeError::Unreadable),
            ("20260231080000", TimeError::Impossible),
            ("00000000000000", TimeError::Impossible),
            ("yesterday", TimeError::Unreadable),
        ] {
            assert_eq!(parse(text), Err(error), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn written_and_read_back(seconds in WallTime::MIN.seconds()..=WallTime::MAX.seconds()) {
            let time = WallTime::from_seconds(seconds);
            prop_assert_eq!(parse(&write(time)), Ok(time));
        }
    }
}
