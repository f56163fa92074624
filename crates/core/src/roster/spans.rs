//! Whose punch is it (rule 3.7): a (machine, pin) belongs to somebody for a span `[from, to)` of the machine's wall clock.
//!
//! Punches are never rewritten. Who it was is looked up through the spans, so a late claim, a re-hire or a corrected hire
//! date needs no change to any punch; only the derived list of unmatched ones follows.

use chrono::NaiveDate;
use rollcall_protocol::WallTime;
use rusqlite::params;

use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::machines::MachineId;
use crate::punches;

/// The beginning of time.
pub(crate) const BEGINNING: i64 = i64::MIN;
/// The end of an open span.
pub(crate) const OPEN: i64 = i64::MAX;

/// Where a new span begins: the later of the hire date and the end of the previous owner's span; neither known, the
/// beginning of time.
pub fn span_start(hired_on: Option<NaiveDate>, previous_end: Option<i64>) -> i64 {
    let hired =
        hired_on.and_then(|day| day.and_hms_opt(0, 0, 0)).map(|midnight| midnight.and_utc().timestamp());
    hired.into_iter().chain(previous_end).max().unwrap_or(BEGINNING)
}

/// Begins a span for the new holder of a pin.
pub(super) fn open(
    tx: &Tx<'_>,
    machine: MachineId,
    pin: i64,
    employee: &EmployeeId,
    hired_on: Option<NaiveDate>,
) -> Result<(), Error> {
    let previous: Option<i64> = tx
        .prepare_cached("SELECT max(to_wall) FROM spans WHERE machine_id = ?1 AND pin_number = ?2")?
        .query_row(params![machine.0, pin], |row| row.get(0))?;
    let from = span_start(hired_on, previous);
    tx.prepare_cached(
        "INSERT INTO spans (machine_id, pin_number, employee_id, from_wall, to_wall) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![machine.0, pin, employee.as_str(), from, OPEN])?;
    punches::rematch(tx, machine, pin)
}

/// Ends the span of a pin's present holder.
pub(super) fn end(tx: &Tx<'_>, machine: MachineId, pin: i64, at: WallTime) -> Result<(), Error> {
    // A span that would begin after its end (hired next month, removed today) never covered anything.
    tx.prepare_cached(
        "UPDATE spans SET to_wall = max(from_wall, ?3) WHERE machine_id = ?1 AND pin_number = ?2 AND to_wall = ?4",
    )?
    .execute(params![machine.0, pin, at.seconds(), OPEN])?;
    punches::rematch(tx, machine, pin)
}

/// A corrected hire date moves the beginnings of somebody's spans, never over the previous owner's end.
pub fn spans_follow_hire_date(
    tx: &Tx<'_>,
    employee: &EmployeeId,
    hired_on: Option<NaiveDate>,
) -> Result<(), Error> {
    let spans: Vec<(i64, i64, i64, i64, Option<i64>)> = tx
        .prepare_cached(
            "SELECT s.id, s.machine_id, s.pin_number, s.to_wall,
               (SELECT max(p.to_wall) FROM spans p
                WHERE p.machine_id = s.machine_id AND p.pin_number = s.pin_number AND p.id < s.id)
             FROM spans s WHERE s.employee_id = ?1",
        )?
        .query_map([employee.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })?
        .collect::<Result<_, _>>()?;
    for (id, machine, pin, to, previous) in spans {
        let from = span_start(hired_on, previous).min(to);
        tx.prepare_cached("UPDATE spans SET from_wall = ?2 WHERE id = ?1")?.execute([id, from])?;
        punches::rematch(tx, MachineId(machine), pin)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roster_3_7_a_span_begins_at_the_later_of_hire_date_and_previous_end() {
        let hired = NaiveDate::from_ymd_opt(1970, 1, 2);
        let table = [
            (None, None, BEGINNING),
            (hired, None, 86_400),
            (None, Some(500), 500),
            (hired, Some(500), 86_400),
            (hired, Some(100_000), 100_000),
        ];
        for (hired_on, previous, expected) in table {
            assert_eq!(span_start(hired_on, previous), expected, "{hired_on:?} {previous:?}");
        }
    }
}
