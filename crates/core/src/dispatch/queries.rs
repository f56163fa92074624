use std::collections::HashMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::run::Listed;
use super::scope::{Org, Person, Target, TargetKind, Unit};
use super::{OutOfScope, Rule, RuleOf, RunAt};
use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::machines::MachineId;
use crate::roster::DisabledBy;

fn head(row: &Row<'_>, from: usize) -> rusqlite::Result<Rule> {
    Ok(Rule {
        enabled: row.get(from)?,
        include: Vec::new(),
        exclude: Vec::new(),
        out_of_scope: OutOfScope::from_name(&row.get::<_, String>(from + 1)?),
        run_at: RunAt::parse(&row.get::<_, String>(from + 2)?).unwrap_or_default(),
        sync: row.get(from + 3)?,
    })
}

fn target(row: &Row<'_>, from: usize) -> rusqlite::Result<(bool, Option<Target>)> {
    let kind = TargetKind::from_name(&row.get::<_, String>(from + 1)?);
    let id: String = row.get(from + 2)?;
    Ok((row.get(from)?, kind.map(|kind| Target { kind, id })))
}

fn put(rule: &mut Rule, (excluded, target): (bool, Option<Target>)) {
    let targets = if excluded { &mut rule.exclude } else { &mut rule.include };
    targets.extend(target);
}

pub(super) fn get(conn: &Connection, machine: MachineId) -> Result<Option<Rule>, Error> {
    let rule = conn
        .prepare_cached(
            "SELECT enabled, out_of_scope, run_at, sync FROM dispatch_rules WHERE machine_id = ?1",
        )?
        .query_row([machine.0], |row| head(row, 0))
        .optional()?;
    let Some(mut rule) = rule else { return Ok(None) };
    let mut statement = conn.prepare_cached(
        "SELECT excluded, kind, target_id FROM dispatch_targets WHERE machine_id = ?1 ORDER BY position",
    )?;
    for row in statement.query_map([machine.0], |row| target(row, 0))? {
        put(&mut rule, row?);
    }
    Ok(Some(rule))
}

/// All rules that are on, with their machines.
pub(super) fn enabled(conn: &Connection) -> Result<Vec<RuleOf>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT d.machine_id, m.time_zone, d.enabled, d.out_of_scope, d.run_at, d.sync
         FROM dispatch_rules d CROSS JOIN machines m ON m.id = d.machine_id
         WHERE d.enabled AND m.deleted_at IS NULL ORDER BY d.machine_id",
    )?;
    let mut rules: Vec<RuleOf> = statement
        .query_map([], |row| {
            Ok(RuleOf { machine: MachineId(row.get(0)?), time_zone: zone(row, 1)?, rule: head(row, 2)? })
        })?
        .collect::<Result<_, _>>()?;
    let places: HashMap<MachineId, usize> =
        rules.iter().enumerate().map(|(place, rule)| (rule.machine, place)).collect();
    let mut statement = conn.prepare_cached(
        "SELECT t.machine_id, t.excluded, t.kind, t.target_id FROM dispatch_targets t ORDER BY t.machine_id, t.position",
    )?;
    let targets = statement.query_map([], |row| Ok((MachineId(row.get(0)?), target(row, 1)?)))?;
    for row in targets {
        let (machine, target) = row?;
        if let Some(rule) = places.get(&machine).and_then(|place| rules.get_mut(*place)) {
            put(&mut rule.rule, target);
        }
    }
    Ok(rules)
}

fn zone(row: &Row<'_>, index: usize) -> rusqlite::Result<Tz> {
    Ok(row.get::<_, String>(index)?.parse().unwrap_or(Tz::UTC))
}

pub(super) fn set(tx: &Tx<'_>, machine: MachineId, rule: &Rule, last_run_on: NaiveDate) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO dispatch_rules (machine_id, enabled, out_of_scope, run_at, sync, last_run_on)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (machine_id) DO UPDATE SET enabled = ?2, out_of_scope = ?3, run_at = ?4, sync = ?5, last_run_on = ?6",
    )?
    .execute(params![
        machine.0,
        rule.enabled,
        rule.out_of_scope.name(),
        rule.run_at.to_string(),
        rule.sync,
        last_run_on.to_string()
    ])?;
    tx.prepare_cached("DELETE FROM dispatch_targets WHERE machine_id = ?1")?.execute([machine.0])?;
    let mut statement = tx.prepare_cached(
        "INSERT OR IGNORE INTO dispatch_targets (machine_id, excluded, kind, target_id, position)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for (excluded, targets) in [(false, &rule.include), (true, &rule.exclude)] {
        for (position, target) in targets.iter().enumerate() {
            statement.execute(params![machine.0, excluded, target.kind.name(), target.id, position])?;
        }
    }
    Ok(())
}

pub(super) fn forget(tx: &Tx<'_>, machine: MachineId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM dispatch_rules WHERE machine_id = ?1")?.execute([machine.0])?;
    Ok(())
}

/// What people call a target; none when there is nothing with that id.
pub(super) fn target_name(conn: &Connection, target: &Target) -> Result<Option<String>, Error> {
    let sql = match target.kind {
        TargetKind::Employee => "SELECT name FROM employees WHERE id = ?1",
        TargetKind::Department => "SELECT name FROM departments WHERE id = ?1",
        TargetKind::Branch => "SELECT name FROM branches WHERE id = ?1",
    };
    Ok(conn.prepare_cached(sql)?.query_row([&target.id], |row| row.get(0)).optional()?)
}

/// The machines whose rules name a target, by name, whether or not the rules are on.
pub(super) fn machines_naming(conn: &Connection, target: &Target) -> Result<Vec<String>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT m.name FROM dispatch_targets t JOIN machines m ON m.id = t.machine_id
         WHERE t.kind = ?1 AND t.target_id = ?2 AND m.deleted_at IS NULL ORDER BY m.name",
    )?;
    let rows = statement.query_map([target.kind.name(), &target.id], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The branches and the departments.
pub(super) fn units(conn: &Connection) -> Result<(Vec<Unit>, Vec<Unit>), Error> {
    let units = |sql: &str| -> Result<Vec<Unit>, Error> {
        let mut statement = conn.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(Unit { id: row.get(0)?, name: row.get(1)?, parent: row.get(2)?, branch: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    Ok((
        units("SELECT id, name, parent_id, NULL FROM branches")?,
        units("SELECT id, name, parent_id, branch_id FROM departments")?,
    ))
}

pub(super) fn org(conn: &Connection) -> Result<Org, Error> {
    let (branches, departments) = units(conn)?;
    Ok(Org::new(branches, departments))
}

fn people_of(conn: &Connection, org: &Org, rest: &str, params: impl Params) -> Result<Vec<Person>, Error> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT e.id, e.name, e.department_id, e.branch_id, e.left_on FROM employees e {rest}"
    ))?;
    let rows = statement.query_map(params, |row| {
        let text = |index| row.get_ref(index)?.as_str_or_null().map_err(rusqlite::Error::from);
        let left_on = text(4)?.and_then(|day| day.parse().ok());
        Ok(org.person(EmployeeId::stored(row.get(0)?), row.get(1)?, text(2)?, text(3)?, left_on))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Everybody, by name.
pub(super) fn people(conn: &Connection, org: &Org) -> Result<Vec<Person>, Error> {
    people_of(conn, org, "ORDER BY e.name, e.id", [])
}

fn listed_ids<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    serde_json::to_string(&ids.into_iter().collect::<Vec<_>>()).unwrap_or_else(|_| "[]".to_owned())
}

/// These people, by name.
pub(super) fn people_by_id<'a>(
    conn: &Connection,
    org: &Org,
    ids: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<Person>, Error> {
    let rest = "WHERE e.id IN (SELECT value FROM json_each(?1)) ORDER BY e.name, e.id";
    people_of(conn, org, rest, [listed_ids(ids)])
}

/// An entry as it is now.
#[derive(Debug, Clone)]
pub(super) struct Now {
    pub listed: Listed,
    pub pin: Option<String>,
    /// Whether it is the rule's, has a number, and waits for somebody to send it.
    pub unsent: bool,
}

/// What [`entry`] reads, behind what is left to whoever asks.
macro_rules! now {
    () => {
        "r.enabled, r.disabled_by, r.pin, r.source = 'rule' AND r.state = 'waiting' AND r.due = 0"
    };
}

pub(super) const ENTRIES_OF: &str = concat!(
    "SELECT r.machine_id, ",
    now!(),
    " FROM roster r WHERE r.employee_id = ?1 AND r.state <> 'removing'"
);

fn entry(row: &Row<'_>) -> rusqlite::Result<Now> {
    let enabled: bool = row.get(1)?;
    let by = match row.get_ref(2)?.as_str_or_null()? {
        Some("rule") => DisabledBy::Rule,
        _ => DisabledBy::Hand,
    };
    let pin: Option<String> = row.get(3)?;
    let listed = Listed { disabled_by: (!enabled).then_some(by) };
    Ok(Now { listed, unsent: row.get::<_, bool>(4)? && pin.is_some(), pin })
}

/// The entries of a machine; those that are being removed are none any more.
pub(super) fn entries(conn: &Connection, machine: MachineId) -> Result<HashMap<EmployeeId, Now>, Error> {
    let mut statement = conn.prepare_cached(concat!(
        "SELECT r.employee_id, ",
        now!(),
        " FROM roster r WHERE r.machine_id = ?1 AND r.state <> 'removing'"
    ))?;
    let rows = statement.query_map([machine.0], |row| Ok((EmployeeId::stored(row.get(0)?), entry(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The entry of somebody on a machine; none when it is being removed.
pub(super) fn entry_of(
    conn: &Connection,
    machine: MachineId,
    employee: &EmployeeId,
) -> Result<Option<Now>, Error> {
    let mut statement = conn.prepare_cached(concat!(
        "SELECT r.employee_id, ",
        now!(),
        " FROM roster r WHERE r.machine_id = ?1 AND r.employee_id = ?2 AND r.state <> 'removing'"
    ))?;
    Ok(statement.query_row(params![machine.0, employee.as_str()], entry).optional()?)
}

/// The entries of somebody on all machines.
pub(super) fn entries_of(conn: &Connection, employee: &EmployeeId) -> Result<HashMap<MachineId, Now>, Error> {
    let mut statement = conn.prepare_cached(ENTRIES_OF)?;
    let rows = statement.query_map([employee.as_str()], |row| Ok((MachineId(row.get(0)?), entry(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that somebody has a number now on a machine whose rule sends by itself.
pub(super) fn number_given(tx: &Tx<'_>, machine: MachineId, employee: &EmployeeId) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO dispatch_dirty (employee_id)
         SELECT ?2 FROM dispatch_rules WHERE machine_id = ?1 AND enabled AND sync",
    )?
    .execute(params![machine.0, employee.as_str()])?;
    Ok(())
}

/// The number the newest move has, or had.
pub(super) fn moves(conn: &Connection) -> Result<i64, Error> {
    let mut statement =
        conn.prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'dispatch_dirty'")?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?.unwrap_or_default())
}

/// The people who moved first, and the number of the last of them.
pub(super) fn moved(conn: &Connection, most: usize) -> Result<(Vec<String>, i64), Error> {
    let mut statement =
        conn.prepare_cached("SELECT id, employee_id FROM dispatch_dirty ORDER BY id LIMIT ?1")?;
    let rows: Vec<(i64, String)> =
        statement.query_map([most], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let last = rows.last().map_or(0, |(id, _)| *id);
    Ok((rows.into_iter().map(|(_, employee)| employee).collect(), last))
}

pub(super) fn moved_done(tx: &Tx<'_>, upto: i64) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM dispatch_dirty WHERE id <= ?1")?.execute([upto])?;
    Ok(())
}

/// A rule that is on and takes something away at night.
pub(super) struct Night {
    pub machine: MachineId,
    pub time_zone: Tz,
    pub run_at: RunAt,
    pub last_run_on: Option<NaiveDate>,
}

pub(super) fn nights(conn: &Connection) -> Result<Vec<Night>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT d.machine_id, m.time_zone, d.run_at, d.last_run_on
         FROM dispatch_rules d CROSS JOIN machines m ON m.id = d.machine_id
         WHERE d.enabled AND d.out_of_scope <> 'keep' AND m.deleted_at IS NULL",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Night {
            machine: MachineId(row.get(0)?),
            time_zone: zone(row, 1)?,
            run_at: RunAt::parse(&row.get::<_, String>(2)?).unwrap_or_default(),
            last_run_on: row.get::<_, String>(3)?.parse().ok(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Says that the run of a date is begun; false when it was.
pub(super) fn night_begun(tx: &Tx<'_>, machine: MachineId, day: NaiveDate) -> Result<bool, Error> {
    let begun = tx
        .prepare_cached(
            "UPDATE dispatch_rules SET last_run_on = ?2
             WHERE machine_id = ?1 AND enabled AND out_of_scope <> 'keep' AND last_run_on < ?2",
        )?
        .execute(params![machine.0, day.to_string()])?;
    Ok(begun == 1)
}

/// The newest run of a machine that was begun, and when.
pub(super) fn last_run(conn: &Connection, machine: MachineId) -> Result<Option<(i64, i64)>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, started_at FROM jobs WHERE machine_id = ?1 AND kind = 'dispatchRun' AND started_at IS NOT NULL
         ORDER BY id DESC LIMIT 1",
    )?;
    Ok(statement.query_row([machine.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}
