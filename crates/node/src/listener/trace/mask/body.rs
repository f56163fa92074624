//! What a message brings, and the messages of the FK dialect in their frames.

use super::line::{is_base64, line};
use super::out::Out;
use super::printable;

/// So many bytes of a body are looked at for each that may be kept of it: what is masked gets shorter.
const LOOKED_AT: usize = 16;

/// The first part of a body. In the FK dialect, what does not begin like a message is a block from the middle of one.
pub(in super::super) fn body(bytes: &[u8], fk: bool, most: usize) -> String {
    let mut out = Out::new(most);
    let mut rest = bytes;
    if let Some(message) = framed(bytes) {
        out.blob(bytes.len() - message.len());
        rest = message;
    } else if fk
        && !bytes.trim_ascii_start().starts_with(b"{")
        && !matches!(bytes, b"OK" | b"result=OK" | b"")
    {
        out.blob(bytes.len());
        return out.end();
    }
    let seen = looked_at(rest, most);
    let (written, blob) = rest.split_at(seen.iter().position(|byte| *byte == 0).unwrap_or(seen.len()));
    // A template that goes on in the next line.
    let mut goes_on = false;
    // In JSON a value may stand on another line than its name.
    let json = written.trim_ascii_start().starts_with(b"{") || written.trim_ascii_start().starts_with(b"[");
    if json {
        line(&printable(written), &mut out);
    }
    let lines = if json { &[][..] } else { written };
    for (at, bytes) in lines.split(|byte| *byte == b'\n').enumerate() {
        if out.full() {
            break;
        }
        if at > 0 {
            out.push("\n");
        }
        let text = printable(bytes.strip_suffix(b"\r").unwrap_or(bytes));
        if goes_on && !text.is_empty() && text.bytes().all(|byte| is_base64(byte) || byte == b'=') {
            out.blob(text.len());
        } else {
            goes_on = line(&text, &mut out);
        }
    }
    if !blob.is_empty() && !out.full() {
        out.blob(blob.len());
    }
    out.end()
}

/// The part of a body that is looked at: a trace must not cost more than storing what it is of, and bodies have megabytes.
/// It ends where a value ends, or no card would show its last digits only; unless the value is too long for one.
fn looked_at(bytes: &[u8], most: usize) -> &[u8] {
    let Some(seen) = bytes.get(..most.saturating_mul(LOOKED_AT)) else { return bytes };
    let end = seen.iter().rposition(|byte| b"\n\t,&".contains(byte)).filter(|end| *end >= seen.len() / 2);
    let end = end.or_else(|| seen.iter().rposition(|byte| byte & 0xc0 != 0x80));
    seen.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// The JSON of a framed FK message, and what follows it (fk-http §4).
fn framed(bytes: &[u8]) -> Option<&[u8]> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    // A first block announces all of the JSON, which need not have come yet.
    let plausible = u32::from_le_bytes(*length) < 64 * 1024 * 1024;
    (plausible && rest.starts_with(b"{")).then_some(rest)
}
