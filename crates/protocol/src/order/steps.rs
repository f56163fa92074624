//! The smaller orders an order is carried out in.

use super::{Means, Order, Person, Pin, Refusal, Table, Template};
use crate::dialect::Dialect;
use crate::{access, attendance, fk};

/// The person, and behind them their rows of these tables.
pub(crate) fn person_then_rows(pin: &Pin, tables: Vec<Table>) -> Vec<Order> {
    let person = Order::ReadPerson { pin: pin.clone() };
    let rows = tables.into_iter().map(|of| Order::ReadRows { pin: pin.clone(), of });
    std::iter::once(person).chain(rows).collect()
}

/// The person, and behind them those of their templates that this machine can take: one it has no room for must not keep
/// somebody from their place.
pub(crate) fn person_then_templates(
    person: &Person,
    templates: &[Template],
    takes: impl Fn(&Order) -> bool,
) -> Vec<Order> {
    let templates = templates.iter().cloned().map(Order::PutTemplate).filter(takes);
    std::iter::once(Order::PutPerson(person.clone())).chain(templates).collect()
}

/// The smaller orders an order is carried out in, one after the other; usually itself.
///
/// # Errors
/// When the machine cannot be told this at all.
pub fn steps(order: &Order, means: &Means<'_>) -> Result<Vec<Order>, Refusal> {
    match means.dialect {
        Dialect::Attendance => attendance::orders::steps(order, means),
        Dialect::Access => access::orders::steps(order, means),
        Dialect::Fk => fk::orders::steps(order, means),
    }
}
