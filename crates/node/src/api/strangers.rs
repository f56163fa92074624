//! Machines that knock and that nobody has added.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use chrono::{DateTime, Utc};
use rollcall_core::Sn;
use rollcall_core::machines as site;
use rollcall_core::machines::stranger_adopt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, Path, Query};
use super::machines::{Machine, Stored, added, check_texts};
use super::page::{PageQuery, cut, list};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::types::{Always, Answer, Created, List, WithBody, WithPath, WithQuery, zone};

/// A machine that knocks and that nobody has added.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Stranger {
    /// The serial number it gives.
    sn: String,
    /// Where it calls from.
    address: String,
    /// Its first knock.
    first_seen_at: DateTime<Utc>,
    /// Its latest knock.
    last_seen_at: DateTime<Utc>,
    /// How often it knocked.
    knocks: u64,
    /// What it said of itself.
    info: BTreeMap<String, String>,
}

impl From<site::Stranger> for Stranger {
    fn from(stranger: site::Stranger) -> Self {
        Self {
            sn: stranger.sn.to_string(),
            address: stranger.address,
            first_seen_at: stranger.first_seen_at,
            last_seen_at: stranger.last_seen_at,
            knocks: stranger.knocks,
            info: stranger.info,
        }
    }
}

/// How a stranger is taken in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Adoption {
    /// What people will call it.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 100,
        example = "一楼大厅"
    )]
    name: String,
    /// What it is; what it said of itself when absent.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 100)]
    model: Option<String>,
    /// The zone its clock is in, an IANA name; the settings' when absent.
    #[schema(example = "Asia/Shanghai")]
    time_zone: Option<String>,
}

/// The machines that knock and that nobody has added, newest knock first, at most 500.
#[utoipa::path(get, path = "/api/strangers", tag = "strangers", operation_id = "listStrangers", params(PageQuery),
    responses((status = 200, body = List<Stranger>), WithQuery, Always))]
pub(crate) async fn get_all(State(api): State<Api>, query: Query<PageQuery>) -> Answer<List<Stranger>> {
    let page = query.page()?;
    let mut strangers = api.fleet.strangers();
    let key = |stranger: &site::Stranger| {
        (std::cmp::Reverse(stranger.last_seen_at.timestamp_millis()), stranger.sn.key())
    };
    strangers.sort_by_key(key);
    Ok(Json(list(cut(strangers, &page, key)?, Stranger::from)))
}

/// Takes a stranger in, under the serial number it gives itself. What it kept meanwhile arrives after that.
#[utoipa::path(post, path = "/api/strangers/{sn}/adopt", tag = "strangers", operation_id = "adoptStranger",
    params(("sn" = String, Path, description = "Its serial number, in any case")), request_body = Adoption,
    responses((status = 201, body = Machine), (status = 409, body = Problem, content_type = "application/problem+json",
    description = "It is added already."), WithPath, WithBody, Always))]
pub(crate) async fn adopt(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Path(sn): Path<String>,
    Body(adoption): Body<Adoption>,
) -> Created<Machine> {
    let sn = Sn::new(&sn).map_err(|_| {
        Problem::not_found("stranger.unknown", format!("no machine {sn:?} has knocked that is not added yet"))
    })?;
    check_texts(Some(&adoption.name), adoption.model.as_deref())?;
    let time_zone = adoption.time_zone.as_deref().map(|name| zone("/timeZone", name)).transpose()?;
    let adoption = site::Adoption { name: adoption.name, model: adoption.model, time_zone };
    let _order = api.changing.lock().await;
    // The listener knows of knocks that are not written down yet.
    let knock = api.fleet.strangers().into_iter().find(|stranger| stranger.sn == sn);
    let stored = api
        .site
        .write(move |tx| {
            let machine = stranger_adopt(tx, &actor, &sn, adoption, knock.as_ref())?;
            Ok::<_, site::MachineError>(Stored::read(tx, machine)?)
        })
        .await?;
    Ok((StatusCode::CREATED, Json(added(&api, stored))))
}
