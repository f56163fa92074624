//! What several resources share.

use axum::Json;
use axum::http::StatusCode;
use chrono_tz::Tz;
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use super::problem::Problem;

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List<T: ToSchema> {
    /// The items of this page.
    pub items: Vec<T>,
    /// How many there are on all pages.
    pub total: u64,
    /// Send it as `cursor` to get the next page; null on the last.
    #[schema(required)]
    pub next: Option<String>,
}

impl<T: ToSchema> List<T> {
    /// What there is of somebody or something that cannot exist.
    pub fn empty() -> Self {
        Self { items: Vec::new(), total: 0, next: None }
    }
}

/// Bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "the description is generated from it")]
pub(crate) struct FileBytes(Vec<u8>);

/// A judgement with its reason: the code is stable, the detail English.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Remark {
    /// Stable, dotted, lower case.
    pub code: String,
    /// In English.
    pub detail: String,
}

/// What any call may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "the description is generated from it")]
pub(crate) enum Always {
    /// No token, or not the right one.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// A page of another site sent this with the browser's cookie.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// Too many wrong tokens, or too many streams, from this address.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
    /// The program failed; its log says more.
    #[response(status = 500, content_type = "application/problem+json")]
    Failed(Problem),
    /// The database cannot be read or written right now; nothing is lost, try again.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(Problem),
}

/// What a call with a query may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "the description is generated from it")]
pub(crate) enum WithQuery {
    /// A query parameter is unknown or cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(Problem),
    /// A query parameter can be read and is wrong.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}

/// What a call with something variable in its path may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "the description is generated from it")]
pub(crate) enum WithPath {
    /// The path cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(Problem),
    /// It is not there.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
}

/// What a call with a body may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "the description is generated from it")]
pub(crate) enum WithBody {
    /// The body is not JSON.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// The body does not say that it is JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    NotJson(Problem),
    /// The body can be read and is wrong; `fields` says where.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(Problem),
}

/// 200 with a body, or a problem.
pub(crate) type Answer<T> = Result<Json<T>, Problem>;
/// 201 with a body, or a problem.
pub(crate) type Created<T> = Result<(StatusCode, Json<T>), Problem>;
/// 204, or a problem.
pub(crate) type Done = Result<StatusCode, Problem>;

/// An IANA zone by name.
pub(crate) fn zone(pointer: &str, name: &str) -> Result<Tz, Problem> {
    name.parse().map_err(|_| {
        Problem::invalid(
            pointer,
            "time_zone.unknown",
            format!("{name:?} is not the IANA name of a time zone; Asia/Shanghai is one"),
        )
    })
}
