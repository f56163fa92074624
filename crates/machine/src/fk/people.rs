//! People of FK machines: JSON and blobs, lists, and log entries (fk-http §8, §9).

use serde_json::{Value, json};

use super::Model;
use super::frame::Message;
use super::modes;
use crate::memory::{Kind, Memory, Person, Punch, Template, normal_pin};

const PASSWORD: u64 = 10;
const CARD: u64 = 11;
const FACE: u64 = 12;

/// Text or number, as firmware takes it.
pub(crate) fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.as_u64().map(|number| number.to_string()).unwrap_or_default(), str::to_owned)
}

/// A user number this machine can hold: nine digits, or letters and digits on new models.
pub(crate) fn good_user(id: &str, model: Model) -> bool {
    let longest = if model == Model::New { 22 } else { 9 };
    let bare = normal_pin(id);
    let letters = |byte: u8| byte.is_ascii_digit() || (model == Model::New && byte.is_ascii_alphanumeric());
    (1..=longest).contains(&bare.len()) && bare != "0" && bare.bytes().all(letters)
}

/// A person as JSON and blobs.
pub(crate) fn describe(person: &Person, model: Model) -> (Value, Vec<Vec<u8>>) {
    let mut blobs = Vec::<Vec<u8>>::new();
    let mut bin = |data: &[u8]| {
        blobs.push(data.to_vec());
        format!("BIN_{}", blobs.len())
    };
    let photo = person.templates.iter().find(|(slot, _)| slot.0 == Kind::Picture);
    let photo = photo.map_or(Value::Null, |(_, template)| Value::String(bin(&template.data)));
    let mut enrolled = Vec::new();
    for (slot, template) in person.templates.iter() {
        let number = match slot.0 {
            Kind::Finger => u64::from(slot.1),
            Kind::Face => FACE,
            _ => continue,
        };
        enrolled.push(json!({ "backup_number": number, "enroll_data": bin(&template.data) }));
    }
    for (number, field) in [(PASSWORD, "Passwd"), (CARD, "Card")] {
        let text = person.field(field);
        if !text.is_empty() {
            enrolled.push(json!({ "backup_number": number, "enroll_data": bin(text.as_bytes()) }));
        }
    }
    let role = match person.privilege & 0x0E {
        0 => "USER",
        2 => "REGISTER",
        _ => "MANAGER",
    };
    // Some families pad the number.
    let id = if model == Model::New { format!("{:0>8}", person.pin) } else { person.pin.clone() };
    let json = json!({
        "user_id": id, "user_name": person.name, "user_privilege": role, "user_photo": photo,
        "enroll_data_array": enrolled,
    });
    (json, blobs)
}

/// The person a server describes, which replaces whoever has the number; nothing when the description is wrong.
pub(crate) fn read(message: &Message, model: Model) -> Option<Person> {
    let id = text_of(message.json.get("user_id")?);
    if !good_user(&id, model) {
        return None;
    }
    let name = message.json.get("user_name").and_then(Value::as_str).unwrap_or_default();
    let mut person = Person::new(normal_pin(&id), name.chars().take(15).collect::<String>());
    person.privilege = match message.json.get("user_privilege").and_then(Value::as_str)? {
        "USER" => 0,
        "REGISTER" | "OPERATOR" => 2,
        "MANAGER" => 14,
        _ => return None,
    };
    if let Some(photo) = message.json.get("user_photo").filter(|photo| !photo.is_null() && *photo != "") {
        let data = message.bytes(model, photo)?;
        person.templates.keep((Kind::Picture, 0, 0), Template::new(data, (0, 0)));
    }
    let none = Vec::new();
    for item in message.json.get("enroll_data_array").and_then(Value::as_array).unwrap_or(&none) {
        let number = text_of(item.get("backup_number")?).parse::<u64>().ok()?;
        let data = message.bytes(model, item.get("enroll_data")?)?;
        match number {
            0..=9 => person
                .templates
                .keep((Kind::Finger, u16::try_from(number).ok()?, 0), Template::new(data, (4, 0))),
            PASSWORD | CARD => {
                let name = if number == PASSWORD { "Passwd" } else { "Card" };
                person.fields.insert(name.to_owned(), String::from_utf8(data).ok()?);
            }
            FACE => person.templates.keep((Kind::Face, 0, 0), Template::new(data, (1, 0))),
            _ => return None,
        }
    }
    Some(person)
}

/// The answer to `GET_USER_ID_LIST`: entries of 8 bytes with a number, or of 36 with text.
pub(crate) fn list(memory: &Memory, model: Model) -> (Value, Vec<Vec<u8>>) {
    let size = if model == Model::Hs101 { 8 } else { 36 };
    let mut entries = Vec::new();
    for person in memory.people() {
        let mut entry = vec![0_u8; size];
        let manager = u8::from(person.privilege & 0x0E > 2);
        let put = |entry: &mut Vec<u8>, at: usize, bytes: &[u8]| {
            for (place, byte) in entry.iter_mut().skip(at).zip(bytes) {
                *place = *byte;
            }
        };
        if size == 8 {
            put(&mut entry, 0, &person.pin.parse::<u32>().unwrap_or(0).to_le_bytes());
            put(&mut entry, 4, &[manager, 1]);
        } else {
            put(&mut entry, 0, person.pin.as_bytes());
            put(&mut entry, 32, &[manager, 1]);
        }
        entries.extend_from_slice(&entry);
    }
    let json =
        json!({ "user_id_count": memory.people().len(), "one_user_id_size": size, "user_id_array": "BIN_1" });
    (json, vec![entries])
}

/// The answer to `GET_LOG_DATA`.
pub(crate) fn log(punches: &[Punch], model: Model) -> (Value, Vec<Vec<u8>>) {
    let size: usize = if model == Model::Hs101 { 12 } else { 48 };
    let mut entries = Vec::new();
    for punch in punches {
        let civil = punch.time.civil();
        let year = u32::try_from(civil.year.saturating_sub(1900)).unwrap_or(0);
        // 2 bits valid, 10 year, 4 month, 5 day, 5 hour, 6 minute.
        let bits =
            1 | year << 2 | civil.month << 12 | civil.day << 16 | civil.hour << 21 | civil.minute << 26;
        let second = u8::try_from(civil.second).unwrap_or(0);
        let (io, verify) = (modes::io(punch.status, model), modes::verify(punch.verify, model));
        let mut entry = Vec::with_capacity(size);
        if size == 12 {
            entry.extend_from_slice(&punch.pin.parse::<u32>().unwrap_or(0).to_le_bytes());
            entry.extend_from_slice(&[
                0,
                u8::try_from(io).unwrap_or(0),
                u8::try_from(verify).unwrap_or(0),
                second,
            ]);
            entry.extend_from_slice(&bits.to_le_bytes());
        } else {
            entry.extend_from_slice(punch.pin.as_bytes());
            entry.resize(35, 0);
            entry.push(second);
            for number in [bits, io, verify] {
                entry.extend_from_slice(&number.to_le_bytes());
            }
        }
        entry.resize(size, 0);
        entries.extend_from_slice(&entry);
    }
    let json = json!({ "log_count": punches.len(), "one_log_size": size, "log_array": "BIN_1" });
    (json, vec![entries])
}
