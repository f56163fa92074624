//! How much one machine, one address and all of them together may ask of this computer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Bounds of the machine listener. [`Limits::default`] is what a site runs with; tests use smaller ones.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections open at once, all addresses together.
    pub connections: usize,
    /// Connections open at once from one address. Many machines may sit behind one router or proxy, so never
    /// below 512 on a site (T9).
    pub connections_per_address: usize,
    /// How long a request may take to arrive from its first byte on, and an answer to be taken. A body earns one
    /// more second with every KiB that arrives, for pictures that come in small pieces over GPRS (T9).
    pub request_time: Duration,
    /// How long a connection may stay open without a request.
    pub idle_time: Duration,
    /// How long an HTTP/1.0 POST without a length may stay silent before it counts as one without a body (T4).
    pub silence: Duration,
    /// Largest request head in bytes.
    pub head: usize,
    /// Largest body that is taken, in bytes (S1).
    pub body: usize,
    /// A body beyond [`Limits::body`] is read and thrown away up to this many bytes; a larger one is refused
    /// without reading it (A7).
    pub discard: u64,
    /// Memory for all bodies that are arriving or being stored, in bytes.
    pub body_memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 16_384,
            connections_per_address: 1_024,
            request_time: Duration::from_secs(60),
            idle_time: Duration::from_secs(180),
            silence: Duration::from_secs(5),
            head: 8 * 1024,
            body: 16 * 1024 * 1024,
            discard: 64 * 1024 * 1024,
            body_memory: 128 * 1024 * 1024,
        }
    }
}

/// The memory all bodies together may hold. It is taken as bytes arrive, not when a length is announced:
/// otherwise a few connections that announce much and send nothing would starve the honest ones.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicUsize,
}

impl Budget {
    pub(crate) fn new(bytes: usize) -> Arc<Self> {
        Arc::new(Self { left: AtomicUsize::new(bytes) })
    }

    fn take(&self, bytes: usize) -> bool {
        self.left.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(bytes)).is_ok()
    }
}

/// A part of the [`Budget`], given back when dropped.
#[derive(Debug)]
pub(crate) struct Lease {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Lease {
    pub(crate) fn new(budget: &Arc<Budget>) -> Self {
        Self { budget: Arc::clone(budget), bytes: 0 }
    }

    /// Makes the lease cover `bytes` in all; false, and nothing taken, when the budget has not that much left.
    pub(crate) fn cover(&mut self, bytes: usize) -> bool {
        let more = bytes.saturating_sub(self.bytes);
        if more == 0 {
            return true;
        }
        let granted = self.budget.take(more);
        if granted {
            self.bytes += more;
        }
        granted
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.budget.left.fetch_add(self.bytes, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_gives_back_what_it_took() {
        let budget = Budget::new(100);
        let mut first = Lease::new(&budget);
        let mut second = Lease::new(&budget);
        assert!(first.cover(60));
        assert!(!second.cover(41));
        assert!(second.cover(40));
        assert!(first.cover(30), "covered already");
        assert!(!first.cover(61));
        drop(second);
        assert!(first.cover(100));
        drop(first);
        assert!(Lease::new(&budget).cover(100));
    }
}
