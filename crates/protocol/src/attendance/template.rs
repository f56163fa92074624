//! Templates and photos: the lines in which machines send them, and the fields of the commands that send them back
//! (attendance-push §8, §9, §10, §14.1).

use super::fields::{self, Row};
use super::operlog::LineError;
use crate::base64;
use crate::order::{Pin, Template, TemplateKind};

/// Visible-light faces, the type of comparison photos (§15.6).
pub(super) const VISIBLE_FACE: u8 = 9;

/// Reads the pairs of a line whose first word, or whose table, says what kind it is.
pub(super) fn of_row(kind: TemplateKind, row: &Row<'_>) -> Result<Template, LineError> {
    let pin = Pin::new(&row.text("PIN").unwrap_or_default()).map_err(|_| LineError::NoPin)?;
    let kind = match kind {
        TemplateKind::Bio(_) => TemplateKind::Bio(row.number("Type").unwrap_or_default()),
        // There is no kind for photos of palms; better kept as they came than taken for faces.
        TemplateKind::Photo if row.number("Type").is_some_and(|of: u8| of != VISIBLE_FACE && of != 0) => {
            return Err(LineError::Unknown);
        }
        other => other,
    };
    let photo = matches!(kind, TemplateKind::Photo | TemplateKind::Picture);
    let content = row.bytes(if photo { "Content" } else { "TMP" }).unwrap_or_default();
    let data = base64::decode(content).filter(|data| !data.is_empty()).ok_or(LineError::Content)?;
    let no = if matches!(kind, TemplateKind::Bio(_) | TemplateKind::Photo) { "No" } else { "FID" };
    let version = (row.number("MajorVer"), row.number("MinorVer"));
    Ok(Template {
        pin,
        kind,
        no: row.number(no).unwrap_or_default(),
        index: row.number("Index").unwrap_or_default(),
        valid: row.number("Valid").unwrap_or(1),
        duress: row.number("Duress").unwrap_or_default(),
        version: version.0.map(|major| (major, version.1.unwrap_or_default())),
        format: row.number("Format").unwrap_or_default(),
        data,
    })
}

/// Whose words the fields are in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A machine's.
    Line,
    /// Ours.
    Command,
}

/// The fields in the order the chapter has them.
pub(super) fn pairs(template: &Template, form: Form) -> Vec<(&'static str, String)> {
    let Template { pin, kind, no, index, valid, duress, version, format, data } = template;
    let (no, index, valid) = (no.to_string(), index.to_string(), valid.to_string());
    let content = base64::encode(data);
    // The length of the text, not of what it stands for (§8).
    let size = content.len().to_string();
    let number = match form {
        Form::Line => pin.as_str().to_owned(),
        Form::Command => pin.on_wire().to_owned(),
    };
    let name = || ("FileName", format!("{number}.jpg"));
    let command = form == Form::Command;
    match kind {
        TemplateKind::NearInfraredFace if command => {
            vec![("PIN", number), ("FID", no), ("Valid", valid), ("Size", size), ("TMP", content)]
        }
        TemplateKind::Fingerprint | TemplateKind::NearInfraredFace => {
            vec![("PIN", number), ("FID", no), ("Size", size), ("Valid", valid), ("TMP", content)]
        }
        TemplateKind::FingerVein => vec![
            ("Pin", number),
            ("FID", no),
            ("Index", index),
            ("Valid", valid),
            ("Size", size),
            ("Tmp", content),
        ],
        TemplateKind::Bio(of) => {
            let (major, minor) = version.unwrap_or_default();
            vec![
                ("Pin", number),
                ("No", no),
                ("Index", index),
                ("Valid", valid),
                ("Duress", duress.to_string()),
                ("Type", of.to_string()),
                ("MajorVer", major.to_string()),
                ("MinorVer", minor.to_string()),
                ("Format", format.to_string()),
                ("Tmp", content),
            ]
        }
        TemplateKind::Photo if command => vec![
            ("PIN", number),
            ("Type", VISIBLE_FACE.to_string()),
            ("Size", size),
            ("Content", content),
            ("Format", "0".to_owned()),
            ("Url", String::new()),
            // The machine sends the template it made, which is how we learn that it could.
            ("PostBackTmpFlag", "1".to_owned()),
        ],
        TemplateKind::Photo => vec![
            ("PIN", number.clone()),
            name(),
            ("Type", VISIBLE_FACE.to_string()),
            ("No", no),
            ("Index", index),
            ("Size", size),
            ("Content", content),
        ],
        TemplateKind::Picture if command => vec![("PIN", number), ("Size", size), ("Content", content)],
        TemplateKind::Picture => {
            vec![("PIN", number.clone()), name(), ("Size", size), ("Content", content)]
        }
    }
}

/// The first word of a line that carries such a template.
fn word(kind: TemplateKind) -> &'static str {
    match kind {
        TemplateKind::Fingerprint => "FP",
        TemplateKind::NearInfraredFace => "FACE",
        TemplateKind::FingerVein => "FVEIN",
        TemplateKind::Bio(_) => "BIODATA",
        TemplateKind::Photo => "BIOPHOTO",
        TemplateKind::Picture => "USERPIC",
    }
}

/// Appends the line as a machine writes it. What the kind has no field for is left out.
pub fn write_line(template: &Template, out: &mut Vec<u8>) {
    fields::write_row(word(template.kind), pairs(template, Form::Line), out);
}
