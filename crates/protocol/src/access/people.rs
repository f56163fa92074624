//! People as an access machine holds them: rows of `user` (access-push §11, §15).

use std::borrow::Cow;
use std::fmt;

use super::class::is_nobody;
use super::row::Row;
use super::time::Limit;
use crate::order::Privilege;

/// A person on the machine.
#[derive(Clone, PartialEq, Eq)]
pub struct User<'a> {
    /// The number, as sent.
    pub pin: Cow<'a, str>,
    /// The machine's own number of the record.
    pub uid: Cow<'a, str>,
    /// The name.
    pub name: Cow<'a, str>,
    /// The card, hexadecimal or decimal by firmware; kept as text.
    pub card: Cow<'a, str>,
    /// The password.
    pub password: Cow<'a, str>,
    /// The access group.
    pub group: Cow<'a, str>,
    /// How this person may identify.
    pub verify: Cow<'a, str>,
    /// The privilege, as sent.
    pub privilege: Cow<'a, str>,
    /// Let in from then on; nothing = always.
    pub from: Option<Limit>,
    /// Let in until then; nothing = for ever.
    pub to: Option<Limit>,
    /// Switched off (`disable=1`).
    pub disabled: bool,
}

impl<'a> User<'a> {
    /// Reads a row; nothing when it names nobody.
    #[must_use]
    pub fn of(row: Row<'a>) -> Option<Self> {
        let limit = |name| row.get(name).and_then(|value| Limit::parse(value.as_bytes()));
        let (from, to) = (limit("starttime"), limit("endtime"));
        let disabled = row.number::<u8>("disable").is_some_and(|flag| flag != 0);
        let mut pairs = row.pairs;
        let mut take = |name: &str| {
            let found = pairs.iter_mut().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| std::mem::take(value)).unwrap_or_default()
        };
        let pin = take("pin");
        if is_nobody(&pin) {
            return None;
        }
        Some(Self {
            pin,
            uid: take("uid"),
            name: take("name"),
            card: take("cardno"),
            password: take("password"),
            group: take("group"),
            verify: take("verify"),
            privilege: take("privilege"),
            from,
            to,
            disabled,
        })
    }

    /// What this person may do. Custom roles count as administrators; bit 0 is no part of it (attendance-push §16).
    #[must_use]
    pub fn privilege(&self) -> Privilege {
        match self.number() & 0x0e {
            0 => Privilege::User,
            2 => Privilege::Registrar,
            _ => Privilege::Administrator,
        }
    }

    /// Whether this person cannot identify, by either of the two marks for it.
    #[must_use]
    pub fn inactive(&self) -> bool {
        self.disabled || self.number() & 1 == 1
    }

    fn number(&self) -> u32 {
        self.privilege.parse().unwrap_or(0)
    }

    /// Appends the row as machines send it, ended with CR LF.
    pub fn write(&self, out: &mut Vec<u8>) {
        let limit = |limit: Option<Limit>| {
            let mut text = String::new();
            match limit {
                Some(limit) => limit.write(&mut text),
                None => text.push('0'),
            }
            text
        };
        let (from, to) = (limit(self.from), limit(self.to));
        let pairs = [
            ("uid", self.uid.as_ref()),
            ("cardno", &self.card),
            ("pin", &self.pin),
            ("password", &self.password),
            ("group", &self.group),
            ("starttime", &from),
            ("endtime", &to),
            ("name", &self.name),
            ("privilege", &self.privilege),
            ("disable", if self.disabled { "1" } else { "0" }),
            ("verify", &self.verify),
        ];
        Row::write("user", &pairs, out);
    }
}

impl fmt::Debug for User<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither card nor password belongs into a log.
        f.debug_struct("User")
            .field("pin", &self.pin)
            .field("uid", &self.uid)
            .field("name", &self.name)
            .field("group", &self.group)
            .field("privilege", &self.privilege)
            .field("from", &self.from)
            .field("to", &self.to)
            .field("disabled", &self.disabled)
            .finish_non_exhaustive()
    }
}
