//! Notices that a machine went silent, by waiting for the moment at which the next one would count as offline.

use std::sync::Arc;
use std::time::Duration;

use rollcall_core::clock::Timestamp;
use tokio_util::sync::CancellationToken;

use crate::events::{Event, Events};
use crate::fleet::Fleet;

/// Longest wait: a machine that comes in the meantime is not offline before this, and summer time is noticed.
const LONGEST: Duration = Duration::from_secs(15);
/// Shortest wait, so that many deadlines close together are one look.
const SHORTEST: Duration = Duration::from_millis(200);

pub(super) async fn run(fleet: Arc<Fleet>, events: Events, stop: CancellationToken) {
    loop {
        let (gone, next) = fleet.watch();
        for sn in gone {
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
