//! Attendance PUSH, from the machine's side: handshake, options, polls, uploads, commands, and how it behaves when an answer
//! does not come.

mod codes;
mod commands;
mod generation;
mod options;
mod people;

use std::time::Duration;

use tokio::time::Instant;

use crate::life::{End, Line, SMALLEST_BATCH, Verdict};
use crate::machine::Phase;
use crate::memory::{Memory, Person, Punch};
use crate::wire::{Answer, ICLOCK, Method, Request};

use commands::{Effect, Order, execute, orders};
pub(crate) use generation::Generation;
use options::ServerOptions;

/// After executing something the machine polls again this soon.
const SOON: Duration = Duration::from_secs(1);

/// What the firmware knows until it is switched off.
pub(crate) struct Attendance {
    options: ServerOptions,
    /// Results not yet accepted: the number they are about, and the line.
    results: Vec<(String, Vec<u8>)>,
    information_due: bool,
    /// Waits since something last happened, for the ramp up to `Delay`.
    idle: u32,
    next_poll: Instant,
    last_bulk: Instant,
}

impl Default for Attendance {
    fn default() -> Self {
        Self {
            options: ServerOptions::factory(),
            results: Vec::new(),
            information_due: true,
            idle: 0,
            next_poll: Instant::now(),
            last_bulk: Instant::now(),
        }
    }
}

const fn get(target: &str) -> Request<'_> {
    Request { method: Method::Get, target, headers: ICLOCK, body: &[] }
}

const fn post<'a>(target: &'a str, body: &'a [u8]) -> Request<'a> {
    Request { method: Method::Post, target, headers: ICLOCK, body }
}

impl Attendance {
    /// From a handshake to the next.
    pub(crate) async fn session(&mut self, line: &mut Line) -> End {
        if let Err(end) = self.handshake(line).await {
            return end;
        }
        self.information_due = true;
        self.idle = 0;
        self.next_poll = Instant::now();
        loop {
            if let Err(end) = self.round(line).await {
                return end;
            }
            // Waits for the time of the next poll, for a punch that shall go at once, or for somebody in a hurry.
            if line.shared.memory.lock().pending().is_empty() || !self.uploads_at_once() {
                line.wait_until(self.next_poll).await;
            }
        }
    }

    async fn handshake(&mut self, line: &mut Line) -> Result<(), End> {
        let (profile, generation) = (line.settings.profile, line.settings.profile.generation());
        let target = generation::handshake(profile, &line.settings.sn);
        // The zone counts from this handshake on, for its own Date too (C1, C8).
        line.zone = None;
        let answer = line
            .ask(get(&target), |answer| {
                if !answer.ok {
                    return Verdict::Refused("handshake.refused");
                }
                match ServerOptions::parse(&answer.body, generation) {
                    Ok(_) => Verdict::Taken,
                    Err(problem) => Verdict::Refused(problem.0),
                }
            })
            .await?;
        self.options = ServerOptions::parse(&answer.body, generation).map_err(|_| End::Offline)?;
        line.error_delay = self.options.error_delay;
        let heeds = generation.obeys_stamps() || line.settings.habits.only_check;
        if heeds && self.options.wants_everything() {
            line.shared.memory.lock().rewind();
        }
        line.zone = Some(self.options.zone);
        line.steer(&answer);
        line.shared.change(|state| {
            state.phase = Phase::Handshaken;
            state.handshakes += 1;
            state.problem = None;
        });
        if !self.options.wanted_options.is_empty() {
            let body = configuration(&line.shared.memory.lock(), generation).join(",");
            let target = format!("{}?SN={}&table=options", profile.path("cdata"), line.settings.sn);
            line.ask(post(&target, body.as_bytes()), upload_verdict).await?;
        }
        Ok(())
    }

    /// Everything that is due: punches, reports, results, a poll and what it orders.
    async fn round(&mut self, line: &mut Line) -> Result<(), End> {
        self.upload_if_due(line, false).await?;
        self.upload_reports(line).await?;
        self.post_results(line).await?;
        if Instant::now() >= self.next_poll || line.shared.take_hurry() {
            self.poll(line).await?;
            self.plan_poll(line);
        }
        Ok(())
    }

    async fn poll(&mut self, line: &mut Line) -> Result<(), End> {
        let profile = line.settings.profile;
        let mut target = format!("{}?SN={}", profile.path("getrequest"), line.settings.sn);
        if self.information_due {
            target.push_str(&information(&line.shared.memory.lock(), profile.generation()));
        }
        let answer = line.ask(get(&target), poll_verdict).await?;
        self.information_due = false;
        line.shared.change(|state| state.polls += 1);
        let orders = orders(&answer.body);
        if orders.is_empty() {
            return Ok(());
        }
        line.shared.change(|state| state.told += 1);
        self.idle = 0;
        let mut again = None;
        for order in orders {
            let end = self.obey(line, &order).await?;
            line.shared.announce();
            again = end.or(again);
            if matches!(end, Some(End::Restart { .. })) {
                // What follows in the same answer is lost.
                break;
            }
        }
        self.post_results(line).await?;
        again.map_or(Ok(()), Err)
    }

    /// Carries out one order; says whether a handshake or restart must follow.
    async fn obey(&mut self, line: &mut Line, order: &Order) -> Result<Option<End>, End> {
        let generation = line.settings.profile.generation();
        line.shared.journal.lock().executed(&order.id, &order.text, order.nature(), order.about());
        let effect = match commands::refused(order, line.settings.habits) {
            Some(effect) => effect,
            None => execute(order, &mut line.shared.memory.lock(), generation),
        };
        self.information_due = true;
        line.shared.change(|state| state.executed += 1);
        match effect {
            Effect::Done { code, echo } => self.result(&order.id, code, echo),
            Effect::Log => {
                self.result(&order.id, 0, "LOG");
                self.upload_if_due(line, true).await?;
            }
            Effect::UploadPunches { from, to } => {
                let punches = if line.settings.habits.range_ignored {
                    line.shared.memory.lock().punches().to_vec()
                } else {
                    line.shared.memory.lock().in_range(from, to)
                };
                let overtakes = line.strikes(|faults| faults.results_first);
                if overtakes {
                    self.result(&order.id, count(punches.len()), "DATA");
                    self.post_results(line).await?;
                }
                self.upload_again(line, &punches).await?;
                if !overtakes {
                    self.result(&order.id, count(punches.len()), "DATA");
                }
            }
            Effect::Upload { table, lines } => {
                let number = count(lines.len());
                let overtakes = line.strikes(|faults| faults.results_first);
                if overtakes {
                    self.result(&order.id, number, "DATA");
                    self.post_results(line).await?;
                }
                let target = upload_target(line, table);
                for batch in lines.chunks(SMALLEST_BATCH) {
                    line.ask(post(&target, batch.concat().as_bytes()), upload_verdict).await?;
                }
                if !overtakes {
                    self.result(&order.id, number, "DATA");
                }
            }
            Effect::Count { from, to } => {
                let sum = line.shared.memory.lock().in_range(from, to).len();
                let echo = format!("VERIFY SUM&StartTime={from}&EndTime={to}&AttlogSum={sum}");
                self.result(&order.id, 0, &echo);
            }
            Effect::Option { key } => {
                let all = configuration(&line.shared.memory.lock(), generation);
                let pair = all.iter().find(|pair| {
                    pair.split_once('=').is_some_and(|(name, _)| name.trim_start_matches('~') == key)
                });
                self.result(&order.id, if pair.is_some() { 0 } else { -1 }, "GET OPTION");
            }
            Effect::Information => {
                // Configuration lines follow their head to the end of the body: such a result goes alone.
                self.post_results(line).await?;
                self.result(&order.id, 0, "INFO");
                let lines = configuration(&line.shared.memory.lock(), generation).join("\n") + "\n";
                if let Some((_, result)) = self.results.last_mut() {
                    result.extend_from_slice(lines.as_bytes());
                }
                self.post_results(line).await?;
            }
            Effect::Check => {
                self.result(&order.id, 0, "CHECK");
                return Ok(Some(End::Handshake));
            }
            Effect::Reboot => {
                self.result(&order.id, 0, "REBOOT");
                return Ok(Some(End::Restart { wiped: false }));
            }
        }
        Ok(None)
    }

    /// When to poll next: soon after activity, ramping up to `Delay` in fifths.
    fn plan_poll(&mut self, line: &Line) {
        let delay = line.settings.delay.unwrap_or(self.options.delay);
        let wait = match self.idle {
            0 => SOON.min(delay),
            fifths => delay * fifths.min(5) / 5,
        };
        self.idle = (self.idle + 1).min(5);
        self.next_poll = Instant::now() + line.scaled(wait);
    }

    const fn uploads_at_once(&self) -> bool {
        self.options.punches_wanted && self.options.realtime
    }

    /// Uploads pending punches, batch by batch, when the schedule says so or `now` is set.
    async fn upload_if_due(&mut self, line: &mut Line, now: bool) -> Result<(), End> {
        let due = self.options.interval.is_some_and(|pause| self.last_bulk.elapsed() >= line.scaled(pause));
        if !(now || self.uploads_at_once() || (self.options.punches_wanted && due)) {
            return Ok(());
        }
        self.last_bulk = Instant::now();
        let target = upload_target(line, "ATTLOG");
        let mut body = Vec::new();
        loop {
            body.clear();
            let (era, taken) = {
                let memory = line.shared.memory.lock();
                let batch = memory.pending();
                let batch = batch.get(..line.batch.min(batch.len())).unwrap_or_default();
                let generation = line.settings.profile.generation();
                batch.iter().for_each(|punch| generation.punch_line(punch, &mut body));
                (memory.era(), batch.to_vec())
            };
            if taken.is_empty() {
                return Ok(());
            }
            self.ping_if_silent(line).await?;
            line.ask(post(&target, &body), upload_verdict).await?;
            let pending = line.shared.memory.lock().advance(era, taken.len());
            line.batch_taken();
            self.information_due = true;
            line.shared.acknowledged(taken.len(), pending);
            if line.settings.pictures {
                for punch in &taken {
                    self.upload_picture(line, punch).await?;
                }
            }
        }
    }

    /// The picture that was taken with a punch: text, a NUL, and the JPEG as it is (§9).
    async fn upload_picture(&self, line: &mut Line, punch: &Punch) -> Result<(), End> {
        let digits: String = punch.time.to_string().chars().filter(char::is_ascii_digit).collect();
        let (jpeg, sn) = (crate::memory::picture(punch), &line.settings.sn);
        let old = !line.settings.profile.generation().is_modern();
        let (path, command) = if old { ("fdata", "realupload") } else { ("cdata", "uploadphoto") };
        let mut body =
            format!("PIN={digits}-{}.jpg\nSN={sn}\nsize={}\nCMD={command}\0", punch.pin, jpeg.len())
                .into_bytes();
        body.extend_from_slice(&jpeg);
        let stamp = if old { "PhotoStamp=836730000" } else { "Stamp=9999" };
        let target = format!("{}?SN={sn}&table=ATTPHOTO&{stamp}", line.settings.profile.path(path));
        line.ask(post(&target, &body), upload_verdict).await?;
        Ok(())
    }

    /// Punches the server asked for again; they carry the same stamp as any other and move no position.
    async fn upload_again(&mut self, line: &mut Line, punches: &[Punch]) -> Result<(), End> {
        let target = upload_target(line, "ATTLOG");
        let mut body = Vec::new();
        for batch in punches.chunks(line.batch.max(1)) {
            body.clear();
            batch.iter().for_each(|punch| line.settings.profile.generation().punch_line(punch, &mut body));
            self.ping_if_silent(line).await?;
            line.ask(post(&target, &body), upload_verdict).await?;
            line.shared.change(|state| state.uploaded_again += batch.len() as u64);
            if line.strikes(|faults| faults.punches_repeated) {
                line.ask(post(&target, &body), upload_verdict).await?;
                line.shared.change(|state| state.repeated += batch.len() as u64);
            }
        }
        Ok(())
    }

    /// What was done at the machine, and what it complains of.
    async fn upload_reports(&self, line: &mut Line) -> Result<(), End> {
        loop {
            let Some(report) = line.shared.memory.lock().next_report() else { return Ok(()) };
            let target = upload_target(line, report.table);
            line.ask(post(&target, &report.body), upload_verdict).await?;
            line.shared.memory.lock().reported(&report);
        }
    }

    /// During a long upload the polls stop; firmware that may, pings instead.
    async fn ping_if_silent(&self, line: &mut Line) -> Result<(), End> {
        if !self.options.ping || line.last_contact.elapsed() < line.scaled(self.options.delay) {
            return Ok(());
        }
        let target = format!("{}?SN={}", line.settings.profile.path("ping"), line.settings.sn);
        line.ask(get(&target), poll_verdict).await?;
        line.shared.change(|state| state.pings += 1);
        Ok(())
    }

    fn result(&mut self, id: &str, code: i64, echo: &str) {
        self.results.push((id.to_owned(), format!("ID={id}&Return={code}&CMD={echo}\n").into_bytes()));
    }

    /// Results count as delivered after a 200 with `text/plain` and not before; until then they are sent again (H4).
    async fn post_results(&mut self, line: &mut Line) -> Result<(), End> {
        if self.results.is_empty() {
            return Ok(());
        }
        let target = format!("{}?SN={}", line.settings.profile.path("devicecmd"), line.settings.sn);
        let body: Vec<u8> = self.results.iter().flat_map(|(_, text)| text.iter().copied()).collect();
        let judge = |answer: &Answer| {
            if answer.unknown_device() {
                Verdict::Unknown
            } else if answer.ok && answer.text_plain {
                Verdict::Taken
            } else {
                Verdict::Refused("result.refused")
            }
        };
        line.ask(post(&target, &body), judge).await?;
        for (id, _) in self.results.drain(..) {
            line.shared.journal.lock().confirmed(&id);
        }
        if line.strikes(|faults| faults.results_twice) {
            line.ask(post(&target, &body), judge).await?;
        }
        Ok(())
    }
}

fn upload_target(line: &Line, table: &str) -> String {
    let profile = line.settings.profile;
    let stamp = if table == "OPERLOG" && !profile.generation().is_modern() { "OpStamp" } else { "Stamp" };
    format!("{}?SN={}&table={table}&{stamp}=9999", profile.path("cdata"), line.settings.sn)
}

/// What the first poll after a change tells (§6).
fn information(memory: &Memory, generation: Generation) -> String {
    let (people, fingers, punches) = (memory.people().len(), memory.fingerprints(), memory.punches().len());
    let (firmware, faces) = (generation.firmware().replace(' ', "%20"), memory.faces());
    let rest = if generation.is_modern() { ",11101,0,0,0" } else { "" };
    format!("&INFO={firmware},{people},{fingers},{punches},192.168.1.201,10,7,12,{faces}{rest}")
}

/// The capability list of `table=options` and of INFO, one `Key=Value` each.
fn configuration(memory: &Memory, generation: Generation) -> Vec<String> {
    let fixed = "~DeviceName=FaceClock 7|MAC=00:17:61:00:00:01|~MaxAttLogCount=15|~MaxUserCount=30|PhotoFunOn=1|\
        FingerFunOn=1|FPVersion=10|FaceFunOn=1|FaceVersion=40|Language=83|IPAddress=192.168.1.201|\
        ~Platform=ZAM70_TFT|~OEMVendor=EXAMPLE CO., LTD.|PushVersion=Ver 3.1.2S-20250616|VisilightFun=1|~LockFunOn=1|\
        MultiBioDataSupport=0:1:0:0:0:0:0:0:0:1|MultiBioPhotoSupport=0:0:0:0:0:0:0:0:0:1|BioPhotoFun=1|\
        BioDataFun=|MultiBioVersion=0:10.0:0:0:0:0:0:0:0:40.1";
    let counted = [
        format!("TransactionCount={}", memory.punches().len()),
        format!("UserCount={}", memory.people().len()),
        format!("FPCount={}", memory.fingerprints()),
        format!("FaceCount={}", memory.faces()),
        format!("FWVersion={}", generation.firmware()),
    ];
    fixed.split('|').map(str::to_owned).chain(counted).collect()
}

/// The lines a machine sends by itself after somebody was enrolled in its menu: the operation, the person, the templates.
pub(crate) fn enrolment(person: &Person, time: &str, generation: Generation) -> Vec<u8> {
    let mut lines = format!("OPLOG 30\t0\t{time}\t{}\t0\t0\t0\n", person.pin);
    lines.push_str(&people::user_line(person, generation));
    for (slot, template) in person.templates.iter() {
        lines.push_str(&people::line_of(&person.pin, *slot, template, generation));
    }
    lines.into_bytes()
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

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
