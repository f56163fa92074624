use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::{Employee, EmployeeFilter, EmployeeId, Status};
use crate::clock::from_millis;
use crate::db::{Error, Tx};
use crate::text::like_anywhere;

const COLUMNS: &str =
    "e.id, e.name, e.branch_id, e.department_id, e.hired_on, e.left_on, e.fields, e.created_at, e.changed_at";

/// A blank filter lets everybody pass; one statement serves all.
const WHERE: &str = "
  (:search IS NULL OR e.name LIKE :search ESCAPE '\\' OR e.id LIKE :search ESCAPE '\\'
     OR e.fields ->> 'employeeNumber' LIKE :search ESCAPE '\\' OR e.fields ->> 'mobile' LIKE :search ESCAPE '\\')
  AND (:left IS NULL OR (e.left_on IS NOT NULL AND e.left_on < :today) = :left)";

fn employee(row: &Row<'_>) -> rusqlite::Result<Employee> {
    let day = |text: Option<String>| text.and_then(|text| text.parse::<NaiveDate>().ok());
    Ok(Employee {
        id: EmployeeId::stored(row.get(0)?),
        name: row.get(1)?,
        branch_id: row.get(2)?,
        department_id: row.get(3)?,
        hired_on: day(row.get(4)?),
        left_on: day(row.get(5)?),
        fields: serde_json::from_str(&row.get::<_, String>(6)?).unwrap_or_default(),
        created_at: from_millis(row.get(7)?),
        changed_at: from_millis(row.get(8)?),
    })
}

pub(super) fn get(conn: &Connection, id: &EmployeeId) -> Result<Option<Employee>, Error> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM employees e WHERE e.id = ?1"))?;
    Ok(statement.query_row([id.as_str()], employee).optional()?)
}

fn write(tx: &Tx<'_>, sql: &str, employee: &Employee) -> Result<(), Error> {
    tx.prepare_cached(sql)?.execute(params![
        employee.id.as_str(),
        employee.name,
        employee.branch_id,
        employee.department_id,
        employee.hired_on.map(|day| day.to_string()),
        employee.left_on.map(|day| day.to_string()),
        serde_json::to_string(&employee.fields).unwrap_or_else(|_| "{}".to_owned()),
        employee.created_at.timestamp_millis(),
        employee.changed_at.timestamp_millis(),
    ])?;
    Ok(())
}

pub(super) fn insert(tx: &Tx<'_>, employee: &Employee) -> Result<(), Error> {
    write(
        tx,
        "INSERT INTO employees (id, name, branch_id, department_id, hired_on, left_on, fields, created_at, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        employee,
    )
}

pub(super) fn update(tx: &Tx<'_>, employee: &Employee) -> Result<(), Error> {
    write(
        tx,
        "UPDATE employees SET name = ?2, branch_id = ?3, department_id = ?4, hired_on = ?5, left_on = ?6, fields = ?7,
           created_at = ?8, changed_at = ?9 WHERE id = ?1",
        employee,
    )
}

pub(super) fn list(
    conn: &Connection,
    filter: &EmployeeFilter,
    after: Option<&(String, String)>,
    limit: i64,
) -> Result<(Vec<Employee>, u64), Error> {
    let search = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(like_anywhere);
    let left = filter.status.map(|status| status == Status::Left);
    let today = filter.today.to_string();
    let (name, id) = after.map_or(("", ""), |(name, id)| (name.as_str(), id.as_str()));
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM employees e WHERE {WHERE} AND (e.name, e.id) > (:name, :id)
         ORDER BY e.name, e.id LIMIT :limit"
    ))?;
    let rows = statement
        .query_map(
            named_params! { ":search": search, ":left": left, ":today": today, ":name": name, ":id": id, ":limit": limit },
            employee,
        )?
        .collect::<Result<_, _>>()?;
    let total = conn
        .prepare_cached(&format!("SELECT count(*) FROM employees e WHERE {WHERE}"))?
        .query_row(named_params! { ":search": search, ":left": left, ":today": today }, |row| row.get(0))?;
    Ok((rows, total))
}
