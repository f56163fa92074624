//! Wrong tokens are counted per address; whoever guesses is slowed down to one guess every few seconds.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::network;

/// Wrong tokens in a row that cost nothing.
const FREE: u32 = 10;
/// How long one wrong token is remembered.
const EACH: Duration = Duration::from_secs(6);
/// Addresses remembered.
const MOST: usize = 4096;

#[derive(Default)]
pub(super) struct Tries(Mutex<HashMap<IpAddr, Counted>>);

/// So many wrong tokens, the last one at that moment.
#[derive(Clone, Copy)]
struct Counted {
    wrong: u32,
    at: Instant,
}

impl Counted {
    /// How many are still remembered.
    fn left(self, now: Instant) -> u32 {
        let forgotten = now.saturating_duration_since(self.at).as_secs() / EACH.as_secs();
        self.wrong.saturating_sub(u32::try_from(forgotten).unwrap_or(u32::MAX))
    }
}

impl Tries {
    /// How many seconds this address has to wait; nothing when it need not.
    pub(super) fn wait(&self, peer: IpAddr, now: Instant) -> Option<u64> {
        let counted = *self.0.lock().get(&network(peer))?;
        (counted.left(now) >= FREE).then(|| {
            let since = now.saturating_duration_since(counted.at).as_secs() % EACH.as_secs();
            EACH.as_secs() - since
        })
    }

    /// The right token: whoever shares an address with its owner begins anew, and so does a program of the owner's that
    /// tried a few wrong ones.
    pub(super) fn forget(&self, peer: IpAddr) {
        self.0.lock().remove(&network(peer));
    }

    /// A wrong token.
    pub(super) fn count(&self, peer: IpAddr, now: Instant) {
        let mut tries = self.0.lock();
        if tries.len() >= MOST {
            tries.retain(|_, counted| counted.left(now) > 0);
        }
        if tries.len() >= MOST
            && let Some(oldest) = tries.iter().min_by_key(|(_, counted)| counted.at).map(|(peer, _)| *peer)
        {
            tries.remove(&oldest);
        }
        let counted = tries.entry(network(peer)).or_insert(Counted { wrong: 0, at: now });
        *counted = Counted { wrong: counted.left(now) + 1, at: now };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn guessing_is_slowed_down_per_address() {
        let (tries, start) = (Tries::default(), Instant::now());
        let (guesser, other) = (peer("192.0.2.1"), peer("192.0.2.2"));
        for _ in 0..FREE {
            assert_eq!(tries.wait(guesser, start), None);
            tries.count(guesser, start);
        }
        assert_eq!(tries.wait(guesser, start), Some(6));
        assert_eq!(tries.wait(guesser, start + Duration::from_secs(4)), Some(2));
        assert_eq!(tries.wait(other, start), None);
        let later = start + EACH;
        assert_eq!(tries.wait(guesser, later), None);
        tries.count(guesser, later);
        assert_eq!(tries.wait(guesser, later), Some(6));
    }

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let (tries, start) = (Tries::default(), Instant::now());
        for host in 0..FREE {
            tries.count(peer(&format!("2001:db8::{host:x}")), start);
        }
        assert!(tries.wait(peer("2001:db8::ffff"), start).is_some());
        assert!(tries.wait(peer("2001:db8:0:1::1"), start).is_none());
    }

    #[test]
    fn addresses_are_bounded() {
        let (tries, start) = (Tries::default(), Instant::now());
        for n in 0..u32::try_from(MOST).unwrap() + 10 {
            tries.count(IpAddr::from(n.to_be_bytes()), start);
        }
        assert_eq!(tries.0.lock().len(), MOST);
    }
}
