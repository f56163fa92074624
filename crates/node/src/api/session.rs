//! A browser's session: opened with the token, kept in a cookie that scripts cannot read.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{COOKIE, Peer, Via, host, same_origin};
use super::extract::Body;
use super::problem::Problem;
use super::state::Api;
use super::types::{Always, WithBody};

/// Seconds a browser keeps the cookie unused.
const KEPT: u64 = 30 * 24 * 3600;

/// Bytes of what opens a session. This is the one body that is read of somebody nobody knows yet.
const SESSION_MOST: usize = 4 * 1024;

/// What opens a session.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSession {
    /// The console's token.
    token: String,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// How: through the desktop window, with the token, or with a browser's session.
    via: SessionVia,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SessionVia {
    Window,
    Token,
    Session,
}

/// Whether one is signed in; 401 when not.
#[utoipa::path(get, path = "/api/session", tag = "session", operation_id = "getSession",
    responses((status = 200, body = Session), Always))]
pub(crate) async fn get(Extension(via): Extension<Via>) -> Json<Session> {
    Json(Session {
        via: match via {
            Via::Window => SessionVia::Window,
            Via::Token => SessionVia::Token,
            Via::Session => SessionVia::Session,
        },
    })
}

/// Signs a browser in: the answer sets an HttpOnly cookie that counts as the token.
#[utoipa::path(post, path = "/api/session", tag = "session", operation_id = "openSession", security(()),
    request_body = NewSession, responses((status = 204, description = "Signed in."), WithBody, Always))]
pub(crate) async fn open(
    State(api): State<Api>,
    peer: Option<Extension<Peer>>,
    uri: Uri,
    headers: HeaderMap,
    Body(new): Body<NewSession, SESSION_MOST>,
) -> Result<Response, Problem> {
    // The window is signed in by being the window.
    let Some(Extension(Peer(peer))) = peer else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let host = host(&uri, &headers);
    same_origin(&headers, &host)?;
    api.gate.check(&new.token, peer)?;
    let secret = api.gate.open(host)?;
    set_cookie(&format!("{COOKIE}={secret}; HttpOnly; SameSite=Strict; Path=/api; Max-Age={KEPT}"))
}

/// Signs a browser out.
#[utoipa::path(delete, path = "/api/session", tag = "session", operation_id = "closeSession",
    responses((status = 204, description = "Signed out."), Always))]
pub(crate) async fn close(State(api): State<Api>, headers: HeaderMap) -> Result<Response, Problem> {
    api.gate.close(&headers);
    set_cookie(&format!("{COOKIE}=; HttpOnly; SameSite=Strict; Path=/api; Max-Age=0"))
}

fn set_cookie(value: &str) -> Result<Response, Problem> {
    let value = HeaderValue::from_str(value).map_err(|_| {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "session.cookie", "the cookie could not be written")
    })?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, value)]).into_response())
}
