//! What makes runs of dispatch rules by itself: people who moved in the directory, and nights.

use rollcall_core::clock::Timestamp;
use rollcall_core::db;
use rollcall_core::dispatch::{moves_look, moves_note, nights_begin, nights_due};
use rollcall_core::jobs::JobId;

use super::Worker;
use crate::events::Event;

/// Nights that are begun in one transaction.
const NIGHTS_MOST: usize = 500;

impl Worker {
    /// Makes jobs for the rules that want somebody who moved.
    pub(super) async fn moves(&self) -> Result<(), db::Error> {
        loop {
            let now = self.site.clock().now();
            let Some(moved) = self.site.read(move |conn| moves_look(conn, now)).await? else { return Ok(()) };
            self.tell(self.site.write(move |tx| moves_note(tx, &moved)).await?);
        }
    }

    /// Makes jobs of the nights that have come; answers when the next one does.
    pub(super) async fn nights(&self) -> Result<Option<Timestamp>, db::Error> {
        let now = self.site.clock().now();
        let due = self.site.read(move |conn| nights_due(conn, now)).await?;
        for nights in due.machines.chunks(NIGHTS_MOST) {
            let nights = nights.to_vec();
            self.tell(self.site.write(move |tx| nights_begin(tx, &nights)).await?);
        }
        Ok(due.next)
    }

    fn tell(&self, added: Vec<JobId>) {
        for id in added {
            self.events.tell(Event::Job { id: id.0 });
        }
    }
}
