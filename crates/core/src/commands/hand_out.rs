//! What a poll takes with it: picked, put into the words of the dialect, and marked as sent before the answer leaves.

use chrono::TimeDelta;
use rollcall_protocol::order::{Means, Order, Refusal};
use rollcall_protocol::{Dialect, access, attendance, fk};

use super::leases::overdue_ended;
use super::results::{end, restarted};
use super::{Budget, Command, CommandState, Leases, queries, queue};
use crate::db::{self, Tx};
use crate::jobs::JobId;
use crate::machines::{self, MachineId};
use crate::{reuploads, roster};

/// What a poll takes with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HandedOut {
    /// The commands, now `sent`.
    pub commands: Vec<Command>,
    /// In the words of the iclock dialects, framed.
    pub lines: Vec<u8>,
    /// In the words of the FK dialect.
    pub fk: Option<fk::orders::Command>,
    /// Entries of the machine's list came to rest without a command.
    pub list_changed: bool,
    /// The re-upload that is under way.
    pub reupload: Option<JobId>,
    /// Whether the machine's next handshake is to be answered with stamp 0 (attendance-push §19.3).
    pub everything: bool,
    /// Commands that ended here, since the machine turned out to be unable to do them.
    pub ended: Vec<Command>,
    /// Whether more wait, or a restart is out: whether the next poll is worth a look.
    pub more: bool,
}

/// Takes the orders a poll of this machine gets. They count as sent once this is committed, so the answer must leave after.
pub fn commands_hand_out(
    tx: &Tx<'_>,
    machine: MachineId,
    dialect: Dialect,
    leases: Leases,
) -> Result<HandedOut, db::Error> {
    let Some(known) = machines::machine_by_id(tx, machine)? else { return Ok(HandedOut::default()) };
    let mut given = HandedOut::default();
    if dialect == Dialect::Fk {
        // It never answers the command itself (fk-http §9): that it calls again is all that will ever be known.
        given.ended.extend(restarted(tx, machine, RESTART_TAKES, "command.calls_again")?);
    }
    let means = machines::means_of(&known, dialect, tx.now());
    overdue_ended(tx, machine, &mut given.ended)?;
    let budget = if dialect == Dialect::Fk { Budget::FK } else { Budget::ICLOCK };
    let open = queries::counts(tx, machine)?;
    // What is still out bounds what goes out: a machine whose answers are lost is not told everything at once.
    if open.sent < MOST_OUT && !queries::restart_waits(tx, machine)? {
        let room = budget.commands.saturating_sub(usize::try_from(open.waiting).unwrap_or(usize::MAX));
        given.list_changed = roster::feed(tx, &known, &means, room)?;
        given.reupload = reuploads::feed(tx, &known, &means)?;
    }
    // Once more when something cannot be put into words: what stood behind it may go instead.
    while take(tx, machine, &means, budget, leases, &mut given)? == Taken::NotAll {}
    given.everything = reuploads::is_resending(tx, machine)?;
    given.more = queries::worth_a_look(tx, machine)?
        || roster::is_due(tx, machine)?
        || reuploads::is_due(tx, machine)?;
    Ok(given)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    All,
    /// One has ended instead, since the machine turned out to be unable to do it.
    NotAll,
}

/// Picks, puts into words and marks as sent. Only what goes is unsealed: there may be hundreds of photos behind it.
fn take(
    tx: &Tx<'_>,
    machine: MachineId,
    means: &Means<'_>,
    budget: Budget,
    leases: Leases,
    given: &mut HandedOut,
) -> Result<Taken, db::Error> {
    let open = queries::open(tx, machine, LOOK_AHEAD)?;
    let mut rows = Vec::with_capacity(open.len());
    for command in &open {
        // Its result was lost, while that of a later one about the same person arrived: said again now, it would undo
        // that one (Q3).
        if command.tries > 0 && command.state == CommandState::Queued && queries::overtaken(tx, command)? {
            given.ended.extend(end(
                tx,
                command,
                CommandState::Failed,
                None,
                Some("command.overtaken"),
                None,
            )?);
            return Ok(Taken::NotAll);
        }
        // What is sealed is about as long as it is on the wire: mostly Base64.
        let size = match command.sealed {
            0 => render(&command.order, means).map_or(0, |words| words.len()),
            sealed => sealed,
        };
        rows.push(queue::Open {
            id: command.id.0,
            out: command.state == CommandState::Sent,
            waits_for_step: queries::waits(tx, command.after)?,
            person: command.order.person().map(|pin| pin.on_wire().to_owned()),
            alone: command.order.alone() || size > LARGE,
            size: size + FRAMING,
        });
    }
    let picked = queue::pick(&rows, budget);
    let mut words = Vec::with_capacity(picked.len());
    for command in open.iter().filter(|command| picked.contains(&command.id.0)) {
        let rendered = match queries::whole(tx, command) {
            Ok(order) => render(&order, means).map_err(|refusal| (refusal.code(), refusal.to_string())),
            // Without the key nobody can say any more what was to be sent.
            Err(db::Error::Vault(error)) => Err((error.code(), error.to_string())),
            Err(error) => return Err(error),
        };
        match rendered {
            Ok(rendered) => words.push((command, rendered)),
            Err((code, why)) => {
                given.ended.extend(end(tx, command, CommandState::Failed, None, Some(code), Some(&why))?);
                return Ok(Taken::NotAll);
            }
        }
    }
    for (command, words) in words {
        let lease = tx.now().checked_add_signed(leases.of(command.order.patience(Some(means.dialect))));
        queries::send(tx, command.id, lease)?;
        match words {
            Words::Line(body) => {
                // Numbers are far from nine digits, the most every machine can read.
                let id = u32::try_from(command.id.0).unwrap_or(u32::MAX);
                let line = attendance::command::Command { id, body };
                attendance::command::write_commands(&[line], means.encoding, &mut given.lines);
            }
            Words::Fk(command) => given.fk = Some(command),
        }
        given.commands.extend(queries::get(tx, machine, command.id)?);
    }
    Ok(Taken::All)
}

/// Bytes from which on a command travels in an answer of its own (Q5).
const LARGE: usize = 8 * 1024;
/// `C:`, a number, a colon and the line end.
const FRAMING: usize = 16;
/// Open commands that one poll looks at; there may be thousands behind them.
const LOOK_AHEAD: i64 = 200;
/// Commands of one machine that may be out before nothing more is made up for it.
const MOST_OUT: u64 = 400;
/// No machine restarts faster than this; a poll before it was under way already.
const RESTART_TAKES: TimeDelta = TimeDelta::seconds(3);

/// A command as it goes out.
enum Words {
    Line(attendance::command::Body),
    Fk(fk::orders::Command),
}

impl Words {
    fn len(&self) -> usize {
        match self {
            Self::Line(body) => body.as_str().len(),
            Self::Fk(command) => command.body.len(),
        }
    }
}

fn render(order: &Order, means: &Means<'_>) -> Result<Words, Refusal> {
    match means.dialect {
        Dialect::Attendance => attendance::orders::body(order, means).map(Words::Line),
        Dialect::Access => access::orders::body(order, means).map(Words::Line),
        Dialect::Fk => fk::orders::command(order, means).map(Words::Fk),
    }
}
