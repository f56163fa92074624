//! A day as the API shows it.

use chrono::{DateTime, FixedOffset, NaiveDate, SecondsFormat, Utc};
use rollcall_core::attendance::day as rule;
use rollcall_core::attendance::horizon::{Gap, Reason};
use rollcall_core::attendance::{self as site, LocalTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::time::with_offset;

/// What can be wrong with a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum MarkKind {
    /// Came after the start and its grace.
    Late,
    /// Left before the end and its grace.
    EarlyLeave,
    /// No punch for coming.
    MissingIn,
    /// No punch for going.
    MissingOut,
    /// Was not there, for the minutes the mark gives.
    Absent,
}

/// Something wrong with a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AttendanceMark {
    /// What.
    kind: MarkKind,
    /// Late or early by, or absent for; 0 of a missing punch.
    minutes: i32,
    /// Whether an appeal has lifted it: it is shown, and counts no more.
    lifted: bool,
    /// Which segment of the shift, from 0; null: the whole day.
    #[schema(required)]
    segment: Option<u8>,
}

/// What a day was, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum DayStatus {
    /// As it should be, or everything wrong with it is lifted.
    Normal,
    /// The worst that is left is lateness.
    Late,
    /// The worst that is left is leaving early.
    EarlyLeave,
    /// A punch is missing.
    Missing,
    /// Absent, for all of it or a part.
    Absent,
    /// Nothing was to be done.
    Rest,
    /// A holiday.
    Holiday,
    /// On leave all day.
    Leave,
    /// Nobody has said what was to be done.
    Unscheduled,
    /// Not hired yet, or left.
    NotEmployed,
    /// Nothing is known to be wrong, and a punch may be on its way.
    Pending,
}

/// Why a day may still change by itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DayReason {
    /// `day.not_over`, `day.machine_silent`, `day.machine_disabled`, `day.gap`, `day.no_machine`.
    code: String,
    /// The same in English.
    detail: String,
    /// The machine it is about.
    #[schema(required)]
    sn: Option<String>,
    /// What people call that machine.
    #[schema(required)]
    name: Option<String>,
    /// Until when everything it holds is here; null when it was never heard.
    #[schema(required)]
    heard_until: Option<DateTime<Utc>>,
    /// What it holds of the day that is not here.
    #[schema(required)]
    gap: Option<PunchGap>,
}

/// How many punches of a day a machine says it holds, and how many are here.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct PunchGap {
    /// What it says.
    theirs: i64,
    /// What is here.
    ours: i64,
}

/// A day of somebody.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttendanceDay {
    /// Whose.
    employee_id: String,
    /// Their name.
    name: String,
    /// Their department.
    #[schema(required)]
    department_id: Option<String>,
    /// Its name.
    #[schema(required)]
    department_name: Option<String>,
    /// The date.
    date: NaiveDate,
    /// The shift it was judged by.
    #[schema(required)]
    shift_id: Option<String>,
    /// What people call that shift.
    #[schema(required)]
    shift_name: Option<String>,
    /// The first coming, with the offset of the machine's zone.
    #[schema(required)]
    first_in: Option<DateTime<FixedOffset>>,
    /// The last going, with the offset of the machine's zone.
    #[schema(required)]
    last_out: Option<DateTime<FixedOffset>>,
    /// Minutes worked within the shift.
    worked_minutes: i32,
    /// Minutes that were to be worked.
    required_minutes: i32,
    /// Minutes of overtime.
    overtime_minutes: i32,
    /// Minutes of the shift that were leave.
    leave_minutes: i32,
    /// What is known to be wrong, lifted marks too.
    marks: Vec<AttendanceMark>,
    /// In a word.
    status: DayStatus,
    /// Whether it may still change by itself, because a punch may be on its way.
    provisional: bool,
    /// Why.
    reasons: Vec<DayReason>,
    /// Whether its month is locked.
    locked: bool,
    /// Appeals about it that nobody has decided.
    open_appeals: u32,
}

impl From<rule::MarkKind> for MarkKind {
    fn from(kind: rule::MarkKind) -> Self {
        match kind {
            rule::MarkKind::Late => Self::Late,
            rule::MarkKind::EarlyLeave => Self::EarlyLeave,
            rule::MarkKind::MissingIn => Self::MissingIn,
            rule::MarkKind::MissingOut => Self::MissingOut,
            rule::MarkKind::Absent => Self::Absent,
        }
    }
}

impl From<MarkKind> for rule::MarkKind {
    fn from(kind: MarkKind) -> Self {
        match kind {
            MarkKind::Late => Self::Late,
            MarkKind::EarlyLeave => Self::EarlyLeave,
            MarkKind::MissingIn => Self::MissingIn,
            MarkKind::MissingOut => Self::MissingOut,
            MarkKind::Absent => Self::Absent,
        }
    }
}

impl From<rule::Mark> for AttendanceMark {
    fn from(mark: rule::Mark) -> Self {
        Self { kind: mark.kind.into(), minutes: mark.minutes, lifted: mark.lifted, segment: mark.segment }
    }
}

impl From<site::DayStatus> for DayStatus {
    fn from(status: site::DayStatus) -> Self {
        match status {
            site::DayStatus::Pending => Self::Pending,
            site::DayStatus::Is(rule::Status::Normal) => Self::Normal,
            site::DayStatus::Is(rule::Status::Late) => Self::Late,
            site::DayStatus::Is(rule::Status::EarlyLeave) => Self::EarlyLeave,
            site::DayStatus::Is(rule::Status::Missing) => Self::Missing,
            site::DayStatus::Is(rule::Status::Absent) => Self::Absent,
            site::DayStatus::Is(rule::Status::Rest) => Self::Rest,
            site::DayStatus::Is(rule::Status::Holiday) => Self::Holiday,
            site::DayStatus::Is(rule::Status::Leave) => Self::Leave,
            site::DayStatus::Is(rule::Status::Unscheduled) => Self::Unscheduled,
            site::DayStatus::Is(rule::Status::NotEmployed) => Self::NotEmployed,
        }
    }
}

impl From<DayStatus> for site::DayStatus {
    fn from(status: DayStatus) -> Self {
        Self::Is(match status {
            DayStatus::Pending => return Self::Pending,
            DayStatus::Normal => rule::Status::Normal,
            DayStatus::Late => rule::Status::Late,
            DayStatus::EarlyLeave => rule::Status::EarlyLeave,
            DayStatus::Missing => rule::Status::Missing,
            DayStatus::Absent => rule::Status::Absent,
            DayStatus::Rest => rule::Status::Rest,
            DayStatus::Holiday => rule::Status::Holiday,
            DayStatus::Leave => rule::Status::Leave,
            DayStatus::Unscheduled => rule::Status::Unscheduled,
            DayStatus::NotEmployed => rule::Status::NotEmployed,
        })
    }
}

impl From<Reason> for DayReason {
    fn from(reason: Reason) -> Self {
        let code = reason.code().to_owned();
        let until = |heard: Option<DateTime<Utc>>| {
            heard.map_or_else(|| "never".to_owned(), |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
        };
        let (detail, machine, heard_until, gap) = match reason {
            Reason::NotOver => ("punches of the day may still be made".to_owned(), None, None, None),
            Reason::NoMachine => {
                let detail = "no machine knows the person, so that no punch says nothing".to_owned();
                (detail, None, None, None)
            }
            Reason::MachineSilent { sn, name, heard_until } => {
                let detail =
                    format!("{name} has not called since the day ended; it last did: {}", until(heard_until));
                (detail, Some((sn, name)), heard_until, None)
            }
            Reason::MachineDisabled { sn, name, heard_until } => {
                let detail =
                    format!("{name} is disabled; the newest punch of it is of: {}", until(heard_until));
                (detail, Some((sn, name)), heard_until, None)
            }
            Reason::Gap { sn, name, gap } => {
                let detail =
                    format!("{name} holds {} punches of the day, and {} are here", gap.theirs, gap.ours);
                (detail, Some((sn, name)), None, Some(gap.into()))
            }
        };
        let (sn, name) = machine.map(|(sn, name)| (sn.as_str().to_owned(), name)).unzip();
        Self { code, detail, sn, name, heard_until, gap }
    }
}

impl From<Gap> for PunchGap {
    fn from(gap: Gap) -> Self {
        Self { theirs: gap.theirs, ours: gap.ours }
    }
}

/// A time of a place with the offset it had.
pub(crate) fn local(at: LocalTime) -> DateTime<FixedOffset> {
    with_offset(at.wall(), at.utc_offset)
}

impl From<site::DayView> for AttendanceDay {
    fn from(day: site::DayView) -> Self {
        let (shift_id, shift_name) = day.shift.map(|(id, name)| (id.0, name)).unzip();
        Self {
            employee_id: day.person.id.as_str().to_owned(),
            name: day.person.name,
            department_id: day.person.department_id,
            department_name: day.person.department_name,
            date: day.date,
            shift_id,
            shift_name,
            first_in: day.first_in.map(local),
            last_out: day.last_out.map(local),
            worked_minutes: day.worked,
            required_minutes: day.required,
            overtime_minutes: day.overtime,
            leave_minutes: day.leave,
            marks: day.marks.into_iter().map(AttendanceMark::from).collect(),
            status: day.status.into(),
            provisional: day.provisional,
            reasons: day.reasons.into_iter().map(DayReason::from).collect(),
            locked: day.locked,
            open_appeals: day.open_appeals,
        }
    }
}
