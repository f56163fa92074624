//! What must not have happened, looked for in the site's database and in the machines' journals.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use rollcall_machine::{Dialect, Execution, Fleet, Memory, Punch};
use rusqlite::{Connection, OpenFlags};
use tokio::time::Instant;

use crate::{Server, database};

/// How many commands of a kind ended how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommandCount {
    /// Kind of the order.
    pub kind: String,
    /// Its final state.
    pub state: String,
    /// How many.
    pub count: u64,
}

/// A day that went well, in numbers.
#[derive(Clone, Debug)]
pub struct Report {
    /// Punches and events made.
    pub made: u64,
    /// Deleted on the machine before they were accepted.
    pub gone: u64,
    /// Held by the site.
    pub held: u64,
    /// Orders given.
    pub orders: u64,
    /// Commands by kind and state.
    pub commands: Vec<CommandCount>,
    /// Commands carried out by machines, repetitions included.
    pub executed: u64,
    /// Restarts of machines, ordered or not.
    pub restarts: u64,
    /// Requests without a usable answer.
    pub failed: u64,
    /// Resident memory of the server in MiB at moments of the day, of its last process only.
    pub memory: Vec<(Duration, f64)>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { made, gone, held, orders, executed, restarts, failed, .. } = self;
        writeln!(
            f,
            "punches and events: {made} made, {gone} deleted before they were accepted, {held} held"
        )?;
        writeln!(f, "machines: {restarts} restarts, {failed} requests without an answer")?;
        writeln!(f, "orders: {orders} given, {executed} executions")?;
        let mut states = BTreeMap::<&str, u64>::new();
        for CommandCount { kind, state, count } in &self.commands {
            *states.entry(state).or_default() += count;
            writeln!(f, "  {kind:<16} {state:<10} {count:>7}")?;
        }
        for (state, count) in states {
            writeln!(f, "  all              {state:<10} {count:>7}")?;
        }
        for (at, mebibytes) in self.moments() {
            writeln!(f, "memory after {:>4.0} s: {mebibytes:.1} MiB", at.as_secs_f64())?;
        }
        Ok(())
    }
}

impl Report {
    /// Memory at every full minute, and at the end.
    #[must_use]
    pub fn moments(&self) -> Vec<(Duration, f64)> {
        let mut moments = Vec::new();
        for (at, mebibytes) in &self.memory {
            let minute = at.as_secs() / 60;
            if moments.last().is_none_or(|(last, _): &(Duration, f64)| last.as_secs() / 60 < minute) {
                moments.push((*at, *mebibytes));
            }
        }
        if moments.last() != self.memory.last() {
            moments.extend(self.memory.last().copied());
        }
        moments
    }
}

fn open(data: &Path) -> anyhow::Result<Connection> {
    Connection::open_with_flags(database(data)?, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .context("the site's database")
}

/// Waits until every command has ended, each within the time that leases allow.
pub(super) async fn settled(data: &Path, patience: Duration) -> anyhow::Result<()> {
    let (conn, end) = (open(data)?, Instant::now() + patience);
    let mut tick = tokio::time::interval(Duration::from_millis(500));
    loop {
        tick.tick().await;
        let open: Vec<String> = conn
            .prepare_cached(
                "SELECT m.sn || ' ' || coalesce(m.dialect, '') || ' ' || c.id || ' ' || c.kind || ' ' || c.state || ' tries ' || c.tries
                 FROM commands c JOIN machines m ON m.id = c.machine_id WHERE c.state IN ('queued', 'sent') ORDER BY c.id",
            )?
            .query_map([], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        if open.is_empty() {
            return Ok(());
        }
        let shown = || open.iter().take(20).map(String::as_str).collect::<Vec<_>>().join("\n");
        ensure!(Instant::now() < end, "{} commands are stuck:\n{}", open.len(), shown());
    }
}

/// Looks at everything; fails with all that is wrong.
pub(super) async fn judge(
    server: &Server,
    data: &Path,
    fleet: &Fleet,
    orders: u64,
    memory: Vec<(Duration, f64)>,
) -> anyhow::Result<Report> {
    let conn = open(data)?;
    let mut wrong = Vec::new();
    let mut report = Report {
        made: 0,
        gone: 0,
        held: 0,
        orders,
        commands: commands(&conn)?,
        executed: 0,
        restarts: 0,
        failed: fleet.counters().failed,
        memory,
    };
    for machine in fleet.machines() {
        let (sn, memory, journal) = (machine.sn(), machine.memory(), machine.journal());
        let held = held(&conn, sn, machine.dialect())?;
        report.made += made(&memory, machine.dialect()).len() as u64;
        report.gone += memory.gone().len() as u64;
        report.held += held.values().sum::<u64>();
        report.restarts += machine.state().borrow().restarts;
        report.executed +=
            journal.executions().values().map(|execution| u64::from(execution.times)).sum::<u64>();
        wrong.extend(punches(sn, &memory, &held, machine.dialect()));
        wrong.extend(journal.wrong().iter().map(|what| format!("{sn}: {what}")));
        wrong.extend(results(&conn, sn, journal.executions())?);
    }
    let open: u64 = report
        .commands
        .iter()
        .filter(|count| matches!(count.state.as_str(), "queued" | "sent"))
        .map(|count| count.count)
        .sum();
    if open > 0 {
        wrong.push(format!("{open} commands have no end"));
    }
    let rejected = server.api.total("/api/punches/rejected").await?;
    if rejected > 0 {
        wrong.push(format!("{rejected} lines were thought unreadable"));
    }
    let told = server.api.total("/api/punches").await?;
    if told > report.held {
        wrong.push(format!("the API tells of {told} punches, {} are held", report.held));
    }
    if wrong.is_empty() {
        return Ok(report);
    }
    let shown: Vec<_> = wrong.iter().take(20).map(String::as_str).collect();
    bail!("{} things went wrong:\n{}\n\n{report}", wrong.len(), shown.join("\n"))
}

/// Number, second and event. Only access terminals tell an event.
type Key = (String, i64, i64);

fn key(punch: &Punch, dialect: Dialect) -> Key {
    let event = if dialect == Dialect::Access { i64::from(punch.event) } else { -1 };
    (punch.pin.trim_start_matches('0').to_owned(), punch.time.seconds(), event)
}

/// What a machine ever made of somebody; what happened to nobody is no record of the site (P9).
fn made(memory: &Memory, dialect: Dialect) -> HashSet<Key> {
    let all = memory.punches().iter().chain(memory.acknowledged()).chain(memory.gone());
    all.map(|punch| key(punch, dialect)).filter(|(pin, _, _)| !pin.is_empty()).collect()
}

fn held(conn: &Connection, sn: &str, dialect: Dialect) -> anyhow::Result<HashMap<Key, u64>> {
    let mut statement = conn.prepare_cached(
        "SELECT p.pin, p.wall, p.event FROM punches p JOIN machines m ON m.id = p.machine_id WHERE m.sn = ?1",
    )?;
    let rows = statement.query_map([sn], |row| {
        let (pin, event): (String, i64) = (row.get(0)?, row.get(2)?);
        let event = if dialect == Dialect::Access { event } else { -1 };
        Ok((pin.trim_start_matches('0').to_owned(), row.get(1)?, event))
    })?;
    let mut held = HashMap::new();
    for key in rows {
        *held.entry(key?).or_default() += 1;
    }
    Ok(held)
}

fn punches(sn: &str, memory: &Memory, held: &HashMap<Key, u64>, dialect: Dialect) -> Vec<String> {
    let mut wrong = Vec::new();
    let made = made(memory, dialect);
    let gone: HashSet<_> = memory.gone().iter().map(|punch| key(punch, dialect)).collect();
    let acknowledged: HashSet<_> = memory.acknowledged().iter().map(|punch| key(punch, dialect)).collect();
    for key in &made {
        // What was deleted in time may have arrived all the same; what was acknowledged must have.
        if !held.contains_key(key) && (acknowledged.contains(key) || !gone.contains(key)) {
            wrong.push(format!("{sn}: lost: {key:?}"));
        }
    }
    for (key, count) in held {
        if *count > 1 {
            wrong.push(format!("{sn}: held {count} times: {key:?}"));
        }
        if !made.contains(key) {
            wrong.push(format!("{sn}: never made: {key:?}"));
        }
    }
    wrong
}

fn commands(conn: &Connection) -> anyhow::Result<Vec<CommandCount>> {
    let mut statement =
        conn.prepare("SELECT kind, state, count(*) FROM commands GROUP BY 1, 2 ORDER BY 1, 2")?;
    let rows = statement.query_map([], |row| {
        Ok(CommandCount { kind: row.get(0)?, state: row.get(1)?, count: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What the machine was told is settled must be so in the database, too, and what was done once was done once.
fn results(
    conn: &Connection,
    sn: &str,
    executions: &BTreeMap<String, Execution>,
) -> anyhow::Result<Vec<String>> {
    let mut wrong = Vec::new();
    let mut statement = conn.prepare_cached(
        "SELECT c.state, c.tries, c.once_only FROM commands c JOIN machines m ON m.id = c.machine_id
         WHERE m.sn = ?1 AND c.id = ?2",
    )?;
    for (id, execution) in executions {
        let row = statement.query_row((sn, id), |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, u32>(1)?, row.get::<_, bool>(2)?))
        });
        let Ok((state, tries, once_only)) = row else {
            wrong.push(format!("{sn}: command {id} ({}) is not ours", execution.what));
            continue;
        };
        if execution.confirmed && !matches!(state.as_str(), "done" | "failed") {
            wrong.push(format!("{sn}: command {id} ({}) was reported and is {state}", execution.what));
        }
        if execution.times > tries {
            wrong.push(format!(
                "{sn}: command {id} executed {} times and sent {tries} times",
                execution.times
            ));
        }
        if once_only && tries > 1 {
            wrong.push(format!("{sn}: once-only command {id} ({}) was sent {tries} times", execution.what));
        }
    }
    Ok(wrong)
}
