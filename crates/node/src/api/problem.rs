//! Every error of the API is one shape: `application/problem+json` (RFC 9457) with a stable code.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong, for people (`detail`, English) and for programs (`code`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: `code` says what kind of problem it is.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    /// The status in words.
    #[schema(example = "Conflict")]
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 409)]
    status: u16,
    /// Stable, dotted, lower case; translate this.
    #[schema(pattern = "^[a-z0-9_]+(\\.[a-z0-9_]+)+$", example = "machine.sn_taken")]
    code: &'static str,
    /// What happened, in English.
    detail: String,
    /// What is wrong with which part of the body or query.
    fields: Vec<FieldProblem>,
    /// Further members, for programs that know this code.
    #[serde(flatten)]
    #[schema(ignore)]
    more: Option<Box<serde_json::Map<String, serde_json::Value>>>,
    #[serde(skip)]
    retry_after: Option<u32>,
}

/// What is wrong with one part of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// A JSON pointer (RFC 6901) into the body; for a query, `/` and the parameter's name.
    #[schema(example = "/sn")]
    pub pointer: String,
    /// As the problem's own.
    #[schema(pattern = "^[a-z0-9_]+(\\.[a-z0-9_]+)+$")]
    pub code: &'static str,
    /// What is wrong, in English.
    pub detail: String,
}

impl Problem {
    /// A problem with a status and a code.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code,
            detail: detail.into(),
            fields: Vec::new(),
            more: None,
            retry_after: None,
        }
    }

    /// 400: it cannot be read.
    pub fn unreadable(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 404: it is not there.
    pub fn not_found(code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, detail)
    }

    /// 422: it can be read and is wrong; `pointer` says where.
    pub fn invalid(pointer: &str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail).at(pointer)
    }

    /// Says which part of the body is to blame.
    pub fn at(mut self, pointer: &str) -> Self {
        self.fields.push(FieldProblem {
            pointer: pointer.to_owned(),
            code: self.code,
            detail: self.detail.clone(),
        });
        self
    }

    /// Adds the members of a value that becomes a JSON object.
    pub fn with<T: Serialize>(mut self, value: &T) -> Self {
        if let Ok(serde_json::Value::Object(members)) = serde_json::to_value(value) {
            self.more.get_or_insert_default().extend(members);
        }
        self
    }

    /// Says after how many seconds it is worth trying again.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(u32::try_from(seconds).unwrap_or(u32::MAX));
        self
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The stable code.
    #[cfg(test)]
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (
            self.status(),
            [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))],
            body,
        )
            .into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == 401 {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
