//! Who is to work what on which day, and single days set by hand.

use axum::extract::State;
use axum::{Extension, Json};
use chrono::NaiveDate;
use rollcall_core::schedule as site;
use rollcall_core::schedule::plan::{Because, Planned};
use rollcall_core::schedule::shift::ShiftId;
use rollcall_core::schedule::{CellSet, schedule_cells_set, schedule_check, schedule_list};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Body, Object, Query, nullable};
use super::page::{list, page};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::text;
use super::time::date;
use super::types::{Always, Answer, List, WithBody, WithQuery};
use crate::events::Event;

/// What was to be done on a day.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PlannedKind {
    /// To work a shift.
    Works,
    /// Nothing: their assignment leaves the weekday out, their rotation rests, or the day was set to rest.
    Rest,
    /// Nothing: it is a holiday.
    Holiday,
    /// Nobody has said.
    Unscheduled,
    /// They are not hired yet, or have left.
    NotEmployed,
}

/// A day of somebody.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScheduleDay {
    /// Which.
    date: NaiveDate,
    /// What is to be done.
    planned: PlannedKind,
    /// The shift, when one is worked.
    #[schema(required)]
    shift_id: Option<String>,
    /// Whether the day was set by hand.
    cell: bool,
    /// What kind of leave they are on, for all of it or a part.
    #[schema(required)]
    leave: Option<String>,
    /// The holiday it is, worked or not.
    #[schema(required)]
    holiday: Option<String>,
    /// What the make-up workday it is is called.
    #[schema(required)]
    make_up: Option<String>,
}

/// The days of somebody.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScheduleRow {
    /// Whose.
    employee_id: String,
    /// Their name.
    name: String,
    /// What their department is called.
    #[schema(required)]
    department_name: Option<String>,
    /// Every date from the first to the last.
    days: Vec<ScheduleDay>,
}

/// Which days of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct ScheduleQuery {
    /// The first date.
    #[param(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    from: String,
    /// The last date; at most 62 days are listed at once.
    #[param(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    to: String,
    /// Only this person's.
    #[param(nullable = false)]
    employee_id: Option<String>,
    /// Only of people of this department and the ones beneath it.
    #[param(nullable = false)]
    department_id: Option<String>,
    /// Only of people of this branch, of its departments, and of the branches beneath it.
    #[param(nullable = false)]
    branch_id: Option<String>,
    /// Part of a name, of its pinyin (in full or as initials), of an id, an employee number or a mobile number.
    #[param(nullable = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    search: Option<String>,
    /// At most so many people; 100 when absent.
    #[param(minimum = 1, maximum = 1000, nullable = false)]
    limit: Option<u32>,
    /// The `next` of the page before.
    #[param(nullable = false)]
    cursor: Option<String>,
}

/// A day of somebody, and what it is to be set to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ScheduleCell {
    /// Whose.
    employee_id: String,
    /// Which.
    #[schema(format = Date, pattern = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
    date: String,
    /// A shift; `null` for rest; `default` for nothing: the day is as the assignments say again.
    #[schema(value_type = Option<String>, required)]
    #[serde(default, deserialize_with = "nullable")]
    shift_id: Option<Option<String>>,
}

/// Days to set.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScheduleCells {
    /// The days; each day of a person once.
    #[schema(value_type = Vec<ScheduleCell>, max_items = 20_000)]
    cells: Vec<Object<ScheduleCell>>,
}

/// What is odd about one of the days. Only a locked month keeps a day from being set.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScheduleProblem {
    /// Whose.
    employee_id: String,
    /// Which.
    date: NaiveDate,
    /// `schedule.locked`, `schedule.not_employed`, `schedule.holiday`, `schedule.on_leave`, `schedule.overlap` (with the shift
    /// before or after) or `schedule.short_rest` (less than eleven hours to it).
    code: &'static str,
    /// In English.
    detail: String,
}

/// What setting days did, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ScheduleReport {
    /// How many days are set to something else than they were.
    changed: u64,
    /// What is odd about the days.
    problems: Vec<ScheduleProblem>,
}

impl From<&Planned> for PlannedKind {
    fn from(planned: &Planned) -> Self {
        match planned {
            Planned::Works(_) => Self::Works,
            Planned::Rest => Self::Rest,
            Planned::Holiday(_) => Self::Holiday,
            Planned::Unscheduled => Self::Unscheduled,
            Planned::NotEmployed => Self::NotEmployed,
        }
    }
}

impl From<site::ScheduleDay> for ScheduleDay {
    fn from(day: site::ScheduleDay) -> Self {
        let shift_id = day.plan.shift().map(|shift| shift.id.0.clone());
        Self {
            date: day.date,
            planned: PlannedKind::from(&day.plan.planned),
            shift_id,
            cell: day.plan.because == Because::Cell,
            leave: day.leave,
            holiday: day.holiday,
            make_up: day.plan.make_up,
        }
    }
}

impl From<site::ScheduleRow> for ScheduleRow {
    fn from(row: site::ScheduleRow) -> Self {
        Self {
            employee_id: row.employee.as_str().to_owned(),
            name: row.name,
            department_name: row.department_name,
            days: row.days.into_iter().map(ScheduleDay::from).collect(),
        }
    }
}

impl From<site::CellsReport> for ScheduleReport {
    fn from(report: site::CellsReport) -> Self {
        let problems = report.problems.into_iter().map(|problem| ScheduleProblem {
            employee_id: problem.employee,
            date: problem.date,
            code: problem.code,
            detail: problem.detail,
        });
        Self { changed: report.changed, problems: problems.collect() }
    }
}

fn read(body: ScheduleCells) -> Result<Vec<site::CellChange>, Problem> {
    if body.cells.len() > site::CELLS_MOST {
        let detail = format!("at most {} days at once; set them in parts", site::CELLS_MOST);
        return Err(Problem::invalid("/cells", "schedule.too_many", detail));
    }
    let cells = body.cells.into_iter().enumerate().map(|(index, Object(cell))| {
        let set = match cell.shift_id {
            Some(Some(id)) if id == "default" => CellSet::Default,
            Some(Some(id)) => CellSet::Shift(ShiftId(id)),
            Some(None) => CellSet::Rest,
            None => {
                let pointer = format!("/cells/{index}/shiftId");
                return Err(Problem::invalid(&pointer, "body.invalid", "missing field `shiftId`"));
            }
        };
        let date = date(&format!("/cells/{index}/date"), &cell.date)?;
        Ok(site::CellChange { employee: cell.employee_id, date, set })
    });
    cells.collect()
}

/// What people are to do on each of a stretch of days, by name. Whoever had left before the first of them is left out.
#[utoipa::path(get, path = "/api/schedule", tag = "schedule", operation_id = "listSchedule", params(ScheduleQuery),
    responses((status = 200, body = List<ScheduleRow>), WithQuery, Always))]
pub(crate) async fn get_all(
    State(api): State<Api>,
    Query(query): Query<ScheduleQuery>,
) -> Answer<List<ScheduleRow>> {
    let page = page(query.limit, query.cursor)?;
    text::check_query("/search", query.search.as_deref())?;
    let (from, to) = (date("/from", &query.from)?, date("/to", &query.to)?);
    let filter = site::ScheduleFilter {
        employee_id: query.employee_id,
        department_id: query.department_id,
        branch_id: query.branch_id,
        search: query.search,
    };
    let paged = api.site.read(move |conn| schedule_list(conn, &filter, from, to, &page)).await?;
    Ok(Json(list(paged, ScheduleRow::from)))
}

/// What setting days by hand would do; nothing is changed by this.
#[utoipa::path(post, path = "/api/schedule/preview", tag = "schedule", operation_id = "previewSchedule",
    request_body = ScheduleCells, responses((status = 200, body = ScheduleReport), WithBody, Always))]
pub(crate) async fn preview(
    State(api): State<Api>,
    Body(body): Body<ScheduleCells>,
) -> Answer<ScheduleReport> {
    let cells = read(body)?;
    let report = api.site.read(move |conn| schedule_check(conn, &cells)).await?;
    Ok(Json(report.into()))
}

/// Sets days by hand, all of them but those of locked months; or none when one is of nobody or has a shift that does not exist.
#[utoipa::path(put, path = "/api/schedule", tag = "schedule", operation_id = "putSchedule",
    request_body = ScheduleCells, responses((status = 200, body = ScheduleReport), WithBody, Always))]
pub(crate) async fn put(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(body): Body<ScheduleCells>,
) -> Answer<ScheduleReport> {
    let cells = read(body)?;
    let report = api.site.write(move |tx| schedule_cells_set(tx, &actor, &cells)).await?;
    if report.changed > 0 {
        api.events.tell(Event::Schedule {});
    }
    Ok(Json(report.into()))
}
