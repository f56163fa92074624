//! `cargo xtask fuzz`: garbage for the parsers.

use std::fs;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::sh::sh;
use crate::{paths, tools};

/// How long, and which.
#[derive(Debug, Args)]
pub struct Options {
    /// For how long, each target
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Only this target
    target: Option<String>,
}

/// Runs the targets one after the other.
pub fn fuzz(options: &Options) -> Result<()> {
    let crate_dir = paths::root()?.join("crates/protocol");
    let targets = crate_dir.join("fuzz/fuzz_targets");
    let mut names = Vec::new();
    for entry in fs::read_dir(&targets).with_context(|| targets.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    if let Some(wanted) = &options.target {
        names.retain(|name| name == wanted);
        if names.is_empty() {
            bail!("there is no fuzz target {wanted}");
        }
    }
    let program = tools::fuzz()?;
    for name in names {
        sh(&program)?
            .dir(&crate_dir)
            .args(["run", "--sanitizer", "none", &name, "--"])
            .arg(format!("-max_total_time={}", options.seconds))
            // The sanitizers' instrumentation is behind a switch that a stable compiler only opens like this.
            .env("RUSTC_BOOTSTRAP", "1")
            .run()?;
    }
    Ok(())
}
