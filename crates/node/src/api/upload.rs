//! A form with a file in it.

use std::collections::BTreeMap;
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
        let mut form = form(request, state, FORM_MOST, &["mapping"]).await?;
        Ok(Self { file: form.file, file_name: form.file_name, mapping: form.texts.remove("mapping") })
    }
}

/// A form with a file and some texts.
pub(crate) struct Form {
    /// The bytes of `file`.
    pub file: Bytes,
    /// What it is called.
    pub file_name: Option<String>,
    /// The other parts, by their names.
    pub texts: BTreeMap<&'static str, String>,
}

/// Reads a form of at most so many bytes: the part `file`, and of the other parts those that are named, each at most once.
pub(crate) async fn form<S: Send + Sync>(
    request: Request,
    state: &S,
    most: usize,
    names: &[&'static str],
) -> Result<Form, Problem> {
    let (head, body) = request.into_parts();
    let arriving = tokio::time::timeout(FORM_TIME, collect(body, most)).await;
    let bytes =
        arriving.map_err(|_| Problem::unreadable("body.incomplete", "the body did not arrive whole"))??;
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
    let (mut file, mut file_name, mut texts) = (None, None, BTreeMap::new());
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        let known = names.iter().find(|known| **known == name && !texts.contains_key(**known));
        if name == "file" && file.is_none() {
            file_name = part.file_name().map(str::to_owned);
            file = Some(part.bytes().await.map_err(unreadable)?);
        } else if let Some(known) = known {
            texts.insert(*known, part.text().await.map_err(unreadable)?);
        } else {
            let others = names.iter().map(|name| format!(" and {name}")).collect::<String>();
            let detail = format!("the form has the parts file{others}, each once; not {name:?}");
            return Err(Problem::invalid("", "body.invalid", detail));
        }
    }
    let file = file.ok_or_else(|| {
        Problem::invalid("/file", "import.file_missing", "the form has no part called file")
    })?;
    Ok(Form { file, file_name, texts })
}
