//! One day opened.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset, Utc};
use rollcall_core::attendance as site;
use rollcall_core::attendance::day as rule;
use rollcall_core::attendance::day_explain;
use rollcall_core::schedule::plan::{Because, DayPlan, Planned};
use serde::Serialize;
use utoipa::ToSchema;

use super::types::{AttendanceDay, PunchGap, local};
use crate::api::appeals::corrections::Correction;
use crate::api::appeals::types::Appeal;
use crate::api::employees::id_in_path;
use crate::api::extract::Path;
use crate::api::leaves::Leave;
use crate::api::problem::Problem;
use crate::api::punches::{PunchFlag, punch_flags};
use crate::api::schedule::PlannedKind;
use crate::api::shifts::Shift;
use crate::api::state::Api;
use crate::api::time::date;
use crate::api::types::{Always, Answer, WithPath};

/// What a plan rests on.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PlanReason {
    /// The day was set by hand.
    Cell,
    /// An assignment.
    Assignment,
    /// Nothing covers the date, or the person is not employed.
    Nothing,
}

/// What was to be done, and why.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanOfDay {
    /// What.
    planned: PlannedKind,
    /// The shift that was to be worked.
    #[schema(required)]
    shift: Option<Shift>,
    /// The name of the holiday it is.
    #[schema(required)]
    holiday: Option<String>,
    /// Why.
    because: PlanReason,
    /// The assignment.
    #[schema(required)]
    assignment_id: Option<i64>,
    /// The name of the make-up workday it is.
    #[schema(required)]
    make_up: Option<String>,
}

/// From when to when punches are taken for a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayWindow {
    /// From here, with the offset of the site's zone …
    from: DateTime<FixedOffset>,
    /// … to before here.
    to: DateTime<FixedOffset>,
}

/// Where a fact comes from.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FactSource {
    /// A machine.
    Punch,
    /// A correction.
    Correction,
}

/// What a fact was taken for.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FactUse {
    /// Coming.
    In,
    /// Going.
    Out,
}

/// Why a fact was taken for nothing.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FactUnused {
    /// Another, closer than a minute or so, was taken.
    Double,
    /// It lies between coming and going.
    Between,
    /// It would have made the day worse.
    Worse,
    /// The machine's clock was wrong.
    Clock,
    /// An event of which nobody knows whether it lets somebody in.
    Unclassified,
    /// The machine refused them.
    Refused,
    /// Nothing was to be done.
    NoShift,
}

/// Somebody was somewhere at a time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DayFact {
    /// Where it comes from.
    source: FactSource,
    /// The number of the punch, or of the correction.
    id: i64,
    /// When, with the offset of the machine's zone.
    time: DateTime<FixedOffset>,
    /// The machine's serial number.
    #[schema(required)]
    sn: Option<String>,
    /// What people call the machine.
    #[schema(required)]
    machine_name: Option<String>,
    /// The key pressed, as a number.
    #[schema(required)]
    status: Option<i32>,
    /// How the person was identified, as sent.
    #[schema(required)]
    verify: Option<String>,
    /// What it was taken for.
    #[serde(rename = "use")]
    #[schema(required)]
    use_of: Option<FactUse>,
    /// Of which segment of the shift, from 0.
    #[schema(required)]
    segment: Option<u8>,
    /// Why it was taken for nothing.
    #[schema(required)]
    unused: Option<FactUnused>,
    /// What is odd about it.
    flags: Vec<PunchFlag>,
}

/// A machine that could hold a punch of the day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DayMachine {
    /// Its serial number.
    sn: String,
    /// What people call it.
    name: String,
    /// Until when everything it holds is here; null when it was never heard.
    #[schema(required)]
    heard_until: Option<DateTime<Utc>>,
    /// Whether its uploads are accepted.
    enabled: bool,
    /// What it holds of the day that is not here.
    #[schema(required)]
    gap: Option<PunchGap>,
    /// Whether everything it has of the day is here.
    covers: bool,
}

/// Something somebody did that the day depends on.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayDeed {
    /// When.
    time: DateTime<Utc>,
    /// Who.
    who: String,
    /// What, as in the operation log: `appeal.approve`, `shift.change`.
    what: String,
    /// To what, as in the operation log.
    subject: String,
}

/// A day, opened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayExplained {
    /// As it is shown.
    day: AttendanceDay,
    /// What was to be done, and why.
    plan: PlanOfDay,
    /// From when to when punches are taken for it.
    window: DayWindow,
    /// What is known of it, in order of time.
    facts: Vec<DayFact>,
    /// Leave on it.
    leaves: Vec<Leave>,
    /// Appeals about it, newest first.
    appeals: Vec<Appeal>,
    /// Corrections of it, withdrawn ones too, newest first.
    corrections: Vec<Correction>,
    /// The machines that could hold a punch of it.
    horizon: Vec<DayMachine>,
    /// What was done that it depends on, oldest first.
    history: Vec<DayDeed>,
}

fn plan(plan: DayPlan, shift: Option<Shift>) -> PlanOfDay {
    let planned = PlannedKind::from(&plan.planned);
    let holiday = match plan.planned {
        Planned::Holiday(name) => Some(name),
        Planned::Works(_) | Planned::Rest | Planned::Unscheduled | Planned::NotEmployed => None,
    };
    let (because, assignment_id) = match plan.because {
        Because::Cell => (PlanReason::Cell, None),
        Because::Assignment(id) => (PlanReason::Assignment, Some(id)),
        Because::Nothing => (PlanReason::Nothing, None),
    };
    PlanOfDay { planned, shift, holiday, because, assignment_id, make_up: plan.make_up }
}

impl From<site::FactShown> for DayFact {
    fn from(fact: site::FactShown) -> Self {
        let (source, id) = match fact.id {
            rule::FactId::Punch(id) => (FactSource::Punch, id.0),
            rule::FactId::Correction(id) => (FactSource::Correction, id),
        };
        let (use_of, segment, unused) = match fact.use_of {
            Ok(rule::Use::In(segment)) => (Some(FactUse::In), Some(segment), None),
            Ok(rule::Use::Out(segment)) => (Some(FactUse::Out), Some(segment), None),
            Err(why) => (None, None, Some(why.into())),
        };
        let flags = fact.punch.as_ref().map(|punch| punch_flags(punch.flags)).unwrap_or_default();
        let status = fact.punch.as_ref().and_then(|punch| punch.status);
        let (sn, machine_name, verify) = match fact.punch {
            Some(punch) => (Some(punch.sn.as_str().to_owned()), Some(punch.machine_name), Some(punch.verify)),
            None => (None, None, None),
        };
        let time = local(fact.time);
        Self { source, id, time, sn, machine_name, status, verify, use_of, segment, unused, flags }
    }
}

impl From<rule::Unused> for FactUnused {
    fn from(why: rule::Unused) -> Self {
        match why {
            rule::Unused::Double => Self::Double,
            rule::Unused::Between => Self::Between,
            rule::Unused::Worse => Self::Worse,
            rule::Unused::Void(rule::Void::Clock) => Self::Clock,
            rule::Unused::Void(rule::Void::Unclassified) => Self::Unclassified,
            rule::Unused::Void(rule::Void::Refused) => Self::Refused,
            rule::Unused::NoShift => Self::NoShift,
        }
    }
}

impl From<site::MachineShown> for DayMachine {
    fn from(shown: site::MachineShown) -> Self {
        let machine = shown.machine;
        Self {
            heard_until: machine.heard_until(),
            gap: machine.missing().map(PunchGap::from),
            sn: machine.sn.as_str().to_owned(),
            name: machine.name,
            enabled: machine.enabled,
            covers: shown.covers,
        }
    }
}

impl From<site::Explained> for DayExplained {
    fn from(explained: site::Explained) -> Self {
        let (from, to) = explained.window;
        let deed = |deed: site::Deed| DayDeed {
            time: deed.time,
            who: deed.who,
            what: deed.what,
            subject: deed.subject,
        };
        Self {
            day: explained.day.into(),
            plan: plan(explained.plan, explained.shift.map(Shift::from)),
            window: DayWindow { from: local(from), to: local(to) },
            facts: explained.facts.into_iter().map(DayFact::from).collect(),
            leaves: explained.leaves.into_iter().map(Leave::from).collect(),
            appeals: explained.appeals.into_iter().map(Appeal::from).collect(),
            corrections: explained.corrections.into_iter().map(Correction::from).collect(),
            horizon: explained.horizon.into_iter().map(DayMachine::from).collect(),
            history: explained.history.into_iter().map(deed).collect(),
        }
    }
}

/// One day of one person, judged once more from its facts, with all that the judgement rests on. A day of a locked month is shown
/// as it was kept, beside what its facts are now.
#[utoipa::path(get, path = "/api/attendance/days/{employeeId}/{date}", tag = "attendance",
    operation_id = "explainAttendanceDay",
    params(("employeeId" = String, Path, description = "Whose"), ("date" = String, Path, description = "The date: `2026-07-06`")),
    responses((status = 200, body = DayExplained), (status = 422, body = Problem,
    content_type = "application/problem+json", description = "It is no date."), WithPath, Always))]
pub(crate) async fn get(
    State(api): State<Api>,
    Path((employee, day)): Path<(String, String)>,
) -> Answer<DayExplained> {
    let date = date("/date", &day)?;
    let employee = id_in_path(&employee)?;
    let now = api.site.clock().now();
    let explained = api.site.read(move |conn| day_explain(conn, &employee, date, now)).await?;
    Ok(Json(explained.into()))
}
