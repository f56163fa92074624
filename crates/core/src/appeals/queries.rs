use chrono::NaiveDate;
use rollcall_protocol::WallTime;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};

use super::evidence::EvidenceMeta;
use super::{
    Appeal, AppealFilter, AppealId, AppealState, Correction, CorrectionFilter, CorrectionId, EvidenceType,
    What,
};
use crate::attendance::day::MarkKind;
use crate::attendance::{Dates, Month};
use crate::audit::Actor;
use crate::clock::from_millis;
use crate::db::{Conditions, Error, Tx};
use crate::directory::EmployeeId;
use crate::schedule::shift::{Minute, Rule, ShiftId};

fn mark(text: &str) -> MarkKind {
    // The table takes no other words.
    MarkKind::from_name(text).unwrap_or(MarkKind::Absent)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_default()
}

const APPEAL: &str = "SELECT a.id, a.employee_id, e.name, a.date, a.mark, a.claimed, a.reason, a.state, a.raised_by, a.raised_at,
    a.decided_by, a.decided_at, a.note, v.name, v.media_type, v.size
  FROM appeals a JOIN employees e ON e.id = a.employee_id
    LEFT JOIN appeal_evidence v ON v.appeal_id = a.id";

fn appeal(row: &Row<'_>) -> rusqlite::Result<Appeal> {
    let evidence = match row.get::<_, Option<String>>(13)? {
        Some(name) => {
            let kind = EvidenceType::named(&row.get::<_, String>(14)?);
            Some(EvidenceMeta { name, kind, size: row.get(15)? })
        }
        None => None,
    };
    Ok(Appeal {
        id: AppealId(row.get(0)?),
        employee_id: EmployeeId::stored(row.get(1)?),
        name: row.get(2)?,
        date: day(&row.get::<_, String>(3)?),
        mark: mark(&row.get::<_, String>(4)?),
        claimed: row.get::<_, Option<i32>>(5)?.map(Minute),
        reason: row.get(6)?,
        state: AppealState::named(&row.get::<_, String>(7)?),
        raised_by: row.get(8)?,
        raised_at: from_millis(row.get(9)?),
        decided_by: row.get(10)?,
        decided_at: row.get::<_, Option<i64>>(11)?.map(from_millis),
        note: row.get(12)?,
        evidence,
        day: None,
    })
}

pub(super) fn get(conn: &Connection, id: AppealId) -> Result<Option<Appeal>, Error> {
    let mut statement = conn.prepare_cached(&format!("{APPEAL} WHERE a.id = ?1"))?;
    Ok(statement.query_row([id.0], appeal).optional()?)
}

/// The page after a number, newest first, and how many there are in all.
pub(super) fn list(
    conn: &Connection,
    filter: &AppealFilter,
    after: Option<i64>,
    limit: i64,
) -> Result<(Vec<Appeal>, u64), Error> {
    let mut which = which(filter);
    let total = conn
        .prepare_cached(&format!("SELECT count(*) FROM appeals a {}", which.clause()))?
        .query_row(params_from_iter(&which.values), |row| row.get(0))?;
    which.add_some("a.id < ?", after);
    let mut statement = conn.prepare_cached(&page_of(&which, limit))?;
    let rows = statement.query_map(params_from_iter(&which.values), appeal)?;
    Ok((rows.collect::<Result<_, _>>()?, total))
}

fn page_of(which: &Conditions, limit: i64) -> String {
    format!("{APPEAL} {} ORDER BY a.id DESC LIMIT {limit}", which.clause())
}

fn which(filter: &AppealFilter) -> Conditions {
    let mut which = Conditions::default();
    which.add_some("a.state = ?", filter.state.map(|state| state.name().to_owned()));
    which.add_some("a.employee_id = ?", filter.employee_id.as_ref().map(|id| id.as_str().to_owned()));
    which.add_some(
        "a.employee_id IN (
           WITH RECURSIVE below (id) AS (
             SELECT id FROM departments WHERE id = ?
             UNION SELECT d.id FROM departments d JOIN below ON d.parent_id = below.id)
           SELECT e.id FROM employees e JOIN below ON e.department_id = below.id)",
        filter.department_id.clone(),
    );
    which.add_some("a.date >= ?", filter.from.map(|date| date.to_string()));
    which.add_some("a.date <= ?", filter.to.map(|date| date.to_string()));
    which
}

pub(super) fn insert(tx: &Tx<'_>, appeal: &Appeal) -> Result<AppealId, Error> {
    tx.prepare_cached(
        "INSERT INTO appeals (employee_id, date, mark, claimed, reason, state, raised_by, raised_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        appeal.employee_id.as_str(),
        appeal.date.to_string(),
        appeal.mark.name(),
        appeal.claimed.map(|minute| minute.0),
        appeal.reason,
        appeal.state.name(),
        appeal.raised_by,
        appeal.raised_at.timestamp_millis()
    ])?;
    Ok(AppealId(tx.last_insert_rowid()))
}

/// Writes how an appeal ended.
pub(super) fn update(tx: &Tx<'_>, appeal: &Appeal) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE appeals SET state = ?2, decided_by = ?3, decided_at = ?4, note = ?5 WHERE id = ?1",
    )?
    .execute(params![
        appeal.id.0,
        appeal.state.name(),
        appeal.decided_by,
        appeal.decided_at.map(|at| at.timestamp_millis()),
        appeal.note
    ])?;
    Ok(())
}

/// Whether another appeal against the same mark is open.
pub(super) fn has_open(
    conn: &Connection,
    employee: &EmployeeId,
    date: NaiveDate,
    mark: MarkKind,
    but: AppealId,
) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM appeals
           WHERE employee_id = ?1 AND date = ?2 AND mark = ?3 AND state = 'open' AND id <> ?4)",
    )?;
    let row = params![employee.as_str(), date.to_string(), mark.name(), but.0];
    Ok(statement.query_row(row, |row| row.get(0))?)
}

const CLAIMED: &str = "SELECT count(*) FROM appeals
   WHERE employee_id = ?1 AND date BETWEEN ?2 AND ?3 AND claimed IS NOT NULL
     AND (state = 'approved' OR (?4 AND state = 'open'))";

/// How many punches somebody claimed of a month in what is approved, and in what is open.
pub(super) fn claimed(
    conn: &Connection,
    employee: &EmployeeId,
    month: Month,
    and_open: bool,
) -> Result<u32, Error> {
    let mut statement = conn.prepare_cached(CLAIMED)?;
    let Dates { from, to } = month.dates();
    let row = params![employee.as_str(), from.to_string(), to.to_string(), and_open];
    Ok(statement.query_row(row, |row| row.get(0))?)
}

/// What a shift asks, removed ones too: days were judged by it.
pub(super) fn shift(conn: &Connection, id: &ShiftId) -> Result<Option<Rule>, Error> {
    let mut statement = conn.prepare_cached("SELECT rule FROM shifts WHERE id = ?1")?;
    let rule: Option<String> = statement.query_row([&id.0], |row| row.get(0)).optional()?;
    Ok(rule.and_then(|rule| serde_json::from_str(&rule).ok()))
}

pub(super) fn put_evidence(
    tx: &Tx<'_>,
    id: AppealId,
    meta: &EvidenceMeta,
    sealed: &[u8],
) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO appeal_evidence (appeal_id, name, media_type, size, data) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![id.0, meta.name, meta.kind.media_type(), meta.size, sealed])?;
    Ok(())
}

pub(super) fn evidence(conn: &Connection, id: AppealId) -> Result<Option<Vec<u8>>, Error> {
    let mut statement = conn.prepare_cached("SELECT data FROM appeal_evidence WHERE appeal_id = ?1")?;
    Ok(statement.query_row([id.0], |row| row.get(0)).optional()?)
}

pub(super) fn delete_evidence(tx: &Tx<'_>, id: AppealId) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM appeal_evidence WHERE appeal_id = ?1")?.execute([id.0])?;
    Ok(())
}

const CORRECTION: &str =
    "SELECT c.id, c.employee_id, e.name, c.date, c.mark, c.wall, c.utc_offset, c.appeal_id, c.reason, c.who,
    c.created_at, c.withdrawn_at
  FROM corrections c JOIN employees e ON e.id = c.employee_id";

fn correction_row(row: &Row<'_>) -> rusqlite::Result<Correction> {
    let lifted: Option<String> = row.get(4)?;
    let what = match lifted {
        Some(lifted) => What::Lift(mark(&lifted)),
        None => What::Punch { wall: WallTime::from_seconds(row.get(5)?), utc_offset: row.get(6)? },
    };
    Ok(Correction {
        id: CorrectionId(row.get(0)?),
        employee_id: EmployeeId::stored(row.get(1)?),
        name: row.get(2)?,
        date: day(&row.get::<_, String>(3)?),
        what,
        appeal_id: row.get::<_, Option<i64>>(7)?.map(AppealId),
        reason: row.get(8)?,
        who: row.get(9)?,
        created_at: from_millis(row.get(10)?),
        withdrawn_at: row.get::<_, Option<i64>>(11)?.map(from_millis),
    })
}

pub(super) fn correction(conn: &Connection, id: CorrectionId) -> Result<Option<Correction>, Error> {
    let mut statement = conn.prepare_cached(&format!("{CORRECTION} WHERE c.id = ?1"))?;
    Ok(statement.query_row([id.0], correction_row).optional()?)
}

/// The page after a number, newest first, and how many there are in all.
pub(super) fn corrections(
    conn: &Connection,
    filter: &CorrectionFilter,
    after: Option<i64>,
    limit: i64,
) -> Result<(Vec<Correction>, u64), Error> {
    let mut which = Conditions::default();
    which.add_some("c.employee_id = ?", filter.employee_id.as_ref().map(|id| id.as_str().to_owned()));
    which.add_some("c.date >= ?", filter.from.map(|date| date.to_string()));
    which.add_some("c.date <= ?", filter.to.map(|date| date.to_string()));
    let total = conn
        .prepare_cached(&format!("SELECT count(*) FROM corrections c {}", which.clause()))?
        .query_row(params_from_iter(&which.values), |row| row.get(0))?;
    which.add_some("c.id < ?", after);
    let sql = format!("{CORRECTION} {} ORDER BY c.id DESC LIMIT {limit}", which.clause());
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(&which.values), correction_row)?;
    Ok((rows.collect::<Result<_, _>>()?, total))
}

pub(super) fn insert_correction(tx: &Tx<'_>, correction: &Correction) -> Result<CorrectionId, Error> {
    let (kind, mark, wall, utc_offset) = match correction.what {
        What::Punch { wall, utc_offset } => ("punch", None, Some(wall.seconds()), Some(utc_offset)),
        What::Lift(mark) => ("lift", Some(mark.name()), None, None),
    };
    tx.prepare_cached(
        "INSERT INTO corrections (employee_id, date, kind, mark, wall, utc_offset, appeal_id, reason, who, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        correction.employee_id.as_str(),
        correction.date.to_string(),
        kind,
        mark,
        wall,
        utc_offset,
        correction.appeal_id.map(|id| id.0),
        correction.reason,
        correction.who,
        correction.created_at.timestamp_millis()
    ])?;
    Ok(CorrectionId(tx.last_insert_rowid()))
}

pub(super) fn withdraw_correction(tx: &Tx<'_>, actor: &Actor, id: CorrectionId) -> Result<(), Error> {
    tx.prepare_cached("UPDATE corrections SET withdrawn_at = ?2, withdrawn_by = ?3 WHERE id = ?1")?
        .execute(params![id.0, tx.now().timestamp_millis(), actor.as_str()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::{plans, scratch};

    /// The inbox, somebody's appeals and the quota of a month are found by indexes, however many there are.
    #[tokio::test]
    async fn appeals_are_found_by_indexes() {
        let (site, _folder) = scratch();
        let id = || EmployeeId::new("e1").ok();
        let filters = [
            AppealFilter { state: Some(AppealState::Open), ..AppealFilter::default() },
            AppealFilter { employee_id: id(), from: Some(NaiveDate::default()), ..AppealFilter::default() },
            AppealFilter::default(),
        ];
        let mut lists: Vec<_> = filters.iter().map(|filter| page_of(&which(filter), 100)).collect();
        lists.push(CLAIMED.to_owned());
        insta::assert_snapshot!(plans(&site, lists).await);
    }
}
