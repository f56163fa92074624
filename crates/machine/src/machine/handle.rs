//! A running machine, as tests and people hold it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use rollcall_protocol::WallTime;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{Phase, Shared, State};
use crate::faults::Faults;
use crate::journal::Journal;
use crate::memory::{Memory, Person, Punch};
use crate::profile::{Dialect, Profile};
use crate::{access, attendance, fk};

/// A running machine. Dropping the handle switches it off.
pub struct MachineHandle {
    pub(super) sn: String,
    pub(super) profile: Profile,
    pub(super) shared: Arc<Shared>,
    pub(super) cancel: CancellationToken,
    pub(super) task: Option<JoinHandle<()>>,
}

impl std::fmt::Debug for MachineHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MachineHandle").field("sn", &self.sn).finish_non_exhaustive()
    }
}

impl MachineHandle {
    /// Serial number.
    #[must_use]
    pub fn sn(&self) -> &str {
        &self.sn
    }

    /// What it speaks.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.profile.dialect()
    }

    /// Somebody is recognised now, by the machine's clock; by face, without choosing a key. An access terminal records nothing
    /// of somebody who may not pass its door, and of somebody it does not know only that there was a stranger.
    pub fn punch(&self, pin: &str) -> Option<Punch> {
        let now = self.shared.clock.lock().now();
        let mut memory = self.shared.memory.lock();
        let punch = if self.dialect() == Dialect::Access {
            if memory.person(pin).is_none() {
                memory.record("0", now, 2, 200, 27);
                None
            } else if memory.authorized(pin) {
                let time = memory.free_second(pin, now);
                Some(memory.punch(pin, time, 0, 15))
            } else {
                return None;
            }
        } else {
            let time = memory.free_second(pin, now);
            Some(memory.punch(pin, time, 255, 15))
        };
        drop(memory);
        self.punched(1);
        punch
    }

    /// Something else happens at an access terminal's door (access-push §13); 0 is nobody.
    pub fn door_event(&self, pin: &str, event: u16) -> Punch {
        let now = self.shared.clock.lock().now();
        let mut memory = self.shared.memory.lock();
        let time = memory.free_second(pin, now);
        let record = memory.record(pin, time, 2, if pin == "0" { 200 } else { 15 }, event);
        drop(memory);
        self.punched(1);
        record
    }

    /// Somebody was recognised at a given time of the machine's clock, which is kept exactly as given.
    pub fn punch_at(&self, pin: &str, time: WallTime) -> Punch {
        self.punch_with(pin, time, 255, 15)
    }

    /// Like [`punch_at`](Self::punch_at) with a chosen key and way of recognition.
    pub fn punch_with(&self, pin: &str, time: WallTime, status: u8, verify: u8) -> Punch {
        let punch = self.shared.memory.lock().punch(pin, time, status, verify);
        self.punched(1);
        punch
    }

    /// Many at once, before the machine can upload the first of them.
    pub fn punch_all<'a>(&self, punches: impl IntoIterator<Item = (&'a str, WallTime)>) -> usize {
        let mut memory = self.shared.memory.lock();
        let count = punches.into_iter().map(|(pin, time)| memory.punch(pin, time, 255, 15)).count();
        drop(memory);
        self.punched(count as u64);
        count
    }

    fn punched(&self, count: u64) {
        if let Some(totals) = &self.shared.totals {
            totals.punched.fetch_add(count, Ordering::Relaxed);
        }
        self.shared.announce();
        if self.state().borrow().phase == Phase::Handshaken {
            self.shared.kick.notify_one();
        }
    }

    /// Waits until the server has accepted everything punched so far.
    pub async fn wait_uploaded(&self) {
        self.wait_for(|state| state.pending == 0).await;
    }

    /// Waits until the state is as wanted.
    pub async fn wait_for(&self, wanted: impl FnMut(&State) -> bool) {
        // The sender lives in self, so waiting cannot fail.
        let _ = self.shared.state.subscribe().wait_for(wanted).await;
    }

    /// The state now and all its changes.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<State> {
        self.shared.state.subscribe()
    }

    /// A copy of the machine's memory.
    #[must_use]
    pub fn memory(&self) -> Memory {
        self.shared.memory.lock().clone()
    }

    /// Whether somebody is enrolled.
    #[must_use]
    pub fn knows(&self, pin: &str) -> bool {
        self.shared.memory.lock().person(pin).is_some()
    }

    /// What the machine's clock shows.
    #[must_use]
    pub fn clock(&self) -> WallTime {
        self.shared.clock.lock().now()
    }

    /// Somebody changes the machine's clock.
    pub fn set_clock(&self, shown: WallTime) {
        self.shared.clock.lock().set(shown);
    }

    /// Pulls the cable; whatever is under way breaks off.
    pub fn unplug(&self) {
        self.shared.cable.send_replace(false);
    }

    /// Puts the cable back in.
    pub fn plug(&self) {
        self.shared.cable.send_replace(true);
    }

    /// Ends a wait at once: the next attempt or poll happens now.
    pub fn hurry(&self) {
        self.shared.hurry.store(true, Ordering::Relaxed);
        self.shared.kick.notify_one();
    }

    /// Somebody is enrolled in the machine's menu and let in where there is a door; the machine tells the server (U6).
    pub fn enrol(&self, person: Person) {
        let time = self.shared.clock.lock().now().to_string();
        let mut memory = self.shared.memory.lock();
        match self.profile.dialect() {
            Dialect::Attendance => {
                memory.report("OPERLOG", attendance::enrolment(&person, &time, self.profile.generation()));
            }
            Dialect::Access => memory.report("user", access::user_row(&person, self.profile.terminal())),
            Dialect::Fk => memory.report(fk::ENROLMENT, person.pin.clone().into_bytes()),
        }
        memory.authorize(&person.pin, "1".to_owned());
        memory.enrol(person);
        drop(memory);
        self.shared.kick.notify_one();
    }

    /// Something is done at an attendance machine that it writes down (attendance-push §8.1).
    pub fn operation(&self, code: u16, operator: &str, objects: [&str; 4]) {
        let time = self.shared.clock.lock().now();
        let line = format!("OPLOG {code}\t{operator}\t{time}\t{}\n", objects.join("\t"));
        self.shared.memory.lock().report("OPERLOG", line.into_bytes());
        self.shared.kick.notify_one();
    }

    /// Factory reset: people, punches and settings are gone, uploaded or not.
    pub fn wipe(&self) {
        self.shared.factory_reset(self.profile);
    }

    /// What goes wrong from now on.
    pub fn set_faults(&self, faults: Faults) {
        self.shared.clock.lock().spoil(faults.clock_ahead, faults.clock_drift);
        *self.shared.faults.lock() = faults;
    }

    /// What goes wrong now.
    #[must_use]
    pub fn faults(&self) -> Faults {
        *self.shared.faults.lock()
    }

    /// Every command it was ever given, and what became of it.
    #[must_use]
    pub fn journal(&self) -> Journal {
        self.shared.journal.lock().clone()
    }

    /// Switches the machine off and returns what it remembered.
    pub async fn stop(mut self) -> Memory {
        self.cancel.cancel();
        if let Some(task) = self.task.take() {
            // A panic inside the simulation has already been printed by the runtime.
            let _ = task.await;
        }
        let memory = self.shared.memory.lock();
        memory.clone()
    }
}

impl Drop for MachineHandle {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}
