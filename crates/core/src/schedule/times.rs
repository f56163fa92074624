//! Times of day as people write them, and the minutes a shift counts in.

use std::fmt;

use super::shift::{DAY, Minute, Stretch};

/// A time of day to the minute, on whatever clock hangs there: 0 to 1439.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// A time written as `HH:MM`; nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let &[h1, h2, b':', m1, m2] = text.as_bytes() else { return None };
        let digit = |byte: u8| byte.is_ascii_digit().then(|| u16::from(byte - b'0'));
        let (hours, minutes) = (digit(h1)? * 10 + digit(h2)?, digit(m1)? * 10 + digit(m2)?);
        (hours < 24 && minutes < 60).then_some(Self(hours * 60 + minutes))
    }

    /// The time of day of a minute of a shift, whichever date it falls on.
    pub fn of(minute: Minute) -> Self {
        Self(u16::try_from(minute.0.rem_euclid(DAY)).unwrap_or_default())
    }

    /// Minutes after midnight.
    pub fn minutes(self) -> i32 {
        i32::from(self.0)
    }

    /// The first minute at or after `first` at which clocks show this.
    fn from(self, first: i32) -> i32 {
        first + (self.minutes() - first).rem_euclid(DAY)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// From a time of day to another; one that is not after the first is on the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// When it begins.
    pub start: TimeOfDay,
    /// When it ends.
    pub end: TimeOfDay,
}

impl Period {
    /// The period whose clocks a stretch of a shift shows.
    pub fn of(stretch: Stretch) -> Self {
        Self { start: TimeOfDay::of(stretch.start), end: TimeOfDay::of(stretch.end) }
    }

    /// Where it lies in a shift that begins at `first`: a shift is over within a day, so every time of day comes once.
    pub(super) fn placed(self, first: TimeOfDay) -> Stretch {
        let start = self.start.from(first.minutes());
        let end = self.end.from(start + 1);
        Stretch { start: Minute(start), end: Minute(end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attendance_6_4_times_are_hours_and_minutes() {
        for text in ["00:00", "09:05", "23:59"] {
            assert_eq!(TimeOfDay::parse(text).unwrap().to_string(), text);
        }
        for text in ["24:00", "9:00", "09:60", "09:00:00", "", "09-00", " 9:00", "+9:00", "０9:0", "1200"] {
            assert_eq!(TimeOfDay::parse(text), None, "{text:?}");
        }
        assert_eq!(TimeOfDay::of(Minute(1560)).to_string(), "02:00");
        assert_eq!(TimeOfDay::of(Minute(-60)).to_string(), "23:00");
    }

    #[test]
    fn attendance_6_4_what_ends_no_later_than_it_begins_ends_on_the_next_day() {
        let table = [
            ("09:00", "09:00", "18:00", 540, 1080),
            ("22:00", "22:00", "06:00", 1320, 1800),
            ("22:00", "03:00", "06:00", 1620, 1800),
            ("16:00", "16:00", "00:00", 960, 1440),
            ("08:00", "08:00", "08:00", 480, 1920),
            ("00:00", "23:00", "01:00", 1380, 1500),
        ];
        for (first, start, end, from, to) in table {
            let time = |text| TimeOfDay::parse(text).unwrap();
            let stretch = Period { start: time(start), end: time(end) }.placed(time(first));
            assert_eq!((stretch.start.0, stretch.end.0), (from, to), "{start}–{end} of {first}");
            assert_eq!(Period::of(stretch), Period { start: time(start), end: time(end) });
        }
    }
}
