//! `cargo xtask deny`: licences, sources, advisories.

use anyhow::Result;
use clap::Args;

use crate::sh::{Sh, sh};
use crate::tools;

/// What to look at.
#[derive(Debug, Args)]
pub struct Options {
    /// Leave out the advisories, whose database lies on GitHub
    #[arg(long)]
    offline: bool,
}

/// Installs cargo-deny if need be, and runs it.
pub fn deny(options: &Options) -> Result<()> {
    check(sh(tools::deny()?)?, options.offline)
}

/// What can be looked at without leaving the registry.
pub fn offline(program: std::path::PathBuf) -> Result<()> {
    check(sh(program)?, true)
}

fn check(deny: Sh, offline: bool) -> Result<()> {
    let deny = deny.args(["--all-features", "check", "bans", "licenses", "sources"]);
    if offline { deny.run() } else { deny.arg("advisories").run() }
}
