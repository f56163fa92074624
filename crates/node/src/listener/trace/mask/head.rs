//! What stands before a body: target, query and headers.

use rollcall_protocol::http::Query;

use super::class::Class;
use super::field;
use super::line::line;
use super::out::Out;
use super::{SECRET, printable};

/// Bytes of a query that are kept with an upload.
pub(super) const LONGEST_QUERY: usize = 2048;

/// The query of an upload that is kept.
pub(crate) fn query(query: &[u8]) -> String {
    let mut out = Out::new(LONGEST_QUERY);
    parameters(&printable(query), &mut out);
    out.end()
}

/// The request target: its path as it came, its query masked.
pub(in super::super) fn target(target: &[u8], most: usize) -> String {
    let mut out = Out::new(most);
    let target = printable(target);
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    out.push(path);
    if target.len() > path.len() {
        out.push("?");
    }
    parameters(query, &mut out);
    out.end()
}

fn parameters(query: &str, out: &mut Out) {
    for (at, pair) in query.split('&').enumerate() {
        if at > 0 {
            out.push("&");
        }
        match pair.split_once('=') {
            Some((key, value)) => {
                line(key, out);
                out.push("=");
                // By the name it is read under: letters of it may be percent-encoded.
                let name = Query::new(key.as_bytes()).pairs().next().map(|(name, _)| name);
                field(&String::from_utf8_lossy(&name.unwrap_or_default()), value, out);
            }
            None => {
                line(pair, out);
            }
        }
        if out.full() {
            break;
        }
    }
}

/// Header lines, without the request or status line.
pub(in super::super) fn headers(lines: &[u8], most: usize) -> String {
    let mut out = Out::new(most);
    for bytes in lines.split(|byte| *byte == b'\n') {
        let text = printable(bytes.trim_ascii_end());
        if text.is_empty() {
            continue;
        }
        if out.full() {
            break;
        }
        if !out.text.is_empty() {
            out.push("\n");
        }
        match text.split_once(':') {
            Some((name, value)) if name.trim().to_ascii_lowercase().ends_with("cookie") => {
                line(name, &mut out);
                out.push(":");
                cookies(value, &mut out);
            }
            Some((name, value)) => {
                line(name, &mut out);
                out.push(":");
                let (blanks, value) = value.split_at(value.len() - value.trim_start().len());
                out.push(blanks);
                field(name.trim(), value, &mut out);
            }
            None => {
                line(&text, &mut out);
            }
        }
    }
    out.end()
}

/// The names of cookies, without what is in them.
fn cookies(value: &str, out: &mut Out) {
    for (at, pair) in value.split(';').enumerate() {
        if at > 0 {
            out.push(";");
        }
        match pair.split_once('=') {
            Some((name, value)) => {
                line(name, out);
                out.push("=");
                Class::Secret.mask(name, value, out);
            }
            None if pair.trim().is_empty() => out.push(pair),
            None => out.push(SECRET),
        }
    }
}
