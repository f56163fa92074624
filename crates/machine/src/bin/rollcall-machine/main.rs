//! A simulated machine to punch on from the keyboard, or a fleet of them.

mod faults;
mod firmware;
mod keyboard;
mod many;
mod words;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use rollcall_machine::{Dialect, Profile, ServerAddress};

use crate::words::Lang;

/// A simulated machine: type a number and press Enter, and somebody has punched.
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
    /// What the machine speaks.
    #[arg(long, global = true, value_enum, default_value = "attendance")]
    dialect: Spoken,
    /// Generation of the firmware; the usual one of the dialect when not given.
    #[arg(long, global = true, value_enum)]
    firmware: Option<Firmware>,
    /// Put `.aspx` behind every path.
    #[arg(long, global = true)]
    aspx: bool,
    /// Keep the connection open between requests.
    #[arg(long, global = true)]
    keep_alive: bool,
    #[command(flatten)]
    faults: faults::Flags,
}

impl Common {
    const fn profile(&self) -> Profile {
        let profile = match self.firmware {
            Some(firmware) => firmware.profile(),
            None => Profile::of(self.dialect.dialect()),
        };
        if self.aspx { profile.with_aspx() } else { profile }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Spoken {
    Attendance,
    Access,
    Fk,
}

impl Spoken {
    const fn dialect(self) -> Dialect {
        match self {
            Self::Attendance => Dialect::Attendance,
            Self::Access => Dialect::Access,
            Self::Fk => Dialect::Fk,
        }
    }
}

/// The names say which dialect it is; `--dialect` need not be given then.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Firmware {
    Modern,
    V2,
    V1,
    AccessFace,
    AccessController,
    FkHs101,
    FkHs102,
    FkNew,
}

impl Firmware {
    const fn profile(self) -> Profile {
        match self {
            Self::Modern => Profile::MODERN,
            Self::V2 => Profile::V2,
            Self::V1 => Profile::V1,
            Self::AccessFace => Profile::ACCESS,
            Self::AccessController => Profile::ACCESS_OLD,
            Self::FkHs101 => Profile::FK_HS101,
            Self::FkHs102 => Profile::FK_HS102,
            Self::FkNew => Profile::FK_NEW,
        }
    }
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
