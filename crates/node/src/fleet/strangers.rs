//! Machines nobody has added: a bounded list of who knocked. A mistyped serial number is the commonest cause of “no
//! data”, so a real machine has to stay on the list even while somebody sends thousands of invented ones.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use rollcall_core::clock::Timestamp;
use rollcall_core::machines::Stranger;
use rollcall_protocol::Sn;

use super::key::SnKey;

/// Strangers remembered, the newest.
pub(crate) const MOST_STRANGERS: usize = 500;
/// Things kept of what one stranger says of itself.
const MOST_INFO: usize = 64;

#[derive(Debug)]
struct Entry {
    stranger: Stranger,
    address: IpAddr,
    unwritten: bool,
    news: bool,
}

/// The strangers, by serial number.
#[derive(Debug, Default)]
pub(crate) struct Strangers {
    entries: HashMap<SnKey, Entry>,
}

impl Strangers {
    /// Takes over what an earlier run has written.
    pub(crate) fn load(strangers: Vec<Stranger>) -> Self {
        let entries = strangers.into_iter().take(MOST_STRANGERS).map(|stranger| {
            let address = stranger.address.parse().unwrap_or(IpAddr::from([0, 0, 0, 0]));
            (SnKey::from(&stranger.sn), Entry { stranger, address, unwritten: false, news: false })
        });
        Self { entries: entries.collect() }
    }

    /// A stranger sent a request and said `info` of itself; whether that is news.
    pub(crate) fn knock(
        &mut self,
        key: SnKey,
        sn: &[u8],
        address: IpAddr,
        now: Timestamp,
        info: impl Iterator<Item = (String, String)>,
    ) -> bool {
        let known = self.entries.contains_key(&key);
        if !known {
            let Ok(sn) = Sn::from_bytes(sn.trim_ascii()) else { return false };
            if self.entries.len() >= MOST_STRANGERS {
                self.forget_least();
            }
            let stranger = Stranger {
                sn,
                address: address.to_string(),
                first_seen_at: now,
                last_seen_at: now,
                knocks: 0,
                info: BTreeMap::new(),
            };
            self.entries.insert(key, Entry { stranger, address, unwritten: true, news: true });
        }
        let Some(entry) = self.entries.get_mut(&key) else { return false };
        entry.unwritten = true;
        entry.stranger.knocks += 1;
        entry.stranger.last_seen_at = now;
        if entry.address != address {
            entry.address = address;
            entry.stranger.address = address.to_string();
            entry.news = true;
        }
        for (name, value) in info {
            let told = &mut entry.stranger.info;
            if (told.len() < MOST_INFO || told.contains_key(&name)) && told.get(&name) != Some(&value) {
                told.insert(name, value);
                entry.news = true;
            }
        }
        entry.news
    }

    /// Makes room for one: whoever knocked only once, longest ago, goes first. Invented serial numbers come once; a
    /// machine comes back within seconds.
    fn forget_least(&mut self) {
        let least = self
            .entries
            .iter()
            .min_by_key(|(_, entry)| (entry.stranger.knocks > 1, entry.stranger.last_seen_at))
            .map(|(key, _)| *key);
        if let Some(key) = least {
            self.entries.remove(&key);
        }
    }

    pub(crate) fn contains(&self, key: SnKey) -> bool {
        self.entries.contains_key(&key)
    }

    pub(crate) fn forget(&mut self, key: SnKey) -> bool {
        self.entries.remove(&key).is_some()
    }

    /// All of them, the one that knocked last first.
    pub(crate) fn list(&self) -> Vec<Stranger> {
        let mut list: Vec<_> = self.entries.values().map(|entry| entry.stranger.clone()).collect();
        list.sort_by(|a, b| b.last_seen_at.cmp(&a.last_seen_at).then_with(|| a.sn.cmp(&b.sn)));
        list
    }

    /// What is to be written, with whether it is news to anybody.
    pub(crate) fn take_unwritten(&mut self) -> Vec<(Stranger, bool)> {
        self.entries
            .values_mut()
            .filter(|entry| entry.unwritten)
            .map(|entry| {
                entry.unwritten = false;
                (entry.stranger.clone(), std::mem::take(&mut entry.news))
            })
            .collect()
    }

    /// The writing failed: those that are still here are to be written again.
    pub(crate) fn put_back(&mut self, strangers: &[(Stranger, bool)]) {
        for (stranger, news) in strangers {
            if let Some(entry) = self.entries.get_mut(&SnKey::from(&stranger.sn)) {
                entry.unwritten = true;
                entry.news |= news;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, TimeZone};

    use super::*;

    fn start() -> Timestamp {
        chrono::Utc.with_ymd_and_hms(2026, 7, 6, 1, 0, 0).unwrap()
    }

    fn knock(strangers: &mut Strangers, sn: &str, seconds: i64) -> bool {
        let key = SnKey::from_bytes(sn.as_bytes()).unwrap();
        let now = start() + TimeDelta::milliseconds(seconds);
        strangers.knock(key, sn.as_bytes(), IpAddr::from([10, 0, 0, 9]), now, std::iter::empty())
    }

    #[test]
    fn i1_a_real_machine_stays_on_the_list_among_thousands_of_invented_ones() {
        let mut strangers = Strangers::default();
        knock(&mut strangers, "REAL01", 0);
        knock(&mut strangers, "REAL01", 500);
        // Five thousand a minute: one every 12 ms, for ten minutes.
        for n in 0..50_000_i64 {
            knock(&mut strangers, &format!("X{n}"), 1000 + n * 12);
        }
        let list = strangers.list();
        assert_eq!(list.len(), MOST_STRANGERS);
        assert_eq!(list[0].sn.as_str(), "X49999");
        let real = list.iter().find(|stranger| stranger.sn.as_str() == "REAL01").unwrap();
        assert_eq!(real.knocks, 2);
    }

    #[test]
    fn the_newest_machine_is_never_the_one_that_goes() {
        let mut strangers = Strangers::default();
        for round in 0..2 {
            for n in 0..MOST_STRANGERS {
                knock(&mut strangers, &format!("X{n}"), round * 1000 + i64::try_from(n).unwrap());
            }
        }
        assert!(knock(&mut strangers, "NEW", 5000));
        assert_eq!(strangers.list()[0].sn.as_str(), "NEW");
        assert_eq!(strangers.list().len(), MOST_STRANGERS);
    }

    #[test]
    fn serial_numbers_are_one_without_case_and_only_news_is_news() {
        let mut strangers = Strangers::default();
        assert!(knock(&mut strangers, "Abc", 0));
        assert_eq!(strangers.take_unwritten().len(), 1);
        assert!(!knock(&mut strangers, "aBC", 1));
        let unwritten = strangers.take_unwritten();
        assert_eq!((unwritten[0].0.sn.as_str(), unwritten[0].0.knocks, unwritten[0].1), ("Abc", 2, false));
        assert!(strangers.take_unwritten().is_empty());
        strangers.put_back(&unwritten);
        assert_eq!(strangers.take_unwritten().len(), 1);
    }
}
