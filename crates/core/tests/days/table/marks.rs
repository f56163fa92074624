//! What is wrong with a day.

use super::{FLEXIBLE, FLEXIBLE_STRICT, OFFICE, PLAIN, STRICT};
use crate::notation::{check, day};

#[test]
fn attendance_6_5_coming_and_going() {
    check(&[
        day("in time", OFFICE, "08:55 18:02").is("normal").worked("8:00").required("8:00").overtime("0:00"),
        day("to the minute", PLAIN, "09:00 18:00").is("normal").worked("8:00"),
        day("one minute late without grace", PLAIN, "09:01 18:00").is("late 1").worked("7:59"),
        day("coming at the last minute of grace", OFFICE, "09:05 18:00").is("normal").worked("7:55"),
        day("coming one minute past grace: counted from the start", OFFICE, "09:06 18:00").is("late 6"),
        day("going at the first minute of grace", OFFICE, "09:00 17:55").is("normal").worked("7:55"),
        day("going one minute before grace", OFFICE, "09:00 17:54").is("early 6"),
        day("59 seconds past the last minute of grace", OFFICE, "09:05:59 18:00").is("normal"),
        day("59 seconds are not worked either", PLAIN, "09:00:59 18:00:01").is("normal").worked("8:00"),
        day("one second before the minute", OFFICE, "09:00 17:54:59").is("early 6"),
        day("late and early", OFFICE, "09:30 17:00").is("late 30, early 60").worked("6:30"),
        day("coming during lunch", PLAIN, "12:30 18:00").is("late 210").worked("5:00"),
        day("going during lunch", PLAIN, "09:00 12:30").is("early 330").worked("3:00"),
        day("very early and very late are not worked", PLAIN, "07:10 21:30").is("normal").worked("8:00"),
        day("nobody at all", OFFICE, "").is("absent 480").worked("0:00").required("8:00"),
        day("never left", OFFICE, "08:55").is("missing out").worked("0:00").takes("08:55 in"),
        day("never came", OFFICE, "18:02").is("missing in").worked("0:00").takes("18:02 out"),
        day("late, and never left", OFFICE, "09:30").is("late 30, missing out"),
        day("never came, and left early", OFFICE, "17:30").is("missing in, early 30"),
        day("a single punch nearer to the start", PLAIN, "13:29").is("late 269, missing out"),
        day("a single punch nearer to the end", PLAIN, "13:31").is("missing in, early 269"),
        day("whoever is last seen in the morning left then", OFFICE, "08:55 09:10").is("early 530"),
        day("what lies between does not matter", OFFICE, "08:50 12:01 12:55 18:05")
            .is("normal")
            .takes("08:50 in, 12:01 between, 12:55 between, 18:05 out"),
        day("in any order", OFFICE, "18:02 12:01 08:55")
            .is("normal")
            .takes("08:55 in, 12:01 between, 18:02 out"),
    ]);
}

#[test]
fn attendance_6_5_so_late_that_it_is_absence() {
    check(&[
        day("an hour late is late", STRICT, "10:00 18:00").is("late 60"),
        day("more than an hour is half a day", STRICT, "10:01 18:00").is("absent 240").worked("6:59"),
        day("four hours are half a day", STRICT, "13:00 18:00").is("absent 240").worked("5:00"),
        day("more than four hours are a day", STRICT, "13:01 18:00").is("absent 480").worked("4:59"),
        day("an hour early is early", STRICT, "09:00 17:00").is("early 60"),
        day("more than an hour early is half a day", STRICT, "09:00 16:59").is("absent 240"),
        day("half a day twice is a day", STRICT, "10:01 16:59").is("absent 480"),
        day("a day and a half is a day", STRICT, "13:01 16:59").is("absent 480"),
        day("half a day and a little", STRICT, "10:01 17:30").is("absent 240, early 30"),
        day("late beyond the hour, and never left", STRICT, "10:30").is("absent 240, missing out"),
        day("more than four hours from either end", STRICT, "13:10").is("absent 480, missing out"),
        // A punch is not left aside to look as if one had only forgotten it.
        day("came at noon, and went in time", STRICT, "12:00 18:01")
            .is("absent 240")
            .takes("12:00 in, 18:01 out"),
        day("no punch at all", STRICT, "").is("absent 480"),
    ]);
}

#[test]
fn attendance_6_5_flexible_hours() {
    check(&[
        day("eight hours and a bit", FLEXIBLE, "08:10 17:15").is("normal").worked("8:05").required("8:00"),
        day("half an hour short", FLEXIBLE, "10:00 18:30").is("early 30").worked("7:30"),
        day("ten minutes short are still enough", FLEXIBLE, "10:00 18:50").is("normal").worked("7:50"),
        day("eleven are not", FLEXIBLE, "10:00 18:49").is("early 11"),
        day("before seven is not worked", FLEXIBLE, "06:30 16:00").is("normal").worked("8:00"),
        day("the first and the last count", FLEXIBLE, "08:00 12:00 12:40 17:00")
            .is("normal")
            .takes("08:00 in, 12:00 between, 12:40 between, 17:00 out"),
        day("came and never left", FLEXIBLE, "08:00").is("missing out"),
        day("only seen in the evening", FLEXIBLE, "19:00").is("missing in"),
        day("nobody", FLEXIBLE, "").is("absent 480"),
        day("two hours short are early", FLEXIBLE_STRICT, "10:00 17:00").is("early 120"),
        day("more than two hours short are half a day", FLEXIBLE_STRICT, "10:00 16:00").is("absent 240"),
        day("more than five hours short are a day", FLEXIBLE_STRICT, "10:00 12:30")
            .is("absent 480")
            .worked("2:00"),
    ]);
}
