//! People on a machine, and what it knows them by.

use std::collections::BTreeMap;

/// A person enrolled on the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Number, without leading zeros as machines keep it.
    pub pin: String,
    /// Name on the machine's screen.
    pub name: String,
    /// 0 user, 2 registrar, 14 administrator.
    pub privilege: u8,
    /// Everything else the server sent with the person (`Card`, `Grp`, `TZ`, dates …), as sent.
    pub fields: BTreeMap<String, String>,
    /// Templates held.
    pub templates: Templates,
}

impl Person {
    /// Somebody with a number and a name.
    #[must_use]
    pub fn new(pin: impl Into<String>, name: impl Into<String>) -> Self {
        Self { pin: pin.into(), name: name.into(), ..Self::default() }
    }

    /// A field by its name in any case; empty when there is none.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.as_str())
    }
}

/// What a template is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A finger, old form.
    Finger,
    /// A face seen in near-infrared light, old form.
    Face,
    /// A finger vein, old form.
    Vein,
    /// A unified template of this type (attendance-push §15.6).
    Bio(u8),
    /// A comparison photo.
    Photo,
    /// A picture for the screen.
    Picture,
}

/// Where a template lies: kind, number of the finger and index in the enrolment.
pub type Slot = (Kind, u16, u16);

/// A template or picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The bytes, whatever the wire wraps them in.
    pub data: Vec<u8>,
    /// 0 not valid, 1 valid, 3 duress.
    pub valid: u8,
    /// Version of the algorithm.
    pub version: (u32, u32),
}

impl Template {
    /// A valid template of the machine's own algorithm.
    #[must_use]
    pub const fn new(data: Vec<u8>, version: (u32, u32)) -> Self {
        Self { data, valid: 1, version }
    }
}

/// Templates of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Templates(BTreeMap<Slot, Template>);

impl Templates {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&Slot, &Template)> {
        self.0.iter()
    }

    /// Keeps one, in the place of an older one.
    pub fn keep(&mut self, slot: Slot, template: Template) {
        self.0.insert(slot, template);
    }

    /// Forgets what is as described; how many that were.
    pub fn forget(&mut self, mut which: impl FnMut(&Slot) -> bool) -> usize {
        let before = self.0.len();
        self.0.retain(|slot, _| !which(slot));
        before - self.0.len()
    }

    /// Fingers enrolled, in either form.
    #[must_use]
    pub fn fingers(&self) -> usize {
        self.count(|slot| matches!(slot.0, Kind::Finger | Kind::Bio(1)))
    }

    /// Whether a face is enrolled, of whichever kind.
    #[must_use]
    pub fn face(&self) -> bool {
        self.count(|slot| matches!(slot.0, Kind::Face | Kind::Bio(2 | 9))) > 0
    }

    /// Whether a palm or vein is enrolled.
    #[must_use]
    pub fn palm(&self) -> bool {
        self.count(|slot| matches!(slot.0, Kind::Vein | Kind::Bio(6 | 7 | 8 | 10))) > 0
    }

    fn count(&self, which: impl Fn(&Slot) -> bool) -> usize {
        self.0.keys().filter(|slot| which(slot)).count()
    }
}
