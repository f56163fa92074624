//! The life of a machine: handshake, options, polls, uploads, commands, and how it behaves when an answer does not come.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::clock::ZoneOffset;
use crate::commands::{Effect, execute, orders};
use crate::machine::{Phase, Shared};
use crate::memory::{Memory, Person, Punch};
use crate::options::ServerOptions;
use crate::profile::Profile;
use crate::wire::{Answer, Method, Wire};

/// Waits before the quick repetitions of a request that failed.
const QUICK_RETRIES: [Duration; 3] =
    [Duration::from_millis(300), Duration::from_millis(600), Duration::from_millis(900)];
/// After an error a batch has at most this many lines …
const CAREFUL_BATCH: usize = 150;
/// … and never fewer than this.
const SMALLEST_BATCH: usize = 30;
/// After executing something the machine polls again this soon.
const SOON: Duration = Duration::from_secs(1);

/// How a machine was built.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) sn: String,
    pub(crate) profile: Profile,
    /// Every wait is multiplied by this.
    pub(crate) scale: f64,
    pub(crate) batch: usize,
    /// What the server's `ErrorDelay` and `Delay` are overruled with.
    pub(crate) error_delay: Option<Duration>,
    pub(crate) delay: Option<Duration>,
    /// Pause before the first contact; thousands of machines are not switched on in the same moment.
    pub(crate) start_after: Duration,
}

/// Why a connected machine stops being so.
enum End {
    /// Handshake again at once.
    Handshake,
    /// Wait for `ErrorDelay` first.
    Offline,
}

/// What the firmware makes of an answer.
enum Verdict {
    Taken,
    Unknown,
    Refused(&'static str),
}

pub(crate) struct Engine {
    pub(crate) shared: Arc<Shared>,
    pub(crate) settings: Settings,
    pub(crate) wire: Wire,
    pub(crate) cancel: CancellationToken,
    options: ServerOptions,
    batch: usize,
    /// The zone of the last handshake; before one the machine leaves its clock alone.
    zone: Option<ZoneOffset>,
    results: Vec<u8>,
    information_due: bool,
    /// Waits since something last happened, for the ramp up to `Delay`.
    idle: u32,
    next_poll: Instant,
    last_bulk: Instant,
    last_contact: Instant,
}

impl Engine {
    pub(crate) fn new(
        shared: Arc<Shared>,
        settings: Settings,
        wire: Wire,
        cancel: CancellationToken,
    ) -> Self {
        let batch = settings.batch;
        Self {
            shared,
            settings,
            wire,
            cancel,
            options: ServerOptions::factory(),
            batch,
            zone: None,
            results: Vec::new(),
            information_due: true,
            idle: 0,
            next_poll: Instant::now(),
            last_bulk: Instant::now(),
            last_contact: Instant::now(),
        }
    }

    /// Lives until cancelled. A pulled cable drops whatever is under way, answer or not.
    pub(crate) async fn run(mut self) {
        let cancel = self.cancel.clone();
        let shared = self.shared.clone();
        let life = async {
            tokio::time::sleep(self.settings.start_after).await;
            loop {
                shared.cable_is(true).await;
                tokio::select! {
                    () = shared.cable_is(false) => {}
                    () = self.connected_life() => {}
                }
                self.wire.cut();
                shared.change(|state| state.phase = Phase::Unplugged);
            }
        };
        tokio::select! {
            () = cancel.cancelled() => {}
            () = life => {}
        }
        self.shared.change(|state| state.phase = Phase::Stopped);
    }

    async fn connected_life(&mut self) {
        loop {
            match self.session().await {
                End::Handshake => {}
                End::Offline => {
                    self.wire.cut();
                    self.shared.change(|state| state.phase = Phase::Offline);
                    let delay = self.settings.error_delay.unwrap_or(self.options.error_delay);
                    // Somebody at the machine can ask for another attempt; everything else waits.
                    let kicked = self.shared.kick.notified();
                    let _ = tokio::time::timeout(self.scaled(delay), kicked).await;
                }
            }
        }
    }

    /// From a handshake to the next.
    async fn session(&mut self) -> End {
        if let Err(end) = self.handshake().await {
            return end;
        }
        self.information_due = true;
        self.idle = 0;
        self.next_poll = Instant::now();
        loop {
            if let Err(end) = self.round().await {
                return end;
            }
            self.pause().await;
        }
    }

    async fn handshake(&mut self) -> Result<(), End> {
        let target = self.settings.profile.handshake(&self.settings.sn);
        let profile = self.settings.profile;
        // The zone counts from this handshake on, for its own Date too (C1, C8).
        self.zone = None;
        let answer = self
            .ask(Method::Get, &target, &[], |answer| {
                if !answer.ok {
                    return Verdict::Refused("handshake.refused");
                }
                match ServerOptions::parse(&answer.body, profile) {
                    Ok(_) => Verdict::Taken,
                    Err(problem) => Verdict::Refused(problem.0),
                }
            })
            .await?;
        self.options = ServerOptions::parse(&answer.body, profile).map_err(|_| End::Offline)?;
        if profile.obeys_stamps() && self.options.wants_everything() {
            self.shared.memory.lock().rewind();
        }
        self.zone = Some(self.options.zone);
        self.steer(&answer);
        self.shared.change(|state| {
            state.phase = Phase::Handshaken;
            state.handshakes += 1;
            state.problem = None;
        });
        if !self.options.wanted_options.is_empty() {
            let body = self.configuration().join(",");
            let target = format!("{}?SN={}&table=options", profile.path("cdata"), self.settings.sn);
            self.ask(Method::Post, &target, body.as_bytes(), upload_verdict).await?;
        }
        Ok(())
    }

    /// Everything that is due: punches, results, a poll and what it orders.
    async fn round(&mut self) -> Result<(), End> {
        self.upload_if_due(false).await?;
        self.post_results().await?;
        if Instant::now() >= self.next_poll || self.shared.take_hurry() {
            self.poll().await?;
            self.plan_poll();
        }
        Ok(())
    }

    async fn poll(&mut self) -> Result<(), End> {
        let profile = self.settings.profile;
        let mut target = format!("{}?SN={}", profile.path("getrequest"), self.settings.sn);
        if self.information_due {
            target.push_str(&self.information());
        }
        let answer = self.ask(Method::Get, &target, &[], poll_verdict).await?;
        self.information_due = false;
        self.shared.change(|state| state.polls += 1);
        let orders = orders(&answer.body);
        if orders.is_empty() {
            return Ok(());
        }
        self.idle = 0;
        let mut again = None;
        for order in orders {
            let effect = execute(&order.text, &mut self.shared.memory.lock(), profile);
            self.information_due = true;
            self.shared.change(|state| state.executed += 1);
            match effect {
                Effect::Done { code, echo } => self.result(&order.id, code, echo),
                Effect::Log => {
                    self.result(&order.id, 0, "LOG");
                    self.upload_if_due(true).await?;
                }
                Effect::UploadPunches { from, to } => {
                    let punches = self.shared.memory.lock().in_range(from, to);
                    self.upload_again(&punches).await?;
                    self.result(&order.id, count(punches.len()), "DATA");
                }
                Effect::UploadPeople { pin } => {
                    let people = self.upload_people(pin.as_deref()).await?;
                    self.result(&order.id, count(people), "DATA");
                }
                Effect::Count { from, to } => {
                    let sum = self.shared.memory.lock().in_range(from, to).len();
                    let echo = format!("VERIFY SUM&StartTime={from}&EndTime={to}&AttlogSum={sum}");
                    self.result(&order.id, 0, &echo);
                }
                Effect::Information => {
                    // Configuration lines follow their head to the end of the body: such a result goes alone.
                    self.post_results().await?;
                    self.result(&order.id, 0, "INFO");
                    let lines = self.configuration().join("\n") + "\n";
                    self.results.extend_from_slice(lines.as_bytes());
                    self.post_results().await?;
                }
                Effect::Check => {
                    self.result(&order.id, 0, "CHECK");
                    again = Some(End::Handshake);
                }
                Effect::Reboot => {
                    self.result(&order.id, 0, "REBOOT");
                    again = Some(End::Handshake);
                    break;
                }
            }
            self.shared.announce();
        }
        self.post_results().await?;
        again.map_or(Ok(()), Err)
    }

    /// When to poll next: soon after activity, ramping up to `Delay` in fifths.
    fn plan_poll(&mut self) {
        let delay = self.settings.delay.unwrap_or(self.options.delay);
        let wait = match self.idle {
            0 => SOON.min(delay),
            fifths => delay * fifths.min(5) / 5,
        };
        self.idle = (self.idle + 1).min(5);
        self.next_poll = Instant::now() + self.scaled(wait);
    }

    /// Waits for the time of the next poll, for a punch that shall go at once, or for somebody in a hurry.
    async fn pause(&self) {
        if self.shared.memory.lock().pending().is_empty() || !self.uploads_at_once() {
            let _ = tokio::time::timeout_at(self.next_poll, self.shared.kick.notified()).await;
        }
    }

    fn uploads_at_once(&self) -> bool {
        self.options.punches_wanted && self.options.realtime
    }

    /// Uploads pending punches, batch by batch, when the schedule says so or `now` is set.
    async fn upload_if_due(&mut self, now: bool) -> Result<(), End> {
        let due = self.options.interval.is_some_and(|pause| self.last_bulk.elapsed() >= self.scaled(pause));
        if !(now || self.uploads_at_once() || (self.options.punches_wanted && due)) {
            return Ok(());
        }
        self.last_bulk = Instant::now();
        let target = self.upload_target("ATTLOG");
        let mut body = Vec::new();
        loop {
            body.clear();
            let (era, lines) = {
                let memory = self.shared.memory.lock();
                let batch = memory.pending();
                let batch = batch.get(..self.batch.min(batch.len())).unwrap_or_default();
                batch.iter().for_each(|punch| self.settings.profile.punch_line(punch, &mut body));
                (memory.era(), batch.len())
            };
            if lines == 0 {
                return Ok(());
            }
            self.ping_if_silent().await?;
            self.ask(Method::Post, &target, &body, upload_verdict).await?;
            let pending = self.shared.memory.lock().advance(era, lines);
            self.batch = self.batch.saturating_mul(2).min(self.settings.batch);
            self.information_due = true;
            self.shared.acknowledged(lines, pending);
        }
    }

    /// Punches the server asked for again; they carry the same stamp as any other and move no position.
    async fn upload_again(&mut self, punches: &[Punch]) -> Result<(), End> {
        let target = self.upload_target("ATTLOG");
        let mut body = Vec::new();
        for batch in punches.chunks(self.batch.max(1)) {
            body.clear();
            batch.iter().for_each(|punch| self.settings.profile.punch_line(punch, &mut body));
            self.ping_if_silent().await?;
            self.ask(Method::Post, &target, &body, upload_verdict).await?;
            self.shared.change(|state| state.uploaded_again += batch.len() as u64);
        }
        Ok(())
    }

    async fn upload_people(&mut self, pin: Option<&str>) -> Result<usize, End> {
        let lines: Vec<String> = {
            let memory = self.shared.memory.lock();
            match pin {
                Some(pin) => memory.person(pin).map(user_line).into_iter().collect(),
                None => memory.people().map(user_line).collect(),
            }
        };
        let target = self.upload_target("OPERLOG");
        for batch in lines.chunks(SMALLEST_BATCH) {
            self.ask(Method::Post, &target, batch.concat().as_bytes(), upload_verdict).await?;
        }
        Ok(lines.len())
    }

    fn upload_target(&self, table: &str) -> String {
        let stamp =
            if table == "OPERLOG" && !self.settings.profile.is_modern() { "OpStamp" } else { "Stamp" };
        let (path, sn) = (self.settings.profile.path("cdata"), &self.settings.sn);
        format!("{path}?SN={sn}&table={table}&{stamp}=9999")
    }

    /// During a long upload the polls stop; firmware that may, pings instead.
    async fn ping_if_silent(&mut self) -> Result<(), End> {
        if !self.options.ping || self.last_contact.elapsed() < self.scaled(self.options.delay) {
            return Ok(());
        }
        let target = format!("{}?SN={}", self.settings.profile.path("ping"), self.settings.sn);
        self.ask(Method::Get, &target, &[], poll_verdict).await?;
        self.shared.change(|state| state.pings += 1);
        Ok(())
    }

    fn result(&mut self, id: &str, code: i64, echo: &str) {
        self.results.extend_from_slice(format!("ID={id}&Return={code}&CMD={echo}\n").as_bytes());
    }

    /// Results count as delivered after a 200 with `text/plain` and not before; until then they are sent again (H4).
    async fn post_results(&mut self) -> Result<(), End> {
        if self.results.is_empty() {
            return Ok(());
        }
        let target = format!("{}?SN={}", self.settings.profile.path("devicecmd"), self.settings.sn);
        let body = self.results.clone();
        self.ask(Method::Post, &target, &body, |answer| {
            if answer.unknown_device() {
                Verdict::Unknown
            } else if answer.ok && answer.text_plain {
                Verdict::Taken
            } else {
                Verdict::Refused("result.refused")
            }
        })
        .await?;
        self.results.clear();
        Ok(())
    }

    /// One request with its quick repetitions.
    async fn ask(
        &mut self,
        method: Method,
        target: &str,
        body: &[u8],
        judge: impl Fn(&Answer) -> Verdict,
    ) -> Result<Answer, End> {
        let mut waits = QUICK_RETRIES.iter();
        loop {
            let problem = match self.wire.request(method, target, body).await {
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
                Err(error) => {
                    self.shared.failed(error.code());
                    error.code()
                }
            };
            tracing::debug!(sn = self.settings.sn, target, problem, "no success");
            match waits.next() {
                Some(&wait) => tokio::time::sleep(self.scaled(wait)).await,
                None => break,
            }
        }
        self.batch = (self.batch / 2).clamp(SMALLEST_BATCH, CAREFUL_BATCH).min(self.settings.batch);
        Err(End::Offline)
    }

    fn steer(&self, answer: &Answer) {
        if !(answer.ok && answer.text_plain) {
            return;
        }
        let Some(date) = &answer.date else { return };
        let Some(zone) = self.zone else { return };
        if self.shared.clock.lock().steer(date, zone, answer.round_trip) {
            self.shared.change(|state| state.clock_sets += 1);
        }
    }

    fn scaled(&self, wait: Duration) -> Duration {
        wait.mul_f64(self.settings.scale)
    }

    fn information(&self) -> String {
        let memory = self.shared.memory.lock();
        let (people, fingers, punches) =
            (memory.people().len(), memory.fingerprints(), memory.punches().len());
        let firmware = self.settings.profile.firmware().replace(' ', "%20");
        let mut info =
            format!("&INFO={firmware},{people},{fingers},{punches},192.168.1.201,10,7,12,{}", memory.faces());
        if self.settings.profile.is_modern() {
            // Writing into a String cannot fail.
            let _ = write!(info, ",11101,0,0,0");
        }
        info
    }

    /// The capability list of `table=options` and of INFO, one `Key=Value` each.
    fn configuration(&self) -> Vec<String> {
        let memory: &Memory = &self.shared.memory.lock();
        let fixed = "~DeviceName=FaceClock 7|MAC=00:17:61:00:00:01|~MaxAttLogCount=15|~MaxUserCount=30|PhotoFunOn=1|\
            FingerFunOn=1|FPVersion=10|FaceFunOn=1|FaceVersion=40|Language=83|IPAddress=192.168.1.201|\
            ~Platform=ZAM70_TFT|~OEMVendor=EXAMPLE CO., LTD.|PushVersion=Ver 3.1.2S-20250616|VisilightFun=1|\
            MultiBioDataSupport=0:1:0:0:0:0:0:0:0:1|MultiBioPhotoSupport=0:0:0:0:0:0:0:0:0:1|BioPhotoFun=1|\
            BioDataFun=|MultiBioVersion=0:10.0:0:0:0:0:0:0:0:40.1";
        let counted = [
            format!("TransactionCount={}", memory.punches().len()),
            format!("UserCount={}", memory.people().len()),
            format!("FPCount={}", memory.fingerprints()),
            format!("FaceCount={}", memory.faces()),
            format!("FWVersion={}", self.settings.profile.firmware()),
        ];
        fixed.split('|').map(str::to_owned).chain(counted).collect()
    }
}

fn upload_verdict(answer: &Answer) -> Verdict {
    if answer.unknown_device() {
        Verdict::Unknown
    } else if answer.accepts_upload() {
        Verdict::Taken
    } else {
        Verdict::Refused("upload.refused")
    }
}

/// Any text will do for a poll; an empty body means "offline".
fn poll_verdict(answer: &Answer) -> Verdict {
    if answer.unknown_device() {
        Verdict::Unknown
    } else if answer.ok && !answer.body.is_empty() {
        Verdict::Taken
    } else {
        Verdict::Refused("poll.refused")
    }
}

fn user_line(person: &Person) -> String {
    let get = |key: &str| person.fields.get(key).map_or("", String::as_str);
    format!(
        "USER PIN={}\tName={}\tPri={}\tPasswd={}\tCard={}\tGrp=1\tTZ=0000000100000000\tVerify=0\tViceCard=\n",
        person.pin,
        person.name,
        person.privilege,
        get("Passwd"),
        get("Card"),
    )
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
