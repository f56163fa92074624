//! Whole files of people, in and out.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use rollcall_core::directory as site;
use rollcall_core::directory::{
    DirectoryError, ImportError, export_employees, export_template, import_check, import_employees,
    import_last, import_undo,
};
use rollcall_core::settings::settings_get;
use rollcall_sheets::{SheetError, Table};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::employees::EmployeeStatus;
use super::extract::{Path, Query};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::text;
use super::time::today;
use super::types::{Always, Answer, FileBytes, WithPath, WithQuery};
use super::upload::Upload;
use crate::events::Event;

/// How a file is to be taken.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct ImportQuery {
    /// Only say what the file would do.
    #[param(nullable = false)]
    dry_run: Option<bool>,
    /// Take the rows that are right when others are wrong.
    #[param(nullable = false)]
    partial: Option<bool>,
}

/// A file of people: XLSX, or CSV in UTF-8 or GBK, of at most 20 MB and 100,000 rows.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the description is generated from it")]
pub(crate) struct ImportUpload {
    /// The file.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// What columns hold: a JSON object of column headers and keys of fields, `""` for a column to leave out. Columns that are
    /// not in it are understood by their headers.
    #[schema(required = false, example = "{\"名字\": \"name\", \"备注\": \"\"}")]
    mapping: Option<String>,
}

/// What a file did, or would do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportReport {
    /// By which it can be undone; null when nothing was written.
    #[schema(required)]
    import_id: Option<i64>,
    /// How many people are new.
    added: u64,
    /// How many are other than they were.
    changed: u64,
    /// How many are as they were.
    unchanged: u64,
    /// How many rows are wrong.
    rejected: u64,
    /// The columns of the file.
    columns: Vec<ImportColumn>,
    /// Every row that is wrong; of a dry run and of a file that was refused, also the first 1,000 that add or change somebody.
    rows: Vec<ImportRow>,
    /// Departments that are made for it, by their paths.
    new_departments: Vec<String>,
    /// Branches that are made for it, by their paths.
    new_branches: Vec<String>,
}

/// A column of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportColumn {
    /// What the file calls it.
    header: String,
    /// What it holds; null when it is left out.
    #[schema(required)]
    field: Option<String>,
}

/// A row of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportRow {
    /// Its number, as a spreadsheet counts.
    row: u32,
    /// What is wrong with it first; stable.
    #[schema(required)]
    code: Option<&'static str>,
    /// All that is wrong with it, in English.
    #[schema(required)]
    detail: Option<String>,
    /// What becomes of it.
    action: ImportAction,
    /// Of whom; null for somebody new without an id in the file.
    #[schema(required)]
    id: Option<String>,
    /// Their name.
    name: String,
    /// What is other than it was.
    changes: Vec<ImportChange>,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ImportAction {
    /// Somebody new.
    Added,
    /// Somebody who is there, with something else.
    Changed,
    /// Somebody who is there as they are.
    Unchanged,
    /// Nothing: it is wrong.
    Rejected,
}

/// One thing that is other than it was.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportChange {
    /// Of what.
    field: String,
    /// How it was.
    #[schema(required)]
    before: Option<String>,
    /// How it is.
    #[schema(required)]
    after: Option<String>,
}

/// Rows are wrong and nothing was imported: a problem with the report.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportProblem {
    /// What is wrong.
    #[serde(flatten)]
    problem: Problem,
    /// With which rows.
    #[serde(flatten)]
    report: ImportReport,
}

/// The last file that was taken in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LastImport {
    /// By which it can be undone.
    id: i64,
    /// When it was taken in.
    at: DateTime<Utc>,
    /// By whom.
    who: String,
    /// What it was called.
    file_name: String,
    /// How many people it added.
    added: u64,
    /// How many it changed.
    changed: u64,
    /// Whether it can be undone.
    undoable: bool,
    /// Why not: `import.undone`.
    #[schema(required)]
    reason: Option<&'static str>,
}

/// What undoing did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportUndone {
    /// How many people are as they were before, or gone.
    undone: u64,
    /// Whoever is not.
    kept: Vec<ImportKept>,
}

/// Somebody who stays as they are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportKept {
    /// Who.
    employee_id: String,
    /// `import.changed_since`, `import.on_roster`, `import.has_punches`, `import.on_machine`, `import.in_rule`,
    /// `import.has_photo`, `import.has_schedule`, `import.has_leave`, `import.has_appeals`,
    /// `import.month_locked` or `import.place_gone`.
    code: &'static str,
    /// In English.
    detail: String,
}

/// The form of a file.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FileFormat {
    /// A workbook.
    #[default]
    Xlsx,
    /// Values between commas, in UTF-8 with a byte order mark.
    Csv,
}

/// The language of the headers in a file.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FileLanguage {
    /// Chinese.
    #[default]
    Zh,
    /// English: the keys of the fields.
    En,
}

/// Which template.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TemplateQuery {
    /// Its form; a workbook when absent.
    #[param(nullable = false, inline)]
    format: Option<FileFormat>,
    /// The language of its headers; Chinese when absent. Both are understood.
    #[param(nullable = false, inline)]
    language: Option<FileLanguage>,
}

/// Whom to export.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct ExportQuery {
    /// The form of the file; a workbook when absent.
    #[param(nullable = false, inline)]
    format: Option<FileFormat>,
    /// The language of its headers; Chinese when absent. Both are understood.
    #[param(nullable = false, inline)]
    language: Option<FileLanguage>,
    /// As in the list of people.
    #[param(nullable = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$")]
    search: Option<String>,
    /// Only those of this department and the ones beneath it.
    #[param(nullable = false)]
    department_id: Option<String>,
    /// Only those of this branch, of its departments, and of the branches beneath it.
    #[param(nullable = false)]
    branch_id: Option<String>,
    /// Only those still there, or only those who left.
    #[param(nullable = false, inline)]
    status: Option<EmployeeStatus>,
}

impl From<site::ImportReport> for ImportReport {
    fn from(report: site::ImportReport) -> Self {
        Self {
            import_id: report.import_id,
            added: report.added,
            changed: report.changed,
            unchanged: report.unchanged,
            rejected: report.rejected,
            columns: report
                .columns
                .into_iter()
                .map(|(header, field)| ImportColumn { header, field })
                .collect(),
            rows: report.rows.into_iter().map(ImportRow::from).collect(),
            new_departments: report.new_departments,
            new_branches: report.new_branches,
        }
    }
}

impl From<site::RowReport> for ImportRow {
    fn from(row: site::RowReport) -> Self {
        let (code, detail) = row.problem.unzip();
        Self {
            row: row.row,
            code,
            detail,
            action: match row.action {
                site::Action::Added => ImportAction::Added,
                site::Action::Changed => ImportAction::Changed,
                site::Action::Unchanged => ImportAction::Unchanged,
                site::Action::Rejected => ImportAction::Rejected,
            },
            id: row.id,
            name: row.name,
            changes: row
                .changes
                .into_iter()
                .map(|change| ImportChange {
                    field: change.field,
                    before: change.before,
                    after: change.after,
                })
                .collect(),
        }
    }
}

pub(crate) fn unreadable(error: &SheetError) -> Problem {
    Problem::invalid("/file", error.code(), error.to_string())
}

/// The rows of a file. Reading one takes a while, and a broken one may end the reading: neither is to take others along.
async fn rows(bytes: Bytes) -> Result<Vec<site::ImportRow>, Problem> {
    let read = tokio::task::spawn_blocking(move || rollcall_sheets::read(&bytes)).await;
    let rows = match read {
        Ok(read) => read.map_err(|error| unreadable(&error))?,
        Err(error) => {
            tracing::warn!(%error, "a file of people ended its reading");
            return Err(Problem::invalid("/file", "sheet.unreadable", "the file cannot be read"));
        }
    };
    Ok(rows.into_iter().map(|row| site::ImportRow { number: row.number, cells: row.cells }).collect())
}

pub(crate) fn mapping(text: Option<&str>) -> Result<BTreeMap<String, String>, Problem> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let parsed = text.map(serde_json::from_str::<Option<BTreeMap<String, Option<String>>>>).transpose();
    let parsed = parsed.map_err(|error| {
        let detail = format!("a JSON object of column headers and keys of fields is wanted: {error}");
        Problem::invalid("/mapping", "import.mapping_unreadable", detail)
    })?;
    let entries = parsed.flatten().unwrap_or_default().into_iter();
    Ok(entries.map(|(header, field)| (header, field.unwrap_or_default())).collect())
}

/// Characters of a file's name that are kept.
const FILE_NAME_MOST: usize = 200;

pub(crate) fn file_name(name: Option<&str>) -> String {
    let last = name.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(FILE_NAME_MOST).collect()
}

/// Takes in a file of people: all of it, or nothing when a row is wrong, or the rows that are right with `partial`. People are
/// found by their id where the file has one, else by their employee number. A column that is not there leaves as it is, an empty
/// cell clears. Branches and departments that are not there are made; `/` goes from one to the one beneath.
#[utoipa::path(post, path = "/api/imports/employees", tag = "imports", operation_id = "importEmployees", params(ImportQuery),
    request_body(content = ImportUpload, content_type = "multipart/form-data"),
    responses((status = 200, body = ImportReport),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "The form cannot be read."),
    (status = 413, body = Problem, content_type = "application/problem+json", description = "More than 20 MB."),
    (status = 415, body = Problem, content_type = "application/problem+json", description = "No form."),
    (status = 422, body = ImportProblem, content_type = "application/problem+json",
    description = "Rows are wrong and nothing was imported; or, without a report, the file is none."), Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Query(query): Query<ImportQuery>,
    upload: Upload,
) -> Answer<ImportReport> {
    let file = site::ImportFile {
        name: file_name(upload.file_name.as_deref()),
        mapping: mapping(upload.mapping.as_deref())?,
        rows: rows(upload.file).await?,
    };
    if query.dry_run.unwrap_or(false) {
        let now = api.site.clock().now();
        let report = api.site.read(move |conn| import_check(conn, &file, now)).await?;
        return Ok(Json(report.into()));
    }
    let partial = query.partial.unwrap_or(false);
    let report = api.site.write(move |tx| import_employees(tx, &actor, &file, partial)).await?;
    if report.import_id.is_some() {
        api.events.tell(Event::Organisation {});
    }
    Ok(Json(report.into()))
}

/// The last file that was taken in.
#[utoipa::path(get, path = "/api/imports/employees/last", tag = "imports", operation_id = "getLastImport",
    responses((status = 200, body = LastImport), (status = 404, body = Problem,
    content_type = "application/problem+json", description = "There was none yet."), Always))]
pub(crate) async fn last(State(api): State<Api>) -> Answer<LastImport> {
    let last = api.site.read(|conn| import_last(conn)?.ok_or(ImportError::None)).await?;
    Ok(Json(LastImport {
        id: last.id,
        at: last.at,
        who: last.who,
        file_name: last.file_name,
        added: last.added,
        changed: last.changed,
        undoable: !last.undone,
        reason: last.undone.then(|| ImportError::Undone.code()),
    }))
}

/// Undoes the last file: whoever it changed is as before, whoever it added is gone, unless something came after it.
#[utoipa::path(post, path = "/api/imports/employees/{id}/undo", tag = "imports", operation_id = "undoImport",
    params(("id" = i64, Path, description = "Its id")),
    responses((status = 200, body = ImportUndone), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "It is not the last one, or was undone before."), WithPath,
    Always))]
pub(crate) async fn undo(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<i64>,
) -> Answer<ImportUndone> {
    let outcome = api.site.write(move |tx| import_undo(tx, &actor, id)).await?;
    api.events.tell(Event::Organisation {});
    let kept = outcome.kept.into_iter().map(|kept| ImportKept {
        employee_id: kept.employee_id.as_str().to_owned(),
        code: kept.code,
        detail: kept.detail,
    });
    Ok(Json(ImportUndone { undone: outcome.undone, kept: kept.collect() }))
}

fn headers(language: Option<FileLanguage>) -> site::HeaderLanguage {
    match language.unwrap_or_default() {
        FileLanguage::Zh => site::HeaderLanguage::Chinese,
        FileLanguage::En => site::HeaderLanguage::English,
    }
}

/// A table as a file.
async fn file(
    people: site::People,
    format: Option<FileFormat>,
    language: Option<FileLanguage>,
    name: &str,
) -> Result<Response, Problem> {
    let title = match language.unwrap_or_default() {
        FileLanguage::Zh => "人员",
        FileLanguage::En => "People",
    };
    let (format, kind, ending) = match format.unwrap_or_default() {
        FileFormat::Xlsx => (
            rollcall_sheets::Format::Xlsx,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
        FileFormat::Csv => (rollcall_sheets::Format::Csv, "text/csv; charset=utf-8", "csv"),
    };
    let table = Table { name: title.to_owned(), headers: people.headers, rows: people.rows };
    let written = tokio::task::spawn_blocking(move || rollcall_sheets::write(format, &table)).await;
    let bytes = match written {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a file of people could not be written"
            );
            return Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.code(), error.to_string()));
        }
        Err(_) => {
            let detail = "the program failed at this; its log says more";
            return Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "system.failed", detail));
        }
    };
    let mut response = ([(header::CONTENT_TYPE, kind)], bytes).into_response();
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.{ending}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(response)
}

/// A file with the columns that are understood, to be filled in.
#[utoipa::path(get, path = "/api/imports/employees/template", tag = "imports", operation_id = "getImportTemplate",
    params(TemplateQuery), responses((status = 200, description = "The file.", content(
    (FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (FileBytes = "text/csv"))), WithQuery,
    Always))]
pub(crate) async fn template(
    State(api): State<Api>,
    Query(query): Query<TemplateQuery>,
) -> Result<Response, Problem> {
    let language = headers(query.language);
    let people = api.site.read(move |conn| export_template(conn, language)).await?;
    file(people, query.format, query.language, "rollcall-people-template").await
}

/// The people a filter leaves, as a file that can be taken in again.
#[utoipa::path(get, path = "/api/exports/employees", tag = "imports", operation_id = "exportEmployees", params(ExportQuery),
    responses((status = 200, description = "The file.", content(
    (FileBytes = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (FileBytes = "text/csv"))), WithQuery,
    Always))]
pub(crate) async fn export(
    State(api): State<Api>,
    Query(query): Query<ExportQuery>,
) -> Result<Response, Problem> {
    text::check_query("/search", query.search.as_deref())?;
    let (language, now) = (headers(query.language), api.site.clock().now());
    let (people, today) = api
        .site
        .read(move |conn| {
            let today = today(settings_get(conn)?.time_zone, now);
            let filter = site::EmployeeFilter {
                search: query.search,
                department_id: query.department_id,
                branch_id: query.branch_id,
                status: query.status.map(site::Status::from),
                today,
            };
            Ok::<_, DirectoryError>((export_employees(conn, &filter, language)?, today))
        })
        .await?;
    file(people, query.format, query.language, &format!("rollcall-people-{today}")).await
}
