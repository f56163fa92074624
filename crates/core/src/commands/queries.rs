use rollcall_protocol::Sn;
use rollcall_protocol::order::{Order, Pin};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::{Command, CommandCounts, CommandId, CommandState};
use crate::clock::{Timestamp, from_millis};
use crate::db::{Error, Tx};
use crate::machines::{MachineId, stored_sn};
use crate::vault::Sealed;

const COLUMNS: &str =
    "c.id, c.machine_id, c.kind, c.what, c.state, c.tries, c.after_id, c.who, c.queued_at, c.sent_at,
  c.lease_until, c.expires_at, c.done_at, c.return_code, c.reason, c.detail, ifnull(length(c.secret), 0)";

fn command(row: &Row<'_>) -> rusqlite::Result<Command> {
    let at = |index| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(index)?.map(from_millis));
    let what: Vec<u8> = row.get(3)?;
    let order = serde_json::from_slice(&what)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(3, Type::Blob, error.into()))?;
    Ok(Command {
        id: CommandId(row.get(0)?),
        machine: MachineId(row.get(1)?),
        kind: row.get(2)?,
        order,
        state: CommandState::from_name(&row.get::<_, String>(4)?),
        tries: row.get(5)?,
        after: row.get::<_, Option<i64>>(6)?.map(CommandId),
        who: row.get(7)?,
        queued_at: from_millis(row.get(8)?),
        sent_at: at(9)?,
        lease_until: at(10)?,
        expires_at: at(11)?,
        done_at: at(12)?,
        return_code: row.get(13)?,
        reason: row.get(14)?,
        detail: row.get(15)?,
        sealed: row.get(16)?,
    })
}

fn all(conn: &Connection, rest: &str, params: impl Params) -> Result<Vec<Command>, Error> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM commands c WHERE {rest}"))?;
    let rows = statement.query_map(params, command)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A command to queue.
pub(super) struct New<'a> {
    pub machine: MachineId,
    pub kind: &'a str,
    pub order: &'a Order,
    pub after: Option<CommandId>,
    pub who: &'a str,
    pub expires_at: Option<Timestamp>,
    pub urgency: i64,
}

pub(super) fn insert(tx: &Tx<'_>, new: &New<'_>) -> Result<Command, Error> {
    let json = |order: &Order| {
        serde_json::to_vec(order).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    };
    let secret = match new.order.is_secret() {
        true => Some(tx.vault().seal(Sealed::Order, &json(new.order)?)?),
        false => None,
    };
    let what = json(&new.order.redacted())?;
    tx.prepare_cached(
        "INSERT INTO commands (machine_id, kind, what, person, once_only, after_id, state, who, queued_at, expires_at, secret, urgency)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'queued', ?7, ?8, ?9, ?10, ?11)",
    )?
    .execute(params![
        new.machine.0,
        new.kind,
        what,
        new.order.person().map(Pin::on_wire),
        new.order.once_only(),
        new.after.map(|after| after.0),
        new.who,
        tx.now().timestamp_millis(),
        new.expires_at.map(|at| at.timestamp_millis()),
        secret,
        new.urgency,
    ])?;
    let id = CommandId(tx.last_insert_rowid());
    Ok(get(tx, new.machine, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?)
}

pub(super) fn get(conn: &Connection, machine: MachineId, id: CommandId) -> Result<Option<Command>, Error> {
    let mut statement = conn
        .prepare_cached(&format!("SELECT {COLUMNS} FROM commands c WHERE c.id = ?1 AND c.machine_id = ?2"))?;
    Ok(statement.query_row([id.0, machine.0], command).optional()?)
}

/// All of an order, with what is secret in it.
pub(super) fn whole(tx: &Tx<'_>, command: &Command) -> Result<Order, Error> {
    if command.sealed == 0 {
        return Ok(command.order.clone());
    }
    let mut statement = tx.prepare_cached("SELECT secret FROM commands WHERE id = ?1")?;
    let secret: Vec<u8> = statement.query_row([command.id.0], |row| row.get(0))?;
    let json = tx.vault().unseal(Sealed::Order, &secret)?;
    Ok(serde_json::from_slice(&json)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, error.into()))?)
}

/// How many people a machine has described since an instant.
pub(super) fn described_since(tx: &Tx<'_>, machine: MachineId, since: Timestamp) -> Result<i64, Error> {
    let mut statement =
        tx.prepare_cached("SELECT count(*) FROM seen_people WHERE machine_id = ?1 AND seen_at >= ?2")?;
    Ok(statement.query_row([machine.0, since.timestamp_millis()], |row| row.get(0))?)
}

pub(super) fn before(
    conn: &Connection,
    machine: MachineId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Command>, Error> {
    let rest = "c.machine_id = ?1 AND c.id < ?2 ORDER BY c.id DESC LIMIT ?3";
    all(conn, rest, params![machine.0, before.unwrap_or(i64::MAX), limit])
}

pub(super) fn count(conn: &Connection, machine: MachineId) -> Result<u64, Error> {
    let mut statement = conn.prepare_cached("SELECT count(*) FROM commands WHERE machine_id = ?1")?;
    Ok(statement.query_row([machine.0], |row| row.get(0))?)
}

pub(super) fn counts(conn: &Connection, machine: MachineId) -> Result<CommandCounts, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state = 'sent') FROM commands
         WHERE machine_id = ?1 AND state IN ('queued', 'sent')",
    )?;
    Ok(statement
        .query_row([machine.0], |row| Ok(CommandCounts { waiting: row.get(0)?, sent: row.get(1)? }))?)
}

/// The open commands of a machine: the urgent ones first, then the oldest.
pub(super) fn open(conn: &Connection, machine: MachineId, limit: i64) -> Result<Vec<Command>, Error> {
    all(
        conn,
        "c.machine_id = ?1 AND c.state IN ('queued', 'sent') ORDER BY c.urgency DESC, c.id LIMIT ?2",
        [machine.0, limit],
    )
}

/// The newest of a kind.
pub(super) fn last_of(conn: &Connection, machine: MachineId, kind: &str) -> Result<Option<Command>, Error> {
    let rest = "c.machine_id = ?1 AND c.kind = ?2 ORDER BY c.id DESC LIMIT 1";
    Ok(all(conn, rest, params![machine.0, kind])?.pop())
}

/// Whether a restart waits to be handed out: nothing goes before it that would be lost behind it.
pub(super) fn restart_waits(conn: &Connection, machine: MachineId) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM commands WHERE machine_id = ?1 AND state IN ('queued', 'sent')
                          AND state = 'queued' AND kind = 'restart')",
    )?;
    Ok(statement.query_row([machine.0], |row| row.get(0))?)
}

/// The restarts that are out.
pub(super) fn restarts_out(conn: &Connection, machine: MachineId) -> Result<Vec<Command>, Error> {
    let rest =
        "c.machine_id = ?1 AND c.state IN ('queued', 'sent') AND c.state = 'sent' AND c.kind = 'restart'";
    all(conn, rest, [machine.0])
}

/// Those that were never handed out, of one kind, about one person or about none.
pub(super) fn waiting(
    conn: &Connection,
    machine: MachineId,
    kind: &str,
    person: Option<&Pin>,
) -> Result<Vec<Command>, Error> {
    let rest = "c.machine_id = ?1 AND c.state IN ('queued', 'sent') AND c.kind = ?2 AND c.person IS ?3
      AND c.state = 'queued' AND c.tries = 0 ORDER BY c.id";
    all(conn, rest, params![machine.0, kind, person.map(Pin::on_wire)])
}

/// The open commands of a machine whose time is over.
pub(super) fn overdue(tx: &Tx<'_>, machine: MachineId) -> Result<Vec<Command>, Error> {
    let rest = "c.machine_id = ?1 AND c.state IN ('queued', 'sent')
      AND ((c.state = 'sent' AND c.lease_until <= ?2) OR (c.state = 'queued' AND c.expires_at <= ?2)) ORDER BY c.id";
    all(tx, rest, [machine.0, tx.now().timestamp_millis()])
}

/// The machines that have such commands.
pub(super) fn overdue_machines(tx: &Tx<'_>) -> Result<Vec<(MachineId, Sn)>, Error> {
    let mut statement = tx.prepare_cached(
        "SELECT DISTINCT m.id, m.sn FROM commands c INDEXED BY commands_open JOIN machines m ON m.id = c.machine_id
         WHERE c.state IN ('queued', 'sent')
           AND ((c.state = 'sent' AND c.lease_until <= ?1) OR (c.state = 'queued' AND c.expires_at <= ?1))",
    )?;
    let rows = statement
        .query_map([tx.now().timestamp_millis()], |row| Ok((MachineId(row.get(0)?), stored_sn(row, 1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The next moment at which time does something to a command.
pub(super) fn next_deadline(conn: &Connection) -> Result<Option<Timestamp>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT min(CASE state WHEN 'sent' THEN lease_until ELSE expires_at END)
         FROM commands INDEXED BY commands_open WHERE state IN ('queued', 'sent')",
    )?;
    Ok(statement.query_row([], |row| row.get::<_, Option<i64>>(0))?.map(from_millis))
}

/// Whether the machine has ended a later command about the same person.
pub(super) fn overtaken(conn: &Connection, command: &Command) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM commands WHERE machine_id = ?1 AND id > ?2 AND person = ?3
                          AND state IN ('done', 'failed') AND return_code IS NOT NULL)",
    )?;
    let person = command.order.person().map(Pin::on_wire);
    Ok(statement.query_row(params![command.machine.0, command.id.0, person], |row| row.get(0))?)
}

/// Whether a step has to wait for the one before it.
pub(super) fn waits(conn: &Connection, after: Option<CommandId>) -> Result<bool, Error> {
    let Some(after) = after else { return Ok(false) };
    let mut statement = conn.prepare_cached("SELECT state <> 'done' FROM commands WHERE id = ?1")?;
    Ok(statement.query_row([after.0], |row| row.get(0)).optional()?.unwrap_or(false))
}

/// The open steps right behind a command.
pub(super) fn steps_after(
    conn: &Connection,
    machine: MachineId,
    id: CommandId,
) -> Result<Vec<CommandId>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id FROM commands WHERE after_id = ?1 AND machine_id = ?2 AND state IN ('queued', 'sent')",
    )?;
    let rows = statement.query_map([id.0, machine.0], |row| row.get(0).map(CommandId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Counts it as handed out.
pub(super) fn send(tx: &Tx<'_>, id: CommandId, lease_until: Option<Timestamp>) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE commands SET state = 'sent', tries = tries + 1, sent_at = ?2, lease_until = ?3 WHERE id = ?1",
    )?
    .execute(params![id.0, tx.now().timestamp_millis(), lease_until.map(|at| at.timestamp_millis())])?;
    Ok(())
}

/// Queues it once more.
pub(super) fn again(tx: &Tx<'_>, id: CommandId) -> Result<(), Error> {
    tx.prepare_cached("UPDATE commands SET state = 'queued', lease_until = NULL WHERE id = ?1")?
        .execute([id.0])?;
    Ok(())
}

pub(super) fn end(
    tx: &Tx<'_>,
    id: CommandId,
    state: CommandState,
    code: Option<i64>,
    reason: Option<&str>,
    detail: Option<&str>,
) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE commands SET state = ?2, done_at = ?3, return_code = ?4, reason = ?5, detail = ?6, lease_until = NULL,
           secret = NULL
         WHERE id = ?1",
    )?
    .execute(params![id.0, state.name(), tx.now().timestamp_millis(), code, reason, detail])?;
    Ok(())
}

/// Whether the machine's next poll is worth a look into the queue: something waits, or a restart is out that a poll
/// would confirm.
pub(super) fn worth_a_look(conn: &Connection, machine: MachineId) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM commands WHERE machine_id = ?1 AND state IN ('queued', 'sent')
                          AND (state = 'queued' OR kind = 'restart'))",
    )?;
    Ok(statement.query_row([machine.0], |row| row.get(0))?)
}

pub(super) fn machines_with_open(conn: &Connection) -> Result<Vec<MachineId>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT machine_id FROM commands INDEXED BY commands_open WHERE state IN ('queued', 'sent')",
    )?;
    let rows = statement.query_map([], |row| row.get(0).map(MachineId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets the oldest of the ended commands beyond `keep`.
pub(super) fn prune(tx: &Tx<'_>, machine: MachineId, keep: i64) -> Result<(), Error> {
    tx.prepare_cached(
        "DELETE FROM commands WHERE machine_id = ?1 AND state NOT IN ('queued', 'sent') AND id <= (
           SELECT id FROM commands WHERE machine_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)
           AND id NOT IN (SELECT after_id FROM commands WHERE after_id IS NOT NULL AND machine_id = ?1)",
    )?
    .execute(params![machine.0, keep])?;
    Ok(())
}

/// The commands that read a machine's people and templates: those that are open, and all since one of them.
pub(super) fn reading(
    conn: &Connection,
    machine: MachineId,
    since: CommandId,
) -> Result<super::Reading, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, state, ifnull(reason, '') FROM commands
         WHERE machine_id = ?1 AND kind IN ('readPeople', 'readTemplates')
           AND (id >= ?2 OR state IN ('queued', 'sent')) ORDER BY id",
    )?;
    let rows = statement.query_map([machine.0, since.0], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
    })?;
    let mut reading = super::Reading::default();
    for row in rows {
        let (id, state, reason) = row?;
        match CommandState::from_name(&state) {
            CommandState::Queued | CommandState::Sent => reading.open += 1,
            CommandState::Done => {}
            _ => reading.failed.push((id, reason)),
        }
        reading.total += 1;
    }
    Ok(reading)
}
