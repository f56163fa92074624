use rollcall_protocol::WallTime;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rule::Way;
use super::{PartState, Tally, What};
use crate::commands::CommandId;
use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::jobs::JobId;
use crate::machines::MachineId;

/// What a job works by.
#[derive(Debug, Clone)]
pub(super) struct Open {
    pub job: JobId,
    pub machine: MachineId,
    pub what: What,
    pub everybody: bool,
    /// None: it has not begun.
    pub way: Option<Way>,
    pub worked: bool,
    pub calm: u32,
    pub counts: Counts,
    /// Counts are asked for in the second wording.
    pub second: bool,
    pub told: bool,
    pub last: Option<CommandId>,
    pub last_polls: u32,
    pub after: Option<i64>,
    pub tally: Tally,
}

/// Whether a machine can say how many punches it holds of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    No,
    Unknown,
    Yes,
}

impl Counts {
    fn number(self) -> i64 {
        match self {
            Self::No => 0,
            Self::Unknown => 1,
            Self::Yes => 2,
        }
    }

    fn from_number(number: i64) -> Self {
        match number {
            0 => Self::No,
            2 => Self::Yes,
            _ => Self::Unknown,
        }
    }
}

const OPEN: &str = "SELECT job_id, machine_id, what, everybody, way, worked, calm, counts, wording, told, last_id, last_polls,
  after, received, new, known, others, repeated, rejected, outside FROM reuploads";

fn open_row(row: &Row<'_>) -> rusqlite::Result<Open> {
    Ok(Open {
        job: JobId(row.get(0)?),
        machine: MachineId(row.get(1)?),
        what: What::from_name(&row.get::<_, String>(2)?),
        everybody: row.get(3)?,
        way: row.get::<_, Option<String>>(4)?.and_then(|name| Way::from_name(&name)),
        worked: row.get(5)?,
        calm: row.get(6)?,
        counts: Counts::from_number(row.get(7)?),
        second: row.get(8)?,
        told: row.get(9)?,
        last: row.get::<_, Option<i64>>(10)?.map(CommandId),
        last_polls: row.get(11)?,
        after: row.get(12)?,
        tally: Tally {
            received: row.get(13)?,
            new: row.get(14)?,
            known: row.get(15)?,
            others: row.get(16)?,
            repeated: row.get(17)?,
            rejected: row.get(18)?,
            outside: row.get(19)?,
        },
    })
}

/// The one a machine is at: the oldest that has not ended.
pub(super) fn open(conn: &Connection, machine: MachineId) -> Result<Option<Open>, Error> {
    let mut statement =
        conn.prepare_cached(&format!("{OPEN} WHERE machine_id = ?1 AND open = 1 ORDER BY job_id LIMIT 1"))?;
    Ok(statement.query_row([machine.0], open_row).optional()?)
}

pub(super) fn get(conn: &Connection, job: JobId) -> Result<Option<Open>, Error> {
    let mut statement = conn.prepare_cached(&format!("{OPEN} WHERE job_id = ?1"))?;
    Ok(statement.query_row([job.0], open_row).optional()?)
}

pub(super) fn is_open(conn: &Connection, machine: MachineId) -> Result<bool, Error> {
    let mut statement =
        conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM reuploads WHERE machine_id = ?1 AND open = 1)")?;
    Ok(statement.query_row([machine.0], |row| row.get(0))?)
}

pub(super) fn open_machines(conn: &Connection) -> Result<Vec<MachineId>, Error> {
    let mut statement = conn.prepare_cached("SELECT DISTINCT machine_id FROM reuploads WHERE open = 1")?;
    let rows = statement.query_map([], |row| row.get(0).map(MachineId))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The jobs of a machine that have not ended, oldest first, with what they are.
pub(super) fn open_jobs(conn: &Connection, machine: MachineId) -> Result<Vec<(JobId, What)>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT job_id, what FROM reuploads WHERE machine_id = ?1 AND open = 1 ORDER BY job_id",
    )?;
    let rows = statement
        .query_map([machine.0], |row| Ok((JobId(row.get(0)?), What::from_name(&row.get::<_, String>(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A job to begin.
pub(super) struct New<'a> {
    pub job: JobId,
    pub machine: MachineId,
    pub what: What,
    pub people: Option<&'a [EmployeeId]>,
    pub calm: u32,
}

pub(super) fn insert(tx: &Tx<'_>, new: &New<'_>) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO reuploads (job_id, machine_id, what, everybody, calm) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![new.job.0, new.machine.0, new.what.name(), new.people.is_none(), new.calm])?;
    let mut person =
        tx.prepare_cached("INSERT OR IGNORE INTO reupload_people (job_id, employee_id) VALUES (?1, ?2)")?;
    for employee in new.people.unwrap_or_default() {
        person.execute(params![new.job.0, employee.as_str()])?;
    }
    Ok(())
}

/// Writes down everything but the counts of punches, which only those who take them write.
pub(super) fn save(tx: &Tx<'_>, open: &Open) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE reuploads SET way = ?2, worked = ?3, calm = ?4, counts = ?5, wording = ?6, told = ?7, last_id = ?8,
           last_polls = ?9, after = ?10 WHERE job_id = ?1",
    )?
    .execute(params![
        open.job.0,
        open.way.map(Way::name),
        open.worked,
        open.calm,
        open.counts.number(),
        open.second,
        open.told,
        open.last.map(|id| id.0),
        open.last_polls,
        open.after,
    ])?;
    Ok(())
}

/// Adds what an upload brought.
pub(super) fn count(tx: &Tx<'_>, job: JobId, more: &Tally) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE reuploads SET received = received + ?2, new = new + ?3, known = known + ?4, others = others + ?5,
           repeated = repeated + ?6, rejected = rejected + ?7, outside = outside + ?8 WHERE job_id = ?1",
    )?
    .execute(params![
        job.0,
        more.received,
        more.new,
        more.known,
        more.others,
        more.repeated,
        more.rejected,
        more.outside
    ])?;
    Ok(())
}

/// Something was uploaded: whoever waits for a calm moment waits anew.
pub(super) fn not_calm(tx: &Tx<'_>, machine: MachineId, calm: u32) -> Result<(), Error> {
    tx.prepare_cached("UPDATE reuploads SET calm = ?2 WHERE machine_id = ?1 AND open = 1 AND calm > 0")?
        .execute(params![machine.0, calm])?;
    Ok(())
}

/// Closes it; only its counts are left.
pub(super) fn close(tx: &Tx<'_>, job: JobId) -> Result<(), Error> {
    tx.prepare_cached("UPDATE reuploads SET open = 0 WHERE job_id = ?1")?.execute([job.0])?;
    tx.prepare_cached("DELETE FROM reupload_parts WHERE job_id = ?1")?.execute([job.0])?;
    tx.prepare_cached("DELETE FROM reupload_people WHERE job_id = ?1")?.execute([job.0])?;
    Ok(())
}

/// A stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub part: i64,
    pub from: i64,
    pub to: i64,
    /// What the machine's clock showed when it was first asked anything.
    pub asked: i64,
    pub state: PartState,
    pub count_id: Option<CommandId>,
    pub counting: Counting,
    pub before: Option<i64>,
    pub command: Option<CommandId>,
    pub answer: Option<i64>,
    pub tries: u32,
    pub had: i64,
    pub received: i64,
    pub quiet: u32,
}

/// How far the question is how many a machine holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counting {
    NotAsked,
    Asked,
    Over,
}

impl Counting {
    fn number(self) -> i64 {
        match self {
            Self::NotAsked => 0,
            Self::Asked => 1,
            Self::Over => 2,
        }
    }

    fn from_number(number: i64) -> Self {
        match number {
            0 => Self::NotAsked,
            1 => Self::Asked,
            _ => Self::Over,
        }
    }
}

impl Part {
    /// The last second that belongs to it: what was made after the question is none of it.
    pub(super) fn until(&self) -> i64 {
        self.asked.min(self.to)
    }

    pub(super) fn holds(&self, wall: WallTime) -> bool {
        (self.from..=self.until()).contains(&wall.seconds())
    }
}

const PART: &str = "SELECT part, from_wall, to_wall, asked_wall, state, count_id, counting, before, command_id, answer, tries,
  had, received, quiet FROM reupload_parts";

fn part_row(row: &Row<'_>) -> rusqlite::Result<Part> {
    Ok(Part {
        part: row.get(0)?,
        from: row.get(1)?,
        to: row.get(2)?,
        asked: row.get(3)?,
        state: PartState::from_name(&row.get::<_, String>(4)?),
        count_id: row.get::<_, Option<i64>>(5)?.map(CommandId),
        counting: Counting::from_number(row.get(6)?),
        before: row.get(7)?,
        command: row.get::<_, Option<i64>>(8)?.map(CommandId),
        answer: row.get(9)?,
        tries: row.get(10)?,
        had: row.get(11)?,
        received: row.get(12)?,
        quiet: row.get(13)?,
    })
}

pub(super) fn parts(conn: &Connection, job: JobId) -> Result<Vec<Part>, Error> {
    let mut statement = conn.prepare_cached(&format!("{PART} WHERE job_id = ?1 ORDER BY part"))?;
    let rows = statement.query_map([job.0], part_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn add_part(
    tx: &Tx<'_>,
    job: JobId,
    part: i64,
    (from, to): (i64, i64),
    asked: i64,
) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO reupload_parts (job_id, part, from_wall, to_wall, asked_wall, state)
         VALUES (?1, ?2, ?3, ?4, ?5, 'waiting')",
    )?
    .execute([job.0, part, from, to, asked])?;
    Ok(())
}

pub(super) fn forget_parts(tx: &Tx<'_>, job: JobId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM reupload_parts WHERE job_id = ?1")?.execute([job.0])?;
    Ok(())
}

/// Writes a stretch down, all but what has come of it.
pub(super) fn save_part(tx: &Tx<'_>, job: JobId, part: &Part) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE reupload_parts SET state = ?3, count_id = ?4, counting = ?5, before = ?6, command_id = ?7, answer = ?8,
           tries = ?9, had = ?10, quiet = ?11 WHERE job_id = ?1 AND part = ?2",
    )?
    .execute(params![
        job.0,
        part.part,
        part.state.name(),
        part.count_id.map(|id| id.0),
        part.counting.number(),
        part.before,
        part.command.map(|id| id.0),
        part.answer,
        part.tries,
        part.had,
        part.quiet,
    ])?;
    Ok(())
}

/// So many more have come of a stretch.
pub(super) fn part_received(tx: &Tx<'_>, job: JobId, part: i64, more: i64) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE reupload_parts SET received = received + ?3, quiet = 0 WHERE job_id = ?1 AND part = ?2",
    )?
    .execute([job.0, part, more])?;
    Ok(())
}

/// Something came: the machine is not quiet.
pub(super) fn not_quiet(tx: &Tx<'_>, job: JobId) -> Result<(), Error> {
    tx.prepare_cached("UPDATE reupload_parts SET quiet = 0 WHERE job_id = ?1 AND state = 'answered'")?
        .execute([job.0])?;
    Ok(())
}

/// Whether the punch had not been seen by the job before.
pub(super) fn see(tx: &Tx<'_>, job: JobId, punch: i64) -> Result<bool, Error> {
    let added = tx
        .prepare_cached("INSERT OR IGNORE INTO reupload_seen (job_id, punch_id) VALUES (?1, ?2)")?
        .execute([job.0, punch])?;
    Ok(added == 1)
}

/// Whether whoever had the number at that instant is one of those who were asked for.
pub(super) fn is_asked_for(
    tx: &Tx<'_>,
    job: JobId,
    machine: MachineId,
    pin: i64,
    at: i64,
) -> Result<bool, Error> {
    let mut statement = tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM spans s JOIN reupload_people r ON r.job_id = ?1 AND r.employee_id = s.employee_id
                        WHERE s.machine_id = ?2 AND s.pin_number = ?3 AND s.from_at <= ?4 AND ?4 < s.to_at)",
    )?;
    Ok(statement.query_row([job.0, machine.0, pin, at], |row| row.get(0))?)
}

/// Forgets some of what ended jobs have seen; whether there is more.
pub(super) fn sweep(tx: &Tx<'_>, most: i64) -> Result<bool, Error> {
    // One row of each job is looked at, however many it has.
    let mut jobs = tx.prepare_cached(
        "WITH RECURSIVE j(id) AS (
           SELECT min(job_id) FROM reupload_seen
           UNION ALL SELECT (SELECT min(job_id) FROM reupload_seen WHERE job_id > j.id) FROM j WHERE j.id IS NOT NULL)
         SELECT id FROM j WHERE id IS NOT NULL AND id NOT IN (SELECT job_id FROM reuploads WHERE open = 1) LIMIT 1",
    )?;
    let Some(job) = jobs.query_row([], |row| row.get::<_, i64>(0)).optional()? else { return Ok(false) };
    tx.prepare_cached(
        "DELETE FROM reupload_seen WHERE job_id = ?1 AND punch_id IN
           (SELECT punch_id FROM reupload_seen WHERE job_id = ?1 ORDER BY punch_id LIMIT ?2)",
    )?
    .execute([job, most])?;
    Ok(true)
}

/// What a machine was found to understand: how it sent punches, and whether it counts those of a day.
pub(super) fn known_ways(
    conn: &Connection,
    machine: MachineId,
) -> Result<(Option<Way>, Option<bool>), Error> {
    let mut statement = conn.prepare_cached("SELECT way, counts FROM reupload_ways WHERE machine_id = ?1")?;
    let row = statement
        .query_row([machine.0], |row| Ok((row.get::<_, Option<String>>(0)?, row.get::<_, Option<bool>>(1)?)));
    let (way, counts) = row.optional()?.unwrap_or_default();
    Ok((way.and_then(|name| Way::from_name(&name)), counts))
}

pub(super) fn learn_way(tx: &Tx<'_>, machine: MachineId, way: Way) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO reupload_ways (machine_id, way) VALUES (?1, ?2) ON CONFLICT (machine_id) DO UPDATE SET way = ?2",
    )?
    .execute(params![machine.0, way.name()])?;
    Ok(())
}

pub(super) fn learn_counts(tx: &Tx<'_>, machine: MachineId, counts: bool) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO reupload_ways (machine_id, counts) VALUES (?1, ?2)
         ON CONFLICT (machine_id) DO UPDATE SET counts = ?2",
    )?
    .execute(params![machine.0, counts])?;
    Ok(())
}
