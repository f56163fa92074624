//! `cargo xtask bench`: numbers, with both sides of every ratio.

use anyhow::Result;
use clap::Args;

use crate::packages::{self, For};
use crate::sh::cargo;
use crate::ui;

/// What to measure.
#[derive(Debug, Args)]
pub struct Options {
    /// Passed on to the measuring program
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Measures in a release build.
pub fn bench(options: &Options) -> Result<()> {
    packages::ensure(&[For::Node])?;
    ui::build()?;
    cargo()?
        .args(["run", "--release", "--package", "rollcall-tests", "--bin", "rollcall-bench", "--"])
        .args(&options.arguments)
        .run()
}
