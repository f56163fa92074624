//! Templates and pictures as an access machine sends them (access-push §7, §10): rows of `templatev10`, `facev7`,
//! `biodata`, `biophoto`, `userpic`, and the pictures taken at an event.

use std::borrow::Cow;

use super::row::{Row, Table};
use crate::attendance::picture::Picture;
use crate::base64;
use crate::order::{Pin, Template, TemplateKind};

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

/// Reads a row of `ATTPHOTO`; nothing when there is no picture in it.
#[must_use]
pub fn picture<'a>(row: &Row<'a>) -> Option<Picture<'a>> {
    let take = |name: &str| {
        let found = row.pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    };
    let name = take("pin").or_else(|| take("filename")).filter(|name| !name.is_empty())?;
    let data = base64::decode(take("photo").or_else(|| take("content"))?.as_bytes())?;
    let picture =
        Picture { name, sn: take("sn").unwrap_or_default(), cmd: Cow::Borrowed(""), data: Cow::Owned(data) };
    (!picture.data.is_empty()).then_some(picture)
}
