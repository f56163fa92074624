//! Lists come in pages; a cursor says where the next one begins.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::db::{self, database_failure};
use crate::machines::MachineError;

/// How much of a list is wanted, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// At most so many items, 1 to [`Page::MOST`].
    pub limit: u32,
    /// The `next` of the page before; nothing for the first page.
    pub cursor: Option<String>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paged<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// How many there are on all pages.
    pub total: u64,
    /// Where the next page begins; nothing on the last.
    pub next: Option<String>,
}

/// A cursor that no list ever handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not one that a list answered")]
pub struct CursorError;

impl CursorError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        "page.cursor_invalid"
    }
}

/// Why a list of what one machine holds could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// There is no such machine.
    #[error(transparent)]
    Machine(MachineError),
    /// The cursor is not ours.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(ListError);

impl From<MachineError> for ListError {
    fn from(error: MachineError) -> Self {
        match error {
            MachineError::Database(error) => Self::Database(error),
            other => Self::Machine(other),
        }
    }
}

impl ListError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Machine(error) => error.code(),
            Self::Cursor(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }
}

impl Default for Page {
    fn default() -> Self {
        Self { limit: Self::USUAL, cursor: None }
    }
}

impl Page {
    /// The limit when none is given.
    pub const USUAL: u32 = 100;
    /// The largest limit.
    pub const MOST: u32 = 1000;

    /// The key the cursor stands for.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, CursorError> {
        self.cursor.as_deref().map(decode).transpose()
    }

    /// The limit as SQL wants it, one more than asked for: the extra row tells whether there is a next page.
    pub(crate) fn probe(&self) -> i64 {
        i64::from(self.limit.clamp(1, Self::MOST)) + 1
    }

    /// Makes a page of the rows that [`Page::probe`] brought.
    pub fn finish<T, K: Serialize>(&self, mut items: Vec<T>, total: u64, key: impl Fn(&T) -> K) -> Paged<T> {
        let limit = self.limit.clamp(1, Self::MOST) as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(|item| encode(&key(item))) } else { None };
        Paged { items, total, next }
    }
}

/// A cursor is the last key as JSON, in hexadecimal so that it needs no escaping in an address.
fn encode<K: Serialize>(key: &K) -> String {
    use std::fmt::Write;
    let json = serde_json::to_vec(key).unwrap_or_default();
    json.iter().fold(String::with_capacity(json.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn decode<K: DeserializeOwned>(cursor: &str) -> Result<K, CursorError> {
    if !cursor.len().is_multiple_of(2) || cursor.len() > 2048 || !cursor.is_ascii() {
        return Err(CursorError);
    }
    let bytes: Result<Vec<u8>, _> = (0..cursor.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(cursor.get(at..at + 2).unwrap_or("x"), 16))
        .collect();
    serde_json::from_slice(&bytes.map_err(|_| CursorError)?).map_err(|_| CursorError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_the_key_it_was_made_of() {
        let page = Page { limit: 2, cursor: None };
        let paged = page.finish(vec![("李", 1), ("王", 2), ("张", 3)], 3, |row| *row);
        assert_eq!(paged.items.len(), 2);
        let next = Page { limit: 2, cursor: paged.next };
        assert_eq!(next.after::<(String, i64)>(), Ok(Some(("王".to_owned(), 2))));
    }

    #[test]
    fn the_last_page_has_no_next() {
        let page = Page { limit: 2, cursor: None };
        assert_eq!(page.finish(vec![1, 2], 2, |row| *row).next, None);
    }

    #[test]
    fn garbage_is_not_a_cursor() {
        for cursor in ["x", "zz", "+1+1", "中文", "5b", "7b7d"] {
            let page = Page { limit: 1, cursor: Some(cursor.to_owned()) };
            assert_eq!(page.after::<i64>(), Err(CursorError), "{cursor}");
        }
    }
}
