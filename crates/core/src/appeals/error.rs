use chrono::NaiveDate;

use super::rule::Refusal;
use super::{AppealId, CorrectionId};
use crate::attendance::Month;
use crate::attendance::day::MarkKind;
use crate::db::{self, database_failure};
use crate::page::CursorError;
use crate::text::TextError;

/// Which text was wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextOf {
    /// The reason.
    Reason,
    /// The note of a decision.
    Note,
    /// The name of a piece of evidence.
    Name,
}

/// Why something about appeals and corrections was refused.
#[derive(Debug, thiserror::Error)]
pub enum AppealError {
    /// No such appeal.
    #[error("there is no appeal {}", .0.0)]
    Unknown(AppealId),
    /// Nobody with that id.
    #[error("there is nobody with the id {0:?}")]
    EmployeeUnknown(String),
    /// The rule refuses it.
    #[error("{}", advice(*.refusal, *.mark, *.date))]
    Refused {
        /// Why.
        refusal: Refusal,
        /// The mark that is appealed against.
        mark: MarkKind,
        /// The day.
        date: NaiveDate,
    },
    /// The day's month is locked.
    #[error("{0} is locked; unlock it first")]
    MonthLocked(Month),
    /// It was decided, or taken back, before.
    #[error("the appeal is {0}, no longer open")]
    NotOpen(&'static str),
    /// Whoever is refused is to be told why.
    #[error("say in a note why the appeal is rejected")]
    NoteNeeded,
    /// A text is none.
    #[error("{problem}")]
    Text {
        /// Which.
        of: TextOf,
        /// What is wrong with it.
        problem: TextError,
    },
    /// There is no evidence with it.
    #[error("nobody has added evidence to the appeal {}", .0.0)]
    EvidenceMissing(AppealId),
    /// Neither of the kinds of file that are taken.
    #[error("evidence is a JPEG, PNG or PDF")]
    EvidenceType,
    /// More bytes than are taken.
    #[error("evidence has at most {} MB", super::EVIDENCE_MOST / 1024 / 1024)]
    EvidenceTooLarge,
    /// No such correction.
    #[error("there is no correction {}", .0.0)]
    CorrectionUnknown(CorrectionId),
    /// It was withdrawn before.
    #[error("the correction was withdrawn before")]
    CorrectionWithdrawn,
    /// What has not been cannot be corrected.
    #[error("what has not come yet cannot be corrected")]
    CorrectionFuture,
    /// They were not hired yet, or had left.
    #[error("{name} was not employed on {date}")]
    NotEmployed {
        /// Who.
        name: String,
        /// When.
        date: NaiveDate,
    },
    /// The day's shift takes no punch at that time.
    #[error("the shift of {0} takes no punch at that time")]
    CorrectionOutside(NaiveDate),
    /// There is nothing to lift.
    #[error("{0} has no such mark, or it is lifted already")]
    CorrectionNoSuchMark(NaiveDate),
    /// The cursor is not ours.
    #[error(transparent)]
    Cursor(#[from] CursorError),
    /// The database failed.
    #[error(transparent)]
    Database(db::Error),
}

database_failure!(AppealError);

fn advice(refusal: Refusal, mark: MarkKind, date: NaiveDate) -> String {
    let mark = mark.name();
    match refusal {
        Refusal::Future => "what has not come yet cannot be appealed against".to_owned(),
        Refusal::MonthLocked => format!("{} is locked; unlock it first", Month::of(date)),
        Refusal::ClaimedNeeded => "say when the punch that is missing was made".to_owned(),
        Refusal::NoSuchMark => format!("{date} has no mark {mark}, or it is lifted already"),
        Refusal::OpenAlready => format!("an appeal against the mark {mark} of {date} is open already"),
        Refusal::ClaimedOutside => {
            format!("a punch at that time would not put right the mark {mark} of {date}")
        }
        Refusal::QuotaUsed => {
            format!("no more punches can be claimed for {}: as many as are allowed were", Month::of(date))
        }
    }
}

impl AppealError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "appeal.unknown",
            Self::EmployeeUnknown(_) => "employee.unknown",
            Self::Refused { refusal, .. } => refusal.code(),
            Self::MonthLocked(_) => Refusal::MonthLocked.code(),
            Self::NotOpen(_) => "appeal.not_open",
            Self::NoteNeeded => "appeal.note_needed",
            Self::Text { problem, .. } => problem.code(),
            Self::EvidenceMissing(_) => "evidence.missing",
            Self::EvidenceType => "evidence.type",
            Self::EvidenceTooLarge => "evidence.too_large",
            Self::CorrectionUnknown(_) => "correction.unknown",
            Self::CorrectionWithdrawn => "correction.withdrawn",
            Self::CorrectionFuture => "correction.future",
            Self::NotEmployed { .. } => "correction.not_employed",
            Self::CorrectionOutside(_) => "correction.outside",
            Self::CorrectionNoSuchMark(_) => "correction.no_such_mark",
            Self::Cursor(error) => error.code(),
            Self::Database(error) => error.code(),
        }
    }
}

impl Refusal {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Future => "appeal.future",
            Self::MonthLocked => "appeal.month_locked",
            Self::ClaimedNeeded => "appeal.claimed_needed",
            Self::NoSuchMark => "appeal.no_such_mark",
            Self::OpenAlready => "appeal.open_already",
            Self::ClaimedOutside => "appeal.claimed_outside",
            Self::QuotaUsed => "appeal.quota_used",
        }
    }
}
