//! Places for connections: whoever says nothing, or has not shown a token yet, makes room for those that come after.
//!
//! What somebody may hold who has not come through the door is bounded per address, so that silence from one computer
//! locks nobody out; those that came through are bounded only together with everybody else.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;
use tokio_util::sync::CancellationToken;

use crate::api::auth::network;

/// How many connections there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// All together.
    pub total: usize,
    /// Of strangers at one address.
    pub strangers: usize,
    /// Of strangers on this computer: a proxy here brings everybody's.
    pub strangers_here: usize,
}

/// The connections that are open.
pub(super) struct Places {
    bounds: Bounds,
    open: Mutex<Vec<Arc<Place>>>,
}

/// One connection, as its requests and the others see it.
pub(crate) struct Place {
    network: IpAddr,
    closing: CancellationToken,
    doing: Mutex<Doing>,
}

#[derive(Clone, Copy)]
struct Doing {
    /// It has come through the door.
    known: bool,
    /// Requests whose answer is not out.
    requests: u32,
    /// When a request began or an answer was ready, at first when it was opened.
    since: Instant,
}

impl Place {
    /// It came through the door: it is not a stranger's any more.
    pub(crate) fn recognize(&self) {
        self.doing.lock().known = true;
    }

    /// Cancelled when another connection needs the place.
    pub(super) fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    pub(super) fn begin(&self, now: Instant) {
        let mut doing = self.doing.lock();
        *doing = Doing { requests: doing.requests.saturating_add(1), since: now, ..*doing };
    }

    pub(super) fn end(&self, now: Instant) {
        let mut doing = self.doing.lock();
        *doing = Doing { requests: doing.requests.saturating_sub(1), since: now, ..*doing };
    }

    fn doing(&self) -> Doing {
        *self.doing.lock()
    }
}

impl Places {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self { bounds, open: Mutex::default() }
    }

    /// A place for a new connection, taken from another one if need be; none when all are busy with known people.
    pub(super) fn admit(&self, peer: IpAddr, now: Instant) -> Option<Arc<Place>> {
        let network = network(peer);
        let most = if network.is_loopback() { self.bounds.strangers_here } else { self.bounds.strangers };
        let mut open = self.open.lock();
        let stranger = |place: &Place| !place.doing().known;
        let here = |place: &Place| place.network == network && stranger(place);
        if open.iter().filter(|place| here(place)).count() >= most {
            close_quietest(&mut open, here);
        }
        // A stranger who is in the middle of something goes before somebody known who is not.
        if open.len() >= self.bounds.total
            && !close_quietest(&mut open, stranger)
            && !close_quietest(&mut open, |place| place.doing().requests == 0)
        {
            return None;
        }
        let place = Arc::new(Place {
            network,
            closing: CancellationToken::new(),
            doing: Mutex::new(Doing { known: false, requests: 0, since: now }),
        });
        open.push(Arc::clone(&place));
        Some(place)
    }

    /// The connection is closed.
    pub(super) fn leave(&self, place: &Arc<Place>) {
        self.open.lock().retain(|other| !Arc::ptr_eq(other, place));
    }
}

/// Closes the one of these that nothing has happened on for longest; false when there is none.
fn close_quietest(open: &mut Vec<Arc<Place>>, which: impl Fn(&Place) -> bool) -> bool {
    let quietest = open
        .iter()
        .enumerate()
        .filter(|(_, place)| which(place))
        .min_by_key(|(_, place)| place.doing().since)
        .map(|(at, _)| at);
    // Out of the list at once: it is no more to be counted, however long its task takes to end.
    quietest.map(|at| open.swap_remove(at).closing.cancel()).is_some()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const BOUNDS: Bounds = Bounds { total: 6, strangers: 2, strangers_here: 4 };

    struct Door(Places, Instant);

    impl Door {
        /// Comes `second` seconds after the start.
        fn admit(&self, peer: &str, second: u64) -> Option<Arc<Place>> {
            self.0.admit(peer.parse().unwrap(), self.at(second))
        }

        fn at(&self, second: u64) -> Instant {
            self.1 + Duration::from_secs(second)
        }
    }

    fn door() -> Door {
        Door(Places::new(BOUNDS), Instant::now())
    }

    fn closed(places: &[&Arc<Place>]) -> Vec<bool> {
        places.iter().map(|place| place.closing.is_cancelled()).collect()
    }

    #[test]
    fn a_stranger_makes_room_only_at_the_own_address() {
        let door = door();
        let first = door.admit("192.0.2.1", 1).unwrap();
        let second = door.admit("192.0.2.1", 2).unwrap();
        let other = door.admit("192.0.2.2", 0).unwrap();
        // Who began something last is not the quietest any more.
        first.begin(door.at(3));
        let third = door.admit("192.0.2.1", 4).unwrap();
        assert_eq!(closed(&[&first, &second, &third, &other]), [false, true, false, false]);
    }

    #[test]
    fn whoever_came_through_the_door_does_not_count_for_the_address() {
        let door = door();
        let known: Vec<_> = (0..3).map(|at| door.admit("192.0.2.1", at).unwrap()).collect();
        // The third pushed the first out before anybody was known.
        assert_eq!(closed(&known.iter().collect::<Vec<_>>()), [true, false, false]);
        known.iter().for_each(|place| place.recognize());
        let strangers: Vec<_> = (5..8).map(|at| door.admit("192.0.2.1", at).unwrap()).collect();
        assert_eq!(closed(&strangers.iter().collect::<Vec<_>>()), [true, false, false]);
        assert_eq!(closed(&[&known[1], &known[2]]), [false, false]);
    }

    #[test]
    fn when_all_is_full_strangers_go_first_then_the_idle_and_the_busy_stay() {
        let door = door();
        let known: Vec<_> = (0..5)
            .map(|at| {
                let place = door.admit("192.0.2.1", at).unwrap();
                place.recognize();
                place
            })
            .collect();
        known.iter().skip(1).for_each(|place| place.begin(door.at(6)));
        let stranger = door.admit("192.0.2.2", 9).unwrap();
        stranger.begin(door.at(9));
        let next = door.admit("192.0.2.3", 10).unwrap();
        assert_eq!(closed(&[&stranger, &known[0]]), [true, false]);
        next.recognize();
        next.begin(door.at(10));
        let last = door.admit("192.0.2.4", 11).unwrap();
        assert!(closed(&[&known[0]])[0]);
        last.recognize();
        last.begin(door.at(11));
        assert!(door.admit("192.0.2.5", 12).is_none());
        last.end(door.at(13));
        assert!(door.admit("192.0.2.5", 14).is_some());
    }

    #[test]
    fn this_computer_has_more_places_and_an_ipv6_network_is_one_address() {
        let door = door();
        let own: Vec<_> = (0..4).map(|at| door.admit("127.0.0.1", at).unwrap()).collect();
        assert_eq!(closed(&own.iter().collect::<Vec<_>>()), [false; 4]);
        door.0.leave(&own[0]);
        assert!(door.admit("127.0.0.1", 5).is_some());
        assert_eq!(closed(&own.iter().collect::<Vec<_>>()), [false; 4]);
        own.iter().for_each(|place| door.0.leave(place));
        let first = door.admit("2001:db8::1", 6).unwrap();
        door.admit("2001:db8::2", 7).unwrap();
        door.admit("2001:db8::3", 8).unwrap();
        assert!(closed(&[&first])[0]);
    }
}
