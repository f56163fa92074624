//! What must have been kept once a machine is told that it was taken.
//!
//! It speaks only about requests that nobody can misunderstand ([`Request::read`]); of all others only the answers are
//! judged. It does not know what each kind of line is kept as: an upload that is acknowledged must leave something behind,
//! and a body of punches exactly its punches and its unreadable lines. Left out is what is kept in memory by design (door
//! states, options and counts, blocks before the last) and results, whose place is the commands.

use std::collections::HashSet;

use rollcall_core::roster::pin_number;
use rollcall_node::listener::rig::set_aside;
use rollcall_protocol::attendance::{Table, attlog};
use rollcall_protocol::fk::frame::Frame;
use rollcall_protocol::fk::json::Json;
use rollcall_protocol::fk::request;
use rollcall_protocol::http::{Endpoint, Target};
use rollcall_protocol::text::truncate_bytes;

use super::answers::Answer;
use super::script::find;
use super::site::{MACHINES, Machine, Place};

/// A request with one meaning only.
#[derive(Debug)]
pub struct Request {
    post: bool,
    target: Vec<u8>,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

/// Rows of what machines hand over, before and after a request.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    pub strict: bool,
    pub before: i64,
    pub after: i64,
}

impl Request {
    /// Nothing when there is the least doubt about where it ends.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let end = find(bytes, b"\r\n\r\n")?;
        let (head, body) = (&bytes[..end], &bytes[end + 4..]);
        if end > 1500 || head.iter().any(|byte| byte.is_ascii_control() && !matches!(byte, b'\r' | b'\n')) {
            return None;
        }
        let lines = head.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        // What a CR by itself means is told differently everywhere; the listener refuses it.
        if lines.clone().any(|line| line.contains(&b'\r')) {
            return None;
        }
        let mut lines = lines;
        let line = lines.next()?;
        let post = line.starts_with(b"POST /");
        let target = line.strip_prefix(b"POST ").or_else(|| line.strip_prefix(b"GET "))?;
        let target = target.strip_suffix(b" HTTP/1.1").or_else(|| target.strip_suffix(b" HTTP/1.0"))?;
        if !target.iter().all(u8::is_ascii_graphic) || !target.starts_with(b"/") {
            return None;
        }
        let mut headers = Vec::new();
        for line in lines {
            let at = line.iter().position(|byte| *byte == b':')?;
            let name = std::str::from_utf8(&line[..at]).ok()?.to_ascii_lowercase();
            let plain =
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
            let known = ["transfer-encoding", "expect", "connection"].contains(&name.as_str());
            if !plain || known || headers.iter().any(|(there, _)| *there == name) {
                return None;
            }
            let value = line[at + 1..].trim_ascii();
            if !value.iter().all(|byte| (b' '..=b'~').contains(byte)) {
                return None;
            }
            headers.push((name, value.to_vec()));
        }
        let request = Self { post, target: target.to_vec(), headers, body: body.to_vec() };
        let length = request.header("content-length").map(|text| String::from_utf8_lossy(text).into_owned());
        let whole = match length {
            Some(length) => length == body.len().to_string(),
            None => body.is_empty() && !post,
        };
        (whole && request.headers.len() < 40).then_some(request)
    }

    fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice())
    }

    fn is_fk(&self) -> bool {
        self.header("request_code").is_some() || self.header("dev_id").is_some()
    }

    fn fk_kind(&self) -> request::Request {
        request::Request::of(self.header("request_code"), self.header("cmd_id"))
    }

    /// Whether it can only be asking for something to do.
    pub fn polls(&self) -> bool {
        if self.is_fk() {
            return self.fk_kind() == request::Request::Poll;
        }
        Target::parse(&self.target).endpoint() == Endpoint::GetRequest
    }

    fn machine(&self) -> Option<Machine> {
        let sn = if self.is_fk() {
            self.header("dev_id")?.to_vec()
        } else {
            Target::parse(&self.target).sn()?.into_owned()
        };
        let sn = sn.trim_ascii();
        MACHINES
            .into_iter()
            .find(|(_, known)| known.as_bytes().eq_ignore_ascii_case(sn))
            .map(|(machine, _)| machine)
    }

    /// Whether it hands something over that has to be on disk before it is acknowledged.
    fn hands_over(&self) -> bool {
        if !self.body.iter().any(|byte| *byte > b' ' && *byte != 0x7f) {
            return false;
        }
        if self.is_fk() {
            let single = request::block_number(self.header("blk_no")) == Some(0);
            let empty = Frame::parse(&self.body).is_ok_and(|frame| {
                frame.json().is_ok_and(|json| matches!(json, Json::List(list) if list.is_empty()))
            });
            let kind = self.fk_kind();
            let told = self.header("cmd_return_code").is_some();
            return single
                && !empty
                && !told
                && !matches!(kind, request::Request::Poll | request::Request::CommandResult);
        }
        let target = Target::parse(&self.target);
        let query = &target.query;
        let kind = query.get("type").unwrap_or_default();
        let is =
            |names: &[&str]| names.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(kind.trim_ascii()));
        let asks = query.get("options").is_some() || query.get("AuthType").is_some();
        match target.endpoint() {
            Endpoint::Cdata if asks || is(&["time", "LastPunch", "PostVerifyData"]) => false,
            Endpoint::Cdata => !matches!(
                query.get("table").map(|name| Table::parse(&name)),
                Some(
                    Table::Options
                        | Table::RtState
                        | Table::IrState
                        | Table::RemoteAtt
                        | Table::SelfServiceData
                )
            ),
            Endpoint::Fdata | Endpoint::Event => true,
            Endpoint::QueryData => !is(&["options", "count"]),
            _ => false,
        }
    }

    fn is_attlog(&self) -> bool {
        let target = Target::parse(&self.target);
        let table = target.query.get("table").map(|name| Table::parse(&name));
        !self.is_fk() && target.endpoint() == Endpoint::Cdata && table == Some(Table::AttLog)
    }
}

/// Judges what became of a request.
pub async fn judge(request: &Request, answer: &Answer, kept: Kept, place: &Place) {
    let trusted = request.machine().filter(|machine| *machine != Machine::Disabled);
    if !request.polls() {
        assert!(answer.commands().is_empty(), "only a poll is told what to do (A8)");
    }
    if trusted.is_none() {
        assert_eq!(
            kept.before, kept.after,
            "something of a stranger's or a disabled machine's was kept (I1)"
        );
        assert!(
            answer.commands().is_empty(),
            "a stranger or a disabled machine is told to do something (I1)"
        );
        assert!(
            !request.post || !request.hands_over() || !answer.acknowledges(),
            "what a stranger or a disabled machine hands over is lost (I1): {request:?}"
        );
        return;
    }
    if answer.is_refusal() || !kept.strict || !request.hands_over() {
        return;
    }
    if request.is_attlog() {
        punches(request, answer, place).await;
    } else {
        assert!(kept.after > 0, "acknowledged and not kept: {request:?} {answer:?}");
    }
}

/// Every line is a punch or an unreadable one; both exist once.
async fn punches(request: &Request, answer: &Answer, place: &Place) {
    let (mut good, mut bad, mut lines) = (HashSet::new(), HashSet::new(), 0);
    for line in attlog::lines(&request.body) {
        lines += 1;
        match line.punch {
            Ok(punch) => {
                let number = pin_number(&punch.pin);
                let pin = if number.is_none() { punch.pin.into_owned() } else { String::new() };
                let verify = truncate_bytes(&punch.verify, 64).to_owned();
                good.insert((number, pin, punch.time, punch.status, verify));
            }
            Err(error) => {
                bad.insert((set_aside(line.raw).unwrap_or_else(|| line.raw.to_vec()), error.code()));
            }
        }
    }
    assert_eq!(answer.body, format!("OK: {lines}").as_bytes(), "the count of lines (A3)");
    let held = place.number("SELECT count(*) FROM punches".to_owned()).await;
    assert_eq!(held, i64::try_from(good.len()).unwrap_or(-1), "punches acknowledged and not kept");
    let aside = place.number("SELECT count(*) FROM rejected_lines".to_owned()).await;
    assert_eq!(aside, i64::try_from(bad.len()).unwrap_or(-1), "lines acknowledged and not kept");
}
