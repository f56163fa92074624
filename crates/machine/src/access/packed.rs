//! Seconds packed as access terminals pack them (access-push §12): every month has 31 days.

use rollcall_protocol::WallTime;

pub(crate) fn pack(time: WallTime) -> i64 {
    let civil = time.civil();
    let months = (i64::from(civil.year) - 2000) * 12 + i64::from(civil.month) - 1;
    let days = months * 31 + i64::from(civil.day) - 1;
    days * 86_400 + i64::from(civil.hour) * 3600 + i64::from(civil.minute) * 60 + i64::from(civil.second)
}

/// Nothing for a day that does not exist.
pub(crate) fn unpack(packed: i64) -> Option<WallTime> {
    let place = |value: i64| u32::try_from(value).ok();
    let days = packed.div_euclid(86_400);
    let (year, month, day) = (days / 31 / 12 + 2000, place(days / 31 % 12 + 1)?, place(days % 31 + 1)?);
    let (hour, minute, second) = (place(packed / 3600 % 24)?, place(packed / 60 % 60)?, place(packed % 60)?);
    WallTime::from_civil(i32::try_from(year).ok()?, month, day, hour, minute, second).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_chapter_there_and_back() {
        let time = WallTime::parse(b"2026-07-06 09:30:05").expect("a time");
        assert_eq!(pack(time), 852_197_405);
        assert_eq!(unpack(852_197_405), Some(time));
        let no_day = pack(WallTime::parse(b"2026-02-28 00:00:00").expect("a time")) + 3 * 86_400;
        assert_eq!(unpack(no_day), None, "31 February");
        assert_eq!(unpack(-5), None);
    }
}
