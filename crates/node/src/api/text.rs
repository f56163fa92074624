//! Texts people type: checked here as well as in the core, since only here it is known which field to point at.

use rollcall_core::text;

use super::problem::Problem;

/// Refuses control characters and more than `most` characters.
pub(crate) fn check(pointer: &str, value: Option<&str>, most: usize) -> Result<(), Problem> {
    match value.map(|value| text::optional(value, most)) {
        Some(Err(error)) => Err(Problem::invalid(pointer, error.code(), error.to_string())),
        _ => Ok(()),
    }
}

/// Refuses control characters in what is looked for: nothing here has any, and SQLite ends a pattern at a NUL.
pub(crate) fn check_query(pointer: &str, value: Option<&str>) -> Result<(), Problem> {
    check(pointer, value, usize::MAX)
}
