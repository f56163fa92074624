//! Whole files of people, in and out.

pub(super) mod files;
mod types;

use axum::extract::State;
use axum::{Extension, Json};
use bytes::Bytes;
use rollcall_core::directory as site;
use rollcall_core::directory::{ImportError, import_check, import_employees, import_last, import_undo};

pub(super) use self::types::ImportReport;
use self::types::{ImportKept, ImportProblem, ImportQuery, ImportUndone, ImportUpload, LastImport};
use super::extract::{Path, Query};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::types::{Always, Answer, WithPath};
use super::upload::{Upload, reading, unreadable};
use crate::events::Event;

/// The rows of a file.
async fn rows(bytes: Bytes) -> Result<Vec<site::ImportRow>, Problem> {
    let rows = reading("a file of people", "/file", move || {
        rollcall_sheets::read(&bytes).map_err(|error| unreadable("/file", &error))
    });
    Ok(rows.await?.into_iter().map(|row| site::ImportRow { number: row.number, cells: row.cells }).collect())
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
    let file =
        site::ImportFile { name: upload.name, mapping: upload.mapping, rows: rows(upload.file).await? };
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
