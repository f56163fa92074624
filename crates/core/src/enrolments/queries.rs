use rollcall_protocol::order::{Pin, Privilege, Template, TemplateKind};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{SeenPerson, SeenView, TemplateCounts, kind};
use crate::clock::{Timestamp, from_millis};
use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::machines::MachineId;
use crate::roster::PinKey;
use crate::text::as_said;
use crate::vault::{Sealed, Vault};

fn privilege_name(privilege: Privilege) -> &'static str {
    match privilege {
        Privilege::User => "user",
        Privilege::Registrar => "registrar",
        Privilege::Administrator => "administrator",
    }
}

fn privilege(name: &str) -> Privilege {
    match name {
        "registrar" => Privilege::Registrar,
        "administrator" => Privilege::Administrator,
        _ => Privilege::User,
    }
}

/// People kept of a machine, backups too.
pub(super) fn people(conn: &Connection, machine: MachineId) -> Result<usize, Error> {
    let mut statement = conn.prepare_cached("SELECT count(*) FROM seen_people WHERE machine_id = ?1")?;
    Ok(statement.query_row([machine.0], |row| row.get(0))?)
}

pub(super) const COUNT_PEOPLE: &str =
    "SELECT count(*) FROM seen_people WHERE machine_id = ?1 AND on_machine = 1";

pub(super) fn people_on_machine(conn: &Connection, machine: MachineId) -> Result<u64, Error> {
    Ok(conn.prepare_cached(COUNT_PEOPLE)?.query_row([machine.0], |row| row.get(0))?)
}

pub(super) fn templates(conn: &Connection, machine: MachineId) -> Result<usize, Error> {
    let mut statement = conn.prepare_cached("SELECT count(*) FROM templates WHERE machine_id = ?1")?;
    Ok(statement.query_row([machine.0], |row| row.get(0))?)
}

/// Adds or changes somebody; what is `None` stays, and is empty for somebody new. Somebody new takes a place of `room`.
pub(super) fn put_person(
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
        person.privilege.map(privilege_name),
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

/// Whether there is a place left; no machine holds so much, so what has none is rubbish.
fn take(room: &mut usize, machine: MachineId, what: &str) -> bool {
    let free = *room > 0;
    if free {
        *room -= 1;
    } else {
        tracing::warn!(machine = machine.0, "a machine says it has more {what} than any machine holds");
    }
    free
}

pub(super) fn person_gone(tx: &Tx<'_>, machine: MachineId, pin: &str) -> Result<(), Error> {
    let key = PinKey::of(pin);
    for sql in [
        "UPDATE seen_people SET on_machine = 0 WHERE machine_id = ?1 AND pin_key = ?2",
        "UPDATE templates SET on_machine = 0 WHERE machine_id = ?1 AND pin_key = ?2 AND on_machine = 1",
    ] {
        tx.prepare_cached(sql)?.execute(params![machine.0, key])?;
    }
    Ok(())
}

/// Marks those not seen since, or everybody; how many they are.
pub(super) fn people_unseen_since(
    tx: &Tx<'_>,
    machine: MachineId,
    since: Option<Timestamp>,
) -> Result<usize, Error> {
    let since = since.map_or(i64::MAX, |at| at.timestamp_millis());
    // A template sent since belongs to somebody who is there, whether or not the list of people has arrived too.
    tx.prepare_cached(
        "UPDATE templates SET on_machine = 0 WHERE machine_id = ?1 AND on_machine = 1 AND seen_at < ?2
           AND NOT EXISTS (SELECT 1 FROM seen_people p WHERE p.machine_id = ?1
             AND p.pin_key = templates.pin_key
             AND p.on_machine = 1 AND p.seen_at >= ?2)",
    )?
    .execute(params![machine.0, since])?;
    let gone = tx
        .prepare_cached(
            "UPDATE seen_people SET on_machine = 0 WHERE machine_id = ?1 AND on_machine = 1 AND seen_at < ?2",
        )?
        .execute(params![machine.0, since])?;
    Ok(gone)
}

/// Whose it was when the machine said so; nobody's without a number.
pub(super) const SEEN: &str = "
  SELECT p.pin, p.name, p.privilege, p.raw_privilege, p.inactive, p.card, p.password IS NOT NULL, p.access_group,
         p.valid_from, p.valid_to, p.seen_at, e.id, e.name
  FROM seen_people p
  LEFT JOIN spans s ON s.machine_id = p.machine_id AND s.pin_number = p.pin_key AND typeof(p.pin_key) = 'integer'
    AND s.from_at <= p.seen_at / 1000 AND p.seen_at / 1000 < s.to_at
  LEFT JOIN employees e ON e.id = s.employee_id
  WHERE p.machine_id = ?1 AND p.on_machine = 1 AND p.pin_key > ?2
  ORDER BY p.pin_key LIMIT ?3";

pub(super) fn seen(
    conn: &Connection,
    machine: MachineId,
    after: Option<PinKey>,
    limit: i64,
) -> Result<Vec<SeenView>, Error> {
    let mut statement = conn.prepare_cached(SEEN)?;
    let after = after.unwrap_or(PinKey::Number(i64::MIN));
    let mut people: Vec<SeenView> =
        statement.query_map(params![machine.0, after, limit], seen_view)?.collect::<Result<_, _>>()?;
    for person in &mut people {
        person.templates = count_of(conn, machine, &PinKey::of(&person.pin))?;
    }
    Ok(people)
}

fn seen_view(row: &Row<'_>) -> rusqlite::Result<SeenView> {
    let employee: Option<String> = row.get(11)?;
    let name: Option<String> = row.get(12)?;
    Ok(SeenView {
        pin: row.get(0)?,
        name: row.get(1)?,
        privilege: privilege(&row.get::<_, String>(2)?),
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

pub(super) fn person(
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
                privilege: Some(privilege(&row.get::<_, String>(2)?)),
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

/// Adds or replaces a template; a new one takes a place of `room`.
pub(super) fn put_template(
    tx: &Tx<'_>,
    machine: MachineId,
    template: &Template,
    room: &mut usize,
) -> Result<(), Error> {
    let data = tx.vault().seal(Sealed::Template, &template.data)?;
    let values = params![
        machine.0,
        template.pin.as_str(),
        PinKey::of(template.pin.as_str()),
        kind::name(template.kind),
        template.no,
        template.index,
        template.valid,
        template.duress,
        template.version.map(|(major, _)| major),
        template.version.map(|(_, minor)| minor),
        template.format,
        tx.now().timestamp_millis(),
        template.data.len(),
        data,
    ];
    let changed = tx
        .prepare_cached(
            "UPDATE templates SET pin = ?2, valid = ?7, duress = ?8, major = ?9, minor = ?10, format = ?11, on_machine = 1,
               seen_at = ?12, size = ?13, data = ?14
             WHERE machine_id = ?1 AND pin_key = ?3 AND kind = ?4 AND no = ?5 AND idx = ?6",
        )?
        .execute(values)?;
    if changed == 0 && take(room, machine, "templates") {
        tx.prepare_cached(
            "INSERT INTO templates (machine_id, pin, pin_key, kind, no, idx, valid, duress, major, minor, format,
               on_machine, seen_at, size, data)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, ?12, ?13, ?14)",
        )?
        .execute(values)?;
    }
    Ok(())
}

pub(super) fn template_gone(
    tx: &Tx<'_>,
    machine: MachineId,
    pin: &str,
    kind: TemplateKind,
    no: Option<u16>,
) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE templates SET on_machine = 0
         WHERE machine_id = ?1 AND pin_key = ?2 AND kind = ?3 AND no = ifnull(?4, no) AND on_machine = 1",
    )?
    .execute(params![machine.0, PinKey::of(pin), kind::name(kind), no])?;
    Ok(())
}

pub(super) const COUNT_OF: &str = "SELECT kind, count(DISTINCT no) FROM templates
   WHERE machine_id = ?1 AND pin_key = ?2 AND on_machine = 1 GROUP BY kind";

fn count_of(conn: &Connection, machine: MachineId, pin: &PinKey) -> Result<TemplateCounts, Error> {
    let mut statement = conn.prepare_cached(COUNT_OF)?;
    let rows = statement.query_map(params![machine.0, pin], |row| counted(row, 0))?;
    let kinds: Vec<_> = rows.collect::<Result<_, _>>()?;
    Ok(TemplateCounts::of_person(kinds.into_iter().flatten()))
}

pub(super) const COUNT_ALL: &str = "SELECT pin_key, kind, count(DISTINCT no) FROM templates
   WHERE machine_id = ?1 AND on_machine = 1 GROUP BY pin_key, kind";

pub(super) fn count_all(conn: &Connection, machine: MachineId) -> Result<TemplateCounts, Error> {
    let mut statement = conn.prepare_cached(COUNT_ALL)?;
    let mut rows = statement.query([machine.0])?;
    let mut all = TemplateCounts::default();
    let mut who = None;
    let mut theirs = Vec::new();
    while let Some(row) = rows.next()? {
        let next: rusqlite::types::Value = row.get(0)?;
        if who.as_ref() != Some(&next) {
            all.add(TemplateCounts::of_person(theirs.drain(..)));
            who = Some(next);
        }
        theirs.extend(counted(row, 1)?);
    }
    all.add(TemplateCounts::of_person(theirs));
    Ok(all)
}

fn counted(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<(TemplateKind, u64)>> {
    let count = row.get(at + 1)?;
    Ok(kind::parse(&row.get::<_, String>(at)?).map(|kind| (kind, count)))
}

pub(super) fn templates_of(
    conn: &Connection,
    vault: &Vault,
    machine: MachineId,
    pin: &str,
) -> Result<Vec<Template>, Error> {
    let mut statement = conn.prepare_cached(
        "SELECT pin, kind, no, idx, valid, duress, major, minor, format, data FROM templates
         WHERE machine_id = ?1 AND pin_key = ?2 ORDER BY kind, no, idx",
    )?;
    let rows = statement.query_map(params![machine.0, PinKey::of(pin)], |row| {
        let (pin, name): (String, String) = (row.get(0)?, row.get(1)?);
        let (Ok(pin), Some(kind)) = (Pin::new(&pin), kind::parse(&name)) else { return Ok(None) };
        let version = row.get::<_, Option<u32>>(6)?.zip(row.get(7)?);
        Ok(Some(Template {
            pin,
            kind,
            no: row.get(2)?,
            index: row.get(3)?,
            valid: row.get(4)?,
            duress: row.get(5)?,
            version,
            format: row.get(8)?,
            data: row.get(9)?,
        }))
    })?;
    let mut templates = Vec::new();
    for template in rows {
        let Some(mut template) = template? else { continue };
        template.data = vault.unseal(Sealed::Template, &template.data)?;
        templates.push(template);
    }
    Ok(templates)
}

pub(super) fn delete(tx: &Tx<'_>, machine: MachineId, pin: &str) -> Result<usize, Error> {
    let key = PinKey::of(pin);
    tx.prepare_cached("DELETE FROM seen_people WHERE machine_id = ?1 AND pin_key = ?2 AND on_machine = 0")?
        .execute(params![machine.0, key])?;
    let deleted = tx
        .prepare_cached("DELETE FROM templates WHERE machine_id = ?1 AND pin_key = ?2")?
        .execute(params![machine.0, key])?;
    Ok(deleted)
}
