//! The worked messages of the protocol chapter, kept in its wire notation: `␍ ␊ ␉ ␀` are the bytes, line
//! breaks only layout, `⟦n bytes …⟧` stands for binary.

use std::fs;
use std::path::Path;

/// A worked message as bytes.
pub struct Message {
    pub name: String,
    /// Request or status line.
    pub first: Vec<u8>,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Message {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    pub fn is_request(&self) -> bool {
        !self.first.starts_with(b"HTTP/")
    }

    /// The target of a request.
    pub fn target(&self) -> &[u8] {
        rollcall_protocol::http::RequestLine::parse(&self.first).unwrap().target
    }
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/messages")
}

/// One worked message by the name of its file.
pub fn message(name: &str) -> Message {
    let listing = fs::read_to_string(folder().join(name).with_added_extension("http")).unwrap();
    let mut bytes = Vec::new();
    let mut chars = listing.chars().filter(|c| *c != '\n');
    while let Some(c) = chars.next() {
        match c {
            '␍' => bytes.push(b'\r'),
            '␊' => bytes.push(b'\n'),
            '␉' => bytes.push(b'\t'),
            '␀' => bytes.push(0),
            '⟦' => {
                let note: String = chars.by_ref().take_while(|c| *c != '⟧').collect();
                let count = note.split(' ').next().unwrap().parse().unwrap();
                bytes.extend(std::iter::repeat_n(0xd8, count));
            }
            c => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    Message {
        name: name.to_owned(),
        first: lines.next().unwrap().as_bytes().to_vec(),
        headers: lines
            .map(|line| line.split_once(": ").map(|(n, v)| (n.to_owned(), v.to_owned())).unwrap())
            .collect(),
        body: bytes[end + 4..].to_vec(),
    }
}

/// Every worked message there is; the other dialects' are in folders of their own.
pub fn all() -> Vec<Message> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".http").map(str::to_owned))
        .collect();
    names.sort();
    names.iter().map(|name| message(name)).collect()
}

/// Bytes in the notation of the listings, for snapshots and for messages of failed tests.
pub fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.replace('\r', "␍").replace('\n', "␊\n").replace('\t', "␉").replace('\0', "␀")
}
