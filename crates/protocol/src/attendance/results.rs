//! Results of commands, `POST devicecmd` (attendance-push §13.2, quirk Q8).

use std::borrow::Cow;
use std::io::Write as _;

use super::fields::{self, split_before_keys, write_key};
use super::options::Pair;
use crate::text;

/// A body of results.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultsBody<'a> {
    /// The results in the order sent.
    pub results: Vec<CommandResult<'a>>,
    /// Lines that belong to no result, and heads without a number of ours or a code: logged, answered `OK`.
    pub other: Vec<&'a [u8]>,
}

/// What became of one command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandResult<'a> {
    /// The command's number.
    pub id: u32,
    /// 0 done; positive a count; negative an error (§18).
    pub code: i64,
    /// The machine's echo of the command: `DATA`, `CHECK`, `INFO` …; spellings differ, match by number only.
    pub cmd: Cow<'a, str>,
    /// `SN=`, where the machine repeats it.
    pub sn: Option<Cow<'a, str>>,
    /// All other pairs in the order sent: `AttlogSum`, `FILENAME`, the configuration lines of `INFO` (with
    /// their `~`).
    pub rest: Vec<Pair<'a>>,
    /// What follows `Content=` to the end of the body.
    pub content: Option<&'a [u8]>,
}

impl CommandResult<'_> {
    /// How many punches it counted, of the answer to `VERIFY SUM`: documents and device code have a name each for it (§14.3).
    #[must_use]
    pub fn counted(&self) -> Option<i64> {
        let is_count =
            |key: &str| ["AttlogSum", "AttlogCount"].iter().any(|name| key.eq_ignore_ascii_case(name));
        let (_, value) = self.rest.iter().find(|(key, _)| is_count(key.trim()))?;
        value.trim().parse().ok().filter(|count| *count >= 0)
    }

    /// Whether this is the answer to `INFO`, whose `rest` is the machine's configuration.
    #[must_use]
    pub fn is_info(&self) -> bool {
        is_info(&self.cmd)
    }
}

fn is_info(cmd: &str) -> bool {
    cmd.trim().eq_ignore_ascii_case("INFO")
}

/// A result while its head is being read.
#[derive(Default)]
struct Head<'a> {
    id: Option<&'a [u8]>,
    code: Option<&'a [u8]>,
    cmd: Option<&'a [u8]>,
    sn: Option<&'a [u8]>,
    rest: Vec<(&'a [u8], &'a [u8])>,
    content: Option<&'a [u8]>,
    /// Known once, not asked of the echo at every line: both may be megabytes.
    info: bool,
    first_line: &'a [u8],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Id,
    Return,
    Cmd,
    Sn,
    Content,
    Other,
}

fn key(name: &[u8]) -> Key {
    const NAMES: [(&[u8], Key); 5] = [
        (b"ID", Key::Id),
        (b"Return", Key::Return),
        (b"CMD", Key::Cmd),
        (b"SN", Key::Sn),
        (b"Content", Key::Content),
    ];
    let name = text::trim(name);
    let found = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map_or(Key::Other, |(_, key)| *key)
}

/// Reads a body of results: several one after the other, keys in any case and order, `SN=` or not.
///
/// After the head of an `INFO` result come configuration lines, whatever they hold; after `Content=` of a
/// file result everything to the end of the body is content, even what looks like a result.
#[must_use]
pub fn parse_results(body: &[u8]) -> ResultsBody<'_> {
    let mut parsed = ResultsBody::default();
    let mut open: Option<Head<'_>> = None;
    let mut rest = body;
    loop {
        // A key may stand behind blanks; lines of nothing else are passed over with them.
        rest = text::trim_start(rest);
        if rest.is_empty() {
            break;
        }
        let (line, after) = text::split_once(rest, b'\n').unwrap_or((rest, b""));
        let begins = text::split_once(line, b'=').map(|(name, _)| key(name));
        match begins {
            Some(Key::Content) if open.as_ref().is_some_and(Head::takes_content) => {
                let content = text::split_once(rest, b'=').map(|(_, content)| content);
                if let Some(head) = &mut open {
                    head.content = content;
                }
                break;
            }
            Some(Key::Id | Key::Return | Key::Cmd | Key::Sn) => {
                let line = trim_cr(line);
                if open.as_ref().is_some_and(|head| head.ends_before(line)) {
                    parsed.close(open.take());
                }
                let head = open.get_or_insert_with(|| Head { first_line: line, ..Head::default() });
                if head.take_line(line, rest) {
                    break;
                }
            }
            _ => match &mut open {
                Some(head) if head.info || !head.is_whole() => {
                    head.rest.extend(text::split_once(trim_cr(line), b'='));
                }
                _ => parsed.other.push(trim_cr(line)),
            },
        }
        rest = after;
    }
    parsed.close(open);
    parsed
}

fn trim_cr(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

impl<'a> ResultsBody<'a> {
    fn close(&mut self, head: Option<Head<'a>>) {
        let Some(head) = head else { return };
        let number = |bytes: Option<&[u8]>| std::str::from_utf8(text::trim(bytes?)).ok()?.parse::<i64>().ok();
        let id = number(head.id).and_then(|id| u32::try_from(id).ok());
        let (Some(id), Some(code)) = (id, number(head.code)) else {
            self.other.push(head.first_line);
            return;
        };
        self.results.push(CommandResult {
            id,
            code,
            cmd: head.cmd.map(text::field).unwrap_or_default(),
            sn: head.sn.map(text::field),
            rest: head.rest.iter().map(|(key, value)| (text::field(key), text::field(value))).collect(),
            content: head.content,
        });
    }
}

impl<'a> Head<'a> {
    /// A head may be spread over lines; it is whole once these three are known.
    fn is_whole(&self) -> bool {
        self.id.is_some() && self.code.is_some() && self.cmd.is_some()
    }

    /// `Content=` may be a setting's name in the answer to `INFO`.
    fn takes_content(&self) -> bool {
        !self.info
    }

    /// Whether a line that begins with a key of a head belongs to the next result.
    fn ends_before(&self, line: &[u8]) -> bool {
        let has = |wanted: Key| {
            split_before_keys(line, b'&')
                .filter_map(|pair| text::split_once(pair, b'='))
                .any(|(name, _)| key(name) == wanted)
        };
        self.is_whole()
            || (has(Key::Id) && self.id.is_some())
            || (has(Key::Return) && self.code.is_some())
            || (has(Key::Cmd) && self.cmd.is_some())
            || (has(Key::Sn) && self.sn.is_some())
    }

    /// Takes the pairs of a head line; true when its `Content=` has taken all that follows. `from` begins
    /// with the line and goes to the end of the body.
    fn take_line(&mut self, line: &'a [u8], from: &'a [u8]) -> bool {
        let mut before = 0;
        for pair in split_before_keys(line, b'&') {
            let Some((name, value)) = text::split_once(pair, b'=') else {
                before += pair.len() + 1;
                continue;
            };
            match key(name) {
                Key::Id if self.id.is_none() => self.id = Some(value),
                Key::Return if self.code.is_none() => self.code = Some(value),
                Key::Cmd if self.cmd.is_none() => {
                    self.cmd = Some(value);
                    self.info = is_info(&text::field(value));
                }
                Key::Sn if self.sn.is_none() => self.sn = Some(value),
                Key::Content if self.takes_content() => {
                    self.content = from.get(before + name.len() + 1..);
                    return true;
                }
                _ => self.rest.push((name, value)),
            }
            before += pair.len() + 1;
        }
        false
    }
}

/// Writes results as a machine does: one line each; `INFO` with its configuration on lines of their own; a
/// file with its head on lines of their own and its content to the end, so nothing can follow it.
///
/// What would begin another pair or another result inside a value is broken up by a blank.
pub fn write_results(results: &[CommandResult<'_>], out: &mut Vec<u8>) {
    for result in results {
        match result.content {
            Some(content) => {
                write_file(result, content, out);
                return;
            }
            None => write_lines(result, out),
        }
    }
}

fn write_lines(result: &CommandResult<'_>, out: &mut Vec<u8>) {
    write_head(result, out);
    let on_own_line = |name: &str| result.is_info() && !is_of_head(name);
    for (name, value) in result.rest.iter().filter(|(name, _)| !on_own_line(name)) {
        write_pair(b'&', if result.is_info() { name } else { beside_content(name) }, value, out);
    }
    out.push(b'\n');
    for (name, value) in result.rest.iter().filter(|(name, _)| on_own_line(name)) {
        write_key(name, out);
        out.push(b'=');
        fields::write_clean(value, out);
        out.push(b'\n');
    }
}

/// All of the head that other pairs must not come before.
fn write_head(result: &CommandResult<'_>, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = write!(out, "ID={}", result.id);
    if let Some(sn) = &result.sn {
        write_pair(b'&', "SN", sn, out);
    }
    let _ = write!(out, "&Return={}", result.code);
    write_pair(b'&', "CMD", &result.cmd, out);
}

fn write_file(result: &CommandResult<'_>, content: &[u8], out: &mut Vec<u8>) {
    if result.rest.iter().any(|(name, _)| is_of_head(name)) {
        // On lines of their own such pairs would be taken for the head's.
        write_head(result, out);
        for (name, value) in &result.rest {
            write_pair(b'&', beside_content(name), value, out);
        }
    } else {
        let _ = write!(out, "ID={}", result.id);
        if let Some(sn) = &result.sn {
            write_pair(b'\n', "SN", sn, out);
        }
        for (name, value) in &result.rest {
            write_pair(b'\n', name, value, out);
        }
        write_pair(b'\n', "CMD", &result.cmd, out);
        let _ = write!(out, "\nReturn={}", result.code);
    }
    out.extend_from_slice(b"\nContent=");
    out.extend_from_slice(content);
}

/// A key that would be taken for the beginning of the content, whatever stood before it when it was read, becomes another.
fn beside_content(name: &str) -> &str {
    if key(name.as_bytes()) == Key::Content { "_Content" } else { name }
}

fn is_of_head(name: &str) -> bool {
    key(name.as_bytes()) != Key::Other
}

fn write_pair(before: u8, name: &str, value: &str, out: &mut Vec<u8>) {
    out.push(before);
    write_key(name, out);
    out.push(b'=');
    fields::write_breaking(value, b'&', out);
}
