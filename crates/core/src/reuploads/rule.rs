//! How a machine is asked for its punches again, and when everything has come: pure rules.

use chrono::NaiveDate;
use rollcall_protocol::attendance::handshake::Generation;
use rollcall_protocol::order::Order;
use rollcall_protocol::{Dialect, WallTime};

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;
/// Most days that are asked for at once.
pub const DAYS_MOST: i64 = 366;
/// Polls without anything uploaded in between after which nothing more is expected (attendance-push §14.2: data and result are
/// independent, and either may come first).
const QUIET: u32 = 2;
/// The same of a machine that sends its whole memory: some look for a moment before they begin.
const QUIET_AFTER_CHECK: u32 = 3;
/// Polls after which a machine that was sent back to its handshake has not gone there.
const NO_HANDSHAKE: u32 = 20;
/// How often a stretch is asked for once more when the machine was busy.
pub(super) const TRIES_MOST: u32 = 5;

/// How a machine is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// For a stretch of time.
    Query,
    /// The same in the other wording: with a `T` in the time, or without any time.
    Second,
    /// By a handshake with stamp 0, after which it sends everything (attendance-push §19.3).
    Check,
}

impl Way {
    const ALL: [Self; 3] = [Self::Query, Self::Second, Self::Check];

    /// The name in the database and in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Second => "second",
            Self::Check => "check",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.name() == name)
    }

    /// The order for a stretch.
    pub(super) fn order(self, from: WallTime, to: WallTime) -> Order {
        match self {
            Self::Query => Order::ReadPunches { from, to, second: false },
            Self::Second => Order::ReadPunches { from, to, second: true },
            Self::Check => Order::CheckAll,
        }
    }
}

/// The ways a machine may understand, the gentlest first.
pub(super) fn ways(dialect: Dialect, generation: Generation) -> &'static [Way] {
    match (dialect, generation) {
        // Its commands are a short list (attendance-push §14.6).
        (Dialect::Attendance, Generation::V1) => &[Way::Check],
        (Dialect::Attendance, _) => &[Way::Query, Way::Second, Way::Check],
        (Dialect::Access | Dialect::Fk, _) => &[Way::Query, Way::Second],
    }
}

/// The way behind another, for a machine that refuses that one.
pub(super) fn way_after(way: Way, ways: &[Way]) -> Option<Way> {
    let at = ways.iter().position(|known| *known == way)?;
    ways.get(at + 1).copied()
}

/// Whether machines of this kind can say how many punches they hold of a day.
pub(super) fn may_count(dialect: Dialect, generation: Generation) -> bool {
    dialect == Dialect::Attendance && generation != Generation::V1
}

/// Midnight, as a wall clock counts.
pub(super) fn midnight(date: NaiveDate) -> i64 {
    date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()
}

/// The date a wall clock shows.
pub(super) fn date_of(wall: i64) -> NaiveDate {
    let at = chrono::DateTime::from_timestamp(wall, 0).unwrap_or_default();
    at.date_naive()
}

/// The stretches in which these days are asked for, both ends inclusive. One command for each day, so that live punches come in
/// between; machines that may send everything whatever they are asked for are asked once.
pub(super) fn stretches(days: &[NaiveDate], dialect: Dialect, way: Way) -> Vec<(i64, i64)> {
    let day = |date: &NaiveDate| (midnight(*date), midnight(*date) + DAY - 1);
    if dialect == Dialect::Attendance && way != Way::Check {
        return days.iter().map(day).collect();
    }
    let ends = days.iter().min().zip(days.iter().max());
    ends.map(|(first, last)| (day(first).0, day(last).1)).into_iter().collect()
}

/// Why days cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DaysError {
    /// The end is before the beginning.
    #[error("the last day is before the first")]
    Backwards,
    /// Too many.
    #[error("at most {DAYS_MOST} days at once")]
    TooMany,
    /// They have not been yet.
    #[error("a machine holds no punches of days to come")]
    Future,
}

impl DaysError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Backwards => "reupload.backwards",
            Self::TooMany => "reupload.too_many_days",
            Self::Future => "reupload.future",
        }
    }
}

/// The days between two, both included, as of `today` where the machine hangs.
pub(super) fn days(from: NaiveDate, to: NaiveDate, today: NaiveDate) -> Result<Vec<NaiveDate>, DaysError> {
    if to < from {
        return Err(DaysError::Backwards);
    }
    if to > today {
        return Err(DaysError::Future);
    }
    if (to - from).num_days() >= DAYS_MOST {
        return Err(DaysError::TooMany);
    }
    Ok(from.iter_days().take_while(|day| *day <= to).collect())
}

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The machine has nothing of that stretch, and says so in this way.
    NothingThere,
    /// It was busy: the same once more.
    Again,
    /// It does not understand: the next way.
    NextWay(Way),
    /// It cannot.
    Failed,
}

/// What is known when a stretch is refused.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refused<'a> {
    pub reason: &'a str,
    pub way: Way,
    pub ways: &'a [Way],
    /// The machine has answered when asked this way.
    pub worked: bool,
    /// How many it says it holds of that stretch.
    pub before: Option<i64>,
    pub tries: u32,
}

/// Whether a reason may mean anything: a −1 stands for a wrong word as well as for “no data” (attendance-push §14.2, §18).
pub(super) fn is_vague(reason: &str) -> bool {
    matches!(reason, "machine.parameter" | "machine.transfer")
}

/// Judges a refusal.
pub(super) fn refused(what: Refused<'_>) -> Refusal {
    let Refused { reason, way, ways, worked, before, tries } = what;
    if is_vague(reason) && (before == Some(0) || (worked && before.is_none())) {
        return Refusal::NothingThere;
    }
    let passes = matches!(reason, "machine.busy" | "machine.timeout" | "machine.memory");
    if passes && tries < TRIES_MOST {
        return Refusal::Again;
    }
    match way_after(way, ways) {
        Some(next) if !worked => Refusal::NextWay(next),
        _ => Refusal::Failed,
    }
}

/// A stretch whose result has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answered {
    pub way: Way,
    /// How many the machine said it holds of it.
    pub before: Option<i64>,
    /// How many it says it sent; 0 of firmware that only says that it is done.
    pub answer: i64,
    /// How many have come.
    pub received: i64,
    /// How many had come when it was asked for last.
    pub had: i64,
    /// How often it was asked for.
    pub tries: u32,
    /// Lines of the whole re-upload nobody can read.
    pub rejected: i64,
    /// What it says it sent is of this stretch, and punches only.
    pub by_itself: bool,
    /// Polls since the last of them, or since the result.
    pub quiet: u32,
    /// Its handshake was answered with stamp 0.
    pub told: bool,
    /// Punches come in the result itself, and are stored before it counts (fk-http §9).
    pub whole: bool,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// More is expected.
    Wait,
    /// It is through.
    Settled,
    /// Some of it was lost on the way: it is asked for once more.
    Again,
}

/// Judges a stretch whose result has come.
pub(super) fn judge(part: Answered) -> Verdict {
    let Answered { way, before, answer, received, quiet, told, whole, .. } = part;
    let all_is_here = before.is_some_and(|count| received >= count) || (answer > 0 && received >= answer);
    if whole || all_is_here {
        return Verdict::Settled;
    }
    let is_quiet = match way {
        Way::Query | Way::Second => quiet >= QUIET,
        Way::Check if told => quiet >= QUIET_AFTER_CHECK,
        Way::Check => quiet >= NO_HANDSHAKE,
    };
    match is_quiet {
        false => Verdict::Wait,
        true if is_short(part) => Verdict::Again,
        true => Verdict::Settled,
    }
}

/// Whether less came than the machine said, and asking again may bring it: after a question that brought nothing new it would
/// not, for what a machine counts may be lines nobody can read, or the same one twice.
fn is_short(part: Answered) -> bool {
    let Answered { way, before, answer, received, had, tries, rejected, by_itself, .. } = part;
    let said = before.unwrap_or(if by_itself { answer } else { 0 });
    let helps = tries < TRIES_MOST && (tries <= 1 || received > had);
    way != Way::Check && said > received.saturating_add(rejected) && helps
}

/// Whether a machine that was asked for one day has sent all it has: it says that it sent more than came of that day, and others
/// that were still to be asked for came along. Asked for those, it would send all of it once more.
pub(super) fn sent_everything(answer: i64, received: i64, of_others: i64) -> bool {
    answer > received && of_others > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn attendance_6_7_days_that_make_no_sense_are_refused() {
        let today = date("2026-07-06");
        let table = [
            ("2026-07-01", "2026-07-06", Ok(6)),
            ("2026-07-06", "2026-07-06", Ok(1)),
            ("2025-07-06", "2026-07-06", Ok(366)),
            ("2025-07-05", "2026-07-06", Err("reupload.too_many_days")),
            ("2026-07-06", "2026-07-05", Err("reupload.backwards")),
            ("2026-07-06", "2026-07-07", Err("reupload.future")),
            ("2026-08-01", "2026-08-02", Err("reupload.future")),
        ];
        for (from, to, expected) in table {
            let found = days(date(from), date(to), today).map(|days| days.len()).map_err(DaysError::code);
            assert_eq!(found, expected, "{from} {to}");
        }
    }

    #[test]
    fn attendance_6_7_a_day_is_a_command_where_the_machine_heeds_times() {
        let days = days(date("2026-07-04"), date("2026-07-06"), date("2026-07-06")).unwrap();
        let first = midnight(date("2026-07-04"));
        let of_attendance = stretches(&days, Dialect::Attendance, Way::Query);
        assert_eq!(of_attendance.len(), 3);
        assert_eq!(of_attendance[0], (first, first + DAY - 1));
        for (dialect, way) in [
            (Dialect::Attendance, Way::Check),
            (Dialect::Access, Way::Query),
            (Dialect::Fk, Way::Query),
            (Dialect::Fk, Way::Second),
        ] {
            assert_eq!(stretches(&days, dialect, way), [(first, first + 3 * DAY - 1)]);
        }
        assert_eq!(date_of(first + DAY - 1), date("2026-07-04"));
    }

    #[test]
    fn attendance_6_7_a_machine_that_refuses_one_way_is_asked_in_the_next() {
        let all = ways(Dialect::Attendance, Generation::Modern);
        let base = Refused { reason: "", way: Way::Query, ways: all, worked: false, before: None, tries: 1 };
        let table = [
            ("unknown", Refused { reason: "machine.unknown_command", ..base }, Refusal::NextWay(Way::Second)),
            (
                "not supported",
                Refused { reason: "machine.not_supported", way: Way::Second, ..base },
                Refusal::NextWay(Way::Check),
            ),
            ("-1 at first", Refused { reason: "machine.parameter", ..base }, Refusal::NextWay(Way::Second)),
            (
                "-1 of an empty day",
                Refused { reason: "machine.parameter", before: Some(0), ..base },
                Refusal::NothingThere,
            ),
            (
                "-1 after others were answered",
                Refused { reason: "machine.parameter", worked: true, ..base },
                Refusal::NothingThere,
            ),
            (
                "-1 of a day with punches",
                Refused { reason: "machine.parameter", worked: true, before: Some(7), ..base },
                Refusal::Failed,
            ),
            ("busy", Refused { reason: "machine.busy", ..base }, Refusal::Again),
            (
                "always busy",
                Refused { reason: "machine.busy", tries: TRIES_MOST, worked: true, ..base },
                Refusal::Failed,
            ),
            (
                "no way left",
                Refused { reason: "machine.unknown_command", way: Way::Check, ..base },
                Refusal::Failed,
            ),
        ];
        for (what, refusal, expected) in table {
            assert_eq!(refused(refusal), expected, "{what}");
        }
        assert_eq!(ways(Dialect::Attendance, Generation::V1), [Way::Check]);
        assert_eq!(way_after(Way::Second, ways(Dialect::Access, Generation::Modern)), None);
    }

    #[test]
    fn attendance_6_7_a_stretch_is_through_when_all_is_here_or_the_machine_is_quiet() {
        use Verdict::{Again, Settled, Wait};
        let base = Answered {
            way: Way::Query,
            before: None,
            answer: 0,
            received: 0,
            had: 0,
            tries: 1,
            rejected: 0,
            by_itself: true,
            quiet: 0,
            told: false,
            whole: false,
        };
        let check = Answered { way: Way::Check, told: true, ..base };
        let short = Answered { before: Some(40), received: 30, quiet: 2, ..base };
        let table = [
            ("the result came before its data", Answered { answer: 40, ..base }, Wait),
            ("and half of them", Answered { answer: 40, received: 20, ..base }, Wait),
            ("all of them", Answered { answer: 40, received: 40, ..base }, Settled),
            ("as many as it counted", Answered { before: Some(40), received: 40, ..base }, Settled),
            ("it counted none", Answered { before: Some(0), ..base }, Settled),
            ("only done", base, Wait),
            ("one poll", Answered { quiet: 1, ..base }, Wait),
            ("two polls", Answered { quiet: 2, ..base }, Settled),
            ("two polls after a check", Answered { quiet: 2, ..check }, Wait),
            ("three", Answered { quiet: 3, ..check }, Settled),
            ("it has not shaken hands yet", Answered { told: false, quiet: 3, ..check }, Wait),
            ("nor will it", Answered { told: false, quiet: 20, ..check }, Settled),
            ("it came with the result", Answered { whole: true, ..base }, Settled),
            ("some were lost on the way", short, Again),
            ("and more of them came", Answered { tries: 2, had: 20, ..short }, Again),
            ("and no more did", Answered { tries: 2, had: 30, ..short }, Settled),
            ("too often", Answered { tries: TRIES_MOST, had: 20, ..short }, Settled),
            ("the others are unreadable", Answered { rejected: 10, ..short }, Settled),
            ("it said that it sent more", Answered { before: None, answer: 40, ..short }, Again),
            (
                "but perhaps of other times",
                Answered { before: None, answer: 40, by_itself: false, ..short },
                Settled,
            ),
        ];
        for (what, part, expected) in table {
            assert_eq!(judge(part), expected, "{what}");
        }
    }
}
