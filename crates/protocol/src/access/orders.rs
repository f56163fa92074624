//! Orders in the words of the access dialect (access-push §8, §10, §15).
//!
//! One command carries one record: several records in one would be separated by the same line end as commands (§8).

use crate::attendance::command::Body;
use crate::base64;
use crate::order::{self, Means, Order, Person, Pin, Privilege, Refusal, Table, Template, TemplateKind};
use crate::text;
use crate::time::WallTime;

use super::time::{Limit, pack};

/// Bytes of a name a machine keeps (U5).
const NAME_MOST: usize = 24;
/// The biometric type that stands for all of them where a whole table is meant: no template has it.
const EVERY_TYPE: u8 = 0;
/// Visible-light face (attendance-push §15.6).
const FACE: usize = 9;
/// Seconds a door may be told to open for. 0 would close it, 255 open it for good.
const OPEN: std::ops::RangeInclusive<u8> = 1..=254;
/// What is asked with `GET OPTIONS`: the registration data that tell most (§3).
const INFO: &str = "~SerialNumber,~DeviceName,FirmVer,PushVersion,MAC,IPAddress,LockCount,ReaderCount,MachineType,\
                    ~MaxUserCount,~MaxAttLogCount,~MaxUserFingerCount,~ZKFPVersion,FaceVersion,FingerFunOn,FaceFunOn,\
                    FvFunOn,PvFunOn,BioPhotoFun,BioDataFun,MultiBioDataSupport,MultiBioPhotoSupport,MultiBioVersion,\
                    MaxMultiBioDataCount,MultiBioDataCount,UserCount,TransactionCount,DateFmtFunOn,DisableUserFunOn,\
                    StringPinFunOn,MaxPackageSize";

/// See [`crate::order::steps`].
///
/// # Errors
/// When the machine cannot be told this.
pub fn steps(order: &Order, means: &Means<'_>) -> Result<Vec<Order>, Refusal> {
    let steps = match order {
        Order::PutPerson(person) => {
            // A person alone opens nothing, and on some machines leaves no record (§15).
            let pin = person.pin.clone();
            let door = if person.inactive { Order::Revoke { pin } } else { Order::Authorize { pin } };
            vec![order.clone(), door]
        }
        Order::DeletePerson { pin } => {
            let of = |kind| Order::DeleteTemplates { pin: pin.clone(), of: kind };
            let templates = held(means).into_iter().filter_map(kind_of).map(of);
            std::iter::once(Order::Revoke { pin: pin.clone() })
                .chain(templates)
                .chain(std::iter::once(order.clone()))
                .collect()
        }
        Order::BackUpPerson { pin } => order::person_then_rows(pin, held(means)),
        Order::RestorePerson { person, templates } => {
            let takes = |order: &Order| body(order, means).is_ok();
            let mut steps = order::person_then_templates(person, templates, takes);
            let pin = person.pin.clone();
            // Last: whoever is let in has everything they are known by.
            steps.push(if person.inactive { Order::Revoke { pin } } else { Order::Authorize { pin } });
            steps
        }
        Order::ClearPeople => clear_people(means),
        Order::ClearAll => {
            let mut steps = clear_people(means);
            steps.push(Order::ClearTable(Table::Punches));
            steps
        }
        Order::ReadTemplates => {
            let tables = held(means);
            // Nothing said: then the table all newer machines have.
            let tables = if tables.is_empty() && !has_no_readers(means) {
                vec![Table::Bio(EVERY_TYPE)]
            } else {
                tables
            };
            if tables.is_empty() {
                return Err(Refusal::NotSupported);
            }
            tables.into_iter().map(Order::ReadTable).collect()
        }
        _ => vec![order.clone()],
    };
    // Refused now rather than when the machine asks.
    for step in &steps {
        body(step, means)?;
    }
    Ok(steps)
}

/// Authorisations first, then templates, then people (§10). A table the machine has not said it has is left alone: it
/// would refuse, and what comes behind would not be done. Deleting people takes their templates with it (U1).
fn clear_people(means: &Means<'_>) -> Vec<Order> {
    let tables =
        std::iter::once(Table::Authorizations).chain(held(means)).chain(std::iter::once(Table::People));
    tables.map(Order::ClearTable).collect()
}

/// The tables of templates a machine says it has.
fn held(means: &Means<'_>) -> Vec<Table> {
    let on = |name| means.option(name).is_some_and(|value| value == "1");
    let any = |name: &str| means.option(name).is_some_and(|flags| flags.split(':').any(|flag| flag == "1"));
    let unified = on("BioDataFun") || any("MultiBioDataSupport");
    let mut tables = Vec::new();
    // With the unified form, the older tables are empty or gone.
    if on("FingerFunOn") && flag(means, "MultiBioDataSupport", 1) != Some(true) {
        tables.push(Table::Fingerprints);
    }
    if unified {
        tables.push(Table::Bio(EVERY_TYPE));
    }
    if on("BioPhotoFun") || any("MultiBioPhotoSupport") {
        tables.push(Table::Photos);
    }
    tables
}

/// It has said that it reads neither fingers nor faces.
fn has_no_readers(means: &Means<'_>) -> bool {
    ["FingerFunOn", "FaceFunOn"].into_iter().all(|name| means.option(name) == Some("0"))
}

fn kind_of(table: Table) -> Option<TemplateKind> {
    match table {
        Table::Fingerprints => Some(TemplateKind::Fingerprint),
        Table::NearInfraredFaces => Some(TemplateKind::NearInfraredFace),
        Table::Bio(kind) => Some(TemplateKind::Bio(kind)),
        Table::Photos => Some(TemplateKind::Photo),
        Table::People | Table::Authorizations | Table::Punches => None,
    }
}

/// One of the ten flags of `MultiBio…`, by biometric type.
fn flag(means: &Means<'_>, name: &str, kind: usize) -> Option<bool> {
    means.option(name)?.split(':').nth(kind).map(|flag| flag.trim() == "1")
}

/// The order as a command.
///
/// # Errors
/// When there are no words for it.
pub fn body(order: &Order, means: &Means<'_>) -> Result<Body, Refusal> {
    Ok(match order {
        Order::Restart => Body::new("CONTROL DEVICE 03000000"),
        Order::SetClock => Body::new("SET OPTIONS").field("DateTime", &packed(means.now)),
        Order::ReadInfo => Body::new(&format!("GET OPTIONS {INFO}")),
        Order::Ping => Body::new("DATA COUNT user"),
        Order::UnlockDoor { door, seconds } => unlock(*door, *seconds, means)?,
        Order::ClearPunches => Body::new("DATA DELETE transaction *"),
        Order::ClearTable(table) => Body::new(&format!("DATA DELETE {} *", table_name(*table))),
        Order::ReadPeople => query("user", "*"),
        Order::ReadTable(Table::Bio(kind)) if *kind != EVERY_TYPE => {
            query("biodata", &format!("Type={kind}"))
        }
        Order::ReadTable(table) => query(table_name(*table), "*"),
        Order::ReadPerson { pin } => query("user", &format!("Pin={}", pin.on_wire())),
        Order::ReadRows { pin, of } => query(table_name(*of), &format!("Pin={}", pin.on_wire())),
        // There are no stamps, and a filter by time is in the documents only (§17).
        Order::ReadPunches { from, to, second: false } => {
            query("transaction", &format!("starttime={}", packed(*from))).and("endtime", &packed(*to))
        }
        Order::ReadPunches { second: true, .. } => query("transaction", "*"),
        Order::CountAllPunches => Body::new("DATA COUNT transaction"),
        Order::PutPerson(person) => put_person(person, means),
        Order::Authorize { pin } => Body::new("DATA UPDATE userauthorize")
            .field("Pin", pin.on_wire())
            // Always, and the first door: what an attendance site needs.
            .field("AuthorizeTimezoneId", "1")
            .field("AuthorizeDoorId", "1"),
        Order::Revoke { pin } => delete("userauthorize", pin),
        Order::DeletePerson { pin } => delete("user", pin),
        Order::PutTemplate(template) => put_template(template, means)?,
        Order::DeleteTemplates { pin, of } => match of {
            TemplateKind::Fingerprint => delete("templatev10", pin),
            TemplateKind::NearInfraredFace => delete("facev7", pin),
            TemplateKind::Bio(EVERY_TYPE) => delete("biodata", pin),
            TemplateKind::Bio(kind) => delete("biodata", pin).field("Type", &kind.to_string()),
            TemplateKind::Photo => delete("biophoto", pin),
            TemplateKind::Picture => delete("userpic", pin),
            TemplateKind::FingerVein => return Err(Refusal::NotInDialect),
        },
        // The machine reads its configuration when it begins, and knows no word for doing so again. Clearing people
        // takes several commands. Its table counts what happened at doors as well, and not by time.
        Order::ReadOptions
        | Order::CountPunches { .. }
        | Order::CheckAll
        | Order::ClearPeople
        | Order::ClearAll
        | Order::ReadTemplates
        | Order::BackUpPerson { .. }
        | Order::RestorePerson { .. } => {
            return Err(Refusal::NotInDialect);
        }
    })
}

fn table_name(table: Table) -> &'static str {
    match table {
        Table::People => "user",
        Table::Authorizations => "userauthorize",
        Table::Fingerprints => "templatev10",
        Table::NearInfraredFaces => "facev7",
        Table::Bio(_) => "biodata",
        Table::Photos => "biophoto",
        Table::Punches => "transaction",
    }
}

fn query(table: &str, filter: &str) -> Body {
    Body::new(&format!("DATA QUERY tablename={table},fielddesc=*,filter={filter}"))
}

/// Never without a pin, which would delete everybody: a [`Pin`] is never empty.
fn delete(table: &str, pin: &Pin) -> Body {
    Body::new(&format!("DATA DELETE {table}")).field("Pin", pin.on_wire())
}

fn packed(time: WallTime) -> String {
    pack(time).unwrap_or(0).to_string()
}

fn unlock(door: u8, seconds: u8, means: &Means<'_>) -> Result<Body, Refusal> {
    let doors = means.option("LockCount").and_then(|count| count.parse::<u8>().ok());
    if door == 0 || doors.is_some_and(|doors| door > doors) {
        return Err(Refusal::NoDoor);
    }
    let seconds = seconds.clamp(*OPEN.start(), *OPEN.end());
    Ok(Body::new(&format!("CONTROL DEVICE 01{door:02X}01{seconds:02X}")))
}

fn put_person(person: &Person, means: &Means<'_>) -> Body {
    let is_packed = means.option("DateFmtFunOn") == Some("1");
    let limit = |time: Option<WallTime>| {
        let Some(time) = time else { return "0".to_owned() };
        let mut text = String::new();
        if is_packed { Limit::Second(time) } else { Limit::Day(time) }.write(&mut text);
        text
    };
    let name = text::clean(&person.name);
    let privilege = match person.privilege {
        Privilege::User => "0",
        Privilege::Registrar => "2",
        Privilege::Administrator => "14",
    };
    let body = Body::new("DATA UPDATE user")
        .field("CardNo", &person.card)
        .field("Pin", person.pin.on_wire())
        .field("Password", &person.password)
        .field("Group", &person.group.to_string())
        .field("StartTime", &limit(person.valid.map(|(from, _)| from)))
        .field("EndTime", &limit(person.valid.map(|(_, to)| to)))
        .field("Name", text::truncate_encoded(&name, means.encoding, NAME_MOST))
        .field("Privilege", privilege);
    if means.option("DisableUserFunOn") == Some("1") {
        return body.field("Disable", if person.inactive { "1" } else { "0" });
    }
    body
}

fn put_template(template: &Template, means: &Means<'_>) -> Result<Body, Refusal> {
    let content = base64::encode(&template.data);
    let (pin, size) = (template.pin.on_wire(), content.len().to_string());
    let off = |name| means.option(name) == Some("0");
    match template.kind {
        TemplateKind::Fingerprint if off("FingerFunOn") => Err(Refusal::NotSupported),
        TemplateKind::Fingerprint => Ok(Body::new("DATA UPDATE templatev10")
            .field("Pin", pin)
            .field("FingerID", &template.no.to_string())
            .field("Valid", &template.valid.to_string())
            .field("Template", &content)),
        TemplateKind::Bio(kind) => {
            fits(template, kind, means)?;
            let (major, minor) = template.version.unwrap_or_default();
            Ok(Body::new("DATA UPDATE biodata")
                .field("Pin", pin)
                .field("No", &template.no.to_string())
                .field("Index", &template.index.to_string())
                .field("Valid", &template.valid.to_string())
                .field("Duress", &template.duress.to_string())
                .field("Type", &kind.to_string())
                .field("MajorVer", &major.to_string())
                .field("MinorVer", &minor.to_string())
                .field("Format", &template.format.to_string())
                .field("Tmp", &content))
        }
        TemplateKind::Photo => {
            if flag(means, "MultiBioPhotoSupport", FACE).unwrap_or(!off("BioPhotoFun")) {
                Ok(Body::new("DATA UPDATE biophoto")
                    .field("PIN", pin)
                    .field("Type", &FACE.to_string())
                    .field("Size", &size)
                    .field("Content", &content)
                    .field("Format", "0")
                    .field("Url", "")
                    .field("PostBackTmpFlag", "0"))
            } else {
                Err(Refusal::NotSupported)
            }
        }
        TemplateKind::Picture => Ok(Body::new("DATA UPDATE userpic")
            .field("pin", pin)
            .field("size", &size)
            .field("format", "0")
            .field("url", "")
            .field("content", &content)),
        // Near-infra-red faces and veins come from these machines and are not taken back in this form.
        TemplateKind::NearInfraredFace | TemplateKind::FingerVein => Err(Refusal::NotInDialect),
    }
}

/// Templates go only to machines with the same algorithm (U3). What neither side tells is left to the machine.
fn fits(template: &Template, kind: u8, means: &Means<'_>) -> Result<(), Refusal> {
    let kind = usize::from(kind);
    if flag(means, "MultiBioDataSupport", kind) == Some(false) {
        return Err(Refusal::NotSupported);
    }
    let theirs = means.option("MultiBioVersion").and_then(|versions| {
        let version = versions.split(':').nth(kind)?.trim();
        let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?)).filter(|version| *version != (0, 0))
    });
    match (theirs, template.version) {
        (Some(theirs), Some(ours)) if theirs != ours => Err(Refusal::TemplateVersion),
        _ => Ok(()),
    }
}
