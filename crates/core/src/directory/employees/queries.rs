use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::super::id::EmployeeId;
use super::super::search;
use super::{Brief, Employee, EmployeeFilter, Scope, Status};
use crate::clock::from_millis;
use crate::db::{Error, Tx};

/// What [`employee`] reads.
macro_rules! columns {
    () => {
        "e.id, e.name, e.branch_id, e.department_id, e.hired_on, e.left_on, e.fields, e.created_at, e.changed_at, p.file_id"
    };
}

/// Whether somebody is found by what is looked for.
macro_rules! found {
    () => {
        "(:needle IS NULL OR instr(e.search, :needle) > 0 OR instr(e.search, :tight) > 0)"
    };
}

/// A blank filter lets everybody pass; one statement serves all. All of it is in the index by name.
macro_rules! passes {
    () => {
        concat!(found!(), " AND (:left IS NULL OR (e.left_on IS NOT NULL AND e.left_on < :today) = :left)")
    };
}

/// Whether somebody is in the scope, for a walk through everybody.
macro_rules! in_scope {
    () => {
        "(:departments IS NULL OR e.department_id IN (SELECT value FROM json_each(:departments))
           OR e.branch_id IN (SELECT value FROM json_each(:branches)))"
    };
}

/// The people of the scope, from its own indexes.
macro_rules! whom {
    () => {
        "WITH whom (id) AS (
           SELECT id FROM employees WHERE department_id IN (SELECT value FROM json_each(:departments))
           UNION ALL SELECT id FROM employees WHERE branch_id IN (SELECT value FROM json_each(:branches)))"
    };
}

/// Reads the index from a name on, and rows only of the page.
pub(in super::super) const WIDE_PAGE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM (SELECT e.name AS name, e.id AS id FROM employees e WHERE ",
    passes!(),
    " AND ",
    in_scope!(),
    " AND (e.name, e.id) > (:name, :id) ORDER BY e.name, e.id LIMIT :limit) x
     CROSS JOIN employees e ON e.id = x.id LEFT JOIN photos p ON p.employee_id = e.id ORDER BY x.name, x.id"
);

pub(in super::super) const WIDE_COUNT: &str =
    concat!("SELECT count(*) FROM employees e WHERE ", passes!(), " AND ", in_scope!());

/// Reads the rows of the scope.
pub(in super::super) const NARROW_PAGE: &str = concat!(
    whom!(),
    " SELECT ",
    columns!(),
    " FROM whom CROSS JOIN employees e ON e.id = whom.id LEFT JOIN photos p ON p.employee_id = e.id WHERE ",
    passes!(),
    " AND (e.name, e.id) > (:name, :id) ORDER BY e.name, e.id LIMIT :limit"
);

pub(in super::super) const NARROW_COUNT: &str =
    concat!(whom!(), " SELECT count(*) FROM whom CROSS JOIN employees e ON e.id = whom.id WHERE ", passes!());

pub(in super::super) const SCOPE_SIZE: &str = concat!(whom!(), " SELECT count(*) FROM whom");

/// People in a scope up to which their rows are read and sorted; of more, the index by name is walked through.
const NARROW_MOST: i64 = 2_000;

fn employee(row: &Row<'_>) -> rusqlite::Result<Employee> {
    let day = |text: Option<String>| text.and_then(|text| text.parse::<NaiveDate>().ok());
    Ok(Employee {
        id: EmployeeId::stored(row.get(0)?),
        name: row.get(1)?,
        branch_id: row.get(2)?,
        branch_name: None,
        department_id: row.get(3)?,
        department_name: None,
        hired_on: day(row.get(4)?),
        left_on: day(row.get(5)?),
        fields: serde_json::from_str(&row.get::<_, String>(6)?).unwrap_or_default(),
        photo_file_id: row.get(9)?,
        created_at: from_millis(row.get(7)?),
        changed_at: from_millis(row.get(8)?),
    })
}

/// Where a department is.
#[derive(Clone, Default)]
struct Place {
    department: Option<String>,
    branch_id: Option<String>,
    branch: Option<String>,
}

fn place(conn: &Connection, department: &str) -> Result<Place, Error> {
    let mut statement = conn.prepare_cached(
        "WITH RECURSIVE up (parent_id, branch_id) AS (
           SELECT parent_id, branch_id FROM departments WHERE id = ?1
           UNION SELECT d.parent_id, d.branch_id FROM departments d JOIN up ON d.id = up.parent_id)
         SELECT (SELECT name FROM departments WHERE id = ?1), b.id, b.name
         FROM up LEFT JOIN branches b ON b.id = up.branch_id WHERE up.parent_id IS NULL",
    )?;
    let place = statement
        .query_row([department], |row| {
            Ok(Place { department: row.get(0)?, branch_id: row.get(1)?, branch: row.get(2)? })
        })
        .optional()?;
    Ok(place.unwrap_or_default())
}

/// The people with one of the ids or employee numbers.
pub(in super::super) fn of_file(
    conn: &Connection,
    ids: &[String],
    numbers: &[String],
) -> Result<Vec<Employee>, Error> {
    let mut statement = conn.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM employees e LEFT JOIN photos p ON p.employee_id = e.id
         WHERE e.id IN (SELECT value FROM json_each(?1))
            OR e.fields ->> 'employeeNumber' IN (SELECT value FROM json_each(?2))"
    ))?;
    let mut people =
        statement.query_map([json(ids), json(numbers)], employee)?.collect::<Result<Vec<_>, _>>()?;
    fill_places(conn, &mut people)?;
    Ok(people)
}

pub(super) fn delete(tx: &Tx<'_>, id: &EmployeeId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM dispatch_dirty WHERE employee_id = ?1")?.execute([id.as_str()])?;
    // Results are derived; what they follow from keeps whoever it is about from being deleted.
    for sql in [
        "DELETE FROM attendance_dirty WHERE employee_id = ?1",
        "DELETE FROM attendance_days WHERE employee_id = ?1",
        "DELETE FROM attendance_after_lock WHERE employee_id = ?1",
        "DELETE FROM attendance_stretches WHERE kind = 'employee' AND target_id = ?1",
        "DELETE FROM employees WHERE id = ?1",
    ] {
        tx.prepare_cached(sql)?.execute([id.as_str()])?;
    }
    Ok(())
}

/// Says of people where they are: the branch of their department, and what both are called.
pub(super) fn fill_places(conn: &Connection, people: &mut [Employee]) -> Result<(), Error> {
    let mut departments: BTreeMap<String, Place> = BTreeMap::new();
    let mut branches: BTreeMap<String, Option<String>> = BTreeMap::new();
    for person in people {
        (person.department_name, person.branch_name) = (None, None);
        if let Some(id) = &person.department_id {
            if !departments.contains_key(id) {
                departments.insert(id.clone(), place(conn, id)?);
            }
            let place = departments.get(id).cloned().unwrap_or_default();
            person.department_name = place.department;
            (person.branch_id, person.branch_name) = (place.branch_id, place.branch);
        } else if let Some(id) = &person.branch_id {
            if !branches.contains_key(id) {
                let mut statement = conn.prepare_cached("SELECT name FROM branches WHERE id = ?1")?;
                let name = statement.query_row([id], |row| row.get(0)).optional()?;
                branches.insert(id.clone(), name);
            }
            person.branch_name = branches.get(id).cloned().flatten();
        }
    }
    Ok(())
}

pub(super) fn get(conn: &Connection, id: &EmployeeId) -> Result<Option<Employee>, Error> {
    let mut statement = conn.prepare_cached(concat!(
        "SELECT ",
        columns!(),
        " FROM employees e LEFT JOIN photos p ON p.employee_id = e.id WHERE e.id = ?1"
    ))?;
    let Some(mut found) = statement.query_row([id.as_str()], employee).optional()? else { return Ok(None) };
    fill_places(conn, std::slice::from_mut(&mut found))?;
    Ok(Some(found))
}

fn write(tx: &Tx<'_>, sql: &str, employee: &Employee) -> Result<(), Error> {
    tx.prepare_cached(sql)?.execute(params![
        employee.id.as_str(),
        employee.name,
        // Whoever has a department is in its branch, wherever that may be moved.
        employee.branch_id.as_deref().filter(|_| employee.department_id.is_none()),
        employee.department_id,
        employee.hired_on.map(|day| day.to_string()),
        employee.left_on.map(|day| day.to_string()),
        serde_json::to_string(&employee.fields).unwrap_or_else(|_| "{}".to_owned()),
        employee.created_at.timestamp_millis(),
        employee.changed_at.timestamp_millis(),
        search::key(&employee.name, &employee.id, &employee.fields),
    ])?;
    Ok(())
}

pub(super) fn insert(tx: &Tx<'_>, employee: &Employee) -> Result<(), Error> {
    write(
        tx,
        "INSERT INTO employees (id, name, branch_id, department_id, hired_on, left_on, fields, created_at, changed_at, search)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        employee,
    )
}

pub(super) fn update(tx: &Tx<'_>, employee: &Employee) -> Result<(), Error> {
    write(
        tx,
        "UPDATE employees SET name = ?2, branch_id = ?3, department_id = ?4, hired_on = ?5, left_on = ?6, fields = ?7,
           created_at = ?8, changed_at = ?9, search = ?10 WHERE id = ?1",
        employee,
    )
}

/// Keeps where somebody was until today, if a day of theirs was judged by it; whether it is kept.
pub(super) fn move_keep(tx: &Tx<'_>, before: &Employee, today: NaiveDate) -> Result<bool, Error> {
    let (id, today) = (before.id.as_str(), today.to_string());
    let judged: bool = tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM attendance_days WHERE employee_id = ?1 AND date < ?2)")?
        .query_row([id, &today], |row| row.get(0))?;
    if judged {
        // Moved again on the same day, they were in that other place for no day.
        tx.prepare_cached(
            "INSERT OR IGNORE INTO employee_moves (employee_id, moved_on, department_id, branch_id) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            id,
            today,
            before.department_id,
            before.branch_id.as_deref().filter(|_| before.department_id.is_none())
        ])?;
    }
    Ok(judged)
}

fn json(ids: &[String]) -> String {
    serde_json::to_string(ids).unwrap_or_else(|_| "[]".to_owned())
}

/// The people a filter leaves, left or not, by name and in short; only those who were employed on some day of a stretch, if one is
/// given.
pub(super) fn briefs(
    conn: &Connection,
    filter: &EmployeeFilter,
    scope: Option<&Scope>,
    employed: Option<(NaiveDate, NaiveDate)>,
) -> Result<Vec<Brief>, Error> {
    let mut names = HashMap::new();
    let mut statement = conn.prepare_cached("SELECT id, name FROM departments")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        names.insert(row.get::<_, String>(0)?, row.get::<_, String>(1)?);
    }
    let (needle, tight) = filter.search.as_deref().and_then(search::needles).unzip();
    let (departments, branches) =
        scope.map(|scope| (json(&scope.departments), json(&scope.branches))).unzip();
    let (from, to) = employed.map(|(from, to)| (from.to_string(), to.to_string())).unzip();
    let mut statement = conn.prepare_cached(concat!(
        "SELECT e.id, e.name, e.department_id FROM employees e WHERE ",
        found!(),
        " AND ",
        in_scope!(),
        " AND (:from IS NULL OR e.left_on IS NULL OR e.left_on >= :from)
          AND (:to IS NULL OR e.hired_on IS NULL OR e.hired_on <= :to)
         ORDER BY e.name, e.id"
    ))?;
    let values = named_params! { ":needle": needle, ":tight": tight, ":departments": departments, ":branches": branches,
    ":from": from, ":to": to };
    let rows = statement.query_map(values, |row| {
        let department_id: Option<String> = row.get(2)?;
        let department_name = department_id.as_ref().and_then(|id| names.get(id)).cloned();
        Ok(Brief { id: EmployeeId::stored(row.get(0)?), name: row.get(1)?, department_id, department_name })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A page of the people a filter leaves, and how many there are; a negative limit is none.
pub(super) fn list(
    conn: &Connection,
    filter: &EmployeeFilter,
    scope: Option<&Scope>,
    after: Option<&(String, String)>,
    limit: i64,
) -> Result<(Vec<Employee>, u64), Error> {
    let (needle, tight) = filter.search.as_deref().and_then(search::needles).unzip();
    let left = filter.status.map(|status| status == Status::Left);
    let today = filter.today.to_string();
    let (name, id) = after.map_or(("", ""), |(name, id)| (name.as_str(), id.as_str()));
    let (departments, branches) =
        scope.map(|scope| (json(&scope.departments), json(&scope.branches))).unzip();
    let narrow = scope.is_some()
        && conn
            .prepare_cached(SCOPE_SIZE)?
            .query_row(named_params! { ":departments": departments, ":branches": branches }, |row| {
                row.get::<_, i64>(0)
            })?
            <= NARROW_MOST;
    let (page, count) = if narrow { (NARROW_PAGE, NARROW_COUNT) } else { (WIDE_PAGE, WIDE_COUNT) };
    let mut rows = conn
        .prepare_cached(page)?
        .query_map(
            named_params! { ":needle": needle, ":tight": tight, ":left": left, ":today": today, ":name": name,
            ":id": id, ":limit": limit, ":departments": departments, ":branches": branches },
            employee,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    fill_places(conn, &mut rows)?;
    let total = conn.prepare_cached(count)?.query_row(
        named_params! { ":needle": needle, ":tight": tight, ":left": left, ":today": today,
        ":departments": departments, ":branches": branches },
        |row| row.get(0),
    )?;
    Ok((rows, total))
}

fn counts(conn: &Connection, sql: &str, today: NaiveDate) -> Result<BTreeMap<String, u64>, Error> {
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([today.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many people of each department have not left.
pub(in super::super) fn active_by_department(
    conn: &Connection,
    today: NaiveDate,
) -> Result<BTreeMap<String, u64>, Error> {
    counts(
        conn,
        "SELECT department_id, count(*) FROM employees
         WHERE department_id IS NOT NULL AND (left_on IS NULL OR left_on >= ?1) GROUP BY department_id",
        today,
    )
}

/// How many people without a department, of each branch, have not left.
pub(in super::super) fn active_by_branch(
    conn: &Connection,
    today: NaiveDate,
) -> Result<BTreeMap<String, u64>, Error> {
    counts(
        conn,
        "SELECT branch_id, count(*) FROM employees
         WHERE branch_id IS NOT NULL AND (left_on IS NULL OR left_on >= ?1) GROUP BY branch_id",
        today,
    )
}
