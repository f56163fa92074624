//! The work that rules make: what moves and nights ask for becomes jobs, and jobs are done in parts.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Action, By, Listed, Org, OutOfScope, Person, Reason, Rule, Scope, Step, brake, decide, plan, queries,
    schedule, today, with_entries,
};
use crate::audit::Actor;
use crate::clock::Timestamp;
use crate::db::{self, Tx};
use crate::directory::EmployeeId;
use crate::jobs::{self, DISPATCH_RUN, Job, JobId, JobState, Level};
use crate::machines::{self, Machine, MachineId};
use crate::roster::{
    self, DisabledBy, EntryChange, EntrySource, NewEntry, Rejected, Role, RosterError, Whom,
};
use rollcall_protocol::Sn;

/// People whose entries are changed in one transaction, so that punches need not wait for long.
pub const PART_MOST: usize = 500;
/// People who moved that are looked at at a time.
const MOVED_MOST: usize = 1000;
/// Lines of a job's log that say who was left alone, or would have been hit.
const LINES_MOST: usize = 500;

/// What made a rule run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Trigger {
    /// It was saved: whoever is in scope is added.
    Saved,
    /// The directory moved people into its scope: they are added.
    Directory,
    /// A night came.
    Nightly,
    /// Somebody wanted it.
    Hand {
        /// Whether the brake is let go.
        confirm: bool,
    },
}

impl Trigger {
    /// Whether it takes away as well.
    fn is_whole(self) -> bool {
        matches!(self, Self::Nightly | Self::Hand { .. })
    }

    /// The name in logs and results.
    fn name(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Directory => "directory",
            Self::Nightly => "nightly",
            Self::Hand { .. } => "hand",
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Params {
    trigger: Trigger,
    /// Only these; everybody when there are none, or too many to write down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    people: Option<Vec<String>>,
}

impl Params {
    fn of(job: &Job) -> Self {
        // Of a job that was written by a program we do not know: what does least.
        serde_json::from_value(job.params.clone()).unwrap_or(Self { trigger: Trigger::Saved, people: None })
    }
}

/// Adds a run of a machine's rule; one that waits and would do the same is taken instead.
pub(super) fn add(
    tx: &Tx<'_>,
    actor: &Actor,
    machine: MachineId,
    trigger: Trigger,
) -> Result<JobId, db::Error> {
    if let Some(job) = waiting(tx, machine, |waiting| waiting == trigger)? {
        return Ok(job);
    }
    let params = Params { trigger, people: None };
    Ok(jobs::job_add(tx, actor, DISPATCH_RUN, Some(machine), &params)?.id)
}

/// A run of a machine's rule over everybody that nobody has begun yet.
fn waiting(
    conn: &Connection,
    machine: MachineId,
    wanted: impl Fn(Trigger) -> bool,
) -> Result<Option<JobId>, db::Error> {
    let waiting = jobs::jobs_open_of(conn, DISPATCH_RUN, Some(machine))?.into_iter().find(|job| {
        let params = Params::of(job);
        job.state == JobState::Waiting && job.tries == 0 && params.people.is_none() && wanted(params.trigger)
    });
    Ok(waiting.map(|job| job.id))
}

/// Ends the runs of a machine that wait for a yes, since another one (or another rule) has taken their place.
pub(super) fn supersede(tx: &Tx<'_>, machine: MachineId, by: Option<JobId>) -> Result<(), db::Error> {
    for job in jobs::jobs_open_of(tx, DISPATCH_RUN, Some(machine))? {
        if job.state == JobState::NeedsConfirmation && Some(job.id) != by {
            let detail = json!({ "jobId": by.map(|by| by.0) });
            jobs::job_log(tx, job.id, Level::Info, "dispatch.superseded", detail)?;
            jobs::job_end(tx, job.id, JobState::Cancelled, job.result)?;
        }
    }
    Ok(())
}

/// People who moved, and the machines whose rules want them now.
#[derive(Debug)]
pub struct Moved {
    /// The number of the last move looked at.
    upto: i64,
    /// How many people that were.
    pub people: usize,
    /// Whom the rule of which machine wants.
    pub touched: Vec<(MachineId, Vec<String>)>,
}

/// Judges the people who moved first by every rule that is on; none when nobody did.
pub fn moves_look(conn: &Connection, now: Timestamp) -> Result<Option<Moved>, db::Error> {
    let (ids, upto) = queries::moved(conn, MOVED_MOST)?;
    if ids.is_empty() {
        return Ok(None);
    }
    let rules = queries::enabled(conn)?;
    if rules.is_empty() {
        return Ok(Some(Moved { upto, people: ids.len(), touched: Vec::new() }));
    }
    let org = queries::org(conn)?;
    let people = queries::people_by_id(conn, &org, ids.iter().map(String::as_str))?;
    let entries: Vec<HashMap<MachineId, Listed>> =
        people.iter().map(|person| queries::entries_of(conn, &person.id)).collect::<Result<_, _>>()?;
    let mut touched = Vec::new();
    for of in &rules {
        let scope = Scope::new(&org, &of.rule.include, &of.rule.exclude);
        let today = today(of.time_zone, now);
        let wanted: Vec<String> = people
            .iter()
            .zip(&entries)
            .filter(|(person, entries)| {
                let step =
                    decide(scope.judge(person, today), entries.get(&of.machine).copied(), OutOfScope::Keep);
                matches!(step, Some((Action::Add | Action::Enable, _)))
            })
            .map(|(person, _)| person.id.as_str().to_owned())
            .collect();
        if !wanted.is_empty() {
            touched.push((of.machine, wanted));
        }
    }
    Ok(Some(Moved { upto, people: ids.len(), touched }))
}

/// Makes jobs of what the moves ask for, and forgets the moves with them: whoever moved again meanwhile is looked at again.
pub fn moves_note(tx: &Tx<'_>, moved: &Moved) -> Result<Vec<JobId>, db::Error> {
    let mut added = Vec::new();
    for (machine, people) in &moved.touched {
        // Whatever a run over everybody is for, it adds whoever is in scope.
        if machines::machine_by_id(tx, *machine)?.is_none() || waiting(tx, *machine, |_| true)?.is_some() {
            continue;
        }
        let people = (people.len() <= PART_MOST).then(|| people.clone());
        let params = Params { trigger: Trigger::Directory, people };
        added.push(jobs::job_add(tx, &Actor::system(), DISPATCH_RUN, Some(*machine), &params)?.id);
    }
    queries::moved_done(tx, moved.upto)?;
    Ok(added)
}

/// Nights that have come, and when the next one does.
#[derive(Debug, Default)]
pub struct Due {
    /// The machines, and which date's run it is.
    pub machines: Vec<(MachineId, NaiveDate)>,
    /// The next night of any machine.
    pub next: Option<Timestamp>,
}

/// Which nightly runs are to be begun, those missed while the program was off included.
pub fn nights_due(conn: &Connection, now: Timestamp) -> Result<Due, db::Error> {
    let mut due = Due::default();
    for night in queries::nights(conn)? {
        let date = schedule::due(night.time_zone, night.run_at, now);
        if night.last_run_on.is_none_or(|last| last < date) {
            due.machines.push((night.machine, date));
        }
        let next = schedule::next(night.time_zone, night.run_at, now);
        due.next = Some(due.next.map_or(next, |earliest| earliest.min(next)));
    }
    Ok(due)
}

/// Makes jobs of these nights; one that was begun already is not begun again.
pub fn nights_begin(tx: &Tx<'_>, nights: &[(MachineId, NaiveDate)]) -> Result<Vec<JobId>, db::Error> {
    let mut added = Vec::new();
    for (machine, date) in nights {
        if queries::night_begun(tx, *machine, *date)? {
            added.push(add(tx, &Actor::system(), *machine, Trigger::Nightly)?);
        }
    }
    Ok(added)
}

/// The directory at one moment, kept from one run to the next while nobody moves: at night thousands of rules look at it.
#[derive(Debug)]
pub struct Snapshot {
    moves: i64,
    /// The organisation.
    pub org: Org,
    people: OnceLock<Vec<Person>>,
}

impl Snapshot {
    /// The directory as it is now.
    pub fn read(conn: &Connection) -> Result<Self, db::Error> {
        let moves = queries::moves(conn)?;
        Ok(Self { moves, org: queries::org(conn)?, people: OnceLock::new() })
    }

    /// Everybody, by name.
    pub fn people(&self, conn: &Connection) -> Result<&[Person], db::Error> {
        if self.people.get().is_none() {
            // Set by nobody else: it is not shared.
            let _ = self.people.set(queries::people(conn, &self.org)?);
        }
        Ok(self.people.get().map_or(&[], Vec::as_slice))
    }
}

/// What a part of a run does.
#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    /// Adds and enables.
    Give,
    /// Deletes or disables.
    TakeAway,
    /// Stops and asks.
    Ask,
    /// Nothing was to be done.
    Nothing,
}

/// Somebody a log speaks of.
#[derive(Debug, Clone)]
struct Line {
    employee_id: EmployeeId,
    name: String,
    reason: Reason,
    by: By,
}

impl Line {
    fn of(scope: &Scope<'_>, step: &Step<'_>) -> Self {
        Self {
            employee_id: step.person.id.clone(),
            name: step.person.name.clone(),
            reason: step.reason,
            by: scope.by(step.person),
        }
    }

    fn detail(&self) -> Value {
        json!({
            "employeeId": self.employee_id,
            "name": self.name,
            "why": { "code": self.reason.name(), "in": self.by.included, "out": self.by.excluded },
        })
    }
}

/// One transaction's worth of a run.
#[derive(Debug, Clone)]
pub struct Part {
    what: What,
    /// Whom it is about.
    people: Vec<EmployeeId>,
    /// What the log says beforehand: who is left alone, or, of a part that asks, who would be hit.
    lines: Vec<Line>,
    /// How many are left alone.
    skipped: u64,
    /// How many are taken something away from by the whole run, of how many entries.
    hit: u64,
    entries: u64,
    /// People of the whole run; given with the first part.
    begin: Option<u64>,
    /// Whether it is the last.
    end: bool,
}

impl Part {
    fn new(what: What, people: Vec<EmployeeId>) -> Self {
        let (lines, begin) = (Vec::new(), None);
        Self { what, people, lines, skipped: 0, hit: 0, entries: 0, begin, end: false }
    }

    /// People it is about.
    pub fn people(&self) -> usize {
        self.people.len()
    }
}

/// What a job has done so far; its result.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Counts {
    added: u64,
    enabled: u64,
    deleted: u64,
    disabled: u64,
    skipped: u64,
    refused: u64,
    /// Entries it would take something away from, or was allowed to; of all there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    hit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<u64>,
}

impl Counts {
    fn of(job: &Job) -> Self {
        job.result.clone().and_then(|result| serde_json::from_value(result).ok()).unwrap_or_default()
    }

    fn result(self, trigger: Trigger) -> Value {
        let mut result = serde_json::to_value(self).unwrap_or_default();
        if let Some(object) = result.as_object_mut() {
            object.insert("trigger".to_owned(), trigger.name().into());
        }
        result
    }
}

/// Whether a run may take away so much: because it is little, because somebody said yes to as much, or because they said beforehand
/// that the brake is not to hold it.
fn may(job: &Job, trigger: Trigger, hit: u64, entries: u64) -> bool {
    let asked = Counts::of(job).hit;
    // A yes to twenty is no yes to two hundred.
    let confirmed = job.confirmed && asked.is_none_or(|asked| hit <= asked);
    !brake(hit, entries) || confirmed || trigger == Trigger::Hand { confirm: true }
}

/// What a job has to do now, in parts; they are to be done in their order with [`run_do`]. `kept` is the directory of the run
/// before, and is read anew when somebody has moved since.
pub fn run_prepare(
    conn: &Connection,
    job: &Job,
    now: Timestamp,
    kept: &mut Option<Snapshot>,
) -> Result<Vec<Part>, db::Error> {
    let Params { trigger, people: only } = Params::of(job);
    let machine = match job.machine {
        Some(id) => machines::machine_by_id(conn, id)?,
        None => None,
    };
    let rule = match &machine {
        Some(machine) => queries::get(conn, machine.id)?.filter(|rule| rule.enabled),
        None => None,
    };
    let (Some(machine), Some(rule)) = (machine, rule) else {
        return Ok(closed(vec![Part::new(What::Nothing, Vec::new())], 0));
    };
    let snapshot = match kept.take() {
        Some(snapshot) if snapshot.moves == queries::moves(conn)? => kept.insert(snapshot),
        _ => kept.insert(Snapshot::read(conn)?),
    };
    let few;
    let people = match only {
        Some(only) => {
            few = queries::people_by_id(conn, &snapshot.org, only.iter().map(String::as_str))?;
            few.as_slice()
        }
        None => snapshot.people(conn)?,
    };
    let entries = queries::entries(conn, machine.id)?;
    let scope = Scope::new(&snapshot.org, &rule.include, &rule.exclude);
    let plan = plan(&scope, rule.out_of_scope, today(machine.time_zone, now), with_entries(people, &entries));
    let ids = |steps: &[&[Step<'_>]]| -> Vec<EmployeeId> {
        steps.iter().flat_map(|steps| steps.iter()).map(|step| step.person.id.clone()).collect()
    };
    let mut parts = cut(What::Give, &ids(&[&plan.add, &plan.enable]));
    let hit = plan.hit();
    if trigger.is_whole() && hit > 0 {
        if may(job, trigger, hit, plan.entries) {
            parts.extend(cut(What::TakeAway, &ids(&[&plan.delete, &plan.disable])));
        } else {
            let hits = plan.delete.iter().chain(&plan.disable).take(LINES_MOST);
            let lines = hits.map(|step| Line::of(&scope, step)).collect();
            parts.push(Part { lines, hit, entries: plan.entries, ..Part::new(What::Ask, Vec::new()) });
        }
    }
    if parts.is_empty() {
        parts.push(Part::new(What::Nothing, Vec::new()));
    }
    // Who is out of scope is no business of a run that only adds.
    let skipped: Vec<_> =
        plan.skip.iter().filter(|step| trigger.is_whole() || step.reason != Reason::KeptOutOfScope).collect();
    let total = parts.iter().map(|part| part.people.len() as u64).sum();
    let mut parts = closed(parts, total);
    if let Some(first) = parts.first_mut() {
        first.skipped = skipped.len() as u64;
        let lines = skipped.into_iter().take(LINES_MOST).map(|step| Line::of(&scope, step));
        match first.what {
            // Its own lines are of another kind.
            What::Ask => {
                let begin = first.begin.take();
                let lines = lines.collect();
                let skipped = first.skipped;
                parts.insert(0, Part { begin, lines, skipped, ..Part::new(What::Give, Vec::new()) });
            }
            _ => first.lines = lines.collect(),
        }
    }
    Ok(parts)
}

fn cut(what: What, people: &[EmployeeId]) -> Vec<Part> {
    people.chunks(PART_MOST).map(|people| Part::new(what.clone(), people.to_vec())).collect()
}

/// Marks the first part and the last one.
fn closed(mut parts: Vec<Part>, total: u64) -> Vec<Part> {
    if let Some(first) = parts.first_mut() {
        first.begin = Some(total);
    }
    if let Some(last) = parts.last_mut() {
        last.end = true;
    }
    parts
}

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
            "hit": part.hit, "entries": part.entries, "percent": super::BRAKE_PERCENT, "people": super::BRAKE_PEOPLE,
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
        let today = today(self.machine.time_zone, self.tx.now());
        let takes_away = part.what == What::TakeAway;
        let (mut adding, mut send, mut changed) = (Vec::new(), Vec::new(), false);
        for person in &people {
            let entry = queries::entry_of(self.tx, self.machine.id, &person.id)?;
            let (listed, pin) = entry.map_or((None, None), |(listed, pin)| (Some(listed), pin));
            let decided = decide(scope.judge(person, today), listed, self.rule.out_of_scope);
            let Some((action, reason)) = decided.filter(|(action, _)| action.takes_away() == takes_away)
            else {
                continue;
            };
            let step = Step { person, action, reason };
            if action == Action::Add {
                adding.push(step);
            } else if self.alter(&scope, &step)? {
                changed = true;
                if action != Action::Delete && pin.is_some() {
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
        let (sn, id) = (&self.machine.sn, &step.person.id);
        let enabled = |enabled| EntryChange {
            enabled: Some(enabled),
            by: Some(DisabledBy::Rule),
            ..EntryChange::default()
        };
        let (outcome, code) = match step.action {
            Action::Enable => (
                roster::roster_change(self.tx, &self.actor, sn, id, enabled(true)).map(drop),
                "dispatch.enabled",
            ),
            Action::Disable => (
                roster::roster_change(self.tx, &self.actor, sn, id, enabled(false)).map(drop),
                "dispatch.disabled",
            ),
            Action::Delete => {
                (roster::roster_remove(self.tx, &self.actor, sn, id).map(drop), "dispatch.deleted")
            }
            Action::Add | Action::Skip => return Ok(false),
        };
        let line = Line::of(scope, step);
        match outcome {
            Ok(()) => {
                match step.action {
                    Action::Enable => self.counts.enabled += 1,
                    Action::Disable => self.counts.disabled += 1,
                    _ => self.counts.deleted += 1,
                }
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
                    queries::entry_of(self.tx, self.machine.id, &step.person.id)?.and_then(|(_, pin)| pin);
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
