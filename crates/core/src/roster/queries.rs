use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::{DisabledBy, Entry, EntrySource, EntryState, Pin, PinSource, Role, RosterFilter};
use crate::clock::{Timestamp, from_millis};
use crate::db::{Error, Tx};
use crate::directory::{EmployeeId, needles};
use crate::machines::MachineId;

const SELECT: &str = "
  SELECT r.employee_id, e.name, e.department_id, e.left_on, r.pin, r.role, r.enabled, r.disabled_by,
         r.pin_source, r.source, r.state, r.failure, r.failure_detail, r.due
  FROM roster r JOIN employees e ON e.id = r.employee_id WHERE r.machine_id = :machine";

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
        due: row.get(13)?,
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

/// A blank filter lets everybody pass.
const FILTER: &str = "
  AND (:needle IS NULL OR instr(e.search, :needle) > 0 OR instr(e.search, :tight) > 0 OR instr(r.pin, :tight) > 0)
  AND (:state IS NULL OR r.state = :state) AND (:role IS NULL OR r.role = :role)
  AND (:enabled IS NULL OR r.enabled = :enabled)
  AND (:department IS NULL OR e.department_id IN (
    WITH RECURSIVE below (id) AS (
      VALUES (:department) UNION SELECT d.id FROM departments d JOIN below ON d.parent_id = below.id)
    SELECT id FROM below))";

/// The entries a filter leaves, by name, and how many they are.
pub(super) fn list(
    conn: &Connection,
    machine: MachineId,
    filter: &RosterFilter,
    after: Option<&(String, String)>,
    limit: i64,
) -> Result<(Vec<Entry>, u64), Error> {
    let (name, id) = after.map_or(("", ""), |(name, id)| (name.as_str(), id.as_str()));
    let (needle, tight) = filter.search.as_deref().and_then(needles).unzip();
    let (state, role) = (filter.state.map(EntryState::name), filter.role.map(Role::name));
    let mut statement = conn.prepare_cached(&format!(
        "{SELECT}{FILTER} AND (e.name, e.id) > (:name, :id) ORDER BY e.name, e.id LIMIT :limit"
    ))?;
    let rows = statement
        .query_map(
            named_params! { ":machine": machine.0, ":needle": needle, ":tight": tight, ":state": state, ":role": role,
            ":enabled": filter.enabled, ":department": filter.department, ":name": name, ":id": id, ":limit": limit },
            entry,
        )?
        .collect::<Result<_, _>>()?;
    let mut statement = conn.prepare_cached(&format!(
        "SELECT count(*) FROM roster r JOIN employees e ON e.id = r.employee_id WHERE r.machine_id = :machine{FILTER}"
    ))?;
    let total = statement.query_row(
        named_params! { ":machine": machine.0, ":needle": needle, ":tight": tight, ":state": state, ":role": role,
        ":enabled": filter.enabled, ":department": filter.department },
        |row| row.get(0),
    )?;
    Ok((rows, total))
}

pub(super) fn get(
    conn: &Connection,
    machine: MachineId,
    employee: &EmployeeId,
) -> Result<Option<Entry>, Error> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} AND r.employee_id = ?2"))?;
    Ok(statement.query_row(params![machine.0, employee.as_str()], entry).optional()?)
}

pub(crate) const HOLDER: &str =
    "SELECT r.employee_id, e.name, r.pin FROM roster r JOIN employees e ON e.id = r.employee_id
     WHERE r.machine_id = ?1 AND r.pin_number = ?2 AND r.state <> 'removing'";

/// Who has a pin on a machine: id, name, and the pin as they have it. Somebody who is being removed has it no more.
pub(crate) fn holder(
    conn: &Connection,
    machine: MachineId,
    pin: i64,
) -> Result<Option<(EmployeeId, String, String)>, Error> {
    let mut statement = conn.prepare_cached(HOLDER)?;
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
           pin_source = ?9, source = ?10, state = ?11, due = iif(due = 1 AND ?3 IS NOT NULL, 1, 0), failure = NULL,
           failure_detail = NULL
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

/// Forgets the list of a machine that is being deleted.
pub(super) fn clear(tx: &Tx<'_>, machine: MachineId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM roster WHERE machine_id = ?1")?.execute([machine.0])?;
    Ok(())
}

/// The entry that has a number now, if one has.
pub(super) fn holder_of(conn: &Connection, machine: MachineId, pin: i64) -> Result<Option<Entry>, Error> {
    let mut statement = conn.prepare_cached(&format!(
        "{SELECT} AND r.pin_number = ?2 AND r.pin_number IS NOT NULL AND r.state <> 'removing'"
    ))?;
    Ok(statement.query_row(params![machine.0, pin], entry).optional()?)
}

/// The entries of a number: the one that has it, and those that are being removed.
pub(super) fn of_pin(conn: &Connection, machine: MachineId, pin: i64) -> Result<Vec<Entry>, Error> {
    let mut statement =
        conn.prepare_cached(&format!("{SELECT} AND r.pin_number = ?2 ORDER BY r.state = 'removing' DESC"))?;
    let rows = statement.query_map(params![machine.0, pin], entry)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The machines on whose lists somebody is.
pub(super) fn machines_of(conn: &Connection, employee: &EmployeeId) -> Result<Vec<MachineId>, Error> {
    let mut statement = conn.prepare_cached("SELECT machine_id FROM roster WHERE employee_id = ?1")?;
    let rows = statement.query_map([employee.as_str()], |row| row.get(0).map(MachineId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The machines on which somebody is or was.
pub(super) fn machines_ever_of(conn: &Connection, employee: &EmployeeId) -> Result<Vec<MachineId>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT machine_id FROM roster WHERE employee_id = ?1
         UNION SELECT machine_id FROM spans WHERE employee_id = ?1 AND from_at < to_at",
    )?;
    let rows = statement.query_map([employee.as_str()], |row| row.get(0).map(MachineId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whose entries a statement is about: everybody's, or one person's, found by the key of the list.
fn whom(employee: Option<&EmployeeId>) -> &'static str {
    match employee {
        None => "?2 IS NULL",
        Some(_) => "employee_id = ?2",
    }
}

/// Marks what waits, has failed, or is being removed; everybody's, or one person's. How many entries that is.
pub(super) fn mark_due(
    tx: &Tx<'_>,
    machine: MachineId,
    employee: Option<&EmployeeId>,
) -> Result<usize, Error> {
    let changed = tx
        .prepare_cached(&format!(
            "UPDATE roster SET due = 1, failure = NULL, failure_detail = NULL, state = iif(state = 'failed', 'waiting', state)
             WHERE machine_id = ?1 AND {} AND due = 0 AND state IN ('waiting', 'failed', 'removing')",
            whom(employee)
        ))?
        .execute(params![machine.0, employee.map(EmployeeId::as_str)])?;
    Ok(changed)
}

/// Whatever was confirmed of an entry no longer counts; everybody's, or one person's.
pub(super) fn doubt(tx: &Tx<'_>, machine: MachineId, employee: Option<&EmployeeId>) -> Result<(), Error> {
    tx.prepare_cached(&format!(
        "UPDATE roster SET state = 'waiting' WHERE machine_id = ?1 AND {}
           AND state = 'synced' AND (enabled = 1 OR EXISTS (
             SELECT 1 FROM applied a WHERE a.machine_id = ?1 AND a.pin_number = roster.pin_number
               AND a.standing IS NOT 'away'))",
        whom(employee)
    ))?
    .execute(params![machine.0, employee.map(EmployeeId::as_str)])?;
    Ok(())
}

/// How many are to be sent, or are on their way.
pub(super) fn outstanding(conn: &Connection, machine: MachineId) -> Result<u64, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT (SELECT count(*) FROM roster WHERE machine_id = ?1 AND due > 0)
              + (SELECT count(*) FROM applied WHERE machine_id = ?1 AND due = 1)",
    )?;
    Ok(statement.query_row([machine.0], |row| row.get(0))?)
}

/// Nothing more of what was marked is sent; what is out is.
pub(super) fn unmark(tx: &Tx<'_>, machine: MachineId) -> Result<(), Error> {
    for sql in [
        "UPDATE roster SET due = 0 WHERE machine_id = ?1 AND due = 1 AND state <> 'removing'",
        "UPDATE applied SET due = 0 WHERE machine_id = ?1 AND due = 1",
    ] {
        tx.prepare_cached(sql)?.execute([machine.0])?;
    }
    Ok(())
}

pub(super) fn any_due(conn: &Connection, machine: MachineId) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM roster WHERE machine_id = ?1 AND due = 1)
             OR EXISTS (SELECT 1 FROM applied WHERE machine_id = ?1 AND due = 1)",
    )?;
    Ok(statement.query_row([machine.0], |row| row.get(0))?)
}

/// The machines that have something to be sent.
pub(super) fn machines_due(conn: &Connection) -> Result<Vec<MachineId>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT machine_id FROM roster WHERE due = 1 UNION SELECT DISTINCT machine_id FROM applied WHERE due = 1",
    )?;
    let rows = statement.query_map([], |row| row.get(0).map(MachineId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The entries to be sent next: whoever goes, then administrators, then the others.
pub(super) fn due(conn: &Connection, machine: MachineId, limit: usize) -> Result<Vec<Entry>, Error> {
    let mut found: Vec<Entry> = Vec::new();
    for rest in [
        "AND r.due = 1 AND r.state = 'removing' LIMIT ?2",
        "AND r.due = 1 AND r.state <> 'removing' ORDER BY r.role LIMIT ?2",
    ] {
        let left = limit.saturating_sub(found.len());
        let mut statement = conn.prepare_cached(&format!("{SELECT} {rest}"))?;
        let rows = statement.query_map(params![machine.0, left], entry)?;
        found.extend(rows.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(found)
}

/// An entry has come to rest: nothing of it is to be sent.
pub(super) fn settled(
    tx: &Tx<'_>,
    machine: MachineId,
    employee: &EmployeeId,
    state: EntryState,
) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE roster SET due = 0, state = ?3, failure = NULL, failure_detail = NULL
         WHERE machine_id = ?1 AND employee_id = ?2",
    )?
    .execute(params![machine.0, employee.as_str(), state.name()])?;
    Ok(())
}

/// An entry is on its way.
pub(super) fn on_its_way(tx: &Tx<'_>, machine: MachineId, employee: &EmployeeId) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE roster SET due = 2, state = iif(state = 'removing', state, 'sent')
         WHERE machine_id = ?1 AND employee_id = ?2",
    )?
    .execute(params![machine.0, employee.as_str()])?;
    Ok(())
}

/// The next step of whoever has a number, or goes from it, is to be sent too.
pub(super) fn due_again(tx: &Tx<'_>, machine: MachineId, pin: i64) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE roster SET due = 1, state = iif(state = 'removing', state, 'waiting')
         WHERE machine_id = ?1 AND pin_number = ?2",
    )?
    .execute(params![machine.0, pin])?;
    Ok(())
}

pub(super) fn failed(
    tx: &Tx<'_>,
    machine: MachineId,
    employee: &EmployeeId,
    code: &str,
    detail: &str,
) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE roster SET due = 0, state = iif(state = 'removing', state, 'failed'), failure = ?3, failure_detail = ?4
         WHERE machine_id = ?1 AND employee_id = ?2",
    )?
    .execute(params![machine.0, employee.as_str(), code, detail])?;
    Ok(())
}

/// An entry is to be deleted on the machine, by its next polls.
pub(super) fn removing(tx: &Tx<'_>, machine: MachineId, employee: &EmployeeId) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE roster SET state = 'removing', due = 1, failure = NULL, failure_detail = NULL, changed_at = ?3
         WHERE machine_id = ?1 AND employee_id = ?2",
    )?
    .execute(params![machine.0, employee.as_str(), tx.now().timestamp_millis()])?;
    Ok(())
}

pub(super) fn people_read_at(conn: &Connection, machine: MachineId) -> Result<Option<Timestamp>, Error> {
    let mut statement = conn.prepare_cached("SELECT people_read_at FROM machines WHERE id = ?1")?;
    Ok(statement.query_row([machine.0], |row| row.get::<_, Option<i64>>(0))?.map(from_millis))
}

/// The machine's people were read, or asked for in vain.
pub(super) fn people_read(tx: &Tx<'_>, machine: MachineId) -> Result<(), Error> {
    tx.prepare_cached("UPDATE machines SET people_read_at = ?2 WHERE id = ?1")?
        .execute(params![machine.0, tx.now().timestamp_millis()])?;
    Ok(())
}

/// The entries that have a number, and are not on their way out.
pub(super) fn numbered(conn: &Connection, machine: MachineId) -> Result<Vec<Entry>, Error> {
    let mut statement = conn.prepare_cached(&format!(
        "{SELECT} AND r.pin_number IS NOT NULL AND r.state <> 'removing' ORDER BY r.pin_number"
    ))?;
    let rows = statement.query_map([machine.0], entry)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn found_empty_at(conn: &Connection, machine: MachineId) -> Result<Option<Timestamp>, Error> {
    let mut statement = conn.prepare_cached("SELECT found_empty_at FROM machines WHERE id = ?1")?;
    Ok(statement.query_row([machine.0], |row| row.get::<_, Option<i64>>(0))?.map(from_millis))
}

/// A machine that was told of people holds nobody.
pub(super) fn found_empty(tx: &Tx<'_>, machine: MachineId, as_of: Timestamp) -> Result<(), Error> {
    tx.prepare_cached("UPDATE machines SET found_empty_at = ?2 WHERE id = ?1")?
        .execute(params![machine.0, as_of.timestamp_millis()])?;
    Ok(())
}
