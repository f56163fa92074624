//! Files of punches: from a machine's USB stick, or tables.

use axum::extract::{FromRequest, Request, State};
use axum::{Extension, Json};
use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use rollcall_core::db;
use rollcall_core::punch_files as site;
use rollcall_core::punch_files::{PunchFile, PunchFileError, Taking};
use rollcall_sheets::SheetError;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::extract::{Path, Query};
use super::machines::sn_in_path;
use super::problem::Problem;
use super::state::{Api, Caller};
use super::time::with_offset;
use super::types::{Always, Answer};
use super::upload::{Form, mapping, reading, unreadable};
use crate::events::Event;

/// Bytes of the form: a million lines of a machine, and what is around them.
const FORM_MOST: usize = 64 * 1024 * 1024;

/// How a file is to be taken.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct PunchFileQuery {
    /// Only say what the file would bring.
    #[param(nullable = false)]
    dry_run: Option<bool>,
}

/// A file of punches: what a machine writes on a USB stick (`attlog.dat`) of at most 64 MB and 1,000,000 lines, or a table, XLSX
/// or CSV, of at most 20 MB and 100,000 rows. Text is UTF-8 or GBK.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the description is generated from it")]
pub(crate) struct PunchFileUpload {
    /// The file.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// `attlog` for lines of a machine, `csv` for a table; told from the file when absent.
    #[schema(required = false)]
    format: Option<PunchFileFormat>,
    /// What the columns of a table hold: a JSON object of column headers and `pin`, `time`, `date`, `clock`, `status`, `verify`
    /// or `workCode`, `""` for a column to leave out. Columns that are not in it are understood by their headers.
    #[schema(required = false, example = "{\"考勤号码\": \"pin\", \"备注\": \"\"}")]
    mapping: Option<String>,
}

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "camelCase")]
pub(crate) enum PunchFileFormat {
    /// Lines of a machine.
    Attlog,
    /// A table.
    Csv,
}

/// What a file brought, or would bring.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PunchFileReport {
    /// Rows with something in them, without the headers.
    lines: u64,
    /// Punches that are new.
    new: u64,
    /// Punches that were there, or are twice in the file: the same number in the same second, whatever key and way.
    known: u64,
    /// Of the new ones, those nobody's number covers.
    unmatched: u64,
    /// Rows nobody can read; they are kept aside, as the machine's own would be.
    rejected_count: u64,
    /// The first thousand of them.
    rejected: Vec<PunchFileRow>,
    /// The earliest punch; null when there is none.
    #[schema(required)]
    from: Option<DateTime<FixedOffset>>,
    /// The latest.
    #[schema(required)]
    to: Option<DateTime<FixedOffset>>,
    /// The columns of a table; empty for lines of a machine.
    columns: Vec<PunchFileColumn>,
}

/// A row nobody can read.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PunchFileRow {
    /// Its number, from 1.
    row: u32,
    /// Why: `punch.no_pin`, `punch.pin_too_long`, `punch.time_missing`, `punch.time_unreadable` or `punch.time_impossible`.
    code: &'static str,
    /// What is in it.
    detail: String,
}

/// A column of a table.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PunchFileColumn {
    /// What the file calls it.
    header: String,
    /// What it holds; null when it is left out.
    #[schema(required)]
    field: Option<&'static str>,
}

impl From<&site::PunchFileReport> for PunchFileReport {
    fn from(report: &site::PunchFileReport) -> Self {
        let (from, to) = report.span.unzip();
        let rejected = report.rows.iter().map(|row| PunchFileRow {
            row: row.row,
            code: row.code,
            detail: row.text.clone(),
        });
        Self {
            lines: report.lines,
            new: report.new,
            known: report.known,
            unmatched: report.unmatched,
            rejected_count: report.rejected,
            rejected: rejected.collect(),
            from: from.map(|(wall, offset)| with_offset(wall, offset)),
            to: to.map(|(wall, offset)| with_offset(wall, offset)),
            columns: PunchFileColumns::of(&report.columns).columns,
        }
    }
}

/// The columns of a table that does not say enough, for the refusal.
#[derive(Debug, Serialize)]
pub(super) struct PunchFileColumns {
    columns: Vec<PunchFileColumn>,
}

impl PunchFileColumns {
    /// Headers with what each is understood as.
    pub(super) fn of(columns: &[(String, Option<&'static str>)]) -> Self {
        let column =
            |(header, field): &(String, _)| PunchFileColumn { header: header.clone(), field: *field };
        Self { columns: columns.iter().map(column).collect() }
    }
}

/// The parts of the form.
pub(crate) struct PunchFileForm {
    file: Bytes,
    name: String,
    format: Option<PunchFileFormat>,
    mapping: site::Mapping,
}

impl<S: Send + Sync> FromRequest<S> for PunchFileForm {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let mut form = Form::read(request, state, FORM_MOST, &["file", "format", "mapping"]).await?;
        let file = form.file()?;
        let format = match form.text("format")?.as_deref().map(str::trim) {
            None | Some("") => None,
            Some("attlog") => Some(PunchFileFormat::Attlog),
            Some("csv") => Some(PunchFileFormat::Csv),
            Some(other) => {
                let detail = format!("{other:?} is neither attlog nor csv");
                return Err(Problem::invalid("/format", "punch_file.format", detail));
            }
        };
        let mapping = mapping(form.text("mapping")?.as_deref())?;
        Ok(Self { name: file.name(), file: file.bytes, format, mapping })
    }
}

/// Tells the form of a file and reads it as that.
fn read(form: PunchFileForm) -> Result<PunchFile, Problem> {
    let PunchFileForm { file, name, format, mapping } = form;
    let sheet = |error: SheetError| unreadable("/file", &error);
    let is_table = rollcall_sheets::is_workbook(&file) || format == Some(PunchFileFormat::Csv);
    if !is_table {
        let text = rollcall_sheets::text(&file).map_err(sheet)?;
        if format.is_some() || text.trim().is_empty() || PunchFile::looks_like_lines(&text) {
            return Ok(PunchFile::lines(&name, text.into_owned())?);
        }
    }
    let rows = rollcall_sheets::read(&file).map_err(sheet)?;
    let rows = rows.into_iter().map(|row| (row.number, row.cells)).collect();
    Ok(PunchFile::table(&name, rows, &mapping)?)
}

/// Takes in a file of punches of one machine. A punch is known when the same number was seen there in the same second, whatever
/// the file says of key and way, and a machine that later sends the same one itself sends what is known. Rows nobody can read do
/// not hold up the others, and are kept aside. It is stored part by part, so that machines need not wait; when it fails in the
/// middle, it can be sent again.
#[utoipa::path(post, path = "/api/machines/{sn}/punch-files", tag = "reuploads", operation_id = "importPunches",
    params(("sn" = String, Path, description = "The machine's serial number, in any case"), PunchFileQuery),
    request_body(content = PunchFileUpload, content_type = "multipart/form-data"),
    responses((status = 200, body = PunchFileReport),
    (status = 400, body = Problem, content_type = "application/problem+json", description = "The form cannot be read."),
    (status = 404, body = Problem, content_type = "application/problem+json", description = "There is no such machine."),
    (status = 413, body = Problem, content_type = "application/problem+json", description = "More than 64 MB."),
    (status = 415, body = Problem, content_type = "application/problem+json", description = "No form."),
    (status = 422, body = Problem, content_type = "application/problem+json", description = "It is no file of punches. With `punch_file.no_column` come the `columns` of the table, as in a report."),
    Always))]
pub(crate) async fn add(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Query(query): Query<PunchFileQuery>,
    form: PunchFileForm,
) -> Answer<PunchFileReport> {
    let sn = sn_in_path(&sn)?;
    let file = reading("a file of punches", "/file", move || read(form)).await?;
    if query.dry_run.unwrap_or(false) {
        let now = api.site.clock().now();
        let look = api.site.read(move |conn| {
            let mut taking = Taking::begin(conn, &sn, file)?;
            while taking.look(conn, now)? {}
            Ok::<_, PunchFileError>(taking)
        });
        return Ok(Json(look.await?.report().into()));
    }
    let mut taking = api.site.read(move |conn| Taking::begin(conn, &sn, file)).await?;
    loop {
        let actor = actor.clone();
        let (next, stored) = api
            .site
            .write(move |tx| {
                let mut taking = taking;
                let stored = taking.take(tx, &actor)?;
                Ok::<_, db::Error>((taking, stored))
            })
            .await?;
        taking = next;
        let Some(stored) = stored else { break };
        if !stored.new.is_empty() || stored.rejected > 0 {
            let ids = stored.new.iter().map(|punch| punch.0).collect();
            api.events.tell(Event::Punch { sn: taking.sn().clone(), ids });
        }
    }
    Ok(Json(taking.report().into()))
}
