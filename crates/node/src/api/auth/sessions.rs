//! Browsers' sessions: random secrets in memory, so that a stop of the program ends them and no file can be stolen.

use std::fmt::Write;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use subtle::ConstantTimeEq;

/// A session that was not used for so long is over.
pub(crate) const IDLE_MOST: Duration = Duration::from_secs(30 * 24 * 3600);
/// Sessions kept; the longest unused goes first.
const MOST: usize = 256;

#[derive(Default)]
pub(super) struct Sessions(Mutex<Vec<Session>>);

struct Session {
    secret: String,
    host: String,
    used: Instant,
}

impl Sessions {
    /// Begins one for a browser that calls us `host`.
    pub(super) fn open(&self, host: String, now: Instant) -> Result<String, getrandom::Error> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes)?;
        let secret = bytes.iter().fold(String::with_capacity(64), |mut out, byte| {
            let _ = write!(out, "{byte:02x}");
            out
        });
        let mut sessions = self.0.lock();
        sessions.retain(|session| now.duration_since(session.used) < IDLE_MOST);
        if sessions.len() >= MOST
            && let Some(oldest) =
                (0..sessions.len()).min_by_key(|at| sessions.get(*at).map(|session| session.used))
        {
            sessions.swap_remove(oldest);
        }
        sessions.push(Session { secret: secret.clone(), host, used: now });
        Ok(secret)
    }

    /// Whether there is one; using it keeps it.
    pub(super) fn good(&self, secret: &str, host: &str, now: Instant) -> bool {
        let mut sessions = self.0.lock();
        let mut good = false;
        for session in sessions.iter_mut() {
            let same: bool = session.secret.as_bytes().ct_eq(secret.as_bytes()).into();
            if same && session.host == host && now.duration_since(session.used) < IDLE_MOST {
                session.used = now;
                good = true;
            }
        }
        good
    }

    /// Ends one.
    pub(super) fn close(&self, secret: &str) {
        self.0.lock().retain(|session| !bool::from(session.secret.as_bytes().ct_eq(secret.as_bytes())));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unused_session_ends_and_a_used_one_lasts() {
        let (sessions, start) = (Sessions::default(), Instant::now());
        let secret = sessions.open("h".into(), start).unwrap();
        let nearly = IDLE_MOST - Duration::from_secs(1);
        assert!(sessions.good(&secret, "h", start + nearly));
        assert!(sessions.good(&secret, "h", start + nearly + nearly));
        assert!(!sessions.good(&secret, "h", start + nearly + nearly + IDLE_MOST));
    }

    #[test]
    fn sessions_are_bounded() {
        let (sessions, start) = (Sessions::default(), Instant::now());
        let first = sessions.open("h".into(), start).unwrap();
        for n in 1..=MOST as u64 {
            sessions.open("h".into(), start + Duration::from_secs(n)).unwrap();
        }
        assert_eq!(sessions.0.lock().len(), MOST);
        assert!(!sessions.good(&first, "h", start));
    }
}
