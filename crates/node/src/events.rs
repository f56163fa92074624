//! What changed, told to whoever watches: the browser over server-sent events, the window over its own channel.

use rollcall_core::commands::Command;
use rollcall_protocol::Sn;
use serde::Serialize;
use tokio::sync::broadcast;

/// How far a watcher may fall behind before it is told to read everything again.
const BEHIND_MOST: usize = 1024;

/// Something changed; carries the key of what it was, never the thing itself, so that a watcher reads it with its own
/// rights and filters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Event {
    /// A machine was added, changed, removed, came, went, or said something new of itself; or a stranger knocked.
    Machine {
        /// Which.
        sn: Sn,
        /// Whether nobody has added it.
        stranger: bool,
    },
    /// Punches were stored; they are on disk.
    Punch {
        /// The machine they came from.
        sn: Sn,
        /// Their numbers; empty when only lines were rejected.
        ids: Vec<i64>,
    },
    /// The people of a machine changed.
    Roster {
        /// Which machine.
        sn: Sn,
    },
    /// Something became of a command: it was queued, handed out, or ended.
    Command {
        /// The machine it is for.
        sn: Sn,
        /// Its number.
        id: i64,
    },
    /// Something became of a job.
    Job {
        /// Its number.
        id: i64,
    },
    /// Somebody's day is other than it was.
    #[serde(rename_all = "camelCase")]
    Attendance {
        /// Whose; none: many people's.
        employee_id: Option<String>,
        /// Which day; none: many.
        date: Option<String>,
    },
    /// A person of the directory was added or changed.
    #[serde(rename_all = "camelCase")]
    Employee {
        /// Who.
        employee_id: String,
    },
    /// Branches, departments or fields changed, or a whole file of people was taken in.
    Organisation {},
    /// Shifts, rotations, whom they are assigned to, the calendar, leave or days set by hand changed: what people are to do may
    /// be something else.
    Schedule {},
    /// The database became writable or stopped being so.
    Storage {
        /// Whether it is now.
        writable: bool,
    },
    /// The watcher missed something: whatever it shows is to be read again.
    Reset {},
}

impl Event {
    /// Something became of this command.
    pub(crate) fn command(sn: &Sn, command: &Command) -> Self {
        Self::Command { sn: sn.clone(), id: command.id.0 }
    }

    /// More people's days are others than can be named.
    pub(crate) fn everyones_days() -> Self {
        Self::Attendance { employee_id: None, date: None }
    }

    /// The name of the event on the stream.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Machine { .. } => "machine",
            Self::Punch { .. } => "punch",
            Self::Roster { .. } => "roster",
            Self::Command { .. } => "command",
            Self::Job { .. } => "job",
            Self::Attendance { .. } => "attendance",
            Self::Employee { .. } => "employee",
            Self::Organisation {} => "organisation",
            Self::Schedule {} => "schedule",
            Self::Storage { .. } => "storage",
            Self::Reset {} => "reset",
        }
    }

    /// Its data, as JSON.
    pub fn data(&self) -> String {
        // Texts and numbers only: this cannot fail, and an empty object would still make the watcher look again.
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }
}

/// Where events are told; cheap to clone.
#[derive(Debug, Clone)]
pub struct Events(broadcast::Sender<Event>);

impl Default for Events {
    fn default() -> Self {
        Self::new()
    }
}

impl Events {
    /// Nobody watches yet.
    pub fn new() -> Self {
        Self(broadcast::Sender::new(BEHIND_MOST))
    }

    /// Tells everybody who watches; nobody need.
    pub fn tell(&self, event: Event) {
        // An error only says that nobody watches.
        let _ = self.0.send(event);
    }

    /// Watches from now on.
    pub fn subscribe(&self) -> Watcher {
        Watcher(self.0.subscribe())
    }
}

/// Sees the events from its beginning on.
#[derive(Debug)]
pub struct Watcher(broadcast::Receiver<Event>);

impl Watcher {
    /// The next event; nothing when the node has stopped. A watcher that was too slow gets [`Event::Reset`].
    pub async fn next(&mut self) -> Option<Event> {
        match self.0.recv().await {
            Ok(event) => Some(event),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Event::Reset {}),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sn() -> Sn {
        Sn::new("CQZ7000000001").unwrap()
    }

    #[test]
    fn events_are_named_and_carry_keys() {
        let table = [
            (
                Event::Machine { sn: sn(), stranger: true },
                "machine",
                r#"{"sn":"CQZ7000000001","stranger":true}"#,
            ),
            (Event::Punch { sn: sn(), ids: vec![7, 8] }, "punch", r#"{"sn":"CQZ7000000001","ids":[7,8]}"#),
            (Event::Roster { sn: sn() }, "roster", r#"{"sn":"CQZ7000000001"}"#),
            (Event::Command { sn: sn(), id: 9 }, "command", r#"{"sn":"CQZ7000000001","id":9}"#),
            (Event::Job { id: 3 }, "job", r#"{"id":3}"#),
            (
                Event::Attendance { employee_id: Some("e1".into()), date: Some("2026-07-06".into()) },
                "attendance",
                r#"{"employeeId":"e1","date":"2026-07-06"}"#,
            ),
            (Event::everyones_days(), "attendance", r#"{"employeeId":null,"date":null}"#),
            (Event::Employee { employee_id: "e1".into() }, "employee", r#"{"employeeId":"e1"}"#),
            (Event::Organisation {}, "organisation", "{}"),
            (Event::Schedule {}, "schedule", "{}"),
            (Event::Storage { writable: false }, "storage", r#"{"writable":false}"#),
            (Event::Reset {}, "reset", "{}"),
        ];
        for (event, name, data) in table {
            assert_eq!((event.name(), event.data().as_str()), (name, data));
        }
    }

    #[tokio::test]
    async fn a_slow_watcher_is_told_to_read_again() {
        let events = Events::new();
        let mut watcher = events.subscribe();
        for _ in 0..=BEHIND_MOST {
            events.tell(Event::Roster { sn: sn() });
        }
        assert_eq!(watcher.next().await, Some(Event::Reset {}));
        assert_eq!(watcher.next().await, Some(Event::Roster { sn: sn() }));
    }
}
