//! Queueing what a machine is to be told.

use rollcall_protocol::order::{self, Order, Refusal};
use rollcall_protocol::{Dialect, Sn};

use super::leases::expiry;
use super::{Command, CommandError, CommandId, CommandState, Logged, queries};
use crate::audit::{self, Actor};
use crate::db::{self, Tx};
use crate::machines::{self, MachineId};

/// Commands with an end that are kept for one machine.
const MOST_ENDED: i64 = 2_000;

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

pub(super) fn add(
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
