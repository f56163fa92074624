//! Which dialect a machine speaks, when one request says so and another that: whoever knows a serial number can send a stray
//! request, and must not turn a machine round by it (quirks Q10, access-push §1).

use std::net::IpAddr;

use chrono::TimeDelta;
use rollcall_core::clock::Timestamp;
use rollcall_protocol::Dialect;

/// How long the machine must have been silent at its old address before one elsewhere is believed.
const GONE: TimeDelta = TimeDelta::seconds(60);

/// What a machine speaks, and where it was when that was learnt.
#[derive(Debug)]
pub(super) struct Tongue {
    dialect: Option<Dialect>,
    /// Where it lives: the address its evidence came from, and when anything came from there last.
    home: Option<(IpAddr, Option<Timestamp>)>,
}

impl Tongue {
    pub(super) fn new(dialect: Option<Dialect>, address: Option<IpAddr>) -> Self {
        Self { dialect, home: address.map(|address| (address, None)) }
    }

    pub(super) fn dialect(&self) -> Option<Dialect> {
        self.dialect
    }

    /// A request came from there.
    pub(super) fn heard(&mut self, address: IpAddr, now: Timestamp) {
        if let Some((home, last)) = &mut self.home
            && *home == address
        {
            *last = Some(now);
        }
    }

    /// A request from there left no doubt about its dialect: whether the machine's is another one by that.
    pub(super) fn evidence(&mut self, dialect: Dialect, address: IpAddr, now: Timestamp) -> bool {
        let at_home = match self.home {
            Some((home, last)) => home == address || last.is_none_or(|last| now - last >= GONE),
            None => true,
        };
        if self.dialect == Some(dialect) || !at_home {
            // It may have moved; its own dialect is what it would speak there.
            if at_home {
                self.home = Some((address, Some(now)));
            }
            return false;
        }
        self.home = Some((address, Some(now)));
        self.dialect.replace(dialect).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 20));
    const AWAY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 66));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(1_783_299_600 + seconds, 0).unwrap()
    }

    #[test]
    fn q10_the_machines_own_word_counts_at_once() {
        let mut tongue = Tongue::new(None, None);
        assert!(!tongue.evidence(Dialect::Attendance, HOME, at(0)), "nothing was known, so nothing changed");
        assert!(tongue.evidence(Dialect::Access, HOME, at(1)));
        assert_eq!(tongue.dialect(), Some(Dialect::Access));
    }

    #[test]
    fn q10_a_stray_request_from_elsewhere_turns_no_machine_round() {
        let mut tongue = Tongue::new(Some(Dialect::Attendance), Some(HOME));
        for n in 0..100 {
            tongue.heard(HOME, at(n * 10));
            assert!(!tongue.evidence(Dialect::Access, AWAY, at(n * 10 + 3)));
            tongue.heard(AWAY, at(n * 10 + 3));
        }
        assert_eq!(tongue.dialect(), Some(Dialect::Attendance));
    }

    #[test]
    fn i4_a_machine_that_moved_and_was_switched_is_believed_once_its_old_address_is_silent() {
        let mut tongue = Tongue::new(Some(Dialect::Attendance), Some(HOME));
        tongue.heard(HOME, at(0));
        assert!(!tongue.evidence(Dialect::Access, AWAY, at(30)));
        assert!(tongue.evidence(Dialect::Access, AWAY, at(61)));
    }
}
