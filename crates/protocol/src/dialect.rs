//! Which dialect a request belongs to (protocol README, “Decision at the first bytes”).

use crate::attendance::Table;
use crate::attendance::handshake::Handshake;
use crate::http::{Endpoint, Target};

/// The three ways machines talk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "lowercase"))]
pub enum Dialect {
    /// Attendance PUSH, “iclock”.
    Attendance,
    /// Access PUSH, on the same paths.
    Access,
    /// FK-HTTP, “BS SDK”.
    Fk,
}

impl Dialect {
    /// `attendance`, `access` or `fk`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Attendance => "attendance",
            Self::Access => "access",
            Self::Fk => "fk",
        }
    }

    /// The inverse of [`Dialect::as_str`].
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Attendance, Self::Access, Self::Fk].into_iter().find(|dialect| dialect.as_str() == name)
    }
}

impl std::fmt::Display for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// What [`detect`] looks at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// There is a `request_code` or `dev_id` header (R8).
    pub fk_header: bool,
    /// There is an `application/push` media type, as access machines name theirs (access-push §1).
    pub push_header: bool,
    /// The request target.
    pub target: Target<'a>,
}

/// What [`detect`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Detected {
    /// The dialect to answer in.
    pub dialect: Dialect,
    /// The request itself says so. Only then is what was remembered for the machine revised.
    pub explicit: bool,
}

/// Decides the dialect of a request.
///
/// `remembered` is what this serial number spoke the last time. `pushver=3…` proves nothing and
/// `table=options` is used by both iclock dialects; `querydata` alone is a hint that does not flip a machine.
///
/// A handshake decides: an access machine says `DeviceType=acc` in it, and no `DeviceType` means attendance
/// (attendance-push §3.1). If the memory counted, one stray request in the access dialect would keep an attendance
/// machine from its options for ever; an access machine taken for the other kind registers next, which sets that right.
/// Only a handshake with access headers and without a type is left to the memory.
#[must_use]
pub fn detect(facts: &Facts<'_>, remembered: Option<Dialect>) -> Detected {
    let explicit = |dialect| Detected { dialect, explicit: true };
    if facts.fk_header {
        return explicit(Dialect::Fk);
    }
    let endpoint = facts.target.endpoint();
    let device_type = facts.target.query.text("DeviceType").unwrap_or_default();
    let is_type = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(&device_type));
    let table = facts.target.query.get("table").map(|name| Table::parse(&name));

    let access_path = matches!(endpoint, Endpoint::Registry | Endpoint::Push | Endpoint::RtData);
    if access_path || is_type(&["acc"]) || table.is_some_and(Table::is_access) {
        return explicit(Dialect::Access);
    }
    if is_type(&["att", "pid", "ins"]) || table.is_some_and(Table::is_attendance) {
        return explicit(Dialect::Attendance);
    }
    let handshake = endpoint == Endpoint::Cdata && Handshake::from_query(&facts.target.query).is_some();
    let by_type = !device_type.is_empty() || !facts.push_header;
    if handshake && by_type {
        return explicit(Dialect::Attendance);
    }
    // There is no such request in the access dialect, which asks for the time elsewhere.
    let clock = endpoint == Endpoint::Cdata
        && facts.target.query.text("type").is_some_and(|kind| kind.eq_ignore_ascii_case("time"));
    if clock || matches!(endpoint, Endpoint::Event | Endpoint::Fdata) {
        return Detected { dialect: Dialect::Attendance, explicit: false };
    }
    // Only written in one way, whoever speaks it (attendance-push §11): what it brings must be read, whatever is remembered.
    if endpoint == Endpoint::QueryData {
        return Detected { dialect: Dialect::Access, explicit: false };
    }
    let unknown = if handshake { Dialect::Access } else { Dialect::Attendance };
    // An iclock request of a machine remembered as FK: the memory cannot be followed, FK has other heads.
    let remembered = remembered.filter(|dialect| *dialect != Dialect::Fk || !facts.target.under_iclock());
    Detected { dialect: remembered.unwrap_or(unknown), explicit: false }
}
