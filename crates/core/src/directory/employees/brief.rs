//! As much of people as a report over all of them needs: reading everything of fifty thousand takes longer than the report.

use chrono::NaiveDate;
use rusqlite::Connection;

use super::super::id::EmployeeId;
use super::{EmployeeFilter, queries};
use crate::db::Error;

/// Somebody, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// Who.
    pub id: EmployeeId,
    /// Their name.
    pub name: String,
    /// Their department.
    pub department_id: Option<String>,
    /// Its name.
    pub department_name: Option<String>,
}

/// The people a filter leaves, by name, whether or not they have left; only those who were employed on some day of a stretch, if one
/// is given.
pub(crate) fn people_in_brief(
    conn: &Connection,
    filter: &EmployeeFilter,
    employed: Option<(NaiveDate, NaiveDate)>,
) -> Result<Vec<Brief>, Error> {
    let scope = super::scope(conn, filter)?;
    queries::briefs(conn, filter, scope.as_ref(), employed)
}

/// What people are called, and where they are; for a handful.
pub(crate) fn person_in_brief(conn: &Connection, id: &EmployeeId) -> Result<Option<Brief>, Error> {
    let person = super::employee_get(conn, id)?;
    Ok(person.map(|person| Brief {
        id: person.id,
        name: person.name,
        department_id: person.department_id,
        department_name: person.department_name,
    }))
}
