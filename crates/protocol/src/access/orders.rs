//! Orders in the words of the access dialect (access-push §10).

use crate::attendance::command::Body;
use crate::order::{Means, Order, Refusal};

/// See [`crate::order::steps`].
///
/// # Errors
/// When the machine cannot be told this.
pub fn steps(order: &Order, means: &Means<'_>) -> Result<Vec<Order>, Refusal> {
    body(order, means).map(|_| vec![order.clone()])
}

/// The order as a command.
///
/// # Errors
/// When there are no words for it.
pub fn body(order: &Order, _means: &Means<'_>) -> Result<Body, Refusal> {
    match order {
        Order::Restart => Ok(Body::new("CONTROL DEVICE 03000000")),
        Order::Ping => Ok(Body::new("DATA COUNT user")),
        _ => Err(Refusal::NotInDialect),
    }
}
