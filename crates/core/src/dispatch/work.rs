//! The work that rules make: what people ask for, and moves and nights, becomes jobs.

use std::collections::HashMap;
use std::sync::OnceLock;

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::queries::Now;
use super::{Action, Org, OutOfScope, Person, Scope, decide, queries, schedule, waits_to_be_sent};
use crate::audit::Actor;
use crate::clock::{Timestamp, date_in};
use crate::db::{self, Tx};
use crate::jobs::{self, DISPATCH_RUN, Job, JobId, JobState, Level};
use crate::machines::{self, MachineId};

/// People whose entries are changed in one transaction, so that punches need not wait for long.
pub const PART_MOST: usize = 500;
/// People who moved that are looked at at a time.
const MOVED_MOST: usize = 1000;

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
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Self::Nightly | Self::Hand { .. })
    }

    /// The name in logs and results.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Directory => "directory",
            Self::Nightly => "nightly",
            Self::Hand { .. } => "hand",
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Params {
    pub trigger: Trigger,
    /// Only these; everybody when there are none, or too many to write down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<Vec<String>>,
}

impl Params {
    pub fn of(job: &Job) -> Self {
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
    let entries: Vec<HashMap<MachineId, Now>> =
        people.iter().map(|person| queries::entries_of(conn, &person.id)).collect::<Result<_, _>>()?;
    let mut touched = Vec::new();
    for of in &rules {
        let scope = Scope::new(&org, &of.rule.include, &of.rule.exclude);
        let today = date_in(of.time_zone, now);
        let wanted: Vec<String> = people
            .iter()
            .zip(&entries)
            .filter(|(person, entries)| {
                let (standing, entry) = (scope.judge(person, today), entries.get(&of.machine));
                let step = decide(standing, entry.map(|entry| entry.listed), OutOfScope::Keep);
                matches!(step, Some((Action::Add | Action::Enable, _)))
                    || waits_to_be_sent(&of.rule, standing, entry)
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
    pub(super) moves: i64,
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
