//! Putting a day right (rule 6.6): somebody appeals against a mark, somebody else approves or rejects, and what is approved becomes
//! a correction, a new fact beside the punches. Punches are never touched, and neither is a correction: it is withdrawn, which puts
//! the mark back.
//!
//! [`rule`] says what may be asked and what approving does; [`requests`] is the way of an appeal from open to its end,
//! [`evidence`] what lies with it, sealed; [`corrections`] are the facts, from appeals or written down by hand; [`quota`] counts the
//! punches somebody claimed of a month. Whatever changes a fact says so to the days in its own transaction.

mod corrections;
mod error;
mod evidence;
mod judged;
mod queries;
mod quota;
mod requests;
pub mod rule;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::Serialize;

use crate::attendance::DayView;
use crate::attendance::day::MarkKind;
use crate::clock::Timestamp;
use crate::directory::EmployeeId;
use crate::schedule::TimeOfDay;
use crate::schedule::shift::Minute;

pub use corrections::{
    Correction, CorrectionFilter, NewCorrection, Wanted, What, correction_add, correction_list,
    correction_withdraw,
};
pub use error::{AppealError, TextOf};
pub use evidence::{
    EVIDENCE_MOST, Evidence, EvidenceMeta, EvidenceType, evidence_delete, evidence_get, evidence_put,
};
pub use quota::{QuotaView, quota_get};
pub use requests::{
    Decided, Decision, NotDecided, appeal_decide, appeal_get, appeal_list, appeal_raise, appeal_withdraw,
    appeals_decide,
};

/// Characters of a reason or a note.
pub const REASON_MOST: usize = 500;

/// The number of an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct AppealId(pub i64);

/// The number of a correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct CorrectionId(pub i64);

/// What became of an appeal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AppealState {
    /// Nobody has decided.
    Open,
    /// Somebody said yes: a correction is in force.
    Approved,
    /// Somebody said no.
    Rejected,
    /// Taken back while it was open, or its correction was.
    Withdrawn,
}

impl AppealState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Approved, Self::Rejected, Self::Withdrawn];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.name() == name).unwrap_or(Self::Withdrawn)
    }
}

/// An appeal to raise.
#[derive(Debug, Clone)]
pub struct NewAppeal {
    /// Whose day.
    pub employee_id: String,
    /// Which day.
    pub date: NaiveDate,
    /// Against which mark.
    pub mark: MarkKind,
    /// The time of day of a punch that is missing; it is of the day itself or, of a shift through the night, of the morning after.
    pub claimed: Option<TimeOfDay>,
    /// Why.
    pub reason: String,
}

/// Somebody asks for a mark to be lifted, and what became of that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appeal {
    /// Its number.
    pub id: AppealId,
    /// Whose day.
    pub employee_id: EmployeeId,
    /// Their name.
    pub name: String,
    /// Which day.
    pub date: NaiveDate,
    /// Against which mark.
    pub mark: MarkKind,
    /// The minute of the day at which a punch is said to have been made.
    pub claimed: Option<Minute>,
    /// Why.
    pub reason: String,
    /// What became of it.
    pub state: AppealState,
    /// Who raised it.
    pub raised_by: String,
    /// When.
    pub raised_at: Timestamp,
    /// Who decided, or took it back.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What they said.
    pub note: Option<String>,
    /// What lies with it.
    pub evidence: Option<EvidenceMeta>,
    /// The day as it is shown now; none when nobody has judged it.
    pub day: Option<DayView>,
}

/// Which appeals; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct AppealFilter {
    /// Of which state.
    pub state: Option<AppealState>,
    /// Of this person.
    pub employee_id: Option<EmployeeId>,
    /// Of the people of this department and the ones beneath.
    pub department_id: Option<String>,
    /// Of this day or a later one.
    pub from: Option<NaiveDate>,
    /// Of this day or an earlier one.
    pub to: Option<NaiveDate>,
}
