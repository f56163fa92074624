//! Which machines could hold a punch of somebody's day, and until when each was heard from.

use std::collections::HashMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use rollcall_protocol::WallTime;
use rusqlite::{Connection, params};

use super::horizon::{Gap, Machine};
use super::window::midnight;
use crate::clock::{self, from_millis};
use crate::db::Error;
use crate::machines::stored_sn;

/// A time somebody had a number on a machine, in seconds of UTC.
#[derive(Debug, Clone, Copy)]
struct Span {
    machine: i64,
    from: i64,
    to: i64,
}

/// The machines of people, and what is known of them.
#[derive(Debug, Default)]
pub(super) struct Heard {
    machines: HashMap<i64, Machine>,
    spans: HashMap<String, Vec<Span>>,
    gaps: HashMap<(i64, NaiveDate), Gap>,
}

/// Seconds by which no two clocks on earth are apart.
pub(super) const LONG: i64 = 30 * 3600;

/// People up to whom each one's spans are looked up; of more, all are read.
const FEW: usize = 200;

pub(super) const SPANS_OF: &str = "SELECT employee_id, machine_id, from_at, to_at FROM spans
   WHERE employee_id = ?1 AND from_at < ?3 AND to_at > ?2 AND from_at < to_at";
pub(super) const SPANS: &str = "SELECT employee_id, machine_id, from_at, to_at FROM spans
   WHERE from_at < ?2 AND to_at > ?1 AND from_at < to_at";

impl Heard {
    /// Of these people, as far as it matters on the dates of a stretch.
    pub fn load<'a>(
        conn: &Connection,
        people: impl ExactSizeIterator<Item = &'a str>,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<Self, Error> {
        let mut heard = Self { machines: machines(conn)?, ..Self::default() };
        // A window may reach into the neighbouring days, and a clock may be half a day from UTC.
        let (first, last) = (midnight(from) - 2 * 86_400, midnight(to) + 4 * 86_400);
        let mut add = |row: &rusqlite::Row<'_>| -> Result<(), Error> {
            let machine = row.get(1)?;
            // Of a machine that was deleted nobody awaits anything.
            if heard.machines.contains_key(&machine) {
                let span = Span { machine, from: row.get(2)?, to: row.get(3)? };
                let employee = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                match heard.spans.get_mut(employee) {
                    Some(spans) => spans.push(span),
                    None => drop(heard.spans.insert(employee.to_owned(), vec![span])),
                }
            }
            Ok(())
        };
        if people.len() <= FEW {
            let mut statement = conn.prepare_cached(SPANS_OF)?;
            for employee in people {
                let mut rows = statement.query(params![employee, first, last])?;
                while let Some(row) = rows.next()? {
                    add(row)?;
                }
            }
        } else {
            let mut statement = conn.prepare_cached(SPANS)?;
            let mut rows = statement.query([first, last])?;
            while let Some(row) = rows.next()? {
                add(row)?;
            }
        }
        for spans in heard.spans.values_mut() {
            spans.sort_unstable_by_key(|span| span.machine);
        }
        let mut statement = conn.prepare_cached(
            "SELECT machine_id, date, theirs, ours FROM gap_days WHERE theirs > ours AND date BETWEEN ?1 AND ?2",
        )?;
        let mut rows = statement.query([from.to_string(), to.to_string()])?;
        while let Some(row) = rows.next()? {
            if let Ok(date) = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?.parse() {
                heard.gaps.insert((row.get(0)?, date), Gap { theirs: row.get(2)?, ours: row.get(3)? });
            }
        }
        Ok(heard)
    }

    /// The spans of somebody that touch a stretch, in seconds of UTC; the first of each machine.
    fn touching(&self, employee: &str, from: i64, to: i64) -> impl Iterator<Item = &Span> {
        let spans = self.spans.get(employee).map(Vec::as_slice).unwrap_or_default();
        let mut last = None;
        spans.iter().filter(move |span| {
            let counts = span.from < to && span.to > from && last != Some(span.machine);
            if counts {
                last = Some(span.machine);
            }
            counts
        })
    }

    /// The machines on which somebody had a number at some time of a day, which is a stretch in seconds of UTC.
    pub fn machines_of(&self, employee: &str, date: NaiveDate, from: i64, to: i64) -> Vec<Machine> {
        let machine = |span: &Span| {
            let machine = self.machines.get(&span.machine)?;
            Some(Machine { gap: self.gap(span.machine, date), ..machine.clone() })
        };
        self.touching(employee, from, to).filter_map(machine).collect()
    }

    /// Whether somebody's machines were all heard so long after a day that it is over in every zone, and lack nothing of it.
    pub fn long_over(&self, employee: &str, date: NaiveDate, from: i64, to: i64) -> bool {
        let mut any = false;
        let all = self.touching(employee, from, to).all(|span| {
            any = true;
            let heard = self.machines.get(&span.machine).and_then(Machine::heard_until);
            heard.is_some_and(|heard| heard.timestamp() >= to + LONG)
                && (self.gaps.is_empty() || self.gap(span.machine, date).is_none())
        });
        any && all
    }

    fn gap(&self, machine: i64, date: NaiveDate) -> Option<Gap> {
        self.gaps.get(&(machine, date)).copied()
    }
}

fn machines(conn: &Connection) -> Result<HashMap<i64, Machine>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, sn, name, enabled, time_zone, caught_up_at, newest_wall FROM machines WHERE deleted_at IS NULL",
    )?;
    let rows = statement.query_map([], |row| {
        let zone = row.get_ref(4)?.as_str()?.parse().unwrap_or(Tz::UTC);
        let newest = row.get::<_, Option<i64>>(6)?.map(|wall| {
            let wall = WallTime::from_seconds(wall);
            clock::instant(wall, clock::offset_at(zone, wall))
        });
        let machine = Machine {
            sn: stored_sn(row, 1)?,
            name: row.get(2)?,
            enabled: row.get(3)?,
            zone,
            last_contact: row.get::<_, Option<i64>>(5)?.map(from_millis),
            newest_punch: newest,
            gap: None,
        };
        Ok((row.get(0)?, machine))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
