//! A sync as a job: how far a machine is with what it was to be told. The job does nothing by itself; it follows what the machine
//! confirms, so it is right whatever becomes of the program in between.

use rollcall_protocol::Sn;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Entry, RosterError, Whom, applied, queries, send};
use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::commands::Command;
use crate::db::{self, Tx};
use crate::directory::EmployeeId;
use crate::jobs::{
    self, Job, JobId, JobState, Level, ROSTER_SYNC, job_add, job_end, job_log, job_progress, job_set_state,
    jobs_open_of,
};
use crate::machines::{self, MachineId};

/// What a sync is to send.
#[derive(Debug, Clone, Default)]
pub struct Sync {
    /// Everything once more, whatever the machine has confirmed: it was wiped, say.
    pub full: bool,
    /// Only these people; none are all of them, and every number that is on the machine and on the list no more.
    pub people: Option<Vec<EmployeeId>>,
}

/// What the job remembers.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Params {
    full: bool,
    everybody: bool,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Tally {
    synced: u64,
    failed: u64,
}

fn tally(job: &Job) -> Tally {
    job.result.clone().and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default()
}

/// Sends what differs between the list and what the machine has: marks it, and answers the job that follows it. While one is under
/// way, it takes the new work along.
pub fn roster_sync(tx: &Tx<'_>, actor: &Actor, sn: &Sn, sync: &Sync) -> Result<JobId, RosterError> {
    let machine = machines::expect(tx, sn)?;
    if !machine.enabled {
        return Err(RosterError::Disabled(machine.sn));
    }
    if sync.full {
        match &sync.people {
            None => {
                applied::doubt(tx, machine.id, None)?;
                queries::doubt(tx, machine.id, None)?;
            }
            Some(people) => {
                for employee in people {
                    if let Some(entry) = queries::get(tx, machine.id, employee)? {
                        applied::doubt(tx, machine.id, Some(entry.pin_number()))?;
                        queries::doubt(tx, machine.id, Some(employee))?;
                    }
                }
            }
        }
    }
    let whom = sync.people.as_deref().map_or(Whom::Everybody, Whom::People);
    let marked = send::mark(tx, &machine, whom)?;
    let params = Params { full: sync.full, everybody: sync.people.is_none() };
    let open = jobs_open_of(tx, ROSTER_SYNC, Some(machine.id))?.into_iter().next();
    let job = match open {
        Some(job) => job,
        None => {
            let job = job_add(tx, actor, ROSTER_SYNC, Some(machine.id), &params)?;
            let subject = format!("machine/{}", machine.sn);
            let logged = json!({ "jobId": job.id.0, "full": sync.full, "entries": marked });
            audit::record(tx, actor, "roster.sync", &subject, None, Some(&logged))?;
            job
        }
    };
    let code = if sync.full { "sync.full" } else { "sync.asked" };
    job_log(tx, job.id, Level::Info, code, json!({ "entries": marked }))?;
    let outstanding = queries::outstanding(tx, machine.id)?;
    let Tally { synced, failed } = tally(&job);
    job_progress(tx, job.id, synced + failed, synced + failed + outstanding)?;
    if outstanding == 0 {
        syncs_follow(tx, machine.id)?;
    }
    Ok(job.id)
}

/// Whether a sync of everybody is under way on a machine.
pub(super) fn is_open(conn: &rusqlite::Connection, machine: MachineId) -> Result<bool, db::Error> {
    let open = jobs_open_of(conn, ROSTER_SYNC, Some(machine))?;
    Ok(open
        .iter()
        .any(|job| serde_json::from_value::<Params>(job.params.clone()).is_ok_and(|params| params.everybody)))
}

/// A machine has forgotten everybody, as of an instant. A sync that ended since then has not seen it, and is begun again.
pub(super) fn begin_again(tx: &Tx<'_>, machine: MachineId, as_of: Timestamp) -> Result<(), db::Error> {
    let Some(known) = machines::machine_by_id(tx, machine)? else { return Ok(()) };
    let was_meanwhile = jobs::jobs_ended_since(tx, ROSTER_SYNC, machine, as_of)?
        .iter()
        .any(|job| job.state == JobState::Done && job.created_at <= as_of);
    if !was_meanwhile || !known.enabled {
        return Ok(());
    }
    match roster_sync(tx, &Actor::system(), &known.sn, &Sync::default()) {
        Err(RosterError::Database(error)) => Err(error),
        _ => Ok(()),
    }
}

/// The machine has taken something along: the job is under way.
pub(super) fn under_way(tx: &Tx<'_>, machine: MachineId) -> Result<(), db::Error> {
    for job in jobs_open_of(tx, ROSTER_SYNC, Some(machine))? {
        if job.state == JobState::Waiting {
            job_set_state(tx, job.id, JobState::Running)?;
        }
    }
    Ok(())
}

/// An entry has come to rest, for good or ill: counted, and told when it failed.
pub(super) fn entry_ended(
    tx: &Tx<'_>,
    machine: MachineId,
    failed: Option<(&Entry, &str, &str)>,
) -> Result<(), db::Error> {
    for job in jobs_open_of(tx, ROSTER_SYNC, Some(machine))? {
        let mut tally = tally(&job);
        match failed {
            None => tally.synced += 1,
            Some((entry, code, detail)) => {
                tally.failed += 1;
                let detail =
                    json!({ "employeeId": entry.employee_id.as_str(), "name": entry.name, "detail": detail });
                job_log(tx, job.id, Level::Warning, code, detail)?;
            }
        }
        jobs::job_set_result(tx, job.id, &json!(tally))?;
    }
    Ok(())
}

/// Whether a command is about people of a list, and its end may be the end of a sync.
pub fn follows_list(command: &Command) -> bool {
    matches!(command.kind.as_str(), "putPerson" | "restorePerson" | "deletePerson" | "backUpPerson")
}

/// Writes down how far the syncs of a machine are, and ends those that have nothing left to wait for. The jobs that changed.
pub fn syncs_follow(tx: &Tx<'_>, machine: MachineId) -> Result<Vec<JobId>, db::Error> {
    let mut changed = Vec::new();
    for job in jobs_open_of(tx, ROSTER_SYNC, Some(machine))? {
        let outstanding = queries::outstanding(tx, machine)?;
        let tally = tally(&job);
        let done = tally.synced + tally.failed;
        if (job.done, job.total) != (done, done + outstanding) {
            job_progress(tx, job.id, done, done + outstanding)?;
            changed.push(job.id);
        }
        if outstanding == 0 {
            let level = if tally.failed > 0 { Level::Warning } else { Level::Info };
            job_log(tx, job.id, level, "sync.done", json!(tally))?;
            job_end(tx, job.id, JobState::Done, Some(json!(tally)))?;
            changed.push(job.id);
        }
    }
    changed.dedup();
    Ok(changed)
}

/// A machine has gone silent: what it was to be told waits. The jobs that changed.
pub fn syncs_offline(tx: &Tx<'_>, sn: &Sn) -> Result<Vec<JobId>, db::Error> {
    let Some(machine) = machines::machine_get(tx, sn)? else { return Ok(Vec::new()) };
    let mut changed = Vec::new();
    for job in jobs_open_of(tx, ROSTER_SYNC, Some(machine.id))? {
        if job.state == JobState::Running {
            job_set_state(tx, job.id, JobState::Waiting)?;
            job_log(tx, job.id, Level::Info, "sync.offline", json!({}))?;
            changed.push(job.id);
        }
    }
    Ok(changed)
}

/// Nobody wants a sync any more: what is not on its way yet stays where it is until the next one.
pub(crate) fn sync_cancelled(tx: &Tx<'_>, job: &Job) -> Result<(), db::Error> {
    let Some(machine) = job.machine else { return Ok(()) };
    queries::unmark(tx, machine)
}
