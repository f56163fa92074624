//! Commands, the body of a poll's answer (attendance-push §13.1).
//!
//! On this wire nothing can be escaped, and a line end inside a field would begin a new command on the
//! machine. So a [`Body`] is built field by field, and the writer lets no control character through but the
//! TABs between fields.

use std::borrow::Cow;
use std::io::Write as _;

use super::fields;
use crate::text::{self, Encoding};

/// A command with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Never reused per machine; at most nine digits are safe everywhere.
    pub id: u32,
    /// What to do.
    pub body: Body,
}

/// A command without its framing: verb, table, then fields separated by TABs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    text: String,
    fields: usize,
}

impl Body {
    /// A command of words only, or the beginning of one with fields: `CHECK`, `DATA UPDATE USERINFO`.
    #[must_use]
    pub fn new(words: &str) -> Self {
        Self { text: text::clean(words).trim().to_owned(), fields: 0 }
    }

    /// Adds `Key=Value`: after a blank the first, after TABs the others, with no blanks around them. Control
    /// characters in the value become blanks (Q7).
    #[must_use]
    pub fn field(mut self, key: &str, value: &str) -> Self {
        self.text.push(if self.fields == 0 { ' ' } else { '\t' });
        self.fields += 1;
        self.text.push_str(&text::clean(key));
        self.text.push('=');
        self.text.push_str(&text::clean(value));
        self
    }

    /// Adds `Key=Value` behind a TAB, where the words before it are a field already.
    #[must_use]
    pub fn and(mut self, key: &str, value: &str) -> Self {
        self.fields += 1;
        self.field(key, value)
    }

    /// The body as it stands between `C:id:` and the LF.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Writes commands as the body of an answer, each ended with LF (H7).
pub fn write_commands(commands: &[Command], encoding: Encoding, out: &mut Vec<u8>) {
    for command in commands {
        // Writing to memory does not fail.
        let _ = write!(out, "C:{}:", command.id);
        out.extend_from_slice(&text::encode(command.body.as_str(), encoding));
        out.push(b'\n');
    }
}

/// A command as the machine gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received<'a> {
    /// Up to 16 letters and digits.
    pub id: &'a str,
    /// What follows the second colon, decoded, without the line end.
    pub body: Cow<'a, str>,
}

/// Reads commands as strictly as device code: **a command without LF or CR at its end is not executed**;
/// blank lines between commands are tolerated, and a line that is not a command is skipped.
#[must_use]
pub fn parse_commands(body: &[u8]) -> Vec<Received<'_>> {
    let is_end = |b: &u8| matches!(b, b'\n' | b'\r');
    let ended = body.iter().rposition(is_end).and_then(|last| body.get(..=last)).unwrap_or_default();
    ended.split(is_end).filter_map(parse_command).collect()
}

fn parse_command(line: &[u8]) -> Option<Received<'_>> {
    let (id, body) = text::split_once(line.strip_prefix(b"C:")?, b':')?;
    let fits = (1..=16).contains(&id.len()) && id.iter().all(u8::is_ascii_alphanumeric);
    if !fits || body.is_empty() {
        return None;
    }
    Some(Received { id: std::str::from_utf8(id).ok()?, body: text::decode(body) })
}

impl Received<'_> {
    /// The number, when it is one of ours.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        self.id.parse().ok()
    }

    /// What follows the words of a command, when it begins with them: matched in any case, the next character
    /// being a blank or the end (§13.1).
    #[must_use]
    pub fn after(&self, words: &str) -> Option<&str> {
        let (head, rest) = self.body.split_at_checked(words.len())?;
        if !head.eq_ignore_ascii_case(words) {
            return None;
        }
        if rest.is_empty() { Some(rest) } else { rest.strip_prefix(' ') }
    }
}

/// The `Key=Value` fields of what [`Received::after`] returned.
pub fn received_fields(rest: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    fields::text_pairs(rest.as_bytes())
}
