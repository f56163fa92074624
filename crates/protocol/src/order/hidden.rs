//! What belongs into no log.

use std::fmt;

/// Stands for it in a log, and says how long it is.
pub(super) struct Hidden(pub(super) usize);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‹{}›", self.0)
    }
}
