//! Whose days, and which.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use rusqlite::Connection;

use super::AttendanceError;
use crate::db::Error;
use crate::directory::{Brief, EmployeeFilter, EmployeeId, people_in_brief, person_in_brief};

/// Whose days a report is about; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whom {
    /// One person's.
    pub employee_id: Option<EmployeeId>,
    /// Those of a department and the ones beneath.
    pub department_id: Option<String>,
    /// Those of a branch, its departments, and the branches beneath.
    pub branch_id: Option<String>,
    /// Part of a name, its pinyin, an id, an employee number or a mobile number.
    pub search: Option<String>,
}

impl Whom {
    /// Nobody's: no id is empty.
    pub fn nobody() -> Self {
        Self { employee_id: Some(EmployeeId::stored(String::new())), ..Self::default() }
    }
}

/// The first and the last date of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

/// A month of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month {
    first: NaiveDate,
}

impl Month {
    /// The month a date is in.
    pub fn of(date: NaiveDate) -> Self {
        Self { first: date.with_day(1).unwrap_or(date) }
    }

    /// Reads `YYYY-MM` and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let shape = text.len() == 7
            && text
                .bytes()
                .enumerate()
                .all(|(at, byte)| if at == 4 { byte == b'-' } else { byte.is_ascii_digit() });
        let date: NaiveDate = format!("{text}-01").parse().ok()?;
        (shape && date.year() >= 1900).then(|| Self::of(date))
    }

    /// From its first day to its last.
    pub fn dates(self) -> Dates {
        let next = self.first.checked_add_months(chrono::Months::new(1));
        Dates { from: self.first, to: next.and_then(|next| next.pred_opt()).unwrap_or(self.first) }
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.first.format("%Y-%m"))
    }
}

impl Dates {
    /// A stretch of at most so many days.
    pub fn new(from: NaiveDate, to: NaiveDate, most: i64) -> Result<Self, AttendanceError> {
        match (to - from).num_days() {
            days if days < 0 => Err(AttendanceError::RangeTurned),
            days if days >= most => Err(AttendanceError::RangeTooLong(most)),
            _ => Ok(Self { from, to }),
        }
    }

    /// Its days, in their order.
    pub fn days(self) -> impl DoubleEndedIterator<Item = NaiveDate> {
        let count = usize::try_from((self.to - self.from).num_days() + 1).unwrap_or_default();
        let from = self.from;
        (0..count).filter_map(move |days| from.checked_add_days(chrono::Days::new(days as u64)))
    }

    pub(super) fn pair(self) -> (NaiveDate, NaiveDate) {
        (self.from, self.to)
    }
}

/// The people a report is about, by name, and where each is in that order.
pub(super) struct People {
    pub list: Vec<Brief>,
    places: HashMap<String, usize>,
}

impl People {
    /// Those of `whom`; only the ones who were employed on some day of a stretch, if one is given.
    pub fn load(conn: &Connection, whom: &Whom, employed: Option<Dates>) -> Result<Self, Error> {
        let list = match &whom.employee_id {
            Some(id) => person_in_brief(conn, id)?.into_iter().collect(),
            None => {
                let filter = EmployeeFilter {
                    search: whom.search.clone(),
                    department_id: whom.department_id.clone(),
                    branch_id: whom.branch_id.clone(),
                    ..EmployeeFilter::default()
                };
                people_in_brief(conn, &filter, employed.map(Dates::pair))?
            }
        };
        Ok(Self::of(list))
    }

    pub fn of(list: Vec<Brief>) -> Self {
        let places =
            list.iter().enumerate().map(|(at, person)| (person.id.as_str().to_owned(), at)).collect();
        Self { list, places }
    }

    /// Who is at a place.
    pub fn id(&self, place: usize) -> &str {
        self.list.get(place).map(|person| person.id.as_str()).unwrap_or_default()
    }

    /// Where somebody is in the order of names; none when the report is not about them.
    pub fn place(&self, employee: &str) -> Option<usize> {
        self.places.get(employee).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_four_and_two_digits() {
        let march = Month::parse("2024-02").unwrap();
        assert_eq!(march.to_string(), "2024-02");
        assert_eq!(march.dates().days().count(), 29);
        for bad in
            ["", "2024-2", "2024-13", "2024-00", "24-02", "2024/02", "2024-02-01", "1899-12", "+024-02"]
        {
            assert_eq!(Month::parse(bad), None, "{bad}");
        }
    }
}
