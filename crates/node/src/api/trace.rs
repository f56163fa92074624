//! What a machine said lately and what it was answered, for whoever supports it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use rollcall_core::Sn;
use rollcall_core::clock::Timestamp;
use rollcall_core::machines as site;
use serde::Serialize;
use utoipa::ToSchema;

use super::download::attachment;
use super::extract::Path;
use super::machines::{machine, sn_in_path};
use super::problem::Problem;
use super::state::Api;
use super::types::{Always, Answer, WithPath};
use crate::listener::Exchange;
use crate::listener::trace::pair;

/// What a machine said lately, in memory since the program started; secrets, templates, photos and card numbers are masked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trace {
    /// Requests with their answers, the newest first; at most 64.
    items: Vec<TraceItem>,
}

/// A request and its answer. What is longer than a screen is cut and ends in `…`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TraceItem {
    /// When it came.
    at: DateTime<Utc>,
    /// When it came last; the same as `at` unless it was repeated.
    last_at: DateTime<Utc>,
    /// Where it came from.
    address: String,
    /// Its method.
    method: String,
    /// Path and query.
    target: String,
    /// Its header lines.
    request_head: String,
    /// The first part of its body.
    request_body: String,
    /// The status it was answered with.
    status: u16,
    /// Header lines and the first part of the body of the answer.
    answer: String,
    /// How often the very same came again and was answered the same; idle polls are one item.
    repeated: u32,
}

impl From<&Exchange> for TraceItem {
    fn from(exchange: &Exchange) -> Self {
        Self {
            at: exchange.at,
            last_at: exchange.last_at,
            address: exchange.address.to_string(),
            method: exchange.method().to_owned(),
            target: exchange.target().to_owned(),
            request_head: exchange.headers().to_owned(),
            request_body: exchange.body().to_owned(),
            status: exchange.status,
            answer: exchange.answer().to_owned(),
            repeated: exchange.repeated,
        }
    }
}

fn items(exchanges: &[Exchange]) -> Json<Trace> {
    Json(Trace { items: exchanges.iter().map(TraceItem::from).collect() })
}

/// What a machine said lately and what it was answered.
#[utoipa::path(get, path = "/api/machines/{sn}/trace", tag = "machines", operation_id = "getTrace",
    params(("sn" = String, Path, description = "Its serial number, in any case")),
    responses((status = 200, body = Trace), WithPath, Always))]
pub(crate) async fn of_machine(State(api): State<Api>, Path(sn): Path<String>) -> Answer<Trace> {
    let machine = machine(&api, &sn_in_path(&sn)?).await?;
    Ok(items(&api.fleet.trace(&machine.sn).unwrap_or_default()))
}

/// The same as a text to send to whoever supports the machine, with what the machine says of itself.
#[utoipa::path(get, path = "/api/machines/{sn}/trace/export", tag = "machines", operation_id = "exportTrace",
    params(("sn" = String, Path, description = "Its serial number, in any case")),
    responses((status = 200, body = String, content_type = "text/plain"), WithPath, Always))]
pub(crate) async fn export_of_machine(
    State(api): State<Api>,
    Path(sn): Path<String>,
) -> Result<Response, Problem> {
    let machine = machine(&api, &sn_in_path(&sn)?).await?;
    let exchanges = api.fleet.trace(&machine.sn).unwrap_or_default();
    let facts = [
        ("model", machine.model.clone()),
        ("dialect", machine.dialect.map(|dialect| dialect.to_string())),
        ("firmware", machine.firmware.clone()),
        ("protocol", machine.protocol_version.clone()),
        ("language", machine.language.clone()),
        ("time zone", Some(machine.time_zone.name().to_owned())),
        ("enabled", Some(machine.enabled.to_string())),
    ];
    Ok(export(&machine.sn, api.fleet.now(), &facts, &machine.options, &exchanges))
}

/// What a stranger said lately and what it was answered; of the last few dozen strangers only.
#[utoipa::path(get, path = "/api/strangers/{sn}/trace", tag = "strangers", operation_id = "getStrangerTrace",
    params(("sn" = String, Path, description = "Its serial number, in any case")),
    responses((status = 200, body = Trace), WithPath, Always))]
pub(crate) async fn of_stranger(State(api): State<Api>, Path(sn): Path<String>) -> Answer<Trace> {
    let stranger = stranger(&api, &sn)?;
    Ok(items(&api.fleet.trace(&stranger.sn).unwrap_or_default()))
}

/// The same as a text to send to whoever supports the machine.
#[utoipa::path(get, path = "/api/strangers/{sn}/trace/export", tag = "strangers",
    operation_id = "exportStrangerTrace", params(("sn" = String, Path, description = "Its serial number, in any case")),
    responses((status = 200, body = String, content_type = "text/plain"), WithPath, Always))]
pub(crate) async fn export_of_stranger(
    State(api): State<Api>,
    Path(sn): Path<String>,
) -> Result<Response, Problem> {
    let stranger = stranger(&api, &sn)?;
    let exchanges = api.fleet.trace(&stranger.sn).unwrap_or_default();
    let facts = [("knocks", Some(stranger.knocks.to_string()))];
    Ok(export(&stranger.sn, api.fleet.now(), &facts, &stranger.info, &exchanges))
}

fn stranger(api: &Api, sn: &str) -> Result<site::Stranger, Problem> {
    let unknown = || {
        Problem::not_found("stranger.unknown", format!("no machine {sn:?} has knocked that is not added yet"))
    };
    let sn = Sn::new(sn).map_err(|_| unknown())?;
    api.fleet.strangers().into_iter().find(|stranger| stranger.sn == sn).ok_or_else(unknown)
}

fn time(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// One text with all of it, as a file.
fn export(
    sn: &Sn,
    now: Timestamp,
    facts: &[(&str, Option<String>)],
    options: &BTreeMap<String, String>,
    exchanges: &[Exchange],
) -> Response {
    let text = write(sn, now, facts, options, exchanges);
    // A serial number has letters, digits, `-` and `_` only.
    attachment("text/plain; charset=utf-8", &format!("rollcall-trace-{sn}.txt"), text)
}

fn write(
    sn: &Sn,
    now: Timestamp,
    facts: &[(&str, Option<String>)],
    options: &BTreeMap<String, String>,
    exchanges: &[Exchange],
) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ =
        write!(out, "Rollcall {}\nexported: {}\nserial number: {sn}\n", env!("CARGO_PKG_VERSION"), time(now));
    for (name, value) in facts {
        let _ = writeln!(out, "{name}: {}", value.as_deref().unwrap_or("-"));
    }
    out.push_str("\nWhat it says of itself:\n");
    for (key, value) in options {
        let _ = writeln!(out, "{}", pair(key, value));
    }
    out.push_str(
        "\nWhat it sent and was answered, newest first (secrets, templates, photos and card numbers are masked):\n",
    );
    for exchange in exchanges {
        let _ = write!(out, "\n--- {} from {}", time(exchange.at), exchange.address);
        if exchange.repeated > 0 {
            let _ =
                write!(out, ", the same {} times more until {}", exchange.repeated, time(exchange.last_at));
        }
        let _ = writeln!(out, "\n{} {}\n{}", exchange.method(), exchange.target(), exchange.headers());
        if !exchange.body().is_empty() {
            let _ = writeln!(out, "\n{}", exchange.body());
        }
        let _ = writeln!(out, "\n{}\n{}", exchange.status, exchange.answer());
    }
    out
}
