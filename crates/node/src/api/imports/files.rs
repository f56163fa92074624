//! Files of people to take away: a template, and whoever a filter leaves.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use rollcall_core::directory as site;
use rollcall_core::directory::{DirectoryError, export_employees, export_template};
use rollcall_core::settings::site_date;
use rollcall_sheets::Table;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::api::download::{XLSX, attachment};
use crate::api::employees::EmployeeStatus;
use crate::api::extract::Query;
use crate::api::problem::Problem;
use crate::api::state::Api;
use crate::api::text;
use crate::api::types::{Always, FileBytes, WithQuery};

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
        FileFormat::Xlsx => (rollcall_sheets::Format::Xlsx, XLSX, "xlsx"),
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
    Ok(attachment(kind, &format!("{name}.{ending}"), bytes))
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
            let today = site_date(conn, now)?;
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
