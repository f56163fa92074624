use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{DisabledBy, Entry, EntrySource, EntryState, Pin, PinSource, Role};
use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::machines::MachineId;

const SELECT: &str = "
  SELECT r.employee_id, e.name, e.department_id, e.left_on, r.pin, r.role, r.enabled, r.disabled_by,
         r.pin_source, r.source, r.state, r.failure, r.failure_detail
  FROM roster r JOIN employees e ON e.id = r.employee_id WHERE r.machine_id = ?1";

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let pin: Option<String> = row.get(4)?;
    let pin = pin.and_then(|text| Pin::new(&text).ok());
    let disabled_by: Option<String> = row.get(7)?;
    Ok(Entry {
        employee_id: EmployeeId::stored(row.get(0)?),
        name: row.get(1)?,
        department_id: row.get(2)?,
        left_on: row.get::<_, Option<String>>(3)?.and_then(|day| day.parse().ok()),
        pin,
        pin_source: match row.get::<_, Option<String>>(8)?.as_deref() {
            Some("mapped") => PinSource::Mapped,
            _ => PinSource::Typed,
        },
        source: match row.get::<_, String>(9)?.as_str() {
            "rule" => EntrySource::Rule,
            _ => EntrySource::Manual,
        },
        state: EntryState::from_name(&row.get::<_, String>(10)?),
        failure: row.get::<_, Option<String>>(11)?.zip(row.get(12)?),
        role: Role::from_name(&row.get::<_, String>(5)?),
        enabled: row.get(6)?,
        disabled_by: match disabled_by.as_deref() {
            Some("hand") => Some(DisabledBy::Hand),
            Some("rule") => Some(DisabledBy::Rule),
            _ => None,
        },
    })
}

fn disabled_by(entry: &Entry) -> Option<&'static str> {
    entry.disabled_by.map(|by| match by {
        DisabledBy::Hand => "hand",
        DisabledBy::Rule => "rule",
    })
}

pub(super) fn list(
    conn: &Connection,
    machine: MachineId,
    after: Option<&(String, String)>,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    let (name, id) = after.map_or(("", ""), |(name, id)| (name.as_str(), id.as_str()));
    let mut statement = conn
        .prepare_cached(&format!("{SELECT} AND (e.name, e.id) > (?2, ?3) ORDER BY e.name, e.id LIMIT ?4"))?;
    let rows = statement.query_map(params![machine.0, name, id, limit], entry)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn all(conn: &Connection, machine: MachineId) -> Result<Vec<Entry>, Error> {
    list(conn, machine, None, -1)
}

pub(super) fn get(
    conn: &Connection,
    machine: MachineId,
    employee: &EmployeeId,
) -> Result<Option<Entry>, Error> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} AND r.employee_id = ?2"))?;
    Ok(statement.query_row(params![machine.0, employee.as_str()], entry).optional()?)
}

/// Who has a pin on a machine: id, name, and the pin as they have it.
pub(super) fn holder(
    conn: &Connection,
    machine: MachineId,
    pin: i64,
) -> Result<Option<(EmployeeId, String, String)>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT r.employee_id, e.name, r.pin FROM roster r JOIN employees e ON e.id = r.employee_id
         WHERE r.machine_id = ?1 AND r.pin_number = ?2",
    )?;
    let row = statement
        .query_row(params![machine.0, pin], |row| {
            Ok((EmployeeId::stored(row.get(0)?), row.get(1)?, row.get(2)?))
        })
        .optional()?;
    Ok(row)
}

fn write(tx: &Tx<'_>, sql: &str, machine: MachineId, entry: &Entry) -> Result<(), Error> {
    tx.prepare_cached(sql)?.execute(params![
        machine.0,
        entry.employee_id.as_str(),
        entry.pin.as_ref().map(Pin::as_str),
        entry.pin.as_ref().map(Pin::number),
        entry.role.name(),
        entry.enabled,
        disabled_by(entry),
        tx.now().timestamp_millis(),
        entry.pin.as_ref().map(|_| match entry.pin_source {
            PinSource::Typed => "typed",
            PinSource::Mapped => "mapped",
        }),
        match entry.source {
            EntrySource::Manual => "manual",
            EntrySource::Rule => "rule",
        },
        entry.state.name(),
    ])?;
    Ok(())
}

pub(super) fn insert(tx: &Tx<'_>, machine: MachineId, entry: &Entry) -> Result<(), Error> {
    write(
        tx,
        "INSERT INTO roster (machine_id, employee_id, pin, pin_number, role, enabled, disabled_by, added_at, changed_at,
           pin_source, source, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9, ?10, ?11)",
        machine,
        entry,
    )
}

pub(super) fn update(tx: &Tx<'_>, machine: MachineId, entry: &Entry) -> Result<(), Error> {
    write(
        tx,
        "UPDATE roster SET pin = ?3, pin_number = ?4, role = ?5, enabled = ?6, disabled_by = ?7, changed_at = ?8,
           pin_source = ?9, source = ?10, state = ?11
         WHERE machine_id = ?1 AND employee_id = ?2",
        machine,
        entry,
    )
}

pub(super) fn delete(tx: &Tx<'_>, machine: MachineId, employee: &EmployeeId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM roster WHERE machine_id = ?1 AND employee_id = ?2")?
        .execute(params![machine.0, employee.as_str()])?;
    Ok(())
}

/// Nothing is to be sent by the next polls any more; what is on its way goes on.
pub(super) fn clear_due(tx: &Tx<'_>, machine: MachineId) -> Result<(), Error> {
    tx.prepare_cached("UPDATE roster SET due = 0 WHERE machine_id = ?1 AND due = 1")?.execute([machine.0])?;
    Ok(())
}
