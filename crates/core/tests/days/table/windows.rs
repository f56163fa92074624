//! Which punches belong to a day.

use super::{AFTER_MIDNIGHT, AROUND_THE_CLOCK, LATE_SHIFT, NIGHT, NOT_EMPLOYED, OFFICE, PLAIN, REST};
use crate::notation::{check, day, turns};

#[test]
fn attendance_6_5_nights() {
    check(&[
        day("a night", NIGHT, "21:55 06:03+1").is("normal").worked("8:00").required("8:00"),
        day("late at night", NIGHT, "22:20 06:00+1").is("late 20").worked("7:40"),
        day("coming after midnight", NIGHT, "00:30+1 06:00+1").is("late 150").worked("5:30"),
        day("going before the morning", NIGHT, "21:58 05:00+1").is("early 60"),
        day("never left", NIGHT, "21:55").is("missing out"),
        day("never came", NIGHT, "06:03+1").is("missing in"),
        day("nobody", NIGHT, "").is("absent 480"),
        day("night after night: the morning before is not this night's", NIGHT, "06:03 21:55 06:04+1")
            .before(NIGHT)
            .after(NIGHT)
            .is("normal")
            .takes("21:55 in, 06:04+1 out"),
        day("the morning after a night is the night's", REST, "06:03").before(NIGHT).is("rest").takes(""),
        day("a day of rest after a night begins at ten", REST, "06:03 10:00 15:00")
            .before(NIGHT)
            .is("rest")
            .worked("5:00")
            .takes("10:00 in, 15:00 out"),
        day("a day of rest before a shift at midnight ends at ten in the evening", REST, "09:00 21:59 22:05")
            .after(AFTER_MIDNIGHT)
            .is("rest")
            .worked("12:59")
            .takes("09:00 in, 21:59 out"),
        day("round the clock", AROUND_THE_CLOCK, "07:50 08:05+1")
            .is("normal")
            .worked("24:00")
            .required("24:00"),
    ]);
}

#[test]
fn attendance_6_5_windows() {
    check(&[
        day("the first minute of the window", PLAIN, "07:00 18:00").is("normal"),
        day("a minute before the window", PLAIN, "06:59 18:00").is("missing in").takes("18:00 out"),
        day("the last minute of the window", PLAIN, "09:00 21:59").is("normal"),
        day("the minute after the window", PLAIN, "09:00 22:00").is("missing out").takes("09:00 in"),
        day("another day's punches", PLAIN, "08:58-1 18:01-1 09:00 18:00 08:59+1")
            .is("normal")
            .takes("09:00 in, 18:00 out"),
        // From the end at 06:00 to the start at 09:00: the border is 07:30.
        day("a night before a day: the night's side of the border", NIGHT, "21:55 07:29+1")
            .after(OFFICE)
            .is("normal"),
        day("a night before a day: the day's side of it", NIGHT, "21:55 07:30+1")
            .after(OFFICE)
            .is("missing out"),
        day("a day after a night: the day's side of the border", OFFICE, "07:30 18:00")
            .before(NIGHT)
            .is("normal"),
        day("a day after a night: the night's side of it", OFFICE, "07:29 18:00")
            .before(NIGHT)
            .is("missing in"),
        // From 22:00 to 24:00: the border is 23:00.
        day("late, then after midnight: before the border", LATE_SHIFT, "13:55 22:59")
            .after(AFTER_MIDNIGHT)
            .is("normal"),
        day("late, then after midnight: at the border", LATE_SHIFT, "13:55 23:00")
            .after(AFTER_MIDNIGHT)
            .is("missing out"),
        day("coming for midnight on the evening before", AFTER_MIDNIGHT, "23:00-1 08:00")
            .before(LATE_SHIFT)
            .is("normal"),
        // The office takes to 22:00 at most, so an early start of the next window loses nothing to it.
        day(
            "a border where only one of two would take punches is moved to the other",
            "09:00-18:00; window after 60",
            "08:55 18:59",
        )
        .after("09:00-18:00; window before 960")
        .is("normal"),
    ]);
}

#[test]
fn attendance_6_4_turns() {
    turns(
        &[LATE_SHIFT, NIGHT, "-", OFFICE],
        "Mon 13:55, Mon 22:05, Tue 21:50, Wed 06:10, Thu 08:58, Thu 18:01, Fri 14:20, Fri 22:00, Sat 21:58, Sun 09:30",
        &[
            ("Mon", "normal", "13:55 in, 22:05 out"),
            ("Tue", "normal", "21:50 in, 06:10+1 out"),
            ("Wed", "rest", ""),
            ("Thu", "normal", "08:58 in, 18:01 out"),
            ("Fri", "late 20", "14:20 in, 22:00 out"),
            // Left at half past nine in the morning.
            ("Sat", "normal", "21:58 in, 09:30+1 out"),
            ("Sun", "rest", ""),
        ],
    );
}

#[test]
fn attendance_6_5_coming_to_and_leaving_the_company() {
    check(&[
        day("hired on that day", OFFICE, "08:55 18:02").before(NOT_EMPLOYED).is("normal"),
        day("left on that day", OFFICE, "08:55 18:02").after(NOT_EMPLOYED).is("normal"),
        day("the day after leaving", NOT_EMPLOYED, "08:55 18:02")
            .before(OFFICE)
            .is("not employed")
            .worked("0:00")
            .takes("08:55 no shift, 18:02 no shift"),
        day("the last night", NIGHT, "21:55 06:05+1").after(NOT_EMPLOYED).is("normal"),
        day("the morning after the last night", NOT_EMPLOYED, "06:05")
            .before(NIGHT)
            .is("not employed")
            .takes(""),
        // Hired anew under another account with the same number: the punches before the change of hands are the old one's.
        day("rehired: the old account's half", OFFICE, "08:55 12:04").after(NOT_EMPLOYED).is("early 356"),
        day("rehired: the new account's half", OFFICE, "12:58 18:02").before(NOT_EMPLOYED).is("late 238"),
    ]);
}
