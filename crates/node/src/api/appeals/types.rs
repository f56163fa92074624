//! An appeal as the API shows it, and what it takes.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use rollcall_core::appeals as site;
use rollcall_core::schedule::TimeOfDay;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::attendance::types::{AttendanceMark, DayStatus, MarkKind, local};

/// Somebody asks for a mark to be lifted, and what became of that.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Appeal {
    /// Its number.
    id: i64,
    /// Whose day.
    employee_id: String,
    /// Their name.
    name: String,
    /// Which day; a shift through the night is of the day it begins on.
    date: NaiveDate,
    /// Against which mark.
    mark: MarkKind,
    /// The time of day of a punch that is missing, by the site's clocks.
    #[schema(required, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:00")]
    claimed: Option<String>,
    /// Why.
    reason: String,
    /// What became of it.
    state: AppealState,
    /// Who raised it.
    raised_by: String,
    /// When.
    raised_at: DateTime<Utc>,
    /// Who decided, or took it back.
    #[schema(required)]
    decided_by: Option<String>,
    /// When.
    #[schema(required)]
    decided_at: Option<DateTime<Utc>>,
    /// What they said.
    #[schema(required)]
    note: Option<String>,
    /// What lies with it.
    #[schema(required)]
    evidence: Option<EvidenceInfo>,
    /// The day as it is shown now; null when nobody has judged it.
    #[schema(required)]
    day: Option<AppealedDay>,
}

/// What became of an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum AppealState {
    /// Nobody has decided.
    Open,
    /// Somebody said yes: a correction is in force.
    Approved,
    /// Somebody said no.
    Rejected,
    /// Taken back while it was open, or its correction was.
    Withdrawn,
}

/// What is told of a piece of evidence; its bytes are at `…/evidence`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EvidenceInfo {
    /// What it is called.
    name: String,
    /// `image/jpeg`, `image/png` or `application/pdf`.
    media_type: &'static str,
    /// How many bytes it has.
    size: u64,
}

/// The day an appeal is about, as it is shown now.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AppealedDay {
    /// In a word.
    status: DayStatus,
    /// What is wrong with it, lifted marks too.
    marks: Vec<AttendanceMark>,
    /// The shift it was judged by.
    #[schema(required)]
    shift_id: Option<String>,
    /// The first coming.
    #[schema(required)]
    first_in: Option<DateTime<FixedOffset>>,
    /// The last going.
    #[schema(required)]
    last_out: Option<DateTime<FixedOffset>>,
}

/// An appeal to raise.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewAppeal {
    /// Whose day.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 64)]
    pub(super) employee_id: String,
    /// Which day; a shift through the night is of the day it begins on.
    #[schema(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    pub(super) date: String,
    /// Against which mark.
    pub(super) mark: MarkKind,
    /// Why.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 500,
        example = "忘记打卡"
    )]
    pub(super) reason: String,
    /// The time of day of a punch that is missing, by the site's clocks; required of `missingIn` and `missingOut`. Of a shift
    /// through the night it may be of the morning after.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "09:00")]
    pub(super) claimed: Option<String>,
}

/// A word to a decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionNote {
    /// What to say; required of a rejection.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 500)]
    pub(super) note: Option<String>,
}

/// Many appeals to decide about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decisions {
    /// Which.
    #[schema(min_items = 1, max_items = 1000)]
    pub(super) ids: Vec<i64>,
    /// What is decided about all of them.
    pub(super) decision: Decision,
    /// What to say; required of a rejection.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 500)]
    pub(super) note: Option<String>,
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Decision {
    /// The mark is lifted, or the claimed punch counts.
    Approve,
    /// It stays as it is.
    Reject,
}

/// What came of deciding about many.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppealsDecided {
    /// How many are decided.
    pub(super) decided: usize,
    /// The others, as they were.
    pub(super) rejected: Vec<AppealNotDecided>,
}

/// An appeal of many that could not be decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppealNotDecided {
    /// Which.
    pub(super) id: i64,
    /// Why: stable, dotted, lower case.
    pub(super) code: &'static str,
    /// The same in English.
    pub(super) detail: String,
}

/// Which appeals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct AppealQuery {
    /// Of this state.
    #[param(nullable = false, inline)]
    pub(super) state: Option<AppealState>,
    /// Of this employee.
    #[param(nullable = false)]
    pub(super) employee_id: Option<String>,
    /// Of the people of this department and the ones beneath it.
    #[param(nullable = false)]
    pub(super) department_id: Option<String>,
    /// Of this day or a later one.
    #[param(nullable = false, format = Date)]
    pub(super) from: Option<String>,
    /// Of this day or an earlier one.
    #[param(nullable = false, format = Date)]
    pub(super) to: Option<String>,
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    pub(super) limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    pub(super) cursor: Option<String>,
}

impl From<AppealState> for site::AppealState {
    fn from(state: AppealState) -> Self {
        match state {
            AppealState::Open => Self::Open,
            AppealState::Approved => Self::Approved,
            AppealState::Rejected => Self::Rejected,
            AppealState::Withdrawn => Self::Withdrawn,
        }
    }
}

impl From<site::AppealState> for AppealState {
    fn from(state: site::AppealState) -> Self {
        match state {
            site::AppealState::Open => Self::Open,
            site::AppealState::Approved => Self::Approved,
            site::AppealState::Rejected => Self::Rejected,
            site::AppealState::Withdrawn => Self::Withdrawn,
        }
    }
}

impl From<Decision> for site::Decision {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Approve => Self::Approve,
            Decision::Reject => Self::Reject,
        }
    }
}

impl From<site::Appeal> for Appeal {
    fn from(appeal: site::Appeal) -> Self {
        Self {
            id: appeal.id.0,
            employee_id: appeal.employee_id.as_str().to_owned(),
            name: appeal.name,
            date: appeal.date,
            mark: appeal.mark.into(),
            claimed: appeal.claimed.map(|minute| TimeOfDay::of(minute).to_string()),
            reason: appeal.reason,
            state: appeal.state.into(),
            raised_by: appeal.raised_by,
            raised_at: appeal.raised_at,
            decided_by: appeal.decided_by,
            decided_at: appeal.decided_at,
            note: appeal.note,
            evidence: appeal.evidence.map(|evidence| EvidenceInfo {
                name: evidence.name,
                media_type: evidence.kind.media_type(),
                size: evidence.size,
            }),
            day: appeal.day.map(|day| AppealedDay {
                status: day.status.into(),
                marks: day.marks.into_iter().map(AttendanceMark::from).collect(),
                shift_id: day.shift.map(|(id, _)| id.0),
                first_in: day.first_in.map(local),
                last_out: day.last_out.map(local),
            }),
        }
    }
}
