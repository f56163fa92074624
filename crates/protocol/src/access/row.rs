//! Rows of tables: `user uid=1␉cardno=␉pin=1001…` (access-push §7).

use std::borrow::Cow;

use crate::attendance::fields;
use crate::text;

/// The tables machines are known to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Table {
    /// People.
    User,
    /// More about people: first name, switches.
    ExtUser,
    /// More cards of people.
    MulCardUser,
    /// ID cards that were read.
    IdentityCard,
    /// Which doors people may open.
    UserAuthorize,
    /// Fingerprints.
    TemplateV10,
    /// Near-infra-red faces.
    FaceV7,
    /// Comparison photos.
    BioPhoto,
    /// Avatars.
    UserPic,
    /// Unified templates.
    BioData,
    /// Pictures taken at an event.
    AttPhoto,
    /// Events, asked for.
    Transaction,
    /// Why something sent to the machine failed there.
    ErrorLog,
}

const NAMES: [(&str, Table); 13] = [
    ("user", Table::User),
    ("extuser", Table::ExtUser),
    ("mulcarduser", Table::MulCardUser),
    ("identitycard", Table::IdentityCard),
    ("userauthorize", Table::UserAuthorize),
    ("templatev10", Table::TemplateV10),
    ("facev7", Table::FaceV7),
    ("biophoto", Table::BioPhoto),
    ("userpic", Table::UserPic),
    ("biodata", Table::BioData),
    ("ATTPHOTO", Table::AttPhoto),
    ("transaction", Table::Transaction),
    ("errorlog", Table::ErrorLog),
];

impl Table {
    /// Reads `tablename=`, in any case; nothing for one nobody knows.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim())).map(|(_, table)| *table)
    }

    /// The name as machines spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, table)| *table == self).map_or("", |(name, _)| name)
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The line as it was sent, without its line end.
    pub raw: &'a [u8],
    /// Names and values in the order sent.
    pub pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// The rows of an upload of a table, in order; the table's word in front may be missing.
pub fn rows(body: &[u8]) -> impl Iterator<Item = Row<'_>> {
    fields::lines(body).map(|raw| Row { raw, pairs: fields::text_pairs(without_word(raw)).collect() })
}

impl Row<'_> {
    /// The value under a name, in any case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_ref())
    }

    /// The same as a number; nothing when it is none.
    #[must_use]
    pub fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.get(name)?.parse().ok()
    }

    /// Appends a row as machines send it, ended with CR LF. What would end a field becomes a blank.
    pub fn write(word: &str, pairs: &[(&str, &str)], out: &mut Vec<u8>) {
        out.extend_from_slice(text::clean(word).as_bytes());
        for (at, (key, value)) in pairs.iter().enumerate() {
            out.push(if at == 0 { b' ' } else { b'\t' });
            fields::write_key(key, out);
            out.push(b'=');
            out.extend_from_slice(text::clean(value).as_bytes());
        }
        out.extend_from_slice(b"\r\n");
    }
}

/// Takes the table's word off a line, be a blank or a TAB behind it (P7). Firmware writes other words than the table's
/// name there too, so any word that is no field goes.
pub(super) fn without_word(line: &[u8]) -> &[u8] {
    let line = text::trim_start(line);
    let end = line.iter().position(|byte| matches!(byte, b' ' | b'\t' | b'=')).unwrap_or(line.len());
    match line.split_at_checked(end) {
        Some((_, rest)) if rest.first() != Some(&b'=') => text::trim_start(rest),
        _ => line,
    }
}
