//! The command `api`: a call of the console, answered by the same router that serves it in a browser.

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, State};
use tower::ServiceExt as _;

use crate::site::{Site, Trouble};

/// No answer of the API comes near; a page that asks for more has a mistake in it.
const ANSWER_MOST: usize = 64 << 20;

/// A call.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// `GET`, `POST`, …
    method: String,
    /// With its query, as in `/api/punches?limit=50`.
    path: String,
    /// JSON, or none.
    body: Option<String>,
    /// Instead of JSON: a file.
    bytes: Option<Vec<u8>>,
    /// What the file is.
    content_type: Option<String>,
}

/// Its answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    status: u16,
    content_type: String,
    /// Text.
    body: String,
    /// What is no text, instead of it: a photo, a table.
    bytes: Option<Vec<u8>>,
}

impl From<Trouble> for Answer {
    fn from(trouble: Trouble) -> Self {
        let body = serde_json::json!({
            "type": "about:blank",
            "title": trouble.title,
            "status": trouble.status,
            "code": trouble.code,
            "detail": trouble.detail,
            "fields": [],
        });
        Self {
            status: trouble.status,
            content_type: "application/problem+json".to_owned(),
            body: body.to_string(),
            bytes: None,
        }
    }
}

/// Passes a call on and brings its answer; never fails, since a failure is an answer too.
#[tauri::command]
pub async fn api(app: AppHandle, site: State<'_, Site>, request: Call) -> Result<Answer, ()> {
    Ok(match answer(&app, &site, request).await {
        Ok(answer) => answer,
        Err(trouble) => trouble.into(),
    })
}

async fn answer(app: &AppHandle, site: &Site, call: Call) -> Result<Answer, Trouble> {
    let router = site.router(app).await?;
    let mut request = Request::builder().method(call.method.as_str()).uri(call.path);
    let body = match (call.bytes, call.body) {
        (Some(bytes), _) => {
            let what = call.content_type.unwrap_or_else(|| "application/octet-stream".to_owned());
            request = request.header(header::CONTENT_TYPE, what);
            Body::from(bytes)
        }
        (None, Some(json)) => {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(json)
        }
        (None, None) => Body::empty(),
    };
    let request = request
        .body(body)
        .map_err(|error| Trouble::of_the_call(error.to_string()))?;
    // A router always has an answer.
    let Ok(response) = router.oneshot(request).await;
    let (head, body) = response.into_parts();
    let content_type = head
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    if content_type.starts_with("text/event-stream") {
        return Err(Trouble::of_the_call("live events come as the event `rollcall`".to_owned()));
    }
    let body =
        to_bytes(body, ANSWER_MOST).await.map_err(|error| Trouble::of_the_answer(error.to_string()))?;
    let (body, bytes) = if is_text(&content_type) {
        (String::from_utf8_lossy(&body).into_owned(), None)
    } else {
        (String::new(), Some(body.to_vec()))
    };
    Ok(Answer { status: head.status.as_u16(), content_type, body, bytes })
}

/// Whether an answer can be passed on as text; nothing at all can.
fn is_text(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    // A table as CSV may begin with a mark that text loses on the way.
    kind.is_empty() || kind.ends_with("json") || (kind.starts_with("text/") && kind != "text/csv")
}
