//! Wakes the workers that do what follows from a change: there may be something to do.

use std::sync::Arc;

use tokio::sync::Notify;

/// Rung by whatever may have made work; cheap to clone, and to ring for nothing.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Ears>);

/// Each worker hears every ring, however long it has been busy.
#[derive(Debug, Default)]
struct Ears {
    jobs: Notify,
    attendance: Notify,
}

impl Bell {
    /// There may be something to do. Rung while nobody waits, it is heard by whoever waits next.
    pub fn ring(&self) {
        self.0.jobs.notify_one();
        self.0.attendance.notify_one();
    }

    /// Waits, as the worker for jobs, until it is rung.
    pub(super) async fn rung_for_jobs(&self) {
        self.0.jobs.notified().await;
    }

    /// Waits, as the worker for attendance, until it is rung.
    pub(super) async fn rung_for_attendance(&self) {
        self.0.attendance.notified().await;
    }
}
