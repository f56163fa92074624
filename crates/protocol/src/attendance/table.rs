//! `table=` of an upload (attendance-push §2, quirk R3).

/// What an upload carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Table {
    /// Punches (§7).
    AttLog,
    /// Operations, people, templates (§8).
    OperLog,
    /// One punch picture (§9).
    AttPhoto,
    /// Capabilities (§5).
    Options,
    /// Unified templates (§10).
    BioData,
    /// Face comparison photos (§9).
    BioPhoto,
    /// Avatars (§9).
    UserPic,
    /// ID cards read by `pid` machines (§10).
    IdCard,
    /// Why a pushed photo failed (§10).
    ErrorLog,
    /// People (§8).
    UserInfo,
    /// Fingerprint templates (§8).
    FingerTmp,
    /// Near-infra-red face templates (§8).
    Face,
    /// Finger-vein templates (§8).
    FVein,
    /// Work codes (§8).
    WorkCode,
    /// “Is this person known elsewhere?” (§11).
    RemoteAtt,
    /// Self-service key of US firmware (§11).
    SelfServiceData,
    /// Access dialect: events.
    RtLog,
    /// Access dialect: door states.
    RtState,
    /// Access dialect: temperatures.
    IrState,
    /// Access dialect: everything else.
    TableData,
    /// Acknowledged and kept raw (A4).
    Other,
}

const NAMES: [(&str, Table); 20] = [
    ("ATTLOG", Table::AttLog),
    ("OPERLOG", Table::OperLog),
    ("ATTPHOTO", Table::AttPhoto),
    ("options", Table::Options),
    ("BIODATA", Table::BioData),
    ("BIOPHOTO", Table::BioPhoto),
    ("USERPIC", Table::UserPic),
    ("IDCARD", Table::IdCard),
    ("ERRORLOG", Table::ErrorLog),
    ("USERINFO", Table::UserInfo),
    ("FINGERTMP", Table::FingerTmp),
    ("FACE", Table::Face),
    ("FVEIN", Table::FVein),
    ("WORKCODE", Table::WorkCode),
    ("RemoteAtt", Table::RemoteAtt),
    ("SELFSERVICEDATA", Table::SelfServiceData),
    ("rtlog", Table::RtLog),
    ("rtstate", Table::RtState),
    ("irstate", Table::IrState),
    ("tabledata", Table::TableData),
];

impl Table {
    /// Reads a decoded `table=` value: any case, blanks around it ignored (R3).
    #[must_use]
    pub fn parse(name: &[u8]) -> Self {
        let name = crate::text::trim(name);
        NAMES
            .iter()
            .find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(name))
            .map_or(Self::Other, |(_, table)| *table)
    }

    /// The name as machines spell it; `None` for [`Table::Other`].
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        NAMES.iter().find(|(_, table)| *table == self).map(|(name, _)| *name)
    }

    /// Whether only access machines send it.
    #[must_use]
    pub fn is_access(self) -> bool {
        matches!(self, Self::RtLog | Self::RtState | Self::IrState | Self::TableData)
    }

    /// Whether only attendance machines send it. Both send [`Table::Options`], and [`Table::Other`] says
    /// nothing.
    #[must_use]
    pub fn is_attendance(self) -> bool {
        !self.is_access() && !matches!(self, Self::Options | Self::Other)
    }

    /// Whether an upload of it is acknowledged with the number of lines, `OK: n` (A3); pictures, options and
    /// what is not understood get a plain `OK` (A4, A5).
    #[must_use]
    pub fn is_counted(self) -> bool {
        self.is_attendance() && !matches!(self, Self::AttPhoto | Self::RemoteAtt | Self::SelfServiceData)
    }
}
