//! Notices that a machine went silent, by waiting for the moment at which the next one would count as offline.

use std::sync::Arc;
use std::time::Duration;

use rollcall_core::Site;
use rollcall_core::clock::Timestamp;
use rollcall_core::db;
use rollcall_core::reuploads::reuploads_offline;
use rollcall_core::roster::syncs_offline;
use tokio_util::sync::CancellationToken;

use crate::events::{Event, Events};
use crate::fleet::Fleet;

/// Longest wait: a machine that comes in the meantime is not offline before this, and summer time is noticed.
const LONGEST: Duration = Duration::from_secs(15);
/// Shortest wait, so that many deadlines close together are one look.
const SHORTEST: Duration = Duration::from_millis(200);

pub(super) async fn run(site: Site, fleet: Arc<Fleet>, events: Events, stop: CancellationToken) {
    loop {
        let (gone, next) = fleet.watch();
        for sn in gone {
            let silent = sn.clone();
            // When the database cannot be written now, the job goes on saying that it is under way; it still waits.
            let waiting = site.write(move |tx| {
                let mut jobs = syncs_offline(tx, &silent)?;
                jobs.extend(reuploads_offline(tx, &silent)?);
                Ok::<_, db::Error>(jobs)
            });
            for job in waiting.await.unwrap_or_default() {
                events.tell(Event::Job { id: job.0 });
            }
            events.tell(Event::Machine { sn, stranger: false });
        }
        tokio::select! {
            () = tokio::time::sleep(wait(fleet.now(), next)) => {}
            () = stop.cancelled() => return,
        }
    }
}

fn wait(now: Timestamp, next: Option<Timestamp>) -> Duration {
    next.and_then(|next| (next - now).to_std().ok()).map_or(LONGEST, |wait| wait.clamp(SHORTEST, LONGEST))
}
