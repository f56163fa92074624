//! A run of a target's own program, with the processor time it took.

use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::sh::sh;

/// What a run came to.
pub struct Run {
    pub minutes: f64,
    pub executions: u64,
    /// How it failed, if it found something.
    pub failure: Option<String>,
}

/// Linux counts processor time in hundredths of a second, for every program.
const TICKS_A_MINUTE: f64 = 6000.0;
/// Last lines that are shown of a run that fails.
const SHOWN: usize = 60;

/// Runs `program` and watches what it says.
pub fn run(program: &Path, dir: &Path, arguments: &[String]) -> Result<Run> {
    let mut command = sh(program)?.dir(dir).args(arguments).into_inner();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| program.display().to_string())?;
    let said = child.stderr.take().context("no standard error")?;
    let (mut last, mut executions) = (Vec::new(), 0);
    for line in BufReader::new(said).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        if let Some(number) = line.strip_prefix("stat::number_of_executed_units:") {
            executions = number.trim().parse().unwrap_or(0);
        }
        if last.len() == SHOWN {
            last.remove(0);
        }
        last.push(line);
    }
    // It has closed its standard error, so it has ended or is about to; until it is waited for, the system still knows.
    let ticks = processor_ticks(child.id())?;
    let status = child.wait()?;
    let failure = (!status.success()).then(|| {
        let _ = writeln!(std::io::stderr(), "{}", last.join("\n"));
        status.to_string()
    });
    Ok(Run { minutes: ticks / TICKS_A_MINUTE, executions, failure })
}

fn processor_ticks(pid: u32) -> Result<f64> {
    let path = format!("/proc/{pid}/stat");
    let stat = fs::read_to_string(&path)
        .with_context(|| format!("{path}: processor time is only counted on Linux"))?;
    // The second field is the name in brackets and may hold blanks.
    let (_, rest) = stat.rsplit_once(") ").context("an unknown form of stat")?;
    let fields: Vec<_> = rest.split(' ').collect();
    let ticks =
        |at: usize| -> Result<f64> { Ok(fields.get(at).context("an unknown form of stat")?.parse()?) };
    Ok(ticks(11)? + ticks(12)?)
}
