//! How far a machine's clock is off, told from when its messages came (rule 1.6, quirk C7).
//!
//! A machine's clock is read only off what it sends at once: a live punch, or a message that says what time it is there.
//! A punch that was kept back by a bad network looks like a slow clock, so one sample alone never accuses a machine of
//! being slow; a fast clock cannot come from a delay.

use chrono::TimeDelta;

use crate::clock::Timestamp;

/// Beyond this a clock is off, in seconds.
pub const OFF: i64 = 60;
/// Samples that are looked at together.
const KEPT: usize = 3;
/// Two slow samples that differ by no more than this agree, in seconds.
const AGREE: i64 = 30;
/// Samples older than this say nothing about now.
const STALE: TimeDelta = TimeDelta::hours(24);

/// The samples of one machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Skew {
    /// Newest first: seconds the machine was ahead, and when.
    samples: Vec<(i64, Timestamp)>,
}

impl Skew {
    /// Begins with what was known before.
    pub fn known(skew: Option<(i64, Timestamp)>) -> Self {
        Self { samples: skew.into_iter().collect() }
    }

    /// The machine showed `shown` when its message came at `received`.
    pub fn sample(&mut self, shown: Timestamp, received: Timestamp) {
        let ahead = (shown - received).num_seconds();
        self.samples.retain(|(_, at)| received - *at < STALE);
        self.samples.insert(0, (ahead, received));
        self.samples.truncate(KEPT);
    }

    /// The clock was set, or its zone changed: what was measured before says nothing.
    pub fn forget(&mut self) {
        self.samples.clear();
    }

    /// Seconds the clock is ahead of ours, and as of when: of the last samples the one nearest to ours, for a delay only
    /// ever makes a clock look slower than it is.
    pub fn seconds(&self) -> Option<(i64, Timestamp)> {
        let (newest, at) = *self.samples.first()?;
        let best = self.samples.iter().map(|(ahead, _)| *ahead).max().unwrap_or(newest);
        // A clock that was fast and is not any more has been set.
        Some((if newest >= -OFF { newest } else { best }, at))
    }

    /// Whether the clock is off by more than a minute, without reasonable doubt.
    pub fn is_off(&self) -> bool {
        match self.samples.as_slice() {
            [(newest, _), ..] if *newest > OFF => true,
            [(newest, _), (before, _), ..] => *newest < -OFF && (newest - before).abs() <= AGREE,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skew(ahead: &[i64]) -> Skew {
        let mut skew = Skew::default();
        for (n, seconds) in (0_i64..).zip(ahead) {
            let received = Timestamp::from_timestamp(1_783_299_600 + n * 60, 0).unwrap();
            skew.sample(received + TimeDelta::seconds(*seconds), received);
        }
        skew
    }

    #[test]
    fn c7_what_samples_say() {
        let table: &[(&str, &[i64], Option<i64>, bool)] = &[
            ("nothing", &[], None, false),
            ("right", &[-1], Some(-1), false),
            ("a minute is still right", &[60], Some(60), false),
            ("fast", &[3600], Some(3600), true),
            ("slow once may be the network", &[-300], Some(-300), false),
            ("slow twice by the same", &[-300, -301], Some(-300), true),
            ("slow twice by different times: a queue is emptied", &[-300, -200], Some(-200), false),
            ("one delayed punch among good ones", &[-1, -900], Some(-1), false),
            ("fast, then set", &[3600, 0], Some(0), false),
            ("slow, then set", &[-300, -300, -1], Some(-1), false),
        ];
        for (what, ahead, seconds, off) in table {
            let skew = skew(ahead);
            assert_eq!(skew.seconds().map(|(seconds, _)| seconds), *seconds, "{what}");
            assert_eq!(skew.is_off(), *off, "{what}");
        }
    }

    #[test]
    fn old_samples_are_forgotten() {
        let mut skew = skew(&[-300]);
        let later = Timestamp::from_timestamp(1_783_299_600, 0).unwrap() + TimeDelta::days(2);
        skew.sample(later - TimeDelta::seconds(300), later);
        assert!(!skew.is_off(), "two days apart is not twice in a row");
    }
}
