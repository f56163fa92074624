//! Where a machine calls from, to tell two machines with one serial number (I3) from one that moved (I4).
//!
//! A machine gets another address now and then and never goes back at once. Requests that come from two addresses in turns
//! are two machines, or one behind two lines to here; what each says of itself, its hardware address, decides when both
//! said it. Until that is resolved, by ten minutes of one address or by a person, it gets no commands: nobody knows which
//! of the two would open its door.

use std::net::IpAddr;

use chrono::TimeDelta;
use rollcall_core::clock::Timestamp;

/// Changes between the same two addresses within [`SPAN`] that make two machines.
const CHANGES: u8 = 4;
/// The same when the two addresses said different things of themselves.
const CHANGES_OF_TWO: u8 = 2;
/// How long one address must be the only one until there is one machine again.
const SPAN: TimeDelta = TimeDelta::minutes(10);

/// The addresses of one serial number.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    pair: Option<Pair>,
    changes: u8,
    first_at: Option<Timestamp>,
    last_at: Option<Timestamp>,
    /// Somebody has said that these two are one machine.
    accepted: Option<(IpAddr, IpAddr)>,
    /// What the last address said of its hardware, before there was a second one.
    said: Option<(IpAddr, String)>,
}

/// Two addresses that take turns, and what each said of its hardware.
#[derive(Debug)]
struct Pair {
    addresses: (IpAddr, IpAddr),
    said: (Option<String>, Option<String>),
}

impl Pair {
    /// Whether both have said who they are: the same, or not.
    fn same(&self) -> Option<bool> {
        match &self.said {
            (Some(one), Some(other)) => Some(one.eq_ignore_ascii_case(other)),
            _ => None,
        }
    }
}

fn ordered(a: IpAddr, b: IpAddr) -> (IpAddr, IpAddr) {
    if a < b { (a, b) } else { (b, a) }
}

impl Addresses {
    /// A request came from another address than the one before.
    pub(super) fn change(&mut self, from: IpAddr, to: IpAddr, now: Timestamp) {
        let addresses = ordered(from, to);
        let recent = self.first_at.is_some_and(|first| now - first < SPAN) || self.twins(now).is_some();
        if self.pair.as_ref().is_some_and(|pair| pair.addresses == addresses) && recent {
            self.changes = self.changes.saturating_add(1);
        } else {
            let said = self.said.take().filter(|(address, _)| *address == from).map(|(_, said)| said);
            let said = if addresses.0 == from { (said, None) } else { (None, said) };
            self.pair = Some(Pair { addresses, said });
            self.changes = 1;
            self.first_at = Some(now);
        }
        self.last_at = Some(now);
    }

    /// What the machine at an address says of its hardware.
    pub(super) fn says(&mut self, address: IpAddr, hardware: &str) {
        let said = hardware.to_owned();
        match &mut self.pair {
            Some(pair) if pair.addresses.0 == address => pair.said.0 = Some(said.clone()),
            Some(pair) if pair.addresses.1 == address => pair.said.1 = Some(said.clone()),
            _ => {}
        }
        self.said = Some((address, said));
    }

    /// Somebody has looked: it is one machine, whatever these two addresses are.
    pub(super) fn resolve(&mut self) {
        self.accepted = self.pair.take().map(|pair| pair.addresses).or(self.accepted);
        self.changes = 0;
        self.first_at = None;
        self.last_at = None;
    }

    fn is_recent(&self, now: Timestamp) -> bool {
        self.last_at.is_some_and(|last| now - last < SPAN)
    }

    /// The two addresses that two machines are suspected at.
    pub(super) fn twins(&self, now: Timestamp) -> Option<(IpAddr, IpAddr)> {
        let pair = self.pair.as_ref().filter(|_| self.is_recent(now))?;
        let enough = match pair.same() {
            Some(true) => return None,
            Some(false) => CHANGES_OF_TWO,
            None => CHANGES,
        };
        (self.changes >= enough && self.accepted != Some(pair.addresses)).then_some(pair.addresses)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn at(last: u8) -> IpAddr {
        IpAddr::from([192, 168, 1, last])
    }

    /// Requests from these addresses, five seconds apart, each saying this of its hardware; who is suspected at the end.
    fn heard(addresses: &[(u8, Option<&str>)]) -> (Addresses, Timestamp) {
        let mut now = chrono::Utc.with_ymd_and_hms(2026, 7, 6, 1, 30, 0).unwrap();
        let mut heard = Addresses::default();
        let mut before = None;
        for (address, hardware) in addresses {
            now += TimeDelta::seconds(5);
            if let Some(before) = before.filter(|before| before != address) {
                heard.change(at(before), at(*address), now);
            }
            if let Some(hardware) = hardware {
                heard.says(at(*address), hardware);
            }
            before = Some(*address);
        }
        (heard, now)
    }

    #[test]
    fn i3_i4_two_machines_and_one_that_moves() {
        let (a, b) = (Some("00:17:61:00:00:01"), Some("00:17:61:00:00:02"));
        type Heard<'a> = &'a [(u8, Option<&'a str>)];
        let table: [(&str, Heard<'_>, bool); 8] = [
            ("one address", &[(1, None), (1, None)], false),
            ("moved", &[(1, None), (2, None), (2, None), (2, None)], false),
            ("moved and went back", &[(1, None), (2, None), (1, None), (1, None)], false),
            (
                "a new address each time",
                &[(1, None), (2, None), (3, None), (4, None), (5, None), (6, None)],
                false,
            ),
            ("in turns", &[(1, None), (2, None), (1, None), (2, None), (1, None)], true),
            (
                "in turns, one machine behind two lines",
                &[(1, a), (2, a), (1, a), (2, a), (1, a), (2, a)],
                false,
            ),
            ("two hardware addresses", &[(1, a), (2, b), (1, None)], true),
            ("one that moved", &[(1, a), (2, a), (2, None)], false),
        ];
        for (what, addresses, twins) in table {
            let (heard, now) = heard(addresses);
            assert_eq!(heard.twins(now).is_some(), twins, "{what}");
        }
    }

    #[test]
    fn i4_a_machine_that_goes_to_and_fro_slowly_is_one() {
        let (mut heard, mut now) = heard(&[(1, None)]);
        for _ in 0..20 {
            now += TimeDelta::minutes(4);
            heard.change(at(1), at(2), now);
            now += TimeDelta::minutes(4);
            heard.change(at(2), at(1), now);
            assert!(heard.twins(now).is_none());
        }
    }

    #[test]
    fn i3_ten_minutes_of_one_address_or_a_person_resolve_it() {
        let turns = [(1, None), (2, None), (1, None), (2, None), (1, None)];
        let (heard_them, now) = heard(&turns);
        assert_eq!(heard_them.twins(now), Some((at(1), at(2))));
        assert!(heard_them.twins(now + TimeDelta::seconds(599)).is_some());
        assert!(heard_them.twins(now + TimeDelta::minutes(10)).is_none());
        let (mut resolved, now) = heard(&turns);
        resolved.resolve();
        assert!(resolved.twins(now).is_none());
        // The same two go on: somebody has said that they are one.
        for _ in 0..6 {
            resolved.change(at(1), at(2), now);
            resolved.change(at(2), at(1), now);
        }
        assert!(resolved.twins(now).is_none());
        // A third one is another matter.
        for _ in 0..3 {
            resolved.change(at(1), at(3), now);
            resolved.change(at(3), at(1), now);
        }
        assert_eq!(resolved.twins(now), Some((at(1), at(3))));
    }
}
