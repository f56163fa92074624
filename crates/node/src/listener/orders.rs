//! Orders on their way to a machine, and results on their way back: what a poll takes with it, whatever the dialect.

use std::sync::Arc;

use rollcall_core::commands::{Command, Settled, commands_hand_out, commands_restarted, commands_settle};
use rollcall_core::db;
use rollcall_core::machines::MachineId;
use rollcall_core::reuploads::{asks_for_punches, reuploads_follow, reuploads_told};
use rollcall_core::roster::read_back::{readings_follow, reads_back};
use rollcall_core::roster::{follows_list, syncs_follow};
use rollcall_protocol::attendance::answer;
use rollcall_protocol::{Dialect, Sn};

use super::desk::{Caller, Case, Desk, Outcome};
use super::job::{Acknowledgement, Answer, Job, Stored, Work};
use super::wire::response::FkAnswer;
use crate::events::Event;
use crate::fleet::Known;

/// Nothing for an FK machine to do (fk-http §5).
pub(super) const NO_COMMAND: &str = "ERROR_NO_CMD";

/// What a poll in an iclock dialect takes with it; nothing when nothing waits, and the poll is answered `OK`.
pub(super) fn poll(desk: &Desk, case: &Case<'_>, caller: &Caller<'_>, dialect: Dialect) -> Option<Outcome> {
    let known = worth_a_look(case, caller, dialect)?;
    let work = hand_out(desk, known, dialect, |handed| {
        Answer::Text(if handed.lines.is_empty() { answer::OK.to_vec() } else { handed.lines })
    });
    let acknowledgement = Acknowledgement::Always(answer::OK.to_vec());
    Some(Outcome::Store(Box::new(Job { machine: Arc::clone(known), acknowledgement, work })))
}

/// The same for an FK machine: one command at most, in headers and body.
pub(super) fn poll_fk(desk: &Desk, case: &Case<'_>, caller: &Caller<'_>) -> Option<Outcome> {
    let known = worth_a_look(case, caller, Dialect::Fk)?;
    let work = hand_out(desk, known, Dialect::Fk, |handed| {
        let (Some(command), Some(words)) = (handed.commands.first(), handed.fk) else {
            return Answer::Fk(FkAnswer::code(NO_COMMAND));
        };
        Answer::Fk(FkAnswer {
            response_code: "OK",
            trans_id: Some(command.id.0.to_string()),
            cmd_code: Some(words.cmd_code),
            body: words.body,
        })
    });
    let acknowledgement = Acknowledgement::FkAlways(FkAnswer::code(NO_COMMAND));
    Some(Outcome::Store(Box::new(Job { machine: Arc::clone(known), acknowledgement, work })))
}

/// The machine, if something may wait for it: not for a stranger or a disabled one, and not while it is not known which
/// machine that is (I3, Q10).
fn worth_a_look<'c>(case: &Case<'_>, caller: &'c Caller<'_>, dialect: Dialect) -> Option<&'c Arc<Known>> {
    let known = caller.trusted().filter(|_| caller.is_known_to_speak(dialect))?;
    (known.orders.waiting() && known.may_be_told(case.now)).then_some(known)
}

fn hand_out(
    desk: &Desk,
    known: &Arc<Known>,
    dialect: Dialect,
    words: impl FnOnce(rollcall_core::commands::HandedOut) -> Answer + Send + 'static,
) -> Work {
    let (id, sn, leases) = (known.id, known.sn.clone(), desk.limits.leases);
    let look = known.orders.look();
    let told = known.resend.told();
    Work::Store(Box::new(move |tx| {
        if told {
            reuploads_told(tx, id)?;
        }
        let handed = commands_hand_out(tx, id, dialect, leases)?;
        let changed = handed.commands.iter().chain(&handed.ended);
        let mut events: Vec<_> = changed.clone().map(|command| Event::command(&sn, command)).collect();
        events.extend(handed.reupload.map(|job| Event::Job { id: job.0 }));
        events.extend(follow(tx, id, &sn, changed, handed.list_changed)?);
        Ok(Stored {
            events,
            resend: Some(handed.everything),
            nothing_left: (!handed.more).then_some(look),
            restarts: handed.commands.iter().any(|command| command.kind == "restart"),
            handed_out: !handed.commands.is_empty(),
            answer: Some(words(handed)),
            ..Stored::default()
        })
    }))
}

/// Takes results, and whatever else `then` makes of the commands that changed by them, in one transaction.
pub(super) fn settle(
    known: &Arc<Known>,
    results: Vec<Settled>,
    then: impl FnOnce(&db::Tx<'_>, &[Command]) -> Result<(), db::Error> + Send + 'static,
) -> Work {
    let (id, sn, machine) = (known.id, known.sn.clone(), Arc::clone(known));
    Work::Store(Box::new(move |tx| {
        let changed = commands_settle(tx, id, &results)?;
        then(tx, &changed)?;
        if !changed.is_empty() {
            // The next step may go now.
            machine.orders.raise();
        }
        let mut events: Vec<_> = changed.iter().map(|command| Event::command(&sn, command)).collect();
        events.extend(follow(tx, id, &sn, changed.iter(), false)?);
        Ok(Stored { events, ..Stored::default() })
    }))
}

/// What commands of a machine that have changed mean for its list, and for the jobs that follow them; what is told of it.
pub(crate) fn follow<'a>(
    tx: &db::Tx<'_>,
    machine: MachineId,
    sn: &Sn,
    mut changed: impl Iterator<Item = &'a Command> + Clone,
    list_changed: bool,
) -> Result<Vec<Event>, db::Error> {
    let (mut events, mut jobs) = (Vec::new(), Vec::new());
    let mut ended = changed.clone().filter(|command| command.state.is_final());
    if list_changed || changed.any(follows_list) {
        events.push(Event::Roster { sn: sn.clone() });
        jobs.extend(syncs_follow(tx, machine)?);
    }
    if ended.clone().any(reads_back) {
        jobs.extend(readings_follow(tx, machine)?);
    }
    if ended.any(asks_for_punches) {
        jobs.extend(reuploads_follow(tx, machine)?);
    }
    events.extend(jobs.into_iter().map(|job| Event::Job { id: job.0 }));
    Ok(events)
}

/// The machine shakes hands, or registers: if it was told to restart, it has. Nothing when it was not; the answer is
/// given whatever becomes of the writing.
pub(super) fn began_anew(known: &Arc<Known>, answer: &[u8]) -> Option<Outcome> {
    if !known.orders.take_restart() {
        return None;
    }
    let (id, sn) = (known.id, known.sn.clone());
    let work = Work::Store(Box::new(move |tx| {
        let changed = commands_restarted(tx, id)?;
        Ok(Stored {
            events: changed.iter().map(|command| Event::command(&sn, command)).collect(),
            ..Stored::default()
        })
    }));
    let acknowledgement = Acknowledgement::Always(answer.to_vec());
    Some(Outcome::Store(Box::new(Job { machine: Arc::clone(known), acknowledgement, work })))
}
