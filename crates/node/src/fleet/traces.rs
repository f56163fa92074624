//! What strangers said lately, of a few of them.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::key::SnKey;
use crate::listener::trace::{self, Ring};

/// Strangers whose exchanges are kept.
const MOST: usize = 64;

/// The traces of strangers, by serial number.
#[derive(Debug, Default)]
pub(crate) struct StrangerTraces {
    rings: HashMap<SnKey, (u64, Arc<Mutex<Ring>>)>,
    asked: u64,
}

impl StrangerTraces {
    /// The one of a stranger. When there are too many, one goes that spoke only once, else the one that was silent longest:
    /// invented serial numbers come once, a machine comes back within seconds.
    pub(crate) fn get_or_make(&mut self, key: SnKey) -> Arc<Mutex<Ring>> {
        self.asked += 1;
        if let Some((asked, ring)) = self.rings.get_mut(&key) {
            *asked = self.asked;
            return Arc::clone(ring);
        }
        if self.rings.len() >= MOST {
            let least = self.rings.iter().min_by_key(|(_, (asked, ring))| (ring.lock().seen() > 1, *asked));
            if let Some(least) = least.map(|(key, _)| *key) {
                self.rings.remove(&least);
            }
        }
        let ring = Arc::new(Mutex::new(Ring::new(trace::STRANGER)));
        self.rings.insert(key, (self.asked, Arc::clone(&ring)));
        ring
    }

    pub(crate) fn get(&self, key: SnKey) -> Option<Arc<Mutex<Ring>>> {
        self.rings.get(&key).map(|(_, ring)| Arc::clone(ring))
    }

    pub(crate) fn remove(&mut self, key: SnKey) -> Option<Arc<Mutex<Ring>>> {
        self.rings.remove(&key).map(|(_, ring)| ring)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn o1_strangers_traces_are_bounded() {
        let mut traces = StrangerTraces::default();
        for n in 0..1000 {
            traces.get_or_make(SnKey::from_bytes(format!("X{n}").as_bytes()).unwrap());
        }
        assert_eq!(traces.rings.len(), MOST);
        assert!(traces.get(SnKey::from_bytes(b"X999").unwrap()).is_some());
    }
}
