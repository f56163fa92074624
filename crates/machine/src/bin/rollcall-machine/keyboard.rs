//! One machine, punched on from the keyboard.

use std::fmt::Display;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use rollcall_machine::{Dialect, HttpVersion, Machine, MachineHandle, Person, Phase, State};
use rollcall_protocol::WallTime;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::Common;
use crate::words::Lang;

#[derive(Debug, Args)]
pub struct One {
    /// Serial number of the machine.
    #[arg(long, default_value = "CQZ7000000001")]
    sn: String,
    /// Language of the machine's screen; the environment decides when not given.
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
    /// Speak HTTP/1.0, as old firmware does.
    #[arg(long)]
    http10: bool,
    /// Send requests in pieces of so many bytes.
    #[arg(long, value_name = "BYTES")]
    dribble: Option<usize>,
    #[command(flatten)]
    firmware: crate::firmware::Memory,
}

/// How long a machine whose keyboard has ended (`echo 1001 | rollcall-machine`) tries to deliver.
const LAST_DELIVERY: Duration = Duration::from_secs(30);

pub async fn run(common: &Common, one: &One, lang: Lang) -> anyhow::Result<ExitCode> {
    let server = common.server.to_string();
    let now = desk_time();
    let remembered = one.firmware.remembered(now);
    let mut builder = Machine::builder(&one.sn)
        .server(common.server.clone())
        .profile(common.profile())
        .faults(common.faults.faults())
        .keep_alive(common.keep_alive)
        .http(if one.http10 { HttpVersion::Http10 } else { HttpVersion::Http11 })
        .habits(one.firmware.habits())
        .remembers(remembered.iter().map(|(pin, time)| (pin.as_str(), *time)))
        .clock(now)
        // Somebody is sitting in front of it: half a minute would look like a fault.
        .error_delay(Duration::from_secs(3));
    if let Some(bytes) = one.dribble {
        builder = builder.dribble(bytes, Duration::from_millis(5));
    }
    if common.profile().dialect() == Dialect::Access {
        // A door opens to nobody it does not know.
        for (pin, name) in [("1001", "张三"), ("1002", "Li Si"), ("1003", "王五")] {
            builder = builder.person(Person::new(pin, name));
        }
    }
    let machine = builder.start();
    say(lang.welcome(&one.sn, &server))?;
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut changes = machine.state();
    let mut teller = Teller::default();
    let ended = loop {
        tokio::select! {
            changed = changes.changed() => {
                changed?;
                let state = changes.borrow_and_update().clone();
                teller.tell(lang, &state, &server)?;
            }
            line = lines.next_line() => match line? {
                None => break true,
                Some(line) => if !obey(line.trim(), &machine, lang)? {
                    break false;
                },
            },
            _ = tokio::signal::ctrl_c() => break false,
        }
    };
    if ended {
        let end = tokio::time::Instant::now() + LAST_DELIVERY;
        loop {
            // Told even if all is delivered: the news may have come together with the end of the keyboard.
            let state = changes.borrow_and_update().clone();
            teller.tell(lang, &state, &server)?;
            if state.pending == 0 {
                break;
            }
            let Ok(changed) = tokio::time::timeout_at(end, changes.changed()).await else { break };
            changed?;
        }
    }
    let pending = machine.stop().await.pending().len();
    if pending > 0 {
        say(lang.left_behind(pending))?;
    }
    Ok(if ended && pending > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Says what is new about the connection.
#[derive(Default)]
struct Teller {
    acknowledged: u64,
    told: Option<(Phase, Option<&'static str>)>,
}

impl Teller {
    fn tell(&mut self, lang: Lang, state: &State, server: &str) -> std::io::Result<()> {
        if state.acknowledged > self.acknowledged {
            say(lang.accepted(state.acknowledged - self.acknowledged))?;
            self.acknowledged = state.acknowledged;
            self.told = Some((Phase::Handshaken, None));
        }
        let problem = if state.phase == Phase::Offline { state.problem } else { None };
        let news = (state.phase, problem);
        // A refused machine shakes hands before each attempt to deliver: neither that nor the next refusal is news.
        let refused = self.told == Some((Phase::Offline, Some("upload.refused")));
        if self.told == Some(news) || (refused && state.phase == Phase::Handshaken) {
            return Ok(());
        }
        if let Some(text) = lang.phase(state, server) {
            self.told = Some(news);
            say(text)?;
        }
        Ok(())
    }
}

/// Does what a typed line says; false = switch off.
fn obey(line: &str, machine: &MachineHandle, lang: Lang) -> std::io::Result<bool> {
    match line {
        "" => {}
        "help" | "帮助" | "?" => say(lang.help())?,
        "quit" | "exit" | "退出" => return Ok(false),
        "status" | "状态" => {
            let (memory, state) = (machine.memory(), machine.state());
            let clock = machine.clock().to_string();
            say(lang.status(
                machine.sn(),
                &clock,
                memory.people().len(),
                memory.punches().len(),
                &state.borrow(),
            ))?;
        }
        "people" | "人员" => {
            let memory = machine.memory();
            if memory.people().len() == 0 {
                say(lang.nobody())?;
            }
            for person in memory.people() {
                say(lang.person(person))?;
            }
        }
        "offline" | "断网" => machine.unplug(),
        "online" | "联网" => machine.plug(),
        "wipe" | "清空" => {
            machine.wipe();
            say(lang.wiped())?;
        }
        pin if pin.len() <= 9 && pin.bytes().all(|byte| byte.is_ascii_digit()) => {
            say(machine.punch(pin).map_or_else(|| lang.not_let_in(pin), |punch| lang.punched(&punch)))?;
        }
        other => say(lang.not_understood(other))?,
    }
    Ok(true)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a machine on a desk shows the desk's time until the server sets it"
)]
fn desk_time() -> WallTime {
    WallTime::from_seconds(chrono::Local::now().naive_local().and_utc().timestamp())
}

fn say(text: impl Display) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}
