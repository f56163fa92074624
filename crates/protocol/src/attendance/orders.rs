//! Orders in the words of the attendance dialect (attendance-push §14).

use super::command::Body;
use super::handshake::Generation;
use crate::order::{Means, Order, Refusal, Table};

/// See [`crate::order::steps`].
///
/// # Errors
/// When the machine cannot be told this.
pub fn steps(order: &Order, means: &Means<'_>) -> Result<Vec<Order>, Refusal> {
    match order {
        Order::Authorize { .. } | Order::Revoke { .. } | Order::ClearTable(_) => Err(Refusal::NotInDialect),
        Order::UnlockDoor { .. } if means.option("LockFunOn").is_some_and(|on| on == "0") => {
            Err(Refusal::NoDoor)
        }
        Order::ReadPeople | Order::ReadTemplates | Order::ClearPeople
            if means.generation == Generation::V1 =>
        {
            Err(Refusal::FirmwareTooOld)
        }
        Order::ReadTemplates => Ok(vec![Order::ReadTable(Table::Fingerprints)]),
        _ => Ok(vec![order.clone()]),
    }
}

/// The order as a command.
///
/// # Errors
/// When there are no words for it.
pub fn body(order: &Order, means: &Means<'_>) -> Result<Body, Refusal> {
    let words = match order {
        Order::Restart => "REBOOT",
        // A machine takes zone and time at its handshake, which this begins (C1, C8).
        Order::SetClock | Order::ReadOptions => "CHECK",
        Order::Ping if means.generation == Generation::V1 => "CHECK",
        Order::Ping => "LOG",
        Order::ReadInfo => "INFO",
        Order::UnlockDoor { .. } => "AC_UNLOCK",
        Order::ClearPunches => "CLEAR LOG",
        Order::ClearPeople => "CLEAR ALL USERINFO",
        Order::ClearAll => "CLEAR DATA",
        Order::ReadPeople => "DATA QUERY USERINFO",
        Order::ReadTable(Table::Fingerprints) => "DATA QUERY FINGERTMP",
        Order::ReadPerson { pin } => return Ok(Body::new("DATA QUERY USERINFO").field("PIN", pin.on_wire())),
        Order::DeletePerson { pin } => {
            return Ok(Body::new("DATA DELETE USERINFO").field("PIN", pin.on_wire()));
        }
        _ => return Err(Refusal::NotInDialect),
    };
    Ok(Body::new(words))
}
