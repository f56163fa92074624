//! What the listener says, taken apart as strictly as the pickiest machine does.

use super::script::find;

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// `response_code` of the FK dialect.
    pub fk: Option<String>,
    trans_id: Option<String>,
    cmd_code: Option<String>,
    pub body: Vec<u8>,
}

/// Something a machine is told to do.
#[derive(Debug)]
pub struct Command {
    pub number: Vec<u8>,
    pub once_only: bool,
}

const STATUSES: [u16; 7] = [200, 400, 404, 405, 413, 431, 503];
/// What happens twice if it is told twice (Q4).
const ONCE: [&str; 9] = [
    "REBOOT",
    "AC_UNLOCK",
    "CLEAR ",
    "CONTROL DEVICE 01",
    "CONTROL DEVICE 03",
    "RESET_FK",
    "SET_DOOR_STATUS",
    "CLEAR_LOG_DATA",
    "CLEAR_ENROLL_DATA",
];

/// All answers in some bytes.
///
/// # Panics
/// When one is not as it has to be.
pub fn read(mut bytes: &[u8]) -> Vec<Answer> {
    let mut answers = Vec::new();
    while !bytes.is_empty() {
        let end = find(bytes, b"\r\n\r\n").unwrap_or_else(|| panic!("half a head: {}", shown(bytes)));
        let (head, rest) = bytes.split_at(end + 4);
        if head == b"HTTP/1.1 100 Continue\r\n\r\n" {
            bytes = rest;
            continue;
        }
        let (answer, length) = one(head, rest);
        answers.push(answer);
        bytes = &rest[length..];
    }
    answers
}

fn shown(bytes: &[u8]) -> String {
    bytes[..bytes.len().min(300)].escape_ascii().to_string()
}

fn one(head: &[u8], rest: &[u8]) -> (Answer, usize) {
    assert!(head.len() < 2048, "a machine's buffer is smaller (H5)");
    let text = std::str::from_utf8(head).unwrap_or_else(|_| panic!("{}", shown(head)));
    let mut lines = text.trim_end_matches("\r\n").split("\r\n");
    let line = lines.next().unwrap_or_default();
    assert!(line.starts_with("HTTP/1.0 ") || line.starts_with("HTTP/1.1 "), "{line}");
    let status: u16 = line.get(9..12).and_then(|status| status.parse().ok()).unwrap_or_default();
    assert!(STATUSES.contains(&status) && line.get(12..13) == Some(" "), "{line}");
    let headers: Vec<(&str, &str)> = lines
        .map(|line| {
            assert!(!line.bytes().any(|byte| byte.is_ascii_control()) && line.len() < 1024, "{line:?}");
            line.split_once(": ").unwrap_or_else(|| panic!("no header: {line:?}"))
        })
        .collect();
    let get = |name: &str| {
        let found: Vec<_> =
            headers.iter().filter(|(known, _)| *known == name).map(|(_, value)| *value).collect();
        assert!(found.len() <= 1, "{name} twice");
        found.first().map(|value| (*value).to_owned())
    };
    // In this case of letters: device code searches the raw text (H1).
    let length = get("Content-Length").unwrap_or_else(|| panic!("no length: {text}"));
    let length: usize = length.parse().unwrap_or_else(|_| panic!("length {length}"));
    assert!(matches!(get("Connection").as_deref(), Some("close" | "keep-alive")), "{text}");
    assert!(get("Content-Type").is_some() && get("Transfer-Encoding").is_none(), "{text}");
    let body = rest.get(..length).unwrap_or_else(|| panic!("{} of {length} bytes", rest.len())).to_vec();
    let answer = Answer {
        status,
        fk: get("response_code"),
        trans_id: get("trans_id"),
        cmd_code: get("cmd_code"),
        body,
    };
    if answer.is_refusal() {
        let raw = [head, &answer.body].concat().to_ascii_uppercase();
        // The status line of an FK answer says 200 now and then, and only `response_code` counts.
        let counts = if status == 200 { &raw[15..] } else { &raw[..] };
        assert!(find(counts, b"OK").is_none(), "a refusal that reads as success (A2): {}", shown(&raw));
    }
    (answer, length)
}

impl Answer {
    /// Whether the machine keeps what it sent. “No command” refuses nothing.
    pub fn is_refusal(&self) -> bool {
        match self.fk.as_deref() {
            Some("OK" | "ERROR_NO_CMD") => false,
            Some(_) => true,
            None => self.status != 200,
        }
    }

    /// Whether the machine takes it for an acknowledgement of what it sent.
    pub fn acknowledges(&self) -> bool {
        match self.fk.as_deref() {
            Some(code) => code == "OK",
            None => self.status == 200,
        }
    }

    /// What a machine is told to do.
    ///
    /// # Panics
    /// When it is not told in the way machines are.
    pub fn commands(&self) -> Vec<Command> {
        let once_only =
            |words: &str| ONCE.iter().any(|once| words.starts_with(once)) || words.ends_with(" *");
        if let (Some(number), Some(code)) = (&self.trans_id, &self.cmd_code) {
            return vec![Command { number: number.as_bytes().to_vec(), once_only: once_only(code) }];
        }
        if self.fk.is_some() || !self.body.starts_with(b"C:") {
            return Vec::new();
        }
        assert!(self.body.ends_with(b"\n"), "the last command would be dropped (H7)");
        assert!(self.body.len() <= 64 * 1024, "more than a machine takes (Q5)");
        let lines = self.body[..self.body.len() - 1].split(|byte| *byte == b'\n');
        lines
            .map(|line| {
                assert!(
                    !line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t'),
                    "{}",
                    shown(line)
                );
                let mut parts = line.splitn(3, |byte| *byte == b':');
                let (c, number, words) = (parts.next(), parts.next(), parts.next());
                let (Some(b"C"), Some(number), Some(words)) = (c, number, words) else {
                    panic!("no command: {}", shown(line));
                };
                assert!((1..=9).contains(&number.len()) && number.iter().all(u8::is_ascii_digit));
                let words = String::from_utf8_lossy(words);
                Command { number: number.to_vec(), once_only: once_only(&words) }
            })
            .collect()
    }
}
