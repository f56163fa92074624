use std::time::Duration;

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension, Params, Row, named_params, params};
use serde_json::Value;

use super::{
    ENDED_MOST, ENDED_MOST_PER_MACHINE, Job, JobFilter, JobId, JobLine, JobState, LINES_MOST, LINES_SHOWN,
    Level,
};
use crate::audit::Actor;
use crate::clock::{Timestamp, from_millis};
use crate::db::{Error, Tx};
use crate::machines::{MachineId, stored_sn};

const SELECT: &str = "
  SELECT j.id, j.kind, j.machine_id, m.sn, m.name, j.params, j.state, j.done, j.total, j.result, j.who, j.tries,
         j.created_at, j.started_at, j.ended_at, j.next_at, j.confirmed, j.cancel_wanted, j.lease_until IS NOT NULL
  FROM jobs j LEFT JOIN machines m ON m.id = j.machine_id";
/// States nothing more happens in; an index is made for the others.
const ENDED: &str = "state IN ('done', 'failed', 'cancelled')";
const OPEN: &str = "state IN ('waiting', 'running', 'needsConfirmation')";

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    let at = |index| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(index)?.map(from_millis));
    let machine: Option<i64> = row.get(2)?;
    Ok(Job {
        id: JobId(row.get(0)?),
        kind: row.get(1)?,
        machine: machine.map(MachineId),
        sn: machine.map(|_| stored_sn(row, 3)).transpose()?,
        machine_name: row.get(4)?,
        params: serde_json::from_str(&row.get::<_, String>(5)?).unwrap_or_default(),
        state: JobState::from_name(&row.get::<_, String>(6)?),
        done: row.get(7)?,
        total: row.get(8)?,
        result: row.get::<_, Option<String>>(9)?.and_then(|text| serde_json::from_str(&text).ok()),
        who: row.get(10)?,
        tries: row.get(11)?,
        created_at: from_millis(row.get(12)?),
        started_at: at(13)?,
        ended_at: at(14)?,
        next_at: at(15)?,
        confirmed: row.get(16)?,
        cancel_wanted: row.get(17)?,
        leased: row.get(18)?,
    })
}

fn all(conn: &Connection, rest: &str, params: impl Params) -> Result<Vec<Job>, Error> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} {rest}"))?;
    let rows = statement.query_map(params, job)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn insert(
    tx: &Tx<'_>,
    actor: &Actor,
    kind: &str,
    machine: Option<MachineId>,
    params: &Value,
) -> Result<Job, Error> {
    tx.prepare_cached(
        "INSERT INTO jobs (kind, machine_id, params, state, who, created_at, next_at)
         VALUES (?1, ?2, ?3, 'waiting', ?4, ?5, ?5)",
    )?
    .execute(params![
        kind,
        machine.map(|machine| machine.0),
        params.to_string(),
        actor.as_str(),
        tx.now().timestamp_millis()
    ])?;
    let id = JobId(tx.last_insert_rowid());
    Ok(get(tx, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?)
}

pub(super) fn get(conn: &Connection, id: JobId) -> Result<Option<Job>, Error> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} WHERE j.id = ?1"))?;
    Ok(statement.query_row([id.0], job).optional()?)
}

/// A blank filter lets every job pass. There are no more than [`ENDED_MOST`] and a few, so one statement serves all.
const WHERE: &str = "
  (:state IS NULL OR j.state = :state) AND (:kind IS NULL OR j.kind = :kind)
  AND (:sn IS NULL OR j.machine_id = (SELECT id FROM machines WHERE sn_key = :sn))";

pub(super) fn list(
    conn: &Connection,
    filter: &JobFilter,
    before: Option<i64>,
    limit: i64,
) -> Result<(Vec<Job>, u64), Error> {
    let (state, sn) = (filter.state.map(JobState::name), filter.sn.as_ref().map(rollcall_protocol::Sn::key));
    let rows = all(
        conn,
        &format!("WHERE {WHERE} AND j.id < :before ORDER BY j.id DESC LIMIT :limit"),
        named_params! { ":state": state, ":kind": filter.kind, ":sn": sn,
        ":before": before.unwrap_or(i64::MAX), ":limit": limit },
    )?;
    let total = conn
        .prepare_cached(&format!("SELECT count(*) FROM jobs j WHERE {WHERE}"))?
        .query_row(named_params! { ":state": state, ":kind": filter.kind, ":sn": sn }, |row| row.get(0))?;
    Ok((rows, total))
}

pub(super) fn log(tx: &Tx<'_>, id: JobId, level: Level, code: &str, detail: &Value) -> Result<(), Error> {
    tx.prepare_cached("INSERT INTO job_log (job_id, at, level, code, detail) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![id.0, tx.now().timestamp_millis(), level.name(), code, detail.to_string()])?;
    // Not after every line: the walk is over the whole log.
    if tx.last_insert_rowid() % 256 == 0 {
        tx.prepare_cached(
            "DELETE FROM job_log WHERE job_id = ?1 AND id <=
               (SELECT id FROM job_log WHERE job_id = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        )?
        .execute([id.0, LINES_MOST])?;
    }
    Ok(())
}

pub(super) fn log_list(conn: &Connection, id: JobId) -> Result<Vec<JobLine>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT at, level, code, detail FROM
           (SELECT id, at, level, code, detail FROM job_log WHERE job_id = ?1 ORDER BY id DESC LIMIT ?2)
         ORDER BY id",
    )?;
    let rows = statement.query_map([id.0, LINES_SHOWN], |row| {
        Ok(JobLine {
            time: from_millis(row.get(0)?),
            level: Level::from_name(&row.get::<_, String>(1)?),
            code: row.get(2)?,
            detail: serde_json::from_str(&row.get::<_, String>(3)?).unwrap_or_default(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn progress(tx: &Tx<'_>, id: JobId, done: u64, total: u64) -> Result<(), Error> {
    // The lease is prolonged by as much as it was given for.
    tx.prepare_cached(
        "UPDATE jobs SET done = ?2, total = ?3, lease_until = ?4 + lease WHERE id = ?1 AND ended_at IS NULL",
    )?
    .execute(params![id.0, done, total, tx.now().timestamp_millis()])?;
    Ok(())
}

pub(super) fn set_state(tx: &Tx<'_>, id: JobId, state: JobState) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE jobs SET state = ?2, started_at = iif(?2 = 'running', coalesce(started_at, ?3), started_at)
         WHERE id = ?1 AND ended_at IS NULL",
    )?
    .execute(params![id.0, state.name(), tx.now().timestamp_millis()])?;
    Ok(())
}

pub(super) fn set_next(tx: &Tx<'_>, id: JobId, next_at: Option<Timestamp>) -> Result<(), Error> {
    tx.prepare_cached("UPDATE jobs SET next_at = ?2 WHERE id = ?1 AND ended_at IS NULL")?
        .execute(params![id.0, next_at.map(|at| at.timestamp_millis())])?;
    Ok(())
}

pub(super) fn set_result(tx: &Tx<'_>, id: JobId, result: &Value) -> Result<(), Error> {
    tx.prepare_cached("UPDATE jobs SET result = ?2 WHERE id = ?1 AND ended_at IS NULL")?
        .execute(params![id.0, result.to_string()])?;
    Ok(())
}

/// Whether it had not ended before.
pub(super) fn end(tx: &Tx<'_>, id: JobId, state: JobState, result: Option<&Value>) -> Result<bool, Error> {
    let ended = tx
        .prepare_cached(
            "UPDATE jobs SET state = ?2, result = ?3, ended_at = ?4, next_at = NULL, lease_until = NULL, lease = NULL,
               cancel_wanted = 0 WHERE id = ?1 AND ended_at IS NULL",
        )?
        .execute(params![id.0, state.name(), result.map(Value::to_string), tx.now().timestamp_millis()])?;
    Ok(ended == 1)
}

/// Makes room after a job has ended: of its own kind and machine at once, of all now and then.
pub(super) fn prune(tx: &Tx<'_>, id: JobId) -> Result<(), Error> {
    tx.prepare_cached(&format!(
        "DELETE FROM jobs WHERE id IN (
           SELECT j.id FROM jobs j JOIN jobs e ON e.id = ?1 AND j.machine_id IS e.machine_id AND j.kind = e.kind
           WHERE j.{ENDED} ORDER BY j.id DESC LIMIT -1 OFFSET ?2)"
    ))?
    .execute([id.0, ENDED_MOST_PER_MACHINE])?;
    if id.0 % 256 == 0 {
        tx.prepare_cached(&format!(
            "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE {ENDED} ORDER BY id DESC LIMIT -1 OFFSET ?1)"
        ))?
        .execute([ENDED_MOST])?;
    }
    Ok(())
}

pub(super) fn open_of(conn: &Connection, kind: &str, machine: Option<MachineId>) -> Result<Vec<Job>, Error> {
    match machine {
        Some(machine) => all(
            conn,
            &format!("WHERE j.{OPEN} AND j.kind = ?1 AND j.machine_id = ?2 ORDER BY j.id"),
            params![kind, machine.0],
        ),
        None => all(conn, &format!("WHERE j.{OPEN} AND j.kind = ?1 ORDER BY j.id"), [kind]),
    }
}

pub(super) fn ended_since(
    conn: &Connection,
    kind: &str,
    machine: MachineId,
    since: Timestamp,
) -> Result<Vec<Job>, Error> {
    let rest = "WHERE j.machine_id = ?2 AND j.kind = ?1 AND j.ended_at >= ?3 ORDER BY j.id";
    all(conn, rest, params![kind, machine.0, since.timestamp_millis()])
}

pub(super) fn open_of_machine(conn: &Connection, machine: MachineId) -> Result<Vec<Job>, Error> {
    all(conn, &format!("WHERE j.{OPEN} AND j.machine_id = ?1 ORDER BY j.id"), [machine.0])
}

pub(super) fn want_cancelled(tx: &Tx<'_>, id: JobId) -> Result<(), Error> {
    tx.prepare_cached("UPDATE jobs SET cancel_wanted = 1 WHERE id = ?1")?.execute([id.0])?;
    Ok(())
}

pub(super) fn confirm(tx: &Tx<'_>, id: JobId) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE jobs SET state = 'waiting', confirmed = 1, tries = 0, next_at = ?2 WHERE id = ?1",
    )?
    .execute([id.0, tx.now().timestamp_millis()])?;
    Ok(())
}

pub(super) fn ask(tx: &Tx<'_>, id: JobId, result: &Value) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE jobs SET state = 'needsConfirmation', result = ?2, confirmed = 0, next_at = NULL, lease_until = NULL, lease = NULL
         WHERE id = ?1 AND ended_at IS NULL",
    )?
    .execute(params![id.0, result.to_string()])?;
    Ok(())
}

pub(super) fn put_back(tx: &Tx<'_>, id: JobId, next_at: Timestamp) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE jobs SET state = 'waiting', next_at = ?2, lease_until = NULL, lease = NULL
         WHERE id = ?1 AND ended_at IS NULL",
    )?
    .execute([id.0, next_at.timestamp_millis()])?;
    Ok(())
}

pub(super) fn end_leases(tx: &Tx<'_>, kinds: &[&str]) -> Result<u64, Error> {
    let ended = tx
        .prepare_cached(
            "UPDATE jobs SET state = 'waiting', next_at = ?1, lease_until = NULL, lease = NULL
             WHERE state = 'running' AND lease_until IS NOT NULL AND kind IN (SELECT value FROM json_each(?2))",
        )?
        .execute(params![tx.now().timestamp_millis(), listed(kinds)])?;
    Ok(ended as u64)
}

/// Kinds as a JSON list: one statement for however many there are.
fn listed(kinds: &[&str]) -> String {
    serde_json::to_string(kinds).unwrap_or_else(|_| "[]".to_owned())
}

pub(crate) const TAKE: &str =
    "SELECT id FROM jobs WHERE state IN ('waiting', 'running') AND kind IN (SELECT value FROM json_each(?1))
       AND iif(state = 'running', lease_until <= ?2, next_at <= ?2)
     ORDER BY next_at, id LIMIT 1";

/// What somebody may begin: what waits and is due, and what somebody else began and let go of without a word.
pub(super) fn take(tx: &Tx<'_>, kinds: &[&str], lease: Duration) -> Result<Option<Job>, Error> {
    let lease = TimeDelta::from_std(lease).unwrap_or(TimeDelta::MAX).num_milliseconds();
    let now = tx.now().timestamp_millis();
    let id: Option<i64> =
        tx.prepare_cached(TAKE)?.query_row(params![listed(kinds), now], |row| row.get(0)).optional()?;
    let Some(id) = id else { return Ok(None) };
    tx.prepare_cached(
        "UPDATE jobs SET state = 'running', tries = tries + 1, started_at = coalesce(started_at, ?2),
           lease = ?3, lease_until = ?2 + ?3 WHERE id = ?1",
    )?
    .execute([id, now, lease])?;
    get(tx, JobId(id))
}

pub(super) fn next(conn: &Connection, kinds: &[&str]) -> Result<Option<Timestamp>, Error> {
    let at: Option<i64> = conn
        .prepare_cached(
            "SELECT min(iif(state = 'running', lease_until, next_at)) FROM jobs
             WHERE state IN ('waiting', 'running') AND kind IN (SELECT value FROM json_each(?1))",
        )?
        .query_row([listed(kinds)], |row| row.get(0))?;
    Ok(at.map(from_millis))
}
