//! Judges days: whatever arrived and whatever changed, and the recomputations somebody asked for.
//!
//! It wakes when punches are stored, when the bell is rung (by every call that may have changed a plan or a fact), at midnight
//! where the site is, and once a minute in case a computer that slept has missed its timers. A recomputation is done in parts,
//! with what just came in between them.

use std::time::Duration;

use chrono::NaiveDate;
use rollcall_core::attendance::{
    Recomputed, Recomputing, days_look, days_write, next_midnight, open_next, opening, recompute_done,
    recompute_look, recompute_prepare, recompute_write, stretches_note, stretches_wait,
};
use rollcall_core::clock::Timestamp;
use rollcall_core::directory::EmployeeId;
use rollcall_core::jobs::{
    ATTENDANCE_RECOMPUTE, JobState, job_end, job_retry, jobs_begin, jobs_next, jobs_take,
};
use rollcall_core::settings::settings_get;
use rollcall_core::{Site, db};
use tokio_util::sync::CancellationToken;

use super::Bell;
use crate::events::{Event, Events, Watcher};

const KINDS: &[&str] = &[ATTENDANCE_RECOMPUTE];
/// How long one part of a recomputation may take before somebody else may think that it was let go of.
const LEASE: Duration = Duration::from_secs(300);
/// Longest wait.
const LONGEST: Duration = Duration::from_secs(60);
/// Shortest wait: what comes in meanwhile is one look.
const SHORTEST: Duration = Duration::from_millis(100);
/// Wait after the database has refused something: its own look whether it can be written is as often.
const TROUBLE: Duration = Duration::from_secs(5);
/// Days that are told one by one; of more, one event says that there are many.
const TOLD_MOST: usize = 200;

struct Worker {
    site: Site,
    events: Events,
    stop: CancellationToken,
    /// The recomputation that is being done.
    run: Option<Recomputing>,
}

pub(super) async fn run(site: Site, events: Events, bell: Bell, stop: CancellationToken) {
    let mut watcher = events.subscribe();
    let mut worker = Worker { site, events, stop: stop.clone(), run: None };
    let mut begun = false;
    loop {
        let wait = match worker.work(&mut begun).await {
            Ok(next) => (next - worker.site.clock().now()).to_std().unwrap_or_default().min(LONGEST),
            Err(error) => {
                tracing::debug!(code = error.code(), %error, "days wait to be judged");
                TROUBLE
            }
        };
        tokio::select! {
            () = tokio::time::sleep(SHORTEST) => {}
            () = stop.cancelled() => return,
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = bell.rung_for_attendance() => {}
            () = punched(&mut watcher) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Waits until punches were stored, or something was missed that may have been punches.
async fn punched(watcher: &mut Watcher) {
    loop {
        match watcher.next().await {
            Some(Event::Punch { .. } | Event::Reset {}) => return,
            Some(_) => {}
            None => std::future::pending().await,
        }
    }
}

impl Worker {
    /// Does whatever there is to do; answers when there is more.
    async fn work(&mut self, begun: &mut bool) -> Result<Timestamp, db::Error> {
        if !*begun {
            self.site.write(|tx| jobs_begin(tx, KINDS)).await?;
            *begun = true;
        }
        while !self.stop.is_cancelled() {
            self.open().await?;
            let noted = self.site.read(stretches_wait).await? && self.site.write(stretches_note).await?;
            let judged = self.judge().await?;
            let recomputed = self.recompute().await?;
            if !noted && !judged && !recomputed {
                break;
            }
        }
        let now = self.site.clock().now();
        self.site
            .read(move |conn| {
                let midnight = next_midnight(settings_get(conn)?.time_zone, now);
                Ok(jobs_next(conn, KINDS)?.map_or(midnight, |next| next.min(midnight)))
            })
            .await
    }

    /// Opens the dates that have begun.
    async fn open(&self) -> Result<(), db::Error> {
        let now = self.site.clock().now();
        while let Some(mut opening) = self.site.read(move |conn| opening(conn, now)).await? {
            while let Some(next) = self.site.write(move |tx| open_next(tx, &opening)).await? {
                opening = next;
            }
        }
        Ok(())
    }

    /// Judges some of what arrived and changed; whether there was anything.
    async fn judge(&self) -> Result<bool, db::Error> {
        let Some(work) = self.site.read(days_look).await? else { return Ok(false) };
        // Nothing written: what it rests on changed just now, and it is looked at once more.
        if let Some(worked) = self.site.write(move |tx| days_write(tx, &work)).await? {
            self.tell(worked.changed);
        }
        Ok(true)
    }

    /// Does a part of a recomputation; whether there was one.
    async fn recompute(&mut self) -> Result<bool, db::Error> {
        let Some(run) = self.begin().await? else { return Ok(false) };
        let job = run.job();
        // What fails is tried again from here.
        self.run = Some(run.clone());
        let looked = {
            let run = run.clone();
            self.site.read(move |conn| recompute_look(conn, &run)).await?
        };
        let Some(part) = looked else {
            self.site.write(move |tx| recompute_done(tx, &run)).await?;
            self.run = None;
            self.events.tell(Event::Job { id: job.0 });
            return Ok(true);
        };
        match self.site.write(move |tx| recompute_write(tx, &run, &part)).await? {
            Recomputed::Written { changed, run } => {
                self.tell(changed);
                self.run = run.goes_on().then_some(run);
            }
            Recomputed::Stale => {}
            Recomputed::Cancelled => self.run = None,
        }
        self.events.tell(Event::Job { id: job.0 });
        Ok(true)
    }

    /// The recomputation that is under way, or else the next one.
    async fn begin(&mut self) -> Result<Option<Recomputing>, db::Error> {
        if let Some(run) = self.run.take() {
            return Ok(Some(run));
        }
        let Some(job) = self.site.write(|tx| jobs_take(tx, KINDS, LEASE)).await? else { return Ok(None) };
        let (now, wanted) = (self.site.clock().now(), job.clone());
        match self.site.read(move |conn| recompute_prepare(conn, &wanted, now)).await {
            Ok(Some(run)) => Ok(Some(run)),
            Ok(None) => {
                // Written by another version; nobody can say what was meant.
                self.site.write(move |tx| job_end(tx, job.id, JobState::Failed, None)).await?;
                Ok(None)
            }
            Err(error) => {
                let detail = serde_json::json!({ "detail": error.to_string() });
                let code = error.code();
                self.site.write(move |tx| job_retry(tx, &job, code, detail)).await?;
                Err(error)
            }
        }
    }

    /// Says which days are other than they were.
    fn tell(&self, changed: Vec<(EmployeeId, NaiveDate)>) {
        if changed.len() > TOLD_MOST {
            self.events.tell(Event::everyones_days());
            return;
        }
        for (employee, date) in changed {
            let (employee_id, date) = (Some(employee.as_str().to_owned()), Some(date.to_string()));
            self.events.tell(Event::Attendance { employee_id, date });
        }
    }
}
