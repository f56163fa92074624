//! What leave changes.

use super::{FLEXIBLE, NIGHT, OFFICE, REST, SPLIT, STRICT};
use crate::notation::{check, day};

#[test]
fn attendance_6_5_leave() {
    check(&[
        day("all day", OFFICE, "").leave("-").is("leave").on_leave("8:00").required("0:00"),
        day("all day, and there all the same", OFFICE, "09:30 11:00")
            .leave("-")
            .is("leave")
            .worked("0:00")
            .takes("09:30 in, 11:00 out"),
        day("the morning, until lunch: back after lunch", OFFICE, "12:58 18:01")
            .leave("-12:00")
            .is("normal")
            .on_leave("3:00")
            .required("5:00")
            .worked("5:00"),
        day("the morning, and late after it", OFFICE, "13:10 18:01").leave("-12:00").is("late 10"),
        day("the morning, and away all day", OFFICE, "").leave("-12:00").is("absent 300"),
        day("the afternoon, from the end of lunch: gone before lunch", OFFICE, "08:55 12:03")
            .leave("13:00-")
            .is("normal")
            .required("3:00")
            .worked("3:00"),
        day("the afternoon from two", OFFICE, "08:55 14:00")
            .leave("14:00-")
            .is("normal")
            .required("4:00")
            .worked("4:00"),
        day("the afternoon from two, gone too early", OFFICE, "08:55 13:30").leave("14:00-").is("early 30"),
        day("an hour in the middle", OFFICE, "08:55 18:02")
            .leave("10:00-11:00")
            .is("normal")
            .on_leave("1:00")
            .required("7:00")
            .worked("7:00"),
        day("late, but not for the hour of leave", OFFICE, "11:00 18:00").leave("10:00-11:00").is("late 60"),
        day("leave during lunch takes nothing", OFFICE, "08:55 18:02")
            .leave("12:00-13:00")
            .is("normal")
            .on_leave("0:00"),
        day("the first two hours", OFFICE, "10:58 18:00").leave("09:00-11:00").is("normal").required("6:00"),
        day("two leaves and lunch between them are one", OFFICE, "14:58 18:00")
            .leave("-12:00")
            .leave("13:00-15:00")
            .is("normal")
            .required("3:00"),
        day("the morning and the afternoon are the day", OFFICE, "")
            .leave("-13:00")
            .leave("13:00-")
            .is("leave"),
        day("the first segment", SPLIT, "12:58 18:02").leave("-12:00").is("normal").required("5:00"),
        day("the first segment, and never left", SPLIT, "12:58").leave("-12:00").is("missing out #2"),
        day("the second segment", SPLIT, "08:55 12:40").leave("13:00-").is("normal").worked("3:00"),
        day("a night, all of it", NIGHT, "").leave("-").is("leave").on_leave("8:00"),
        day("a night, its first hour", NIGHT, "22:58 06:00+1").leave("-23:00").is("normal").required("7:00"),
        day("a night, from two on", NIGHT, "21:55 02:00+1").leave("02:00+1-").is("normal").required("4:00"),
        day("a night, an hour of it after midnight", NIGHT, "21:55 06:00+1")
            .leave("02:00+1-03:00+1")
            .is("normal")
            .required("7:00")
            .worked("7:00"),
        // They were on leave until two and were to work from then to six.
        day("there only during the leave", OFFICE, "10:00 13:00")
            .leave("-14:00")
            .is("early 240")
            .worked("0:00"),
        day("half a day's absence is half of what was left", STRICT, "14:30 18:00")
            .leave("-12:00")
            .is("absent 150"),
        day("of flexible hours", FLEXIBLE, "07:00 14:00")
            .leave("14:00-16:00")
            .is("normal")
            .required("6:00")
            .worked("6:00"),
        day("of flexible hours, and not enough", FLEXIBLE, "08:00 15:00")
            .leave("14:00-16:00")
            .is("early 60")
            .worked("5:00"),
        day("on a day of rest", REST, "").leave("-").is("rest").on_leave("0:00"),
    ]);
}
