//! How much one machine, one address and all of them together may ask of this computer.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rollcall_core::commands::Leases;

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
    /// The most a body may earn: whoever sends slowly on purpose does not hold memory for hours.
    pub earned_time: Duration,
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
    /// Memory for all bodies that are arriving or being stored, in bytes, small ones aside. One address gets a quarter of
    /// it, or what [`Limits::body`] takes.
    pub body_memory: usize,
    /// How long machines may take to answer a command.
    pub leases: Leases,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 16_384,
            connections_per_address: 1_024,
            request_time: Duration::from_secs(60),
            earned_time: Duration::from_secs(540),
            idle_time: Duration::from_secs(180),
            silence: Duration::from_secs(5),
            head: 8 * 1024,
            body: 16 * 1024 * 1024,
            discard: 64 * 1024 * 1024,
            body_memory: 128 * 1024 * 1024,
            leases: Leases::default(),
        }
    }
}

/// Bytes of every body that are not counted: punches come in small bodies, and are taken whatever else is going on.
/// What that can cost is bounded by the number of connections.
const FREE: usize = 64 * 1024;
/// One address may hold this part of the memory, so that no single computer keeps the others from uploading.
const SHARES: usize = 4;

/// The memory all bodies together may hold, beyond what each has free. It is taken as bytes arrive, not when a length is
/// announced: otherwise a few connections that announce much and send nothing would starve the honest ones.
#[derive(Debug)]
pub(crate) struct Budget {
    total: usize,
    share: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Arc<Self> {
        let total = limits.body_memory;
        // The largest body that is taken must fit into a share, or it would be sent for ever.
        let share = (total / SHARES).max(limits.body).min(total);
        Arc::new(Self { total, share, held: Mutex::default() })
    }

    fn take(&self, address: IpAddr, bytes: usize) -> bool {
        let mut held = self.held.lock();
        let total = held.total.saturating_add(bytes);
        let here = held.by_address.get(&address).map_or(0, |here| *here).saturating_add(bytes);
        let granted = total <= self.total && here <= self.share;
        if granted {
            held.total = total;
            held.by_address.insert(address, here);
        }
        granted
    }

    fn give_back(&self, address: IpAddr, bytes: usize) {
        let mut held = self.held.lock();
        held.total = held.total.saturating_sub(bytes);
        if let Entry::Occupied(mut here) = held.by_address.entry(address) {
            *here.get_mut() = here.get().saturating_sub(bytes);
            if *here.get() == 0 {
                here.remove();
            }
        }
    }
}

/// A part of the [`Budget`], given back when dropped.
#[derive(Debug)]
pub(crate) struct Lease {
    budget: Arc<Budget>,
    address: IpAddr,
    bytes: usize,
}

impl Lease {
    pub(crate) fn new(budget: &Arc<Budget>, address: IpAddr) -> Self {
        Self { budget: Arc::clone(budget), address, bytes: 0 }
    }

    /// Makes the lease cover a body of `bytes` in all; false, and nothing taken, when the budget or the address's share of
    /// it has not that much left.
    pub(crate) fn cover(&mut self, bytes: usize) -> bool {
        let more = bytes.saturating_sub(FREE).saturating_sub(self.bytes);
        if more == 0 {
            return true;
        }
        let granted = self.budget.take(self.address, more);
        if granted {
            self.bytes += more;
        }
        granted
    }

    /// Gives everything back: the body is not kept after all.
    pub(crate) fn end(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        if bytes > 0 {
            self.budget.give_back(self.address, bytes);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 2));

    fn budget(body_memory: usize, body: usize) -> Arc<Budget> {
        Budget::new(&Limits { body_memory, body, ..Limits::default() })
    }

    #[test]
    fn a_lease_gives_back_what_it_took() {
        let budget = budget(100, 100);
        let mut first = Lease::new(&budget, HERE);
        let mut second = Lease::new(&budget, THERE);
        assert!(first.cover(FREE + 60));
        assert!(!second.cover(FREE + 41));
        assert!(second.cover(FREE + 40));
        assert!(first.cover(FREE + 30), "covered already");
        assert!(!first.cover(FREE + 61));
        drop(second);
        assert!(first.cover(FREE + 100));
        drop(first);
        assert!(Lease::new(&budget, HERE).cover(FREE + 100));
        assert!(budget.held.lock().by_address.is_empty());
    }

    #[test]
    fn s1_an_address_has_a_share_and_small_bodies_are_always_taken() {
        let budget = budget(400, 1);
        let mut leases: Vec<_> = (0..4).map(|_| Lease::new(&budget, HERE)).collect();
        assert_eq!(leases.iter_mut().map(|lease| usize::from(lease.cover(FREE + 50))).sum::<usize>(), 2);
        assert!(leases.iter_mut().all(|lease| lease.cover(FREE)));
        assert!(Lease::new(&budget, THERE).cover(FREE + 100));
        assert!(!Lease::new(&budget, THERE).cover(FREE + 101));
    }

    #[test]
    fn s1_the_largest_body_fits_into_the_share_of_an_address() {
        let limits = Limits::default();
        assert!(Lease::new(&Budget::new(&limits), HERE).cover(limits.body));
        assert!(Lease::new(&budget(100, 90), HERE).cover(FREE + 90));
    }
}
