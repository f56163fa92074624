//! The number mapping of a machine (rules 5): which field of an employee fills the pin of their entry.

use rusqlite::Connection;

use crate::audit::Actor;
use crate::db::{self, Tx};
use crate::directory::{Employee, EmployeeId};
use crate::machines::Machine;
use crate::roster::Pin;

/// The pin the machine's mapping gives somebody; none when it is off, gives none, or somebody else has that pin.
pub(crate) fn number_for(
    _conn: &Connection,
    _machine: &Machine,
    _employee: &Employee,
) -> Result<Option<Pin>, db::Error> {
    Ok(None)
}

/// Somebody's fields have changed: fills the empty pins of their entries where a mapping has one for them now.
pub(crate) fn fields_changed(_tx: &Tx<'_>, _actor: &Actor, _employee: &EmployeeId) -> Result<(), db::Error> {
    Ok(())
}
