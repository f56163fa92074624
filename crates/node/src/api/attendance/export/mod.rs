//! The day report and the month sheet as workbooks, written row by row while they are read.

pub(in crate::api) mod days;
pub(in crate::api) mod sheet;

use axum::http::StatusCode;
use axum::response::Response;
use rollcall_core::attendance::AttendanceError;
use rollcall_core::db;
use rollcall_sheets::SheetError;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::download::{XLSX, attachment};
use crate::api::problem::Problem;

/// The form of a report.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum ReportFormat {
    /// A workbook.
    Xlsx,
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error(transparent)]
    Attendance(#[from] AttendanceError),
    #[error(transparent)]
    Sheet(#[from] SheetError),
}

impl From<db::Error> for ExportError {
    fn from(error: db::Error) -> Self {
        Self::Attendance(error.into())
    }
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Attendance(error) => error.into(),
            ExportError::Sheet(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a report could not be written");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.code(), error.to_string())
            }
        }
    }
}

fn file(bytes: Vec<u8>, name: &str) -> Response {
    attachment(XLSX, &format!("{name}.xlsx"), bytes)
}
