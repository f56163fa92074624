//! The real `rollcalld`, started, stopped and killed.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::OnceLock;

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::{Api, patiently};

const TOKEN: &str = "only-for-tests-0123456789abcdef";

/// Where a server shall listen.
#[derive(Clone, Copy, Debug)]
pub struct Addresses {
    /// For machines.
    pub machines: SocketAddr,
    /// For the console.
    pub console: SocketAddr,
}

impl Addresses {
    /// Whatever is free.
    #[must_use]
    pub fn free() -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self { machines: any, console: any }
    }

    /// A free port that stays free while the server is down: below the range the system takes ports from for outgoing
    /// connections, or a machine that knocks in vain may end up connected to itself and keep the port.
    ///
    /// # Errors
    /// When there is none.
    pub fn lasting() -> anyhow::Result<Self> {
        let start = 12_000 + u16::try_from(std::process::id() % 16_000).context("below 16000")?;
        for port in start..32_000 {
            let machines = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
            if TcpListener::bind(machines).is_ok() {
                return Ok(Self { machines, ..Self::free() });
            }
        }
        bail!("no free port below 32000")
    }
}

/// A running `rollcalld`. Dropping it kills it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// What was bound.
    pub addresses: Addresses,
    /// A client with the token.
    pub api: Api,
}

impl Server {
    /// Starts the server on this folder, on free ports.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start(data: &Path) -> anyhow::Result<Self> {
        Self::start_at(data, Addresses::free()).await
    }

    /// Starts the server on this folder and these addresses.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start_at(data: &Path, addresses: Addresses) -> anyhow::Result<Self> {
        Self::start_with(data, addresses, &[]).await
    }

    /// The same with variables of the environment.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start_with(
        data: &Path,
        addresses: Addresses,
        environment: &[(&str, &str)],
    ) -> anyhow::Result<Self> {
        let mut child = Command::new(rollcalld()?)
            .arg("--data")
            .arg(data)
            .args([
                "--machines",
                &addresses.machines.to_string(),
                "--console",
                &addresses.console.to_string(),
            ])
            .env("ROLLCALL_TOKEN", TOKEN)
            .env("ROLLCALL_LOG", std::env::var("ROLLCALL_LOG").unwrap_or_else(|_| "warn".to_owned()))
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("rollcalld cannot be started")?;
        let out = child.stdout.take().context("rollcalld has no output")?;
        let mut lines = BufReader::new(out).lines();
        let line = patiently("the line that says what was bound", lines.next_line()).await??;
        let line = line.context("rollcalld ended before it listened")?;
        let bound: Value = serde_json::from_str(&line).with_context(|| format!("not JSON: {line}"))?;
        let address = |name: &str| -> anyhow::Result<SocketAddr> {
            let text =
                bound.get(name).and_then(Value::as_str).with_context(|| format!("no {name} in {line}"))?;
            text.parse().with_context(|| format!("{text} is no address"))
        };
        let addresses = Addresses { machines: address("machines")?, console: address("console")? };
        let api = Api::new(format!("http://{}", addresses.console), TOKEN.to_owned());
        Ok(Self { child, addresses, api })
    }

    /// The operating system's number of the process.
    ///
    /// # Errors
    /// When it has ended.
    pub fn pid(&self) -> anyhow::Result<u32> {
        self.child.id().context("rollcalld has ended")
    }

    /// `kill -9`, as a power cut would.
    ///
    /// # Errors
    /// When the system refuses.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill().await.context("rollcalld cannot be killed")
    }

    /// SIGTERM, then the end.
    ///
    /// # Errors
    /// When the system refuses or the program does not end.
    pub async fn terminate(mut self) -> anyhow::Result<ExitStatus> {
        let pid = self.pid()?.to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().await.context("no kill command")?;
        ensure!(sent.success(), "kill -TERM {pid} failed");
        Ok(patiently("rollcalld ends after SIGTERM", self.child.wait()).await??)
    }
}

/// The program under test. Built once per process when `ROLLCALLD` does not name one: a stale binary proves nothing.
///
/// # Errors
/// When it cannot be built or found.
pub fn rollcalld() -> anyhow::Result<&'static Path> {
    static PROGRAM: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    PROGRAM
        .get_or_init(|| locate().map_err(|error| format!("{error:#}")))
        .as_deref()
        .map_err(|error| anyhow::anyhow!("{error}"))
}

fn locate() -> anyhow::Result<PathBuf> {
    if let Some(named) = std::env::var_os("ROLLCALLD") {
        let named = PathBuf::from(named);
        ensure!(named.is_file(), "ROLLCALLD names {}, which is not a file", named.display());
        return Ok(named);
    }
    // target/PROFILE/deps/test-… or target/PROFILE/rollcall-bench
    let own = std::env::current_exe().context("this program's own path")?;
    let mut folder = own.parent().context("a program lies in a folder")?;
    if folder.ends_with("deps") {
        folder = folder.parent().context("deps lies in a folder")?;
    }
    let target = folder.parent().context("the profile lies in the target folder")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = std::process::Command::new(cargo);
    build
        .args(["build", "--quiet", "--package", "rollcall-node", "--bin", "rollcalld", "--target-dir"])
        .arg(target);
    if folder.ends_with("release") {
        build.arg("--release");
    }
    build.current_dir(env!("CARGO_MANIFEST_DIR"));
    ensure!(build.status().context("cargo cannot be started")?.success(), "rollcalld cannot be built");
    let program = folder.join(format!("rollcalld{}", std::env::consts::EXE_SUFFIX));
    ensure!(program.is_file(), "{} was built and is not there", program.display());
    Ok(program)
}
