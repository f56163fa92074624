//! People, templates and pictures in the lines of attendance machines, both ways (attendance-push §8, §9, §10, §14.1).

use crate::base64;
use crate::fields::{field, number, pairs};
use crate::memory::{Kind, Memory, Person, Slot, Template, normal_pin};

use super::Generation;
use super::codes::{
    CAPACITY, DONE, INVALID_TEMPLATE, NO_FETCH, NO_SUCH_PERSON, NOT_SUPPORTED, PARAMETER, PICTURE_SIZE, SIZE,
    TOO_LONG, VERSION,
};

/// What this machine's algorithms are called: type and version (§10).
const ALGORITHMS: [(u8, (u32, u32)); 2] = [(1, (10, 0)), (9, (40, 1))];
/// Largest comparison photo.
const PHOTO_LIMIT: usize = 900 * 1024;

/// The kinds of rows beside people, by the name of their table.
pub(crate) const TABLES: [&str; 6] = ["FINGERTMP", "FACE", "FVEIN", "BIODATA", "BIOPHOTO", "USERPIC"];

pub(crate) fn good_pin(pin: &str) -> bool {
    let bare = normal_pin(pin);
    (1..=9).contains(&bare.len()) && bare != "0" && bare.bytes().all(|byte| byte.is_ascii_digit())
}

pub(crate) fn update_person(fields: &str, memory: &mut Memory) -> i64 {
    let Some(pin) = field(fields, "PIN").filter(|pin| good_pin(pin)) else { return PARAMETER };
    let pin = normal_pin(pin);
    if memory.person(pin).is_none() && memory.full() {
        return CAPACITY;
    }
    let mut person = memory.person(pin).cloned().unwrap_or_default();
    pin.clone_into(&mut person.pin);
    for (key, value) in pairs(fields) {
        match key.to_ascii_lowercase().as_str() {
            "pin" => {}
            "name" => value.clone_into(&mut person.name),
            "pri" => person.privilege = value.parse().unwrap_or(0),
            _ => {
                person.fields.insert(key.to_owned(), value.to_owned());
            }
        }
    }
    memory.enrol(person);
    DONE
}

/// Where a row of a table goes, or why it does not.
fn slot(table: &str, fields: &str) -> Result<Slot, i64> {
    let number = |key| number::<u16>(fields, key);
    Ok(match table {
        "FINGERTMP" => (Kind::Finger, number("FID").filter(|&finger| finger < 10).ok_or(PARAMETER)?, 0),
        "FACE" => (Kind::Face, number("FID").ok_or(PARAMETER)?, 0),
        "FVEIN" => (Kind::Vein, number("FID").ok_or(PARAMETER)?, number("Index").unwrap_or(0)),
        "BIODATA" => {
            let kind = field(fields, "Type").and_then(|kind| kind.parse().ok()).ok_or(PARAMETER)?;
            (Kind::Bio(kind), number("No").unwrap_or(0), number("Index").unwrap_or(0))
        }
        "BIOPHOTO" => (Kind::Photo, 0, 0),
        "USERPIC" => (Kind::Picture, 0, 0),
        _ => return Err(NOT_SUPPORTED),
    })
}

/// `DATA UPDATE` of anything but a person.
pub(crate) fn update(
    table: &str,
    fields: &str,
    id: &str,
    memory: &mut Memory,
    generation: Generation,
) -> Result<i64, i64> {
    let modern_only = matches!(table, "BIODATA" | "BIOPHOTO" | "FVEIN");
    if modern_only && !generation.is_modern() {
        return Err(NOT_SUPPORTED);
    }
    let pin = field(fields, "PIN").filter(|pin| good_pin(pin)).ok_or(PARAMETER)?.to_owned();
    let slot = slot(table, fields)?;
    if memory.person(&pin).is_none() {
        return Err(NO_SUCH_PERSON);
    }
    let picture = matches!(slot.0, Kind::Photo | Kind::Picture);
    if picture && field(fields, "Format") == Some("1") {
        return Err(NO_FETCH);
    }
    let text = field(fields, if picture { "Content" } else { "TMP" }).ok_or(PARAMETER)?;
    let size = number::<usize>(fields, "Size");
    if table != "BIODATA" && size.is_none_or(|size| size != text.len()) {
        return Err(if picture { PICTURE_SIZE } else { SIZE });
    }
    let data = base64::decode(text).filter(|data| !data.is_empty()).ok_or(INVALID_TEMPLATE)?;
    let version = match slot.0 {
        Kind::Bio(kind) => {
            let own = ALGORITHMS.iter().find(|(known, _)| *known == kind).ok_or(NOT_SUPPORTED)?.1;
            let sent = (number(fields, "MajorVer"), number(fields, "MinorVer"));
            if sent != (Some(own.0), Some(own.1)) {
                return Err(VERSION);
            }
            own
        }
        _ => (10, 0),
    };
    if slot.0 == Kind::Photo {
        if data.len() > PHOTO_LIMIT {
            return Err(TOO_LONG);
        }
        if !data.starts_with(&[0xFF, 0xD8, 0xFF]) {
            // Stored is stored; that there is no face on it comes later and in another table (§18).
            let who = base64::encode(format!("PIN={pin}").as_bytes());
            let line =
                format!("ERRORLOG ErrCode=D01E0001\tErrMsg=\tDataOrigin=cmd\tCmdId={id}\tAdditional={who}\n");
            memory.report("ERRORLOG", line.into_bytes());
            return Ok(DONE);
        }
    }
    let valid = number(fields, "Valid").unwrap_or(1);
    let wants_back = field(fields, "PostBackTmpFlag") == Some("1");
    let Some(person) = memory.person_mut(&pin) else { return Err(NO_SUCH_PERSON) };
    person.templates.keep(slot, Template { data, valid, version });
    if slot.0 == Kind::Photo {
        // The machine looks for the face by itself.
        let face = (Kind::Bio(9), 0, 0);
        person.templates.keep(face, Template::new(vec![9; 24], (40, 1)));
        let line = person.templates.iter().find(|(slot, _)| **slot == face);
        let line = line.map(|(slot, template)| line_of(&person.pin, *slot, template, generation));
        if let Some(line) = line.filter(|_| wants_back) {
            memory.report("BIODATA", line.into_bytes());
        }
    }
    Ok(DONE)
}

/// `DATA DELETE` of anything but a person.
pub(crate) fn delete(table: &str, fields: &str, memory: &mut Memory) -> i64 {
    let wanted = |slot: &Slot| {
        let same = |key, place: u16| number::<u16>(fields, key).is_none_or(|number| number == place);
        match (table, slot.0) {
            ("FINGERTMP", Kind::Finger) | ("FACE", Kind::Face) => same("FID", slot.1),
            ("FVEIN", Kind::Vein) => same("FID", slot.1) && same("Index", slot.2),
            ("BIODATA", Kind::Bio(kind)) => same("Type", kind.into()) && same("No", slot.1),
            ("BIOPHOTO", Kind::Photo) | ("USERPIC", Kind::Picture) => true,
            _ => false,
        }
    };
    match field(fields, "PIN") {
        Some(pin) if !pin.is_empty() => {
            let Some(person) = memory.person_mut(pin) else { return NO_SUCH_PERSON };
            person.templates.forget(wanted);
        }
        // The danger of the documents: without a number, everybody.
        _ => memory.clear_templates(wanted),
    }
    DONE
}

/// The lines that answer a query.
pub(crate) fn query(table: &str, wanted: &str, memory: &Memory, generation: Generation) -> Vec<String> {
    let pin = field(wanted, "PIN").filter(|pin| !pin.is_empty()).map(normal_pin);
    let people = memory.people().filter(|person| pin.is_none_or(|pin| person.pin == pin));
    if table == "USERINFO" {
        return people.map(|person| user_line(person, generation)).collect();
    }
    let same = |key, place: u16| number::<u16>(wanted, key).is_none_or(|number| number == place);
    people
        .flat_map(|person| person.templates.iter().map(move |(slot, template)| (person, *slot, template)))
        .filter(|(_, slot, _)| match (table, slot.0) {
            ("FINGERTMP", Kind::Finger) | ("FACE", Kind::Face) | ("FVEIN", Kind::Vein) => same("FID", slot.1),
            ("BIODATA", Kind::Bio(kind)) => same("Type", kind.into()) && same("No", slot.1),
            ("BIOPHOTO", Kind::Photo) | ("USERPIC", Kind::Picture) => true,
            _ => false,
        })
        .map(|(person, slot, template)| line_of(&person.pin, slot, template, generation))
        .collect()
}

/// `USER PIN=…`, as the menu of the machine or a query uploads it.
pub(crate) fn user_line(person: &Person, generation: Generation) -> String {
    let Person { pin, name, privilege, .. } = person;
    let (password, card) = (person.field("Passwd"), person.field("Card"));
    let dates = if generation.is_modern() { "\tStartDatetime=0\tEndDatetime=0" } else { "" };
    format!(
        "USER PIN={pin}\tName={name}\tPri={privilege}\tPasswd={password}\tCard={card}\tGrp=1\tTZ=0000000100000000\tVerify=0\tViceCard={dates}\n"
    )
}

/// A template in the form its kind has.
pub(crate) fn line_of(pin: &str, slot: Slot, template: &Template, generation: Generation) -> String {
    let text = base64::encode(&template.data);
    let (size, (_, no, index)) = (text.len(), slot);
    let valid = template.valid;
    match slot.0 {
        Kind::Finger => format!("FP PIN={pin}\tFID={no}\tSize={size}\tValid={valid}\tTMP={text}\n"),
        // Some firmware shouts (§8).
        Kind::Face if !generation.is_modern() => {
            format!("FACE PIN={pin}\tFID={no}\tSIZE={size}\tVALID={valid}\tTMP={text}\n")
        }
        Kind::Face => format!("FACE PIN={pin}\tFID={no}\tSize={size}\tValid={valid}\tTMP={text}\n"),
        Kind::Vein => {
            format!("FVEIN Pin={pin}\tFID={no}\tIndex={index}\tValid={valid}\tSize={size}\tTmp={text}\n")
        }
        Kind::Bio(kind) => format!(
            "BIODATA Pin={pin}\tNo={no}\tIndex={index}\tValid={valid}\tDuress=0\tType={kind}\tMajorVer={}\tMinorVer={}\tFormat=0\tTmp={text}\n",
            template.version.0, template.version.1
        ),
        Kind::Photo => {
            format!("BIOPHOTO PIN={pin}\tFileName={pin}.jpg\tType=9\tSize={size}\tContent={text}\n")
        }
        Kind::Picture => format!("USERPIC PIN={pin}\tFileName={pin}.jpg\tSize={size}\tContent={text}\n"),
    }
}
