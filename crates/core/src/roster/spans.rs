//! Whose punch is it (rule 3.7): a (machine, pin) belongs to somebody for a span of time, `[from, to)` in seconds of UTC.
//!
//! Spans are instants, not the machine's wall clock, so that neither the hour that happens twice nor a machine that moves to
//! another zone gives a new owner's punches to the old one. Punches are never rewritten. Who it was is looked up through the
//! spans, so a late claim, a re-hire or a corrected hire date needs no change to any punch; only the derived list of
//! unmatched ones follows.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use rollcall_protocol::WallTime;
use rusqlite::{OptionalExtension, params};

use crate::attendance::punches_touched;
use crate::clock::{self, Timestamp};
use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::machines::{Machine, MachineId};
use crate::punches;

/// The beginning of time; far enough from the smallest integer that a query may take a day off it.
pub(crate) const BEGINNING: i64 = -(1 << 62);
/// The end of an open span.
pub(crate) const OPEN: i64 = 1 << 62;

/// Where a new span begins: the later of the hire date and the end of the previous owner's span; neither known, the
/// beginning of time.
pub fn span_start(hired_at: Option<i64>, previous_end: Option<i64>) -> i64 {
    hired_at.into_iter().chain(previous_end).max().unwrap_or(BEGINNING)
}

/// The first second of somebody's first day, where the machine hangs.
fn hired_at(zone: Tz, hired_on: Option<NaiveDate>) -> Option<i64> {
    let midnight = WallTime::from_seconds(hired_on?.and_time(NaiveTime::MIN).and_utc().timestamp());
    Some(clock::instant(midnight, clock::offset_at(zone, midnight)).timestamp())
}

/// Begins a span for the new holder of a pin, unless somebody has it still (rule 3.7).
pub(super) fn open(
    tx: &Tx<'_>,
    machine: &Machine,
    pin: i64,
    employee: &EmployeeId,
    hired_on: Option<NaiveDate>,
) -> Result<(), Error> {
    if open_owner(tx, machine.id, pin)?.is_some() {
        return Ok(());
    }
    let previous: Option<i64> = tx
        .prepare_cached("SELECT max(to_at) FROM spans WHERE machine_id = ?1 AND pin_number = ?2")?
        .query_row(params![machine.id.0, pin], |row| row.get(0))?;
    let from = span_start(hired_at(machine.time_zone, hired_on), previous);
    tx.prepare_cached(
        "INSERT INTO spans (machine_id, pin_number, employee_id, from_at, to_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![machine.id.0, pin, employee.as_str(), from, OPEN])?;
    punches_touched(tx, machine.id, pin, employee, from, OPEN)?;
    punches::rematch(tx, machine.id, pin)
}

/// A number somebody has or had on a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The number.
    pub pin: i64,
    /// Since when; none is the beginning of time.
    pub from: Option<Timestamp>,
    /// Until when; none is still.
    pub to: Option<Timestamp>,
}

/// The numbers somebody has had on a machine, newest first.
pub(super) fn of_person(
    conn: &rusqlite::Connection,
    machine: MachineId,
    employee: &EmployeeId,
) -> Result<Vec<Held>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT pin_number, from_at, to_at FROM spans WHERE employee_id = ?1 AND machine_id = ?2 AND from_at < to_at
         ORDER BY to_at DESC, id DESC",
    )?;
    let rows = statement.query_map(params![employee.as_str(), machine.0], |row| {
        let at = |seconds: i64| match seconds {
            BEGINNING | OPEN => None,
            seconds => Timestamp::from_timestamp(seconds, 0),
        };
        Ok(Held { pin: row.get(0)?, from: at(row.get(1)?), to: at(row.get(2)?) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whose a pin is at present.
pub(super) fn open_owner(
    conn: &rusqlite::Connection,
    machine: MachineId,
    pin: i64,
) -> Result<Option<EmployeeId>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT employee_id FROM spans WHERE machine_id = ?1 AND pin_number = ?2 AND to_at = ?3",
    )?;
    let owner = statement.query_row(params![machine.0, pin, OPEN], |row| row.get(0)).optional()?;
    Ok(owner.map(EmployeeId::stored))
}

/// Ends somebody's span of a pin now, if it is theirs.
pub(super) fn end_of(tx: &Tx<'_>, machine: MachineId, pin: i64, employee: &EmployeeId) -> Result<(), Error> {
    let now = tx.now().timestamp();
    let values = params![machine.0, pin, now, OPEN, employee.as_str()];
    // Hired next month, removed today: the pin was never theirs, and the next holder need not wait for that day.
    let dropped = tx
        .prepare_cached(
            "DELETE FROM spans WHERE machine_id = ?1 AND pin_number = ?2 AND to_at = ?4 AND from_at >= ?3
               AND employee_id = ?5",
        )?
        .execute(values)?;
    let ended = tx
        .prepare_cached(
            "UPDATE spans SET to_at = ?3 WHERE machine_id = ?1 AND pin_number = ?2 AND to_at = ?4 AND employee_id = ?5",
        )?
        .execute(values)?;
    if dropped + ended == 0 {
        return Ok(());
    }
    punches_touched(tx, machine, pin, employee, now, OPEN)?;
    punches::rematch(tx, machine, pin)
}

/// Ends every span of a machine that is being deleted.
pub(super) fn end_all(tx: &Tx<'_>, machine: MachineId) -> Result<(), Error> {
    let open: Vec<(i64, String)> = tx
        .prepare_cached("SELECT pin_number, employee_id FROM spans WHERE machine_id = ?1 AND to_at = ?2")?
        .query_map(params![machine.0, OPEN], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (pin, employee) in open {
        end_of(tx, machine, pin, &EmployeeId::stored(employee))?;
    }
    Ok(())
}

/// A corrected hire date moves the beginnings of somebody's spans, never over the previous owner's end.
pub fn spans_follow_hire_date(
    tx: &Tx<'_>,
    employee: &EmployeeId,
    hired_on: Option<NaiveDate>,
) -> Result<(), Error> {
    struct Span {
        id: i64,
        machine: MachineId,
        pin: i64,
        from: i64,
        to: i64,
        zone: Tz,
        previous_end: Option<i64>,
    }
    let spans: Vec<Span> = tx
        .prepare_cached(
            "SELECT s.id, s.machine_id, s.pin_number, s.to_at, m.time_zone, s.from_at,
               (SELECT max(p.to_at) FROM spans p
                WHERE p.machine_id = s.machine_id AND p.pin_number = s.pin_number AND p.id < s.id)
             FROM spans s CROSS JOIN machines m ON m.id = s.machine_id WHERE s.employee_id = ?1",
        )?
        .query_map([employee.as_str()], |row| {
            Ok(Span {
                id: row.get(0)?,
                machine: MachineId(row.get(1)?),
                pin: row.get(2)?,
                to: row.get(3)?,
                zone: row.get::<_, String>(4)?.parse().unwrap_or(Tz::UTC),
                from: row.get(5)?,
                previous_end: row.get(6)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    for span in spans {
        let from = span_start(hired_at(span.zone, hired_on), span.previous_end).min(span.to);
        tx.prepare_cached("UPDATE spans SET from_at = ?2 WHERE id = ?1")?.execute([span.id, from])?;
        let (first, last) = (from.min(span.from), from.max(span.from));
        punches_touched(tx, span.machine, span.pin, employee, first, last)?;
        punches::rematch(tx, span.machine, span.pin)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roster_3_7_a_span_begins_at_the_later_of_hire_date_and_previous_end() {
        let table = [
            (None, None, BEGINNING),
            (Some(86_400), None, 86_400),
            (None, Some(500), 500),
            (Some(86_400), Some(500), 86_400),
            (Some(86_400), Some(100_000), 100_000),
        ];
        for (hired, previous, expected) in table {
            assert_eq!(span_start(hired, previous), expected, "{hired:?} {previous:?}");
        }
    }

    #[test]
    fn roster_3_7_somebody_is_hired_at_midnight_where_the_machine_hangs() {
        let day = NaiveDate::from_ymd_opt(1970, 1, 2);
        assert_eq!(hired_at(Tz::UTC, day), Some(86_400));
        assert_eq!(hired_at(Tz::Asia__Shanghai, day), Some(86_400 - 8 * 3600));
        assert_eq!(hired_at(Tz::UTC, None), None);
    }
}
