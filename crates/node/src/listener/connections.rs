//! Who is connected. The caps per address and in all make room by closing whoever was silent longest (T9), and one
//! sweep a second ends requests and idle connections whose time is over, so that no connection needs a timer.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::limits::Limits;

/// What a connection is doing. Only an idle one may be closed for another's sake, and only an idle or a talking one
/// for being late: one that is storing waits for our own disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// Between requests, since the time in the slot.
    Idle = 0,
    /// A request is arriving or an answer is leaving, since the time in the slot.
    Talking = 1,
    /// The request is whole and being carried out.
    Storing = 2,
    /// To be dropped: whoever finds this does nothing more.
    Closing = 3,
}

/// One connection, shared between its task and the registry. State and time live in one word, so that closing an idle
/// connection and its waking up for a new request exclude each other.
#[derive(Debug)]
pub(crate) struct Slot {
    address: IpAddr,
    /// Microseconds since the registry's start, shifted left by two, and [`Doing`].
    word: AtomicU64,
    /// Until when a body can move the time in the word, in microseconds; only the connection's own task touches it.
    earns_until: AtomicU64,
    earned_time: u64,
    started: Instant,
    task: OnceLock<AbortHandle>,
    /// Places in the registry's lists; only touched under its lock.
    place: AtomicUsize,
    place_at_address: AtomicUsize,
}

impl Slot {
    fn now(&self) -> u64 {
        micros(self.started.elapsed())
    }

    /// A request or an answer is on its way, from now on. False: the connection is being closed.
    pub(crate) fn talk(&self) -> bool {
        let now = self.now();
        self.earns_until.store(now.saturating_add(self.earned_time), Ordering::Relaxed);
        self.change(|_| pack(now, Doing::Talking))
    }

    /// The request is whole; from here on only its own end ends it.
    pub(crate) fn store(&self) -> bool {
        self.change(|word| pack(since(word), Doing::Storing))
    }

    /// The answer is out. The connection counts as idle since it last began to talk, which saves asking for the time.
    pub(crate) fn rest(&self) -> bool {
        self.change(|word| pack(since(word), Doing::Idle))
    }

    fn change(&self, to: impl Fn(u64) -> u64) -> bool {
        self.word
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |before| {
                (doing(before) != Doing::Closing).then(|| to(before))
            })
            .is_ok()
    }

    /// A KiB of a body earns a second more for the rest of it, up to a bound.
    pub(crate) fn earn(&self, bytes: usize) {
        let earned = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_mul(1_000_000) / 1024;
        let until = self.earns_until.load(Ordering::Relaxed);
        let _ = self.word.fetch_update(Ordering::AcqRel, Ordering::Acquire, |before| {
            let moved = since(before).saturating_add(earned).min(until);
            (doing(before) == Doing::Talking).then(|| pack(moved, Doing::Talking))
        });
    }

    /// Closes the connection if it is still doing what `word` says.
    fn close(&self, word: u64) -> bool {
        let closed = self
            .word
            .compare_exchange(word, pack(since(word), Doing::Closing), Ordering::AcqRel, Ordering::Acquire)
            .is_ok();
        if closed && let Some(task) = self.task.get() {
            task.abort();
        }
        closed
    }
}

fn pack(micros: u64, doing: Doing) -> u64 {
    (micros << 2) | doing as u64
}

fn since(word: u64) -> u64 {
    word >> 2
}

fn doing(word: u64) -> Doing {
    match word & 3 {
        0 => Doing::Idle,
        1 => Doing::Talking,
        2 => Doing::Storing,
        _ => Doing::Closing,
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX >> 2)
}

#[derive(Debug, Default)]
struct Lists {
    all: Vec<Arc<Slot>>,
    by_address: HashMap<IpAddr, Vec<Arc<Slot>>>,
}

/// All open connections.
#[derive(Debug)]
pub(crate) struct Connections {
    started: Instant,
    total: usize,
    per_address: usize,
    request_time: u64,
    earned_time: u64,
    idle_time: u64,
    lists: Mutex<Lists>,
}

impl Connections {
    pub(crate) fn new(limits: &Limits) -> Arc<Self> {
        Arc::new(Self {
            started: Instant::now(),
            total: limits.connections.max(1),
            per_address: limits.connections_per_address.max(1),
            request_time: micros(limits.request_time),
            earned_time: micros(limits.earned_time),
            idle_time: micros(limits.idle_time),
            lists: Mutex::default(),
        })
    }

    /// A place for a new connection, made by closing idle ones if need be; none when everybody is busy.
    pub(crate) fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Guest> {
        let mut lists = self.lists.lock();
        let open_here = lists.by_address.get(&address).map_or(0, Vec::len);
        if open_here >= self.per_address {
            let here = lists.by_address.get(&address).map(Vec::as_slice).unwrap_or_default();
            let chosen = longest_idle(here, self.per_address);
            if !lists.close(&chosen) {
                return None;
            }
        }
        if lists.all.len() >= self.total {
            let chosen = longest_idle(&lists.all, self.total);
            if !lists.close(&chosen) {
                return None;
            }
        }
        let slot = Arc::new(Slot {
            address,
            word: AtomicU64::new(pack(micros(self.started.elapsed()), Doing::Idle)),
            earns_until: AtomicU64::new(0),
            earned_time: self.earned_time,
            started: self.started,
            task: OnceLock::new(),
            place: AtomicUsize::new(lists.all.len()),
            place_at_address: AtomicUsize::new(0),
        });
        lists.all.push(Arc::clone(&slot));
        let here = lists.by_address.entry(address).or_default();
        slot.place_at_address.store(here.len(), Ordering::Relaxed);
        here.push(Arc::clone(&slot));
        Some(Guest { connections: Arc::clone(self), slot })
    }

    /// Closes the longest idle connections, wherever they come from: the process has no more files to open.
    pub(crate) fn make_room(&self) {
        let mut lists = self.lists.lock();
        let chosen = longest_idle(&lists.all, self.total);
        lists.close(&chosen);
    }

    /// Closes whoever has been idle, or has been sending one request, for too long.
    pub(crate) fn sweep(&self) {
        let now = micros(self.started.elapsed());
        let mut lists = self.lists.lock();
        let late: Vec<_> = lists
            .all
            .iter()
            .filter_map(|slot| {
                let word = slot.word.load(Ordering::Acquire);
                let allowed = match doing(word) {
                    Doing::Idle => self.idle_time,
                    Doing::Talking => self.request_time,
                    Doing::Storing | Doing::Closing => return None,
                };
                (now.saturating_sub(since(word)) >= allowed).then(|| (word, Arc::clone(slot)))
            })
            .collect();
        lists.close(&late);
    }

    /// Closes everybody who is between requests.
    pub(crate) fn close_idle(&self) {
        let mut lists = self.lists.lock();
        let chosen = longest_idle(&lists.all, usize::MAX);
        lists.close(&chosen);
    }

    /// Ends everybody, whatever they are doing.
    pub(crate) fn close_all(&self) {
        for slot in &self.lists.lock().all {
            if let Some(task) = slot.task.get() {
                task.abort();
            }
        }
    }

    /// Connections open now.
    pub(crate) fn len(&self) -> usize {
        self.lists.lock().all.len()
    }
}

/// The idle connections of `slots`, longest idle first: one in sixty-four of `cap`, so that making room over and over
/// costs little each time.
fn longest_idle(slots: &[Arc<Slot>], cap: usize) -> Vec<(u64, Arc<Slot>)> {
    let mut idle: Vec<_> = slots
        .iter()
        .filter_map(|slot| {
            let word = slot.word.load(Ordering::Acquire);
            (doing(word) == Doing::Idle).then(|| (word, Arc::clone(slot)))
        })
        .collect();
    let wanted = (cap / 64).max(1);
    if idle.len() > wanted {
        idle.select_nth_unstable_by_key(wanted, |(word, _)| *word);
        idle.truncate(wanted);
    }
    idle
}

impl Lists {
    /// Closes those that are still doing what they were chosen for; whether there was one.
    fn close(&mut self, chosen: &[(u64, Arc<Slot>)]) -> bool {
        let mut closed = false;
        for (word, slot) in chosen {
            if slot.close(*word) {
                closed = true;
                self.remove(slot);
            }
        }
        closed
    }

    fn remove(&mut self, slot: &Arc<Slot>) {
        remove_at(&mut self.all, slot, |slot| &slot.place);
        if let Some(here) = self.by_address.get_mut(&slot.address) {
            remove_at(here, slot, |slot| &slot.place_at_address);
            if here.is_empty() {
                self.by_address.remove(&slot.address);
            }
        }
    }
}

/// Takes `slot` out of `list`, unless it is out already, and tells the last one of its new place.
fn remove_at(list: &mut Vec<Arc<Slot>>, slot: &Arc<Slot>, place: fn(&Slot) -> &AtomicUsize) {
    let at = place(slot).load(Ordering::Relaxed);
    if list.get(at).is_some_and(|found| Arc::ptr_eq(found, slot)) {
        list.swap_remove(at);
        if let Some(moved) = list.get(at) {
            place(moved).store(at, Ordering::Relaxed);
        }
    }
}

/// A connection's own hold on its slot; gives the place back when dropped.
#[derive(Debug)]
pub(crate) struct Guest {
    connections: Arc<Connections>,
    pub(crate) slot: Arc<Slot>,
}

impl Guest {
    /// Where the connection comes from.
    pub(crate) fn address(&self) -> IpAddr {
        self.slot.address
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.connections.lists.lock().remove(&self.slot);
    }
}

/// Lets the registry end the task of `slot`.
pub(crate) fn attach(slot: &Slot, task: AbortHandle) {
    let task = slot.task.get_or_init(|| task);
    // It may have been closed between its admission and now, when there was no task to end.
    if doing(slot.word.load(Ordering::Acquire)) == Doing::Closing {
        task.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 168, 1, last])
    }

    fn connections(total: usize, per_address: usize) -> Arc<Connections> {
        Connections::new(&Limits {
            connections: total,
            connections_per_address: per_address,
            ..Limits::default()
        })
    }

    fn closing(guest: &Guest) -> bool {
        !guest.slot.talk()
    }

    #[tokio::test(start_paused = true)]
    async fn t9_the_longest_idle_of_the_same_address_makes_room() {
        let connections = connections(100, 2);
        let other = connections.admit(address(9)).unwrap();
        tokio::time::advance(Duration::from_micros(5)).await;
        let first = connections.admit(address(1)).unwrap();
        tokio::time::advance(Duration::from_micros(5)).await;
        let second = connections.admit(address(1)).unwrap();
        tokio::time::advance(Duration::from_micros(5)).await;
        assert!(first.slot.talk() && first.slot.rest(), "first has just been served");
        let third = connections.admit(address(1)).unwrap();
        assert!(closing(&second));
        assert!(!closing(&first) && !closing(&third) && !closing(&other));
        assert_eq!(connections.len(), 3);
        // first and third now talk: nobody can go for a fourth.
        assert!(connections.admit(address(1)).is_none());
        drop(second);
        drop(first);
        assert_eq!(connections.len(), 2);
        assert!(connections.admit(address(1)).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn t9_the_total_makes_room_too_and_busy_ones_stay() {
        let connections = connections(2, 512);
        let busy = connections.admit(address(1)).unwrap();
        assert!(busy.slot.talk() && busy.slot.store());
        let idle = connections.admit(address(2)).unwrap();
        let new = connections.admit(address(3)).unwrap();
        assert!(closing(&idle));
        assert!(busy.slot.rest());
        assert!(!closing(&busy) && !closing(&new));
    }

    #[tokio::test(start_paused = true)]
    async fn t9_sweeps_end_idle_and_slow_ones_but_not_those_that_store() {
        let limits = Limits {
            request_time: Duration::from_secs(30),
            idle_time: Duration::from_secs(60),
            ..Limits::default()
        };
        let connections = Connections::new(&limits);
        let idle = connections.admit(address(1)).unwrap();
        let slow = connections.admit(address(2)).unwrap();
        let steady = connections.admit(address(3)).unwrap();
        let storing = connections.admit(address(4)).unwrap();
        assert!(slow.slot.talk() && steady.slot.talk() && storing.slot.talk() && storing.slot.store());
        tokio::time::advance(Duration::from_secs(29)).await;
        steady.slot.earn(10 * 1024);
        connections.sweep();
        assert_eq!(connections.len(), 4);
        tokio::time::advance(Duration::from_secs(2)).await;
        connections.sweep();
        assert_eq!(connections.len(), 3);
        assert!(closing(&slow));
        tokio::time::advance(Duration::from_secs(600)).await;
        connections.sweep();
        assert!(closing(&idle) && closing(&steady) && !closing(&storing));
    }

    #[tokio::test(start_paused = true)]
    async fn t9_a_slow_picture_has_the_time_it_needs_and_a_crawling_body_ends_after_minutes() {
        let limits = Limits::default();
        let connections = Connections::new(&limits);
        // A picture of 300 KiB at one KiB a second, and 16 MiB but for the last byte.
        let picture = connections.admit(address(1)).unwrap();
        let crawling = connections.admit(address(2)).unwrap();
        assert!(picture.slot.talk() && crawling.slot.talk());
        crawling.slot.earn(16 * 1024 * 1024);
        for _ in 0..300 {
            tokio::time::advance(Duration::from_secs(1)).await;
            picture.slot.earn(1024);
            connections.sweep();
        }
        assert!(picture.slot.store());
        let most = limits.request_time + limits.earned_time;
        tokio::time::advance(most - Duration::from_secs(301)).await;
        connections.sweep();
        assert_eq!(connections.len(), 2);
        tokio::time::advance(Duration::from_secs(1)).await;
        crawling.slot.earn(1);
        connections.sweep();
        assert!(closing(&crawling) && !closing(&picture));
    }

    #[tokio::test]
    async fn making_room_many_times_keeps_the_lists_right() {
        let connections = connections(200, 150);
        let mut guests: Vec<_> =
            (0..500_u16).map(|n| connections.admit(address(u8::try_from(n % 3).unwrap())).unwrap()).collect();
        assert!(connections.len() <= 200);
        while let Some(guest) = guests.pop() {
            drop(guest);
        }
        assert_eq!(connections.len(), 0);
        assert!(connections.lists.lock().by_address.is_empty());
    }
}
