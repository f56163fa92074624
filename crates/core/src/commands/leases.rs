//! How long commands wait for a machine to ask, and how long for its answer; and what becomes of those whose time is over.

use std::time::Duration;

use chrono::TimeDelta;
use rollcall_protocol::Sn;
use rollcall_protocol::order::{Order, Patience};

use super::queue::Overdue;
use super::results::end;
use super::{Command, CommandState, NO_ANSWER, queries, queue};
use crate::clock::Timestamp;
use crate::db::{self, Tx};
use crate::machines::MachineId;

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

    pub(super) fn of(self, patience: Patience) -> TimeDelta {
        let lease = match patience {
            Patience::Normal => self.normal,
            Patience::Long => self.long,
        };
        TimeDelta::from_std(lease).unwrap_or(TimeDelta::MAX)
    }
}

/// How long a door's command may wait for the machine to ask: nobody stands there longer (Q4).
const DOOR_WAITS: TimeDelta = TimeDelta::minutes(2);
/// How long the other commands wait that must not be repeated.
const ONCE_WAITS: TimeDelta = TimeDelta::minutes(15);
/// How long a question waits; what it asks for is asked again by then.
const QUESTION_WAITS: TimeDelta = TimeDelta::days(7);

/// When an order is too old to be handed out.
pub(super) fn expiry(order: &Order, now: Timestamp) -> Option<Timestamp> {
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
pub(super) fn overdue_ended(
    tx: &Tx<'_>,
    machine: MachineId,
    changed: &mut Vec<Command>,
) -> Result<(), db::Error> {
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
