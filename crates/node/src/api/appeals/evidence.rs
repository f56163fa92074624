//! What lies beside an appeal.

use axum::Extension;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rollcall_core::appeals::{
    AppealId, EVIDENCE_MOST, Evidence, EvidenceType, evidence_delete, evidence_get, evidence_put,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::types::Appeal;
use super::{tell, told};
use crate::api::extract::{Path, Query, Raw};
use crate::api::problem::Problem;
use crate::api::state::{Api, Caller};
use crate::api::text;
use crate::api::types::{Always, Answer, Done, FileBytes, WithPath, WithQuery};

/// What the file is called.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EvidenceQuery {
    /// The file's name; a usual one when absent.
    #[param(nullable = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 200)]
    name: Option<String>,
}

/// Puts a JPEG, PNG or PDF of at most 5 MB beside an open appeal, in the place of what lay there. Its bytes decide what it is.
#[utoipa::path(put, path = "/api/appeals/{id}/evidence", tag = "appeals", operation_id = "putEvidence",
    params(("id" = i64, Path, description = "The appeal's number"), EvidenceQuery),
    request_body(content((FileBytes = "image/jpeg"), (FileBytes = "image/png"), (FileBytes = "application/pdf"))),
    responses((status = 200, body = Appeal), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "The appeal is not open."), (status = 413, body = Problem, content_type = "application/problem+json",
    description = "More than 5 MB."), WithPath, WithQuery, Always))]
pub(crate) async fn put(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<i64>,
    Query(query): Query<EvidenceQuery>,
    Raw(bytes): Raw<EVIDENCE_MOST>,
) -> Answer<Appeal> {
    text::check_query("/name", query.name.as_deref())?;
    let appeal = api
        .site
        .write(move |tx| evidence_put(tx, &actor, AppealId(id), query.name.as_deref(), &bytes))
        .await?;
    Ok(Json(told(&api, appeal)))
}

/// What lies beside an appeal, as it was given.
#[utoipa::path(get, path = "/api/appeals/{id}/evidence", tag = "appeals", operation_id = "getEvidence",
    params(("id" = i64, Path, description = "The appeal's number")),
    responses((status = 200, description = "The file.", content((FileBytes = "image/jpeg"), (FileBytes = "image/png"),
    (FileBytes = "application/pdf"))), WithPath, Always))]
pub(crate) async fn get(State(api): State<Api>, Path(id): Path<i64>) -> Result<Response, Problem> {
    let vault = api.site.vault().clone();
    let evidence = api.site.read(move |conn| evidence_get(conn, &vault, AppealId(id))).await?;
    let disposition = HeaderValue::from_str(&disposition(&evidence));
    let mut response = (
        [
            (header::CONTENT_TYPE, evidence.kind.media_type()),
            // The bytes were looked at no further than their beginning.
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ],
        evidence.data,
    )
        .into_response();
    // All of it is ASCII.
    let disposition = disposition.unwrap_or(HeaderValue::from_static("attachment"));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// Pictures are shown; a document is saved, never opened within the console, since it may hold programs.
fn disposition(evidence: &Evidence) -> String {
    use std::fmt::Write;
    let how = match evidence.kind {
        EvidenceType::Jpeg | EvidenceType::Png => "inline",
        EvidenceType::Pdf => "attachment",
    };
    // RFC 6266: the name in ASCII for whoever knows no other, and as it is (RFC 8187).
    let mut out = format!("{how}; filename=\"{}\"; filename*=UTF-8''", evidence.kind.usual_name());
    for byte in evidence.name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Takes away what lies beside an open appeal.
#[utoipa::path(delete, path = "/api/appeals/{id}/evidence", tag = "appeals", operation_id = "deleteEvidence",
    params(("id" = i64, Path, description = "The appeal's number")),
    responses((status = 204, description = "It is gone."), (status = 409, body = Problem,
    content_type = "application/problem+json", description = "The appeal is not open."), WithPath, Always))]
pub(crate) async fn delete(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(id): Path<i64>,
) -> Done {
    let appeal = api.site.write(move |tx| evidence_delete(tx, &actor, AppealId(id))).await?;
    tell(&api, [(appeal.employee_id, appeal.date)]);
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attendance_6_6_a_files_name_cannot_break_out_of_its_header() {
        let of = |kind, name: &str| disposition(&Evidence { name: name.to_owned(), kind, data: Vec::new() });
        assert_eq!(
            of(EvidenceType::Png, "门卡 1.png"),
            "inline; filename=\"evidence.png\"; filename*=UTF-8''%E9%97%A8%E5%8D%A1%201.png"
        );
        assert_eq!(
            of(EvidenceType::Pdf, "a\";\r\nX: y\\'.pdf"),
            "attachment; filename=\"evidence.pdf\"; filename*=UTF-8''a%22%3B%0D%0AX%3A%20y%5C%27.pdf"
        );
    }
}
