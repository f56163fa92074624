//! A simulated attendance machine to punch on from the keyboard, or a fleet of them.

mod keyboard;
mod many;
mod words;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use rollcall_machine::{Profile, ServerAddress};

use crate::words::Lang;

/// A simulated attendance machine: type a number and press Enter, and somebody has punched.
#[derive(Debug, Parser)]
#[command(name = "rollcall-machine", version)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    one: keyboard::One,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Args)]
struct Common {
    /// Server address of the machines.
    #[arg(long, global = true, env = "ROLLCALL_SERVER", default_value = "http://127.0.0.1:8083")]
    server: ServerAddress,
    /// Generation of the firmware.
    #[arg(long, global = true, value_enum, default_value = "modern")]
    firmware: Firmware,
    /// Put `.aspx` behind every path.
    #[arg(long, global = true)]
    aspx: bool,
    /// Keep the connection open between requests.
    #[arg(long, global = true)]
    keep_alive: bool,
}

impl Common {
    const fn profile(&self) -> Profile {
        let profile = match self.firmware {
            Firmware::Modern => Profile::MODERN,
            Firmware::V2 => Profile::V2,
            Firmware::V1 => Profile::V1,
        };
        if self.aspx { profile.with_aspx() } else { profile }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Firmware {
    Modern,
    V2,
    V1,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Many machines that punch by themselves; prints counters.
    Fleet(many::Many),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = tracing_subscriber::EnvFilter::try_from_env("ROLLCALL_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let lang = Lang::choose(arguments.one.lang);
    let result = tokio::runtime::Runtime::new().map_err(anyhow::Error::from).and_then(|runtime| {
        let result = runtime.block_on(async {
            match arguments.command {
                None => keyboard::run(&arguments.common, &arguments.one, lang).await,
                Some(Command::Fleet(many)) => many::run(&arguments.common, &many).await,
            }
        });
        // Reading the keyboard blocks a thread that nobody can end; do not wait for it.
        runtime.shutdown_background();
        result
    });
    match result {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "rollcall-machine: {error:#}");
            ExitCode::FAILURE
        }
    }
}
