//! Enrolments: whom machines say they know, and the templates they have of them.
//!
//! What a machine says is kept as what it says: no roster and nobody else's machine follows from it by itself, or two
//! copies of the truth would chase each other (rules U6, U7). Something a machine leaves out stays as it was. What it
//! deletes, or loses, is kept here as a backup (U1), until somebody deletes the person ([`templates_delete`]).
//! Templates, photos and passwords lie sealed (O3).

mod belongings;
mod counts;
mod kind;
mod queries;
#[cfg(test)]
mod tests;

use std::fmt;

use rollcall_protocol::Sn;
use rollcall_protocol::order::{Privilege, Template, TemplateKind};
use rusqlite::Connection;

pub(crate) use belongings::{Belongings, arrived, belongings, carry_over, is_on_machine, template_there};
pub use counts::TemplateCounts;

use crate::clock::Timestamp;
use crate::db::{self, Tx};
use crate::directory::EmployeeId;
use crate::machines::{self, MachineId};
use crate::page::{ListError, Page, Paged};
use crate::roster::{self, PinKey, pin_number};
use crate::vault::Vault;

/// People kept for one machine; the largest hold about 50,000.
pub const MOST_PEOPLE: usize = 100_000;
/// Templates kept for one machine.
pub const MOST_TEMPLATES: usize = 500_000;

/// Somebody as a machine describes them; what is `None` it did not say.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SeenPerson {
    /// Their number there, as sent.
    pub pin: String,
    /// Their name.
    pub name: Option<String>,
    /// What they may do.
    pub privilege: Option<Privilege>,
    /// The same in the machine's own number or word.
    pub raw_privilege: Option<String>,
    /// Whether they are shut out.
    pub inactive: Option<bool>,
    /// Their card; empty = none.
    pub card: Option<String>,
    /// Their password; empty = none.
    pub password: Option<String>,
    /// Their access group.
    pub group: Option<String>,
    /// How they are to identify, as sent.
    pub verify: Option<String>,
    /// From when they may, as sent.
    pub valid_from: Option<String>,
    /// Until when they may, as sent.
    pub valid_to: Option<String>,
    /// The row number the machine has for them.
    pub uid: Option<String>,
}

impl fmt::Debug for SeenPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names, cards and passwords belong into no log.
        f.debug_struct("SeenPerson")
            .field("pin", &self.pin)
            .field("privilege", &self.privilege)
            .field("inactive", &self.inactive)
            .finish_non_exhaustive()
    }
}

/// Somebody a machine holds, and who that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenView {
    /// Their number there.
    pub pin: String,
    /// Their name there.
    pub name: String,
    /// What they may do there.
    pub privilege: Privilege,
    /// The same in the machine's own number or word.
    pub raw_privilege: String,
    /// Whether they are shut out.
    pub inactive: bool,
    /// Their card.
    pub card: String,
    /// Whether they have a password.
    pub has_password: bool,
    /// Their access group.
    pub group: String,
    /// From when they may, as sent.
    pub valid_from: String,
    /// Until when they may, as sent.
    pub valid_to: String,
    /// The templates the machine has of them.
    pub templates: TemplateCounts,
    /// Whose number it was when the machine said so.
    pub employee: Option<(EmployeeId, String)>,
    /// When it said so last.
    pub seen_at: Timestamp,
}

/// Writes down people a machine described. Their templates are not touched.
pub fn people_seen(tx: &Tx<'_>, machine: MachineId, people: &[SeenPerson]) -> Result<(), db::Error> {
    // Nobody has the number 0 or none (P9).
    let people = people.iter().filter(|person| person.pin.bytes().any(|b| b != b'0' && b > b' '));
    let mut room = MOST_PEOPLE.saturating_sub(queries::people(tx, machine)?);
    for person in people {
        queries::put_person(tx, machine, person, &mut room)?;
    }
    Ok(())
}

/// A machine has deleted somebody, and with them their templates; they are kept as a backup.
pub fn person_gone(tx: &Tx<'_>, machine: MachineId, pin: &str) -> Result<(), db::Error> {
    queries::person_gone(tx, machine, pin)?;
    match pin_number(pin) {
        Some(number) => roster::person_forgotten(tx, machine, number),
        None => Ok(()),
    }
}

/// A machine has forgotten everybody; what it was told is known to `roster::machine_forgot`.
pub fn people_gone(tx: &Tx<'_>, machine: MachineId) -> Result<(), db::Error> {
    queries::people_unseen_since(tx, machine, None).map(drop)
}

/// A machine was read from beginning to end since `since`: whom it did not mention, it does not have. How many those are.
pub fn people_sweep(tx: &Tx<'_>, machine: MachineId, since: Timestamp) -> Result<usize, db::Error> {
    queries::people_unseen_since(tx, machine, Some(since))
}

/// The people a machine holds, as it said last, by number.
pub fn seen_list(conn: &Connection, sn: &Sn, page: &Page) -> Result<Paged<SeenView>, ListError> {
    let machine = machines::expect(conn, sn)?.id;
    let after: Option<PinKey> = page.after()?;
    let rows = queries::seen(conn, machine, after, page.probe())?;
    Ok(page.finish(rows, queries::count_on_machine(conn, machine)?, |row| PinKey::of(&row.pin)))
}

/// How many people a machine holds, as it said last.
pub(crate) fn people_count(conn: &Connection, machine: MachineId) -> Result<u64, db::Error> {
    queries::count_on_machine(conn, machine)
}

/// All the people a machine holds, as it said last, without their templates.
pub(crate) fn seen_all(conn: &Connection, machine: MachineId) -> Result<Vec<SeenView>, db::Error> {
    queries::seen_all(conn, machine)
}

/// One of them.
pub(crate) fn seen_one(
    conn: &Connection,
    machine: MachineId,
    pin: &str,
) -> Result<Option<SeenView>, db::Error> {
    queries::seen_one(conn, machine, &PinKey::of(pin))
}

/// The templates a machine has of somebody, in numbers.
pub(crate) fn templates_count_of(
    conn: &Connection,
    machine: MachineId,
    pin: &str,
) -> Result<TemplateCounts, db::Error> {
    queries::count_of(conn, machine, &PinKey::of(pin))
}

/// Somebody a machine holds or held, with card and password.
pub fn person_of(
    conn: &Connection,
    vault: &Vault,
    machine: MachineId,
    pin: &str,
) -> Result<Option<SeenPerson>, db::Error> {
    queries::person(conn, vault, machine, pin)
}

/// Keeps templates a machine sent; one there already is replaced. An empty one is no template and replaces nothing.
pub fn templates_keep(tx: &Tx<'_>, machine: MachineId, templates: &[Template]) -> Result<(), db::Error> {
    let mut room = MOST_TEMPLATES.saturating_sub(queries::templates(tx, machine)?);
    for template in templates.iter().filter(|template| !template.data.is_empty()) {
        queries::put_template(tx, machine, template, &mut room)?;
    }
    Ok(())
}

/// A machine has deleted templates of somebody: one, or with `no` left open all of the kind. They are kept as a backup.
pub fn template_gone(
    tx: &Tx<'_>,
    machine: MachineId,
    pin: &str,
    kind: TemplateKind,
    no: Option<u16>,
) -> Result<(), db::Error> {
    queries::template_gone(tx, machine, pin, kind, no)
}

/// How many templates a machine has, as far as we know.
pub fn template_counts(conn: &Connection, machine: MachineId) -> Result<TemplateCounts, db::Error> {
    queries::count_all(conn, machine)
}

/// The templates kept of somebody, those the machine has no more among them.
pub fn templates_of(
    conn: &Connection,
    vault: &Vault,
    machine: MachineId,
    pin: &str,
) -> Result<Vec<Template>, db::Error> {
    queries::templates_of(conn, vault, machine, pin)
}

/// Deletes what is kept of somebody's body, and the backup of their card and password (O3). How many templates.
pub fn templates_delete(tx: &Tx<'_>, machine: MachineId, pin: &str) -> Result<usize, db::Error> {
    queries::delete(tx, machine, pin)
}
