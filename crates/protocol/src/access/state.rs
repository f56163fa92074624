//! `table=rtstate`: how the doors stand (access-push §6). Sent every few seconds, so only the last one is worth anything
//! (S4).

use std::borrow::Cow;
use std::io::Write as _;

use crate::attendance::fields;
use crate::text;
use crate::time::WallTime;

/// How the doors stand. The values are strings of hexadecimal digits, one group of bits per door.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoorState<'a> {
    /// The machine's wall clock, if it tells a time that can be.
    pub time: Option<WallTime>,
    /// Door contacts.
    pub sensor: Cow<'a, str>,
    /// Locks.
    pub relay: Cow<'a, str>,
    /// Alarms.
    pub alarm: Cow<'a, str>,
    /// Whether doors are there, and more by firmware.
    pub door: Cow<'a, str>,
}

impl<'a> DoorState<'a> {
    /// Reads an upload. Of several lines the last counts; nothing when there is none.
    #[must_use]
    pub fn parse(body: &'a [u8]) -> Option<Self> {
        let line = fields::lines(body).last()?;
        let mut state = Self::default();
        for (key, value) in fields::text_pairs(super::row::without_word(line)) {
            match key.to_ascii_lowercase().as_str() {
                "time" => state.time = super::time::parse_any(value.as_bytes()).ok(),
                "sensor" => state.sensor = value,
                "relay" => state.relay = value,
                "alarm" => state.alarm = value,
                "door" => state.door = value,
                _ => {}
            }
        }
        Some(state)
    }

    /// Appends it as machines send it, ended with CR LF.
    pub fn write(&self, out: &mut Vec<u8>) {
        let time = self.time.map(|time| time.to_string()).unwrap_or_default();
        // Writing to memory does not fail.
        let _ = write!(
            out,
            "time={time}\tsensor={}\trelay={}\talarm={}",
            text::clean(&self.sensor),
            text::clean(&self.relay),
            text::clean(&self.alarm)
        );
        if !self.door.is_empty() {
            let _ = write!(out, "\tdoor={}", text::clean(&self.door));
        }
        out.extend_from_slice(b"\r\n");
    }
}
