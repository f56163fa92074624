//! A whole calendar at once: a table, JSON, the yearly notice, or a year that is built in.

use axum::extract::{FromRequest, Request, State};
use axum::{Extension, Json};
use bytes::Bytes;
use rollcall_core::schedule as site;
use rollcall_core::schedule::{
    CalendarForm, CalendarRead, ScheduleError, calendar_built_in, calendar_check, calendar_form,
    calendar_import, calendar_of_json, calendar_of_notice, calendar_of_rows,
};
use rollcall_sheets::SheetError;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::calendar::{CalendarDay, checked_year};
use super::extract::Query;
use super::problem::Problem;
use super::state::{Api, Caller};
use super::types::{Always, Answer};
use super::upload::{FORM_MOST, Form, Part, reading, unreadable};
use crate::events::Event;

/// How a calendar is to be taken.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct CalendarImportQuery {
    /// Only say what it would do.
    #[param(nullable = false)]
    dry_run: Option<bool>,
    /// The year a notice is of, when it does not say.
    #[param(minimum = 1900, maximum = 9999, nullable = false)]
    year: Option<i32>,
}

/// A calendar: exactly one of the three.
#[derive(Debug, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "the description is generated from it")]
pub(crate) struct CalendarUpload {
    /// A file: XLSX, or CSV in UTF-8 or GBK, with the columns date (日期), kind (类型: holiday 放假 or workday 上班), name (名称)
    /// and, if one likes, asWeekday (按星期); JSON of the form `{"days": [{"date", "name", "isOffDay"}]}`; or the text of the
    /// yearly notice.
    #[schema(value_type = String, required = false, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// The same as text: the notice of the State Council's office as it is published (国务院办公厅关于部分节假日安排的通知), CSV or
    /// JSON.
    #[schema(
        required = false,
        example = "一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。"
    )]
    text: String,
    /// A year whose calendar of mainland China is built in.
    #[schema(required = false, example = 2026)]
    built_in: i32,
}

/// What becomes of a date.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum CalendarAction {
    /// Nothing was said of it before.
    Added,
    /// Something else was.
    Changed,
    /// The same was.
    Unchanged,
}

/// A date of a calendar, and what becomes of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportedCalendarDay {
    /// The date.
    #[serde(flatten)]
    day: CalendarDay,
    /// What becomes of it.
    action: CalendarAction,
}

/// A row of a calendar that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CalendarRowWrong {
    /// Its number, from 1: a row of a table, a line of a notice, a place in a list.
    row: u32,
    /// Stable, dotted, lower case.
    code: &'static str,
    /// In English.
    detail: String,
}

/// What a calendar did, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CalendarImportReport {
    /// All its dates, in their order.
    days: Vec<ImportedCalendarDay>,
    /// How many are new.
    added: u64,
    /// How many are something else than they were.
    changed: u64,
    /// How many are as they were.
    unchanged: u64,
    /// What is wrong with it.
    rejected: Vec<CalendarRowWrong>,
}

/// A calendar is wrong and nothing was taken: a problem with the report.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CalendarImportProblem {
    /// What is wrong.
    #[serde(flatten)]
    problem: Problem,
    /// With which rows.
    #[serde(flatten)]
    report: CalendarImportReport,
}

impl From<site::CalendarAction> for CalendarAction {
    fn from(action: site::CalendarAction) -> Self {
        match action {
            site::CalendarAction::Added => Self::Added,
            site::CalendarAction::Changed => Self::Changed,
            site::CalendarAction::Unchanged => Self::Unchanged,
        }
    }
}

impl From<site::CalendarReport> for CalendarImportReport {
    fn from(report: site::CalendarReport) -> Self {
        let [added, changed, unchanged] =
            [site::CalendarAction::Added, site::CalendarAction::Changed, site::CalendarAction::Unchanged]
                .map(|action| report.count(action));
        let days = report
            .days
            .into_iter()
            .map(|(day, action)| ImportedCalendarDay { day: day.into(), action: action.into() });
        let rejected = report.wrong.into_iter().map(|wrong| CalendarRowWrong {
            row: wrong.row,
            code: wrong.code,
            detail: wrong.detail,
        });
        Self { days: days.collect(), added, changed, unchanged, rejected: rejected.collect() }
    }
}

/// Where a calendar comes from.
pub(crate) enum CalendarSource {
    File(Bytes),
    Text(String),
    BuiltIn(i32),
}

impl<S: Send + Sync> FromRequest<S> for CalendarSource {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let mut form = Form::read(request, state, FORM_MOST, &["file", "text", "builtIn"]).await?;
        match (form.take("file"), form.take("text"), form.take("builtIn")) {
            (Some(Part { bytes, .. }), None, None) => Ok(Self::File(bytes)),
            (None, Some(part), None) => Ok(Self::Text(part.text()?)),
            (None, None, Some(part)) => {
                let year = part.text()?;
                year.trim().parse().map(Self::BuiltIn).map_err(|_| {
                    Problem::invalid("/builtIn", "calendar.year", format!("{year:?} is no year like 2026"))
                })
            }
            _ => {
                let detail = "the form has exactly one of the parts file, text and builtIn";
                Err(Problem::invalid("", "calendar.source", detail))
            }
        }
    }
}

impl CalendarSource {
    fn pointer(&self) -> &'static str {
        match self {
            Self::File(_) => "/file",
            Self::Text(_) => "/text",
            Self::BuiltIn(_) => "/builtIn",
        }
    }

    fn read(self, year: Option<i32>) -> Result<CalendarRead, Problem> {
        let pointer = self.pointer();
        let wrong = |error: ScheduleError| Problem::invalid(pointer, error.code(), error.to_string());
        let sheet = |error: SheetError| unreadable(pointer, &error);
        let bytes = match self {
            Self::BuiltIn(year) => return calendar_built_in(year).map_err(wrong),
            Self::Text(text) => Bytes::from(text),
            Self::File(bytes) => bytes,
        };
        if !rollcall_sheets::is_workbook(&bytes) {
            let text = rollcall_sheets::text(&bytes).map_err(sheet)?;
            match calendar_form(&text) {
                CalendarForm::Json => return calendar_of_json(&text).map_err(wrong),
                CalendarForm::Notice => return calendar_of_notice(&text, year).map_err(wrong),
                CalendarForm::Table => {}
            }
        }
        let rows = rollcall_sheets::read(&bytes).map_err(sheet)?;
        let rows: Vec<_> = rows.into_iter().map(|row| (row.number, row.cells)).collect();
        calendar_of_rows(&rows).map_err(wrong)
    }
}

/// Takes in a calendar: all of it, or nothing when anything in it is wrong. A date it does not name stays as it is.
#[utoipa::path(post, path = "/api/calendar-days/import", tag = "schedule", operation_id = "importCalendarDays",
    params(CalendarImportQuery),
    request_body(content = CalendarUpload, content_type = "multipart/form-data"),
    responses((status = 200, body = CalendarImportReport),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "The form cannot be read."),
    (status = 413, body = Problem, content_type = "application/problem+json", description = "More than 20 MB."),
    (status = 415, body = Problem, content_type = "application/problem+json", description = "No form."),
    (status = 422, body = CalendarImportProblem, content_type = "application/problem+json",
    description = "Rows are wrong and nothing was taken; or, without a report, it is no calendar."), Always))]
pub(crate) async fn import(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Query(query): Query<CalendarImportQuery>,
    source: CalendarSource,
) -> Answer<CalendarImportReport> {
    let (year, pointer) = (checked_year(query.year)?, source.pointer());
    let read = reading("a calendar", pointer, move || source.read(year)).await?;
    if query.dry_run.unwrap_or(false) {
        let report = api.site.read(move |conn| calendar_check(conn, read)).await?;
        return Ok(Json(report.into()));
    }
    let report = api.site.write(move |tx| calendar_import(tx, &actor, read)).await?;
    api.events.tell(Event::Schedule {});
    Ok(Json(report.into()))
}
