//! What somebody identifies by on a machine, when they are written there again: their card, their password, their templates.
//!
//! Only what is this person's own counts: what the machine sent while the number was theirs. The one who had the number before
//! may have left a fingerprint under it.

use rollcall_protocol::order::Template;
use rusqlite::{Connection, params};

use super::queries;
use crate::clock::Timestamp;
use crate::db::{self, Tx};
use crate::directory::EmployeeId;
use crate::machines::MachineId;
use crate::vault::Vault;

/// What is kept of somebody.
#[derive(Clone, PartialEq, Eq, Default)]
pub(crate) struct Belongings {
    /// Their card; empty = none.
    pub card: String,
    /// Their password; empty = none.
    pub password: String,
    /// Their access group.
    pub group: Option<u8>,
    /// Their templates, and whether the machine has them as far as is known.
    pub templates: Vec<(Template, bool)>,
}

/// What is kept of an employee under a number of a machine.
pub(crate) fn belongings(
    conn: &Connection,
    vault: &Vault,
    machine: MachineId,
    pin: i64,
    employee: &EmployeeId,
) -> Result<Belongings, db::Error> {
    let mut found = Belongings::default();
    if queries::described_as(conn, machine, pin, employee)?
        && let Some(person) = queries::person(conn, vault, machine, &pin.to_string())?
    {
        found.card = person.card.unwrap_or_default();
        // Machines write "no card" in several ways (attendance-push §15.3).
        if found.card.bytes().all(|byte| matches!(byte, b'0' | b'[' | b']')) {
            found.card.clear();
        }
        found.password = person.password.unwrap_or_default();
        found.group = person.group.and_then(|group| group.trim().parse().ok());
    }
    found.templates = queries::templates_owned(conn, vault, machine, pin, employee)?;
    Ok(found)
}

/// Whether a machine says that it has somebody under a number.
pub(crate) fn is_on_machine(conn: &Connection, machine: MachineId, pin: i64) -> Result<bool, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM seen_people WHERE machine_id = ?1 AND pin_key = ?2 AND on_machine = 1)",
    )?;
    Ok(statement.query_row(params![machine.0, pin], |row| row.get(0))?)
}

/// Whether somebody was described since an instant, together with so many of their templates.
pub(crate) fn arrived(
    conn: &Connection,
    machine: MachineId,
    pin: i64,
    since: Timestamp,
    templates: i64,
) -> Result<bool, db::Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM seen_people WHERE machine_id = ?1 AND pin_key = ?2 AND seen_at >= ?3)
            AND (SELECT count(*) FROM templates WHERE machine_id = ?1 AND pin_key = ?2 AND seen_at >= ?3) >= ?4",
    )?;
    let values = params![machine.0, pin, since.timestamp_millis(), templates];
    Ok(statement.query_row(values, |row| row.get(0))?)
}

/// A machine has taken a template.
pub(crate) fn template_there(tx: &Tx<'_>, machine: MachineId, template: &Template) -> Result<(), db::Error> {
    queries::template_there(tx, machine, template)
}

/// Somebody goes on under another account: what is kept of them is theirs from now on.
pub(crate) fn carry_over(tx: &Tx<'_>, machine: MachineId, pin: i64) -> Result<(), db::Error> {
    for table in ["seen_people", "templates"] {
        tx.prepare_cached(&format!(
            "UPDATE {table} SET seen_at = ?3 WHERE machine_id = ?1 AND pin_key = ?2"
        ))?
        .execute(params![machine.0, pin, tx.now().timestamp_millis()])?;
    }
    Ok(())
}
