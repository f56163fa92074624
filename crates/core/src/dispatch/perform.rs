//! Doing one part of a run.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::prepare::{Counts, Line, Part, What};
use super::work::{Params, Trigger, supersede};
use super::{Action, BRAKE_PEOPLE, BRAKE_PERCENT, Rule, Scope, Step, decide, queries, waits_to_be_sent};
use crate::audit::Actor;
use crate::clock::date_in;
use crate::db::{self, Tx};
use crate::directory::EmployeeId;
use crate::jobs::{self, Job, JobId, JobState, Level};
use crate::machines::{self, Machine};
use crate::roster::{
    self, DisabledBy, EntryChange, EntrySource, NewEntry, Rejected, Role, RosterError, Whom,
};
use rollcall_protocol::Sn;

/// What a part did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Did {
    /// The machine, if its list is another one now.
    pub changed: Option<Sn>,
    /// Whether the run goes on with its next part.
    pub goes_on: bool,
}

/// Does one part of a run. Whoever is in it is judged again: what has changed since it was prepared counts.
pub fn run_do(tx: &Tx<'_>, id: JobId, part: &Part) -> Result<Did, db::Error> {
    let Some(job) = jobs::job_get(tx, id)?.filter(|job| job.state == JobState::Running) else {
        return Ok(Did::default());
    };
    let Params { trigger, .. } = Params::of(&job);
    let mut counts = Counts::of(&job);
    if job.cancel_wanted {
        jobs::job_log(tx, id, Level::Info, "dispatch.cancelled", json!({}))?;
        jobs::job_end(tx, id, JobState::Cancelled, Some(counts.result(trigger)))?;
        return Ok(Did::default());
    }
    let machine = match job.machine {
        Some(machine) => machines::machine_by_id(tx, machine)?,
        None => None,
    };
    let Some(machine) = machine else {
        jobs::job_end(tx, id, JobState::Cancelled, Some(counts.result(trigger)))?;
        return Ok(Did::default());
    };
    let Some(rule) = queries::get(tx, machine.id)?.filter(|rule| rule.enabled) else {
        jobs::job_log(tx, id, Level::Warning, "dispatch.rule_off", json!({}))?;
        jobs::job_end(tx, id, JobState::Done, Some(counts.result(trigger)))?;
        return Ok(Did::default());
    };
    if let Some(total) = part.begin {
        begin(tx, &job, trigger, &machine, part, total)?;
        counts.skipped = part.skipped;
    }
    let mut run = Run { tx, actor: Actor::of_job(&job.who), job: id, machine: &machine, rule: &rule, counts };
    let changed = match part.what {
        What::Give | What::TakeAway if !part.people.is_empty() => run.change(part)?,
        What::Ask => {
            run.ask(trigger, part)?;
            return Ok(Did::default());
        }
        _ => false,
    };
    let counts = run.counts;
    let done = part.people.len() as u64;
    if done > 0 {
        // The totals stay as they were given at the beginning.
        let now = jobs::job_get(tx, id)?.map_or((0, 0), |job| (job.done, job.total));
        jobs::job_progress(tx, id, now.0 + done, now.1)?;
    }
    if part.end {
        jobs::job_log(tx, id, Level::Info, "dispatch.finished", counts.result(trigger))?;
        jobs::job_end(tx, id, JobState::Done, Some(counts.result(trigger)))?;
    } else {
        jobs::job_set_result(tx, id, &counts.result(trigger))?;
    }
    Ok(Did { changed: changed.then_some(machine.sn), goes_on: !part.end })
}

fn begin(
    tx: &Tx<'_>,
    job: &Job,
    trigger: Trigger,
    machine: &Machine,
    part: &Part,
    total: u64,
) -> Result<(), db::Error> {
    let detail = json!({ "trigger": trigger.name(), "people": total });
    jobs::job_log(tx, job.id, Level::Info, "dispatch.started", detail)?;
    if part.what != What::Ask {
        for line in &part.lines {
            jobs::job_log(tx, job.id, Level::Info, "dispatch.skipped", line.detail())?;
        }
    }
    if trigger.is_whole() {
        supersede(tx, machine.id, Some(job.id))?;
    }
    jobs::job_progress(tx, job.id, 0, total)
}

/// A run in the middle of one of its parts.
struct Run<'a> {
    tx: &'a Tx<'a>,
    actor: Actor,
    job: JobId,
    machine: &'a Machine,
    rule: &'a Rule,
    counts: Counts,
}

impl Run<'_> {
    /// Stops until somebody says yes.
    fn ask(&mut self, trigger: Trigger, part: &Part) -> Result<(), db::Error> {
        let (tx, job) = (self.tx, self.job);
        for line in &part.lines {
            jobs::job_log(tx, job, Level::Warning, "dispatch.held", line.detail())?;
        }
        let detail = json!({
            "hit": part.hit, "entries": part.entries, "percent": BRAKE_PERCENT, "people": BRAKE_PEOPLE,
        });
        jobs::job_log(tx, job, Level::Warning, "dispatch.braked", detail)?;
        (self.counts.hit, self.counts.entries) = (Some(part.hit), Some(part.entries));
        jobs::job_ask(tx, job, &self.counts.result(trigger))
    }

    /// Changes the entries of a part. Whether any was.
    fn change(&mut self, part: &Part) -> Result<bool, db::Error> {
        let org = queries::org(self.tx)?;
        let people = queries::people_by_id(self.tx, &org, part.people.iter().map(EmployeeId::as_str))?;
        let scope = Scope::new(&org, &self.rule.include, &self.rule.exclude);
        let today = date_in(self.machine.time_zone, self.tx.now());
        let takes_away = part.what == What::TakeAway;
        let (mut adding, mut send, mut changed) = (Vec::new(), Vec::new(), false);
        for person in &people {
            let entry = queries::entry_of(self.tx, self.machine.id, &person.id)?;
            let standing = scope.judge(person, today);
            let listed = entry.as_ref().map(|entry| entry.listed);
            let decided = decide(standing, listed, self.rule.out_of_scope);
            if !takes_away && waits_to_be_sent(self.rule, standing, entry.as_ref()) {
                send.push(person.id.clone());
                continue;
            }
            let Some((action, reason)) = decided.filter(|(action, _)| action.takes_away() == takes_away)
            else {
                continue;
            };
            let step = Step { person, action, reason };
            if action == Action::Add {
                adding.push(step);
            } else if self.alter(&scope, &step)? {
                changed = true;
                if action != Action::Delete && entry.is_some_and(|entry| entry.pin.is_some()) {
                    send.push(person.id.clone());
                }
            }
        }
        if !adding.is_empty() {
            changed |= self.add(&scope, &adding, &mut send)?;
        }
        if self.rule.sync && !send.is_empty() {
            let sent = roster::roster_send(self.tx, self.machine, Whom::People(&send))?;
            jobs::job_log(self.tx, self.job, Level::Info, "dispatch.sent", json!({ "entries": sent }))?;
            changed |= sent > 0;
        }
        Ok(changed)
    }

    fn log(&self, code: &str, detail: Value) -> Result<(), db::Error> {
        jobs::job_log(self.tx, self.job, Level::Info, code, detail)
    }

    fn refused(&mut self, line: &Line, code: &str, why: &str) -> Result<(), db::Error> {
        self.counts.refused += 1;
        let mut detail = line.detail();
        if let Some(object) = detail.as_object_mut() {
            object.insert("code".to_owned(), code.into());
            object.insert("detail".to_owned(), why.into());
        }
        jobs::job_log(self.tx, self.job, Level::Warning, "dispatch.refused", detail)
    }

    /// Enables, disables or deletes somebody's entry; false when the roster refused.
    fn alter(&mut self, scope: &Scope<'_>, step: &Step<'_>) -> Result<bool, db::Error> {
        let (machine, id) = (self.machine, &step.person.id);
        let enable = |enabled| {
            let by = Some(DisabledBy::Rule);
            let change = EntryChange { enabled: Some(enabled), by, ..EntryChange::default() };
            roster::entry_change(self.tx, &self.actor, machine, id, change).map(drop)
        };
        let (outcome, count, code) = match step.action {
            Action::Enable => (enable(true), &mut self.counts.enabled, "dispatch.enabled"),
            Action::Disable => (enable(false), &mut self.counts.disabled, "dispatch.disabled"),
            Action::Delete => {
                let removed = roster::entry_remove(self.tx, &self.actor, machine, id).map(drop);
                (removed, &mut self.counts.deleted, "dispatch.deleted")
            }
            Action::Add | Action::Skip => return Ok(false),
        };
        let line = Line::of(scope, step);
        match outcome {
            Ok(()) => {
                *count += 1;
                self.log(code, line.detail())?;
                Ok(true)
            }
            Err(RosterError::Database(error)) => Err(error),
            Err(refused) => {
                self.refused(&line, refused.code(), &refused.to_string())?;
                Ok(false)
            }
        }
    }

    /// Adds people; those with a number are to be sent. Whether anybody was added.
    fn add(
        &mut self,
        scope: &Scope<'_>,
        steps: &[Step<'_>],
        send: &mut Vec<EmployeeId>,
    ) -> Result<bool, db::Error> {
        let entries = steps
            .iter()
            .map(|step| NewEntry {
                employee_id: step.person.id.as_str().to_owned(),
                pin: None,
                role: Role::User,
                enabled: true,
                source: EntrySource::Rule,
            })
            .collect();
        let outcome = match roster::roster_add(self.tx, &self.actor, &self.machine.sn, entries) {
            Ok(outcome) => outcome,
            Err(RosterError::Database(error)) => return Err(error),
            Err(refused) => {
                for step in steps {
                    self.refused(&Line::of(scope, step), refused.code(), &refused.to_string())?;
                }
                return Ok(false);
            }
        };
        let added: HashSet<&EmployeeId> = outcome.added.iter().collect();
        let rejected: HashMap<&str, &Rejected> =
            outcome.rejected.iter().map(|rejected| (rejected.employee_id.as_str(), rejected)).collect();
        for step in steps {
            let line = Line::of(scope, step);
            if added.contains(&step.person.id) {
                self.counts.added += 1;
                let pin =
                    queries::entry_of(self.tx, self.machine.id, &step.person.id)?.and_then(|entry| entry.pin);
                let mut detail = line.detail();
                if let Some(object) = detail.as_object_mut() {
                    object.insert("pin".to_owned(), pin.clone().into());
                }
                self.log("dispatch.added", detail)?;
                send.extend(pin.map(|_| step.person.id.clone()));
            } else if let Some(rejected) = rejected.get(step.person.id.as_str()) {
                self.refused(&line, rejected.code, &rejected.detail)?;
            }
        }
        Ok(!outcome.added.is_empty())
    }
}
