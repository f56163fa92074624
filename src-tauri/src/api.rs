//! The command `api`: a call of the console, answered by the same router that serves it in a browser.

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use rollcall_protocol::base64;
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, State};
use tower::ServiceExt as _;

use crate::site::{Site, Trouble};

/// No answer of the API comes near; a page that asks for more has a mistake in it.
const ANSWER_MOST: usize = 64 << 20;

/// A call.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// `GET`, `POST`, …
    method: String,
    /// With its query, as in `/api/punches?limit=50`.
    path: String,
    /// JSON.
    body: Option<String>,
    /// Another body, a file above all: its bytes in base64, and what they are.
    base64: Option<String>,
    content_type: Option<String>,
}

/// Its answer.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    status: u16,
    content_type: String,
    /// What a file is to be called.
    content_disposition: Option<String>,
    /// JSON or text.
    body: String,
    /// Anything else: its bytes in base64. Every other way through the web view's channel is either not one on all platforms, or
    /// a list of numbers.
    base64: Option<String>,
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
            content_disposition: None,
            body: body.to_string(),
            base64: None,
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
    let (kind, body) = match (call.body, call.base64) {
        (Some(json), _) => (Some("application/json".to_owned()), Body::from(json)),
        (None, Some(text)) => {
            let bytes = base64::decode(text.as_bytes())
                .ok_or_else(|| Trouble::of_the_call("the body is no base64".to_owned()))?;
            (call.content_type, Body::from(bytes))
        }
        (None, None) => (None, Body::empty()),
    };
    let mut request = Request::builder().method(call.method.as_str()).uri(call.path);
    if let Some(kind) = kind {
        request = request.header(header::CONTENT_TYPE, kind);
    }
    let request = request.body(body).map_err(|error| Trouble::of_the_call(error.to_string()))?;
    // A router always has an answer.
    let Ok(response) = router.oneshot(request).await;
    let (head, body) = response.into_parts();
    let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let content_type = text(header::CONTENT_TYPE).unwrap_or_default();
    let content_disposition = text(header::CONTENT_DISPOSITION);
    if content_type.starts_with("text/event-stream") {
        return Err(Trouble::of_the_call("live events come as the event `rollcall`".to_owned()));
    }
    let body =
        to_bytes(body, ANSWER_MOST).await.map_err(|error| Trouble::of_the_answer(error.to_string()))?;
    let is_text = ["application/json", "application/problem+json", "text/plain"]
        .into_iter()
        .any(|text| content_type.starts_with(text));
    let (body, base64) = if is_text || body.is_empty() {
        (String::from_utf8_lossy(&body).into_owned(), None)
    } else {
        (String::new(), Some(base64::encode(&body)))
    };
    Ok(Answer { status: head.status.as_u16(), content_type, content_disposition, body, base64 })
}
