//! Templates and pictures as an access machine sends them (access-push §7, §10): rows of `templatev10`, `facev7`,
//! `biodata`, `biophoto`, `userpic`, and the pictures taken at an event.

use super::row::{Row, Table};
use crate::base64;
use crate::order::{Pin, Template, TemplateKind};
use crate::time::WallTime;

/// Why a row is no template. It is kept raw then, so nothing is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The table holds something else.
    #[error("the table holds no templates")]
    Table,
    /// It names nobody.
    #[error("the template names nobody")]
    Pin,
    /// There is nothing in it, or no Base64.
    #[error("the template is empty or no Base64")]
    Data,
}

/// Reads a row of a table of templates.
///
/// # Errors
/// When the table is none of templates, it names nobody, or its content cannot be read.
pub fn template(table: Table, row: &Row<'_>) -> Result<Template, TemplateError> {
    let number = |name| row.number::<u16>(name).unwrap_or(0);
    let small = |name| row.number::<u8>(name);
    let (kind, no, index, data) = match table {
        Table::TemplateV10 => (TemplateKind::Fingerprint, number("fingerid"), 0, "template"),
        Table::FaceV7 => (TemplateKind::NearInfraredFace, 0, number("faceid"), "template"),
        Table::BioData => {
            (TemplateKind::Bio(small("type").unwrap_or(0)), number("no"), number("index"), "tmp")
        }
        Table::BioPhoto => (TemplateKind::Photo, 0, 0, "content"),
        Table::UserPic => (TemplateKind::Picture, 0, 0, "content"),
        _ => return Err(TemplateError::Table),
    };
    let pin = row.get("pin").and_then(|pin| Pin::new(pin).ok()).ok_or(TemplateError::Pin)?;
    let data = base64::decode(row.get(data).unwrap_or_default().as_bytes())
        .filter(|data| !data.is_empty())
        .ok_or(TemplateError::Data)?;
    let version = match (row.number("majorver"), row.number("minorver")) {
        (Some(major), minor) => Some((major, minor.unwrap_or(0))),
        _ => None,
    };
    Ok(Template {
        pin,
        kind,
        no,
        index,
        valid: small("valid").unwrap_or(1),
        duress: small("duress").unwrap_or(0),
        version,
        format: small("format").unwrap_or(0),
        data,
    })
}

/// A picture taken when somebody identified, or tried to.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its name, as sent: `20260706085811-1001.jpg`.
    pub name: String,
    /// Who, by the name; nobody for a failed attempt.
    pub pin: Option<String>,
    /// When, by the name.
    pub wall: Option<WallTime>,
    /// The JPEG.
    pub data: Vec<u8>,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, pin, wall, data } = self;
        f.debug_struct("Picture")
            .field("name", name)
            .field("pin", pin)
            .field("wall", wall)
            .field("len", &data.len())
            .finish()
    }
}

/// Reads a row of `ATTPHOTO`; nothing when there is no picture in it.
#[must_use]
pub fn picture(row: &Row<'_>) -> Option<Picture> {
    let name = row.get("pin").or_else(|| row.get("filename"))?.to_owned();
    let data = base64::decode(row.get("photo").or_else(|| row.get("content"))?.as_bytes())?;
    let (time, pin) = match name.split('.').next().unwrap_or_default().split_once('-') {
        Some((time, pin)) => (time, Some(pin)),
        None => (name.split('.').next().unwrap_or_default(), None),
    };
    let pin = pin.filter(|pin| !super::class::is_nobody(pin)).map(str::to_owned);
    let wall = moment(time);
    (!data.is_empty()).then_some(Picture { name, pin, wall, data })
}

/// `20260706085811` as a time.
fn moment(text: &str) -> Option<WallTime> {
    if text.len() != 14 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to)?.parse::<u32>().ok();
    let year = i32::try_from(part(0, 4)?).ok()?;
    WallTime::from_civil(year, part(4, 6)?, part(6, 8)?, part(8, 10)?, part(10, 12)?, part(12, 14)?).ok()
}
