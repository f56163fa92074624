//! The words of a roster: an entry, what it may do, how far it is.

use rollcall_protocol::order::Privilege;

use super::Pin;
use crate::directory::EmployeeId;

/// What somebody may do at a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// Identify, nothing else.
    #[default]
    User,
    /// Enrol and delete people too.
    Registrar,
    /// Everything.
    Administrator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::User, Self::Registrar, Self::Administrator];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Registrar => "registrar",
            Self::Administrator => "administrator",
        }
    }

    /// The role of a name; one that is none of ours may do least.
    pub(crate) fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|role| role.name() == name).unwrap_or_default()
    }
}

impl From<Privilege> for Role {
    fn from(privilege: Privilege) -> Self {
        match privilege {
            Privilege::User => Self::User,
            Privilege::Registrar => Self::Registrar,
            Privilege::Administrator => Self::Administrator,
        }
    }
}

impl From<Role> for Privilege {
    fn from(role: Role) -> Self {
        match role {
            Role::User => Self::User,
            Role::Registrar => Self::Registrar,
            Role::Administrator => Self::Administrator,
        }
    }
}

/// How far an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryState {
    /// No pin; it can never be sent.
    NoNumber,
    /// The machine does not have it like this; to be sent at the next sync, or by the next polls.
    Waiting,
    /// On its way to the machine.
    Sent,
    /// The machine has confirmed it.
    Synced,
    /// The machine refused it, or never answered.
    Failed,
    /// To be deleted on the machine; gone when the machine confirms.
    Removing,
}

impl EntryState {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::NoNumber, Self::Waiting, Self::Sent, Self::Synced, Self::Failed, Self::Removing];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoNumber => "noNumber",
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Synced => "synced",
            Self::Failed => "failed",
            Self::Removing => "removing",
        }
    }

    pub(super) fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.name() == name).unwrap_or(Self::Waiting)
    }
}

/// Where a pin comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PinSource {
    /// Somebody typed it.
    #[default]
    Typed,
    /// The number mapping filled it in.
    Mapped,
}

/// Who put an entry on the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EntrySource {
    /// An administrator.
    #[default]
    Manual,
    /// The dispatch rule.
    Rule,
}

/// Who disabled an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DisabledBy {
    /// An administrator; it stays disabled.
    Hand,
    /// The dispatch rule.
    Rule,
}

/// One employee on one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who.
    pub employee_id: EmployeeId,
    /// Their name.
    pub name: String,
    /// Their department.
    pub department_id: Option<String>,
    /// Whether their last day is over is for the reader to judge.
    pub left_on: Option<chrono::NaiveDate>,
    /// The pin as typed.
    pub pin: Option<Pin>,
    /// Where it comes from.
    pub pin_source: PinSource,
    /// What they may do there.
    pub role: Role,
    /// Whether they may identify there.
    pub enabled: bool,
    /// Who disabled them.
    pub disabled_by: Option<DisabledBy>,
    /// Who put them on the list.
    pub source: EntrySource,
    /// How far the entry is.
    pub state: EntryState,
    /// Why the machine does not have it like this: a stable code, and what the machine said.
    pub failure: Option<(String, String)>,
    /// 0 nothing of it is to be sent, 1 it is to be sent by the next polls, 2 it is on its way.
    pub(super) due: i64,
}

impl Entry {
    /// The pin as a machine compares it; 0, which nobody has, when there is none.
    pub(super) fn pin_number(&self) -> i64 {
        self.pin.as_ref().map_or(0, Pin::number)
    }
}

/// An entry to add.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// Who.
    pub employee_id: String,
    /// Their pin; none, or blank, leaves it open.
    pub pin: Option<String>,
    /// What they may do there.
    pub role: Role,
    /// Whether they may identify there.
    pub enabled: bool,
    /// Who puts them on the list.
    pub source: EntrySource,
}

/// What to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct EntryChange {
    /// Another pin, or none.
    pub pin: Option<Option<String>>,
    /// Where that pin comes from.
    pub pin_source: PinSource,
    /// Another role.
    pub role: Option<Role>,
    /// Whether they may identify there.
    pub enabled: Option<bool>,
    /// Who says so; none is an administrator.
    pub by: Option<DisabledBy>,
}

/// An entry that was not added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Whom it was for.
    pub employee_id: String,
    /// Why, as a stable code.
    pub code: &'static str,
    /// Why, in English.
    pub detail: String,
}

impl Rejected {
    pub(crate) fn new(employee_id: impl Into<String>, code: &'static str, why: &impl ToString) -> Self {
        Self { employee_id: employee_id.into(), code, detail: why.to_string() }
    }
}

/// What became of entries to add.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Added {
    /// Those on the list now.
    pub added: Vec<EmployeeId>,
    /// Those that are not.
    pub rejected: Vec<Rejected>,
}
