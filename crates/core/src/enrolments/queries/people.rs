use rollcall_protocol::order::Privilege;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::{SeenPerson, SeenView, TemplateCounts};
use super::{take, templates};
use crate::clock::from_millis;
use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::machines::MachineId;
use crate::roster::{PinKey, Role};
use crate::text::as_said;
use crate::vault::{Sealed, Vault};

/// Somebody's privilege, which has the names of our roles.
fn privilege(row: &Row<'_>, index: usize) -> rusqlite::Result<Privilege> {
    Ok(Role::from_name(&row.get::<_, String>(index)?).into())
}

/// People kept of a machine, backups too.
pub(in crate::enrolments) fn count(conn: &Connection, machine: MachineId) -> Result<usize, Error> {
    let mut statement = conn.prepare_cached("SELECT count(*) FROM seen_people WHERE machine_id = ?1")?;
    Ok(statement.query_row([machine.0], |row| row.get(0))?)
}

pub(in crate::enrolments) const COUNT_ON_MACHINE: &str =
    "SELECT count(*) FROM seen_people WHERE machine_id = ?1 AND on_machine = 1";

pub(in crate::enrolments) fn count_on_machine(conn: &Connection, machine: MachineId) -> Result<u64, Error> {
    Ok(conn.prepare_cached(COUNT_ON_MACHINE)?.query_row([machine.0], |row| row.get(0))?)
}

/// Adds or changes somebody; what is `None` stays, and is empty for somebody new. Somebody new takes a place of `room`.
pub(in crate::enrolments) fn put(
    tx: &Tx<'_>,
    machine: MachineId,
    person: &SeenPerson,
    room: &mut usize,
) -> Result<(), Error> {
    let text = |text: &Option<String>| text.as_deref().map(as_said);
    let password = match person.password.as_deref() {
        None | Some("") => None,
        Some(password) => Some(tx.vault().seal(Sealed::Password, password.as_bytes())?),
    };
    let key = PinKey::of(&person.pin);
    let values = params![
        machine.0,
        as_said(person.pin.trim()),
        key,
        text(&person.name),
        person.privilege.map(|privilege| Role::from(privilege).name()),
        text(&person.raw_privilege),
        person.inactive,
        text(&person.card),
        password,
        person.password.is_some(),
        text(&person.group),
        text(&person.verify),
        text(&person.valid_from),
        text(&person.valid_to),
        text(&person.uid),
        tx.now().timestamp_millis(),
    ];
    let changed = tx
        .prepare_cached(
            "UPDATE seen_people SET pin = ?2, name = coalesce(?4, name), privilege = coalesce(?5, privilege),
               raw_privilege = coalesce(?6, raw_privilege), inactive = coalesce(?7, inactive), card = coalesce(?8, card),
               password = iif(?10, ?9, password), access_group = coalesce(?11, access_group),
               verify = coalesce(?12, verify), valid_from = coalesce(?13, valid_from), valid_to = coalesce(?14, valid_to),
               uid = coalesce(?15, uid), on_machine = 1, seen_at = ?16
             WHERE machine_id = ?1 AND pin_key = ?3",
        )?
        .execute(values)?;
    if changed == 0 && take(room, machine, "people") {
        tx.prepare_cached(
            "INSERT INTO seen_people (machine_id, pin, pin_key, name, privilege, raw_privilege, inactive, card, password,
               access_group, verify, valid_from, valid_to, uid, on_machine, seen_at)
             VALUES (?1, ?2, ?3, coalesce(?4, ''), coalesce(?5, 'user'),
               coalesce(?6, ''), coalesce(?7, 0), coalesce(?8, ''), iif(?10, ?9, NULL), coalesce(?11, ''),
               coalesce(?12, ''), coalesce(?13, ''), coalesce(?14, ''), coalesce(?15, ''), 1, ?16)",
        )?
        .execute(values)?;
    }
    Ok(())
}

/// Whose it was when the machine said so; nobody's without a number.
macro_rules! seen {
    () => {
        "
  SELECT p.pin, p.name, p.privilege, p.raw_privilege, p.inactive, p.card, p.password IS NOT NULL, p.access_group,
         p.valid_from, p.valid_to, p.seen_at, e.id, e.name
  FROM seen_people p
  LEFT JOIN spans s ON s.machine_id = p.machine_id AND s.pin_number = p.pin_key AND typeof(p.pin_key) = 'integer'
    AND s.from_at <= p.seen_at / 1000 AND p.seen_at / 1000 < s.to_at
  LEFT JOIN employees e ON e.id = s.employee_id
  WHERE p.machine_id = ?1 AND p.on_machine = 1"
    };
}

pub(in crate::enrolments) const LIST: &str =
    concat!(seen!(), " AND p.pin_key > ?2 ORDER BY p.pin_key LIMIT ?3");

pub(in crate::enrolments) fn list(
    conn: &Connection,
    machine: MachineId,
    after: Option<PinKey>,
    limit: i64,
) -> Result<Vec<SeenView>, Error> {
    let mut people = seen(conn, machine, after, limit)?;
    for person in &mut people {
        person.templates = templates::count_of(conn, machine, &PinKey::of(&person.pin))?;
    }
    Ok(people)
}

/// All of them, without their templates.
pub(in crate::enrolments) fn seen_all(conn: &Connection, machine: MachineId) -> Result<Vec<SeenView>, Error> {
    seen(conn, machine, None, -1)
}

fn seen(
    conn: &Connection,
    machine: MachineId,
    after: Option<PinKey>,
    limit: i64,
) -> Result<Vec<SeenView>, Error> {
    let mut statement = conn.prepare_cached(LIST)?;
    let after = after.unwrap_or(PinKey::Number(i64::MIN));
    let rows = statement.query_map(params![machine.0, after, limit], seen_view)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One of them.
pub(in crate::enrolments) fn seen_one(
    conn: &Connection,
    machine: MachineId,
    pin: &PinKey,
) -> Result<Option<SeenView>, Error> {
    let mut statement = conn.prepare_cached(concat!(seen!(), " AND p.pin_key = ?2"))?;
    Ok(statement.query_row(params![machine.0, pin], seen_view).optional()?)
}

fn seen_view(row: &Row<'_>) -> rusqlite::Result<SeenView> {
    let employee: Option<String> = row.get(11)?;
    let name: Option<String> = row.get(12)?;
    Ok(SeenView {
        pin: row.get(0)?,
        name: row.get(1)?,
        privilege: privilege(row, 2)?,
        raw_privilege: row.get(3)?,
        inactive: row.get(4)?,
        card: row.get(5)?,
        has_password: row.get(6)?,
        group: row.get(7)?,
        valid_from: row.get(8)?,
        valid_to: row.get(9)?,
        templates: TemplateCounts::default(),
        employee: employee.map(|id| (EmployeeId::stored(id), name.unwrap_or_default())),
        seen_at: from_millis(row.get(10)?),
    })
}

pub(in crate::enrolments) fn get(
    conn: &Connection,
    vault: &Vault,
    machine: MachineId,
    pin: &str,
) -> Result<Option<SeenPerson>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT pin, name, privilege, raw_privilege, inactive, card, access_group, verify, valid_from, valid_to, uid, password
         FROM seen_people WHERE machine_id = ?1 AND pin_key = ?2",
    )?;
    let found = statement
        .query_row(params![machine.0, PinKey::of(pin)], |row| {
            let person = SeenPerson {
                pin: row.get(0)?,
                name: row.get(1)?,
                privilege: Some(privilege(row, 2)?),
                raw_privilege: row.get(3)?,
                inactive: row.get(4)?,
                card: row.get(5)?,
                password: Some(String::new()),
                group: row.get(6)?,
                verify: row.get(7)?,
                valid_from: row.get(8)?,
                valid_to: row.get(9)?,
                uid: row.get(10)?,
            };
            Ok((person, row.get::<_, Option<Vec<u8>>>(11)?))
        })
        .optional()?;
    let Some((mut person, sealed)) = found else { return Ok(None) };
    if let Some(sealed) = sealed {
        let password = vault.unseal(Sealed::Password, &sealed)?;
        person.password = Some(String::from_utf8_lossy(&password).into_owned());
    }
    Ok(Some(person))
}

/// Whether somebody was described while the number was this employee's.
pub(in crate::enrolments) fn described_as(
    conn: &Connection,
    machine: MachineId,
    pin: i64,
    employee: &EmployeeId,
) -> Result<bool, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM seen_people p JOIN spans s ON s.machine_id = p.machine_id AND s.pin_number = p.pin_key
           AND s.from_at <= p.seen_at / 1000 AND p.seen_at / 1000 < s.to_at
         WHERE p.machine_id = ?1 AND p.pin_key = ?2 AND s.employee_id = ?3)",
    )?;
    Ok(statement.query_row(params![machine.0, pin, employee.as_str()], |row| row.get(0))?)
}
