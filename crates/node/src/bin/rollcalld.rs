//! The site without a window: machines push to it, browsers manage it.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, Subcommand};
use rollcall_core::commands::Leases;
use rollcall_node::listener::Limits;
use rollcall_node::{Node, NodeOptions};
use serde::Serialize;
use tracing::level_filters::LevelFilter;

/// How long the end may take; the system is told that it went well, since nothing acknowledged is lost by it.
const STOP_MOST: Duration = Duration::from_millis(4500);

/// Rollcall without a window: attendance machines push to it, browsers manage it.
///
/// What was bound is printed as one line of JSON on standard output. The console's token is in the variable
/// ROLLCALL_TOKEN, else in DIR/console.token, made on the first start. What happens is logged on standard error, as much
/// as the variable ROLLCALL_LOG says (error, warn, info, debug).
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
struct Arguments {
    /// The folder of the database, made when there is none
    #[arg(long, value_name = "DIR", required = true)]
    data: Option<PathBuf>,
    /// Where machines push to; port 0 picks a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "0.0.0.0:8083")]
    machines: SocketAddr,
    /// Where the console is served; port 0 picks a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8090")]
    console: SocketAddr,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Print the description of the API (OpenAPI 3.1) and end
    Openapi,
}

/// The line on standard output.
#[derive(Serialize)]
struct Bound {
    machines: String,
    console: Option<String>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell when standard error is gone.
            let _ = writeln!(std::io::stderr(), "rollcalld: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Some(data) = arguments.data else {
        return match arguments.command {
            Some(Command::Openapi) => say(&rollcall_node::api::description()),
            None => anyhow::bail!("name the folder of the database with --data"),
        };
    };
    rollcall_node::log::start(LevelFilter::INFO);
    // Every machine is a connection, and so a file.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the number of connections stays limited");
    }
    let token = match std::env::var("ROLLCALL_TOKEN") {
        Ok(token) => Some(token.trim().to_owned()).filter(|token| !token.is_empty()),
        Err(std::env::VarError::NotPresent) => None,
        Err(std::env::VarError::NotUnicode(_)) => {
            anyhow::bail!("ROLLCALL_TOKEN is not text; set it to ASCII characters")
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the system gave no threads to run with")?;
    let leases = leases()?;
    let ended = runtime.block_on(serve(NodeOptions {
        data,
        machines: arguments.machines,
        console: Some(arguments.console),
        token,
        limits: Limits { leases, ..Limits::default() },
    }));
    // A read of the database that does not end must not hold up the end of the program.
    runtime.shutdown_timeout(Duration::from_millis(200));
    ended
}

/// How long machines may take to answer a command; `ROLLCALL_LEASE_SECONDS` shortens it for tests.
fn leases() -> anyhow::Result<Leases> {
    match std::env::var("ROLLCALL_LEASE_SECONDS") {
        Err(std::env::VarError::NotPresent) => Ok(Leases::default()),
        Ok(text) => {
            let seconds = text.trim().parse().ok().filter(|seconds| (1..=86_400).contains(seconds));
            let seconds = seconds.context("ROLLCALL_LEASE_SECONDS is a number of seconds from 1 to 86400")?;
            Ok(Leases::all(Duration::from_secs(seconds)))
        }
        Err(error) => Err(error).context("ROLLCALL_LEASE_SECONDS"),
    }
}

async fn serve(options: NodeOptions) -> anyhow::Result<()> {
    let (data, own_token) = (options.data.clone(), options.token.is_none());
    // Before the start: from here on a signal is an orderly end, however early it comes.
    let mut signal = std::pin::pin!(asked_to_stop()?);
    let node = tokio::select! {
        node = Node::start(options) => node?,
        _ = signal.as_mut() => return Ok(()),
    };
    let (machines, console) = (node.machines_addr(), node.console_addr());
    let bound = Bound { machines: machines.to_string(), console: console.map(|addr| addr.to_string()) };
    let line = serde_json::to_string(&bound).context("the addresses cannot be written")?;
    if let Err(error) = say(&format!("{line}\n")) {
        tracing::warn!(%error, "standard output is closed");
    }
    let place = if own_token {
        data.join("console.token").display().to_string()
    } else {
        "ROLLCALL_TOKEN".to_owned()
    };
    if let Some(console) = console {
        if !console.ip().is_loopback() {
            tracing::warn!(
                %console,
                "the console is open to the network without encryption; put a proxy with TLS before it, or bind it to 127.0.0.1"
            );
        }
        tracing::info!(%machines, console = %format_args!("http://{console}"), token = place, "Rollcall runs");
    }
    let name = signal.await;
    tracing::info!(signal = name, "Rollcall stops");
    if tokio::time::timeout(STOP_MOST, node.stop()).await.is_err() {
        tracing::warn!("requests under way were cut off; nothing that was acknowledged is lost");
    }
    Ok(())
}

/// Waits for the system, or the person at the terminal, to ask for the end.
fn asked_to_stop() -> anyhow::Result<impl Future<Output = &'static str>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).context("signals cannot be heard")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be heard")?;
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => "SIGTERM",
                _ = interrupt.recv() => "SIGINT",
            }
        })
    }
    #[cfg(windows)]
    {
        let mut close = tokio::signal::windows::ctrl_close().context("signals cannot be heard")?;
        let mut shutdown = tokio::signal::windows::ctrl_shutdown().context("signals cannot be heard")?;
        Ok(async move {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => "Ctrl+C",
                _ = close.recv() => "close",
                _ = shutdown.recv() => "shutdown",
            }
        })
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    let mut output = std::io::stdout().lock();
    output.write_all(text.as_bytes()).and_then(|()| output.flush()).context("standard output is closed")
}
