//! People as machines send them, `USER` lines (attendance-push §8, §15, §16).

use std::borrow::Cow;
use std::fmt;

use super::attlog;
use super::fields::{self, Row};
use super::operlog::LineError;
use super::options::Pair;
use crate::order::Privilege;
use crate::time::WallTime;

/// A person as a machine holds them. What a line does not say is `None`; an empty text was sent empty.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct User<'a> {
    /// The number, as text; never empty or 0.
    pub pin: Cow<'a, str>,
    /// The name.
    pub name: Option<Cow<'a, str>>,
    /// `Pri`, as sent: [`User::privilege`] and [`User::inactive`] say what it means.
    pub privilege_code: Option<Cow<'a, str>>,
    /// `Passwd`, in clear text.
    pub password: Option<Cow<'a, str>>,
    /// `Card`, as sent: [`User::card_number`] is the number.
    pub card: Option<Cow<'a, str>>,
    /// `Grp`, the access group.
    pub group: Option<Cow<'a, str>>,
    /// `TZ`: as sent, since documents disagree on what its digits mean (§15.5).
    pub zones: Option<Cow<'a, str>>,
    /// `Verify`, or `VerifyMode` of US firmware.
    pub verify: Option<Cow<'a, str>>,
    /// `ViceCard`, a second card.
    pub vice_card: Option<Cow<'a, str>>,
    /// `StartDatetime`, as sent: a date, epoch seconds, or 0.
    pub start: Option<Cow<'a, str>>,
    /// `EndDatetime`, likewise.
    pub end: Option<Cow<'a, str>>,
    /// Everything else the line says.
    pub rest: Vec<Pair<'a>>,
}

/// The keys of a line in the order machines write them, but for the first.
const KEYS: [&str; 10] =
    ["Name", "Pri", "Passwd", "Card", "Grp", "TZ", "Verify", "ViceCard", "StartDatetime", "EndDatetime"];

impl<'a> User<'a> {
    pub(super) fn of_row(row: &Row<'a>) -> Result<Self, LineError> {
        let known = [&KEYS[..], &["PIN", "Privilege", "VerifyMode", "Password"]].concat();
        Ok(Self {
            pin: attlog::pin(row.bytes("PIN").unwrap_or_default())?,
            name: row.text("Name"),
            privilege_code: row.text("Pri").or_else(|| row.text("Privilege")),
            password: row.text("Passwd").or_else(|| row.text("Password")),
            card: row.text("Card"),
            group: row.text("Grp"),
            zones: row.text("TZ"),
            verify: row.text("Verify").or_else(|| row.text("VerifyMode")),
            vice_card: row.text("ViceCard"),
            start: row.text("StartDatetime"),
            end: row.text("EndDatetime"),
            rest: row.without(&known),
        })
    }

    /// Appends the line as a machine writes it.
    pub fn write(&self, out: &mut Vec<u8>) {
        let values = [
            &self.name,
            &self.privilege_code,
            &self.password,
            &self.card,
            &self.group,
            &self.zones,
            &self.verify,
            &self.vice_card,
            &self.start,
            &self.end,
        ];
        let said = KEYS.into_iter().zip(values).filter_map(|(key, value)| Some((key, value.as_deref()?)));
        let rest = self.rest.iter().map(|(key, value)| (key.as_ref(), value.as_ref()));
        fields::write_row("USER", [("PIN", self.pin.as_ref())].into_iter().chain(said).chain(rest), out);
    }

    fn code(&self) -> u32 {
        self.privilege_code.as_deref().and_then(|code| code.parse().ok()).unwrap_or_default()
    }

    /// What the person may do at the machine; who has a role nobody has explained may do more than a user, so they
    /// count as administrators.
    #[must_use]
    pub fn privilege(&self) -> Privilege {
        match self.code() & 0x0e {
            0 => Privilege::User,
            2 => Privilege::Registrar,
            _ => Privilege::Administrator,
        }
    }

    /// Whether the account is marked as not in use.
    #[must_use]
    pub fn inactive(&self) -> bool {
        self.code() & 1 != 0
    }

    /// The card's number in decimal; empty for none.
    #[must_use]
    pub fn card_number(&self) -> Cow<'_, str> {
        card_number(self.card.as_deref().unwrap_or_default())
    }

    /// From when on the person may identify, if that is limited; `utc_offset` in seconds is what epoch seconds need.
    #[must_use]
    pub fn valid_from(&self, utc_offset: i32) -> Option<WallTime> {
        moment(self.start.as_deref()?, utc_offset)
    }

    /// Until when.
    #[must_use]
    pub fn valid_to(&self, utc_offset: i32) -> Option<WallTime> {
        moment(self.end.as_deref()?, utc_offset)
    }
}

impl fmt::Debug for User<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = |value: &Option<Cow<'_, str>>| value.as_deref().is_some_and(|value| !value.is_empty());
        f.debug_struct("User")
            .field("pin", &self.pin)
            .field("name", &self.name)
            .field("privilege_code", &self.privilege_code)
            .field("has_password", &set(&self.password))
            .field("has_card", &set(&self.card))
            .field("group", &self.group)
            .field("zones", &self.zones)
            .field("verify", &self.verify)
            .field("start", &self.start)
            .field("end", &self.end)
            .field("rest", &self.rest.len())
            .finish_non_exhaustive()
    }
}

/// A card's number in decimal, from decimal text or from hexadecimal in brackets, low byte first: `[15CD5B07]` (§15.3).
/// No card is empty; what is neither form stays as it is.
#[must_use]
pub fn card_number(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if let Some(hex) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return match low_byte_first(hex.trim()) {
            Some(0) => Cow::Borrowed(""),
            Some(number) => Cow::Owned(number.to_string()),
            None => Cow::Borrowed(text),
        };
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Cow::Borrowed(text.trim_start_matches('0'))
    } else {
        text.into()
    }
}

/// Up to eight bytes.
fn low_byte_first(hex: &str) -> Option<u64> {
    if !hex.is_ascii() || !hex.len().is_multiple_of(2) || hex.len() > 16 {
        return None;
    }
    hex.as_bytes().chunks(2).rev().try_fold(0u64, |number, pair| {
        let digits = std::str::from_utf8(pair).ok()?;
        // A sign is no digit.
        let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        Some(number << 8 | u64::from(u8::from_str_radix(digits, 16).ok().filter(|_| plain)?))
    })
}

/// A moment as machines send it: `YYYY-MM-DDTHH:MM:SS`, or epoch seconds (§15.5). 0 and what is neither are `None`.
#[must_use]
pub fn moment(text: &str, utc_offset: i32) -> Option<WallTime> {
    let text = text.trim();
    match text.parse::<u32>() {
        Ok(0) => None,
        Ok(seconds) => Some(WallTime::from_seconds(i64::from(seconds) + i64::from(utc_offset))),
        Err(_) => WallTime::parse(text.as_bytes()).ok(),
    }
}
