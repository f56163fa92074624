//! The machines of the site: who they are, what they said of themselves, and the strangers that knock.
//!
//! A machine is known by its serial number, compared without case. Deleting one keeps its punches; adding the same
//! number again finds them again. A stranger leaves nothing here but its knock.

mod capabilities;
mod capacity;
mod judge;
mod look_alike;
mod means;
mod queries;
pub mod skew;
mod strangers;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

use chrono_tz::Tz;
use rollcall_protocol::text::Encoding;
use rollcall_protocol::{Dialect, Sn, SnError, WallTime};
use serde::Serialize;

pub use capabilities::{Capability, capabilities};
pub use capacity::{Algorithm, Capacity, algorithms, capacity};
pub use judge::{Judgement, judge_administrators, judge_counts};
pub use look_alike::look_alike;
pub use means::{EncodingSetting, encoding, means_of};
pub(crate) use queries::stored_sn;
pub use strangers::{
    Adoption, MOST_STRANGERS, Stranger, stranger_adopt, stranger_list, strangers_remove, strangers_save,
};

use crate::audit::{self, Actor};
use crate::clock::Timestamp;
use crate::db::{self, Tx, database_failure};
use crate::text::{self, TextError};
use crate::{commands, dispatch, jobs, numbers, roster, settings};

/// A machine's row; never shown to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MachineId(pub(crate) i64);

/// A machine of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Its row.
    pub id: MachineId,
    /// Its serial number as somebody typed it, or as it said itself.
    pub sn: Sn,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub model: Option<String>,
    /// How it talks, once it has.
    pub dialect: Option<Dialect>,
    /// Whether its uploads are taken.
    pub enabled: bool,
    /// The zone its clock is in.
    pub time_zone: Tz,
    /// When it was added.
    pub added_at: Timestamp,
    /// Its first contact.
    pub first_seen_at: Option<Timestamp>,
    /// Its last contact, as of the last time it was written down.
    pub last_seen_at: Option<Timestamp>,
    /// The address it calls from.
    pub address: Option<String>,
    /// Its firmware.
    pub firmware: Option<String>,
    /// The protocol level it speaks.
    pub protocol_version: Option<String>,
    /// The language it is set to, as the number it sends.
    pub language: Option<String>,
    /// What it can identify people by.
    pub capabilities: Vec<Capability>,
    /// Everything it said of itself.
    pub options: BTreeMap<String, String>,
    /// The counts it reports.
    pub reported: Reported,
    /// The counts we hold.
    pub held: Held,
    /// How text is written for it.
    pub encoding: EncodingSetting,
    /// The encoding of its last upload in which that could be told.
    pub seen_encoding: Option<Encoding>,
    /// How many seconds its clock is ahead of ours, and since when that is known.
    pub clock_skew: Option<(i64, Timestamp)>,
    /// It takes people only in the words of PUSH 1.x (attendance-push §14.6).
    pub old_user_form: bool,
    /// The newest punch we hold, by its clock.
    pub newest_punch: Option<WallTime>,
    /// Its roster in numbers.
    pub roster: RosterCounts,
    /// The last days, if they have one, of the administrators on its roster who may identify there.
    pub administrators: Vec<Option<chrono::NaiveDate>>,
}

/// Counts a machine reports of itself; none where it never did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reported {
    /// People enrolled.
    pub people: Option<u32>,
    /// Fingerprints.
    pub fingerprints: Option<u32>,
    /// Faces.
    pub faces: Option<u32>,
    /// Punches stored.
    pub punches: Option<u32>,
}

/// What we hold of a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// Roster entries with a pin.
    pub people: u64,
    /// Punches.
    pub punches: u64,
}

/// A roster in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RosterCounts {
    /// All entries.
    pub total: u64,
    /// Those the machine confirmed.
    pub synced: u64,
    /// Those that wait to be sent.
    pub waiting: u64,
    /// Those the machine refused.
    pub failed: u64,
    /// Those without a number.
    pub no_number: u64,
}

/// A machine to add.
#[derive(Debug, Clone)]
pub struct NewMachine {
    /// Its serial number.
    pub sn: Sn,
    /// What people will call it.
    pub name: String,
    /// What it is.
    pub model: Option<String>,
    /// Its zone; none takes the site's.
    pub time_zone: Option<Tz>,
}

/// What to change; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct MachineChange {
    /// A new name.
    pub name: Option<String>,
    /// A new model, or none.
    pub model: Option<Option<String>>,
    /// Whether its uploads are taken.
    pub enabled: Option<bool>,
    /// A new zone; what is stored stays as it was sent.
    pub time_zone: Option<Tz>,
    /// How text is to be written for it.
    pub encoding: Option<EncodingSetting>,
}

/// What a machine said of itself; what is `None` or empty stays as it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The moment of its last contact.
    pub last_seen_at: Option<Timestamp>,
    /// When it last called without having brought a punch for a while: what it has recorded until then is here.
    pub caught_up_at: Option<Timestamp>,
    /// Where it called from.
    pub address: Option<String>,
    /// How it talks.
    pub dialect: Option<Dialect>,
    /// Its firmware.
    pub firmware: Option<String>,
    /// The protocol level it speaks.
    pub protocol_version: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// Its capability list; merged key by key.
    pub options: Vec<(String, String)>,
    /// Its counts.
    pub reported: Reported,
    /// When it said last that it holds nobody; stays when it holds somebody again a moment later.
    pub empty_at: Option<Timestamp>,
    /// The encoding of something it sent.
    pub seen_encoding: Option<Encoding>,
    /// How many seconds its clock is ahead of ours, as of when.
    pub clock_skew: Option<(i64, Timestamp)>,
}

/// Why something about a machine was refused.
#[derive(Debug, thiserror::Error)]
pub enum MachineError {
    /// The serial number is not one.
    #[error(transparent)]
    Sn(#[from] SnError),
    /// Somebody has it.
    #[error("{sn} is already there, as {name}")]
    SnTaken {
        /// The serial number.
        sn: Sn,
        /// The name of the machine that has it.
        name: String,
    },
    /// No such machine.
    #[error("there is no machine {0}")]
    Unknown(Sn),
    /// No such stranger.
    #[error("no machine {0} has knocked that is not added yet")]
    StrangerUnknown(Sn),
    /// The name is empty.
    #[error("a machine needs a name")]
    NameEmpty,
    /// The name or model is too long.
    #[error("at most {0} characters")]
    NameTooLong(usize),
    /// The name or model has a control character.
    #[error("a control character in the text")]
    ControlCharacter,
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(MachineError);

impl MachineError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Sn(error) => error.code(),
            Self::SnTaken { .. } => "machine.sn_taken",
            Self::Unknown(_) => "machine.unknown",
            Self::StrangerUnknown(_) => "stranger.unknown",
            Self::NameEmpty => "machine.name_empty",
            Self::NameTooLong(_) => "machine.name_too_long",
            Self::ControlCharacter => "text.control_character",
            Self::Database(error) => error.code(),
        }
    }
}

impl From<TextError> for MachineError {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Empty => Self::NameEmpty,
            TextError::TooLong(most) => Self::NameTooLong(most),
            TextError::ControlCharacter => Self::ControlCharacter,
        }
    }
}

/// Characters a machine's name or model may have.
pub const NAME_MOST: usize = 100;

/// What the operation log keeps of a machine.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged<'a> {
    sn: &'a Sn,
    name: &'a str,
    model: Option<&'a str>,
    enabled: bool,
    time_zone: &'static str,
    #[serde(skip_serializing_if = "is_auto")]
    encoding: &'static str,
}

fn is_auto(encoding: &&str) -> bool {
    *encoding == EncodingSetting::Auto.name()
}

impl<'a> From<&'a Machine> for Logged<'a> {
    fn from(machine: &'a Machine) -> Self {
        Self {
            sn: &machine.sn,
            name: &machine.name,
            model: machine.model.as_deref(),
            enabled: machine.enabled,
            time_zone: machine.time_zone.name(),
            encoding: machine.encoding.name(),
        }
    }
}

fn subject(sn: &Sn) -> String {
    format!("machine/{sn}")
}

/// Adds a machine. One that was deleted before is found again with its punches.
pub fn machine_add(tx: &Tx<'_>, actor: &Actor, new: NewMachine) -> Result<Machine, MachineError> {
    let name = text::required(&new.name, NAME_MOST)?;
    let model = new.model.as_deref().map(|model| text::optional(model, NAME_MOST)).transpose()?.flatten();
    if let Some(there) = machine_get(tx, &new.sn)? {
        return Err(MachineError::SnTaken { sn: there.sn, name: there.name });
    }
    let time_zone = match new.time_zone {
        Some(zone) => zone,
        None => settings::settings_get(tx)?.time_zone,
    };
    queries::insert(tx, &new.sn, &name, model.as_deref(), time_zone)?;
    strangers_remove(tx, &new.sn)?;
    let machine = expect(tx, &new.sn)?;
    audit::record(tx, actor, "machine.add", &subject(&new.sn), None, Some(&Logged::from(&machine)))?;
    Ok(machine)
}

/// All machines, by name.
pub fn machine_list(conn: &rusqlite::Connection) -> Result<Vec<Machine>, db::Error> {
    queries::all(conn)
}

/// One machine.
pub fn machine_get(conn: &rusqlite::Connection, sn: &Sn) -> Result<Option<Machine>, db::Error> {
    queries::get(conn, sn)
}

/// Changes a machine.
pub fn machine_change(
    tx: &Tx<'_>,
    actor: &Actor,
    sn: &Sn,
    change: MachineChange,
) -> Result<Machine, MachineError> {
    let before = expect(tx, sn)?;
    let mut after = before.clone();
    if let Some(name) = change.name {
        after.name = text::required(&name, NAME_MOST)?;
    }
    if let Some(model) = change.model {
        after.model = model.map(|model| text::optional(&model, NAME_MOST)).transpose()?.flatten();
    }
    after.enabled = change.enabled.unwrap_or(after.enabled);
    after.time_zone = change.time_zone.unwrap_or(after.time_zone);
    after.encoding = change.encoding.unwrap_or(after.encoding);
    queries::update(tx, &after)?;
    audit::record(
        tx,
        actor,
        "machine.change",
        &subject(&before.sn),
        Some(&Logged::from(&before)),
        Some(&Logged::from(&after)),
    )?;
    Ok(after)
}

/// Deletes a machine and its roster; its punches stay and stay whose they are.
pub fn machine_delete(tx: &Tx<'_>, actor: &Actor, sn: &Sn) -> Result<(), MachineError> {
    let machine = expect(tx, sn)?;
    roster::roster_clear(tx, &machine)?;
    commands::commands_cancel_all(tx, machine.id, "machine.deleted")?;
    jobs::jobs_cancel_of(tx, machine.id)?;
    numbers::mapping_forget(tx, machine.id)?;
    dispatch::rule_forget(tx, machine.id)?;
    queries::delete(tx, machine.id)?;
    audit::record(tx, actor, "machine.delete", &subject(&machine.sn), Some(&Logged::from(&machine)), None)?;
    Ok(())
}

/// Writes down what a machine said of itself.
pub fn machine_report(tx: &Tx<'_>, id: MachineId, report: &Report) -> Result<(), db::Error> {
    queries::report(tx, id, report)?;
    report.empty_at.map_or(Ok(()), |at| roster::machine_is_empty(tx, id, at))
}

/// A machine by its row; none when it was deleted.
pub fn machine_by_id(conn: &rusqlite::Connection, id: MachineId) -> Result<Option<Machine>, db::Error> {
    queries::by_id(conn, id)
}

/// Remembers that a machine takes people only in the words of PUSH 1.x; false when that was known.
pub(crate) fn machine_takes_old_form(tx: &Tx<'_>, id: MachineId) -> Result<bool, db::Error> {
    queries::takes_old_form(tx, id)
}

/// The machine, or [`MachineError::Unknown`].
pub fn expect(conn: &rusqlite::Connection, sn: &Sn) -> Result<Machine, MachineError> {
    machine_get(conn, sn)?.ok_or_else(|| MachineError::Unknown(sn.clone()))
}
