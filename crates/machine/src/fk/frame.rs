//! Bodies of FK messages: a length, JSON with a closing zero, blobs with lengths of their own (fk-http §4); on new models plain
//! JSON with a zero behind it and Base64 inside (§2).

use serde_json::Value;

use super::Model;
use crate::base64;

/// Packs a message. `"BIN_1"` in the JSON stands for the first blob.
pub(crate) fn pack(model: Model, json: &Value, blobs: &[Vec<u8>]) -> Vec<u8> {
    if model == Model::New {
        let mut text = with_text_for_blobs(json, blobs).to_string().into_bytes();
        text.push(0);
        return text;
    }
    let mut text = json.to_string().into_bytes();
    text.push(0);
    let mut body = Vec::new();
    for part in std::iter::once(&text).chain(blobs) {
        body.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
        body.extend_from_slice(part);
    }
    body
}

fn with_text_for_blobs(json: &Value, blobs: &[Vec<u8>]) -> Value {
    match json {
        Value::String(text) => {
            let number = text.strip_prefix("BIN_").and_then(|number| number.parse::<usize>().ok());
            let blob = number.and_then(|number| blobs.get(number.checked_sub(1)?));
            blob.map_or_else(|| json.clone(), |blob| Value::String(base64::encode(blob)))
        }
        Value::Array(items) => items.iter().map(|item| with_text_for_blobs(item, blobs)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| (key.clone(), with_text_for_blobs(value, blobs))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => json.clone(),
    }
}

/// A message taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Message {
    /// Null when there is no body.
    pub(crate) json: Value,
    pub(crate) blobs: Vec<Vec<u8>>,
}

impl Message {
    /// Bytes a value stands for: a blob by its number, or Base64 on new models.
    pub(crate) fn bytes(&self, model: Model, value: &Value) -> Option<Vec<u8>> {
        let text = value.as_str()?;
        if model == Model::New {
            return base64::decode(text);
        }
        let number: usize = text.strip_prefix("BIN_")?.parse().ok()?;
        self.blobs.get(number.checked_sub(1)?).cloned()
    }
}

/// Takes a server's message apart; nothing when a length is wrong or the zero is missing: firmware copies by these lengths.
pub(crate) fn unpack(model: Model, body: &[u8]) -> Option<Message> {
    if body.is_empty() {
        return Some(Message::default());
    }
    if model == Model::New {
        let text = body.strip_suffix(b"\0")?;
        return Some(Message { json: serde_json::from_slice(text).ok()?, blobs: Vec::new() });
    }
    let (text, mut rest) = part(body)?;
    let json = serde_json::from_slice(text.strip_suffix(b"\0")?).ok()?;
    let mut blobs = Vec::new();
    while !rest.is_empty() {
        let (blob, behind) = part(rest)?;
        blobs.push(blob.to_vec());
        rest = behind;
    }
    Some(Message { json, blobs })
}

fn part(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(u32::from_le_bytes(*length) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_example_of_the_chapter() {
        let body = b"\x1A\0\0\0{\"time\":\"20260706093005\"}\0";
        let message = unpack(Model::Hs102, body).expect("a message");
        assert_eq!(message.json, json!({ "time": "20260706093005" }));
        assert_eq!(pack(Model::Hs102, &message.json, &[]), body);
        for wrong in [
            &b"\x1B\0\0\0{\"time\":\"20260706093005\"}\0"[..],
            b"\x19\0\0\0{\"time\":\"20260706093005\"}",
            b"{}\0",
            b"\x01",
        ] {
            assert_eq!(unpack(Model::Hs102, wrong), None);
        }
        assert_eq!(unpack(Model::Hs102, b""), Some(Message::default()));
        assert_eq!(
            unpack(Model::New, b"{\"user_id\":\"1\"}\0").map(|message| message.json),
            Some(json!({ "user_id": "1" }))
        );
        assert_eq!(unpack(Model::New, b"{\"user_id\":\"1\"}"), None);
    }

    #[test]
    fn blobs_there_and_back() {
        let json = json!({ "user_photo": "BIN_1", "enroll_data_array": [{ "backup_number": 0, "enroll_data": "BIN_2" }] });
        let blobs = [vec![0, 1, 2], vec![255; 300]];
        let message = unpack(Model::Hs101, &pack(Model::Hs101, &json, &blobs)).expect("a message");
        assert_eq!(message.blobs, blobs);
        assert_eq!(message.bytes(Model::Hs101, &json["user_photo"]), Some(vec![0, 1, 2]));
        let message = unpack(Model::New, &pack(Model::New, &json, &blobs)).expect("a message");
        assert_eq!(message.bytes(Model::New, &message.json["user_photo"]), Some(vec![0, 1, 2]));
    }
}
