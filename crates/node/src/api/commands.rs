//! What machines are told: queued here, taken along by the machine's next poll, and told truthfully what became of it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use rollcall_core::commands as site;
use rollcall_core::commands::{command_add, command_cancel, command_list};
use rollcall_core::machines::{self, means_of};
use rollcall_protocol::order::{self, Order, Pin};
use rollcall_protocol::{Dialect, codes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, Path, Query};
use super::machines::{machine, sn_in_path};
use super::page::{PageQuery, list};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::types::{Always, Answer, Created, List, WithBody, WithPath, WithQuery};
use crate::events::Event;

/// What a machine can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CommandKind {
    /// Restart.
    Restart,
    /// Take the time and the zone of now.
    SetClock,
    /// Tell firmware, settings and counts.
    ReadInfo,
    /// Read our options again, or tell its own.
    ReadOptions,
    /// Anything that shows that it listens.
    Ping,
    /// Open a door; takes `door` and `seconds`.
    UnlockDoor,
    /// Forget all punches; takes `confirm`.
    ClearPunches,
    /// Forget all people with everything of theirs; takes `confirm`.
    ClearPeople,
    /// Forget people and punches; takes `confirm`.
    ClearAll,
    /// Send all people.
    ReadPeople,
    /// Send all templates.
    ReadTemplates,
    /// Send one person; takes `pin`.
    ReadPerson,
}

impl CommandKind {
    pub(crate) const ALL: [Self; 12] = [
        Self::Restart,
        Self::SetClock,
        Self::ReadInfo,
        Self::ReadOptions,
        Self::Ping,
        Self::UnlockDoor,
        Self::ClearPunches,
        Self::ClearPeople,
        Self::ClearAll,
        Self::ReadPeople,
        Self::ReadTemplates,
        Self::ReadPerson,
    ];

    /// Whether it destroys what only the machine may have.
    fn wants_confirmation(self) -> bool {
        matches!(self, Self::ClearPunches | Self::ClearPeople | Self::ClearAll)
    }

    /// The order, for a door and somebody.
    fn order(
        self,
        door: u8,
        seconds: u8,
        pin: impl FnOnce() -> Result<Pin, Problem>,
    ) -> Result<Order, Problem> {
        Ok(match self {
            Self::Restart => Order::Restart,
            Self::SetClock => Order::SetClock,
            Self::ReadInfo => Order::ReadInfo,
            Self::ReadOptions => Order::ReadOptions,
            Self::Ping => Order::Ping,
            Self::UnlockDoor => Order::UnlockDoor { door, seconds },
            Self::ClearPunches => Order::ClearPunches,
            Self::ClearPeople => Order::ClearPeople,
            Self::ClearAll => Order::ClearAll,
            Self::ReadPeople => Order::ReadPeople,
            Self::ReadTemplates => Order::ReadTemplates,
            Self::ReadPerson => Order::ReadPerson { pin: pin()? },
        })
    }
}

/// How far a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CommandState {
    /// Waits for the machine's next poll.
    Queued,
    /// The machine has it and has not said what came of it.
    Sent,
    /// The machine says it did it.
    Done,
    /// The machine refused, could not, or never answered: see `reason`.
    Failed,
    /// The machine did not ask for it in time.
    Expired,
    /// Taken back, or replaced.
    Cancelled,
}

/// A command and what became of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Command {
    /// Its number, on the wire too; never used twice.
    id: i64,
    /// What was ordered: one of the kinds that can be, or of those the program gives by itself (`putPerson`, …).
    kind: String,
    /// How far it is.
    state: CommandState,
    /// The machine's own code: 0 done, positive a count, negative an error; null while there is none.
    #[schema(required)]
    return_code: Option<i64>,
    /// Why it ended so, as a stable code; null when there is nothing to say.
    #[schema(required)]
    reason: Option<String>,
    /// The same in English, or in the machine's own words.
    #[schema(required)]
    detail: Option<String>,
    /// The number of the person it is about.
    #[schema(required)]
    pin: Option<String>,
    /// Who ordered it: `console`, `desktop` or `system`.
    who: String,
    /// How often the machine got it.
    tries: u32,
    /// When it was ordered.
    queued_at: DateTime<Utc>,
    /// When the machine got it last.
    #[schema(required)]
    sent_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[schema(required)]
    done_at: Option<DateTime<Utc>>,
    /// When it is too old to be handed out; null when it waits for ever, and once it has ended.
    #[schema(required)]
    expires_at: Option<DateTime<Utc>>,
}

impl From<site::Command> for Command {
    fn from(command: site::Command) -> Self {
        let words = command.reason.as_deref().map(words).filter(|words| !words.is_empty());
        Self {
            id: command.id.0,
            state: match command.state {
                site::CommandState::Queued => CommandState::Queued,
                site::CommandState::Sent => CommandState::Sent,
                site::CommandState::Done => CommandState::Done,
                site::CommandState::Failed => CommandState::Failed,
                site::CommandState::Expired => CommandState::Expired,
                site::CommandState::Cancelled => CommandState::Cancelled,
            },
            return_code: command.return_code,
            detail: command.detail.or_else(|| words.map(str::to_owned)),
            reason: command.reason,
            pin: command.order.person().map(|pin| pin.as_str().to_owned()),
            who: command.who,
            tries: command.tries,
            queued_at: command.queued_at,
            sent_at: command.sent_at,
            done_at: command.done_at,
            expires_at: command.expires_at.filter(|_| !command.state.is_final()),
            kind: command.kind,
        }
    }
}

/// A reason in English: the machines' are the protocol's, ours are here.
fn words(reason: &str) -> &'static str {
    match reason {
        "command.no_answer" => "the machine never said what became of it",
        "command.expired" => "the machine did not ask for it in time, and nobody wants it that late",
        "command.cancelled" => "somebody took it back",
        "command.replaced" => "a later one makes it needless",
        "command.step_failed" => "a step before it failed",
        "command.seen_restarted" => "the machine began anew",
        "command.not_supported" => "machines of this kind have no such command",
        "machine.deleted" => "the machine was deleted",
        "machine.dialect_changed" => "the machine speaks another way now, or is another machine",
        _ => codes::words(reason),
    }
}

/// What to tell a machine.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewCommand {
    /// What.
    kind: CommandKind,
    /// For the kinds that clear: the machine's name, exactly, so that nobody clears the wrong one.
    #[schema(example = "一楼大厅")]
    confirm: Option<String>,
    /// For `unlockDoor`: which one; 1 when absent.
    #[schema(minimum = 1, maximum = 255)]
    door: Option<u8>,
    /// For `unlockDoor`: how long, where the machine can be told; 5 when absent.
    #[schema(minimum = 1, maximum = 254)]
    seconds: Option<u8>,
    /// For `readPerson`: whom, the number on the machine.
    #[schema(min_length = 1, max_length = 24, pattern = "^[0-9A-Za-z]*[1-9A-Za-z][0-9A-Za-z]*$")]
    pin: Option<String>,
}

/// What `unlockDoor` takes when nothing is said.
const DOOR: u8 = 1;
const SECONDS: u8 = 5;
/// 255 means for ever to access machines: a door is not left open from here.
const SECONDS_MOST: u8 = 254;

impl NewCommand {
    /// The order, if everything it needs is there and nothing that belongs to another kind: a number beside `clearPeople`
    /// is somebody who thought that it clears one person.
    fn order(&self) -> Result<Order, Problem> {
        let unlocks = self.kind == CommandKind::UnlockDoor;
        let misplaced = [
            ("/confirm", self.confirm.is_some() && !self.kind.wants_confirmation()),
            ("/door", self.door.is_some() && !unlocks),
            ("/seconds", self.seconds.is_some() && !unlocks),
            ("/pin", self.pin.is_some() && self.kind != CommandKind::ReadPerson),
        ];
        if let Some((pointer, _)) = misplaced.into_iter().find(|(_, misplaced)| *misplaced) {
            let detail = "this kind of command does not take this";
            return Err(Problem::invalid(pointer, "command.field_misplaced", detail));
        }
        let door = self.door.unwrap_or(DOOR);
        if door == 0 {
            return Err(Problem::invalid("/door", "command.door_invalid", "doors are counted from 1"));
        }
        let seconds = self.seconds.unwrap_or(SECONDS);
        if !(1..=SECONDS_MOST).contains(&seconds) {
            let detail = format!("a door opens for 1 to {SECONDS_MOST} seconds");
            return Err(Problem::invalid("/seconds", "command.seconds_invalid", detail));
        }
        self.kind.order(door, seconds, || {
            Pin::new(self.pin.as_deref().unwrap_or_default())
                .map_err(|error| Problem::invalid("/pin", "command.pin_invalid", error.to_string()))
        })
    }

    fn check_confirmation(&self, machine: &machines::Machine) -> Result<(), Problem> {
        let confirmed = self.confirm.as_deref().map(str::trim) == Some(machine.name.trim());
        if !self.kind.wants_confirmation() || confirmed {
            return Ok(());
        }
        let detail = "what this clears cannot be brought back; send the machine's name as `confirm`";
        Err(Problem::invalid("/confirm", "command.confirmation_required", detail))
    }
}

/// Tells a machine something. It gets it with its next poll; a disabled machine gets nothing.
#[utoipa::path(post, path = "/api/machines/{sn}/commands", tag = "commands", operation_id = "addCommand",
    params(("sn" = String, Path, description = "Its serial number, in any case")), request_body = NewCommand,
    responses((status = 201, body = Command), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "The machine is disabled."), WithPath, WithBody, Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(new): Body<NewCommand>,
) -> Created<Command> {
    let sn = sn_in_path(&sn)?;
    let machine = machine(&api, &sn).await?;
    let order = new.order()?;
    new.check_confirmation(&machine)?;
    let wanted = sn.clone();
    let command = api.site.write(move |tx| command_add(tx, &actor, &wanted, &order)).await?;
    api.fleet.orders_changed(&sn);
    api.events.tell(Event::command(&machine.sn, &command));
    Ok((StatusCode::CREATED, Json(command.into())))
}

/// The commands of a machine, newest first.
#[utoipa::path(get, path = "/api/machines/{sn}/commands", tag = "commands", operation_id = "listCommands",
    params(("sn" = String, Path, description = "Its serial number, in any case"), PageQuery),
    responses((status = 200, body = List<Command>), WithPath, WithQuery, Always))]
pub(crate) async fn get_all(
    State(api): State<Api>,
    Path(sn): Path<String>,
    query: Query<PageQuery>,
) -> Answer<List<Command>> {
    let sn = sn_in_path(&sn)?;
    let page = query.page()?;
    let paged = api.site.read(move |conn| command_list(conn, &sn, &page)).await?;
    Ok(Json(list(paged, Command::from)))
}

/// Takes back a command that the machine does not have yet.
#[utoipa::path(post, path = "/api/machines/{sn}/commands/{id}/cancel", tag = "commands", operation_id = "cancelCommand",
    params(("sn" = String, Path, description = "Its serial number, in any case"),
        ("id" = i64, Path, description = "The command's number")),
    responses((status = 200, body = Command), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "The machine has it already, or it has ended."), WithPath, Always))]
pub(crate) async fn cancel(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path((sn, id)): Path<(String, i64)>,
) -> Answer<Command> {
    let sn = sn_in_path(&sn)?;
    let wanted = sn.clone();
    let cancelled =
        api.site.write(move |tx| command_cancel(tx, &actor, &wanted, site::CommandId(id))).await?;
    // What waited behind it may go now.
    api.fleet.orders_changed(&sn);
    api.events.tell(Event::command(&sn, &cancelled));
    Ok(Json(cancelled.into()))
}

/// Which kinds a machine can be told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Kinds {
    /// All kinds, each with a judgement.
    items: Vec<Kind>,
}

/// A kind and whether a machine can be told it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Kind {
    /// Which.
    kind: CommandKind,
    /// Whether there is any use in trying.
    supported: bool,
    /// Why not, as a stable code: `command.not_supported`, `command.no_door` …; null when it can.
    #[schema(required)]
    reason: Option<String>,
    /// The same in English.
    #[schema(required)]
    detail: Option<String>,
}

/// What a machine can be told, judged by how it talks and what it said of itself.
#[utoipa::path(get, path = "/api/machines/{sn}/kinds", tag = "commands", operation_id = "listKinds",
    params(("sn" = String, Path, description = "Its serial number, in any case")),
    responses((status = 200, body = Kinds), WithPath, Always))]
pub(crate) async fn kinds(State(api): State<Api>, Path(sn): Path<String>) -> Answer<Kinds> {
    let sn = sn_in_path(&sn)?;
    let machine = machine(&api, &sn).await?;
    let dialect = machine.dialect.unwrap_or(Dialect::Attendance);
    let means = means_of(&machine, dialect, api.fleet.now());
    let judge = |kind: CommandKind| {
        let order = kind.order(DOOR, SECONDS, || {
            Pin::new("1").map_err(|error| Problem::invalid("/pin", "command.pin_invalid", error.to_string()))
        })?;
        let refusal = order::steps(&order, &means).err();
        Ok(Kind {
            kind,
            supported: refusal.is_none(),
            reason: refusal.map(|refusal| refusal.code().to_owned()),
            detail: refusal.map(|refusal| refusal.to_string()),
        })
    };
    let items = CommandKind::ALL.into_iter().map(judge).collect::<Result<_, Problem>>()?;
    Ok(Json(Kinds { items }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(json: serde_json::Value) -> NewCommand {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn what_a_kind_does_not_take_is_refused() {
        let table = [
            (serde_json::json!({"kind": "clearPeople", "pin": "7"}), "command.field_misplaced"),
            (serde_json::json!({"kind": "restart", "door": 1}), "command.field_misplaced"),
            (serde_json::json!({"kind": "ping", "confirm": "x"}), "command.field_misplaced"),
            (serde_json::json!({"kind": "readPeople", "seconds": 1}), "command.field_misplaced"),
            (serde_json::json!({"kind": "unlockDoor", "door": 0}), "command.door_invalid"),
            (serde_json::json!({"kind": "unlockDoor", "seconds": 0}), "command.seconds_invalid"),
            (serde_json::json!({"kind": "unlockDoor", "seconds": 255}), "command.seconds_invalid"),
            (serde_json::json!({"kind": "readPerson"}), "command.pin_invalid"),
            (serde_json::json!({"kind": "readPerson", "pin": "*"}), "command.pin_invalid"),
            (serde_json::json!({"kind": "readPerson", "pin": "000"}), "command.pin_invalid"),
        ];
        for (body, code) in table {
            assert_eq!(new(body.clone()).order().unwrap_err().code(), code, "{body}");
        }
        let unlock = new(serde_json::json!({"kind": "unlockDoor"})).order().unwrap();
        assert_eq!(unlock, Order::UnlockDoor { door: 1, seconds: 5 });
    }

    #[test]
    fn kinds_have_the_names_of_their_orders() {
        for kind in CommandKind::ALL {
            let order = kind.order(1, 5, || Ok(Pin::new("1").unwrap())).unwrap();
            assert_eq!(serde_json::to_value(kind).unwrap(), order.kind());
        }
    }

    #[test]
    fn every_reason_has_its_words() {
        for reason in [
            site::NO_ANSWER,
            "command.expired",
            "command.cancelled",
            "command.replaced",
            "command.step_failed",
            "command.seen_restarted",
            "command.not_supported",
            "machine.deleted",
            "machine.dialect_changed",
            "machine.person_unknown",
        ] {
            assert!(!words(reason).is_empty(), "{reason}");
        }
    }
}
