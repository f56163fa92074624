//! Keeping results in line with facts, beside everything else: what arrived and what changed is looked at on a reader, and
//! only what became different is written.
//!
//! Nothing is lost when the program ends between looking and writing: what was looked at is marked as seen in the transaction
//! that writes what came of it. A day that changed once more meanwhile has a new number, and is looked at again.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use rollcall_protocol::WallTime;
use rusqlite::{Connection, OptionalExtension, params};

use super::facts::{Court, Wanted, date_of, day_after, day_before};
use super::opening::through;
use super::stored::StoredDay;
use super::whom::Month;
use super::{locks, queries};
use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::punches::{Flag, OWNER};
use crate::settings::settings_get;

/// Days that are judged at a time: no more, so that a punch of just now waits no second behind a month of everybody.
const DAYS_AT_ONCE: usize = 400;
/// Punches that are judged as they come. Of more, which a machine has sent again, the days are noted as changed: then the newest
/// dates come first, and nobody who punches now waits behind those of last month.
const PUNCHES_AT_ONCE: usize = 500;
/// Punches whose days are noted in one write.
const PUNCHES_NOTED: i64 = 5_000;
/// The flags of punches that count for nothing.
const WRONG_CLOCK: i64 = Flag::Future as i64 | Flag::Ancient as i64;
/// Days that changed and are judged at the least, however many punches come in.
const DIRTY_AT_LEAST: usize = 100;

/// A day whose result is other than it was, or is of a locked month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Judged {
    pub employee: EmployeeId,
    pub date: NaiveDate,
    pub before: Option<StoredDay>,
    pub after: Option<StoredDay>,
}

/// Judged days, and what the judgement rests on besides facts.
#[derive(Debug, Clone, Default)]
pub(super) struct Verdicts {
    pub days: Vec<Judged>,
    /// How many were asked for; who does not exist has none.
    pub asked: usize,
    /// The months that were locked then.
    locked: HashSet<Month>,
}

/// What there is to write.
#[derive(Debug, Clone)]
pub struct Work {
    /// The newest punch that was looked at before.
    mark: i64,
    found: Found,
}

#[derive(Debug, Clone)]
enum Found {
    /// More punches than are judged as they come.
    Many,
    Judged {
        verdicts: Verdicts,
        /// The newest punch that was looked at.
        newest: i64,
        /// The days that had changed, by their numbers.
        dirty: Vec<i64>,
    },
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Worked {
    /// The days that are other than they were.
    pub changed: Vec<(EmployeeId, NaiveDate)>,
}

/// Everybody's days as they are by the facts of now; only those that are other than they are kept, and those of locked months.
pub(super) fn judge_days(conn: &Connection, wanted: &Wanted) -> Result<Verdicts, Error> {
    let settings = settings_get(conn)?;
    let court = Court::open(conn, settings.time_zone, through(conn)?.unwrap_or(NaiveDate::MIN))?;
    let asked = wanted.values().map(std::collections::BTreeSet::len).sum();
    let mut verdicts = Verdicts { asked, locked: locks::months_locked(conn)?, days: Vec::new() };
    let mut kept = Kept::default();
    court.each(wanted, |case| {
        let before = kept.of(conn, case.employee, case.date, wanted)?;
        let after = court.kept(case, &case.judge());
        if before != after || verdicts.locked.contains(&Month::of(case.date)) {
            let employee = EmployeeId::stored(case.employee.to_owned());
            verdicts.days.push(Judged { employee, date: case.date, before, after });
        }
        Ok(())
    })?;
    Ok(verdicts)
}

/// The results that are kept of the person that is being looked at.
#[derive(Default)]
struct Kept {
    employee: String,
    days: HashMap<NaiveDate, StoredDay>,
}

impl Kept {
    fn of(
        &mut self,
        conn: &Connection,
        employee: &str,
        date: NaiveDate,
        wanted: &Wanted,
    ) -> Result<Option<StoredDay>, Error> {
        if self.employee != employee {
            employee.clone_into(&mut self.employee);
            self.days.clear();
            let dates = wanted.get(employee);
            let ends = dates.and_then(|dates| dates.first().copied().zip(dates.last().copied()));
            if let Some(ends) = ends {
                self.days.extend(queries::of_person(conn, employee, ends)?);
            }
        }
        Ok(self.days.remove(&date))
    }
}

/// What is remembered under a key.
pub(crate) fn state(conn: &Connection, key: &str) -> Result<Option<i64>, Error> {
    let mut statement = conn.prepare_cached("SELECT value FROM attendance_state WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

pub(crate) fn set_state(tx: &Tx<'_>, key: &str, value: i64) -> Result<(), Error> {
    tx.prepare_cached("INSERT OR REPLACE INTO attendance_state (key, value) VALUES (?1, ?2)")?
        .execute(params![key, value])?;
    Ok(())
}

/// The punches after one, in their order, with whose they are. Those that count for nothing are passed over.
pub(super) fn new_punches() -> String {
    format!(
        "SELECT p.id, s.employee_id, p.wall FROM
           (SELECT id, machine_id, pin_number, wall, utc_offset, flags, kind FROM punches WHERE id > ?1 ORDER BY id LIMIT ?2) p
         LEFT JOIN spans s ON {OWNER} AND p.kind <> 1 AND p.flags & ?3 = 0"
    )
}

/// Notes the days punches may belong to, of those after one up to another.
pub(super) fn note_punches() -> String {
    format!(
        "INSERT OR REPLACE INTO attendance_dirty (employee_id, date)
         SELECT DISTINCT s.employee_id, date(p.wall, 'unixepoch', beside.days) FROM punches p CROSS JOIN spans s ON {OWNER}
         CROSS JOIN (SELECT '-1 day' AS days UNION ALL SELECT '+0 day' UNION ALL SELECT '+1 day') beside
         WHERE p.id > ?1 AND p.id <= ?2 AND p.kind <> 1 AND p.flags & ?3 = 0"
    )
}

pub(super) const DIRTY: &str =
    "SELECT id, employee_id, date FROM attendance_dirty ORDER BY date DESC, employee_id DESC LIMIT ?1";

/// Looks at what arrived and what changed; none when there is nothing.
pub fn days_look(conn: &Connection) -> Result<Option<Work>, Error> {
    let mark = state(conn, "punch")?.unwrap_or_default();
    let mut wanted = Wanted::new();
    let (mut newest, mut punches, mut count) = (mark, 0, 0);
    let mut statement = conn.prepare_cached(&new_punches())?;
    let mut rows = statement.query(params![mark, PUNCHES_AT_ONCE + 1, WRONG_CLOCK])?;
    while let Some(row) = rows.next()? {
        punches += 1;
        if punches > PUNCHES_AT_ONCE {
            return Ok(Some(Work { mark, found: Found::Many }));
        }
        newest = newest.max(row.get(0)?);
        if let (Some(employee), Some(date)) =
            (row.get::<_, Option<String>>(1)?, date_of(WallTime::from_seconds(row.get(2)?)))
        {
            // A window may reach into the days beside its own.
            let dates = wanted.entry(employee).or_default();
            let days = [day_before(date), date, day_after(date)];
            count += days.into_iter().filter(|date| dates.insert(*date)).count();
        }
    }
    let most = DAYS_AT_ONCE.saturating_sub(count).max(DIRTY_AT_LEAST);
    let mut dirty = Vec::new();
    let mut statement = conn.prepare_cached(DIRTY)?;
    let mut rows = statement.query([most])?;
    while let Some(row) = rows.next()? {
        dirty.push(row.get(0)?);
        if let Ok(date) = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?.parse() {
            wanted.entry(row.get(1)?).or_default().insert(date);
        }
    }
    if newest == mark && dirty.is_empty() {
        return Ok(None);
    }
    let verdicts = judge_days(conn, &wanted)?;
    Ok(Some(Work { mark, found: Found::Judged { verdicts, newest, dirty } }))
}

/// Writes what came of it. Nothing when something that was not looked at became true meanwhile; it is to be looked at again.
pub fn days_write(tx: &Tx<'_>, work: &Work) -> Result<Option<Worked>, Error> {
    let mark = work.mark;
    if state(tx, "punch")?.unwrap_or_default() != mark {
        return Ok(None);
    }
    let Found::Judged { verdicts, newest, dirty } = &work.found else {
        note_days_of(tx, mark)?;
        return Ok(Some(Worked::default()));
    };
    let Some(changed) = put(tx, verdicts)? else { return Ok(None) };
    let mut statement = tx.prepare_cached("DELETE FROM attendance_dirty WHERE id = ?1")?;
    for id in dirty {
        statement.execute([id])?;
    }
    if *newest != mark {
        set_state(tx, "punch", *newest)?;
    }
    let changed = changed.into_iter().map(|judged| (judged.employee.clone(), judged.date)).collect();
    Ok(Some(Worked { changed }))
}

/// Notes the days of the punches after one, as many as a write may take.
fn note_days_of(tx: &Tx<'_>, mark: i64) -> Result<(), Error> {
    let newest: Option<i64> = tx
        .prepare_cached("SELECT max(id) FROM (SELECT id FROM punches WHERE id > ?1 ORDER BY id LIMIT ?2)")?
        .query_row([mark, PUNCHES_NOTED], |row| row.get(0))?;
    let Some(newest) = newest else { return Ok(()) };
    tx.prepare_cached(&note_punches())?.execute(params![mark, newest, WRONG_CLOCK])?;
    set_state(tx, "punch", newest)
}

/// Writes the days that are other than they were, and beside the days of locked months how they would be. None when a month
/// was locked or unlocked since.
pub(super) fn put<'v>(tx: &Tx<'_>, verdicts: &'v Verdicts) -> Result<Option<Vec<&'v Judged>>, Error> {
    if locks::months_locked(tx)? != verdicts.locked {
        return Ok(None);
    }
    let mut changed = Vec::new();
    for judged in &verdicts.days {
        let (employee, date) = (&judged.employee, judged.date);
        let locked = verdicts.locked.contains(&Month::of(date));
        let same = match (&judged.before, &judged.after) {
            // Of a day that stays as it was only what is shown of it is news.
            (Some(before), Some(after)) if locked => before.shows_as(after),
            (before, after) => before == after,
        };
        match (&judged.after, same) {
            (_, true) if locked => locks::unnote(tx, employee, date)?,
            (after, _) if locked => locks::note(tx, employee, date, after.as_ref())?,
            (_, true) => {}
            (Some(after), _) => {
                queries::put(tx, employee, date, after)?;
                changed.push(judged);
            }
            (None, _) => {
                queries::remove(tx, employee, date)?;
                changed.push(judged);
            }
        }
    }
    Ok(Some(changed))
}
