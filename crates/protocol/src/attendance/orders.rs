//! Orders in the words of the attendance dialect (attendance-push §14).
//!
//! A command is put together field by field ([`Body`]), and whom it is about is a [`Pin`]: there is no way to write a
//! deletion without one here, which on this wire deletes everybody, and no way out of a field (Q7).

use super::command::Body;
use super::handshake::Generation;
use super::template::{self, Form};
use crate::order::{self, Means, Order, Person, Pin, Privilege, Refusal, Table, Template, TemplateKind};
use crate::text::{self, Encoding};
use crate::time::WallTime;

/// Bytes of a name that machines hold (§15.2).
const NAME: usize = 24;

/// Validity for somebody who has no limits. A machine keeps what a command leaves out, so that somebody whose dates had
/// run out would stay locked out; and a clock of 32 bits ends in 2038.
const ALWAYS: (&str, &str) = ("2000-01-01T00:00:00", "2037-12-31T23:59:59");
/// Validity for somebody who may not identify (§17).
const NEVER: (&str, &str) = ("2000-01-01T00:00:00", "2000-01-01T00:00:01");

/// Why a machine cannot be told something.
#[must_use]
pub fn refusal(order: &Order, means: &Means<'_>) -> Option<Refusal> {
    let old = means.generation == Generation::V1;
    match order {
        Order::Authorize { .. } | Order::Revoke { .. } | Order::ClearTable(_) => Some(Refusal::NotInDialect),
        Order::ReadRows { of, .. } => refusal(&Order::ReadTable(*of), means),
        Order::RestorePerson { person, .. } => person_refusal(person, means),
        Order::ReadTable(Table::Fingerprints | Table::Bio(_)) if old => Some(Refusal::FirmwareTooOld),
        Order::ReadTable(Table::Fingerprints | Table::Bio(_)) => None,
        Order::ReadTable(_) => Some(Refusal::NotInDialect),
        Order::UnlockDoor { door, .. } if *door != 1 || says(means, "LockFunOn", "0") => {
            Some(Refusal::NoDoor)
        }
        // What these firmwares know is a short list (§14.6).
        Order::UnlockDoor { .. }
        | Order::ReadPeople
        | Order::ReadTemplates
        | Order::ReadPerson { .. }
        | Order::BackUpPerson { .. }
        | Order::ReadPunches { .. }
        | Order::CountPunches { .. }
        | Order::ClearPeople
            if old =>
        {
            Some(Refusal::FirmwareTooOld)
        }
        Order::ReadTemplates if template_tables(means).is_empty() => Some(Refusal::NotSupported),
        Order::PutPerson(person) => person_refusal(person, means),
        Order::PutTemplate(template) => template_refusal(template, means),
        Order::DeleteTemplates { .. } if is_old_form(means) => Some(Refusal::FirmwareTooOld),
        _ => None,
    }
}

/// See [`crate::order::steps`].
///
/// # Errors
/// When the machine cannot be told this.
pub fn steps(order: &Order, means: &Means<'_>) -> Result<Vec<Order>, Refusal> {
    match (refusal(order, means), order) {
        (Some(refusal), _) => Err(refusal),
        (None, Order::ReadTemplates) => {
            Ok(template_tables(means).into_iter().map(Order::ReadTable).collect())
        }
        (None, Order::BackUpPerson { pin }) => Ok(order::person_then_rows(pin, template_tables(means))),
        (None, Order::RestorePerson { person, templates }) => {
            let takes = |order: &Order| refusal(order, means).is_none();
            Ok(order::person_then_templates(person, templates, takes))
        }
        (None, _) => Ok(vec![order.clone()]),
    }
}

/// The order as a command.
///
/// # Errors
/// When there are no words for it.
pub fn body(order: &Order, means: &Means<'_>) -> Result<Body, Refusal> {
    if let Some(refusal) = refusal(order, means) {
        return Err(refusal);
    }
    Ok(match order {
        Order::Restart => Body::new("REBOOT"),
        // A machine takes zone and time at its handshake, which this begins (C1, C8).
        Order::SetClock | Order::ReadOptions | Order::CheckAll => Body::new("CHECK"),
        Order::Ping if means.generation == Generation::V1 => Body::new("CHECK"),
        Order::Ping => Body::new("LOG"),
        Order::ReadInfo | Order::CountAllPunches => Body::new("INFO"),
        Order::ReadPunches { from, to, second } => span("DATA QUERY ATTLOG", *from, *to, *second),
        Order::CountPunches { from, to, second } => span("VERIFY SUM ATTLOG", *from, *to, *second),
        Order::UnlockDoor { .. } => Body::new("AC_UNLOCK"),
        Order::ClearPunches => Body::new("CLEAR LOG"),
        Order::ClearPeople => Body::new("CLEAR ALL USERINFO"),
        Order::ClearAll => Body::new("CLEAR DATA"),
        Order::ReadPeople => Body::new("DATA QUERY USERINFO"),
        Order::ReadTable(Table::Fingerprints) => Body::new("DATA QUERY FINGERTMP"),
        Order::ReadTable(Table::Bio(of)) => Body::new("DATA QUERY BIODATA").field("Type", &of.to_string()),
        Order::ReadRows { pin, of: Table::Fingerprints } => about("DATA QUERY FINGERTMP", pin),
        Order::ReadRows { pin, of: Table::Bio(of) } => {
            Body::new("DATA QUERY BIODATA").field("Type", &of.to_string()).field("PIN", pin.on_wire())
        }
        Order::ReadPerson { pin } => about("DATA QUERY USERINFO", pin),
        Order::PutPerson(person) => put_person(person, means),
        Order::DeletePerson { pin } if is_old_form(means) => about("DATA DEL_USER", pin),
        Order::DeletePerson { pin } => about("DATA DELETE USERINFO", pin),
        Order::PutTemplate(template) => put_template(template, means),
        Order::DeleteTemplates { pin, of } => delete_templates(pin, *of),
        Order::ReadTemplates
        | Order::BackUpPerson { .. }
        | Order::RestorePerson { .. }
        | Order::ReadTable(_)
        | Order::ReadRows { .. }
        | Order::ClearTable(_)
        | Order::Authorize { .. }
        | Order::Revoke { .. } => return Err(Refusal::NotInDialect),
    })
}

/// Chinese documents have a blank between date and time, those of the US a `T` (§14.2).
fn span(words: &str, from: WallTime, to: WallTime, with_t: bool) -> Body {
    let written = |time: WallTime| if with_t { moment(time) } else { time.to_string() };
    Body::new(words).field("StartTime", &written(from)).field("EndTime", &written(to))
}

fn about(words: &str, pin: &Pin) -> Body {
    Body::new(words).field("PIN", pin.on_wire())
}

/// PUSH 1.x, and later firmware that turned out to know only its words (§14.6).
fn is_old_form(means: &Means<'_>) -> bool {
    means.old_user_form || means.generation == Generation::V1
}

fn says(means: &Means<'_>, name: &str, value: &str) -> bool {
    means.option(name).is_some_and(|said| said.trim() == value)
}

/// What a list by biometric type says of one type: `0:1:0:…` (§5).
fn of_type<'m>(means: &'m Means<'_>, list: &str, of: u8) -> Option<&'m str> {
    means.option(list)?.split(':').nth(of.into()).map(str::trim).filter(|value| !value.is_empty())
}

/// The tables in which a machine holds templates that it can be asked for.
fn template_tables(means: &Means<'_>) -> Vec<Table> {
    let unified: Vec<u8> =
        (0..=10).filter(|of| of_type(means, "MultiBioDataSupport", *of) == Some("1")).collect();
    let mut tables = Vec::new();
    if !says(means, "FingerFunOn", "0") && !unified.contains(&1) {
        tables.push(Table::Fingerprints);
    }
    if unified.is_empty() && (says(means, "BioDataFun", "1") || says(means, "VisilightFun", "1")) {
        tables.push(Table::Bio(template::VISIBLE_FACE));
    }
    tables.extend(unified.into_iter().map(Table::Bio));
    tables
}

/// Whether a machine can hold somebody of that number at all (§15.1).
fn takes_pin(pin: &Pin, means: &Means<'_>) -> bool {
    let pin = pin.on_wire();
    let digits = pin.bytes().all(|byte| byte.is_ascii_digit());
    let width: Option<usize> = means.option("PIN2Width").and_then(|width| width.trim().parse().ok());
    // A width of 0 is none.
    let fits = width.is_none_or(|width| width == 0 || pin.len() <= width);
    fits && (digits || says(means, "StringPinFunOn", "1"))
}

fn knows_dates(means: &Means<'_>) -> bool {
    says(means, "UserValidTimeFun", "1") && !is_old_form(means)
}

fn person_refusal(person: &Person, means: &Means<'_>) -> Option<Refusal> {
    // Somebody who shall not identify, or only for a time, must not be let in because the machine has no word for it.
    let needs_dates = person.inactive || person.valid.is_some();
    let fits = takes_pin(&person.pin, means) && (!needs_dates || knows_dates(means));
    (!fits).then_some(Refusal::NotSupported)
}

fn template_refusal(template: &Template, means: &Means<'_>) -> Option<Refusal> {
    if !takes_pin(&template.pin, means) {
        return Some(Refusal::NotSupported);
    }
    // Unified templates came with 2.2.14 (§21).
    let too_old = matches!(template.kind, TemplateKind::Bio(_)) && means.generation < Generation::Modern;
    if too_old || (is_old_form(means) && template.kind != TemplateKind::Fingerprint) {
        return Some(Refusal::FirmwareTooOld);
    }
    let lacks = |name| says(means, name, "0");
    let (unsupported, version) = match template.kind {
        TemplateKind::Fingerprint => (lacks("FingerFunOn"), means.option("FPVersion")),
        TemplateKind::NearInfraredFace => (lacks("FaceFunOn"), means.option("FaceVersion")),
        TemplateKind::FingerVein => (lacks("FvFunOn"), None),
        TemplateKind::Bio(of) => {
            (of_type(means, "MultiBioDataSupport", of) == Some("0"), of_type(means, "MultiBioVersion", of))
        }
        TemplateKind::Photo => {
            let takes = says(means, "BioPhotoFun", "1")
                || of_type(means, "MultiBioPhotoSupport", template::VISIBLE_FACE) == Some("1");
            (!takes && (lacks("VisilightFun") || lacks("BioPhotoFun")), None)
        }
        TemplateKind::Picture => (lacks("PhotoFunOn"), None),
    };
    if unsupported {
        return Some(Refusal::NotSupported);
    }
    // Templates go only to machines with the same algorithm (U3).
    let fits = match (template.version, version.and_then(parse_version)) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => true,
    };
    (!fits).then_some(Refusal::TemplateVersion)
}

/// `40.1`, or `40`; a version of 0 says nothing.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let version = (major.parse().ok()?, minor.parse().ok()?);
    (version != (0, 0)).then_some(version)
}

fn put_person(person: &Person, means: &Means<'_>) -> Body {
    let Person { pin, name, privilege, card, password, group, valid, inactive } = person;
    let privilege = match privilege {
        Privilege::User => "0",
        Privilege::Registrar => "2",
        Privilege::Administrator => "14",
    };
    let (old, name) = (is_old_form(means), cut(name, means.encoding));
    let words = if old { "DATA USER" } else { "DATA UPDATE USERINFO" };
    // The whole record: of what is left out, some firmware keeps the old value and some does not (U2).
    let body = about(words, pin)
        .field("Name", &name)
        .field("Pri", privilege)
        .field("Passwd", password)
        .field("Card", &if old { in_brackets(card) } else { card.clone() })
        .field("Grp", &group.to_string())
        .field("TZ", "");
    if old {
        return body;
    }
    let body = body.field("Verify", "-1").field("ViceCard", "");
    if !knows_dates(means) {
        return body;
    }
    let (start, end) = match valid {
        _ if *inactive => (NEVER.0.to_owned(), NEVER.1.to_owned()),
        Some((start, end)) => (moment(*start), moment(*end)),
        None => (ALWAYS.0.to_owned(), ALWAYS.1.to_owned()),
    };
    body.field("StartDatetime", &start).field("EndDatetime", &end)
}

/// A name as a machine holds it (U5).
fn cut(name: &str, encoding: Encoding) -> String {
    let name = text::clean(name);
    text::truncate_encoded(name.trim(), encoding, NAME).trim_end().to_owned()
}

fn moment(time: WallTime) -> String {
    time.to_string().replace(' ', "T")
}

/// A card's number as old firmware wants it, low byte first: `[15CD5B07]` (§15.3). What is no number stays as it is.
fn in_brackets(card: &str) -> String {
    let Ok(number) = card.trim().parse::<u64>() else { return card.to_owned() };
    let bytes = number.to_le_bytes();
    let used = 8 - number.leading_zeros() as usize / 8;
    match number {
        0 => String::new(),
        _ => {
            let digits: String = bytes.iter().take(used.max(4)).map(|byte| format!("{byte:02X}")).collect();
            format!("[{digits}]")
        }
    }
}

fn put_template(template: &Template, means: &Means<'_>) -> Body {
    let words = match template.kind {
        TemplateKind::Fingerprint if is_old_form(means) => "DATA FP",
        TemplateKind::Fingerprint => "DATA UPDATE FINGERTMP",
        TemplateKind::NearInfraredFace => "DATA UPDATE FACE",
        TemplateKind::FingerVein => "DATA UPDATE FVEIN",
        TemplateKind::Bio(_) => "DATA UPDATE BIODATA",
        TemplateKind::Photo => "DATA UPDATE BIOPHOTO",
        TemplateKind::Picture => "DATA UPDATE USERPIC",
    };
    let pairs = template::pairs(template, Form::Command);
    pairs.iter().fold(Body::new(words), |body, (key, value)| body.field(key, value))
}

fn delete_templates(pin: &Pin, of: TemplateKind) -> Body {
    let number = pin.on_wire();
    match of {
        TemplateKind::Fingerprint => about("DATA DELETE FINGERTMP", pin),
        TemplateKind::NearInfraredFace => about("DATA DELETE FACE", pin),
        TemplateKind::FingerVein => Body::new("DATA DELETE FVEIN").field("Pin", number),
        TemplateKind::Bio(of) => {
            let body = Body::new("DATA DELETE BIODATA").field("Pin", number).field("Type", &of.to_string());
            // A face is number 0; hands have several, and all of them are meant.
            if of == template::VISIBLE_FACE { body.field("No", "0") } else { body }
        }
        TemplateKind::Photo => {
            about("DATA DELETE BIOPHOTO", pin).field("Type", &template::VISIBLE_FACE.to_string())
        }
        TemplateKind::Picture => about("DATA DELETE USERPIC", pin),
    }
}
