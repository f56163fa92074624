use rusqlite::{Connection, params};
use serde_json::Value;

use super::{Actor, AuditLine};
use crate::clock::from_millis;
use crate::db::{Error, Tx};

pub(super) fn insert(
    tx: &Tx<'_>,
    actor: &Actor,
    what: &str,
    subject: &str,
    before: Option<&Value>,
    after: Option<&Value>,
) -> Result<(), Error> {
    let text = |value: Option<&Value>| value.map(Value::to_string);
    tx.prepare_cached(
        "INSERT INTO audit (at, who, what, subject, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        tx.now().timestamp_millis(),
        actor.as_str(),
        what,
        subject,
        text(before),
        text(after)
    ])?;
    Ok(())
}

pub(super) fn before(conn: &Connection, id: Option<i64>, limit: i64) -> Result<Vec<AuditLine>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT id, at, who, what, subject, before, after FROM audit WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
    )?;
    let rows = statement.query_map(params![id.unwrap_or(i64::MAX), limit], |row| {
        let json = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
        Ok(AuditLine {
            id: row.get(0)?,
            time: from_millis(row.get(1)?),
            who: row.get(2)?,
            what: row.get(3)?,
            subject: row.get(4)?,
            before: json(row.get(5)?),
            after: json(row.get(6)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn count(conn: &Connection) -> Result<u64, Error> {
    // Lines are never removed and numbered without gaps that matter: the highest number is the count.
    Ok(conn.prepare_cached("SELECT coalesce(max(id), 0) FROM audit")?.query_row([], |row| row.get(0))?)
}
