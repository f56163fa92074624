use std::collections::BTreeMap;

use chrono_tz::Tz;
use rollcall_protocol::{Dialect, Sn, WallTime};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    EncodingSetting, Held, Machine, MachineId, Report, Reported, RosterCounts, Stranger, capabilities, means,
};
use crate::clock::from_millis;
use crate::db::{Error, Tx};
use crate::roster::EntryState;

/// The roster's numbers come with each machine, by state.
const SELECT: &str = "
  SELECT m.id, m.sn, m.name, m.model, m.dialect, m.enabled, m.time_zone, m.added_at, m.first_seen_at, m.last_seen_at,
         m.address, m.firmware, m.protocol_version, m.language, m.options,
         m.reported_people, m.reported_fingerprints, m.reported_faces, m.reported_punches,
         m.held_punches, m.newest_wall,
         (SELECT json_group_object(state, entries) FROM (
            SELECT r.state, count(*) AS entries FROM roster r WHERE r.machine_id = m.id GROUP BY r.state)),
         (SELECT json_group_array(coalesce(e.left_on, '')) FROM roster r JOIN employees e ON e.id = r.employee_id
          WHERE r.machine_id = m.id AND r.role = 'administrator' AND r.enabled = 1 AND r.state <> 'removing'),
         m.encoding, m.seen_encoding, m.clock_skew, m.clock_skew_at, m.old_user_form
  FROM machines m WHERE m.deleted_at IS NULL";

fn machine(row: &Row<'_>) -> rusqlite::Result<Machine> {
    let millis = |at: Option<i64>| at.map(from_millis);
    let options = json_map(row.get(14)?);
    let states: BTreeMap<String, u64> = serde_json::from_str(&row.get::<_, String>(21)?).unwrap_or_default();
    let roster = counts(&states);
    let administrators: Vec<String> = serde_json::from_str(&row.get::<_, String>(22)?).unwrap_or_default();
    Ok(Machine {
        id: MachineId(row.get(0)?),
        sn: stored_sn(row, 1)?,
        name: row.get(2)?,
        model: row.get(3)?,
        dialect: row.get::<_, Option<String>>(4)?.and_then(|name| Dialect::from_name(&name)),
        enabled: row.get(5)?,
        time_zone: row.get::<_, String>(6)?.parse().unwrap_or(Tz::UTC),
        added_at: from_millis(row.get(7)?),
        first_seen_at: millis(row.get(8)?),
        last_seen_at: millis(row.get(9)?),
        address: row.get(10)?,
        firmware: row.get(11)?,
        protocol_version: row.get(12)?,
        language: row.get(13)?,
        capabilities: capabilities(&options),
        options,
        reported: Reported {
            people: row.get(15)?,
            fingerprints: row.get(16)?,
            faces: row.get(17)?,
            punches: row.get(18)?,
        },
        held: Held { people: roster.total - roster.no_number, punches: row.get(19)? },
        encoding: EncodingSetting::from_name(&row.get::<_, String>(23)?),
        seen_encoding: row.get::<_, Option<String>>(24)?.and_then(|name| means::encoding_named(&name)),
        clock_skew: row.get::<_, Option<i64>>(25)?.zip(millis(row.get(26)?)),
        old_user_form: row.get(27)?,
        newest_punch: row.get::<_, Option<i64>>(20)?.map(WallTime::from_seconds),
        administrators: administrators.iter().map(|left_on| left_on.parse().ok()).collect(),
        roster,
    })
}

fn counts(states: &BTreeMap<String, u64>) -> RosterCounts {
    let of = |state: EntryState| states.get(state.name()).copied().unwrap_or_default();
    RosterCounts {
        total: states.values().sum(),
        synced: of(EntryState::Synced),
        waiting: of(EntryState::Waiting) + of(EntryState::Sent) + of(EntryState::Removing),
        failed: of(EntryState::Failed),
        no_number: of(EntryState::NoNumber),
    }
}

/// Options kept of a machine; the richest firmware has about 150.
const MOST_OPTIONS: usize = 300;

/// A serial number that was checked when it was stored.
pub(crate) fn stored_sn(row: &Row<'_>, index: usize) -> rusqlite::Result<Sn> {
    Sn::new(&row.get::<_, String>(index)?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, error.into())
    })
}

fn json_map(text: String) -> BTreeMap<String, String> {
    serde_json::from_str(&text).unwrap_or_default()
}

fn map_json(map: &BTreeMap<String, String>) -> String {
    serde_json::to_string(map).unwrap_or_else(|_| "{}".to_owned())
}

pub(super) fn all(conn: &Connection) -> Result<Vec<Machine>, Error> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} ORDER BY m.name, m.sn_key"))?;
    let rows = statement.query_map([], machine)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn get(conn: &Connection, sn: &Sn) -> Result<Option<Machine>, Error> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} AND m.sn_key = ?1"))?;
    Ok(statement.query_row([sn.key()], machine).optional()?)
}

pub(super) fn by_id(conn: &Connection, id: MachineId) -> Result<Option<Machine>, Error> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} AND m.id = ?1"))?;
    Ok(statement.query_row([id.0], machine).optional()?)
}

pub(super) fn takes_old_form(tx: &Tx<'_>, id: MachineId) -> Result<bool, Error> {
    let changed = tx
        .prepare_cached("UPDATE machines SET old_user_form = 1 WHERE id = ?1 AND old_user_form = 0 AND coalesce(dialect, 'attendance') = 'attendance'")?
        .execute([id.0])?;
    Ok(changed == 1)
}

pub(super) fn insert(tx: &Tx<'_>, sn: &Sn, name: &str, model: Option<&str>, zone: Tz) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT INTO machines (sn, sn_key, name, model, time_zone, added_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (sn_key) DO UPDATE SET sn = ?1, name = ?3, model = ?4, time_zone = ?5, added_at = ?6,
           enabled = 1, deleted_at = NULL",
    )?
    .execute(params![sn.as_str(), sn.key(), name, model, zone.name(), tx.now().timestamp_millis()])?;
    Ok(())
}

pub(super) fn update(tx: &Tx<'_>, machine: &Machine) -> Result<(), Error> {
    tx.prepare_cached(
        // What was measured of its clock was measured in the zone of before.
        "UPDATE machines SET name = ?2, model = ?3, enabled = ?4, encoding = ?6,
           clock_skew = iif(time_zone = ?5, clock_skew, NULL), clock_skew_at = iif(time_zone = ?5, clock_skew_at, NULL),
           time_zone = ?5
         WHERE id = ?1",
    )?
    .execute(params![
        machine.id.0,
        machine.name,
        machine.model,
        machine.enabled,
        machine.time_zone.name(),
        machine.encoding.name(),
    ])?;
    Ok(())
}

pub(super) fn delete(tx: &Tx<'_>, id: MachineId) -> Result<(), Error> {
    tx.prepare_cached("UPDATE machines SET deleted_at = ?2 WHERE id = ?1")?
        .execute(params![id.0, tx.now().timestamp_millis()])?;
    Ok(())
}

pub(super) fn report(tx: &Tx<'_>, id: MachineId, report: &Report) -> Result<(), Error> {
    let mut options = None;
    if !report.options.is_empty() {
        let stored: String = tx
            .prepare_cached("SELECT options FROM machines WHERE id = ?1")?
            .query_row([id.0], |row| row.get(0))?;
        let mut merged = json_map(stored);
        for (key, value) in &report.options {
            if merged.len() < MOST_OPTIONS || merged.contains_key(key) {
                merged.insert(key.clone(), value.clone());
            }
        }
        options = Some(map_json(&merged));
    }
    let seen = report.last_seen_at.map(|at| at.timestamp_millis());
    tx.prepare_cached(
        "UPDATE machines SET
           first_seen_at = coalesce(first_seen_at, ?2), last_seen_at = coalesce(?2, last_seen_at),
           address = coalesce(?3, address), dialect = coalesce(?4, dialect), firmware = coalesce(?5, firmware),
           protocol_version = coalesce(?6, protocol_version), language = coalesce(?7, language),
           options = coalesce(?8, options),
           reported_people = coalesce(?9, reported_people),
           reported_fingerprints = coalesce(?10, reported_fingerprints),
           reported_faces = coalesce(?11, reported_faces), reported_punches = coalesce(?12, reported_punches),
           seen_encoding = coalesce(?13, seen_encoding), clock_skew = coalesce(?14, clock_skew),
           clock_skew_at = coalesce(?15, clock_skew_at), caught_up_at = coalesce(?16, caught_up_at)
         WHERE id = ?1",
    )?
    .execute(params![
        id.0,
        seen,
        report.address,
        report.dialect.map(Dialect::as_str),
        report.firmware,
        report.protocol_version,
        report.language,
        options,
        report.reported.people,
        report.reported.fingerprints,
        report.reported.faces,
        report.reported.punches,
        report.seen_encoding.map(means::name_of),
        report.clock_skew.map(|(seconds, _)| seconds),
        report.clock_skew.map(|(_, at)| at.timestamp_millis()),
        report.caught_up_at.map(|at| at.timestamp_millis()),
    ])?;
    Ok(())
}

const STRANGER: &str = "SELECT sn, address, first_seen_at, last_seen_at, knocks, info FROM strangers";

fn stranger_row(row: &Row<'_>) -> rusqlite::Result<Stranger> {
    Ok(Stranger {
        sn: stored_sn(row, 0)?,
        address: row.get(1)?,
        first_seen_at: from_millis(row.get(2)?),
        last_seen_at: from_millis(row.get(3)?),
        knocks: row.get(4)?,
        info: json_map(row.get(5)?),
    })
}

pub(super) fn strangers(conn: &Connection) -> Result<Vec<Stranger>, Error> {
    let mut statement =
        conn.prepare_cached(&format!("{STRANGER} ORDER BY last_seen_at DESC, sn_key LIMIT ?1"))?;
    let rows = statement.query_map([super::MOST_STRANGERS], stranger_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn stranger(conn: &Connection, sn: &Sn) -> Result<Option<Stranger>, Error> {
    let mut statement = conn.prepare_cached(&format!("{STRANGER} WHERE sn_key = ?1"))?;
    Ok(statement.query_row([sn.key()], stranger_row).optional()?)
}

pub(super) fn save_stranger(tx: &Tx<'_>, stranger: &Stranger) -> Result<(), Error> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO strangers (sn_key, sn, address, first_seen_at, last_seen_at, knocks, info)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        stranger.sn.key(),
        stranger.sn.as_str(),
        stranger.address,
        stranger.first_seen_at.timestamp_millis(),
        stranger.last_seen_at.timestamp_millis(),
        stranger.knocks,
        map_json(&stranger.info),
    ])?;
    Ok(())
}

pub(super) fn forget_strangers(tx: &Tx<'_>, keep: usize) -> Result<(), Error> {
    tx.prepare_cached(
        "DELETE FROM strangers WHERE sn_key IN
           (SELECT sn_key FROM strangers ORDER BY last_seen_at DESC, sn_key LIMIT -1 OFFSET ?1)",
    )?
    .execute([keep])?;
    Ok(())
}

pub(super) fn remove_stranger(tx: &Tx<'_>, sn: &Sn) -> Result<(), Error> {
    tx.prepare_cached("DELETE FROM strangers WHERE sn_key = ?1")?.execute([sn.key()])?;
    Ok(())
}

/// What was learnt while it was a stranger holds for the machine it is now.
pub(super) fn seen_as_stranger(tx: &Tx<'_>, id: MachineId, stranger: &Stranger) -> Result<(), Error> {
    let said = |wanted: &str| {
        stranger.info.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.clone())
    };
    let count = |key: &str| said(key).and_then(|n| n.trim().parse().ok());
    let what = Report {
        last_seen_at: Some(stranger.last_seen_at),
        address: Some(stranger.address.clone()),
        firmware: said("FWVersion"),
        protocol_version: said("pushver"),
        language: said("language"),
        dialect: said("dialect").and_then(|name| Dialect::from_name(&name)),
        options: stranger.info.clone().into_iter().collect(),
        reported: Reported {
            people: count("UserCount"),
            fingerprints: count("FPCount"),
            faces: count("FaceCount"),
            punches: count("TransactionCount"),
        },
        ..Report::default()
    };
    report(tx, id, &what)
}
