//! A machine as the API shows it, and what it takes.

use chrono::{DateTime, FixedOffset, Utc};
use rollcall_core::machines as site;
use rollcall_protocol::text as text_of;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::extract::{given, nullable};
use crate::api::types::Remark;

/// A time-and-attendance or access-control terminal that pushes to us.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Machine {
    /// Its serial number; compared without case.
    pub(super) sn: String,
    /// What people call it.
    pub(super) name: String,
    /// What it is.
    #[schema(required)]
    pub(super) model: Option<String>,
    /// How it talks; null until it has.
    #[schema(required)]
    pub(super) dialect: Option<Dialect>,
    /// Whether its uploads are taken. A disabled machine keeps its punches and sends them once it is enabled.
    pub(super) enabled: bool,
    /// Whether it was heard from within three of its poll intervals.
    pub(super) online: bool,
    /// The zone its clock is in, an IANA name.
    pub(super) time_zone: String,
    /// When it was added.
    pub(super) added_at: DateTime<Utc>,
    /// Its first contact; null when it never connected.
    #[schema(required)]
    pub(super) first_seen_at: Option<DateTime<Utc>>,
    /// Its last contact.
    #[schema(required)]
    pub(super) last_seen_at: Option<DateTime<Utc>>,
    /// The address it calls from.
    #[schema(required)]
    pub(super) address: Option<String>,
    /// Its firmware.
    #[schema(required)]
    pub(super) firmware: Option<String>,
    /// The protocol level it speaks.
    #[schema(required)]
    pub(super) protocol_version: Option<String>,
    /// What it can identify people by.
    pub(super) capabilities: Vec<Capability>,
    /// The counts it reports.
    pub(super) reported: Reported,
    /// The counts we hold; a difference is how lost data looks.
    pub(super) held: Held,
    /// Its people in numbers.
    pub(super) roster: RosterCounts,
    /// How many seconds its clock is ahead of ours, by what it sent at once; null while unknown.
    #[schema(required)]
    pub(super) clock_skew_seconds: Option<i64>,
    /// As of when that is known.
    #[schema(required)]
    pub(super) clock_measured_at: Option<DateTime<Utc>>,
    /// How text is written for it.
    pub(super) encoding: Encoding,
    /// The encoding of what it last sent in which that could be told; what `auto` goes by.
    #[schema(required)]
    pub(super) seen_encoding: Option<SeenEncoding>,
    /// How much it holds, estimated: machines give numbers in units they do not name.
    pub(super) capacity: Capacity,
    /// The versions of its biometric algorithms; a template goes only to machines with the same one.
    pub(super) algorithms: Vec<Algorithm>,
    /// It keeps no second punch of a person within so many minutes, by a setting of its own; null when it has not said. Such
    /// a punch is not lost on its way here: it never was.
    #[schema(required)]
    pub(super) ignores_repeats_minutes: Option<u32>,
    /// How far what we know of it reaches.
    pub(super) horizon: Horizon,
    /// What waits for it.
    pub(super) queue: QueueCounts,
    /// What somebody should look at: `machine.twins`, `machine.encrypted`, `machine.tls`, `machine.sn_look_alike`,
    /// `machine.clock_off`, `machine.count_mismatch`, `machine.people_full`, `machine.fingerprints_full`,
    /// `machine.faces_full`, `machine.punches_full`.
    pub(super) warnings: Vec<Remark>,
}

/// How a machine talks.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Dialect {
    Attendance,
    Access,
    Fk,
}

/// What a machine can identify people by.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Capability {
    Fingerprint,
    Face,
    VisibleLightFace,
    Palm,
    Card,
}

/// How text is written for a machine.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Encoding {
    /// As it writes itself, or as its kind usually reads.
    Auto,
    /// UTF-8.
    Utf8,
    /// GB18030.
    Gb18030,
}

/// An encoding that could be told.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum SeenEncoding {
    /// UTF-8.
    Utf8,
    /// GB18030.
    Gb18030,
}

/// How much a machine holds, estimated; null where it never said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Capacity {
    /// People.
    #[schema(required)]
    pub(super) people: Option<u64>,
    /// Fingerprints.
    #[schema(required)]
    pub(super) fingerprints: Option<u64>,
    /// Faces.
    #[schema(required)]
    pub(super) faces: Option<u64>,
    /// Punches.
    #[schema(required)]
    pub(super) punches: Option<u64>,
}

/// A biometric algorithm of a machine.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Algorithm {
    /// `fingerprint`, `face`, `fingerVein`, `palm` or `visibleLightFace`.
    pub(super) kind: String,
    /// The version as the machine says it.
    pub(super) version: String,
}

/// How far what we know of a machine reaches.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Horizon {
    /// Its newest punch here, by its clock; those from the future left aside.
    #[schema(required)]
    pub(super) newest_punch_at: Option<DateTime<FixedOffset>>,
    /// Its last contact.
    #[schema(required)]
    pub(super) last_seen_at: Option<DateTime<Utc>>,
}

/// What waits for a machine. A command reaches it only with its next poll.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct QueueCounts {
    /// Commands that wait for it to ask.
    pub(super) waiting: u64,
    /// Commands it has and has not answered.
    pub(super) sent: u64,
    /// Its last poll since the program started.
    #[schema(required)]
    pub(super) last_poll_at: Option<DateTime<Utc>>,
}

/// Counts a machine reports of itself; null where it never did.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reported {
    /// People enrolled.
    #[schema(required)]
    pub(super) people: Option<u32>,
    /// Fingerprints.
    #[schema(required)]
    pub(super) fingerprints: Option<u32>,
    /// Faces.
    #[schema(required)]
    pub(super) faces: Option<u32>,
    /// Punches stored.
    #[schema(required)]
    pub(super) punches: Option<u32>,
}

/// What we hold of a machine.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Held {
    /// People with a number.
    pub(super) people: u64,
    /// Punches.
    pub(super) punches: u64,
}

/// A machine's people in numbers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RosterCounts {
    /// All entries.
    pub(super) total: u64,
    /// Those the machine confirmed.
    pub(super) synced: u64,
    /// Those that wait to be sent.
    pub(super) waiting: u64,
    /// Those the machine refused.
    pub(super) failed: u64,
    /// Those without a number.
    pub(super) no_number: u64,
}

/// A machine to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewMachine {
    /// Its serial number: 1 to 32 letters, digits, `-` and `_`; blanks around it are taken off.
    #[schema(pattern = "^ *[A-Za-z0-9_-]{1,32} *$", example = "CQZ7000000001")]
    pub(super) sn: String,
    /// What people will call it.
    #[schema(
        pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$",
        max_length = 100,
        example = "一楼大厅"
    )]
    pub(super) name: String,
    /// What it is.
    #[schema(pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 100)]
    pub(super) model: Option<String>,
    /// The zone its clock is in, an IANA name; the settings' when absent.
    #[schema(example = "Asia/Shanghai")]
    pub(super) time_zone: Option<String>,
}

/// What to change of a machine; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct MachineChange {
    /// A new name.
    #[schema(value_type = String, required = false, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*[^\\s\\u0000-\\u001f\\u007f-\\u009f][^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 100)]
    #[serde(default, deserialize_with = "given")]
    pub(super) name: Option<String>,
    /// A new model; null for none.
    #[schema(value_type = Option<String>, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$", max_length = 100)]
    #[serde(default, deserialize_with = "nullable")]
    pub(super) model: Option<Option<String>>,
    /// Whether its uploads are taken.
    #[schema(value_type = bool, required = false)]
    #[serde(default, deserialize_with = "given")]
    pub(super) enabled: Option<bool>,
    /// The zone its clock is in, an IANA name; what is stored stays as it was sent.
    #[schema(value_type = String, required = false, example = "Asia/Shanghai")]
    #[serde(default, deserialize_with = "given")]
    pub(super) time_zone: Option<String>,
    /// How text is to be written for it.
    #[schema(value_type = Encoding, required = false)]
    #[serde(default, deserialize_with = "given")]
    pub(super) encoding: Option<Encoding>,
}

impl Encoding {
    pub(super) fn setting(self) -> site::EncodingSetting {
        match self {
            Self::Auto => site::EncodingSetting::Auto,
            Self::Utf8 => site::EncodingSetting::Utf8,
            Self::Gb18030 => site::EncodingSetting::Gb18030,
        }
    }

    pub(super) fn of(setting: site::EncodingSetting) -> Self {
        match setting {
            site::EncodingSetting::Auto => Self::Auto,
            site::EncodingSetting::Utf8 => Self::Utf8,
            site::EncodingSetting::Gb18030 => Self::Gb18030,
        }
    }
}

impl SeenEncoding {
    pub(super) fn of(encoding: text_of::Encoding) -> Self {
        match encoding {
            text_of::Encoding::Utf8 => Self::Utf8,
            text_of::Encoding::Gb18030 => Self::Gb18030,
        }
    }
}

impl From<rollcall_protocol::Dialect> for Dialect {
    fn from(dialect: rollcall_protocol::Dialect) -> Self {
        match dialect {
            rollcall_protocol::Dialect::Attendance => Self::Attendance,
            rollcall_protocol::Dialect::Access => Self::Access,
            rollcall_protocol::Dialect::Fk => Self::Fk,
        }
    }
}

impl From<site::Capability> for Capability {
    fn from(capability: site::Capability) -> Self {
        match capability {
            site::Capability::Fingerprint => Self::Fingerprint,
            site::Capability::Face => Self::Face,
            site::Capability::VisibleLightFace => Self::VisibleLightFace,
            site::Capability::Palm => Self::Palm,
            site::Capability::Card => Self::Card,
        }
    }
}
