use rusqlite::{Connection, OptionalExtension, params};

use super::super::employees::Employee;
use super::super::id::EmployeeId;
use super::ImportSummary;
use super::undo::{Kept, Made};
use crate::audit::Actor;
use crate::clock::from_millis;
use crate::db::{Error, Tx};

fn json<T: serde::Serialize>(value: &T) -> String {
    // Texts and dates of ours are always JSON.
    serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned())
}

/// Writes down that a file was taken in; its number. What is needed to undo the ones before is given up.
pub(super) fn begin(
    tx: &Tx<'_>,
    actor: &Actor,
    file_name: &str,
    added: u64,
    changed: u64,
    made: &Made,
) -> Result<i64, Error> {
    tx.prepare_cached("DELETE FROM import_changes")?.execute([])?;
    tx.prepare_cached(
        "INSERT INTO imports (at, who, file_name, added, changed, places) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        tx.now().timestamp_millis(),
        actor.as_str(),
        file_name,
        i64::try_from(added).unwrap_or(i64::MAX),
        i64::try_from(changed).unwrap_or(i64::MAX),
        json(made)
    ])?;
    Ok(tx.last_insert_rowid())
}

/// Writes down how somebody was and is.
pub(super) fn remember(
    tx: &Tx<'_>,
    import: i64,
    before: Option<&Employee>,
    after: &Employee,
) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO import_changes (import_id, employee_id, before, after) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        import,
        after.id.as_str(),
        before.map(|before| json(&Kept::of(before))),
        json(&Kept::of(after))
    ])?;
    Ok(())
}

/// The last file, and what was made for it.
pub(super) fn last(conn: &Connection) -> Result<Option<(ImportSummary, Made)>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, at, who, file_name, added, changed, undone_at IS NOT NULL, places FROM imports
         ORDER BY id DESC LIMIT 1",
    )?;
    let row = statement.query_row([], |row| {
        let made: String = row.get(7)?;
        let summary = ImportSummary {
            id: row.get(0)?,
            at: from_millis(row.get(1)?),
            who: row.get(2)?,
            file_name: row.get(3)?,
            added: row.get(4)?,
            changed: row.get(5)?,
            undone: row.get(6)?,
        };
        Ok((summary, serde_json::from_str(&made).unwrap_or_default()))
    });
    Ok(row.optional()?)
}

/// Whom a file was about: how they were, none for whom it added, and how it left them.
#[expect(clippy::type_complexity, reason = "three columns of a row, read in one place")]
pub(super) fn changes(
    conn: &Connection,
    import: i64,
) -> Result<Vec<(EmployeeId, Option<Kept>, Option<Kept>)>, Error> {
    let mut statement =
        conn.prepare_cached("SELECT employee_id, before, after FROM import_changes WHERE import_id = ?1")?;
    let rows = statement.query_map([import], |row| {
        let kept = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Ok((EmployeeId::stored(row.get(0)?), kept(row.get(1)?), kept(row.get(2)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What keeps somebody from being taken out of the directory again: a code, and English.
pub(super) fn held_by(
    conn: &Connection,
    id: &EmployeeId,
) -> Result<Option<(&'static str, &'static str)>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM roster WHERE employee_id = ?1),
           EXISTS (SELECT 1 FROM spans WHERE employee_id = ?1),
           EXISTS (SELECT 1 FROM applied WHERE employee_id = ?1),
           EXISTS (SELECT 1 FROM dispatch_targets WHERE kind = 'employee' AND target_id = ?1),
           EXISTS (SELECT 1 FROM photos WHERE employee_id = ?1),
           EXISTS (SELECT 1 FROM shift_assignments WHERE kind = 'employee' AND target_id = ?1)
             OR EXISTS (SELECT 1 FROM schedule_days WHERE employee_id = ?1),
           EXISTS (SELECT 1 FROM leaves WHERE employee_id = ?1),
           EXISTS (SELECT 1 FROM appeals WHERE employee_id = ?1)
             OR EXISTS (SELECT 1 FROM corrections WHERE employee_id = ?1),
           EXISTS (SELECT 1 FROM attendance_locks l CROSS JOIN attendance_days d
                   ON d.employee_id = ?1 AND d.date BETWEEN l.month || '-01' AND l.month || '-31')",
    )?;
    let held: [bool; 9] = statement.query_row([id.as_str()], |row| {
        let mut held = [false; 9];
        for (place, held) in held.iter_mut().enumerate() {
            *held = row.get(place)?;
        }
        Ok(held)
    })?;
    let reasons = [
        ("import.on_roster", "they are on the roster of a machine"),
        ("import.has_punches", "punches may be theirs"),
        ("import.on_machine", "a machine has them"),
        ("import.in_rule", "a dispatch rule names them"),
        ("import.has_photo", "they have a photo"),
        ("import.has_schedule", "they have a schedule of their own"),
        ("import.has_leave", "they have leave"),
        ("import.has_appeals", "a day of theirs was appealed or corrected"),
        ("import.month_locked", "a day of theirs is of a month that is locked"),
    ];
    Ok(held.into_iter().zip(reasons).find_map(|(held, reason)| held.then_some(reason)))
}

pub(super) fn set_undone(tx: &Tx<'_>, import: i64) -> Result<(), Error> {
    tx.prepare_cached("UPDATE imports SET undone_at = ?2 WHERE id = ?1")?
        .execute(params![import, tx.now().timestamp_millis()])?;
    tx.prepare_cached("DELETE FROM import_changes WHERE import_id = ?1")?.execute([import])?;
    Ok(())
}
