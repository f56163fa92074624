//! Left, and back under a new account (rule 7.1): one guided action instead of four on each machine.

use chrono::NaiveDate;
use rollcall_protocol::Sn;

use super::{
    Entry, EntrySource, NewEntry, Removed, RosterError, Whom, edit, entry_remove, queries, roster_add, send,
    spans,
};
use crate::audit::{self, Actor};
use crate::db::Tx;
use crate::directory::{self, EmployeeChange, EmployeeId, NewEmployee};
use crate::enrolments;
use crate::machines::{self, Machine};

/// Who somebody is from now on.
#[derive(Debug, Clone)]
pub enum NewAccount {
    /// Somebody of the directory.
    Existing(EmployeeId),
    /// Somebody to be added to it.
    New(NewEmployee),
}

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Rehire {
    /// The account that has left.
    pub old: EmployeeId,
    /// The account that takes its places.
    pub new: NewAccount,
    /// Whether fingerprints and faces go over to the new account; else they are deleted with the old one, and enrolled anew.
    pub carry_templates: bool,
    /// The last day of the old account, when it has none yet.
    pub left_on: Option<NaiveDate>,
}

/// What happens on one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnMachine {
    /// Which.
    pub sn: Sn,
    /// Under which number.
    pub pin: Option<String>,
    /// A stable code: `rehire.carried`, `rehire.follows`, `rehire.added`, `rehire.already_there`, `rehire.no_number`, or why it
    /// was refused.
    pub code: String,
    /// In English.
    pub detail: String,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Rehired {
    /// The new account.
    pub employee: EmployeeId,
    /// The machines the old one was on.
    pub machines: Vec<OnMachine>,
}

/// Takes the old account off every machine, puts the new one in its places under the same numbers, and sends both. Old punches stay
/// with the old account: a number changes hands at the moment at which the machine has let go of the old one, or, when
/// what they identify by is carried over, now.
pub fn rehire(tx: &Tx<'_>, actor: &Actor, wanted: Rehire) -> Result<Rehired, RosterError> {
    let unknown = |id: &EmployeeId| RosterError::EmployeeUnknown(id.as_str().to_owned());
    let old = directory::employee_get(tx, &wanted.old)?.ok_or_else(|| unknown(&wanted.old))?;
    let new = match wanted.new {
        NewAccount::Existing(id) => directory::employee_get(tx, &id)?.ok_or_else(|| unknown(&id))?,
        NewAccount::New(new) => directory::employee_add(tx, actor, new).map_err(RosterError::of_directory)?,
    };
    if new.id == old.id {
        return Err(RosterError::SamePerson);
    }
    if let Some(left_on) = wanted.left_on.filter(|_| old.left_on.is_none()) {
        let change = EmployeeChange { left_on: Some(Some(left_on)), ..EmployeeChange::default() };
        directory::employee_change(tx, actor, &old.id, change).map_err(RosterError::of_directory)?;
    }
    let mut on_machines = Vec::new();
    for machine in queries::machines_of(tx, &old.id)? {
        let Some(machine) = machines::machine_by_id(tx, machine)? else { continue };
        let Some(entry) = queries::get(tx, machine.id, &old.id)? else { continue };
        let pin = entry.pin.as_ref().map(|pin| pin.as_str().to_owned());
        let (code, detail) = match on_machine(tx, actor, &machine, &entry, &new, wanted.carry_templates) {
            Ok((code, detail)) => (code.to_owned(), detail.to_owned()),
            Err(RosterError::Database(error)) => return Err(RosterError::Database(error)),
            Err(refused) => (refused.code().to_owned(), refused.to_string()),
        };
        on_machines.push(OnMachine { sn: machine.sn, pin, code, detail });
    }
    let logged =
        serde_json::json!({ "from": old.id, "to": new.id, "carryTemplates": wanted.carry_templates });
    audit::record(tx, actor, "employee.rehire", &format!("employee/{}", new.id), None, Some(&logged))?;
    Ok(Rehired { employee: new.id, machines: on_machines })
}

fn on_machine(
    tx: &Tx<'_>,
    actor: &Actor,
    machine: &Machine,
    entry: &Entry,
    new: &directory::Employee,
    carry: bool,
) -> Result<(&'static str, &'static str), RosterError> {
    let people = std::slice::from_ref(&new.id);
    if queries::get(tx, machine.id, &new.id)?.is_some() {
        entry_remove(tx, actor, machine, &entry.employee_id)?;
        return Ok((
            "rehire.already_there",
            "the new account is on this machine already; the old one is taken off",
        ));
    }
    if carry && let Some(pin) = &entry.pin {
        edit::hand_over(tx, actor, machine, entry, new)?;
        enrolments::carry_over(tx, machine.id, pin.number())?;
        send::mark(tx, machine, Whom::People(people))?;
        return Ok((
            "rehire.carried",
            "the number, with what the machine knows of it, is the new account's from now on",
        ));
    }
    let removed = entry_remove(tx, actor, machine, &entry.employee_id)?;
    let new_entry = NewEntry {
        employee_id: new.id.as_str().to_owned(),
        pin: entry.pin.as_ref().map(|pin| pin.as_str().to_owned()),
        role: entry.role,
        enabled: true,
        source: EntrySource::Manual,
    };
    let added = roster_add(tx, actor, &machine.sn, vec![new_entry])?;
    if let Some(refused) = added.rejected.into_iter().next() {
        return Err(RosterError::NotClaimed { code: refused.code, detail: refused.detail });
    }
    send::mark(tx, machine, Whom::People(people))?;
    Ok(match (removed, &entry.pin) {
        (_, None) => ("rehire.no_number", "on the list, without a number yet"),
        (Removed::Removing, _) => {
            ("rehire.follows", "the machine deletes the old account first, then the new one follows")
        }
        (Removed::Gone, _) => {
            ("rehire.added", "the machine did not have the old account; the new one is sent")
        }
    })
}

/// A machine somebody is on, or has been.
#[derive(Debug, Clone)]
pub struct PersonOnMachine {
    /// The machine.
    pub machine: Machine,
    /// Their entry, while they are on its list.
    pub entry: Option<Entry>,
    /// The numbers they have had there, newest first: number, from when, until when.
    pub spans: Vec<spans::Held>,
}

/// Where somebody is and has been, under which numbers; by the machines' names.
pub fn person_machines(
    conn: &rusqlite::Connection,
    employee: &EmployeeId,
) -> Result<Vec<PersonOnMachine>, RosterError> {
    let unknown = || RosterError::EmployeeUnknown(employee.as_str().to_owned());
    directory::employee_get(conn, employee)?.ok_or_else(unknown)?;
    let mut found = Vec::new();
    for machine in queries::machines_ever_of(conn, employee)? {
        let Some(machine) = machines::machine_by_id(conn, machine)? else { continue };
        let entry = queries::get(conn, machine.id, employee)?;
        let spans = spans::of_person(conn, machine.id, employee)?;
        found.push(PersonOnMachine { machine, entry, spans });
    }
    found.sort_by_cached_key(|on| (on.machine.name.clone(), on.machine.sn.key()));
    Ok(found)
}
