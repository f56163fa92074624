//! Servers in processes of their own, so that their memory and processor time are theirs alone.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use rollcall_core::{Clock, Site, SiteOptions};
use rollcall_node::events::Events;
use rollcall_node::fleet::Fleet;
use rollcall_node::listener::{Limits, Listener};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Argument that makes this program the listener over a folder.
pub const LISTENER: &str = "--child-listener";
/// Argument that makes this program the plain listener.
pub const BARE: &str = "--child-bare";

/// The database inside a folder given to [`LISTENER`].
pub fn database(folder: &Path) -> PathBuf {
    folder.join("site.db")
}

/// The machine listener alone; answers `commits` on its standard input.
pub async fn listener(folder: PathBuf) -> anyhow::Result<()> {
    let site = Site::open(SiteOptions { path: database(&folder), clock: Clock::system() })?;
    let fleet = Fleet::load(&site).await?;
    let limits = Limits { connections: 18_000, connections_per_address: 18_000, ..Limits::default() };
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let listener = Listener::start(any, limits, site.clone(), fleet, Events::new())?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", listener.local_addr())?;
    out.flush()?;
    until_input_ends(|line| (line == "commits").then(|| site.commits().to_string())).await?;
    listener.stop().await;
    site.close().await;
    Ok(())
}

/// Answers questions on standard input until it ends.
pub async fn until_input_ends(mut answer: impl FnMut(&str) -> Option<String>) -> anyhow::Result<()> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some(answer) = answer(&line) {
            let mut out = std::io::stdout();
            writeln!(out, "{answer}")?;
            out.flush()?;
        }
    }
    Ok(())
}

/// A server in another process.
pub struct Served {
    child: Child,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Served {
    /// Starts this program again with these arguments; it says its address in its first line.
    pub async fn start(arguments: [&str; 2]) -> anyhow::Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let input = child.stdin.take().context("no input")?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let first = lines.next_line().await?.context("the server did not start")?;
        Ok(Self { child, input, lines, address: first.parse()? })
    }

    /// Transactions committed so far.
    pub async fn commits(&mut self) -> anyhow::Result<u64> {
        self.input.write_all(b"commits\n").await?;
        Ok(self.lines.next_line().await?.context("the server ended")?.parse()?)
    }

    /// Processor time used so far, by the program and by the system for it.
    pub fn processor(&self) -> anyhow::Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid()?))?;
        // The second field is the name in brackets and may hold blanks.
        let (_, rest) = stat.rsplit_once(") ").context("an unknown form of stat")?;
        let ticks = |index: usize| -> anyhow::Result<u64> {
            Ok(rest.split(' ').nth(index).context("too short")?.parse()?)
        };
        // Linux counts in hundredths of a second for every program.
        Ok(Duration::from_millis((ticks(11)? + ticks(12)?) * 10))
    }

    /// Resident memory in KiB.
    pub fn memory(&self) -> anyhow::Result<f64> {
        rollcall_tests::resident(self.pid()?)
    }

    /// The operating system's number of the process.
    pub fn pid(&self) -> anyhow::Result<u32> {
        self.child.id().context("the server ended")
    }

    /// Ends it in order.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        drop(self.input);
        let status = self.child.wait().await?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}
