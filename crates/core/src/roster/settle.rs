//! What a machine's answers make of the list: confirmed, refused, forgotten.

use rollcall_protocol::order::Order;

use super::applied::{self, Applied, Restore, Sending};
use super::plan::{Can, Next, Record, Standing, Step};
use super::{Entry, EntryState, Role, queries, send, spans, sync};
use crate::clock::Timestamp;
use crate::commands::{Command, CommandState, NO_ANSWER};
use crate::db::{self, Tx};
use crate::directory;
use crate::enrolments::{self, SeenPerson};
use crate::machines::{self, MachineId};

/// A command has ended; `reason` is why the first step of its order did, and `again` says that it is to be told once more, in
/// other words.
pub(crate) fn command_ended(
    tx: &Tx<'_>,
    command: &Command,
    reason: Option<&str>,
    again: bool,
) -> Result<(), db::Error> {
    let machine = command.machine;
    let is_done = command.state == CommandState::Done;
    match &command.order {
        order @ Order::ReadRows { .. } if is_done => {
            applied::count_backup(tx, machine, order, command.return_code)?;
        }
        Order::PutTemplate(template) if is_done => enrolments::template_there(tx, machine, template)?,
        Order::PutTemplate(template) => applied::part_refused(tx, machine, template.pin.as_str())?,
        Order::RestorePerson { templates, .. } if is_done => {
            for template in templates {
                enrolments::template_there(tx, machine, template)?;
            }
        }
        _ => {}
    }
    let Some(mut told) = applied::by_command(tx, command.id)? else { return Ok(()) };
    let Some(sending) = told.sending.take() else { return Ok(()) };
    let is_delete = matches!(sending.step, Step::Delete | Step::TakeOff | Step::BackUp);
    // Whoever is not there is deleted already, and has nothing that could be read.
    let is_absent = is_delete && reason == Some("machine.person_unknown");
    if is_absent {
        enrolments::person_gone(tx, machine, &told.pin.to_string())?;
    }
    if is_done || is_absent {
        let step = if is_absent && sending.step == Step::BackUp { Step::Delete } else { sending.step };
        return confirmed(tx, machine, told, &Sending { step, ..sending });
    }
    if reason == Some(NO_ANSWER) && !again {
        // The truth may still come.
        told.sending = Some(Sending { given_up: true, ..sending });
    }
    applied::put(tx, machine, &told)?;
    if told.due || again {
        queries::due_again(tx, machine, told.pin)?;
    }
    if again {
        return Ok(());
    }
    for entry in queries::of_pin(tx, machine, told.pin)? {
        let detail = command.detail.as_deref().unwrap_or_default();
        failed(tx, machine, &entry, reason.unwrap_or("command.step_failed"), detail)?;
    }
    Ok(())
}

/// A step is done.
fn confirmed(tx: &Tx<'_>, machine: MachineId, mut told: Applied, sending: &Sending) -> Result<(), db::Error> {
    let record = |standing| {
        Some(Record { name: sending.name.clone(), role: Role::from_name(&sending.role), standing })
    };
    match sending.step {
        Step::Put | Step::Bar if told.refused => {
            // The person is there, and a template of theirs is not: what was refused is shown, and tried once more when asked.
            told.restore = Restore::All;
            applied::put(tx, machine, &told)?;
            for entry in queries::of_pin(tx, machine, told.pin)? {
                failed(tx, machine, &entry, "roster.template_refused", "")?;
            }
            return Ok(());
        }
        Step::Put => {
            told.record = record(Standing::Present);
            told.restore = Restore::None;
            told.backup_at = None;
        }
        Step::Bar => told.record = record(Standing::Barred),
        Step::TakeOff => {
            told.record = record(Standing::Away);
            told.restore = Restore::Missing;
        }
        Step::BackUp => {}
        Step::Delete => return deleted(tx, machine, &told),
    }
    if sending.step != Step::BackUp {
        told.confirmed_at = Some(tx.now());
    }
    applied::put(tx, machine, &told)?;
    if matches!(sending.step, Step::Put | Step::Bar) {
        is_there(tx, machine, &told)?;
    }
    for entry in queries::of_pin(tx, machine, told.pin)? {
        look_again(tx, machine, &entry)?;
    }
    Ok(())
}

/// The machine has said that it holds somebody as it was told to.
fn is_there(tx: &Tx<'_>, machine: MachineId, told: &Applied) -> Result<(), db::Error> {
    let Some(record) = &told.record else { return Ok(()) };
    let person = SeenPerson {
        pin: told.pin.to_string(),
        name: Some(record.name.clone()),
        privilege: Some(record.role.into()),
        inactive: Some(record.standing == Standing::Barred),
        ..SeenPerson::default()
    };
    enrolments::people_seen(tx, machine, &[person])
}

/// The machine has nobody under a number any more: whoever had it has it no longer, and whoever waits for it gets it (rule 3.7).
fn deleted(tx: &Tx<'_>, machine: MachineId, told: &Applied) -> Result<(), db::Error> {
    applied::delete(tx, machine, told.pin)?;
    let holder = queries::holder_of(tx, machine, told.pin)?;
    if holder.as_ref().is_none_or(|holder| holder.employee_id != told.employee) {
        spans::end_of(tx, machine, told.pin, &told.employee)?;
    }
    for entry in queries::of_pin(tx, machine, told.pin)? {
        if entry.state == EntryState::Removing {
            agreed(tx, machine, &entry)?;
        }
    }
    if let Some(holder) = holder {
        begin_span(tx, machine, told.pin, &holder)?;
        look_again(tx, machine, &holder)?;
    }
    Ok(())
}

/// The number is somebody's from now on, unless it is already.
fn begin_span(tx: &Tx<'_>, machine: MachineId, pin: i64, holder: &Entry) -> Result<(), db::Error> {
    let Some(machine) = machines::machine_by_id(tx, machine)? else { return Ok(()) };
    let hired_on = directory::employee_get(tx, &holder.employee_id)?.and_then(|employee| employee.hired_on);
    spans::open(tx, &machine, pin, &holder.employee_id, hired_on)
}

/// Judges an entry anew: what was on its way goes on with its next step; what changed meanwhile waits for the next sync.
fn look_again(tx: &Tx<'_>, machine: MachineId, entry: &Entry) -> Result<(), db::Error> {
    // What it can do matters only for somebody who shall not identify there.
    let can = match entry.enabled {
        true => Can { bar: false, back_up: false },
        false => match machines::machine_by_id(tx, machine)? {
            Some(machine) => Can::of_machine(&machine, tx.now()),
            None => return Ok(()),
        },
    };
    let told = applied::get(tx, machine, entry.pin_number())?;
    match send::next_of(tx, machine, entry, told.as_ref(), can)? {
        Next::Nothing => agreed(tx, machine, entry),
        _ if entry.due > 0 => queries::due_again(tx, machine, entry.pin_number()),
        _ => queries::settled(tx, machine, &entry.employee_id, EntryState::Waiting),
    }
}

/// List and machine agree on an entry.
pub(super) fn agreed(tx: &Tx<'_>, machine: MachineId, entry: &Entry) -> Result<(), db::Error> {
    if entry.due > 0 {
        sync::entry_ended(tx, machine, None)?;
    }
    if entry.state == EntryState::Removing {
        queries::delete(tx, machine, &entry.employee_id)?;
        return spans::end_of(tx, machine, entry.pin_number(), &entry.employee_id);
    }
    queries::settled(tx, machine, &entry.employee_id, EntryState::Synced)
}

/// A machine refused an entry, or never answered. An entry that is being removed goes on being so.
pub(super) fn failed(
    tx: &Tx<'_>,
    machine: MachineId,
    entry: &Entry,
    code: &str,
    detail: &str,
) -> Result<(), db::Error> {
    if entry.due > 0 {
        sync::entry_ended(tx, machine, Some((entry, code, detail)))?;
    }
    queries::failed(tx, machine, &entry.employee_id, code, detail)
}

/// A machine has forgotten whom it was told about, or whom it was told about before an instant. Whoever was to be deleted is;
/// the others wait for the next sync, or for the rest of the one that is under way.
pub(crate) fn machine_forgot(
    tx: &Tx<'_>,
    machine: MachineId,
    confirmed_before: Option<Timestamp>,
) -> Result<(), db::Error> {
    let goes_on = sync::is_open(tx, machine)?;
    for told in applied::numbers_there(tx, machine, confirmed_before)? {
        number_forgotten(tx, machine, told, goes_on)?;
    }
    Ok(())
}

/// How soon a machine may be found empty once more. One that says so all the time does not count its people.
const EMPTY_AGAIN: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

/// A machine says that it holds nobody, as of an instant: it was wiped, if it was told about anybody before.
pub(crate) fn machine_is_empty(tx: &Tx<'_>, machine: MachineId, as_of: Timestamp) -> Result<(), db::Error> {
    let again = queries::found_empty_at(tx, machine)?.is_some_and(|last| as_of < last + EMPTY_AGAIN);
    if !again && applied::any_confirmed_before(tx, machine, as_of)? {
        queries::found_empty(tx, machine, as_of)?;
        enrolments::people_gone(tx, machine)?;
        machine_forgot(tx, machine, Some(as_of))?;
        sync::begin_again(tx, machine, as_of)?;
    }
    Ok(())
}

/// Of those a machine was told about, it has only the ones it has named.
pub(crate) fn machine_named_all(tx: &Tx<'_>, machine: MachineId) -> Result<(), db::Error> {
    let goes_on = sync::is_open(tx, machine)?;
    for told in applied::numbers_there(tx, machine, Some(tx.now()))? {
        if !enrolments::is_on_machine(tx, machine, told.pin)? {
            number_forgotten(tx, machine, told, goes_on)?;
        }
    }
    Ok(())
}

/// A machine has deleted somebody by itself. Nothing is sent for that: whoever stands there has a reason (U6).
pub(crate) fn person_forgotten(tx: &Tx<'_>, machine: MachineId, pin: i64) -> Result<(), db::Error> {
    match applied::get(tx, machine, pin)? {
        Some(told) if !told.is(Standing::Away) => number_forgotten(tx, machine, told, false),
        Some(_) => Ok(()),
        // It was enrolled there, and nothing was ever sent.
        None => match queries::of_pin(tx, machine, pin)?.first() {
            Some(entry) if entry.state == EntryState::Removing => {
                deleted(tx, machine, &Applied::new(pin, &entry.employee_id))
            }
            _ => Ok(()),
        },
    }
}

fn number_forgotten(
    tx: &Tx<'_>,
    machine: MachineId,
    mut told: Applied,
    goes_on: bool,
) -> Result<(), db::Error> {
    if told.in_flight() {
        // What is on its way may still arrive.
        told.record = None;
        told.restore = Restore::All;
        return applied::put(tx, machine, &told);
    }
    let entries = queries::of_pin(tx, machine, told.pin)?;
    let wanted = entries
        .iter()
        .find(|entry| entry.state != EntryState::Removing && entry.employee_id == told.employee);
    let Some(wanted) = wanted else { return deleted(tx, machine, &told) };
    // What they identify by is kept here, and goes along when they are sent again.
    told.record = Some(Record { name: wanted.name.clone(), role: wanted.role, standing: Standing::Away });
    told.restore = Restore::All;
    told.sending = None;
    told.backup_at = None;
    applied::put(tx, machine, &told)?;
    if goes_on && wanted.enabled {
        return queries::due_again(tx, machine, told.pin);
    }
    look_again(tx, machine, wanted)
}
