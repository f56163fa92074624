//! As much of people as a report over all of them needs: reading everything of fifty thousand takes longer than the report.

use std::collections::HashMap;

use chrono::NaiveDate;
use rusqlite::{Connection, named_params};

use super::super::id::EmployeeId;
use super::super::search;
use super::EmployeeFilter;
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

/// The people a filter leaves, by name; only those who were employed on some day of a stretch, if one is given.
pub(crate) fn people_in_brief(
    conn: &Connection,
    filter: &EmployeeFilter,
    employed: Option<(NaiveDate, NaiveDate)>,
) -> Result<Vec<Brief>, Error> {
    let scope = super::scope(conn, filter)?;
    let json = |ids: &[String]| serde_json::to_string(ids).unwrap_or_else(|_| "[]".to_owned());
    let (departments, branches) =
        scope.map(|scope| (json(&scope.departments), json(&scope.branches))).unzip();
    let (needle, tight) = filter.search.as_deref().and_then(search::needles).unzip();
    let mut names = HashMap::new();
    let mut statement = conn.prepare_cached("SELECT id, name FROM departments")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        names.insert(row.get::<_, String>(0)?, row.get::<_, String>(1)?);
    }
    let mut statement = conn.prepare_cached(
        "SELECT e.id, e.name, e.department_id FROM employees e
         WHERE (:needle IS NULL OR instr(e.search, :needle) > 0 OR instr(e.search, :tight) > 0)
           AND (:departments IS NULL OR e.department_id IN (SELECT value FROM json_each(:departments))
             OR e.branch_id IN (SELECT value FROM json_each(:branches)))
           AND (:from IS NULL OR e.left_on IS NULL OR e.left_on >= :from)
           AND (:to IS NULL OR e.hired_on IS NULL OR e.hired_on <= :to)
         ORDER BY e.name, e.id",
    )?;
    let (from, to) = employed.map(|(from, to)| (from.to_string(), to.to_string())).unzip();
    let values = named_params! { ":needle": needle, ":tight": tight, ":departments": departments, ":branches": branches,
    ":from": from, ":to": to };
    let rows = statement.query_map(values, |row| {
        let department_id: Option<String> = row.get(2)?;
        let department_name = department_id.as_ref().and_then(|id| names.get(id)).cloned();
        Ok(Brief { id: EmployeeId::stored(row.get(0)?), name: row.get(1)?, department_id, department_name })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
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
