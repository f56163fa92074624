//! What people type as names: trimmed, not empty, not endless, without control characters. And what machines send as
//! such, which is made so rather than refused.

use rollcall_protocol::text::{clean, truncate_bytes};

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("the text is empty")]
    Empty,
    /// More characters than the field holds.
    #[error("the text has more than {0} characters")]
    TooLong(usize),
    /// A line break, tab or other control character; on a machine's wire it would begin a new field or command.
    #[error("the text has a control character in it")]
    ControlCharacter,
}

impl TextError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "text.empty",
            Self::TooLong(_) => "text.too_long",
            Self::ControlCharacter => "text.control_character",
        }
    }
}

/// A text that must say something.
pub fn required(text: &str, most: usize) -> Result<String, TextError> {
    optional(text, most)?.ok_or(TextError::Empty)
}

/// A text that may be left out: blank means none.
pub fn optional(text: &str, most: usize) -> Result<Option<String>, TextError> {
    // Looked at before trimming: a trailing line break is a control character too.
    if text.chars().any(char::is_control) {
        return Err(TextError::ControlCharacter);
    }
    let text = text.trim();
    if text.chars().count() > most {
        return Err(TextError::TooLong(most));
    }
    Ok(if text.is_empty() { None } else { Some(text.to_owned()) })
}

/// Bytes kept of a text a machine sent; names have 24 on most of them.
const SAID_MOST: usize = 256;

/// What is kept of a text a machine sent: without control characters, not endless (P11).
pub(crate) fn as_said(text: &str) -> String {
    truncate_bytes(&clean(text), SAID_MOST).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_checked() {
        assert_eq!(required(" 李四 ", 10), Ok("李四".to_owned()));
        assert_eq!(required("  ", 10), Err(TextError::Empty));
        assert_eq!(required("𠮷𠮷𠮷", 2), Err(TextError::TooLong(2)));
        assert_eq!(required("a\tb", 10), Err(TextError::ControlCharacter));
        assert_eq!(optional("a\n", 10), Err(TextError::ControlCharacter));
        assert_eq!(optional("", 10), Ok(None));
    }

    #[test]
    fn p11_control_bytes_of_a_machine_become_blanks() {
        assert_eq!(as_said("李\0四\t\u{85}x"), "李 四  x");
        let long = as_said(&"四".repeat(100));
        assert_eq!((long.len(), long.chars().count()), (255, 85));
    }
}
