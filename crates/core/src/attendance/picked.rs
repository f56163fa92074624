//! Days picked one by one, as they are shown: beside whatever is about them.

use std::collections::HashMap;

use chrono::NaiveDate;
use rusqlite::Connection;

use super::queries;
use super::stored::StoredDay;
use super::view::{DayView, Glass};
use crate::clock::Timestamp;
use crate::db::Error;
use crate::directory::{Brief, EmployeeId, person_in_brief};

/// A day as it was judged last, whatever may still come.
pub(crate) fn day_stored(
    conn: &Connection,
    employee: &EmployeeId,
    date: NaiveDate,
) -> Result<Option<StoredDay>, Error> {
    queries::get(conn, employee.as_str(), date)
}

/// Days of people, in the order they were asked for; none where nobody has judged it.
pub(crate) fn days_picked(
    conn: &Connection,
    wanted: &[(&EmployeeId, NaiveDate)],
    now: Timestamp,
) -> Result<Vec<Option<DayView>>, Error> {
    let dates = || wanted.iter().map(|(_, date)| *date);
    let (Some(from), Some(to)) = (dates().min(), dates().max()) else { return Ok(Vec::new()) };
    let mut people: HashMap<&EmployeeId, Brief> = HashMap::new();
    for (id, _) in wanted {
        if !people.contains_key(id)
            && let Some(person) = person_in_brief(conn, id)?
        {
            people.insert(id, person);
        }
    }
    let list: Vec<Brief> = people.values().cloned().collect();
    let glass = Glass::load(conn, &list, (from, to), now)?;
    let mut days = Vec::with_capacity(wanted.len());
    for (id, date) in wanted {
        let day = match people.get(id) {
            Some(person) => day_stored(conn, id, *date)?.map(|day| glass.view(person, *date, day)),
            None => None,
        };
        days.push(day);
    }
    Ok(days)
}
