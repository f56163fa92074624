//! Machines that knock and that nobody has added.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use rollcall_protocol::Sn;

use super::{Machine, MachineError, NAME_MOST, NewMachine, machine_add, queries};
use crate::audit::Actor;
use crate::clock::Timestamp;
use crate::db::{self, Tx};

/// Strangers that are remembered; the longest silent are forgotten first.
pub const MOST_STRANGERS: usize = 500;

/// A machine that knocks and that nobody has added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// The serial number it gives.
    pub sn: Sn,
    /// Where it calls from.
    pub address: String,
    /// Its first knock.
    pub first_seen_at: Timestamp,
    /// Its latest knock.
    pub last_seen_at: Timestamp,
    /// How often it knocked.
    pub knocks: u64,
    /// What it said of itself.
    pub info: BTreeMap<String, String>,
}

/// What somebody says when taking a stranger in.
#[derive(Debug, Clone)]
pub struct Adoption {
    /// What people will call it.
    pub name: String,
    /// What it is; none takes what it said of itself.
    pub model: Option<String>,
    /// Its zone; none takes the site's.
    pub time_zone: Option<Tz>,
}

/// The strangers, newest knock first.
pub fn stranger_list(conn: &rusqlite::Connection) -> Result<Vec<Stranger>, db::Error> {
    queries::strangers(conn)
}

/// Writes down knocks, and forgets the longest silent beyond [`MOST_STRANGERS`].
pub fn strangers_save(tx: &Tx<'_>, strangers: &[Stranger]) -> Result<(), db::Error> {
    for stranger in strangers {
        // Added meanwhile: no stranger any more.
        if queries::get(tx, &stranger.sn)?.is_none() {
            queries::save_stranger(tx, stranger)?;
        }
    }
    queries::forget_strangers(tx, MOST_STRANGERS)
}

/// Forgets one stranger.
pub fn strangers_remove(tx: &Tx<'_>, sn: &Sn) -> Result<(), db::Error> {
    queries::remove_stranger(tx, sn)
}

/// Adds a stranger as a machine, under the serial number it gave itself. `knock` is what the listener knows of it beyond
/// what was written down yet.
pub fn stranger_adopt(
    tx: &Tx<'_>,
    actor: &Actor,
    sn: &Sn,
    adoption: Adoption,
    knock: Option<&Stranger>,
) -> Result<Machine, MachineError> {
    let stored = queries::stranger(tx, sn)?;
    let Some(stranger) = knock.or(stored.as_ref()) else {
        return Err(match queries::get(tx, sn)? {
            Some(machine) => MachineError::SnTaken { sn: machine.sn, name: machine.name },
            None => MachineError::StrangerUnknown(sn.clone()),
        });
    };
    let said = stranger.info.iter().find(|(key, _)| key.eq_ignore_ascii_case("DeviceName"));
    // What a machine says is cut to what a person may type, or nobody could adopt it.
    let said = said.map(|(_, name)| name.chars().filter(|c| !c.is_control()).take(NAME_MOST).collect());
    let model = adoption.model.or(said);
    let new =
        NewMachine { sn: stranger.sn.clone(), name: adoption.name, model, time_zone: adoption.time_zone };
    let machine = machine_add(tx, actor, new)?;
    queries::seen_as_stranger(tx, machine.id, stranger)?;
    super::expect(tx, sn)
}
