//! The life every machine leads, whatever it speaks: cable in and out, requests with their quick repetitions, waits after
//! errors, restarts, and the faults that happen to it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::access::Access;
use crate::attendance::Attendance;
use crate::clock::ZoneOffset;
use crate::faults::Chance;
use crate::fk::Fk;
use crate::habits::Habits;
use crate::machine::{Phase, Shared};
use crate::profile::{Dialect, Profile};
use crate::wire::{Answer, Dribble, Request, Wire, WireError};

/// Waits before the quick repetitions of a request that failed.
const QUICK_RETRIES: [Duration; 3] =
    [Duration::from_millis(300), Duration::from_millis(600), Duration::from_millis(900)];
/// After an error a batch has at most this many lines …
const CAREFUL_BATCH: usize = 150;
/// … and never fewer than this.
pub(crate) const SMALLEST_BATCH: usize = 30;
/// Lamps, fan, Linux.
const BOOT: Duration = Duration::from_secs(20);

/// How a machine was built.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) sn: String,
    pub(crate) profile: Profile,
    pub(crate) habits: Habits,
    /// Every wait is multiplied by this.
    pub(crate) scale: f64,
    pub(crate) batch: usize,
    /// What the server's `ErrorDelay` and `Delay` are overruled with.
    pub(crate) error_delay: Option<Duration>,
    pub(crate) delay: Option<Duration>,
    /// Pause before the first contact; thousands of machines are not switched on in the same moment.
    pub(crate) start_after: Duration,
    /// A picture is taken with every punch.
    pub(crate) pictures: bool,
    /// The link is always slow.
    pub(crate) dribble: Option<Dribble>,
    /// Longest wait for an answer, whatever the server says.
    pub(crate) timeout: Option<Duration>,
}

/// Why a connected machine stops being so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Handshake again at once.
    Handshake,
    /// Wait for `ErrorDelay` first.
    Offline,
    /// Off and on again; what was not in lasting memory is forgotten, and perhaps that, too.
    Restart { wiped: bool },
}

/// What the firmware makes of an answer.
pub(crate) enum Verdict {
    Taken,
    Unknown,
    Refused(&'static str),
}

/// A machine's line to its server and what all dialects need beside it.
pub(crate) struct Line {
    pub(crate) shared: Arc<Shared>,
    pub(crate) settings: Settings,
    pub(crate) batch: usize,
    /// The zone of the last handshake, for machines that follow the server's `Date`; before one they leave their clock alone.
    pub(crate) zone: Option<ZoneOffset>,
    /// How long to stay away after an error.
    pub(crate) error_delay: Duration,
    pub(crate) last_contact: Instant,
    wire: Wire,
    /// What is sent now is a message of its own and may come twice.
    pub(crate) whole: bool,
    pub(crate) chance: Chance,
}

enum Mishap {
    Wire(WireError),
    Restart { wiped: bool },
}

impl From<WireError> for Mishap {
    fn from(error: WireError) -> Self {
        Self::Wire(error)
    }
}

impl Line {
    /// One request with its quick repetitions.
    pub(crate) async fn ask(
        &mut self,
        request: Request<'_>,
        judge: impl Fn(&Answer) -> Verdict,
    ) -> Result<Answer, End> {
        let retries: &[Duration] =
            if self.settings.profile.dialect() == Dialect::Fk { &[] } else { &QUICK_RETRIES };
        let mut waits = retries.iter();
        loop {
            let problem = match self.exchange(request, &judge).await {
                Ok(answer) => {
                    self.steer(&answer);
                    match judge(&answer) {
                        Verdict::Taken => {
                            self.last_contact = Instant::now();
                            return Ok(answer);
                        }
                        Verdict::Unknown => {
                            self.shared.refused("answer.unknown_device", answer.status);
                            return Err(End::Handshake);
                        }
                        Verdict::Refused(problem) => {
                            self.shared.refused(problem, answer.status);
                            problem
                        }
                    }
                }
                Err(Mishap::Restart { wiped }) => return Err(End::Restart { wiped }),
                Err(Mishap::Wire(error)) => {
                    self.shared.failed(error.code());
                    error.code()
                }
            };
            tracing::debug!(sn = self.settings.sn, request.target, problem, "no success");
            match waits.next() {
                Some(&wait) => tokio::time::sleep(self.scaled(wait)).await,
                None => break,
            }
        }
        self.batch = (self.batch / 2).clamp(SMALLEST_BATCH, CAREFUL_BATCH).min(self.settings.batch);
        Err(End::Offline)
    }

    /// One request, with whatever goes wrong on the way.
    async fn exchange(
        &mut self,
        request: Request<'_>,
        judge: &impl Fn(&Answer) -> Verdict,
    ) -> Result<Answer, Mishap> {
        let faults = *self.shared.faults.lock();
        if self.chance.hits(faults.reboots) {
            let part = self.chance.share();
            // Whether that much went out does not matter to a machine that is off.
            let _ = self.wire.send_part(request, part).await;
            return Err(Mishap::Restart { wiped: self.chance.hits(faults.wipes) });
        }
        let slow = self.chance.hits(faults.slow);
        self.wire.set_dribble(if slow { faults.dribble } else { self.settings.dribble });
        if !request.body.is_empty() && self.chance.hits(faults.bodies_cut) {
            let answer = self.wire.send_short(request).await?;
            if matches!(judge(&answer), Verdict::Taken) {
                self.shared.journal.lock().half_a_body(request.target);
            }
            return Err(WireError::Lost.into());
        }
        let mut answer = self.wire.send(request).await?;
        if self.whole && self.chance.hits(faults.requests_repeated) {
            let second = self.wire.send(request).await?;
            // Which of the two arrives last is chance, too.
            if self.chance.hits(0.5) {
                answer = second;
            }
        }
        if self.chance.hits(faults.answers_lost) {
            return Err(WireError::Lost.into());
        }
        Ok(answer)
    }

    pub(crate) fn steer(&self, answer: &Answer) {
        if !(answer.ok && answer.text_plain) {
            return;
        }
        let Some(date) = &answer.date else { return };
        let Some(zone) = self.zone else { return };
        if self.shared.clock.lock().steer(date, zone, answer.round_trip) {
            self.shared.change(|state| state.clock_sets += 1);
        }
    }

    /// A batch went well: larger ones may, too.
    pub(crate) fn batch_taken(&mut self) {
        self.batch = self.batch.saturating_mul(2).min(self.settings.batch);
    }

    /// Whether the fault of this share happens now.
    pub(crate) fn strikes(&mut self, share: impl FnOnce(&crate::faults::Faults) -> f64) -> bool {
        let share = share(&self.shared.faults.lock());
        self.chance.hits(share)
    }

    pub(crate) fn scaled(&self, wait: Duration) -> Duration {
        wait.mul_f64(self.settings.scale)
    }

    /// The server said how long its answers may take; whoever built the machine knows better.
    pub(crate) const fn set_timeout(&mut self, limit: Duration) {
        if self.settings.timeout.is_none() {
            self.wire.set_timeout(limit);
        }
    }

    /// Waits for a moment, or for somebody in a hurry.
    pub(crate) async fn wait_until(&self, moment: Instant) {
        let _ = tokio::time::timeout_at(moment, self.shared.kick.notified()).await;
    }
}

/// What runs on the machine.
enum Firmware {
    Attendance(Box<Attendance>),
    Access(Box<Access>),
    Fk(Box<Fk>),
}

impl Firmware {
    fn boot(profile: Profile) -> Self {
        match profile.dialect() {
            Dialect::Attendance => Self::Attendance(Box::default()),
            Dialect::Access => Self::Access(Box::default()),
            Dialect::Fk => Self::Fk(Box::default()),
        }
    }

    async fn session(&mut self, line: &mut Line) -> End {
        match self {
            Self::Attendance(firmware) => firmware.session(line).await,
            Self::Access(firmware) => firmware.session(line).await,
            Self::Fk(firmware) => firmware.session(line).await,
        }
    }
}

/// A machine from being switched on to being switched off.
pub(crate) struct Life {
    line: Line,
    firmware: Firmware,
    cancel: CancellationToken,
}

impl Life {
    pub(crate) fn new(
        shared: Arc<Shared>,
        settings: Settings,
        wire: Wire,
        cancel: CancellationToken,
    ) -> Self {
        let seed = shared.faults.lock().seed;
        let firmware = Firmware::boot(settings.profile);
        let line = Line {
            batch: settings.batch,
            zone: None,
            error_delay: Duration::from_secs(30),
            last_contact: Instant::now(),
            wire,
            whole: true,
            chance: Chance::new(seed, &settings.sn),
            shared,
            settings,
        };
        Self { line, firmware, cancel }
    }

    /// Lives until cancelled. A pulled cable drops whatever is under way, answer or not.
    pub(crate) async fn run(mut self) {
        let cancel = self.cancel.clone();
        let shared = self.line.shared.clone();
        let life = async {
            tokio::time::sleep(self.line.settings.start_after).await;
            loop {
                shared.cable_is(true).await;
                tokio::select! {
                    () = shared.cable_is(false) => {}
                    () = self.connected_life() => {}
                }
                self.line.wire.cut();
                shared.change(|state| state.phase = Phase::Unplugged);
            }
        };
        tokio::select! {
            () = cancel.cancelled() => {}
            () = life => {}
        }
        self.line.shared.change(|state| state.phase = Phase::Stopped);
    }

    async fn connected_life(&mut self) {
        loop {
            let end = self.firmware.session(&mut self.line).await;
            match end {
                End::Handshake => {}
                End::Offline => {
                    self.line.wire.cut();
                    self.line.shared.change(|state| state.phase = Phase::Offline);
                    let delay = self.line.settings.error_delay.unwrap_or(self.line.error_delay);
                    // Somebody at the machine can ask for another attempt; everything else waits.
                    self.line.wait_until(Instant::now() + self.line.scaled(delay)).await;
                }
                End::Restart { wiped } => {
                    self.line.wire.cut();
                    self.line.zone = None;
                    self.firmware = Firmware::boot(self.line.settings.profile);
                    if wiped {
                        self.line.shared.factory_reset(self.line.settings.profile);
                    }
                    self.line.shared.change(|state| {
                        state.phase = Phase::Starting;
                        state.restarts += 1;
                    });
                    tokio::time::sleep(self.line.scaled(BOOT)).await;
                }
            }
        }
    }
}
