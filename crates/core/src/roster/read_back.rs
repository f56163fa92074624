//! Reading a machine back, as a job: its people and their templates are asked for, and the job is done when all of it is here.

use rollcall_protocol::Sn;
use rollcall_protocol::order::Order;
use serde_json::json;

use super::RosterError;
use crate::audit::Actor;
use crate::commands::{Command, CommandError, CommandId, command_add, commands_reading};
use crate::db::{self, Tx};
use crate::enrolments;
use crate::jobs::{JobId, JobState, Level, READ_BACK, job_add, job_end, job_log, job_progress, jobs_open_of};
use crate::machines::{self, MachineId};

/// Asks a machine for its people and templates; the job that follows it. One that is under way is answered again.
pub fn read_back(tx: &Tx<'_>, actor: &Actor, sn: &Sn) -> Result<JobId, RosterError> {
    let machine = machines::expect(tx, sn)?;
    if let Some(open) = jobs_open_of(tx, READ_BACK, Some(machine.id))?.into_iter().next() {
        return Ok(open.id);
    }
    let people = command_add(tx, actor, sn, &Order::ReadPeople).map_err(RosterError::of_command)?;
    let mut asked = vec![people.id.0];
    // Some machines have no templates to be asked for, or send them with the people.
    match command_add(tx, actor, sn, &Order::ReadTemplates) {
        Ok(templates) => asked.push(templates.id.0),
        Err(CommandError::Refused(_)) => {}
        Err(error) => return Err(RosterError::of_command(error)),
    }
    let job = job_add(tx, actor, READ_BACK, Some(machine.id), &json!({ "commands": asked }))?;
    job_log(tx, job.id, Level::Info, "readBack.asked", json!({}))?;
    Ok(job.id)
}

/// Whether the end of a command may be the end of a reading.
pub fn reads_back(command: &Command) -> bool {
    matches!(command.kind.as_str(), "readPeople" | "readTemplates")
}

/// Writes down how far the readings of a machine are, and ends those that have nothing left to wait for. The jobs that changed.
pub fn readings_follow(tx: &Tx<'_>, machine: MachineId) -> Result<Vec<JobId>, db::Error> {
    let mut changed = Vec::new();
    for job in jobs_open_of(tx, READ_BACK, Some(machine))? {
        let asked: Vec<i64> = job
            .params
            .get("commands")
            .and_then(|ids| serde_json::from_value(ids.clone()).ok())
            .unwrap_or_default();
        let first = asked.iter().min().map_or(CommandId(0), |id| CommandId(*id));
        let reading = commands_reading(tx, machine, first)?;
        let total = job.total.max(reading.total);
        job_progress(tx, job.id, total.saturating_sub(reading.open), total)?;
        changed.push(job.id);
        if reading.open > 0 {
            continue;
        }
        super::queries::people_read(tx, machine)?;
        let held = enrolments::people_count(tx, machine)?;
        let failed: Vec<_> = reading.failed.iter().filter(|(id, _)| asked.contains(id)).collect();
        for (_, reason) in &failed {
            job_log(tx, job.id, Level::Error, reason, json!({}))?;
        }
        let state = if failed.is_empty() { JobState::Done } else { JobState::Failed };
        job_log(tx, job.id, Level::Info, "readBack.done", json!({ "people": held }))?;
        job_end(tx, job.id, state, Some(json!({ "people": held })))?;
    }
    Ok(changed)
}
