//! The dispatch rule of a machine (rules 4): who belongs on its roster by itself.
//!
//! A change of the directory only notes whom it moved ([`person_moved`]); the rules are looked at afterwards, for those people alone
//! ([`moves_look`]). Whatever a rule then does is a job: one when it is saved, one when the directory has moved somebody into its
//! scope, one every night for rules that take something away, one by hand. A job is prepared without a lock
//! ([`run_prepare`]) and done in parts of at most [`PART_MOST`] people ([`run_do`]), each of them judged once more in the transaction
//! that changes their entry, so that nobody is touched for a reason that has passed.

mod brake;
mod perform;
mod prepare;
mod queries;
mod run;
mod schedule;
mod scope;
#[cfg(test)]
mod tests;
mod work;

use std::collections::HashMap;

use chrono_tz::Tz;
use rusqlite::Connection;
use serde::Serialize;

pub use brake::{PEOPLE as BRAKE_PEOPLE, PERCENT as BRAKE_PERCENT, brake};
pub use perform::{Did, run_do};
pub use prepare::{Part, run_prepare};
pub use run::{Action, Listed, OutOfScope, Plan, Reason, Step, decide, plan};
pub use schedule::RunAt;
pub use scope::{By, Org, Person, Scope, Standing, Target, TargetKind, Unit};
pub use work::{Due, Moved, PART_MOST, Snapshot, Trigger, moves_look, moves_note, nights_begin, nights_due};

use queries::Now;

use crate::audit::{self, Actor};
use crate::clock::{Timestamp, date_in, from_millis};
use crate::db::{self, Tx, database_failure};
use crate::directory::EmployeeId;
use crate::jobs::JobId;
use crate::machines::{self, Machine, MachineError, MachineId};
use crate::roster::RosterError;
use rollcall_protocol::Sn;

/// Who belongs on a machine's list, and what becomes of the others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// The switch.
    pub enabled: bool,
    /// Whom it names.
    pub include: Vec<Target>,
    /// Whom it does not mean, although it names them.
    pub exclude: Vec<Target>,
    /// What becomes of entries out of scope, every night.
    pub out_of_scope: OutOfScope,
    /// When, where the machine hangs.
    #[serde(serialize_with = "as_text")]
    pub run_at: RunAt,
    /// Whether what it does is sent to the machine by itself.
    pub sync: bool,
}

fn as_text<S: serde::Serializer>(run_at: &RunAt, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(run_at)
}

/// A rule that is on, and its machine.
#[derive(Debug, Clone)]
pub struct RuleOf {
    /// Which machine.
    pub machine: MachineId,
    /// Where it hangs.
    pub time_zone: Tz,
    /// The rule.
    pub rule: Rule,
}

/// A rule as it is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleShown {
    /// The rule.
    pub rule: Rule,
    /// What the include targets are called, in their order; none where there is nothing with that id any more.
    pub include_names: Vec<Option<String>>,
    /// The same for the exclude targets.
    pub exclude_names: Vec<Option<String>>,
    /// The newest run that was begun, and when.
    pub last_run: Option<(JobId, Timestamp)>,
    /// The next nightly run; none when it is off, or takes nothing away.
    pub next_run_at: Option<Timestamp>,
}

/// What a rule would do to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewRow {
    /// Whom.
    pub employee_id: EmployeeId,
    /// Their name.
    pub name: String,
    /// Why.
    pub reason: Reason,
    /// By whose names.
    pub by: By,
}

/// What a rule would do to its list if it ran now, whether or not it is on. Each list is cut at [`PREVIEW_MOST`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preview {
    /// Put on the list.
    pub add: Vec<PreviewRow>,
    /// Enabled again.
    pub enable: Vec<PreviewRow>,
    /// Taken off the list and the machine.
    pub delete: Vec<PreviewRow>,
    /// Disabled.
    pub disable: Vec<PreviewRow>,
    /// Left alone, though one might expect otherwise.
    pub skip: Vec<PreviewRow>,
    /// How long the whole lists are, in the order above.
    pub counts: [u64; 5],
    /// Entries that lose something.
    pub hit: u64,
    /// Entries there are.
    pub entries: u64,
}

impl Preview {
    /// Whether it would stop and wait for a yes.
    pub fn would_stop(&self) -> bool {
        brake(self.hit, self.entries)
    }
}

/// Rows of each list of a preview.
pub const PREVIEW_MOST: usize = 1000;

/// Why somebody is in the scope of a rule, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeExplained {
    /// How they stand to it.
    pub standing: Standing,
    /// By whose names.
    pub by: By,
}

/// Why something about a dispatch rule was refused.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    /// The machine is unknown.
    #[error(transparent)]
    Machine(MachineError),
    /// The roster refused.
    #[error(transparent)]
    Roster(RosterError),
    /// No such employee.
    #[error("there is nobody with the id {0}")]
    EmployeeUnknown(EmployeeId),
    /// A target that is nothing.
    #[error("there is no {} with the id {}", target.kind.name(), target.id)]
    TargetUnknown {
        /// Which.
        target: Target,
        /// Whether it is one of the exclude targets.
        excluded: bool,
        /// Its place among them.
        index: usize,
    },
    /// The time is not one.
    #[error("the time of the run is HH:MM, from 00:00 to 23:59")]
    RunAtInvalid,
    /// The rule is off.
    #[error("the dispatch rule of this machine is off")]
    Off,
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(DispatchError);

impl From<MachineError> for DispatchError {
    fn from(error: MachineError) -> Self {
        match error {
            MachineError::Database(error) => Self::Database(error),
            other => Self::Machine(other),
        }
    }
}

impl From<RosterError> for DispatchError {
    fn from(error: RosterError) -> Self {
        match error {
            RosterError::Database(error) => Self::Database(error),
            other => Self::Roster(other),
        }
    }
}

impl DispatchError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Machine(error) => error.code(),
            Self::Roster(error) => error.code(),
            Self::EmployeeUnknown(_) => "employee.unknown",
            Self::TargetUnknown { .. } => "dispatch.target_unknown",
            Self::RunAtInvalid => "dispatch.run_at_invalid",
            Self::Off => "dispatch.off",
            Self::Database(error) => error.code(),
        }
    }
}

/// What people call a target; none when there is nothing with that id.
pub(crate) fn target_name(conn: &Connection, target: &Target) -> Result<Option<String>, db::Error> {
    queries::target_name(conn, target)
}

/// The machines whose rules name a target.
pub(crate) fn machines_naming(conn: &Connection, target: &Target) -> Result<Vec<String>, db::Error> {
    queries::machines_naming(conn, target)
}

/// The branches and the departments of the site.
pub(crate) fn units(conn: &Connection) -> Result<(Vec<Unit>, Vec<Unit>), db::Error> {
    queries::units(conn)
}

/// The rule of a machine; off when nobody has said anything.
pub fn rule_get(conn: &Connection, sn: &Sn, now: Timestamp) -> Result<RuleShown, DispatchError> {
    let machine = machines::expect(conn, sn)?;
    let rule = queries::get(conn, machine.id)?.unwrap_or_default();
    let names = |targets: &[Target]| -> Result<Vec<_>, db::Error> {
        targets.iter().map(|target| queries::target_name(conn, target)).collect()
    };
    let nightly = rule.enabled && rule.out_of_scope != OutOfScope::Keep;
    Ok(RuleShown {
        include_names: names(&rule.include)?,
        exclude_names: names(&rule.exclude)?,
        last_run: queries::last_run(conn, machine.id)?.map(|(id, at)| (JobId(id), from_millis(at))),
        next_run_at: nightly.then(|| schedule::next(machine.time_zone, rule.run_at, now)),
        rule,
    })
}

/// Every rule that is on.
pub fn rules_enabled(conn: &Connection) -> Result<Vec<RuleOf>, db::Error> {
    queries::enabled(conn)
}

/// Changes the rule of a machine. When it is on, the job that is answered adds whoever is in scope; nothing is taken from
/// anybody before the next night.
pub fn rule_set(tx: &Tx<'_>, actor: &Actor, sn: &Sn, rule: &Rule) -> Result<Option<JobId>, DispatchError> {
    let machine = machines::expect(tx, sn)?;
    let before = queries::get(tx, machine.id)?.unwrap_or_default();
    check_targets(tx, &before, rule)?;
    Ok(set(tx, actor, &machine, &before, rule)?)
}

/// A target that is gone may stay where it was, so that a rule can be changed without hunting for it first.
fn check_targets(conn: &Connection, before: &Rule, rule: &Rule) -> Result<(), DispatchError> {
    for (excluded, targets, known) in
        [(false, &rule.include, &before.include), (true, &rule.exclude, &before.exclude)]
    {
        for (index, target) in targets.iter().enumerate() {
            if !known.contains(target) && queries::target_name(conn, target)?.is_none() {
                return Err(DispatchError::TargetUnknown { target: target.clone(), excluded, index });
            }
        }
    }
    Ok(())
}

fn set(
    tx: &Tx<'_>,
    actor: &Actor,
    machine: &Machine,
    before: &Rule,
    rule: &Rule,
) -> Result<Option<JobId>, db::Error> {
    // The night before this rule is no business of it, nor a time of today that has passed.
    let last_run_on = schedule::due(machine.time_zone, rule.run_at, tx.now());
    queries::set(tx, machine.id, rule, last_run_on)?;
    let subject = format!("machine/{}/dispatch-rule", machine.sn);
    audit::record(tx, actor, "dispatch.change", &subject, Some(before), Some(rule))?;
    if before != rule {
        // A yes to what the rule of before would have done is no yes to this one.
        work::supersede(tx, machine.id, None)?;
    }
    match rule.enabled {
        true => work::add(tx, actor, machine.id, Trigger::Saved).map(Some),
        false => Ok(None),
    }
}

/// Gives other machines the rule of this one. Those that have it now.
pub fn rule_copy(tx: &Tx<'_>, actor: &Actor, from: &Sn, to: &[Sn]) -> Result<Vec<Sn>, DispatchError> {
    let source = machines::expect(tx, from)?;
    let rule = queries::get(tx, source.id)?.unwrap_or_default();
    let mut copied = Vec::new();
    for sn in to {
        let machine = machines::expect(tx, sn)?;
        if machine.id == source.id || copied.contains(&machine.sn) {
            continue;
        }
        let before = queries::get(tx, machine.id)?.unwrap_or_default();
        set(tx, actor, &machine, &before, &rule)?;
        copied.push(machine.sn);
    }
    Ok(copied)
}

/// Runs the rule of a machine now, as at night. With `confirm` the brake holds it not.
pub fn rule_run(tx: &Tx<'_>, actor: &Actor, sn: &Sn, confirm: bool) -> Result<JobId, DispatchError> {
    let machine = machines::expect(tx, sn)?;
    if !queries::get(tx, machine.id)?.unwrap_or_default().enabled {
        return Err(DispatchError::Off);
    }
    let id = work::add(tx, actor, machine.id, Trigger::Hand { confirm })?;
    let subject = format!("machine/{}/dispatch-rule", machine.sn);
    let ran = serde_json::json!({ "jobId": id.0, "confirm": confirm });
    audit::record(tx, actor, "dispatch.run", &subject, None, Some(&ran))?;
    Ok(id)
}

/// Forgets the rule of a machine that is being deleted.
pub(crate) fn rule_forget(tx: &Tx<'_>, machine: MachineId) -> Result<(), db::Error> {
    queries::forget(tx, machine)
}

/// What a rule would do now: the given one, or the one that is saved.
pub fn rule_preview(
    conn: &Connection,
    sn: &Sn,
    rule: Option<Rule>,
    now: Timestamp,
) -> Result<Preview, DispatchError> {
    let machine = machines::expect(conn, sn)?;
    let saved = queries::get(conn, machine.id)?.unwrap_or_default();
    if let Some(rule) = &rule {
        check_targets(conn, &saved, rule)?;
    }
    let rule = rule.unwrap_or(saved);
    let org = queries::org(conn)?;
    let people = queries::people(conn, &org)?;
    let entries = queries::entries(conn, machine.id)?;
    let scope = Scope::new(&org, &rule.include, &rule.exclude);
    let today = date_in(machine.time_zone, now);
    let plan = plan(&scope, rule.out_of_scope, today, with_entries(&people, &entries));
    let rows = |steps: &[Step<'_>]| {
        steps
            .iter()
            .take(PREVIEW_MOST)
            .map(|step| PreviewRow {
                employee_id: step.person.id.clone(),
                name: step.person.name.clone(),
                reason: step.reason,
                by: scope.by(step.person),
            })
            .collect()
    };
    let lists = [&plan.add, &plan.enable, &plan.delete, &plan.disable, &plan.skip];
    let counts = lists.map(|steps| steps.len() as u64);
    let [add, enable, delete, disable, skip] = lists.map(|steps| rows(steps));
    Ok(Preview { add, enable, delete, disable, skip, counts, hit: plan.hit(), entries: plan.entries })
}

/// Everybody with their entry of one machine, if they have one.
fn with_entries<'a>(
    people: &'a [Person],
    entries: &'a HashMap<EmployeeId, Now>,
) -> impl Iterator<Item = (&'a Person, Option<Listed>)> {
    people.iter().map(|person| (person, entries.get(&person.id).map(|entry| entry.listed)))
}

/// Whether somebody's entry is to be sent though nothing else is done to it: the rule sends by itself, and what kept it from that
/// when it was dispatched (no number, the option off) has passed.
fn waits_to_be_sent(rule: &Rule, standing: Standing, entry: Option<&Now>) -> bool {
    rule.sync
        && standing == Standing::In
        && entry.is_some_and(|entry| entry.unsent && entry.listed.disabled_by.is_none())
}

/// Somebody who had no number on a machine has one now.
pub(crate) fn number_given(tx: &Tx<'_>, machine: MachineId, employee: &EmployeeId) -> Result<(), db::Error> {
    queries::number_given(tx, machine, employee)
}

/// Why somebody is in the scope of a machine's rule, or not; whether or not it is on.
pub fn rule_explain(
    conn: &Connection,
    sn: &Sn,
    employee: &EmployeeId,
    now: Timestamp,
) -> Result<ScopeExplained, DispatchError> {
    let machine = machines::expect(conn, sn)?;
    let rule = queries::get(conn, machine.id)?.unwrap_or_default();
    let org = queries::org(conn)?;
    let person = queries::people_by_id(conn, &org, [employee.as_str()])?
        .pop()
        .ok_or_else(|| DispatchError::EmployeeUnknown(employee.clone()))?;
    let scope = Scope::new(&org, &rule.include, &rule.exclude);
    let standing = scope.judge(&person, date_in(machine.time_zone, now));
    Ok(ScopeExplained { standing, by: scope.by(&person) })
}

/// Somebody was added, moved, left or came back.
pub(crate) fn person_moved(tx: &Tx<'_>, employee: &EmployeeId) -> Result<(), db::Error> {
    tx.prepare_cached("INSERT OR REPLACE INTO dispatch_dirty (employee_id) VALUES (?1)")?
        .execute([employee.as_str()])?;
    Ok(())
}

/// A department has moved, with everybody in it and in the departments below.
pub(crate) fn department_moved(tx: &Tx<'_>, department: &str) -> Result<(), db::Error> {
    tx.prepare_cached(
        "WITH RECURSIVE below (id) AS (
           VALUES (?1) UNION SELECT d.id FROM departments d JOIN below ON d.parent_id = below.id)
         INSERT OR REPLACE INTO dispatch_dirty (employee_id)
         SELECT e.id FROM below JOIN employees e ON e.department_id = below.id",
    )?
    .execute([department])?;
    Ok(())
}

/// A branch has moved, with everybody in it, in its departments, and in the branches below.
pub(crate) fn branch_moved(tx: &Tx<'_>, branch: &str) -> Result<(), db::Error> {
    tx.prepare_cached(
        "WITH RECURSIVE
           branches_below (id) AS (
             VALUES (?1) UNION SELECT b.id FROM branches b JOIN branches_below x ON b.parent_id = x.id),
           departments_below (id) AS (
             SELECT d.id FROM departments d JOIN branches_below x ON d.branch_id = x.id
             UNION SELECT d.id FROM departments d JOIN departments_below x ON d.parent_id = x.id)
         INSERT OR REPLACE INTO dispatch_dirty (employee_id)
         SELECT e.id FROM employees e WHERE e.branch_id IN (SELECT id FROM branches_below)
            OR e.department_id IN (SELECT id FROM departments_below)",
    )?
    .execute([branch])?;
    Ok(())
}
