//! A form with a file in it.

use std::time::Duration;

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use bytes::Bytes;

use super::extract::collect;
use super::problem::Problem;

/// Bytes of the form: a file of 20 MB, and what is around it.
const FORM_MOST: usize = 20 * 1024 * 1024 + 64 * 1024;
/// How long the form may take to arrive.
const FORM_TIME: Duration = Duration::from_secs(120);

/// The parts of the form.
pub(crate) struct Upload {
    /// The bytes of `file`.
    pub file: Bytes,
    /// What it is called.
    pub file_name: Option<String>,
    /// The text of `mapping`.
    pub mapping: Option<String>,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        let arriving = tokio::time::timeout(FORM_TIME, collect(body, FORM_MOST)).await;
        let bytes = arriving
            .map_err(|_| Problem::unreadable("body.incomplete", "the body did not arrive whole"))??;
        // The whole of it is here and bounded.
        let mut request = Request::from_parts(head, axum::body::Body::from(bytes.freeze()));
        DefaultBodyLimit::disable().apply(&mut request);
        let mut form = Multipart::from_request(request, state).await.map_err(|_| {
            Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "body.not_multipart",
                "send a form with the header Content-Type: multipart/form-data",
            )
        })?;
        let unreadable = |error: axum::extract::multipart::MultipartError| {
            Problem::unreadable("body.unreadable", format!("this is no form: {}", error.body_text()))
        };
        let (mut file, mut file_name, mut mapping) = (None, None, None);
        while let Some(part) = form.next_field().await.map_err(unreadable)? {
            match part.name() {
                Some("file") if file.is_none() => {
                    file_name = part.file_name().map(str::to_owned);
                    file = Some(part.bytes().await.map_err(unreadable)?);
                }
                Some("mapping") if mapping.is_none() => {
                    mapping = Some(part.text().await.map_err(unreadable)?);
                }
                other => {
                    let other = other.unwrap_or_default();
                    let detail = format!("the form has the parts file and mapping, each once; not {other:?}");
                    return Err(Problem::invalid("", "body.invalid", detail));
                }
            }
        }
        let file = file.ok_or_else(|| {
            Problem::invalid("/file", "import.file_missing", "the form has no part called file")
        })?;
        Ok(Self { file, file_name, mapping })
    }
}
