//! Well-behaved machines while others misbehave, against the same machines in peace.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use parking_lot::Mutex;
use rollcall_tests::Server;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};

use crate::child::{BARE, Served};
use crate::load::{Client, poll, upload};
use crate::population::{lines, sn};
use crate::say;
use crate::table::Table;

/// Argument that makes this program attack an address until it is killed.
pub const ATTACK: &str = "--child-attack";

/// Machines that behave, each with a poll every so often and every tenth time a punch before it.
const MACHINES: usize = 100;
const PACE: Duration = Duration::from_millis(200);
const QUIET: Duration = Duration::from_secs(10);
const ATTACKED: Duration = Duration::from_secs(30);
/// Until all connections of the attack are there.
const RAMP: Duration = Duration::from_secs(5);

const DRIBBLERS: usize = 2000;
const STRANGERS_A_MINUTE: u32 = 5000;
const BODY: usize = 12 * 1024 * 1024;
/// Connections with such bodies, each with one a second: 400 Mbit/s, near what a site's network carries.
const POURERS: usize = 4;
const LIARS: usize = 20;

/// What the machines saw of a server.
struct Day {
    quiet: Times,
    attacked: Times,
    calm: Times,
    /// Resident memory of the server before the attack's last half minute and at its end, in KiB.
    memory: (f64, f64),
}

pub async fn measure(table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let server = Server::start(folder.path()).await?;
    for index in 0..MACHINES {
        server.api.add_machine(&sn(index), &format!("Machine {index}")).await?;
    }
    let day = live(server.addresses.machines, server.pid()?).await?;
    let held = server.api.total("/api/punches").await?;
    let sent = [&day.quiet, &day.attacked, &day.calm].map(|times| times.punches.len()).iter().sum::<usize>();
    ensure!(held >= sent as u64, "{sent} punches were acknowledged, {held} are held");
    let strangers = server.api.total("/api/strangers").await?;
    say(&format!(
        "strangers kept: {strangers}; memory {:.0} MiB, then {:.0} MiB",
        day.memory.0 / 1024.0,
        day.memory.1 / 1024.0
    ))?;
    ensure!(server.terminate().await?.success(), "it ends in order");
    say("measuring: attack, against a listener that does nothing")?;
    let bare = Served::start([BARE, ANSWER]).await?;
    let beside = live(bare.address, bare.pid()?).await.context("the bare listener")?;
    bare.stop().await?;
    report(table, &day, &beside);
    Ok(())
}

/// What the bare listener answers, as long as an answer of ours.
const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nDate: Mon, 06 Jul 2026 01:30:00 GMT\r\nConnection: close\r\n\r\nOK";

/// Peace, attack, and peace again.
async fn live(address: SocketAddr, pid: u32) -> anyhow::Result<Day> {
    let second = Arc::new(AtomicI64::new(0));
    behave(address, Duration::from_secs(2), &second).await.context("warming up")?;
    let quiet = behave(address, QUIET, &second).await.context("in peace")?;
    let mut attack = attacker(address)?;
    tokio::time::sleep(RAMP).await;
    let before = rollcall_tests::resident(pid)?;
    let attacked = behave(address, ATTACKED, &second).await.context("under attack")?;
    ensure!(attack.try_wait()?.is_none(), "the attack went on to the end");
    let memory = (before, rollcall_tests::resident(pid)?);
    attack.kill().await?;
    let calm = behave(address, QUIET, &second).await.context("afterwards")?;
    Ok(Day { quiet, attacked, calm, memory })
}

fn report(table: &mut Table, day: &Day, beside: &Day) {
    let all = |day: &Day| (percentiles(day.attacked.all()), percentiles(day.quiet.all()));
    let ((attacked, quiet), (bare_attacked, bare_quiet)) = (all(day), all(beside));
    for (index, (what, _)) in SHARES.into_iter().enumerate() {
        let of = |times: &[f64]| times.get(index).copied().unwrap_or(f64::INFINITY);
        let aim = (what == "99 of 100").then_some(5.0);
        let title = format!(
            "{what} of the polls and punches of {MACHINES} machines are answered within, under attack"
        );
        table.at_most(&title, "ms", of(&attacked), ("in peace", of(&quiet)), aim);
        let title = format!("{what} by a bare tokio listener that stores nothing, under the same attack");
        table.at_most(&title, "ms", of(&bare_attacked), ("in peace", of(&bare_quiet)), None);
    }
    for (what, attacked, quiet) in [
        ("polls", &day.attacked.polls, &day.quiet.polls),
        ("punches", &day.attacked.punches, &day.quiet.punches),
    ] {
        let at = |times: &[f64]| percentile(times, 0.99);
        let title = format!("99 of 100 of the {what} alone");
        table.at_most(&title, "ms", at(attacked), ("in peace", at(quiet)), None);
    }
    let of = |times: &Times| percentile(&times.all(), 0.99);
    table.at_most("99 of 100, after the attack", "ms", of(&day.calm), ("before", of(&day.quiet)), None);
    table.figure(
        "answered under attack",
        "/s",
        day.attacked.rate(ATTACKED),
        &format!("in peace: {:.0} /s", day.quiet.rate(QUIET)),
        None,
    );
}

/// How long answers took, in milliseconds, sorted.
struct Times {
    polls: Vec<f64>,
    punches: Vec<f64>,
}

impl Times {
    fn all(&self) -> Vec<f64> {
        let mut all = [self.polls.as_slice(), self.punches.as_slice()].concat();
        all.sort_by(f64::total_cmp);
        all
    }

    fn rate(&self, time: Duration) -> f64 {
        (self.polls.len() + self.punches.len()) as f64 / time.as_secs_f64()
    }
}

const SHARES: [(&str, f64); 3] = [("half", 0.5), ("99 of 100", 0.99), ("999 of 1000", 0.999)];

fn percentiles(sorted: Vec<f64>) -> Vec<f64> {
    SHARES.into_iter().map(|(_, share)| percentile(&sorted, share)).collect()
}

fn percentile(sorted: &[f64], share: f64) -> f64 {
    let reached = |index: usize| (index + 1) as f64 >= share * sorted.len() as f64;
    let at = (0..sorted.len()).find(|&index| reached(index));
    at.and_then(|at| sorted.get(at)).copied().unwrap_or(f64::INFINITY)
}

/// Machines that poll and punch for a while, each request on a connection of its own, as most firmware does it.
async fn behave(address: SocketAddr, time: Duration, second: &Arc<AtomicI64>) -> anyhow::Result<Times> {
    let times = Arc::new(Mutex::new(Times { polls: Vec::new(), punches: Vec::new() }));
    let end = Instant::now() + time;
    let mut tasks = JoinSet::new();
    for index in 0..MACHINES {
        let (times, second) = (times.clone(), second.clone());
        tasks.spawn(async move {
            let sn = sn(index);
            let mut tick =
                tokio::time::interval_at(Instant::now() + PACE.mul_f64(index as f64 / MACHINES as f64), PACE);
            tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut turn = index;
            while Instant::now() < end {
                tick.tick().await;
                turn += 1;
                let punch = turn.is_multiple_of(10);
                let request = if punch {
                    upload(&sn, &lines(second.fetch_add(1, Ordering::Relaxed), 1))
                } else {
                    poll(&sn, false)
                };
                let asked = Instant::now();
                let mut client = Client::connect(address, index).await?;
                client.ask(&request).await.with_context(|| String::from_utf8_lossy(&request).into_owned())?;
                let took = asked.elapsed().as_secs_f64() * 1e3;
                let mut times = times.lock();
                if punch { times.punches.push(took) } else { times.polls.push(took) }
            }
            anyhow::Ok(())
        });
    }
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    let mut times = times.lock();
    let Times { polls, punches } = &mut *times;
    let (mut polls, mut punches) = (std::mem::take(polls), std::mem::take(punches));
    polls.sort_by(f64::total_cmp);
    punches.sort_by(f64::total_cmp);
    Ok(Times { polls, punches })
}

/// A process of its own, so that its work is not taken for the server's or the machines'.
fn attacker(address: SocketAddr) -> anyhow::Result<Child> {
    Ok(Command::new(std::env::current_exe()?)
        .args([ATTACK, &address.to_string()])
        .kill_on_drop(true)
        .spawn()?)
}

/// Attacks until killed.
pub async fn attack(address: &str) -> anyhow::Result<()> {
    let address: SocketAddr = address.parse()?;
    let mut tasks = JoinSet::new();
    for index in 0..DRIBBLERS {
        tasks.spawn(async move {
            tokio::time::sleep(RAMP.mul_f64(index as f64 / DRIBBLERS as f64)).await;
            loop {
                // Refused and closed connections are opened again, but not as fast as a processor can.
                let _ = dribble(address, index).await;
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        });
    }
    tasks.spawn(knock(address));
    for index in 0..POURERS {
        tasks.spawn(pour(address, index));
    }
    for index in 0..LIARS {
        tasks.spawn(lie(address, index));
    }
    while let Some(task) = tasks.join_next().await {
        task?;
    }
    Ok(())
}

/// From eight addresses, as many machines behind a few routers would.
async fn connect(address: SocketAddr, index: usize) -> std::io::Result<TcpStream> {
    let last = u8::try_from(index % 8 + 1).unwrap_or(1);
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 1, last)), 0))?;
    let stream = socket.connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A byte, a pause, a byte: half of them never end their head, half never their body.
async fn dribble(address: SocketAddr, index: usize) -> std::io::Result<()> {
    let mut stream = connect(address, index).await?;
    let sn = sn(index % MACHINES);
    let mut request = format!("POST /iclock/cdata?SN={sn}&table=ATTLOG&Stamp=9999 HTTP/1.1\r\nHost: x\r\n");
    if index.is_multiple_of(2) {
        // A whole head at once, and a body that hardly comes.
        request.push_str("Content-Length: 100000\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        request.clear();
    }
    for _ in 0..2000 {
        request.push_str("X-Patience: is a virtue of servers\r\n");
        if request.len() > 100_000 {
            break;
        }
    }
    for byte in request.bytes() {
        stream.write_all(&[byte]).await?;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

/// Serial numbers nobody has, each with a handshake or a poll.
async fn knock(address: SocketAddr) {
    let mut tick = tokio::time::interval(Duration::from_secs(60) / STRANGERS_A_MINUTE);
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut number = 0_u64;
    loop {
        tick.tick().await;
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        tokio::spawn(async move {
            let what =
                ["cdata", "getrequest"].get(usize::from(number & 1 << 40 == 0)).copied().unwrap_or("cdata");
            let mut request = format!("GET /iclock/{what}?SN=X{number:016X}");
            let rest =
                "&options=all&pushver=2.4.1&language=83 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            // Writing into a String cannot fail.
            let _ = write!(request, "{rest}");
            let _ = one(address, usize::try_from(number >> 60).unwrap_or(0), request.as_bytes()).await;
        });
    }
}

/// Sends something and reads whatever is answered, for a while.
async fn one(address: SocketAddr, index: usize, bytes: &[u8]) -> std::io::Result<()> {
    let mut stream = connect(address, index).await?;
    stream.write_all(bytes).await?;
    let mut answer = [0; 1024];
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut answer)).await;
    Ok(())
}

/// Twelve megabytes of lines that are none, once a second.
async fn pour(address: SocketAddr, index: usize) {
    let sn = if index.is_multiple_of(2) { sn(index) } else { format!("POUR{index}") };
    let table = ["ATTLOG", "OPERLOG", "BIODATA", "ATTPHOTO"].get(index % 4).copied().unwrap_or("ATTLOG");
    let mut request = format!("POST /iclock/cdata?SN={sn}&table={table}&Stamp=9999 HTTP/1.1\r\nHost: x\r\nContent-Length: {BODY}\r\n\r\n").into_bytes();
    request.extend(std::iter::repeat_n(b"rubbish without end\n", BODY / 20 + 1).flatten().take(BODY));
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let _ = one(address, index, &request).await;
    }
}

/// Lengths that are wrong in every way there is.
async fn lie(address: SocketAddr, index: usize) {
    let sn = sn(index % MACHINES);
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        for lie in [
            "Content-Length: 1000\r\n\r\n1001\t2026-07-06",
            "Content-Length: 3\r\n\r\n1001\t2026-07-06 08:58:11\t0\t1\n",
            "Content-Length: -1\r\n\r\n",
            "Content-Length: 5\r\nContent-Length: 6\r\n\r\n1\t2026",
            "Content-Length: 99999999999999999999\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
            "Content-Length: 4294967296\r\n\r\nx",
        ] {
            tick.tick().await;
            let request = format!(
                "POST /iclock/cdata?SN={sn}&table=ATTLOG&Stamp=9999 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{lie}"
            );
            let Ok(mut stream) = connect(address, index).await else { continue };
            let _ = stream.write_all(request.as_bytes()).await;
            let _ = stream.shutdown().await;
            let mut answer = [0; 256];
            let _ = tokio::time::timeout(Duration::from_millis(500), stream.read(&mut answer)).await;
        }
    }
}
