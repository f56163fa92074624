//! What holds for the whole site.

use axum::extract::State;
use axum::{Extension, Json};
use rollcall_core::db;
use rollcall_core::settings as site;
use rollcall_core::settings::{settings_change, settings_get};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::extract::{Body, given, nullable};
use super::problem::Problem;
use super::state::{Api, Caller};
use super::types::{Always, Answer, WithBody, zone};

/// What holds for the whole site.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settings {
    /// The zone of a machine that is added without one, an IANA name. A machine keeps the zone it has.
    #[schema(example = "Asia/Shanghai")]
    time_zone: String,
    /// Whether machines are told the time, and so set their clocks by this computer's.
    steer_clocks: bool,
    /// How many punches that were not made at a machine somebody may claim of a month; null for as many as they like.
    #[schema(required)]
    missed_punch_quota: Option<u32>,
}

/// New settings.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewSettings {
    /// The zone of a machine that is added without one, an IANA name. A machine keeps the zone it has.
    #[schema(example = "Asia/Shanghai")]
    time_zone: String,
    /// Whether machines are told the time, and so set their clocks by this computer's; unchanged when absent.
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "given")]
    steer_clocks: Option<bool>,
    /// How many punches that were not made at a machine somebody may claim of a month; null for as many as they like, unchanged
    /// when absent.
    #[schema(value_type = Option<u32>, maximum = 100)]
    #[serde(default, deserialize_with = "nullable")]
    missed_punch_quota: Option<Option<u32>>,
}

/// The largest quota; whoever wants more wants none.
const QUOTA_MOST: u32 = 100;

impl From<site::Settings> for Settings {
    fn from(settings: site::Settings) -> Self {
        Self {
            time_zone: settings.time_zone.name().to_owned(),
            steer_clocks: settings.steer_clocks,
            missed_punch_quota: settings.missed_punch_quota,
        }
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
#[utoipa::path(put, path = "/api/settings", tag = "settings", operation_id = "putSettings", request_body = NewSettings,
    responses((status = 200, body = Settings), WithBody, Always))]
pub(crate) async fn put(
    State(api): State<Api>,
    Extension(Caller(actor)): Extension<Caller>,
    Body(settings): Body<NewSettings>,
) -> Answer<Settings> {
    let (time_zone, steer_clocks) = (zone("/timeZone", &settings.time_zone)?, settings.steer_clocks);
    let missed_punch_quota = settings.missed_punch_quota;
    if missed_punch_quota.flatten().is_some_and(|most| most > QUOTA_MOST) {
        let detail = format!("a quota is 0 to {QUOTA_MOST}, or null for none");
        return Err(Problem::invalid("/missedPunchQuota", "settings.quota_too_large", detail));
    }
    let _order = api.changing.lock().await;
    let settings = api
        .site
        .write(move |tx| {
            let before = settings_get(tx)?;
            let steer_clocks = steer_clocks.unwrap_or(before.steer_clocks);
            let missed_punch_quota = missed_punch_quota.unwrap_or(before.missed_punch_quota);
            let settings = site::Settings { time_zone, steer_clocks, missed_punch_quota };
            settings_change(tx, &actor, &settings)?;
            Ok::<_, db::Error>(settings)
        })
        .await?;
    api.fleet.set_time_zone(settings.time_zone);
    api.fleet.set_steer_clocks(settings.steer_clocks);
    Ok(Json(settings.into()))
}
