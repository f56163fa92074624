//! Questions of machines that are answered with records: “who is this?” and “when did I punch last?” (attendance-push §11).

use std::borrow::Cow;
use std::fmt::Write as _;

use super::command::Body;
use super::fields;
use crate::text::{self, Encoding};
use crate::time::WallTime;

/// Nobody of that number is known here.
pub const NONE: &[u8] = b"NONE";
/// There is no last punch to show.
pub const NO_LAST_PUNCH: &[u8] = b"status=1\n";

/// Appends what is known of a person: commands without the framing that makes them commands.
pub fn write_person(records: &[Body], encoding: Encoding, out: &mut Vec<u8>) {
    for record in records {
        out.extend_from_slice(&text::encode(record.as_str(), encoding));
        out.push(b'\n');
    }
}

/// The lines of such an answer, decoded; none for [`NONE`].
pub fn parse_person(body: &[u8]) -> impl Iterator<Item = Cow<'_, str>> {
    fields::lines(body).filter(|line| text::trim(line) != NONE).map(text::decode)
}

/// The last punch of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastPunch<'a> {
    /// Who.
    pub pin: Cow<'a, str>,
    /// Their name.
    pub name: Cow<'a, str>,
    /// In, out …
    pub state: i32,
    /// The work code.
    pub work_code: Cow<'a, str>,
    /// When, by the clock of the machine that took it.
    pub time: WallTime,
}

impl<'a> LastPunch<'a> {
    /// Appends the answer.
    pub fn write(&self, encoding: Encoding, out: &mut Vec<u8>) {
        let (time, mut line) = (self.time.to_string(), String::new());
        let (date, clock) = time.split_once(' ').unwrap_or((&time, ""));
        let clean = text::clean;
        // Writing to memory does not fail.
        let _ = writeln!(
            line,
            "status=0\nname={}\tpin={}\tstate={}\tworkcode={}\tdate={date}\ttime={clock}",
            clean(&self.name),
            clean(&self.pin),
            self.state,
            clean(&self.work_code)
        );
        out.extend_from_slice(&text::encode(&line, encoding));
    }

    /// Reads the answer; `None` when there is no last punch.
    #[must_use]
    pub fn parse(body: &'a [u8]) -> Option<Self> {
        let (status, rest) = text::split_once(body, b'\n')?;
        if text::trim(status) != b"status=0" {
            return None;
        }
        let row = fields::Row::parse(text::trim_end(rest));
        let text = |name| row.text(name).unwrap_or_default();
        let time = format!("{} {}", text("date"), text("time"));
        Some(Self {
            pin: text("pin"),
            name: text("name"),
            state: row.number("state").unwrap_or_default(),
            work_code: text("workcode"),
            time: WallTime::parse(time.as_bytes()).ok()?,
        })
    }
}
