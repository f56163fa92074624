//! The machine listener: the port the attendance machines push to. It speaks three dialects of HTTP byte by byte as the
//! machines want them, which is why it is its own small server ([`wire`]) and not a web framework.
//!
//! A request comes in through a connection (`conversation`), is looked at once (`desk`: which dialect, who calls, may
//! they), answered by its dialect (`attendance`, `access`, `fk`), and, when something is to be kept, only after that is
//! safely on disk (`job`).

mod access;
mod attendance;
mod connections;
mod conversation;
mod desk;
pub(crate) mod fk;
mod job;
mod journal;
mod limits;
pub(crate) mod orders;
#[doc(hidden)]
pub mod rig;
pub(crate) mod trace;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rollcall_core::Site;
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::events::Events;
use crate::fleet::Fleet;
use connections::Connections;
use desk::Desk;

pub use limits::Limits;
pub use trace::Exchange;

/// Connections the system may hold ready before they are taken.
const BACKLOG: u32 = 1024;
/// How long requests under way may take when the listener stops.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// How long to wait for the system to give a connection, or for one to come to rest.
const BREATH: Duration = Duration::from_millis(50);

/// Why the listener could not start.
#[derive(Debug, thiserror::Error)]
#[error("the machines' port {addr} cannot be opened: {source}")]
pub struct BindError {
    /// The address that was asked for.
    pub addr: SocketAddr,
    /// The system's word.
    pub source: std::io::Error,
}

impl BindError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self.source.kind() {
            std::io::ErrorKind::AddrInUse => "listener.port_in_use",
            std::io::ErrorKind::PermissionDenied => "listener.port_forbidden",
            std::io::ErrorKind::AddrNotAvailable => "listener.no_such_address",
            _ => "listener.bind_failed",
        }
    }
}

/// The running listener. It ends with [`Listener::stop`]; dropping it leaves it running.
#[derive(Debug)]
pub struct Listener {
    local_addr: SocketAddr,
    connections: Arc<Connections>,
    desk: Arc<Desk>,
    stop: CancellationToken,
    accepting: JoinHandle<()>,
    sweeping: JoinHandle<()>,
    conversations: TaskTracker,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Listener {
    /// Opens the port and serves machines from now on. Port 0 takes a free one. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub fn start(
        addr: SocketAddr,
        limits: Limits,
        site: Site,
        fleet: Arc<Fleet>,
        events: Events,
    ) -> Result<Self, BindError> {
        let (listener, local_addr) = bind(addr).map_err(|source| BindError { addr, source })?;
        let connections = Connections::new(&limits);
        let stop = CancellationToken::new();
        let conversations = TaskTracker::new();
        let sweep_every = (limits.request_time.min(limits.idle_time) / 8)
            .clamp(Duration::from_millis(10), Duration::from_secs(1));
        let desk = Arc::new(Desk::new(site, fleet, events, limits));
        let accepting = tokio::spawn(accept(
            listener,
            Arc::clone(&desk),
            Arc::clone(&connections),
            conversations.clone(),
            stop.clone(),
        ));
        let sweeping = tokio::spawn(sweep(Arc::clone(&connections), sweep_every, stop.clone()));
        Ok(Self { local_addr, connections, desk, stop, accepting, sweeping, conversations })
    }

    /// The address machines reach it at.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Connections open now.
    pub fn connections(&self) -> usize {
        self.connections.len()
    }

    /// Takes no more connections, lets requests under way finish, and closes everything.
    pub async fn stop(self) {
        self.stop.cancel();
        let _ = self.accepting.await;
        let _ = self.sweeping.await;
        self.desk.stopping.store(true, Ordering::SeqCst);
        self.conversations.close();
        let last_words = Instant::now() + LAST_WORDS;
        while Instant::now() < last_words {
            // Again and again: a connection that was being answered comes to rest only now.
            self.connections.close_idle();
            if tokio::time::timeout(BREATH, self.conversations.wait()).await.is_ok() {
                return;
            }
        }
        self.connections.close_all();
        self.conversations.wait().await;
    }
}

fn bind(addr: SocketAddr) -> std::io::Result<(TcpListener, SocketAddr)> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // So that a restart does not wait for old connections to time out. On Windows it would mean sharing the port.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    let listener = socket.listen(BACKLOG)?;
    let local_addr = listener.local_addr()?;
    Ok((listener, local_addr))
}

async fn accept(
    listener: TcpListener,
    desk: Arc<Desk>,
    connections: Arc<Connections>,
    conversations: TaskTracker,
    stop: CancellationToken,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => return,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Mostly no more files; closing the longest idle gives some back.
                tracing::warn!(%error, "no connection from the system");
                connections.make_room();
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let address = peer.ip().to_canonical();
        let Some(guest) = connections.admit(address) else {
            desk.journal.crowded(address);
            continue;
        };
        // Answers are written whole; waiting to join them with later ones would only delay them.
        let _ = stream.set_nodelay(true);
        let slot = Arc::clone(&guest.slot);
        let task = conversations.spawn(conversation::converse(Arc::clone(&desk), stream, guest));
        connections::attach(&slot, task.abort_handle());
    }
}

async fn sweep(connections: Arc<Connections>, every: Duration, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => connections.sweep(),
            () = stop.cancelled() => return,
        }
    }
}
