//! Many machines at once, punching at a given rate.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior};

use crate::faults::Faults;
use crate::machine::{Machine, MachineHandle, Phase, Totals};
use crate::memory::Person;
use crate::profile::{Dialect, Profile};
use crate::wire::ServerAddress;

/// What a fleet shall be like.
#[derive(Clone, Debug)]
pub struct FleetOptions {
    /// Server of all machines.
    pub server: ServerAddress,
    /// How many machines.
    pub machines: u32,
    /// Serial numbers are this and seven digits counting from 1.
    pub prefix: String,
    /// Punches per second, over all machines; 0 = none.
    pub rate: f64,
    /// Different people who punch.
    pub people: u32,
    /// Firmware of the machines, in turn.
    pub profiles: Vec<Profile>,
    /// What goes wrong with them.
    pub faults: Faults,
    /// Every fourth machine takes pictures.
    pub pictures: bool,
    /// Overrules the server's pause between polls.
    pub delay: Option<Duration>,
    /// Keep one connection per machine open.
    pub keep_alive: bool,
    /// Connect from 127.0.0.1, 127.0.0.2 … in turn, so many different addresses; 0 = leave the choice to the system.
    pub sources: u8,
    /// Multiplies every wait of the machines.
    pub time_scale: f64,
    /// The machines make their first contact spread over this time.
    pub ramp: Duration,
}

impl FleetOptions {
    /// Modern machines in real time, not punching.
    #[must_use]
    pub fn new(server: impl Into<ServerAddress>, machines: u32) -> Self {
        Self {
            server: server.into(),
            machines,
            prefix: "SIM".to_owned(),
            rate: 0.0,
            people: 1000,
            profiles: vec![Profile::MODERN],
            faults: Faults::default(),
            pictures: false,
            delay: None,
            keep_alive: false,
            sources: 0,
            time_scale: 1.0,
            ramp: Duration::from_millis(u64::from(machines) * 2),
        }
    }

    /// Firmware of the machine with this index, counting from 0.
    #[must_use]
    pub fn profile(&self, index: u32) -> Profile {
        let place = usize::try_from(index).unwrap_or(0) % self.profiles.len().max(1);
        self.profiles.get(place).copied().unwrap_or(Profile::MODERN)
    }

    /// Serial number of the machine with this index, counting from 0.
    #[must_use]
    pub fn sn(&self, index: u32) -> String {
        format!("{}{:07}", self.prefix, u64::from(index) + 1)
    }
}

/// Sums over a fleet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Machines connected at this moment.
    pub connected: usize,
    /// Punches made.
    pub punched: u64,
    /// Punches the server accepted.
    pub acknowledged: u64,
    /// Requests answered, but not in a way that counts as success.
    pub refused: u64,
    /// Requests without a usable answer.
    pub failed: u64,
}

/// Running machines; dropping it switches them off.
#[derive(Debug)]
pub struct Fleet {
    machines: Arc<Vec<MachineHandle>>,
    totals: Arc<Totals>,
    puncher: Option<JoinHandle<()>>,
}

impl Fleet {
    /// Switches the machines on. Must be called inside a tokio runtime.
    #[must_use]
    pub fn start(options: &FleetOptions) -> Self {
        let totals = Arc::new(Totals::default());
        let machines = (0..options.machines).map(|index| {
            let mut builder = Machine::builder(options.sn(index))
                .server(options.server.clone())
                .profile(options.profile(index))
                .faults(options.faults)
                .pictures(options.pictures && index % 4 == 0)
                .keep_alive(options.keep_alive)
                .time_scale(options.time_scale)
                .start_after(options.ramp.mul_f64(f64::from(index) / f64::from(options.machines)))
                .totals(totals.clone());
            if let Some(delay) = options.delay {
                builder = builder.delay(delay);
            }
            if options.profile(index).dialect() == Dialect::Access {
                // Where nobody may pass, nobody punches.
                for pin in 1..=options.people {
                    builder = builder.person(Person::new(pin.to_string(), format!("Person {pin}")));
                }
            }
            if let Some(turn) = index.checked_rem(options.sources.into()) {
                // Below 255, since `sources` is.
                let last = u8::try_from(turn + 1).unwrap_or(1);
                builder = builder.source(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)));
            }
            builder.start()
        });
        let machines = Arc::new(machines.collect::<Vec<_>>());
        let puncher = (options.rate > 0.0)
            .then(|| tokio::spawn(punch_steadily(machines.clone(), options.rate, options.people.max(1))));
        Self { machines, totals, puncher }
    }

    /// The machines.
    #[must_use]
    pub fn machines(&self) -> &[MachineHandle] {
        &self.machines
    }

    /// The machines, for a task of their own.
    #[must_use]
    pub fn shared_machines(&self) -> Arc<Vec<MachineHandle>> {
        self.machines.clone()
    }

    /// The sums now.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let connected = self
            .machines
            .iter()
            .filter(|machine| machine.state().borrow().phase == Phase::Handshaken)
            .count();
        Counters {
            connected,
            punched: self.totals.punched.load(Ordering::Relaxed),
            acknowledged: self.totals.acknowledged.load(Ordering::Relaxed),
            refused: self.totals.refused.load(Ordering::Relaxed),
            failed: self.totals.failed.load(Ordering::Relaxed),
        }
    }

    /// Nobody punches any more; the machines go on.
    pub async fn stop_punching(&mut self) {
        if let Some(puncher) = self.puncher.take() {
            puncher.abort();
            // Cancelled on purpose.
            let _ = puncher.await;
        }
    }

    /// Waits until everything punched so far has been accepted.
    pub async fn wait_uploaded(&self) {
        for machine in self.machines.iter() {
            machine.wait_uploaded().await;
        }
    }

    /// Switches all machines off.
    pub async fn stop(mut self) -> Counters {
        self.stop_punching().await;
        let counters = self.counters();
        if let Some(machines) = Arc::into_inner(self.machines) {
            for machine in machines {
                machine.stop().await;
            }
        }
        counters
    }
}

async fn punch_steadily(machines: Arc<Vec<MachineHandle>>, rate: f64, people: u32) {
    let started = Instant::now();
    let mut tick = tokio::time::interval(Duration::from_millis(10));
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let (mut done, mut random) = (0_u64, 0x2545_F491_4F6C_DD1D_u64);
    loop {
        tick.tick().await;
        let due = rate * started.elapsed().as_secs_f64();
        while (done as f64) < due {
            done += 1;
            // xorshift: which machine and who need not be unpredictable, only spread.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let index = usize::try_from(random >> 32).unwrap_or(0) % machines.len().max(1);
            let pin = (random & 0xFFFF_FFFF) % u64::from(people) + 1;
            let Some(machine) = machines.get(index) else { return };
            machine.punch(&pin.to_string());
        }
    }
}
