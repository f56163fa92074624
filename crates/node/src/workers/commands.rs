//! Ends commands whose time is over, and offers those again that got no answer, whether or not the machine calls (Q1, Q4).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rollcall_core::clock::Timestamp;
use rollcall_core::commands::{Command, commands_sweep};
use rollcall_core::{Site, Sn};
use tokio_util::sync::CancellationToken;

use crate::events::{Event, Events};
use crate::fleet::Fleet;
use crate::listener::orders;

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
        for event in follow(&site, swept.changed).await {
            events.tell(event);
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

/// What the end of commands means for lists and their syncs, and for whoever asked for punches.
async fn follow(site: &Site, changed: Vec<(Sn, Command)>) -> Vec<Event> {
    let mut machines: BTreeMap<_, (Sn, Vec<Command>)> = BTreeMap::new();
    for (sn, command) in changed {
        machines.entry(command.machine).or_insert_with(|| (sn, Vec::new())).1.push(command);
    }
    let mut events = Vec::new();
    for (machine, (sn, commands)) in machines {
        let followed = site.write(move |tx| orders::follow(tx, machine, &sn, commands.iter(), false));
        events.extend(followed.await.unwrap_or_default());
    }
    events
}

fn wait(now: Timestamp, next: Option<Timestamp>) -> Duration {
    next.map_or(LONGEST, |next| (next - now).to_std().unwrap_or_default().clamp(SHORTEST, LONGEST))
}
