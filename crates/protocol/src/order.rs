//! What a machine can be told to do, before it is put into the words of a dialect.
//!
//! A queue holds orders, not bytes: the bytes are made when a poll takes the order, from what is known of the machine
//! at that moment ([`Means`]): its dialect, its encoding, its clock. There is no order for a shell, a file, new firmware
//! or free text, so nobody who can queue orders can have such a thing sent (quirk O2), and whom an order is about is
//! a [`Pin`], which is never empty: on these wires a deletion without a pin deletes everybody (Q7).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use crate::attendance::handshake::Generation;
use crate::dialect::Dialect;
use crate::text::Encoding;
use crate::time::WallTime;
use crate::{access, attendance, fk};

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
    fn redacted(&self) -> Self {
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

/// Stands for something that belongs into no log.
struct Hidden(usize);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‹{}›", self.0)
    }
}

/// What a template was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum TemplateKind {
    /// A finger, in the older form (`FP`, `FINGERTMP`, `templatev10`).
    Fingerprint,
    /// A face of a near-infra-red machine (`FACE`, `facev7`).
    NearInfraredFace,
    /// A finger's veins (`FVEIN`).
    FingerVein,
    /// The unified form (`BIODATA`), by its type: attendance-push §15.6.
    Bio(u8),
    /// A photo the machine makes a face template of (`BIOPHOTO`).
    Photo,
    /// The picture shown at the machine (`USERPIC`).
    Picture,
}

/// One template or photo of a person.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Template {
    /// Whose.
    pub pin: Pin,
    /// What of. In JSON, `kind` is the order's.
    #[cfg_attr(feature = "serde", serde(rename = "of"))]
    pub kind: TemplateKind,
    /// Which finger, or 0.
    pub no: u16,
    /// Which of the templates of one enrolment.
    pub index: u16,
    /// 1 valid, 0 not, 3 duress in the older fingerprint form.
    pub valid: u8,
    /// 1 = under duress, in the unified form.
    pub duress: u8,
    /// Version of the algorithm, major and minor; templates go only to machines with the same one (U3).
    pub version: Option<(u32, u32)>,
    /// Format, in the unified form.
    pub format: u8,
    /// The bytes, decoded; a JPEG for photo and picture.
    #[cfg_attr(feature = "serde", serde(with = "as_base64"))]
    pub data: Vec<u8>,
}

/// Bytes as text a third longer, instead of a list of numbers four times as long.
#[cfg(feature = "serde")]
mod as_base64 {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::base64;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        base64::decode(text.as_bytes()).ok_or_else(|| serde::de::Error::custom("not Base64"))
    }
}

impl Template {
    /// The same without the bytes.
    fn redacted(&self) -> Self {
        let Self { pin, kind, no, index, valid, duress, version, format, data: _ } = self;
        Self {
            pin: pin.clone(),
            kind: *kind,
            no: *no,
            index: *index,
            valid: *valid,
            duress: *duress,
            version: *version,
            format: *format,
            data: Vec::new(),
        }
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template")
            .field("pin", &self.pin)
            .field("kind", &self.kind)
            .field("no", &self.no)
            .field("index", &self.index)
            .field("version", &self.version)
            .field("data", &Hidden(self.data.len()))
            .finish_non_exhaustive()
    }
}

/// Bytes of templates from which on an order travels in an answer of its own (Q5).
const LARGE: usize = 8 * 1024;

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

    /// Whether it only asks, and changes nothing on the machine.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        matches!(
            self,
            Self::ReadInfo
                | Self::Ping
                | Self::ReadPeople
                | Self::ReadTemplates
                | Self::ReadPerson { .. }
                | Self::BackUpPerson { .. }
                | Self::ReadTable(_)
                | Self::ReadRows { .. }
                | Self::ReadPunches { .. }
                | Self::CountPunches { .. }
                | Self::CountAllPunches
                | Self::CheckAll
        )
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

/// What is known of a machine when an order is put into its words.
#[derive(Clone, Debug)]
pub struct Means<'a> {
    /// How it talks.
    pub dialect: Dialect,
    /// Generation of attendance firmware.
    pub generation: Generation,
    /// How it reads text.
    pub encoding: Encoding,
    /// Knows people only in the words of PUSH 1.x (attendance-push §14.6).
    pub old_user_form: bool,
    /// What it said of itself.
    pub options: Cow<'a, BTreeMap<String, String>>,
    /// What its clock should show now.
    pub now: WallTime,
    /// Its zone's offset, in seconds east of UTC.
    pub utc_offset: i32,
}

impl Means<'_> {
    /// A value it said of itself; the name in any case, with or without `~`.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&str> {
        let found =
            self.options.iter().find(|(key, _)| key.trim_start_matches('~').eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Why a machine cannot be told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// Machines of this kind know no such command.
    #[error("machines of this kind have no such command")]
    NotInDialect,
    /// The firmware is too old for it.
    #[error("the machine's firmware is too old for this")]
    FirmwareTooOld,
    /// It has said that it lacks what is needed.
    #[error("the machine has said that it cannot do this")]
    NotSupported,
    /// It has no lock, or not that many.
    #[error("the machine has no such door")]
    NoDoor,
    /// The template is of a kind or version it cannot read (U3).
    #[error("the machine reads templates of another version")]
    TemplateVersion,
}

impl Refusal {
    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotInDialect => "command.not_supported",
            Self::FirmwareTooOld => "command.firmware_too_old",
            Self::NotSupported => "command.not_supported_by_machine",
            Self::NoDoor => "command.no_door",
            Self::TemplateVersion => "command.template_version",
        }
    }
}

/// The person, and behind them those of their templates that this machine can take: one it has no room for must not keep
/// somebody from their place.
pub(crate) fn person_then_templates(
    person: &Person,
    templates: &[Template],
    takes: impl Fn(&Order) -> bool,
) -> Vec<Order> {
    let templates = templates.iter().cloned().map(Order::PutTemplate).filter(takes);
    std::iter::once(Order::PutPerson(person.clone())).chain(templates).collect()
}

/// The smaller orders an order is carried out in, one after the other; usually itself.
///
/// # Errors
/// When the machine cannot be told this at all.
pub fn steps(order: &Order, means: &Means<'_>) -> Result<Vec<Order>, Refusal> {
    match means.dialect {
        Dialect::Attendance => attendance::orders::steps(order, means),
        Dialect::Access => access::orders::steps(order, means),
        Dialect::Fk => fk::orders::steps(order, means),
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
