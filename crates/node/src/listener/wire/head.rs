//! What the head of a request says about the connection: where the body ends and what happens after the answer.
//!
//! The request line is not read by `httparse`: machines put raw blanks into it (`table= ATTLOG`, an `INFO` with
//! blanks), which no HTTP library lets through.

use rollcall_protocol::http::RequestLine;

/// Headers a request may carry; a proxy adds a dozen, a machine sends six.
const MOST_HEADERS: usize = 64;
/// How the media type of access machines begins (access-push §1).
const ACCESS_MEDIA: &[u8] = b"application/push";

/// Method of a request, as far as the listener tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Other,
}

/// How the end of a body is known (T5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// No body: nothing was announced (T4).
    Empty,
    Length(u64),
    Chunked,
    /// HTTP/1.0 without a length: the body ends with the connection.
    UntilClose,
}

/// A complete request head.
#[derive(Debug)]
pub(crate) struct Head<'a> {
    pub(crate) method: Method,
    /// Method as sent, for the journal.
    pub(crate) verb: &'a [u8],
    /// Request target as sent, without the blanks around it.
    pub(crate) target: &'a [u8],
    /// The answer carries the version of the request: HTTP/1.0 when true, else 1.1.
    pub(crate) http10: bool,
    /// Bytes of the buffer the head took.
    pub(crate) size: usize,
    pub(crate) framing: Framing,
    pub(crate) keep_alive: bool,
    pub(crate) expects_continue: bool,
    /// `request_code` header: the request speaks FK (R8).
    pub(crate) request_code: Option<&'a [u8]>,
    /// `dev_id` header: the request speaks FK (R8).
    pub(crate) dev_id: Option<&'a [u8]>,
    /// The other headers of that dialect.
    pub(crate) fk: FkHeaders<'a>,
    /// `Accept` or `Content-Type` is `application/push`: probably the access dialect.
    pub(crate) access_media: bool,
}

/// Headers of the FK dialect (fk-http §2, §3), as sent; untrusted text (I5). A proxy that drops names with underscores
/// drops all of them.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct FkHeaders<'a> {
    /// `cmd_id`, which some models send instead of `request_code`.
    pub(crate) cmd_id: Option<&'a [u8]>,
    pub(crate) trans_id: Option<&'a [u8]>,
    pub(crate) blk_no: Option<&'a [u8]>,
    pub(crate) blk_len: Option<&'a [u8]>,
    pub(crate) cmd_return_code: Option<&'a [u8]>,
    pub(crate) dev_model: Option<&'a [u8]>,
}

impl<'a> FkHeaders<'a> {
    /// Takes a header over if it is one of these; the first of several counts.
    fn take(&mut self, name: &str, value: &'a [u8]) {
        let field = match name.len() {
            6 if name.eq_ignore_ascii_case("cmd_id") => &mut self.cmd_id,
            6 if name.eq_ignore_ascii_case("blk_no") => &mut self.blk_no,
            7 if name.eq_ignore_ascii_case("blk_len") => &mut self.blk_len,
            8 if name.eq_ignore_ascii_case("trans_id") => &mut self.trans_id,
            9 if name.eq_ignore_ascii_case("dev_model") => &mut self.dev_model,
            15 if name.eq_ignore_ascii_case("cmd_return_code") => &mut self.cmd_return_code,
            _ => return,
        };
        field.get_or_insert(value.trim_ascii());
    }
}

/// Why a head can never become a request. Each is answered 400 and closed, unless said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// The first byte opens a TLS handshake: closed without an answer, which nobody could read (T11).
    Tls,
    /// Not a request line, or headers that are none.
    Unreadable,
    /// More headers, or more bytes of them, than the limits allow: 431.
    TooLarge,
    /// A length that is not a number, two that differ, one beside an encoding, or none at all for a body that is there
    /// (T5).
    Length,
}

/// What a buffer that begins with a request head amounts to so far.
#[derive(Debug)]
pub(crate) enum Parsed<'a> {
    Whole(Head<'a>),
    Partial,
    Flawed(Flaw),
}

/// Reads the head at the start of `buffer`, which may hold more than the head or not all of it.
pub(crate) fn parse(buffer: &[u8]) -> Parsed<'_> {
    // Old clients send an empty line after a body; it belongs to no request.
    let blank = buffer.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let Some(rest) = buffer.get(blank..) else { return Parsed::Partial };
    match rest.first() {
        None => return Parsed::Partial,
        Some(0x16) => return Parsed::Flawed(Flaw::Tls),
        Some(byte) if !byte.is_ascii_alphabetic() => return Parsed::Flawed(Flaw::Unreadable),
        Some(_) => {}
    }
    let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { return Parsed::Partial };
    let (line, headers) = rest.split_at(end);
    let Some(line) = RequestLine::parse(line.trim_ascii_end()) else {
        return Parsed::Flawed(Flaw::Unreadable);
    };
    let headers = headers.get(1..).unwrap_or_default();

    let mut storage = [httparse::EMPTY_HEADER; MOST_HEADERS];
    match httparse::parse_headers(headers, &mut storage) {
        Ok(httparse::Status::Partial) => Parsed::Partial,
        Ok(httparse::Status::Complete((size, headers))) => {
            match Head::new(&line, headers, blank + end + 1 + size) {
                Ok(head) if head.hides_a_body(buffer) => Parsed::Flawed(Flaw::Length),
                Ok(head) => Parsed::Whole(head),
                Err(flaw) => Parsed::Flawed(flaw),
            }
        }
        Err(httparse::Error::TooManyHeaders) => Parsed::Flawed(Flaw::TooLarge),
        Err(_) => Parsed::Flawed(Flaw::Unreadable),
    }
}

impl<'a> Head<'a> {
    fn new(line: &RequestLine<'a>, headers: &[httparse::Header<'a>], size: usize) -> Result<Self, Flaw> {
        let http10 = line.minor == 0;
        let method = if line.method.eq_ignore_ascii_case(b"GET") {
            Method::Get
        } else if line.method.eq_ignore_ascii_case(b"POST") {
            Method::Post
        } else {
            Method::Other
        };
        let mut head = Self {
            method,
            verb: line.method,
            target: line.target,
            http10,
            size,
            framing: Framing::Empty,
            keep_alive: !http10,
            expects_continue: false,
            request_code: None,
            dev_id: None,
            fk: FkHeaders::default(),
            access_media: false,
        };
        let mut length = None;
        let mut chunked = false;
        for header in headers {
            let (name, value) = (header.name, header.value);
            if name.eq_ignore_ascii_case("content-length") {
                length = Some(announced(value, length)?);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                chunked |= encoding(value)?;
            } else if name.eq_ignore_ascii_case("connection") {
                // Anything else, like the `starting` of access firmware, says nothing (T2).
                if has_token(value, b"close") {
                    head.keep_alive = false;
                } else if has_token(value, b"keep-alive") {
                    head.keep_alive = true;
                }
            } else if name.eq_ignore_ascii_case("expect") {
                head.expects_continue = !http10 && has_token(value, b"100-continue");
            } else if name.eq_ignore_ascii_case("request_code") {
                head.request_code.get_or_insert(value.trim_ascii());
            } else if name.eq_ignore_ascii_case("dev_id") {
                head.dev_id.get_or_insert(value.trim_ascii());
            } else if name.eq_ignore_ascii_case("accept") || name.eq_ignore_ascii_case("content-type") {
                let media = value.trim_ascii().get(..ACCESS_MEDIA.len()).unwrap_or_default();
                head.access_media |= media.eq_ignore_ascii_case(ACCESS_MEDIA);
            } else {
                head.fk.take(name, value);
            }
        }
        head.framing = match (length, chunked) {
            // Two ways to find the end of one body: whoever sits in between may have found the other one.
            (Some(_), true) => return Err(Flaw::Length),
            (Some(0), false) => Framing::Empty,
            (Some(length), false) => Framing::Length(length),
            (None, true) => Framing::Chunked,
            (None, false) if http10 && method == Method::Post => Framing::UntilClose,
            (None, false) => Framing::Empty,
        };
        if head.framing == Framing::UntilClose {
            head.keep_alive = false;
        }
        Ok(head)
    }
}

impl Head<'_> {
    /// Whether a POST announces no body, but what follows is no request: taken for two requests, the first one would be
    /// acknowledged without what it holds.
    fn hides_a_body(&self, buffer: &[u8]) -> bool {
        if self.method != Method::Post || self.framing != Framing::Empty {
            return false;
        }
        let rest = buffer.get(self.size..).unwrap_or_default().trim_ascii_start();
        let starts = |word: &[u8]| {
            let length = rest.len().min(word.len());
            rest.get(..length) == word.get(..length)
        };
        !starts(b"GET ") && !starts(b"POST ")
    }
}

/// The length a `Content-Length` value announces, which must equal the one announced before, if any (T5).
fn announced(value: &[u8], before: Option<u64>) -> Result<u64, Flaw> {
    let mut length = before;
    for part in value.split(|byte| *byte == b',') {
        let part = part.trim_ascii();
        if part.is_empty() || !part.iter().all(u8::is_ascii_digit) {
            return Err(Flaw::Length);
        }
        let mut number: u64 = 0;
        for digit in part {
            number = number
                .checked_mul(10)
                .and_then(|tens| tens.checked_add(u64::from(digit - b'0')))
                .ok_or(Flaw::Length)?;
        }
        if length.is_some_and(|before| before != number) {
            return Err(Flaw::Length);
        }
        length = Some(number);
    }
    length.ok_or(Flaw::Length)
}

/// Whether a `Transfer-Encoding` value says chunked; one that cannot be undone here is a flaw.
fn encoding(value: &[u8]) -> Result<bool, Flaw> {
    let value = value.trim_ascii();
    if value.eq_ignore_ascii_case(b"chunked") {
        Ok(true)
    } else if value.is_empty() || value.eq_ignore_ascii_case(b"identity") {
        Ok(false)
    } else {
        Err(Flaw::Length)
    }
}

fn has_token(value: &[u8], token: &[u8]) -> bool {
    value.split(|byte| *byte == b',').any(|part| part.trim_ascii().eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(text: &str) -> Head<'_> {
        match parse(text.as_bytes()) {
            Parsed::Whole(head) => head,
            other => panic!("{text:?} is {other:?}"),
        }
    }

    fn flaw(text: &str) -> Flaw {
        match parse(text.as_bytes()) {
            Parsed::Flawed(flaw) => flaw,
            other => panic!("{text:?} is {other:?}"),
        }
    }

    #[test]
    fn t1_versions_decide_what_happens_after_the_answer() {
        for (text, http10, keep_alive) in [
            ("GET /a HTTP/1.0\r\n\r\n", true, false),
            ("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", false, true),
            ("GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", true, true),
            ("GET /a HTTP/1.1\r\nconnection: Close\r\n\r\n", false, false),
            ("GET /a HTTP/1.1\r\nConnection: starting\r\n\r\n", false, true),
            ("GET /a HTTP/1.1\n\n", false, true),
        ] {
            let head = whole(text);
            assert_eq!((head.http10, head.keep_alive), (http10, keep_alive), "{text:?}");
            assert_eq!(head.size, text.len());
        }
    }

    #[test]
    fn r3_blanks_in_the_target_are_kept() {
        let head = whole("GET /iclock/getrequest?SN=A&INFO=Ver 8.0, 17,-1 HTTP/1.1\r\n\r\n");
        assert_eq!(head.target, b"/iclock/getrequest?SN=A&INFO=Ver 8.0, 17,-1");
    }

    #[test]
    fn t4_t5_framing() {
        for (text, framing) in [
            ("POST /a HTTP/1.1\r\n\r\n", Framing::Empty),
            ("POST /a HTTP/1.1\r\n\r\n\r\nPO", Framing::Empty),
            ("POST /a HTTP/1.0\r\n\r\n", Framing::UntilClose),
            ("GET /a HTTP/1.0\r\n\r\n", Framing::Empty),
            ("POST /a HTTP/1.0\r\nContent-Length: 0\r\n\r\n", Framing::Empty),
            ("POST /a HTTP/1.1\r\ncontent-length: 12\r\n\r\n", Framing::Length(12)),
            ("POST /a HTTP/1.1\r\nContent-Length: 12\r\nContent-Length: 12\r\n\r\n", Framing::Length(12)),
            ("POST /a HTTP/1.1\r\nContent-Length: 12, 12\r\n\r\n", Framing::Length(12)),
            ("POST /a HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n", Framing::Chunked),
        ] {
            assert_eq!(whole(text).framing, framing, "{text:?}");
        }
        for text in [
            "POST /a HTTP/1.1\r\nContent-Length: 12\r\nContent-Length: 13\r\n\r\n",
            "POST /a HTTP/1.1\r\nContent-Length: 12, 13\r\n\r\n",
            "POST /a HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "POST /a HTTP/1.1\r\nContent-Length: +5\r\n\r\n",
            "POST /a HTTP/1.1\r\nContent-Length: \r\n\r\n",
            "POST /a HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
            "POST /a HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST /a HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "POST /a HTTP/1.1\r\n\r\n1001\t2026-07-06 08:58:11\n",
        ] {
            assert_eq!(flaw(text), Flaw::Length, "{text:?}");
        }
    }

    #[test]
    fn broken_heads_are_told_from_unfinished_ones() {
        assert_eq!(flaw("\u{16}\u{3}\u{1}"), Flaw::Tls);
        for text in [
            "GET /a\r\n\r\n",
            "GET  HTTP/1.1\r\n\r\n",
            "GET /a HTTP/2.0\r\n\r\n",
            "GET /a HTTP/1.\r\n\r\n",
            "\u{1}\u{2}",
            "GET /a HTTP/1.1\r\nno colon\r\n\r\n",
        ] {
            assert_eq!(flaw(text), Flaw::Unreadable, "{text:?}");
        }
        for text in ["", "\r\n", "GE", "GET /a HTTP/1.1\r\n", "GET /a HTTP/1.1\r\nHost: x\r\n"] {
            assert!(matches!(parse(text.as_bytes()), Parsed::Partial), "{text:?}");
        }
        let many = format!("GET /a HTTP/1.1\r\n{}\r\n", "A: b\r\n".repeat(MOST_HEADERS + 1));
        assert_eq!(flaw(&many), Flaw::TooLarge);
    }

    #[test]
    fn t8_header_names_in_any_case_and_values_absent_or_odd() {
        let head = whole(
            "GET / HTTP/1.1\r\nUser-Agent:\r\nhOST:\r\nREQUEST_CODE: receive_cmd \r\nDev_Id:  X1\r\n\r\n",
        );
        assert_eq!(head.request_code, Some(&b"receive_cmd"[..]));
        assert_eq!(head.dev_id, Some(&b"X1"[..]));
    }

    #[test]
    fn r8_headers_of_the_fk_dialect() {
        let head = whole(
            "POST /hdata.aspx HTTP/1.0\r\ndev_id: X1\r\nCMD_ID: RTLogSendAction\r\nTrans_Id: 7 \r\nblk_no: 0\r\n\
             blk_no: 1\r\nblk_len: 12\r\ncmd_return_code: OK\r\ndev_model: M61\r\nContent-Length: 12\r\n\r\n",
        );
        let fk = head.fk;
        assert_eq!(head.request_code, None);
        for (value, expected) in [
            (fk.cmd_id, "RTLogSendAction"),
            (fk.trans_id, "7"),
            (fk.blk_no, "0"),
            (fk.blk_len, "12"),
            (fk.cmd_return_code, "OK"),
            (fk.dev_model, "M61"),
        ] {
            assert_eq!(value, Some(expected.as_bytes()));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_parse_without_panic_and_prefixes_of_a_head_are_partial(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes);
            let head = b"POST /iclock/cdata?SN=A1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n";
            let cut = bytes.len().min(head.len() - 1);
            prop_assert!(matches!(parse(&head[..cut]), Parsed::Partial));
        }
    }
}
