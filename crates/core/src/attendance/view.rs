//! A day as it is shown: what is kept of it, with what cannot be known yet, who may still ask, and whether it is locked.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use chrono_tz::Tz;
use rusqlite::Connection;

use super::day::{Mark, Status};
use super::heard::{Heard, LONG};
use super::horizon::{self, Reason, Seen};
use super::locks::months_locked;
use super::queries;
use super::stored::{LocalTime, StoredDay};
use super::whom::{Dates, Month, People};
use crate::clock::Timestamp;
use crate::db::Error;
use crate::directory::Brief;
use crate::schedule::shift::{Shift, ShiftId};
use crate::schedule::shifts_load;
use crate::settings::settings_get;

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

impl From<Option<Status>> for DayStatus {
    fn from(status: Option<Status>) -> Self {
        status.map_or(Self::Pending, Self::Is)
    }
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
    zone: Tz,
    pub heard: Heard,
    locked: HashSet<Month>,
    appeals: HashMap<(String, NaiveDate), u32>,
    shifts: HashMap<String, Shift>,
}

/// As much of a day as it depends on how sure it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept<'a> {
    pub status: Status,
    pub shift: Option<&'a str>,
    pub begins_at: i64,
    pub ends_at: i64,
}

impl<'a> Kept<'a> {
    pub fn of(day: &'a StoredDay) -> Self {
        let shift = day.shift.as_ref().map(|shift| shift.0.as_str());
        Self { status: day.status, shift, begins_at: day.begins_at, ends_at: day.ends_at }
    }
}

impl Glass {
    pub fn load(
        conn: &Connection,
        people: &[Brief],
        dates: (NaiveDate, NaiveDate),
        now: Timestamp,
    ) -> Result<Self, Error> {
        let shifts = shifts_load(conn)?.into_iter().map(|shift| (shift.id.0.clone(), shift)).collect();
        Ok(Self {
            now,
            zone: settings_get(conn)?.time_zone,
            heard: Heard::load(conn, people.iter().map(|person| person.id.as_str()), dates)?,
            locked: months_locked(conn)?,
            appeals: appeals(conn, dates)?,
            shifts,
        })
    }

    /// For days of these dates as far as facts go ([`Self::plain`]): nobody's machines matter to that.
    pub fn of_dates(
        conn: &Connection,
        dates: impl Iterator<Item = NaiveDate> + Clone,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let (first, last) = (dates.clone().min(), dates.max());
        Self::load(conn, &[], (first.unwrap_or_default(), last.unwrap_or_default()), now)
    }

    /// Whether a date is in a month that is locked.
    pub fn locked(&self, date: NaiveDate) -> bool {
        self.locked.contains(&Month::of(date))
    }

    /// Appeals about a day that nobody has decided.
    pub fn open_appeals(&self, employee: &str, date: NaiveDate) -> u32 {
        if self.appeals.is_empty() {
            return 0;
        }
        self.appeals.get(&(employee.to_owned(), date)).copied().unwrap_or_default()
    }

    /// What may be shown of a day at this moment; none: all of it, and it does not change by itself. What is locked stays as it
    /// is. `marks` are asked for only when it depends on them.
    pub fn look(
        &self,
        employee: &str,
        date: NaiveDate,
        day: &Kept<'_>,
        marks: impl FnOnce() -> Vec<Mark>,
    ) -> Option<Seen> {
        let (from, to) = (day.begins_at, day.ends_at);
        let long_over =
            || self.now.timestamp() >= to + LONG && self.heard.long_over(employee, date, from, to);
        if self.locked(date) || long_over() {
            return None;
        }
        let (marks, machines) = (marks(), self.heard.machines_of(employee, date, from, to));
        let seen = horizon::look(&horizon::Look {
            date,
            status: day.status,
            marks: &marks,
            rule: day.shift.and_then(|shift| self.shifts.get(shift)).map(|shift| &shift.rule),
            ends_at: Timestamp::from_timestamp(to, 0).unwrap_or_default(),
            zone: self.zone,
            machines: &machines,
            now: self.now,
        });
        seen.provisional.then_some(seen)
    }

    /// How many days of people may still change by themselves. Looks at every one of them, and so belongs on a reader.
    pub fn open(&self, conn: &Connection, people: &People, dates: Dates) -> Result<u64, Error> {
        let mut open = 0;
        queries::each_light(
            conn,
            dates.pair(),
            |employee| people.place(employee),
            |place, date, light| {
                let seen = self.look(people.id(place), date, &light.kept, || light.marks());
                open += u64::from(seen.is_some());
            },
        )?;
        Ok(open)
    }

    /// A day as it is shown.
    pub fn view(&self, person: &Brief, date: NaiveDate, stored: StoredDay) -> DayView {
        let seen = self.look(person.id.as_str(), date, &Kept::of(&stored), || stored.marks.clone());
        let plain = self.plain(person, date, stored);
        match seen {
            None => plain,
            Some(seen) => DayView {
                marks: seen.marks,
                status: seen.status.into(),
                provisional: true,
                reasons: seen.reasons,
                ..plain
            },
        }
    }

    /// A day as far as facts go, whatever may still come.
    pub fn plain(&self, person: &Brief, date: NaiveDate, stored: StoredDay) -> DayView {
        let name = |shift: ShiftId| {
            let name = self.shifts.get(&shift.0).map(|shift| shift.name.clone()).unwrap_or_default();
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
