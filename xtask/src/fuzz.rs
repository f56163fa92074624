//! `cargo xtask fuzz`: garbage for the parsers and for the whole listener.
//!
//! Beside every crate with targets lies `fuzz/corpus`, which is committed: the beginnings chosen by hand, and what
//! minimising kept of what runs have found. What a run finds goes to `fuzz/found`, which is not.
//!
//! How long each target has been fuzzed altogether stands in `docs/fuzzing.md`, to which `--cpu-minutes` adds.

mod ledger;
mod timed;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;

use self::ledger::Ledger;
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
    /// Instead: in turns, until docs/fuzzing.md says that each target has had so many minutes of processor time
    #[arg(long, conflicts_with_all = ["seconds", "minimise"])]
    cpu_minutes: Option<f64>,
    /// So many targets at once, with --cpu-minutes
    #[arg(long, default_value_t = 1, requires = "cpu_minutes")]
    jobs: usize,
    /// With --cpu-minutes: what has changed in the code since then does not concern the targets, so their minutes count on
    #[arg(long, requires = "cpu_minutes")]
    count_on: bool,
    /// Afterwards take over into the committed corpus what of the findings reaches code that nothing in it reaches
    #[arg(long)]
    minimise: bool,
}

/// Crates with targets.
const CRATES: [&str; 2] = ["crates/node/fuzz", "crates/protocol/fuzz"];
/// Seconds of a turn, at most.
const TURN: u32 = 120;
/// Seconds of a turn, at least: less would go into reading the corpus.
const SHORT_TURN: u32 = 20;
/// Longest input: what is longer costs more than it shows, since nothing in the protocols depends on it.
const LONGEST: u32 = 4096;

/// Seconds for one input, and MiB for all: more is a hang, or growth without bounds.
fn bounds() -> [String; 4] {
    let most = format!("-max_len={LONGEST}");
    [most, "-timeout=20".into(), "-rss_limit_mb=2048".into(), "-print_final_stats=1".into()]
}

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
    if let Some(minutes) = options.cpu_minutes {
        return in_turns(&targets, &program, minutes, options);
    }
    for target in targets {
        target.run(&program, options)?;
    }
    Ok(())
}

/// Whoever has had least is next.
fn in_turns(targets: &[Target], program: &Path, aim: f64, options: &Options) -> Result<()> {
    let mut ledger = Ledger::open(&paths::root()?)?;
    for target in targets {
        ledger.row(&target.name).of_code(&target.code()?, options.count_on);
        target.build(program)?;
    }
    let (ledger, busy) = (Mutex::new(ledger), Mutex::new(Vec::<&str>::new()));
    let next = || -> Option<(&Target, u32)> {
        let (mut ledger, mut busy) = (ledger.lock().ok()?, busy.lock().ok()?);
        let mut open: Vec<_> = targets
            .iter()
            .filter(|target| !busy.contains(&target.name.as_str()))
            .map(|target| (ledger.row(&target.name).minutes, target))
            .filter(|(minutes, _)| *minutes < aim)
            .collect();
        open.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let (had, target) = *open.first()?;
        busy.push(&target.name);
        Some((target, turn_of(aim - had)))
    };
    let work = || -> Result<()> {
        while let Some((target, seconds)) = next() {
            let run = target.turn(seconds)?;
            let mut ledger = ledger.lock().map_err(|_| anyhow!("another turn went wrong"))?;
            let row = ledger.row(&target.name);
            row.minutes += run.minutes;
            row.executions += run.executions;
            println!("{}: {:.2} of {aim} minutes, {} executions", target.name, row.minutes, row.executions);
            ledger.write()?;
            if let Ok(mut busy) = busy.lock() {
                busy.retain(|name| *name != target.name);
            }
            if let Some(failure) = run.failure {
                bail!("{}: {failure}; what it found is in {}", target.name, target.artifacts()?.display());
            }
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..options.jobs.max(1)).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow!("a turn panicked"))?)
    })
}

/// Seconds of the next turn of a target that lacks so many minutes: the last one is only as long as it has to be.
fn turn_of(lacks: f64) -> u32 {
    let wanted = Duration::try_from_secs_f64(lacks * 60.0).unwrap_or_default().as_secs() + 1;
    u32::try_from(wanted).unwrap_or(TURN).clamp(SHORT_TURN, TURN)
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
            .args(bounds())
            .run()?;
        if options.minimise {
            // Reached or not is enough: with the number of times it is reached, the corpus would be ten times as large.
            self.engine(program, &[&corpus, &found])?.args(["-merge=1", "-use_counters=0"]).run()?;
        }
        Ok(())
    }

    /// The last commit that changed what is fuzzed; there must be no change since.
    fn code(&self) -> Result<String> {
        let code: &[&str] = if self.crate_dir.ends_with(CRATES[0]) {
            &["crates/node/src/listener", "crates/node/src/fleet", "crates/core/src", "crates/protocol/src"]
        } else {
            &["crates/protocol/src"]
        };
        let git = |words: &[&str]| sh("git")?.args(words).arg("--").args(code).output();
        let changed = git(&["status", "--porcelain"])?;
        if !changed.is_empty() {
            bail!("commit what is fuzzed first, or nobody knows what was:\n{changed}");
        }
        let commit = git(&["log", "-1", "--abbrev=10", "--format=%h"])?;
        Ok(commit.trim().to_owned())
    }

    fn build(&self, program: &Path) -> Result<()> {
        sh(program)?
            .dir(&self.crate_dir)
            .args(["build", "--sanitizer", "none", &self.name])
            .env("RUSTC_BOOTSTRAP", "1")
            .run()
    }

    /// One turn, without cargo in between, so that only the fuzzer's own time counts.
    fn turn(&self, seconds: u32) -> Result<timed::Run> {
        let about = sh("rustc")?.arg("-vV").output()?;
        let host =
            about.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc tells no host")?;
        let built = self.crate_dir.join("target").join(host).join("release").join(&self.name);
        let mut arguments: Vec<_> = [self.folder("found")?, self.folder("corpus")?]
            .iter()
            .map(|folder| folder.display().to_string())
            .collect();
        arguments.push(format!("-artifact_prefix={}/", self.artifacts()?.display()));
        arguments.push(format!("-max_total_time={seconds}"));
        arguments.extend(bounds());
        timed::run(&built, &self.crate_dir, &arguments)
    }

    fn artifacts(&self) -> Result<PathBuf> {
        self.folder("artifacts")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_turn_is_only_as_long_as_it_has_to_be() {
        for (lacks, seconds) in [(24.0, TURN), (2.0, TURN), (1.5, 91), (0.1, SHORT_TURN), (-1.0, SHORT_TURN)]
        {
            assert_eq!(turn_of(lacks), seconds, "{lacks} minutes");
        }
    }
}
