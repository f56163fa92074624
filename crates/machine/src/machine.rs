//! A machine as tests and people hold it: build one, punch on it, look into it.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use rollcall_protocol::WallTime;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::MachineClock;
use crate::engine::{Engine, Settings};
use crate::memory::{Memory, Person, Punch};
use crate::profile::Profile;
use crate::wire::{Dribble, HttpVersion, ServerAddress, Wire, WireOptions};

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
    /// Polls answered.
    pub polls: u64,
    /// Pings answered.
    pub pings: u64,
    /// Punches the server accepted.
    pub acknowledged: u64,
    /// Punches sent once more because the server asked for them.
    pub uploaded_again: u64,
    /// Requests answered, but not in a way that counts as success.
    pub refused: u64,
    /// Requests without a usable answer.
    pub failed: u64,
    /// Punches not yet accepted.
    pub pending: usize,
    /// Commands executed.
    pub executed: u64,
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

/// What the machine's task and its handle share.
pub(crate) struct Shared {
    pub(crate) memory: Mutex<Memory>,
    pub(crate) clock: Mutex<MachineClock>,
    pub(crate) state: watch::Sender<State>,
    pub(crate) kick: Notify,
    hurry: AtomicBool,
    cable: watch::Sender<bool>,
    totals: Option<Arc<Totals>>,
}

impl Shared {
    pub(crate) fn change(&self, change: impl FnOnce(&mut State)) {
        self.state.send_modify(change);
    }

    /// Whether somebody asked for a poll right now; asking is forgotten by that.
    pub(crate) fn take_hurry(&self) -> bool {
        self.hurry.swap(false, Ordering::Relaxed)
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

/// A simulated attendance machine; see [`Machine::builder`].
#[derive(Debug)]
pub struct Machine;

impl Machine {
    /// Begins a machine with this serial number, taken as it is: a wrong one is the commonest fault in the field.
    #[must_use]
    pub fn builder(sn: impl Into<String>) -> MachineBuilder {
        MachineBuilder {
            sn: sn.into(),
            server: None,
            profile: Profile::MODERN,
            wire: WireOptions::default(),
            scale: 1.0,
            batch: 500,
            error_delay: None,
            delay: None,
            clock: WallTime::from_seconds(BATTERY_EMPTY),
            plugged: true,
            start_after: Duration::ZERO,
            memory: Memory::default(),
            totals: None,
        }
    }
}

/// 2000-01-01 00:00:00, what a machine shows whose battery was empty.
const BATTERY_EMPTY: i64 = 946_684_800;

/// How a machine shall be.
#[derive(Debug)]
pub struct MachineBuilder {
    sn: String,
    server: Option<ServerAddress>,
    profile: Profile,
    wire: WireOptions,
    scale: f64,
    batch: usize,
    error_delay: Option<Duration>,
    delay: Option<Duration>,
    clock: WallTime,
    plugged: bool,
    start_after: Duration,
    memory: Memory,
    totals: Option<Arc<Totals>>,
}

impl MachineBuilder {
    /// Server address, as typed into the machine's menu. Without one the machine talks to port 8083 of this computer.
    #[must_use]
    pub fn server(mut self, server: impl Into<ServerAddress>) -> Self {
        self.server = Some(server.into());
        self
    }

    /// Generation of the firmware; modern when not given.
    #[must_use]
    pub fn profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// HTTP version of the requests; 1.1 when not given.
    #[must_use]
    pub fn http(mut self, version: HttpVersion) -> Self {
        self.wire.version = version;
        self
    }

    /// Keeps one connection open instead of opening one per request.
    #[must_use]
    pub fn keep_alive(mut self, keep: bool) -> Self {
        self.wire.keep_alive = keep;
        self
    }

    /// Writes requests in pieces of so many bytes with a pause after each.
    #[must_use]
    pub fn dribble(mut self, bytes: usize, pause: Duration) -> Self {
        self.wire.dribble = Some(Dribble { bytes, pause });
        self
    }

    /// Local address to connect from.
    #[must_use]
    pub fn source(mut self, address: IpAddr) -> Self {
        self.wire.source = Some(address);
        self
    }

    /// Longest wait for an answer; never scaled.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.wire.timeout = Some(timeout);
        self
    }

    /// Multiplies every wait of the machine (delays, retries), so that tests need not wait as long as a wall does.
    #[must_use]
    pub fn time_scale(mut self, scale: f64) -> Self {
        self.scale = scale.max(0.0);
        self
    }

    /// Most punches per upload while all is well; 500 when not given.
    #[must_use]
    pub fn batch(mut self, lines: usize) -> Self {
        self.batch = lines.max(1);
        self
    }

    /// Overrules the server's `ErrorDelay`.
    #[must_use]
    pub fn error_delay(mut self, delay: Duration) -> Self {
        self.error_delay = Some(delay);
        self
    }

    /// Overrules the server's `Delay` between polls.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// What the machine's clock shows when it is switched on; 2000-01-01, as after an empty battery, when not given.
    #[must_use]
    pub fn clock(mut self, shown: WallTime) -> Self {
        self.clock = shown;
        self
    }

    /// Starts with the cable out.
    #[must_use]
    pub fn unplugged(mut self) -> Self {
        self.plugged = false;
        self
    }

    /// Somebody already enrolled.
    #[must_use]
    pub fn person(mut self, person: Person) -> Self {
        self.memory.enrol(person);
        self
    }

    /// Waits this long before the first contact; never scaled.
    #[must_use]
    pub fn start_after(mut self, pause: Duration) -> Self {
        self.start_after = pause;
        self
    }

    pub(crate) fn totals(mut self, totals: Arc<Totals>) -> Self {
        self.totals = Some(totals);
        self
    }

    /// Switches the machine on. Must be called inside a tokio runtime.
    #[must_use]
    pub fn start(self) -> MachineHandle {
        let server = self.server.unwrap_or_else(|| std::net::SocketAddr::from(([127, 0, 0, 1], 8083)).into());
        let shared = Arc::new(Shared {
            memory: Mutex::new(self.memory),
            clock: Mutex::new(MachineClock::new(self.clock)),
            state: watch::Sender::new(State::default()),
            kick: Notify::new(),
            hurry: AtomicBool::new(false),
            cable: watch::Sender::new(self.plugged),
            totals: self.totals,
        });
        let settings = Settings {
            sn: self.sn.clone(),
            profile: self.profile,
            scale: self.scale,
            batch: self.batch,
            error_delay: self.error_delay,
            delay: self.delay,
            start_after: self.start_after,
        };
        let cancel = CancellationToken::new();
        let engine = Engine::new(shared.clone(), settings, Wire::new(server, self.wire), cancel.clone());
        let task = tokio::spawn(engine.run());
        MachineHandle { sn: self.sn, shared, cancel, task: Some(task) }
    }
}

/// A running machine. Dropping the handle switches it off.
pub struct MachineHandle {
    sn: String,
    shared: Arc<Shared>,
    cancel: CancellationToken,
    task: Option<JoinHandle<()>>,
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

    /// Somebody is recognised now, by the machine's clock; by face, without choosing a key.
    pub fn punch(&self, pin: &str) -> Punch {
        let now = self.shared.clock.lock().now();
        let mut memory = self.shared.memory.lock();
        let time = memory.free_second(pin, now);
        let punch = memory.punch(pin, time, 255, 15);
        drop(memory);
        self.punched(1);
        punch
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
        self.punched(count);
        count
    }

    fn punched(&self, count: usize) {
        if let Some(totals) = &self.shared.totals {
            totals.punched.fetch_add(count as u64, Ordering::Relaxed);
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

    /// Enrols somebody at the machine.
    pub fn enrol(&self, person: Person) {
        self.shared.memory.lock().enrol(person);
    }

    /// Factory reset: people, punches and settings are gone, uploaded or not.
    pub fn wipe(&self) {
        self.shared.memory.lock().wipe();
        self.shared.announce();
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
