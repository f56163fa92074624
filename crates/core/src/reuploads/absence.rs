//! While the computer was off or asleep machines kept their punches, or lost them. What is missing is found without anybody
//! asking: a heartbeat shows when we were away, and each machine is then asked about those days.

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use super::What;
use super::start::{self, Params};
use crate::attendance;
use crate::audit::Actor;
use crate::clock::{Timestamp, date_in, from_millis};
use crate::db::{self, Tx};
use crate::jobs::{JobId, Level, job_log};
use crate::machines::{self, Machine, MachineId};
use rollcall_protocol::Sn;

/// So long without a heartbeat means that we were away.
pub const ABSENCE: TimeDelta = TimeDelta::minutes(10);
/// Days looked back at most; a machine that was not heard for longer needs somebody to look at it.
const LOOK_BACK: i64 = 62;
/// Machines asked in one write.
const AT_ONCE: usize = 200;

/// The time between two heartbeats that was too long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    from: Timestamp,
    to: Timestamp,
    /// The machines that are still to be asked.
    machines: Vec<MachineId>,
}

/// A heartbeat; the absence it ends, if there was one. Nothing is written down of it until [`absence_note`] has dealt with all of
/// its machines.
pub fn absence_look(tx: &Tx<'_>) -> Result<Option<Absence>, db::Error> {
    let now = tx.now();
    let before = last(tx)?;
    // A clock that was set back is no absence.
    let away = before.filter(|before| now - *before >= ABSENCE);
    let Some(from) = away else {
        beat(tx)?;
        return Ok(None);
    };
    let concerned = |machine: &Machine| machine.enabled && machine.last_seen_at.is_some();
    let machines =
        machines::machine_list(tx)?.iter().filter(|machine| concerned(machine)).map(|one| one.id).collect();
    Ok(Some(Absence { from, to: now, machines }))
}

/// Has some of the machines of an absence asked; the jobs that were made, and whose. When none is left, the heart beats again.
pub fn absence_note(tx: &Tx<'_>, absence: &mut Absence) -> Result<Vec<(Sn, JobId)>, db::Error> {
    let rest = absence.machines.len().saturating_sub(AT_ONCE);
    let mut made = Vec::new();
    for id in absence.machines.split_off(rest) {
        let Some(machine) = machines::machine_by_id(tx, id)?.filter(|machine| machine.enabled) else {
            continue;
        };
        let days = days_of(&machine, absence);
        let params = Params { days, by_itself: true, people: None };
        let job = start::begin(tx, &Actor::system(), &machine, What::GapCheck, &params, None)?;
        let away = json!({ "from": absence.from.to_rfc3339(), "to": absence.to.to_rfc3339() });
        job_log(tx, job, Level::Info, "gapCheck.away", away)?;
        made.push((machine.sn, job));
    }
    if absence.machines.is_empty() {
        beat(tx)?;
    }
    Ok(made)
}

impl Absence {
    /// Whether every machine was asked.
    pub fn is_over(&self) -> bool {
        self.machines.is_empty()
    }
}

/// The days of an absence, where a machine hangs.
fn days_of(machine: &Machine, absence: &Absence) -> Vec<NaiveDate> {
    let date = |at| date_in(machine.time_zone, at);
    let last = date(absence.to);
    let earliest = last - TimeDelta::days(LOOK_BACK - 1);
    let first = date(absence.from).clamp(earliest, last);
    first.iter_days().take_while(|day| *day <= last).collect()
}

const KEY: &str = "alive";

fn last(tx: &Tx<'_>) -> Result<Option<Timestamp>, db::Error> {
    Ok(attendance::state(tx, KEY)?.map(from_millis))
}

fn beat(tx: &Tx<'_>) -> Result<(), db::Error> {
    attendance::set_state(tx, KEY, tx.now().timestamp_millis())
}
