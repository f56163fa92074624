//! Where something tried to speak HTTPS to the machines' port: a switch on the machine that somebody has to put back (T11).

use std::net::IpAddr;

use chrono::TimeDelta;
use rollcall_core::clock::Timestamp;

/// Addresses remembered, the newest; anybody can knock from thousands.
const MOST: usize = 64;
/// How long a knock counts; a machine tries again every few seconds.
const SPAN: TimeDelta = TimeDelta::hours(1);

/// The last address to knock is the last of the list.
#[derive(Debug, Default)]
pub(super) struct TlsKnocks(Vec<(IpAddr, Timestamp)>);

impl TlsKnocks {
    pub(super) fn knock(&mut self, address: IpAddr, now: Timestamp) {
        self.0.retain(|(known, at)| *known != address && now - *at < SPAN);
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        self.0.push((address, now));
    }

    pub(super) fn last(&self, address: IpAddr) -> Option<Timestamp> {
        self.0.iter().find(|(known, _)| *known == address).map(|(_, at)| *at)
    }

    /// The addresses of the last hour, the newest first.
    pub(super) fn recent(&self, now: Timestamp) -> Vec<IpAddr> {
        self.0.iter().rev().filter(|(_, at)| now - *at < SPAN).map(|(address, _)| *address).collect()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn t11_knocks_are_remembered_in_bounds() {
        let start = chrono::Utc.with_ymd_and_hms(2026, 7, 6, 1, 30, 0).unwrap();
        let mut knocks = TlsKnocks::default();
        for n in 0..1000_u32 {
            knocks.knock(IpAddr::from((0x0a00_0000 + n).to_be_bytes()), start);
        }
        assert_eq!(knocks.0.len(), MOST);
        let here = IpAddr::from([192, 168, 1, 7]);
        knocks.knock(here, start + TimeDelta::seconds(1));
        assert_eq!(knocks.recent(start)[0], here);
        assert_eq!(knocks.last(here), Some(start + TimeDelta::seconds(1)));
        assert_eq!(knocks.recent(start + TimeDelta::hours(2)), Vec::<IpAddr>::new());
    }
}
