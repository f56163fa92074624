//! Files to take away.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// The media type of a workbook.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file that is saved and not shown; `name` is of ASCII without quotes.
pub(crate) fn attachment(media_type: &'static str, name: &str, bytes: impl IntoResponse) -> Response {
    let mut response = ([(header::CONTENT_TYPE, media_type)], bytes).into_response();
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    response
}
