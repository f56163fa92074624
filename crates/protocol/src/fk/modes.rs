//! What `io_mode` and `verify_mode` mean, by the library that laid them out (fk-http §7).

/// How a machine lays out its numbers, by its `fk_bin_data_lib`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Library {
    /// `FKDataHS101` and similar: plain small numbers.
    #[default]
    Plain,
    /// `FKDataHS102`, `FKDataHS103`: the meaning stands in the top byte.
    TopByte,
}

impl Library {
    /// The layout of a library by its name.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        let name = name.to_ascii_uppercase();
        if ["HS102", "HS103"].iter().any(|known| name.contains(known)) { Self::TopByte } else { Self::Plain }
    }
}

/// The smallest number with something in the top byte. Below it, even a machine with such a library means plain numbers.
const TOP_BYTE: u32 = 1 << 24;

/// The direction as the other dialects number it: 0 in, 1 out, 2 break out, 3 break in, 4 overtime in, 5 overtime out.
///
/// A direction nobody knows keeps its number, all of which are above these; none where the machine does not say any. The
/// lower bytes, which can carry the door, are left out: the form of a punch that is fetched later has no place for them, and
/// both must be the same punch (D4).
#[must_use]
pub fn status(io_mode: i64, library: Library) -> Option<i32> {
    let io_mode = u32::try_from(io_mode).or_else(|_| i32::try_from(io_mode).map(i32::cast_unsigned)).ok()?;
    let direction = if io_mode >= TOP_BYTE { io_mode >> 24 } else { io_mode & 0xFF };
    match direction {
        0 if io_mode >= TOP_BYTE || library == Library::TopByte => None,
        1 => Some(0),
        0 | 2 => Some(1),
        3 => Some(3),
        4 => Some(2),
        5 => Some(4),
        6 => Some(5),
        other => i32::try_from(other).ok(),
    }
}

/// The `io_mode` of a status, the inverse of [`status`]; 0 and 2 are both “out”, 2 is written.
#[must_use]
pub fn io_mode(status: i32, library: Library) -> u32 {
    let direction = match status {
        0 => 1,
        1 => 2,
        2 => 4,
        3 => 3,
        4 => 5,
        5 => 6,
        other => u32::try_from(other.clamp(0, 255)).unwrap_or_default(),
    };
    match library {
        Library::Plain => direction,
        Library::TopByte => direction << 24,
    }
}

/// A way of identifying somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// A finger.
    Fingerprint,
    /// Typed in.
    Password,
    /// A card.
    Card,
    /// A face.
    Face,
}

impl Method {
    /// One word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fingerprint => "fingerprint",
            Self::Password => "password",
            Self::Card => "card",
            Self::Face => "face",
        }
    }
}

/// How somebody was identified, one after the other; empty when the number says nothing known.
#[must_use]
pub fn method(verify: &str, library: Library) -> Vec<Method> {
    use Method::{Card, Face, Fingerprint, Password};
    let Ok(number) = verify.trim().parse::<i64>() else { return Vec::new() };
    let Ok(number) = u32::try_from(number).or_else(|_| i32::try_from(number).map(i32::cast_unsigned)) else {
        return Vec::new();
    };
    if number >= TOP_BYTE || (library == Library::TopByte && number > 0xFF) {
        return (0..8)
            .map(|nibble| number << (4 * nibble) >> 28)
            .take_while(|nibble| *nibble != 0)
            .map_while(|nibble| match nibble {
                1 => Some(Fingerprint),
                2 => Some(Password),
                3 => Some(Card),
                4 => Some(Face),
                _ => None,
            })
            .collect();
    }
    // Higher bits may be set: 33 is a fingerprint.
    let methods: &[Method] = match number & 0x1F {
        1 => &[Fingerprint],
        2 => &[Password],
        3 => &[Card],
        4 => &[Fingerprint, Password],
        5 => &[Fingerprint, Card],
        6 => &[Password, Fingerprint],
        7 => &[Card, Fingerprint],
        8 => &[Fingerprint, Face],
        20 => &[Face],
        21 => &[Face, Card],
        22 => &[Face, Password],
        23 => &[Card, Face],
        24 => &[Password, Face],
        25 => &[Face, Fingerprint],
        _ => &[],
    };
    methods.to_vec()
}

/// The number a single byte of a stored record stands for in the form sent at once, so that both forms of a punch are the
/// same (D4). Libraries with the meaning in the top byte store just that byte; where it only holds one step, it is the
/// upper one.
#[must_use]
pub fn verify_of_byte(byte: u8, library: Library) -> u32 {
    match (library, byte) {
        (Library::Plain, _) => u32::from(byte),
        (Library::TopByte, 0..=15) => u32::from(byte) << 28,
        (Library::TopByte, _) => u32::from(byte) << 24,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_of_both_layouts() {
        let meanings = [(1, 0), (2, 1), (3, 3), (4, 2), (5, 4), (6, 5)];
        for (number, expected) in meanings {
            assert_eq!(status(number, Library::Plain), Some(expected));
            assert_eq!(status(number << 24, Library::TopByte), Some(expected));
            assert_eq!(status(number << 24 | 0x0201, Library::TopByte), Some(expected), "with a door below");
            // The library may be unknown when the first punch comes.
            assert_eq!(status(number << 24, Library::Plain), Some(expected));
            for library in [Library::Plain, Library::TopByte] {
                assert_eq!(status(io_mode(expected, library).into(), library), Some(expected));
            }
        }
        assert_eq!(status(0, Library::Plain), Some(1));
        assert_eq!(status(0, Library::TopByte), None);
        assert_eq!(status(9, Library::Plain), Some(9));
        assert_eq!(status(-1, Library::TopByte), Some(255));
        assert_eq!(status(i64::MAX, Library::Plain), None);
    }

    #[test]
    fn methods_of_both_layouts() {
        let words = |verify: &str, library| {
            method(verify, library).into_iter().map(Method::as_str).collect::<Vec<_>>().join("+")
        };
        for (verify, library, expected) in [
            ("1", Library::Plain, "fingerprint"),
            ("33", Library::Plain, "fingerprint"),
            ("4", Library::Plain, "fingerprint+password"),
            ("24", Library::Plain, "password+face"),
            ("12", Library::Plain, ""),
            ("268435456", Library::TopByte, "fingerprint"),
            ("536870912", Library::TopByte, "password"),
            ("805306368", Library::TopByte, "card"),
            ("1073741824", Library::TopByte, "face"),
            ("301989888", Library::TopByte, "fingerprint+password"),
            ("268435456", Library::Plain, "fingerprint"),
            ("33", Library::TopByte, "fingerprint"),
            ("FP", Library::Plain, ""),
            ("99999999999", Library::Plain, ""),
        ] {
            assert_eq!(words(verify, library), expected, "{verify} {library:?}");
        }
    }

    #[test]
    fn libraries_by_name() {
        for (name, library) in [
            ("FKDataHS101", Library::Plain),
            ("FKDataHS102", Library::TopByte),
            ("fkdatahs103", Library::TopByte),
            ("FKDataM50", Library::Plain),
            ("", Library::Plain),
        ] {
            assert_eq!(Library::from_name(name), library, "{name}");
        }
    }
}
