//! One line, whatever it is of: where a name stands before a value, where that ends, and what is no name at all.

use super::class::Class;
use super::out::Out;

/// A run of Base64 characters at least so long is no name and no number.
const LONG_RUN: usize = 40;

pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// Masks one line; whether it ended in a blob.
pub(super) fn line(text: &str, out: &mut Out) -> bool {
    let tabs = text.contains('\t');
    let mut rest = text;
    let mut quoted = false;
    let mut blob_last = false;
    while !rest.is_empty() && !out.full() {
        let other = rest.bytes().take_while(|byte| !is_base64(*byte)).count();
        if other > 0 {
            let (plain, after) = rest.split_at(other);
            out.push(plain);
            (rest, quoted, blob_last) = (after, plain.trim_end().ends_with('"'), false);
            continue;
        }
        let run = rest.bytes().take_while(|byte| is_base64(*byte)).count();
        let (word, after) = rest.split_at(run);
        if run >= LONG_RUN {
            let padding = after.bytes().take_while(|byte| *byte == b'=').count();
            out.blob(run + padding);
            (rest, quoted, blob_last) = (after.get(padding..).unwrap_or_default(), false, true);
            continue;
        }
        out.push(word);
        // `C:1:SET OPTION ComKey=`: the word before the sign, whatever stands before that.
        let key = word.rsplit(['+', '/', '-']).next().unwrap_or_default();
        let class = Class::of(key);
        let found = if let Some((sign, value)) = assigned(after, '=') {
            Some((sign, value, end_of_value(value, tabs)))
        } else if let Some((sign, value)) = json_value(after).filter(|_| quoted) {
            Some((sign, value, if sign.ends_with('"') { end_of_text(value) } else { end_of_json(value) }))
        } else if class != Class::Plain
            && let Some((_, value)) = assigned(after, ':')
        {
            let value = value.trim_start();
            let (sign, value) = after.split_at(after.len() - value.len());
            Some((sign, value, end_of_value(value, tabs)))
        } else {
            None
        };
        (rest, quoted, blob_last) = (after, false, false);
        let Some((sign, value, end)) = found else { continue };
        out.push(sign);
        rest = value;
        if class != Class::Plain {
            let (value, after) = value.split_at(end);
            class.mask(key, value, out);
            blob_last = class == Class::Blob && !value.is_empty();
            rest = after;
        }
    }
    blob_last && rest.is_empty()
}

/// Where a value ends: at a TAB where there are any, else where the next `key=` begins behind a blank, comma, semicolon
/// or `&`.
fn end_of_value(value: &str, tabs: bool) -> usize {
    if tabs {
        return value.find('\t').unwrap_or(value.len());
    }
    let bytes = value.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let rest = bytes.get(at + 1..).unwrap_or_default();
        let ends = match byte {
            b' ' | b',' | b';' | b'&' => {
                let rest = rest.trim_ascii_start();
                let rest = rest.strip_prefix(b"~").unwrap_or(rest);
                let name =
                    rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
                name > 0 && rest.get(name) == Some(&b'=')
            }
            _ => false,
        };
        if ends {
            return at;
        }
    }
    bytes.len()
}

/// What follows a name, cut where its value begins. Where blanks stand before the sign, those behind it are no part of the
/// value either.
fn assigned(after: &str, sign: char) -> Option<(&str, &str)> {
    let behind = after.trim_start();
    let value = behind.strip_prefix(sign)?;
    let value = if behind.len() == after.len() { value } else { value.trim_start_matches(' ') };
    Some(after.split_at(after.len() - value.len()))
}

/// What follows a quoted name, cut where its value begins: a text's with its quote, a number's without.
fn json_value(after: &str) -> Option<(&str, &str)> {
    let behind = after.trim_start().strip_prefix('"')?.trim_start().strip_prefix(':')?.trim_start();
    let value = behind.strip_prefix('"').unwrap_or(behind);
    Some(after.split_at(after.len() - value.len()))
}

/// Where a JSON text ends: at its quote, or nowhere when it was cut.
fn end_of_text(value: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in value.bytes().enumerate() {
        match byte {
            b'"' if !escaped => return at,
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    value.len()
}

/// Where any other JSON value ends; what holds values of its own is looked at one by one.
fn end_of_json(value: &str) -> usize {
    if value.starts_with(['[', '{']) || value.starts_with("null") {
        return 0;
    }
    value.find([',', '}', ']']).unwrap_or(value.len())
}
