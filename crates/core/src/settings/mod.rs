//! What holds for the whole site.

mod queries;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Serialize;

use crate::attendance::{self, Touched};
use crate::audit::{self, Actor};
use crate::clock::{self, Timestamp};
use crate::db::{self, Tx};

/// The site's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The zone of a machine that is added without one, and of a stranger's clock.
    pub time_zone: Tz,
    /// Whether machines are told the time, and so set their clocks by this computer (quirk C2).
    pub steer_clocks: bool,
    /// How many punches that were not made at a machine somebody may claim of a month; none: as many as they like (rule 6.6).
    pub missed_punch_quota: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged {
    time_zone: String,
    #[serde(skip_serializing_if = "is_usual")]
    steer_clocks: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    missed_punch_quota: Option<u32>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it a reference")]
fn is_usual(steer_clocks: &bool) -> bool {
    *steer_clocks
}

impl From<&Settings> for Logged {
    fn from(settings: &Settings) -> Self {
        Self {
            time_zone: settings.time_zone.name().to_owned(),
            steer_clocks: settings.steer_clocks,
            missed_punch_quota: settings.missed_punch_quota,
        }
    }
}

/// The settings; the zone is UTC until somebody (or the first start, from the computer's) says otherwise.
pub fn settings_get(conn: &rusqlite::Connection) -> Result<Settings, db::Error> {
    let zone = queries::get(conn, "time_zone")?;
    Ok(Settings {
        time_zone: zone.and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC),
        steer_clocks: queries::get(conn, "steer_clocks")?.as_deref() != Some("0"),
        missed_punch_quota: queries::get(conn, "missed_punch_quota")?.and_then(|most| most.parse().ok()),
    })
}

/// The site's date at an instant.
pub fn site_date(conn: &rusqlite::Connection, at: Timestamp) -> Result<NaiveDate, db::Error> {
    Ok(clock::date_in(settings_get(conn)?.time_zone, at))
}

/// Changes them. A machine keeps the zone it has.
pub fn settings_change(tx: &Tx<'_>, actor: &Actor, settings: &Settings) -> Result<(), db::Error> {
    let before = Logged::from(&settings_get(tx)?);
    queries::set(tx, "time_zone", settings.time_zone.name())?;
    queries::set(tx, "steer_clocks", if settings.steer_clocks { "1" } else { "0" })?;
    let quota = settings.missed_punch_quota.map(|most| most.to_string()).unwrap_or_default();
    queries::set(tx, "missed_punch_quota", &quota)?;
    if settings.time_zone.name() != before.time_zone {
        // Where days begin and end, and so whether they are over.
        attendance::days_touched(tx, Touched::Everybody, NaiveDate::MIN, None)?;
    }
    audit::record(tx, actor, "settings.change", "settings", Some(&before), Some(&Logged::from(settings)))
}

/// Takes the computer's zone as the site's, on the first start only.
pub fn settings_begin(tx: &Tx<'_>, time_zone: Tz) -> Result<(), db::Error> {
    if queries::get(tx, "time_zone")?.is_none() {
        queries::set(tx, "time_zone", time_zone.name())?;
    }
    Ok(())
}

/// A secret of the site for one purpose, and whether it was there before; when not, `fresh` has become it. It goes into no
/// log and no answer.
pub fn settings_secret(tx: &Tx<'_>, purpose: &str, fresh: &str) -> Result<(String, bool), db::Error> {
    match queries::get(tx, purpose)? {
        Some(secret) => Ok((secret, true)),
        None => {
            queries::set(tx, purpose, fresh)?;
            Ok((fresh.to_owned(), false))
        }
    }
}
