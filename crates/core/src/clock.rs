//! The only source of timestamps, so that a test can say what time it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use rollcall_protocol::WallTime;

/// An instant, stored with a precision of one millisecond.
pub type Timestamp = DateTime<Utc>;

/// The date it is in a zone at an instant.
pub fn date_in(zone: Tz, at: Timestamp) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// Tells the time.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Fixed(Arc<AtomicI64>),
}

/// Moves a fixed clock.
#[derive(Clone)]
pub struct ClockHandle(Arc<AtomicI64>);

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Source::System => "Clock(system)",
            Source::Fixed(_) => "Clock(fixed)",
        })
    }
}

impl Clock {
    /// The computer's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until its handle moves it.
    pub fn fixed(at: Timestamp) -> (Self, ClockHandle) {
        let cell = Arc::new(AtomicI64::new(at.timestamp_millis()));
        (Self(Source::Fixed(cell.clone())), ClockHandle(cell))
    }

    /// The present instant, cut to the millisecond, which is what the database keeps.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            #[expect(clippy::disallowed_methods, reason = "this is the one place that may ask the system")]
            Source::System => from_millis(Utc::now().timestamp_millis()),
            Source::Fixed(cell) => from_millis(cell.load(Ordering::SeqCst)),
        }
    }
}

impl ClockHandle {
    /// Sets the clock.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.timestamp_millis(), Ordering::SeqCst);
    }

    /// Moves the clock on (or back).
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }
}

/// An instant from the milliseconds the database keeps; out of range means the beginning of 1970.
pub fn from_millis(millis: i64) -> Timestamp {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

/// How many seconds east of UTC a zone is when its wall clocks show `wall`.
///
/// In the hour that happens twice (DST ends) the earlier of the two is taken, in the hour that does not happen the
/// offset before the jump: a machine without DST rules of its own shows exactly such times.
pub fn offset_at(zone: Tz, wall: WallTime) -> i32 {
    let Some(naive) = DateTime::from_timestamp(wall.seconds(), 0).map(|t| t.naive_utc()) else { return 0 };
    let local = |naive: &NaiveDateTime| zone.offset_from_local_datetime(naive).earliest();
    match local(&naive) {
        Some(offset) => offset.fix().local_minus_utc(),
        None => naive
            .checked_sub_signed(Duration::hours(3))
            .and_then(|before| local(&before))
            .map_or(0, |offset| offset.fix().local_minus_utc()),
    }
}

/// What a wall clock of the zone shows at an instant.
pub fn wall_at(zone: Tz, at: Timestamp) -> WallTime {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    WallTime::from_seconds(at.timestamp() + i64::from(offset))
}

/// The instant at which a wall clock with this offset shows `wall`.
pub fn instant(wall: WallTime, offset_seconds: i32) -> Timestamp {
    from_millis(wall.seconds().saturating_sub(i64::from(offset_seconds)).saturating_mul(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str) -> WallTime {
        WallTime::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn offsets_follow_the_zone_through_daylight_saving() {
        let table = [
            (Tz::Asia__Shanghai, "2026-07-06 09:00:00", 8 * 3600),
            (Tz::Asia__Kolkata, "2026-07-06 09:00:00", 19_800),
            (Tz::Europe__Berlin, "2026-03-29 01:59:59", 3600),
            // does not exist: the clock jumps from 02:00 to 03:00
            (Tz::Europe__Berlin, "2026-03-29 02:30:00", 3600),
            (Tz::Europe__Berlin, "2026-03-29 03:00:00", 7200),
            // happens twice: the first is taken
            (Tz::Europe__Berlin, "2026-10-25 02:30:00", 7200),
            (Tz::Europe__Berlin, "2026-10-25 03:00:00", 3600),
        ];
        for (zone, text, offset) in table {
            assert_eq!(offset_at(zone, wall(text)), offset, "{zone} {text}");
        }
    }

    #[test]
    fn wall_and_instant_are_inverse() {
        let zone = Tz::Asia__Shanghai;
        let at = instant(wall("2026-07-06 09:00:00"), offset_at(zone, wall("2026-07-06 09:00:00")));
        assert_eq!(at.to_rfc3339(), "2026-07-06T01:00:00+00:00");
        assert_eq!(wall_at(zone, at), wall("2026-07-06 09:00:00"));
    }
}
