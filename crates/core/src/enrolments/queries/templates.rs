use rollcall_protocol::order::{Pin, Template, TemplateKind};
use rusqlite::{Connection, Params, Row, params};

use super::super::{TemplateCounts, kind};
use super::take;
use crate::db::{Error, Tx};
use crate::directory::EmployeeId;
use crate::machines::MachineId;
use crate::roster::PinKey;
use crate::vault::{Sealed, Vault};

pub(in crate::enrolments) fn count(conn: &Connection, machine: MachineId) -> Result<usize, Error> {
    let mut statement = conn.prepare_cached("SELECT count(*) FROM templates WHERE machine_id = ?1")?;
    Ok(statement.query_row([machine.0], |row| row.get(0))?)
}

/// Adds or replaces a template; a new one takes a place of `room`.
pub(in crate::enrolments) fn put(
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

pub(in crate::enrolments) fn gone(
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

pub(in crate::enrolments) const COUNT_OF: &str = "SELECT kind, count(DISTINCT no) FROM templates
   WHERE machine_id = ?1 AND pin_key = ?2 AND on_machine = 1 GROUP BY kind";

pub(in crate::enrolments) fn count_of(
    conn: &Connection,
    machine: MachineId,
    pin: &PinKey,
) -> Result<TemplateCounts, Error> {
    let mut statement = conn.prepare_cached(COUNT_OF)?;
    let rows = statement.query_map(params![machine.0, pin], |row| counted(row, 0))?;
    let kinds: Vec<_> = rows.collect::<Result<_, _>>()?;
    Ok(TemplateCounts::of_person(kinds.into_iter().flatten()))
}

pub(in crate::enrolments) const COUNT_ALL: &str = "SELECT pin_key, kind, count(DISTINCT no) FROM templates
   WHERE machine_id = ?1 AND on_machine = 1 GROUP BY pin_key, kind";

pub(in crate::enrolments) fn count_all(
    conn: &Connection,
    machine: MachineId,
) -> Result<TemplateCounts, Error> {
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

/// The templates kept under a number, whosever they are.
pub(in crate::enrolments) fn of(
    conn: &Connection,
    vault: &Vault,
    machine: MachineId,
    pin: &str,
) -> Result<Vec<Template>, Error> {
    let rest = "t.machine_id = ?1 AND t.pin_key = ?2";
    let found = read(conn, vault, rest, params![machine.0, PinKey::of(pin)])?;
    Ok(found.into_iter().map(|(template, _)| template).collect())
}

/// Those the machine sent while the number was this employee's, each with whether the machine has it.
pub(in crate::enrolments) fn owned(
    conn: &Connection,
    vault: &Vault,
    machine: MachineId,
    pin: i64,
    employee: &EmployeeId,
) -> Result<Vec<(Template, bool)>, Error> {
    let rest = "t.machine_id = ?1 AND t.pin_key = ?2 AND EXISTS (
       SELECT 1 FROM spans s WHERE s.machine_id = ?1 AND s.pin_number = ?2 AND s.employee_id = ?3
         AND s.from_at <= t.seen_at / 1000 AND t.seen_at / 1000 < s.to_at)";
    read(conn, vault, rest, params![machine.0, pin, employee.as_str()])
}

/// A machine has taken a template that is kept here.
pub(in crate::enrolments) fn there(
    tx: &Tx<'_>,
    machine: MachineId,
    template: &Template,
) -> Result<(), Error> {
    tx.prepare_cached(
        "UPDATE templates SET on_machine = 1
         WHERE machine_id = ?1 AND pin_key = ?2 AND kind = ?3 AND no = ?4 AND idx = ?5",
    )?
    .execute(params![
        machine.0,
        PinKey::of(template.pin.as_str()),
        kind::name(template.kind),
        template.no,
        template.index
    ])?;
    Ok(())
}

fn read(
    conn: &Connection,
    vault: &Vault,
    rest: &str,
    params: impl Params,
) -> Result<Vec<(Template, bool)>, Error> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT t.pin, t.kind, t.no, t.idx, t.valid, t.duress, t.major, t.minor, t.format, t.data, t.on_machine
         FROM templates t WHERE {rest} ORDER BY t.kind, t.no, t.idx"
    ))?;
    let rows = statement.query_map(params, |row| {
        let (pin, name): (String, String) = (row.get(0)?, row.get(1)?);
        let (Ok(pin), Some(kind)) = (Pin::new(&pin), kind::parse(&name)) else { return Ok(None) };
        let version = row.get::<_, Option<u32>>(6)?.zip(row.get(7)?);
        let template = Template {
            pin,
            kind,
            no: row.get(2)?,
            index: row.get(3)?,
            valid: row.get(4)?,
            duress: row.get(5)?,
            version,
            format: row.get(8)?,
            data: row.get(9)?,
        };
        Ok(Some((template, row.get(10)?)))
    })?;
    let mut templates = Vec::new();
    for template in rows {
        let Some((mut template, there)) = template? else { continue };
        template.data = vault.unseal(Sealed::Template, &template.data)?;
        templates.push((template, there));
    }
    Ok(templates)
}
