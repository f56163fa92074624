//! The first screen: are all machines talking, and did people punch today?

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use rollcall_core::db;
use rollcall_core::machines::machine_list;
use rollcall_core::punches::{punch_totals, punches_by_quarter};
use rollcall_core::settings::settings_get;
use serde::Serialize;
use utoipa::ToSchema;

use super::health::Storage;
use super::state::Api;
use super::types::{Always, Answer};
use rollcall_core::clock::date_in;

/// The first screen in numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Overview {
    /// The machines.
    machines: OverviewMachines,
    /// The punches.
    punches: OverviewPunches,
    /// Whether the database takes what it is given.
    storage: Storage,
}

/// The machines in numbers.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OverviewMachines {
    /// All of them.
    total: u64,
    /// Enabled and heard from within three of their poll intervals.
    online: u64,
    /// Enabled and silent.
    offline: u64,
    /// Disabled, talking or not.
    disabled: u64,
    /// Enabled, and never heard from at all; counted in `offline` too.
    never_connected: u64,
    /// Those that knock and that nobody has added.
    strangers: u64,
}

/// The punches in numbers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OverviewPunches {
    /// Today, by the site's zone.
    date: NaiveDate,
    /// The site's zone.
    time_zone: String,
    /// Punches of today, by the machines' clocks.
    today: u64,
    /// The same by quarter hour: 96 counts, the first from 00:00 to 00:15.
    #[schema(min_items = 96, max_items = 96)]
    quarter_hours: Vec<u32>,
    /// Punches held, of all days.
    total: u64,
    /// Those of them that nobody had the number of, of all days.
    unmatched: u64,
    /// Lines that could not be read, of all days.
    rejected: u64,
}

/// The first screen.
#[utoipa::path(get, path = "/api/overview", tag = "overview", operation_id = "getOverview",
    responses((status = 200, body = Overview), Always))]
pub(crate) async fn get(State(api): State<Api>) -> Answer<Overview> {
    let now = api.site.clock().now();
    let (machines, zone, quarters, totals) = api
        .site
        .read(move |conn| {
            let zone = settings_get(conn)?.time_zone;
            let quarters = punches_by_quarter(conn, date_in(zone, now))?;
            Ok::<_, db::Error>((machine_list(conn)?, zone, quarters, punch_totals(conn)?))
        })
        .await?;
    let mut counts =
        OverviewMachines { strangers: api.fleet.strangers().len() as u64, ..OverviewMachines::default() };
    for machine in machines {
        let live = api.fleet.live(&machine.sn);
        counts.total += 1;
        if !machine.enabled {
            counts.disabled += 1;
        } else if live.as_ref().is_some_and(|live| live.online) {
            counts.online += 1;
        } else {
            counts.offline += 1;
            counts.never_connected +=
                u64::from(live.and_then(|live| live.last_seen_at).or(machine.last_seen_at).is_none());
        }
    }
    Ok(Json(Overview {
        machines: counts,
        punches: OverviewPunches {
            date: date_in(zone, now),
            time_zone: zone.name().to_owned(),
            today: quarters.iter().map(|count| u64::from(*count)).sum(),
            quarter_hours: quarters.to_vec(),
            total: totals.punches,
            unmatched: totals.unmatched,
            rejected: totals.rejected,
        },
        storage: Storage::from(*api.site.storage().borrow()),
    }))
}
