//! The chores of Rollcall, one command each. `run` and `test` need nothing but Rust and Node: what else is missing
//! they install, or say exactly how to.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line program talks on the terminal"
)]

mod bench;
mod deny;
mod fuzz;
mod openapi;
mod packages;
mod paths;
mod rollcalld;
mod rules;
mod run;
mod sh;
mod soak;
mod test;
mod tools;
mod ui;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "The chores of Rollcall")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Installs what is missing, builds Rollcall and opens its window; without a display starts rollcalld instead
    Run(run::Options),
    /// Sets everything up and runs every check
    Test(test::Options),
    /// Measures the listener and the database against bare ones; prints the table of docs/performance.md
    Bench(bench::Options),
    /// Lets many machines of all kinds live through a bad day, every fault at once, and looks for what went wrong
    Soak(soak::Options),
    /// Writes docs/openapi.json and the UI's client anew from the Rust types
    Openapi,
    /// Writes docs/machine-rules.md and docs/product-rules.md anew: which test proves which rule
    Rules(rules::Options),
    /// Feeds the parsers and the listener with garbage for a while
    Fuzz(fuzz::Options),
    /// Looks at the licences, sources and advisories of what we depend on
    Deny(deny::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Run(options) => run::run(&options),
        Command::Test(options) => test::test(&options),
        Command::Bench(options) => bench::bench(&options),
        Command::Soak(options) => soak::soak(&options),
        Command::Openapi => openapi::write(),
        Command::Rules(options) => rules::rules(&options),
        Command::Fuzz(options) => fuzz::fuzz(&options),
        Command::Deny(options) => deny::deny(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
