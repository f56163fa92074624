//! The dispatch rule of a machine (rules 4): who belongs on its roster by itself.
//!
//! A change of the directory only notes whom it moved; the rules are looked at afterwards, for those people alone.

use crate::db::{self, Tx};
use crate::directory::EmployeeId;

/// Somebody was added, moved, left or came back.
pub(crate) fn person_moved(tx: &Tx<'_>, employee: &EmployeeId) -> Result<(), db::Error> {
    tx.prepare_cached("INSERT OR IGNORE INTO dispatch_dirty (employee_id) VALUES (?1)")?
        .execute([employee.as_str()])?;
    Ok(())
}

/// A department has moved, with everybody in it and in the departments below.
pub(crate) fn department_moved(tx: &Tx<'_>, department: &str) -> Result<(), db::Error> {
    tx.prepare_cached(
        "WITH RECURSIVE below (id) AS (
           VALUES (?1) UNION SELECT d.id FROM departments d JOIN below ON d.parent_id = below.id)
         INSERT OR IGNORE INTO dispatch_dirty (employee_id)
         SELECT e.id FROM below JOIN employees e ON e.department_id = below.id",
    )?
    .execute([department])?;
    Ok(())
}

/// A branch has moved, with everybody in it, in its departments, and in the branches below.
pub(crate) fn branch_moved(tx: &Tx<'_>, branch: &str) -> Result<(), db::Error> {
    tx.prepare_cached(
        "WITH RECURSIVE
           branches_below (id) AS (
             VALUES (?1) UNION SELECT b.id FROM branches b JOIN branches_below x ON b.parent_id = x.id),
           departments_below (id) AS (
             SELECT d.id FROM departments d JOIN branches_below x ON d.branch_id = x.id
             UNION SELECT d.id FROM departments d JOIN departments_below x ON d.parent_id = x.id)
         INSERT OR IGNORE INTO dispatch_dirty (employee_id)
         SELECT e.id FROM employees e WHERE e.branch_id IN (SELECT id FROM branches_below)
            OR e.department_id IN (SELECT id FROM departments_below)",
    )?
    .execute([branch])?;
    Ok(())
}
