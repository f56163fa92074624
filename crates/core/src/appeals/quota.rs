//! How many punches somebody may claim of a calendar month: the setting `missedPunchQuota`, the same for everybody.

use rusqlite::Connection;

use super::requests::NEW;
use super::rule::Quota;
use super::{Appeal, AppealError, queries};
use crate::attendance::Month;
use crate::db;
use crate::directory::{self, EmployeeId};
use crate::settings::{Settings, settings_get};

/// What somebody has claimed of a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaView {
    /// The month.
    pub month: Month,
    /// Open and approved requests with a time.
    pub used: u32,
    /// How many there may be; none: as many as they like.
    pub quota: Option<u32>,
}

/// What somebody has claimed of a month.
pub fn quota_get(conn: &Connection, employee: &str, month: Month) -> Result<QuotaView, AppealError> {
    let unknown = || AppealError::EmployeeUnknown(employee.to_owned());
    let id = EmployeeId::new(employee).map_err(|_| unknown())?;
    directory::employee_get(conn, &id)?.ok_or_else(unknown)?;
    let used = queries::claimed(conn, &id, month, true)?;
    Ok(QuotaView { month, used, quota: settings_get(conn)?.missed_punch_quota })
}

/// What counts against an appeal that has a time: when it is raised, what is open and approved; when it is decided, what is
/// approved, so that a quota that was lowered meanwhile still leaves room for as many as it says.
pub(super) fn without(conn: &Connection, settings: &Settings, appeal: &Appeal) -> Result<Quota, db::Error> {
    let is_new = appeal.id == NEW;
    let used = queries::claimed(conn, &appeal.employee_id, Month::of(appeal.date), is_new)?;
    Ok(Quota { used, most: settings.missed_punch_quota })
}
