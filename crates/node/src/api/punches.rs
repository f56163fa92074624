//! Punches, and the lines that could not be read as such.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use rollcall_core::Sn;
use rollcall_core::directory::EmployeeId;
use rollcall_core::punches as site;
use rollcall_core::punches::{Flag, PunchFilter, punch_list, punches_by_quarter, rejected_list};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::Query;
use super::machines::Dialect;
use super::page::{PageQuery, list, page};
use super::problem::Problem;
use super::state::Api;
use super::text;
use super::time::{bound, with_offset};
use super::types::{Always, Answer, List, WithQuery};

/// One identification at one machine at one time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Punch {
    /// Its number; later arrivals have higher ones.
    id: i64,
    /// The machine's serial number.
    sn: String,
    /// What people call the machine.
    machine_name: String,
    /// The number as the machine sent it.
    pin: String,
    /// Whose punch it is; null while nobody had the number at that time.
    #[schema(required)]
    employee_id: Option<String>,
    /// Their name.
    #[schema(required)]
    name: Option<String>,
    /// The machine's wall clock, with the offset its zone had then.
    time: DateTime<FixedOffset>,
    /// The key pressed, as the machine numbers it.
    #[schema(required)]
    status: Option<i32>,
    /// How the person was identified, as the machine sent it.
    verify: String,
    /// The work code.
    work_code: String,
    /// How it came here.
    source: PunchSource,
    /// Whether it counts.
    kind: PunchKind,
    /// The machine's own number for what happened, where its dialect has one.
    #[schema(required)]
    event: Option<i32>,
    /// How its machine talks, which tells what `verify`, `status` and `event` mean.
    #[schema(required)]
    dialect: Option<Dialect>,
    /// What is odd about it.
    flags: Vec<PunchFlag>,
    /// When it came here.
    received_at: DateTime<Utc>,
}

/// How a punch came here.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PunchSource {
    /// The machine sent it by itself.
    Live,
    /// It was asked for again.
    Reupload,
    /// From a file.
    File,
}

/// Whether a punch counts.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PunchKind {
    /// An identification.
    Punch,
    /// The machine let nobody in.
    Refused,
    /// Nobody knows yet what the machine meant.
    Unclassified,
}

/// What is odd about a punch.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PunchFlag {
    /// From the future, by more than a minute.
    Future,
    /// From before 2000.
    Ancient,
    /// By a clock known to be off.
    ClockOff,
    /// By somebody who is disabled on that machine.
    DisabledPerson,
}

/// What is odd about a punch.
pub(crate) fn punch_flags(flags: site::Flags) -> Vec<PunchFlag> {
    let all = [
        (Flag::Future, PunchFlag::Future),
        (Flag::Ancient, PunchFlag::Ancient),
        (Flag::ClockOff, PunchFlag::ClockOff),
        (Flag::DisabledPerson, PunchFlag::DisabledPerson),
    ];
    all.into_iter().filter(|(flag, _)| flags.has(*flag)).map(|(_, shown)| shown).collect()
}

impl From<site::PunchView> for Punch {
    fn from(punch: site::PunchView) -> Self {
        let (employee_id, name) = match punch.employee {
            Some((id, name)) => (Some(id.as_str().to_owned()), Some(name)),
            None => (None, None),
        };
        Self {
            id: punch.id.0,
            sn: punch.sn.to_string(),
            machine_name: punch.machine_name,
            pin: punch.pin,
            employee_id,
            name,
            time: with_offset(punch.wall, punch.utc_offset),
            status: punch.status,
            verify: punch.verify,
            work_code: punch.work_code,
            source: match punch.source {
                site::Source::Live => PunchSource::Live,
                site::Source::Reupload => PunchSource::Reupload,
                site::Source::File => PunchSource::File,
            },
            kind: match punch.kind {
                site::Kind::Punch => PunchKind::Punch,
                site::Kind::Refused => PunchKind::Refused,
                site::Kind::Unclassified => PunchKind::Unclassified,
            },
            event: punch.event,
            dialect: punch.dialect.map(Dialect::from),
            flags: punch_flags(punch.flags),
            received_at: punch.received_at,
        }
    }
}

/// Which punches.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct PunchQuery {
    /// Of this machine.
    #[param(nullable = false)]
    sn: Option<String>,
    /// Of this employee.
    #[param(nullable = false)]
    employee_id: Option<String>,
    /// Under this number; leading zeros do not matter.
    #[param(nullable = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    pin: Option<String>,
    /// Not before: a date of the machine's own calendar, or a time with offset.
    #[param(nullable = false, example = "2026-07-06")]
    from: Option<String>,
    /// Not after, itself included: a date of the machine's own calendar, or a time with offset.
    #[param(nullable = false, example = "2026-07-06T18:00:00+08:00")]
    to: Option<String>,
    /// Only those that belong to somebody, or only those that do not.
    #[param(nullable = false)]
    matched: Option<bool>,
    /// Newest first by the machines' clocks (`time`, the usual), or by arrival.
    #[param(nullable = false, inline)]
    order: Option<PunchOrder>,
    /// At most so many items; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// The order of punches, newest first.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PunchOrder {
    /// By the machines' clocks.
    Time,
    /// By arrival, which no wrong clock disturbs.
    Arrival,
}

/// A line that could not be read as a punch; the other lines of its upload were kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RejectedLine {
    /// Its number.
    id: i64,
    /// The machine's serial number.
    sn: String,
    /// The line as it came.
    line: String,
    /// Why: `punch.no_pin`, `punch.time_missing`, `punch.time_unreadable`, `punch.time_impossible` …
    reason: String,
    /// When it came first.
    received_at: DateTime<Utc>,
}

/// Punches, newest first.
#[utoipa::path(get, path = "/api/punches", tag = "punches", operation_id = "listPunches", params(PunchQuery),
    responses((status = 200, body = List<Punch>), WithQuery, Always))]
pub(crate) async fn get_all(State(api): State<Api>, Query(query): Query<PunchQuery>) -> Answer<List<Punch>> {
    let page = page(query.limit, query.cursor)?;
    text::check_query("/pin", query.pin.as_deref())?;
    let Some(filter) = filter(query.sn, query.employee_id, |filter| {
        filter.pin = query.pin;
        filter.from = query.from.as_deref().map(|text| bound("/from", text)).transpose()?;
        filter.to = query.to.as_deref().map(|text| bound("/to", text)).transpose()?;
        filter.matched = query.matched;
        filter.order = match query.order {
            Some(PunchOrder::Arrival) => site::Order::Arrival,
            Some(PunchOrder::Time) | None => site::Order::Time,
        };
        Ok(())
    })?
    else {
        return Ok(Json(List::empty()));
    };
    let paged = api.site.read(move |conn| punch_list(conn, &filter, &page)).await?;
    Ok(Json(list(paged, Punch::from)))
}

/// The filter; nothing when it asks for a machine or a person that cannot exist.
fn filter(
    sn: Option<String>,
    employee: Option<String>,
    fill: impl FnOnce(&mut PunchFilter) -> Result<(), Problem>,
) -> Result<Option<PunchFilter>, Problem> {
    let mut filter = PunchFilter::default();
    fill(&mut filter)?;
    filter.sn = match sn.as_deref().map(Sn::new).transpose() {
        Ok(sn) => sn,
        Err(_) => return Ok(None),
    };
    filter.employee_id = match employee.as_deref().map(EmployeeId::new).transpose() {
        Ok(id) => id,
        Err(_) => return Ok(None),
    };
    Ok(Some(filter))
}

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct QuarterQuery {
    /// By the machines' own calendars.
    date: NaiveDate,
}

/// The punches of a day in numbers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PunchQuarters {
    /// The day.
    date: NaiveDate,
    /// How many there were.
    total: u64,
    /// The same by quarter hour: 96 counts, the first from 00:00 to 00:15.
    #[schema(min_items = 96, max_items = 96)]
    quarter_hours: Vec<u32>,
}

/// How many punches of a day came when, by the machines' clocks.
#[utoipa::path(get, path = "/api/punches/quarters", tag = "punches", operation_id = "countPunches",
    params(QuarterQuery), responses((status = 200, body = PunchQuarters), WithQuery, Always))]
pub(crate) async fn quarters(
    State(api): State<Api>,
    Query(QuarterQuery { date }): Query<QuarterQuery>,
) -> Answer<PunchQuarters> {
    let quarters = api.site.read(move |conn| punches_by_quarter(conn, date)).await?;
    Ok(Json(PunchQuarters {
        date,
        total: quarters.iter().map(|count| u64::from(*count)).sum(),
        quarter_hours: quarters.to_vec(),
    }))
}

/// The lines that could not be read as punches, newest first.
#[utoipa::path(get, path = "/api/punches/rejected", tag = "punches", operation_id = "listRejectedLines",
    params(PageQuery), responses((status = 200, body = List<RejectedLine>), WithQuery, Always))]
pub(crate) async fn rejected(State(api): State<Api>, query: Query<PageQuery>) -> Answer<List<RejectedLine>> {
    let page = query.page()?;
    let paged = api.site.read(move |conn| rejected_list(conn, &page)).await?;
    Ok(Json(list(paged, |line| RejectedLine {
        id: line.id,
        sn: line.sn.to_string(),
        line: line.line,
        reason: line.reason,
        received_at: line.received_at,
    })))
}
