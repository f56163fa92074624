use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Mapping;
use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::machines::MachineId;

pub(super) fn get(conn: &Connection, machine: MachineId) -> Result<Mapping, Error> {
    let mut statement =
        conn.prepare_cached("SELECT enabled, field FROM number_mappings WHERE machine_id = ?1")?;
    let mapping = statement
        .query_row([machine.0], |row| Ok(Mapping { enabled: row.get(0)?, field: row.get(1)? }))
        .optional()?;
    Ok(mapping.unwrap_or_default())
}

pub(super) fn set(tx: &Tx<'_>, machine: MachineId, mapping: &Mapping) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO number_mappings (machine_id, enabled, field) VALUES (?1, ?2, ?3)",
    )?
    .execute(params![machine.0, mapping.enabled, mapping.field])?;
    Ok(())
}

pub(super) fn forget(tx: &Tx<'_>, machine: MachineId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM number_mappings WHERE machine_id = ?1")?.execute([machine.0])?;
    Ok(())
}

/// The type of a field of the customer's own.
pub(super) fn field_type(conn: &Connection, field: &str) -> Result<Option<String>, Error> {
    let mut statement = conn.prepare_cached("SELECT type FROM fields WHERE key = ?1")?;
    Ok(statement.query_row([field], |row| row.get(0)).optional()?)
}

/// A field's key as the path of a JSON value.
fn path(field: &str) -> String {
    format!("$.\"{}\"", field.replace('"', ""))
}

/// What somebody's field says.
pub(super) fn value(conn: &Connection, employee: &EmployeeId, field: &str) -> Result<Option<String>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT CAST(fields ->> ?2 AS TEXT) FROM employees WHERE id = ?1")?;
    let value = statement.query_row(params![employee.as_str(), path(field)], |row| row.get(0)).optional()?;
    Ok(value.flatten())
}

fn valued(row: &Row<'_>) -> rusqlite::Result<(EmployeeId, Option<String>)> {
    Ok((EmployeeId::stored(row.get(0)?), row.get(1)?))
}

/// Entries without a pin, behind one, with what their field says.
pub(super) fn without_pin(
    conn: &Connection,
    machine: MachineId,
    field: &str,
    after: Option<&EmployeeId>,
    limit: usize,
) -> Result<Vec<(EmployeeId, Option<String>)>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT r.employee_id, CAST(e.fields ->> ?2 AS TEXT) FROM roster r JOIN employees e ON e.id = r.employee_id
         WHERE r.machine_id = ?1 AND r.employee_id > ?3 AND r.state = 'noNumber'
         ORDER BY r.employee_id LIMIT ?4",
    )?;
    let after = after.map_or("", EmployeeId::as_str);
    let rows = statement.query_map(params![machine.0, path(field), after, limit], valued)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Entries without a pin whose field says this number.
pub(super) fn waiting_for(
    conn: &Connection,
    machine: MachineId,
    field: &str,
    number: i64,
) -> Result<Vec<(EmployeeId, Option<String>)>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT r.employee_id, CAST(e.fields ->> ?2 AS TEXT) FROM roster r JOIN employees e ON e.id = r.employee_id
         WHERE r.machine_id = ?1 AND r.state = 'noNumber' AND CAST(e.fields ->> ?2 AS INTEGER) = ?3
         ORDER BY r.employee_id",
    )?;
    let rows = statement.query_map(params![machine.0, path(field), number], valued)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn count_without_pin(conn: &Connection, machine: MachineId) -> Result<u64, Error> {
    let mut statement =
        conn.prepare_cached("SELECT count(*) FROM roster WHERE machine_id = ?1 AND state = 'noNumber'")?;
    Ok(statement.query_row([machine.0], |row| row.get(0))?)
}

/// The pin of an entry, and what the field of its person says.
pub(super) type PinAndField = (Option<i64>, Option<String>);

/// All entries: the pin they have, and what their field says.
pub(super) fn pins(conn: &Connection, machine: MachineId, field: &str) -> Result<Vec<PinAndField>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT r.pin_number, CAST(e.fields ->> ?2 AS TEXT) FROM roster r JOIN employees e ON e.id = r.employee_id
         WHERE r.machine_id = ?1 AND r.state <> 'removing'",
    )?;
    let rows = statement.query_map(params![machine.0, path(field)], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The machines on which somebody has an entry without a pin that a mapping may fill, and its field.
pub(super) fn mapped_without_pin(
    conn: &Connection,
    employee: &EmployeeId,
) -> Result<Vec<(MachineId, String)>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT r.machine_id, n.field FROM roster r CROSS JOIN number_mappings n ON n.machine_id = r.machine_id
         WHERE r.employee_id = ?1 AND r.state = 'noNumber' AND n.enabled AND n.field IS NOT NULL",
    )?;
    let rows = statement
        .query_map([employee.as_str()], |row| Ok((MachineId(row.get(0)?), row.get::<_, String>(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
