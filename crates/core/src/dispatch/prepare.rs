//! What a run has to do, found out without holding up anybody, in parts that are a transaction each.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::work::{PART_MOST, Params, Snapshot, Trigger};
use super::{By, Reason, Scope, Step, brake, plan, queries, waits_to_be_sent, with_entries};
use crate::clock::{Timestamp, date_in};
use crate::db;
use crate::directory::EmployeeId;
use crate::jobs::Job;
use crate::machines;

/// Lines of a job's log that say who was left alone, or would have been hit.
const LINES_MOST: usize = 500;

/// What a part of a run does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
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
pub(super) struct Line {
    employee_id: EmployeeId,
    name: String,
    reason: Reason,
    by: By,
}

impl Line {
    pub fn of(scope: &Scope<'_>, step: &Step<'_>) -> Self {
        Self {
            employee_id: step.person.id.clone(),
            name: step.person.name.clone(),
            reason: step.reason,
            by: scope.by(step.person),
        }
    }

    pub fn detail(&self) -> Value {
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
    pub(super) what: What,
    /// Whom it is about.
    pub(super) people: Vec<EmployeeId>,
    /// What the log says beforehand: who is left alone, or, of a part that asks, who would be hit.
    pub(super) lines: Vec<Line>,
    /// How many are left alone.
    pub(super) skipped: u64,
    /// How many are taken something away from by the whole run, of how many entries.
    pub(super) hit: u64,
    pub(super) entries: u64,
    /// People of the whole run; given with the first part.
    pub(super) begin: Option<u64>,
    /// Whether it is the last.
    pub(super) end: bool,
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
pub(super) struct Counts {
    pub added: u64,
    pub enabled: u64,
    pub deleted: u64,
    pub disabled: u64,
    pub skipped: u64,
    pub refused: u64,
    /// Entries it would take something away from, or was allowed to; of all there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entries: Option<u64>,
}

impl Counts {
    pub fn of(job: &Job) -> Self {
        job.result.clone().and_then(|result| serde_json::from_value(result).ok()).unwrap_or_default()
    }

    pub fn result(self, trigger: Trigger) -> Value {
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
    let plan =
        plan(&scope, rule.out_of_scope, date_in(machine.time_zone, now), with_entries(people, &entries));
    let ids = |steps: &[&[Step<'_>]]| -> Vec<EmployeeId> {
        steps.iter().flat_map(|steps| steps.iter()).map(|step| step.person.id.clone()).collect()
    };
    let mut give = ids(&[&plan.add, &plan.enable]);
    if rule.sync {
        let today = date_in(machine.time_zone, now);
        let waiting = people
            .iter()
            .filter(|person| waits_to_be_sent(&rule, scope.judge(person, today), entries.get(&person.id)));
        give.extend(waiting.map(|person| person.id.clone()));
    }
    let mut parts = cut(What::Give, &give);
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
