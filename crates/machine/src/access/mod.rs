//! Access-control PUSH, from the terminal's side: registration, token, real-time records, door states, tables, queries.

mod commands;
mod config;
mod digest;
mod packed;
mod rows;

use std::time::Duration;

use tokio::time::Instant;

use crate::life::{End, Line, Verdict};
use crate::machine::Phase;
use crate::memory::Memory;
use crate::wire::{Answer, Method, Request};

use commands::{Effect, Order, execute, orders};
use config::{Config, Welcome, registry_code};
use packed::unpack;
pub(crate) use rows::user_row;

/// Door states are told this often.
const STATES: Duration = Duration::from_secs(5);
/// After executing something the terminal polls again this soon.
const SOON: Duration = Duration::from_secs(1);
/// Records in one request.
const BATCH: usize = 100;
/// Rows in one packet of a query; a few, so that there are packets.
const PACKET: usize = 20;

/// Kinds of terminals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Model {
    /// A face terminal for one door.
    Face,
    /// An older controller for two.
    Controller,
}

impl Model {
    const fn doors(self) -> u8 {
        match self {
            Self::Face => 1,
            Self::Controller => 2,
        }
    }

    const fn is_face(self) -> bool {
        matches!(self, Self::Face)
    }
}

/// What a terminal says of itself (§3).
fn capabilities(memory: &Memory, model: Model, sn: &str) -> Vec<String> {
    let (name, firmware, version) = match model {
        Model::Face => ("FaceGate 5", "ZAM180-NF-Ver1.1.17", "Ver 2.0.33S-20210101"),
        Model::Controller => ("Gate 2", "AC Ver 5.7.8.3025", "Ver 2.0.22-20170524"),
    };
    let face = u8::from(model.is_face());
    let text = format!(
        "DeviceType=acc|~SerialNumber={sn}|~DeviceName={name}|FirmVer={firmware}|PushVersion={version}|MAC=00:17:61:00:00:02|\
         IPAddress=192.168.1.202|CommType=ethernet|MaxPackageSize=2048000|LockCount={}|ReaderCount=2|AuxInCount=0|\
         AuxOutCount=0|MachineType=101|~IsOnlyRFMachine=0|~MaxUserCount=60|~MaxAttLogCount=10|FingerFunOn={}|\
         FaceFunOn={face}|UserCount={}|TransactionCount={}|MultiBioDataSupport=0:{}:0:0:0:0:0:0:0:{face}|\
         MultiBioPhotoSupport=0:0:0:0:0:0:0:0:0:{face}|MultiBioVersion=0:10.0:0:0:0:0:0:0:0:40.1|BioPhotoFun={face}|\
         StringPinFunOn=0|DateFmtFunOn={face}|DisableUserFunOn=1|CmdFormat=0|authKey=",
        model.doors(),
        1 - face,
        memory.people().len(),
        memory.punches().len(),
        1 - face,
    );
    text.split('|').map(str::to_owned).collect()
}

/// What the firmware knows until it is switched off.
pub(crate) struct Access {
    config: Option<Config>,
    token: String,
    results: Vec<(String, Vec<u8>)>,
    /// People have been told since the terminal was switched on.
    told: bool,
    next_poll: Instant,
    next_state: Instant,
}

impl Default for Access {
    fn default() -> Self {
        let now = Instant::now();
        Self {
            config: None,
            token: String::new(),
            results: Vec::new(),
            told: false,
            next_poll: now,
            next_state: now,
        }
    }
}

impl Access {
    fn headers(&self, starting: bool) -> String {
        // The word after Connection is no token of HTTP; it is what the firmware sends (T2).
        let connection = if starting { "Connection: starting\r\n" } else { "" };
        format!(
            "Cookie: token={}\r\nUser-Agent: iClock Proxy/1.09\r\n{connection}Accept: application/push\r\nAccept-Charset: UTF-8\r\nAccept-Language: zh-CN\r\nContent-Type: application/push;charset=UTF-8\r\n",
            self.token
        )
    }

    async fn get(
        &self,
        line: &mut Line,
        target: &str,
        starting: bool,
        judge: impl Fn(&Answer) -> Verdict,
    ) -> Result<Answer, End> {
        let headers = self.headers(starting);
        line.ask(Request { method: Method::Get, target, headers: &headers, body: &[] }, judge).await
    }

    async fn post(
        &self,
        line: &mut Line,
        target: &str,
        body: &[u8],
        judge: impl Fn(&Answer) -> Verdict,
    ) -> Result<Answer, End> {
        let headers = self.headers(target.contains("/registry"));
        line.ask(Request { method: Method::Post, target, headers: &headers, body }, judge).await
    }

    /// From the first request to the next time it must be made.
    pub(crate) async fn session(&mut self, line: &mut Line) -> End {
        if let Err(end) = self.start(line).await {
            return end;
        }
        self.next_poll = Instant::now();
        loop {
            if let Err(end) = self.round(line).await {
                return end;
            }
            if line.shared.memory.lock().pending().is_empty() || !self.uploads() {
                line.wait_until(self.next_poll.min(self.next_state)).await;
            }
        }
    }

    /// First contact, registration where it is asked for, clock, capabilities, people.
    async fn start(&mut self, line: &mut Line) -> Result<(), End> {
        let (sn, profile, model) =
            (line.settings.sn.clone(), line.settings.profile, line.settings.profile.terminal());
        line.set_timeout(Duration::from_secs(10));
        let version = if model.is_face() { "3.1.2" } else { "3.0.1" };
        let target = format!(
            "{}?SN={sn}&pushver={version}&options=all&language=83&DeviceType=acc&PushOptionsFlag=1",
            profile.path("cdata")
        );
        let judge = |answer: &Answer| match Welcome::parse(&answer.body, model) {
            _ if !(answer.ok && typed(answer)) => Verdict::Refused("handshake.refused"),
            Ok(_) => Verdict::Taken,
            Err(problem) => Verdict::Refused(problem),
        };
        let answer = self.get(line, &target, true, judge).await?;
        let config = match Welcome::parse(&answer.body, model) {
            Ok(Welcome::Known(config)) => config,
            Ok(Welcome::Register) => self.register(line, &sn).await?,
            Err(_) => return Err(End::Offline),
        };
        self.token = digest::md5(&format!("{}{sn}{}", config.registry, config.session));
        line.error_delay = config.error_delay;
        line.set_timeout(config.timeout);
        self.config = Some(config);
        line.shared.change(|state| {
            state.phase = Phase::Handshaken;
            state.handshakes += 1;
            state.problem = None;
        });
        self.ask_time(line, &sn).await?;
        let body = capabilities(&line.shared.memory.lock(), model, &sn).join(",");
        let target = format!("{}?SN={sn}&table=options", profile.path("cdata"));
        self.post(line, &target, body.as_bytes(), plain_ok).await?;
        self.tell_people(line).await
    }

    async fn register(&mut self, line: &mut Line, sn: &str) -> Result<Config, End> {
        let (profile, model) = (line.settings.profile, line.settings.profile.terminal());
        let body = capabilities(&line.shared.memory.lock(), model, sn).join(",");
        let target = format!("{}?SN={sn}", profile.path("registry"));
        // A plain OK makes it register for ever; 406 is a refusal (§2.1).
        let judge = |answer: &Answer| match registry_code(&String::from_utf8_lossy(&answer.body)) {
            Some(_) if answer.ok => Verdict::Taken,
            _ => Verdict::Refused("registry.refused"),
        };
        let answer = self.post(line, &target, body.as_bytes(), judge).await?;
        let code = registry_code(&String::from_utf8_lossy(&answer.body)).ok_or(End::Offline)?;
        let target = format!("{}?SN={sn}", profile.path("push"));
        let judge = |answer: &Answer| match Config::parse(&answer.body, String::new(), model) {
            _ if !answer.ok => Verdict::Refused("push.refused"),
            Ok(_) => Verdict::Taken,
            Err(problem) => Verdict::Refused(problem),
        };
        // The documents show both.
        let answer = if model.is_face() {
            self.post(line, &target, &[], judge).await?
        } else {
            self.get(line, &target, true, judge).await?
        };
        line.shared.change(|state| state.registrations += 1);
        Config::parse(&answer.body, code, model).map_err(|_| End::Offline)
    }

    /// Sets the clock from packed GMT and a zone (§10).
    async fn ask_time(&self, line: &mut Line, sn: &str) -> Result<(), End> {
        let target = format!("{}?SN={sn}&type=time", line.settings.profile.path("rtdata"));
        let answer =
            self.get(line, &target, false, |answer| verdict(answer, server_time(answer).is_some())).await?;
        if let Some(seconds) = server_time(&answer) {
            let mut clock = line.shared.clock.lock();
            if clock.now().seconds().abs_diff(seconds) > 1 {
                clock.set(rollcall_protocol::WallTime::from_seconds(seconds));
                drop(clock);
                line.shared.change(|state| state.clock_sets += 1);
            }
        }
        Ok(())
    }

    /// People enrolled at the terminal, once after it was switched on.
    async fn tell_people(&mut self, line: &mut Line) -> Result<(), End> {
        if self.told || !self.config.as_ref().is_some_and(|config| config.users) {
            return Ok(());
        }
        let model = line.settings.profile.terminal();
        let rows: Vec<Vec<u8>> =
            line.shared.memory.lock().people().map(|person| user_row(person, model)).collect();
        for rows in rows.chunks(PACKET) {
            self.upload_table(line, "user", rows.len(), &rows.concat()).await?;
        }
        self.told = true;
        Ok(())
    }

    /// The terminal waits for `table=count` and nothing else (§7).
    async fn upload_table(&self, line: &mut Line, table: &str, count: usize, body: &[u8]) -> Result<(), End> {
        let target = format!(
            "{}?SN={}&table=tabledata&tablename={table}&count={count}",
            line.settings.profile.path("cdata"),
            line.settings.sn
        );
        let expected = format!("{table}={count}");
        self.post(line, &target, body, |answer| {
            verdict(answer, answer.body.trim_ascii() == expected.as_bytes())
        })
        .await?;
        Ok(())
    }

    fn uploads(&self) -> bool {
        self.config.as_ref().is_some_and(|config| config.realtime && config.transactions)
    }

    async fn round(&mut self, line: &mut Line) -> Result<(), End> {
        if self.uploads() {
            self.upload_records(line).await?;
        }
        loop {
            let Some(report) = line.shared.memory.lock().next_report() else { break };
            self.upload_table(line, report.table, 1, &report.body).await?;
            line.shared.memory.lock().reported(&report);
        }
        self.post_results(line).await?;
        if Instant::now() >= self.next_state {
            self.tell_state(line).await?;
            self.next_state = Instant::now() + line.scaled(STATES);
        }
        if Instant::now() >= self.next_poll || line.shared.take_hurry() {
            let busy = self.poll(line).await?;
            let delay = self.config.as_ref().map_or(Duration::from_secs(30), |config| config.delay);
            let delay = line.settings.delay.unwrap_or(delay);
            self.next_poll = Instant::now() + line.scaled(if busy { SOON.min(delay) } else { delay });
        }
        Ok(())
    }

    async fn upload_records(&self, line: &mut Line) -> Result<(), End> {
        let target = format!("{}?SN={}&table=rtlog", line.settings.profile.path("cdata"), line.settings.sn);
        let model = line.settings.profile.terminal();
        let mut body = Vec::new();
        loop {
            body.clear();
            let (era, count) = {
                let memory = line.shared.memory.lock();
                let pending = memory.pending();
                let batch = pending.get(..line.batch.min(BATCH).min(pending.len())).unwrap_or_default();
                for record in batch {
                    rows::event_line(record, &rows::card(&memory, &record.pin, model), model, &mut body);
                }
                (memory.era(), batch.len())
            };
            if count == 0 {
                return Ok(());
            }
            self.post(line, &target, &body, plain_ok).await?;
            let pending = line.shared.memory.lock().advance(era, count);
            line.batch_taken();
            line.shared.acknowledged(count, pending);
        }
    }

    async fn tell_state(&self, line: &mut Line) -> Result<(), End> {
        let target = format!("{}?SN={}&table=rtstate", line.settings.profile.path("cdata"), line.settings.sn);
        let time = line.shared.clock.lock().now();
        let body = format!("time={time}\tsensor=01\trelay=00\talarm=0000000000000000\tdoor=01\r\n");
        self.post(line, &target, body.as_bytes(), plain_ok).await?;
        Ok(())
    }

    /// Whether something was to be done.
    async fn poll(&mut self, line: &mut Line) -> Result<bool, End> {
        let target = format!("{}?SN={}", line.settings.profile.path("getrequest"), line.settings.sn);
        let answer =
            self.get(line, &target, false, |answer| verdict(answer, !answer.body.is_empty())).await?;
        line.shared.change(|state| state.polls += 1);
        let orders = orders(&answer.body);
        let busy = !orders.is_empty();
        line.shared.change(|state| state.told += u64::from(busy));
        for order in orders {
            self.obey(line, &order).await?;
            line.shared.announce();
        }
        self.post_results(line).await?;
        Ok(busy)
    }

    async fn obey(&mut self, line: &mut Line, order: &Order) -> Result<(), End> {
        let model = line.settings.profile.terminal();
        line.shared.journal.lock().executed(&order.id, &order.text, order.nature(), order.about());
        let (now, sn) = (line.shared.clock.lock().now(), line.settings.sn.clone());
        let order = &commands::by_habit(order, line.settings.habits);
        let effect = match commands::refused(order, line.settings.habits) {
            Some(effect) => effect,
            None => execute(order, &mut line.shared.memory.lock(), model, now, &sn),
        };
        line.shared.change(|state| state.executed += 1);
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let mut again = None;
        let code = match effect {
            Effect::Done(code) => code,
            Effect::SetClock(time) => {
                line.shared.clock.lock().set(time);
                line.shared.change(|state| state.clock_sets += 1);
                0
            }
            Effect::Reboot => {
                again = Some(End::Restart { wiped: false });
                0
            }
            Effect::Query { table, rows } => {
                let overtakes = line.strikes(|faults| faults.results_first);
                if overtakes {
                    self.result(order, number(rows.len()), model, &sn);
                    self.post_results(line).await?;
                }
                let packets = rows.chunks(PACKET).len();
                for (index, packet) in rows.chunks(PACKET).enumerate() {
                    let place = (packets, index + 1);
                    let expected = format!("{table}={}", packet.len());
                    let body = packet.concat();
                    let what = ("tabledata", table.as_str(), packet.len());
                    self.answer(line, order, what, place, &body, &expected).await?;
                    let punches = packet.len() as u64;
                    if table == "transaction" {
                        line.shared.change(|state| state.uploaded_again += punches);
                    }
                    if line.strikes(|faults| faults.punches_repeated) {
                        self.answer(line, order, what, place, &body, &expected).await?;
                        line.shared.change(|state| state.repeated += punches);
                    }
                }
                if overtakes {
                    return Ok(());
                }
                number(rows.len())
            }
            Effect::Count { table, count } => {
                let body = format!("{table}={count}");
                self.answer(line, order, ("count", &table, 1), (1, 1), &body, &body).await?;
                number(count)
            }
            Effect::Options(values) => {
                let body = values.join(",");
                self.answer(line, order, ("options", "options", 1), (1, 1), &body, "OK").await?;
                0
            }
        };
        self.result(order, code, model, &sn);
        if let Some(end) = again {
            self.post_results(line).await?;
            return Err(end);
        }
        Ok(())
    }

    /// One packet of `querydata`, and the answer it must get (§9).
    async fn answer(
        &self,
        line: &mut Line,
        order: &Order,
        (kind, table, count): (&str, &str, usize),
        (packets, packet): (usize, usize),
        body: &str,
        expected: &str,
    ) -> Result<(), End> {
        let target = format!(
            "{}?SN={}&type={kind}&cmdid={}&tablename={table}&count={count}&packcnt={packets}&packidx={packet}",
            line.settings.profile.path("querydata"),
            line.settings.sn,
            order.id
        );
        self.post(line, &target, body.as_bytes(), |answer| {
            verdict(answer, answer.body.trim_ascii() == expected.as_bytes())
        })
        .await?;
        Ok(())
    }

    fn result(&mut self, order: &Order, code: i64, model: Model, sn: &str) {
        let (id, echo) = (&order.id, order.echo());
        let text = match model {
            Model::Face => format!("ID={id}&Return={code}&CMD={echo}\r\n"),
            Model::Controller => format!("ID={id}&SN={sn}&return={code}&CMD={echo}\n"),
        };
        self.results.push((id.clone(), text.into_bytes()));
    }

    async fn post_results(&mut self, line: &mut Line) -> Result<(), End> {
        if self.results.is_empty() {
            return Ok(());
        }
        let target = format!("{}?SN={}", line.settings.profile.path("devicecmd"), line.settings.sn);
        let body: Vec<u8> = self.results.iter().flat_map(|(_, text)| text.iter().copied()).collect();
        self.post(line, &target, &body, plain_ok).await?;
        for (id, _) in self.results.drain(..) {
            line.shared.journal.lock().confirmed(&id);
        }
        if line.strikes(|faults| faults.results_twice) {
            self.post(line, &target, &body, plain_ok).await?;
        }
        Ok(())
    }
}

/// One of the two types that worked with such terminals (H4).
fn typed(answer: &Answer) -> bool {
    answer.text_plain || answer.head.contains("application/push")
}

/// 401, 403, 406 and 407 send the terminal back to the start (§5); so does `UNKNOWN DEVICE`.
fn verdict(answer: &Answer, good: bool) -> Verdict {
    if answer.unknown_device() || matches!(answer.status, 401 | 403 | 406 | 407) {
        Verdict::Unknown
    } else if answer.ok && typed(answer) && good {
        Verdict::Taken
    } else {
        Verdict::Refused(if answer.status == 503 { "upload.refused" } else { "answer.refused" })
    }
}

/// Nothing but `OK`: a count would be another table's answer.
fn plain_ok(answer: &Answer) -> Verdict {
    verdict(answer, answer.body.trim_ascii() == b"OK")
}

/// Seconds of the wall clock: `DateTime=852168605,ServerTZ=+0800`, where the time is Greenwich's.
fn server_time(answer: &Answer) -> Option<i64> {
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let (time, zone) = text.trim().strip_prefix("DateTime=")?.split_once(",ServerTZ=")?;
    let time = unpack(time.parse().ok()?)?;
    let (sign, digits) = zone.split_at_checked(1)?;
    if digits.len() != 4 || !matches!(sign, "+" | "-") {
        return None;
    }
    let minutes = digits.get(..2)?.parse::<i64>().ok()? * 60 + digits.get(2..)?.parse::<i64>().ok()?;
    Some(time.seconds() + if sign == "-" { -minutes } else { minutes } * 60)
}
