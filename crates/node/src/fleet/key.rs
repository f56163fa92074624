//! A serial number as a key that is made from wire bytes without allocating: a poll looks its machine up this way.

use rollcall_protocol::Sn;

/// Lower-case letters of a serial number, padded with zeros: equal for equal serial numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SnKey([u8; Sn::MAX_LEN]);

impl SnKey {
    /// Reads a serial number as [`Sn::from_bytes`] does; nothing when it is none (I5).
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() || bytes.len() > Sn::MAX_LEN {
            return None;
        }
        let mut key = [0; Sn::MAX_LEN];
        for (to, from) in key.iter_mut().zip(bytes) {
            if !from.is_ascii_alphanumeric() && !matches!(from, b'-' | b'_') {
                return None;
            }
            *to = from.to_ascii_lowercase();
        }
        Some(Self(key))
    }
}

impl From<&Sn> for SnKey {
    fn from(sn: &Sn) -> Self {
        let mut key = [0; Sn::MAX_LEN];
        for (to, from) in key.iter_mut().zip(sn.as_str().bytes()) {
            *to = from.to_ascii_lowercase();
        }
        Self(key)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_agree_with_serial_numbers(text in "[ -~]{0,34}", other in "[a-cA-C]{1,2}", same in "[a-cA-C]{1,2}") {
            let key = SnKey::from_bytes(text.as_bytes());
            let sn = Sn::from_bytes(text.as_bytes()).ok();
            prop_assert_eq!(key, sn.as_ref().map(SnKey::from));
            let (a, b) = (Sn::new(&other).unwrap(), Sn::new(&same).unwrap());
            prop_assert_eq!(a == b, SnKey::from(&a) == SnKey::from(&b));
        }
    }
}
