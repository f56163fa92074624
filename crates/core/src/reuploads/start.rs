//! Wanting it: what is refused, and the job that follows.

use chrono::NaiveDate;
use rollcall_protocol::Sn;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{ReuploadError, What, gaps, queries, rule};
use crate::audit::{self, Actor};
use crate::clock::date_in;
use crate::db::{self, Tx};
use crate::directory::{self, EmployeeId};
use crate::jobs::{self, Job, JobId, Level, job_add, job_log};
use crate::machines::{self, Machine, MachineId};

/// What is to come again.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The first day, where the machine hangs.
    pub from: NaiveDate,
    /// The last day, included.
    pub to: NaiveDate,
    /// Whose punches; none are everybody's. Others that come along are stored and counted apart.
    pub people: Option<Vec<EmployeeId>>,
    /// Only of the days that are known to lack some.
    pub only_missing: bool,
}

/// What a job remembers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Params {
    /// The days, in order.
    pub days: Vec<NaiveDate>,
    /// Nobody wanted it but the program: what is found missing is asked for as well.
    pub by_itself: bool,
    /// Of so many people; none: of everybody.
    pub people: Option<usize>,
}

impl Params {
    pub(super) fn of(job: &Job) -> Self {
        serde_json::from_value(job.params.clone()).unwrap_or_default()
    }

    fn ends(&self) -> (Option<&NaiveDate>, Option<&NaiveDate>) {
        (self.days.first(), self.days.last())
    }
}

/// Polls without an upload that are waited for before a machine that was away is judged: what it kept comes by itself.
pub(super) const CALM: u32 = 2;

/// Asks a machine for the punches of some days again; the job that follows it. It waits while the machine is away.
pub fn reupload(tx: &Tx<'_>, actor: &Actor, sn: &Sn, asked: &Asked) -> Result<JobId, ReuploadError> {
    let machine = enabled(tx, sn)?;
    let mut days = days(tx, &machine, asked.from, asked.to)?;
    if asked.only_missing {
        let known = gaps::of_days(tx, machine.id, &days)?;
        days = known.iter().filter(|day| day.is_missing()).map(|day| day.date).collect();
        if days.is_empty() {
            return Err(ReuploadError::NothingMissing);
        }
    }
    let people = asked.people.as_deref();
    if people.is_some_and(<[EmployeeId]>::is_empty) {
        return Err(ReuploadError::Nobody);
    }
    for employee in people.unwrap_or_default() {
        if directory::employee_get(tx, employee)?.is_none() {
            return Err(ReuploadError::EmployeeUnknown(employee.as_str().to_owned()));
        }
    }
    let params = Params { days, by_itself: false, people: people.map(<[EmployeeId]>::len) };
    Ok(begin(tx, actor, &machine, What::Reupload, &params, people)?)
}

/// Asks a machine how many punches it holds of some days, to compare; the job that follows it.
pub fn gap_check(
    tx: &Tx<'_>,
    actor: &Actor,
    sn: &Sn,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<JobId, ReuploadError> {
    let machine = enabled(tx, sn)?;
    let days = days(tx, &machine, from, to)?;
    let params = Params { days, by_itself: false, people: None };
    Ok(begin(tx, actor, &machine, What::GapCheck, &params, None)?)
}

fn enabled(tx: &Tx<'_>, sn: &Sn) -> Result<Machine, ReuploadError> {
    let machine = machines::expect(tx, sn)?;
    if machine.enabled { Ok(machine) } else { Err(ReuploadError::Disabled(machine.sn)) }
}

fn days(
    tx: &Tx<'_>,
    machine: &Machine,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<NaiveDate>, ReuploadError> {
    let today = date_in(machine.time_zone, tx.now());
    Ok(rule::days(from, to, today)?)
}

/// Makes the job; one that is under way for the same is answered again.
pub(super) fn begin(
    tx: &Tx<'_>,
    actor: &Actor,
    machine: &Machine,
    what: What,
    params: &Params,
    people: Option<&[EmployeeId]>,
) -> Result<JobId, db::Error> {
    if people.is_none()
        && let Some(same) = same(tx, machine.id, what, params)?
    {
        return Ok(same);
    }
    let kind = what.name();
    let job = job_add(tx, actor, kind, Some(machine.id), params)?;
    let calm = if params.by_itself && what == What::GapCheck { CALM } else { 0 };
    queries::insert(tx, &queries::New { job: job.id, machine: machine.id, what, people, calm })?;
    let (from, to) = params.ends();
    let detail = json!({ "from": from, "to": to, "days": params.days.len(), "people": params.people });
    let logged =
        json!({ "firstDay": from, "lastDay": to, "days": params.days.len(), "people": params.people });
    let (what, subject) = (format!("{kind}.start"), format!("machine/{}", machine.sn));
    audit::record(tx, actor, &what, &subject, None, Some(&logged))?;
    job_log(tx, job.id, Level::Info, &format!("{kind}.asked"), detail)?;
    Ok(job.id)
}

fn same(tx: &Tx<'_>, machine: MachineId, what: What, params: &Params) -> Result<Option<JobId>, db::Error> {
    for (job, known) in queries::open_jobs(tx, machine)? {
        let is_same = known == what && jobs::job_get(tx, job)?.is_some_and(|job| Params::of(&job) == *params);
        if is_same {
            return Ok(Some(job));
        }
    }
    Ok(None)
}
