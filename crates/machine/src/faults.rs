//! What goes wrong with machines, their cables and their owners, by chance but the same every time.

use crate::wire::Dribble;

/// Shares between 0 and 1 of what goes wrong how often; nothing by default. The same seed makes the same faults happen to the
/// same machine.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Faults {
    /// Answers thrown away after the server has written them.
    pub answers_lost: f64,
    /// Requests sent twice, answers read twice.
    pub requests_repeated: f64,
    /// Bodies that end in the middle: whole head, half a body, end.
    pub bodies_cut: f64,
    /// Results posted once more after they were accepted.
    pub results_twice: f64,
    /// Results of queries that overtake their data.
    pub results_first: f64,
    /// Batches of punches that were asked for again and are sent twice.
    pub punches_repeated: f64,
    /// Requests in the middle of which the machine restarts and forgets what it has executed but not reported.
    pub reboots: f64,
    /// Restarts after which the memory is empty, as after a factory reset.
    pub wipes: f64,
    /// Requests written through a bad link, a few bytes at a time.
    pub slow: f64,
    /// What such a link lets through.
    pub dribble: Option<Dribble>,
    /// Seconds the clock is ahead of what it was set to.
    pub clock_ahead: i64,
    /// Seconds the clock gains in a second.
    pub clock_drift: f64,
    /// Where chance begins; each machine mixes its serial number in.
    pub seed: u64,
}

impl Faults {
    /// Everything at once, each as often as a bad site on a bad day.
    #[must_use]
    pub fn all(seed: u64) -> Self {
        Self {
            answers_lost: 0.02,
            requests_repeated: 0.02,
            bodies_cut: 0.02,
            results_twice: 0.2,
            results_first: 0.3,
            punches_repeated: 0.1,
            reboots: 0.005,
            wipes: 0.1,
            slow: 0.02,
            dribble: Some(Dribble { bytes: 64, pause: std::time::Duration::from_millis(2) }),
            clock_ahead: 0,
            clock_drift: 0.0,
            seed,
        }
    }
}

/// SplitMix64: small, and nothing here needs to be unpredictable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64, sn: &str) -> Self {
        let mixed = sn.bytes().fold(seed ^ 0xCBF2_9CE4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        Self(mixed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Between 0 and 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something that happens this often happens now. What never happens takes nothing from the chance of the rest.
    pub(crate) fn hits(&mut self, share: f64) -> bool {
        share > 0.0 && self.share() < share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_is_the_same_fate() {
        let fate = |seed, sn| {
            let mut chance = Chance::new(seed, sn);
            (0..64).map(|_| chance.hits(0.3)).collect::<Vec<_>>()
        };
        assert_eq!(fate(7, "A1"), fate(7, "A1"));
        assert_ne!(fate(7, "A1"), fate(7, "A2"));
        assert_ne!(fate(7, "A1"), fate(8, "A1"));
    }

    #[test]
    fn shares_are_shares() {
        let mut chance = Chance::new(1, "A1");
        let hits = (0..10_000).filter(|_| chance.hits(0.1)).count();
        assert!((800..1200).contains(&hits), "{hits}");
        assert!((0..1000).all(|_| !chance.hits(0.0)));
        assert!((0..1000).all(|_| chance.hits(1.0)));
    }
}
