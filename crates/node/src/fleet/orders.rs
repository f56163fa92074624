//! Whether a machine's poll is worth a look into the queue: most are not, and are answered without the database.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What the listener remembers of a machine's queue.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    /// Counts the times at which something may have come to wait.
    raised: AtomicU64,
    /// The count up to which the queue was found empty.
    settled: AtomicU64,
    /// The machine was told to restart, and has not begun anew.
    restarting: AtomicBool,
}

/// A look into the queue that began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look(u64);

impl Orders {
    /// Something waits, or may wait.
    pub(crate) fn raise(&self) {
        self.raised.fetch_add(1, Ordering::SeqCst);
    }

    /// Whether something may wait.
    pub(crate) fn waiting(&self) -> bool {
        self.raised.load(Ordering::SeqCst) != self.settled.load(Ordering::SeqCst)
    }

    /// Begins a look. What is raised during it is not settled by it.
    pub(crate) fn look(&self) -> Look {
        Look(self.raised.load(Ordering::SeqCst))
    }

    /// The look found that nothing is left.
    pub(crate) fn nothing_left(&self, look: Look) {
        self.settled.fetch_max(look.0, Ordering::SeqCst);
    }

    /// The machine was told to restart.
    pub(crate) fn restarts(&self) {
        self.restarting.store(true, Ordering::SeqCst);
    }

    /// Whether the machine was told to restart; forgotten by asking.
    pub(crate) fn take_restart(&self) -> bool {
        self.restarting.swap(false, Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_during_a_look_is_not_overlooked() {
        let orders = Orders::default();
        assert!(!orders.waiting());
        orders.raise();
        let look = orders.look();
        orders.raise();
        orders.nothing_left(look);
        assert!(orders.waiting());
        let look = orders.look();
        orders.nothing_left(look);
        assert!(!orders.waiting());
    }
}
