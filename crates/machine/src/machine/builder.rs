//! How a machine shall be.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use parking_lot::Mutex;
use rollcall_protocol::WallTime;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::state::FK_EPOCH;
use super::{MachineHandle, Shared, State, Totals};
use crate::clock::MachineClock;
use crate::faults::Faults;
use crate::habits::Habits;
use crate::journal::Journal;
use crate::life::{Life, Settings};
use crate::memory::{Memory, Person};
use crate::profile::{Dialect, Profile};
use crate::wire::{Dribble, HttpVersion, ServerAddress, Wire, WireOptions};

/// 2000-01-01 00:00:00, what a machine shows whose battery was empty.
const BATTERY_EMPTY: i64 = 946_684_800;

/// How a machine shall be.
#[derive(Debug)]
pub struct MachineBuilder {
    sn: String,
    server: Option<ServerAddress>,
    profile: Profile,
    faults: Faults,
    habits: Habits,
    pictures: bool,
    wire: WireOptions,
    scale: f64,
    batch: usize,
    error_delay: Option<Duration>,
    delay: Option<Duration>,
    clock: Option<WallTime>,
    plugged: bool,
    start_after: Duration,
    memory: Memory,
    remembered: Vec<(String, WallTime)>,
    totals: Option<Arc<Totals>>,
}

impl MachineBuilder {
    pub(super) fn new(sn: String) -> Self {
        Self {
            sn,
            server: None,
            profile: Profile::MODERN,
            faults: Faults::default(),
            habits: Habits::default(),
            pictures: false,
            wire: WireOptions::default(),
            scale: 1.0,
            batch: 500,
            error_delay: None,
            delay: None,
            clock: None,
            plugged: true,
            start_after: Duration::ZERO,
            memory: Memory::default(),
            remembered: Vec::new(),
            totals: None,
        }
    }

    /// Server address, as typed into the machine's menu. Without one the machine talks to port 8083 of this computer.
    #[must_use]
    pub fn server(mut self, server: impl Into<ServerAddress>) -> Self {
        self.server = Some(server.into());
        self
    }

    /// What the machine speaks, with the usual firmware for it; attendance when not given.
    #[must_use]
    pub fn dialect(self, dialect: Dialect) -> Self {
        self.profile(Profile::of(dialect))
    }

    /// What goes wrong; nothing when not given.
    #[must_use]
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// What its firmware does otherwise than documented; nothing when not given.
    #[must_use]
    pub fn habits(mut self, habits: Habits) -> Self {
        self.habits = habits;
        self
    }

    /// Takes a picture with every punch (attendance machines).
    #[must_use]
    pub fn pictures(mut self, take: bool) -> Self {
        self.pictures = take;
        self
    }

    /// How many people fit; no limit when not given.
    #[must_use]
    pub fn room_for(mut self, people: usize) -> Self {
        self.memory.limit(people);
        self
    }

    /// Generation of the firmware; a modern attendance machine when not given.
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

    /// What the machine's clock shows when it is switched on; as after an empty battery when not given: 2000-01-01, on FK
    /// machines 2015-01-01.
    #[must_use]
    pub fn clock(mut self, shown: WallTime) -> Self {
        self.clock = Some(shown);
        self
    }

    /// Starts with the cable out.
    #[must_use]
    pub fn unplugged(mut self) -> Self {
        self.plugged = false;
        self
    }

    /// Somebody already enrolled, and let in where there is a door.
    #[must_use]
    pub fn person(mut self, person: Person) -> Self {
        self.memory.authorize(&person.pin, "1".to_owned());
        self.memory.enrol(person);
        self
    }

    /// Punches of before, which it has uploaded to somebody already: it sends them only when it is asked to.
    #[must_use]
    pub fn remembers<'a>(mut self, punches: impl IntoIterator<Item = (&'a str, WallTime)>) -> Self {
        self.remembered.extend(punches.into_iter().map(|(pin, time)| (pin.to_owned(), time)));
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
    pub fn start(mut self) -> MachineHandle {
        let status = if self.profile.dialect() == Dialect::Access { 0 } else { 255 };
        for (pin, time) in &self.remembered {
            self.memory.punch(pin, *time, status, 15);
        }
        self.memory.advance(self.memory.era(), self.remembered.len());
        let server = self.server.unwrap_or_else(|| std::net::SocketAddr::from(([127, 0, 0, 1], 8083)).into());
        let fk = self.profile.dialect() == Dialect::Fk;
        let begin = WallTime::from_seconds(if fk { FK_EPOCH } else { BATTERY_EMPTY });
        let mut clock = MachineClock::new(self.clock.unwrap_or(begin));
        clock.spoil(self.faults.clock_ahead, self.faults.clock_drift);
        let shared = Arc::new(Shared {
            memory: Mutex::new(self.memory),
            clock: Mutex::new(clock),
            journal: Mutex::new(Journal::default()),
            faults: Mutex::new(self.faults),
            state: watch::Sender::new(State::default()),
            kick: Notify::new(),
            hurry: AtomicBool::new(false),
            cable: watch::Sender::new(self.plugged),
            totals: self.totals,
        });
        let settings = Settings {
            sn: self.sn.clone(),
            profile: self.profile,
            habits: self.habits,
            scale: self.scale,
            batch: self.batch,
            error_delay: self.error_delay,
            delay: self.delay,
            start_after: self.start_after,
            pictures: self.pictures,
            dribble: self.wire.dribble,
            timeout: self.wire.timeout,
        };
        let cancel = CancellationToken::new();
        let life = Life::new(shared.clone(), settings, Wire::new(server, self.wire), cancel.clone());
        let task = tokio::spawn(life.run());
        MachineHandle { sn: self.sn, profile: self.profile, shared, cancel, task: Some(task) }
    }
}
