//! A form with a file in it.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use bytes::Bytes;
use rollcall_sheets::SheetError;

use super::extract::collect;
use super::problem::Problem;

/// Bytes of the form: a file of 20 MB, and what is around it.
pub(crate) const FORM_MOST: usize = 20 * 1024 * 1024 + 64 * 1024;
/// How long the form may take to arrive.
const FORM_TIME: Duration = Duration::from_secs(120);

/// The parts of the form.
pub(crate) struct Upload {
    /// The bytes of `file`.
    pub file: Bytes,
    /// What it is called.
    pub name: String,
    /// What columns hold.
    pub mapping: BTreeMap<String, String>,
}

/// A part of a form.
pub(crate) struct Part {
    /// The name of the file, if it is one.
    pub file_name: Option<String>,
    /// What is in it.
    pub bytes: Bytes,
}

/// Characters of a file's name that are kept.
const FILE_NAME_MOST: usize = 200;

impl Part {
    /// What the file is called, without the folders it was in.
    pub fn name(&self) -> String {
        let name = self.file_name.as_deref().unwrap_or_default();
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        last.chars().filter(|c| !c.is_control()).take(FILE_NAME_MOST).collect()
    }

    /// What is in it, as text.
    pub fn text(self) -> Result<String, Problem> {
        String::from_utf8(self.bytes.into())
            .map_err(|_| Problem::unreadable("body.unreadable", "this is no form: a text in it is not UTF-8"))
    }
}

/// The parts of a form, by name: those one knows, each once.
pub(crate) struct Form(HashMap<String, Part>);

impl Form {
    /// Reads the whole of it, of at most so many bytes.
    pub async fn read<S: Send + Sync>(
        request: Request,
        state: &S,
        most: usize,
        known: &[&str],
    ) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        let arriving = tokio::time::timeout(FORM_TIME, collect(body, most)).await;
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
        let mut parts = HashMap::new();
        while let Some(part) = form.next_field().await.map_err(unreadable)? {
            let name = part.name().unwrap_or_default().to_owned();
            if !known.contains(&name.as_str()) || parts.contains_key(&name) {
                let known = known.join(" and ");
                let detail = format!("the form has the parts {known}, each once; not {name:?}");
                return Err(Problem::invalid("", "body.invalid", detail));
            }
            let file_name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(unreadable)?;
            parts.insert(name, Part { file_name, bytes });
        }
        Ok(Self(parts))
    }

    /// Takes a part out of it.
    pub fn take(&mut self, name: &str) -> Option<Part> {
        self.0.remove(name)
    }

    /// Takes a part out of it, as text.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        self.take(name).map(Part::text).transpose()
    }

    /// Takes the file out of it.
    pub fn file(&mut self) -> Result<Part, Problem> {
        let missing = || Problem::invalid("/file", "import.file_missing", "the form has no part called file");
        self.take("file").ok_or_else(missing)
    }
}

/// What the columns of a table hold: a JSON object of headers and fields.
pub(crate) fn mapping(text: Option<&str>) -> Result<BTreeMap<String, String>, Problem> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let parsed = text.map(serde_json::from_str::<Option<BTreeMap<String, Option<String>>>>).transpose();
    let parsed = parsed.map_err(|error| {
        let detail = format!("a JSON object of column headers and keys of fields is wanted: {error}");
        Problem::invalid("/mapping", "import.mapping_unreadable", detail)
    })?;
    let entries = parsed.flatten().unwrap_or_default().into_iter();
    Ok(entries.map(|(header, field)| (header, field.unwrap_or_default())).collect())
}

/// A part of the form that is no table.
pub(crate) fn unreadable(pointer: &str, error: &SheetError) -> Problem {
    Problem::invalid(pointer, error.code(), error.to_string())
}

/// Reads what a part of the form holds. That takes a while, and a broken file may end the reading: neither is to take others
/// along.
pub(crate) async fn reading<T: Send + 'static>(
    what: &str,
    pointer: &str,
    read: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(read).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "{what} ended its reading");
        Err(Problem::invalid(pointer, "sheet.unreadable", "the file cannot be read"))
    })
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let mut form = Form::read(request, state, FORM_MOST, &["file", "mapping"]).await?;
        let columns = form.text("mapping")?;
        let file = form.file()?;
        Ok(Self { name: file.name(), file: file.bytes, mapping: mapping(columns.as_deref())? })
    }
}
