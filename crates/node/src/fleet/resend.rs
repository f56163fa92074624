//! Whether a machine's next handshake is answered with stamp 0, so that it sends everything it holds (attendance-push §19.3):
//! once, and until it has surely got the answer. Answered so each time, it would send its whole memory at every reconnect.

use std::sync::atomic::{AtomicU8, Ordering};

const NO: u8 = 0;
/// The next handshake is.
const DUE: u8 = 1;
/// One was; the machine has not polled since, so it may not have got the answer and shake hands once more.
const ANSWERED: u8 = 2;

/// What the listener remembers of it; the database says when it begins and when it is over.
#[derive(Debug, Default)]
pub(crate) struct Resend(AtomicU8);

impl Resend {
    /// By the database's word. An answer that is given meanwhile stays given.
    pub(crate) fn set(&self, due: bool) {
        if due {
            let _ = self.0.compare_exchange(NO, DUE, Ordering::SeqCst, Ordering::SeqCst);
        } else {
            self.0.store(NO, Ordering::SeqCst);
        }
    }

    /// Whether this handshake is answered so.
    pub(crate) fn answer(&self) -> bool {
        let due = self.0.load(Ordering::SeqCst) != NO;
        if due {
            self.0.store(ANSWERED, Ordering::SeqCst);
        }
        due
    }

    /// The machine polls: whether it was answered so before.
    pub(crate) fn told(&self) -> bool {
        self.0.load(Ordering::SeqCst) == ANSWERED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_19_3_a_handshake_is_answered_so_until_the_machine_polls() {
        let resend = Resend::default();
        assert!(!resend.answer() && !resend.told());
        resend.set(true);
        assert!(!resend.told(), "the poll that carries the command");
        assert!(resend.answer() && resend.answer(), "the first answer may have been lost");
        resend.set(true);
        assert!(resend.told());
        resend.set(false);
        assert!(!resend.answer() && !resend.told());
    }
}
