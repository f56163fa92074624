use chrono::NaiveDate;
use rusqlite::{Connection, named_params};

use super::Whose;
use crate::db::{Error, Tx};

/// The dates of the stretch, newest first: those somebody looks at are noted before those of last year.
macro_rules! dates {
    () => {
        "dates (date) AS (
           SELECT :to WHERE :to >= :from UNION ALL SELECT date(date, '-1 day') FROM dates WHERE date > :from)"
    };
}

/// Those of a department and the ones beneath, and those who were there before they were moved.
macro_rules! department {
    () => {
        "below (id) AS (
           VALUES (:id) UNION SELECT d.id FROM departments d JOIN below ON d.parent_id = below.id),
         ids (id) AS (
           SELECT e.id FROM below CROSS JOIN employees e ON e.department_id = below.id
           UNION SELECT m.employee_id FROM below CROSS JOIN employee_moves m ON m.department_id = below.id),
         whom (id, hired_on, left_on) AS MATERIALIZED (
           SELECT e.id, e.hired_on, e.left_on FROM ids CROSS JOIN employees e ON e.id = ids.id)"
    };
}

/// The same of a branch and everything beneath.
macro_rules! branch {
    () => {
        "branches_below (id) AS (
           VALUES (:id) UNION SELECT b.id FROM branches b JOIN branches_below x ON b.parent_id = x.id),
         departments_below (id) AS (
           SELECT d.id FROM departments d JOIN branches_below x ON d.branch_id = x.id
           UNION SELECT d.id FROM departments d JOIN departments_below x ON d.parent_id = x.id),
         ids (id) AS (
           SELECT e.id FROM branches_below x CROSS JOIN employees e ON e.branch_id = x.id
           UNION SELECT e.id FROM departments_below x CROSS JOIN employees e ON e.department_id = x.id
           UNION SELECT m.employee_id FROM branches_below x CROSS JOIN employee_moves m ON m.branch_id = x.id
           UNION SELECT m.employee_id FROM departments_below x CROSS JOIN employee_moves m ON m.department_id = x.id),
         whom (id, hired_on, left_on) AS MATERIALIZED (
           SELECT e.id, e.hired_on, e.left_on FROM ids CROSS JOIN employees e ON e.id = ids.id)"
    };
}

macro_rules! everybody {
    () => {
        "whom (id, hired_on, left_on) AS MATERIALIZED (SELECT id, hired_on, left_on FROM employees)"
    };
}

/// Every date of everybody of `whom`, but those on which they were not employed: nothing changes what they did then.
macro_rules! note {
    ($whom:expr) => {
        concat!(
            "WITH RECURSIVE ",
            dates!(),
            ", ",
            $whom,
            " INSERT OR REPLACE INTO attendance_dirty (employee_id, date)
              SELECT whom.id, dates.date FROM dates CROSS JOIN whom
              WHERE (whom.hired_on IS NULL OR whom.hired_on <= dates.date)
                AND (whom.left_on IS NULL OR whom.left_on >= dates.date)"
        )
    };
}

macro_rules! count {
    ($whom:expr) => {
        concat!("WITH RECURSIVE ", $whom, " SELECT count(*) FROM whom")
    };
}

/// One person's are taken as they are: they may just have been hired later, or have left earlier.
pub(super) const ONE: &str = concat!(
    "WITH RECURSIVE ",
    dates!(),
    " INSERT OR REPLACE INTO attendance_dirty (employee_id, date)
      SELECT e.id, dates.date FROM employees e CROSS JOIN dates WHERE e.id = :id"
);
pub(super) const DEPARTMENT: &str = note!(department!());
pub(super) const BRANCH: &str = note!(branch!());
pub(super) const EVERYBODY: &str = note!(everybody!());

/// How many people are meant.
pub(super) fn people(conn: &Connection, whose: &Whose<'_>) -> Result<i64, Error> {
    let count = |sql: &str, id: &str| -> Result<i64, Error> {
        Ok(conn.prepare_cached(sql)?.query_row([id], |row| row.get(0))?)
    };
    match whose {
        Whose::One(_) => Ok(1),
        Whose::Department(id) => count(count!(department!()), id),
        Whose::Branch(id) => count(count!(branch!()), id),
        Whose::Everybody => {
            Ok(conn.prepare_cached("SELECT count(*) FROM employees")?.query_row([], |row| row.get(0))?)
        }
    }
}

/// Notes each day of a stretch.
pub(super) fn note(tx: &Tx<'_>, whose: &Whose<'_>, from: NaiveDate, to: NaiveDate) -> Result<(), Error> {
    let (from, to) = (from.to_string(), to.to_string());
    let (sql, id) = match whose {
        Whose::One(id) => (ONE, Some(id)),
        Whose::Department(id) => (DEPARTMENT, Some(id)),
        Whose::Branch(id) => (BRANCH, Some(id)),
        Whose::Everybody => (EVERYBODY, None),
    };
    let mut statement = tx.prepare_cached(sql)?;
    match id {
        Some(id) => statement.execute(named_params! { ":id": id, ":from": from, ":to": to })?,
        None => statement.execute(named_params! { ":from": from, ":to": to })?,
    };
    Ok(())
}

/// The first date anybody has a plan or a result for.
pub(super) fn first_date(conn: &Connection) -> Result<Option<NaiveDate>, Error> {
    let first: Option<String> = conn
        .prepare_cached(
            "SELECT min(date) FROM (
               SELECT min(from_on) AS date FROM shift_assignments
               UNION ALL SELECT min(date) FROM schedule_days
               UNION ALL SELECT min(date) FROM attendance_days)",
        )?
        .query_row([], |row| row.get(0))?;
    Ok(first.and_then(|first| first.parse().ok()))
}

pub(super) const CELLS: &str = "INSERT OR REPLACE INTO attendance_dirty (employee_id, date)
   SELECT c.employee_id, date(c.date, beside.days) FROM schedule_days c
   CROSS JOIN (SELECT '-1 day' AS days UNION ALL SELECT '+0 day' UNION ALL SELECT '+1 day') beside
   WHERE c.shift_id = :shift AND date(c.date, beside.days) <= :newest";

pub(super) const PUNCHED: &str = "WITH wall (day) AS (
     SELECT DISTINCT p.wall / 86400 FROM punches p
     WHERE p.machine_id = :machine AND p.pin_number = :pin AND p.wall BETWEEN :from - 54000 AND :to + 54000
       AND p.wall - p.utc_offset >= :from AND p.wall - p.utc_offset < :to)
   INSERT OR REPLACE INTO attendance_dirty (employee_id, date)
   SELECT :employee, date(day * 86400, 'unixepoch') FROM (
     SELECT day FROM wall UNION SELECT day - 1 FROM wall UNION SELECT day + 1 FROM wall)
   WHERE day * 86400 <= :newest ORDER BY day DESC";
