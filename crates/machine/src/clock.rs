//! The clock on the machine's wall: local time without a zone, steered by the server as device code does it (C1, C3).

use std::time::Duration;

use chrono::DateTime;
use rollcall_protocol::WallTime;
use tokio::time::Instant;

/// A slower answer says too little about the present moment.
const ROUND_TRIP_LIMIT: Duration = Duration::from_secs(5);
/// A smaller difference is left alone.
const DRIFT_LIMIT: i64 = 10;

/// A machine's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MachineClock {
    shown: WallTime,
    at: Instant,
    /// Seconds it shows more than it was set to, whoever sets it.
    ahead: i64,
    /// Seconds it gains in a second.
    drift: f64,
}

impl MachineClock {
    pub(crate) fn new(shown: WallTime) -> Self {
        Self { shown, at: Instant::now(), ahead: 0, drift: 0.0 }
    }

    #[expect(clippy::cast_possible_truncation, reason = "whole seconds are wanted")]
    pub(crate) fn now(&self) -> WallTime {
        let passed = self.at.elapsed();
        let gained = (passed.as_secs_f64() * self.drift) as i64;
        let passed = i64::try_from(passed.as_secs()).unwrap_or(i64::MAX);
        let sum = self.shown.seconds().saturating_add(passed).saturating_add(gained);
        WallTime::from_seconds(sum.saturating_add(self.ahead))
    }

    pub(crate) fn set(&mut self, shown: WallTime) {
        *self = Self { shown, at: Instant::now(), ..*self };
    }

    /// A clock that is wrong from now on, however often it is set.
    pub(crate) fn spoil(&mut self, ahead: i64, drift: f64) {
        let shown = WallTime::from_seconds(self.now().seconds().saturating_sub(self.ahead));
        *self = Self { shown, at: Instant::now(), ahead, drift };
    }

    /// Follows the server's `Date`; says whether the clock was moved.
    pub(crate) fn steer(&mut self, date: &str, zone: ZoneOffset, round_trip: Duration) -> bool {
        if round_trip >= ROUND_TRIP_LIMIT || !date.ends_with("GMT") {
            return false;
        }
        let Ok(date) = DateTime::parse_from_rfc2822(date) else { return false };
        let wall = WallTime::from_seconds(date.timestamp().saturating_add(zone.seconds()));
        if wall.seconds().abs_diff(self.now().seconds()) <= DRIFT_LIMIT.unsigned_abs() {
            return false;
        }
        self.set(wall);
        true
    }
}

/// The option `TimeZone` of a handshake.
///
/// A machine whose server names no zone works with 0, and its clock jumps to Greenwich: the complaint behind rule C2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ZoneOffset {
    minutes: i64,
}

impl ZoneOffset {
    /// Whole hours when the number is below 25, else minutes (C3). Anything else is no zone at all.
    pub(crate) fn parse(text: &str) -> Self {
        let number: i64 = text.trim().parse().unwrap_or(0);
        Self { minutes: if number.abs() < 25 { number * 60 } else { number } }
    }

    pub(crate) const fn seconds(self) -> i64 {
        self.minutes * 60
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Mon, 06 Jul 2026 01:30:00 GMT";

    fn wall(text: &str) -> WallTime {
        WallTime::parse(text.as_bytes()).expect(text)
    }

    #[tokio::test(start_paused = true)]
    async fn c1_the_clock_follows_the_server() {
        let mut clock = MachineClock::new(wall("2000-01-01 00:00:00"));
        assert!(clock.steer(DATE, ZoneOffset::parse("8"), Duration::from_millis(3)));
        assert_eq!(clock.now(), wall("2026-07-06 09:30:00"));
        tokio::time::advance(Duration::from_secs(61)).await;
        assert_eq!(clock.now(), wall("2026-07-06 09:31:01"));
    }

    #[tokio::test(start_paused = true)]
    async fn c1_small_drift_and_slow_answers_are_ignored() {
        let mut clock = MachineClock::new(wall("2026-07-06 09:30:10"));
        assert!(!clock.steer(DATE, ZoneOffset::parse("8"), Duration::ZERO), "10 s is no drift");
        clock.set(wall("2026-07-06 09:30:11"));
        assert!(
            !clock.steer(DATE, ZoneOffset::parse("8"), Duration::from_secs(5)),
            "the answer took too long"
        );
        assert!(!clock.steer("Mon, 06 Jul 2026 01:30:00 +0000", ZoneOffset::parse("8"), Duration::ZERO));
        assert!(clock.steer(DATE, ZoneOffset::parse("8"), Duration::ZERO));
    }

    #[tokio::test(start_paused = true)]
    async fn c7_a_wrong_clock_stays_wrong_however_often_it_is_set() {
        let mut clock = MachineClock::new(wall("2000-01-01 00:00:00"));
        clock.spoil(3600, 0.01);
        assert!(clock.steer(DATE, ZoneOffset::parse("8"), Duration::ZERO));
        assert_eq!(clock.now(), wall("2026-07-06 10:30:00"));
        tokio::time::advance(Duration::from_secs(1000)).await;
        assert_eq!(clock.now(), wall("2026-07-06 10:46:50"), "ten seconds gained");
        clock.spoil(0, 0.0);
        assert_eq!(clock.now(), wall("2026-07-06 09:46:50"));
    }

    #[test]
    fn c3_hours_below_25_else_minutes() {
        for (text, minutes) in [("8", 480), ("-5", -300), ("24", 1440), ("330", 330), ("-210", -210), ("", 0)]
        {
            assert_eq!(ZoneOffset::parse(text).minutes, minutes, "{text}");
        }
    }
}
