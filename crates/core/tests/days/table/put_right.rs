//! What was put right.

use super::{OFFICE, REST, SPLIT};
use crate::notation::{check, day};

#[test]
fn attendance_6_6_corrections_and_lifted_marks() {
    check(&[
        day("a going that was forgotten", OFFICE, "08:55 18:00*").is("(missing out) = normal").worked("8:00"),
        day("a coming that was forgotten, and was late", OFFICE, "09:20* 18:02")
            .is("(missing in), late 20 = late"),
        day("a day somewhere else", OFFICE, "09:00* 18:00*").is("(absent 480) = normal").worked("8:00"),
        day("only half of what was forgotten", OFFICE, "09:00*").is("(absent 480), missing out = missing"),
        day("late, and really in time", OFFICE, "09:30 09:00* 18:00").is("(late 30) = normal"),
        day("late, but less", OFFICE, "09:30 09:10* 18:00").is("(late 30), late 10 = late"),
        day("at noon", SPLIT, "08:55 12:02 12:55* 18:02").is("(missing in #2) = normal"),
        day("an afternoon", SPLIT, "08:55 12:02 13:00* 18:00*").is("(absent 300 #2) = normal").worked("8:00"),
        day("not needed", OFFICE, "08:55 08:58* 18:02")
            .is("normal")
            .takes("08:55 in, 08:58 between, 18:02 out"),
        day("beside a punch of that second", OFFICE, "08:55 08:55* 18:02").is("normal"),
        day("lateness lifted", OFFICE, "09:30 18:00").lift("late").is("(late 30) = normal"),
        day("only lateness lifted", OFFICE, "09:30 17:00")
            .lift("late")
            .is("(late 30), early 60 = early leave"),
        day("absence lifted", OFFICE, "").lift("absent").is("(absent 480) = normal").worked("0:00"),
        day("missing lifted, without saying when", OFFICE, "08:55")
            .lift("missing out")
            .is("(missing out) = normal"),
        day("nothing there to lift", OFFICE, "08:55 18:00").lift("late").is("normal"),
        day("corrected, and what is left lifted", OFFICE, "09:20* 18:02")
            .lift("late")
            .is("(missing in), (late 20) = normal"),
        day("a corrected day of rest", REST, "09:00* 12:00*").is("rest").worked("3:00").overtime("3:00"),
    ]);
}
