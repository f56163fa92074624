//! The month sheet as a workbook.

use axum::extract::State;
use axum::response::Response;
use rollcall_core::Connection;
use rollcall_core::attendance::{DateKind, Month, Sheet, SheetDate, SheetRow, Whom, sheet};
use rollcall_core::clock::Timestamp;
use rollcall_core::page::Page;
use rollcall_sheets::report::{Cell, Layout, Look, Report};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{ExportError, ReportFormat, file};
use crate::api::attendance::words::Words;
use crate::api::attendance::{month, whom};
use crate::api::extract::Query;
use crate::api::imports::files::FileLanguage;
use crate::api::problem::Problem;
use crate::api::state::Api;
use crate::api::types::{Always, FileBytes, WithQuery};

/// Which month, whose, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct SheetExportQuery {
    /// The month.
    #[param(example = "2026-07")]
    month: String,
    /// Only people of this department and the ones beneath it.
    #[param(nullable = false)]
    department_id: Option<String>,
    /// Only people of this branch, of its departments, and of the branches beneath it.
    #[param(nullable = false)]
    branch_id: Option<String>,
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

/// The month sheet as a workbook: name by day with totals, a legend and a place to sign; on a second page every mark in full, with
/// what became of it.
#[utoipa::path(get, path = "/api/attendance/sheet/export", tag = "attendance", operation_id = "exportAttendanceSheet",
    params(SheetExportQuery), responses((status = 200, description = "The file.",
    body = FileBytes, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), WithQuery, Always))]
pub(crate) async fn month_sheet(
    State(api): State<Api>,
    Query(query): Query<SheetExportQuery>,
) -> Result<Response, Problem> {
    let month = month(&query.month)?;
    let whom = whom(None, query.department_id, query.branch_id, query.search)?.unwrap_or_default();
    let (words, now) = (Words(query.language.unwrap_or_default()), api.site.clock().now());
    let bytes = api.site.read(move |conn| write_sheet(conn, &whom, month, now, words)).await?;
    Ok(file(bytes, &format!("rollcall-attendance-{month}")))
}

/// People that are read at a time.
const PEOPLE_AT_ONCE: u32 = 200;

fn write_sheet(
    conn: &Connection,
    whom: &Whom,
    month: Month,
    now: Timestamp,
    words: Words,
) -> Result<Vec<u8>, ExportError> {
    let mut report = Report::new();
    let mut marks: Vec<[Cell; 4]> = Vec::new();
    let mut page = Page { limit: PEOPLE_AT_ONCE, cursor: None };
    let mut first = true;
    loop {
        let part = sheet(conn, whom, month, &page, now)?;
        if first {
            head(&mut report, &part, words)?;
            first = false;
        }
        for row in &part.rows.items {
            report.row(&sheet_row(row, &part, words))?;
            marks.extend(marks_of(row, words));
        }
        page.cursor = part.rows.next;
        if page.cursor.is_none() {
            break;
        }
    }
    report.row(&[])?;
    for line in words.legend() {
        report.row(&[Cell::text(line, Look::Note)])?;
    }
    report.page(&Layout {
        name: words.pick("标记明细", "Marks").to_owned(),
        widths: vec![11.0, 12.0, 16.0, 50.0],
        head: (0, 0),
        fixed: 0,
    })?;
    let heads = words.all(["日期", "姓名", "部门", "标记"], ["Date", "Name", "Department", "Mark"]);
    report.row(&heads.map(|head| Cell::text(head, Look::Head)))?;
    for mark in &marks {
        report.row(mark)?;
    }
    Ok(report.finish()?)
}

/// Heads of the columns behind the days.
const TOTALS: usize = 13;

fn totals(words: Words) -> [&'static str; TOTALS] {
    words.all(
        [
            "应出勤\n(时)",
            "工时\n(时)",
            "出勤\n天数",
            "迟到\n(次)",
            "迟到\n(分)",
            "早退\n(次)",
            "早退\n(分)",
            "缺卡\n(次)",
            "旷工\n(天)",
            "请假\n(天)",
            "加班\n(时)",
            "申诉\n通过",
            "签字",
        ],
        [
            "Required\n(h)",
            "Worked\n(h)",
            "Days\nworked",
            "Late\n(times)",
            "Late\n(min)",
            "Early\n(times)",
            "Early\n(min)",
            "Missing\npunches",
            "Absent\n(days)",
            "Leave\n(days)",
            "Overtime\n(h)",
            "Appeals\napproved",
            "Signature",
        ],
    )
}

fn head(report: &mut Report, sheet: &Sheet, words: Words) -> Result<(), ExportError> {
    let month = sheet.month;
    let title = words.pick(format!("{month} 考勤表"), format!("Attendance {month}"));
    let state = match (sheet.locked, sheet.provisional) {
        (true, _) => words.pick("本月已锁定", "This month is locked"),
        (false, true) => words.pick(
            "暂定：本月未结束或数据未到齐",
            "Provisional: the month is not over, or data is still to come",
        ),
        (false, false) => words.pick("数据已到齐", "All data is here"),
    };
    let mut widths = vec![10.0, 14.0];
    widths.extend(sheet.dates.iter().map(|_| 5.5));
    widths.extend([7.5; TOTALS - 1]);
    widths.push(14.0);
    let name = words.pick("考勤表", "Attendance").to_owned();
    report.page(&Layout { name, widths, head: (2, 3), fixed: 2 })?;
    report.row(&[Cell::text(title, Look::Title)])?;
    report.row(&[Cell::text(state, Look::Note)])?;
    let off = |date: &SheetDate| match words.kind(date.kind) {
        "" if date.weekday >= 6 => Look::HeadOff,
        "" => Look::Head,
        _ if date.kind == DateKind::Holiday => Look::HeadOff,
        _ => Look::Head,
    };
    let mut numbers = vec![Cell::text(words.pick("姓名", "Name"), Look::Head)];
    numbers.push(Cell::text(words.pick("部门", "Department"), Look::Head));
    let mut weekdays = vec![Cell::Blank(Look::Head), Cell::Blank(Look::Head)];
    for date in &sheet.dates {
        numbers.push(Cell::text(date.date.format("%-d").to_string(), off(date)));
        let kind = words.kind(date.kind);
        let weekday = words.weekday(date.weekday);
        weekdays.push(Cell::text(
            if kind.is_empty() { weekday.to_owned() } else { format!("{weekday}\n{kind}") },
            off(date),
        ));
    }
    numbers.extend(totals(words).map(|head| Cell::text(head, Look::Head)));
    weekdays.extend([const { Cell::Blank(Look::Head) }; TOTALS]);
    report.row(&numbers)?;
    report.row(&weekdays)?;
    Ok(())
}

fn sheet_row(row: &SheetRow, sheet: &Sheet, words: Words) -> Vec<Cell> {
    let mut cells = vec![
        Cell::text(row.person.name.clone(), Look::Text),
        Cell::text(row.person.department_name.clone().unwrap_or_default(), Look::Text),
    ];
    let mut days = row.days.iter().peekable();
    for column in &sheet.dates {
        cells.push(match days.next_if(|day| day.date == column.date) {
            Some(day) => {
                let (text, look) = words.cell(day);
                Cell::Text(text, look)
            }
            None => Cell::Blank(Look::Cell),
        });
    }
    let totals = &row.totals;
    // Hours to two decimals; whoever needs minutes has them in the day report.
    let hours = |minutes: i64| Cell::Number((minutes as f64 / 60.0 * 100.0).round() / 100.0, Look::Number);
    let whole = |count: i64| Cell::Number(count as f64, Look::Number);
    let days = |days: f64| Cell::Number(days, Look::Number);
    cells.extend([
        hours(totals.required),
        hours(totals.worked),
        whole(totals.worked_days.into()),
        whole(totals.late.into()),
        whole(totals.late_minutes),
        whole(totals.early.into()),
        whole(totals.early_minutes),
        whole(totals.missing.into()),
        days(totals.absent_days),
        days(totals.leave_days),
        hours(totals.overtime),
        whole(totals.lifted.into()),
        Cell::Blank(Look::Text),
    ]);
    cells
}

fn marks_of(row: &SheetRow, words: Words) -> impl Iterator<Item = [Cell; 4]> {
    let text = |text: String| Cell::Text(text, Look::Text);
    row.days.iter().flat_map(move |day| {
        day.marks.iter().map(move |mark| {
            [
                text(day.date.to_string()),
                text(row.person.name.clone()),
                text(row.person.department_name.clone().unwrap_or_default()),
                text(words.mark(mark)),
            ]
        })
    })
}
