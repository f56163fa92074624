//! What days are called, and what can be wrong with them.

use rollcall_core::attendance::day as site;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Mark {
    /// What.
    kind: MarkKind,
    /// Late or early by, or absent for; 0 of a missing punch.
    minutes: i32,
    /// Whether it is lifted: it is shown, and counts no more.
    lifted: bool,
    /// Which segment of the shift, from 0; null for the whole day.
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
    /// It is not over, or not everything that may belong to it is here.
    Pending,
}

impl From<MarkKind> for site::MarkKind {
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

impl From<site::MarkKind> for MarkKind {
    fn from(kind: site::MarkKind) -> Self {
        match kind {
            site::MarkKind::Late => Self::Late,
            site::MarkKind::EarlyLeave => Self::EarlyLeave,
            site::MarkKind::MissingIn => Self::MissingIn,
            site::MarkKind::MissingOut => Self::MissingOut,
            site::MarkKind::Absent => Self::Absent,
        }
    }
}

impl From<site::Mark> for Mark {
    fn from(mark: site::Mark) -> Self {
        Self { kind: mark.kind.into(), minutes: mark.minutes, lifted: mark.lifted, segment: mark.segment }
    }
}

impl From<site::Status> for DayStatus {
    fn from(status: site::Status) -> Self {
        match status {
            site::Status::Normal => Self::Normal,
            site::Status::Late => Self::Late,
            site::Status::EarlyLeave => Self::EarlyLeave,
            site::Status::Missing => Self::Missing,
            site::Status::Absent => Self::Absent,
            site::Status::Rest => Self::Rest,
            site::Status::Holiday => Self::Holiday,
            site::Status::Leave => Self::Leave,
            site::Status::Unscheduled => Self::Unscheduled,
            site::Status::NotEmployed => Self::NotEmployed,
        }
    }
}
