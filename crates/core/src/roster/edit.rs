//! Changing a list. What a machine has of it already stays known: only what it never had goes at once, everything else when the
//! machine has confirmed.

use serde::Serialize;

use super::applied::Applied;
use super::plan::{Can, Next, Standing};
use super::{
    Added, DisabledBy, Entry, EntryChange, EntryState, NewEntry, Pin, PinSource, Rejected, RosterError,
    applied, queries, send, spans,
};
use crate::audit::{self, Actor};
use crate::db::{self, Tx};
use crate::directory::{self, Employee, EmployeeId};
use crate::machines::{self, Machine, MachineId};
use crate::numbers;
use rollcall_protocol::Sn;

/// What the operation log keeps of an entry.
#[derive(Serialize, PartialEq, Eq)]
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

/// Adds entries; one that is refused leaves the others alone.
pub fn roster_add(tx: &Tx<'_>, actor: &Actor, sn: &Sn, entries: Vec<NewEntry>) -> Result<Added, RosterError> {
    let machine = machines::expect(tx, sn)?;
    let mut outcome = Added::default();
    for entry in entries {
        let employee_id = entry.employee_id.clone();
        match add_one(tx, actor, &machine, entry) {
            Ok(id) => outcome.added.push(id),
            Err(RosterError::Database(error)) => return Err(RosterError::Database(error)),
            Err(refused) => outcome.rejected.push(Rejected::new(employee_id, refused.code(), &refused)),
        }
    }
    Ok(outcome)
}

fn add_one(tx: &Tx<'_>, actor: &Actor, machine: &Machine, new: NewEntry) -> Result<EmployeeId, RosterError> {
    let unknown = || RosterError::EmployeeUnknown(new.employee_id.clone());
    let id = EmployeeId::new(&new.employee_id).map_err(|_| unknown())?;
    let employee = directory::employee_get(tx, &id)?.ok_or_else(unknown)?;
    let there = queries::get(tx, machine.id, &id)?;
    // Somebody who is on the way out comes back before the machine has let go of them.
    let leaving = match there {
        Some(entry) if entry.state == EntryState::Removing => Some(entry),
        Some(_) => return Err(RosterError::Exists(employee.name)),
        None => None,
    };
    let typed = checked_pin(tx, machine, &id, new.pin.as_deref())?;
    let pin_source = if typed.is_some() { PinSource::Typed } else { PinSource::Mapped };
    let pin = match typed {
        Some(typed) => Some(typed),
        None => numbers::number_for(tx, machine, &employee)?,
    };
    let mut entry = Entry {
        employee_id: id.clone(),
        name: employee.name.clone(),
        department_id: employee.department_id.clone(),
        left_on: employee.left_on,
        state: EntryState::NoNumber,
        pin,
        pin_source,
        role: new.role,
        enabled: new.enabled,
        disabled_by: (!new.enabled).then_some(DisabledBy::Hand),
        source: new.source,
        failure: None,
        due: 0,
    };
    entry.state = state_of(tx, machine, &entry)?;
    match &leaving {
        None => queries::insert(tx, machine.id, &entry)?,
        Some(before) => {
            queries::update(tx, machine.id, &entry)?;
            if before.pin_number() != entry.pin_number() {
                leave_number(tx, machine.id, before)?;
            }
        }
    }
    take_number(tx, machine, &entry, &employee)?;
    audit::record(tx, actor, "roster.add", &subject(&machine.sn, &id), None, Some(&Logged::from(&entry)))?;
    Ok(id)
}

/// How far an entry is when nothing of it is on its way.
fn state_of(tx: &Tx<'_>, machine: &Machine, entry: &Entry) -> Result<EntryState, db::Error> {
    if entry.pin.is_none() {
        return Ok(EntryState::NoNumber);
    }
    let can = Can::of_machine(machine, tx.now());
    let told = applied::get(tx, machine.id, entry.pin_number())?;
    // Of whom the machine was never told, it has not agreed to anything either.
    Ok(match send::next_of(tx, machine.id, entry, told.as_ref(), can)? {
        Next::Nothing if told.is_some() => EntryState::Synced,
        _ => EntryState::Waiting,
    })
}

/// Whether the machine has, or may have, somebody under the number of an entry.
fn is_there(tx: &Tx<'_>, machine: MachineId, entry: &Entry) -> Result<bool, db::Error> {
    let Some(pin) = &entry.pin else { return Ok(false) };
    let told = applied::get(tx, machine, pin.number())?;
    // What was sent for somebody else goes with their entry.
    let foreign = told.as_ref().is_some_and(|told| told.employee != entry.employee_id);
    Ok(!foreign && applied::has(tx, machine, pin.number(), told.as_ref())?.somebody())
}

/// The number becomes the entry's: at once, or, while the machine still has somebody else under it, when it has confirmed that it
/// has them no more (rule 3.7).
fn take_number(tx: &Tx<'_>, machine: &Machine, entry: &Entry, employee: &Employee) -> Result<(), db::Error> {
    let Some(pin) = &entry.pin else { return Ok(()) };
    spans::open(tx, machine, pin.number(), &entry.employee_id, employee.hired_on)
}

/// The number is the entry's no longer: at once if the machine never had them under it, else when it has deleted them there.
fn leave_number(tx: &Tx<'_>, machine: MachineId, entry: &Entry) -> Result<(), db::Error> {
    let Some(pin) = &entry.pin else { return Ok(()) };
    if is_there(tx, machine, entry)? {
        // Whoever was on the way out under it still is.
        if let Some(told) =
            applied::get(tx, machine, pin.number())?.filter(|_| entry.state == EntryState::Removing)
        {
            applied::put(tx, machine, &Applied { due: true, ..told })?;
        }
        return Ok(());
    }
    if applied::get(tx, machine, pin.number())?.is_some_and(|told| told.is(Standing::Away)) {
        applied::delete(tx, machine, pin.number())?;
    }
    spans::end_of(tx, machine, pin.number(), &entry.employee_id)
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
    entry_change(tx, actor, &machines::expect(tx, sn)?, employee, change)
}

fn expect(tx: &Tx<'_>, machine: &Machine, employee: &EmployeeId) -> Result<Entry, RosterError> {
    queries::get(tx, machine.id, employee)?.ok_or_else(|| RosterError::Unknown(employee.clone()))
}

/// The same, for whoever has the machine at hand: to find it is to count its whole list.
pub(crate) fn entry_change(
    tx: &Tx<'_>,
    actor: &Actor,
    machine: &Machine,
    employee: &EmployeeId,
    change: EntryChange,
) -> Result<Entry, RosterError> {
    let before = expect(tx, machine, employee)?;
    let mut after = before.clone();
    if let Some(typed) = change.pin {
        after.pin = checked_pin(tx, machine, employee, typed.as_deref())?;
        after.pin_source = change.pin_source;
    }
    after.role = change.role.unwrap_or(after.role);
    if let Some(enabled) = change.enabled {
        after.enabled = enabled;
        after.disabled_by = (!enabled).then_some(change.by.unwrap_or(DisabledBy::Hand));
    }
    if Logged::from(&before) == Logged::from(&after) && before.disabled_by == after.disabled_by {
        return Ok(before);
    }
    after.failure = None;
    after.state = state_of(tx, machine, &after)?;
    queries::update(tx, machine.id, &after)?;
    if before.pin_number() != after.pin_number() {
        leave_number(tx, machine.id, &before)?;
        if let Some(person) = directory::employee_get(tx, employee)? {
            take_number(tx, machine, &after, &person)?;
        }
    }
    let (old, new) = (Logged::from(&before), Logged::from(&after));
    audit::record(tx, actor, "roster.change", &subject(&machine.sn, employee), Some(&old), Some(&new))?;
    if before.pin.is_some() && before.pin_number() != after.pin_number() {
        numbers::pin_freed(tx, actor, machine, before.pin_number())?;
    }
    Ok(after)
}

/// What came of taking somebody off a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    /// The machine never had them: they are off it.
    Gone,
    /// The machine's next polls delete them there; the entry goes when that is confirmed.
    Removing,
}

/// Takes somebody off a list. What the machine has of them is deleted there without a sync, and until that is confirmed the number
/// stays theirs.
pub fn roster_remove(
    tx: &Tx<'_>,
    actor: &Actor,
    sn: &Sn,
    employee: &EmployeeId,
) -> Result<Removed, RosterError> {
    entry_remove(tx, actor, &machines::expect(tx, sn)?, employee)
}

/// The same, for whoever has the machine at hand.
pub(crate) fn entry_remove(
    tx: &Tx<'_>,
    actor: &Actor,
    machine: &Machine,
    employee: &EmployeeId,
) -> Result<Removed, RosterError> {
    let entry = expect(tx, machine, employee)?;
    if entry.state == EntryState::Removing {
        queries::removing(tx, machine.id, employee)?;
        return Ok(Removed::Removing);
    }
    let subject = subject(&machine.sn, employee);
    audit::record(tx, actor, "roster.remove", &subject, Some(&Logged::from(&entry)), None)?;
    let removed = if is_there(tx, machine.id, &entry)? {
        queries::removing(tx, machine.id, employee)?;
        Removed::Removing
    } else {
        queries::delete(tx, machine.id, employee)?;
        leave_number(tx, machine.id, &entry)?;
        Removed::Gone
    };
    if entry.pin.is_some() {
        numbers::pin_freed(tx, actor, machine, entry.pin_number())?;
    }
    Ok(removed)
}

/// Empties the roster of a machine that is being deleted: nobody asks it any more.
pub(crate) fn roster_clear(tx: &Tx<'_>, machine: &Machine) -> Result<(), db::Error> {
    queries::clear(tx, machine.id)?;
    applied::clear(tx, machine.id)?;
    spans::end_all(tx, machine.id)
}

/// Somebody is called something else now: machines that have them under another name are told at the next sync.
pub(crate) fn person_renamed(tx: &Tx<'_>, employee: &EmployeeId) -> Result<(), db::Error> {
    for machine in queries::machines_of(tx, employee)? {
        let Some(entry) = queries::get(tx, machine, employee)? else { continue };
        if entry.state != EntryState::Synced {
            continue;
        }
        if let Some(known) = machines::machine_by_id(tx, machine)? {
            let state = state_of(tx, &known, &entry)?;
            queries::settled(tx, machine, employee, state)?;
        }
    }
    Ok(())
}

/// A number goes over from one account of a person to another, now, with whatever the machine knows of it: nothing is deleted
/// there, only the name is written anew (rule 7.1).
pub(super) fn hand_over(
    tx: &Tx<'_>,
    actor: &Actor,
    machine: &Machine,
    from: &Entry,
    to: &Employee,
) -> Result<(), RosterError> {
    let pin = from.pin_number();
    queries::delete(tx, machine.id, &from.employee_id)?;
    spans::end_of(tx, machine.id, pin, &from.employee_id)?;
    if let Some(told) = applied::get(tx, machine.id, pin)?.filter(|told| told.employee == from.employee_id) {
        applied::put(tx, machine.id, &Applied { employee: to.id.clone(), ..told })?;
    }
    let mut entry = Entry {
        employee_id: to.id.clone(),
        name: to.name.clone(),
        department_id: to.department_id.clone(),
        left_on: to.left_on,
        source: super::EntrySource::Manual,
        enabled: true,
        disabled_by: None,
        failure: None,
        due: 0,
        ..from.clone()
    };
    entry.state = EntryState::Waiting;
    queries::insert(tx, machine.id, &entry)?;
    take_number(tx, machine, &entry, to)?;
    let (old, new) = (subject(&machine.sn, &from.employee_id), subject(&machine.sn, &to.id));
    audit::record(tx, actor, "roster.remove", &old, Some(&Logged::from(from)), None)?;
    audit::record(tx, actor, "roster.add", &new, None, Some(&Logged::from(&entry)))?;
    Ok(())
}
