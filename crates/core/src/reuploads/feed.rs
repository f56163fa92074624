//! What a poll takes along: the next question, one stretch after the other.

use rollcall_protocol::WallTime;
use rollcall_protocol::order::{Means, Order};
use serde_json::json;

use super::queries::{Counting, Counts, Open, Part};
use super::start::Params;
use super::{PartState, What, end, queries, rule};
use crate::clock::{self, Timestamp};
use crate::commands::{self, CommandId};
use crate::db::{self, Tx};
use crate::jobs::{self, Job, JobId, JobState, Level, job_log, job_set_state};
use crate::machines::{Machine, MachineId};
use rule::Way;

/// Stretches that are counted with one answer, once a machine is known to count.
const COUNTED_AT_ONCE: usize = 20;
/// Polls after which a machine that was asked to count is not expected to any more.
pub(super) const COUNT_QUIET: u32 = 6;

/// A poll: notes that the machine has called again, and queues what it is to be asked next. The job that is under way.
pub(crate) fn feed(tx: &Tx<'_>, machine: &Machine, means: &Means<'_>) -> Result<Option<JobId>, db::Error> {
    let Some(mut open) = queries::open(tx, machine.id)? else { return Ok(None) };
    let Some(job) = jobs::job_get(tx, open.job)? else { return Ok(None) };
    if open.calm > 0 {
        open.calm -= 1;
        queries::save(tx, &open)?;
        if open.calm > 0 {
            return Ok(None);
        }
    }
    if job.state == JobState::Waiting {
        job_set_state(tx, job.id, JobState::Running)?;
    }
    let mut parts = match open.way {
        Some(_) => queries::parts(tx, open.job)?,
        None => plan(tx, machine, &mut open, &job, means)?,
    };
    let mut feeding = Feeding { tx, machine, open, job };
    feeding.polled(&mut parts)?;
    if !end::judge(tx, machine, means, &feeding.open, &mut parts)? {
        feeding.ask(&mut parts)?;
        end::show(tx, &feeding.open, &parts)?;
    }
    Ok(Some(feeding.open.job))
}

/// Decides how this machine is asked, now that it is known what it is.
fn plan(
    tx: &Tx<'_>,
    machine: &Machine,
    open: &mut Open,
    job: &Job,
    means: &Means<'_>,
) -> Result<Vec<Part>, db::Error> {
    let asked = wall(machine, tx.now());
    let ways = rule::ways(means.dialect, means.generation);
    let (known, counts) = queries::known_ways(tx, open.machine)?;
    let way = known.filter(|way| ways.contains(way)).or_else(|| ways.first().copied()).unwrap_or(Way::Query);
    let may_count = rule::may_count(means.dialect, means.generation);
    open.way = Some(way);
    // Whoever asks to compare wants it tried once more.
    open.counts = match (may_count, open.what, counts) {
        (false, ..) | (true, What::Reupload, Some(false)) => Counts::No,
        (true, _, Some(true)) => Counts::Yes,
        _ => Counts::Unknown,
    };
    queries::save(tx, open)?;
    queries::forget_parts(tx, open.job)?;
    let days = Params::of(job).days;
    // To compare, each day is looked at by itself, however it would be asked for.
    let way_of_parts = if open.what == What::GapCheck { Way::Query } else { way };
    for (part, stretch) in (0..).zip(rule::stretches(&days, means.dialect, way_of_parts)) {
        queries::add_part(tx, open.job, part, stretch, asked)?;
    }
    let parts = queries::parts(tx, open.job)?;
    if open.what == What::Reupload {
        job_log(
            tx,
            open.job,
            Level::Info,
            "reupload.begun",
            json!({ "way": way.name(), "parts": parts.len() }),
        )?;
    }
    Ok(parts)
}

/// A clock that is further off than this was lost, and will be set.
const LOST: i64 = 86_400;

/// What the machine's clock shows, as far as is known.
fn wall(machine: &Machine, now: Timestamp) -> i64 {
    let skew = machine.clock_skew.map_or(0, |(seconds, _)| seconds);
    let skew = if skew.abs() < LOST { skew } else { 0 };
    clock::wall_at(machine.time_zone, now).seconds().saturating_add(skew)
}

struct Feeding<'a, 'tx> {
    tx: &'a Tx<'tx>,
    machine: &'a Machine,
    open: Open,
    job: Job,
}

impl Feeding<'_, '_> {
    /// The machine has polled again: who has answered is quiet for so much longer, and a count that does not come is not
    /// waited for without end.
    fn polled(&mut self, parts: &mut [Part]) -> Result<(), db::Error> {
        let mut silent = false;
        for part in parts.iter_mut() {
            let counting = part.counting == Counting::Asked;
            if part.state != PartState::Answered && !counting {
                continue;
            }
            part.quiet += 1;
            if counting && part.quiet >= COUNT_QUIET {
                part.counting = Counting::Over;
                part.quiet = 0;
                silent = true;
                self.give_up(part.count_id)?;
            }
            queries::save_part(self.tx, self.open.job, part)?;
        }
        if silent && self.open.counts == Counts::Unknown {
            end::cannot_count(self.tx, &mut self.open, "command.no_answer", None)?;
        }
        if self.open.last.is_some() && self.open.last_polls < COUNT_QUIET {
            self.open.last_polls += 1;
            if self.open.last_polls == COUNT_QUIET {
                self.give_up(self.open.last)?;
            }
            queries::save(self.tx, &self.open)?;
        }
        Ok(())
    }

    fn give_up(&self, command: Option<CommandId>) -> Result<(), db::Error> {
        command.map_or(Ok(()), |id| commands::command_give_up(self.tx, self.machine.id, id))
    }

    fn queue(&self, order: &Order) -> Result<Option<CommandId>, db::Error> {
        commands::chain(self.tx, self.machine.id, &self.job.who, order, std::slice::from_ref(order))
    }

    fn ask(&mut self, parts: &mut [Part]) -> Result<(), db::Error> {
        if parts.iter().any(|part| part.counting == Counting::Asked || part.state.is_out()) {
            return Ok(());
        }
        if self.open.counts != Counts::No && self.count(parts)? {
            return Ok(());
        }
        if self.open.what == What::Reupload && self.next(parts)? {
            return Ok(());
        }
        self.last(parts)
    }

    /// Asks how many it holds of the next stretches; whether there were any.
    fn count(&mut self, parts: &mut [Part]) -> Result<bool, db::Error> {
        let most = if self.open.counts == Counts::Yes { COUNTED_AT_ONCE } else { 1 };
        let uncounted =
            |part: &&mut Part| part.counting == Counting::NotAsked && part.state == PartState::Waiting;
        let mut any = false;
        for part in parts.iter_mut().filter(uncounted).take(most) {
            let (from, to) = (WallTime::from_seconds(part.from), WallTime::from_seconds(part.until()));
            part.count_id = self.queue(&Order::CountPunches { from, to, second: self.open.second })?;
            part.counting = Counting::Asked;
            part.quiet = 0;
            queries::save_part(self.tx, self.open.job, part)?;
            any = true;
        }
        Ok(any)
    }

    /// Asks for the next stretch; whether there was one.
    fn next(&mut self, parts: &mut [Part]) -> Result<bool, db::Error> {
        let way = self.open.way.unwrap_or(Way::Query);
        let mut shared = None;
        for part in parts.iter_mut().filter(|part| part.state == PartState::Waiting) {
            part.tries += 1;
            if part.before.is_some_and(|theirs| part.received >= theirs) {
                // It holds nothing of that day, or has sent it with another: there is nothing to ask for.
                part.state = PartState::Done;
                end::tell(self.tx, self.machine, &self.open, part)?;
                queries::save_part(self.tx, self.open.job, part)?;
                continue;
            }
            let (from, to) = (WallTime::from_seconds(part.from), WallTime::from_seconds(part.until()));
            if shared.is_none() {
                shared = self.queue(&way.order(from, to))?;
            }
            part.command = shared;
            part.state = PartState::Asked;
            (part.had, part.quiet) = (part.received, 0);
            queries::save_part(self.tx, self.open.job, part)?;
            let detail = json!({ "from": from.to_string(), "to": to.to_string(), "theirs": part.before });
            job_log(self.tx, self.open.job, Level::Info, "reupload.part_asked", detail)?;
            // One handshake brings everything.
            if way != Way::Check {
                break;
            }
        }
        Ok(shared.is_some())
    }

    /// When all is through: how many it holds now; of a machine that cannot say that of a day, how many it holds at all.
    fn last(&mut self, parts: &[Part]) -> Result<(), db::Error> {
        if self.open.last.is_some() {
            return Ok(());
        }
        let ends = parts.first().zip(parts.last());
        let order = match (self.open.what, self.open.counts, ends) {
            (What::Reupload, Counts::Yes, Some((first, last))) => Order::CountPunches {
                from: WallTime::from_seconds(first.from),
                to: WallTime::from_seconds(last.until()),
                second: self.open.second,
            },
            (What::GapCheck, Counts::No, _) => Order::CountAllPunches,
            _ => return Ok(()),
        };
        self.open.last = self.queue(&order)?;
        self.open.last_polls = 0;
        queries::save(self.tx, &self.open)
    }
}

/// The machine's handshake was answered with stamp 0, and it has polled since: it has the answer. To be said before the poll is
/// served.
pub fn reuploads_told(tx: &Tx<'_>, machine: MachineId) -> Result<(), db::Error> {
    let Some(mut open) = queries::open(tx, machine)? else { return Ok(()) };
    if resends(tx, &open)? {
        open.told = true;
        queries::save(tx, &open)?;
    }
    Ok(())
}

/// Whether a machine's next handshake is to be answered with stamp 0: it was told to shake hands for that, and has not.
pub(crate) fn is_resending(conn: &rusqlite::Connection, machine: MachineId) -> Result<bool, db::Error> {
    queries::open(conn, machine)?.map_or(Ok(false), |open| resends(conn, &open))
}

fn resends(conn: &rusqlite::Connection, open: &Open) -> Result<bool, db::Error> {
    if open.way != Some(Way::Check) || open.told || open.what != What::Reupload {
        return Ok(false);
    }
    Ok(queries::parts(conn, open.job)?.iter().any(|part| part.state.is_out()))
}

/// The machines whose next handshake is to be answered with stamp 0.
pub fn reuploads_resending(conn: &rusqlite::Connection) -> Result<Vec<MachineId>, db::Error> {
    let mut machines = Vec::new();
    for machine in queries::open_machines(conn)? {
        if is_resending(conn, machine)? {
            machines.push(machine);
        }
    }
    Ok(machines)
}
