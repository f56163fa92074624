use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::AssignmentFilter;
use crate::db::{Error, Tx};
use crate::dispatch::{Target, TargetKind};
use crate::schedule::plan::{Assignment, Weekdays, Work};
use crate::schedule::queries::day;
use crate::schedule::shift::ShiftId;

/// What [`assignment`] reads.
macro_rules! columns {
    () => {
        "a.id, a.kind, a.target_id, a.shift_id, a.rotation_id, a.anchor, a.from_on, a.to_on, a.weekdays, a.holidays"
    };
}

/// All of them.
pub(in crate::schedule) const ALL: &str = concat!("SELECT ", columns!(), " FROM shift_assignments a");

/// An assignment; none when the row makes no sense, which none of ours does.
pub(in crate::schedule) fn assignment(row: &Row<'_>) -> rusqlite::Result<Option<Assignment>> {
    let kind = TargetKind::from_name(row.get_ref(1)?.as_str()?);
    let (shift, rotation): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
    let from = day(row, 6)?;
    let work = match (shift, rotation) {
        (Some(shift), None) => Some(Work::Shift(ShiftId(shift))),
        (None, Some(id)) => Some(Work::Rotation { id, anchor: day(row, 5)? }),
        _ => None,
    };
    let (Some(kind), Some(work), Some(from)) = (kind, work, from) else { return Ok(None) };
    Ok(Some(Assignment {
        id: row.get(0)?,
        target: Target { kind, id: row.get(2)? },
        work,
        from,
        to: day(row, 7)?,
        weekdays: Weekdays(row.get(8)?),
        holidays: row.get(9)?,
    }))
}

/// Whose assignments hold somebody: their own, those of their departments upwards, and of the branches over these.
pub(in crate::schedule) const LIST: &str = concat!(
    "WITH RECURSIVE
     me (department_id, branch_id) AS (SELECT department_id, branch_id FROM employees WHERE id = :employee),
     up (id, parent_id, branch_id) AS (
       SELECT d.id, d.parent_id, d.branch_id FROM me CROSS JOIN departments d ON d.id = me.department_id
       UNION SELECT d.id, d.parent_id, d.branch_id FROM up CROSS JOIN departments d ON d.id = up.parent_id),
     over (id, parent_id) AS (
       SELECT b.id, b.parent_id FROM branches b
         WHERE b.id IN (SELECT branch_id FROM up UNION SELECT branch_id FROM me)
       UNION SELECT b.id, b.parent_id FROM over CROSS JOIN branches b ON b.id = over.parent_id)
   SELECT ",
    columns!(),
    "
   FROM shift_assignments a
   WHERE (:kind IS NULL OR a.kind = :kind) AND (:target IS NULL OR a.target_id = :target)
     AND (:employee IS NULL OR CASE a.kind WHEN 'employee' THEN a.target_id = :employee
       WHEN 'department' THEN a.target_id IN (SELECT id FROM up) ELSE a.target_id IN (SELECT id FROM over) END)
     AND (:shift IS NULL OR a.shift_id = :shift OR a.rotation_id IN (
       SELECT r.id FROM rotations r, json_each(r.steps) step WHERE step.value = :shift))
   ORDER BY a.id DESC"
);

/// The assignments a filter leaves, newest first. There are few enough of them to be counted in memory.
pub(super) fn list(conn: &Connection, filter: &AssignmentFilter) -> Result<Vec<Assignment>, Error> {
    let mut statement = conn.prepare_cached(LIST)?;
    let rows = statement.query_map(
        named_params! {
            ":kind": filter.target_kind.map(TargetKind::name),
            ":target": filter.target_id,
            ":employee": filter.employee_id,
            ":shift": filter.shift_id,
        },
        assignment,
    )?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

pub(super) fn get(conn: &Connection, id: i64) -> Result<Option<Assignment>, Error> {
    let mut statement =
        conn.prepare_cached(concat!("SELECT ", columns!(), " FROM shift_assignments a WHERE a.id = ?1"))?;
    Ok(statement.query_row([id], assignment).optional()?.flatten())
}

pub(super) fn insert(tx: &Tx<'_>, new: &Assignment) -> Result<i64, Error> {
    let (shift, rotation, anchor) = match &new.work {
        Work::Shift(shift) => (Some(&shift.0), None, None),
        Work::Rotation { id, anchor } => (None, Some(id), anchor.map(|day| day.to_string())),
    };
    tx.prepare_cached(
        "INSERT INTO shift_assignments (kind, target_id, shift_id, rotation_id, anchor, from_on, to_on, weekdays, holidays,
           created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        new.target.kind.name(),
        new.target.id,
        shift,
        rotation,
        anchor,
        new.from.to_string(),
        new.to.map(|day| day.to_string()),
        new.weekdays.0,
        new.holidays,
        tx.now().timestamp_millis()
    ])?;
    Ok(tx.last_insert_rowid())
}

pub(super) fn set_end(tx: &Tx<'_>, id: i64, to: Option<NaiveDate>) -> Result<(), Error> {
    tx.prepare_cached("UPDATE shift_assignments SET to_on = ?2 WHERE id = ?1")?
        .execute(params![id, to.map(|day| day.to_string())])?;
    Ok(())
}

pub(super) fn remove(tx: &Tx<'_>, id: i64) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM shift_assignments WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// What people call the shifts and rotations that are assigned to a target on some day from a date on.
pub(super) fn assigned_to(conn: &Connection, target: &Target, from: NaiveDate) -> Result<Vec<String>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT DISTINCT coalesce(s.name, r.name) FROM shift_assignments a
           LEFT JOIN shifts s ON s.id = a.shift_id LEFT JOIN rotations r ON r.id = a.rotation_id
         WHERE a.kind = ?1 AND a.target_id = ?2 AND (a.to_on IS NULL OR a.to_on >= ?3) ORDER BY 1",
    )?;
    let rows = statement.query_map([target.kind.name(), &target.id, &from.to_string()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
