//! What the listener remembers of FK machines between their requests.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use chrono::TimeDelta;
use parking_lot::Mutex;
use rollcall_core::clock::Timestamp;
use rollcall_core::machines::MachineId;
use rollcall_protocol::fk::assembly::{Assembly, Bounds};
use rollcall_protocol::fk::modes::Library;

/// Repetitions of a punch that was answered, after which the answer is given in the other way too (fk-http §3).
const DEAF_AFTER: u8 = 3;
/// How often a machine that has lost its clock is told the time.
const CLOCK_EVERY: TimeDelta = TimeDelta::minutes(10);

/// Half messages, and what is known of each machine.
#[derive(Debug)]
pub(crate) struct State {
    pub(super) blocks: Mutex<Assembly<MachineId>>,
    machines: Mutex<HashMap<MachineId, Seen>>,
}

impl Default for State {
    fn default() -> Self {
        Self { blocks: Mutex::new(Assembly::new(Bounds::default())), machines: Mutex::default() }
    }
}

#[derive(Debug, Default)]
struct Seen {
    /// What it last said of itself; machines say it with every poll, and nearly always the same.
    said: Option<u64>,
    library: Option<Library>,
    /// The last punch that was stored already when it came.
    echo: u64,
    repeated: u8,
    /// Wants `result=OK` in the body.
    deaf: bool,
    /// When it was told the time, its own being lost.
    told_time: Option<Timestamp>,
}

impl State {
    fn with<T>(&self, machine: MachineId, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(self.machines.lock().entry(machine).or_default())
    }

    /// Whether what a machine says of itself is anything new.
    pub(super) fn is_news(&self, machine: MachineId, said: &impl Hash) -> bool {
        let hash = hash(said);
        self.with(machine, |seen| seen.said.replace(hash) != Some(hash))
    }

    /// How the machine lays out its numbers, if it has said so since the start.
    pub(super) fn library(&self, machine: MachineId) -> Option<Library> {
        self.with(machine, |seen| seen.library)
    }

    pub(super) fn set_library(&self, machine: MachineId, library: Library) {
        self.with(machine, |seen| seen.library = Some(library));
    }

    /// A punch was stored, or had been stored before. Whether the machine does not hear our answers: it repeats the
    /// same punch though it was answered.
    pub(super) fn heard(&self, machine: MachineId, punch: &[u8], known_before: bool) -> bool {
        let hash = hash(&punch);
        self.with(machine, |seen| {
            if seen.echo == hash && known_before {
                seen.repeated = seen.repeated.saturating_add(1);
            } else {
                (seen.echo, seen.repeated) = (hash, 0);
            }
            seen.deaf |= seen.repeated >= DEAF_AFTER;
            seen.deaf
        })
    }

    /// Whether the machine wants the other kind of answer.
    pub(super) fn is_deaf(&self, machine: MachineId) -> bool {
        self.with(machine, |seen| seen.deaf)
    }

    pub(super) fn set_deaf(&self, machine: MachineId) {
        self.with(machine, |seen| seen.deaf = true);
    }

    /// Whether a machine that has lost its clock is to be told the time now.
    pub(super) fn tell_time(&self, machine: MachineId, now: Timestamp) -> bool {
        self.with(machine, |seen| {
            let due = seen.told_time.is_none_or(|told| now < told || now - told >= CLOCK_EVERY);
            if due {
                seen.told_time = Some(now);
            }
            due
        })
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
