//! The console API: one router, described by the OpenAPI document that is generated from it.
//!
//! One file or folder per resource of the core. The window calls [`in_process`]; browsers and programs come through [`console`],
//! which adds the door ([`auth`]), the UI's files and the headers that keep a browser safe.

#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod appeals;
#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod attendance;
mod audit;
mod auth;
mod branches;
#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod calendar;
#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod calendar_import;
mod commands;
#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod comparison;
mod departments;
mod description;
mod dispatch;
mod download;
#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod employees;
mod errors;
mod extract;
mod fields;
mod health;
mod held;
#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod imports;
#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod jobs;
#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod leaves;
mod listener;
mod machines;
mod mapping;
mod overview;
mod page;
mod photos;
mod problem;
#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod punch_files;
#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod punches;
mod rehire;
#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod reuploads;
mod roster;
mod rotations;
#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod schedule;
mod serve;
mod session;
mod settings;
#[expect(unused_qualifications, reason = "what the description's macro repeats counts as one")]
mod shift_assignments;
mod shifts;
mod state;
mod strangers;
mod stream;
mod sync;
mod text;
mod time;
mod trace;
mod types;
mod units;
mod upload;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router, middleware};
use rollcall_core::Actor;
use tower::ServiceExt;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::assets;

pub(crate) use auth::Gate;
use description::{Description, describe};
pub(crate) use problem::Problem;
pub(crate) use serve::{Bound, Console};
pub(crate) use state::{Api, Parts};

/// Watchers of the live stream at one time.
pub(crate) const STREAMS_MOST: usize = 256;

fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(health::get))
        .routes(routes!(overview::get))
        .routes(routes!(listener::get))
        .routes(routes!(machines::get_all, machines::add))
        .routes(routes!(machines::get, machines::change, machines::delete))
        .routes(routes!(machines::resolve_twins))
        .routes(routes!(commands::get_all, commands::add))
        .routes(routes!(commands::cancel))
        .routes(routes!(commands::kinds))
        .routes(routes!(held::people))
        .routes(routes!(held::log))
        .routes(routes!(strangers::get_all))
        .routes(routes!(strangers::adopt))
        .routes(routes!(trace::of_machine))
        .routes(routes!(trace::export_of_machine))
        .routes(routes!(trace::of_stranger))
        .routes(routes!(trace::export_of_stranger))
        .routes(routes!(employees::get_all, employees::add))
        .routes(routes!(employees::get, employees::change))
        .routes(routes!(photos::put, photos::get, photos::delete))
        .routes(routes!(branches::get_all, branches::add))
        .routes(routes!(branches::change, branches::delete))
        .routes(routes!(departments::get_all, departments::add))
        .routes(routes!(departments::change, departments::delete))
        .routes(routes!(fields::get_all, fields::add))
        .routes(routes!(fields::change, fields::delete))
        .routes(routes!(imports::add))
        .routes(routes!(imports::last))
        .routes(routes!(imports::undo))
        .routes(routes!(imports::files::template))
        .routes(routes!(imports::files::export))
        .routes(routes!(roster::get_all, roster::add))
        .routes(routes!(roster::change, roster::remove))
        .routes(routes!(sync::start))
        .routes(routes!(sync::batch))
        .routes(routes!(comparison::get))
        .routes(routes!(comparison::read))
        .routes(routes!(comparison::resolve))
        .routes(routes!(rehire::rehire))
        .routes(routes!(rehire::machines))
        .routes(routes!(mapping::get, mapping::put))
        .routes(routes!(mapping::accept))
        .routes(routes!(dispatch::get, dispatch::put))
        .routes(routes!(dispatch::preview_saved, dispatch::preview_unsaved))
        .routes(routes!(dispatch::run))
        .routes(routes!(dispatch::copy))
        .routes(routes!(dispatch::explain))
        .routes(routes!(shifts::get_all, shifts::add))
        .routes(routes!(shifts::change, shifts::remove))
        .routes(routes!(rotations::get_all, rotations::add))
        .routes(routes!(rotations::change, rotations::remove))
        .routes(routes!(shift_assignments::get_all, shift_assignments::add))
        .routes(routes!(shift_assignments::change, shift_assignments::remove))
        .routes(routes!(calendar::get_all, calendar::set))
        .routes(routes!(calendar_import::import))
        .routes(routes!(calendar::remove))
        .routes(routes!(leaves::get_all, leaves::add))
        .routes(routes!(leaves::change, leaves::remove))
        .routes(routes!(schedule::get_all, schedule::put))
        .routes(routes!(schedule::preview))
        .routes(routes!(jobs::get_all))
        .routes(routes!(jobs::get))
        .routes(routes!(jobs::cancel))
        .routes(routes!(jobs::confirm))
        .routes(routes!(punches::get_all))
        .routes(routes!(punches::quarters))
        .routes(routes!(punches::rejected))
        .routes(routes!(appeals::get_all, appeals::raise))
        .routes(routes!(appeals::decide_many))
        .routes(routes!(appeals::get))
        .routes(routes!(appeals::approve))
        .routes(routes!(appeals::reject))
        .routes(routes!(appeals::withdraw))
        .routes(routes!(appeals::evidence::put, appeals::evidence::get, appeals::evidence::delete))
        .routes(routes!(appeals::corrections::get_all, appeals::corrections::add))
        .routes(routes!(appeals::corrections::withdraw))
        .routes(routes!(appeals::quota::get))
        .routes(routes!(attendance::days::get_all))
        .routes(routes!(attendance::export::days::days))
        .routes(routes!(attendance::export::sheet::month_sheet))
        .routes(routes!(attendance::explain::get))
        .routes(routes!(attendance::sheet::get))
        .routes(routes!(attendance::lists::exceptions))
        .routes(routes!(attendance::lists::summary))
        .routes(routes!(attendance::locks::get_all, attendance::locks::add))
        .routes(routes!(attendance::locks::remove))
        .routes(routes!(attendance::locks::late))
        .routes(routes!(attendance::recompute::start))
        .routes(routes!(attendance::recompute::differences))
        .routes(routes!(reuploads::start))
        .routes(routes!(reuploads::list))
        .routes(routes!(reuploads::check))
        .routes(routes!(punch_files::add))
        .routes(routes!(audit::get_all))
        .routes(routes!(settings::get, settings::put))
        .routes(routes!(stream::get))
        .routes(routes!(session::get, session::open, session::close))
}

/// The OpenAPI document, as JSON with a line break at its end.
pub fn description() -> String {
    describe(routes().into_openapi())
}

fn router(api: Api) -> Router {
    let (router, openapi) = routes().split_for_parts();
    let json = bytes::Bytes::from(describe(openapi));
    let description = move || async move { ([(header::CONTENT_TYPE, "application/json")], json) };
    router
        .route("/api/openapi.json", axum::routing::get(description))
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(api.clone(), ring))
        .layer(middleware::from_fn(to_the_end))
        .with_state(api)
}

/// Wakes the workers for jobs and attendance after every call that may have changed something: a rule may want whom it moved,
/// a day may be another. One place, since nobody would remember it in each.
async fn ring(State(api): State<Api>, request: Request, next: Next) -> Response {
    let safe = request.method().is_safe();
    let response = next.run(request).await;
    if !safe && response.status().is_success() {
        api.bell.ring();
    }
    response
}

/// Runs a call to its end although the caller may hang up: what is committed must also reach the listener and the
/// watchers, or a machine that was disabled would go on being taken for enabled.
async fn to_the_end(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) => {
            tracing::error!(%error, "a call ended in the middle");
            let detail = "the program failed at this; its log says more";
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "system.failed", detail).into_response()
        }
    }
}

async fn unknown_path(uri: Uri) -> Problem {
    Problem::not_found("path.unknown", format!("there is nothing at {}", uri.path()))
}

async fn wrong_method(method: Method, uri: Uri) -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method.not_allowed",
        format!("{method} is not for {}; the header Allow says what is", uri.path()),
    )
}

/// The API for a host in this process, which needs no token.
pub(crate) fn in_process(api: Api) -> Router {
    router(api).layer(Extension(state::Caller(Actor::desktop()))).layer(Extension(auth::Via::Window))
}

/// The whole console on the network: the API behind its door, and the UI's files, which need no token.
pub(crate) fn console(api: Api) -> Router {
    let guarded = router(api.clone()).layer(middleware::from_fn_with_state(api, auth::enter));
    Router::new().fallback(split).with_state(guarded)
}

/// Answers of the API are for programs: nothing in them is ever run or framed by a browser.
const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

async fn split(State(api): State<Router>, request: Request) -> Response {
    let path = request.uri().path();
    let mut response = if path == "/api" || path.starts_with("/api/") {
        let Ok(mut response) = api.oneshot(request).await;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(DATA_POLICY));
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        response
    } else {
        assets::serve(request.method(), path, request.headers())
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
