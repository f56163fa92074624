//! Whom an order is about.

use std::fmt;

/// The number of a person on a machine, fit to be written into a command.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
pub struct Pin(String);

/// A text that is no [`Pin`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a number on a machine has 1 to {} letters or digits, not all of them 0", Pin::MOST)]
pub struct PinRefused;

impl Pin {
    /// Most characters; the longest `PIN2Width` seen (attendance-push §15.1).
    pub const MOST: usize = 24;

    /// Checks a text; blanks around it do not count.
    ///
    /// # Errors
    /// When it is empty, too long, zero, or has anything but ASCII letters and digits. `*` means everybody to access
    /// machines, so it is no pin either.
    pub fn new(text: &str) -> Result<Self, PinRefused> {
        let text = text.trim();
        let fits = (1..=Self::MOST).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !text.bytes().all(|byte| byte == b'0');
        if fits { Ok(Self(text.to_owned())) } else { Err(PinRefused) }
    }

    /// As text, as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As machines want it: digits without leading zeros (§15.1), anything else as it is.
    #[must_use]
    pub fn on_wire(&self) -> &str {
        if self.0.bytes().all(|byte| byte.is_ascii_digit()) {
            self.0.trim_start_matches('0')
        } else {
            &self.0
        }
    }
}

impl TryFrom<String> for Pin {
    type Error = PinRefused;

    fn try_from(text: String) -> Result<Self, PinRefused> {
        Self::new(&text)
    }
}

impl From<Pin> for String {
    fn from(pin: Pin) -> Self {
        pin.0
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pin({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q7_nobody_and_everybody_are_no_pins() {
        for text in [
            "",
            " ",
            "0",
            "000",
            "*",
            "1 2",
            "1\t2",
            "1\n",
            "a=b",
            "1,2",
            "张三",
            "1234567890123456789012345",
        ] {
            let kept = Pin::new(text);
            // A line end around it is taken off; inside nothing passes.
            assert!(kept.is_err() || kept.as_ref().map(Pin::as_str) == Ok("1"), "{text:?}: {kept:?}");
        }
        assert_eq!(Pin::new(" 0042 ").map(|pin| pin.on_wire().to_owned()), Ok("42".to_owned()));
        assert_eq!(Pin::new("A0042").map(|pin| pin.on_wire().to_owned()), Ok("A0042".to_owned()));
    }
}
