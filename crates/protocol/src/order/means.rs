//! The machine an order is for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::attendance::handshake::Generation;
use crate::dialect::Dialect;
use crate::text::Encoding;
use crate::time::WallTime;

/// What is known of a machine when an order is put into its words.
#[derive(Clone, Debug)]
pub struct Means<'a> {
    /// How it talks.
    pub dialect: Dialect,
    /// Generation of attendance firmware.
    pub generation: Generation,
    /// How it reads text.
    pub encoding: Encoding,
    /// Knows people only in the words of PUSH 1.x (attendance-push §14.6).
    pub old_user_form: bool,
    /// What it said of itself.
    pub options: Cow<'a, BTreeMap<String, String>>,
    /// What its clock should show now.
    pub now: WallTime,
    /// Its zone's offset, in seconds east of UTC.
    pub utc_offset: i32,
}

impl Means<'_> {
    /// A value it said of itself; the name in any case, with or without `~`.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&str> {
        let found =
            self.options.iter().find(|(key, _)| key.trim_start_matches('~').eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}
