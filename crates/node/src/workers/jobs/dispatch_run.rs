//! A run of a machine's dispatch rule.

use rollcall_core::db;
use rollcall_core::dispatch::{run_do, run_prepare};
use rollcall_core::jobs::Job;

use super::Worker;
use crate::events::Event;

impl Worker {
    /// Prepares the run without holding up anybody, then does it part by part.
    pub(super) async fn dispatch_run(&mut self, job: &Job) -> Result<(), db::Error> {
        let (wanted, now, mut kept) = (job.clone(), self.site.clock().now(), self.kept.take());
        let (parts, kept) = self
            .site
            .read(move |conn| {
                let parts = run_prepare(conn, &wanted, now, &mut kept)?;
                Ok::<_, db::Error>((parts, kept))
            })
            .await?;
        self.kept = kept;
        let id = job.id;
        for part in parts {
            // The lease of what is left in the middle ends with the next start.
            if self.stop.is_cancelled() {
                return Ok(());
            }
            let people = part.people();
            let did = self.site.write(move |tx| run_do(tx, id, &part)).await?;
            if let Some(sn) = did.changed {
                // What is to be sent waits for the machine's next poll, which has to look for it.
                self.fleet.orders_raised(&sn);
                self.events.tell(Event::Roster { sn });
            }
            if !did.goes_on {
                break;
            }
            if people > 0 {
                self.events.tell(Event::Job { id: id.0 });
            }
        }
        Ok(())
    }
}
