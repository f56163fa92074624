//! What a machine says to a command, in the names all dialects share (access-push §16; [`crate::codes`]).

use crate::codes::{DONE, UNEXPLAINED};

/// Taken over by a master and still under way there: neither done nor failed.
pub const PENDING: i64 = -5000;

/// Why a command failed, or that it did not. The meaning of −1 to −27 is a hint only, so the number has to be shown too.
#[must_use]
pub fn reason(code: i64) -> &'static str {
    match code {
        0.. => DONE,
        -1 => "machine.transfer",
        -2 => "machine.no_answer",
        -3 => "machine.memory",
        -4 | -9 | -19 => "machine.transfer",
        -5 | -6 | -20 | -631 => "machine.length_mismatch",
        -7 => "machine.duplicate_command",
        -8 => "machine.not_authorised",
        -10 | -23 | -104 | -105 | -620 => "machine.data_invalid",
        -11 | -106 => "machine.data_too_large",
        -12 | -14 => "machine.password_wrong",
        -13 => "machine.unknown_command",
        -15 | -16 | -22 | -632 => "machine.file",
        -18 => "machine.no_space",
        -26 | -27 => "machine.template_invalid",
        -99 => "machine.error",
        -100 | -628 | -629 => "machine.table_unknown",
        -103..=-101 | -621 => "machine.field_unknown",
        -108 => "machine.parameter",
        -612 => "machine.not_saved",
        -630 | -708 => "machine.not_supported",
        -721 | -722 => "machine.busy",
        -725 => "machine.timeout",
        -726 => "machine.fetch_failed",
        _ => UNEXPLAINED,
    }
}
