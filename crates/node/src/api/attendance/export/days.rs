//! The day report as a workbook.

use axum::extract::State;
use axum::response::Response;
use rollcall_core::Connection;
use rollcall_core::attendance::{DAYS_MOST, DayFilter, DayStatus, DayView, Whom, day_each};
use rollcall_core::clock::Timestamp;
use rollcall_sheets::report::{Cell, Layout, Look, Report};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{ExportError, ReportFormat, file};
use crate::api::attendance::types::{DayStatus as Status, MarkKind, local};
use crate::api::attendance::words::Words;
use crate::api::attendance::{dates, whom};
use crate::api::extract::Query;
use crate::api::imports::files::FileLanguage;
use crate::api::problem::Problem;
use crate::api::state::Api;
use crate::api::types::{Always, FileBytes, WithQuery};

/// Which days, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct DayExportQuery {
    /// The first date.
    #[param(example = "2026-07-01")]
    from: String,
    /// The last date; at most 62 days.
    #[param(example = "2026-07-31")]
    to: String,
    /// Only this person's.
    #[param(nullable = false)]
    employee_id: Option<String>,
    /// Only of this department and the ones beneath it.
    #[param(nullable = false)]
    department_id: Option<String>,
    /// Only of this branch, of its departments, and of the branches beneath it.
    #[param(nullable = false)]
    branch_id: Option<String>,
    /// Only those that are this, in a word.
    #[param(inline, nullable = false)]
    status: Option<Status>,
    /// Only those with such a mark that is not lifted.
    #[param(inline, nullable = false)]
    mark: Option<MarkKind>,
    /// As in the list of people.
    #[param(nullable = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    search: Option<String>,
    /// Its form; a workbook when absent.
    #[param(inline, nullable = false)]
    #[expect(dead_code, reason = "there is one form; it is named so that another one may follow")]
    format: Option<ReportFormat>,
    /// Its language; Chinese when absent.
    #[param(inline, nullable = false)]
    language: Option<FileLanguage>,
}

/// The days of people, as a workbook.
#[utoipa::path(get, path = "/api/attendance/days/export", tag = "attendance", operation_id = "exportAttendanceDays",
    params(DayExportQuery), responses((status = 200, description = "The file.",
    body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), WithQuery, Always))]
pub(crate) async fn days(
    State(api): State<Api>,
    Query(query): Query<DayExportQuery>,
) -> Result<Response, Problem> {
    let dates = dates(&query.from, &query.to, DAYS_MOST)?;
    let whom = whom(query.employee_id.as_deref(), query.department_id, query.branch_id, query.search)?;
    let filter = DayFilter {
        // Somebody who cannot exist has no days.
        dates,
        status: query.status.map(DayStatus::from),
        mark: query.mark.map(Into::into),
        whom: whom.unwrap_or_else(Whom::nobody),
    };
    let (words, now) = (Words(query.language.unwrap_or_default()), api.site.clock().now());
    let bytes = api.site.read(move |conn| write_days(conn, &filter, now, words)).await?;
    Ok(file(bytes, &format!("rollcall-days-{}-{}", dates.from, dates.to)))
}

fn write_days(
    conn: &Connection,
    filter: &DayFilter,
    now: Timestamp,
    words: Words,
) -> Result<Vec<u8>, ExportError> {
    let mut report = Report::new();
    let (from, to) = (filter.dates.from, filter.dates.to);
    report.page(&Layout {
        name: words.pick("考勤日报", "Day report").to_owned(),
        widths: vec![11.0, 5.0, 12.0, 16.0, 12.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 40.0, 10.0],
        head: (1, 1),
        fixed: 3,
    })?;
    let title = words.pick("考勤日报", "Day report");
    let dates = if from == to { from.to_string() } else { format!("{from} – {to}") };
    report.row(&[Cell::text(format!("{title} {dates}"), Look::Title)])?;
    let heads = words.all(
        [
            "日期",
            "星期",
            "姓名",
            "部门",
            "班次",
            "上班",
            "下班",
            "应出勤(分)",
            "工时(分)",
            "加班(分)",
            "请假(分)",
            "结果",
            "标记",
            "备注",
        ],
        [
            "Date",
            "Day",
            "Name",
            "Department",
            "Shift",
            "In",
            "Out",
            "Required (min)",
            "Worked (min)",
            "Overtime (min)",
            "Leave (min)",
            "Result",
            "Marks",
            "Note",
        ],
    );
    report.row(&heads.map(|head| Cell::text(head, Look::Head)))?;
    let mut failed = Ok(());
    day_each(conn, filter, now, |day| {
        if failed.is_ok() {
            failed = report.row(&day_row(&day, words));
        }
    })?;
    failed?;
    Ok(report.finish()?)
}

fn day_row(day: &DayView, words: Words) -> [Cell; 14] {
    let time = |at: Option<_>| at.map(|at| local(at).format("%m-%d %H:%M").to_string()).unwrap_or_default();
    let text = |text: String| Cell::Text(text, Look::Text);
    let number = |number: i32| Cell::Number(number.into(), Look::Number);
    let note = match (day.locked, day.provisional) {
        (true, _) => words.pick("已锁定", "Locked"),
        (false, true) => words.pick("暂定", "Provisional"),
        (false, false) => "",
    };
    let shift = day.shift.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
    [
        text(day.date.to_string()),
        text(words.weekday_of(day.date).to_owned()),
        text(day.person.name.clone()),
        text(day.person.department_name.clone().unwrap_or_default()),
        text(shift),
        text(time(day.first_in)),
        text(time(day.last_out)),
        number(day.required),
        number(day.worked),
        number(day.overtime),
        number(day.leave),
        text(words.status(day.status).to_owned()),
        text(words.marks(&day.marks)),
        text(note.to_owned()),
    ]
}
