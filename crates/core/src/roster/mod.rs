//! The people of one machine: an entry is one employee on one machine, under a pin, with a role.
//!
//! The list is what the administrator wants. Nothing is sent yet, so an entry without a number is `noNumber` and every
//! other one is `waiting`; removing one needs no machine's confirmation.

mod pin;
mod queries;
mod spans;

use serde::Serialize;

pub(crate) use pin::PinKey;
pub use pin::{Pin, PinError, pin_number};
pub use spans::{span_start, spans_follow_hire_date};

use crate::audit::{self, Actor};
use crate::db::{self, Tx, database_failure};
use crate::directory::{self, EmployeeId};
use crate::jobs::Job;
use crate::machines::{self, Machine, MachineError};
use crate::numbers;
use crate::page::{CursorError, Page, Paged};
use rollcall_protocol::Sn;
use rollcall_protocol::order::Privilege;

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

    fn from_name(name: &str) -> Self {
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

/// What became of entries to add.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Added {
    /// Those on the list now.
    pub added: Vec<EmployeeId>,
    /// Those that are not.
    pub rejected: Vec<Rejected>,
}

/// Why something about a roster was refused.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The machine is unknown.
    #[error(transparent)]
    Machine(MachineError),
    /// No such employee.
    #[error("there is nobody with the id {0}")]
    EmployeeUnknown(String),
    /// On the list already.
    #[error("{0} is on this machine's list already")]
    Exists(String),
    /// Not on the list.
    #[error("{0} is not on this machine's list")]
    Unknown(EmployeeId),
    /// The pin is not one.
    #[error(transparent)]
    Pin(#[from] PinError),
    /// Somebody else has the pin.
    #[error("{name} has the number {pin} on this machine")]
    PinTaken {
        /// The pin as the other has it.
        pin: String,
        /// Who has it.
        name: String,
    },
    /// The cursor is not ours.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(RosterError);

impl From<MachineError> for RosterError {
    fn from(error: MachineError) -> Self {
        match error {
            MachineError::Database(error) => Self::Database(error),
            other => Self::Machine(other),
        }
    }
}

impl RosterError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Machine(error) => error.code(),
            Self::EmployeeUnknown(_) => "employee.unknown",
            Self::Exists(_) => "roster.exists",
            Self::Unknown(_) => "roster.unknown",
            Self::Pin(error) => error.code(),
            Self::PinTaken { .. } => "pin.taken",
            Self::Cursor(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }
}

/// What the operation log keeps of an entry.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged<'a> {
    pin: Option<&'a str>,
    role: &'static str,
    enabled: bool,
}

impl<'a> From<&'a Entry> for Logged<'a> {
    fn from(entry: &'a Entry) -> Self {
        Self { pin: entry.pin.as_ref().map(Pin::as_str), role: entry.role.name(), enabled: entry.enabled }
    }
}

fn subject(sn: &Sn, employee: &EmployeeId) -> String {
    format!("machine/{sn}/roster/{employee}")
}

/// The roster of a machine, by name.
pub fn roster_list(conn: &rusqlite::Connection, sn: &Sn, page: &Page) -> Result<Paged<Entry>, RosterError> {
    let machine = machines::expect(conn, sn)?;
    let after: Option<(String, String)> = page.after()?;
    let rows = queries::list(conn, machine.id, after.as_ref(), page.probe())?;
    Ok(page.finish(rows, machine.roster.total, |row| (row.name.clone(), row.employee_id.as_str().to_owned())))
}

/// One entry.
pub fn roster_get(conn: &rusqlite::Connection, sn: &Sn, employee: &EmployeeId) -> Result<Entry, RosterError> {
    let machine = machines::expect(conn, sn)?;
    queries::get(conn, machine.id, employee)?.ok_or_else(|| RosterError::Unknown(employee.clone()))
}

/// The entry under a pin; numbers match by value.
pub fn roster_of_pin(conn: &rusqlite::Connection, sn: &Sn, pin: &str) -> Result<Option<Entry>, RosterError> {
    let machine = machines::expect(conn, sn)?;
    let Some(number) = pin_number(pin) else { return Ok(None) };
    let Some((employee, ..)) = queries::holder(conn, machine.id, number)? else { return Ok(None) };
    Ok(queries::get(conn, machine.id, &employee)?)
}

/// Adds entries; one that is refused leaves the others alone.
pub fn roster_add(tx: &Tx<'_>, actor: &Actor, sn: &Sn, entries: Vec<NewEntry>) -> Result<Added, RosterError> {
    let machine = machines::expect(tx, sn)?;
    let mut outcome = Added::default();
    for entry in entries {
        let employee_id = entry.employee_id.clone();
        match add_one(tx, actor, &machine, entry) {
            Ok(id) => outcome.added.push(id),
            Err(RosterError::Database(error)) => return Err(RosterError::Database(error)),
            Err(refused) => outcome.rejected.push(Rejected {
                employee_id,
                code: refused.code(),
                detail: refused.to_string(),
            }),
        }
    }
    Ok(outcome)
}

fn add_one(tx: &Tx<'_>, actor: &Actor, machine: &Machine, new: NewEntry) -> Result<EmployeeId, RosterError> {
    let unknown = || RosterError::EmployeeUnknown(new.employee_id.clone());
    let id = EmployeeId::new(&new.employee_id).map_err(|_| unknown())?;
    let employee = directory::employee_get(tx, &id)?.ok_or_else(unknown)?;
    if queries::get(tx, machine.id, &id)?.is_some() {
        return Err(RosterError::Exists(employee.name));
    }
    let typed = checked_pin(tx, machine, &id, new.pin.as_deref())?;
    let pin_source = if typed.is_some() { PinSource::Typed } else { PinSource::Mapped };
    let pin = match typed {
        Some(typed) => Some(typed),
        None => numbers::number_for(tx, machine, &employee)?,
    };
    let entry = Entry {
        employee_id: id.clone(),
        name: employee.name,
        department_id: employee.department_id,
        left_on: employee.left_on,
        state: if pin.is_some() { EntryState::Waiting } else { EntryState::NoNumber },
        pin,
        pin_source,
        role: new.role,
        enabled: new.enabled,
        disabled_by: (!new.enabled).then_some(DisabledBy::Hand),
        source: new.source,
        failure: None,
    };
    queries::insert(tx, machine.id, &entry)?;
    if let Some(pin) = &entry.pin {
        spans::open(tx, machine, pin.number(), &id, employee.hired_on)?;
    }
    audit::record(tx, actor, "roster.add", &subject(&machine.sn, &id), None, Some(&Logged::from(&entry)))?;
    Ok(id)
}

/// Checks a typed pin and that nobody else on the machine has it. Blank is none.
fn checked_pin(
    tx: &Tx<'_>,
    machine: &Machine,
    employee: &EmployeeId,
    typed: Option<&str>,
) -> Result<Option<Pin>, RosterError> {
    let Some(typed) = typed.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let pin = Pin::new(typed)?;
    match queries::holder(tx, machine.id, pin.number())? {
        Some((holder, name, pin)) if holder != *employee => Err(RosterError::PinTaken { pin, name }),
        _ => Ok(Some(pin)),
    }
}

/// Changes an entry. Another pin ends the span of the old one now and begins one for the new.
pub fn roster_change(
    tx: &Tx<'_>,
    actor: &Actor,
    sn: &Sn,
    employee: &EmployeeId,
    change: EntryChange,
) -> Result<Entry, RosterError> {
    let machine = machines::expect(tx, sn)?;
    let before = roster_get(tx, sn, employee)?;
    let mut after = before.clone();
    if let Some(typed) = change.pin {
        after.pin = checked_pin(tx, &machine, employee, typed.as_deref())?;
        after.pin_source = change.pin_source;
        after.state = if after.pin.is_some() { EntryState::Waiting } else { EntryState::NoNumber };
    }
    after.role = change.role.unwrap_or(after.role);
    if let Some(enabled) = change.enabled {
        after.enabled = enabled;
        after.disabled_by = (!enabled).then_some(change.by.unwrap_or(DisabledBy::Hand));
    }
    queries::update(tx, machine.id, &after)?;
    let number = |entry: &Entry| entry.pin.as_ref().map(Pin::number);
    let mut freed = None;
    if number(&before) != number(&after) {
        if let Some(old) = number(&before) {
            spans::end(tx, machine.id, old)?;
            freed = Some(old);
        }
        if let Some(new) = number(&after) {
            let hired_on = directory::employee_get(tx, employee)?.and_then(|employee| employee.hired_on);
            spans::open(tx, &machine, new, employee, hired_on)?;
        }
    }
    let (old, new) = (Logged::from(&before), Logged::from(&after));
    audit::record(tx, actor, "roster.change", &subject(&machine.sn, employee), Some(&old), Some(&new))?;
    if let Some(number) = freed {
        numbers::pin_freed(tx, actor, &machine, number)?;
    }
    Ok(after)
}

/// Removes an entry and ends its span now: the machine never had it.
pub fn roster_remove(tx: &Tx<'_>, actor: &Actor, sn: &Sn, employee: &EmployeeId) -> Result<(), RosterError> {
    let machine = machines::expect(tx, sn)?;
    let entry = roster_get(tx, sn, employee)?;
    remove(tx, &machine, &entry)?;
    let subject = subject(&machine.sn, employee);
    audit::record(tx, actor, "roster.remove", &subject, Some(&Logged::from(&entry)), None)?;
    match &entry.pin {
        Some(pin) => Ok(numbers::pin_freed(tx, actor, &machine, pin.number())?),
        None => Ok(()),
    }
}

/// Somebody is called something else now: machines that have them under another name are told at the next sync.
pub(crate) fn person_renamed(_tx: &Tx<'_>, _employee: &EmployeeId) -> Result<(), db::Error> {
    Ok(())
}

/// Whom a sync is for.
#[derive(Debug, Clone, Copy)]
pub enum Whom<'a> {
    /// Everybody on the list, and every number that is on the machine and on the list no more.
    Everybody,
    /// These people.
    People(&'a [EmployeeId]),
}

/// Lets the machine's next polls take along what differs between the list and what the machine has. How many entries that is.
pub fn roster_send(tx: &Tx<'_>, machine: &Machine, whom: Whom<'_>) -> Result<u64, db::Error> {
    let _ = (tx, machine, whom);
    Ok(0)
}

/// Nobody wants a sync any more: what is not on its way yet stays where it is until the next one.
pub(crate) fn sync_cancelled(tx: &Tx<'_>, job: &Job) -> Result<(), db::Error> {
    let Some(machine) = job.machine else { return Ok(()) };
    queries::clear_due(tx, machine)
}

/// Empties the roster of a machine that is being deleted.
pub(crate) fn roster_clear(tx: &Tx<'_>, machine: &Machine) -> Result<(), db::Error> {
    for entry in queries::all(tx, machine.id)? {
        remove(tx, machine, &entry)?;
    }
    Ok(())
}

fn remove(tx: &Tx<'_>, machine: &Machine, entry: &Entry) -> Result<(), db::Error> {
    queries::delete(tx, machine.id, &entry.employee_id)?;
    match &entry.pin {
        Some(pin) => spans::end(tx, machine.id, pin.number()),
        None => Ok(()),
    }
}
