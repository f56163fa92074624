//! Writes what machines and strangers said of themselves: every few seconds, and soon when somebody may be waiting for
//! it on the screen.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::events::Events;
use crate::fleet::Fleet;

/// How long what was heard may stay in memory only.
const EVERY: Duration = Duration::from_secs(5);
/// Shortest time between two flushes, however much is said.
const AT_MOST_EVERY: Duration = Duration::from_millis(500);

pub(super) async fn run(fleet: Arc<Fleet>, events: Events, stop: CancellationToken) {
    let mut failing = false;
    loop {
        let began = Instant::now();
        tokio::select! {
            () = tokio::time::sleep_until(began + EVERY) => {}
            () = fleet.nudged() => {}
            () = stop.cancelled() => return,
        }
        // A flush that fails is nothing new to anybody until it succeeds again; the site tells about its storage itself.
        match fleet.flush().await {
            Ok(()) => failing = false,
            Err(error) if !failing => {
                failing = true;
                tracing::warn!(code = error.code(), %error, "what machines say of themselves waits in memory");
            }
            Err(_) => {}
        }
        for event in fleet.take_news() {
            events.tell(event);
        }
        tokio::select! {
            () = tokio::time::sleep_until(began + AT_MOST_EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}
