//! What a day is judged to be, as [`super::rule`] wants it.

use chrono::NaiveDate;
use rusqlite::Connection;

use super::{queries, rule};
use crate::attendance::{self, Month, day::Mark, window::wall};
use crate::clock::{from_millis, wall_at};
use crate::db;
use crate::directory::EmployeeId;
use crate::schedule::shift::{Minute, Rule, Stretch};
use crate::settings::settings_get;

/// A day as it was judged last.
pub(super) struct Judged {
    pub date: NaiveDate,
    pub marks: Vec<Mark>,
    pub shift: Option<Rule>,
    pub window: Stretch,
    pub is_locked: bool,
}

impl Judged {
    pub fn load(conn: &Connection, employee: &EmployeeId, date: NaiveDate) -> Result<Self, db::Error> {
        let is_locked = attendance::months_locked(conn)?.contains(&Month::of(date));
        let Some(day) = attendance::day_stored(conn, employee, date)? else {
            return Ok(Self { date, marks: Vec::new(), shift: None, window: rule::CALENDAR_DAY, is_locked });
        };
        let shift = match &day.shift {
            Some(shift) => queries::shift(conn, shift)?,
            None => None,
        };
        // The window is kept as instants; a claim is by the site's clocks.
        let zone = settings_get(conn)?.time_zone;
        let midnight = wall(date, Minute(0)).seconds();
        let minute = |at: i64| {
            let wall = wall_at(zone, from_millis(at.saturating_mul(1000))).seconds();
            Minute(i32::try_from((wall - midnight).div_euclid(60)).unwrap_or_default())
        };
        let window = Stretch { start: minute(day.begins_at), end: minute(day.ends_at) };
        Ok(Self { date, marks: day.marks, shift, window, is_locked })
    }

    pub fn day(&self) -> rule::Day<'_> {
        rule::Day {
            date: self.date,
            marks: &self.marks,
            shift: self.shift.as_ref(),
            window: self.window,
            is_locked: self.is_locked,
        }
    }
}
