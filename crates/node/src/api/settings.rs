//! What holds for the whole site.

use axum::extract::State;
use axum::{Extension, Json};
use rollcall_core::db;
use rollcall_core::settings as site;
use rollcall_core::settings::{settings_change, settings_get};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::Body;
use super::state::{Api, Caller};
use super::types::{Always, Answer, WithBody, zone};

/// What holds for the whole site.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Settings {
    /// The zone of a machine that is added without one, an IANA name. A machine keeps the zone it has.
    #[schema(example = "Asia/Shanghai")]
    time_zone: String,
}

impl From<site::Settings> for Settings {
    fn from(settings: site::Settings) -> Self {
        Self { time_zone: settings.time_zone.name().to_owned() }
    }
}

/// The settings.
#[utoipa::path(get, path = "/api/settings", tag = "settings", operation_id = "getSettings",
    responses((status = 200, body = Settings), Always))]
pub(crate) async fn get(State(api): State<Api>) -> Answer<Settings> {
    let settings = api.site.read(settings_get).await?;
    Ok(Json(settings.into()))
}

/// Replaces the settings.
#[utoipa::path(put, path = "/api/settings", tag = "settings", operation_id = "putSettings", request_body = Settings,
    responses((status = 200, body = Settings), WithBody, Always))]
pub(crate) async fn put(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(settings): Body<Settings>,
) -> Answer<Settings> {
    let time_zone = zone("/timeZone", &settings.time_zone)?;
    let _order = api.changing.lock().await;
    let settings = api
        .site
        .write(move |tx| {
            let settings = site::Settings { time_zone, ..settings_get(tx)? };
            settings_change(tx, &actor, &settings)?;
            Ok::<_, db::Error>(settings)
        })
        .await?;
    api.fleet.set_time_zone(settings.time_zone);
    Ok(Json(settings.into()))
}
