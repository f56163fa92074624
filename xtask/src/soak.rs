//! `cargo xtask soak`: a bad day of a large site, in a release build.

use anyhow::Result;
use clap::Args;

use crate::packages::{self, For};
use crate::sh::cargo;
use crate::ui;

/// How long, and with how many.
#[derive(Debug, Args)]
pub struct Options {
    /// For how long people punch and orders are given
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// Machines, of all dialects and firmware in turn
    #[arg(long, default_value_t = 1000)]
    machines: u32,
    /// Where chance begins
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Lives through the day; fails with whatever was lost, doubled, repeated or stuck.
pub fn soak(options: &Options) -> Result<()> {
    packages::ensure(&[For::Node])?;
    ui::build()?;
    cargo()?
        .args(["run", "--release", "--package", "rollcall-tests", "--bin", "rollcall-soak", "--"])
        .args(["--minutes", &options.minutes.to_string()])
        .args(["--machines", &options.machines.to_string()])
        .args(["--seed", &options.seed.to_string()])
        .run()
}
