//! How far a job is, and its end.

use rollcall_protocol::order::Means;
use rollcall_protocol::{Dialect, Sn, WallTime};
use serde_json::{Value, json};

use super::feed::COUNT_QUIET;
use super::queries::{Counting, Counts, Open, Part};
use super::rule::{self, Answered, Verdict};
use super::start::{self, Params};
use super::{PartState, Way, What, gaps, queries};
use crate::audit::Actor;
use crate::commands;
use crate::db::{self, Tx};
use crate::jobs::{
    Job, JobId, JobState, Level, job_end, job_get, job_log, job_progress, job_set_result, job_set_state,
};
use crate::machines::{self, Machine, MachineId};

/// Looks whether stretches are through, and whether with them everything is: then the job has ended.
pub(super) fn judge(
    tx: &Tx<'_>,
    machine: &Machine,
    means: &Means<'_>,
    open: &Open,
    parts: &mut [Part],
) -> Result<bool, db::Error> {
    let way = open.way.unwrap_or(Way::Query);
    let waits = |part: &&Part| part.state == PartState::Waiting;
    let of_others: i64 = parts.iter().filter(waits).map(|part| part.received).sum();
    let mut spilled = false;
    for part in parts.iter_mut().filter(|part| part.state == PartState::Answered) {
        let answer = part.answer.unwrap_or_default();
        let verdict = rule::judge(Answered {
            way,
            before: part.before,
            answer,
            received: part.received,
            had: part.had,
            tries: part.tries,
            rejected: i64::try_from(open.tally.rejected).unwrap_or(i64::MAX),
            by_itself: means.dialect == Dialect::Attendance && of_others == 0,
            quiet: part.quiet,
            told: open.told,
            whole: means.dialect == Dialect::Fk,
        });
        match verdict {
            Verdict::Wait => continue,
            Verdict::Again => {
                part.state = PartState::Waiting;
                let detail = json!({
                    "from": wall(part.from), "to": wall(part.until()), "received": part.received,
                    "theirs": part.before.unwrap_or(answer),
                });
                job_log(tx, open.job, Level::Warning, "reupload.again", detail)?;
            }
            Verdict::Settled => {
                part.state = PartState::Done;
                tell(tx, machine, open, part)?;
                spilled |= way != Way::Check && rule::sent_everything(answer, part.received, of_others);
            }
        }
        queries::save_part(tx, open.job, part)?;
    }
    if spilled {
        everything_came(tx, machine, open, parts)?;
    }
    let through = match open.what {
        What::Reupload => parts.iter().all(|part| part.state.is_final()),
        What::GapCheck => {
            open.counts == Counts::No || parts.iter().all(|part| part.counting == Counting::Over)
        }
    };
    if parts.is_empty() || !through {
        return Ok(false);
    }
    let wants_last = match open.what {
        What::Reupload => open.counts == Counts::Yes,
        What::GapCheck => open.counts == Counts::No,
    };
    let last_is_over = open.last.is_some() && (open.after.is_some() || open.last_polls >= COUNT_QUIET);
    if wants_last && !last_is_over {
        return Ok(false);
    }
    // Closed first: what follows from a comparison is another job.
    queries::close(tx, open.job)?;
    match open.what {
        What::Reupload => reupload_ends(tx, machine, open, parts)?,
        What::GapCheck => gap_check_ends(tx, machine, open, parts)?,
    }
    Ok(true)
}

/// The machine does not heed times: the days that were still to be asked for have come with the first.
fn everything_came(tx: &Tx<'_>, machine: &Machine, open: &Open, parts: &mut [Part]) -> Result<(), db::Error> {
    job_log(tx, open.job, Level::Info, "reupload.everything_came", json!({}))?;
    for part in parts.iter_mut().filter(|part| part.state == PartState::Waiting) {
        part.state = PartState::Done;
        tell(tx, machine, open, part)?;
        queries::save_part(tx, open.job, part)?;
    }
    Ok(())
}

pub(super) fn wall(seconds: i64) -> String {
    WallTime::from_seconds(seconds).to_string()
}

/// Tells of a stretch that is through.
pub(super) fn tell(tx: &Tx<'_>, machine: &Machine, open: &Open, part: &Part) -> Result<(), db::Error> {
    if let Some(theirs) = part.before {
        gaps::note(tx, machine.id, part.from, part.until(), theirs)?;
    }
    if let (true, Some(way)) = (part.received > 0, open.way) {
        queries::learn_way(tx, machine.id, way)?;
    }
    let short = part.before.is_some_and(|theirs| theirs > part.received);
    let level = if short { Level::Warning } else { Level::Info };
    let detail = json!({
        "from": wall(part.from), "to": wall(part.until()), "received": part.received, "theirs": part.before,
        "code": part.answer,
    });
    job_log(tx, open.job, level, "reupload.part_done", detail)
}

/// The machine does not say how many punches it holds.
pub(super) fn cannot_count(
    tx: &Tx<'_>,
    open: &mut Open,
    reason: &str,
    code: Option<i64>,
) -> Result<(), db::Error> {
    open.counts = Counts::No;
    queries::save(tx, open)?;
    queries::learn_counts(tx, open.machine, false)?;
    let level = if open.what == What::GapCheck { Level::Warning } else { Level::Info };
    job_log(tx, open.job, level, "reupload.cannot_count", json!({ "reason": reason, "code": code }))
}

fn result(open: &Open, parts: &[Part]) -> Value {
    let asked = parts.iter().filter(|part| part.state != PartState::Waiting).count();
    let counted: Vec<_> = parts.iter().filter_map(|part| part.before).collect();
    // Half a count would only mislead.
    let before = (!counted.is_empty() && counted.len() == parts.len()).then(|| counted.iter().sum::<i64>());
    let mut result = json!(open.tally);
    if let Some(fields) = result.as_object_mut() {
        fields.insert("asked".to_owned(), asked.into());
        fields.insert("before".to_owned(), before.into());
        fields.insert("after".to_owned(), open.after.into());
    }
    result
}

/// Writes down how far it is, for whoever looks.
pub(super) fn show(tx: &Tx<'_>, open: &Open, parts: &[Part]) -> Result<(), db::Error> {
    let done = match open.what {
        What::Reupload => parts.iter().filter(|part| part.state.is_final()).count(),
        What::GapCheck => parts.iter().filter(|part| part.counting == Counting::Over).count(),
    };
    job_progress(tx, open.job, done as u64, parts.len() as u64)?;
    if open.what == What::Reupload {
        job_set_result(tx, open.job, &result(open, parts))?;
    }
    Ok(())
}

fn reupload_ends(tx: &Tx<'_>, machine: &Machine, open: &Open, parts: &[Part]) -> Result<(), db::Error> {
    show(tx, open, parts)?;
    let result = result(open, parts);
    if open.tally.outside > 0 {
        job_log(tx, open.job, Level::Info, "reupload.outside", json!({ "count": open.tally.outside }))?;
    }
    let failed = parts.iter().filter(|part| part.state == PartState::Failed).count();
    // A machine that did not send anything at all when it was sent back to its handshake did not heed the stamp.
    let deaf = open.way == Some(Way::Check)
        && open.tally.received + open.tally.outside == 0
        && machine.reported.punches.unwrap_or(1) > 0;
    if deaf {
        job_log(tx, open.job, Level::Error, "reupload.nothing_came", json!({}))?;
    }
    if let (Some(theirs), Some((first, last))) = (open.after, parts.first().zip(parts.last())) {
        let ours = gaps::held(tx, machine.id, first.from, last.until())?;
        if theirs > ours {
            job_log(
                tx,
                open.job,
                Level::Warning,
                "reupload.short",
                json!({ "theirs": theirs, "ours": ours }),
            )?;
        }
    }
    let state = if failed > 0 || deaf { JobState::Failed } else { JobState::Done };
    job_log(tx, open.job, Level::Info, "reupload.done", result.clone())?;
    job_end(tx, open.job, state, Some(result))
}

fn gap_check_ends(tx: &Tx<'_>, machine: &Machine, open: &Open, parts: &[Part]) -> Result<(), db::Error> {
    show(tx, open, parts)?;
    let Some(job) = job_get(tx, open.job)? else { return Ok(()) };
    let params = Params::of(&job);
    let supported = open.counts == Counts::Yes;
    let found = if supported { gaps::of_days(tx, machine.id, &params.days)? } else { Vec::new() };
    let missing: Vec<_> = found.iter().filter(|day| day.is_missing()).map(|day| day.date).collect();
    let (theirs, ours) =
        found.iter().fold((0, 0), |(theirs, ours), day| (theirs + day.theirs, ours + day.ours));
    if supported {
        let detail = json!({ "days": found.len(), "missing": missing.len(), "theirs": theirs, "ours": ours });
        let level = if missing.is_empty() { Level::Info } else { Level::Warning };
        job_log(tx, open.job, level, "gapCheck.done", detail)?;
    } else {
        let detail = json!({ "reported": machine.reported.punches, "held": machine.held.punches });
        job_log(tx, open.job, Level::Warning, "gapCheck.not_supported", detail)?;
    }
    let days = if supported { missing.clone() } else { params.days };
    let follow = if params.by_itself && !days.is_empty() {
        let params = Params { days, by_itself: true, people: None };
        let follow = start::begin(tx, &Actor::system(), machine, What::Reupload, &params, None)?;
        job_log(
            tx,
            open.job,
            Level::Info,
            "gapCheck.reupload",
            json!({ "jobId": follow.0, "days": params.days.len() }),
        )?;
        Some(follow.0)
    } else {
        None
    };
    let result = json!({
        "days": found.len(), "missing": missing, "theirs": theirs, "ours": ours, "supported": supported,
        "reuploadJobId": follow,
    });
    job_end(tx, open.job, JobState::Done, Some(result))
}

/// Looks how far a machine's job is after something came. The jobs that changed.
pub fn reuploads_follow(tx: &Tx<'_>, machine: MachineId) -> Result<Vec<JobId>, db::Error> {
    let Some(open) = queries::open(tx, machine)? else { return Ok(Vec::new()) };
    let Some(known) = machines::machine_by_id(tx, machine)? else { return Ok(Vec::new()) };
    let means = machines::means_of(&known, known.dialect.unwrap_or(Dialect::Attendance), tx.now());
    let mut parts = queries::parts(tx, open.job)?;
    let mut changed = vec![open.job];
    if judge(tx, &known, &means, &open, &mut parts)? {
        // What follows from it is news as well.
        changed.extend(queries::open(tx, machine)?.map(|open| open.job));
    } else if !parts.is_empty() {
        show(tx, &open, &parts)?;
    }
    Ok(changed)
}

/// A machine has gone silent: what it was to be asked waits. The jobs that changed.
pub fn reuploads_offline(tx: &Tx<'_>, sn: &Sn) -> Result<Vec<JobId>, db::Error> {
    let Some(machine) = machines::machine_get(tx, sn)? else { return Ok(Vec::new()) };
    let mut changed = Vec::new();
    for (id, _) in queries::open_jobs(tx, machine.id)? {
        let Some(job) = job_get(tx, id)? else { continue };
        if job.state == JobState::Running {
            job_set_state(tx, id, JobState::Waiting)?;
            job_log(tx, id, Level::Info, "reupload.offline", json!({}))?;
            changed.push(id);
        }
    }
    Ok(changed)
}

/// Nobody wants it any more: the machine is asked nothing more, and what it sends all the same is a punch like any other.
pub(crate) fn cancelled(tx: &Tx<'_>, job: &Job) -> Result<(), db::Error> {
    let Some(open) = queries::get(tx, job.id)? else { return Ok(()) };
    // Closed first, so that what is taken back is no answer.
    let parts = queries::parts(tx, job.id)?;
    queries::close(tx, job.id)?;
    let commands = parts.iter().flat_map(|part| [part.count_id, part.command]).chain([open.last]);
    for command in commands.flatten() {
        commands::command_take_back(tx, open.machine, command)?;
    }
    Ok(())
}

/// Forgets some of what jobs that have ended have seen; whether there is more to forget.
pub fn reuploads_sweep(tx: &Tx<'_>) -> Result<bool, db::Error> {
    queries::sweep(tx, SWEPT_AT_ONCE)
}

/// Rows forgotten in one write: a few milliseconds.
const SWEPT_AT_ONCE: i64 = 5_000;
