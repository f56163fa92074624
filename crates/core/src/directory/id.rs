use std::fmt;

use serde::Serialize;

use super::DirectoryError;
use crate::text::{self, TextError};

/// Who somebody is, in the terms of whoever keeps the directory: the OA's id, or ours.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct EmployeeId(String);

impl EmployeeId {
    /// Characters an id may have.
    pub const MOST: usize = 64;

    /// An id somebody gave.
    pub fn new(text: &str) -> Result<Self, DirectoryError> {
        given(text).map(Self).map_err(|error| match error {
            TextError::ControlCharacter => DirectoryError::ControlCharacter,
            _ => DirectoryError::IdInvalid,
        })
    }

    /// An id of our own; random, so that two sites can be joined one day.
    pub(super) fn ours() -> Result<Self, DirectoryError> {
        ours('e').map(Self)
    }

    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmployeeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An id somebody gave, of a person, a branch or a department.
pub(super) fn given(text: &str) -> Result<String, TextError> {
    match text::required(text, EmployeeId::MOST)? {
        // It stands in addresses, where these would be taken for something else.
        id if id.contains('/') || id == "." || id == ".." => Err(TextError::Empty),
        id => Ok(id),
    }
}

/// An id of ours; the letter tells what it is of.
pub(crate) fn ours(letter: char) -> Result<String, DirectoryError> {
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).map_err(|_| DirectoryError::NoRandom)?;
    Ok(format!("{letter}{:016x}", u64::from_be_bytes(bytes)))
}
