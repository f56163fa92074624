//! The serial number, which is the only identity a machine has (attendance-push §1).

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

/// A machine's serial number.
///
/// 1 to [`Sn::MAX_LEN`] letters, digits, `-` and `_`. The case is kept for display, and ignored when two
/// numbers are compared, ordered or hashed: firmware and people do not agree on it.
#[derive(Clone)]
pub struct Sn(String);

/// Why a text is not a serial number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnError {
    /// Nothing is left after trimming.
    #[error("the serial number is empty")]
    Empty,
    /// Longer than [`Sn::MAX_LEN`].
    #[error("the serial number is longer than {} characters", Sn::MAX_LEN)]
    TooLong,
    /// Something other than ASCII letters, digits, `-` and `_`.
    #[error("a serial number consists of letters, digits, - and _")]
    Characters,
}

impl SnError {
    /// The stable code of this error.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "machine.sn_empty",
            Self::TooLong => "machine.sn_too_long",
            Self::Characters => "machine.sn_characters",
        }
    }
}

impl Sn {
    /// The longest serial number accepted, in characters.
    pub const MAX_LEN: usize = 32;

    /// Checks and trims a serial number.
    ///
    /// # Errors
    /// When nothing is left, it is too long, or a character does not belong in a serial number.
    pub fn new(text: &str) -> Result<Self, SnError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SnError::Empty);
        }
        // Length first: it is the more helpful answer to a pasted paragraph.
        if text.chars().count() > Self::MAX_LEN {
            return Err(SnError::TooLong);
        }
        if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            return Err(SnError::Characters);
        }
        Ok(Self(text.to_owned()))
    }

    /// The same for bytes off the wire.
    ///
    /// # Errors
    /// As [`Sn::new`]; bytes that are not UTF-8 are [`SnError::Characters`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SnError> {
        std::str::from_utf8(bytes).map_err(|_| SnError::Characters).and_then(Self::new)
    }

    /// The serial number in the case it was given in.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The lower-case form, equal for equal serial numbers: what a database index is made of.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.bytes().map(|b| b.to_ascii_lowercase())
    }
}

impl PartialEq for Sn {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Sn {}

impl PartialOrd for Sn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sn {
    fn cmp(&self, other: &Self) -> Ordering {
        self.folded().cmp(other.folded())
    }
}

impl Hash for Sn {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.folded().for_each(|b| state.write_u8(b));
        state.write_u8(0xff);
    }
}

impl fmt::Display for Sn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Sn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sn({})", self.0)
    }
}

impl AsRef<str> for Sn {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for Sn {
    type Err = SnError;

    fn from_str(text: &str) -> Result<Self, SnError> {
        Self::new(text)
    }
}

impl TryFrom<String> for Sn {
    type Error = SnError;

    fn try_from(text: String) -> Result<Self, SnError> {
        Self::new(&text)
    }
}

impl From<Sn> for String {
    fn from(sn: Sn) -> Self {
        sn.0
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Sn {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Sn {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeSet, HashSet};

    #[test]
    fn trimmed_and_kept_in_its_case() {
        let sn = Sn::new("  CqZ7000000001\t").unwrap();
        assert_eq!(sn.as_str(), "CqZ7000000001");
        assert_eq!(sn.key(), "cqz7000000001");
        assert_eq!(format!("{sn:>15}"), "  CqZ7000000001");
    }

    #[test]
    fn compared_ordered_and_hashed_without_case() {
        let (a, b) = (Sn::new("Abc_1").unwrap(), Sn::new("aBC_1").unwrap());
        assert_eq!(a, b);
        assert_eq!(HashSet::from([a.clone(), b.clone()]).len(), 1);
        assert_eq!(BTreeSet::from([a, b]).len(), 1);
        assert!(Sn::new("a").unwrap() < Sn::new("B").unwrap());
    }

    #[test]
    fn refused_with_a_code() {
        for (text, code) in [
            ("", "machine.sn_empty"),
            (" \t ", "machine.sn_empty"),
            ("123456789012345678901234567890123", "machine.sn_too_long"),
            ("A B", "machine.sn_characters"),
            ("A/B", "machine.sn_characters"),
            ("序列号", "machine.sn_characters"),
            ("ＡＢＣ", "machine.sn_characters"),
        ] {
            assert_eq!(Sn::new(text).unwrap_err().code(), code, "{text:?}");
        }
        assert!(Sn::new("12345678901234567890123456789012").is_ok());
        assert_eq!(Sn::from_bytes(b"\xff\xfe"), Err(SnError::Characters));
    }
}
