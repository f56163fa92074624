//! A template or photo of a person.

use std::fmt;

use super::Pin;
use super::hidden::Hidden;

/// What a template was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub enum TemplateKind {
    /// A finger, in the older form (`FP`, `FINGERTMP`, `templatev10`).
    Fingerprint,
    /// A face of a near-infra-red machine (`FACE`, `facev7`).
    NearInfraredFace,
    /// A finger's veins (`FVEIN`).
    FingerVein,
    /// The unified form (`BIODATA`), by its type: attendance-push §15.6.
    Bio(u8),
    /// A photo the machine makes a face template of (`BIOPHOTO`).
    Photo,
    /// The picture shown at the machine (`USERPIC`).
    Picture,
}

/// One template or photo of a person.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Template {
    /// Whose.
    pub pin: Pin,
    /// What of. In JSON, `kind` is the order's.
    #[cfg_attr(feature = "serde", serde(rename = "of"))]
    pub kind: TemplateKind,
    /// Which finger, or 0.
    pub no: u16,
    /// Which of the templates of one enrolment.
    pub index: u16,
    /// 1 valid, 0 not, 3 duress in the older fingerprint form.
    pub valid: u8,
    /// 1 = under duress, in the unified form.
    pub duress: u8,
    /// Version of the algorithm, major and minor; templates go only to machines with the same one (U3).
    pub version: Option<(u32, u32)>,
    /// Format, in the unified form.
    pub format: u8,
    /// The bytes, decoded; a JPEG for photo and picture.
    #[cfg_attr(feature = "serde", serde(with = "as_base64"))]
    pub data: Vec<u8>,
}

/// Bytes as text a third longer, instead of a list of numbers four times as long.
#[cfg(feature = "serde")]
mod as_base64 {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::base64;

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        base64::decode(text.as_bytes()).ok_or_else(|| serde::de::Error::custom("not Base64"))
    }
}

impl Template {
    /// The same without the bytes.
    pub(super) fn redacted(&self) -> Self {
        let Self { pin, kind, no, index, valid, duress, version, format, data: _ } = self;
        Self {
            pin: pin.clone(),
            kind: *kind,
            no: *no,
            index: *index,
            valid: *valid,
            duress: *duress,
            version: *version,
            format: *format,
            data: Vec::new(),
        }
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template")
            .field("pin", &self.pin)
            .field("kind", &self.kind)
            .field("no", &self.no)
            .field("index", &self.index)
            .field("version", &self.version)
            .field("data", &Hidden(self.data.len()))
            .finish_non_exhaustive()
    }
}
