//! `cargo xtask fuzz`: garbage for the parsers and for the whole listener.
//!
//! Beside every crate with targets lies `fuzz/corpus`, which is committed: the beginnings chosen by hand, and what
//! minimising kept of what runs have found. What a run finds goes to `fuzz/found`, which is not.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::sh::{Sh, sh};
use crate::{paths, tools};

/// How long, and which.
#[derive(Debug, Args)]
pub struct Options {
    /// For how long, each target
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Only this target; may be given several times
    #[arg(long)]
    target: Vec<String>,
    /// Afterwards take over into the committed corpus what of the findings reaches code that nothing in it reaches
    #[arg(long)]
    minimise: bool,
}

/// Crates with targets.
const CRATES: [&str; 2] = ["crates/node/fuzz", "crates/protocol/fuzz"];
/// Longest input: what is longer costs more than it shows, since nothing in the protocols depends on it.
const LONGEST: u32 = 4096;

/// A target and the folder of its crate.
struct Target {
    crate_dir: PathBuf,
    name: String,
}

/// Runs the targets one after the other. A crash, a hang or a property that does not hold ends it.
pub fn fuzz(options: &Options) -> Result<()> {
    let root = paths::root()?;
    let mut targets = Vec::new();
    for crate_dir in CRATES.map(|dir| root.join(dir)) {
        targets.extend(targets_of(&crate_dir)?);
    }
    if let Some(unknown) = options.target.iter().find(|name| targets.iter().all(|known| known.name != **name))
    {
        let known: Vec<_> = targets.iter().map(|target| target.name.as_str()).collect();
        bail!("there is no fuzz target {unknown}; there are {}", known.join(", "));
    }
    if !options.target.is_empty() {
        targets.retain(|target| options.target.contains(&target.name));
    }
    let program = tools::fuzz()?;
    for target in targets {
        target.run(&program, options)?;
    }
    Ok(())
}

fn targets_of(crate_dir: &Path) -> Result<Vec<Target>> {
    let folder = crate_dir.join("fuzz_targets");
    let mut targets = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs")
            && let Some(name) = path.file_stem().and_then(|name| name.to_str())
        {
            targets.push(Target { crate_dir: crate_dir.to_owned(), name: name.to_owned() });
        }
    }
    targets.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(targets)
}

impl Target {
    fn run(&self, program: &Path, options: &Options) -> Result<()> {
        let (corpus, found) = (self.folder("corpus")?, self.folder("found")?);
        // What is new goes into the folder that is named first.
        self.engine(program, &[&found, &corpus])?
            .arg(format!("-max_total_time={}", options.seconds))
            .arg(format!("-max_len={LONGEST}"))
            // Seconds for one input, and MiB for all: more is a hang, or growth without bounds.
            .args(["-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"])
            .run()?;
        if options.minimise {
            // Reached or not is enough: with the number of times it is reached, the corpus would be ten times as large.
            self.engine(program, &[&corpus, &found])?.args(["-merge=1", "-use_counters=0"]).run()?;
        }
        Ok(())
    }

    fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.crate_dir.join(name).join(&self.name);
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        Ok(folder)
    }

    fn engine(&self, program: &Path, folders: &[&Path]) -> Result<Sh> {
        Ok(sh(program)?
            .dir(&self.crate_dir)
            // The code is all safe but for SQLite's, whose fuzzing is its makers'.
            .args(["run", "--sanitizer", "none", &self.name])
            .args(folders)
            .arg("--")
            // The sanitizers' instrumentation is behind a switch that a stable compiler only opens like this.
            .env("RUSTC_BOOTSTRAP", "1"))
    }
}
