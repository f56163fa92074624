//! How many punches somebody has claimed of a month.

use axum::Json;
use axum::extract::State;
use rollcall_core::appeals::quota_get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::attendance::month;
use crate::api::extract::Query;
use crate::api::state::Api;
use crate::api::types::{Always, Answer, WithQuery};

/// Whose month.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(crate) struct QuotaQuery {
    /// Whose.
    employee_id: String,
    /// Which month, `YYYY-MM`.
    #[param(pattern = "^(19|[2-9][0-9])[0-9]{2}-(0[1-9]|1[0-2])$", example = "2026-07")]
    month: String,
}

/// How many punches somebody has claimed of a month.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MissedPunchQuota {
    /// The month.
    #[schema(example = "2026-07")]
    month: String,
    /// Open and approved requests with a time.
    used: u32,
    /// How many there may be; null for as many as they like.
    #[schema(required)]
    quota: Option<u32>,
}

/// How many punches somebody has claimed of a month, and how many they may.
#[utoipa::path(get, path = "/api/attendance/quota", tag = "appeals", operation_id = "getMissedPunchQuota", params(QuotaQuery),
    responses((status = 200, body = MissedPunchQuota), WithQuery, Always))]
pub(crate) async fn get(State(api): State<Api>, Query(query): Query<QuotaQuery>) -> Answer<MissedPunchQuota> {
    let of = month(&query.month)?;
    let view = api.site.read(move |conn| quota_get(conn, &query.employee_id, of)).await?;
    Ok(Json(MissedPunchQuota { month: view.month.to_string(), used: view.used, quota: view.quota }))
}
