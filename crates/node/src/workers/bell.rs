//! Wakes the worker for background jobs: there may be something to do.

use std::sync::Arc;

use tokio::sync::Notify;

/// Rung by whatever may have made work; cheap to clone, and to ring for nothing.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Notify>);

impl Bell {
    /// There may be something to do. Rung while nobody waits, it is heard by whoever waits next.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits until it is rung.
    pub(super) async fn rung(&self) {
        self.0.notified().await;
    }
}
