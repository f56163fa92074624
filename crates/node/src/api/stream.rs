//! The live stream: what changed, as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::problem::Problem;
use super::state::Api;
use super::types::Always;

/// How often an idle stream says that it is alive; proxies cut silent ones after a minute.
const ALIVE: Duration = Duration::from_secs(15);

/// Server-sent events, each with the key of what changed: `machine {sn, stranger}`, `punch {sn, ids}`, `roster {sn}`,
/// `command {sn, id}`, `employee {employeeId}`, `organisation {}`, `schedule {}`, `attendance {employeeId, date}` (null for many),
/// `storage {writable}`, and `reset {}` when this watcher missed something and has to read everything again.
#[utoipa::path(get, path = "/api/events", tag = "events", operation_id = "watchEvents",
    responses((status = 200, body = String, content_type = "text/event-stream"), Always))]
pub(crate) async fn get(State(api): State<Api>) -> Result<Response, Problem> {
    let Ok(place) = Arc::clone(&api.streams).try_acquire_owned() else {
        return Err(Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "events.too_many",
            "too many watch already; close some windows",
        )
        .retry_after(60));
    };
    let watcher = api.events.subscribe();
    let stopping = api.stopping.clone();
    let events = stream::unfold((watcher, stopping, place), |(mut watcher, stopping, place)| async move {
        let event = tokio::select! {
            biased;
            () = stopping.cancelled() => None,
            event = watcher.next() => event,
        }?;
        let event = axum::response::sse::Event::default().event(event.name()).data(event.data());
        Some((Ok::<_, Infallible>(event), (watcher, stopping, place)))
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(ALIVE)).into_response();
    // nginx would collect the events and deliver them in lumps.
    response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    Ok(response)
}
