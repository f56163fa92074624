//! Orders in the words of the FK dialect (fk-http §9).
//!
//! Firmware, the server's address and administrators are not among them: a mistake there cuts a machine off (O2).

use super::frame::{Draft, Generation};
use super::json::Json;
use super::{people, time};
use crate::order::{Means, Order, Person, Pin, Refusal, Template};
use crate::time::WallTime;

/// A command for one poll.
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    /// Its name, a header of the answer.
    pub cmd_code: &'static str,
    /// The framed body; empty where it takes no parameters.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Command {
    /// Without the body, which may hold templates.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Command").field("cmd_code", &self.cmd_code).field("bytes", &self.body.len()).finish()
    }
}

/// See [`crate::order::steps`].
///
/// # Errors
/// When the machine cannot be told this.
pub fn steps(order: &Order, means: &Means<'_>) -> Result<Vec<Order>, Refusal> {
    match order {
        Order::ClearAll => Ok(vec![Order::ClearPunches, Order::ClearPeople]),
        // Everything about a person comes with the person.
        Order::BackUpPerson { pin } => Ok(vec![Order::ReadPerson { pin: pin.clone() }]),
        order => command(order, means).map(|_| vec![order.clone()]),
    }
}

/// The order as a command.
///
/// # Errors
/// When there are no words for it.
pub fn command(order: &Order, means: &Means<'_>) -> Result<Command, Refusal> {
    Ok(match order {
        // The machine says nothing more: it reboots.
        Order::Restart => bare("RESET_FK"),
        Order::SetClock => set_time(means.now, means),
        Order::ReadInfo | Order::Ping | Order::CountAllPunches => bare("GET_DEVICE_STATUS"),
        Order::ReadPunches { from, to, second } => read_punches((!second).then_some((*from, *to)), means),
        Order::ReadOptions => bare("GET_DEVICE_INFO"),
        // For how long is the machine's own setting.
        Order::UnlockDoor { door: 0 | 1, .. } => {
            with(means, "SET_DOOR_STATUS", vec![("door_status", Json::clean("open"))])
        }
        Order::UnlockDoor { .. } => return Err(Refusal::NoDoor),
        Order::ClearPunches => bare("CLEAR_LOG_DATA"),
        Order::ClearPeople => bare("CLEAR_ENROLL_DATA"),
        // Everything about a person comes with the person; first come the numbers.
        Order::ReadPeople | Order::ReadTemplates => bare("GET_USER_ID_LIST"),
        Order::ReadPerson { pin } => with(means, "GET_USER_INFO", vec![("user_id", user_id(pin))]),
        Order::DeletePerson { pin } => with(means, "DELETE_USER", vec![("user_id", user_id(pin))]),
        // There is no word for somebody who shall not identify (fk-http §11), nor for dates.
        Order::PutPerson(person) | Order::RestorePerson { person, .. }
            if person.inactive || person.valid.is_some() =>
        {
            return Err(Refusal::NotSupported);
        }
        Order::PutPerson(person) => set_user(person, &[], means),
        Order::RestorePerson { person, templates } => set_user(person, templates, means),
        // A template travels with its whole person, or the rest of the person would be lost (U2).
        Order::PutTemplate(_) | Order::DeleteTemplates { .. } => return Err(Refusal::NotInDialect),
        Order::ClearAll
        | Order::CountPunches { .. }
        | Order::CheckAll
        | Order::BackUpPerson { .. }
        | Order::ClearTable(_)
        | Order::ReadTable(_)
        | Order::ReadRows { .. } => return Err(Refusal::NotInDialect),
        Order::Authorize { .. } | Order::Revoke { .. } => return Err(Refusal::NotInDialect),
    })
}

/// `SET_USER_INFO`: the person with everything they are identified by takes the place of what the machine had. Whoever has
/// no templates at hand reads the person first ([`Order::ReadPerson`]), or only changes the name ([`rename`]) (U2).
#[must_use]
pub fn set_user(person: &Person, templates: &[Template], means: &Means<'_>) -> Command {
    let mut draft = Draft::new(generation(means));
    let json = people::write(person, templates, &mut draft);
    Command { cmd_code: "SET_USER_INFO", body: draft.finish(&json, means.encoding) }
}

/// `SET_USER_NAME`: everything else stays as it is.
#[must_use]
pub fn rename(pin: &Pin, name: &str, means: &Means<'_>) -> Command {
    let name = people::name(name);
    with(means, "SET_USER_NAME", vec![("user_id", user_id(pin)), ("user_name", Json::clean(&name))])
}

/// `GET_LOG_DATA`: the punches of a span, both ends included; of all times without one. Some firmware ignores the span.
#[must_use]
pub fn read_punches(span: Option<(WallTime, WallTime)>, means: &Means<'_>) -> Command {
    let Some((from, to)) = span else { return bare("GET_LOG_DATA") };
    let (from, to) = (time::write(from), time::write(to));
    with(means, "GET_LOG_DATA", vec![("begin_time", Json::clean(&from)), ("end_time", Json::clean(&to))])
}

/// `SET_COMMAND` `enter_enroll`: the machine asks for a finger (0–9), a face (12) and so on of this person.
#[must_use]
pub fn enrol(pin: &Pin, backup_number: u8, means: &Means<'_>) -> Command {
    let param = Json::object(vec![
        ("user_id", user_id(pin)),
        ("backup_number", Json::of_number(backup_number.into())),
    ]);
    with(means, "SET_COMMAND", vec![("cmd", Json::clean("enter_enroll")), ("param", param)])
}

/// `SET_TIME`.
fn set_time(now: WallTime, means: &Means<'_>) -> Command {
    let now = time::write(now);
    with(means, "SET_TIME", vec![("time", Json::clean(&now))])
}

fn bare(cmd_code: &'static str) -> Command {
    Command { cmd_code, body: Vec::new() }
}

fn with(means: &Means<'_>, cmd_code: &'static str, members: Vec<(&str, Json<'_>)>) -> Command {
    let body = Draft::new(generation(means)).finish(&Json::object(members), means.encoding);
    Command { cmd_code, body }
}

fn user_id(pin: &Pin) -> Json<'_> {
    Json::clean(pin.on_wire())
}

/// Which form of message the machine reads: it has named its model in a header, or it has not.
#[must_use]
pub fn generation(means: &Means<'_>) -> Generation {
    if means.option("dev_model").is_some_and(|model| !model.is_empty()) {
        Generation::New
    } else {
        Generation::Classic
    }
}
