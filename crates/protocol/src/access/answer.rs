//! Answers only access machines get (access-push §7, §9, §10).

use std::io::Write as _;

/// Writes the answer to `tabledata` and `querydata`: the table as the request spells it, and how many rows were taken (A6).
pub fn write_count(table: &str, count: usize, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = write!(out, "{table}={count}");
}

/// Reads that answer as a machine does.
#[must_use]
pub fn parse_count(body: &[u8]) -> Option<(&str, usize)> {
    let (table, count) = std::str::from_utf8(body.trim_ascii()).ok()?.split_once('=')?;
    Some((table, count.parse().ok()?))
}

/// Bytes of an event that are repeated to a machine.
const LONGEST_EVENT: usize = 2048;

/// Writes the answer to a remote decision when there is none: the machine decides by itself. The event is repeated, so
/// that the machine knows what is meant.
pub fn write_no_decision(event: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"AUTH=TIMEOUT\r\n");
    out.extend_from_slice(event.get(..LONGEST_EVENT).unwrap_or(event));
    out.extend_from_slice(b"\r\n");
}
