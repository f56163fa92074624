//! What `cmd_return_code` means, by the names all dialects share (fk-http §3).

use crate::codes::{DONE, UNEXPLAINED};

/// Whether a command was carried out.
#[must_use]
pub fn is_success(code: &str) -> bool {
    let code = code.trim();
    // Some firmware writes a number, or nothing at all behind a result that has a body.
    code.eq_ignore_ascii_case("OK") || code == "0"
}

/// The stable name of a code.
#[must_use]
pub fn reason(code: &str) -> &'static str {
    const REASONS: [(&str, &str); 24] = [
        ("OK", DONE),
        ("0", DONE),
        ("ERROR", "machine.error"),
        ("ERROR_INVALID_PARAM", "machine.parameter"),
        ("ERROR_PARAM", "machine.parameter"),
        ("ERROR_NOT_SUPPORTED", "machine.not_supported"),
        ("ERROR_NOT_SUPPORT", "machine.not_supported"),
        ("ERROR_INVALID_CMD", "machine.unknown_command"),
        ("ERROR_INVALID_CMD_CODE", "machine.unknown_command"),
        ("ERROR_UNKNOWN_CMD", "machine.unknown_command"),
        ("ERROR_INVALID_LIB_NAME", "machine.template_version"),
        ("ERROR_INVALID_DATA", "machine.data_invalid"),
        ("ERROR_INVALID_ENROLL_DATA", "machine.template_invalid"),
        ("ERROR_CANCELED", "machine.cancelled"),
        ("ERROR_CANCELLED", "machine.cancelled"),
        ("ERROR_ADD_BLOCK_DATA", "machine.transfer"),
        ("ERROR_NO_USER", "machine.person_unknown"),
        ("ERROR_USER_NOT_FOUND", "machine.person_unknown"),
        ("ERROR_NO_SUCH_USER", "machine.person_unknown"),
        ("ERROR_NO_SPACE", "machine.no_space"),
        ("ERROR_MEMORY_FULL", "machine.no_space"),
        ("ERROR_NO_MEMORY", "machine.memory"),
        ("ERROR_BUSY", "machine.busy"),
        ("ERROR_TIMEOUT", "machine.timeout"),
    ];
    let code = code.trim();
    REASONS.iter().find(|(known, _)| known.eq_ignore_ascii_case(code)).map_or(UNEXPLAINED, |row| row.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::words;

    #[test]
    fn every_code_has_a_name_with_words() {
        for (code, expected) in [
            ("OK", DONE),
            (" error_invalid_param ", "machine.parameter"),
            ("ERROR_NOT_SUPPORTED", "machine.not_supported"),
            ("ERROR_WHATEVER", UNEXPLAINED),
            ("", UNEXPLAINED),
        ] {
            assert_eq!(reason(code), expected, "{code}");
            assert!(!words(reason(code)).is_empty());
        }
        assert!(is_success("ok") && is_success("0") && !is_success("") && !is_success("ERROR"));
    }
}
