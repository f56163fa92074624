//! What a machine counts, and what its task shares with whoever holds it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::Mutex;
use rollcall_protocol::WallTime;
use tokio::sync::{Notify, watch};

use crate::clock::MachineClock;
use crate::faults::Faults;
use crate::journal::Journal;
use crate::memory::Memory;
use crate::profile::{Dialect, Profile};

/// What a machine's screen would show about its connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Switched on, no handshake yet.
    #[default]
    Starting,
    /// Connected and polling.
    Handshaken,
    /// Several attempts failed; waiting for `ErrorDelay`.
    Offline,
    /// The cable is out.
    Unplugged,
    /// Switched off.
    Stopped,
}

/// The machine's connection and what it has counted since it was switched on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Connection.
    pub phase: Phase,
    /// Handshakes that succeeded.
    pub handshakes: u64,
    /// Times an access terminal registered anew.
    pub registrations: u64,
    /// Polls answered.
    pub polls: u64,
    /// Polls whose answer had commands in it.
    pub told: u64,
    /// Pings answered.
    pub pings: u64,
    /// Punches the server accepted.
    pub acknowledged: u64,
    /// Punches sent once more because the server asked for them.
    pub uploaded_again: u64,
    /// Of those, the ones that were sent twice.
    pub repeated: u64,
    /// Requests answered, but not in a way that counts as success.
    pub refused: u64,
    /// Requests without a usable answer.
    pub failed: u64,
    /// Punches not yet accepted.
    pub pending: usize,
    /// Commands executed.
    pub executed: u64,
    /// Times the machine started anew, ordered or not.
    pub restarts: u64,
    /// Times the server moved the clock.
    pub clock_sets: u64,
    /// HTTP status of the last refusal.
    pub refused_status: Option<u16>,
    /// Code of the last thing that went wrong since the last handshake.
    pub problem: Option<&'static str>,
}

/// Sums over many machines.
#[derive(Debug, Default)]
pub struct Totals {
    pub(crate) punched: AtomicU64,
    pub(crate) acknowledged: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) failed: AtomicU64,
}

/// 2015-01-01 00:00:00, where the clock of an FK machine begins.
pub(super) const FK_EPOCH: i64 = 1_420_070_400;

/// What the machine's task and its handle share.
pub(crate) struct Shared {
    pub(crate) memory: Mutex<Memory>,
    pub(crate) clock: Mutex<MachineClock>,
    pub(crate) journal: Mutex<Journal>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) state: watch::Sender<State>,
    pub(crate) kick: Notify,
    pub(super) hurry: AtomicBool,
    pub(super) cable: watch::Sender<bool>,
    pub(super) totals: Option<Arc<Totals>>,
}

impl Shared {
    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) {
        self.state.send_modify(change);
    }

    /// Whether somebody asked for a poll right now; asking is forgotten by that.
    pub(crate) fn take_hurry(&self) -> bool {
        self.hurry.swap(false, Ordering::Relaxed)
    }

    /// As it left the factory; an FK clock then begins where it always does after a power cut.
    pub(crate) fn factory_reset(&self, profile: Profile) {
        self.memory.lock().wipe();
        if profile.dialect() == Dialect::Fk {
            self.clock.lock().set(WallTime::from_seconds(FK_EPOCH));
        }
        self.announce();
    }

    /// Waits until the cable is in or out.
    pub(crate) async fn cable_is(&self, plugged: bool) {
        // The sender lives in self, so waiting cannot fail.
        let _ = self.cable.subscribe().wait_for(|now| *now == plugged).await;
    }

    /// Brings the number of pending punches up to date after the memory was changed.
    pub(crate) fn announce(&self) {
        let pending = self.memory.lock().pending().len();
        self.change(|state| state.pending = pending);
    }

    pub(crate) fn acknowledged(&self, lines: usize, pending: usize) {
        if let Some(totals) = &self.totals {
            totals.acknowledged.fetch_add(lines as u64, Ordering::Relaxed);
        }
        self.change(|state| {
            state.acknowledged += lines as u64;
            state.pending = pending;
        });
    }

    pub(crate) fn refused(&self, problem: &'static str, status: u16) {
        if let Some(totals) = &self.totals {
            totals.refused.fetch_add(1, Ordering::Relaxed);
        }
        self.change(|state| {
            state.refused += 1;
            state.refused_status = Some(status);
            state.problem = Some(problem);
        });
    }

    pub(crate) fn failed(&self, problem: &'static str) {
        if let Some(totals) = &self.totals {
            totals.failed.fetch_add(1, Ordering::Relaxed);
        }
        self.change(|state| {
            state.failed += 1;
            state.problem = Some(problem);
        });
    }
}
