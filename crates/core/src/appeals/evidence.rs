//! What somebody puts beside an appeal: a photo of a pass, a doctor's note. Sealed (O3), since it says more of them than a punch.

use std::fmt;

use rusqlite::Connection;
use serde::Serialize;

use super::error::{AppealError, TextOf};
use super::requests::{self, subject};
use super::{Appeal, AppealId, queries};
use crate::audit::{self, Actor, MASK};
use crate::db::{self, Tx};
use crate::text;
use crate::vault::{Sealed, Vault};

/// Bytes of a piece of evidence.
pub const EVIDENCE_MOST: usize = 5 * 1024 * 1024;

/// Characters of its name.
const NAME_MOST: usize = 200;

/// Its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvidenceType {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// PDF.
    Pdf,
}

impl EvidenceType {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Pdf];

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
        }
    }

    /// What its files are called when nobody said.
    pub fn usual_name(self) -> &'static str {
        match self {
            Self::Jpeg => "evidence.jpg",
            Self::Png => "evidence.png",
            Self::Pdf => "evidence.pdf",
        }
    }

    /// What bytes are, by how they begin; whatever a file is called.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let begins: [(&[u8], Self); 3] =
            [(b"\xff\xd8\xff", Self::Jpeg), (b"\x89PNG\r\n\x1a\n", Self::Png), (b"%PDF-", Self::Pdf)];
        begins.into_iter().find_map(|(begin, kind)| bytes.starts_with(begin).then_some(kind))
    }

    pub(super) fn named(media_type: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.media_type() == media_type).unwrap_or(Self::Pdf)
    }
}

/// What is told of a piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceMeta {
    /// What it is called.
    pub name: String,
    /// Its form.
    pub kind: EvidenceType,
    /// How many bytes it has.
    pub size: u64,
}

/// A piece of evidence.
#[derive(Clone, PartialEq, Eq)]
pub struct Evidence {
    /// What it is called.
    pub name: String,
    /// Its form.
    pub kind: EvidenceType,
    /// Its bytes.
    pub data: Vec<u8>,
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence").field("bytes", &self.data.len()).finish_non_exhaustive()
    }
}

/// What the operation log keeps: a file's name may say what somebody has.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logged {
    name: &'static str,
    media_type: &'static str,
    size: u64,
}

impl From<&EvidenceMeta> for Logged {
    fn from(evidence: &EvidenceMeta) -> Self {
        Self { name: MASK, media_type: evidence.kind.media_type(), size: evidence.size }
    }
}

/// Puts evidence beside an open appeal, in the place of what lay there. What was decided was decided upon what lay there then; it
/// stays.
pub fn evidence_put(
    tx: &Tx<'_>,
    actor: &Actor,
    id: AppealId,
    name: Option<&str>,
    data: &[u8],
) -> Result<Appeal, AppealError> {
    let appeal = requests::open(tx, id)?;
    if data.len() > EVIDENCE_MOST {
        return Err(AppealError::EvidenceTooLarge);
    }
    let kind = EvidenceType::of(data).ok_or(AppealError::EvidenceType)?;
    let name = text::optional(name.unwrap_or_default(), NAME_MOST)
        .map_err(|problem| AppealError::Text { of: TextOf::Name, problem })?
        .unwrap_or_else(|| kind.usual_name().to_owned());
    let meta = EvidenceMeta { name, kind, size: data.len() as u64 };
    let sealed = tx.vault().seal(Sealed::Evidence, data).map_err(db::Error::from)?;
    queries::put_evidence(tx, id, &meta, &sealed)?;
    let new = Logged::from(&meta);
    match &appeal.evidence {
        None => audit::record(tx, actor, "appeal.evidence", &subject(id), None, Some(&new))?,
        Some(before) => {
            audit::record_always(tx, actor, "appeal.evidence", &subject(id), &before.into(), &new)?;
        }
    }
    requests::with_day(tx, Appeal { evidence: Some(meta), ..appeal }, tx.now())
}

/// What lies beside an appeal.
pub fn evidence_get(conn: &Connection, vault: &Vault, id: AppealId) -> Result<Evidence, AppealError> {
    let appeal = requests::find(conn, id)?;
    let (Some(meta), Some(sealed)) = (appeal.evidence, queries::evidence(conn, id)?) else {
        return Err(AppealError::EvidenceMissing(id));
    };
    let data = vault.unseal(Sealed::Evidence, &sealed).map_err(db::Error::from)?;
    Ok(Evidence { name: meta.name, kind: meta.kind, data })
}

/// Takes away what lies beside an open appeal.
pub fn evidence_delete(tx: &Tx<'_>, actor: &Actor, id: AppealId) -> Result<Appeal, AppealError> {
    let appeal = requests::open(tx, id)?;
    let before = appeal.evidence.clone().ok_or(AppealError::EvidenceMissing(id))?;
    queries::delete_evidence(tx, id)?;
    audit::record(tx, actor, "appeal.evidence", &subject(id), Some(&Logged::from(&before)), None)?;
    requests::with_day(tx, Appeal { evidence: None, ..appeal }, tx.now())
}
