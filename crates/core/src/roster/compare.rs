//! What is on a machine against the list (rule 3.8): by number, the same, different, only here or only there. Nothing follows from it
//! by itself; each row is adopted, pushed, deleted, claimed or left by somebody.

use std::collections::HashMap;

use rollcall_protocol::order::{Order, Pin as WirePin};
use rollcall_protocol::text::{Encoding, truncate_encoded};
use rusqlite::Connection;

use super::{
    Entry, EntryChange, EntrySource, EntryState, NewEntry, Pin, Rejected, Role, RosterError, Sync, applied,
    entry_change, entry_remove, pin_number, queries, roster_add, roster_sync,
};
use crate::audit::Actor;
use crate::clock::Timestamp;
use crate::commands::command_add;
use crate::db::Tx;
use crate::directory::{EmployeeId, NewEmployee, employee_add};
use crate::enrolments::{self, SeenView};
use crate::machines::{self, Machine};
use crate::page::{Page, Paged};
use rollcall_protocol::Sn;

/// How list and machine stand to each other under a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// They agree.
    Same,
    /// Both have somebody, not alike.
    Different,
    /// The machine should have somebody and says nothing of them.
    OnlyHere,
    /// The machine has somebody who is not on the list.
    OnlyThere,
}

/// Something in which they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Difference {
    /// The name.
    Name,
    /// The role.
    Role,
    /// Whether they may identify.
    Enabled,
}

/// One number.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The number, as the list or else the machine has it.
    pub pin: String,
    /// How they stand to each other.
    pub kind: Kind,
    /// The entry of the list.
    pub here: Option<Entry>,
    /// Whom the machine has said it holds.
    pub there: Option<SeenView>,
    /// In what they differ.
    pub differences: Vec<Difference>,
}

/// A page of a comparison, and when the machine was read last.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The rows.
    pub rows: Paged<Compared>,
    /// When; none when it never was.
    pub read_at: Option<Timestamp>,
}

/// Bytes of a name that machines hold (U5).
const NAME: usize = 24;
/// Characters of a name that FK machines hold.
const NAME_FK: usize = 15;

/// Whether a machine that was told one name may say the other: it keeps the beginning of a long one.
fn is_named(told: &str, says: &str) -> bool {
    let (told, says) = (told.trim(), says.trim());
    let short: String = told.chars().take(NAME_FK).collect();
    let cut = |encoding| truncate_encoded(told, encoding, NAME).trim_end();
    told == says || says == cut(Encoding::Utf8) || says == cut(Encoding::Gb18030) || says == short.trim_end()
}

/// Compares one number; nothing when neither has anybody there.
fn compare(here: Option<&Entry>, there: Option<&SeenView>) -> Option<(Kind, Vec<Difference>)> {
    match (here, there) {
        (None, None) => None,
        (None, Some(_)) => Some((Kind::OnlyThere, Vec::new())),
        // Whoever may not identify there need not be there.
        (Some(entry), None) => Some((if entry.enabled { Kind::OnlyHere } else { Kind::Same }, Vec::new())),
        (Some(entry), Some(seen)) => {
            let found = [
                (Difference::Name, !is_named(&entry.name, &seen.name)),
                (Difference::Role, entry.role != Role::from(seen.privilege)),
                (Difference::Enabled, entry.enabled == seen.inactive),
            ];
            let differences: Vec<_> = found.into_iter().filter(|(_, is)| *is).map(|(what, _)| what).collect();
            Some((if differences.is_empty() { Kind::Same } else { Kind::Different }, differences))
        }
    }
}

/// The comparison of a machine, by number; only rows of one kind, or all.
pub fn comparison(
    conn: &Connection,
    sn: &Sn,
    kind: Option<Kind>,
    page: &Page,
) -> Result<Comparison, RosterError> {
    let machine = machines::expect(conn, sn)?;
    let after: Option<u64> = page.after()?;
    let (mut seen, mut others) = (HashMap::new(), Vec::new());
    for person in enrolments::seen_all(conn, machine.id)? {
        match pin_number(&person.pin) {
            Some(number) => drop(seen.insert(number, person)),
            None => others.push(person),
        }
    }
    let mut rows = Vec::new();
    for entry in queries::numbered(conn, machine.id)? {
        let there = seen.remove(&entry.pin_number());
        let Some((kind, differences)) = compare(Some(&entry), there.as_ref()) else { continue };
        let pin = entry.pin.as_ref().map_or_else(String::new, |pin| pin.as_str().to_owned());
        rows.push(Compared { pin, kind, here: Some(entry), there, differences });
    }
    for person in seen.into_values().chain(others) {
        rows.push(Compared {
            pin: person.pin.clone(),
            kind: Kind::OnlyThere,
            here: None,
            there: Some(person),
            differences: Vec::new(),
        });
    }
    rows.retain(|row| kind.is_none_or(|kind| kind == row.kind));
    rows.sort_by_cached_key(|row| (pin_number(&row.pin).unwrap_or(i64::MAX), row.pin.clone()));
    let total = rows.len() as u64;
    let from = after.unwrap_or(0);
    let mut at = from;
    let wanted: Vec<_> = rows
        .into_iter()
        .skip(usize::try_from(from).unwrap_or(usize::MAX))
        .take(usize::try_from(page.probe()).unwrap_or(usize::MAX))
        .map(|row| {
            at += 1;
            (row, at)
        })
        .collect();
    let paged = page.finish(wanted, total, |(_, at)| *at);
    let mut items = Vec::with_capacity(paged.items.len());
    for (mut row, _) in paged.items {
        if let Some(there) = &mut row.there {
            there.templates = enrolments::templates_count_of(conn, machine.id, &there.pin)?;
        }
        items.push(row);
    }
    let rows = Paged { items, total: paged.total, next: paged.next };
    Ok(Comparison { rows, read_at: queries::people_read_at(conn, machine.id)? })
}

/// What becomes of a row.
#[derive(Debug, Clone)]
pub enum Resolve {
    /// The list takes the machine's role, and whether they may identify.
    Adopt,
    /// The machine is told what the list has.
    Push,
    /// They are deleted on the machine, and taken off the list.
    Delete,
    /// The number there is this employee's: they come onto the list, and old punches become theirs.
    Claim(EmployeeId),
    /// The same for somebody who is not in the directory yet.
    ClaimNew(String),
}

/// Does to rows what somebody has decided; one that is refused leaves the others alone. Those that were refused.
pub fn comparison_resolve(
    tx: &Tx<'_>,
    actor: &Actor,
    sn: &Sn,
    rows: Vec<(String, Resolve)>,
) -> Result<Vec<Rejected>, RosterError> {
    let machine = machines::expect(tx, sn)?;
    let mut rejected = Vec::new();
    for (pin, resolve) in rows {
        match resolve_one(tx, actor, &machine, &pin, resolve) {
            Ok(()) => {}
            Err(RosterError::Database(error)) => return Err(RosterError::Database(error)),
            Err(refused) => rejected.push(Rejected::new(pin, refused.code(), &refused)),
        }
    }
    Ok(rejected)
}

fn resolve_one(
    tx: &Tx<'_>,
    actor: &Actor,
    machine: &Machine,
    pin: &str,
    resolve: Resolve,
) -> Result<(), RosterError> {
    let sn = &machine.sn;
    let here = match pin_number(pin) {
        Some(number) => queries::holder_of(tx, machine.id, number)?,
        None => None,
    };
    let there = enrolments::seen_one(tx, machine.id, pin)?;
    match (resolve, here, there) {
        (Resolve::Adopt, Some(entry), Some(there)) => {
            let change = EntryChange {
                role: Some(Role::from(there.privilege)),
                enabled: Some(!there.inactive),
                ..EntryChange::default()
            };
            entry_change(tx, actor, machine, &entry.employee_id, change)?;
            Ok(())
        }
        (Resolve::Push, Some(entry), _) => {
            let sync = Sync { full: true, people: Some(vec![entry.employee_id]) };
            roster_sync(tx, actor, sn, &sync)?;
            Ok(())
        }
        (Resolve::Delete, Some(entry), _) => {
            entry_remove(tx, actor, machine, &entry.employee_id)?;
            Ok(())
        }
        (Resolve::Delete, None, Some(_)) => {
            let pin = WirePin::new(pin).map_err(|_| RosterError::NotThere(pin.to_owned()))?;
            command_add(tx, actor, sn, &Order::DeletePerson { pin }).map_err(RosterError::of_command)?;
            Ok(())
        }
        (Resolve::Claim(employee), None, Some(there)) => claim(tx, actor, machine, &employee, &there),
        (Resolve::ClaimNew(name), None, Some(there)) => {
            let new = NewEmployee { name, ..NewEmployee::default() };
            let employee = employee_add(tx, actor, new).map_err(RosterError::of_directory)?;
            claim(tx, actor, machine, &employee.id, &there)
        }
        (Resolve::Claim(_) | Resolve::ClaimNew(_), Some(entry), _) => Err(RosterError::PinTaken {
            pin: entry.pin.map_or_else(String::new, |pin| pin.as_str().to_owned()),
            name: entry.name,
        }),
        _ => Err(RosterError::NotThere(pin.to_owned())),
    }
}

/// Puts somebody onto the list whom the machine has already, as it has them. The machine is told nothing.
fn claim(
    tx: &Tx<'_>,
    actor: &Actor,
    machine: &Machine,
    employee: &EmployeeId,
    there: &SeenView,
) -> Result<(), RosterError> {
    let pin = Pin::new(&there.pin)?;
    let entry = NewEntry {
        employee_id: employee.as_str().to_owned(),
        pin: Some(pin.as_str().to_owned()),
        role: Role::from(there.privilege),
        enabled: !there.inactive,
        source: EntrySource::Manual,
    };
    let added = roster_add(tx, actor, &machine.sn, vec![entry])?;
    if let Some(refused) = added.rejected.into_iter().next() {
        return Err(RosterError::NotClaimed { code: refused.code, detail: refused.detail });
    }
    enrolments::carry_over(tx, machine.id, pin.number())?;
    let Some(entry) = queries::get(tx, machine.id, employee)? else { return Ok(()) };
    if is_named(&entry.name, &there.name) {
        applied::adopted(tx, machine.id, &entry, there.inactive)?;
        queries::settled(tx, machine.id, employee, EntryState::Synced)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roster_3_8_a_name_cut_by_the_machine_is_the_same_name() {
        let table = [
            ("张三", "张三", true),
            ("张三", "李四", false),
            ("张三", "", false),
            ("欧阳修欧阳修欧阳修欧阳修", "欧阳修欧阳修欧阳", true), // 24 bytes of UTF-8
            ("欧阳修欧阳修欧阳修欧阳修欧", "欧阳修欧阳修欧阳修欧阳修", true), // 24 bytes of GB18030
            ("欧阳修欧阳修欧阳修欧阳修欧阳修欧阳修", "欧阳修欧阳修欧阳修欧阳修欧阳修", true), // 15 characters
            ("欧阳修", "欧阳", false),
        ];
        for (told, says, expected) in table {
            assert_eq!(is_named(told, says), expected, "{told} {says}");
        }
    }
}
