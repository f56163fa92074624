//! From the difference between list and machine to commands: what a poll takes along is made up at that moment, never stored as a
//! wish. What is marked as due waits here; each poll takes as much of it as an answer carries.

use rollcall_protocol::order::{self, Means, Order, Person, Pin as WirePin, Refusal};

use super::applied::{self, Applied, Restore, Sending};
use super::plan::{Can, Has, Next, Standing, Step, Want, next};
use super::{Entry, EntryState, Pin, Role, Whom, queries, settle, sync};
use crate::clock::Timestamp;
use crate::commands;
use crate::db::{self, Tx};
use crate::enrolments::{self, Belongings};
use crate::machines::{self, Machine, MachineId};

/// How long what a machine says it sent of somebody may take to arrive.
const BACKUP_TAKES: chrono::TimeDelta = chrono::TimeDelta::minutes(5);

impl Can {
    /// What a machine can be told, as far as it has said what it is.
    pub(crate) fn of(means: &Means<'_>) -> Self {
        // A number that no machine refuses to be asked about.
        let Ok(pin) = WirePin::new("1") else { return Self { bar: false, back_up: false } };
        let barred = Person { inactive: true, ..person(pin.clone(), "", Role::User, &Belongings::default()) };
        Self {
            bar: order::steps(&Order::PutPerson(barred), means).is_ok(),
            back_up: order::steps(&Order::BackUpPerson { pin }, means).is_ok(),
        }
    }

    pub(crate) fn of_machine(machine: &Machine, now: Timestamp) -> Self {
        let dialect = machine.dialect.unwrap_or(rollcall_protocol::Dialect::Attendance);
        Self::of(&machines::means_of(machine, dialect, now))
    }
}

fn person(pin: WirePin, name: &str, role: Role, theirs: &Belongings) -> Person {
    Person {
        pin,
        name: name.to_owned(),
        privilege: role.into(),
        card: theirs.card.clone(),
        password: theirs.password.clone(),
        group: theirs.group.filter(|group| *group > 0).unwrap_or(1),
        valid: None,
        inactive: false,
    }
}

/// Marks what differs as due; see [`super::roster_send`].
pub(super) fn mark(tx: &Tx<'_>, machine: &Machine, whom: Whom<'_>) -> Result<u64, db::Error> {
    let marked = match whom {
        Whom::Everybody => queries::mark_due(tx, machine.id, None)? + applied::orphans_due(tx, machine.id)?,
        Whom::People(people) => {
            let mut marked = 0;
            for employee in people {
                marked += queries::mark_due(tx, machine.id, Some(employee))?;
            }
            marked
        }
    };
    Ok(marked as u64)
}

/// Queues what the machine's poll is to take along: at most `room` entries. Whether any entry came to rest without a command. A
/// first look at the machine goes before everything: what it holds already is read before anything is written over it.
pub(crate) fn feed(
    tx: &Tx<'_>,
    machine: &Machine,
    means: &Means<'_>,
    room: usize,
) -> Result<bool, db::Error> {
    if room == 0 || !queries::any_due(tx, machine.id)? || !has_been_read(tx, machine, means)? {
        return Ok(false);
    }
    sync::under_way(tx, machine.id)?;
    let can = Can::of(means);
    let (mut left, mut rested) = (room, false);
    for number in applied::due(tx, machine.id, left)? {
        let wanted = queries::holder_of(tx, machine.id, number.pin)?;
        // Somebody has it meanwhile: theirs is the next step.
        if wanted.is_some() || number.in_flight() {
            applied::put(tx, machine.id, &Applied { due: false, ..number })?;
            rested = true;
            continue;
        }
        rested |= !tell(tx, machine, means, number.pin, Some(number), None, Step::Delete)?;
        left = left.saturating_sub(1);
    }
    for entry in queries::due(tx, machine.id, left)? {
        let Some(pin) = entry.pin.as_ref().map(Pin::number) else {
            queries::settled(tx, machine.id, &entry.employee_id, EntryState::NoNumber)?;
            rested = true;
            continue;
        };
        let told = applied::get(tx, machine.id, pin)?;
        if told.as_ref().is_some_and(Applied::in_flight) {
            continue;
        }
        match next_of(tx, machine.id, &entry, told.as_ref(), can)? {
            Next::Tell(step) => rested |= !tell(tx, machine, means, pin, told, Some(&entry), step)?,
            Next::Nothing => {
                settle::agreed(tx, machine.id, &entry)?;
                rested = true;
            }
            Next::Wait => {
                let since = told.and_then(|told| told.backup_at);
                if since.is_some_and(|since| since + BACKUP_TAKES <= tx.now()) {
                    settle::failed(tx, machine.id, &entry, "roster.backup_incomplete", "")?;
                    rested = true;
                }
            }
            Next::CannotDisable => {
                settle::failed(tx, machine.id, &entry, "roster.cannot_disable", "")?;
                rested = true;
            }
        }
    }
    Ok(rested)
}

/// What the list wants under the number of an entry; nothing when it is being removed.
fn want_of(entry: &Entry) -> Option<Want<'_>> {
    (entry.state != EntryState::Removing).then_some(Want {
        employee: &entry.employee_id,
        name: &entry.name,
        role: entry.role,
        enabled: entry.enabled,
    })
}

/// Before a machine that may hold people is written to for the first time, its people are read: a card enrolled there would be
/// lost otherwise (U2).
fn has_been_read(tx: &Tx<'_>, machine: &Machine, means: &Means<'_>) -> Result<bool, db::Error> {
    if queries::people_read_at(tx, machine.id)?.is_some() {
        return Ok(true);
    }
    if machine.reported.people != Some(0) {
        match commands::last_of(tx, machine.id, Order::ReadPeople.kind())? {
            Some(asked) if !asked.state.is_final() => return Ok(false),
            // Whatever came of it: a machine that does not tell is not waited for.
            Some(_) => {}
            None => {
                if let Ok(steps) = order::steps(&Order::ReadPeople, means) {
                    commands::chain(tx, machine.id, SYSTEM, &Order::ReadPeople, &steps)?;
                    return Ok(false);
                }
            }
        }
    }
    queries::people_read(tx, machine.id)?;
    Ok(true)
}

/// Who orders what follows from a list.
const SYSTEM: &str = "system";

/// Queues the commands of a step, and writes down that nobody knows any more what the machine has there. Whether there are any.
fn tell(
    tx: &Tx<'_>,
    machine: &Machine,
    means: &Means<'_>,
    pin: i64,
    before: Option<Applied>,
    entry: Option<&Entry>,
    step: Step,
) -> Result<bool, db::Error> {
    let Ok(wire) = WirePin::new(&pin.to_string()) else { return Ok(false) };
    let order = match (step, entry) {
        (Step::Put | Step::Bar, Some(entry)) => {
            match write(tx, machine, means, before.as_ref(), wire, entry, step) {
                Ok(order) => order,
                Err(db::Error::Vault(error)) => {
                    settle::failed(tx, machine.id, entry, error.code(), &error.to_string())?;
                    return Ok(false);
                }
                Err(error) => return Err(error),
            }
        }
        (Step::BackUp, _) => Order::BackUpPerson { pin: wire },
        _ => Order::DeletePerson { pin: wire },
    };
    let last = match order::steps(&order, means) {
        Ok(steps) => commands::chain(tx, machine.id, SYSTEM, &order, &steps)?,
        Err(refusal) => {
            refused(tx, machine.id, entry, before, refusal)?;
            return Ok(false);
        }
    };
    let owner = match (step, &before, entry) {
        // Whoever goes is whom it was sent for.
        (Step::Delete, Some(before), _) => before.employee.clone(),
        (_, _, Some(entry)) => entry.employee_id.clone(),
        (_, Some(before), None) => before.employee.clone(),
        (_, None, None) => return Ok(false),
    };
    let is_same = before.as_ref().is_some_and(|before| before.employee == owner);
    let mut after = before.filter(|_| is_same).unwrap_or_else(|| Applied::new(pin, &owner));
    let (name, role) = entry.map_or((String::new(), Role::User), |entry| (entry.name.clone(), entry.role));
    after.sending = Some(Sending { step, name, role: role.name().to_owned(), given_up: false });
    after.command = last;
    after.refused = false;
    after.due = false;
    if step == Step::BackUp {
        after.backup_at = Some(tx.now());
        after.backup_count = 0;
    } else {
        if after.is(Standing::Away) {
            after.restore = Restore::Missing;
        }
        after.record = None;
    }
    applied::put(tx, machine.id, &after)?;
    if let Some(entry) = entry {
        queries::on_its_way(tx, machine.id, &entry.employee_id)?;
    }
    Ok(true)
}

/// Somebody as the machine is to know them, with what they identify by where the machine would forget it, or has.
fn write(
    tx: &Tx<'_>,
    machine: &Machine,
    means: &Means<'_>,
    before: Option<&Applied>,
    pin: WirePin,
    entry: &Entry,
    step: Step,
) -> Result<Order, db::Error> {
    let theirs = enrolments::belongings(tx, tx.vault(), machine.id, entry.pin_number(), &entry.employee_id)?;
    let mut person = person(pin, &entry.name, entry.role, &theirs);
    person.inactive = step == Step::Bar;
    let restore = before.map_or(Restore::None, |before| before.restore);
    let whole = means.dialect == rollcall_protocol::Dialect::Fk;
    let wanted = |there: bool| match restore {
        _ if whole => true,
        Restore::All => true,
        Restore::Missing => !there,
        Restore::None => false,
    };
    let templates: Vec<_> = theirs
        .templates
        .into_iter()
        .filter(|(_, there)| wanted(*there))
        .map(|(template, _)| template)
        .collect();
    Ok(match templates.is_empty() {
        true => Order::PutPerson(person),
        false => Order::RestorePerson { person, templates },
    })
}

/// The machine cannot be told this at all.
fn refused(
    tx: &Tx<'_>,
    machine: MachineId,
    entry: Option<&Entry>,
    before: Option<Applied>,
    refusal: Refusal,
) -> Result<(), db::Error> {
    match (entry, before) {
        (Some(entry), _) => settle::failed(tx, machine, entry, refusal.code(), &refusal.to_string()),
        (None, Some(before)) => applied::put(tx, machine, &Applied { due: false, ..before }),
        (None, None) => Ok(()),
    }
}

/// Whether the machine's next poll is worth a look.
pub(crate) fn is_due(conn: &rusqlite::Connection, machine: MachineId) -> Result<bool, db::Error> {
    queries::any_due(conn, machine)
}

/// The next step of an entry, under whose number the machine was told this much, as the rule has it.
pub(super) fn next_of(
    conn: &rusqlite::Connection,
    machine: MachineId,
    entry: &Entry,
    told: Option<&Applied>,
    can: Can,
) -> Result<Next, db::Error> {
    let has = match &entry.pin {
        Some(pin) => applied::has(conn, machine, pin.number(), told)?,
        None => Has::default(),
    };
    Ok(next(want_of(entry).as_ref(), &has, can))
}
