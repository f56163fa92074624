//! What each punch stands for.

use super::{OFFICE, SPLIT, TRIPLE, UNSURE};
use crate::notation::{check, day};

#[test]
fn attendance_6_5_segments() {
    check(&[
        day("four punches", SPLIT, "08:55 12:01 12:58 18:02")
            .is("normal")
            .worked("8:00")
            .takes("08:55 in #1, 12:01 out #1, 12:58 in #2, 18:02 out #2"),
        day("one punch at noon, nearer to going", SPLIT, "08:55 12:02 18:05")
            .is("missing in #2")
            .worked("3:00"),
        day("one punch at noon, nearer to coming", SPLIT, "08:55 12:58 18:05")
            .is("missing out #1")
            .worked("5:00"),
        day("one punch at noon, exactly between: taken for coming", SPLIT, "08:55 12:30 18:05")
            .is("missing out #1"),
        day("two punches at noon, two minutes apart", SPLIT, "08:55 12:10 12:12 18:02").is("normal"),
        day("two punches at noon in one minute are one", SPLIT, "08:55 12:10:05 12:10:50 18:02")
            .is("missing in #2")
            .takes("08:55 in #1, 12:10 double, 12:10 out #1, 18:02 out #2"),
        day("no punch at noon", SPLIT, "08:55 18:02").is("missing out #1, missing in #2").worked("0:00"),
        day("none in the afternoon", SPLIT, "08:55 12:01").is("absent 300 #2").worked("3:00"),
        day("twice in the morning, none in the afternoon", SPLIT, "08:55 09:10 12:01")
            .is("absent 300 #2")
            .takes("08:55 in #1, 09:10 between, 12:01 out #1"),
        day("none in the morning", SPLIT, "12:58 18:02").is("absent 180 #1").worked("5:00"),
        day("came back after lunch, and never left", SPLIT, "08:55 13:05")
            .is("missing out #1, missing out #2"),
        day("came at two in the afternoon", SPLIT, "14:00 18:00").is("absent 180 #1, late 60 #2"),
        day("left at eleven for good", SPLIT, "09:00 11:00").is("early 60 #1, absent 300 #2"),
        day("only at noon, nearer to going", SPLIT, "12:10").is("missing in #1, absent 300 #2"),
        day("only in the evening", SPLIT, "18:10").is("absent 180 #1, missing in #2"),
        day("late after lunch", SPLIT, "08:55 12:00 13:20 18:00").is("late 20 #2").worked("7:40"),
        day("early to lunch", SPLIT, "08:55 11:40 12:55 18:00").is("early 20 #1").worked("7:40"),
        day("out for a walk in the morning", SPLIT, "08:55 10:00 10:20 12:01 12:58 18:02")
            .is("normal")
            .takes("08:55 in #1, 10:00 between, 10:20 between, 12:01 out #1, 12:58 in #2, 18:02 out #2"),
        day("three punches at noon", SPLIT, "08:55 12:05 12:30 12:55 18:02").is("normal").worked("8:00"),
        day("nobody at all: one mark for the whole day", SPLIT, "").is("absent 480"),
        day("three segments", TRIPLE, "07:58 11:01 11:59 15:02 15:55 19:00").is("normal").worked("9:00"),
        day("three segments, the one in the middle left out", TRIPLE, "07:58 11:01 15:55 19:00")
            .is("absent 180 #2")
            .worked("6:00"),
    ]);
}

#[test]
fn attendance_6_5_double_punches_and_keys() {
    check(&[
        day("twice in a minute", OFFICE, "08:55 08:55:20 18:02")
            .is("normal")
            .takes("08:55 in, 08:55 double, 18:02 out"),
        day("twice in the same second, at two machines", OFFICE, "08:55 08:55 18:02").is("normal"),
        day("again eight minutes later, to be sure", UNSURE, "08:55 09:03 18:02")
            .is("normal")
            .takes("08:55 in, 09:03 double, 18:02 out"),
        day("again to be sure is no going", UNSURE, "08:55 09:04")
            .is("missing out")
            .takes("08:55 in, 09:04 double"),
        day("ten minutes later is another", UNSURE, "08:55 09:05").is("early 535"),
        day("no key: the state 255", OFFICE, "08:55/255 18:02/255").is("normal"),
        day("the right keys", OFFICE, "08:55/0 18:02/1").is("normal"),
        day("the wrong keys", OFFICE, "08:55/1 18:02/0").is("normal").takes("08:55 in, 18:02 out"),
        day("a wrong key makes nobody late", OFFICE, "08:55/1 09:30/0 18:02/1")
            .is("normal")
            .takes("08:55 in, 09:30 between, 18:02 out"),
        day("of two that are as good the key decides", OFFICE, "07:10/1 08:55/0 18:02/1")
            .is("normal")
            .takes("07:10 worse, 08:55 in, 18:02 out"),
        day("break and overtime keys say coming and going too", OFFICE, "07:10/5 08:55/4 18:02/2 21:00/3")
            .is("normal")
            .takes("07:10 worse, 08:55 in, 18:02 out, 21:00 worse"),
        day("at noon the key decides", SPLIT, "08:55/0 12:02/0 18:05/1").is("missing out #1"),
        day("at noon twice in a second, and one of them with a key", SPLIT, "08:55 12:50 12:50/1 18:05")
            .is("missing in #2"),
        day("a machine that always says coming says nothing", SPLIT, "08:55/0 12:02/0 18:05/0")
            .is("missing in #2"),
    ]);
}

#[test]
fn attendance_6_5_punches_that_do_not_count() {
    check(&[
        day("by a clock that was wrong", OFFICE, "08:55! 18:02")
            .is("missing in")
            .takes("08:55 clock, 18:02 out"),
        day("of which nobody knows what it was", OFFICE, "08:55 18:02?")
            .is("missing out")
            .takes("08:55 in, 18:02 unclassified"),
        day("refused at the door, let in later", OFFICE, "08:55x 09:10 18:02")
            .is("late 10")
            .takes("08:55 refused, 09:10 in, 18:02 out"),
        day("nothing that counts", OFFICE, "08:55! 18:02?").is("absent 480"),
    ]);
}
