//! People: the list of their numbers, and everything about one of them (fk-http §9, §10).

use std::borrow::Cow;

use super::frame::{Draft, Frame};
use super::json::Json;
use crate::order::{Person, Pin, Privilege, Template, TemplateKind};
use crate::text;

/// Characters of a name that machines keep (U5).
pub const LONGEST_NAME: usize = 15;

/// `backup_number` of what somebody is identified by.
const PASSWORD: i64 = 10;
const CARD: i64 = 11;
const FACE: i64 = 12;
const PALMS: std::ops::RangeInclusive<i64> = 13..=16;
const FINGER_VEIN: i64 = 20;
const ENROLMENT_PHOTO: i64 = 30;
/// Where a machine says who somebody is: more entries than there are numbers make no sense.
const MOST_ENTRIES: usize = 64;

/// A person as a machine describes them.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// The number, as sent.
    pub pin: String,
    /// The name.
    pub name: String,
    /// What they may do.
    pub privilege: Privilege,
    /// The machine's word for it.
    pub raw_privilege: String,
    /// Must not identify, where the machine knows such a thing.
    pub inactive: bool,
    /// Card number; empty = none.
    pub card: String,
    /// Password; empty = none.
    pub password: String,
    /// Photo and templates: what, which of them, and its bytes.
    pub templates: Vec<(TemplateKind, u16, Vec<u8>)>,
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("pin", &self.pin)
            .field("privilege", &self.privilege)
            .field("templates", &self.templates.len())
            .finish_non_exhaustive()
    }
}

impl User {
    /// Reads the JSON of one person; `None` without a number.
    #[must_use]
    pub fn read(frame: &Frame<'_>, json: &Json<'_>) -> Option<Self> {
        let field = |names: &[&str]| {
            text::clean(json.any(names).map(Json::text).unwrap_or_default()).trim().to_owned()
        };
        let pin = field(&["user_id", "userId"]);
        super::punch::pin(&pin).ok()?;
        let raw_privilege = field(&["user_privilege", "privilege"]);
        let mut user = Self {
            pin,
            name: field(&["user_name", "name"]),
            privilege: privilege(&raw_privilege),
            raw_privilege,
            inactive: json.any(&["enable_flag", "user_enabled"]).and_then(Json::number) == Some(0),
            card: String::new(),
            password: String::new(),
            templates: Vec::new(),
        };
        if let Some(photo) = json.any(&["user_photo", "photo"]).and_then(|value| frame.binary(value)) {
            user.keep(TemplateKind::Picture, 0, &photo);
        }
        let entries =
            json.any(&["enroll_data_array", "enroll_data_list"]).map(Json::list).unwrap_or_default();
        // Some machines send the one thing that was enrolled, without a list around it.
        for entry in entries.iter().take(MOST_ENTRIES).chain(std::iter::once(json)) {
            user.entry(frame, entry);
        }
        Some(user)
    }

    fn entry(&mut self, frame: &Frame<'_>, entry: &Json<'_>) {
        let Some(number) = entry.any(&["backup_number", "backupNumber"]).and_then(Json::number) else {
            return;
        };
        let Some(value) = entry.any(&["enroll_data", "enrollData"]) else { return };
        match number {
            PASSWORD => self.password = digits(frame, value),
            CARD => self.card = digits(frame, value),
            _ => {
                let Some((kind, no)) = kind_of(number) else { return };
                if let Some(data) = frame.binary(value) {
                    self.keep(kind, no, &data);
                }
            }
        }
    }

    fn keep(&mut self, kind: TemplateKind, no: u16, data: &[u8]) {
        let there = self.templates.iter().any(|(known, number, _)| (*known, *number) == (kind, no));
        if !data.is_empty() && !there {
            self.templates.push((kind, no, data.to_vec()));
        }
    }

    /// The templates as everybody else knows them; none for a number no order can be about. `version` is that of the
    /// machine's algorithm for a kind.
    #[must_use]
    pub fn templates(&self, version: impl Fn(TemplateKind) -> Option<(u32, u32)>) -> Vec<Template> {
        let Ok(pin) = Pin::new(&self.pin) else { return Vec::new() };
        let template = |(kind, no, data): &(TemplateKind, u16, Vec<u8>)| Template {
            pin: pin.clone(),
            kind: *kind,
            no: *no,
            index: 0,
            valid: 1,
            duress: 0,
            version: version(*kind),
            format: 0,
            data: data.clone(),
        };
        self.templates.iter().map(template).collect()
    }
}

/// What a `backup_number` stands for, and which of them.
fn kind_of(number: i64) -> Option<(TemplateKind, u16)> {
    let no = u16::try_from(number).ok()?;
    Some(match number {
        0..=9 => (TemplateKind::Fingerprint, no),
        FACE => (TemplateKind::NearInfraredFace, 0),
        13..=16 => (TemplateKind::Bio(8), no - 13),
        FINGER_VEIN => (TemplateKind::FingerVein, 0),
        ENROLMENT_PHOTO => (TemplateKind::Photo, 0),
        _ => return None,
    })
}

/// The inverse of [`kind_of`]; the picture has a place of its own.
fn backup_number(template: &Template) -> Option<i64> {
    Some(match template.kind {
        TemplateKind::Fingerprint if template.no <= 9 => template.no.into(),
        TemplateKind::NearInfraredFace => FACE,
        TemplateKind::Bio(8) => {
            Some(i64::from(template.no) + PALMS.start()).filter(|number| PALMS.contains(number))?
        }
        TemplateKind::FingerVein => FINGER_VEIN,
        TemplateKind::Photo => ENROLMENT_PHOTO,
        _ => return None,
    })
}

/// Password or card: text in a binary, or in Base64, or just text.
fn digits(frame: &Frame<'_>, value: &Json<'_>) -> String {
    let readable = |bytes: &[u8]| {
        let bytes = text::trim(bytes);
        let fits = (1..=64).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
        fits.then(|| String::from_utf8_lossy(bytes).into_owned())
    };
    // Four digits are good Base64 too, but only of bytes that are none.
    let decoded = frame.binary(value).and_then(|bytes| readable(&bytes));
    let plain = || Some(value.text()).filter(|text| !text.to_ascii_uppercase().starts_with("BIN_"));
    decoded.or_else(|| plain().and_then(|text| readable(text.as_bytes()))).unwrap_or_default()
}

/// Reads a word, or the number some families use for it (§10).
#[must_use]
pub fn privilege(text: &str) -> Privilege {
    match text.trim().to_ascii_uppercase().as_str() {
        "MANAGER" | "ADMIN" | "1" => Privilege::Administrator,
        "REGISTER" | "REGISTOR" | "OPERATOR" | "2" | "3" => Privilege::Registrar,
        _ => Privilege::User,
    }
}

/// The word that is written.
#[must_use]
pub fn privilege_word(privilege: Privilege) -> &'static str {
    match privilege {
        Privilege::User => "USER",
        Privilege::Registrar => "REGISTER",
        Privilege::Administrator => "MANAGER",
    }
}

/// A name as machines keep it: without control characters, cut after fifteen characters (U5).
#[must_use]
pub fn name(text: &str) -> String {
    text::clean(text).trim().chars().take(LONGEST_NAME).collect()
}

/// The JSON of a person with everything they are identified by, as both sides write it.
///
/// It takes the place of whatever the machine had: what is not in it is gone there (U2). So it wants all templates at
/// once.
#[must_use]
pub fn write(person: &Person, templates: &[Template], draft: &mut Draft) -> Json<'static> {
    let text = |text: &str| Json::Text(Cow::Owned(text::clean(text).into_owned()));
    let mut members = vec![
        ("user_id", text(person.pin.on_wire())),
        ("user_name", Json::Text(Cow::Owned(name(&person.name)))),
        ("user_privilege", text(privilege_word(person.privilege))),
    ];
    // Binaries are numbered in the order in which they are spoken of: the photo first.
    if let Some(picture) = templates.iter().find(|template| template.kind == TemplateKind::Picture) {
        members.push(("user_photo", draft.binary(&picture.data)));
    }
    let mut entries = Vec::new();
    let mut entry = |number: i64, data: &[u8]| {
        entries.push(Json::object(vec![
            ("backup_number", Json::of_number(number)),
            ("enroll_data", draft.binary(data)),
        ]));
    };
    for template in templates {
        if let Some(number) = backup_number(template) {
            entry(number, &template.data);
        }
    }
    for (number, value) in [(PASSWORD, &person.password), (CARD, &person.card)] {
        let value = text::clean(value);
        if !value.trim().is_empty() {
            entry(number, value.trim().as_bytes());
        }
    }
    members.push(("enroll_data_array", Json::List(entries)));
    Json::object(members)
}

/// One entry of the answer to `GET_USER_ID_LIST`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The number, as the machine writes it.
    pub pin: String,
    /// Is an administrator, where the entry says so.
    pub manager: Option<bool>,
    /// Is switched on, where the entry says so.
    pub active: Option<bool>,
}

/// The answer to `GET_USER_ID_LIST`.
#[derive(Debug, PartialEq, Eq)]
pub enum Listing<'a> {
    /// The people.
    People(Vec<Listed>),
    /// Entries of a size nobody has explained: the size, and the bytes to keep.
    Unknown(i64, Cow<'a, [u8]>),
}

/// Reads the list. Sizes 8 and 36 are known, and lists of texts or objects.
#[must_use]
pub fn listing<'a>(frame: &Frame<'a>, json: &Json<'_>) -> Listing<'a> {
    let array = json.any(&["user_id_array", "user_id_list", "users"]);
    if let Some(Json::List(values)) = array {
        let one = |value: &Json<'_>| {
            let own = value.any(&["user_id", "userId"]).unwrap_or(value);
            Listed { pin: text::clean(own.text()).into_owned(), manager: None, active: None }
        };
        return Listing::People(values.iter().map(one).filter(|one| is_pin(&one.pin)).collect());
    }
    let Some(bytes) = array.and_then(|value| frame.binary(value)).filter(|bytes| !bytes.is_empty()) else {
        return Listing::People(Vec::new());
    };
    let size = json.get("one_user_id_size").and_then(Json::number).unwrap_or_default();
    let one: fn(&[u8]) -> Listed = match size {
        8 => short_entry,
        36 => long_entry,
        _ => return Listing::Unknown(size, bytes),
    };
    let people = bytes.chunks_exact(if size == 8 { 8 } else { 36 }).map(one);
    Listing::People(people.filter(|one| is_pin(&one.pin)).collect())
}

fn is_pin(text: &str) -> bool {
    super::punch::pin(text).is_ok()
}

fn short_entry(raw: &[u8]) -> Listed {
    let number = raw.first_chunk::<4>().map_or(0, |bytes| u32::from_le_bytes(*bytes));
    Listed { pin: number.to_string(), manager: None, active: None }
}

fn long_entry(raw: &[u8]) -> Listed {
    let text = raw.get(..24).unwrap_or_default().split(|byte| *byte == 0).next().unwrap_or_default();
    let flag = |at: usize| raw.get(at).map(|byte| *byte != 0);
    Listed { pin: text::field(text).into_owned(), manager: flag(32), active: flag(33) }
}
