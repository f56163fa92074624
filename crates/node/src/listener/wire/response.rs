//! Answers, byte for byte. Header names are written in the case each dialect wants (H1, H2), the length is always
//! there and nothing is ever chunked (H3), and head and body leave in one write (H8).

use std::cell::Cell;
use std::fmt::Write as _;

use rollcall_core::clock::Timestamp;

/// Status of an answer. No reason phrase of a refusal contains the letters "OK": machines search for them (A2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Accepted,
    BadRequest,
    NotFound,
    MethodNotAllowed,
    TooLarge,
    HeadTooLarge,
    Unavailable,
}

impl Status {
    fn line(self) -> &'static [u8] {
        match self {
            Self::Accepted => b"200 OK",
            Self::BadRequest => b"400 Bad Request",
            Self::NotFound => b"404 Not Found",
            Self::MethodNotAllowed => b"405 Method Not Allowed",
            Self::TooLarge => b"413 Content Too Large",
            Self::HeadTooLarge => b"431 Request Header Fields Too Large",
            Self::Unavailable => b"503 Service Unavailable",
        }
    }
}

/// What the connection has to do with an answer, whatever its dialect.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Envelope {
    /// Answer in HTTP/1.0 instead of 1.1.
    pub(crate) http10: bool,
    /// Leave the connection open afterwards.
    pub(crate) keep_alive: bool,
    /// The server's time; `None` leaves `Date` out, so that a wrong clock is not passed on (C2).
    pub(crate) date: Option<Timestamp>,
}

/// Appends an answer of the iclock dialects to `out`.
pub(crate) fn iclock(out: &mut Vec<u8>, envelope: Envelope, status: Status, body: &[u8]) {
    start(out, envelope.http10, status);
    out.extend_from_slice(b"Content-Type: text/plain\r\nContent-Length: ");
    decimal(out, body.len());
    if let Some(now) = envelope.date {
        out.extend_from_slice(b"\r\nDate: ");
        out.extend_from_slice(&date(now));
    }
    finish(out, envelope.keep_alive);
    out.extend_from_slice(body);
}

/// An answer of the FK dialect (fk-http §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FkAnswer {
    pub(crate) response_code: &'static str,
    /// The number of the command handed out, or of what is acknowledged.
    pub(crate) trans_id: Option<String>,
    pub(crate) cmd_code: Option<&'static str>,
    pub(crate) body: Vec<u8>,
}

impl FkAnswer {
    /// Nothing but a code.
    pub(crate) fn code(response_code: &'static str) -> Self {
        Self { response_code, trans_id: None, cmd_code: None, body: Vec::new() }
    }
}

/// Appends an answer of the FK dialect to `out`. `Date` stays out: old firmware chokes on headers it does not know.
pub(crate) fn fk(out: &mut Vec<u8>, http10: bool, status: Status, answer: &FkAnswer) {
    start(out, http10, status);
    out.extend_from_slice(b"Content-Type: application/octet-stream\r\nresponse_code: ");
    out.extend_from_slice(answer.response_code.as_bytes());
    // Only visible ASCII: a machine's own trans_id is sent back to it.
    let plain = |text: &&str| text.bytes().all(|byte| byte.is_ascii_graphic());
    if let Some(trans_id) = answer.trans_id.as_deref().filter(plain) {
        out.extend_from_slice(b"\r\ntrans_id: ");
        out.extend_from_slice(trans_id.as_bytes());
    }
    if let Some(cmd_code) = answer.cmd_code {
        out.extend_from_slice(b"\r\ncmd_code: ");
        out.extend_from_slice(cmd_code.as_bytes());
    }
    out.extend_from_slice(b"\r\nContent-Length: ");
    decimal(out, answer.body.len());
    finish(out, false);
    out.extend_from_slice(&answer.body);
}

fn start(out: &mut Vec<u8>, http10: bool, status: Status) {
    out.extend_from_slice(if http10 { b"HTTP/1.0 " } else { b"HTTP/1.1 " });
    out.extend_from_slice(status.line());
    out.extend_from_slice(b"\r\n");
}

fn finish(out: &mut Vec<u8>, keep_alive: bool) {
    out.extend_from_slice(if keep_alive {
        b"\r\nConnection: keep-alive\r\n\r\n"
    } else {
        b"\r\nConnection: close\r\n\r\n"
    });
}

/// Appends `number` in decimal digits.
pub(crate) fn decimal(out: &mut Vec<u8>, number: usize) {
    let mut digits = [0_u8; 20];
    let mut rest = number;
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(rest % 10).unwrap_or_default();
        used += 1;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(digits.len() - used..).unwrap_or_default());
}

/// An RFC 1123 date, `Mon, 06 Jul 2026 01:30:00 GMT`.
type HttpDate = [u8; 29];

fn date(now: Timestamp) -> HttpDate {
    thread_local! {
        /// Last second written and its text: it is formatted once a second instead of at every poll.
        static LAST: Cell<(i64, HttpDate)> = const { Cell::new((i64::MIN, [b' '; 29])) };
    }
    let second = now.timestamp();
    LAST.with(|last| {
        let (written, text) = last.get();
        if written == second {
            return text;
        }
        let text = format_date(now);
        last.set((second, text));
        text
    })
}

fn format_date(now: Timestamp) -> HttpDate {
    let mut text = String::with_capacity(32);
    let mut bytes = [b' '; 29];
    // Writing to a string cannot fail, and a year of four digits always makes 29 characters.
    if write!(text, "{}", now.format("%a, %d %b %Y %H:%M:%S GMT")).is_ok() {
        for (to, from) in bytes.iter_mut().zip(text.bytes()) {
            *to = from;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn monday() -> Timestamp {
        chrono::Utc.with_ymd_and_hms(2026, 7, 6, 1, 30, 0).unwrap()
    }

    #[test]
    fn h1_h3_title_case_and_a_length() {
        let mut out = Vec::new();
        let envelope = Envelope { http10: false, keep_alive: true, date: Some(monday()) };
        iclock(&mut out, envelope, Status::Accepted, b"OK: 12");
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\
             Date: Mon, 06 Jul 2026 01:30:00 GMT\r\nConnection: keep-alive\r\n\r\nOK: 12"
        );
    }

    #[test]
    fn h2_fk_in_lower_case_with_underscores() {
        let mut out = Vec::new();
        fk(&mut out, true, Status::Unavailable, &FkAnswer::code("ERROR"));
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "HTTP/1.0 503 Service Unavailable\r\nContent-Type: application/octet-stream\r\nresponse_code: ERROR\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n"
        );
    }

    #[test]
    fn a2_no_refusal_contains_the_letters() {
        for status in [
            Status::BadRequest,
            Status::NotFound,
            Status::MethodNotAllowed,
            Status::TooLarge,
            Status::HeadTooLarge,
            Status::Unavailable,
        ] {
            let line = String::from_utf8(status.line().to_vec()).unwrap();
            assert!(!line.to_ascii_uppercase().contains("OK"), "{line}");
        }
    }

    #[test]
    fn dates_follow_the_clock_even_backwards() {
        assert_eq!(&date(monday()), b"Mon, 06 Jul 2026 01:30:00 GMT");
        assert_eq!(&date(monday() + chrono::TimeDelta::seconds(1)), b"Mon, 06 Jul 2026 01:30:01 GMT");
        assert_eq!(&date(monday()), b"Mon, 06 Jul 2026 01:30:00 GMT");
    }

    #[test]
    fn decimals() {
        for number in [0, 7, 10, 16_777_216, usize::MAX] {
            let mut out = Vec::new();
            decimal(&mut out, number);
            assert_eq!(String::from_utf8(out).unwrap(), number.to_string());
        }
    }
}
