//! What the listener tells the log: enough to support a machine nobody has seen before, without people's names and
//! numbers, and never more than a little of it however much is sent (R4).

use std::net::IpAddr;
use std::time::Duration;

use parking_lot::Mutex;
use rollcall_core::db;
use rollcall_protocol::Sn;
use rollcall_protocol::http::Target;
use tokio::time::Instant;

/// Entries per [`SPAN`].
const MOST: u32 = 30;
const SPAN: Duration = Duration::from_secs(60);
/// Bytes of a path and of a body that are shown.
const SHOWN: usize = 120;

/// Writes to the log, in bounds.
#[derive(Debug)]
pub(crate) struct Journal {
    span: Mutex<Span>,
}

#[derive(Debug)]
struct Span {
    began: Instant,
    entries: u32,
}

impl Journal {
    pub(crate) fn new() -> Self {
        Self { span: Mutex::new(Span { began: Instant::now(), entries: 0 }) }
    }

    /// Whether one more entry may be written now.
    fn admits(&self) -> bool {
        let mut span = self.span.lock();
        let now = Instant::now();
        if now.duration_since(span.began) >= SPAN {
            if let Some(left_out) = span.entries.checked_sub(MOST).filter(|left_out| *left_out > 0) {
                tracing::warn!(left_out, "the listener had more to say than the log takes");
            }
            *span = Span { began: now, entries: 0 };
        }
        span.entries = span.entries.saturating_add(1);
        span.entries <= MOST
    }

    /// A first byte that opens a TLS handshake (T11).
    pub(crate) fn tls(&self, address: IpAddr) {
        if self.admits() {
            tracing::warn!(%address, "a machine has HTTPS switched on: switch it off in its server settings");
        }
    }

    /// A machine wants encrypted communication (attendance-push §20).
    pub(crate) fn exchange(&self, address: IpAddr) {
        if self.admits() {
            tracing::warn!(
                %address,
                "a machine has encrypted communication switched on: switch it off in its server settings"
            );
        }
    }

    /// Bytes that are no request.
    pub(crate) fn unreadable(&self, address: IpAddr, flaw: impl std::fmt::Debug) {
        if self.admits() {
            tracing::info!(%address, ?flaw, "not a request");
        }
    }

    /// A path that matches nothing (R4).
    pub(crate) fn unknown_path(&self, address: IpAddr, verb: &[u8], target: &Target<'_>, body: &[u8]) {
        if self.admits() {
            let names: Vec<_> = target.query.pairs().map(|(name, _)| shown(&name)).collect();
            tracing::warn!(
                %address,
                method = %shown(verb),
                path = %shown(target.path),
                query = %shown(names.join("&").as_bytes()),
                body = %masked(body),
                "a request for something that is not here"
            );
        }
    }

    /// Something of a machine that is acknowledged without being understood (A4).
    pub(crate) fn not_understood(&self, sn: &Sn, what: &str, bytes: usize) {
        if self.admits() {
            tracing::info!(%sn, what = %shown(what.as_bytes()), bytes, "kept as it came");
        }
    }

    /// A body above what machines usually send (S1).
    pub(crate) fn large(&self, address: IpAddr, bytes: usize) {
        if self.admits() {
            tracing::warn!(%address, bytes, "an unusually large upload");
        }
    }

    /// An upload that could not be stored; the machine keeps it (A2).
    pub(crate) fn not_stored(&self, sn: &Sn, error: &db::Error) {
        if self.admits() {
            tracing::error!(%sn, code = error.code(), %error, "an upload could not be stored; the machine will send it again");
        }
    }

    /// Everybody is busy and a new connection had to be turned away (T9).
    pub(crate) fn crowded(&self, address: IpAddr) {
        if self.admits() {
            tracing::warn!(%address, "too many connections at once");
        }
    }
}

/// Printable form of what a machine sent, cut to a line's length.
fn shown(bytes: &[u8]) -> String {
    bytes.get(..SHOWN).unwrap_or(bytes).escape_ascii().to_string()
}

/// The shape of a body without what it says: digits become `0`, letters `a`, so that columns and keys can be made out
/// and people cannot.
fn masked(body: &[u8]) -> String {
    let shape: Vec<u8> = body
        .iter()
        .take(SHOWN)
        .map(|byte| match byte {
            b'0'..=b'9' => b'0',
            b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => b'a',
            other => *other,
        })
        .collect();
    shown(&shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn r4_the_log_is_bounded() {
        let journal = Journal::new();
        assert_eq!((0..1000).filter(|_| journal.admits()).count(), 30);
        tokio::time::advance(SPAN).await;
        assert!(journal.admits());
    }

    #[test]
    fn r4_what_is_shown_is_masked_and_short() {
        assert_eq!(masked("1001\t李四\tPasswd=99".as_bytes()), "0000\\taaaaaa\\taaaaaa=00");
        assert!(shown(&[0xff; 5000]).len() <= SHOWN * 4);
    }
}
