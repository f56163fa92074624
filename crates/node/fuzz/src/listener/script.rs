//! What an input says to do: a line of letters, then requests, each as its bytes.
//!
//! Letters: `o` something is ordered of every machine before it begins; `s` what is stored is emptied before each request,
//! so that everything in it is new; `c` a connection for each request; a digit: bytes arrive and leave at most so many at a
//! time. Requests are parted by a line `%%`. In their heads `$LEN` stands for the length of the body, which an engine that
//! knows nothing of numbers would never get right.

const PART: &[u8] = b"\n%%\n";
const LENGTH: &[u8] = b"$LEN";
const MOST_REQUESTS: usize = 12;

#[derive(Debug)]
pub struct Script {
    pub orders: bool,
    pub strict: bool,
    pub alone: bool,
    pub cut: usize,
    pub requests: Vec<Vec<u8>>,
}

impl Script {
    pub fn read(input: &[u8]) -> Self {
        let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
        let letters = &input[..end];
        let has = |letter: u8| letters.contains(&letter);
        let digit = letters.iter().find(|byte| byte.is_ascii_digit());
        let cut = match digit.map(|digit| usize::from(digit - b'0')) {
            None => usize::MAX,
            // The sizes of small packets, too.
            Some(0) => 536,
            Some(most) => most,
        };
        let mut rest = input.get(end + 1..).unwrap_or_default();
        let mut requests = Vec::new();
        while !rest.is_empty() && requests.len() < MOST_REQUESTS {
            let at = find(rest, PART);
            requests.push(with_length(&rest[..at.unwrap_or(rest.len())]));
            rest = at.map_or(&[][..], |at| &rest[at + PART.len()..]);
        }
        Self { orders: has(b'o'), strict: has(b's'), alone: has(b'c'), cut, requests }
    }
}

pub fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn with_length(request: &[u8]) -> Vec<u8> {
    let head = find(request, b"\r\n\r\n").map_or(request.len(), |end| end + 4);
    let length = (request.len() - head).to_string();
    let (mut out, mut rest) = (Vec::new(), &request[..head]);
    while let Some(at) = find(rest, LENGTH) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(length.as_bytes());
        rest = &rest[at + LENGTH.len()..];
    }
    out.extend_from_slice(rest);
    out.extend_from_slice(&request[head..]);
    out
}
