//! FK-HTTP, from the machine's side: framed bodies, blocks, one command per poll, punches one by one until each is taken.

mod commands;
mod frame;
mod modes;
mod people;

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use crate::life::{End, Line, Verdict};
use crate::machine::Phase;
use crate::memory::{Memory, Punch, Report};
use crate::wire::{Answer, Method, Request};

use commands::Effect;
use frame::{pack, unpack};

/// Pause between polls while nothing happens.
const IDLE: Duration = Duration::from_secs(5);
/// The name of a report that is somebody's enrolment; its body is the number.
pub(crate) const ENROLMENT: &str = "realtime_enroll_data";
/// The only lines old firmware bears in the head of an answer (§3).
const HEAD: [&str; 6] =
    ["Content-Type", "response_code", "trans_id", "cmd_code", "Content-Length", "Connection"];

/// Families of firmware.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Model {
    Hs101,
    Hs102,
    /// `dev_model` in the head, plain JSON, text for numbers.
    New,
}

impl Model {
    const fn library(self) -> &'static str {
        match self {
            Self::Hs101 => "FKDataHS101",
            Self::Hs102 => "FKDataHS102",
            Self::New => "FKDataHS103",
        }
    }

    /// Bytes of a block.
    const fn block(self) -> usize {
        match self {
            Self::Hs101 => 1024,
            Self::Hs102 | Self::New => 8192,
        }
    }
}

/// A result that waits to be taken.
struct Outcome {
    id: String,
    code: &'static str,
    body: Vec<u8>,
}

/// What the firmware knows until it is switched off.
pub(crate) struct Fk {
    results: VecDeque<Outcome>,
    next_poll: Instant,
    reached: bool,
}

impl Default for Fk {
    fn default() -> Self {
        Self { results: VecDeque::new(), next_poll: Instant::now(), reached: false }
    }
}

impl Fk {
    /// From the first poll to the next silence of the server.
    pub(crate) async fn session(&mut self, line: &mut Line) -> End {
        line.error_delay = IDLE;
        self.reached = false;
        self.next_poll = Instant::now();
        loop {
            if let Err(end) = self.round(line).await {
                return end;
            }
            if line.shared.memory.lock().pending().is_empty() {
                line.wait_until(self.next_poll).await;
            }
        }
    }

    async fn round(&mut self, line: &mut Line) -> Result<(), End> {
        self.post_results(line).await?;
        if Instant::now() >= self.next_poll || line.shared.take_hurry() {
            // Polled at once again after a command, and in peace after none.
            let busy = self.poll(line).await?;
            let delay = line.settings.delay.unwrap_or(IDLE);
            self.next_poll = Instant::now() + if busy { Duration::ZERO } else { line.scaled(delay) };
        }
        self.post_results(line).await?;
        self.tell_enrolments(line).await?;
        self.upload_one(line).await
    }

    /// The oldest punch that was not taken, and no other: first in, first out (§6).
    async fn upload_one(&self, line: &mut Line) -> Result<(), End> {
        let (model, punch) = {
            let memory = line.shared.memory.lock();
            let first = memory.pending().first().cloned().map(|punch| (memory.era(), punch));
            (line.settings.profile.fk(), first)
        };
        let Some((era, punch)) = punch else { return Ok(()) };
        let mut body = punch_body(&punch, model);
        if model == Model::Hs102 {
            // Padding after the JSON.
            body.extend_from_slice(&[0; 5]);
        }
        send(line, "realtime_glog", "RTLogSendAction", "", &body).await?;
        let pending = line.shared.memory.lock().advance(era, 1);
        line.shared.acknowledged(1, pending);
        Ok(())
    }

    async fn tell_enrolments(&self, line: &mut Line) -> Result<(), End> {
        loop {
            let report: Option<Report> = line.shared.memory.lock().next_report();
            let Some(report) = report else { return Ok(()) };
            let pin = String::from_utf8_lossy(&report.body).into_owned();
            let model = line.settings.profile.fk();
            let body = line.shared.memory.lock().person(&pin).map(|person| {
                let (json, blobs) = people::describe(person, model);
                pack(model, &json, &blobs)
            });
            if let Some(body) = body {
                send(line, ENROLMENT, "RTEnrollDataAction", "", &body).await?;
            }
            line.shared.memory.lock().reported(&report);
        }
    }

    /// Whether there was something to do.
    async fn poll(&mut self, line: &mut Line) -> Result<bool, End> {
        let model = line.settings.profile.fk();
        let body = {
            let now = digits(line.shared.clock.lock().now());
            // Some firmware has no room for the seconds.
            let now = if model == Model::Hs101 { now.get(..12).unwrap_or_default().to_owned() } else { now };
            pack(model, &about_itself(&line.settings.sn, &now, &line.shared.memory.lock(), model), &[])
        };
        let answer = send(line, "receive_cmd", "ReceiveCommandAction", "", &body).await?;
        line.shared.change(|state| state.polls += 1);
        if !self.reached {
            self.reached = true;
            line.shared.change(|state| {
                state.phase = Phase::Handshaken;
                state.handshakes += 1;
                state.problem = None;
            });
        }
        match answer.header("response_code") {
            Some("RESET_FK") => return Err(End::Restart { wiped: false }),
            Some("OK") => {}
            _ => return Ok(false),
        }
        let (Some(id), Some(command)) = (answer.header("trans_id"), answer.header("cmd_code")) else {
            return Ok(false);
        };
        self.obey(line, id, command, &answer).await?;
        Ok(true)
    }

    async fn obey(&mut self, line: &mut Line, id: &str, command: &str, answer: &Answer) -> Result<(), End> {
        let model = line.settings.profile.fk();
        let message = unpack(model, &answer.body);
        let about = message.as_ref().and_then(|message| commands::about(command, message));
        line.shared.journal.lock().executed(id, command, commands::nature(command), about.as_deref());
        line.shared.change(|state| state.executed += 1);
        let habits = line.settings.habits;
        let effect = message.map_or(Effect::Done("ERROR_INVALID_PARAM"), |message| {
            commands::by_habit(command, message, &mut line.shared.memory.lock(), model, habits)
        });
        line.shared.announce();
        let id = id.to_owned();
        match effect {
            Effect::Done(code) => self.results.push_back(Outcome { id, code, body: Vec::new() }),
            Effect::Tell(json, blobs) => {
                self.results.push_back(Outcome { id, code: "OK", body: pack(model, &json, &blobs) });
            }
            Effect::SetClock(time) => {
                line.shared.clock.lock().set(time);
                line.shared.change(|state| state.clock_sets += 1);
                self.results.push_back(Outcome { id, code: "OK", body: Vec::new() });
            }
            Effect::Silence => {}
            Effect::Restart => return Err(End::Restart { wiped: false }),
        }
        self.post_results(line).await
    }

    async fn post_results(&mut self, line: &mut Line) -> Result<(), End> {
        while let Some(first) = self.results.front() {
            let extra = format!("cmd_return_code: {}\r\n", first.code);
            send(line, "send_cmd_result", &first.id, &extra, &first.body).await?;
            line.shared.journal.lock().confirmed(&first.id);
            if line.strikes(|faults| faults.results_twice) {
                send(line, "send_cmd_result", &first.id, &extra, &first.body).await?;
            }
            self.results.pop_front();
        }
        Ok(())
    }
}

/// Sends one message, in blocks when it is large; only when the last was taken it counts (§4).
async fn send(
    line: &mut Line,
    code: &str,
    transaction: &str,
    extra: &str,
    body: &[u8],
) -> Result<Answer, End> {
    let (model, profile) = (line.settings.profile.fk(), line.settings.profile);
    let blocks: Vec<&[u8]> = if body.is_empty() { vec![&[]] } else { body.chunks(model.block()).collect() };
    let last = blocks.len() - 1;
    let (sn, target) = (line.settings.sn.clone(), if profile.aspx { "/hdata.aspx" } else { "/" });
    // Nobody knows what a machine does with a block whose answer was lost, but to begin anew.
    line.whole = blocks.len() == 1;
    let mut answer = None;
    for (index, block) in blocks.into_iter().enumerate() {
        let number = if index == last { 0 } else { index + 1 };
        let own = if model == Model::New { "dev_model: M61\r\n" } else { "User-Agent: Mozilla/4.0\r\n" };
        let headers = format!(
            "{own}Content-Type: application/octet-stream\r\nrequest_code: {code}\r\ndev_id: {sn}\r\ntrans_id: {transaction}\r\n{extra}blk_no: {number}\r\nblk_len: {}\r\n",
            block.len()
        );
        let request = Request { method: Method::Post, target, headers: &headers, body: block };
        let poll = code == "receive_cmd";
        let asked = line.ask(request, |answer| judge(answer, model, poll)).await;
        if asked.is_err() {
            line.whole = true;
        }
        answer = Some(asked?);
    }
    line.whole = true;
    answer.ok_or(End::Offline)
}

/// Header names count in exactly one spelling; old firmware chokes on headers it does not know (§3).
fn judge(answer: &Answer, model: Model, poll: bool) -> Verdict {
    if !answer.ok {
        return Verdict::Refused("answer.refused");
    }
    let known = |line: &str| line.split(':').next().is_some_and(|name| HEAD.contains(&name));
    if model != Model::New && !answer.head.split("\r\n").skip(1).filter(|line| !line.is_empty()).all(known) {
        return Verdict::Refused("answer.unknown_header");
    }
    if answer.header("Content-Length").is_none() {
        return Verdict::Refused("answer.no_length");
    }
    match answer.header("response_code") {
        Some("OK") => Verdict::Taken,
        Some("ERROR_NO_CMD" | "RESET_FK") if poll => Verdict::Taken,
        Some(_) => Verdict::Refused("upload.refused"),
        None => Verdict::Refused("answer.no_response_code"),
    }
}

fn digits(time: rollcall_protocol::WallTime) -> String {
    time.to_string().chars().filter(char::is_ascii_digit).collect()
}

fn about_itself(sn: &str, now: &str, memory: &Memory, model: Model) -> Value {
    json!({
        "fk_name": sn, "fk_time": now,
        "fk_info": {
            "supported_enroll_data": ["FP", "PASSWORD", "IDCARD", "FACE"], "fk_bin_data_lib": model.library(),
            "firmware": match model { Model::Hs101 => "HS101_1.2", Model::Hs102 => "HS102_1.0", Model::New => "M61_2.0" },
            "fp_data_ver": 4, "face_data_ver": 1, "user_count": memory.people().len(),
        },
    })
}

fn punch_body(punch: &Punch, model: Model) -> Vec<u8> {
    let (io, verify) = (modes::io(punch.status, model), modes::verify(punch.verify, model));
    let json = match model {
        Model::New => json!({
            "user_id": format!("{:0>8}", punch.pin), "verify_mode": verify.to_string(), "io_mode": io.to_string(),
            "io_time": digits(punch.time),
        }),
        Model::Hs101 | Model::Hs102 => json!({
            "fk_bin_data_lib": model.library(), "user_id": punch.pin, "verify_mode": verify, "io_mode": io,
            "io_time": digits(punch.time), "log_image": null,
        }),
    };
    pack(model, &json, &[])
}
