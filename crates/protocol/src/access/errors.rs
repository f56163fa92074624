//! `errorlog`: why a machine could not use what it was sent (access-push §7, §19; the codes are those of attendance-push
//! §18).

use std::borrow::Cow;

use super::row::Row;
use crate::{base64, text};

/// Something that went wrong at the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineError<'a> {
    /// `D01E0001` …
    pub code: Cow<'a, str>,
    /// The machine's words, mostly none.
    pub words: Cow<'a, str>,
    /// The command it is about; nothing when it came up at the machine (`dataorigin=dev`).
    pub command: Option<u32>,
    /// `PIN=1001` and the like, decoded.
    pub about: String,
}

impl<'a> MachineError<'a> {
    /// Reads a row; nothing without a code.
    #[must_use]
    pub fn of(row: &Row<'a>) -> Option<Self> {
        let take = |name: &str| {
            let found = row.pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let code = take("errcode");
        if code.is_empty() {
            return None;
        }
        let ours = take("dataorigin").eq_ignore_ascii_case("cmd");
        let additional = take("additional");
        let about = base64::decode(additional.as_bytes())
            .map_or_else(|| additional.into_owned(), |bytes| text::field(&bytes).into_owned());
        Some(Self { code, words: take("errmsg"), command: row.number("cmdid").filter(|_| ours), about })
    }
}
