//! What each machine was told under each number, and what it has confirmed: the rows of `applied`.

use rollcall_protocol::order::Order;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::plan::{Backup, Has, Record, Standing, Step};
use super::{PinKey, Role};
use crate::clock::{Timestamp, from_millis};
use crate::commands::CommandId;
use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::enrolments;
use crate::machines::MachineId;

/// What a command that is out will have made true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sending {
    pub step: Step,
    pub name: String,
    pub role: String,
    /// Nothing more is expected, but the truth may still come.
    #[serde(default)]
    pub given_up: bool,
}

/// Which templates are written together with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Restore {
    /// None: the machine has them.
    #[default]
    None,
    /// Those of which it is known that the machine has them no more.
    Missing,
    /// All that are kept here: nobody knows what the machine still has.
    All,
}

/// One number of one machine.
#[derive(Debug, Clone)]
pub(super) struct Applied {
    pub pin: i64,
    pub employee: EmployeeId,
    pub record: Option<Record>,
    pub confirmed_at: Option<Timestamp>,
    pub command: Option<CommandId>,
    pub sending: Option<Sending>,
    pub backup_at: Option<Timestamp>,
    pub backup_count: i64,
    pub restore: Restore,
    pub refused: bool,
    pub due: bool,
}

impl Applied {
    pub fn new(pin: i64, employee: &EmployeeId) -> Self {
        Self {
            pin,
            employee: employee.clone(),
            record: None,
            confirmed_at: None,
            command: None,
            sending: None,
            backup_at: None,
            backup_count: 0,
            restore: Restore::None,
            refused: false,
            due: false,
        }
    }

    /// Whether an answer is expected.
    pub fn in_flight(&self) -> bool {
        self.sending.as_ref().is_some_and(|sending| !sending.given_up)
    }

    pub fn is(&self, standing: Standing) -> bool {
        self.record.as_ref().is_some_and(|record| record.standing == standing)
    }
}

const COLUMNS: &str =
    "pin_number, employee_id, name, role, standing, confirmed_at, command_id, sending, backup_at,
  backup_count, restore, refused, due";

fn applied(row: &Row<'_>) -> rusqlite::Result<Applied> {
    let (name, role, standing): (Option<String>, Option<String>, Option<String>) =
        (row.get(2)?, row.get(3)?, row.get(4)?);
    let record = name.zip(role).zip(standing).and_then(|((name, role), standing)| {
        Some(Record { name, role: Role::from_name(&role), standing: Standing::from_name(&standing)? })
    });
    Ok(Applied {
        pin: row.get(0)?,
        employee: EmployeeId::stored(row.get(1)?),
        record,
        confirmed_at: row.get::<_, Option<i64>>(5)?.map(from_millis),
        command: row.get::<_, Option<i64>>(6)?.map(CommandId),
        sending: row.get::<_, Option<String>>(7)?.and_then(|json| serde_json::from_str(&json).ok()),
        backup_at: row.get::<_, Option<i64>>(8)?.map(from_millis),
        backup_count: row.get(9)?,
        restore: match row.get(10)? {
            0 => Restore::None,
            1 => Restore::Missing,
            _ => Restore::All,
        },
        refused: row.get(11)?,
        due: row.get::<_, i64>(12)? == 1,
    })
}

pub(super) fn get(conn: &Connection, machine: MachineId, pin: i64) -> Result<Option<Applied>, Error> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM applied WHERE machine_id = ?1 AND pin_number = ?2"
    ))?;
    Ok(statement.query_row(params![machine.0, pin], applied).optional()?)
}

/// The number whose last command this is.
pub(super) fn by_command(conn: &Connection, command: CommandId) -> Result<Option<Applied>, Error> {
    let mut statement =
        conn.prepare_cached(&format!("SELECT {COLUMNS} FROM applied WHERE command_id = ?1"))?;
    Ok(statement.query_row([command.0], applied).optional()?)
}

/// Numbers nobody has any more, and that are to be deleted now.
pub(super) fn due(conn: &Connection, machine: MachineId, limit: usize) -> Result<Vec<Applied>, Error> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM applied WHERE machine_id = ?1 AND due = 1 ORDER BY pin_number LIMIT ?2"
    ))?;
    let rows = statement.query_map(params![machine.0, limit], applied)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn put(tx: &Tx<'_>, machine: MachineId, applied: &Applied) -> Result<(), Error> {
    let record = applied.record.as_ref();
    let sending = applied.sending.as_ref().and_then(|sending| serde_json::to_string(sending).ok());
    tx.prepare_cached(&format!(
        "INSERT OR REPLACE INTO applied (machine_id, {COLUMNS})
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
    ))?
    .execute(params![
        machine.0,
        applied.pin,
        applied.employee.as_str(),
        record.map(|record| record.name.as_str()),
        record.map(|record| record.role.name()),
        record.map(|record| record.standing.name()),
        applied.confirmed_at.map(|at| at.timestamp_millis()),
        applied.command.map(|command| command.0),
        sending,
        applied.backup_at.map(|at| at.timestamp_millis()),
        applied.backup_count,
        match applied.restore {
            Restore::None => 0,
            Restore::Missing => 1,
            Restore::All => 2,
        },
        applied.refused,
        applied.due,
    ])?;
    Ok(())
}

pub(super) fn delete(tx: &Tx<'_>, machine: MachineId, pin: i64) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM applied WHERE machine_id = ?1 AND pin_number = ?2")?
        .execute(params![machine.0, pin])?;
    Ok(())
}

/// Forgets a machine that is being deleted.
pub(super) fn clear(tx: &Tx<'_>, machine: MachineId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM applied WHERE machine_id = ?1")?.execute([machine.0])?;
    Ok(())
}

/// What the machine has under a number, of which it was told this much, as the rule wants to know it.
pub(super) fn has(
    conn: &Connection,
    machine: MachineId,
    pin: i64,
    told: Option<&Applied>,
) -> Result<Has, Error> {
    let seen = enrolments::is_on_machine(conn, machine, pin)?;
    let Some(told) = told else { return Ok(Has { seen, ..Has::default() }) };
    let is_reading =
        told.in_flight() && told.sending.as_ref().is_some_and(|sending| sending.step == Step::BackUp);
    let backup = match told.backup_at {
        None => Backup::None,
        Some(_) if is_reading => Backup::Reading,
        Some(since) => match enrolments::arrived(conn, machine, pin, since, told.backup_count)? {
            true => Backup::Complete,
            false => Backup::Reading,
        },
    };
    Ok(Has { owner: Some(told.employee.clone()), record: told.record.clone(), seen, backup })
}

/// Counts what the machine says it sends of somebody who is being read.
pub(super) fn count_backup(
    tx: &Tx<'_>,
    machine: MachineId,
    order: &Order,
    code: Option<i64>,
) -> Result<(), Error> {
    let Order::ReadRows { pin, .. } = order else { return Ok(()) };
    let Some(count) = code.filter(|count| *count > 0) else { return Ok(()) };
    tx.prepare_cached(
        "UPDATE applied SET backup_count = backup_count + ?3
         WHERE machine_id = ?1 AND pin_number = ?2 AND sending IS NOT NULL",
    )?
    .execute(params![machine.0, PinKey::of(pin.as_str()), count])?;
    Ok(())
}

/// Part of what is on its way under a number was refused: with the rest, it counts as not done.
pub(super) fn part_refused(tx: &Tx<'_>, machine: MachineId, pin: &str) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE applied SET refused = 1 WHERE machine_id = ?1 AND pin_number = ?2 AND sending IS NOT NULL",
    )?
    .execute(params![machine.0, PinKey::of(pin)])?;
    Ok(())
}

/// Nothing of what was confirmed counts any more, of all numbers or of one; everything kept here goes along with the next writing.
/// Whoever was taken off stays off.
pub(super) fn doubt(tx: &Tx<'_>, machine: MachineId, pin: Option<i64>) -> Result<(), Error> {
    let which = if pin.is_some() { "pin_number = ?2" } else { "?2 IS NULL" };
    tx.prepare_cached(&format!(
        "UPDATE applied SET name = NULL, role = NULL, standing = NULL, confirmed_at = NULL, restore = 2
         WHERE machine_id = ?1 AND {which} AND standing IS NOT 'away'"
    ))?
    .execute(params![machine.0, pin])?;
    Ok(())
}

/// Marks the numbers that nobody on the list has, and that the machine may have. How many.
pub(super) fn orphans_due(tx: &Tx<'_>, machine: MachineId) -> Result<usize, Error> {
    let changed = tx
        .prepare_cached(
            "UPDATE applied SET due = 1 WHERE machine_id = ?1 AND due = 0 AND standing IS NOT 'away' AND NOT EXISTS (
               SELECT 1 FROM roster r WHERE r.machine_id = ?1 AND r.pin_number = applied.pin_number)",
        )?
        .execute([machine.0])?;
    Ok(changed)
}

/// Everything the machine may still have.
pub(super) fn numbers_there(
    conn: &Connection,
    machine: MachineId,
    confirmed_before: Option<Timestamp>,
) -> Result<Vec<Applied>, Error> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM applied WHERE machine_id = ?1 AND standing IS NOT 'away'
           AND (?2 IS NULL OR confirmed_at < ?2)"
    ))?;
    let before = confirmed_before.map(|at| at.timestamp_millis());
    let rows = statement.query_map(params![machine.0, before], applied)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether the machine confirmed anybody before an instant whom it should still have.
pub(super) fn any_confirmed_before(
    conn: &Connection,
    machine: MachineId,
    before: Timestamp,
) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM applied WHERE machine_id = ?1 AND standing IS NOT 'away' AND confirmed_at < ?2)",
    )?;
    Ok(statement.query_row(params![machine.0, before.timestamp_millis()], |row| row.get(0))?)
}

/// The machine has somebody as the list has them, although it was never told.
pub(super) fn adopted(
    tx: &Tx<'_>,
    machine: MachineId,
    entry: &super::Entry,
    barred: bool,
) -> Result<(), Error> {
    let standing = if barred { Standing::Barred } else { Standing::Present };
    let record = Record { name: entry.name.clone(), role: entry.role, standing };
    let adopted = Applied {
        record: Some(record),
        confirmed_at: Some(tx.now()),
        ..Applied::new(entry.pin_number(), &entry.employee_id)
    };
    put(tx, machine, &adopted)
}
