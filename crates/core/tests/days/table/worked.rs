//! What was worked.

use chrono_tz::Tz;

use super::{HOLIDAY, NIGHT, OFFICE, OVERTIME, REST, UNSCHEDULED};
use crate::notation::{check, day};

#[test]
fn attendance_6_5_overtime() {
    check(&[
        day("29 minutes are none", OVERTIME, "08:55 18:29").is("normal").overtime("0:00"),
        day("30 minutes are, from the end on", OVERTIME, "08:55 18:30").is("normal").overtime("0:30"),
        day("cut to half hours", OVERTIME, "08:55 19:25").overtime("1:00").worked("8:00"),
        day("coming early is none", OVERTIME, "07:10 18:00").overtime("0:00").worked("8:00"),
        day("nobody knows whether they had been there", OVERTIME, "20:00").is("missing in").overtime("0:00"),
        day("a shift without overtime", OFFICE, "08:55 21:00").is("normal").overtime("0:00"),
        day("late, and stayed", OVERTIME, "10:00 20:00").is("late 60").worked("7:00").overtime("2:00"),
    ]);
}

#[test]
fn attendance_6_5_clocks_that_change_and_other_zones() {
    let berlin = Tz::Europe__Berlin;
    check(&[
        day("the night of seven hours", NIGHT, "21:58 06:03+1")
            .on("2026-03-28", berlin)
            .is("normal")
            .worked("7:00")
            .required("8:00"),
        day("the night of nine hours", NIGHT, "21:58 06:03+1")
            .on("2026-10-24", berlin)
            .is("normal")
            .worked("9:00"),
        day("going after the jump, by the clock on the wall", NIGHT, "22:00 03:10+1")
            .on("2026-03-28", berlin)
            .is("early 170")
            .worked("4:10"),
        day("going in the hour that happens twice", NIGHT, "22:00 02:30+1")
            .on("2026-10-24", berlin)
            .is("early 210")
            .worked("4:30"),
        day("the day after the jump is a day", OFFICE, "08:55 18:02")
            .on("2026-03-29", berlin)
            .is("normal")
            .worked("8:00"),
        day("the night before the jump", NIGHT, "21:55 06:00+1").on("2026-03-27", berlin).worked("8:00"),
        day("all day at a machine in another zone", OFFICE, "08:55(+9) 18:02(+9)")
            .is("normal")
            .worked("8:00"),
        // Nine on the one wall, six on the other: an hour went by that nobody worked.
        day("came here, went an hour further east", OFFICE, "08:55(+8) 18:02(+9)")
            .is("normal")
            .worked("7:00"),
    ]);
}

#[test]
fn attendance_6_5_days_without_a_shift() {
    check(&[
        day("rest", REST, "").is("rest").worked("0:00").required("0:00").overtime("0:00"),
        day("rest, and worked", REST, "09:00 12:00 13:00 17:00")
            .is("rest")
            .worked("8:00")
            .overtime("8:00")
            .takes("09:00 in, 12:00 between, 13:00 between, 17:00 out"),
        day("rest, and one punch", REST, "10:00").is("rest").worked("0:00").takes("10:00 in"),
        day("a holiday", HOLIDAY, "").is("holiday"),
        day("a holiday, and worked", HOLIDAY, "09:00 15:30").is("holiday").worked("6:30").overtime("6:30"),
        day("a make-up workday is like any other", OFFICE, "09:30 18:00").made_up().is("late 30"),
        day("a make-up workday nobody came to", OFFICE, "").made_up().is("absent 480"),
        day("nobody has said anything", UNSCHEDULED, "").is("unscheduled"),
        day("nobody has said anything, and worked", UNSCHEDULED, "09:00 18:00")
            .is("unscheduled")
            .worked("9:00")
            .overtime("0:00"),
        day("rest begins and ends at midnight", REST, "23:59-1 00:00 23:59 00:00+1")
            .is("rest")
            .takes("00:00 in, 23:59 out"),
    ]);
}
