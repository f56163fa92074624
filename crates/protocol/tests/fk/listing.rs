//! The worked messages of the protocol chapter in its wire notation: `␍ ␊ ␀` are the bytes, line breaks only layout,
//! `⟦4 bytes: D5 00 00 00⟧` and `⟦E9 03⟧` are bytes in hexadecimal.

use std::fs;
use std::path::Path;

/// A worked message as bytes.
pub struct Message {
    pub head: Vec<String>,
    pub body: Vec<u8>,
}

impl Message {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .iter()
            .find_map(|line| line.split_once(": ").filter(|(found, _)| *found == name))
            .map(|(_, value)| value)
    }
}

pub fn message(name: &str) -> Message {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fk/messages");
    let listing = fs::read_to_string(folder.join(name).with_added_extension("http")).unwrap();
    let mut bytes = Vec::new();
    let mut chars = listing.chars().filter(|c| *c != '\n');
    while let Some(c) = chars.next() {
        match c {
            '␍' => bytes.push(b'\r'),
            '␊' => bytes.push(b'\n'),
            '␀' => bytes.push(0),
            '⟦' => {
                let note: String = chars.by_ref().take_while(|c| *c != '⟧').collect();
                let hex = note.split_once(": ").map_or(&*note, |(_, hex)| hex);
                bytes.extend(hex.split(' ').map(|byte| u8::from_str_radix(byte, 16).unwrap()));
            }
            c => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    Message { head: head.split("\r\n").map(str::to_owned).collect(), body: bytes[end + 4..].to_vec() }
}

/// A framed body.
pub fn framed(json: &str, blobs: &[&[u8]]) -> Vec<u8> {
    let length = |bytes: usize| u32::try_from(bytes).unwrap().to_le_bytes();
    let mut body = length(json.len() + 1).to_vec();
    body.extend_from_slice(json.as_bytes());
    body.push(0);
    for blob in blobs {
        body.extend(length(blob.len()));
        body.extend_from_slice(blob);
    }
    body
}
