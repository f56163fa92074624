//! Ends commands whose time is over, and offers those again that got no answer, whether or not the machine calls (Q1, Q4).

use std::sync::Arc;
use std::time::Duration;

use rollcall_core::Site;
use rollcall_core::clock::Timestamp;
use rollcall_core::commands::commands_sweep;
use tokio_util::sync::CancellationToken;

use crate::events::{Event, Events};
use crate::fleet::Fleet;

/// Longest wait: a computer that slept has missed its timers.
const LONGEST: Duration = Duration::from_secs(60);
/// Shortest wait, so that many deadlines close together are one look.
const SHORTEST: Duration = Duration::from_millis(250);

pub(super) async fn run(site: Site, fleet: Arc<Fleet>, events: Events, stop: CancellationToken) {
    loop {
        // When the database cannot be written now, the next look finds the same.
        let swept = site.write(commands_sweep).await.unwrap_or_default();
        for (sn, command) in &swept.changed {
            fleet.orders_raised(sn);
            events.tell(Event::command(sn, command));
        }
        let next = wait(fleet.now(), swept.next);
        tokio::select! {
            () = tokio::time::sleep(next) => {}
            () = fleet.deadlines_changed() => {
                // One look for many orders given at once.
                tokio::select! {
                    () = tokio::time::sleep(SHORTEST) => {}
                    () = stop.cancelled() => return,
                }
            }
            () = stop.cancelled() => return,
        }
    }
}

fn wait(now: Timestamp, next: Option<Timestamp>) -> Duration {
    next.map_or(LONGEST, |next| (next - now).to_std().unwrap_or_default().clamp(SHORTEST, LONGEST))
}
