//! How a day is judged (rules 6.4 and 6.5), day by day. Every expectation was worked out by hand from docs/day.md.
//!
//! A row reads: `day("what is special about it", SHIFT, "who punched when").is("what the day is")`. A late or early mark has
//! its minutes behind it, `#1` and `#2` are the segments of a shift with several, what is lifted stands in brackets. The other
//! words are explained where they are made, in notation.rs. Unless a row says otherwise the days around it are days of rest.

#[cfg(test)]
mod notation;
#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use crate::notation::{check, day, turns};

    /// Eight hours and lunch, for which nobody punches. Punches are taken from 07:00 to 22:00.
    const OFFICE: &str = "09:00-18:00; break 12:00-13:00; grace 5";
    /// The same without grace.
    const PLAIN: &str = "09:00-18:00; break 12:00-13:00";
    /// Late or early by more than an hour is half a day, by more than four hours a day.
    const STRICT: &str = "09:00-18:00; break 12:00-13:00; half day after 60; absent after 240";
    /// Eight hours, and everybody punches at noon.
    const SPLIT: &str = "09:00-12:00, 13:00-18:00; grace 5";
    const TRIPLE: &str = "08:00-11:00, 12:00-15:00, 16:00-19:00";
    /// Punches are taken from 20:00 to 10:00 on the next day.
    const NIGHT: &str = "22:00-06:00; grace 5";
    const LATE_SHIFT: &str = "14:00-22:00";
    const AFTER_MIDNIGHT: &str = "00:00-08:00";
    const AROUND_THE_CLOCK: &str = "08:00-08:00";
    /// Eight hours whenever one likes; ten minutes less are still enough.
    const FLEXIBLE: &str = "flexible 07:00-21:00; break 12:00-13:00; required 8:00; grace 10";
    const FLEXIBLE_STRICT: &str =
        "flexible 07:00-21:00; break 12:00-13:00; required 8:00; half day after 120; absent after 300";
    /// Half an hour more is overtime, in whole half hours.
    const OVERTIME: &str = "09:00-18:00; break 12:00-13:00; overtime after 30; in whole 30";
    /// Two punches within ten minutes are one.
    const UNSURE: &str = "09:00-18:00; break 12:00-13:00; double punch 10";

    const REST: &str = "rest";
    const HOLIDAY: &str = "holiday";
    const UNSCHEDULED: &str = "unscheduled";
    const NOT_EMPLOYED: &str = "not employed";

    #[test]
    fn attendance_6_5_coming_and_going() {
        check(&[
            day("in time", OFFICE, "08:55 18:02")
                .is("normal")
                .worked("8:00")
                .required("8:00")
                .overtime("0:00"),
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
            day(
                "a day of rest before a shift at midnight ends at ten in the evening",
                REST,
                "09:00 21:59 22:05",
            )
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
    fn attendance_6_5_flexible_hours() {
        check(&[
            day("eight hours and a bit", FLEXIBLE, "08:10 17:15")
                .is("normal")
                .worked("8:05")
                .required("8:00"),
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

    #[test]
    fn attendance_6_5_overtime() {
        check(&[
            day("29 minutes are none", OVERTIME, "08:55 18:29").is("normal").overtime("0:00"),
            day("30 minutes are, from the end on", OVERTIME, "08:55 18:30").is("normal").overtime("0:30"),
            day("cut to half hours", OVERTIME, "08:55 19:25").overtime("1:00").worked("8:00"),
            day("coming early is none", OVERTIME, "07:10 18:00").overtime("0:00").worked("8:00"),
            day("nobody knows whether they had been there", OVERTIME, "20:00")
                .is("missing in")
                .overtime("0:00"),
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
            day("a holiday, and worked", HOLIDAY, "09:00 15:30")
                .is("holiday")
                .worked("6:30")
                .overtime("6:30"),
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
            day(
                "break and overtime keys say coming and going too",
                OFFICE,
                "07:10/5 08:55/4 18:02/2 21:00/3",
            )
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
            day("the afternoon from two, gone too early", OFFICE, "08:55 13:30")
                .leave("14:00-")
                .is("early 30"),
            day("an hour in the middle", OFFICE, "08:55 18:02")
                .leave("10:00-11:00")
                .is("normal")
                .on_leave("1:00")
                .required("7:00")
                .worked("7:00"),
            day("late, but not for the hour of leave", OFFICE, "11:00 18:00")
                .leave("10:00-11:00")
                .is("late 60"),
            day("leave during lunch takes nothing", OFFICE, "08:55 18:02")
                .leave("12:00-13:00")
                .is("normal")
                .on_leave("0:00"),
            day("the first two hours", OFFICE, "10:58 18:00")
                .leave("09:00-11:00")
                .is("normal")
                .required("6:00"),
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
            day("a night, its first hour", NIGHT, "22:58 06:00+1")
                .leave("-23:00")
                .is("normal")
                .required("7:00"),
            day("a night, from two on", NIGHT, "21:55 02:00+1")
                .leave("02:00+1-")
                .is("normal")
                .required("4:00"),
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

    #[test]
    fn attendance_6_6_corrections_and_lifted_marks() {
        check(&[
            day("a going that was forgotten", OFFICE, "08:55 18:00*")
                .is("(missing out) = normal")
                .worked("8:00"),
            day("a coming that was forgotten, and was late", OFFICE, "09:20* 18:02")
                .is("(missing in), late 20 = late"),
            day("a day somewhere else", OFFICE, "09:00* 18:00*").is("(absent 480) = normal").worked("8:00"),
            day("only half of what was forgotten", OFFICE, "09:00*")
                .is("(absent 480), missing out = missing"),
            day("late, and really in time", OFFICE, "09:30 09:00* 18:00").is("(late 30) = normal"),
            day("late, but less", OFFICE, "09:30 09:10* 18:00").is("(late 30), late 10 = late"),
            day("at noon", SPLIT, "08:55 12:02 12:55* 18:02").is("(missing in #2) = normal"),
            day("an afternoon", SPLIT, "08:55 12:02 13:00* 18:00*")
                .is("(absent 300 #2) = normal")
                .worked("8:00"),
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

    #[test]
    fn attendance_6_5_what_is_shown_while_more_may_come() {
        const HEARD: &str = "gate 08:00+1";
        check(&[
            day("in the morning, nobody yet", OFFICE, "").seen("10:00", "gate 10:00", "pending · not over"),
            day("the next day, nobody, and the machine called", OFFICE, "").seen(
                "08:00+1",
                HEARD,
                "absent 480",
            ),
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
            day("lateness is shown at once", OFFICE, "09:30").seen(
                "09:31",
                "gate 09:31",
                "late 30 · not over",
            ),
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
}
