//! What the listener remembers of an FK machine between its requests.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use chrono::TimeDelta;
use parking_lot::Mutex;
use rollcall_core::clock::Timestamp;
use rollcall_core::machines::Machine;
use rollcall_protocol::fk::modes::Library;

/// Repetitions of a punch that was answered, after which the answer is given in the other way too (fk-http §3).
const DEAF_AFTER: u8 = 3;
/// How often a machine that has lost its clock is told the time.
const CLOCK_EVERY: TimeDelta = TimeDelta::minutes(10);

/// The name under which machines say how they lay out their numbers.
pub(super) const LIBRARY: &str = "fk_bin_data_lib";
/// Where it is kept that a machine wants `result=OK` in the body.
pub(super) const ANSWERED_BY: &str = "rollcall_fk_answer";

/// One machine.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// What it last said of itself; machines say it with every poll, and nearly always the same.
    said: Option<u64>,
    library: Library,
    /// The last punch that was stored already when it came, and how often it came since.
    echo: u64,
    repeated: u8,
    /// Wants `result=OK` in the body.
    deaf: bool,
    /// When it was told the time, its own being lost.
    told_time: Option<Timestamp>,
}

impl Seen {
    /// What was known before this program started.
    pub(crate) fn before(machine: &Machine) -> Self {
        let library = machine.options.get(LIBRARY).map(|name| Library::from_name(name)).unwrap_or_default();
        let deaf = machine.options.contains_key(ANSWERED_BY);
        Self(Mutex::new(State { library, deaf, ..State::default() }))
    }

    /// Whether what a machine says of itself is anything new.
    pub(super) fn is_news(&self, said: &impl Hash) -> bool {
        let hash = hash(said);
        self.0.lock().said.replace(hash) != Some(hash)
    }

    /// How the machine lays out its numbers, by its last word.
    pub(super) fn library(&self) -> Library {
        self.0.lock().library
    }

    pub(super) fn set_library(&self, library: Library) {
        self.0.lock().library = library;
    }

    /// A punch was stored, or had been stored before. Whether the machine was found just now not to hear our answers: it
    /// repeats the same punch though it was answered.
    pub(super) fn heard(&self, punch: &[u8], known_before: bool) -> bool {
        let hash = hash(&punch);
        let mut state = self.0.lock();
        if state.echo == hash && known_before {
            state.repeated = state.repeated.saturating_add(1);
        } else {
            (state.echo, state.repeated) = (hash, 0);
        }
        let found = state.repeated >= DEAF_AFTER && !state.deaf;
        state.deaf |= found;
        found
    }

    /// Whether the machine wants the other kind of answer.
    pub(super) fn is_deaf(&self) -> bool {
        self.0.lock().deaf
    }

    /// Whether a machine that has lost its clock is to be told the time now.
    pub(super) fn tell_time(&self, now: Timestamp) -> bool {
        let mut state = self.0.lock();
        let due = state.told_time.is_none_or(|told| now < told || now - told >= CLOCK_EVERY);
        if due {
            state.told_time = Some(now);
        }
        due
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
