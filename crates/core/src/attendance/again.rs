//! Doing a recomputation: person by person, each one's newest days first, and from where it was after a break.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::facts::{Wanted, day_after};
use super::recompute::{Recompute, difference};
use super::whom::{People, Whom};
use super::work::{Verdicts, judge_days, put};
use crate::clock::Timestamp;
use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::jobs::{Job, JobId, JobState, Level, job_end, job_get, job_log, job_progress, job_set_result};
use crate::settings::site_date;

/// Days that are judged at a time.
const DAYS_AT_ONCE: usize = 400;

/// Where a recomputation is: the last day that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct At {
    employee_id: String,
    date: NaiveDate,
}

/// What a recomputation has come to so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Progress {
    days: u64,
    changed: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<At>,
}

/// A recomputation that is being done.
#[derive(Debug, Clone)]
pub struct Recomputing {
    job: JobId,
    from: NaiveDate,
    to: NaiveDate,
    /// Whose days, by their ids.
    people: Arc<[String]>,
    /// The place in `people`, and the newest date of theirs that is still to be judged.
    next: Option<(usize, NaiveDate)>,
    progress: Progress,
}

/// A part of a recomputation.
#[derive(Debug)]
pub struct Part {
    verdicts: Verdicts,
    /// Where the next one begins; none: this is the last.
    next: Option<(usize, NaiveDate)>,
    /// The last day of it.
    at: Option<At>,
}

/// Finds out whose days a recomputation is about, and where it was when the program ended. None when the job cannot be read.
pub fn recompute_prepare(conn: &Connection, job: &Job, now: Timestamp) -> Result<Option<Recomputing>, Error> {
    let Ok(wanted) = serde_json::from_value::<Recompute>(job.params.clone()) else { return Ok(None) };
    let mut people: Vec<String> = match wanted.employee_ids {
        Some(ids) => ids,
        None => {
            let whom =
                Whom { department_id: wanted.department_id, branch_id: wanted.branch_id, ..Whom::default() };
            let people = People::load(conn, &whom, None)?.list.into_iter();
            people.map(|person| person.id.as_str().to_owned()).collect()
        }
    };
    people.sort_unstable();
    people.dedup();
    // Of dates to come there is nothing to judge yet.
    let tomorrow = day_after(site_date(conn, now)?);
    let (from, to) = (wanted.from, wanted.to.min(tomorrow));
    let progress: Progress =
        job.result.clone().and_then(|result| serde_json::from_value(result).ok()).unwrap_or_default();
    let mut run = Recomputing { job: job.id, from, to, people: people.into(), next: None, progress };
    run.next = run.after(run.progress.at.as_ref());
    Ok(Some(run))
}

impl Recomputing {
    /// Its job.
    pub fn job(&self) -> JobId {
        self.job
    }

    /// Whether there is more to do.
    pub fn goes_on(&self) -> bool {
        self.next.is_some()
    }

    /// How many days it is about.
    pub fn total(&self) -> u64 {
        let days = u64::try_from((self.to - self.from).num_days() + 1).unwrap_or_default();
        days.saturating_mul(self.people.len() as u64)
    }

    /// The day after one in the order of the work.
    fn after(&self, at: Option<&At>) -> Option<(usize, NaiveDate)> {
        if self.to < self.from {
            return None;
        }
        let Some(at) = at else { return self.people.first().map(|_| (0, self.to)) };
        let place = self.people.partition_point(|id| *id < at.employee_id);
        let same = self.people.get(place).is_some_and(|id| *id == at.employee_id);
        match at.date.pred_opt().filter(|date| *date >= self.from) {
            Some(date) if same => Some((place, date.min(self.to))),
            _ => {
                let place = if same { place + 1 } else { place };
                self.people.get(place).map(|_| (place, self.to))
            }
        }
    }
}

/// Judges the next part of it; none when everything is done.
pub fn recompute_look(conn: &Connection, run: &Recomputing) -> Result<Option<Part>, Error> {
    let Some((mut place, mut date)) = run.next else { return Ok(None) };
    let (mut wanted, mut left, mut at, mut next) = (Wanted::new(), DAYS_AT_ONCE, None, None);
    while let Some(employee) = run.people.get(place) {
        let mut dates = BTreeSet::new();
        while left > 0 {
            dates.insert(date);
            left -= 1;
            let seen = At { employee_id: employee.clone(), date };
            next = run.after(Some(&seen));
            at = Some(seen);
            match next {
                Some((same, before)) if same == place => date = before,
                _ => break,
            }
        }
        wanted.insert(employee.clone(), dates);
        match next {
            Some((other, newest)) if left > 0 && other != place => (place, date) = (other, newest),
            _ => break,
        }
    }
    Ok(Some(Part { verdicts: judge_days(conn, &wanted)?, next, at }))
}

/// What became of a part.
#[derive(Debug, Clone)]
pub enum Recomputed {
    /// It is written.
    Written {
        /// The days that are other than they were.
        changed: Vec<(EmployeeId, NaiveDate)>,
        /// What is left.
        run: Recomputing,
    },
    /// Something it rests on is no longer so; it is to be judged once more.
    Stale,
    /// Nobody wants it any more.
    Cancelled,
}

/// Writes a part of it, with what became different, and how far it is.
pub fn recompute_write(tx: &Tx<'_>, run: &Recomputing, part: &Part) -> Result<Recomputed, Error> {
    let open = job_get(tx, run.job)?.filter(|job| !job.state.is_final());
    if open.is_none_or(|job| job.cancel_wanted) {
        finish(tx, run, JobState::Cancelled)?;
        return Ok(Recomputed::Cancelled);
    }
    let Some(changed) = put(tx, &part.verdicts)? else { return Ok(Recomputed::Stale) };
    for day in &changed {
        let key = (&day.employee, day.date);
        difference(tx, run.job, key, day.before.as_ref(), day.after.as_ref())?;
    }
    let mut run = run.clone();
    run.progress.days += part.verdicts.asked as u64;
    run.progress.changed += changed.len() as u64;
    run.progress.at.clone_from(&part.at);
    run.next = part.next;
    job_set_result(tx, run.job, &serde_json::to_value(&run.progress).unwrap_or_default())?;
    job_progress(tx, run.job, run.progress.days, run.total())?;
    if run.next.is_none() {
        finish(tx, &run, JobState::Done)?;
    }
    let changed = changed.into_iter().map(|day| (day.employee.clone(), day.date)).collect();
    Ok(Recomputed::Written { changed, run })
}

/// Ends a recomputation that has nothing to do.
pub fn recompute_done(tx: &Tx<'_>, run: &Recomputing) -> Result<(), Error> {
    finish(tx, run, JobState::Done)
}

fn finish(tx: &Tx<'_>, run: &Recomputing, state: JobState) -> Result<(), Error> {
    let result = serde_json::json!({ "days": run.progress.days, "changed": run.progress.changed });
    if state == JobState::Done {
        job_log(tx, run.job, Level::Info, "recompute.done", result.clone())?;
    }
    job_end(tx, run.job, state, Some(result))
}
