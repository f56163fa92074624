//! The number mapping of a machine (rules 5): which field of an employee fills the pin of their entry.
//!
//! It fills what is empty, when it is switched on, when somebody is added and when their field changes, and never what is there: a
//! field that says something else now is a proposal, for somebody to take. Why an entry has no number, and what is
//! proposed, is worked out when it is looked at ([`explain`]), so neither is ever out of date.

mod derive;
mod queries;
#[cfg(test)]
mod tests;

use rusqlite::Connection;
use serde::Serialize;

pub use derive::{Reason, derive};

use crate::audit::{self, Actor};
use crate::db::{self, Tx, database_failure};
use crate::directory::{Employee, EmployeeId, SYSTEM_FIELDS};
use crate::dispatch;
use crate::machines::{self, Machine, MachineError, MachineId};
use crate::roster::{self, Entry, EntryChange, EntryState, Pin, PinSource, Rejected, RosterError};
use rollcall_protocol::Sn;

/// Whether a field fills the pins of a machine, and which.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Mapping {
    /// The switch.
    pub enabled: bool,
    /// The source: the key of a text or number field.
    pub field: Option<String>,
}

/// How a mapping stands with the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MappingCounts {
    /// Entries that have no number.
    pub without_number: u64,
    /// Entries whose field says another number than they have.
    pub proposals: u64,
}

/// What of a roster was filled, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filled {
    /// Entries that have a number now.
    pub filled: u64,
    /// The last one looked at; none when there is nothing more to look at.
    pub next: Option<EmployeeId>,
}

/// What is to be said of an entry's number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Explained {
    /// Why the mapping gives it none: a stable code, and the same in English.
    pub problem: Option<(&'static str, String)>,
    /// Another number that the field says now.
    pub proposal: Option<String>,
}

/// What became of proposals that somebody took.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Accepted {
    /// Those whose number is the proposed one now.
    pub changed: Vec<EmployeeId>,
    /// Those whose is not.
    pub rejected: Vec<Rejected>,
}

/// Why something about a number mapping was refused.
#[derive(Debug, thiserror::Error)]
pub enum NumberError {
    /// The machine or its roster refused.
    #[error(transparent)]
    Roster(RosterError),
    /// It is to be on, and no field is named.
    #[error("a mapping that is on needs a field")]
    FieldMissing,
    /// No such field.
    #[error("there is no field {0}")]
    FieldUnknown(String),
    /// A field of dates or choices.
    #[error("the field {0} holds neither text nor numbers")]
    FieldType(String),
    /// There is nothing to propose.
    #[error("the field proposes no number for {0}")]
    NoProposal(String),
    /// The mapping is off.
    #[error("the mapping of this machine is off")]
    Off,
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(NumberError);

impl From<RosterError> for NumberError {
    fn from(error: RosterError) -> Self {
        match error {
            RosterError::Database(error) => Self::Database(error),
            other => Self::Roster(other),
        }
    }
}

impl From<MachineError> for NumberError {
    fn from(error: MachineError) -> Self {
        RosterError::from(error).into()
    }
}

impl NumberError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Roster(error) => error.code(),
            Self::FieldMissing => "mapping.field_missing",
            Self::FieldUnknown(_) => "mapping.field_unknown",
            Self::FieldType(_) => "mapping.field_type",
            Self::NoProposal(_) => "mapping.no_proposal",
            Self::Off => "mapping.off",
            Self::Database(error) => error.code(),
        }
    }
}

/// Entries that are filled in one transaction, so that punches need not wait for long.
pub const FILL_MOST: usize = 500;

/// The mapping of a machine; off when nobody has said anything.
pub fn mapping_get(conn: &Connection, sn: &Sn) -> Result<Mapping, NumberError> {
    let machine = machines::expect(conn, sn)?;
    Ok(queries::get(conn, machine.id)?)
}

/// Changes the mapping of a machine. What is empty is filled by [`numbers_fill`].
pub fn mapping_set(tx: &Tx<'_>, actor: &Actor, sn: &Sn, mapping: &Mapping) -> Result<(), NumberError> {
    let machine = machines::expect(tx, sn)?;
    match mapping.field.as_deref() {
        Some(field) => check_field(tx, field)?,
        None if mapping.enabled => return Err(NumberError::FieldMissing),
        None => {}
    }
    let before = queries::get(tx, machine.id)?;
    queries::set(tx, machine.id, mapping)?;
    let subject = format!("machine/{}/number-mapping", machine.sn);
    audit::record(tx, actor, "mapping.change", &subject, Some(&before), Some(mapping))?;
    Ok(())
}

fn check_field(conn: &Connection, field: &str) -> Result<(), NumberError> {
    if SYSTEM_FIELDS.contains(&field) {
        return Ok(());
    }
    match queries::field_type(conn, field)?.as_deref() {
        Some("text" | "number") => Ok(()),
        Some(_) => Err(NumberError::FieldType(field.to_owned())),
        None => Err(NumberError::FieldUnknown(field.to_owned())),
    }
}

/// Forgets the mapping of a machine that is being deleted.
pub(crate) fn mapping_forget(tx: &Tx<'_>, machine: MachineId) -> Result<(), db::Error> {
    queries::forget(tx, machine)
}

/// Fills the empty pins of a machine's next [`FILL_MOST`] entries, behind the one given. What gives no number stays empty.
pub fn numbers_fill(
    tx: &Tx<'_>,
    actor: &Actor,
    sn: &Sn,
    after: Option<&EmployeeId>,
) -> Result<Filled, NumberError> {
    let machine = machines::expect(tx, sn)?;
    let mapping = queries::get(tx, machine.id)?;
    let Some(field) = mapping.source() else { return Ok(Filled::default()) };
    let empty = queries::without_pin(tx, machine.id, field, after, FILL_MOST)?;
    let next = (empty.len() == FILL_MOST).then(|| empty.last().map(|(id, _)| id.clone())).flatten();
    let mut filled = 0;
    for (employee, value) in empty {
        filled += u64::from(fill(tx, actor, &machine, &employee, value.as_deref())?);
    }
    Ok(Filled { filled, next })
}

/// Gives an entry without a pin the one its field says, if it says one that nobody has.
fn fill(
    tx: &Tx<'_>,
    actor: &Actor,
    machine: &Machine,
    employee: &EmployeeId,
    value: Option<&str>,
) -> Result<bool, db::Error> {
    let Ok(pin) = derive(value) else { return Ok(false) };
    let taken = give(tx, actor, machine, employee, &pin)?.is_none();
    if taken {
        dispatch::number_given(tx, machine.id, employee)?;
    }
    Ok(taken)
}

/// What the roster says to a pin; none when it took it.
fn give(
    tx: &Tx<'_>,
    actor: &Actor,
    machine: &Machine,
    employee: &EmployeeId,
    pin: &Pin,
) -> Result<Option<RosterError>, db::Error> {
    let change = EntryChange {
        pin: Some(Some(pin.as_str().to_owned())),
        pin_source: PinSource::Mapped,
        ..EntryChange::default()
    };
    match roster::entry_change(tx, actor, machine, employee, change) {
        Ok(_) => Ok(None),
        Err(RosterError::Database(error)) => Err(error),
        Err(refused) => Ok(Some(refused)),
    }
}

impl Mapping {
    /// The field that fills pins, while it does.
    fn source(&self) -> Option<&str> {
        self.field.as_deref().filter(|_| self.enabled)
    }
}

/// How many entries have no number, and how many another one than their field says; none of either while it is off.
pub fn mapping_counts(conn: &Connection, sn: &Sn) -> Result<MappingCounts, NumberError> {
    let machine = machines::expect(conn, sn)?;
    let mapping = queries::get(conn, machine.id)?;
    let mut counts = MappingCounts::default();
    let Some(field) = mapping.source() else {
        return Ok(MappingCounts { without_number: queries::count_without_pin(conn, machine.id)?, ..counts });
    };
    for (pin, value) in queries::pins(conn, machine.id, field)? {
        counts.without_number += u64::from(pin.is_none());
        counts.proposals += u64::from(pin.is_some_and(|pin| proposed(pin, value.as_deref()).is_some()));
    }
    Ok(counts)
}

/// The number a field says, if it is another one than the entry has; machines see no difference in leading zeros.
fn proposed(number: i64, value: Option<&str>) -> Option<Pin> {
    derive(value).ok().filter(|pin| pin.number() != number)
}

/// What is to be said of the numbers of these entries of a machine, in their order.
pub fn explain(conn: &Connection, machine: &Machine, entries: &[Entry]) -> Result<Vec<Explained>, db::Error> {
    let mapping = queries::get(conn, machine.id)?;
    let Some(field) = mapping.source() else { return Ok(vec![Explained::default(); entries.len()]) };
    entries.iter().map(|entry| explain_one(conn, machine, field, entry)).collect()
}

fn explain_one(
    conn: &Connection,
    machine: &Machine,
    field: &str,
    entry: &Entry,
) -> Result<Explained, db::Error> {
    if entry.state == EntryState::Removing {
        return Ok(Explained::default());
    }
    let value = queries::value(conn, &entry.employee_id, field)?;
    if let Some(pin) = &entry.pin {
        let proposal = proposed(pin.number(), value.as_deref()).map(|pin| pin.as_str().to_owned());
        return Ok(Explained { problem: None, proposal });
    }
    let pin = match derive(value.as_deref()) {
        Ok(pin) => pin,
        Err(reason) => {
            return Ok(Explained { problem: Some((reason.code(), reason.to_string())), proposal: None });
        }
    };
    Ok(match roster::holder(conn, machine.id, pin.number())? {
        Some((_, name, _)) => {
            let taken = RosterError::PinTaken { pin: pin.as_str().to_owned(), name };
            Explained { problem: Some((taken.code(), taken.to_string())), proposal: None }
        }
        // Somebody has cleared it by hand: the field's number is theirs to take.
        None => Explained { problem: None, proposal: Some(pin.as_str().to_owned()) },
    })
}

/// Takes the proposals for these people. Numbers that go round among them (one has what the next is to get) are given as they
/// become free; what never does is refused with the name of whoever has it.
pub fn proposals_accept(
    tx: &Tx<'_>,
    actor: &Actor,
    sn: &Sn,
    employees: &[String],
) -> Result<Accepted, NumberError> {
    let machine = machines::expect(tx, sn)?;
    let mapping = queries::get(tx, machine.id)?;
    let field = mapping.source().ok_or(NumberError::Off)?;
    let mut accepted = Accepted::default();
    let mut wanted = Vec::new();
    for id in employees {
        match wanted_pin(tx, &machine, field, id) {
            Ok(one) => wanted.push(one),
            Err(NumberError::Database(error)) => return Err(error.into()),
            Err(refused) => accepted.rejected.push(Rejected::new(id, refused.code(), &refused)),
        }
    }
    while !wanted.is_empty() {
        let (before, mut blocked) = (wanted.len(), Vec::new());
        let mut refusals = Vec::new();
        for (employee, pin) in wanted {
            match give(tx, actor, &machine, &employee, &pin)? {
                None => accepted.changed.push(employee),
                Some(refused) => {
                    refusals.push(Rejected::new(employee.as_str(), refused.code(), &refused));
                    blocked.push((employee, pin));
                }
            }
        }
        if blocked.len() == before {
            accepted.rejected.extend(refusals);
            break;
        }
        wanted = blocked;
    }
    Ok(accepted)
}

fn wanted_pin(
    conn: &Connection,
    machine: &Machine,
    field: &str,
    id: &str,
) -> Result<(EmployeeId, Pin), NumberError> {
    let employee =
        EmployeeId::new(id).map_err(|_| NumberError::from(RosterError::EmployeeUnknown(id.to_owned())))?;
    let entry = roster::roster_get(conn, &machine.sn, &employee)?;
    if entry.state == EntryState::Removing {
        return Err(RosterError::Unknown(employee).into());
    }
    let value = queries::value(conn, &employee, field)?;
    let has = entry.pin.as_ref().map_or(0, Pin::number);
    let pin = proposed(has, value.as_deref()).ok_or_else(|| NumberError::NoProposal(entry.name))?;
    Ok((employee, pin))
}

/// The pin the machine's mapping gives somebody; none when it is off, gives none, or somebody else has that pin.
pub(crate) fn number_for(
    conn: &Connection,
    machine: &Machine,
    employee: &Employee,
) -> Result<Option<Pin>, db::Error> {
    let mapping = queries::get(conn, machine.id)?;
    let Some(field) = mapping.source() else { return Ok(None) };
    let Ok(pin) = derive(employee.fields.get(field).map(String::as_str)) else { return Ok(None) };
    Ok(match roster::holder(conn, machine.id, pin.number())? {
        Some((holder, ..)) if holder != employee.id => None,
        _ => Some(pin),
    })
}

/// Somebody's fields have changed: fills the empty pins of their entries where a mapping has one for them now.
pub(crate) fn fields_changed(tx: &Tx<'_>, actor: &Actor, employee: &EmployeeId) -> Result<(), db::Error> {
    for (machine, field) in queries::mapped_without_pin(tx, employee)? {
        let Some(machine) = machines::machine_by_id(tx, machine)? else { continue };
        let value = queries::value(tx, employee, &field)?;
        fill(tx, actor, &machine, employee, value.as_deref())?;
    }
    Ok(())
}

/// A pin of a machine is nobody's any more: whoever's field says it and who has none gets it.
pub(crate) fn pin_freed(tx: &Tx<'_>, actor: &Actor, machine: &Machine, number: i64) -> Result<(), db::Error> {
    let mapping = queries::get(tx, machine.id)?;
    let Some(field) = mapping.source() else { return Ok(()) };
    for (employee, value) in queries::waiting_for(tx, machine.id, field, number)? {
        if fill(tx, actor, machine, &employee, value.as_deref())? {
            break;
        }
    }
    Ok(())
}
