//! What machines said lately and what they were answered, in memory: the only way to support a machine nobody has seen
//! before (O1).
//!
//! Each machine has a ring of its own, far smaller ones go to some strangers. Whatever is kept is masked first ([`mask`]).
//! An exchange that is the same as one of the last few only counts up there: a machine polls every few seconds, and neither
//! that nor an upload it repeats for hours pushes out what matters. Such a poll is compared by a hash, and nothing of it is
//! written down.

mod mask;

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hasher};
use std::net::IpAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use rollcall_core::clock::Timestamp;
use rollcall_protocol::attendance::Table;
use rollcall_protocol::fk::request as fk;
use rollcall_protocol::http::{Endpoint, Target};

pub(crate) use mask::{is_secret, pair, query, set_aside, without_secrets};

use super::wire::head::Head;
use crate::fleet::Known;

/// Bytes of text kept of one exchange: target, head, body, answer.
const TARGET: usize = 512;
const HEADERS: usize = 1024;
const BODY: usize = 1536;
const ANSWER: usize = 1536;
/// Bytes of a body that are compared; an upload repeated is repeated whole.
const COMPARED: usize = 4096;
/// So many exchanges back one that is the same is looked for.
const LOOK_BACK: usize = 4;
/// Bytes of a `Date` header line, which is another one in each answer.
const DATE_LINE: usize = 37;

/// How much a ring keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    entries: usize,
    text: usize,
}

/// Of a machine: with what the entries take beside their texts, below 32 KiB.
pub(crate) const MACHINE: Bounds = Bounds { entries: 64, text: 24 * 1024 };
/// Of a stranger.
pub(crate) const STRANGER: Bounds = Bounds { entries: 8, text: 6 * 1024 };

/// A request and its answer, masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// When it was first seen.
    pub at: Timestamp,
    /// When it was last seen; the same as `at` unless it was repeated.
    pub last_at: Timestamp,
    /// Where it came from.
    pub address: IpAddr,
    /// How often the same came again.
    pub repeated: u32,
    /// The status it was answered with.
    pub status: u16,
    key: u64,
    text: Box<str>,
    /// Where in the text the parts end: method, target, headers, body; the rest is the answer.
    ends: [u16; 4],
}

impl Exchange {
    fn part(&self, number: usize) -> &str {
        let end = |number: usize| self.ends.get(number).map_or(self.text.len(), |end| usize::from(*end));
        let start = number.checked_sub(1).map_or(0, end);
        self.text.get(start..end(number)).unwrap_or_default()
    }

    /// `GET`, `POST` …
    pub fn method(&self) -> &str {
        self.part(0)
    }

    /// Path and query.
    pub fn target(&self) -> &str {
        self.part(1)
    }

    /// The header lines of the request.
    pub fn headers(&self) -> &str {
        self.part(2)
    }

    /// The first part of its body.
    pub fn body(&self) -> &str {
        self.part(3)
    }

    /// The header lines and the first part of the body of the answer.
    pub fn answer(&self) -> &str {
        self.part(4)
    }
}

/// The last exchanges with one machine.
#[derive(Debug)]
pub(crate) struct Ring {
    bounds: Bounds,
    entries: VecDeque<Exchange>,
    text: usize,
}

impl Ring {
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self { bounds, entries: VecDeque::new(), text: 0 }
    }

    /// Counts an exchange up that came lately; false when there is none like it.
    fn fold(&mut self, key: u64, at: Timestamp) -> bool {
        match self.entries.iter_mut().rev().take(LOOK_BACK).find(|entry| entry.key == key) {
            Some(entry) => {
                entry.repeated = entry.repeated.saturating_add(1);
                entry.last_at = at;
                true
            }
            None => false,
        }
    }

    fn add(&mut self, entry: Exchange) {
        let text = entry.text.len();
        // Room first: beyond its bound the queue would double what it takes.
        while self.entries.len() >= self.bounds.entries || self.text + text > self.bounds.text {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.text -= oldest.text.len();
        }
        self.text += text;
        self.entries.push_back(entry);
    }

    /// What is kept, the newest first.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.entries.iter().rev().cloned().collect()
    }

    /// Exchanges seen, repeated ones included.
    pub(crate) fn seen(&self) -> u64 {
        self.entries.iter().map(|entry| 1 + u64::from(entry.repeated)).sum()
    }

    /// Takes over what was kept of a stranger.
    pub(crate) fn take(&mut self, older: &Self) {
        let newer = std::mem::take(&mut self.entries);
        self.text = 0;
        for entry in older.entries.iter().cloned().chain(newer) {
            self.add(entry);
        }
    }
}

/// A request, as it came.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) at: Timestamp,
    pub(crate) address: IpAddr,
    pub(crate) head: &'a Head<'a>,
    pub(crate) target: &'a Target<'a>,
    pub(crate) endpoint: Endpoint,
    /// The head's bytes, request line and all.
    pub(crate) bytes: &'a [u8],
    pub(crate) body: Content<'a>,
}

/// Whose exchange it is.
pub(crate) enum Whose {
    Machine(Arc<Known>),
    Stranger(Arc<Mutex<Ring>>),
}

impl Whose {
    pub(crate) fn ring(&self) -> &Mutex<Ring> {
        match self {
            Self::Machine(known) => &known.trace,
            Self::Stranger(ring) => ring,
        }
    }
}

/// What there is of a body.
#[derive(Clone, Copy)]
pub(crate) enum Content<'a> {
    Here(&'a [u8]),
    /// Nobody wanted it, or it was too large.
    NotKept,
}

/// A request that waits for its answer: masked already, since its bytes are gone by then.
pub(crate) struct Sketch {
    key: u64,
    at: Timestamp,
    address: IpAddr,
    text: String,
    ends: [u16; 4],
    fk: bool,
}

impl Request<'_> {
    /// Whether it speaks FK, whose bodies are binary.
    fn fk(&self) -> bool {
        self.head.request_code.is_some() || self.head.dev_id.is_some()
    }

    /// A poll, or the state of a door, which comes every few seconds (S4): the digits in its body are a time.
    fn is_idle(&self) -> bool {
        if self.fk() {
            return fk::Request::of(self.head.request_code, self.head.fk.cmd_id) == fk::Request::Poll;
        }
        let table = self.target.query.get("table").filter(|_| self.endpoint == Endpoint::Cdata);
        table.is_some_and(|name| Table::parse(&name) == Table::RtState)
    }

    fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        hasher.write(self.bytes);
        match self.body {
            Content::NotKept => hasher.write_u8(1),
            Content::Here([]) => {}
            Content::Here(body) if self.is_idle() => {
                for piece in body.split(u8::is_ascii_digit) {
                    hasher.write(piece);
                }
            }
            Content::Here(body) => {
                hasher.write_usize(body.len());
                hasher.write(body.get(..COMPARED).unwrap_or(body));
            }
        }
        hasher.finish()
    }

    fn sketch(&self, key: u64) -> Sketch {
        let mut text = String::with_capacity(512);
        let mut ends = [0; 4];
        let parts = [
            String::from_utf8_lossy(self.head.verb.get(..16).unwrap_or(self.head.verb)).into_owned(),
            mask::target(self.head.target, TARGET),
            mask::headers(after_line(self.bytes), HEADERS),
            match self.body {
                Content::Here(body) => mask::body(body, self.fk(), BODY),
                Content::NotKept => "‹not read›".to_owned(),
            },
        ];
        for (part, end) in parts.iter().zip(&mut ends) {
            text.push_str(part);
            // The parts are bounded far below this.
            *end = u16::try_from(text.len()).unwrap_or(u16::MAX);
        }
        Sketch { key, at: self.at, address: self.address, text, ends, fk: self.fk() }
    }

    /// Keeps a request that is answered already.
    pub(crate) fn answered(&self, answer: &[u8], ring: &Mutex<Ring>) {
        let key = self.key();
        if ring.lock().fold(with_answer(key, answer), self.at) {
            return;
        }
        self.sketch(key).answered(answer, ring);
    }

    /// Keeps of a request what its answer will be put to.
    pub(crate) fn begin(&self) -> Sketch {
        self.sketch(self.key())
    }
}

impl Sketch {
    /// Keeps it with its answer.
    pub(crate) fn answered(mut self, answer: &[u8], ring: &Mutex<Ring>) {
        let key = with_answer(self.key, answer);
        let mut ring = ring.lock();
        if ring.fold(key, self.at) {
            return;
        }
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(answer.len(), |at| at + 4);
        let (head, body) = answer.split_at(end);
        self.text.push_str(&mask::headers(after_line(head), HEADERS));
        if !body.is_empty() {
            self.text.push_str("\n\n");
            self.text.push_str(&mask::body(body, self.fk, ANSWER));
        }
        ring.add(Exchange {
            at: self.at,
            last_at: self.at,
            address: self.address,
            repeated: 0,
            status: status(answer),
            key,
            text: self.text.into_boxed_str(),
            ends: self.ends,
        });
    }
}

/// What follows the first line.
fn after_line(head: &[u8]) -> &[u8] {
    let head = head.trim_ascii_start();
    head.iter().position(|byte| *byte == b'\n').and_then(|at| head.get(at + 1..)).unwrap_or_default()
}

fn status(answer: &[u8]) -> u16 {
    let digits = answer.get(9..12).and_then(|digits| std::str::from_utf8(digits).ok());
    digits.and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

/// The request's key with the answer's, whenever that was given.
fn with_answer(request: u64, answer: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write_u64(request);
    match answer.windows(8).position(|eight| eight == b"\r\nDate: ") {
        Some(at) => {
            let (before, after) = answer.split_at(at);
            hasher.write(before);
            hasher.write(after.get(DATE_LINE..).unwrap_or_default());
        }
        None => hasher.write(answer),
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::super::wire::head::{self, Parsed};
    use super::*;
    use chrono::{TimeDelta, TimeZone};

    fn start() -> Timestamp {
        chrono::Utc.with_ymd_and_hms(2026, 7, 6, 1, 30, 0).unwrap()
    }

    const POLL: &[u8] = b"GET /iclock/getrequest?SN=A1 HTTP/1.1\r\nHost: x\r\n\r\n";

    fn answer(second: usize, body: &str) -> Vec<u8> {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nDate: Mon, 06 Jul 2026 01:30:{second:02} GMT\r\nConnection: close\r\n\r\n{body}", body.len()).into_bytes()
    }

    fn see(ring: &Mutex<Ring>, bytes: &[u8], second: usize, answer_body: &str) {
        let Parsed::Whole(head) = head::parse(bytes) else { panic!("no head") };
        let target = Target::parse(head.target);
        let (bytes, body) = bytes.split_at(head.size);
        let request = Request {
            at: start() + TimeDelta::seconds(i64::try_from(second).unwrap()),
            address: IpAddr::from([10, 0, 0, 9]),
            head: &head,
            target: &target,
            endpoint: target.endpoint(),
            bytes,
            body: Content::Here(body),
        };
        if second.is_multiple_of(2) {
            request.answered(&answer(second % 60, answer_body), ring);
        } else {
            request.begin().answered(&answer(second % 60, answer_body), ring);
        }
    }

    fn upload(body: &str) -> Vec<u8> {
        format!(
            "POST /iclock/cdata?SN=A1&table=ATTLOG HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    }

    #[test]
    fn o1_idle_polls_are_one_entry_with_a_counter() {
        let ring = Mutex::new(Ring::new(MACHINE));
        for second in 0..30 {
            see(&ring, POLL, second, "OK");
        }
        see(&ring, &upload("1\t2026-07-06 08:58:11\t0\n"), 30, "OK: 1");
        see(&ring, POLL, 31, "OK");
        see(&ring, POLL, 32, "C:1:CHECK\n");
        let kept = ring.lock().exchanges();
        let told: Vec<_> = kept.iter().map(|e| (e.method(), e.repeated, e.status, e.body())).collect();
        assert_eq!(
            told,
            [("GET", 0, 200, ""), ("POST", 0, 200, "1\t2026-07-06 08:58:11\t0\n"), ("GET", 30, 200, "")]
        );
        assert_eq!((kept[2].at, kept[2].last_at), (start(), start() + TimeDelta::seconds(31)));
        assert_eq!(kept[2].target(), "/iclock/getrequest?SN=A1");
        assert_eq!(kept[2].headers(), "Host: x");
        assert!(kept[0].answer().ends_with("Connection: close\n\nC:1:CHECK\n"), "{}", kept[0].answer());
    }

    #[test]
    fn o1_s4_polls_with_the_time_in_them_fold_too() {
        let ring = Mutex::new(Ring::new(MACHINE));
        let post = |head: &str, body: &str| {
            format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
        };
        for second in 0..10 {
            let body = format!("{{\"fk_time\":\"202607060930{second:02}\"}}");
            see(
                &ring,
                &post("POST / HTTP/1.0\r\nrequest_code: receive_cmd\r\ndev_id: C2", &body),
                second,
                "",
            );
            let state = format!("time=2026-07-06 09:30:{second:02}\tsensor=01");
            see(&ring, &post("POST /iclock/cdata?SN=A1&table=rtstate HTTP/1.1", &state), second, "OK");
        }
        assert_eq!(ring.lock().exchanges().iter().map(|e| e.repeated).collect::<Vec<_>>(), [9, 9]);
    }

    #[test]
    fn o1_an_upload_that_is_refused_again_and_again_is_one_entry() {
        let ring = Mutex::new(Ring::new(STRANGER));
        for second in 0..10 {
            see(&ring, &upload("1\t2026-07-06 08:58:11\t0\n"), second, "BUSY");
        }
        see(&ring, &upload("1\t2026-07-06 08:58:12\t0\n"), 11, "BUSY");
        assert_eq!(ring.lock().exchanges().iter().map(|e| e.repeated).collect::<Vec<_>>(), [0, 9]);
    }

    #[test]
    fn o1_a_ring_stays_below_32_kib_whatever_is_sent() {
        for size in [0, 300, 5000] {
            let ring = Mutex::new(Ring::new(MACHINE));
            for second in 0..500 {
                see(&ring, &upload(&format!("{second}\t{}", "a b ".repeat(size))), second, "OK: 1");
            }
            let ring = ring.lock();
            let texts: usize = ring.entries.iter().map(|entry| entry.text.len()).sum();
            assert_eq!(texts, ring.text);
            let all = texts + ring.entries.capacity() * size_of::<Exchange>();
            assert!(all <= 32 * 1024, "{all}");
            assert!(ring.entries.len() > 4, "and yet it tells something");
        }
    }

    #[test]
    fn o1_nothing_bare_is_kept() {
        let ring = Mutex::new(Ring::new(MACHINE));
        let tmp = "TVpTUw".repeat(50);
        let body = format!("USER PIN=1\tName=A\tPasswd=4321\tCard=123456789\nFP PIN=1\tTMP={tmp}\n");
        see(&ring, &upload(&body), 0, "C:1:DATA UPDATE USERINFO PIN=1\tPasswd=4321\n");
        let kept = ring.lock().exchanges();
        for bare in ["4321", "1234567", "TVpT"] {
            assert!(!kept[0].text.contains(bare), "{}", kept[0].text);
        }
        assert!(kept[0].body().contains("TMP=‹300 bytes›"));
    }
}
