//! What is known of a machine when it is told something.

use std::borrow::Cow;

use chrono::{Offset, TimeZone};
use rollcall_protocol::Dialect;
use rollcall_protocol::attendance::handshake::Generation;
use rollcall_protocol::order::Means;
use rollcall_protocol::text::Encoding;

use super::Machine;
use crate::clock::{self, Timestamp};

/// How text is written for a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EncodingSetting {
    /// As the machine itself writes, or as its kind usually reads.
    #[default]
    Auto,
    /// As somebody has said.
    Utf8,
    /// As somebody has said.
    Gb18030,
}

impl EncodingSetting {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Utf8, Self::Gb18030];

    /// The name in the database and the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Utf8 => "utf8",
            Self::Gb18030 => "gb18030",
        }
    }

    /// The inverse of [`EncodingSetting::name`]; whatever it does not know is automatic.
    pub fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|setting| setting.name() == name).unwrap_or_default()
    }
}

pub(super) fn name_of(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "utf8",
        Encoding::Gb18030 => "gb18030",
    }
}

pub(super) fn encoding_named(name: &str) -> Option<Encoding> {
    [Encoding::Utf8, Encoding::Gb18030].into_iter().find(|encoding| name_of(*encoding) == name)
}

/// Simplified Chinese, as machines say it.
const SIMPLIFIED_CHINESE: &str = "83";

/// The encoding text is written in for a machine (attendance-push §15.2). Left to itself, a machine gets what it last
/// sent; before it has sent anything that tells, UTF-8, unless it is attendance firmware below 2.4 set to Chinese.
pub fn encoding(
    setting: EncodingSetting,
    seen: Option<Encoding>,
    dialect: Dialect,
    push_version: Option<&str>,
    language: Option<&str>,
) -> Encoding {
    let by_kind = || {
        let old = push_version.is_some_and(|version| level(version) < (2, 4));
        let chinese = language.map(str::trim) == Some(SIMPLIFIED_CHINESE);
        if dialect == Dialect::Attendance && old && chinese { Encoding::Gb18030 } else { Encoding::Utf8 }
    };
    match setting {
        // The text of this dialect is JSON.
        _ if dialect == Dialect::Fk => Encoding::Utf8,
        EncodingSetting::Utf8 => Encoding::Utf8,
        EncodingSetting::Gb18030 => Encoding::Gb18030,
        EncodingSetting::Auto => seen.unwrap_or_else(by_kind),
    }
}

fn level(version: &str) -> (u32, u32) {
    let digits = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut parts = digits.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

/// What orders need to know of a machine at this moment.
pub fn means_of(machine: &Machine, dialect: Dialect, now: Timestamp) -> Means<'static> {
    let push_version = machine.protocol_version.as_deref();
    Means {
        dialect,
        // Firmware that has not shaken hands with us yet is taken for current: it says so when it does not understand.
        generation: push_version.map_or(Generation::Modern, Generation::of_version),
        encoding: encoding(
            machine.encoding,
            machine.seen_encoding,
            dialect,
            push_version,
            machine.language.as_deref(),
        ),
        old_user_form: machine.old_user_form,
        options: Cow::Owned(machine.options.clone()),
        now: clock::wall_at(machine.time_zone, now),
        utc_offset: machine.time_zone.offset_from_utc_datetime(&now.naive_utc()).fix().local_minus_utc(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p5_text_is_written_as_the_machine_reads_it() {
        use Encoding::{Gb18030 as Gb, Utf8};
        use EncodingSetting as Set;
        let table = [
            (Set::Auto, None, Dialect::Attendance, Some("2.4.1"), Some("83"), Utf8),
            (Set::Auto, None, Dialect::Attendance, Some("2.0.1"), Some("83"), Gb),
            (Set::Auto, None, Dialect::Attendance, Some("2.0.1"), Some("69"), Utf8),
            (Set::Auto, None, Dialect::Attendance, None, Some("83"), Utf8),
            (Set::Auto, Some(Gb), Dialect::Attendance, Some("2.4.1"), Some("83"), Gb),
            (Set::Auto, Some(Utf8), Dialect::Attendance, Some("2.0.1"), Some("83"), Utf8),
            (Set::Utf8, Some(Gb), Dialect::Attendance, Some("2.0.1"), Some("83"), Utf8),
            (Set::Gb18030, None, Dialect::Access, Some("3.1.2"), Some("83"), Gb),
            (Set::Auto, None, Dialect::Access, Some("2.0.1"), Some("83"), Utf8),
            (Set::Gb18030, None, Dialect::Fk, None, None, Utf8),
        ];
        for (setting, seen, dialect, version, language, expected) in table {
            assert_eq!(
                encoding(setting, seen, dialect, version, language),
                expected,
                "{setting:?} {seen:?} {dialect:?} {version:?} {language:?}"
            );
        }
    }
}
