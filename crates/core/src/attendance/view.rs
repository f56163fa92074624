//! A day as it is shown: what is kept of it, with what cannot be known yet, who may still ask, and whether it is locked.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use rollcall_protocol::Sn;
use rusqlite::Connection;

use super::day::{Mark, MarkKind, Status};
use super::heard::Heard;
use super::stored::{LocalTime, StoredDay};
use crate::clock::Timestamp;
use crate::db::Error;
use crate::directory::Brief;
use crate::schedule::shift::ShiftId;

/// What a day is, in a word, as far as that can be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayStatus {
    /// As it was judged.
    Is(Status),
    /// Nothing is known to be wrong, and a punch may be on its way.
    Pending,
}

impl DayStatus {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Is(status) => status.name(),
            Self::Pending => "pending",
        }
    }
}

/// Why a day may still change by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// A stable code.
    pub code: &'static str,
    /// The same in English.
    pub detail: String,
    /// The machine it is about.
    pub machine: Option<(Sn, String)>,
}

/// A day of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayView {
    /// Whose.
    pub person: Brief,
    /// The date.
    pub date: NaiveDate,
    /// The shift it was judged by, and what people call it.
    pub shift: Option<(ShiftId, String)>,
    /// The first coming.
    pub first_in: Option<LocalTime>,
    /// The last going.
    pub last_out: Option<LocalTime>,
    /// Minutes worked.
    pub worked: i32,
    /// Minutes that were to be worked.
    pub required: i32,
    /// Minutes of overtime.
    pub overtime: i32,
    /// Minutes of leave.
    pub leave: i32,
    /// What is known to be wrong, lifted marks too.
    pub marks: Vec<Mark>,
    /// In a word.
    pub status: DayStatus,
    /// Whether it may still change by itself.
    pub provisional: bool,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Whether its month is locked.
    pub locked: bool,
    /// Appeals about it that nobody has decided.
    pub open_appeals: u32,
}

/// What days are looked at through: all that is not the day itself, of as many people and dates as are shown.
pub(super) struct Glass {
    now: Timestamp,
    pub heard: Heard,
    locked: HashSet<(i32, u32)>,
    appeals: HashMap<(String, NaiveDate), u32>,
    shifts: HashMap<String, String>,
}

/// What is to be added to a day.
pub(super) struct Look {
    pub provisional: bool,
    pub locked: bool,
}

impl Glass {
    pub fn load(
        conn: &Connection,
        people: &[Brief],
        dates: (NaiveDate, NaiveDate),
        now: Timestamp,
    ) -> Result<Self, Error> {
        let mut statement = conn.prepare_cached("SELECT id, name FROM shifts")?;
        let shifts = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let shifts = shifts.collect::<Result<_, _>>()?;
        let heard = Heard::load(conn, people.iter().map(|person| person.id.as_str()), dates)?;
        Ok(Self { now, heard, locked: super::locks::months(conn)?, appeals: appeals(conn, dates)?, shifts })
    }

    /// Whether a date is in a month that is locked.
    pub fn locked(&self, date: NaiveDate) -> bool {
        self.locked.contains(&(date.year(), date.month()))
    }

    /// Appeals about a day that nobody has decided.
    pub fn open_appeals(&self, employee: &str, date: NaiveDate) -> u32 {
        if self.appeals.is_empty() {
            return 0;
        }
        self.appeals.get(&(employee.to_owned(), date)).copied().unwrap_or_default()
    }

    /// How sure a day is. What is locked is as it is.
    pub fn look(&self, employee: &str, date: NaiveDate, (begins_at, ends_at): (i64, i64)) -> Look {
        let locked = self.locked(date);
        let provisional = !locked && !self.is_final(employee, date, begins_at, ends_at);
        Look { provisional, locked }
    }

    fn is_final(&self, employee: &str, date: NaiveDate, begins_at: i64, ends_at: i64) -> bool {
        let over = |at: Option<Timestamp>| at.is_some_and(|at| at.timestamp() >= ends_at);
        over(Some(self.now))
            && self
                .heard
                .machines_of(employee, begins_at, ends_at)
                .all(|(id, machine)| over(machine.heard_until) && self.heard.gap(id, date).is_none())
    }

    /// The marks of a day that are shown, and what it is in a word.
    pub fn shown(&self, provisional: bool, marks: &[Mark], status: Status) -> (Vec<Mark>, DayStatus) {
        if !provisional {
            return (marks.to_vec(), DayStatus::Is(status));
        }
        let hidden = |mark: &Mark| {
            matches!(mark.kind, MarkKind::Absent | MarkKind::MissingIn | MarkKind::MissingOut) && !mark.lifted
        };
        let left: Vec<Mark> = marks.iter().filter(|mark| !hidden(mark)).cloned().collect();
        let status = if left.len() == marks.len() {
            DayStatus::Is(status)
        } else {
            let worst = left.iter().filter(|mark| !mark.lifted).map(|mark| mark.kind);
            worst.max().map_or(DayStatus::Pending, |kind| {
                DayStatus::Is(if kind == MarkKind::Late { Status::Late } else { Status::EarlyLeave })
            })
        };
        (left, status)
    }

    /// A day as it is shown.
    pub fn view(&self, person: &Brief, date: NaiveDate, stored: StoredDay) -> DayView {
        let provisional = self.look(person.id.as_str(), date, (stored.begins_at, stored.ends_at)).provisional;
        let (marks, status) = self.shown(provisional, &stored.marks, stored.status);
        DayView { marks, status, provisional, ..self.plain(person, date, stored) }
    }

    /// A day as far as facts go, whatever may still come.
    pub fn plain(&self, person: &Brief, date: NaiveDate, stored: StoredDay) -> DayView {
        let name = |shift: ShiftId| {
            let name = self.shifts.get(&shift.0).cloned().unwrap_or_default();
            (shift, name)
        };
        DayView {
            person: person.clone(),
            date,
            shift: stored.shift.map(name),
            first_in: stored.first_in,
            last_out: stored.last_out,
            worked: stored.worked,
            required: stored.required,
            overtime: stored.overtime,
            leave: stored.leave,
            marks: stored.marks,
            status: DayStatus::Is(stored.status),
            provisional: false,
            reasons: Vec::new(),
            locked: self.locked(date),
            open_appeals: self.open_appeals(person.id.as_str(), date),
        }
    }
}

fn appeals(
    conn: &Connection,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<HashMap<(String, NaiveDate), u32>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT employee_id, date, count(*) FROM appeals WHERE state = 'open' AND date BETWEEN ?1 AND ?2 GROUP BY 1, 2",
    )?;
    let mut rows = statement.query([from.to_string(), to.to_string()])?;
    let mut open = HashMap::new();
    while let Some(row) = rows.next()? {
        if let Ok(date) = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?.parse() {
            open.insert((row.get(0)?, date), row.get(2)?);
        }
    }
    Ok(open)
}
