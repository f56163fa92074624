//! How orders behave: what they are called and about, how long they take, and what of them is secret.

use super::{Order, Pin, Template};
use crate::dialect::Dialect;

/// Bytes of templates from which on an order travels in an answer of its own (Q5).
const LARGE: usize = 8 * 1024;

/// How long a machine may take before it is asked again (Q1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Patience {
    /// A minute or two.
    Normal,
    /// Five minutes: queries, and whatever an FK machine does.
    Long,
}

impl Order {
    /// The name of the kind, as the API has it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Restart => "restart",
            Self::SetClock => "setClock",
            Self::ReadInfo => "readInfo",
            Self::ReadOptions => "readOptions",
            Self::Ping => "ping",
            Self::UnlockDoor { .. } => "unlockDoor",
            Self::ClearPunches => "clearPunches",
            Self::ClearPeople => "clearPeople",
            Self::ClearAll => "clearAll",
            Self::ReadPeople => "readPeople",
            Self::ReadTemplates => "readTemplates",
            Self::ReadPerson { .. } => "readPerson",
            Self::BackUpPerson { .. } => "backUpPerson",
            Self::PutPerson(_) => "putPerson",
            Self::RestorePerson { .. } => "restorePerson",
            Self::Authorize { .. } => "authorize",
            Self::Revoke { .. } => "revoke",
            Self::DeletePerson { .. } => "deletePerson",
            Self::PutTemplate(_) => "putTemplate",
            Self::DeleteTemplates { .. } => "deleteTemplates",
            Self::ReadPunches { .. } => "readPunches",
            Self::CountPunches { .. } => "countPunches",
            Self::CountAllPunches => "countAllPunches",
            Self::CheckAll => "checkAll",
            Self::ClearTable(_) => "clearTable",
            Self::ReadTable(_) => "readTable",
            Self::ReadRows { .. } => "readRows",
        }
    }

    /// Whether doing it twice does harm: handed out once, never again, and not long after it was wanted (Q4).
    #[must_use]
    pub fn once_only(&self) -> bool {
        matches!(
            self,
            Self::Restart
                | Self::UnlockDoor { .. }
                | Self::ClearPunches
                | Self::ClearPeople
                | Self::ClearAll
                | Self::ClearTable(_)
        )
    }

    /// Whom it is about; orders about one person keep their order (Q3).
    #[must_use]
    pub fn person(&self) -> Option<&Pin> {
        match self {
            Self::ReadPerson { pin }
            | Self::BackUpPerson { pin }
            | Self::ReadRows { pin, .. }
            | Self::Authorize { pin }
            | Self::Revoke { pin }
            | Self::DeletePerson { pin }
            | Self::DeleteTemplates { pin, .. } => Some(pin),
            Self::PutPerson(person) | Self::RestorePerson { person, .. } => Some(&person.pin),
            Self::PutTemplate(template) => Some(&template.pin),
            _ => None,
        }
    }

    /// Whether a later order makes this one, not yet handed out, needless (Q6).
    #[must_use]
    pub fn replaced_by(&self, later: &Self) -> bool {
        match (self, later) {
            (Self::PutPerson(earlier), Self::PutPerson(later)) => earlier.pin == later.pin,
            (Self::PutTemplate(earlier), Self::PutTemplate(later)) => {
                let key =
                    |template: &Template| (template.pin.clone(), template.kind, template.no, template.index);
                key(earlier) == key(later)
            }
            // Two who ask for a door are two people. Whoever asks twice for a restart wants one.
            (Self::UnlockDoor { .. }, _) => false,
            _ => self == later,
        }
    }

    /// How long the machine may take.
    #[must_use]
    pub fn patience(&self, dialect: Option<Dialect>) -> Patience {
        let reads = matches!(
            self,
            Self::ReadPeople
                | Self::ReadTemplates
                | Self::ReadPerson { .. }
                | Self::BackUpPerson { .. }
                | Self::ReadTable(_)
                | Self::ReadRows { .. }
                | Self::ReadPunches { .. }
                | Self::CountPunches { .. }
        );
        if reads || dialect == Some(Dialect::Fk) { Patience::Long } else { Patience::Normal }
    }

    /// Whether it travels in an answer of its own: large ones, and a restart, behind which everything is lost (Q5).
    #[must_use]
    pub fn alone(&self) -> bool {
        match self {
            Self::Restart => true,
            Self::PutTemplate(template) => template.data.len() > LARGE,
            Self::RestorePerson { templates, .. } => {
                templates.iter().map(|template| template.data.len()).sum::<usize>() > LARGE
            }
            _ => false,
        }
    }

    /// The same without what must not be stored in clear (O3): for lists, and for whoever asks what was ordered.
    #[must_use]
    pub fn redacted(&self) -> Self {
        match self {
            Self::PutPerson(person) => Self::PutPerson(person.redacted()),
            // How many there are is seen in the order itself.
            Self::RestorePerson { person, templates } => Self::RestorePerson {
                person: person.redacted(),
                templates: templates.iter().map(Template::redacted).collect(),
            },
            Self::PutTemplate(template) => Self::PutTemplate(template.redacted()),
            other => other.clone(),
        }
    }

    /// Whether it carries what must not be stored in clear (O3).
    #[must_use]
    pub fn is_secret(&self) -> bool {
        match self {
            Self::PutPerson(person) => !person.password.is_empty() || !person.card.is_empty(),
            Self::PutTemplate(_) | Self::RestorePerson { .. } => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q6_the_later_order_replaces_the_earlier() {
        assert!(Order::ReadInfo.replaced_by(&Order::ReadInfo));
        assert!(Order::Restart.replaced_by(&Order::Restart));
        let door = Order::UnlockDoor { door: 1, seconds: 5 };
        assert!(!door.replaced_by(&door));
        assert!(!Order::ReadInfo.replaced_by(&Order::SetClock));
        let one = Pin::new("1").unwrap();
        let delete = Order::DeletePerson { pin: one.clone() };
        assert!(!Order::ReadPerson { pin: one }.replaced_by(&delete));
    }
}
