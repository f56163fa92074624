//! What the programs log, on standard error. They run for months: nothing may depend on anybody being there to read it.

use std::io::IsTerminal;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::Directive;

/// Says how much is logged, as in `info,rollcall_node=debug`.
const VARIABLE: &str = "ROLLCALL_LOG";

/// Logs from now on, as much as the variable `ROLLCALL_LOG` says, else `usual`. To be called once, by a program.
pub fn start(usual: LevelFilter) {
    let wanted = std::env::var(VARIABLE).unwrap_or_default();
    let (readable, unreadable): (Vec<_>, Vec<_>) = wanted
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .partition(|part| part.parse::<Directive>().is_ok());
    // Only what can be read: the library would print its complaints, and panic when that fails.
    let filter = EnvFilter::builder().with_default_directive(usual.into()).parse_lossy(readable.join(","));
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        // A line that cannot be written, to a full disk or a closed pipe, is lost. By default that would be printed to
        // the same place, which panics: in the middle of a machine's request, or of a write to the database.
        .log_internal_errors(false)
        .try_init();
    if started.is_ok() && !unreadable.is_empty() {
        tracing::warn!(variable = VARIABLE, parts = ?unreadable, "not understood, and left out");
    }
}
