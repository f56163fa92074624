//! What crosses crates: the real `rollcalld` in a temporary folder, the console API spoken as other programs speak it,
//! and simulated machines between them.
//!
//! `ROLLCALLD` may name the program to test; without it the one of this source tree is built and used.

mod api;
pub mod check;
mod full_disk;
mod server;
pub mod soak;

pub use api::{Api, Reply, Watch};
pub use full_disk::SmallDisk;
pub use server::{Addresses, Server, rollcalld};

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use rollcall_machine::MachineHandle;
use serde_json::Value;

/// The longest any single step of a test may take; what takes longer has failed.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for something, but not for ever.
///
/// # Errors
/// When [`PATIENCE`] is over; `what` says what did not happen.
pub async fn patiently<T>(what: &str, wait: impl Future<Output = T>) -> anyhow::Result<T> {
    tokio::time::timeout(PATIENCE, wait).await.with_context(|| format!("waited in vain: {what}"))
}

/// Asks again and again until the answer is as wanted, for what cannot be awaited otherwise.
///
/// # Errors
/// When asking fails, or [`PATIENCE`] is over.
pub async fn eventually<T>(
    what: &str,
    mut ask: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let mut tick = tokio::time::interval(Duration::from_millis(20));
    patiently(what, async {
        loop {
            tick.tick().await;
            if let Some(answer) = ask().await? {
                return Ok(answer);
            }
        }
    })
    .await?
}

/// Waits for the end of a job that follows a machine, which is not left to take its time; all of the job.
///
/// # Errors
/// When it cannot be asked about, or does not end.
pub async fn ended(api: &Api, machine: &MachineHandle, job: i64) -> anyhow::Result<Value> {
    let waited = tokio::time::timeout(Duration::from_secs(200), async {
        loop {
            let now = api.get(&format!("/api/jobs/{job}")).await?;
            let state = now.get("state").and_then(Value::as_str).unwrap_or_default();
            if matches!(state, "done" | "failed" | "cancelled") {
                return Ok::<_, anyhow::Error>(now);
            }
            // The next answer of the machine changes it.
            machine.hurry();
            let mut state = machine.state();
            let _ = tokio::time::timeout(Duration::from_millis(200), state.changed()).await;
        }
    });
    waited.await.context("the job never ended")?
}

/// Resident memory of a process in KiB.
///
/// # Errors
/// When the process is gone, or the system does not tell.
pub fn resident(pid: u32) -> anyhow::Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

/// The database in a data folder, whatever its name.
///
/// # Errors
/// When there is none, or the folder cannot be read.
pub fn database(folder: &Path) -> anyhow::Result<PathBuf> {
    let mut files = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let is_database = |path: &PathBuf| {
        let mut start = [0; 16];
        let read =
            std::fs::File::open(path).and_then(|mut file| std::io::Read::read_exact(&mut file, &mut start));
        read.is_ok() && start == *b"SQLite format 3\0"
    };
    files.find(is_database).context("there is no database in the data folder")
}
