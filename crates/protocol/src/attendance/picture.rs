//! Pictures taken at identifications: a few lines of text, a NUL, then the picture (attendance-push §9, quirk P1).

use std::borrow::Cow;
use std::fmt;
use std::io::Write as _;

use super::fields;
use crate::base64;
use crate::text;
use crate::time::WallTime;

/// A picture as a machine sends it.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture<'a> {
    /// `PIN=`: the name, `YYYYMMDDhhmmss-<pin>.jpg` or `YYYYMMDDhhmmss.jpg`.
    pub name: Cow<'a, str>,
    /// `SN=`.
    pub sn: Cow<'a, str>,
    /// `CMD=`: `uploadphoto` or `realupload`.
    pub cmd: Cow<'a, str>,
    /// The picture, decoded when it came as Base64.
    pub data: Cow<'a, [u8]>,
}

/// What a JPEG begins with.
const JPEG: &[u8] = &[0xff, 0xd8];

impl<'a> Picture<'a> {
    /// Takes a body apart at the first NUL. A picture as Base64 may follow the head without one.
    ///
    /// `None` when there is no name or nothing behind the head. `size=` is not believed.
    #[must_use]
    pub fn parse(body: &'a [u8]) -> Option<Self> {
        let (head, content) = text::split_once(body, 0).or_else(|| behind_cmd(body))?;
        let (mut name, mut sn, mut cmd) = (Cow::default(), Cow::default(), Cow::default());
        for line in fields::lines(head) {
            let Some((key, value)) = text::split_once(line, b'=') else { continue };
            let (key, value) = (text::trim(key), text::field(value));
            if key.eq_ignore_ascii_case(b"PIN") {
                name = value;
            } else if key.eq_ignore_ascii_case(b"SN") {
                sn = value;
            } else if key.eq_ignore_ascii_case(b"CMD") {
                cmd = value;
            }
        }
        let data = match base64::decode(content) {
            Some(decoded) if !content.starts_with(JPEG) => Cow::Owned(decoded),
            _ => Cow::Borrowed(content),
        };
        (!name.is_empty() && !data.is_empty()).then_some(Self { name, sn, cmd, data })
    }

    /// When it was taken, by the machine's clock.
    #[must_use]
    pub fn time(&self) -> Option<WallTime> {
        let digits = self.name.get(..14).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        let at = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
        let year = i32::try_from(at(0, 4)?).ok()?;
        WallTime::from_civil(year, at(4, 6)?, at(6, 8)?, at(8, 10)?, at(10, 12)?, at(12, 14)?).ok()
    }

    /// Whose identification it was; `None` for a failed attempt. `pid` machines put `time-type-pin-idnumber` there.
    #[must_use]
    pub fn pin(&self) -> Option<&str> {
        let stem = self.name.rsplit_once('.').map_or(self.name.as_ref(), |(stem, _)| stem);
        let parts: Vec<&str> = stem.split('-').collect();
        let pin = match parts.as_slice() {
            [_, pin] | [_, _, pin, _] => pin.trim(),
            _ => return None,
        };
        (!pin.bytes().all(|byte| byte == b'0')).then_some(pin)
    }

    /// Appends the body as a machine writes it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"PIN=");
        fields::write_clean(&self.name, out);
        out.extend_from_slice(b"\nSN=");
        fields::write_clean(&self.sn, out);
        // Writing to memory does not fail.
        let _ = write!(out, "\nsize={}\nCMD=", self.data.len());
        fields::write_clean(&self.cmd, out);
        out.push(0);
        out.extend_from_slice(&self.data);
    }
}

/// Without a NUL: the head ends with its `CMD` line.
fn behind_cmd(body: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut at = 0;
    while let Some((line, rest)) = text::split_once(body.get(at..)?, b'\n') {
        at += line.len() + 1;
        let key = text::split_once(line, b'=').map(|(key, _)| text::trim(key)).unwrap_or_default();
        if key.eq_ignore_ascii_case(b"CMD") {
            return Some((body.get(..at)?, rest));
        }
    }
    None
}

impl fmt::Debug for Picture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture")
            .field("name", &self.name)
            .field("bytes", &self.data.len())
            .finish_non_exhaustive()
    }
}
