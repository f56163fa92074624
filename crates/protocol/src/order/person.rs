//! A person as a machine is to know them.

use std::fmt;

use super::Pin;
use super::hidden::Hidden;
use crate::time::WallTime;

/// What somebody may do at a machine; each dialect has its own numbers or words for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum Privilege {
    /// Identify, nothing else.
    #[default]
    User,
    /// Enrol and delete people too.
    Registrar,
    /// Everything.
    Administrator,
}

/// A person as a machine is to know them. A full record: what is empty is cleared on the machine (U2).
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Person {
    /// The number.
    pub pin: Pin,
    /// The name, of any length; cut to what the machine holds when it is written.
    pub name: String,
    /// What they may do.
    pub privilege: Privilege,
    /// Card number in decimal; empty = none.
    pub card: String,
    /// Password, digits; empty = none.
    pub password: String,
    /// Access group; 1 is everybody's.
    pub group: u8,
    /// From and to, where the machine knows validity dates.
    pub valid: Option<(WallTime, WallTime)>,
    /// Shall not identify, on a machine that has such a mark.
    pub inactive: bool,
}

impl Person {
    /// The same without card and password.
    pub(super) fn redacted(&self) -> Self {
        Self { card: String::new(), password: String::new(), ..self.clone() }
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pin, name, privilege, card, password, group, valid, inactive } = self;
        f.debug_struct("Person")
            .field("pin", pin)
            .field("name", name)
            .field("privilege", privilege)
            .field("card", &Hidden(card.len()))
            .field("password", &Hidden(password.len()))
            .field("group", group)
            .field("valid", valid)
            .field("inactive", inactive)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Order;
    use super::*;

    #[test]
    fn o3_secrets_are_not_printed() {
        let person = Person {
            pin: Pin::new("7").unwrap(),
            name: "李四".to_owned(),
            privilege: Privilege::User,
            card: "123456789".to_owned(),
            password: "4321".to_owned(),
            group: 1,
            valid: None,
            inactive: false,
        };
        let printed = format!("{:?}", Order::PutPerson(person));
        assert!(!printed.contains("4321") && !printed.contains("123456789"), "{printed}");
    }
}
