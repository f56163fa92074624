//! What machines are told, and what became of it: the queue of quirks group Q.
//!
//! A machine cannot be called; it asks. An order waits here until the machine's next poll takes it (`queued` → `sent`), and
//! until the machine says what came of it (`done`, `failed`). That an order went out is on disk before the answer leaves,
//! so a crash can neither repeat what must not be repeated nor forget that it was sent. An order that can be repeated is
//! handed out again when no result comes in time; one that cannot (restart, door, clearing) is handed out once, and not
//! long after it was wanted.

mod queries;
mod queue;
#[cfg(test)]
mod tests;

use std::time::Duration;

use chrono::TimeDelta;
use rollcall_protocol::order::{self, Means, Order, Patience, Refusal};
use rollcall_protocol::{Dialect, Sn, access, attendance, fk};
use serde::Serialize;

pub use queue::{Budget, MOST_TRIES};

use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::db::{self, Tx, database_failure};
use crate::enrolments;
use crate::jobs::JobId;
use crate::machines::{self, MachineError, MachineId};
use crate::page::{CursorError, Page, Paged};
use crate::{reuploads, roster};
use queue::Overdue;

/// The number of a command, on the wire too; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct CommandId(pub i64);

/// How far a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandState {
    /// Waits for the machine to ask.
    Queued,
    /// The machine has it; no word yet.
    Sent,
    /// The machine says it did it.
    Done,
    /// The machine refused, or never answered.
    Failed,
    /// Never handed out, and too old to be.
    Expired,
    /// Taken back.
    Cancelled,
}

impl CommandState {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Sent, Self::Done, Self::Failed, Self::Expired, Self::Cancelled];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.name() == name).unwrap_or(Self::Failed)
    }

    /// Whether nothing more happens to it by itself.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Sent)
    }
}

/// A command and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Its number.
    pub id: CommandId,
    /// The machine it is for.
    pub machine: MachineId,
    /// The kind of order it was given as; a step of it may be another one.
    pub kind: String,
    /// What the machine is told.
    pub order: Order,
    /// How far it is.
    pub state: CommandState,
    /// How often it was handed out.
    pub tries: u32,
    /// The step that must be done before.
    pub after: Option<CommandId>,
    /// Who ordered it.
    pub who: String,
    /// When.
    pub queued_at: Timestamp,
    /// When it was handed out last.
    pub sent_at: Option<Timestamp>,
    /// Until when the machine has time to answer.
    pub lease_until: Option<Timestamp>,
    /// When it is too old to be handed out.
    pub expires_at: Option<Timestamp>,
    /// When it ended.
    pub done_at: Option<Timestamp>,
    /// The machine's code: 0 done, positive a count, negative an error.
    pub return_code: Option<i64>,
    /// Why it ended so, as a stable code.
    pub reason: Option<String>,
    /// More about it: the machine's own words.
    pub detail: Option<String>,
    /// Bytes of the order that lie sealed apart from it, since they are secret; 0 when nothing is.
    sealed: usize,
}

/// How long machines may take to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leases {
    /// For most commands.
    pub normal: Duration,
    /// For queries, and for FK machines.
    pub long: Duration,
}

impl Default for Leases {
    fn default() -> Self {
        Self { normal: Duration::from_secs(90), long: Duration::from_secs(300) }
    }
}

impl Leases {
    /// The same, short, for everything; for tests.
    pub fn all(lease: Duration) -> Self {
        Self { normal: lease, long: lease }
    }

    fn of(self, patience: Patience) -> TimeDelta {
        let lease = match patience {
            Patience::Normal => self.normal,
            Patience::Long => self.long,
        };
        TimeDelta::from_std(lease).unwrap_or(TimeDelta::MAX)
    }
}

/// Why a command was not queued or not taken back.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// No such machine.
    #[error(transparent)]
    Machine(MachineError),
    /// A disabled machine gets no commands (rule 1.3).
    #[error("{0} is disabled; a disabled machine is told nothing")]
    Disabled(Sn),
    /// The machine cannot do it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No such command of this machine.
    #[error("there is no command {0} of this machine")]
    Unknown(i64),
    /// Too late to take it back.
    #[error("the machine has the command already, or it has ended")]
    NotWaiting,
    /// The cursor is not ours.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(CommandError);

impl From<MachineError> for CommandError {
    fn from(error: MachineError) -> Self {
        match error {
            MachineError::Database(error) => Self::Database(error),
            error => Self::Machine(error),
        }
    }
}

impl CommandError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Machine(error) => error.code(),
            Self::Disabled(_) => "machine.disabled",
            Self::Refused(refusal) => refusal.code(),
            Self::Unknown(_) => "command.unknown",
            Self::NotWaiting => "command.not_waiting",
            Self::Cursor(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }
}

/// How long a door's command may wait for the machine to ask: nobody stands there longer (Q4).
const DOOR_WAITS: TimeDelta = TimeDelta::minutes(2);
/// How long the other commands wait that must not be repeated.
const ONCE_WAITS: TimeDelta = TimeDelta::minutes(15);
/// How long a question waits; what it asks for is asked again by then.
const QUESTION_WAITS: TimeDelta = TimeDelta::days(7);
/// Commands with an end that are kept for one machine.
const MOST_ENDED: i64 = 2_000;

/// What the operation log keeps of a command: never names, passwords or templates.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged<'a> {
    id: i64,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pin: Option<&'a str>,
}

/// Queues an order; one of several steps becomes several commands, of which the last is answered. An equal one that
/// still waits is replaced (Q6).
pub fn command_add(tx: &Tx<'_>, actor: &Actor, sn: &Sn, order: &Order) -> Result<Command, CommandError> {
    let machine = machines::expect(tx, sn)?;
    if !machine.enabled {
        return Err(CommandError::Disabled(machine.sn));
    }
    let means = machines::means_of(&machine, machine.dialect.unwrap_or(Dialect::Attendance), tx.now());
    let steps = order::steps(order, &means)?;
    let added = add(tx, machine.id, actor.as_str(), order, &steps)?;
    let logged = Logged { id: added.id.0, kind: order.kind(), pin: order.person().map(order::Pin::as_str) };
    let subject = format!("machine/{}", machine.sn);
    audit::record(tx, actor, "command.add", &subject, None, Some(&logged))?;
    Ok(added)
}

/// Queues what has to follow a command, in its name: one person after the other once the list of people is known, say.
pub fn command_follow(tx: &Tx<'_>, parent: &Command, orders: &[Order]) -> Result<Vec<Command>, db::Error> {
    let one = |order: &Order| {
        let row = queries::New {
            machine: parent.machine,
            kind: &parent.kind,
            order,
            after: None,
            who: &parent.who,
            expires_at: expiry(order, tx.now()),
            // Thousands may follow from one list of people; what somebody orders meanwhile goes before them.
            urgency: -1,
        };
        queries::insert(tx, &row)
    };
    orders.iter().map(one).collect()
}

fn add(
    tx: &Tx<'_>,
    machine: MachineId,
    who: &str,
    order: &Order,
    steps: &[Order],
) -> Result<Command, CommandError> {
    let waiting = queries::waiting(tx, machine, order.kind(), order.person())?;
    if waiting.iter().all(|earlier| steps.iter().any(|step| earlier.order.replaced_by(step))) {
        for earlier in &waiting {
            queries::end(tx, earlier.id, CommandState::Cancelled, None, Some("command.replaced"), None)?;
        }
    }
    let mut last = None;
    for step in steps {
        let row = queries::New {
            machine,
            kind: order.kind(),
            order: step,
            after: last.as_ref().map(|command: &Command| command.id),
            who,
            expires_at: expiry(order, tx.now()),
            urgency: i64::from(matches!(order, Order::UnlockDoor { .. })),
        };
        last = Some(queries::insert(tx, &row)?);
    }
    queries::prune(tx, machine, MOST_ENDED)?;
    // No dialect has an order of no steps.
    last.ok_or(CommandError::Refused(Refusal::NotInDialect))
}

/// Queues the steps of an order that follows from a list, in the name of whoever follows it; the last of them. Parts of a person
/// wait for the person alone, not for each other: one template that is refused keeps the others from nothing.
pub(crate) fn chain(
    tx: &Tx<'_>,
    machine: MachineId,
    who: &str,
    order: &Order,
    steps: &[Order],
) -> Result<Option<CommandId>, db::Error> {
    let restores = matches!(order, Order::RestorePerson { .. });
    let (mut first, mut last) = (None, None);
    for step in steps {
        let row = queries::New {
            machine,
            kind: order.kind(),
            order: step,
            after: if restores { first } else { last },
            who,
            expires_at: None,
            urgency: 0,
        };
        let id = queries::insert(tx, &row)?.id;
        first.get_or_insert(id);
        last = Some(id);
    }
    queries::prune(tx, machine, MOST_ENDED)?;
    Ok(last)
}

/// The newest order of a kind that a machine was given.
pub(crate) fn last_of(
    conn: &rusqlite::Connection,
    machine: MachineId,
    kind: &str,
) -> Result<Option<Command>, db::Error> {
    queries::last_of(conn, machine, kind)
}

fn expiry(order: &Order, now: Timestamp) -> Option<Timestamp> {
    let waits = match order {
        Order::UnlockDoor { .. } => DOOR_WAITS,
        order if order.once_only() => ONCE_WAITS,
        Order::ReadPerson { .. } => QUESTION_WAITS,
        // The people of a machine are brought in line however long it is away.
        order if order.person().is_some() => return None,
        _ => QUESTION_WAITS,
    };
    now.checked_add_signed(waits)
}

/// The commands of a machine, newest first.
pub fn command_list(
    conn: &rusqlite::Connection,
    sn: &Sn,
    page: &Page,
) -> Result<Paged<Command>, CommandError> {
    let machine = machines::expect(conn, sn)?;
    let after: Option<i64> = page.after()?;
    let rows = queries::before(conn, machine.id, after, page.probe())?;
    Ok(page.finish(rows, queries::count(conn, machine.id)?, |command| command.id.0))
}

/// One command of a machine.
pub fn command_get(conn: &rusqlite::Connection, sn: &Sn, id: CommandId) -> Result<Command, CommandError> {
    let machine = machines::expect(conn, sn)?;
    queries::get(conn, machine.id, id)?.ok_or(CommandError::Unknown(id.0))
}

/// Commands that wait, and that are out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CommandCounts {
    /// Waiting for the machine to ask.
    pub waiting: u64,
    /// With the machine.
    pub sent: u64,
}

/// How many are open.
pub fn command_counts(conn: &rusqlite::Connection, machine: MachineId) -> Result<CommandCounts, db::Error> {
    queries::counts(conn, machine)
}

/// Takes a command back that the machine does not have yet, and the steps after it.
pub fn command_cancel(tx: &Tx<'_>, actor: &Actor, sn: &Sn, id: CommandId) -> Result<Command, CommandError> {
    let command = command_get(tx, sn, id)?;
    if command.state != CommandState::Queued {
        return Err(CommandError::NotWaiting);
    }
    end(tx, &command, CommandState::Cancelled, None, Some("command.cancelled"), None)?;
    let logged =
        Logged { id: id.0, kind: &command.kind, pin: command.order.person().map(order::Pin::as_str) };
    audit::record(tx, actor, "command.cancel", &format!("machine/{sn}"), Some(&logged), None)?;
    command_get(tx, sn, id)
}

/// Nothing more is expected of a command, and nobody is told: whoever gave it has gone on without an answer.
pub(crate) fn command_give_up(tx: &Tx<'_>, machine: MachineId, id: CommandId) -> Result<(), db::Error> {
    match queries::get(tx, machine, id)? {
        Some(command) if !command.state.is_final() => {
            queries::end(tx, id, CommandState::Failed, None, Some(NO_ANSWER), None)
        }
        _ => Ok(()),
    }
}

/// Whoever gave a command does not want it any more: one that is out is not offered again.
pub(crate) fn command_take_back(tx: &Tx<'_>, machine: MachineId, id: CommandId) -> Result<(), db::Error> {
    match queries::get(tx, machine, id)? {
        Some(command) if command.state == CommandState::Queued && command.tries == 0 => {
            queries::end(tx, id, CommandState::Cancelled, None, Some("command.cancelled"), None)
        }
        _ => command_give_up(tx, machine, id),
    }
}

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

/// What a machine says became of a command.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settled {
    /// Its number, as the machine repeats it.
    pub id: i64,
    /// The machine's code.
    pub code: Option<i64>,
    /// Whether that is a success (Q9).
    pub ok: bool,
    /// How many it counted, where it was asked to and says so beside its code.
    pub count: Option<i64>,
    /// Why not, as a stable code.
    pub reason: Option<String>,
    /// The machine's own words.
    pub detail: Option<String>,
}

/// Takes results. Matched by number only (Q8); the first final one counts (D6), but the truth, coming late, replaces
/// "no answer". Answers what changed.
pub fn commands_settle(
    tx: &Tx<'_>,
    machine: MachineId,
    results: &[Settled],
) -> Result<Vec<Command>, db::Error> {
    let mut changed = Vec::new();
    for result in results {
        let Some(command) = queries::get(tx, machine, CommandId(result.id))? else { continue };
        let unanswered = command.state == CommandState::Failed
            && matches!(command.reason.as_deref(), Some(NO_ANSWER | "command.overtaken"));
        let expected = match command.state {
            CommandState::Sent => true,
            // Overdue, and waiting to be sent again.
            CommandState::Queued => command.tries > 0,
            // A photo counts as stored before the machine looks for a face on it (attendance-push §18).
            CommandState::Done => is_photo(&command.order) && is_about_photo(result),
            _ => unanswered,
        };
        if !expected {
            continue;
        }
        let counted = counted(&command.order, result);
        let result = counted.as_ref().unwrap_or(result);
        // What was given up has lost what was secret in it, and is not sent again.
        let old_words = !result.ok
            && !unanswered
            && matches!(result.reason.as_deref(), Some("machine.not_supported" | "machine.unknown_command"))
            && matches!(command.order, Order::PutPerson(_) | Order::DeletePerson { .. });
        if old_words && machines::machine_takes_old_form(tx, machine)? {
            // Once more, in the words of PUSH 1.x (attendance-push §14.6).
            queries::again(tx, command.id)?;
            changed.extend(queries::get(tx, machine, command.id)?);
            continue;
        }
        let state = if result.ok { CommandState::Done } else { CommandState::Failed };
        changed.extend(end(
            tx,
            &command,
            state,
            result.code,
            result.reason.as_deref(),
            result.detail.as_deref(),
        )?);
    }
    Ok(changed)
}

/// The result of a count, whose number is its code from here on; one without a number is none.
fn counted(order: &Order, result: &Settled) -> Option<Settled> {
    let counts = matches!(order, Order::CountPunches { .. }) && result.ok;
    counts.then(|| match result.count {
        Some(count) => Settled { code: Some(count), ..result.clone() },
        None => Settled { ok: false, reason: Some("machine.data_invalid".to_owned()), ..result.clone() },
    })
}

/// A reason in English: ours, or one of the machine's.
pub fn words(reason: &str) -> &'static str {
    match reason {
        "command.calls_again" => "machines of this kind never confirm a restart; it has called again since",
        "command.cancelled" => "taken back before the machine had it",
        DIALECT_CHANGED => "the machine speaks another protocol now, so nothing of before is sent to it",
        "command.expired" => "the machine did not ask in time, and this must not happen late",
        "command.no_answer" => "the machine has it, and never said what became of it",
        "command.overtaken" => {
            "the machine never said what became of it, and has done a later command about the same person"
        }
        "command.replaced" => "the same was ordered again before the machine had it",
        "command.seen_restarted" => "the machine has begun anew",
        "command.step_failed" => "a step before it was not done",
        "machine.deleted" => "the machine was deleted",
        other => rollcall_protocol::codes::words(other),
    }
}

fn is_photo(order: &Order) -> bool {
    matches!(order, Order::PutTemplate(template) if template.kind == order::TemplateKind::Photo)
}

fn is_about_photo(result: &Settled) -> bool {
    !result.ok && result.reason.as_deref().is_some_and(|reason| reason.starts_with("photo."))
}

/// The reason of a command the machine never said anything about.
pub const NO_ANSWER: &str = "command.no_answer";
/// The reason of commands in words the machine does not speak any more.
pub const DIALECT_CHANGED: &str = "machine.dialect_changed";

/// Ends a command; what should have followed a step that was not done ends with it. Answers what changed, the command
/// first.
fn end(
    tx: &Tx<'_>,
    command: &Command,
    state: CommandState,
    code: Option<i64>,
    reason: Option<&str>,
    detail: Option<&str>,
) -> Result<Vec<Command>, db::Error> {
    queries::end(tx, command.id, state, code, reason, detail)?;
    let mut changed: Vec<_> = queries::get(tx, command.machine, command.id)?.into_iter().collect();
    if state == CommandState::Done {
        done(tx, command, code)?;
        for command in &changed {
            roster::command_ended(tx, command, None, false)?;
            reuploads::command_ended(tx, command, None, false)?;
        }
        return Ok(changed);
    }
    let follows = if state == CommandState::Cancelled { state } else { CommandState::Failed };
    let mut ended = vec![command.id];
    while let Some(id) = ended.pop() {
        for next in queries::steps_after(tx, command.machine, id)? {
            queries::end(tx, next, follows, None, Some("command.step_failed"), None)?;
            changed.extend(queries::get(tx, command.machine, next)?);
            ended.push(next);
        }
    }
    for command in &changed {
        roster::command_ended(tx, command, reason, false)?;
        reuploads::command_ended(tx, command, reason, false)?;
    }
    Ok(changed)
}

/// What is known of a machine after it has done something.
fn done(tx: &Tx<'_>, command: &Command, code: Option<i64>) -> Result<(), db::Error> {
    match &command.order {
        Order::ClearPeople | Order::ClearAll | Order::ClearTable(order::Table::People) => {
            enrolments::people_gone(tx, command.machine)?;
            roster::machine_forgot(tx, command.machine, None)
        }
        Order::DeletePerson { pin } => enrolments::person_gone(tx, command.machine, pin.as_str()),
        Order::DeleteTemplates { pin, of } => {
            enrolments::template_gone(tx, command.machine, pin.as_str(), *of, None)
        }
        Order::ReadPeople => {
            // The answer may overtake the people it counts: only when all of them are here is it known who is not.
            let (Some(count), Some(since)) = (code.filter(|count| *count > 0), command.sent_at) else {
                return Ok(());
            };
            if queries::described_since(tx, command.machine, since)? >= count {
                enrolments::people_sweep(tx, command.machine, since)?;
                roster::machine_named_all(tx, command.machine)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The machine began anew, as after a restart it was told to make: at its handshake, or its registration.
pub fn commands_restarted(tx: &Tx<'_>, machine: MachineId) -> Result<Vec<Command>, db::Error> {
    restarted(tx, machine, TimeDelta::zero(), "command.seen_restarted")
}

fn restarted(
    tx: &Tx<'_>,
    machine: MachineId,
    at_least: TimeDelta,
    reason: &'static str,
) -> Result<Vec<Command>, db::Error> {
    let mut changed = Vec::new();
    for command in queries::restarts_out(tx, machine)? {
        let long_enough = command.sent_at.is_some_and(|sent| sent + at_least <= tx.now());
        if long_enough {
            changed.extend(end(tx, &command, CommandState::Done, None, Some(reason), None)?);
        }
    }
    Ok(changed)
}

/// Takes back whatever is open: the machine is another one now, or speaks another way (Q10).
pub fn commands_cancel_all(
    tx: &Tx<'_>,
    machine: MachineId,
    reason: &'static str,
) -> Result<Vec<Command>, db::Error> {
    let mut changed = Vec::new();
    // What the machine was to have under its numbers it is told once more, in its new words.
    let again = reason == DIALECT_CHANGED;
    for command in queries::open(tx, machine, i64::MAX)? {
        // What is out cannot be taken back: whatever the machine says of it in the end counts.
        let (state, reason) = match command.state {
            CommandState::Sent => (CommandState::Failed, NO_ANSWER),
            _ => (CommandState::Cancelled, reason),
        };
        queries::end(tx, command.id, state, None, Some(reason), None)?;
        if let Some(command) = queries::get(tx, machine, command.id)? {
            roster::command_ended(tx, &command, Some(reason), again)?;
            reuploads::command_ended(tx, &command, Some(reason), again)?;
            changed.push(command);
        }
    }
    Ok(changed)
}

/// What time has done to the commands of all machines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Swept {
    /// What changed, with the machine's serial number.
    pub changed: Vec<(Sn, Command)>,
    /// When it is worth looking again.
    pub next: Option<Timestamp>,
}

/// Looks after commands whose time is over (Q1, Q4): no poll needs to come for that.
pub fn commands_sweep(tx: &Tx<'_>) -> Result<Swept, db::Error> {
    let mut swept = Swept::default();
    for (machine, sn) in queries::overdue_machines(tx)? {
        let mut ended = Vec::new();
        overdue_ended(tx, machine, &mut ended)?;
        swept.changed.extend(ended.into_iter().map(|command| (sn.clone(), command)));
    }
    swept.next = queries::next_deadline(tx)?;
    Ok(swept)
}

/// Lets time do its work on the commands of a machine.
fn overdue_ended(tx: &Tx<'_>, machine: MachineId, changed: &mut Vec<Command>) -> Result<(), db::Error> {
    for command in queries::overdue(tx, machine)? {
        let lease = command.lease_until.filter(|_| command.state == CommandState::Sent);
        let expires = command.expires_at.filter(|_| command.state == CommandState::Queued);
        match queue::overdue(tx.now(), lease, expires, command.order.once_only(), command.tries) {
            Overdue::No => {}
            Overdue::Again => {
                queries::again(tx, command.id)?;
                changed.extend(queries::get(tx, machine, command.id)?);
            }
            Overdue::Expired => {
                changed.extend(end(
                    tx,
                    &command,
                    CommandState::Expired,
                    None,
                    Some("command.expired"),
                    None,
                )?);
            }
            Overdue::Unanswered => {
                changed.extend(end(tx, &command, CommandState::Failed, None, Some(NO_ANSWER), None)?);
            }
        }
    }
    Ok(())
}

/// How far the newest reading of a machine's people and templates is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Reading {
    /// Commands that have no end yet.
    pub open: u64,
    /// Commands kept of it.
    pub total: u64,
    /// Those that ended otherwise than done: their numbers, and why.
    pub failed: Vec<(i64, String)>,
}

/// See [`Reading`].
pub(crate) fn commands_reading(
    conn: &rusqlite::Connection,
    machine: MachineId,
) -> Result<Reading, db::Error> {
    queries::reading(conn, machine)
}

/// The machines for which something waits, or is to be made up.
pub fn commands_waiting(conn: &rusqlite::Connection) -> Result<Vec<MachineId>, db::Error> {
    let mut machines = queries::machines_with_open(conn)?;
    machines.extend(roster::rosters_due(conn)?);
    machines.extend(reuploads::machines_due(conn)?);
    Ok(machines)
}
