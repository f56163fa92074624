//! The notation of the table: short texts become shifts, facts and machines, and a judged day becomes a short text.

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{Days, Duration, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use rollcall_core::attendance::day::{
    DayFacts, DayResult, Fact, FactId, Key, Leave, Mark, MarkKind, Status, Unused, Use, Void, judge,
};
use rollcall_core::attendance::horizon::{Gap, Look, Machine, Reason, Seen, look};
use rollcall_core::clock::{self, Timestamp};
use rollcall_core::dispatch::{Target, TargetKind};
use rollcall_core::punches::PunchId;
use rollcall_core::schedule::plan::{
    Assignment, Because, Book, DayPlan, Person, Planned, Rotation, Said, Weekdays, Work,
};
use rollcall_core::schedule::shift::{DAY, Minute, Rule, Shift, ShiftId, ShiftKind, Stretch};
use rollcall_core::{Sn, WallTime};

/// "09:05" in minutes; "06:05+1" is on the next day, "23:50-1" on the day before.
pub fn minute(text: &str) -> i32 {
    let (time, days) = match text.find(['+', '-']) {
        Some(at) => (&text[..at], text[at..].parse::<i32>().unwrap_or_else(|_| panic!("{text}"))),
        None => (text, 0),
    };
    let (hours, minutes) = time.split_once(':').unwrap_or_else(|| panic!("not a time: {text}"));
    let number = |text: &str| text.parse::<i32>().unwrap_or_else(|_| panic!("not a time: {text}"));
    number(hours) * 60 + number(minutes) + days * DAY
}

/// A duration: 455 is "7:35".
fn hours(minutes: i32) -> String {
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

fn clock_text(minute: i32) -> String {
    let of_day = minute.rem_euclid(DAY);
    let text = format!("{:02}:{:02}", of_day / 60, of_day % 60);
    match minute.div_euclid(DAY) {
        0 => text,
        days => format!("{text}{days:+}"),
    }
}

/// "09:00-18:00"; an end before the start is on the next day.
fn stretch(text: &str) -> Stretch {
    let (start, end) = text.split_once('-').unwrap_or_else(|| panic!("not a stretch: {text}"));
    let (start, mut end) = (minute(start), minute(end));
    if end <= start {
        end += DAY;
    }
    Stretch { start: Minute(start), end: Minute(end) }
}

/// What a shift asks: "09:00-12:00, 13:00-18:00; grace 5; half day after 60".
pub fn rule(text: &str) -> Rule {
    let mut parts = text.split("; ");
    let hours = parts.next().unwrap();
    let (kind, hours) = match hours.strip_prefix("flexible ") {
        Some(hours) => (ShiftKind::Flexible, hours),
        None => (ShiftKind::Fixed, hours),
    };
    let mut rule = Rule { kind, ..Rule::fixed(hours.split(", ").map(stretch).collect()) };
    for part in parts {
        let (name, value) = part.rsplit_once(' ').unwrap();
        let number = || value.parse::<i32>().unwrap_or_else(|_| panic!("not a number: {part}"));
        match name {
            "grace" => (rule.grace_in, rule.grace_out) = (number(), number()),
            "break" => {
                let start = rule.segments[0].start.0;
                let mut stretch = stretch(value);
                // In a night, what is earlier than its start is on the next day.
                if stretch.start.0 < start {
                    stretch =
                        Stretch { start: Minute(stretch.start.0 + DAY), end: Minute(stretch.end.0 + DAY) };
                }
                rule.breaks.push(stretch);
            }
            "required" => rule.required_minutes = Some(minute(value)),
            "half day after" => rule.half_day_after = Some(number()),
            "absent after" => rule.absent_after = Some(number()),
            "overtime after" => rule.overtime_after = Some(number()),
            "in whole" => rule.rounding = Some(number()),
            "double punch" => rule.double_punch = number(),
            "window before" => rule.window_before = number(),
            "window after" => rule.window_after = number(),
            _ => panic!("a shift has no {name:?}"),
        }
    }
    rule
}

/// A shift, or one of the days without: "rest", "holiday", "unscheduled", "not employed".
pub fn plan(text: &str) -> DayPlan {
    let planned = match text {
        "rest" => Planned::Rest,
        "holiday" => Planned::Holiday("National Day".to_owned()),
        "unscheduled" => Planned::Unscheduled,
        "not employed" => Planned::NotEmployed,
        _ => Planned::Works(Arc::new(Shift {
            id: ShiftId("s1".to_owned()),
            name: text.to_owned(),
            rule: rule(text),
        })),
    };
    DayPlan { planned, because: Because::Cell, make_up: None }
}

/// One row of the table.
#[derive(Clone)]
pub struct Row {
    what: &'static str,
    date: NaiveDate,
    zone: Tz,
    before: DayPlan,
    plan: DayPlan,
    after: DayPlan,
    punches: &'static str,
    leave: Vec<Leave>,
    lifts: Vec<MarkKind>,
    expected: Vec<(Asked, &'static str)>,
}

#[derive(Clone, Copy, Debug)]
enum Asked {
    Is,
    Takes,
    Worked,
    Required,
    Leave,
    Overtime,
    Seen(&'static str, &'static str),
}

/// A day: what is special about it, what was to be done, who punched when.
///
/// "09:05" · "09:05:59" with seconds · "06:05+1" on the next day · "09:05/1" with the state the machine sends for the key ·
/// "09:05(+9)" on a machine nine hours east of UTC · "09:05*" not a punch but an approved correction ·
/// "09:05!" by a clock that was wrong · "09:05?" of which nobody knows what it was · "09:05x" refused.
pub fn day(what: &'static str, shift: &str, punches: &'static str) -> Row {
    Row {
        what,
        // A Monday.
        date: NaiveDate::from_ymd_opt(2026, 7, 6).unwrap(),
        zone: Tz::Asia__Shanghai,
        before: plan("rest"),
        plan: plan(shift),
        after: plan("rest"),
        punches,
        leave: Vec::new(),
        lifts: Vec::new(),
        expected: Vec::new(),
    }
}

impl Row {
    /// What the day before was.
    pub fn before(mut self, shift: &str) -> Self {
        self.before = plan(shift);
        self
    }

    /// What the day after is.
    pub fn after(mut self, shift: &str) -> Self {
        self.after = plan(shift);
        self
    }

    /// Another date, in another zone.
    pub fn on(mut self, date: &str, zone: Tz) -> Self {
        self.date = date.parse().unwrap();
        self.zone = zone;
        self
    }

    /// It is a make-up workday.
    pub fn made_up(mut self) -> Self {
        self.plan.make_up = Some("make-up workday".to_owned());
        self
    }

    /// Leave: "09:00-11:00", "-12:00" from the beginning of the day, "13:00-" to its end, "-" all day.
    pub fn leave(mut self, text: &str) -> Self {
        let (from, to) = text.split_once('-').unwrap();
        let at = |text: &str| (!text.is_empty()).then(|| Minute(minute(text)));
        self.leave.push(Leave { from: at(from), to: at(to), kind: "annual".to_owned() });
        self
    }

    /// An approved appeal lifts marks of this kind.
    pub fn lift(mut self, kind: &str) -> Self {
        self.lifts.push(match kind {
            "late" => MarkKind::Late,
            "early" => MarkKind::EarlyLeave,
            "missing in" => MarkKind::MissingIn,
            "missing out" => MarkKind::MissingOut,
            "absent" => MarkKind::Absent,
            _ => panic!("no mark is called {kind}"),
        });
        self
    }

    /// What the day is: its marks, or its status when there is none. Segments are counted from #1 where there are several;
    /// what is lifted stands in brackets, and then the status is said as well.
    pub fn is(self, text: &'static str) -> Self {
        self.expect(Asked::Is, text)
    }

    /// What becomes of each punch of the window.
    pub fn takes(self, text: &'static str) -> Self {
        self.expect(Asked::Takes, text)
    }

    /// Hours worked.
    pub fn worked(self, text: &'static str) -> Self {
        self.expect(Asked::Worked, text)
    }

    /// Hours that were to be worked.
    pub fn required(self, text: &'static str) -> Self {
        self.expect(Asked::Required, text)
    }

    /// Hours of the shift that were leave.
    pub fn on_leave(self, text: &'static str) -> Self {
        self.expect(Asked::Leave, text)
    }

    /// Hours of overtime.
    pub fn overtime(self, text: &'static str) -> Self {
        self.expect(Asked::Overtime, text)
    }

    /// What is shown of it at a moment, given when each machine was heard:
    /// "gate 12:00" · "gate off 12:00" disabled, its newest punch at 12:00 · "gate never" · "gate 22:00 5/4" says it holds
    /// five punches of which four are here · "gate@Asia/Tokyo 22:00" hangs there (times are those of the site).
    pub fn seen(self, now: &'static str, machines: &'static str, text: &'static str) -> Self {
        self.expect(Asked::Seen(now, machines), text)
    }

    fn expect(mut self, asked: Asked, text: &'static str) -> Self {
        self.expected.push((asked, text));
        self
    }

    pub fn facts(&self) -> Vec<Fact> {
        (1..).zip(self.punches.split_whitespace()).map(|(id, text)| self.fact(id, text)).collect()
    }

    fn fact(&self, id: i64, text: &str) -> Fact {
        let mut fact = Fact {
            id: FactId::Punch(PunchId(id)),
            wall: WallTime::MIN,
            utc_offset: 0,
            key: None,
            void: None,
        };
        let mut rest = text;
        let mut offset = None;
        if let Some((front, east)) = rest.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
            offset = Some(east.parse::<i32>().unwrap() * 3600);
            rest = front;
        }
        for (mark, void) in [('!', Void::Clock), ('?', Void::Unclassified), ('x', Void::Refused)] {
            if let Some(front) = rest.strip_suffix(mark) {
                fact.void = Some(void);
                rest = front;
            }
        }
        if let Some(front) = rest.strip_suffix('*') {
            fact.id = FactId::Correction(id);
            rest = front;
        }
        if let Some((front, state)) = rest.split_once('/') {
            fact.key = Key::of(state.parse().unwrap());
            rest = front;
        }
        let mut seconds = 0;
        let mut time = rest.to_owned();
        if rest.matches(':').count() == 2 {
            let at = rest.rfind(':').unwrap();
            seconds = rest[at + 1..at + 3].parse().unwrap();
            time = format!("{}{}", &rest[..at], &rest[at + 3..]);
        }
        fact.wall = self.wall(minute(&time), seconds);
        fact.utc_offset = offset.unwrap_or_else(|| clock::offset_at(self.zone, fact.wall));
        fact
    }

    fn wall(&self, minute: i32, seconds: i64) -> WallTime {
        let midnight = self.date.and_time(NaiveTime::MIN).and_utc().timestamp();
        WallTime::from_seconds(midnight + i64::from(minute) * 60 + seconds)
    }

    fn instant(&self, text: &str) -> Timestamp {
        let wall = self.wall(minute(text), 0);
        clock::instant(wall, clock::offset_at(self.zone, wall))
    }

    pub fn judge(&self, facts: &[Fact]) -> DayResult {
        judge(&DayFacts {
            date: self.date,
            before: &self.before,
            plan: &self.plan,
            after: &self.after,
            facts,
            leave: &self.leave,
            lifts: &self.lifts,
        })
    }

    fn has_segments(&self) -> bool {
        self.plan.shift().is_some_and(|shift| shift.rule.segments.len() > 1)
    }

    fn mark(&self, mark: &Mark) -> String {
        let mut text = match mark.kind {
            MarkKind::Late => "late",
            MarkKind::EarlyLeave => "early",
            MarkKind::MissingIn => "missing in",
            MarkKind::MissingOut => "missing out",
            MarkKind::Absent => "absent",
        }
        .to_owned();
        if mark.minutes > 0 {
            write!(text, " {}", mark.minutes).unwrap();
        }
        if let Some(segment) = mark.segment.filter(|_| self.has_segments()) {
            write!(text, " #{}", segment + 1).unwrap();
        }
        if mark.lifted { format!("({text})") } else { text }
    }

    fn marks(&self, marks: &[Mark], status: Option<Status>) -> String {
        let word = match status {
            None => "pending",
            Some(Status::Normal) => "normal",
            Some(Status::Late) => "late",
            Some(Status::EarlyLeave) => "early leave",
            Some(Status::Missing) => "missing",
            Some(Status::Absent) => "absent",
            Some(Status::Rest) => "rest",
            Some(Status::Holiday) => "holiday",
            Some(Status::Leave) => "leave",
            Some(Status::Unscheduled) => "unscheduled",
            Some(Status::NotEmployed) => "not employed",
        };
        let listed = marks.iter().map(|mark| self.mark(mark)).collect::<Vec<_>>().join(", ");
        if marks.is_empty() {
            word.to_owned()
        } else if marks.iter().any(|mark| mark.lifted) {
            format!("{listed} = {word}")
        } else {
            listed
        }
    }

    fn takes_text(&self, facts: &[Fact], result: &DayResult) -> String {
        let segment =
            |number: u8| if self.has_segments() { format!(" #{}", number + 1) } else { String::new() };
        let used = result.used.iter().map(|(id, taken)| {
            let text = match taken {
                Use::In(number) => format!("in{}", segment(*number)),
                Use::Out(number) => format!("out{}", segment(*number)),
            };
            (*id, text)
        });
        let unused = result.unused.iter().map(|(id, reason)| {
            let text = match reason {
                Unused::Double => "double",
                Unused::Between => "between",
                Unused::Worse => "worse",
                Unused::Void(Void::Clock) => "clock",
                Unused::Void(Void::Unclassified) => "unclassified",
                Unused::Void(Void::Refused) => "refused",
                Unused::NoShift => "no shift",
            };
            (*id, text.to_owned())
        });
        let mut all: Vec<(WallTime, FactId, String)> = used
            .chain(unused)
            .map(|(id, text)| (facts.iter().find(|fact| fact.id == id).unwrap().wall, id, text))
            .collect();
        all.sort();
        all.iter()
            .map(|(wall, _, text)| {
                let seconds = wall.seconds() - self.wall(0, 0).seconds();
                format!("{} {text}", clock_text(i32::try_from(seconds.div_euclid(60)).unwrap()))
            })
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn machine(&self, text: &str) -> Machine {
        let mut words = text.split_whitespace();
        let name = words.next().unwrap();
        let (name, zone) =
            name.split_once('@').map_or((name, self.zone), |(name, zone)| (name, zone.parse().unwrap()));
        let mut machine = Machine {
            sn: Sn::new(name).unwrap(),
            name: name.to_owned(),
            enabled: true,
            zone,
            last_contact: None,
            newest_punch: None,
            gap: None,
        };
        for word in words {
            match word {
                "never" => {}
                "off" => machine.enabled = false,
                _ if word.contains('/') => {
                    let (theirs, ours) = word.split_once('/').unwrap();
                    machine.gap = Some(Gap { theirs: theirs.parse().unwrap(), ours: ours.parse().unwrap() });
                }
                _ if machine.enabled => machine.last_contact = Some(self.instant(word)),
                // It calls as before; only what it brings is refused.
                _ => {
                    machine.newest_punch = Some(self.instant(word));
                    machine.last_contact = machine.newest_punch.map(|at| at + Duration::days(1));
                }
            }
        }
        machine
    }

    pub fn look(&self, result: &DayResult, now: &str, machines: &str) -> Seen {
        let machines: Vec<Machine> =
            machines.split(", ").filter(|text| !text.is_empty()).map(|text| self.machine(text)).collect();
        look(&Look {
            date: self.date,
            status: result.status,
            marks: &result.marks,
            rule: self.plan.shift().map(|shift| &shift.rule),
            ends_at: clock::instant(result.window_to, clock::offset_at(self.zone, result.window_to)),
            zone: self.zone,
            machines: &machines,
            now: self.instant(now),
        })
    }

    /// "late 6 · not over, silent gate"; without a dot the day is final.
    fn seen_text(&self, seen: &Seen) -> String {
        let reasons: Vec<String> = seen
            .reasons
            .iter()
            .map(|reason| match reason {
                Reason::NotOver => "not over".to_owned(),
                Reason::MachineSilent { name, .. } => format!("{name} silent"),
                Reason::MachineDisabled { name, .. } => format!("{name} disabled"),
                Reason::Gap { name, gap, .. } => format!("{name} lacks {}", gap.theirs - gap.ours),
                Reason::NoMachine => "no machine".to_owned(),
            })
            .collect();
        assert_eq!(seen.provisional, !reasons.is_empty());
        let marks = self.marks(&seen.marks, seen.status);
        if reasons.is_empty() { marks } else { format!("{marks} · {}", reasons.join(", ")) }
    }

    fn wrong(&self) -> Vec<String> {
        let facts = self.facts();
        let result = self.judge(&facts);
        assert!(!self.expected.is_empty(), "{}: nothing is expected of it", self.what);
        let mut wrong = Vec::new();
        for (asked, expected) in &self.expected {
            let found = match asked {
                Asked::Is => self.marks(&result.marks, Some(result.status)),
                Asked::Takes => self.takes_text(&facts, &result),
                Asked::Worked => hours(result.worked),
                Asked::Required => hours(result.required),
                Asked::Leave => hours(result.leave),
                Asked::Overtime => hours(result.overtime),
                Asked::Seen(now, machines) => self.seen_text(&self.look(&result, now, machines)),
            };
            if found != *expected {
                wrong.push(format!(
                    "{}\n    {asked:?}: expected {expected:?}\n    found {found:?}",
                    self.what
                ));
            }
        }
        // Nothing is remembered of the order in which facts came.
        let mut reversed = facts;
        reversed.reverse();
        assert_eq!(self.judge(&reversed), result, "{}: in another order", self.what);
        wrong
    }
}

/// Days by turns, of which the first is a Monday's; "-" is rest. What everybody punched is judged date by date, through the plan.
pub fn turns(steps: &[&str], punches: &'static str, expected: &[(&str, &'static str, &'static str)]) {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let number = |name: &str| DAYS.iter().position(|day| *day == name).unwrap();
    let monday = day("", "rest", "").date;
    let shift = |text: &&&str| Shift {
        id: ShiftId((**text).to_owned()),
        name: (**text).to_owned(),
        rule: rule(text),
    };
    let book = Book::new(Said {
        shifts: steps.iter().filter(|text| **text != "-").map(|text| shift(&text)).collect(),
        rotations: vec![Rotation {
            id: "turns".to_owned(),
            steps: steps.iter().map(|text| (*text != "-").then(|| ShiftId((*text).to_owned()))).collect(),
        }],
        assignments: vec![Assignment {
            id: 1,
            target: Target { kind: TargetKind::Employee, id: "e1".to_owned() },
            work: Work::Rotation { id: "turns".to_owned(), anchor: Some(monday) },
            from: monday - Days::new(30),
            to: None,
            weekdays: Weekdays::ALL,
            holidays: false,
        }],
        ..Said::default()
    });
    let person = Person { id: "e1".to_owned(), ..Person::default() };
    let plans = book.of(&person, &[]);
    for (name, is, takes) in expected {
        let date = monday + Days::new(number(name) as u64);
        let mut row = day("turns", "rest", "");
        row.date = date;
        (row.before, row.plan, row.after) =
            (plans.on(date - Days::new(1)), plans.on(date), plans.on(date + Days::new(1)));
        let facts: Vec<Fact> = (1..)
            .zip(punches.split(", "))
            .map(|(id, text)| {
                let (name_of, time) = text.split_once(' ').unwrap();
                let days = number(name_of) as i64 - number(name) as i64;
                row.fact(id, &if days == 0 { time.to_owned() } else { format!("{time}{days:+}") })
            })
            .collect();
        let result = row.judge(&facts);
        assert_eq!(row.marks(&result.marks, Some(result.status)), *is, "{name}");
        assert_eq!(row.takes_text(&facts, &result), *takes, "{name}");
    }
}

/// Judges the days, and tells of all that are not as expected.
pub fn check(rows: &[Row]) {
    let wrong: Vec<String> = rows.iter().flat_map(Row::wrong).collect();
    assert!(wrong.is_empty(), "{} of {} days:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}
