//! Orders in the words of the FK dialect (fk-http §9).

use crate::order::{Means, Order, Refusal};

/// A command for one poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its name, a header of the answer.
    pub cmd_code: &'static str,
    /// The framed body; empty where it takes no parameters.
    pub body: Vec<u8>,
}

/// See [`crate::order::steps`].
///
/// # Errors
/// When the machine cannot be told this.
pub fn steps(order: &Order, means: &Means<'_>) -> Result<Vec<Order>, Refusal> {
    command(order, means).map(|_| vec![order.clone()])
}

/// The order as a command.
///
/// # Errors
/// When there are no words for it.
pub fn command(order: &Order, _means: &Means<'_>) -> Result<Command, Refusal> {
    match order {
        Order::Restart => Ok(Command { cmd_code: "RESET_FK", body: Vec::new() }),
        Order::Ping => Ok(Command { cmd_code: "GET_DEVICE_STATUS", body: Vec::new() }),
        _ => Err(Refusal::NotInDialect),
    }
}
