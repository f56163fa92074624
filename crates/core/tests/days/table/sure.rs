//! How sure a day is.

use super::{NIGHT, NOT_EMPLOYED, OFFICE, REST, SPLIT};
use crate::notation::{check, day};

#[test]
fn attendance_6_5_what_is_shown_while_more_may_come() {
    const HEARD: &str = "gate 08:00+1";
    check(&[
        day("in the morning, nobody yet", OFFICE, "").seen("10:00", "gate 10:00", "pending · not over"),
        day("the next day, nobody, and the machine called", OFFICE, "").seen("08:00+1", HEARD, "absent 480"),
        day("no data is not absence: the machine has been silent", OFFICE, "")
            .seen("08:00+1", "gate 12:00", "pending · gate silent")
            .seen("08:00+1", "gate never", "pending · gate silent"),
        day("one of two machines has been silent", OFFICE, "08:55").seen(
            "08:00+1",
            "gate 08:00+1, dock 17:00",
            "pending · dock silent",
        ),
        day("a machine that called before the end of the window", OFFICE, "08:55").seen(
            "08:00+1",
            "gate 21:59",
            "pending · gate silent",
        ),
        day("a machine that called at the end of the window", OFFICE, "08:55").seen(
            "22:00",
            "gate 22:00",
            "missing out",
        ),
        day("a minute before the end of the window", OFFICE, "08:55").seen(
            "21:59",
            "gate 21:59",
            "pending · not over",
        ),
        day("lateness is shown at once", OFFICE, "09:30").seen("09:31", "gate 09:31", "late 30 · not over"),
        day("stepped out at noon: that is no leaving early", OFFICE, "08:55 12:05").seen(
            "13:00",
            "gate 13:00",
            "pending · not over",
        ),
        day("left early", OFFICE, "08:55 17:00")
            .seen("17:59", "gate 17:59", "pending · not over")
            .seen("18:00", "gate 18:00", "early 60 · not over")
            .seen("22:00", "gate 22:00", "early 60"),
        day("all is well as soon as it is", OFFICE, "08:55 18:02").seen(
            "18:03",
            "gate 18:03",
            "normal · not over",
        ),
        day("late, and not gone yet", OFFICE, "09:30 12:00").seen(
            "13:00",
            "gate 13:00",
            "late 30 · not over",
        ),
        day("the morning is over, the day is not", SPLIT, "12:58").seen(
            "15:00",
            "gate 15:00",
            "pending · not over",
        ),
        day("a disabled machine keeps what it has, though it calls", OFFICE, "08:55").seen(
            "08:00+1",
            "gate off 12:00",
            "pending · gate disabled",
        ),
        day("a disabled machine whose punches reach beyond the day", OFFICE, "08:55").seen(
            "08:00+1",
            "gate off 23:00",
            "missing out",
        ),
        day("punches of the day that are known to be missing", OFFICE, "08:55")
            .seen("08:00+1", "gate 08:00+1 5/4", "pending · gate lacks 1")
            .seen("08:00+1", "gate 12:00 5/4", "pending · gate lacks 1, gate silent"),
        day("counted, and nothing is missing", OFFICE, "08:55")
            .seen("08:00+1", "gate 08:00+1 4/4", "missing out")
            .seen("08:00+1", "gate 08:00+1 3/4", "missing out"),
        day("nobody ever gave them a number at a machine", OFFICE, "").seen(
            "08:00+1",
            "",
            "pending · no machine",
        ),
        day("without a machine, and corrected", OFFICE, "09:00* 18:00*").seen(
            "08:00+1",
            "",
            "(absent 480) = normal",
        ),
        day("what was lifted stays to be seen", OFFICE, "08:55 18:00*").seen(
            "18:30",
            "gate 18:30",
            "(missing out) = normal · not over",
        ),
        day("rest", REST, "10:00")
            .seen("12:00", "gate 12:00", "rest · not over")
            .seen("08:00+1", HEARD, "rest"),
        day("on leave", OFFICE, "").leave("-").seen("12:00", "gate 12:00", "leave · not over"),
        day("not employed: nothing is waited for", NOT_EMPLOYED, "").seen(
            "12:00",
            "gate never",
            "not employed",
        ),
        day("a night is not over in the morning", NIGHT, "21:55")
            .seen("06:30+1", "gate 06:30+1", "pending · not over")
            .seen("10:00+1", "gate 10:00+1", "missing out"),
        // There it is an hour later: the day ended when it was 21:00 here.
        day("a machine further east", OFFICE, "08:55")
            .seen("22:00", "gate@Asia/Tokyo 21:00", "missing out")
            .seen("22:00", "gate@Asia/Tokyo 20:59", "pending · gate silent"),
        // There it is six hours earlier.
        day("a machine further west", OFFICE, "08:55")
            .seen("22:00", "gate@Europe/Berlin 22:00", "pending · not over")
            .seen("04:00+1", "gate@Europe/Berlin 04:00+1", "missing out"),
    ]);
}
