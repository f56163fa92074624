//! Does jobs, one after the other: one file for each kind of them, and one for what makes them by itself.
//!
//! It wakes when the bell is rung (by every call that may have changed something), when a job or a night is due, and once a
//! minute in case a computer that slept has missed its timers.

mod dispatch_run;
mod rules;

use std::sync::Arc;
use std::time::Duration;

use rollcall_core::Site;
use rollcall_core::clock::Timestamp;
use rollcall_core::db;
use rollcall_core::dispatch::Snapshot;
use rollcall_core::jobs::{DISPATCH_RUN, Job, job_retry, jobs_begin, jobs_next, jobs_take};
use tokio_util::sync::CancellationToken;

use super::Bell;
use crate::events::{Event, Events};
use crate::fleet::Fleet;

/// The kinds that are done here.
const KINDS: &[&str] = &[DISPATCH_RUN];
/// How long one part of a job may take before somebody else may think that it was let go of.
const LEASE: Duration = Duration::from_secs(300);
/// Longest wait.
const LONGEST: Duration = Duration::from_secs(60);
/// Wait after the database has refused something: its own look whether it can be written is as often.
const TROUBLE: Duration = Duration::from_secs(5);

/// What a job is done with.
struct Worker {
    site: Site,
    fleet: Arc<Fleet>,
    events: Events,
    stop: CancellationToken,
    /// The directory as the run before saw it.
    kept: Option<Snapshot>,
}

pub(super) async fn run(site: Site, fleet: Arc<Fleet>, events: Events, bell: Bell, stop: CancellationToken) {
    let mut worker = Worker { site, fleet, events, stop, kept: None };
    let mut begun = false;
    loop {
        let wait = match worker.work(&mut begun).await {
            Ok(next) => wait(worker.site.clock().now(), next),
            Err(error) => {
                tracing::debug!(code = error.code(), %error, "background jobs wait");
                TROUBLE
            }
        };
        // What is kept is for thousands of runs in a row, not for the day.
        worker.kept = None;
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = bell.rung_for_jobs() => {}
            () = worker.stop.cancelled() => return,
        }
    }
}

fn wait(now: Timestamp, next: Option<Timestamp>) -> Duration {
    next.map_or(LONGEST, |next| (next - now).to_std().unwrap_or_default().min(LONGEST))
}

impl Worker {
    /// Does whatever there is to do; answers when there is more.
    async fn work(&mut self, begun: &mut bool) -> Result<Option<Timestamp>, db::Error> {
        if !*begun {
            self.site.write(|tx| jobs_begin(tx, KINDS)).await?;
            *begun = true;
        }
        let night = self.nights().await?;
        while !self.stop.is_cancelled() {
            // Before every job, for one of them may take a while.
            self.moves().await?;
            let Some(job) = self.site.write(|tx| jobs_take(tx, KINDS, LEASE)).await? else { break };
            self.events.tell(Event::Job { id: job.id.0 });
            if let Err(error) = self.one(&job).await {
                tracing::warn!(job = job.id.0, code = error.code(), %error, "a job could not be done");
                let (failed, code) = (job.clone(), error.code());
                let detail = serde_json::json!({ "detail": error.to_string() });
                self.site.write(move |tx| job_retry(tx, &failed, code, detail)).await?;
            }
            self.events.tell(Event::Job { id: job.id.0 });
        }
        let next = self.site.read(|conn| jobs_next(conn, KINDS)).await?;
        Ok([night, next].into_iter().flatten().min())
    }

    async fn one(&mut self, job: &Job) -> Result<(), db::Error> {
        match job.kind.as_str() {
            DISPATCH_RUN => self.dispatch_run(job).await,
            // Only kinds of the list are taken.
            _ => Ok(()),
        }
    }
}
