//! Everything a judgement needs, read as plain values: of some people, on some dates each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use rollcall_protocol::WallTime;
use rusqlite::{Connection, params};

use super::day::{DayFacts, DayResult, Fact, FactId, Key, Leave, MarkKind, Unused, Void, judge};
use super::stored::StoredDay;
use super::window::{midnight, wall};
use crate::clock;
use crate::db::Error;
use crate::punches::{Flag, Flags, Kind, OWNER, PunchId};
use crate::schedule::plan::{Book, Cell, DayPlan, Person, Planned};
use crate::schedule::shift::{DAY, Minute};
use crate::schedule::{LeaveSpan, book_load, cells_load, leaves_load, people_load};

/// Somebody's days, as a key for whoever asks for several people's.
pub(super) type Wanted = BTreeMap<String, BTreeSet<NaiveDate>>;

/// Dates of one person that are this close are read together.
const CLOSE: i64 = 7;

fn void(flags: Flags, kind: Kind) -> Option<Void> {
    match kind {
        Kind::Refused => Some(Void::Refused),
        _ if flags.has(Flag::Future) || flags.has(Flag::Ancient) => Some(Void::Clock),
        Kind::Unclassified => Some(Void::Unclassified),
        Kind::Punch => None,
    }
}

/// The punches of somebody on a stretch of wall clock, and when they were refused: whoever opens a day looks for them.
pub(super) fn punches_of() -> String {
    format!(
        "SELECT p.id, p.wall, p.utc_offset, p.status, p.flags, p.kind FROM spans s CROSS JOIN punches p ON {OWNER}
         WHERE s.employee_id = ?1 AND p.wall >= ?2 AND p.wall < ?3"
    )
}

/// What is not a punch of a machine.
#[derive(Debug, Default)]
struct Corrections {
    facts: Vec<Fact>,
    lifts: Vec<(NaiveDate, MarkKind)>,
}

pub(super) const CORRECTIONS: &str = "SELECT id, date, kind, mark, wall, utc_offset FROM corrections
   WHERE employee_id = ?1 AND date BETWEEN ?2 AND ?3 AND withdrawn_at IS NULL";

fn corrections(
    conn: &Connection,
    employee: &str,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Corrections, Error> {
    let mut found = Corrections::default();
    let mut statement = conn.prepare_cached(CORRECTIONS)?;
    let mut rows = statement.query(params![employee, from.to_string(), to.to_string()])?;
    while let Some(row) = rows.next()? {
        let text = |index| row.get_ref(index)?.as_str_or_null().map_err(rusqlite::Error::from);
        if text(2)? == Some("lift") {
            let date = text(1)?.and_then(|date| date.parse().ok());
            let mark = text(3)?.and_then(MarkKind::from_name);
            found.lifts.extend(date.zip(mark));
        } else if let (Some(wall), Some(utc_offset)) = (row.get(4)?, row.get(5)?) {
            let wall = WallTime::from_seconds(wall);
            let id = FactId::Correction(row.get(0)?);
            found.facts.push(Fact { id, wall, utc_offset, key: None, void: None });
        }
    }
    Ok(found)
}

/// A day with everything it is judged by.
pub(super) struct Case<'a> {
    pub employee: &'a str,
    pub date: NaiveDate,
    pub before: DayPlan,
    pub plan: DayPlan,
    pub after: DayPlan,
    /// Those of the neighbouring days as well.
    pub facts: &'a [Fact],
    pub leave: Vec<Leave>,
    pub lifts: Vec<MarkKind>,
}

impl Case<'_> {
    pub fn judge(&self) -> DayResult {
        judge(&DayFacts {
            date: self.date,
            before: &self.before,
            plan: &self.plan,
            after: &self.after,
            facts: self.facts,
            leave: &self.leave,
            lifts: &self.lifts,
        })
    }

    /// Whether there is anything to say of the day: somebody was there, or it has begun and somebody said what was to be done.
    pub fn matters(&self, result: &DayResult, begun: bool) -> bool {
        let planned = !matches!(self.plan.planned, Planned::Unscheduled | Planned::NotEmployed);
        let there =
            !result.used.is_empty() || result.unused.iter().any(|(_, why)| !matches!(why, Unused::Void(_)));
        there || (planned && begun)
    }
}

/// What days are judged with, of as many people as there are.
pub(super) struct Court<'c> {
    conn: &'c Connection,
    book: Book,
    /// Where windows begin and end.
    zone: Tz,
    /// The newest date that has begun for everybody.
    through: NaiveDate,
}

impl<'c> Court<'c> {
    pub fn open(conn: &'c Connection, zone: Tz, through: NaiveDate) -> Result<Self, Error> {
        Ok(Self { conn, book: book_load(conn)?, zone, through })
    }

    /// A day, judged, as it is kept; none: there is nothing to say of it.
    pub fn kept(&self, case: &Case<'_>, result: &DayResult) -> Option<StoredDay> {
        let instant = |wall| clock::instant(wall, clock::offset_at(self.zone, wall)).timestamp();
        case.matters(result, case.date <= self.through)
            .then(|| StoredDay::of(result, instant(result.window_from), instant(result.window_to)))
    }

    /// Hands over every wanted day with all it is judged by; each stretch of one person's in its order.
    pub fn each(
        &self,
        wanted: &Wanted,
        mut each: impl FnMut(&Case<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let dates = wanted.values().flatten();
        let (Some(first), Some(last)) = (dates.clone().min().copied(), dates.max().copied()) else {
            return Ok(());
        };
        let ids: Vec<&str> = wanted.keys().map(String::as_str).collect();
        let (before, after) = (day_before(first), day_after(last));
        let people: HashMap<String, Person> =
            people_load(self.conn, &ids)?.into_iter().map(|person| (person.id.clone(), person)).collect();
        let cells = cells_load(self.conn, &ids, before, after)?;
        let leaves = leaves_load(self.conn, &ids, first, last)?;
        for (employee, dates) in wanted {
            // Whoever was removed meanwhile has no days.
            let Some(person) = people.get(employee) else { continue };
            let theirs = Theirs {
                person,
                cells: cells.get(employee).map(Vec::as_slice).unwrap_or_default(),
                leaves: leaves.get(employee).map(Vec::as_slice).unwrap_or_default(),
            };
            for run in runs(dates) {
                self.run(&theirs, &run, &mut each)?;
            }
        }
        Ok(())
    }

    fn run(
        &self,
        theirs: &Theirs<'_>,
        run: &[NaiveDate],
        each: &mut impl FnMut(&Case<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let (Some(first), Some(last)) = (run.first().copied(), run.last().copied()) else { return Ok(()) };
        let employee = theirs.person.id.as_str();
        let (from, to) = (wall(first, Minute(-DAY)), wall(last, Minute(2 * DAY)));
        let mut facts = self.punches(employee, from, to)?;
        let corrections = corrections(self.conn, employee, day_before(first), day_after(last))?;
        facts.extend(corrections.facts.iter().filter(|fact| from <= fact.wall && fact.wall < to));
        facts.sort_by_key(|fact| (fact.wall, fact.id));
        let plans = self.book.of(theirs.person, theirs.cells);
        for date in run.iter().copied() {
            let (from, to) = (wall(date, Minute(-DAY)), wall(date, Minute(2 * DAY)));
            let begin = facts.partition_point(|fact| fact.wall < from);
            let end = facts.partition_point(|fact| fact.wall < to);
            each(&Case {
                employee,
                date,
                before: plans.on(day_before(date)),
                plan: plans.on(date),
                after: plans.on(day_after(date)),
                facts: facts.get(begin..end).unwrap_or_default(),
                leave: theirs.leaves.iter().filter_map(|leave| leave.on(date)).collect(),
                lifts: corrections
                    .lifts
                    .iter()
                    .filter(|(day, _)| *day == date)
                    .map(|(_, mark)| *mark)
                    .collect(),
            })?;
        }
        Ok(())
    }

    fn punches(&self, employee: &str, from: WallTime, to: WallTime) -> Result<Vec<Fact>, Error> {
        let mut statement = self.conn.prepare_cached(&punches_of())?;
        let rows = statement.query_map(params![employee, from.seconds(), to.seconds()], |row| {
            Ok(Fact {
                id: FactId::Punch(PunchId(row.get(0)?)),
                wall: WallTime::from_seconds(row.get(1)?),
                utc_offset: row.get(2)?,
                key: Key::of(row.get(3)?),
                void: void(Flags::of(row.get(4)?), Kind::of(row.get(5)?)),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// What is known of one person.
struct Theirs<'a> {
    person: &'a Person,
    cells: &'a [Cell],
    leaves: &'a [LeaveSpan],
}

pub(super) fn day_before(date: NaiveDate) -> NaiveDate {
    date.checked_sub_days(Days::new(1)).unwrap_or(date)
}

pub(super) fn day_after(date: NaiveDate) -> NaiveDate {
    date.checked_add_days(Days::new(1)).unwrap_or(date)
}

/// The date a wall clock shows.
pub(super) fn date_of(wall: WallTime) -> Option<NaiveDate> {
    let days = wall.seconds().div_euclid(86_400);
    let epoch = NaiveDate::default();
    epoch.checked_add_signed(chrono::Duration::try_days(days)?)
}

/// Dates that are close to each other, together.
fn runs(dates: &BTreeSet<NaiveDate>) -> Vec<Vec<NaiveDate>> {
    let mut runs: Vec<Vec<NaiveDate>> = Vec::new();
    for date in dates.iter().copied() {
        match runs.last_mut() {
            Some(run)
                if run.last().is_some_and(|last| midnight(date) - midnight(*last) <= CLOSE * 86_400) =>
            {
                run.push(date);
            }
            _ => runs.push(vec![date]),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_that_are_close_are_read_together() {
        let day = |n: u64| NaiveDate::default() + Days::new(n);
        let dates: BTreeSet<_> = [1, 2, 9, 17, 18].map(day).into();
        assert_eq!(runs(&dates), [[1, 2, 9].map(day).to_vec(), [17, 18].map(day).to_vec()]);
        assert!(runs(&BTreeSet::new()).is_empty());
    }
}
