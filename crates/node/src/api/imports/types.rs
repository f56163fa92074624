//! What a file of people does, as the API shows it.

use chrono::{DateTime, Utc};
use rollcall_core::directory as site;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::problem::Problem;

/// How a file is to be taken.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct ImportQuery {
    /// Only say what the file would do.
    #[param(nullable = false)]
    pub(super) dry_run: Option<bool>,
    /// Take the rows that are right when others are wrong.
    #[param(nullable = false)]
    pub(super) partial: Option<bool>,
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
    pub(super) id: i64,
    /// When it was taken in.
    pub(super) at: DateTime<Utc>,
    /// By whom.
    pub(super) who: String,
    /// What it was called.
    pub(super) file_name: String,
    /// How many people it added.
    pub(super) added: u64,
    /// How many it changed.
    pub(super) changed: u64,
    /// Whether it can be undone.
    pub(super) undoable: bool,
    /// Why not: `import.undone`.
    #[schema(required)]
    pub(super) reason: Option<&'static str>,
}

/// What undoing did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportUndone {
    /// How many people are as they were before, or gone.
    pub(super) undone: u64,
    /// Whoever is not.
    pub(super) kept: Vec<ImportKept>,
}

/// Somebody who stays as they are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportKept {
    /// Who.
    pub(super) employee_id: String,
    /// `import.changed_since`, `import.on_roster`, `import.has_punches`, `import.on_machine`, `import.in_rule`,
    /// `import.has_photo`, `import.has_schedule`, `import.has_leave`, `import.has_appeals`,
    /// `import.month_locked` or `import.place_gone`.
    pub(super) code: &'static str,
    /// In English.
    pub(super) detail: String,
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
