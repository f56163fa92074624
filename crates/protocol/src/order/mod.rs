//! What a machine can be told to do, before it is put into the words of a dialect.
//!
//! A queue holds orders, not bytes: the bytes are made when a poll takes the order, from what is known of the machine
//! at that moment ([`Means`]): its dialect, its encoding, its clock. There is no order for a shell, a file, new firmware
//! or free text, so nobody who can queue orders can have such a thing sent (quirk O2), and whom an order is about is
//! a [`Pin`], which is never empty: on these wires a deletion without a pin deletes everybody (Q7).

mod hidden;
mod means;
mod nature;
mod person;
mod pin;
mod refusal;
mod steps;
mod template;

pub use means::Means;
pub use nature::Patience;
pub use person::{Person, Privilege};
pub use pin::{Pin, PinRefused};
pub use refusal::Refusal;
pub use steps::steps;
pub(crate) use steps::{person_then_rows, person_then_templates};
pub use template::{Template, TemplateKind};

use crate::time::WallTime;

/// Something a machine is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "kind", rename_all = "camelCase"))]
pub enum Order {
    /// Restart.
    Restart,
    /// Take the time and the zone of now.
    SetClock,
    /// Tell firmware, settings and counts.
    ReadInfo,
    /// Read the server's options again.
    ReadOptions,
    /// Anything that shows that it listens.
    Ping,
    /// Open a door for some seconds.
    UnlockDoor {
        /// Which, counting from 1.
        door: u8,
        /// For how long.
        seconds: u8,
    },
    /// Forget all punches.
    ClearPunches,
    /// Forget all people, with everything of theirs.
    ClearPeople,
    /// Forget people and punches.
    ClearAll,
    /// Send all people.
    ReadPeople,
    /// Send all templates.
    ReadTemplates,
    /// Send one person, with templates where these come with it.
    ReadPerson {
        /// Whom.
        pin: Pin,
    },
    /// Send one person with card, password and every template, so that they can be taken off and brought back (U1).
    BackUpPerson {
        /// Whom.
        pin: Pin,
    },
    /// Create or change a person.
    PutPerson(Person),
    /// Create or change a person, and give the machine these templates of theirs. A machine that takes people only as a
    /// whole forgets those it is not given (U2).
    RestorePerson {
        /// Who.
        person: Person,
        /// Their templates.
        templates: Vec<Template>,
    },
    /// Let a person through the doors, where that is a record of its own (access-push §15).
    Authorize {
        /// Whom.
        pin: Pin,
    },
    /// Let a person through no more doors.
    Revoke {
        /// Whom.
        pin: Pin,
    },
    /// Delete a person, with everything of theirs (U1).
    DeletePerson {
        /// Whom.
        pin: Pin,
    },
    /// Store a template.
    PutTemplate(Template),
    /// Delete templates of one kind.
    DeleteTemplates {
        /// Whose.
        pin: Pin,
        /// Which.
        of: TemplateKind,
    },
    /// Send the punches of a stretch of time once more, both ends included. Some firmware sends its whole memory.
    ReadPunches {
        /// By the machine's clock.
        from: WallTime,
        /// By the machine's clock.
        to: WallTime,
        /// In the second of the two wordings machines of its kind know: attendance firmware of the US documents wants a `T`
        /// between date and time, and what does not take times at all is asked for everything.
        #[cfg_attr(feature = "serde", serde(default))]
        second: bool,
    },
    /// Say how many punches of a stretch of time it holds, both ends included.
    CountPunches {
        /// By the machine's clock.
        from: WallTime,
        /// By the machine's clock.
        to: WallTime,
        /// As of [`Order::ReadPunches`].
        #[cfg_attr(feature = "serde", serde(default))]
        second: bool,
    },
    /// Say how many punches it holds at all.
    CountAllPunches,
    /// Shake hands again: firmware that heeds stamps then sends everything, when its handshake is answered with stamp 0
    /// (attendance-push §19).
    CheckAll,
    /// One of the steps in which an access machine is cleared: all rows of a table. Made by [`steps`] only.
    ClearTable(Table),
    /// One of the steps in which templates are read. Made by [`steps`] only.
    ReadTable(Table),
    /// One of the steps in which somebody is backed up: their rows of a table. Made by [`steps`] only.
    ReadRows {
        /// Whose.
        pin: Pin,
        /// Which.
        of: Table,
    },
}

/// Tables that are read or cleared as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase", tag = "table", content = "type"))]
pub enum Table {
    /// People.
    People,
    /// Which doors people may open.
    Authorizations,
    /// Fingerprints of the older form.
    Fingerprints,
    /// Faces of near-infra-red machines.
    NearInfraredFaces,
    /// Unified templates of one type.
    Bio(u8),
    /// Comparison photos.
    Photos,
    /// Punches and events.
    Punches,
}
