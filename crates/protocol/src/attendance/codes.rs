//! What return codes of the attendance dialect mean (attendance-push §18, quirk Q9).

use crate::codes::{DONE, UNEXPLAINED};

/// Whether a result is a success: not below zero, and of an enrolment not one of the codes that say how it failed (Q9).
#[must_use]
pub fn succeeded(code: i64, enrolment: bool) -> bool {
    reason(code, enrolment) == DONE
}

/// A return code as one of [`crate::codes`]. Above zero it is a count, but for enrolments.
#[must_use]
pub fn reason(code: i64, enrolment: bool) -> &'static str {
    match code {
        2 if enrolment => "enrolment.exists",
        4 if enrolment => "enrolment.failed",
        5 if enrolment => "enrolment.already_there",
        6 if enrolment => "enrolment.cancelled",
        7 if enrolment => "machine.busy",
        0.. => DONE,
        -1 => "machine.parameter",
        // A picture of another size, a file that failed, or the wrong operation: documents have all three.
        -2 => "machine.error",
        -3 => "machine.storage",
        -4 => "machine.no_match",
        -5 | -1001 => "machine.no_space",
        -6 => "machine.data_invalid",
        -9 => "machine.length_mismatch",
        -10 => "machine.person_unknown",
        -11 => "machine.template_format",
        -12 => "machine.template_invalid",
        -30 => "machine.template_version",
        -22 => "machine.unknown_command",
        -1002 => "machine.not_supported",
        -1003 => "machine.timeout",
        -1004 => "machine.configuration",
        -1005 => "machine.busy",
        -1006 => "machine.data_too_large",
        -1007 => "machine.memory",
        -1008 => "machine.fetch_failed",
        _ => UNEXPLAINED,
    }
}

/// Why a photo was refused, by the code of an `ERRORLOG` line.
#[must_use]
pub fn photo(code: &str) -> &'static str {
    match code.trim().to_ascii_uppercase().as_str() {
        "D01E0001" => "photo.no_face",
        "D01E0002" => "photo.covered",
        "D01E0003" => "photo.not_clear",
        "D01E0004" => "photo.angle",
        "D01E0005" => "photo.not_alive",
        "D01E0006" => "photo.extraction",
        _ => "photo.failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::words;

    #[test]
    fn q9_positive_codes_are_counts_but_for_enrolments() {
        for code in [0, 1, 2, 4, 34, 255, i64::MAX] {
            assert!(succeeded(code, false), "{code}");
        }
        for code in [2, 4, 5, 6, 7] {
            assert!(!succeeded(code, true), "{code}");
        }
        assert!(succeeded(0, true) && succeeded(3, true));
        for code in [-1, -22, -1002, -10_001, i64::MIN] {
            assert!(!succeeded(code, false) && !succeeded(code, true), "{code}");
        }
    }

    #[test]
    fn every_reason_has_words() {
        let codes = (-1010..=10).flat_map(|code| [reason(code, false), reason(code, true)]);
        let photos = (0..9).map(|n| photo(&format!("d01e000{n}")));
        for reason in codes.chain(photos) {
            assert!(!words(reason).is_empty(), "{reason}");
        }
        assert_eq!((reason(-10, false), reason(-10_001, false)), ("machine.person_unknown", "machine.code"));
        assert_eq!((photo("D01E0001 "), photo("D02E0001")), ("photo.no_face", "photo.failed"));
        // What has another try in old words depends on this name.
        assert_eq!(
            (reason(-22, false), reason(-1002, false)),
            ("machine.unknown_command", "machine.not_supported")
        );
    }
}
