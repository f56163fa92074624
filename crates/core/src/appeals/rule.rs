//! Whether an appeal may be raised or approved, and where a punch that somebody says they made falls; no database and no clock
//! (rule 6.6).

use chrono::NaiveDate;
use rollcall_protocol::WallTime;

use crate::attendance::day::{Mark, MarkKind};
use crate::attendance::window::wall;
use crate::schedule::TimeOfDay;
use crate::schedule::shift::{DAY, Minute, Rule, ShiftKind, Stretch};

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The day, or the punch that is claimed, has not come yet.
    Future,
    /// The day's month is locked.
    MonthLocked,
    /// A missing punch cannot be put right without its time.
    ClaimedNeeded,
    /// The day has no such mark, or it is lifted already.
    NoSuchMark,
    /// Another appeal against the same mark is open.
    OpenAlready,
    /// A punch at that time would not be one of this day that heals the mark.
    ClaimedOutside,
    /// The person's requests with a time are used up for the month.
    QuotaUsed,
}

/// How many requests with a time somebody has made of a month, and how many they may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// So many count already.
    pub used: u32,
    /// So many may; none: as many as they like.
    pub most: Option<u32>,
}

impl Quota {
    /// Whether there is room for one more.
    pub fn has_room(self) -> bool {
        self.most.is_none_or(|most| self.used < most)
    }
}

/// The time of a punch that somebody says they made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// A time of day; whether it is of the evening before or after midnight follows from the shift.
    TimeOfDay(TimeOfDay),
    /// The very minute, as it was understood when the appeal was raised.
    At(Minute),
}

/// What a day is judged to be, as far as appeals go.
#[derive(Debug, Clone, Copy)]
pub struct Day<'a> {
    /// Its date.
    pub date: NaiveDate,
    /// What is wrong with it.
    pub marks: &'a [Mark],
    /// The shift it was judged by.
    pub shift: Option<&'a Rule>,
    /// Punches of it are taken from here to before there.
    pub window: Stretch,
    /// Whether its month is locked.
    pub is_locked: bool,
}

/// What is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The day.
    pub day: Day<'a>,
    /// The mark that is appealed against.
    pub mark: MarkKind,
    /// The punch that is said to have been made.
    pub claim: Option<Claim>,
    /// Whether another appeal against the same mark of that day is open.
    pub has_open: bool,
    /// The requests with a time, this one not counted.
    pub quota: Quota,
    /// The clock of the site's zone.
    pub now: WallTime,
}

/// What approving does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// A punch at this minute of the day.
    Punch(Minute),
    /// The marks of this kind are lifted.
    Lift(MarkKind),
}

/// Whether an appeal may be raised; the minute that is claimed.
pub fn may_raise(case: &Case<'_>) -> Result<Option<Minute>, Refusal> {
    judge(case)
}

/// Whether an appeal may be approved, and what that does.
pub fn may_approve(case: &Case<'_>) -> Result<Remedy, Refusal> {
    Ok(judge(case)?.map_or(Remedy::Lift(case.mark), Remedy::Punch))
}

fn judge(case: &Case<'_>) -> Result<Option<Minute>, Refusal> {
    let Case { day, mark, claim, has_open, quota, now } = *case;
    if is_future(day.date, Minute(0), now) {
        return Err(Refusal::Future);
    }
    if day.is_locked {
        return Err(Refusal::MonthLocked);
    }
    if matches!(mark, MarkKind::MissingIn | MarkKind::MissingOut) && claim.is_none() {
        return Err(Refusal::ClaimedNeeded);
    }
    if !has_mark(day.marks, mark) {
        return Err(Refusal::NoSuchMark);
    }
    if has_open {
        return Err(Refusal::OpenAlready);
    }
    let Some(claim) = claim else { return Ok(None) };
    let minute = claimed_at(&day, mark, claim).ok_or(Refusal::ClaimedOutside)?;
    if is_future(day.date, minute, now) {
        return Err(Refusal::Future);
    }
    if !quota.has_room() {
        return Err(Refusal::QuotaUsed);
    }
    Ok(Some(minute))
}

/// Whether a day has a mark of this kind that is not lifted.
pub fn has_mark(marks: &[Mark], kind: MarkKind) -> bool {
    marks.iter().any(|mark| mark.kind == kind && !mark.lifted)
}

/// Whether a minute of a day has not come yet.
pub fn is_future(date: NaiveDate, minute: Minute, now: WallTime) -> bool {
    wall(date, minute) > now
}

/// Where a punch that an administrator writes down by hand falls: on the day itself if it can be, else after midnight, else the
/// evening before. None when the day takes no punch at that time.
pub fn punch_at(window: Stretch, time: TimeOfDay) -> Option<Minute> {
    [0, DAY, -DAY].into_iter().map(|by| Minute(time.minutes() + by)).find(|minute| contains(window, *minute))
}

/// Punches of a day that nobody has judged are taken from midnight to midnight.
pub const CALENDAR_DAY: Stretch = Stretch { start: Minute(0), end: Minute(DAY) };

fn contains(stretch: Stretch, minute: Minute) -> bool {
    stretch.start <= minute && minute < stretch.end
}

/// Where the claimed punch falls: of the times it may mean, the one nearest to what it stands for, and only one that could heal a
/// mark of this kind.
fn claimed_at(day: &Day<'_>, kind: MarkKind, claim: Claim) -> Option<Minute> {
    let meant = match claim {
        Claim::At(minute) => vec![minute],
        Claim::TimeOfDay(time) => [-DAY, 0, DAY].into_iter().map(|by| Minute(time.minutes() + by)).collect(),
    };
    let marks = day.marks.iter().filter(|mark| mark.kind == kind && !mark.lifted);
    let places: Vec<Place> = marks.filter_map(|mark| place_of(day, mark)).collect();
    meant
        .into_iter()
        .filter_map(|minute| {
            let far = places.iter().filter_map(|place| place.distance(minute)).min()?;
            Some((far, minute))
        })
        .min()
        .map(|(_, minute)| minute)
}

/// Where punches lie that heal a mark, and what they are to be near to.
struct Place {
    within: Stretch,
    near: Vec<Minute>,
}

impl Place {
    fn distance(&self, minute: Minute) -> Option<i32> {
        let near = self.near.iter().map(|wanted| (wanted.0 - minute.0).abs()).min();
        near.filter(|_| contains(self.within, minute))
    }
}

/// A punch for coming lies before its segment's end and not before the start of the segment before; one for going, from its
/// segment's start to the end of the segment behind. At both ends of the shift it is the window that says.
fn place_of(day: &Day<'_>, mark: &Mark) -> Option<Place> {
    let (whole, shift) = (day.window, day.shift?);
    let number = mark.segment.map(usize::from).filter(|_| shift.kind == ShiftKind::Fixed);
    let (ours, in_from, out_to) = match number {
        None => {
            let (first, last) = (shift.segments.first()?, shift.segments.last()?);
            (Stretch { start: first.start, end: last.end }, whole.start, whole.end)
        }
        Some(number) => {
            let before = number.checked_sub(1).and_then(|before| shift.segments.get(before));
            let behind = shift.segments.get(number + 1);
            (
                *shift.segments.get(number)?,
                before.map_or(whole.start, |before| before.start),
                behind.map_or(whole.end, |behind| behind.end),
            )
        }
    };
    // Of a flexible shift any punch may be the one that makes the hours full.
    let anywhere = shift.kind == ShiftKind::Flexible || mark.kind == MarkKind::Absent;
    let (start, end) = match mark.kind {
        _ if anywhere => (in_from, out_to),
        MarkKind::Late | MarkKind::MissingIn => (in_from, ours.end),
        _ => (ours.start, out_to),
    };
    let near = match mark.kind {
        MarkKind::Absent => vec![ours.start, ours.end],
        MarkKind::Late | MarkKind::MissingIn => vec![ours.start],
        MarkKind::EarlyLeave | MarkKind::MissingOut => vec![ours.end],
    };
    Some(Place { within: Stretch { start, end }, near })
}
