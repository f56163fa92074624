//! The heartbeat that shows when this computer was off or asleep, what follows from it, and the sweeping up behind jobs that have
//! ended.

use std::sync::Arc;
use std::time::Duration;

use rollcall_core::attendance::differences_sweep;
use rollcall_core::reuploads::{Absence, absence_look, absence_note, reuploads_sweep};
use rollcall_core::{Site, db};
use tokio_util::sync::CancellationToken;

use crate::events::{Event, Events};
use crate::fleet::Fleet;

/// Between two heartbeats. A computer that slept has missed some.
const EVERY: Duration = Duration::from_secs(60);

pub(super) async fn run(site: Site, fleet: Arc<Fleet>, events: Events, stop: CancellationToken) {
    loop {
        if let Err(error) = look(&site, &fleet, &events, &stop).await {
            // The next look finds the same.
            tracing::debug!(code = error.code(), %error, "no heartbeat");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn look(
    site: &Site,
    fleet: &Fleet,
    events: &Events,
    stop: &CancellationToken,
) -> Result<(), db::Error> {
    let mut absence = site.write(absence_look).await?;
    while let Some(left) = absence.filter(|_| !stop.is_cancelled()) {
        let (next, made) = site.write(move |tx| note(tx, left)).await?;
        for (sn, job) in made {
            fleet.orders_changed(&sn);
            events.tell(Event::Job { id: job.0 });
        }
        absence = Some(next).filter(|absence| !absence.is_over());
    }
    while !stop.is_cancelled() && site.write(reuploads_sweep).await? {}
    while !stop.is_cancelled() && site.write(differences_sweep).await? {}
    Ok(())
}

type Noted = (Absence, Vec<(rollcall_core::Sn, rollcall_core::jobs::JobId)>);

fn note(tx: &db::Tx<'_>, mut absence: Absence) -> Result<Noted, db::Error> {
    let made = absence_note(tx, &mut absence)?;
    Ok((absence, made))
}
